//! The outline of a PDF: its bookmarks, with the pages that they lead to.

use super::objects::{dictionary_entry, entry, resolve};
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::{HashMap, HashSet};

/// Bookmarks, and named places, beyond this many are not read.
const MOST_BOOKMARKS: usize = 20_000;
const MOST_PLACES: usize = 100_000;
/// Characters of a bookmark's title that are kept.
const TITLE_CHARS: usize = 300;

/// A bookmark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bookmark {
    /// Level 1 is the outermost.
    pub(crate) level: u8,
    /// As the producer wrote it.
    pub(crate) title: String,
    /// The page that it leads to, from 0, where that is known.
    pub(crate) page: Option<usize>,
}

/// The bookmarks of a document in their order.
pub(super) fn read(document: &Document, pages: &[ObjectId]) -> Vec<Bookmark> {
    let mut bookmarks = Vec::new();
    let Ok(catalog) = document.catalog() else { return bookmarks };
    let Some(outlines) = dictionary_entry(document, catalog, b"Outlines") else {
        return bookmarks;
    };
    let mut places = Places { document, catalog, pages, numbers: HashMap::new(), named: None };
    let mut seen = HashSet::new();
    let mut open: Vec<(&Object, u8)> =
        outlines.get(b"First").into_iter().map(|first| (first, 1)).collect();
    while bookmarks.len() < MOST_BOOKMARKS
        && let Some((node, level)) = open.pop()
    {
        if let Object::Reference(id) = node
            && !seen.insert(*id)
        {
            continue;
        }
        let Object::Dictionary(item) = resolve(document, node) else { continue };
        open.extend(item.get(b"Next").into_iter().map(|next| (next, level)));
        open.extend(item.get(b"First").into_iter().map(|first| (first, level.saturating_add(1))));
        let title = entry(document, item, b"Title")
            .and_then(|title| lopdf::decode_text_string(title).ok())
            .unwrap_or_default();
        bookmarks.push(Bookmark {
            level,
            title: title.chars().take(TITLE_CHARS).collect(),
            page: places.page(item),
        });
    }
    bookmarks
}

/// Where bookmarks lead.
struct Places<'a> {
    document: &'a Document,
    catalog: &'a Dictionary,
    pages: &'a [ObjectId],
    /// Pages by their object, once one is asked for.
    numbers: HashMap<ObjectId, usize>,
    /// Places by name, once one is asked for.
    named: Option<HashMap<&'a [u8], &'a Object>>,
}

impl<'a> Places<'a> {
    fn page(&mut self, item: &'a Dictionary) -> Option<usize> {
        let place = entry(self.document, item, b"Dest").or_else(|| {
            let action = dictionary_entry(self.document, item, b"A")?;
            entry(self.document, action, b"D")
        })?;
        let place = match place {
            Object::Name(name) | Object::String(name, _) => self.named(name)?,
            place => place,
        };
        let place = match place {
            Object::Dictionary(place) => entry(self.document, place, b"D")?,
            place => place,
        };
        match place.as_array().ok()?.first()? {
            Object::Reference(id) => self.number(*id),
            Object::Integer(number) => usize::try_from(*number).ok(),
            _ => None,
        }
    }

    fn number(&mut self, page: ObjectId) -> Option<usize> {
        if self.numbers.is_empty() {
            self.numbers = self.pages.iter().enumerate().map(|(n, id)| (*id, n)).collect();
        }
        self.numbers.get(&page).copied()
    }

    fn named(&mut self, name: &[u8]) -> Option<&'a Object> {
        let (document, catalog) = (self.document, self.catalog);
        let named = self.named.get_or_insert_with(|| named_places(document, catalog));
        named.get(name).copied()
    }
}

fn named_places<'a>(
    document: &'a Document,
    catalog: &'a Dictionary,
) -> HashMap<&'a [u8], &'a Object> {
    let mut places = HashMap::new();
    for (name, place) in dictionary_entry(document, catalog, b"Dests").into_iter().flatten() {
        places.insert(name.as_slice(), resolve(document, place));
    }
    let root =
        dictionary_entry(document, catalog, b"Names").and_then(|names| names.get(b"Dests").ok());
    let mut seen = HashSet::new();
    let mut open: Vec<&Object> = root.into_iter().collect();
    while places.len() < MOST_PLACES
        && let Some(node) = open.pop()
    {
        if let Object::Reference(id) = node
            && !seen.insert(*id)
        {
            continue;
        }
        let Object::Dictionary(node) = resolve(document, node) else { continue };
        if let Some(Object::Array(kids)) = entry(document, node, b"Kids") {
            open.extend(kids.iter().take(MOST_PLACES - open.len().min(MOST_PLACES)));
        }
        let Some(Object::Array(names)) = entry(document, node, b"Names") else { continue };
        for pair in names.chunks_exact(2) {
            if let [name, place] = pair
                && let Object::String(name, _) = resolve(document, name)
            {
                places.insert(name, resolve(document, place));
            }
        }
    }
    places
}
