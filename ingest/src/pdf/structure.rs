//! The structure tree of a tagged PDF: what its producer says each stretch of text is.

use super::objects::{as_dictionary, dictionary_entry, entry, number_entry, resolve};
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::{HashMap, HashSet};

/// Elements and stretches of a tree beyond this many are not looked at.
const MOST_NODES: usize = 1_000_000;
/// Custom names that lead to each other.
const MOST_RENAMINGS: usize = 8;
/// Columns that a cell may reach over.
const MOST_SPANNED: f64 = 200.0;

/// What a stretch of text is tagged as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    /// Stretches with the same number are one paragraph, heading, list item or cell.
    pub(crate) element: u32,
    /// What it is.
    pub(crate) role: TagRole,
}

/// What an element of the structure tree is, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagRole {
    /// A heading; level 1 is the outermost.
    Heading(u8),
    /// Running text, captions and notes.
    Paragraph,
    /// An item of a list; level 0 is the outermost.
    Item(u8),
    /// A line of a table of contents.
    Contents,
    /// No part of the content.
    Artifact,
    /// A cell of a table. Tables and rows are counted through the document, columns from 0 in their row.
    Cell {
        /// Which table.
        table: u32,
        /// Which row.
        row: u32,
        /// Which column.
        column: u16,
        /// It names a row or a column.
        header: bool,
    },
}

/// The tags of a document's marked content, by page and by the id of the mark.
#[derive(Debug, Default)]
pub(super) struct Structure {
    tags: HashMap<(ObjectId, u32), Tag>,
}

/// What a node of the tree inherits from those above it.
#[derive(Clone, Copy, Default)]
struct Place {
    page: Option<ObjectId>,
    tag: Option<Tag>,
    lists: u8,
    sections: u8,
    table: u32,
    row: u32,
    column: u16,
}

impl Structure {
    /// The tags of a document; none where it has no structure tree, or one that it calls suspect itself.
    pub(super) fn read(document: &Document) -> Self {
        let Ok(catalog) = document.catalog() else { return Self::default() };
        let suspect = dictionary_entry(document, catalog, b"MarkInfo")
            .and_then(|information| entry(document, information, b"Suspects"))
            .is_some_and(|suspects| matches!(suspects, Object::Boolean(true)));
        match dictionary_entry(document, catalog, b"StructTreeRoot") {
            Some(root) if !suspect => Reader::new(document, root).read(root),
            _ => Self::default(),
        }
    }

    /// What the stretch with that id on that page is tagged as.
    pub(super) fn tag(&self, page: ObjectId, mark: Option<u32>) -> Option<Tag> {
        self.tags.get(&(page, mark?)).copied()
    }

    /// Whether it has no tags at all.
    pub(super) fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }
}

struct Reader<'a> {
    document: &'a Document,
    names: Option<&'a Dictionary>,
    structure: Structure,
    seen: HashSet<ObjectId>,
    elements: u32,
    tables: u32,
    rows: u32,
    /// Nodes still to be read, the next one last.
    open: Vec<(&'a Object, Place)>,
    /// How many more may be opened.
    left: usize,
}

impl<'a> Reader<'a> {
    fn new(document: &'a Document, root: &'a Dictionary) -> Self {
        Self {
            document,
            names: dictionary_entry(document, root, b"RoleMap"),
            structure: Structure::default(),
            seen: HashSet::new(),
            elements: 0,
            tables: 0,
            rows: 0,
            open: Vec::new(),
            left: MOST_NODES,
        }
    }

    fn read(mut self, root: &'a Dictionary) -> Structure {
        self.open_kids(root, Place::default());
        while let Some((node, place)) = self.open.pop() {
            self.node(node, place);
        }
        self.structure
    }

    fn node(&mut self, node: &'a Object, mut place: Place) {
        if let Object::Reference(id) = node
            && !self.seen.insert(*id)
        {
            return;
        }
        let node = resolve(self.document, node);
        if let Object::Integer(mark) = node {
            self.put(place, u32::try_from(*mark).ok());
            return;
        }
        let Object::Dictionary(element) = node else { return };
        if let Ok(Object::Reference(page)) = element.get(b"Pg") {
            place.page = Some(*page);
        }
        if element.has(b"MCID") {
            // What stands in a form's stream is counted by the form and not by the page.
            if !element.has(b"Stm") {
                let mark = number_entry(self.document, element, b"MCID");
                self.put(place, mark.map(|mark| mark as u32));
            }
            return;
        }
        let name = self.name(element);
        let place = self.within(name, place);
        match name {
            b"TR" => self.open_row(element, place),
            _ => self.open_kids(element, place),
        }
    }

