//! Cuts the canonical text into passages.
//!
//! A passage is read by an embedding model that sees 256 word pieces, so it is kept small: about a hundred words, cut
//! where sentences, list items and rows end. It never reaches over a heading or a page.

use crate::{
    block::{Layout, Place, Role},
    sentence,
};
use sufficit_evidence::{Passage, PassageShape, Span};

/// A passage is closed once it has this many words.
const TARGET_WORDS: usize = 80;
/// A piece that would take it over this many words opens the next one.
const FULL_WORDS: usize = 120;
/// Nothing is added past these, and a piece that is over one of them by itself is cut.
const MAX_WORDS: usize = 200;
const MAX_CHARS: usize = 1200;
/// Word pieces by [`word_pieces`]; the model reads 256 with its two marks.
const MAX_PIECES: usize = 240;
/// A section's last passage with fewer words than this joins the one before it.
const SMALL_WORDS: usize = 30;
/// Characters of a table's header row that are given as context.
const CONTEXT_CHARS: usize = 300;
/// Characters of a heading that passages and citations carry along, each its own copy.
const HEADING_CHARS: usize = 200;
/// As many headings, the innermost, at most.
const HEADINGS: usize = 9;

/// Cuts a laid-out text into passages. Every character of its paragraphs, list items and rows stands in exactly one.
pub(crate) fn cut(layout: &Layout) -> Vec<Passage> {
    let mut cutter = Cutter {
        layout,
        passages: Vec::new(),
        heading: Vec::new(),
        open: None,
        header: None,
        counted: (0, 0, 0),
        joinable: false,
    };
    let mut places = layout.places.iter().peekable();
    while let Some(place) = places.next() {
        let leads = matches!(place.role, Role::Paragraph)
            && layout.text_of(place).trim_end().ends_with(':')
            && places
                .peek()
                .is_some_and(|next| matches!(next.role, Role::Item) && next.page == place.page);
        cutter.place(place, leads);
    }
    cutter.close(true);
    cutter.passages
}

/// Estimates how many word pieces a WordPiece tokeniser makes of `text`: one for each seven letters begun, each two
/// digits begun, each mark and each letter of a script without spaces. Errs upwards on English.
pub(crate) fn word_pieces(text: &str) -> usize {
    let mut pieces = 0;
    let mut run = (0_u8, 0_usize);
    for c in text.chars() {
        let class = if c.is_ascii_digit() {
            1
        } else if c.is_alphabetic() && (c as u32) < 0x2e80 {
            2
        } else if c.is_whitespace() {
            0
        } else {
            3
        };
        run = if class == run.0 { (class, run.1 + 1) } else { (class, 1) };
        pieces += match class {
            1 => run.1 % 2,
            2 => usize::from(run.1 % 7 == 1),
            3 => 1,
            _ => 0,
        };
    }
    pieces
}

#[derive(Clone, Copy, Default)]
struct Size {
    words: usize,
    chars: usize,
    pieces: usize,
}

impl Size {
    fn of(text: &str) -> Self {
        Self {
            words: text.split_whitespace().count(),
            chars: text.chars().count(),
            pieces: word_pieces(text),
        }
    }

    fn with(self, other: Self, gap: usize) -> Self {
        Self {
            words: self.words + other.words,
            chars: self.chars + gap + other.chars,
            pieces: self.pieces + other.pieces,
        }
    }

    fn fits(self) -> bool {
        self.words <= MAX_WORDS && self.chars <= MAX_CHARS && self.pieces <= MAX_PIECES
    }

    fn is_full(self) -> bool {
        self.words >= TARGET_WORDS || self.pieces >= MAX_PIECES * 2 / 3
    }
}

/// A passage that is being filled.
struct Open {
    span: Span,
    first: usize,
    last: usize,
    size: Size,
    page: Option<u32>,
    shape: PassageShape,
    table: Option<u32>,
    context: Option<String>,
    /// Ends with a lead-in that must stay with what follows.
    leads: bool,
}

