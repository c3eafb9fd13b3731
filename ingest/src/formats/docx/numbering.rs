use super::numeral::numeral;
use crate::{
    Limits,
    formats::{
        office::{self, Space, Tag, Xml},
        zip::{Container, Relationship},
    },
};
use std::collections::{HashMap, HashSet};

/// Levels that a list can have.
const LEVELS: usize = 9;
/// Characters of what stands before an item; each item has its own copy.
const MARKER_CHARS: usize = 100;

/// A document's lists, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    abstracts: HashMap<String, Abstract>,
    /// Abstract list by the name of the list style that it defines.
    by_style: HashMap<String, String>,
    lists: HashMap<String, List>,
    /// By abstract list: lists that share one count on together.
    counts: HashMap<String, [Option<u32>; LEVELS]>,
    begun: HashSet<String>,
}

/// A definition that lists share.
#[derive(Debug, Default)]
struct Abstract {
    levels: [Level; LEVELS],
    /// The list style that defines its levels instead.
    linked: Option<String>,
}

#[derive(Debug, Default)]
struct List {
    base: String,
    starts: [Option<u32>; LEVELS],
    levels: [Option<Level>; LEVELS],
}

#[derive(Clone, Debug)]
struct Level {
    format: String,
    /// Such as `%1.%2`.
    text: String,
    start: u32,
    /// Begins anew after this level (from 1) and those above; 0 never does; `None` after any above.
    restarts_after: Option<usize>,
    /// Shows the numbers of all levels in digits.
    in_digits: bool,
    /// The paragraph style that stands at this level.
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            format: "decimal".into(),
            text: String::new(),
            start: 1,
            restarts_after: None,
            in_digits: false,
            style: None,
        }
    }
}

impl Numbering {
    /// Counts one paragraph of a list on and gives what stands before it: empty for a bullet, `None` where the list does not exist or shows nothing.
    pub(super) fn next(&mut self, list: &str, level: u8) -> Option<String> {
        let level = usize::from(level).min(LEVELS - 1);
        let definition = self.lists.get(list)?;
        let base = self.base_of(definition);
        let levels = &self.abstracts.get(base)?.levels;
        let at =
            |n: usize| definition.levels.get(n).and_then(Option::as_ref).or_else(|| levels.get(n));
        let own = at(level)?;
        if own.format == "bullet" {
            return Some(String::new());
        }
        let start = |n: usize| {
            let own = definition.starts.get(n).copied().flatten();
            own.unwrap_or_else(|| at(n).map_or(1, |level| level.start))
        };
        let mut counts = self.counts.get(base).copied().unwrap_or_default();
        if !self.begun.contains(list) {
            for (count, start) in counts.iter_mut().zip(definition.starts) {
                *count = count.filter(|_| start.is_none());
            }
        }
        for (n, count) in counts.iter_mut().enumerate().skip(level) {
            *count = match (n == level, *count) {
                (true, Some(count)) => Some(count.saturating_add(1)),
                (true, None) => Some(start(level)),
                (false, count) => count.filter(|_| {
                    at(n)
                        .and_then(|deeper| deeper.restarts_after)
                        .is_some_and(|after| level >= after)
                }),
            };
        }
        let shown = |n: usize| {
            let count = counts.get(n).copied().flatten().unwrap_or_else(|| start(n));
            let format = at(n).map_or("decimal", |level| level.format.as_str());
            numeral(count, if own.in_digits { "decimal" } else { format })
        };
        let marker = filled(&own.text, shown);
        let base = base.to_owned();
        self.counts.insert(base, counts);
        self.begun.insert(list.to_owned());
        (!marker.is_empty()).then_some(marker)
    }

    /// The level of a list at which a paragraph style stands.
    pub(super) fn level_of_style(&self, list: &str, style: &str) -> Option<u8> {
        let definition = self.abstracts.get(self.base_of(self.lists.get(list)?))?;
        let at = definition.levels.iter().position(|level| level.style.as_deref() == Some(style));
        at.map(|level| level as u8)
    }

    fn base_of<'a>(&'a self, list: &'a List) -> &'a str {
        let linked = self.abstracts.get(&list.base).and_then(|base| base.linked.as_ref());
        linked.and_then(|style| self.by_style.get(style)).unwrap_or(&list.base)
    }
}

