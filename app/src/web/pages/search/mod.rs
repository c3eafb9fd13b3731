//! Search over passages, with facets; and, for a requirement, picking the passage of a match that was missed.

mod add;
mod facets;
mod words;

use crate::passage_search::{self, Wanted};
use crate::view::View;
use crate::web::guard::Visitor;
use crate::web::item::Item;
use crate::web::{Fault, Shared, Web, layout, passage_view};
use axum::extract::{RawQuery, State};
use facets::{Counts, Facets};
use maud::{Markup, html};
use sufficit_evidence::{Passage, RequirementRef};
use sufficit_index::Hit;

/// Passages that are looked for, over which the facets count; and those on one page.
const FOUND: usize = 100;
const ROWS: usize = 20;
/// Characters of a query that are searched for.
const LONGEST: usize = 1_000;

/// What is shown.
struct Shown<'a> {
    web: &'a Web,
    view: &'a View,
    visitor: &'a Visitor,
    facets: &'a Facets,
    /// The requirement that a match is looked for, where the search is for one.
    adding: Option<RequirementRef>,
}

/// Passages that speak of what was asked.
pub(crate) async fn page(
    visitor: Visitor,
    State(web): State<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Markup, Fault> {
    let facets = Facets::of(query.as_deref().unwrap_or_default());
    let view = web.view().await?;
    let adding = adding(&web, &facets)?;
    let wanted = wanted(&web, &facets, adding.as_ref());
    let hits = match (wanted, facets.within(&view)) {
        (Some(wanted), Some(within)) => {
            let place = (&web.workspace, &web.common, &web.store);
            web.searcher.hits(place, wanted, within, FOUND).await?
        }
        _ => Vec::new(),
    };
    let hits: Vec<Hit> =
        hits.into_iter().filter(|hit| view.proposed.sources.contains_key(&hit.document)).collect();
    let counts = Counts::of(&view, &hits);
    let all = hits.len();
    let first = (facets.page - 1).saturating_mul(ROWS).min(all);
    let on_page = hits.into_iter().skip(first).take(ROWS).collect();
    let found = passage_search::passages(&web.store, on_page).await?;
    let shown = Shown { web: &web, view: &view, visitor: &visitor, facets: &facets, adding };
    let content = shown.content(&counts, &found, first, all);
    Ok(layout::page(&visitor, "Search", "/search", content))
}

/// The requirement that the address names after `for`.
fn adding(web: &Web, facets: &Facets) -> Result<Option<RequirementRef>, Fault> {
    if facets.adding.is_empty() {
        return Ok(None);
    }
    match format!("r/{}", facets.adding).parse() {
        Ok(Item::Requirement(name)) if web.catalogue.requirement(&name).is_some() => Ok(Some(name)),
        _ => {
            Err(Fault::missing("The address names no requirement that a match could be added to."))
        }
    }
}

/// The words that were given, or else the requirement's checks; `None` where nothing is asked.
fn wanted(web: &Web, facets: &Facets, adding: Option<&RequirementRef>) -> Option<Wanted> {
    let words: String = facets.q.trim().chars().take(LONGEST).collect();
    if words.is_empty() {
        return Some(Wanted::Checks(web.catalogue.probes_of(adding?).cloned().collect()));
    }
    Some(Wanted::Words(words))
}

impl Shown<'_> {
    fn content(
        &self,
        counts: &Counts,
        found: &[(Hit, Passage)],
        first: usize,
        all: usize,
    ) -> Markup {
        let asked = self.adding.is_some() || !self.facets.q.trim().is_empty();
        html! {
            header { h1 { "Search" } }
            @if let Some(name) = &self.adding { (add::notice(self.web, name)) }
            div.aside {
                (self.facets.form(self.web, counts))
                section.sheet aria-labelledby="hits" {
                    h2 #hits {
                        @if !asked { "Words or a sentence; also by meaning" }
                        @else if all == FOUND { "The nearest " (all) " passages" }
                        @else { (all) " passages" }
                    }
                    @if asked && all == 0 { p { "Nothing found. Try other words, or fewer facets." } }
                    ol.hits { @for (hit, passage) in found { li { (self.hit(hit, passage)) } } }
                    @if all > ROWS { (self.pages(first, found.len(), all)) }
                }
            }
        }
    }

    fn hit(&self, hit: &Hit, passage: &Passage) -> Markup {
        let path = self.view.path(&hit.document).unwrap_or(hit.document.as_str());
        let mut place: Vec<String> =
            passage.page.map(|page| format!("page {page}")).into_iter().collect();
        place.extend((!passage.heading.is_empty()).then(|| passage.heading.join(" › ")));
        html! {
            p {
                a href=(passage_view::address(&hit.document, passage.span)) { (path) } " "
                span.soft { (place.join(", ")) }
            }
            blockquote { (words::marked(&passage.text, &self.facets.q)) }
            @if let Some(name) = &self.adding { (add::form(self, name, &hit.document, passage)) }
        }
    }

    fn pages(&self, first: usize, shown: usize, all: usize) -> Markup {
        let page = self.facets.page;
        html! {
            nav.pages aria-label="Pages of the hits" {
                span { (first + 1) " to " (first + shown) " of " (all) }
                @if page > 1 { a rel="prev" href=(self.facets.address(page - 1)) { "Previous" } }
                @if first + shown < all { a rel="next" href=(self.facets.address(page + 1)) { "Next" } }
            }
        }
    }
}
