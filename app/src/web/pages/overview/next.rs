use super::heat::Heat;
use crate::view::View;
use maud::{Markup, html};
use sufficit_evidence::{Date, DocumentId, RequirementRef};
use sufficit_review::{Need, Reviewed};

/// Items of the queue that the overview names.
const NAMED: usize = 5;
/// Days within which a decision that was assigned counts as due soon.
const WEEK: i32 = 7;

/// How many items need a person, as the queue counts them, and for how many of them there is a reason to be early.
pub(crate) fn tile(view: &View, today: Date) -> Markup {
    let open = reviews(view).filter(|review| review.status.is_open()).count();
    let pressing = reviews(view).filter(|review| !review.needs.is_empty()).count();
    let due = reviews(view).filter(|review| review.status.is_open() && is_due(review, today));
    html! {
        div.tile {
            dt { "Need a person" }
            dd.figure { a href="/queue" { (open) } }
            dd { (pressing) " of them are uncertain, uncovered, contradicted or changed" }
            dd { (due.count()) " that were assigned are due this week or over" }
        }
    }
}

fn reviews(view: &View) -> impl Iterator<Item = &Reviewed> {
    let of_matches = view.matches.iter().map(|found| &found.review);
    of_matches.chain(view.requirements.iter().map(|found| &found.review))
}

fn is_due(review: &Reviewed, today: Date) -> bool {
    let due = review.assigned.as_ref().and_then(|assigned| assigned.due);
    due.is_some_and(|due| (due - today).get_days() <= WEEK)
}

/// What to do next, most valuable first.
pub(crate) fn section(view: &View, maps: &[Heat]) -> Markup {
    let count = |need: Need| reviews(view).filter(|review| review.needs.contains(&need)).count();
    let groups = [
        (
            Need::ChangedSince,
            "Confirm again what changed since it was decided",
            "/queue?need=changed",
        ),
        (Need::Contradiction, "Settle what documents say differently", "/queue?need=contradiction"),
        (
            Need::BestOfUncovered,
            "Decide the best there is for requirements that are not covered",
            "/queue?need=best-of-uncovered",
        ),
        (
            Need::NothingFound,
            "Find or write evidence where nothing was found",
            "/queue?need=nothing-found",
        ),
        (Need::Uncertain, "Decide what is uncertain", "/queue?need=uncertain"),
    ];
    let groups: Vec<_> = groups
        .into_iter()
        .map(|(need, words, address)| (count(need), words, address))
        .filter(|(count, _, _)| *count > 0)
        .collect();
    html! {
        section.sheet aria-labelledby="next" {
            h2 #next { "Next actions" }
            @if groups.is_empty() {
                p { "Nothing waits for a person. Export what you have, or upload more evidence." }
            } @else {
                ol.todo { @for (count, words, address) in groups {
                    li { span { (words) } " " a href=(address) { (count) span.sr { ": " (words) } } }
                } }
                (first_items(view, maps))
            }
        }
    }
}

/// The items that are worth most.
fn first_items(view: &View, maps: &[Heat]) -> Markup {
    let of_matches = view
        .matches
        .iter()
        .map(|found| (&found.review, &found.head.requirement, Some(&found.head.document)));
    let of_requirements =
        view.requirements.iter().map(|found| (&found.review, &found.requirement, None));
    let mut items: Vec<(&Reviewed, &RequirementRef, Option<&DocumentId>)> = of_matches
        .chain(of_requirements)
        .filter(|(review, _, _)| !review.needs.is_empty())
        .collect();
    items.sort_by(|a, b| b.0.worth.total_cmp(&a.0.worth));
    let title = |name: &RequirementRef| {
        let cell = maps.iter().flat_map(Heat::cells).find(|cell| cell.name == *name);
        cell.map_or("", |cell| cell.title)
    };
    html! {
        h3 { "First in the queue" }
        ol.todo { @for (review, name, document) in items.into_iter().take(NAMED) {
            @let key = match document {
                Some(document) => format!("m/{document}/{}/{}", name.framework, name.requirement),
                None => format!("r/{}/{}", name.framework, name.requirement),
            };
            @let needs: Vec<&str> = review.needs.iter().map(|need| need.name()).collect();
            li {
                span {
                    a href={ "/queue?item=" (key) } { span.id { (name.requirement) } " " (title(name)) }
                    @if let Some(path) = document.and_then(|document| view.path(document)) { ", " (path) }
                    br;
                    span.soft { (needs.join(", ")) }
                }
            }
        } }
    }
}
