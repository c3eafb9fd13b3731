//! DOCX, read from its XML by namespace (docs/decisions/0002-docx-reader.md).

mod body;
mod field;
mod grid;
mod heading;
mod insert;
mod notes;
mod numbering;
mod numeral;
mod paragraph;
mod styles;
#[cfg(test)]
mod tests;

use super::{Content, markdown, office, zip::Container};
use crate::{Limits, block::Block, fault::Fault};
use body::Body;
pub(super) use numeral::numeral;
pub(super) use paragraph::symbol;
pub(super) use styles::heading_level;

/// The document's body in order, its page headers before it, its comments and footers after it, each of those once.
/// Foot- and endnotes stand after the paragraph that refers to them. Deleted text is left out, inserted text kept.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Content, Fault> {
    inside(bytes, limits, 0)
}

/// Reads a document that is inserted `depth` deep into others.
fn inside(bytes: &[u8], limits: &Limits, depth: usize) -> Result<Content, Fault> {
    let mut container = Container::open(bytes, limits)?;
    let main = container
        .relationships("")?
        .into_iter()
        .find(|link| link.kind == "officeDocument")
        .and_then(|link| link.part)
        .unwrap_or_else(|| "word/document.xml".into());
    let links = container.relationships(&main)?;
    let xml = container
        .text(&main)?
        .ok_or_else(|| Fault::Zip(format!("its main part {main} is missing")))?;
    let styles = styles::read(&mut container, &links, limits);
    let numbering = numbering::read(&mut container, &links, limits);
    let mut elsewhere = notes::notes(&mut container, &links, &styles, limits);
    elsewhere.extend(insert::inserts(&mut container, &links, limits, depth));
    let mut body = Body::new(&styles, limits).with(numbering, elsewhere);
    let mut is_word = false;
    office::each(&main, &xml, limits, |event| {
        is_word |= matches!(&event, office::Xml::Open(tag) if tag.space == office::Space::Word && tag.name == "document");
        body.event(event)
    })?;
    if !is_word {
        return Err(Fault::Xml { part: main, fault: "it is no Word document".into() });
    }
    let mut blocks = notes::furniture(&mut container, &links, "header", &styles, limits);
    blocks.extend(markdown::contents_of(heading::settle(body.finish())));
    let comments = notes::comments(&mut container, &links, &styles, limits);
    let headed = blocks.iter().any(|block| matches!(block, Block::Heading { .. }));
    if headed && !comments.is_empty() {
        // A section of their own: no passage holds the document's words and a comment.
        blocks.push(Block::Heading { level: 1, text: "Comments".into() });
    }
    blocks.extend(comments);
    blocks.extend(notes::furniture(&mut container, &links, "footer", &styles, limits));
    Ok(Content { blocks, properties: office::properties(&mut container, limits) })
}
