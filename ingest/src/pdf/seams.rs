//! Cells that touch: a header's text may fill its cell so that no gap shows. Where a text object
//! begins at the place where a neighbouring line has a cell, a cell begins here too.

use super::layout::{Cell, Line};

/// A text object and a neighbour's cell begin at the same place within this many points.
const ALIGNMENT: f64 = 1.0;
/// A neighbour with fewer cells than this does not show a table.
const FEWEST_CELLS: usize = 3;

/// A line with more cells than this is none of a table's.
const MOST_CELLS: usize = 64;

/// Where a text object begins within a cell.
#[derive(Clone, Debug)]
pub(super) struct Seam {
    /// Byte of the cell's text.
    pub(super) at: usize,
    /// Points from the page's left edge.
    pub(super) x: f64,
}

/// Parts cells along the seams that a line's neighbours show to be cells' beginnings.
pub(super) fn part(lines: &mut [Line]) {
    for index in 0..lines.len() {
        if lines[index].cells.iter().all(|cell| cell.seams.is_empty())
            || lines[index].is_tagged_row()
        {
            continue;
        }
        let starts: Vec<f64> = [index.wrapping_sub(1), index + 1]
            .iter()
            .filter_map(|neighbour| lines.get(*neighbour))
            .filter(|line| (FEWEST_CELLS..=MOST_CELLS).contains(&line.cells.len()))
            .flat_map(|line| line.cells.iter().map(|cell| cell.start.x))
            .collect();
        let is_start = |x: f64| starts.iter().any(|start| (start - x).abs() <= ALIGNMENT);
        let line = &mut lines[index];
        if line.cells.iter().flat_map(|cell| &cell.seams).any(|seam| is_start(seam.x)) {
            let cells = std::mem::take(&mut line.cells);
            line.cells = cells.into_iter().flat_map(|cell| parted(cell, is_start)).collect();
        }
    }
}

fn parted(mut cell: Cell, is_start: impl Fn(f64) -> bool) -> Vec<Cell> {
    let mut parts = Vec::new();
    for seam in std::mem::take(&mut cell.seams).iter().rev().filter(|seam| is_start(seam.x)) {
        let text = cell.text.split_off(seam.at.min(cell.text.len()));
        let mut start = cell.start;
        start.x = seam.x;
        parts.push(Cell { text, start, end: cell.end, seams: Vec::new(), column: None });
        cell.end.x = seam.x;
    }
    parts.push(cell);
    parts.reverse();
    parts.retain(|part| !part.text.trim().is_empty());
    parts
}
