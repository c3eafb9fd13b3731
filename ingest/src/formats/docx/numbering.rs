use crate::{
    Limits,
    formats::{
        office::{self, Space, Xml},
        zip::{Container, Relationship},
    },
};
use std::collections::HashMap;

/// Levels that a list can have.
const LEVELS: usize = 9;
/// Characters of what stands before an item; each item has its own copy.
const MARKER_CHARS: usize = 100;

/// A document's lists, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    abstracts: HashMap<String, Vec<Level>>,
    /// List to abstract list, with levels that begin anew.
    lists: HashMap<String, (String, HashMap<usize, u32>)>,
    counts: HashMap<String, [Option<u32>; LEVELS]>,
}

#[derive(Clone, Debug)]
struct Level {
    format: String,
    /// Such as `%1.%2`.
    text: String,
    start: u32,
}

impl Default for Level {
    fn default() -> Self {
        Self { format: "decimal".into(), text: String::new(), start: 1 }
    }
}

impl Numbering {
    /// Counts one paragraph of a list on and gives what stands before it: empty for a bullet, `None` where the list does not exist or shows nothing.
    pub(super) fn next(&mut self, list: &str, level: u8) -> Option<String> {
        let level = usize::from(level).min(LEVELS - 1);
        let (name, restarts) = self.lists.get(list)?;
        let levels = self.abstracts.get(name)?;
        let own = levels.get(level).cloned().unwrap_or_default();
        if own.format == "bullet" {
            return Some(String::new());
        }
        if own.format == "none" {
            return None;
        }
        let start = |n: usize| {
            restarts
                .get(&n)
                .copied()
                .unwrap_or_else(|| levels.get(n).map_or(1, |level| level.start))
        };
        let counts = self
            .counts
            .entry(if restarts.is_empty() { name.clone() } else { list.to_owned() })
            .or_default();
        counts[level] =
            Some(counts[level].map_or_else(|| start(level), |count| count.saturating_add(1)));
        for deeper in counts.iter_mut().skip(level + 1) {
            *deeper = None;
        }
        let mut text = own.text.clone();
        for (n, count) in counts.iter().enumerate() {
            let mark = format!("%{}", n + 1);
            if text.contains(&mark) {
                let format = levels.get(n).map_or("decimal", |level| level.format.as_str());
                text = text.replace(&mark, &numeral(count.unwrap_or_else(|| start(n)), format));
            }
        }
        Some(text.trim().to_owned())
    }
}

fn numeral(number: u32, format: &str) -> String {
    match format {
        "lowerLetter" => letters(number),
        "upperLetter" => letters(number).to_uppercase(),
        "lowerRoman" => roman(number),
        "upperRoman" => roman(number).to_uppercase(),
        "decimalZero" => format!("{number:02}"),
        _ => number.to_string(),
    }
}

fn letters(number: u32) -> String {
    let letter = char::from(b'a' + (number.saturating_sub(1) % 26) as u8);
    String::from(letter).repeat((number.saturating_sub(1) / 26 + 1).min(8) as usize)
}

fn roman(number: u32) -> String {
    const NUMERALS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut left = number.min(3999);
    let mut text = String::new();
    for (value, numeral) in NUMERALS {
        while left >= value {
            text.push_str(numeral);
            left -= value;
        }
    }
    text
}

/// Reads the lists; a damaged part gives none.
pub(super) fn read(
    container: &mut Container<'_>,
    links: &[Relationship],
    limits: &Limits,
) -> Numbering {
    let part =
        links.iter().find(|link| link.kind == "numbering").and_then(|link| link.part.clone());
    let Some(part) = part else { return Numbering::default() };
    let Ok(Some(xml)) = container.text(&part) else { return Numbering::default() };
    let mut numbering = Numbering::default();
    let mut in_abstract: Option<(String, Vec<Level>)> = None;
    let mut in_list: Option<(String, String, HashMap<usize, u32>)> = None;
    let mut overridden = 0;
    let outcome = office::each(&part, &xml, limits, |event| {
        match event {
            Xml::Open(tag) if tag.space == Space::Word => {
                let value = || tag.attribute("val").unwrap_or_default();
                let level = || {
                    tag.attribute("ilvl")
                        .and_then(|level| level.parse().ok())
                        .unwrap_or(0_usize)
                        .min(LEVELS - 1)
                };
                match tag.name {
                    "abstractNum" => {
                        in_abstract = tag.attribute("abstractNumId").map(|id| (id, Vec::new()))
                    }
                    "num" => {
                        in_list =
                            tag.attribute("numId").map(|id| (id, String::new(), HashMap::new()))
                    }
                    "abstractNumId" => {
                        if let Some((_, name, _)) = &mut in_list {
                            *name = value();
                        }
                    }
                    "lvlOverride" => overridden = level(),
                    "startOverride" => {
                        if let Some((_, _, restarts)) = &mut in_list {
                            restarts.insert(overridden, value().parse().unwrap_or(1));
                        }
                    }
                    "lvl" => {
                        if let Some((_, levels)) = &mut in_abstract {
                            levels.resize(levels.len().max(level() + 1), Level::default());
                        }
                    }
                    _ => {
                        if let Some(level) =
                            in_abstract.as_mut().and_then(|(_, levels)| levels.last_mut())
                        {
                            match tag.name {
                                "start" => level.start = value().parse().unwrap_or(1),
                                "numFmt" => level.format = value(),
                                "lvlText" => {
                                    level.text = value().chars().take(MARKER_CHARS).collect()
                                }
                                _ => {}
                            }
                        }
                    }
                }
            }
            Xml::Close { space: Space::Word, name: "abstractNum" } => {
                numbering.abstracts.extend(in_abstract.take());
            }
            Xml::Close { space: Space::Word, name: "num" } => {
                numbering
                    .lists
                    .extend(in_list.take().map(|(id, name, restarts)| (id, (name, restarts))));
            }
            _ => {}
        }
        Ok(())
    });
    if outcome.is_err() {
        return Numbering::default();
    }
    numbering
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_those_that_word_shows() {
        assert_eq!(
            ["decimal", "lowerLetter", "upperRoman"].map(|format| numeral(28, format)),
            ["28", "bb", "XXVIII"]
        );
    }
}
