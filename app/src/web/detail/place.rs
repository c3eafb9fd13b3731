use crate::web::item::Item;
use crate::web::passage_view;
use maud::{Markup, html};
use sufficit_evidence::{Citation, Document, DocumentId, Span};

/// What is quoted of a document in a detail, in the order in which it is quoted; one of it is shown in its place.
#[derive(Debug, Default)]
pub(crate) struct Quoted<'a> {
    document: Option<&'a Document>,
    citations: Vec<&'a Citation>,
    shown: usize,
}

impl<'a> Quoted<'a> {
    /// The citations of a detail, of which the one at `shown` is shown; the first, where there are not so many. `None` for a
    /// document that is not in the record any more.
    pub(crate) fn new(
        document: Option<&'a Document>,
        citations: Vec<&'a Citation>,
        shown: usize,
    ) -> Self {
        let shown = if shown < citations.len() { shown } else { 0 };
        Self { document, citations, shown }
    }

    /// The one that is shown in its place.
    pub(crate) fn shown(&self) -> Option<&'a Citation> {
        self.citations.get(self.shown).copied()
    }

    /// A quote with a link that shows it in its place.
    pub(crate) fn quote(&self, item: &Item, citation: &Citation) -> Markup {
        let at = self.citations.iter().position(|known| *known == citation).unwrap_or(0);
        let place = place(citation);
        let anchor = passage_view::anchor(citation.span);
        html! {
            blockquote { "“" (citation.quote) "”" }
            a.cite href={ (item.address()) "?cite=" (at) "#" (anchor) }
                aria-current=[(at == self.shown).then_some("true")]
                data-page=[citation.page] data-quote=(citation.quote) data-share=[self.share(citation)]
                data-place=(place) { (place) }
        }
    }

    /// How much of the page's text stands before a quote, 0 to 1: a quote may stand on its page more than once.
    fn share(&self, citation: &Citation) -> Option<String> {
        let pages = self.document.map(|document| document.pages.as_slice()).unwrap_or_default();
        let page = pages.iter().find(|page| Some(page.page) == citation.page)?;
        let before = citation.span.start.saturating_sub(page.span.start);
        Some(format!("{:.3}", before as f64 / page.span.len().max(1) as f64))
    }

    /// The spans, each once, the one that is shown first.
    fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for citation in self.shown().into_iter().chain(self.citations.iter().copied()) {
            if !spans.contains(&citation.span) {
                spans.push(citation.span);
            }
        }
        spans
    }

    /// The document with what is quoted of it marked.
    pub(crate) fn evidence(&self, id: &DocumentId) -> Markup {
        let shown = self.shown();
        html! {
            section.evidence aria-labelledby="evidence" {
                header {
                    h3 #evidence { "Evidence" }
                    p.place aria-live="polite" { @if let Some(citation) = shown { (place(citation)) } }
                }
                @match self.document {
                    None => div.text { p { "This version of the document is not in the record any more." } },
                    Some(document) => {
                        @if document.media_type == PDF {
                            div.pdf data-file={ "/documents/" (id) "/file" }
                                data-page=(shown.and_then(|citation| citation.page).unwrap_or(1))
                                data-quote=(shown.map(|citation| citation.quote.as_str()).unwrap_or_default())
                                data-share=[shown.and_then(|citation| self.share(citation))]
                                tabindex="0" role="region" aria-label="Page of the document" {}
                        }
                        (passage_view::text(document, &self.spans()))
                    }
                }
            }
        }
    }
}

/// The media type of documents that are shown as rendered pages.
const PDF: &str = "application/pdf";

/// Where a quote stands: page and headings.
pub(crate) fn place(citation: &Citation) -> String {
    let page = citation.page.map(|page| format!("page {page}"));
    let heading = (!citation.heading.is_empty()).then(|| citation.heading.join(" › "));
    let parts: Vec<String> = page.into_iter().chain(heading).collect();
    if parts.is_empty() { "in the text".to_owned() } else { parts.join(", ") }
}