struct Cutter<'a> {
    layout: &'a Layout,
    passages: Vec<Passage>,
    heading: Vec<(u8, String)>,
    open: Option<Open>,
    header: Option<(u32, String)>,
    /// A place's first byte, a byte within it, and the characters before that.
    counted: (usize, usize, usize),
    /// Whether the last finished passage belongs to the same section and stands right before the open one.
    joinable: bool,
}

impl Cutter<'_> {
    fn place(&mut self, place: &Place, leads: bool) {
        let text = self.layout.text_of(place);
        match &place.role {
            Role::Heading(level) => {
                self.close(true);
                self.heading.retain(|(above, _)| above < level);
                self.heading.push((*level, clip_heading(text).to_owned()));
            }
            Role::Furniture | Role::Contents => self.close(true),
            Role::Paragraph => self.prose(place, text, leads),
            Role::Item => self.whole(place, text, PassageShape::List, None),
            Role::Row { table, header, .. } => {
                if *header {
                    self.header = Some((*table, clip(text)));
                }
                self.whole(place, text, PassageShape::Table, Some(*table));
            }
        }
    }

    /// A paragraph: whole where it fits, by sentences where it does not.
    fn prose(&mut self, place: &Place, text: &str, leads: bool) {
        let size = Size::of(text);
        if leads && size.words > SMALL_WORDS {
            self.sentences(place, text, PassageShape::Prose, None);
        } else if leads {
            self.close(false);
            self.add(place, text, 0..text.len(), size, PassageShape::List, None);
        } else if size.words <= FULL_WORDS && size.fits() {
            self.add(place, text, 0..text.len(), size, PassageShape::Prose, None);
        } else {
            self.sentences(place, text, PassageShape::Prose, None);
        }
        if let Some(open) = &mut self.open {
            open.leads = leads;
        }
    }

    /// A list item or row: never cut unless it is over the cap by itself.
    fn whole(&mut self, place: &Place, text: &str, shape: PassageShape, table: Option<u32>) {
        let indent = text.len() - text.trim_start().len();
        let size = Size::of(&text[indent..]);
        if size.fits() {
            self.add(place, text, indent..text.len(), size, shape, table);
        } else {
            self.close(false);
            self.sentences(place, text, shape, table);
            self.close(false);
        }
    }

    fn sentences(&mut self, place: &Place, text: &str, shape: PassageShape, table: Option<u32>) {
        for sentence in sentence::sentences(text) {
            let part = &text[sentence.clone()];
            let size = Size::of(part);
            if size.fits() {
                self.add(place, text, sentence, size, shape, table);
                continue;
            }
            for chunk in sentence::chunks(part, |piece| Size::of(piece).fits()) {
                let range = sentence.start + chunk.start..sentence.start + chunk.end;
                let size = Size::of(&text[range.clone()]);
                self.add(place, text, range, size, shape, table);
            }
        }
    }

    fn add(
        &mut self,
        place: &Place,
        text: &str,
        range: std::ops::Range<usize>,
        size: Size,
        shape: PassageShape,
        table: Option<u32>,
    ) {
        // Pieces of a place come in order; counting on from the last keeps long places linear.
        let (at, byte, chars) = self.counted;
        let (byte, chars) =
            if at == place.bytes.start && byte <= range.start { (byte, chars) } else { (0, 0) };
        let chars = chars + text[byte..range.start].chars().count();
        self.counted = (place.bytes.start, range.start, chars);
        let start = place.span.start + chars;
        let span = Span::new(start, start + size.chars);
        let (first, last) = (place.bytes.start + range.start, place.bytes.start + range.end);
        if let Some(open) = &self.open {
            let gap = span.start.saturating_sub(open.span.end);
            let grown = open.size.with(size, gap);
            let same_sort = (open.shape == PassageShape::Table) == (shape == PassageShape::Table)
                && open.table == table;
            let room = grown.words <= FULL_WORDS && !open.size.is_full() || open.leads;
            if open.page != place.page || !same_sort || !room || !grown.fits() {
                let boundary = open.page != place.page || !same_sort;
                self.close(boundary);
            }
        }
        match &mut self.open {
            Some(open) => {
                let gap = span.start.saturating_sub(open.span.end);
                open.size = open.size.with(size, gap);
                open.span.end = span.end;
                open.last = last;
                open.leads = false;
                if shape == PassageShape::List {
                    open.shape = shape;
                }
            }
            None => {
                let context = match (&self.header, &place.role) {
                    (Some((of, header)), Role::Row { table, header: false, .. }) if of == table => {
                        Some(header.clone())
                    }
                    _ => None,
                };
                self.open = Some(Open {
                    span,
                    first,
                    last,
                    size,
                    page: place.page,
                    shape,
                    table,
                    context,
                    leads: false,
                });
            }
        }
    }

    /// Finishes the open passage. At a boundary the next one starts a new section, page or table.
    fn close(&mut self, boundary: bool) {
        if let Some(open) = self.open.take()
            && !(boundary && self.joined(&open))
        {
            self.passages.push(Passage {
                ordinal: self.passages.len() as u32,
                span: open.span,
                page: open.page,
                heading: {
                    let above = self.heading.len().saturating_sub(HEADINGS);
                    self.heading.iter().skip(above).map(|(_, text)| text.clone()).collect()
                },
                context: open.context,
                shape: open.shape,
                text: self.layout.text.get(open.first..open.last).unwrap_or_default().to_owned(),
            });
            self.joinable = true;
        }
        if boundary {
            self.joinable = false;
        }
    }

    /// Joins a small remainder to the passage before it, where both together stay under the caps.
    fn joined(&mut self, open: &Open) -> bool {
        if !self.joinable || open.size.words >= SMALL_WORDS {
            return false;
        }
        let Some(before) = self.passages.last_mut() else { return false };
        // What stands between two passages is line breaks, one byte a character.
        let gap = open.span.start.saturating_sub(before.span.end);
        let text = open
            .first
            .checked_sub(gap + before.text.len())
            .and_then(|begin| self.layout.text.get(begin..open.last));
        let Some(text) = text else { return false };
        let size = Size::of(text);
        if before.page != open.page
            || before.shape != open.shape
            || size.words > FULL_WORDS + SMALL_WORDS
            || !size.fits()
        {
            return false;
        }
        before.span.end = open.span.end;
        before.text = text.to_owned();
        true
    }
}

/// A heading as far as passages and citations carry it along.
pub(crate) fn clip_heading(heading: &str) -> &str {
    heading
        .char_indices()
        .nth(HEADING_CHARS)
        .and_then(|(end, _)| heading.get(..end))
        .map_or(heading, str::trim_end)
}

fn clip(header: &str) -> String {
    match header.char_indices().nth(CONTEXT_CHARS) {
        Some((byte, _)) => {
            let cut = header.get(..byte).unwrap_or_default();
            cut.rsplit_once(" | ").map_or(cut, |(kept, _)| kept).to_owned()
        }
        None => header.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Extraction, Limits, extract};

    #[test]
    fn passages_carry_a_short_heading_whatever_stands_above_them() {
        let paragraph = format!("{}\n\n", "word ".repeat(100));
        let text = format!("# {}\n\n{}", "long ".repeat(10_000), paragraph.repeat(50));
        let Extraction::Read(document) = extract(text.as_bytes(), "a.md", &Limits::default())
        else {
            panic!("it is read");
        };
        assert_eq!(document.passages.len(), 50);
        for passage in &document.passages {
            assert!(passage.heading.iter().all(|text| text.chars().count() <= HEADING_CHARS));
        }
    }
}
