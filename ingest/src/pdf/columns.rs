//! Columns that are shown line by line across the gutter: each line of the page holds a line of every column.
//!
//! Tables look the same from afar. What tells columns of text is that their lines fill them, one after the other without
//! gaps, many times.

use super::layout::{Cell, Line};

/// Fewer lines than this show no columns.
const FEWEST_LINES: usize = 8;
/// More columns than this are a table's.
const MOST_COLUMNS: usize = 4;
/// Lines of a column stand at most this far apart, in ems.
const LEADING: f64 = 1.9;
/// Share of its column's width that a line fills on average, and the characters that it has.
const FILL: f64 = 0.75;
const CHARACTERS: usize = 18;
/// Share of the lines that stand in all columns.
const WHOLE: f64 = 0.6;

/// Puts each column's lines after those of the column to its left.
pub(super) fn part(lines: Vec<Line>) -> Vec<Line> {
    let mut parted = Vec::with_capacity(lines.len());
    let mut run: Option<Run> = None;
    for line in lines {
        let line = match &mut run {
            Some(open) => match open.take(line) {
                Ok(()) => continue,
                Err(line) => {
                    parted.extend(run.take().into_iter().flat_map(Run::close));
                    line
                }
            },
            None => line,
        };
        match Run::open(line) {
            Ok(opened) => run = Some(opened),
            Err(line) => parted.push(line),
        }
    }
    parted.extend(run.into_iter().flat_map(Run::close));
    parted
}

/// Lines that may hold the lines of several columns.
struct Run {
    lines: Vec<Line>,
    /// How far the cells of each column reach.
    columns: Vec<(f64, f64)>,
}

impl Run {
    fn open(line: Line) -> Result<Self, Line> {
        if !(2..=MOST_COLUMNS).contains(&line.cells.len())
            || !line.is_upright()
            || line.is_tagged_row()
        {
            return Err(line);
        }
        let columns = line.cells.iter().map(reach).collect();
        Ok(Self { lines: vec![line], columns })
    }

    /// Takes a line whose cells stand each in a column of its own, close below the last.
    fn take(&mut self, line: Line) -> Result<(), Line> {
        let step = self.lines.last().map_or(0.0, |last| last.baseline() - line.baseline());
        let close = step > 0.3 * line.size && step < LEADING * line.size;
        if !close
            || !line.is_upright()
            || line.is_tagged_row()
            || line.cells.len() > self.columns.len()
        {
            return Err(line);
        }
        let mut columns = self.columns.clone();
        let mut free = 0;
        for cell in &line.cells {
            let Some(column) = self.column_of(cell).filter(|column| *column >= free) else {
                return Err(line);
            };
            free = column + 1;
            let (left, right) = reach(cell);
            if let Some(reached) = columns.get_mut(column) {
                *reached = (reached.0.min(left), reached.1.max(right));
            }
        }
        if columns.windows(2).any(|pair| matches!(pair, [left, right] if left.1 >= right.0)) {
            return Err(line);
        }
        self.columns = columns;
        self.lines.push(line);
        Ok(())
    }

    /// The column that a cell overlaps most.
    fn column_of(&self, cell: &Cell) -> Option<usize> {
        let (left, right) = reach(cell);
        let overlap = |column: &(f64, f64)| right.min(column.1) - left.max(column.0);
        let (index, most) =
            self.columns.iter().map(overlap).enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        (most > 0.0).then_some(index)
    }

    fn close(self) -> Vec<Line> {
        if !self.is_text() {
            return self.lines;
        }
        let mut columns: Vec<Vec<Line>> = self.columns.iter().map(|_| Vec::new()).collect();
        for line in &self.lines {
            for cell in &line.cells {
                let Some(column) = self.column_of(cell).and_then(|index| columns.get_mut(index))
                else {
                    continue;
                };
                column.push(Line { cells: vec![cell.clone()], ..*line });
            }
        }
        columns.into_iter().flatten().collect()
    }

    /// Whether the lines are those of columns and not of a table.
    fn is_text(&self) -> bool {
        let count = self.lines.len();
        let whole = self.lines.iter().filter(|line| line.cells.len() == self.columns.len()).count();
        if count < FEWEST_LINES || (whole as f64) < WHOLE * count as f64 {
            return false;
        }
        (0..self.columns.len()).all(|index| {
            let Some((left, right)) = self.columns.get(index) else { return false };
            let cells: Vec<&Cell> = self
                .lines
                .iter()
                .flat_map(|line| &line.cells)
                .filter(|cell| self.column_of(cell) == Some(index))
                .collect();
            let characters: usize = cells.iter().map(|cell| cell.text.chars().count()).sum();
            let width: f64 = cells.iter().map(|cell| reach(cell).1 - reach(cell).0).sum();
            characters >= CHARACTERS * cells.len()
                && width >= FILL * (right - left) * cells.len() as f64
        })
    }
}

fn reach(cell: &Cell) -> (f64, f64) {
    (cell.start.x, cell.end.x.max(cell.start.x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::matrix::Point;

    fn line(y: f64, cells: &[(f64, f64, &str)]) -> Line {
        let cell = |(left, right, text): &(f64, f64, &str)| Cell {
            text: (*text).to_owned(),
            start: Point { x: *left, y },
            end: Point { x: *right, y },
            seams: Vec::new(),
            column: None,
        };
        Line {
            cells: cells.iter().map(cell).collect(),
            direction: Point { x: 1.0, y: 0.0 },
            size: 10.0,
            bold: false,
            artifact: false,
            tag: None,
        }
    }

    fn texts(lines: &[Line]) -> Vec<&str> {
        lines.iter().flat_map(|line| &line.cells).map(|cell| cell.text.as_str()).collect()
    }

    #[test]
    fn columns_shown_line_by_line_are_read_one_after_the_other() {
        let left = (50.0, 285.0, "text that fills the left column");
        let right = (310.0, 540.0, "text that fills the right column");
        let mut lines = vec![line(712.0, &[(50.0, 540.0, "A title over both columns")])];
        lines.extend((0..8).map(|n| line(700.0 - 12.0 * f64::from(n), &[left, right])));
        lines.push(line(604.0, &[(50.0, 160.0, "ends early")]));
        let parted = part(lines);
        let texts = texts(&parted);
        assert_eq!(texts.len(), 18);
        assert_eq!(texts[1..9], [left.2; 8]);
        assert_eq!(texts[9], "ends early");
        assert_eq!(texts[10..], [right.2; 8]);
    }

    #[test]
    fn rows_of_a_table_stay_whole() {
        let rows = (0..12).map(|n| {
            let cells = [
                (50.0, 80.0, "A.5.1"),
                (120.0, 300.0, "Policies for security"),
                (400.0, 440.0, "Yes"),
            ];
            line(700.0 - 12.0 * f64::from(n), &cells)
        });
        let rows: Vec<Line> = rows.collect();
        assert!(part(rows).iter().all(|line| line.cells.len() == 3));
    }
}
