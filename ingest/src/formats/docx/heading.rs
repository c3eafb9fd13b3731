use super::body::Piece;
use crate::{block::Block, formats::text};

/// Longest heading that is told by its look, in words.
const MAX_WORDS: usize = 12;

/// The blocks, with headings told by their look where no style tells any: many real documents have headings that are
/// only short, bold paragraphs, or numbered ones.
pub(super) fn settle(pieces: Vec<Piece>) -> Vec<Block> {
    let styled = pieces
        .iter()
        .filter(|piece| matches!(piece.block, Block::Heading { .. }) && !piece.is_title)
        .count();
    if styled > 0 {
        return pieces.into_iter().map(|piece| piece.block).collect();
    }
    let mut titled = pieces
        .iter()
        .any(|piece| piece.is_title && matches!(piece.block, Block::Heading { level: 1, .. }));
    let mut blocks = Vec::with_capacity(pieces.len());
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let last = pieces.peek().is_none();
        let block = match piece.block {
            Block::Paragraph(text) if piece.bold && is_short(&text) && !last => {
                let level = match text::numbering(text.trim()) {
                    Some((depth, _)) => depth + 1,
                    None if titled => 2,
                    None => 1,
                };
                titled = true;
                Block::Heading { level: level.min(6), text }
            }
            Block::Paragraph(text) if is_numbered_title(&text) && !last => {
                let level = text::numbering(text.trim()).map_or(2, |(depth, _)| depth + 1);
                Block::Heading { level: level.min(6), text }
            }
            Block::Item { level, marker, text }
                if piece.bold && is_short(&text) && !marker.is_empty() && !last =>
            {
                Block::Heading { level: (level + 2).min(6), text: format!("{marker} {text}") }
            }
            other => other,
        };
        blocks.push(block);
    }
    blocks
}

fn is_short(text: &str) -> bool {
    let text = text.trim();
    let words = text.split_whitespace().count();
    (1..=MAX_WORDS).contains(&words)
        && !text.contains('\n')
        && !text.ends_with(['.', ',', ';', ':', '_', '?'])
}

/// `1.2 Title`, plain, with at least two numbers: one number alone may be a list's.
fn is_numbered_title(text: &str) -> bool {
    let text = text.trim();
    text::numbering(text).is_some_and(|(depth, _)| depth >= 2)
        && is_short(text)
        && text.split_whitespace().count() <= 8
}
