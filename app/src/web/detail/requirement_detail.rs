use super::{body, checks, counterparts, named};
use crate::deed::{absence, day};
use crate::view::View;
use crate::web::decide_form::{Deciding, entry};
use crate::web::frame::Frame;
use crate::web::grade::Held;
use crate::web::guard::Visitor;
use crate::web::item::Item;
use crate::web::{Fault, Web, marks, wish};
use maud::{Markup, html};
use sufficit_evidence::{Action, Assessment, Decision, RequirementRef, Sufficiency};
use sufficit_review::ReviewedRequirement;

/// The detail of a requirement held against the whole body of evidence.
pub(crate) fn article(
    web: &Web,
    view: &View,
    visitor: &Visitor,
    name: &RequirementRef,
    frame: &Frame,
) -> Result<Markup, Fault> {
    let (framework, requirement) = named(web, name)?;
    let missing = || Fault::missing(format!("The latest run did not assess {name}."));
    let found = view.requirement(name).ok_or_else(missing)?;
    let assessment = view.assessment(name);
    let item = Item::Requirement(name.clone());
    let standing = wish::standing_of(view, &item);
    let deciding = Deciding { item: &item, seen: &found.seen, standing: &standing };
    let state = marks::state_of_requirement(found);
    let theme = framework.themes.iter().find(|theme| theme.id == requirement.theme);
    let held = Held::of(found);
    Ok(html! {
        article.detail data-item=(item) data-expect=(standing.last())
            data-status=(state.class) data-status-text=(state.words) aria-labelledby="detail-title" {
            header {
                p.soft { (framework.title) @if let Some(theme) = theme { " · " (theme.title) } }
                h2 #detail-title tabindex="-1" { a href=(item.address()) { (requirement.id) } " " (requirement.title) }
                p.facts-line {
                    span { (held.shown()) @if let Some(grade) = held.sufficiency() { " " (grade.name()) } }
                    @if held != Held::Grade(found.proposed) { span.soft { "proposed " (found.proposed) } }
                    span { "Confidence " (marks::confidence(found.confidence)) }
                    (marks::chip(state))
                }
            }
            div.rationale {
                div.reading tabindex="0" role="region" aria-label="Assessment" {
                    (frame.notice())
                    p { (requirement.summary) }
                    (declared(found, standing.holding.as_ref()))
                    (checks::of_requirement(view, name, requirement, assessment))
                    @if let Some(assessment) = assessment {
                        (contradictions(view, assessment))
                        (gap(assessment))
                        (systems(view, name, assessment))
                    }
                    (body::table(view, name, assessment))
                    (counterparts::section(web, view, name))
                    (deciding.history(visitor, frame))
                    (departed(view, &view.departed(name)))
                }
                (deciding.verdict(visitor, frame))
            }
            (body::passages(view, name, assessment))
        }
    })
}

/// That it is declared not applicable, by whom, and why: `held` is the verdict on it.
fn declared(found: &ReviewedRequirement, held: Option<&Decision>) -> Markup {
    let by_person = held.filter(|held| held.action == Action::NotApplicable);
    html! {
        @if let Some(why) = &found.declared {
            p.notice {
                @if let Some(held) = by_person {
                    (held.by) " declared it not applicable on " (day(held)) ": "
                } @else {
                    "The settings declare it not applicable: "
                }
                (why)
                @if found.proposed >= Sufficiency::PARTIAL {
                    " Documents bear on it all the same: an auditor will ask why it is left out."
                }
            }
        }
    }
}

/// What was decided of matches whose documents are not in the record now, with what became of them.
fn departed(view: &View, decisions: &[Decision]) -> Markup {
    html! {
        @if !decisions.is_empty() {
            section aria-labelledby="departed" {
                h3 #departed { "Decided on documents that are not in the record now" }
                p.soft { "It is kept and counts for nothing until they are there again." }
                ul.history {
                    @for decision in decisions.iter().rev() {
                        @let absence = absence(decision, &view.proposed.files);
                        (entry(decision, decision.subject.source().map(|source| (source.path.as_str(), absence.as_str()))))
                    }
                }
            }
        }
    }
}

/// What documents in force say differently of the same thing.
fn contradictions(view: &View, assessment: &Assessment) -> Markup {
    html! {
        @if !assessment.contradictions.is_empty() {
            section aria-labelledby="contradictions" {
                h3 #contradictions { "Contradictions" }
                ul.points.concerns { @for found in &assessment.contradictions {
                    li {
                        (found.text)
                        @for side in &found.sides {
                            p { strong { (side.says) } ": " (body::source(view, &side.document, side.citation.as_ref())) }
                            @if let Some(citation) = &side.citation { blockquote { "“" (citation.quote) "”" } }
                        }
                    }
                } }
            }
        }
    }
}

fn gap(assessment: &Assessment) -> Markup {
    html! {
        @if !assessment.gap.is_empty() {
            section aria-labelledby="gap" {
                h3 #gap { "Gap" }
                p.ask { (assessment.gap) }
            }
        }
    }
}

/// What there is for each AI system, where more than one is known or one has nothing.
fn systems(view: &View, name: &RequirementRef, assessment: &Assessment) -> Markup {
    let (shown, without) = (&assessment.systems, &assessment.systems_without_evidence);
    let nowhere = without.iter().filter(|name| shown.iter().all(|share| share.system != **name));
    html! {
        @if shown.len() > 1 || !without.is_empty() {
            section aria-labelledby="systems" {
                h3 #systems { "By AI system" }
                ul {
                    @for share in shown {
                        li {
                            (marks::dots(share.sufficiency)) " " (share.system)
                            @if let Some(document) = share.documents.first() {
                                ": " a href=(Item::of_match(document, name).address()) { (view.path(document).unwrap_or(document.as_str())) }
                            }
                            @if share.documents.len() > 1 { " and " (share.documents.len() - 1) " more" }
                        }
                    }
                    @for system in nowhere { li { (system) ": no evidence names it" } }
                }
            }
        }
    }
}
