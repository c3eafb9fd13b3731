//! Fragments to lines.

use super::fragment::Fragment;
use super::matrix::Point;
use super::seams::Seam;
use super::structure::{Tag, TagRole};

/// Text on one baseline, from left to right, parted where wide gaps are.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) cells: Vec<Cell>,
    pub(super) direction: Point,
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) artifact: bool,
    /// What most of it is tagged as.
    pub(super) tag: Option<Tag>,
}

/// A part of a line.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// Its lines, where it has several.
    pub(super) text: String,
    /// Where its first line begins.
    pub(super) start: Point,
    /// How far to the right its lines reach, and the baseline of its last.
    pub(super) end: Point,
    /// Where text objects begin in it.
    pub(super) seams: Vec<Seam>,
    /// Its column, where tags name it.
    pub(super) column: Option<u16>,
}

impl Line {
    /// Height of its baseline above the page's lower edge, in points.
    pub(super) fn baseline(&self) -> f64 {
        self.cells.first().map_or(0.0, |cell| cell.start.y)
    }

    /// The baseline of its lowest cell.
    pub(super) fn bottom(&self) -> f64 {
        self.cells.iter().map(|cell| cell.end.y).fold(self.baseline(), f64::min)
    }

    /// Whether it is a table's row because its tags say so.
    pub(super) fn is_tagged_row(&self) -> bool {
        self.cells.iter().any(|cell| cell.column.is_some())
    }

    /// Whether it runs from left to right.
    pub(super) fn is_upright(&self) -> bool {
        self.direction.x > 0.99
    }
}

/// What a fragment is tagged as.
pub(super) type TagOf<'a> = dyn Fn(&Fragment) -> Option<Tag> + 'a;

/// Joins fragments to lines, in the order in which the page shows them: producers write text as
/// it is to be read far more often than geometry would tell.
pub(super) fn assemble(fragments: Vec<Fragment>, tag_of: &TagOf<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut current: Vec<Fragment> = Vec::new();
    for mut fragment in fragments {
        fragment.close_up();
        if current.last().is_some_and(|last| !continues(last, &fragment)) {
            lines.extend(finish(std::mem::take(&mut current), tag_of));
        }
        if !current.iter().rev().take(8).any(|shown| is_overprint(shown, &fragment)) {
            current.push(fragment);
        }
    }
    lines.extend(finish(current, tag_of));
    lines
}

fn continues(last: &Fragment, next: &Fragment) -> bool {
    let direction = last.style.direction;
    let step = next.start.from(last.end);
    let size = last.style.size.max(next.style.size);
    last.style.artifact == next.style.artifact
        && direction.along(next.style.direction) > 0.9
        && step.across(direction).abs() < 0.6 * size
        && step.along(direction) > -1.5 * size
}

/// The same text a hair beside itself, as some producers make it look bold.
fn is_overprint(shown: &Fragment, next: &Fragment) -> bool {
    shown.text == next.text && next.start.from(shown.start).length() < 0.1 * next.style.size
}

fn finish(fragments: Vec<Fragment>, tag_of: &TagOf<'_>) -> Option<Line> {
    let longest = fragments.iter().max_by_key(|fragment| fragment.characters)?;
    let characters: usize = fragments.iter().map(|fragment| fragment.characters).sum();
    let bold: usize = fragments.iter().map(|fragment| fragment.bold_characters).sum();
    let tag = tag_of(longest);
    let mut line = Line {
        cells: Vec::new(),
        direction: longest.style.direction,
        size: longest.style.size,
        bold: bold * 2 > characters,
        artifact: longest.style.artifact || tag.is_some_and(|tag| tag.role == TagRole::Artifact),
        // Rows are made of whole cells; a line that holds some of a cell is a line like others.
        tag: tag.filter(|tag| !matches!(tag.role, TagRole::Cell { .. })),
    };
    let mut last: Option<Fragment> = None;
    for fragment in fragments {
        let gap = last.as_ref().map(|last| fragment.start.from(last.end).along(line.direction));
        match (line.cells.last_mut(), &last, gap) {
            (Some(cell), Some(last), Some(gap))
                if gap <= fragment.wide_gap() || is_marker(&cell.text) =>
            {
                let spaced = fragment.space_before || last.parts_words(gap, &fragment.style);
                if spaced && !cell.text.ends_with(' ') {
                    cell.text.push(' ');
                }
                if fragment.opens_object {
                    cell.seams.push(Seam { at: cell.text.len(), x: fragment.start.x });
                }
                cell.text.push_str(&fragment.text);
                cell.end = fragment.end;
            }
            _ => line.cells.push(Cell {
                text: fragment.text.clone(),
                start: fragment.start,
                end: fragment.end,
                seams: Vec::new(),
                column: None,
            }),
        }
        last = Some(fragment);
    }
    Some(line)
}

/// A bullet or number that opens a list item: the item's text stands apart but belongs to it.
fn is_marker(text: &str) -> bool {
    let text = text.trim();
    let numbered = text.strip_suffix(['.', ')']).is_some_and(|number| {
        let number = number.trim_start_matches('(');
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let mut characters = text.chars();
    let bullet = matches!((characters.next(), characters.next()), (Some(sign), None)
        if !sign.is_alphanumeric() && !"|/$\u{2610}\u{2611}\u{2612}\u{2713}\u{2717}".contains(sign));
    numbered || bullet || text == "o"
}
