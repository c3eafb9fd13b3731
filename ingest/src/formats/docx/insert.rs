//! What a body shows that stands in parts of its own: charts, diagrams, and documents of other formats (`altChunk`).

use super::{body::Elsewhere, inside};
use crate::{
    Limits,
    block::Block,
    formats::{
        html, mail, office, text,
        zip::{Container, Relationship},
    },
    sniff::{self, Format},
};

/// Inserted documents that are read.
const MOST_CHUNKS: usize = 20;

/// Charts, diagrams and inserted documents by their relationship's id. `depth` tells how deep the document itself is inserted.
pub(super) fn inserts(
    container: &mut Container<'_>,
    links: &[Relationship],
    limits: &Limits,
    depth: usize,
) -> Elsewhere {
    let mut found = Elsewhere::new();
    let mut chunks = 0;
    for link in links {
        let Some(part) = &link.part else { continue };
        let blocks = match link.kind.as_str() {
            "chart" | "chartEx" | "diagramData" => {
                // A damaged chart is left out: the body is worth reading without it.
                let lines = office::words(container, part, limits).unwrap_or_default();
                if lines.is_empty() { Vec::new() } else { vec![Block::Paragraph(lines.join("\n"))] }
            }
            "aFChunk" if chunks < MOST_CHUNKS && depth == 0 => {
                chunks += 1;
                chunk(container, part, limits, depth)
            }
            "aFChunk" => vec![unread(part)],
            _ => continue,
        };
        found.insert(link.id.clone(), blocks);
    }
    found
}

fn chunk(container: &mut Container<'_>, part: &str, limits: &Limits, depth: usize) -> Vec<Block> {
    let Ok(Some(bytes)) = container.part(part) else { return vec![unread(part)] };
    let content = match sniff::sniff(&bytes, part) {
        Format::Docx => inside(&bytes, limits, depth + 1),
        Format::Html(page) => html::read(&page, limits),
        Format::Text { text, .. } => Ok(text::read(&text)),
        // A page with its pictures (MHTML) is laid out as a mail is.
        Format::Mail(kind) => mail::read(&bytes, kind, limits).map(|mail| mail.content),
        _ => return vec![unread(part)],
    };
    let mut blocks = content.map_or_else(|_| vec![unread(part)], |content| content.blocks);
    // A saved page has no subject and no sender.
    blocks.retain(|block| match block {
        Block::Heading { text, .. } | Block::Paragraph(text) => !text.trim().is_empty(),
        _ => true,
    });
    blocks
}

/// Says what was not read, where no passage is made of it.
fn unread(part: &str) -> Block {
    Block::Furniture(format!(
        "Not read: {part}, a document of another format that is inserted here."
    ))
}
