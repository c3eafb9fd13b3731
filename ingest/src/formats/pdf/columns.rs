use super::grid::{COLUMN_SLACK, WIDEST, near};
use crate::pdf::PdfLine;

/// Where the columns of a grid begin, and which of these places are one column: centred and right-aligned cells begin at many.
pub(super) struct Columns {
    starts: Vec<f32>,
    /// The column of each start.
    merged: Vec<usize>,
}

impl Columns {
    /// The columns of lines with cells; none where there are too many for a table.
    pub(super) fn of(lines: &[&PdfLine]) -> Option<Self> {
        let mut starts: Vec<f32> = Vec::new();
        for cell in lines.iter().flat_map(|line| &line.cells) {
            if !starts.iter().any(|start| near(*start, cell.x)) {
                starts.push(cell.x);
            }
            if starts.len() > WIDEST {
                return None;
            }
        }
        starts.sort_by(f32::total_cmp);
        let mut columns = Self { merged: (0..starts.len()).collect(), starts };
        columns.merge(lines);
        Some(columns)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.merged.last().map_or(0, |last| last + 1)
    }

    /// The column of what begins at that place.
    pub(super) fn at(&self, x: f32) -> usize {
        self.merged.get(self.start_of(x)).copied().unwrap_or(0)
    }

    fn start_of(&self, x: f32) -> usize {
        self.starts.iter().rposition(|start| *start <= x + COLUMN_SLACK).unwrap_or(0)
    }

    /// Makes one column of neighbours that reach over each other and of which no line has two.
    fn merge(&mut self, lines: &[&PdfLine]) {
        let rows: Vec<Vec<(usize, f32, f32)>> = lines
            .iter()
            .map(|line| {
                line.cells.iter().map(|cell| (self.start_of(cell.x), cell.x, cell.right)).collect()
            })
            .collect();
        let mut reach = vec![(f32::MAX, f32::MIN); self.starts.len()];
        for (start, left, right) in rows.iter().flatten() {
            if let Some(reach) = reach.get_mut(*start) {
                *reach = (reach.0.min(*left), reach.1.max(*right));
            }
        }
        let mut merged = Vec::with_capacity(self.starts.len());
        let (mut first, mut open, mut column) = (0, (f32::MAX, f32::MIN), 0);
        for (index, (left, right)) in reach.into_iter().enumerate() {
            let clash = |row: &Vec<(usize, f32, f32)>| {
                row.iter().filter(|(start, ..)| (first..=index).contains(start)).count() > 1
            };
            if index > 0 && (left >= open.1 || rows.iter().any(clash)) {
                (first, open, column) = (index, (f32::MAX, f32::MIN), column + 1);
            }
            open = (open.0.min(left), open.1.max(right));
            merged.push(column);
        }
        self.merged = merged;
    }
}
