//! OpenDocument: texts, sheets and slides, packed or as one flat XML file.

mod body;
mod place;
mod sheet;
mod styles;
mod tables;
#[cfg(test)]
mod tests;

use super::{
    Content, markdown,
    office::{self, Space, Xml},
    zip::Container,
};
use crate::{Limits, block::Block, fault::Fault};
use body::Body;
use sheet::Sheets;
use std::collections::HashMap;
use styles::Styles;

/// What an OpenDocument file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Sheets,
    Slides,
}

impl Kind {
    /// The kind that a media type or a container's main type (`odt`) names.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let stated = name.strip_prefix("application/vnd.oasis.opendocument.").unwrap_or_default();
        match name {
            "odt" => Some(Self::Text),
            "ods" => Some(Self::Sheets),
            "odp" => Some(Self::Slides),
            _ if stated.starts_with("text") => Some(Self::Text),
            _ if stated.starts_with("spreadsheet") => Some(Self::Sheets),
            _ if stated.starts_with("presentation") => Some(Self::Slides),
            _ => None,
        }
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Text => "application/vnd.oasis.opendocument.text",
            Self::Sheets => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Slides => "application/vnd.oasis.opendocument.presentation",
        }
    }
}

/// Reads a packed file.
pub(crate) fn read(bytes: &[u8], kind: Kind, limits: &Limits) -> Result<Content, Fault> {
    let mut container = Container::open(bytes, limits)?;
    let manifest = container.text("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(Fault::Encrypted);
    }
    let content = container
        .text("content.xml")?
        .ok_or_else(|| Fault::Zip("its main part content.xml is missing".into()))?;
    // The text is worth reading without its styles and properties.
    let styles = container.text("styles.xml").ok().flatten();
    let meta = container.text("meta.xml").ok().flatten();
    let meta = meta.map(|xml| properties("meta.xml", &xml, limits)).unwrap_or_default();
    let objects = match kind {
        // Its charts show what stands in cells.
        Kind::Sheets => HashMap::new(),
        Kind::Text | Kind::Slides => objects(&mut container, &content, limits),
    };
    let blocks = blocks(&content, styles.as_deref(), objects, kind, limits)?;
    Ok(Content { blocks, properties: meta })
}

/// Reads a flat file: all parts in one.
pub(crate) fn read_flat(xml: &str, kind: Kind, limits: &Limits) -> Result<Content, Fault> {
    let properties = properties("the file", xml, limits);
    Ok(Content { blocks: blocks(xml, None, HashMap::new(), kind, limits)?, properties })
}

/// Charts and texts that stand in parts of their own, by the name under which the text refers to them. A damaged one is
/// left out: the text is worth reading without it.
fn objects(
    container: &mut Container<'_>,
    content: &str,
    limits: &Limits,
) -> HashMap<String, Vec<Block>> {
    let mut objects = HashMap::new();
    for (at, mark) in content.match_indices("href=\"./") {
        let name = content.get(at + mark.len() - 2..).and_then(|rest| rest.split('"').next());
        let Some(name) = name.filter(|name| !objects.contains_key(*name)) else { continue };
        let part = format!("{}/content.xml", name.trim_start_matches("./").trim_end_matches('/'));
        let Ok(Some(xml)) = container.text(&part) else { continue };
        let styles = Styles::default();
        let mut body = Body::new(&styles, limits);
        if office::each(&part, &xml, limits, |event| body.event(event)).is_ok() {
            objects.insert(name.to_owned(), body.finish().blocks);
        }
    }
    objects
}

fn blocks(
    content: &str,
    styles: Option<&str>,
    objects: HashMap<String, Vec<Block>>,
    kind: Kind,
    limits: &Limits,
) -> Result<Vec<Block>, Fault> {
    let mut known = Styles::default();
    let styles = styles.filter(|xml| {
        office::each("styles.xml", xml, limits, |event| {
            known.event(&event);
            Ok(())
        })
        .is_ok()
    });
    office::each("content.xml", content, limits, |event| {
        known.event(&event);
        Ok(())
    })?;
    if kind == Kind::Sheets {
        let mut sheets = Sheets::new(&known, limits);
        office::each("content.xml", content, limits, |event| sheets.event(event))?;
        return Ok(sheets.finish());
    }
    let mut body = Body::new(&known, limits).with_objects(objects);
    if let Some(styles) = styles {
        office::each("styles.xml", styles, limits, |event| body.event(event))?;
    }
    office::each("content.xml", content, limits, |event| body.event(event))?;
    let read = body.finish();
    if kind == Kind::Slides {
        let slides = read.slides.into_iter().enumerate();
        return Ok(slides.flat_map(|(n, slide)| slide.blocks(n + 1)).collect());
    }
    let mut blocks: Vec<Block> = read.headers.into_iter().map(Block::Furniture).collect();
    blocks.extend(markdown::contents_of(read.blocks));
    blocks.extend(read.footers.into_iter().map(Block::Furniture));
    Ok(blocks)
}

/// The properties in `office:meta`, by their names with the usual prefix, those of users by theirs.
fn properties(part: &str, xml: &str, limits: &Limits) -> Vec<(String, String)> {
    let mut properties: Vec<(String, String)> = Vec::new();
    let mut open: Option<(String, String)> = None;
    let mut within = false;
    let outcome = office::each(part, xml, limits, |event| {
        match event {
            Xml::Open(tag) if tag.space == Space::OpenOffice && tag.name == "meta" => within = true,
            Xml::Open(tag) if within => {
                let name = match (tag.space, tag.name) {
                    (Space::OpenMeta, "user-defined") => tag.attribute("name"),
                    (Space::OpenMeta, name) => Some(format!("meta:{name}")),
                    (Space::Dublin, name) => Some(format!("dc:{name}")),
                    _ => None,
                };
                open = name.map(|name| (name, String::new()));
            }
            Xml::Text(text) => {
                if let Some((_, value)) = &mut open {
                    value.push_str(text);
                }
            }
            Xml::Close { space: Space::OpenOffice, name: "meta" } => within = false,
            Xml::Close { .. } => {
                properties.extend(open.take().filter(|(_, value)| !value.trim().is_empty()));
            }
            Xml::Open(_) => {}
        }
        Ok(())
    });
    if outcome.is_err() {
        properties.clear();
    }
    properties
}
