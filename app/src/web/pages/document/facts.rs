use crate::web::guard::{Role, Visitor};
use crate::web::held_facts::{self, Basis, HeldFact};
use crate::web::item::Item;
use crate::web::{marks, passage_view};
use maud::{Markup, html};
use sufficit_evidence::{Action, DocumentId, DocumentKind, FactField, Facts, Origin};
use sufficit_review::Standing;

/// The states that a document may claim for itself.
const STATES: [&str; 3] = ["draft", "approved", "superseded"];

/// The document's facts with where each comes from; for reviewers, each with a form to set it right.
pub(crate) fn table(
    visitor: &Visitor,
    id: &DocumentId,
    facts: &Facts,
    standing: &Standing,
) -> Markup {
    let may_correct = visitor.role >= Role::Reviewer;
    html! {
        table {
            caption.sr { "What the document says of itself" }
            thead { tr {
                th scope="col" { "Fact" }
                th scope="col" { "Value" }
                th scope="col" { "From" }
                @if may_correct { th scope="col" { span.sr { "Correct it" } } }
            } }
            tbody {
                @let own = held_facts::of_version(id, &standing.history);
                @for fact in held_facts::held_facts(facts, &own) {
                    @let title = held_facts::title(fact.field);
                    tr {
                        th scope="row" { (title) }
                        td { @match &fact.value { Some(value) => (value), None => span.soft { "not found" } } }
                        td.soft { (from(id, &fact)) }
                        @if may_correct { td { (correction(visitor, id, &fact, standing.last())) } }
                    }
                }
                @for system in &facts.systems {
                    tr {
                        th scope="row" { "AI system" }
                        td { (system.value) }
                        td.soft { (origin(id, &system.origin)) }
                        @if may_correct { td {} }
                    }
                }
            }
        }
    }
}

fn from(id: &DocumentId, fact: &HeldFact) -> Markup {
    match &fact.basis {
        None => html! {},
        Some(Basis::Document(known)) => origin(id, known),
        Some(Basis::Person(decision)) => html! { "set right by " (decision.by) },
    }
}

fn origin(id: &DocumentId, origin: &Origin) -> Markup {
    match origin {
        Origin::Citation(citation) => html! {
            a href=(passage_view::address(id, citation.span)) {
                @match citation.page { Some(page) => { "page " (page) }, None => "in the text" }
            }
        },
        Origin::Property(name) => html! { "property " (name) },
        Origin::Inferred(why) => html! { (why) },
    }
}

fn correction(visitor: &Visitor, id: &DocumentId, fact: &HeldFact, last: u64) -> Markup {
    let (name, title) = (fact.field.key(), held_facts::title(fact.field));
    let item = Item::Document(id.clone());
    html! {
        details {
            summary { "Correct" span.sr { " " (title) } }
            form.correct method="post" action="/decisions" {
                input type="hidden" name="csrf" value=(visitor.csrf);
                input type="hidden" name="item" value=(item);
                input type="hidden" name="expect" value=(last);
                input type="hidden" name="back" value=(item.address());
                input type="hidden" name="field" value=(name);
                label for={ "fact-" (name) } { (title) }
                (field(fact, name))
                label for={ "why-" (name) } { "Why" }
                input id={ "why-" (name) } name="why" maxlength="4000";
                div.row { button name="action" value="correct" { "Record" } }
                p.hint { "Leave it empty where the document does not say." }
            }
        }
    }
}

fn field(fact: &HeldFact, name: &str) -> Markup {
    let id = format!("fact-{name}");
    let value = fact.value.as_deref().unwrap_or_default();
    let choice = |known: &[&str]| {
        html! {
            select id=(id) name="value" {
                option value="" selected[value.is_empty()] { "the document does not say" }
                @for known in known { option value=(known) selected[*known == value] { (known) } }
            }
        }
    };
    match fact.field {
        FactField::Kind => choice(&DocumentKind::ALL.map(DocumentKind::name)),
        FactField::Status => choice(&STATES),
        FactField::Issued | FactField::Approved | FactField::Reviewed | FactField::NextReview => {
            html! { input id=(id) name="value" type="date" value=(value); }
        }
        FactField::Title | FactField::Owner | FactField::Approver | FactField::Version => {
            html! { input id=(id) name="value" value=(value) maxlength="500"; }
        }
    }
}

/// Everything that was set right, the newest first.
pub(crate) fn history(standing: &Standing) -> Markup {
    let corrections: Vec<_> = standing
        .history
        .iter()
        .rev()
        .filter_map(|decision| match &decision.action {
            Action::Correct { field, value } => Some((decision, *field, value.as_deref())),
            _ => None,
        })
        .collect();
    html! {
        @if !corrections.is_empty() {
            h3 { "History of corrections" }
            ul.history { @for (decision, field, value) in corrections {
                li {
                    strong { (decision.by) } " corrected " (held_facts::title(field)) ": "
                    @match value { Some(value) => { "“" (value) "”" }, None => "the document does not say" }
                    ", " (marks::moment(&decision.at)) " " span.soft { "decision " (decision.number) }
                    @if !decision.why.is_empty() { blockquote { (decision.why) } }
                }
            } }
        }
    }
}
