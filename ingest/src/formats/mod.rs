//! One file for each format: its bytes (or decoded text) to blocks and properties.

mod columns;
pub(crate) mod csv;
pub(crate) mod docx;
mod drawn;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod log;
pub(crate) mod mail;
pub(crate) mod markdown;
pub(crate) mod odf;
mod office;
pub(crate) mod pdf;
pub(crate) mod picture;
pub(crate) mod pptx;
pub(crate) mod rtf;
mod slides;
mod sparse;
mod table;
pub(crate) mod text;
pub(crate) mod xlsx;
pub(crate) mod xml;
pub(crate) mod zip;

use crate::{block::Block, facts};

/// What a format's reader found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Content {
    pub(crate) blocks: Vec<Block>,
    /// Properties of the file, each named as the format names it (`dc:creator`, `/Title`, `owner` in front matter).
    pub(crate) properties: Vec<(String, String)>,
}

/// Levels of nested lists that are told apart.
const LIST_LEVELS: usize = 8;

/// The heading that the bold sentence at the beginning of a paragraph is: `4. Audits and corrective actions.` A label is none.
fn run_in(bold: &str) -> Option<&str> {
    let heading = bold.trim().strip_suffix('.')?;
    let letters = heading.chars().filter(|c| c.is_alphabetic()).count();
    let is_short = heading.split_whitespace().count() <= RUN_IN_WORDS && letters >= 3;
    (is_short && !heading.contains(['\n', ':']) && !facts::is_label(heading)).then_some(heading)
}

/// Words of such a heading at most: longer ones are sentences that are stressed.
const RUN_IN_WORDS: usize = 8;

/// The block that running text makes: an item where it stands behind a list's marker, `lists` deep, else a paragraph.
fn item_or_paragraph(text: String, marker: Option<String>, lists: usize) -> Block {
    let level = lists.saturating_sub(1).min(LIST_LEVELS) as u8;
    match marker {
        Some(marker) => Block::Item { level, marker, text },
        None => Block::Paragraph(text),
    }
}

/// What someone wrote about a document, told apart from what it says.
fn comment(author: &str, date: &str, text: &str) -> Block {
    let by: Vec<&str> =
        [author.trim(), date.trim()].into_iter().filter(|text| !text.is_empty()).collect();
    let by = if by.is_empty() { String::new() } else { format!(" ({})", by.join(", ")) };
    Block::Paragraph(format!("Comment{by}: {}", text.trim()))
}
