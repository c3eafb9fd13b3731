use super::bookmarks::Marked;
use crate::{
    formats::text,
    pdf::{PdfLine, PdfPage, TagRole},
};
use std::collections::BTreeMap;

/// Lines this many times as large as the body's are headings.
const HEADING_SIZE: f32 = 1.12;
/// Longest heading in words: told by its size, by its weight, by nothing but its number or capitals.
const MOST_WORDS: usize = 16;
const MOST_BOLD_WORDS: usize = 12;
const MOST_PLAIN_WORDS: usize = 8;
/// The same in characters, for scripts that do not part words.
const MOST_CHARACTERS: usize = 140;
const MOST_WIDE_CHARACTERS: usize = 45;
/// More lines of one weight than this that follow each other closely are text.
const MOST_LINES: usize = 2;

/// What a document's lines look like as a whole.
pub(super) struct Look {
    /// Size of most of the text.
    pub(super) body: f32,
    /// Heading sizes in half points, largest first.
    sizes: Vec<i32>,
    bold_is_rare: bool,
    capitals_are_rare: bool,
    /// Levels of headings that the producer named, by size and weight.
    named: BTreeMap<(i32, bool), u8>,
}

/// Where a line stands on its page.
pub(super) struct Spot<'a> {
    pub(super) lines: &'a [PdfLine],
    pub(super) index: usize,
    /// The page's usual gap.
    pub(super) usual: f32,
}

impl Look {
    pub(super) fn of(pages: &[PdfPage], marked: &Marked) -> Self {
        let mut by_size: BTreeMap<i32, usize> = BTreeMap::new();
        let (mut bold, mut capitals, mut all) = (0, 0, 0);
        let mut named: BTreeMap<(i32, bool), u8> = BTreeMap::new();
        for (number, page) in pages.iter().enumerate() {
            for (index, line) in page.lines.iter().enumerate() {
                let chars = line.text.chars().count();
                // Tables are often set smaller than the text around them.
                let weight = if line.cells.is_empty() { chars * 4 } else { chars };
                *by_size.entry(half_points(line.size)).or_default() += weight;
                all += chars;
                bold += if line.bold { chars } else { 0 };
                capitals += if is_in_capitals(&line.text) { chars } else { 0 };
                if let Some(level) = marked.level(number, index).or_else(|| tagged_level(line)) {
                    let known = named.entry((half_points(line.size), line.bold)).or_insert(level);
                    *known = level.min(*known);
                }
            }
        }
        let body = by_size.iter().max_by_key(|(_, chars)| **chars).map_or(20, |(size, _)| *size);
        let body = body as f32 / 2.0;
        let is_heading = |size: &i32| *size as f32 / 2.0 >= body * HEADING_SIZE;
        let sizes = by_size.keys().rev().copied().filter(is_heading).collect();
        // What the producer names in the body's own look tells nothing of other lines.
        named.remove(&(half_points(body), false));
        Self {
            body,
            sizes,
            bold_is_rare: bold * 2 < all,
            capitals_are_rare: capitals * 5 < all,
            named,
        }
    }

    /// A line's level as heading by its look: its size, or, in the body's size, weight, capitals and numbering.
    pub(super) fn heading_level(&self, spot: &Spot<'_>) -> Option<u8> {
        let line = spot.line()?;
        let trimmed = line.text.trim();
        let words = trimmed.split_whitespace().count();
        let letters = trimmed.chars().filter(|c| c.is_alphabetic()).count();
        let is_wide = |c: &char| matches!(c, '\u{2e80}'..='\u{ffef}');
        if words > MOST_WORDS
            || trimmed.chars().count() > MOST_CHARACTERS
            || trimmed.chars().filter(is_wide).count() > MOST_WIDE_CHARACTERS
            || letters < 2
            || spot.is_part_of_paragraph()
        {
            return None;
        }
        let in_sentence = trimmed.starts_with(char::is_lowercase) || trimmed.ends_with('.');
        if in_sentence && line.size < self.body * 1.5 {
            return None;
        }
        let size = half_points(line.size);
        let by_size = self.sizes.binary_search_by(|known| size.cmp(known)).ok();
        if let Some(rank) = by_size {
            let rank = u8::try_from(rank + 1).unwrap_or(u8::MAX);
            return Some(self.level(line, rank));
        }
        let numbering = text::numbering(trimmed).map(|(depth, _)| depth);
        if trimmed.ends_with(['.', ',', ';', ':', '?']) || !line.cells.is_empty() {
            return None;
        }
        let bold = line.bold && self.bold_is_rare && line.size >= self.body * 0.95;
        let is_heading = match numbering {
            _ if bold && words <= MOST_BOLD_WORDS => {
                (spot.is_apart() || numbering.is_some()) && spot.bold_lines() <= MOST_LINES
            }
            _ if words > MOST_PLAIN_WORDS || !spot.is_apart() => false,
            Some(depth) if depth > 1 => !spot.is_in_list(depth),
            Some(depth) => spot.is_followed_by_gap() && !spot.is_in_list(depth),
            None => {
                self.capitals_are_rare
                    && letters >= 4
                    && is_in_capitals(trimmed)
                    && line.size >= self.body * 0.95
            }
        };
        let level = self.sizes.len().min(3) as u8 + numbering.map_or(1, |depth| depth.min(3));
        is_heading.then(|| self.level(line, level))
    }

