use crate::judge;
use crate::view::View;
use crate::web::guard::Visitor;
use crate::web::pages::overview::{Due, due};
use crate::web::select::{frameworks, options, select};
use crate::web::{Fault, Shared, held_facts, layout, marks};
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashMap;
use sufficit_evidence::{
    Catalogue, Date, Decision, DocumentId, DocumentKind, FactField, Facts, FileOutcome, FileRecord,
    Sufficiency,
};

/// Files on one page of the list.
const ROWS: usize = 200;

/// Which files are shown; what is empty leaves nothing out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// Part of the path or title.
    q: String,
    kind: String,
    /// One that the document has a match in.
    framework: String,
    /// A name of [`FileOutcome`], or `left-out`: all but those that were read.
    outcome: String,
    /// `due`: only documents that are out of date or due for review soon.
    review: String,
    /// Page of the list, from 1.
    page: String,
}

/// What the list says of a document beside its file.
struct Known<'a> {
    facts: &'a Facts,
    /// What was set right of them.
    history: Vec<Decision>,
    matches: usize,
    best: Sufficiency,
    due: Option<Due>,
}

/// Every file that was met.
pub(crate) async fn page(
    visitor: Visitor,
    State(web): State<Shared>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Fault> {
    let view = web.view().await?;
    let content = content(&view, &web.catalogue, &asked, judge::as_of(&web.common));
    Ok(layout::page(&visitor, "Documents", "/documents", content))
}

fn content(view: &View, catalogue: &Catalogue, asked: &Asked, today: Date) -> Markup {
    let known = known(view, &asked.framework, today);
    let words = asked.q.trim().to_lowercase();
    let fits = |file: &&FileRecord| {
        let of = file.document.as_ref().and_then(|id| known.get(id));
        fits(asked, &words, file, of)
    };
    let found: Vec<&FileRecord> = view.proposed.files.iter().filter(fits).collect();
    let page = asked.page.parse().unwrap_or(1_usize).max(1);
    let first = (page - 1).saturating_mul(ROWS).min(found.len());
    let shown = found.iter().skip(first).take(ROWS);
    let last = (first + ROWS).min(found.len());
    html! {
        header data-live {
            h1 { "Documents" }
            p { (view.proposed.files.len()) " files were met; each is accounted for." }
        }
        (filters(catalogue, asked))
        section.sheet aria-label="Files" {
            @if found.is_empty() { p { "No file fits. " a href="/documents" { "Show all" } } } @else {
                div.wide tabindex="0" role="region" aria-label="Files, table" {
                    table {
                        caption.sr { "Files with what was read of them" }
                        thead { tr {
                            th scope="col" { "File" }
                            th scope="col" { "Kind" }
                            th scope="col" { "Owner" }
                            th scope="col" { "Dated" }
                            th scope="col" { "Review" }
                            th.number scope="col" { "Pages" }
                            th.number scope="col" { "Matches" }
                            th scope="col" { "Best" }
                        } }
                        tbody { @for file in shown { (row(file, file.document.as_ref().and_then(|id| known.get(id)))) } }
                    }
                }
                nav.pages aria-label="Pages of the list" {
                    span { (first + 1) " to " (last) " of " (found.len()) }
                    @if page > 1 { a rel="prev" href=(asked.address(page - 1)) { "Previous" } }
                    @if last < found.len() { a rel="next" href=(asked.address(page + 1)) { "Next" } }
                }
            }
        }
    }
}

impl Asked {
    /// The address of a page of the same list.
    fn address(&self, page: usize) -> String {
        let page = page.to_string();
        let wanted = [
            ("q", &self.q),
            ("kind", &self.kind),
            ("framework", &self.framework),
            ("outcome", &self.outcome),
            ("review", &self.review),
            ("page", &page),
        ];
        crate::web::address::with_query("/documents", &wanted)
    }
}

impl Known<'_> {
    fn value(&self, field: FactField) -> Option<String> {
        held_facts::value(self.facts, &self.history, field)
    }

    fn kind(&self) -> String {
        self.value(FactField::Kind).unwrap_or_else(|| DocumentKind::Other.to_string())
    }
}

