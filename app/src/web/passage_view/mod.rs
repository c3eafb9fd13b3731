//! A document's canonical text as HTML: its pages, headings, lists and tables, with spans of it marked in their place.
//! Every character that is shown comes from the canonical text, so that a marked span is the quote, verbatim.

mod blocks;
mod chars;

use blocks::{Block, Line, blocks};
use chars::Chars;
use maud::{Markup, html};
use sufficit_evidence::{Document, DocumentId, Page, PageStatus, Span};

/// Characters of a text that are shown at once; the rest is a link away.
const SHOWN: usize = 100_000;

/// The deepest heading that HTML has.
const DEEPEST: usize = 6;

/// The text of `document` with its structure, in a `div.text`. Each of `marks` stands in `<mark class="passage">` elements of which
/// the first has the id that [`anchor`] gives; the first of `marks` is the one that is shown (class `shown`), and its neighbourhood is
/// what is shown of a long text. Marks that reach past the end of the text are left out.
///
/// Headings in the text begin at level 3: whoever puts it into a page has one of level 2 above it.
pub(crate) fn text(document: &Document, marks: &[Span]) -> Markup {
    text_from(document, marks, marks.first().map_or(0, |mark| mark.start))
}

/// The same, with the neighbourhood of the character `at` in place of that of the first mark.
pub(crate) fn text_from(document: &Document, marks: &[Span], at: usize) -> Markup {
    let chars = Chars::new(&document.text);
    let blocks = blocks(document, &chars);
    let (first, last) = window(&blocks, at);
    let shown = blocks.get(first..last).unwrap_or_default();
    let ink = Ink { chars: &chars, marks };
    let mut leaves = Leaves { pages: &document.pages, next: 0 };
    leaves.skip_to(shown.first().map_or(0, |block| block.start()));
    let mut level = 2;
    html! {
        div.text tabindex="0" role="region" aria-label="Text of the document" {
            @if first > 0 {
                p.soft { a href=(address_at(&document.id, before(&blocks, first))) { "Earlier text" } }
            }
            @for block in shown {
                @for page in leaves.up_to(block.start()) { (leaf(page)) }
                (ink.block(block, &mut level))
            }
            @if last == blocks.len() {
                @for page in leaves.up_to(usize::MAX) { (leaf(page)) }
            } @else if let Some(next) = blocks.get(last) {
                p.soft { a href=(address_at(&document.id, next.start())) { "Later text" } }
            }
            @if blocks.is_empty() && document.pages.is_empty() { p.soft { "The file holds no text." } }
        }
    }
}

/// The id of the element that marks `span`.
pub(crate) fn anchor(span: Span) -> String {
    format!("c{}-{}", span.start, span.end)
}

/// The address of a passage in its document.
pub(crate) fn address(document: &DocumentId, span: Span) -> String {
    format!("/documents/{document}?mark={}-{}#{}", span.start, span.end, anchor(span))
}

fn address_at(document: &DocumentId, at: usize) -> String {
    format!("/documents/{document}?at={at}#text")
}

/// The first and one past the last of the blocks that are shown around the character `at`.
fn window(blocks: &[Block], at: usize) -> (usize, usize) {
    let length = blocks.last().map_or(0, Block::end);
    if length <= SHOWN {
        return (0, blocks.len());
    }
    let from = at.saturating_sub(SHOWN / 4);
    let first = if at == 0 { 0 } else { blocks.partition_point(|block| block.end() <= from) };
    let last = blocks.partition_point(|block| block.start() < from + SHOWN);
    (first, last.max(first + 1).min(blocks.len()))
}

/// The character around which the window before the one that begins with the block `first` lies.
fn before(blocks: &[Block], first: usize) -> usize {
    blocks.get(first).map_or(0, Block::start).saturating_sub(SHOWN * 3 / 4)
}

/// The pages that are still to be announced.
struct Leaves<'a> {
    pages: &'a [Page],
    next: usize,
}

impl<'a> Leaves<'a> {
    /// Leaves out the pages before the one that holds the character `at`.
    fn skip_to(&mut self, at: usize) {
        let begun = self.pages.partition_point(|page| page.span.start <= at);
        self.next = if at == 0 { 0 } else { begun.saturating_sub(1) };
    }