    /// The level of a line that is a heading whatever its look.
    pub(super) fn level_of(&self, line: &PdfLine) -> u8 {
        let size = half_points(line.size);
        let rank = self.sizes.iter().take_while(|known| **known > size).count();
        self.level(line, rank.min(3) as u8 + 1)
    }

    /// The level of headings that look the same and were named by the producer, or one that fits in below those that look larger.
    fn level(&self, line: &PdfLine, otherwise: u8) -> u8 {
        let size = half_points(line.size);
        let level = match self.named.get(&(size, line.bold)) {
            Some(level) => *level,
            None if self.named.is_empty() => otherwise,
            None => {
                let larger = self.named.iter().filter(|((named, _), _)| *named > size);
                larger.map(|(_, level)| level + 1).max().unwrap_or_else(|| {
                    match self.named.keys().any(|(named, _)| *named < size) {
                        true => 1,
                        false => otherwise,
                    }
                })
            }
        };
        level.clamp(1, 6)
    }
}

impl Spot<'_> {
    fn line(&self) -> Option<&PdfLine> {
        self.lines.get(self.index)
    }

    fn next(&self) -> Option<&PdfLine> {
        self.lines.get(self.index + 1)
    }

    fn is_tight(&self, line: &PdfLine) -> bool {
        line.gap_before.is_some_and(|gap| gap <= self.usual * 1.1)
    }

    /// Whether it does not follow the line above it closely.
    pub(super) fn is_apart(&self) -> bool {
        self.line().is_some_and(|line| !self.is_tight(line))
    }

    fn is_followed_by_gap(&self) -> bool {
        self.next().is_some_and(|next| !self.is_tight(next))
    }

    /// Whether it is bold like the line above it and follows that closely, unnumbered: if that is a heading, so is this.
    pub(super) fn goes_on_in_bold(&self) -> bool {
        let before = self.index.checked_sub(1).and_then(|before| self.lines.get(before));
        self.line().zip(before).is_some_and(|(line, before)| {
            line.bold
                && before.bold
                && self.is_tight(line)
                && half_points(line.size) == half_points(before.size)
                && line.cells.is_empty()
                && line.tag.map(|tag| tag.element) == before.tag.map(|tag| tag.element)
                && text::numbering(line.text.trim()).is_none()
        })
    }

    /// Bold lines that follow each other closely from this one on, up to one more than a heading has.
    fn bold_lines(&self) -> usize {
        let after = self.lines.iter().skip(self.index + 1).take(MOST_LINES);
        1 + after.take_while(|line| line.bold && self.is_tight(line)).count()
    }

    /// Whether the next line goes on with it in the midst of a sentence, or is tagged as the same paragraph.
    fn is_part_of_paragraph(&self) -> bool {
        let (Some(line), Some(next)) = (self.line(), self.next()) else { return false };
        let same_look = half_points(line.size) == half_points(next.size);
        let tagged = |line: &PdfLine| {
            line.tag.filter(|tag| tag.role == TagRole::Paragraph).map(|tag| tag.element)
        };
        same_look
            && (tagged(line).is_some() && tagged(line) == tagged(next) && line.bold != next.bold
                || self.is_tight(next) && !next.bold && next.text.starts_with(char::is_lowercase))
    }

    /// Whether the line after it is numbered as deep: both are items of a list.
    fn is_in_list(&self, depth: u8) -> bool {
        let as_deep = |line: &PdfLine| {
            text::numbering(line.text.trim()).is_some_and(|(other, _)| other == depth)
        };
        self.next().is_some_and(as_deep)
            || self
                .index
                .checked_sub(1)
                .and_then(|before| self.lines.get(before))
                .is_some_and(as_deep)
    }
}

/// The level of a line that is tagged as heading.
pub(super) fn tagged_level(line: &PdfLine) -> Option<u8> {
    match line.tag?.role {
        TagRole::Heading(level) => Some(level),
        _ => None,
    }
}

/// The distance between most lines of a page, in line heights.
pub(super) fn usual_gap(page: &PdfPage) -> f32 {
    let mut gaps: Vec<f32> = page
        .lines
        .iter()
        .filter_map(|line| line.gap_before)
        .filter(|gap| (0.8..2.5).contains(gap))
        .collect();
    gaps.sort_by(f32::total_cmp);
    gaps.get(gaps.len() / 3).copied().unwrap_or(1.2).max(1.0)
}

fn is_in_capitals(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

fn half_points(size: f32) -> i32 {
    (size * 2.0).round() as i32
}
