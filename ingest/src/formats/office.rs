//! What office files share: reading their XML parts within limits, and their core properties.

use super::zip::Container;
use crate::{Limits, budget::Budget, fault::Fault};
use quick_xml::{
    NsReader, XmlVersion,
    events::{BytesStart, Event},
    name::ResolveResult,
};
use std::collections::HashSet;

/// An XML event, as far as office files need it.
pub(super) enum Xml<'a> {
    Open(Tag<'a>),
    Close { space: Space, name: &'a str },
    Text(&'a str),
}

/// An opening tag.
pub(super) struct Tag<'a> {
    pub(super) space: Space,
    /// Without its prefix.
    pub(super) name: &'a str,
    start: &'a BytesStart<'a>,
}

/// The namespaces that readers ask for; prefixes differ between writers and say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// WordprocessingML, transitional or strict.
    Word,
    /// Markup compatibility (`mc:`).
    Compatibility,
    /// PresentationML, transitional or strict.
    Slides,
    /// Text of drawings (`a:`).
    Drawing,
    Chart,
    /// Diagrams (SmartArt).
    Diagram,
    /// Formulas.
    Math,
    /// OpenDocument, each of its namespaces that a reader asks for.
    OpenOffice,
    OpenText,
    OpenTable,
    OpenDraw,
    OpenStyle,
    OpenSlides,
    OpenMeta,
    /// Dublin Core (`dc:`).
    Dublin,
    Other,
}

