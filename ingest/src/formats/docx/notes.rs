//! What stands beside the body: foot- and endnotes, comments, page headers and footers.

use super::{
    body::{Body, Elsewhere},
    grid,
    styles::Styles,
};
use crate::{
    Limits,
    block::Block,
    formats::{
        office::{self, Space, Tag, Xml},
        zip::{Container, Relationship},
    },
};

/// The parts of one kind, each once.
pub(super) fn parts(links: &[Relationship], kind: &str) -> Vec<String> {
    let mut parts: Vec<String> = links
        .iter()
        .filter(|link| link.kind == kind)
        .filter_map(|link| link.part.clone())
        .collect();
    parts.sort();
    parts.dedup();
    parts
}

/// Page headers or footers of all sections, each text once. A damaged one is left out: the body is worth reading without it.
pub(super) fn furniture(
    container: &mut Container<'_>,
    links: &[Relationship],
    kind: &str,
    styles: &Styles,
    limits: &Limits,
) -> Vec<Block> {
    let mut found: Vec<String> = Vec::new();
    for part in parts(links, kind) {
        let Ok(Some(xml)) = container.text(&part) else { continue };
        let mut body = Body::new(styles, limits);
        if office::each(&part, &xml, limits, |event| body.event(event)).is_err() {
            continue;
        }
        let text = text(body, "\n");
        if !text.trim().is_empty() && !found.contains(&text) {
            found.push(text);
        }
    }
    found.into_iter().map(Block::Furniture).collect()
}

/// Foot- and endnotes by their key.
pub(super) fn notes(
    container: &mut Container<'_>,
    links: &[Relationship],
    styles: &Styles,
    limits: &Limits,
) -> Elsewhere {
    let mut notes = Elsewhere::new();
    for (kind, element, mark) in [("footnotes", "footnote", 'f'), ("endnotes", "endnote", 'e')] {
        for part in parts(links, kind) {
            for (note, text) in stories(container, &part, element, styles, limits) {
                notes.insert(format!("{mark}{}", note.id), vec![Block::Paragraph(text)]);
            }
        }
    }
    notes
}

/// Comments, each with who wrote it and when: they tell of a review, and are not what the document lays down.
pub(super) fn comments(
    container: &mut Container<'_>,
    links: &[Relationship],
    styles: &Styles,
    limits: &Limits,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    for part in parts(links, "comments") {
        for (note, text) in stories(container, &part, "comment", styles, limits) {
            if text.trim().is_empty() {
                continue;
            }
            let day = note.date.split('T').next().unwrap_or_default();
            let by: Vec<&str> =
                [note.author.trim(), day].into_iter().filter(|text| !text.is_empty()).collect();
            let by = if by.is_empty() { String::new() } else { format!(" ({})", by.join(", ")) };
            blocks.push(Block::Paragraph(format!("Comment{by}: {text}")));
        }
    }
    blocks
}

struct Note {
    id: String,
    author: String,
    date: String,
}

impl Note {
    /// `None` for what only separates notes from the page.
    fn of(tag: &Tag<'_>) -> Option<Self> {
        let value = |name: &str| tag.attribute(name).unwrap_or_default();
        let real = tag.attribute("type").is_none_or(|kind| kind == "normal");
        let note = Self { id: value("id"), author: value("author"), date: value("date") };
        real.then_some(note)
    }
}

/// The notes of a part, each as one text. A damaged part gives none.
fn stories(
    container: &mut Container<'_>,
    part: &str,
    element: &str,
    styles: &Styles,
    limits: &Limits,
) -> Vec<(Note, String)> {
    let mut found = Vec::new();
    let Ok(Some(xml)) = container.text(part) else { return found };
    let mut open: Option<(Note, Body<'_>)> = None;
    let outcome = office::each(part, &xml, limits, |event| {
        match &event {
            Xml::Open(tag) if tag.space == Space::Word && tag.name == element => {
                open = Note::of(tag).map(|note| (note, Body::new(styles, limits)));
            }
            Xml::Close { space: Space::Word, name } if *name == element => {
                found.extend(open.take().map(|(note, body)| (note, text(body, " "))));
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
        found.clear();
    }
    found
}

fn text(body: Body<'_>, between: &str) -> String {
    let pieces = body.finish().into_iter();
    let lines: Vec<String> = pieces.flat_map(|piece| grid::lines(piece.block, " | ")).collect();
    lines.join(between)
}
