use crate::block;
use std::collections::HashMap;

/// Characters of one part of a path that are kept.
const SEGMENT_CHARS: usize = 160;
/// Characters of an extension that is kept where a part is shortened.
const EXTENSION_CHARS: usize = 12;
/// Parts of a path that are kept, from its end.
const SEGMENTS: usize = 64;

/// A path as an archive gives it, made relative: no root, no drive, no step up, nothing that does not show.
pub(super) fn safe(name: &str) -> String {
    let mut steps: Vec<String> = name.split(['/', '\\']).filter_map(segment).collect();
    if name.chars().nth(1) == Some(':') && steps.len() > 1 {
        steps.remove(0);
    }
    let from = steps.len().saturating_sub(SEGMENTS);
    let path = steps.get(from..).unwrap_or_default().join("/");
    if path.is_empty() { "unnamed".to_owned() } else { path }
}

/// One part of a path, or `None` where nothing is left of it.
pub(crate) fn segment(name: &str) -> Option<String> {
    let clean = block::one_line(name);
    let clean = clean.trim();
    if clean.is_empty() || clean == "." || clean == ".." {
        return None;
    }
    let clean = clean.replace(['/', '\\'], "_");
    if clean.chars().count() <= SEGMENT_CHARS {
        return Some(clean);
    }
    let (stem, extension) = match clean.rsplit_once('.') {
        Some((stem, extension)) if extension.chars().count() <= EXTENSION_CHARS => {
            (stem, format!(".{extension}"))
        }
        _ => (clean.as_str(), String::new()),
    };
    let stem: String = stem.chars().take(SEGMENT_CHARS).collect();
    Some(format!("{}{extension}", stem.trim_end()))
}

/// Names that are each given once: a name that comes again gets ` (2)` before its extension.
#[derive(Debug, Default)]
pub(crate) struct Distinct {
    /// Each name given, with how often it was asked for.
    given: HashMap<String, u32>,
}

impl Distinct {
    pub(crate) fn name(&mut self, name: String) -> String {
        let (folder, own) =
            name.rsplit_once('/').map_or(("", &*name), |(folder, own)| (folder, own));
        let (stem, extension) = match own.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
            _ => (own, String::new()),
        };
        let mut number = self.given.get(&name).copied().unwrap_or(0);
        let distinct = loop {
            number = number.saturating_add(1);
            let candidate = match (number, folder) {
                (1, _) => name.clone(),
                (_, "") => format!("{stem} ({number}){extension}"),
                _ => format!("{folder}/{stem} ({number}){extension}"),
            };
            if number == u32::MAX || !self.given.contains_key(&candidate) {
                break candidate;
            }
        };
        self.given.insert(distinct.clone(), 1);
        self.given.insert(name, number);
        distinct
    }
}
