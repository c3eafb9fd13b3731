use super::checks;
use super::named;
use super::place::Quoted;
use crate::deed::outlived;
use crate::view::View;
use crate::web::decide_form::{Deciding, assignment};
use crate::web::frame::Frame;
use crate::web::guard::{Role, Visitor};
use crate::web::item::Item;
use crate::web::{Fault, Web, marks, passage_view, wish};
use maud::{Markup, html};
use sufficit_evidence::{
    Action, Citation, Decision, Document, DocumentId, Framework, Match, Reason, Requirement,
    RequirementRef, Seen,
};
use sufficit_review::{MatchFilter, ReviewedMatch, Standing, Store, StoreError};

/// Other documents for the same requirement that are listed.
const OTHERS: usize = 8;

/// A match with everything that its detail shows.
struct Shown<'a> {
    item: Item,
    document: &'a DocumentId,
    name: &'a RequirementRef,
    framework: &'a Framework,
    requirement: &'a Requirement,
    /// What was proposed; `None` where no run did.
    proposal: Option<Match>,
    /// Among the matches of the view; `None` where neither a run nor a person gives one.
    listed: Option<&'a ReviewedMatch>,
    standing: Standing,
    seen: Seen,
    /// The passage with which it was added.
    added: Option<Citation>,
    text: Option<Document>,
    /// The version that the verdict was on, where it has outlived that and the record has it still.
    before: Option<Document>,
}

/// The detail of a document held against a requirement.
///
/// # Errors
/// 404 where nothing was proposed and nothing decided of the two.
pub(crate) async fn article(
    web: &Web,
    view: &View,
    visitor: &Visitor,
    (document, name): (&DocumentId, &RequirementRef),
    frame: &Frame,
) -> Result<Markup, Fault> {
    let (framework, requirement) = named(web, name)?;
    let item = Item::of_match(document, name);
    let standing = wish::standing_of(view, &item);
    let listed = view.matched(document, name);
    if listed.is_none() && standing.history.is_empty() {
        let path = view.path(document).unwrap_or("this document");
        return Err(Fault::missing(format!("No match of {path} with {name} was proposed.")));
    }
    let text = web.store.document(document).await?;
    let before = match listed.filter(|found| found.has_outlived()).and(standing.holding.as_ref()) {
        Some(held) => before(&web.store, held, document).await?,
        None => None,
    };
    let nothing = Seen { document: Some(document.clone()), ..Seen::default() };
    let others: Vec<&ReviewedMatch> = neighbours(view, document, name).collect();
    let shown = Shown {
        proposal: proposal(&web.store, document, name).await?,
        added: text.as_ref().and_then(|text| added(&standing, text)),
        seen: listed.map_or(nothing, |found| found.head.seen.clone()),
        item,
        document,
        name,
        framework,
        requirement,
        listed,
        standing,
        text,
        before,
    };
    let mut bodies = Vec::new();
    for other in others.iter().take(OTHERS) {
        bodies.extend(proposal(&web.store, &other.head.document, name).await?);
    }
    let next = view.next_document(Some(document), name);
    Ok(written(web, view, visitor, &shown, (&others, &bodies, next), frame))
}

async fn proposal(
    store: &Store,
    document: &DocumentId,
    name: &RequirementRef,
) -> Result<Option<Match>, StoreError> {
    let filter = MatchFilter {
        framework: Some(name.framework.clone()),
        requirement: Some(name.requirement.clone()),
        document: Some(document.clone()),
        ..MatchFilter::default()
    };
    Ok(store.matches(&filter).await?.into_iter().next().map(|stored| stored.proposal))
}

/// The version that a verdict was on, where it is another one than `document` and the record has it still.
async fn before(
    store: &Store,
    held: &Decision,
    document: &DocumentId,
) -> Result<Option<Document>, StoreError> {
    match held.seen.document.as_ref().filter(|seen| *seen != document) {
        Some(seen) => store.document(seen).await,
        None => Ok(None),
    }
}

/// The passage with which a match was added last, in the version that is shown.
fn added(standing: &Standing, text: &Document) -> Option<Citation> {
    let adds = |decision: &&Decision| decision.seen.document.as_ref() == Some(&text.id);
    standing.history.iter().rev().filter(adds).find_map(|decision| {
        let Action::Add { passage, page, .. } = decision.action else { return None };
        let around = text.passages.iter().find(|found| found.span.overlaps(passage));
        Some(Citation {
            page,
            heading: around.map(|found| found.heading.clone()).unwrap_or_default(),
            span: passage,
            quote: passage.of(&text.text)?.to_owned(),
        })
    })
}

/// The other matches of the requirement, best first.
fn neighbours<'a>(
    view: &'a View,
    document: &'a DocumentId,
    name: &'a RequirementRef,
) -> impl Iterator<Item = &'a ReviewedMatch> {
    view.matches_of(name).iter().filter(move |other| other.head.document != *document)
}

