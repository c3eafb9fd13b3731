use crate::{block::Block, formats, formats::slides::one_text};

/// What a paragraph takes from where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Look {
    pub(super) style: Option<i32>,
    /// From 1.
    pub(super) outline: Option<u8>,
    pub(super) level: u8,
    pub(super) in_table: bool,
}

/// A paragraph that is being read.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub(super) text: String,
    pub(super) look: Look,
    /// The number or bullet that was written out before it.
    pub(super) marker: Option<String>,
    /// Notes and comments, which follow it.
    pub(super) after: Vec<Block>,
}

/// What text belongs to.
#[derive(Debug, PartialEq)]
pub(super) enum Kind {
    Body,
    Header,
    Footer,
    Note,
    Comment {
        author: String,
        date: String,
    },
    /// A text box: it stands for itself, and belongs where it stands.
    Inset,
}

/// An open place that takes paragraphs.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) kind: Kind,
    pub(super) blocks: Vec<Block>,
    pub(super) paragraph: Paragraph,
    pub(super) table: super::table::Table,
}

impl Place {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            blocks: Vec::new(),
            paragraph: Paragraph::default(),
            table: super::table::Table::default(),
        }
    }
}

/// What stands before a paragraph, as it was written out; empty for a bullet.
pub(super) fn marker(written: &str) -> Option<String> {
    let written = written.trim();
    if written.is_empty() {
        return None;
    }
    let is_number = written.chars().any(char::is_alphanumeric) && written != "o" && written != "§";
    Some(if is_number { written.chars().take(40).collect() } else { String::new() })
}

/// The block that a paragraph makes; none where it is empty.
pub(super) fn block(paragraph: Paragraph, heading: Option<u8>, is_contents: bool) -> Option<Block> {
    let Paragraph { text, look, marker, .. } = paragraph;
    if text.trim().is_empty() {
        return None;
    }
    Some(match (heading, marker) {
        _ if is_contents => Block::Contents(text),
        (Some(level), Some(marker)) if !marker.is_empty() => {
            Block::Heading { level, text: format!("{marker} {}", text.trim()) }
        }
        (Some(level), _) => Block::Heading { level, text },
        (None, marker) => formats::item_or_paragraph(text, marker, usize::from(look.level) + 1),
    })
}

/// A note or comment, as it follows its paragraph.
pub(super) fn remark(kind: Kind, blocks: &[Block]) -> Option<Block> {
    let text = one_text(blocks);
    if text.trim().is_empty() {
        return None;
    }
    Some(match kind {
        Kind::Comment { author, date } => formats::comment(&author, &date, &text),
        _ => Block::Paragraph(text),
    })
}

/// A date as comments have it: minutes, hours, days, months and years packed into one number.
pub(super) fn packed_date(number: &str) -> String {
    let Ok(packed) = number.trim().parse::<i64>() else { return String::new() };
    let (day, month) = (packed >> 11 & 0x1f, packed >> 16 & 0xf);
    let year = 1900 + (packed >> 20 & 0x1ff);
    if (1..=31).contains(&day) && (1..=12).contains(&month) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        String::new()
    }
}
