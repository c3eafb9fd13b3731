//! PPTX: each slide a page, in the order of the presentation, told from its XML by namespace.

mod chart;
mod comments;
mod diagram;
mod shapes;
#[cfg(test)]
mod tests;
mod text;

use super::{
    Content, office,
    slides::{Role, Shape, Slide, one_text},
    zip::{Container, Relationship},
};
use crate::{Limits, block::Block, budget::Budget, fault::Fault};
use shapes::{Found, Shapes};
use std::collections::{HashMap, HashSet};
use sufficit_evidence::PageStatus;
use text::Bullets;

/// The slides with their titles as headings, text in reading order, tables, charts and diagrams; speaker notes and
/// comments are marked as such. What layouts and masters show on every slide stands once, on the first slide that shows it.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Content, Fault> {
    let mut container = Container::open(bytes, limits)?;
    let main = container
        .relationships("")?
        .into_iter()
        .find(|link| link.kind == "officeDocument")
        .and_then(|link| link.part)
        .unwrap_or_else(|| "ppt/presentation.xml".into());
    let links = container.relationships(&main)?;
    let order = slide_parts(&mut container, &main, &links, limits)?;
    let authors = authors(&mut container, &links, limits);
    let mut deck = Deck {
        container,
        authors,
        layouts: HashMap::new(),
        shown: HashSet::new(),
        budget: Budget::of(limits),
        limits,
        pictures: 0,
    };
    let mut blocks = Vec::new();
    let (mut read, mut damage) = (0_usize, None);
    for (n, part) in order.iter().enumerate() {
        let slide = match deck.slide(part) {
            Ok(slide) => slide.blocks(n + 1),
            Err(fault @ (Fault::OverLimit { .. } | Fault::Encrypted)) => return Err(fault),
            Err(fault) => {
                damage.get_or_insert(fault);
                blocks.push(Block::PageStart(PageStatus::Undecodable));
                continue;
            }
        };
        read += usize::from(slide.len() > 1);
        blocks.extend(slide);
    }
    if read == 0 {
        return Err(match damage {
            Some(fault) => fault,
            None if deck.pictures > 0 => Fault::NeedsOcr {
                pages: Some(order.len() as u32),
                why: "its slides show pictures without text; save it as PDF and give that: pictures in a PDF are read through Tesseract".into(),
            },
            None => Fault::Nothing("text"),
        });
    }
    Ok(Content { blocks, properties: office::core_properties(&mut deck.container, limits) })
}

/// The parts of the slides, in the order in which they are shown, each once.
fn slide_parts(
    container: &mut Container<'_>,
    main: &str,
    links: &[Relationship],
    limits: &Limits,
) -> Result<Vec<String>, Fault> {
    let xml = container
        .text(main)?
        .ok_or_else(|| Fault::Zip(format!("its main part {main} is missing")))?;
    let by_id: HashMap<&str, &str> =
        links.iter().filter_map(|link| Some((link.id.as_str(), link.part.as_deref()?))).collect();
    let (mut parts, mut seen) = (Vec::new(), HashSet::new());
    let mut is_deck = false;
    office::each(main, &xml, limits, |event| {
        if let office::Xml::Open(tag) = event
            && tag.space == office::Space::Slides
        {
            is_deck |= tag.name == "presentation";
            if tag.name == "sldId" {
                let part = tag.prefixed("id").and_then(|id| by_id.get(id.as_str()).copied());
                parts.extend(part.filter(|part| seen.insert(*part)).map(str::to_owned));
            }
        }
        Ok(())
    })?;
    if !is_deck {
        return Err(Fault::Xml { part: main.to_owned(), fault: "it is no presentation".into() });
    }
    if parts.len() > limits.pages {
        let what = "the number of slides".into();
        return Err(Fault::OverLimit { what, limit: limits.pages as u64 });
    }
    Ok(parts)
}

fn authors(
    container: &mut Container<'_>,
    links: &[Relationship],
    limits: &Limits,
) -> HashMap<String, String> {
    let mut names = HashMap::new();
    for part in linked(links, &["commentAuthors", "authors"]) {
        if let Ok(Some(xml)) = container.text(&part) {
            names.extend(comments::authors(&part, &xml, limits));
        }
    }
    names
}

fn linked(links: &[Relationship], kinds: &[&str]) -> Vec<String> {
    links
        .iter()
        .filter(|link| kinds.contains(&link.kind.as_str()))
        .filter_map(|link| link.part.clone())
        .collect()
}

/// A presentation that is being read.
struct Deck<'a> {
    container: Container<'a>,
    authors: HashMap<String, String>,
    layouts: HashMap<String, Shapes>,
    /// Layouts and masters whose own text has been given.
    shown: HashSet<String>,
    budget: Budget,
    limits: &'a Limits,
    pictures: usize,
}

