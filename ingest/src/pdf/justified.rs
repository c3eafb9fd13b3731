//! Justified lines: narrow columns stretch the spaces of a line until they look like gaps between cells.

use super::layout::{Cell, Line};

/// Lines of a paragraph reach equally far within this many points.
const EDGE: f64 = 1.5;
/// Cells of a table begin at the same place within this many points.
const ALIGNMENT: f64 = 3.0;
/// Lines of a paragraph stand at most this far apart, in ems.
const LEADING: f64 = 2.0;
/// A stretched space is at most this wide, in ems: where there are several of them, and where there is one.
const WIDEST: f64 = 5.0;
const WIDEST_SINGLE: f64 = 2.2;
/// The spaces of a line are stretched alike: the widest is at most so many times the narrowest.
const UNEVEN: f64 = 1.4;
/// A line with more gaps is not looked at.
const MOST_CELLS: usize = 24;

/// Joins the cells of lines that are only stretched.
pub(super) fn join(lines: &mut [Line]) {
    for index in 0..lines.len() {
        let is_stretched = lines.get(index).is_some_and(|line| {
            let before = index.checked_sub(1).and_then(|before| lines.get(before));
            let after = lines.get(index + 1);
            is_even(line)
                && before.into_iter().chain(after).any(|other| reaches_as_far(line, other))
                && before.into_iter().chain(after).all(|other| !is_aligned(line, other))
        });
        if is_stretched && let Some(line) = lines.get_mut(index) {
            line.cells = whole(std::mem::take(&mut line.cells)).into_iter().collect();
        }
    }
}

/// Whether a line's gaps are alike and between words.
fn is_even(line: &Line) -> bool {
    if !(2..=MOST_CELLS).contains(&line.cells.len())
        || !line.is_upright()
        || line.is_tagged_row()
        || line.cells.iter().any(|cell| !cell.text.chars().any(char::is_alphabetic))
    {
        return false;
    }
    let gaps = line.cells.windows(2).filter_map(|pair| match pair {
        [before, after] => Some(after.start.x - before.end.x),
        _ => None,
    });
    let widest = gaps.clone().fold(0.0, f64::max);
    let narrowest = gaps.fold(f64::MAX, f64::min);
    let most = if line.cells.len() > 2 { WIDEST } else { WIDEST_SINGLE };
    narrowest > 0.0 && widest <= most * line.size && widest <= UNEVEN * narrowest
}

/// Whether another line is of the same paragraph: as far to the left and to the right, and close.
fn reaches_as_far(line: &Line, other: &Line) -> bool {
    let right = |line: &Line| line.cells.last().map_or(0.0, |cell| cell.end.x);
    let left = |line: &Line| line.cells.first().map_or(0.0, |cell| cell.start.x);
    (right(line) - right(other)).abs() <= EDGE
        && (left(line) - left(other)).abs() <= 3.0 * line.size
        && (line.baseline() - other.baseline()).abs() <= LEADING * line.size
        && (line.size - other.size).abs() < 0.5
}

/// Whether cells of both begin at the same place, as a table's do.
fn is_aligned(line: &Line, other: &Line) -> bool {
    line.cells.iter().skip(1).any(|cell| {
        other
            .cells
            .iter()
            .skip(1)
            .take(MOST_CELLS)
            .any(|other| (cell.start.x - other.start.x).abs() <= ALIGNMENT)
    })
}

fn whole(cells: Vec<Cell>) -> Option<Cell> {
    cells.into_iter().reduce(|mut whole, cell| {
        whole.text.push(' ');
        whole.text.push_str(&cell.text);
        whole.end = cell.end;
        whole.seams.clear();
        whole
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::matrix::Point;

    fn line(y: f64, cells: &[(f64, f64)]) -> Line {
        let cell = |(left, right): &(f64, f64)| Cell {
            text: "words".into(),
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

    fn counts(mut lines: Vec<Line>) -> Vec<usize> {
        join(&mut lines);
        lines.iter().map(|line| line.cells.len()).collect()
    }

    #[test]
    fn stretched_spaces_are_spaces_and_a_table_s_gaps_are_not() {
        let stretched = vec![
            line(700.0, &[(50.0, 250.0)]),
            line(688.0, &[(50.0, 90.0), (110.0, 170.0), (190.0, 250.0)]),
            line(676.0, &[(50.0, 120.0), (142.0, 160.0), (180.0, 250.0)]),
        ];
        assert_eq!(counts(stretched), [1, 1, 1]);
        let row = |y| line(y, &[(50.0, 90.0), (110.0, 170.0), (190.0, 250.0)]);
        assert_eq!(counts(vec![row(700.0), row(688.0)]), [3, 3]);
        let ragged =
            vec![line(700.0, &[(50.0, 250.0)]), line(688.0, &[(50.0, 90.0), (110.0, 150.0)])];
        assert_eq!(counts(ragged), [1, 2]);
    }
}
