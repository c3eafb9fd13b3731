//! Glyphs joined to fragments: stretches of text on one baseline without a wide gap.

use super::bidi::{is_right_to_left, turn};
use super::encoding::push_readable;
use super::matrix::Point;

/// A gap is a space from half the font's space on, but within these bounds, in ems: fonts lie
/// about their space, and those that TeX embeds have another glyph in its place. A line set tight leaves 0.16 between words.
const SPACE_GAP: std::ops::RangeInclusive<f64> = 0.08..=0.14;
/// White space counts where the next glyph is moved on by this share of its width at least: some producers show a space
/// within a word and take it back.
const SPACE_KEPT: f64 = 0.2;
/// Letters one by one are a word set wide apart from this many on.
const FEWEST_LETTERS: usize = 4;
/// Letters further apart than this, in ems, fill boxes or stand by themselves.
const WIDEST_TRACKING: f32 = 0.4;
/// From here on the gap may be the space between words of one letter, unless wider ones part words.
const NARROWEST_SPACE: f32 = 0.24;
/// This share of the parts are single letters.
const LETTERS: f32 = 0.8;
/// Among them a gap parts words where it is this much wider than the usual one.
const WORD_GAP: f32 = 1.4;
/// A gap that parts two fragments, in ems: wider than justification stretches a space.
const WIDE_GAP: f64 = 1.5;
/// The same where a new text object begins after the gap, as it does in a table's next cell.
const WIDE_GAP_AT_OBJECT: f64 = 1.0;
/// Bytes of a fragment that glyphs may still go before: each moves what is there.
const LONGEST_TURNED: usize = 4_000;
/// Fragments of a page beyond this many are dropped and the page counts as cut.
const MOST_FRAGMENTS: usize = 400_000;

/// A glyph as it stands on the page.
pub(super) struct Glyph<'t> {
    pub(super) text: &'t str,
    /// Where its baseline begins and ends.
    pub(super) start: Point,
    pub(super) end: Point,
    pub(super) style: Style,
}

/// What the glyphs of a string have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// The way the text runs; of length 1.
    pub(super) direction: Point,
    /// Points.
    pub(super) size: f64,
    /// Width of a space, in points.
    pub(super) space: f64,
    /// Extra advance after each glyph, in points.
    pub(super) tracking: f64,
    pub(super) bold: bool,
    /// Marked as no part of the content: page header, footer, background.
    pub(super) artifact: bool,
    /// The page's marked content that it stands in, which the structure tree names.
    pub(super) mark: Option<u32>,
}

/// Text on one baseline.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    pub(super) text: String,
    pub(super) start: Point,
    /// Where its last visible glyph ends.
    pub(super) end: Point,
    pub(super) style: Style,
    /// Characters, and how many of them are bold.
    pub(super) characters: usize,
    pub(super) bold_characters: usize,
    /// The width of the white space shown after its last visible glyph, in points.
    pub(super) space_after: Option<f64>,
    /// White space was shown before its first glyph, within the same string.
    pub(super) space_before: bool,
    /// It is the first of its text object.
    pub(super) opens_object: bool,
    /// The gaps that were read as spaces, in ems; not kept where white space was shown.
    gaps: Vec<f32>,
    /// What is known of gaps that are no wider than the extra advance set for their glyphs.
    tracked: Tracked,
}

/// Letters set wide apart have one extra advance, gap after gap; other producers set it for a letter or two, to leave the
/// space that follows them.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Tracked {
    /// The last gap was none of these.
    No,
    /// The last one was the first.
    Once {
        /// Byte of the text behind it.
        at: usize,
        /// In points.
        tracking: f64,
    },
    /// It was not the first.
    Again,
}

/// What a page shows, as the interpreter comes upon it.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    pub(super) fragments: Vec<Fragment>,
    /// Glyphs with and without text.
    pub(super) decoded: usize,
    pub(super) undecoded: usize,
    /// A limit was met or a stream was damaged: there may be more text than is here.
    pub(super) cut: bool,
    pub(super) images: bool,
    /// Some of its text is read from right to left.
    pub(super) right_to_left: bool,
    /// How many of the fragments are the page's own; annotations show the rest.
    pub(super) own_fragments: usize,
    object_opened: bool,
    space_pending: bool,
}

