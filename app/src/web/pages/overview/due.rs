use crate::view::View;
use crate::web::held_facts;
use maud::{Markup, html};
use sufficit_evidence::{Date, DocumentId, DocumentStatus};

/// Reviews due within so many days are soon.
const SOON_DAYS: i32 = 90;
/// Documents that the overview lists; the rest is a link away.
const LISTED: usize = 10;

/// How a document stands to its review. Those that come first are more urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// It should have been reviewed so many days ago.
    Over(std::cmp::Reverse<i32>),
    /// It is to be reviewed in so many days, 90 at most.
    Soon(i32),
    /// It was replaced or withdrawn, and lies among the evidence still.
    Superseded,
}

impl Due {
    /// It as a chip.
    pub(crate) fn chip(self) -> Markup {
        match self {
            Self::Superseded => html! { span.chip.failed { "superseded" } },
            Self::Over(std::cmp::Reverse(days)) => {
                html! { span.chip.failed { (in_days(days)) " over" } }
            }
            Self::Soon(0) => html! { span.chip.again { "due today" } },
            Self::Soon(days) => html! { span.chip.again { "due in " (in_days(days)) } },
        }
    }
}

fn in_days(days: i32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// The current documents that are out of date on `today` or due for review soon, most urgent first.
pub(crate) fn due(view: &View, today: Date) -> Vec<(&DocumentId, Due)> {
    let corrections = held_facts::corrections(view);
    let mut found: Vec<(&DocumentId, Due)> = view
        .proposed
        .profiles
        .iter()
        .filter_map(|(id, profile)| {
            let history = corrections.get(id).map_or(&[][..], Vec::as_slice);
            let status = held_facts::status(&profile.facts, history);
            let next = held_facts::next_review(&profile.facts, history);
            Some((id, state(status, next, today)?))
        })
        .collect();
    found.sort_by_key(|(id, due)| (*due, view.path(id)));
    found
}

fn state(status: Option<DocumentStatus>, next: Option<Date>, today: Date) -> Option<Due> {
    if status == Some(DocumentStatus::Superseded) {
        return Some(Due::Superseded);
    }
    match (next? - today).get_days() {
        days if days < 0 => Some(Due::Over(std::cmp::Reverse(-days))),
        days if days <= SOON_DAYS => Some(Due::Soon(days)),
        _ => None,
    }
}

/// What is out of date or due for review soon.
pub(crate) fn section(view: &View, today: Date) -> Markup {
    let due = due(view, today);
    html! {
        section.sheet aria-labelledby="due" {
            h2 #due { "Out of date or due for review soon" }
            @if due.is_empty() { p { "Nothing is, as far as the documents say." } }
            ul.todo { @for (id, state) in due.iter().take(LISTED) {
                li { a href={ "/documents/" (id) } { (view.path(id).unwrap_or(id.as_str())) } " " (state.chip()) }
            } }
            @if due.len() > LISTED { p { a href="/documents?review=due" { "All " (due.len()) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_review_is_over_soon_or_far_away() {
        let today = date(2026, 11, 20);
        let of = |next| state(Some(DocumentStatus::Approved), next, today);
        assert_eq!(of(Some(date(2026, 11, 19))), Some(Due::Over(std::cmp::Reverse(1))));
        assert_eq!(of(Some(today)), Some(Due::Soon(0)));
        assert_eq!(of(Some(date(2027, 2, 18))), Some(Due::Soon(90)));
        assert_eq!(of(Some(date(2027, 2, 19))), None);
        assert_eq!(of(None), None);
        assert_eq!(state(Some(DocumentStatus::Superseded), None, today), Some(Due::Superseded));
    }

    #[test]
    fn what_is_longest_over_comes_first() {
        let mut due = [
            Due::Superseded,
            Due::Soon(3),
            Due::Over(std::cmp::Reverse(2)),
            Due::Over(std::cmp::Reverse(40)),
        ];
        due.sort();
        assert_eq!(due[0], Due::Over(std::cmp::Reverse(40)));
        assert_eq!(due[3], Due::Superseded);
    }
}