/// What is known of each document that was read.
fn known<'a>(view: &'a View, framework: &str, today: Date) -> HashMap<&'a DocumentId, Known<'a>> {
    let mut corrections = held_facts::corrections(view);
    let mut known: HashMap<&DocumentId, Known> = HashMap::new();
    for (id, profile) in &view.proposed.profiles {
        let (matches, best, due) = (0, Sufficiency::NONE, None);
        let history = corrections.remove(id).unwrap_or_default();
        known.insert(id, Known { facts: &profile.facts, history, matches, best, due });
    }
    let counted = view.matches.iter().filter(|found| {
        framework.is_empty() || found.head.requirement.framework.as_str() == framework
    });
    for found in counted {
        if let Some(entry) = known.get_mut(&found.head.document) {
            entry.matches += 1;
            entry.best = entry.best.max(found.review.counts);
        }
    }
    for (id, state) in due(view, today) {
        if let Some(entry) = known.get_mut(id) {
            entry.due = Some(state);
        }
    }
    known
}

/// `words` is what the path or title has to hold, in small letters.
fn fits(asked: &Asked, words: &str, file: &FileRecord, known: Option<&Known>) -> bool {
    let has = |text: &str| text.to_lowercase().contains(words);
    let named = words.is_empty()
        || has(&file.path)
        || known.and_then(|known| known.value(FactField::Title)).is_some_and(|title| has(&title));
    let outcome = match asked.outcome.as_str() {
        "" => true,
        "left-out" => file.outcome != FileOutcome::Read,
        name => file.outcome.name() == name,
    };
    named
        && outcome
        && (asked.kind.is_empty() || known.is_some_and(|known| known.kind() == asked.kind))
        && (asked.framework.is_empty() || known.is_some_and(|known| known.matches > 0))
        && (asked.review.is_empty() || known.is_some_and(|known| known.due.is_some()))
}

fn row(file: &FileRecord, known: Option<&Known>) -> Markup {
    let dated = known.and_then(|known| held_facts::dated(known.facts));
    html! {
        tr {
            th.path scope="row" {
                @match &file.document {
                    Some(id) => a href={ "/documents/" (id) } { (file.path) },
                    None => (file.path),
                }
                @if file.outcome != FileOutcome::Read || !file.reason.is_empty() {
                    br;
                    span.hint { (file.outcome.name()) @if !file.reason.is_empty() { ": " (file.reason) } }
                }
            }
            td { @if let Some(known) = known { (known.kind()) } }
            td { @if let Some(owner) = known.and_then(|known| known.value(FactField::Owner)) { (owner) } }
            td.nowrap { @if let Some(date) = dated { time datetime=(date) { (date) } } }
            td { @if let Some(due) = known.and_then(|known| known.due) { (due.chip()) } }
            td.number { @if let Some(pages) = file.pages { (pages) } }
            td.number { @if let Some(known) = known { (known.matches) } }
            td { @if let Some(known) = known.filter(|known| known.matches > 0) { (marks::dots(known.best)) } }
        }
    }
}

fn filters(catalogue: &Catalogue, asked: &Asked) -> Markup {
    let kinds = DocumentKind::ALL.iter().map(|kind| (kind.name(), kind.name()));
    let outcomes = FileOutcome::ALL.iter().map(|outcome| (outcome.name(), outcome.name()));
    let outcomes = outcomes.chain([("left-out", "all that were not read")]);
    let due = [("due", "out of date or due soon")];
    html! {
        form.filters method="get" action="/documents" {
            span.field {
                label for="d-q" { "Path or title" }
                input #d-q name="q" type="search" value=(asked.q);
            }
            (select("kind", "Kind", &options("all", kinds, &asked.kind)))
            (select("framework", "With matches in", &options("any framework", frameworks(catalogue), &asked.framework)))
            (select("outcome", "Outcome", &options("all", outcomes, &asked.outcome)))
            (select("review", "Review", &options("all", due, &asked.review)))
            button { "Show" }
        }
    }
}
