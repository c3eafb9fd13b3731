use crate::{
    Limits,
    block::Block,
    budget::Budget,
    fault::Fault,
    formats::{
        slides::one_text,
        sparse::{self, Cells},
        table,
    },
};

/// Twentieths of a point within which cells of two rows begin at the same place.
const NEAR: i32 = 60;

/// A cell's left edge with what it holds.
type Placed = (i32, Vec<Block>);

/// The rows that stand together, and the one that is being read.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<Placed>>,
    headers: usize,
    /// The cells of the open row, and what the open cell holds so far.
    cells: Vec<Vec<Block>>,
    pub(super) open: Vec<Block>,
    /// Where the cells of the row end, and which are covered by one beside or above.
    edges: Vec<(i32, bool)>,
    left: i32,
    is_covered: bool,
    is_header: bool,
}

impl Table {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.cells.is_empty() && self.open.is_empty()
    }

    /// A control word that defines a row; false where it is none.
    pub(super) fn define(&mut self, word: &str, number: Option<i32>, limits: &Limits) -> bool {
        match word {
            "trowd" => {
                self.edges.clear();
                (self.left, self.is_covered, self.is_header) = (0, false, false);
            }
            "trleft" => self.left = number.unwrap_or(0),
            "trhdr" => self.is_header = true,
            "clmrg" | "clvmrg" => self.is_covered = true,
            "cellx" => {
                if self.edges.len() <= limits.columns {
                    self.edges.push((number.unwrap_or(0), self.is_covered));
                }
                self.is_covered = false;
            }
            _ => return false,
        }
        true
    }

    pub(super) fn close_cell(&mut self) {
        self.cells.push(std::mem::take(&mut self.open));
    }

    pub(super) fn close_row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().all(Vec::is_empty) {
            return;
        }
        let known = self.edges.len() >= cells.len();
        let mut left = self.left;
        let mut row = Vec::with_capacity(cells.len());
        for (n, blocks) in cells.into_iter().enumerate() {
            let (right, is_covered) = match self.edges.get(n).filter(|_| known) {
                Some(edge) => *edge,
                None => (left.saturating_add(1000), false),
            };
            row.push((left, if is_covered { Vec::new() } else { blocks }));
            left = right;
        }
        self.headers += usize::from(self.is_header && self.rows.len() == self.headers);
        self.rows.push(row);
    }

    /// The rows as blocks.
    pub(super) fn finish(
        &mut self,
        budget: &mut Budget,
        limits: &Limits,
    ) -> Result<Vec<Block>, Fault> {
        if !self.open.is_empty() {
            self.close_cell();
        }
        self.close_row();
        let rows = std::mem::take(&mut self.rows);
        let headers = std::mem::take(&mut self.headers);
        // A table of one column only lays out the page.
        if rows.iter().all(|row| row.len() <= 1) {
            return Ok(rows.into_iter().flatten().flat_map(|(_, blocks)| blocks).collect());
        }
        let mut edges: Vec<i32> = rows.iter().flatten().map(|(edge, _)| *edge).collect();
        edges.sort_unstable();
        edges.dedup_by(|next, first| next.saturating_sub(*first) <= NEAR);
        let column =
            |edge: i32| edges.partition_point(|first| *first <= edge).saturating_sub(1) as u32;
        let rows: Vec<Cells> = rows
            .into_iter()
            .map(|row| {
                let filled = row.into_iter().filter(|(_, blocks)| !blocks.is_empty());
                filled.map(|(edge, blocks)| (column(edge), one_text(&blocks))).collect()
            })
            .collect();
        let mut rows = sparse::dense(rows, budget, limits)?;
        let has_header = rows.len() > 1 && (headers > 0 || table::header_row(&rows) == Some(0));
        let header = has_header.then(|| rows.remove(0));
        Ok(vec![Block::Table { header, rows }])
    }
}
