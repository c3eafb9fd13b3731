//! Lines to reading order.
//!
//! The order in which a page shows its text is kept unless geometry speaks plainly against it:
//! a page header drawn last goes to the top, a footer drawn first to the bottom, the left of two
//! neighbours before the right. What is merely beside or far apart stays as the producer wrote it,
//! so columns and tables are not torn apart.

use super::layout::{Cell, Line};

/// Lines farther apart than this, in ems, are not one block.
const LEADING: f64 = 2.0;
/// Pages with more blocks than this keep the order in which they are shown: ordering compares
/// blocks in pairs.
const MOST_BLOCKS: usize = 3_000;

/// Share of a page's height at its top and foot where page headers and footers stand.
const MARGIN: f64 = 0.12;
/// They stand clear of the rest by so many ems.
const CLEAR: f64 = 1.2;
/// Lines of annotations beyond this many are not held against the page's lines.
const MOST_VALUES: usize = 1_000;

/// Lines that were shown one after the other and stand one below the other.
struct Block {
    lines: Vec<Line>,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    upright: bool,
}

/// Puts each value that was filled into a form (or a note set on the page) behind the label on
/// whose line it stands; the rest follows as lines of their own.
pub(super) fn fill_in(lines: &mut Vec<Line>, annotations: Vec<Line>) {
    for (index, mut annotation) in annotations.into_iter().enumerate() {
        if index >= MOST_VALUES {
            lines.push(annotation);
            continue;
        }
        for value in std::mem::take(&mut annotation.cells) {
            match lines.iter_mut().find(|line| takes(line, &value, &annotation)) {
                Some(line) => {
                    let before = |cell: &&Cell| cell.start.x < value.start.x;
                    let at = line.cells.iter().take_while(before).count();
                    line.cells.insert(at, value);
                }
                None => lines.push(Line { cells: vec![value], ..annotation }),
            }
        }
    }
}

/// Whether a value stands on a line, after its beginning and in free space.
fn takes(line: &Line, value: &Cell, annotation: &Line) -> bool {
    let size = line.size.max(annotation.size);
    let free = |cell: &Cell| {
        cell.end.x <= value.start.x + 0.5 * size || value.end.x <= cell.start.x + 0.5 * size
    };
    line.is_upright()
        && annotation.is_upright()
        && (line.baseline() - value.start.y).abs() < 0.5 * size
        && line.cells.first().is_some_and(|cell| cell.start.x < value.start.x)
        && line.cells.iter().all(free)
}

/// Brings the lines of a page of that height into reading order.
pub(super) fn order(lines: Vec<Line>, height: f64) -> Vec<Line> {
    let blocks = blocks(lines);
    if blocks.len() > MOST_BLOCKS {
        return blocks.into_iter().flat_map(|block| block.lines).collect();
    }
    let (head, foot) = margins(&blocks, height);
    let mut ordered: Vec<Block> = Vec::with_capacity(blocks.len());
    let (mut above, mut below) = (Vec::new(), Vec::new());
    for block in blocks {
        if block.upright && block.bottom >= head {
            let at = position(&above, &block);
            above.insert(at, block);
        } else if block.upright && block.top <= foot {
            let at = position(&below, &block);
            below.insert(at, block);
        } else {
            let at = position(&ordered, &block);
            ordered.insert(at, block);
        }
    }
    above.into_iter().chain(ordered).chain(below).flat_map(|block| block.lines).collect()
}

/// The heights above which the page's header stands and below which its footer does: each stands at the page's edge, clear of all else.
fn margins(blocks: &[Block], height: f64) -> (f64, f64) {
    let (mut head, mut foot) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut spans: Vec<(f64, f64, f64)> = blocks
        .iter()
        .filter(|block| block.upright)
        .map(|block| {
            let size = block.lines.first().map_or(0.0, |line| line.size);
            (block.bottom, block.top, size)
        })
        .collect();
    spans.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut bottom = f64::INFINITY;
    for (low, high, size) in &spans {
        if bottom.is_finite() && bottom - high > CLEAR * size {
            head = bottom;
        }
        if *low < height * (1.0 - MARGIN) {
            break;
        }
        bottom = bottom.min(*low);
    }
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut top = f64::NEG_INFINITY;
    for (low, high, size) in &spans {
        if top.is_finite() && low - top > CLEAR * size {
            foot = top;
        }
        if *high > height * MARGIN {
            break;
        }
        top = top.max(*high);
    }
    (head, foot)
}

/// Where a block goes among those before it.
fn position(ordered: &[Block], block: &Block) -> usize {
    let mut at = ordered.len();
    if !block.upright {
        return at;
    }
    for (index, other) in ordered.iter().enumerate().rev().filter(|(_, other)| other.upright) {
        let stacked = block.left < other.right && other.left < block.right;
        let beside = block.bottom < other.top && other.bottom < block.top;
        if stacked && other.bottom >= block.top {
            break;
        }
        let before = if stacked {
            block.bottom >= other.top
        } else {
            // Once it goes before the lower part of a column, it goes before the whole of it.
            block.right <= other.left && (beside || at == index + 1 && at < ordered.len())
        };
        if before {
            at = index;
        }
    }
    at
}

fn blocks(lines: Vec<Line>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for line in lines {
        let single = Block::of(line);
        match blocks.last_mut() {
            Some(block) if block.takes(&single) => block.append(single),
            _ => blocks.push(single),
        }
    }
    blocks
}

impl Block {
    fn of(line: Line) -> Self {
        let (left, right) = line.cells.iter().fold((f64::MAX, f64::MIN), |(left, right), cell| {
            (left.min(cell.start.x), right.max(cell.end.x))
        });
        Self {
            left,
            right,
            // The height of small letters: lines set tight still stand clear of each other.
            top: line.baseline() + 0.5 * line.size,
            bottom: line.bottom(),
            upright: line.is_upright(),
            lines: vec![line],
        }
    }

    fn takes(&self, single: &Self) -> bool {
        let (Some(last), Some(next)) = (self.lines.last(), single.lines.first()) else {
            return false;
        };
        let step = (self.bottom - next.baseline()) / last.size.max(next.size);
        self.upright
            && single.upright
            && last.artifact == next.artifact
            && (0.3..=LEADING).contains(&step)
            && self.left < single.right
            && single.left < self.right
    }

    fn append(&mut self, single: Self) {
        self.left = self.left.min(single.left);
        self.right = self.right.max(single.right);
        self.bottom = single.bottom;
        self.lines.extend(single.lines);
    }
}