type Beside<'a> = (&'a [&'a ReviewedMatch], &'a [Match], Option<&'a DocumentId>);

fn written(
    web: &Web,
    view: &View,
    visitor: &Visitor,
    shown: &Shown,
    (others, bodies, next): Beside,
    frame: &Frame,
) -> Markup {
    let deciding = Deciding { item: &shown.item, seen: &shown.seen, standing: &shown.standing };
    let reasons = shown.proposal.iter().flat_map(|proposal| {
        proposal.strengths.iter().chain(&proposal.concerns).filter_map(|one| one.citation.as_ref())
    });
    let quoted =
        Quoted::new(shown.text.as_ref(), shown.added.iter().chain(reasons).collect(), frame.cite);
    let decided = shown.standing.holding.as_ref().and_then(Decision::sufficiency);
    let status = shown
        .listed
        .map_or_else(|| shown.standing.status(&shown.seen), |found| found.review.status);
    let state = marks::state_of(status, decided);
    html! {
        article.detail data-item=(shown.item) data-expect=(shown.standing.last())
            data-status=(state.class) data-status-text=(state.words) aria-labelledby="detail-title" {
            header {
                p.soft { (shown.framework.title) @if let Some(theme) = theme(shown) { " · " (theme) } }
                h2 #detail-title tabindex="-1" {
                    a href=(Item::Requirement(shown.name.clone()).address()) { (shown.requirement.id) }
                    " " (shown.requirement.title)
                }
                p.path {
                    a.open-document href=(open_address(shown, &quoted)) aria-keyshortcuts="o" {
                        (view.path(shown.document).unwrap_or(shown.document.as_str()))
                    }
                    @if let Some(found) = shown.listed { " " span.soft { (found.head.kind) } }
                }
                (facts_line(shown, decided))
                p.facts-line {
                    (marks::chip(state))
                    @if let Some(assigned) = &shown.standing.assigned { span.soft { (assignment(assigned)) } }
                    @if let Some(found) = shown.listed {
                        @for need in &found.review.needs { span.soft { (need.name()) } }
                    }
                }
            }
            div.rationale {
                div.reading tabindex="0" role="region" aria-label="Rationale" {
                    (frame.notice())
                    section {
                        p { (shown.requirement.summary) }
                        (checks::of_match(view, shown.name, shown.requirement, shown.proposal.as_ref(), bodies))
                    }
                    (outlived_section(shown))
                    (added_section(shown, &quoted))
                    (rationale(shown, &quoted))
                    (others_section(view, visitor, shown, others, next))
                    (counterparts(web, view, shown))
                    (deciding.history(visitor, frame))
                }
                (deciding.verdict(visitor, frame))
            }
            (quoted.evidence(shown.document))
        }
    }
}

fn theme<'a>(shown: &'a Shown) -> Option<&'a str> {
    let theme = shown.framework.themes.iter().find(|theme| theme.id == shown.requirement.theme)?;
    Some(theme.title.as_str())
}

fn open_address(shown: &Shown, quoted: &Quoted) -> String {
    quoted.shown().map_or_else(
        || Item::Document(shown.document.clone()).address(),
        |citation| passage_view::address(shown.document, citation.span),
    )
}

fn facts_line(shown: &Shown, decided: Option<sufficit_evidence::Sufficiency>) -> Markup {
    html! {
        p.facts-line {
            @if let Some(proposal) = &shown.proposal {
                span { (marks::dots(proposal.sufficiency)) " " (proposal.sufficiency) " " (proposal.sufficiency.name()) " proposed" }
            } @else {
                span { "Not proposed by the latest run" }
            }
            @if let Some(decided) = decided {
                span { (marks::dots(decided)) " " (decided) " " (decided.name()) " decided" }
            }
            @if let Some(proposal) = &shown.proposal {
                span { "Confidence " (marks::confidence(proposal.confidence)) }
                span.soft { "Relevance " (format!("{:.0} %", proposal.relevance * 100.0)) }
            }
        }
    }
}

/// What was decided, of which version, where nothing is proposed beside it now.
fn outlived_section(shown: &Shown) -> Markup {
    let is_one = shown.listed.is_some_and(ReviewedMatch::has_outlived);
    let quote = shown.before.as_ref().and_then(|before| added(&shown.standing, before));
    html! {
        @if let Some(held) = shown.standing.holding.as_ref().filter(|_| is_one) {
            p.notice {
                (outlived(held, shown.document))
                @if let Some(before) = &shown.before {
                    " " a href=(Item::Document(before.id.clone()).address()) { "The version that was decided on" }
                }
            }
            @if let Some(citation) = quote {
                section aria-labelledby="added-before" {
                    h3 #added-before { "Added by a person, from the version before" }
                    blockquote { "“" (citation.quote) "”" }
                }
            }
        }
    }
}