impl Canvas {
    /// A text object begins (`BT`).
    pub(super) fn open_object(&mut self) {
        self.object_opened = true;
        self.space_pending = false;
    }

    /// Puts a glyph on the page.
    pub(super) fn place(&mut self, glyph: &Glyph<'_>) {
        if glyph.text.is_empty() {
            return;
        }
        if glyph.text.chars().all(char::is_whitespace) {
            self.space_pending = true;
            if let Some(last) = self.fragments.last_mut() {
                let width = glyph.end.from(glyph.start).length();
                last.space_after = Some(last.space_after.unwrap_or(0.0) + width);
            }
            return;
        }
        if is_right_to_left(glyph.text) {
            self.right_to_left = true;
            self.place_turned(glyph);
        } else if !self.extend_last(glyph) {
            self.begin(glyph);
        }
        self.object_opened = false;
        self.space_pending = false;
    }

    /// Fragments hold text from left to right: a glyph to the left of the last goes before it, and
    /// one that stands for several letters is turned like the text it will be turned back with.
    fn place_turned(&mut self, glyph: &Glyph<'_>) {
        let mut text = String::new();
        push_readable(glyph.text, &mut text);
        let text = if text.chars().nth(1).is_some() { turn(&text) } else { text };
        let glyph = Glyph { text: &text, ..*glyph };
        if !self.extend_last(&glyph) && !self.precede_last(&glyph) {
            self.begin(&glyph);
        }
    }

    fn precede_last(&mut self, glyph: &Glyph<'_>) -> bool {
        let Some(last) = self.fragments.last_mut() else { return false };
        let (old, new) = (&last.style, &glyph.style);
        let step = last.start.from(glyph.end);
        let (gap, height) = (step.along(old.direction), step.across(old.direction));
        if self.object_opened
            || old.artifact != new.artifact
            || old.mark != new.mark
            || old.direction.along(new.direction) < 0.99
            || !(0.8..=1.25).contains(&(new.size / old.size))
            || height.abs() > 0.15 * new.size
            || gap < -0.5 * new.size
            || gap > WIDE_GAP * new.size
            || last.text.len() > LONGEST_TURNED
        {
            return false;
        }
        if self.space_pending || is_space(gap - new.tracking, old, new) {
            last.text.insert(0, ' ');
        }
        last.text.insert_str(0, glyph.text);
        last.characters += glyph.text.len();
        last.bold_characters += if new.bold { glyph.text.len() } else { 0 };
        last.start = glyph.start;
        last.space_after = None;
        last.tracked = Tracked::No;
        true
    }

    /// A glyph stands here whose text was shown with an earlier one: the fragment reaches on.
    pub(super) fn stretch(&mut self, start: Point, end: Point, size: f64) {
        if let Some(last) = self.fragments.last_mut()
            && start.from(last.end).length() < 0.5 * size
        {
            last.end = end;
        }
    }

    fn extend_last(&mut self, glyph: &Glyph<'_>) -> bool {
        let Some(last) = self.fragments.last_mut() else { return false };
        let (old, new) = (&last.style, &glyph.style);
        let ratio = new.size / old.size;
        if self.object_opened
            || old.artifact != new.artifact
            || old.mark != new.mark
            || old.direction.along(new.direction) < 0.99
            || !(0.8..=1.25).contains(&ratio)
        {
            return false;
        }
        let step = glyph.start.from(last.end);
        let (gap, height) = (step.along(old.direction), step.across(old.direction));
        if height.abs() > 0.15 * new.size || gap < -0.5 * new.size || gap > WIDE_GAP * new.size {
            return false;
        }
        last.settle_tracking(gap);
        let old = &last.style;
        if last.parts_words(gap, new) {
            last.text.push(' ');
            last.tracked = Tracked::No;
            if last.space_after.is_none() {
                last.gaps.push((gap / new.size) as f32);
            }
        } else if is_space(gap, old, new) {
            last.tracked = match last.tracked {
                Tracked::No => Tracked::Once { at: last.text.len(), tracking: old.tracking },
                Tracked::Once { .. } | Tracked::Again => Tracked::Again,
            };
        } else {
            last.tracked = Tracked::No;
        }
        let before = last.text.len();
        push_readable(glyph.text, &mut last.text);
        let added = last.text.len() - before;
        last.characters += added;
        last.bold_characters += if new.bold { added } else { 0 };
        last.end = glyph.end;
        last.space_after = None;
        last.style.tracking = new.tracking;
        last.style.space = new.space;
        true
    }

