use crate::pdf::{Bookmark, PdfPage};
use std::collections::HashMap;

/// Lines that a title may take.
const MOST_LINES: usize = 4;
/// Lines are held against bookmarks this many times at most.
const MOST_COMPARED: usize = 20_000_000;

/// The lines that bookmarks name, with the level of each title's first line; further lines of a title have it too.
#[derive(Default)]
pub(super) struct Marked {
    levels: HashMap<(usize, usize), Place>,
}

struct Place {
    level: u8,
    first: bool,
}

impl Marked {
    /// Finds the bookmarks' titles among the lines of the pages that they lead to.
    pub(super) fn of(pages: &[PdfPage], bookmarks: &[Bookmark]) -> Self {
        let mut marked = Self::default();
        let mut keys: HashMap<usize, Vec<String>> = HashMap::new();
        let mut left = MOST_COMPARED;
        for bookmark in bookmarks {
            let title = key(&bookmark.title);
            if title.is_empty() {
                continue;
            }
            let candidates = match bookmark.page {
                // A title at a page's foot may be led to by the page before, and the other way round.
                Some(page) => page..(page + 2).min(pages.len()),
                None => 0..pages.len(),
            };
            for number in candidates {
                let Some(page) = pages.get(number) else { continue };
                let keys = keys
                    .entry(number)
                    .or_insert_with(|| page.lines.iter().map(|line| key(&line.text)).collect());
                left = left.saturating_sub(keys.len());
                if left == 0 {
                    return marked;
                }
                let found = (0..keys.len())
                    .filter(|index| !marked.levels.contains_key(&(number, *index)))
                    .find_map(|index| Some((index, lines_of(&title, keys.get(index..)?)?)));
                if let Some((index, count)) = found {
                    for line in 0..count {
                        let place = Place { level: bookmark.level.clamp(1, 6), first: line == 0 };
                        marked.levels.insert((number, index + line), place);
                    }
                    break;
                }
            }
        }
        marked
    }

    /// The level of a line that a bookmark names.
    pub(super) fn level(&self, page: usize, line: usize) -> Option<u8> {
        self.levels.get(&(page, line)).map(|place| place.level)
    }

    /// Whether a line goes on with the title of the line before it.
    pub(super) fn goes_on(&self, page: usize, line: usize) -> bool {
        self.levels.get(&(page, line)).is_some_and(|place| !place.first)
    }
}

/// How many lines the title takes, if it begins with the first of them and ends with the last.
fn lines_of(title: &str, lines: &[String]) -> Option<usize> {
    let mut rest = title;
    for (index, line) in lines.iter().take(MOST_LINES).enumerate() {
        // The number before a title is often no part of its bookmark.
        let line = match index {
            0 if !line.is_empty() && !rest.starts_with(line.as_str()) => {
                line.trim_start_matches(|c: char| c.is_ascii_digit())
            }
            _ => line.as_str(),
        };
        if line.is_empty() {
            return None;
        }
        rest = rest.strip_prefix(line)?;
        if rest.is_empty() {
            return Some(index + 1);
        }
    }
    None
}

/// What two spellings of a title have in common: letters and digits.
fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
