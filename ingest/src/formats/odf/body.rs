use super::{
    place::{Place, Sink, frame, is_shape, role},
    styles::{Counts, Styles},
    tables::Table,
};
use crate::{
    Limits,
    block::Block,
    budget::Budget,
    fault::Fault,
    formats::{
        self,
        office::{Space, Tag, Xml},
        slides::{Shape, Slide, one_text},
    },
};
use std::collections::HashMap;

/// What was found in the parts of a text or of slides.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) blocks: Vec<Block>,
    pub(super) headers: Vec<String>,
    pub(super) footers: Vec<String>,
    pub(super) slides: Vec<Slide>,
}

/// Reads texts and slides from the events of their parts.
pub(super) struct Body<'a> {
    styles: &'a Styles,
    pub(super) limits: &'a Limits,
    pub(super) budget: Budget,
    counts: Counts,
    outline: Counts,
    read: Read,
    /// Open places that take blocks, the innermost last. Text outside them is not read.
    sinks: Vec<Sink>,
    /// Open paragraphs: a note or a text box stands within another's.
    paragraphs: Vec<Paragraph>,
    lists: Vec<List>,
    pub(super) tables: Vec<Table>,
    pub(super) cells: usize,
    groups: Vec<usize>,
    grouped: usize,
    in_contents: usize,
    field: Option<Field>,
    skipped: usize,
    /// Charts and texts within, by name, as read from their own parts.
    objects: HashMap<String, Vec<Block>>,
}

/// A property of a comment that is being read.
enum Field {
    Author,
    Date,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    heading: Option<u8>,
    /// What stands before it.
    marker: Option<String>,
    level: usize,
    is_hidden: bool,
    /// Open spans, and whether each is hidden.
    spans: Vec<bool>,
    /// Notes and comments, which follow it.
    after: Vec<Block>,
}

struct List {
    style: String,
    /// The marker of an item that has no text yet.
    marker: Option<String>,
}

impl<'a> Body<'a> {
    pub(super) fn new(styles: &'a Styles, limits: &'a Limits) -> Self {
        Self {
            styles,
            limits,
            budget: Budget::of(limits),
            counts: Counts::default(),
            outline: Counts::default(),
            read: Read::default(),
            sinks: Vec::new(),
            paragraphs: Vec::new(),
            lists: Vec::new(),
            tables: Vec::new(),
            cells: 0,
            groups: Vec::new(),
            grouped: 0,
            in_contents: 0,
            field: None,
            skipped: 0,
            objects: HashMap::new(),
        }
    }

    /// Shows objects where the text refers to them by name.
    pub(super) fn with_objects(self, objects: HashMap<String, Vec<Block>>) -> Self {
        Self { objects, ..self }
    }

    pub(super) fn finish(self) -> Read {
        self.read
    }

