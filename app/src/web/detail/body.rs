use super::place::place;
use crate::commands::relation;
use crate::view::View;
use crate::web::item::Item;
use crate::web::{marks, passage_view};
use maud::{Markup, html};
use sufficit_evidence::{Assessment, Citation, CopyOf, DocumentId, RequirementRef};
use sufficit_review::ReviewedMatch;

/// Matches that a requirement's table shows; the queue has the rest.
const SHOWN: usize = 100;

/// The documents held against a requirement, best first, with what was decided of each.
pub(crate) fn table(view: &View, name: &RequirementRef, assessment: Option<&Assessment>) -> Markup {
    let matches = view.matches_of(name);
    let copy_of = |document: &DocumentId| -> Option<&CopyOf> {
        let mut shares = assessment?.evidence.iter();
        shares.find(|share| share.document == *document)?.copy_of.as_ref()
    };
    html! {
        section aria-labelledby="body" {
            h3 #body { "Body of evidence" }
            @if matches.is_empty() { p { "No document bears on it." } } @else {
                div.wide tabindex="0" role="region" aria-label="Body of evidence, table" {
                    table {
                        caption.sr { "Documents held against " (name.requirement) }
                        thead { tr {
                            th scope="col" { "Document" }
                            th scope="col" { "Kind" }
                            th scope="col" { "Sufficiency" }
                            th scope="col" { "Confidence" }
                            th scope="col" { "Status" }
                        } }
                        tbody { @for (position, found) in matches.iter().take(SHOWN).enumerate() {
                            (row(view, found, copy_of(&found.head.document), position == 0))
                        } }
                    }
                }
                @if matches.len() > SHOWN { p.soft { (matches.len() - SHOWN) " weaker matches more stand in the queue." } }
            }
            p {
                a.add-match href={ "/search?for=" (name.framework) "/" (name.requirement) } aria-keyshortcuts="+" {
                    "Add a match that was missed"
                }
            }
        }
    }
}

fn row(view: &View, found: &ReviewedMatch, copy: Option<&CopyOf>, first: bool) -> Markup {
    let item = Item::of_match(&found.head.document, &found.head.requirement);
    let path = |document: &DocumentId| view.path(document).unwrap_or(document.as_str()).to_owned();
    let given = found.review.counts;
    html! {
        tr {
            th.path scope="row" {
                a href=(item.address()) data-item=(item) class=[first.then_some("next-document")]
                    rel=[first.then_some("next")] aria-keyshortcuts=[first.then_some("n")] { (path(&found.head.document)) }
                @if let Some(copy) = copy {
                    br; span.hint { "not counted: " (relation(copy.how)) " " (path(&copy.document)) }
                }
            }
            td { (found.head.kind) }
            td.nowrap { (marks::dots(given)) " " (given) }
            td { (marks::confidence(found.head.confidence)) }
            td { (marks::chip(marks::state(&found.review))) }
        }
    }
}

/// The passages that show the requirement's checks best.
pub(crate) fn passages(
    view: &View,
    name: &RequirementRef,
    assessment: Option<&Assessment>,
) -> Markup {
    let mut shown: Vec<(&DocumentId, &Citation)> = Vec::new();
    for state in assessment.iter().flat_map(|assessment| &assessment.checks) {
        if let (Some(document), Some(citation)) = (&state.document, &state.citation)
            && !shown.contains(&(document, citation))
        {
            shown.push((document, citation));
        }
    }
    html! {
        section.evidence aria-labelledby="evidence" {
            header { h3 #evidence { "Best passages" } }
            div.text tabindex="0" role="region" aria-label="Quotes" {
                @if shown.is_empty() { p.soft { "No passage meets a check of " (name.requirement) "." } }
                @for (document, citation) in shown {
                    p { (source(view, document, Some(citation))) }
                    blockquote { "“" (citation.quote) "”" }
                }
            }
        }
    }
}

/// A document with a link to the place that is cited of it.
pub(crate) fn source(view: &View, document: &DocumentId, citation: Option<&Citation>) -> Markup {
    let path = view.path(document).unwrap_or(document.as_str());
    match citation {
        Some(citation) => html! {
            a href=(passage_view::address(document, citation.span)) { (path) } ", " (place(citation))
        },
        None => html! { a href={ "/documents/" (document) } { (path) } },
    }
}
