//! Headings that are told by their look: many real documents have headings that are only short and bold, bigger than
//! the text, in capitals or numbered, and no style that says so.

use super::{body::Piece, paragraph::Look};
use crate::{block::Block, facts, formats::text};
use std::cmp::Reverse;

/// Longest heading that is told by its look, in words.
const MAX_WORDS: usize = 12;
/// Longest one that is told by its number alone, or that ends with a colon.
const FEW_WORDS: usize = 8;
/// Letters are bigger than others from this many percent of their size.
const BIGGER: u32 = 115;
/// As many lines of one look without text between them are a list or an address.
const RUN: usize = 3;
/// Level of the sections of a document, below its title.
const SECTION: u8 = 2;
const DEEPEST: u8 = 6;

/// The blocks, with the headings that a reader sees and no style names.
pub(super) fn settle(pieces: Vec<Piece>) -> Vec<Block> {
    let text_size = usual_size(&pieces);
    let is_styled = |piece: &Piece| matches!(piece.block, Block::Heading { .. }) && !piece.is_title;
    let styled = pieces.iter().any(is_styled);
    let mut told: Vec<bool> = (0..pieces.len())
        .map(|n| match pieces.get(n..) {
            Some([piece, next, ..]) => is_told(piece, next, text_size, styled),
            _ => false,
        })
        .collect();
    drop_runs(&pieces, &mut told);
    let levels = if styled { below_styled(&pieces, &told) } else { by_look(&pieces, &told) };
    pieces.into_iter().zip(levels).map(|(piece, level)| as_heading(piece.block, level)).collect()
}

fn as_heading(block: Block, level: Option<u8>) -> Block {
    match (block, level) {
        (Block::Paragraph(text), Some(level)) => Block::Heading { level, text },
        (Block::Item { marker, text, .. }, Some(level)) => {
            Block::Heading { level, text: format!("{marker} {text}") }
        }
        (block, _) => block,
    }
}

/// The size of most letters of the running text.
fn usual_size(pieces: &[Piece]) -> u16 {
    let mut sizes = std::collections::BTreeMap::<u16, usize>::new();
    for piece in pieces {
        if matches!(piece.block, Block::Paragraph(_) | Block::Item { .. }) {
            *sizes.entry(piece.look.size).or_default() += piece.look.letters;
        }
    }
    sizes.into_iter().max_by_key(|(_, letters)| *letters).map_or(0, |(size, _)| size)
}

fn is_told(piece: &Piece, next: &Piece, text_size: u16, styled: bool) -> bool {
    let Some((text, depth)) = line(&piece.block) else { return false };
    let look = piece.look;
    let words = text.split_whitespace().count();
    let bigger = u32::from(look.size) * 100 >= u32::from(text_size) * BIGGER;
    if !reads_like_one(text) {
        return false;
    }
    if styled {
        return (look.bold || bigger) && words <= FEW_WORDS;
    }
    // A number alone heads something only where text follows that is no further item of a list.
    let leads = match &next.block {
        Block::Paragraph(_) => line(&next.block).is_some_and(|(text, depth)| {
            depth.is_none() && text.split_whitespace().count() > words
        }),
        Block::Table { .. } => true,
        _ => false,
    };
    let is_typed = matches!(piece.block, Block::Paragraph(_));
    let numbered = words <= FEW_WORDS
        && !text.ends_with([':', '?'])
        && match depth {
            None => false,
            Some(2..) if is_typed => true,
            Some(_) => leads,
        };
    // Names in addresses are in capitals too.
    let shouted =
        look.capitals && look.letters > 3 && (leads || matches!(next.block, Block::Item { .. }));
    look.bold || bigger || shouted || numbered
}

/// The text of a block that may be a heading, with the depth of its number.
fn line(block: &Block) -> Option<(&str, Option<u8>)> {
    match block {
        Block::Paragraph(text) => {
            let text = text.trim();
            match text::numbering(text) {
                Some((depth, length)) => Some((text.get(length..)?.trim(), Some(depth))),
                None => Some((text, None)),
            }
        }
        Block::Item { marker, text, .. } if marker.starts_with(|c: char| c.is_alphanumeric()) => {
            let parts = marker.split('.').filter(|part| !part.is_empty()).count();
            Some((text.trim(), Some(parts.clamp(1, 9) as u8)))
        }
        _ => None,
    }
}

/// Words that name what follows: no sentence, no label with its value, no address, date or line to sign on.
fn reads_like_one(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let label = text.split_once(':').map_or(text, |(label, _)| label);
    let ends_open = text.ends_with(':');
    // `To: Jo Roe`, unlike `Annex 1: Forms` and `Roles and duties: all staff`.
    let is_field = text.contains(':')
        && !ends_open
        && !label.trim().contains(|c: char| c.is_whitespace() || c.is_ascii_digit());
    let value =
        text.rsplit_once(' ').filter(|(_, last)| last.contains(|c: char| c.is_ascii_digit()));
    (1..=MAX_WORDS).contains(&words)
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !text.contains(['\n', '\t', '|', '@', '☐', '☒'])
        && !text.contains("://")
        && !text.contains("___")
        && !text.contains("....")
        && !text.ends_with(['.', ',', ';', '…'])
        && !is_field
        && (!text.contains(':') || !facts::is_label(label) && (!ends_open || words <= FEW_WORDS))
        && !value.is_some_and(|(label, _)| facts::is_label(label))
        && (words > 4 || facts::dates::find(text).is_empty())
}