    fn begin(&mut self, glyph: &Glyph<'_>) {
        if self.fragments.len() >= MOST_FRAGMENTS {
            self.cut = true;
            return;
        }
        let mut text = String::new();
        push_readable(glyph.text, &mut text);
        let characters = text.len();
        self.fragments.push(Fragment {
            text,
            start: glyph.start,
            end: glyph.end,
            style: glyph.style,
            characters,
            bold_characters: if glyph.style.bold { characters } else { 0 },
            space_after: None,
            gaps: Vec::new(),
            tracked: Tracked::No,
            space_before: self.space_pending,
            opens_object: self.object_opened,
        });
    }
}

/// Whether a gap of that many points between glyphs of two styles reads as a space.
fn is_space(gap: f64, before: &Style, after: &Style) -> bool {
    let size = before.size.max(after.size);
    let half = 0.5 * before.space.max(after.space);
    gap > half.clamp(SPACE_GAP.start() * size, SPACE_GAP.end() * size)
}

fn is_letter(part: &str) -> bool {
    let mut characters = part.chars();
    characters.next().is_some_and(|c| c.is_lowercase() || c.is_uppercase())
        && characters.next().is_none()
}

impl Fragment {
    /// Whether a gap of that many points before `next` reads as a space: white space was shown in it, or it is wider than
    /// the extra advance that the letters have anyway.
    pub(super) fn parts_words(&self, gap: f64, next: &Style) -> bool {
        let kept = |width| gap > SPACE_KEPT * width || width < SPACE_GAP.start() * next.size;
        self.space_after.is_some_and(kept) || is_space(gap - self.style.tracking, &self.style, next)
    }

    /// Takes the spaces out of `T I T L E S` whose letters are set apart by gaps, but for those between words.
    pub(super) fn close_up(&mut self) {
        let parts: Vec<&str> = self.text.split(' ').collect();
        let letters = parts.iter().filter(|part| is_letter(part)).count();
        if self.gaps.len() + 1 != parts.len()
            || letters < FEWEST_LETTERS
            || (letters as f32) < LETTERS * parts.len() as f32
        {
            return;
        }
        let mut sorted = self.gaps.clone();
        sorted.sort_by(f32::total_cmp);
        let usual = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        let is_tracking = usual < NARROWEST_SPACE
            || usual < WIDEST_TRACKING && self.gaps.iter().any(|&gap| gap > WORD_GAP * usual);
        if !is_tracking {
            return;
        }
        let mut text = String::with_capacity(self.text.len());
        for (at, part) in parts.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|gap| self.gaps.get(gap));
            if before.is_some_and(|&gap| gap > WORD_GAP * usual) {
                text.push(' ');
            }
            text.push_str(part);
        }
        self.text = text;
    }

    /// Where the letters after a first tracked gap are not set apart, it was a space.
    fn settle_tracking(&mut self, gap: f64) {
        if let Tracked::Once { at, tracking } = self.tracked
            && gap < 0.5 * tracking
        {
            self.text.insert(at, ' ');
            self.tracked = Tracked::No;
        }
    }

    /// How wide a gap before this fragment parts it from what stands before on its line, in points.
    pub(super) fn wide_gap(&self) -> f64 {
        self.style.size * if self.opens_object { WIDE_GAP_AT_OBJECT } else { WIDE_GAP }
    }
}