fn added_section(shown: &Shown, quoted: &Quoted) -> Markup {
    html! {
        @if let Some(citation) = &shown.added {
            section aria-labelledby="added" {
                h3 #added { "Added by a person" }
                ul.points.strengths { li { (quoted.quote(&shown.item, citation)) } }
            }
        }
    }
}

fn rationale(shown: &Shown, quoted: &Quoted) -> Markup {
    html! {
        @if let Some(proposal) = &shown.proposal {
            section aria-labelledby="strengths" {
                h3 #strengths { "Strengths" }
                (points("points strengths", shown, quoted, &proposal.strengths))
            }
            section aria-labelledby="concerns" {
                h3 #concerns { "Concerns" }
                (points("points concerns", shown, quoted, &proposal.concerns))
            }
            @if let Some(why) = &proposal.not_applicable {
                section aria-labelledby="declared" {
                    h3 #declared { "Declared not applicable" }
                    p { (why) }
                }
            }
            @if !proposal.ask.is_empty() {
                section aria-labelledby="ask" {
                    h3 #ask { "Ask" }
                    p.ask { (proposal.ask) }
                }
            }
        }
    }
}

fn points(class: &str, shown: &Shown, quoted: &Quoted, reasons: &[Reason]) -> Markup {
    html! {
        @if reasons.is_empty() { p.soft { "None." } }
        @else {
            ul class=(class) {
                @for reason in reasons {
                    li {
                        (reason.text)
                        @if let Some(citation) = &reason.citation { (quoted.quote(&shown.item, citation)) }
                    }
                }
            }
        }
    }
}

fn others_section(
    view: &View,
    visitor: &Visitor,
    shown: &Shown,
    others: &[&ReviewedMatch],
    next: Option<&DocumentId>,
) -> Markup {
    let listed: Vec<&&ReviewedMatch> = others.iter().take(OTHERS).collect();
    let outside = next.filter(|next| !listed.iter().any(|other| other.head.document == **next));
    html! {
        section aria-labelledby="others" {
            h3 #others { "Other documents for this requirement" }
            @if others.is_empty() { p.soft { "None." } }
            ul {
                @for other in listed {
                    li {
                        (marks::dots(other.review.counts)) " "
                        (document_link(view, shown.name, &other.head.document, next == Some(&other.head.document)))
                        " " span.soft { (other.head.kind) ", " (marks::state(&other.review).words) }
                    }
                }
                @if let Some(next) = outside { li { "Next: " (document_link(view, shown.name, next, true)) } }
            }
            @if others.len() > OTHERS {
                p { a href=(Item::Requirement(shown.name.clone()).address()) { "All " (others.len() + 1) } }
            }
            @if visitor.role >= Role::Reviewer {
                p {
                    a.add-match href={ "/search?for=" (shown.name.framework) "/" (shown.name.requirement) }
                        aria-keyshortcuts="+" { "Add a match that was missed" }
                }
            }
        }
    }
}

fn document_link(view: &View, name: &RequirementRef, document: &DocumentId, next: bool) -> Markup {
    let item = Item::of_match(document, name);
    html! {
        a href=(item.address()) data-item=(item) class=[next.then_some("next-document")]
            rel=[next.then_some("next")] aria-keyshortcuts=[next.then_some("n")] {
            (view.path(document).unwrap_or(document.as_str()))
        }
    }
}

fn counterparts(web: &Web, view: &View, shown: &Shown) -> Markup {
    let found = shown.proposal.as_ref().map(|proposal| proposal.counterparts.as_slice());
    let found = found.unwrap_or_default();
    html! {
        @if !found.is_empty() {
            section aria-labelledby="counterparts" {
                h3 #counterparts { "The same evidence can serve" }
                ul {
                    @for other in found {
                        @let name = RequirementRef { framework: other.framework.clone(), requirement: other.requirement.clone() };
                        @let title = named(web, &name).map(|(framework, requirement)| (framework.title.as_str(), requirement.title.as_str()));
                        @if let Ok((framework, title)) = title {
                            li {
                                a href=(Item::Requirement(name.clone()).address()) { (framework) " " (name.requirement) } " " (title) ": "
                                span.soft { (other.relation.name()) ", shares " (format!("{:.0} %", other.strength * 100.0)) " of the checks" }
                                (same_evidence(view, shown.document, &name))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the same document came to for another requirement.
fn same_evidence(view: &View, document: &DocumentId, name: &RequirementRef) -> Markup {
    let item = Item::of_match(document, name);
    html! {
        @if let Some(found) = view.matched(document, name) {
            " " (marks::dots(found.review.counts)) " "
            a href=(item.address()) data-item=(item) { "this document there" } " "
            (marks::chip(marks::state(&found.review)))
        } @else { span.soft { " · this document was not matched there" } }
    }
}