impl Deck<'_> {
    fn slide(&mut self, part: &str) -> Result<Slide, Fault> {
        let links = self.container.relationships(part)?;
        let read = self.shapes(part)?;
        // The layout, and its master; a damaged one only costs places and bullets.
        let mut above = Vec::new();
        let mut next = linked(&links, &["slideLayout"]).into_iter().next();
        while let Some(layout) = next.take().filter(|layout| !above.contains(layout)) {
            if !self.layouts.contains_key(&layout) {
                let shapes = self.shapes(&layout).unwrap_or_default();
                self.layouts.insert(layout.clone(), shapes);
            }
            if above.is_empty() {
                let links = self.container.relationships(&layout).unwrap_or_default();
                next = linked(&links, &["slideMaster"]).into_iter().next();
            }
            above.push(layout);
        }
        let mut slide = Slide { is_hidden: read.is_hidden, ..Slide::default() };
        for found in read.found {
            self.pictures += usize::from(found.is_picture);
            slide.shapes.push(self.shape(found, &above, &links)?);
        }
        for layout in above {
            slide.shapes.extend(self.furniture(layout)?);
        }
        slide.remarks = self.remarks(&links)?;
        for block in slide.shapes.iter().flat_map(|shape| &shape.blocks).chain(&slide.remarks) {
            self.budget.text(&one_text(std::slice::from_ref(block)))?;
        }
        Ok(slide)
    }

    fn shapes(&mut self, part: &str) -> Result<Shapes, Fault> {
        let xml = self
            .container
            .text(part)?
            .ok_or_else(|| Fault::Zip(format!("its part {part} is missing")))?;
        let mut shapes = Shapes::default();
        office::each(part, &xml, self.limits, |event| shapes.event(event))?;
        Ok(shapes)
    }

    /// A shape with its place and bullets as layout and master (`above`) give them where it does not.
    fn shape(
        &mut self,
        found: Found,
        above: &[String],
        links: &[Relationship],
    ) -> Result<Shape, Fault> {
        let target = |id: &Option<String>| {
            let id = id.as_deref()?;
            links.iter().find(|link| link.id == id).and_then(|link| link.part.clone())
        };
        let mut blocks = Vec::new();
        if let Some(part) = target(&found.chart)
            && let Some(xml) = self.container.text(&part)?
        {
            blocks.extend(chart::read(&part, &xml, &mut self.budget, self.limits)?);
        }
        if let Some(part) = target(&found.diagram)
            && let Some(xml) = self.container.text(&part)?
        {
            blocks.extend(diagram::read(&part, &xml, self.limits)?);
        }
        blocks.extend(found.table);
        let mut frame = found.frame;
        let mut bullets: Vec<&Bullets> = vec![&found.bullets];
        if let Some(own) = &found.placeholder {
            let mut sought = own;
            for (n, layout) in above.iter().filter_map(|name| self.layouts.get(name)).enumerate() {
                let filled = layout.found.iter().find(|shape| {
                    shape.placeholder.as_ref().is_some_and(|other| match n {
                        0 => own.fills(other),
                        _ => sought.is_like(other),
                    })
                });
                if let Some(filled) = filled {
                    frame = frame.or(filled.frame);
                    bullets.push(&filled.bullets);
                    sought = filled.placeholder.as_ref().unwrap_or(own);
                }
                if own.is_body() && sought.is_body() {
                    bullets.push(&layout.body_bullets);
                }
            }
        }
        blocks.extend(text::blocks(found.lines, &bullets));
        let role = match &found.placeholder {
            Some(own) if own.kind == "ctrTitle" => Role::Title(1),
            Some(own) if own.kind == "title" => Role::Title(2),
            Some(own) if own.is_furniture() => Role::Furniture,
            _ => Role::Body,
        };
        Ok(Shape { role, frame, group: found.group, blocks })
    }

    /// What a layout or master writes on every slide, the first time.
    fn furniture(&mut self, layout: String) -> Result<Vec<Shape>, Fault> {
        let Some(shapes) = self.layouts.get(&layout) else { return Ok(Vec::new()) };
        if !self.shown.insert(layout) {
            return Ok(Vec::new());
        }
        let own = shapes.found.iter().filter(|shape| shape.placeholder.is_none());
        Ok(own
            .map(|shape| Shape {
                role: Role::Furniture,
                frame: shape.frame,
                group: None,
                blocks: text::blocks(shape.lines.clone(), &[]),
            })
            .collect())
    }

    /// Speaker notes and comments. A damaged part is left out: the slide is worth reading without it.
    fn remarks(&mut self, links: &[Relationship]) -> Result<Vec<Block>, Fault> {
        let mut remarks = Vec::new();
        for part in linked(links, &["notesSlide"]) {
            let Ok(shapes) = self.shapes(&part) else { continue };
            let lines = shapes
                .found
                .into_iter()
                .filter(|shape| shape.placeholder.as_ref().is_none_or(|own| own.is_body()));
            let notes: Vec<Block> =
                lines.flat_map(|shape| text::blocks(shape.lines, &[])).collect();
            let notes = one_text(&notes);
            if !notes.trim().is_empty() {
                remarks.push(Block::Paragraph(format!("Notes: {notes}")));
            }
        }
        for part in linked(links, &["comments"]) {
            let Ok(Some(xml)) = self.container.text(&part) else { continue };
            remarks.extend(
                comments::read(&part, &xml, &self.authors, self.limits).unwrap_or_default(),
            );
        }
        Ok(remarks)
    }
}
