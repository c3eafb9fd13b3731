use crate::view::View;
use crate::web::queue_filter::About;
use maud::{Markup, html};
use sufficit_evidence::{Catalogue, Date};
use sufficit_review::{Need, Reviewed};

/// Items of the queue that the overview names.
const NAMED: usize = 5;
/// Days within which a decision that was assigned counts as due soon.
const WEEK: i32 = 7;

/// How many items need a person, as the queue counts them, and for how many of them there is a reason to be early.
pub(crate) fn tile(view: &View, catalogue: &Catalogue, today: Date) -> Markup {
    let reviews = || items(view, catalogue).map(|item| item.review());
    let open = reviews().filter(|review| review.status.is_open()).count();
    let pressing = reviews().filter(|review| !review.needs.is_empty()).count();
    let due = reviews().filter(|review| review.status.is_open() && is_due(review, today));
    html! {
        div.tile {
            dt { "Need a person" }
            dd.figure { a href="/queue" { (open) } }
            dd { (pressing) " of them are uncertain, uncovered, contradicted or changed" }
            dd { (due.count()) " that were assigned are due this week or over" }
        }
    }
}

/// Everything that a person may be asked about, of the frameworks that are shown.
fn items<'a>(view: &'a View, catalogue: &'a Catalogue) -> impl Iterator<Item = About<'a>> {
    About::all(view).filter(|item| catalogue.requirement(item.name()).is_some())
}

fn is_due(review: &Reviewed, today: Date) -> bool {
    let due = review.assigned.as_ref().and_then(|assigned| assigned.due);
    due.is_some_and(|due| (due - today).get_days() <= WEEK)
}

/// What to do next, most valuable first.
pub(crate) fn section(view: &View, catalogue: &Catalogue) -> Markup {
    let asked: Vec<About> =
        items(view, catalogue).filter(|item| !item.review().needs.is_empty()).collect();
    let count =
        |need: Need| asked.iter().filter(|item| item.review().needs.contains(&need)).count();
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
                (first_items(view, catalogue, asked))
            }
        }
    }
}

/// The items that are worth most.
fn first_items(view: &View, catalogue: &Catalogue, mut items: Vec<About>) -> Markup {
    items.sort_by(|a, b| b.review().worth.total_cmp(&a.review().worth));
    let title = |item: &About| {
        catalogue.requirement(item.name()).map_or("", |requirement| requirement.title.as_str())
    };
    html! {
        h3 { "First in the queue" }
        ol.todo { @for item in items.iter().take(NAMED) {
            @let needs: Vec<&str> = item.review().needs.iter().map(|need| need.name()).collect();
            li {
                span {
                    a href={ "/queue?item=" (item.item()) } { span.id { (item.name()) } " " (title(item)) }
                    @if let Some(path) = item.document().and_then(|document| view.path(document)) { ", " (path) }
                    br;
                    span.soft { (needs.join(", ")) }
                }
            }
        } }
    }
}
