//! A document: what it says of itself, what it maps to, its versions, and its text with passages marked in place.

mod facts;
mod original;
mod range;

use crate::view::View;
use crate::web::guard::{Role, Visitor};
use crate::web::item::Item;
use crate::web::{Fault, Shared, Web, layout, marks, passage_view, wish};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;
use sufficit_evidence::{
    CopyOf, Document, DocumentId, Language, MatchStatus, SourceRef, Span, Sufficiency,
};
use sufficit_review::{ReviewedMatch, Version};

pub(crate) use original::file;

/// Matches that the page shows at once; the queue has the rest.
const MATCHES: usize = 200;

/// What the address of a document may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// `START-END`: the passage that is marked, in characters of the text.
    mark: String,
    /// The character around which the text is shown.
    at: String,
}

/// A version of a document, with everything that is gathered for its page.
struct Shown<'a> {
    id: &'a DocumentId,
    document: &'a Document,
    sources: &'a [SourceRef],
    versions: Vec<(String, Vec<Version>)>,
}

/// A document.
pub(crate) async fn page(
    visitor: Visitor,
    State(web): State<Shared>,
    Path(document): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Fault> {
    let id = named(&document)?;
    let view = web.view().await?;
    let document = recorded(&web, &id).await?;
    let sources = view.proposed.sources.get(&id).map_or(&[][..], Vec::as_slice);
    let mut versions = Vec::new();
    for source in sources {
        let mut held = web.store.versions(&source.path).await?;
        held.retain(|version| version.root == source.root);
        versions.push((source.path.clone(), held));
    }
    let shown = Shown { id: &id, document: &document, sources, versions };
    let title = view.path(&id).unwrap_or("An earlier version").to_owned();
    let content = content(&web, &view, &visitor, &shown, &asked);
    Ok(layout::page(&visitor, &title, "/documents", content))
}

/// The id that an address names.
fn named(document: &str) -> Result<DocumentId, Fault> {
    match format!("d/{document}").parse() {
        Ok(Item::Document(id)) => Ok(id),
        _ => Err(Fault::missing("The address names no document: it takes a SHA-256 of 64 digits.")),
    }
}

async fn recorded(web: &Web, id: &DocumentId) -> Result<Document, Fault> {
    let document = web.store.document(id).await?;
    document.ok_or_else(|| Fault::missing(format!("No document {id} is in the record.")))
}

fn content(web: &Web, view: &View, visitor: &Visitor, shown: &Shown, asked: &Asked) -> Markup {
    let path = view.path(shown.id).unwrap_or("An earlier version of a document");
    let standing = wish::standing_of(view, &Item::Document(shown.id.clone()));
    html! {
        header {
            h1.path { (path) }
            p { "SHA-256 " span.hash { (shown.id) } }
        }
        @if shown.sources.is_empty() {
            p.notice { "No file that is there holds this version any more: it was changed, moved or taken away." }
        }
        @if let Some(copy) = copy_of(view, shown.id) { (not_counted(view, copy)) }
        div.columns {
            section.sheet aria-labelledby="facts" {
                h2 #facts { "Facts" }
                (facts::table(visitor, shown.id, &shown.document.facts, &standing))
                (facts::history(&standing))
                h3 { "File" }
                (about(shown))
                (versions(shown))
            }
            (matches(web, view, shown.id))
        }
        (text(shown, asked, visitor.role >= Role::Reviewer))
    }
}

/// The document that counts in the place of this one, where one does.
fn copy_of<'a>(view: &'a View, id: &DocumentId) -> Option<&'a CopyOf> {
    let shares = view.proposed.assessments.iter().flat_map(|assessment| &assessment.evidence);
    shares.filter(|share| share.document == *id).find_map(|share| share.copy_of.as_ref())
}

fn not_counted(view: &View, copy: &CopyOf) -> Markup {
    html! {
        p.notice {
            "It lends nothing more to any requirement: it is " (crate::commands::relation(copy.how)) " "
            a href={ "/documents/" (copy.document) } { (view.path(&copy.document).unwrap_or(copy.document.as_str())) } "."
        }
    }
}

fn about(shown: &Shown) -> Markup {
    let document = shown.document;
    let language = match &document.language {
        Language::Supported(code) => code.clone(),
        Language::Unsupported(code) => format!("{code}, which cannot be mapped yet"),
        Language::Unknown => "not known".to_owned(),
    };
    html! {
        dl.facts {
            dt { "Type" } dd { (document.media_type) }
            dt { "Size" } dd { (document.bytes) " bytes" }
            @if !document.pages.is_empty() { dt { "Pages" } dd { (document.pages.len()) } }
            dt { "Passages" } dd { (document.passages.len()) }
            dt { "Language" } dd { (language) }
            @for source in shown.sources { dt { "Lies at" } dd { (source.path) } }
        }
        @if !shown.sources.is_empty() {
            p { a href={ "/documents/" (shown.id) "/file" } download { "Download the original" } }
        }
    }
}