impl Tag<'_> {
    /// An attribute by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.start
            .attributes()
            .flatten()
            .find(|attribute| attribute.key.local_name().as_ref() == name)
            .and_then(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).ok())
            .map(|value| value.into_owned())
    }

    /// All attributes by their names without prefix, but those that declare namespaces.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (String, String)> {
        self.start.attributes().flatten().filter_map(|attribute| {
            let name = attribute.key.local_name().as_ref().to_owned();
            let is_space = attribute.key.as_namespace_binding().is_some();
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
            (!is_space).then(|| (name, value.into_owned()))
        })
    }

    /// An attribute that has a prefix, by its name without: `r:id` beside a plain `id`.
    pub(super) fn prefixed(&self, name: &str) -> Option<String> {
        self.start
            .attributes()
            .flatten()
            .find(|attribute| {
                attribute.key.prefix().is_some() && attribute.key.local_name().as_ref() == name
            })
            .and_then(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).ok())
            .map(|value| value.into_owned())
    }

    /// `w:val` as a switch: on where it is absent.
    pub(super) fn is_on(&self) -> bool {
        !matches!(self.attribute("val").as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

/// Reads an XML part from start to end; refuses a DOCTYPE, more depth or elements than allowed, and what is not well formed.
pub(super) fn each(
    part: &str,
    xml: &str,
    limits: &Limits,
    mut sink: impl FnMut(Xml<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let broken = |fault: String| Fault::Xml { part: part.to_owned(), fault };
    let mut reader = NsReader::from_str(xml);
    let (mut depth, mut elements) = (0_usize, 0_usize);
    loop {
        let (resolved, event) =
            reader.read_resolved_event().map_err(|fault| broken(fault.to_string()))?;
        let space = space(&resolved);
        match event {
            Event::Start(start) => {
                depth += 1;
                elements += 1;
                check(part, depth, elements, limits)?;
                sink(Xml::Open(Tag { space, name: start.local_name().as_ref(), start: &start }))?;
            }
            Event::Empty(start) => {
                elements += 1;
                check(part, depth + 1, elements, limits)?;
                sink(Xml::Open(Tag { space, name: start.local_name().as_ref(), start: &start }))?;
                sink(Xml::Close { space, name: start.local_name().as_ref() })?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                sink(Xml::Close { space, name: end.local_name().as_ref() })?;
            }
            Event::Text(text) => sink(Xml::Text(&text.xml10_content()))?,
            Event::CData(text) => sink(Xml::Text(&text.xml10_content()))?,
            Event::GeneralRef(reference) => {
                let mut buffer = [0; 4];
                match reference.resolve_char_ref() {
                    Ok(Some(c)) => sink(Xml::Text(c.encode_utf8(&mut buffer)))?,
                    _ => sink(Xml::Text(entity(&reference)))?,
                }
            }
            Event::DocType(_) => return Err(Fault::Doctype(part.to_owned())),
            Event::Eof if depth > 0 => return Err(broken("it ends in the middle".into())),
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn check(part: &str, depth: usize, elements: usize, limits: &Limits) -> Result<(), Fault> {
    let over = |what: &str, limit: usize| Fault::OverLimit {
        what: format!("the {what} in {part}"),
        limit: limit as u64,
    };
    if depth > limits.depth {
        return Err(over("nesting of elements", limits.depth));
    }
    if elements > limits.elements {
        return Err(over("number of elements", limits.elements));
    }
    Ok(())
}

fn space(resolved: &ResolveResult<'_>) -> Space {
    match resolved {
        ResolveResult::Bound(namespace) => match namespace.0 {
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Space::Word,
            "http://schemas.openxmlformats.org/markup-compatibility/2006" => Space::Compatibility,
            "http://schemas.openxmlformats.org/presentationml/2006/main"
            | "http://purl.oclc.org/ooxml/presentationml/main" => Space::Slides,
            "http://schemas.openxmlformats.org/drawingml/2006/main"
            | "http://purl.oclc.org/ooxml/drawingml/main" => Space::Drawing,
            "http://schemas.openxmlformats.org/drawingml/2006/chart"
            | "http://purl.oclc.org/ooxml/drawingml/chart"
            | "http://schemas.microsoft.com/office/drawing/2014/chartex" => Space::Chart,
            "http://schemas.openxmlformats.org/drawingml/2006/diagram"
            | "http://purl.oclc.org/ooxml/drawingml/diagram" => Space::Diagram,
            "http://schemas.openxmlformats.org/officeDocument/2006/math"
            | "http://purl.oclc.org/ooxml/officeDocument/math" => Space::Math,
            "http://purl.org/dc/elements/1.1/" => Space::Dublin,
            address => address
                .strip_prefix("urn:oasis:names:tc:opendocument:xmlns:")
                .and_then(|rest| rest.strip_suffix(":1.0"))
                .map_or(Space::Other, open_document),
        },
        _ => Space::Other,
    }
}

fn open_document(name: &str) -> Space {
    match name {
        "office" => Space::OpenOffice,
        "text" => Space::OpenText,
        "table" => Space::OpenTable,
        "drawing" => Space::OpenDraw,
        "style" => Space::OpenStyle,
        "presentation" => Space::OpenSlides,
        "meta" => Space::OpenMeta,
        _ => Space::Other,
    }
}

fn entity(name: &str) -> &'static str {
    match name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        // Of HTML, which other dialects borrow.
        "nbsp" | "ensp" | "emsp" | "thinsp" => " ",
        "ndash" => "–",
        "mdash" => "—",
        "lsquo" => "‘",
        "rsquo" => "’",
        "ldquo" => "“",
        "rdquo" => "”",
        "hellip" => "…",
        "bull" => "•",
        "sect" => "§",
        "copy" => "©",
        _ => "",
    }
}

/// The words of a drawing: its texts, and a chart's categories and names of series, each once.
pub(super) fn words(
    container: &mut Container<'_>,
    part: &str,
    limits: &Limits,
) -> Result<Vec<String>, Fault> {
    let Some(xml) = container.text(part)? else { return Ok(Vec::new()) };
    let mut budget = Budget::of(limits);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let (mut in_text, mut in_names) = (false, 0_usize);
    each(part, &xml, limits, |event| {
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
    let mut seen = HashSet::new();
    lines.retain(|line| !line.trim().is_empty() && seen.insert(line.clone()));
    Ok(lines)
}

/// Title, creator, dates and so on, named as they stand in `docProps/core.xml`. A damaged part gives none: properties are
/// not worth a document's text.
pub(super) fn core_properties(
    container: &mut Container<'_>,
    limits: &Limits,
) -> Vec<(String, String)> {
    let link = container
        .relationships("")
        .unwrap_or_default()
        .into_iter()
        .find(|link| link.kind == "core-properties")
        .and_then(|link| link.part);
    let part = link.unwrap_or_else(|| "docProps/core.xml".into());
    let Ok(Some(xml)) = container.text(&part) else { return Vec::new() };
    let mut properties: Vec<(String, String)> = Vec::new();
    let mut open: Option<(String, String)> = None;
    let outcome = each(&part, &xml, limits, |event| {
        match event {
            Xml::Open(tag) => open = Some((qualified(tag.name), String::new())),
            Xml::Text(text) => {
                if let Some((_, value)) = &mut open {
                    value.push_str(text);
                }
            }
            Xml::Close { .. } => {
                properties.extend(open.take().filter(|(_, value)| !value.trim().is_empty()));
            }
        }
        Ok(())
    });
    if outcome.is_err() {
        properties.clear();
    }
    properties
}

/// What a file says of itself beside its text: its core properties, the company and manager, and properties of its
/// author's own making, named as front matter names them (`Effective Date` is `effective_date`).
pub(super) fn properties(container: &mut Container<'_>, limits: &Limits) -> Vec<(String, String)> {
    let mut properties = core_properties(container, limits);
    for link in container.relationships("").unwrap_or_default() {
        let Some(part) = link.part else { continue };
        if matches!(link.kind.as_str(), "custom-properties" | "extended-properties") {
            properties.extend(named_properties(container, &part, limits));
        }
    }
    properties
}

fn named_properties(
    container: &mut Container<'_>,
    part: &str,
    limits: &Limits,
) -> Vec<(String, String)> {
    let Ok(Some(xml)) = container.text(part) else { return Vec::new() };
    let mut properties = Vec::new();
    let mut open: Option<(String, String)> = None;
    let outcome = each(part, &xml, limits, |event| {
        match event {
            Xml::Open(tag) => match tag.name {
                "Company" | "Manager" => open = Some((format!("app:{}", tag.name), String::new())),
                "property" => {
                    let name = tag.attribute("name").unwrap_or_default();
                    open = Some((name.trim().to_lowercase().replace(' ', "_"), String::new()));
                }
                _ => {}
            },
            Xml::Text(text) => {
                if let Some((_, value)) = &mut open {
                    value.push_str(text);
                }
            }
            Xml::Close { name: "Company" | "Manager" | "property", .. } => {
                properties.extend(open.take().filter(|(_, value)| !value.trim().is_empty()));
            }
            Xml::Close { .. } => {}
        }
        Ok(())
    });
    if outcome.is_err() {
        properties.clear();
    }
    properties
}

fn qualified(name: &str) -> String {
    let prefix = match name {
        "title" | "creator" | "subject" | "description" | "publisher" | "language"
        | "identifier" => "dc",
        "created" | "modified" => "dcterms",
        _ => "cp",
    };
    format!("{prefix}:{name}")
}
