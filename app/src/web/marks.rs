//! The small marks that stand for a grade, a confidence and a status, wherever a page shows one. None speaks by colour alone.

use maud::{Markup, html};
use sufficit_evidence::{MatchStatus, Sufficiency};
use sufficit_review::{Reviewed, ReviewedRequirement};

/// A sufficiency as five dots.
pub(crate) fn dots(sufficiency: Sufficiency) -> Markup {
    let level = usize::from(sufficiency.level());
    html! {
        span.dots role="img" aria-label={ "Sufficiency " (level) " of 5: " (sufficiency.name()) } {
            ("●".repeat(level)) ("○".repeat(5_usize.saturating_sub(level)))
        }
    }
}

/// A confidence, 0 to 1, as a small bar with its figure.
pub(crate) fn confidence(confidence: f32) -> Markup {
    let percent = format!("{:.0} %", confidence * 100.0);
    html! {
        span.nowrap {
            meter min="0" max="1" value=(format!("{confidence:.2}")) aria-label={ "Confidence " (percent) } {}
            " " (percent)
        }
    }
}

/// What a person has said of a match or requirement: a name for its looks, and words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// The class of its chip.
    pub(crate) class: &'static str,
    /// What people read.
    pub(crate) words: &'static str,
}

/// What a review amounts to.
pub(crate) fn state(review: &Reviewed) -> State {
    state_of(review.status, review.decided)
}

/// The same of a requirement: one that is declared not applicable needs nobody, whoever declared it.
pub(crate) fn state_of_requirement(found: &ReviewedRequirement) -> State {
    match found.review.status {
        MatchStatus::Proposed if found.declared.is_some() => {
            State { class: "not-applicable", words: "not applicable" }
        }
        _ => state(&found.review),
    }
}

/// What a status amounts to beside the sufficiency that was decided. What was accepted without one was declared not
/// applicable.
pub(crate) fn state_of(status: MatchStatus, decided: Option<Sufficiency>) -> State {
    let (class, words) = match status {
        MatchStatus::Proposed => ("proposed", "proposed"),
        MatchStatus::ConfirmAgain => ("again", "confirm again"),
        MatchStatus::Accepted if decided.is_none() => ("not-applicable", "not applicable"),
        MatchStatus::Accepted => ("accepted", "accepted"),
        MatchStatus::Overridden => ("overridden", "overridden"),
        MatchStatus::Rejected => ("rejected", "rejected"),
        MatchStatus::Added => ("added", "added"),
    };
    State { class, words }
}

/// A state as a chip.
pub(crate) fn chip(state: State) -> Markup {
    html! { span class={ "chip " (state.class) } { (state.words) } }
}

/// A moment, RFC 3339 in UTC, as people read it: to the minute.
pub(crate) fn moment(at: &str) -> Markup {
    let day = at.get(..10).unwrap_or(at);
    let minute = at.get(11..16).unwrap_or_default();
    html! { time datetime=(at) { (day) " " (minute) " UTC" } }
}
