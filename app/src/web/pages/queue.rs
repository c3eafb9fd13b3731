use crate::view::View;
use crate::web::decide_form::assignment;
use crate::web::frame::Frame;
use crate::web::guard::Visitor;
use crate::web::item::Item;
use crate::web::queue_filter::{
    About, DECIDED, Entry, Facet, Listing, QueueFilter, listing, value_label,
};
use crate::web::select::{option, select};
use crate::web::{Fault, Shared, Web, detail, layout, marks};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use maud::{Markup, html};
use std::cmp::Reverse;
use std::collections::HashMap;
use sufficit_evidence::MatchStatus;
use sufficit_review::Need;

/// Rows that are shown at once.
const ROWS: usize = 200;
/// Values of a facet that are offered at most.
const VALUES: usize = 100;

/// The part of a queue that is shown.
struct Shown<'a> {
    filter: QueueFilter,
    listing: Listing<'a>,
    /// From 1.
    page: usize,
    selected: Option<Item>,
}

/// What needs a person, the item that is worth most first, with the detail of the one that is selected.
pub(crate) async fn page(
    visitor: Visitor,
    State(web): State<Shared>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Markup, Fault> {
    let view = web.view().await?;
    let shown = shown(&web, &view, &query);
    let article = match &shown.selected {
        Some(item) => article(&web, &view, &visitor, item, &shown).await?,
        None => empty(&view, &shown),
    };
    let content = html! {
        div.list {
            header {
                h1 { "Queue" }
                (summary(&shown))
                (filters(&web, &view, &shown))
            }
            ol #queue aria-label="Items" tabindex="-1" {
                @for entry in shown.rows() { (row(&view, &shown, entry)) }
            }
            (pages(&shown))
        }
        section #detail aria-label="Selected item" { (article) }
    };
    Ok(layout::framed(&visitor, "Queue", "/queue", "queue", content))
}

fn shown<'a>(web: &'a Web, view: &'a View, query: &HashMap<String, String>) -> Shown<'a> {
    let filter = QueueFilter::of(query);
    let listing = listing(view, &web.catalogue, &filter);
    let asked: Option<Item> = query.get("item").and_then(|key| key.parse().ok());
    let place = asked.as_ref().and_then(|item| listing.position(item));
    let pages = listing.entries.len().div_ceil(ROWS).max(1);
    let page = match query.get("page").and_then(|page| page.parse().ok()) {
        Some(page) => usize::clamp(page, 1, pages),
        None => place.unwrap_or(0) / ROWS + 1,
    };
    let first = listing.entries.get((page - 1) * ROWS).map(Entry::item);
    Shown { selected: asked.or(first), filter, listing, page }
}

impl<'a> Shown<'a> {
    fn rows(&self) -> &[Entry<'a>] {
        let rows = self.listing.entries.chunks(ROWS).nth(self.page - 1);
        rows.unwrap_or_default()
    }

    /// The item that comes after the selected one once that has been decided.
    fn next(&self) -> Option<Item> {
        let at = self.selected.as_ref().and_then(|item| self.listing.position(item));
        let entries = &self.listing.entries;
        let next = match at {
            Some(at) => {
                entries.get(at + 1).or_else(|| at.checked_sub(1).and_then(|at| entries.get(at)))
            }
            None => entries.first(),
        };
        next.map(Entry::item)
    }
}

/// The detail of the selected item; a sentence where it is not there any more.
async fn article(
    web: &Web,
    view: &View,
    visitor: &Visitor,
    item: &Item,
    shown: &Shown<'_>,
) -> Result<Markup, Fault> {
    let back = shown.filter.address(shown.next().as_ref(), None);
    let frame = Frame { back, ..Frame::default() };
    match detail::article(web, view, visitor, item, &frame).await {
        Err(fault) if fault.status == StatusCode::NOT_FOUND => Ok(html! {
            div.empty {
                h2 { (fault.what) }
                p { (fault.help) }
                p { a href=(shown.filter.address(None, None)) { "To the first item of this view" } }
            }
        }),
        other => other,
    }
}

fn summary(shown: &Shown) -> Markup {
    let all = shown.listing.entries.len();
    let open = shown.listing.entries.iter().filter(|entry| entry.review().status.is_open()).count();
    html! {
        p {
            @if open == all {
                strong #open-count data-beyond=(all - shown.rows().len()) { (open) }
                " need a person; the decisions worth most come first"
            } @else {
                strong { (all) } " items, of which " (open) " need a person"
            }
        }
    }
}

fn filters(web: &Web, view: &View, shown: &Shown) -> Markup {
    let label = |facet| value_label(view, &web.catalogue, facet, shown.filter.value(facet));
    let set: Vec<String> = shown.filter.narrowing().map(label).collect();
    html! {
        details {
            summary {
                @if set.is_empty() { "Filters: none" } @else { "Filters: " (set.join(", ")) }
            }
            form.filters method="get" action="/queue" {
                @for facet in Facet::ALL {
                    (choice(facet, shown.filter.value(facet), &offered(web, view, shown, facet)))
                }
                button { "Show" }
                @if !set.is_empty() { a href="/queue" { "Without filters" } }
            }
        }
    }
}

/// A value that is offered for a facet.
struct Offered {
    value: String,
    label: String,
    count: usize,
}

fn choice(facet: Facet, wanted: &str, offered: &[Offered]) -> Markup {
    let options = html! {
        @if facet != Facet::Status { (option("", wanted, "all")) }
        @for one in offered { (option(&one.value, wanted, &format!("{} ({})", one.label, one.count))) }
    };
    select(facet.name(), facet.label(), &options)
}