/// A level's text with its `%1` to `%9` filled in.
fn filled(text: &str, shown: impl Fn(usize) -> String) -> String {
    let mut marker = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let level = chars.peek().filter(|_| c == '%').and_then(|next| next.to_digit(10));
        match level.filter(|level| *level > 0) {
            Some(level) => {
                chars.next();
                marker.push_str(&shown(level as usize - 1));
            }
            None => marker.push(c),
        }
    }
    marker.trim().to_owned()
}

/// What is being read of the part.
#[derive(Default)]
struct Open {
    base: Option<(String, Abstract)>,
    list: Option<(String, List)>,
    /// The level that the next elements describe.
    level: usize,
}

impl Open {
    fn level(&mut self) -> Option<&mut Level> {
        match (&mut self.base, &mut self.list) {
            (Some((_, base)), _) => base.levels.get_mut(self.level),
            (None, Some((_, list))) => list.levels.get_mut(self.level)?.as_mut(),
            (None, None) => None,
        }
    }
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
    let mut open = Open::default();
    let outcome = office::each(&part, &xml, limits, |event| {
        match event {
            Xml::Open(tag) if tag.space == Space::Word => begin(&mut numbering, &mut open, &tag),
            Xml::Close { space: Space::Word, name: "abstractNum" } => {
                numbering.abstracts.extend(open.base.take());
            }
            Xml::Close { space: Space::Word, name: "num" } => {
                numbering.lists.extend(open.list.take());
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

fn begin(numbering: &mut Numbering, open: &mut Open, tag: &Tag<'_>) {
    let value = || tag.attribute("val").unwrap_or_default();
    let number = || tag.attribute("val").and_then(|value| value.parse().ok());
    match tag.name {
        "abstractNum" => {
            open.base = tag.attribute("abstractNumId").map(|id| (id, Abstract::default()));
        }
        "num" => open.list = tag.attribute("numId").map(|id| (id, List::default())),
        "styleLink" => {
            if let Some((id, _)) = &open.base {
                numbering.by_style.insert(value(), id.clone());
            }
        }
        "numStyleLink" => {
            if let Some((_, base)) = &mut open.base {
                base.linked = Some(value());
            }
        }
        "abstractNumId" => {
            if let Some((_, list)) = &mut open.list {
                list.base = value();
            }
        }
        "lvlOverride" | "lvl" => {
            let level = tag.attribute("ilvl").and_then(|level| level.parse().ok());
            open.level = level.unwrap_or(0);
            let replaced = open.list.as_mut().filter(|_| tag.name == "lvl");
            if let Some(level) = replaced.and_then(|(_, list)| list.levels.get_mut(open.level)) {
                *level = Some(Level::default());
            }
        }
        "startOverride" => {
            let start = open.list.as_mut().and_then(|(_, list)| list.starts.get_mut(open.level));
            if let Some(start) = start {
                *start = number().or(Some(1));
            }
        }
        _ => {
            let Some(level) = open.level() else { return };
            match tag.name {
                "start" => level.start = number().unwrap_or(1),
                "numFmt" => level.format = value(),
                "lvlText" => level.text = value().chars().take(MARKER_CHARS).collect(),
                "lvlRestart" => level.restarts_after = value().parse().ok(),
                "isLgl" => level.in_digits = tag.is_on(),
                "pStyle" => level.style = Some(value()),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(format: &str, text: &str) -> Level {
        Level { format: format.into(), text: text.into(), ..Level::default() }
    }

    fn numbering() -> Numbering {
        let mut base = Abstract::default();
        let own =
            [level("upperRoman", "%1."), level("decimal", "%1.%2"), level("lowerLetter", "(%3)")];
        for (slot, level) in base.levels.iter_mut().zip(own) {
            *slot = level;
        }
        base.levels[1].in_digits = true;
        let mut again = List { base: "0".into(), ..List::default() };
        again.starts[0] = Some(5);
        Numbering {
            abstracts: [("0".to_owned(), base)].into(),
            lists: [
                ("1".to_owned(), List { base: "0".into(), ..List::default() }),
                ("2".to_owned(), again),
            ]
            .into(),
            ..Numbering::default()
        }
    }

    #[test]
    fn lists_count_on_and_begin_anew_as_word_shows_them() {
        let mut lists = numbering();
        let steps =
            [("1", 0), ("1", 1), ("1", 1), ("1", 2), ("1", 0), ("1", 1), ("2", 0), ("2", 0)];
        let shown: Vec<_> =
            steps.iter().filter_map(|(list, level)| lists.next(list, *level)).collect();
        assert_eq!(shown, ["I.", "1.1", "1.2", "(a)", "II.", "2.1", "V.", "VI."]);
        assert_eq!(lists.next("9", 0), None);
    }
}
