use crate::{Limits, fault::Fault};

/// Between two cells of a row: ` | `.
const BETWEEN_CELLS: usize = 3;

/// The characters that a reader may still put out. Readers that repeat what stands once in their input (key paths,
/// shared strings, empty cells) count what they put out as they go: the canonical text is only counted once it is all there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    left: usize,
    limit: usize,
}

impl Budget {
    pub(crate) fn of(limits: &Limits) -> Self {
        Self { left: limits.text_chars, limit: limits.text_chars }
    }

    /// Takes a text and the line break after it.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Fault> {
        self.take(text.chars().count() + 1)
    }

    /// Takes a row's cell with the mark that parts it from the next.
    pub(crate) fn cell(&mut self, text: &str) -> Result<(), Fault> {
        self.take(text.chars().count() + BETWEEN_CELLS)
    }

    /// Takes empty cells.
    pub(crate) fn empty_cells(&mut self, count: usize) -> Result<(), Fault> {
        self.take(count.saturating_mul(BETWEEN_CELLS))
    }

    fn take(&mut self, chars: usize) -> Result<(), Fault> {
        let over = || Fault::OverLimit {
            what: "the number of characters of its text".into(),
            limit: self.limit as u64,
        };
        self.left = self.left.checked_sub(chars).ok_or_else(over)?;
        Ok(())
    }
}