    /// The pages that begin at or before the character `at`, each given once.
    fn up_to(&mut self, at: usize) -> &'a [Page] {
        let end = self.pages.partition_point(|page| page.span.start <= at).max(self.next);
        let found = self.pages.get(self.next..end).unwrap_or_default();
        self.next = end;
        found
    }
}

fn leaf(page: &Page) -> Markup {
    let fault = match page.status {
        PageStatus::Ok => None,
        PageStatus::Empty => Some("holds no text"),
        PageStatus::Undecodable => {
            Some("could not be read: its font cannot be turned into characters")
        }
        PageStatus::Locked => Some("could not be read: it is encrypted"),
        PageStatus::Truncated => Some("was cut at a limit"),
    };
    html! {
        p.leaf-number.soft id={ "page-" (page.page) } {
            "Page " (page.page)
            @if let Some(fault) = fault { " " (fault) }
            @if let Some(sure) = page.recognised {
                ", recognised from a picture (" (format!("{:.0} % sure", sure * 100.0)) ")"
            }
        }
    }
}

/// What is written and what of it is marked.
struct Ink<'a> {
    chars: &'a Chars<'a>,
    marks: &'a [Span],
}

impl Ink<'_> {
    fn block(&self, block: &Block, level: &mut usize) -> Markup {
        match block {
            Block::Heading { depth, line } => {
                // A level is never skipped on the way down, whatever the document does.
                *level = (depth + 3).min(*level + 1).min(DEEPEST);
                let words = self.span(line.span);
                match *level {
                    3 => html! { h3 { (words) } },
                    4 => html! { h4 { (words) } },
                    5 => html! { h5 { (words) } },
                    _ => html! { h6 { (words) } },
                }
            }
            Block::Paragraph(lines) => html! {
                p { @for (position, line) in lines.iter().enumerate() {
                    @if position > 0 { br; }
                    (self.span(line.span))
                } }
            },
            Block::List(items) => html! {
                ul { @for item in items { li { (self.span(item.span)) } } }
            },
            Block::Table { header, rows } => self.table(*header, rows),
        }
    }

    fn table(&self, header: bool, rows: &[Vec<Line>]) -> Markup {
        let (head, body) = if header { rows.split_at(rows.len().min(1)) } else { rows.split_at(0) };
        html! {
            table {
                @if let Some(head) = head.first() {
                    thead { tr { @for cell in head { th scope="col" { (self.span(cell.span)) } } } }
                }
                tbody { @for row in body {
                    tr { @for cell in row { td { (self.span(cell.span)) } } }
                } }
            }
        }
    }

    /// The words at `span`, cut where a mark begins or ends.
    fn span(&self, span: Span) -> Markup {
        let touching = || self.marks.iter().filter(move |mark| mark.overlaps(span));
        let mut cuts: Vec<usize> = touching()
            .flat_map(|mark| [mark.start, mark.end])
            .filter(|cut| span.start < *cut && *cut < span.end)
            .chain([span.start, span.end])
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        html! {
            @for pair in cuts.windows(2) {
                @if let [start, end] = *pair { (self.piece(Span::new(start, end), span)) }
            }
        }
    }

    /// A piece of the words at `line` in which no mark begins or ends.
    fn piece(&self, piece: Span, line: Span) -> Markup {
        let words = self.chars.slice(piece);
        let covering: Vec<&Span> = self.marks.iter().filter(|mark| mark.overlaps(piece)).collect();
        if covering.is_empty() {
            return html! { (words) };
        }
        let shown = self.marks.first().is_some_and(|mark| mark.overlaps(piece));
        let class = if shown { "passage shown" } else { "passage" };
        let begins = |mark: &&&Span| {
            mark.start == piece.start
                || (piece.start == line.start && self.is_first_line(mark, line))
        };
        let mut names = covering.iter().filter(begins).map(|mark| anchor(**mark));
        let own = names.next();
        html! {
            @for name in names { span id=(name) {} }
            mark class=(class) id=[own] data-cite=[covering.first().map(|mark| anchor(**mark))] { (words) }
        }
    }

    /// Whether no shown character of `mark` stands before `line`: a mark may begin with a blank or a list's dash.
    fn is_first_line(&self, mark: &Span, line: Span) -> bool {
        mark.start < line.start
            && self
                .chars
                .slice(Span::new(mark.start, line.start))
                .chars()
                .all(|c| c.is_whitespace() || blocks::is_ornament(c))
    }
}

#[cfg(test)]
mod tests;