    fn put(&mut self, place: Place, mark: Option<u32>) {
        if let (Some(page), Some(mark), Some(tag)) = (place.page, mark, place.tag) {
            self.structure.tags.insert((page, mark), tag);
        }
    }

    /// An element's standard name.
    fn name(&self, element: &'a Dictionary) -> &'a [u8] {
        let mut name = element.get(b"S").and_then(Object::as_name).unwrap_or_default();
        for _ in 0..MOST_RENAMINGS {
            let renamed = self.names.and_then(|names| entry(self.document, names, name));
            match renamed.and_then(|renamed| renamed.as_name().ok()) {
                Some(standard) if standard != name => name = standard,
                _ => break,
            }
        }
        name
    }

    /// What an element makes of its place.
    fn within(&mut self, name: &[u8], mut place: Place) -> Place {
        let outer = place.tag.map(|tag| tag.role);
        let in_cell = matches!(outer, Some(TagRole::Cell { .. }));
        let settled = in_cell || matches!(outer, Some(TagRole::Contents | TagRole::Artifact));
        let heading = match name {
            [b'H', level @ b'1'..=b'6'] => Some(level - b'0'),
            b"H" => Some(place.sections.clamp(1, 6)),
            b"Title" => Some(1),
            _ => None,
        };
        let role = match name {
            b"Table" => {
                self.tables += 1;
                place.table = self.tables;
                return place;
            }
            b"TR" => {
                self.rows += 1;
                place.row = self.rows;
                return place;
            }
            b"TD" | b"TH" if place.row > 0 => {
                let Place { table, row, column, .. } = place;
                TagRole::Cell { table, row, column, header: name == b"TH" }
            }
            b"Artifact" => TagRole::Artifact,
            _ if settled => return place,
            b"L" => {
                place.lists = place.lists.saturating_add(1);
                return place;
            }
            b"Sect" | b"Part" | b"Art" => {
                place.sections = place.sections.saturating_add(1);
                return place;
            }
            b"TOCI" => TagRole::Contents,
            b"LI" => TagRole::Item(place.lists.saturating_sub(1)),
            _ if heading.is_some() => TagRole::Heading(heading.unwrap_or(1)),
            b"P" | b"Note" | b"FENote" | b"Caption" | b"BlockQuote" | b"Code" | b"Aside" => {
                match outer {
                    Some(TagRole::Item(_) | TagRole::Heading(_)) => return place,
                    _ => TagRole::Paragraph,
                }
            }
            _ => return place,
        };
        self.elements += 1;
        place.tag = Some(Tag { element: self.elements, role });
        place
    }

    fn open_row(&mut self, row: &'a Dictionary, mut place: Place) {
        let first = self.open.len();
        for kid in self.kids(row) {
            self.open.push((kid, place));
            let spanned = as_dictionary(resolve(self.document, kid))
                .map_or(1.0, |cell| columns_spanned(self.document, cell));
            place.column = place.column.saturating_add(spanned as u16);
        }
        if let Some(cells) = self.open.get_mut(first..) {
            cells.reverse();
        }
    }

    fn open_kids(&mut self, element: &'a Dictionary, place: Place) {
        let kids = self.kids(element);
        self.open.extend(kids.iter().rev().map(|kid| (kid, place)));
    }

    /// An element's kids, as many as may still be opened.
    fn kids(&mut self, element: &'a Dictionary) -> &'a [Object] {
        let kids = match element.get(b"K") {
            Ok(kid) => match resolve(self.document, kid) {
                Object::Array(kids) => kids.as_slice(),
                // The reference itself, so that it is known when it comes again.
                _ => std::slice::from_ref(kid),
            },
            Err(_) => &[],
        };
        let kids = kids.get(..self.left).unwrap_or(kids);
        self.left -= kids.len();
        kids
    }
}

fn columns_spanned(document: &Document, cell: &Dictionary) -> f64 {
    let attributes = match entry(document, cell, b"A") {
        Some(Object::Array(attributes)) => attributes.as_slice(),
        Some(attributes) => std::slice::from_ref(attributes),
        None => &[],
    };
    attributes
        .iter()
        .filter_map(|attributes| as_dictionary(resolve(document, attributes)))
        .find_map(|attributes| number_entry(document, attributes, b"ColSpan"))
        .unwrap_or(1.0)
        .clamp(1.0, MOST_SPANNED)
}
