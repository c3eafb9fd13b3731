use super::paragraph::Letters;
use crate::{
    Limits,
    formats::{
        office::{self, Space, Tag, Xml},
        zip::{Container, Relationship},
    },
};
use std::collections::HashMap;

/// Styles that one may be based on; they can be based on each other in a ring.
const MOST_BASES: usize = 12;

/// A document's styles by id.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    /// The style of paragraphs that name none.
    standard: Option<String>,
    /// What holds where no style says otherwise.
    letters: Letters,
}

#[derive(Clone, Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    list: Option<String>,
    level: Option<u8>,
    letters: Letters,
}

/// What a paragraph gets from its style and those that it is based on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Inherited {
    /// Heading level from 1; `Title` is 1.
    pub(super) heading: Option<u8>,
    pub(super) is_contents: bool,
    pub(super) list: Option<String>,
    pub(super) level: Option<u8>,
    /// The style that names the list: its level can stand with the list.
    pub(super) list_style: String,
    pub(super) letters: Letters,
}

impl Styles {
    /// What paragraphs of a style get, those without a style where it is empty.
    pub(super) fn of(&self, id: &str) -> Inherited {
        let mut inherited =
            self.chain(if id.is_empty() { self.standard.as_deref() } else { Some(id) });
        inherited.letters = inherited.letters.or(&self.letters);
        inherited
    }

    /// How the letters of a character style look, as far as it says.
    pub(super) fn letters_of(&self, id: &str) -> Letters {
        self.chain(Some(id)).letters
    }

    fn chain(&self, id: Option<&str>) -> Inherited {
        let mut inherited = Inherited::default();
        let mut next = id;
        for _ in 0..MOST_BASES {
            let Some(id) = next else { break };
            let Some(style) = self.by_id.get(id) else {
                // Files without styles still name them by what they are.
                inherited.heading = inherited.heading.or_else(|| heading_level(&plain(id)));
                break;
            };
            let name = plain(&style.name);
            inherited.heading =
                inherited.heading.or_else(|| heading_level(&name)).or(style.outline);
            inherited.is_contents |= name
                .strip_prefix("toc")
                .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()));
            if inherited.list.is_none() && style.list.is_some() {
                inherited.list.clone_from(&style.list);
                inherited.list_style = id.to_owned();
            }
            inherited.level = inherited.level.or(style.level);
            inherited.letters = inherited.letters.or(&style.letters);
            next = style.based_on.as_deref();
        }
        inherited
    }
}

/// A style's name without spaces and in small letters.
fn plain(name: &str) -> String {
    name.to_lowercase().replace([' ', '-', '_'], "")
}

/// The level that a style's name says.
pub(in crate::formats) fn heading_level(name: &str) -> Option<u8> {
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
    let mut in_defaults = false;
    let outcome = office::each(&part, &xml, limits, |event| {
        match event {
            Xml::Open(tag) if tag.space == Space::Word => match (tag.name, &mut open) {
                ("style", _) => {
                    open = tag.attribute("styleId").map(|id| (id, Style::default()));
                    let is = |name: &str, values: &[&str]| {
                        tag.attribute(name).is_some_and(|value| values.contains(&value.as_str()))
                    };
                    if is("default", &["1", "true", "on"]) && is("type", &["paragraph"]) {
                        styles.standard = open.as_ref().map(|(id, _)| id.clone());
                    }
                }
                (_, Some((_, style))) => style.read(&tag),
                ("rPrDefault", None) => in_defaults = true,
                (_, None) if in_defaults => styles.letters.read(&tag),
                _ => {}
            },
            Xml::Close { space: Space::Word, name: "rPrDefault" } => in_defaults = false,
            Xml::Close { space: Space::Word, name: "style" } => {
                styles.by_id.extend(open.take());
            }
            _ => {}
        }
        Ok(())
    });
    if outcome.is_err() {
        return Styles::default();
    }
    styles
}

impl Style {
    fn read(&mut self, tag: &Tag<'_>) {
        let value = || tag.attribute("val").unwrap_or_default();
        match tag.name {
            "name" => self.name = value(),
            "basedOn" => self.based_on = Some(value()),
            "outlineLvl" => self.outline = outline(&value()),
            "numId" => self.list = Some(value()),
            "ilvl" => self.level = value().parse().ok(),
            _ => self.letters.read(tag),
        }
    }
}

/// An outline level as a heading's: 9 is body text.
pub(super) fn outline(value: &str) -> Option<u8> {
    value.parse::<u8>().ok().filter(|level| *level < 9).map(|level| level + 1)
}