/// The values to choose from: of documents and people those with the most items first, else in the order of the catalogue or
/// of their names; the one that is set always among them.
fn offered(web: &Web, view: &View, shown: &Shown, facet: Facet) -> Vec<Offered> {
    let themeless = facet == Facet::Theme && shown.filter.value(Facet::Framework).is_empty();
    let wanted = shown.filter.value(facet);
    let mut values: Vec<(&str, usize)> = shown.listing.counts(facet).collect();
    if themeless {
        values.retain(|(value, _)| *value == wanted);
    }
    if !wanted.is_empty() && !values.iter().any(|(value, _)| *value == wanted) {
        values.push((wanted, 0));
    }
    let place = |value: &str| match facet {
        Facet::Theme | Facet::Requirement | Facet::Framework => in_catalogue(web, facet, value),
        Facet::Status => in_statuses(value),
        _ => 0,
    };
    let by_count = matches!(
        facet,
        Facet::Document | Facet::Owner | Facet::Assigned | Facet::Need | Facet::Kind
    );
    values.sort_by_cached_key(|(value, count)| {
        (Reverse(if by_count { *count } else { 0 }), place(value), *value)
    });
    let is_set = |value: &str| value == wanted;
    let mut position = 0;
    values.retain(|(value, _)| {
        position += 1;
        position <= VALUES || is_set(value)
    });
    let labelled = |(value, count): (&str, usize)| Offered {
        value: value.to_owned(),
        label: value_label(view, &web.catalogue, facet, value),
        count,
    };
    values.into_iter().map(labelled).collect()
}

fn in_catalogue(web: &Web, facet: Facet, value: &str) -> usize {
    let mut requirements = web.catalogue.requirements();
    let found = requirements.position(|(framework, requirement)| match facet {
        Facet::Framework => framework.id.as_str() == value,
        Facet::Theme => requirement.theme == value,
        _ => requirement.id.as_str() == value,
    });
    found.unwrap_or(usize::MAX)
}

fn in_statuses(value: &str) -> usize {
    let all = MatchStatus::ALL.map(MatchStatus::name);
    let names = ["open", DECIDED, "all"].into_iter().chain(all);
    names.into_iter().position(|name| name == value).unwrap_or(usize::MAX)
}

fn row(view: &View, shown: &Shown, entry: &Entry) -> Markup {
    let item = entry.item();
    let review = entry.review();
    let path = match entry.about {
        About::Match(found) => view.path(&found.head.document).unwrap_or("no file any more"),
        About::Requirement(_) => "the whole body of evidence",
    };
    let current = (shown.selected.as_ref() == Some(&item)).then_some("true");
    // Frameworks have ids in common.
    let id = match shown.filter.value(Facet::Framework) {
        "" => entry.about.name().to_string(),
        _ => entry.requirement.id.to_string(),
    };
    html! {
        li.item data-item=(item) data-href={ (item.address()) "?fragment=1" } {
            a href=(shown.filter.address(Some(&item), Some(shown.page))) aria-current=[current] {
                span.title { span.id { (id) } " " (entry.requirement.title) }
                span.path { bdi { (path) } }
                (marks::dots(entry.sufficiency()))
                span.why {
                    @if let Some(need) = review.needs.first() {
                        span title=(need.name()) { (in_short(*need)) }
                    }
                    @if let Some(assigned) = &review.assigned { " · " (assignment(assigned)) }
                }
                span.state { (marks::chip(marks::state(review))) }
            }
        }
    }
}

/// Why a person is asked, as short as a row is narrow.
fn in_short(need: Need) -> &'static str {
    match need {
        Need::ChangedSince => "changed",
        Need::Contradiction => "contradiction",
        Need::BestOfUncovered => "best there is",
        Need::NothingFound => "nothing found",
        Need::Uncertain => "uncertain",
    }
}

fn pages(shown: &Shown) -> Markup {
    let all = shown.listing.entries.len();
    let (first, last) = ((shown.page - 1) * ROWS, (shown.page * ROWS).min(all));
    html! {
        p.more {
            @if shown.page > 1 {
                a rel="prev" href=(shown.filter.address(None, Some(shown.page - 1))) { "Before" } " "
            }
            @if all > ROWS { span.soft { (first + 1) " to " (last) " of " (all) " " } }
            // Named by the item that follows: once some of these are decided, the next page begins earlier.
            @if let Some(following) = shown.listing.entries.get(last).map(Entry::item) {
                a rel="next" href=(shown.filter.address(Some(&following), None)) { "Next " ((all - last).min(ROWS)) }
            }
        }
    }
}

/// What an empty queue says: what was done, and where to go.
fn empty(view: &View, shown: &Shown) -> Markup {
    let decided = shown.listing.count(Facet::Status, DECIDED);
    let narrowed = shown.filter.narrowing().next().is_some();
    let of_status = |status: MatchStatus| {
        let count = shown.listing.count(Facet::Status, status.name());
        (count > 0).then(|| format!("{count} {}", status.name()))
    };
    let done: Vec<String> = MatchStatus::ALL
        .into_iter()
        .filter(|status| !status.is_open())
        .filter_map(of_status)
        .collect();
    html! {
        div.empty {
            @if view.run.is_none() {
                h2 { "Nothing was mapped yet" }
                p { "Once there is evidence, the proposals that need a person stand here." }
                p { a href="/upload" { "Upload evidence" } }
            } @else {
                h2 { "Nothing here needs a person" }
                @if decided > 0 { p { (decided) " were decided: " (done.join(", ")) "." } }
                ul {
                    @if narrowed { li { a href="/queue" { "The queue without filters" } } }
                    @if decided > 0 { li { a href="/queue?status=decided" { "What was decided" } } }
                    li { a href="/requirements" { "Where each requirement stands" } }
                    li { a href="/upload" { "Upload more evidence" } }
                }
            }
        }
    }
}