    pub(super) fn event(&mut self, event: Xml<'_>) -> Result<(), Fault> {
        match event {
            Xml::Open(_) if self.skipped > 0 => self.skipped += 1,
            Xml::Close { .. } if self.skipped > 0 => self.skipped -= 1,
            Xml::Open(tag) => self.open(&tag)?,
            Xml::Close { space, name } => self.close(space, name)?,
            Xml::Text(text) if self.skipped == 0 => self.text(text),
            Xml::Text(_) => {}
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag<'_>) -> Result<(), Fault> {
        match (tag.space, tag.name) {
            (Space::OpenOffice, "text" | "chart") => self.sink(Place::Body),
            (Space::OpenStyle, "header" | "header-left" | "header-first") => {
                self.sink(Place::Header)
            }
            (Space::OpenStyle, "footer" | "footer-left" | "footer-first") => {
                self.sink(Place::Footer)
            }
            (Space::OpenDraw, "page") => {
                let style = tag.attribute("style-name").unwrap_or_default();
                let is_hidden = self.styles.is_hidden(&style);
                self.read.slides.push(Slide { is_hidden, ..Slide::default() });
                self.sink(Place::Slide);
            }
            _ if self.sinks.is_empty() => {}
            (Space::OpenText, name) => self.open_text(name, tag),
            (Space::OpenTable, name) => self.open_table(name, tag),
            (Space::OpenSlides, "notes") => self.sink(Place::SpeakerNotes),
            (Space::OpenOffice, "annotation") => {
                self.sink(Place::Comment { author: String::new(), date: String::new() });
            }
            (Space::OpenOffice, "forms" | "binary-data" | "scripts" | "event-listeners")
            | (Space::Other, "title" | "desc" | "math")
            | (Space::OpenMeta, "creator-initials" | "date-string") => self.skipped = 1,
            (Space::Dublin, "creator") => self.field = Some(Field::Author),
            (Space::Dublin, "date") => self.field = Some(Field::Date),
            (Space::OpenDraw, "g") => {
                self.grouped += 1;
                self.groups.push(self.grouped);
            }
            // It says no more than where it stands.
            (Space::OpenDraw, name)
                if is_shape(name) && tag.attribute("class").as_deref() == Some("page-number") =>
            {
                self.skipped = 1;
            }
            (Space::OpenDraw, "object") => {
                let name = tag.attribute("href").unwrap_or_default();
                let blocks = self.objects.remove(&name).unwrap_or_default();
                return blocks.into_iter().try_for_each(|block| self.emit(block));
            }
            (Space::OpenDraw, name) if is_shape(name) => {
                let is_own =
                    matches!(self.sinks.last().map(|sink| &sink.place), Some(Place::Slide));
                self.sink(match is_own {
                    true => Place::Shape { role: role(tag), frame: frame(tag) },
                    false => Place::Inset,
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn open_text(&mut self, name: &str, tag: &Tag<'_>) {
        let style = || tag.attribute("style-name").unwrap_or_default();
        match name {
            "tracked-changes"
            | "note-citation"
            | "ruby-text"
            | "hidden-text"
            | "number"
            | "table-of-content-source"
            | "illustration-index-source"
            | "table-index-source"
            | "alphabetical-index-source"
            | "user-index-source"
            | "object-index-source"
            | "bibliography-source" => self.skipped = 1,
            "section" if tag.attribute("display").as_deref() == Some("none") => self.skipped = 1,
            "table-of-content" | "illustration-index" | "table-index" | "alphabetical-index" => {
                self.in_contents += 1;
            }
            "p" | "h" => self.open_paragraph(name, &style(), tag),
            "span" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.spans.push(self.styles.is_hidden(&style()));
                }
            }
            "s" => self.push(" "),
            "tab" => self.push("\t"),
            "line-break" => self.push("\n"),
            "note-body" => self.sink(Place::Note),
            "list" => {
                let around = self.lists.last().map(|list| list.style.clone());
                let is_outermost = self.lists.len() == self.base();
                let own = tag.attribute("style-name").filter(|name| !name.is_empty());
                let style = own.or(around.filter(|_| !is_outermost)).unwrap_or_default();
                let goes_on = tag.attribute("continue-numbering").as_deref() == Some("true")
                    || tag.attribute("continue-list").is_some();
                if is_outermost && !goes_on {
                    self.counts.restart(&style);
                }
                self.lists.push(List { style, marker: None });
            }
            "list-item" => {
                let level = self.lists.len().saturating_sub(self.base() + 1);
                let start = tag.attribute("start-value").and_then(|start| start.parse().ok());
                if let Some(list) = self.lists.last_mut() {
                    list.marker = self.styles.marker(&list.style, level, start, &mut self.counts);
                }
            }
            _ => {}
        }
    }

    fn open_paragraph(&mut self, name: &str, style: &str, tag: &Tag<'_>) {
        let base = self.base();
        let heading = match name {
            "h" => Some(
                tag.attribute("outline-level").and_then(|level| level.parse().ok()).unwrap_or(1_u8),
            ),
            _ => self.styles.heading(style),
        };
        let listed = self.lists.len().saturating_sub(base);
        let mut marker = match self.lists.last_mut() {
            Some(list) if listed > 0 => list.marker.take(),
            _ => None,
        };
        let is_header = tag.attribute("is-list-header").as_deref() == Some("true");
        if let Some(level) = heading
            && marker.is_none()
            && !is_header
            && name == "h"
            && self.styles.list(style).is_none()
        {
            marker = self.styles.heading_number(level, &mut self.outline);
        }
        self.paragraphs.push(Paragraph {
            heading,
            marker,
            level: listed.saturating_sub(1),
            is_hidden: self.styles.is_hidden(style),
            ..Paragraph::default()
        });
    }

    fn close(&mut self, space: Space, name: &str) -> Result<(), Fault> {
        match (space, name) {
            (Space::OpenText, "p" | "h") => self.close_paragraph(),
            (Space::OpenText, "span") => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.spans.pop();
                }
                Ok(())
            }
            (Space::OpenText, "list") => {
                if self.lists.len() > self.base() {
                    self.lists.pop();
                }
                Ok(())
            }
            (
                Space::OpenText,
                "table-of-content" | "illustration-index" | "table-index" | "alphabetical-index",
            ) => {
                self.in_contents = self.in_contents.saturating_sub(1);
                Ok(())
            }
            (Space::OpenTable, "table-header-rows") => {
                if let Some(table) = self.tables.last_mut() {
                    table.in_header = false;
                }
                Ok(())
            }
            (Space::OpenTable, "table-row") => self.close_row(),
            (Space::OpenTable, "table") => self.close_table(),
            (Space::Dublin, _) => {
                self.field = None;
                Ok(())
            }
            (Space::OpenDraw, "g") => {
                self.groups.pop();
                Ok(())
            }
            (_, name) => match self.sinks.last().is_some_and(|sink| sink.place.ends_with(name)) {
                true => self.close_sink(),
                false => Ok(()),
            },
        }
    }

    fn text(&mut self, text: &str) {
        let comment = match self.sinks.last_mut().map(|sink| &mut sink.place) {
            Some(Place::Comment { author, date }) => Some((author, date)),
            _ => None,
        };
        match (&self.field, comment) {
            (Some(Field::Author), Some((author, _))) => author.push_str(text),
            (Some(Field::Date), Some((_, date))) => date.push_str(text),
            (Some(_), None) | (None, _) => self.push(text),
        }
    }

    fn push(&mut self, text: &str) {
        // A text box between paragraphs is no part of the one around it.
        if self.paragraphs.len() > self.sinks.last().map_or(0, |sink| sink.paragraphs)
            && let Some(paragraph) = self.paragraphs.last_mut()
            && !paragraph.is_hidden
            && !paragraph.spans.contains(&true)
        {
            paragraph.text.push_str(text);
        }
    }

    pub(super) fn sink(&mut self, place: Place) {
        self.sinks.push(Sink {
            place,
            blocks: Vec::new(),
            lists: self.lists.len(),
            paragraphs: self.paragraphs.len(),
        });
    }

    fn base(&self) -> usize {
        self.sinks.last().map_or(0, |sink| sink.lists)
    }

    pub(super) fn emit(&mut self, block: Block) -> Result<(), Fault> {
        if let Some(sink) = self.sinks.last_mut() {
            self.budget.text(&one_text(std::slice::from_ref(&block)))?;
            sink.blocks.push(block);
        }
        Ok(())
    }

    fn close_paragraph(&mut self) -> Result<(), Fault> {
        let base = self.sinks.last().map_or(0, |sink| sink.paragraphs);
        if self.paragraphs.len() <= base {
            return Ok(());
        }
        let Some(paragraph) = self.paragraphs.pop() else { return Ok(()) };
        let Paragraph { text, heading, marker, level, after, .. } = paragraph;
        if !text.trim().is_empty() {
            self.emit(match (heading, marker) {
                _ if self.in_contents > 0 => Block::Contents(text),
                (Some(level), Some(marker)) if !marker.is_empty() => {
                    Block::Heading { level, text: format!("{marker} {text}") }
                }
                (Some(level), _) => Block::Heading { level, text },
                (None, marker) => formats::item_or_paragraph(text, marker, level + 1),
            })?;
        }
        after.into_iter().try_for_each(|block| self.emit(block))
    }

    fn close_sink(&mut self) -> Result<(), Fault> {
        let Some(Sink { place, blocks, lists, paragraphs }) = self.sinks.pop() else {
            return Ok(());
        };
        self.lists.truncate(lists);
        self.paragraphs.truncate(paragraphs);
        match place {
            Place::Body => self.read.blocks.extend(blocks),
            Place::Header => keep(&mut self.read.headers, &blocks),
            Place::Footer => keep(&mut self.read.footers, &blocks),
            Place::Cell { columns } => self.close_cell(columns, blocks)?,
            Place::Note => self.after(Block::Paragraph(one_text(&blocks)))?,
            Place::Comment { author, date } => {
                let date: String = date.chars().take(10).collect();
                self.after(formats::comment(&author, &date, &one_text(&blocks)))?;
            }
            Place::Inset => blocks.into_iter().try_for_each(|block| self.emit(block))?,
            Place::Slide => {}
            Place::Shape { role, frame } => {
                let group = self.groups.first().copied();
                if let Some(slide) = self.read.slides.last_mut() {
                    slide.shapes.push(Shape { role, frame, group, blocks });
                }
            }
            Place::SpeakerNotes => {
                let text = one_text(&blocks);
                if let Some(slide) = self.read.slides.last_mut()
                    && !text.trim().is_empty()
                {
                    slide.remarks.push(Block::Paragraph(format!("Notes: {text}")));
                }
            }
        }
        Ok(())
    }

    /// Puts a note or comment after the paragraph that it belongs to.
    fn after(&mut self, block: Block) -> Result<(), Fault> {
        let Some(sink) = self.sinks.last() else { return Ok(()) };
        let in_paragraph = self.paragraphs.len() > sink.paragraphs;
        if matches!(sink.place, Place::Slide) {
            if let Some(slide) = self.read.slides.last_mut() {
                slide.remarks.push(block);
            }
        } else if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| in_paragraph) {
            paragraph.after.push(block);
        } else {
            return self.emit(block);
        }
        Ok(())
    }
}

/// Page headers and footers, each once.
fn keep(found: &mut Vec<String>, blocks: &[Block]) {
    let text = one_text(blocks);
    if !text.trim().is_empty() && !found.contains(&text) {
        found.push(text);
    }
}
