use super::body;
use crate::view::View;
use crate::web::item::Item;
use maud::{Markup, html};
use sufficit_evidence::{
    Assessment, Check, CheckId, CheckState, DocumentId, Finding, Match, Proof, Requirement,
    RequirementRef, ShownBy,
};

/// How far a document meets a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    Fully,
    Partly,
    Not,
}

impl Met {
    fn class(self) -> &'static str {
        match self {
            Self::Fully => "met",
            Self::Partly => "part",
            Self::Not => "unmet",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Fully => "Met: ",
            Self::Partly => "Partly met: ",
            Self::Not => "Not met: ",
        }
    }
}

/// A requirement's checks, which of them a document meets, and which other documents meet each.
pub(crate) fn of_match(
    view: &View,
    name: &RequirementRef,
    requirement: &Requirement,
    proposal: Option<&Match>,
    others: &[Match],
) -> Markup {
    let met = |check: &CheckId| proposal.map_or(Met::Not, |proposal| met(proposal, check));
    let all = requirement.checks.len();
    let fully = requirement.checks.iter().filter(|check| met(&check.id) == Met::Fully).count();
    html! {
        details {
            summary { (all) " checks, " (fully) " met by this document" }
            ul.checks {
                @for check in &requirement.checks {
                    @let met = met(&check.id);
                    li class=(met.class()) {
                        span.sr { (met.words()) } (check.text)
                        (also(view, name, &meeting(others, &check.id)))
                    }
                }
            }
        }
    }
}

/// A requirement's checks, and what shows each of them over the whole body of evidence.
pub(crate) fn of_requirement(
    view: &View,
    name: &RequirementRef,
    requirement: &Requirement,
    assessment: Option<&Assessment>,
) -> Markup {
    let state = |check: &Check| -> Option<&CheckState> {
        assessment?.checks.iter().find(|state| state.check == check.id && state.met)
    };
    html! {
        section aria-labelledby="checks" {
            h3 #checks { "Checks" }
            ul.checks { @for check in &requirement.checks {
                @let state = state(check);
                @let met = if state.is_some() { Met::Fully } else { Met::Not };
                li class=(met.class()) {
                    span.sr { (met.words()) } (check.text)
                    @if check.by == Proof::Record { span.hint { " (by a record that it happened)" } }
                    @if let Some(state) = state { (shown(view, name, state)) }
                }
            } }
        }
    }
}

/// What shows that a check is met.
fn shown(view: &View, name: &RequirementRef, state: &CheckState) -> Markup {
    let proof = match state.shown_by {
        Some(ShownBy::Record) => "Shown by a dated record",
        Some(ShownBy::ApprovedText) => "Laid down by a text in force",
        Some(ShownBy::Text) | None => "Laid down by a text",
    };
    html! {
        @if let Some(document) = &state.document {
            p.soft {
                (proof) ": " (body::source(view, document, state.citation.as_ref())) " "
                a href=(Item::of_match(document, name).address()) { "(match)" }
            }
        }
        @if let Some(citation) = &state.citation { blockquote.soft { "“" (citation.quote) "”" } }
    }
}

fn also(view: &View, name: &RequirementRef, documents: &[&DocumentId]) -> Markup {
    html! {
        @if !documents.is_empty() {
            p.soft {
                "Also met by "
                @for (position, document) in documents.iter().enumerate() {
                    @if position > 0 { ", " }
                    @let item = Item::of_match(document, name);
                    a href=(item.address()) data-item=(item) { (view.path(document).unwrap_or(document.as_str())) }
                }
            }
        }
    }
}

/// The documents that meet a check, in their order.
fn meeting<'a>(matches: &'a [Match], check: &CheckId) -> Vec<&'a DocumentId> {
    let meets = |found: &&Match| met(found, check) == Met::Fully;
    matches.iter().filter(meets).map(|found| &found.document).collect()
}

fn met(proposal: &Match, check: &CheckId) -> Met {
    let shows = |finding: &Finding| match finding {
        Finding::CheckMet { check } | Finding::RecordShown { check } => Some((check.clone(), true)),
        Finding::CheckPartlyMet { check } => Some((check.clone(), false)),
        _ => None,
    };
    let reasons = proposal.strengths.iter().chain(&proposal.concerns);
    let of_check = reasons
        .filter_map(|reason| shows(&reason.finding))
        .filter_map(|(found, fully)| (found == *check).then_some(fully))
        .max();
    match of_check {
        Some(true) => Met::Fully,
        Some(false) => Met::Partly,
        None => Met::Not,
    }
}
