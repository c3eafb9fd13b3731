use super::words::Words;
use crate::{block::Block, pdf::PdfLine};

/// Share of its column's width that a line must leave free, beyond the next word, to have been ended on purpose.
const FREE: f32 = 0.15;

/// A paragraph or list item in the making.
#[derive(Default)]
pub(super) struct Paragraph {
    lines: Vec<Piece>,
    item: Option<(u8, String)>,
}

struct Piece {
    text: String,
    /// The next line's first word would have had room on it.
    ended_early: bool,
}

impl Paragraph {
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Begins a list item.
    pub(super) fn open_item(&mut self, level: u8, marker: String) {
        self.item = Some((level, marker));
    }

    /// Adds a line's text; `room` is where its column ends on the right, `next` the line after it.
    pub(super) fn push(&mut self, text: String, line: &PdfLine, room: f32, next: Option<&PdfLine>) {
        let ended_early = next.is_some_and(|next| {
            let characters = next.text.chars().count().max(1) as f32;
            let word = next.text.split_whitespace().next().unwrap_or_default().chars().count();
            let word = (next.right - next.x).max(0.0) * word as f32 / characters;
            line.right + word < room - FREE * (room - line.x)
        });
        self.lines.push(Piece { text, ended_early });
    }

    /// Puts it out as a block.
    pub(super) fn flush(&mut self, words: &Words, blocks: &mut Vec<Block>) {
        if self.lines.is_empty() {
            return;
        }
        let lines = std::mem::take(&mut self.lines);
        let is_item = self.item.is_some();
        let early =
            |index: usize| !is_item && lines.get(index).is_some_and(|line| line.ended_early);
        let text = words.join(lines.iter().map(|line| line.text.as_str()), early);
        blocks.push(match self.item.take() {
            Some((level, marker)) => Block::Item { level, marker, text },
            None => Block::Paragraph(text),
        });
    }
}