/// What each of the document's paths has held, where that is more than this version.
fn versions(shown: &Shown) -> Markup {
    let several: Vec<_> =
        shown.versions.iter().filter(|(_, versions)| versions.len() > 1).collect();
    html! {
        @if !several.is_empty() {
            h3 { "Versions" }
            @for (path, versions) in several {
                p.soft { (path) }
                ul { @for version in versions.iter().rev() {
                    li {
                        "Version " (version.number) " "
                        @if version.document == *shown.id { "(this one)" }
                        @else { a href={ "/documents/" (version.document) } { (version.document.as_str().get(..12).unwrap_or_default()) } }
                        ", from " (marks::moment(&version.recorded))
                        @if let Some(until) = &version.superseded { " until " (marks::moment(until)) }
                    }
                } }
            }
        }
    }
}

/// What the document maps to, best first; what is weak and nobody decided is folded.
fn matches(web: &Web, view: &View, id: &DocumentId) -> Markup {
    let mut found: Vec<&ReviewedMatch> =
        view.matches.iter().filter(|found| found.head.document == *id).collect();
    found.sort_by(|a, b| {
        given(b).cmp(&given(a)).then(b.head.relevance.total_cmp(&a.head.relevance))
    });
    let all = found.len();
    found.truncate(MATCHES);
    let (weak, strong): (Vec<&ReviewedMatch>, Vec<&ReviewedMatch>) =
        found.into_iter().partition(|found| {
            given(found) < Sufficiency::PARTIAL && found.review.status == MatchStatus::Proposed
        });
    html! {
        section.sheet aria-labelledby="maps" {
            h2 #maps { "What it maps to" }
            @if all == 0 { p { "No requirement. That is an answer too: nothing in it bears on one." } }
            @if !strong.is_empty() { (match_table(web, "What it maps to", &strong)) }
            @if !weak.is_empty() {
                details open[strong.is_empty()] {
                    summary { (weak.len()) " that it hardly serves" }
                    (match_table(web, "What it hardly serves", &weak))
                }
            }
            @if all > MATCHES { p { a href={ "/queue?status=all&document=" (id) } { "All " (all) " matches" } } }
        }
    }
}

fn given(found: &ReviewedMatch) -> Sufficiency {
    found.review.counts
}

fn match_table(web: &Web, caption: &str, found: &[&ReviewedMatch]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label={ (caption) ", table" } {
            table {
                caption.sr { (caption) }
                thead { tr {
                    th scope="col" { "Requirement" }
                    th scope="col" { "Framework" }
                    th scope="col" { "Sufficiency" }
                    th scope="col" { "Confidence" }
                    th scope="col" { "Status" }
                } }
                tbody { @for found in found {
                    @let name = &found.head.requirement;
                    @let framework = web.catalogue.framework(&name.framework);
                    tr {
                        th scope="row" {
                            a href=(Item::of_match(&found.head.document, name).address()) {
                                span.id { (name.requirement) } " "
                                (web.catalogue.requirement(name).map_or("", |known| known.title.as_str()))
                            }
                        }
                        td { (framework.map_or(name.framework.as_str(), |known| known.title.as_str())) }
                        td.nowrap { (marks::dots(given(found))) " " (given(found)) }
                        td { (marks::confidence(found.head.confidence)) }
                        td { (marks::chip(marks::state(&found.review))) }
                    }
                } }
            }
        }
    }
}

fn text(shown: &Shown, asked: &Asked, may_add: bool) -> Markup {
    let mark = span(&asked.mark);
    let at = asked.at.parse().ok().or(mark.map(|mark| mark.start)).unwrap_or(0);
    html! {
        section.evidence.sheet #text aria-labelledby="text-title" {
            header {
                h2 #text-title { "Text" }
                p.place { "As it was read; every quote refers to it." }
            }
            @if mark.is_some() && may_add {
                p.soft { "The passage is marked. A match that was missed is added from its requirement." }
            }
            (passage_view::text_from(shown.document, mark.as_slice(), at))
        }
    }
}

/// The span that `START-END` names.
fn span(text: &str) -> Option<Span> {
    let (start, end) = text.split_once('-')?;
    let span = Span::new(start.parse().ok()?, end.parse().ok()?);
    (!span.is_empty()).then_some(span)
}
