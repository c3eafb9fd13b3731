//! DOCX, read from its XML by namespace (docs/decisions/0002-docx-reader.md).

mod body;
mod heading;
mod numbering;
mod paragraph;
mod styles;

use super::{
    Content, markdown, office,
    zip::{Container, Relationship},
};
use crate::{Limits, block::Block, fault::Fault};
use body::{Body, Piece};
use std::collections::HashMap;

/// The document's body in order, its page headers before it and its footers after it, each of those once.
/// Foot- and endnotes stand after the paragraph that refers to them. Deleted text is left out, inserted text kept.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Content, Fault> {
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
    let mut notes = HashMap::new();
    for (kind, mark) in [("footnotes", 'f'), ("endnotes", 'e')] {
        for part in parts(&links, kind) {
            notes.extend(read_notes(&mut container, &part, mark, &styles, limits));
        }
    }
    let mut body = Body::new(&styles, numbering, notes);
    let mut is_word = false;
    office::each(&main, &xml, limits, |event| {
        is_word |= matches!(&event, office::Xml::Open(tag) if tag.space == office::Space::Word && tag.name == "document");
        body.event(event)
    })?;
    if !is_word {
        return Err(Fault::Xml { part: main, fault: "it is no Word document".into() });
    }
    let mut blocks = furniture(&mut container, &links, "header", &styles, limits);
    blocks.extend(markdown::contents_of(heading::settle(body.finish())));
    blocks.extend(furniture(&mut container, &links, "footer", &styles, limits));
    Ok(Content { blocks, properties: office::core_properties(&mut container, limits) })
}

fn parts(links: &[Relationship], kind: &str) -> Vec<String> {
    let mut parts: Vec<String> = links
        .iter()
        .filter(|link| link.kind == kind)
        .filter_map(|link| link.part.clone())
        .collect();
    parts.sort();
    parts.dedup();
    parts
}

/// Page headers or footers. A damaged one is left out: the body is worth reading without it.
fn furniture(
    container: &mut Container<'_>,
    links: &[Relationship],
    kind: &str,
    styles: &styles::Styles,
    limits: &Limits,
) -> Vec<Block> {
    let mut found: Vec<String> = Vec::new();
    for part in parts(links, kind) {
        let Ok(Some(xml)) = container.text(&part) else { continue };
        let mut body = Body::new(styles, numbering::Numbering::default(), HashMap::new());
        if office::each(&part, &xml, limits, |event| body.event(event)).is_err() {
            continue;
        }
        let lines: Vec<String> =
            body.finish().into_iter().flat_map(|piece| body::lines(piece.block)).collect();
        let text = lines.join("\n");
        if !text.trim().is_empty() && !found.contains(&text) {
            found.push(text);
        }
    }
    found.into_iter().map(Block::Furniture).collect()
}

/// Foot- or endnotes by id, each as one text. A damaged part gives none.
fn read_notes(
    container: &mut Container<'_>,
    part: &str,
    mark: char,
    styles: &styles::Styles,
    limits: &Limits,
) -> HashMap<String, String> {
    let mut notes = HashMap::new();
    let Ok(Some(xml)) = container.text(part) else { return notes };
    let mut open: Option<(String, Body<'_>)> = None;
    let outcome = office::each(part, &xml, limits, |event| {
        use office::{Space, Xml};
        match &event {
            Xml::Open(tag)
                if tag.space == Space::Word && matches!(tag.name, "footnote" | "endnote") =>
            {
                // Separators are notes too, by their type.
                let real = tag.attribute("type").is_none_or(|kind| kind == "normal");
                let id = tag.attribute("id").filter(|_| real);
                open = id.map(|id| {
                    (id, Body::new(styles, numbering::Numbering::default(), HashMap::new()))
                });
            }
            Xml::Close { space: Space::Word, name: "footnote" | "endnote" } => {
                if let Some((id, body)) = open.take() {
                    let lines: Vec<String> = body
                        .finish()
                        .into_iter()
                        .flat_map(|piece: Piece| body::lines(piece.block))
                        .collect();
                    notes.insert(format!("{mark}{id}"), lines.join(" "));
                }
            }
            _ => {
                if let Some((_, body)) = &mut open {
                    body.event(event)?;
                }
            }
        }
        Ok(())
    });
    if outcome.is_err() {
        notes.clear();
    }
    notes
}