/// Lines of one look in a row, with no text between them, head nothing; the first of a document is still its title.
fn drop_runs(pieces: &[Piece], told: &mut [bool]) {
    let mut from = 0;
    while from < told.len() {
        let same = |n: &usize| {
            told.get(*n) == Some(&true)
                && pieces.get(*n).zip(pieces.get(from)).is_some_and(|(piece, first)| {
                    key(piece.look) == key(first.look)
                        && line(&piece.block).is_some_and(|(_, depth)| depth.is_none())
                })
        };
        let length = (from..told.len()).take_while(same).count();
        if length >= RUN {
            let title = usize::from(told.iter().take(from).all(|told| !told));
            for told in told.iter_mut().skip(from + title).take(length - title) {
                *told = false;
            }
        }
        from += length.max(1);
    }
}

/// What makes two headings of one rank; the greater stands higher.
fn key(look: Look) -> (u16, bool, bool) {
    (look.size, look.capitals, look.bold)
}

/// Levels where styles name no heading: the title, then by size and weight, those with numbers by the depth of these.
fn by_look(pieces: &[Piece], told: &[bool]) -> Vec<Option<u8>> {
    let found: Vec<(usize, Look, Option<u8>)> = pieces
        .iter()
        .enumerate()
        .filter(|(n, _)| told.get(*n) == Some(&true))
        .filter_map(|(n, piece)| Some((n, piece.look, line(&piece.block)?.1)))
        .collect();
    let mut levels: Vec<Option<u8>> = vec![None; pieces.len()];
    let titled = pieces
        .iter()
        .any(|piece| piece.is_title && matches!(piece.block, Block::Heading { level: 1, .. }));
    let may_be_title = |n: usize, depth: &Option<u8>| {
        let text = pieces.get(n).and_then(|piece| line(&piece.block));
        !titled && depth.is_none() && text.is_some_and(|(text, _)| counted(text).is_none())
    };
    let title = found.first().filter(|(n, _, depth)| may_be_title(*n, depth)).map(|(n, ..)| *n);
    let sections = || found.iter().filter(|(n, ..)| Some(*n) != title);
    let mut looks: Vec<_> = sections().map(|(_, look, _)| Reverse(key(*look))).collect();
    looks.sort_unstable();
    looks.dedup();
    let rank = |look: Look| {
        let above = looks.partition_point(|other| other.0 > key(look));
        SECTION.saturating_add(above.min(9) as u8)
    };
    let mut by_depth = [0_u8; 10];
    for depth in 1..by_depth.len() {
        let own = sections().filter(|(.., own)| own.map(usize::from) == Some(depth));
        let highest = own.map(|(_, look, _)| rank(*look)).min().unwrap_or(SECTION);
        let above = by_depth.get(depth - 1).copied().unwrap_or_default();
        if let Some(level) = by_depth.get_mut(depth) {
            *level = highest.max(above + 1);
        }
    }
    // Sections that are counted in words (`Annex A`, `Section 2`) are of one level whatever their look.
    let mut by_word = std::collections::BTreeMap::<String, u8>::new();
    let word = |n: usize| pieces.get(n).and_then(|piece| counted(line(&piece.block)?.0));
    for (n, look, _) in sections() {
        if let Some(word) = word(*n) {
            let level = by_word.entry(word).or_insert(DEEPEST);
            *level = rank(*look).min(*level);
        }
    }
    for (n, look, depth) in &found {
        let level = match depth {
            _ if Some(*n) == title => 1,
            Some(depth) => by_depth.get(usize::from(*depth)).copied().unwrap_or(DEEPEST),
            None => word(*n).and_then(|word| by_word.get(&word).copied()).unwrap_or(rank(*look)),
        };
        if let Some(slot) = levels.get_mut(*n) {
            *slot = Some(level.min(DEEPEST));
        }
    }
    levels
}

/// The word before a section's number: `section` of `Section 2 Roles`.
fn counted(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let (word, number) = (words.next()?, words.next()?);
    let number = number.trim_end_matches([':', '.', ')']);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        || number.len() == 1 && number.starts_with(|c: char| c.is_ascii_uppercase());
    (is_number && word.chars().all(char::is_alphabetic)).then(|| word.to_lowercase())
}

/// Levels where styles name headings: the others stand below the one before them.
fn below_styled(pieces: &[Piece], told: &[bool]) -> Vec<Option<u8>> {
    let mut above: Option<u8> = None;
    let mut any = false;
    pieces
        .iter()
        .zip(told)
        .map(|(piece, told)| {
            if let Block::Heading { level, .. } = piece.block {
                (above, any) = (Some(level), true);
                return None;
            }
            let level = match above {
                Some(level) => (level + 1).min(DEEPEST),
                None if any => SECTION,
                None => 1,
            };
            any |= told;
            told.then_some(level)
        })
        .collect()
}
