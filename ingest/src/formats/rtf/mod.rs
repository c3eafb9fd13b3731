//! RTF, read by its control words in one pass, with a stack of groups of our own.

mod encoding;
mod goal;
mod place;
mod reader;
mod table;
#[cfg(test)]
mod tests;
mod tokens;

use super::{Content, markdown};
use crate::{Limits, fault::Fault};
use reader::Reader;
use tokens::Tokens;

/// The text in order, page headers before it and footers after it, notes and comments after their paragraph. Deleted and
/// hidden text is left out. A file that ends within a group is read as far as it goes: writers forget the last braces.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Content, Fault> {
    let mut reader = Reader::new(limits);
    for token in Tokens::new(bytes) {
        reader.token(token)?;
    }
    let mut content = reader.finish()?;
    content.blocks = markdown::contents_of(content.blocks);
    Ok(content)
}
