//! Lines to table rows.
//!
//! A table is mostly shown cell by cell, so a row whose cells hold several lines comes as lines
//! that run down, jump up to the next cell and run down again. Where two or more such rows follow
//! each other with cells at the same places, each becomes one line with its cells whole.

use super::layout::{Cell, Line};
use super::matrix::Point;

/// Lines of one cell stand at most this far apart, in ems.
const LEADING: f64 = 1.8;
/// A cell may begin this far above the first one of its row (cells are set in the middle too), in ems.
const RISE: f64 = 4.0;
/// Cells that begin within this many points of each other are aligned.
const ALIGNMENT: f64 = 4.0;
/// More lines than this are a column of text and not a cell.
const MOST_LINES: usize = 14;
/// Lines and cells of what may be a row; beyond them it is none, and not compared any further.
const LONGEST: usize = 400;
const WIDEST: usize = 64;

/// Joins the lines of each table row; all other lines stay as they are.
pub(super) fn join(lines: Vec<Line>) -> Vec<Line> {
    let mut rows: Vec<Row> = Vec::new();
    for line in lines {
        let placed = match rows.pop() {
            None => vec![Row::of(line)],
            Some(row) => row.take(line),
        };
        rows.extend(placed);
    }
    let tabular: Vec<bool> = (0..rows.len())
        .map(|index| {
            let row = &rows[index];
            let beside = [index.wrapping_sub(1), index + 1];
            beside.iter().filter_map(|index| rows.get(*index)).any(|other| row.is_aligned(other))
        })
        .collect();
    rows.into_iter()
        .zip(tabular)
        .flat_map(|(row, tabular)| if tabular { joined(row.lines) } else { row.lines })
        .collect()
}

/// Lines that may be a row of a table; all upright, if more than one.
struct Row {
    lines: Vec<Line>,
    columns: Vec<Column>,
}

/// A cell in the making.
struct Column {
    left: f64,
    right: f64,
    /// Baselines of its first and its last line.
    top: f64,
    bottom: f64,
    lines: usize,
}

impl Row {
    fn of(line: Line) -> Self {
        let mut row = Self { lines: Vec::new(), columns: Vec::new() };
        row.columns.extend(line.cells.iter().map(Column::of));
        row.lines.push(line);
        row
    }

    /// The row with the line in it, or the rows that the two make.
    fn take(self, line: Line) -> Vec<Self> {
        let size = line.size;
        let next = Self::of(line);
        let upright = |line: Option<&Line>| {
            line.is_some_and(|line| line.is_upright() && !line.is_tagged_row())
        };
        let [first, rest @ ..] = &next.columns[..] else { return vec![self, next] };
        if !(upright(self.lines.last()) && upright(next.lines.first()))
            || self.lines.len() >= LONGEST
            || self.columns.len() >= WIDEST
        {
            return vec![self, next];
        }
        if rest.is_empty() && self.columns.last().is_some_and(|last| last.continues(first, size)) {
            return vec![self.with_more(next)];
        }
        let mut head = self;
        let higher = |line: &Line| line.baseline() > first.top + 0.5 * size;
        let level = head.lines.iter().position(|line| !higher(line)).unwrap_or(0);
        if head.columns.len() == 1 && level > 0 {
            // What stands higher than the new cell is text before the table.
            let tail = Self::stacked(head.lines.split_off(level));
            if tail.joins(first, size) {
                return vec![Self::stacked(head.lines), tail.with(next)];
            }
            head.lines.extend(tail.lines);
            return vec![head, next];
        }
        if head.joins(first, size) { vec![head.with(next)] } else { vec![head, next] }
    }

    /// Lines that stand one below the other, as one cell.
    fn stacked(lines: Vec<Line>) -> Self {
        let cells = lines.iter().flat_map(|line| &line.cells).map(Column::of);
        let columns = cells.reduce(Column::over).into_iter().collect();
        Self { lines, columns }
    }

    /// The row with a line that goes on in its last cell.
    fn with_more(mut self, next: Self) -> Self {
        let last = self.columns.pop().into_iter().chain(next.columns).reduce(Column::over);
        self.columns.extend(last);
        self.lines.extend(next.lines);
        self
    }

    /// Whether a cell stands to the right of all others at their height.
    fn joins(&self, cell: &Column, size: f64) -> bool {
        let right = self.columns.iter().map(|column| column.right).fold(f64::MIN, f64::max);
        let top = self.columns.iter().map(|column| column.top).fold(f64::MIN, f64::max);
        let bottom = self.columns.iter().map(|column| column.bottom).fold(f64::MAX, f64::min);
        cell.left >= right && cell.top <= top + RISE * size && cell.top >= bottom - 0.5 * size
    }

    fn with(mut self, next: Self) -> Self {
        self.lines.extend(next.lines);
        self.columns.extend(next.columns);
        self
    }

    /// Whether both have two or more cells, at least two of them at the same places.
    fn is_aligned(&self, other: &Self) -> bool {
        let few = |row: &Self| {
            row.columns.len() <= WIDEST
                && row.columns.iter().all(|column| column.lines <= MOST_LINES)
        };
        let aligned = |column: &&Column| {
            other.columns.iter().any(|other| (other.left - column.left).abs() <= ALIGNMENT)
        };
        self.columns.len() > 1
            && other.columns.len() > 1
            && few(self)
            && few(other)
            && self.columns.iter().filter(aligned).count() > 1
    }
}

/// The lines of a row as one, each cell's text whole.
fn joined(lines: Vec<Line>) -> Vec<Line> {
    let mut lines = lines.into_iter();
    let mut row = lines.next();
    if let Some(row) = &mut row {
        for line in lines {
            row.bold &= line.bold;
            for cell in line.cells {
                match row.cells.last_mut() {
                    Some(last) if cell.start.x < last.end.x => {
                        last.text.push('\n');
                        last.text.push_str(&cell.text);
                        last.end.x = last.end.x.max(cell.end.x);
                        last.end.y = last.end.y.min(cell.end.y);
                    }
                    _ => row.cells.push(cell),
                }
            }
        }
    }
    row.into_iter().collect()
}

impl Column {
    fn of(cell: &Cell) -> Self {
        let Point { x: left, y } = cell.start;
        Self { left, right: cell.end.x.max(left), top: y, bottom: y, lines: 1 }
    }

    /// Whether another cell goes on with this one, a line further down.
    fn continues(&self, next: &Self, size: f64) -> bool {
        let step = self.bottom - next.top;
        next.left < self.right
            && self.left < next.right
            && step > 0.3 * size
            && step < LEADING * size
    }

    fn over(self, next: Self) -> Self {
        Self {
            left: self.left.min(next.left),
            right: self.right.max(next.right),
            top: self.top.max(next.top),
            bottom: self.bottom.min(next.bottom),
            lines: self.lines + next.lines,
        }
    }
}
