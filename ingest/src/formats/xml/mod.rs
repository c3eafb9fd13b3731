//! XML of any kind: documents by the names that their dialects share, records as tables, all else as lines of `name: value`.

mod blocks;
mod table;
#[cfg(test)]
mod tests;
mod tree;

use super::{Content, markdown, text};
use crate::{Limits, fault::Fault};

/// Reads an XML file. One that is not well formed is shown as it is written, for its text is still evidence.
pub(crate) fn read(xml: &str, limits: &Limits) -> Result<Content, Fault> {
    let body = without_doctype(xml)?;
    match tree::read(&body, limits) {
        Ok(tree) => {
            let blocks = markdown::contents_of(blocks::of(&tree, limits)?);
            Ok(Content { blocks, properties: Vec::new() })
        }
        Err(Fault::Xml { .. } | Fault::Doctype(_)) => Ok(text::read(xml)),
        Err(fault) => Err(fault),
    }
}

/// The file without its DOCTYPE, which says how it is built and nothing that is read. One that declares entities is
/// refused: a few lines of them can stand for gigabytes, or for other files.
fn without_doctype(xml: &str) -> Result<std::borrow::Cow<'_, str>, Fault> {
    let Some(start) = doctype(xml) else { return Ok(xml.into()) };
    let declared = xml.get(start..).unwrap_or_default();
    let (mut quote, mut subset) = (None, false);
    for (at, byte) in declared.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            // An apostrophe in a comment of the subset is no quote.
            (None, b'"' | b'\'') if !subset => quote = Some(byte),
            (None, b'[') => subset = true,
            (None, b']') => subset = false,
            (None, b'>') if !subset => {
                let doctype = declared.get(..at).unwrap_or_default();
                if doctype.contains("<!ENTITY") {
                    return Err(Fault::Entities);
                }
                let rest = declared.get(at + 1..).unwrap_or_default();
                return Ok([xml.get(..start).unwrap_or_default(), rest].concat().into());
            }
            _ => {}
        }
    }
    Ok(xml.into())
}

/// Where the DOCTYPE begins: before the first element, after comments and instructions only.
fn doctype(xml: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = xml.get(at..)?;
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        at += rest.len() - trimmed.len();
        let close = match trimmed {
            _ if trimmed.starts_with("<!DOCTYPE") => return Some(at),
            _ if trimmed.starts_with("<!--") => "-->",
            _ if trimmed.starts_with("<?") => "?>",
            _ => return None,
        };
        at += trimmed.find(close)? + close.len();
    }
}
