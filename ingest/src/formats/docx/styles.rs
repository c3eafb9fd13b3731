use crate::{
    Limits,
    formats::{
        office::{self, Space, Xml},
        zip::{Container, Relationship},
    },
};
use std::collections::HashMap;

/// A document's paragraph styles by id.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
}

#[derive(Clone, Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    list: Option<(String, u8)>,
    bold: Option<bool>,
}

/// What a paragraph gets from its style and those that it is based on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Inherited {
    /// Heading level from 1; `Title` is 1.
    pub(super) heading: Option<u8>,
    pub(super) is_contents: bool,
    pub(super) list: Option<(String, u8)>,
    pub(super) bold: bool,
}

impl Styles {
    pub(super) fn of(&self, id: &str) -> Inherited {
        let mut inherited = Inherited::default();
        let mut bold = None;
        let mut next = Some(id.to_owned());
        // Styles can be based on each other in a ring.
        for _ in 0..12 {
            let Some(id) = next else { break };
            let style = self
                .by_id
                .get(&id)
                .cloned()
                .unwrap_or_else(|| Style { name: id.clone(), ..Style::default() });
            let name = style.name.to_lowercase().replace([' ', '-', '_'], "");
            inherited.heading = inherited.heading.or_else(|| level_of(&name)).or(style.outline);
            inherited.is_contents |= name
                .strip_prefix("toc")
                .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()));
            if inherited.list.is_none() {
                inherited.list = style.list;
            }
            bold = bold.or(style.bold);
            next = style.based_on;
        }
        inherited.bold = bold.unwrap_or(false);
        inherited
    }
}

/// The level that a style's name says, without spaces and in small letters.
fn level_of(name: &str) -> Option<u8> {
    if name == "title" {
        return Some(1);
    }
    let digit =
        ["heading", "berschrift", "überschrift", "titre", "ttulo", "título", "titolo", "kop"]
            .iter()
            .find_map(|word| name.strip_prefix(word))?;
    digit.parse().ok().filter(|level| (1..=9).contains(level))
}

/// Reads the styles; a damaged part gives none.
pub(super) fn read(
    container: &mut Container<'_>,
    links: &[Relationship],
    limits: &Limits,
) -> Styles {
    let part = links.iter().find(|link| link.kind == "styles").and_then(|link| link.part.clone());
    let Some(part) = part else { return Styles::default() };
    let Ok(Some(xml)) = container.text(&part) else { return Styles::default() };
    let mut styles = Styles::default();
    let mut open: Option<(String, Style)> = None;
    let outcome = office::each(&part, &xml, limits, |event| {
        match event {
            Xml::Open(tag) if tag.space == Space::Word => {
                if tag.name == "style" {
                    open = tag.attribute("styleId").map(|id| (id, Style::default()));
                } else if let Some((_, style)) = &mut open {
                    let value = || tag.attribute("val").unwrap_or_default();
                    match tag.name {
                        "name" => style.name = value(),
                        "basedOn" => style.based_on = Some(value()),
                        "outlineLvl" => {
                            style.outline = value()
                                .parse::<u8>()
                                .ok()
                                .filter(|level| *level < 9)
                                .map(|level| level + 1)
                        }
                        "numId" => {
                            style.list =
                                Some((value(), style.list.as_ref().map_or(0, |(_, level)| *level)))
                        }
                        "ilvl" => {
                            let id = style.list.take().map(|(id, _)| id).unwrap_or_default();
                            style.list = Some((id, value().parse().unwrap_or(0)));
                        }
                        "b" => style.bold = Some(tag.is_on()),
                        _ => {}
                    }
                }
            }
            Xml::Close { space: Space::Word, name: "style" } => {
                if let Some((id, style)) = open.take() {
                    styles.by_id.insert(id, style);
                }
            }
            _ => {}
        }
        Ok(())
    });
    if outcome.is_err() {
        styles.by_id.clear();
    }
    styles
}
