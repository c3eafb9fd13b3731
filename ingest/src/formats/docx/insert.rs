//! What a body shows that stands in parts of its own: charts, diagrams, and documents of other formats (`altChunk`).

use super::{body::Elsewhere, inside};
use crate::{
    Limits,
    block::Block,
    budget::Budget,
    fault::Fault,
    formats::{
        html,
        office::{self, Space, Xml},
        text,
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
                words(container, part, limits).unwrap_or_default()
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

/// The words of a drawing: its texts, and a chart's categories and names of series, each once.
fn words(container: &mut Container<'_>, part: &str, limits: &Limits) -> Result<Vec<Block>, Fault> {
    let Some(xml) = container.text(part)? else { return Ok(Vec::new()) };
    let mut budget = Budget::of(limits);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let (mut in_text, mut in_names) = (false, 0_usize);
    office::each(part, &xml, limits, |event| {
        match event {
            Xml::Open(tag) => match (tag.space, tag.name) {
                (Space::Chart, "cat" | "tx") => in_names += 1,
                (Space::Chart, "v") if in_names > 0 => in_text = true,
                (Space::Drawing, "t") => in_text = true,
                _ => {}
            },
            Xml::Text(text) if in_text => {
                budget.text(text)?;
                line.push_str(text);
            }
            Xml::Text(_) => {}
            Xml::Close { space, name } => match (space, name) {
                (Space::Chart, "cat" | "tx") => in_names = in_names.saturating_sub(1),
                (Space::Drawing, "t") => in_text = false,
                (Space::Chart, "v") | (Space::Drawing, "p") => {
                    in_text = false;
                    lines.push(std::mem::take(&mut line));
                }
                _ => {}
            },
        }
        Ok(())
    })?;
    let mut seen = std::collections::HashSet::new();
    lines.retain(|line| !line.trim().is_empty() && seen.insert(line.clone()));
    Ok(if lines.is_empty() { Vec::new() } else { vec![Block::Paragraph(lines.join("\n"))] })
}

fn chunk(container: &mut Container<'_>, part: &str, limits: &Limits, depth: usize) -> Vec<Block> {
    let Ok(Some(bytes)) = container.part(part) else { return vec![unread(part)] };
    let is_mail = part.to_lowercase().ends_with(".mht") || part.to_lowercase().ends_with(".mhtml");
    let content = match sniff::sniff(&bytes, part) {
        Format::Docx => inside(&bytes, limits, depth + 1),
        Format::Html(page) => html::read(&page, limits),
        Format::Text { text, .. } if !is_mail => Ok(text::read(&text)),
        _ => return vec![unread(part)],
    };
    content.map_or_else(|_| vec![unread(part)], |content| content.blocks)
}

/// Says what was not read, where no passage is made of it.
fn unread(part: &str) -> Block {
    Block::Furniture(format!(
        "Not read: {part}, a document of another format that is inserted here."
    ))
}
