use crate::formats::{
    docx::numeral,
    office::{Space, Tag, Xml},
};
use std::collections::{HashMap, HashSet};

/// Levels that a list can have.
const LEVELS: usize = 10;
/// Characters of a prefix or suffix; each item has its own copy.
const AFFIX_CHARS: usize = 40;
/// Styles can rest on each other in a ring.
const PARENTS: usize = 12;

/// What styles say of text: outline levels, lists, what is hidden. Of both parts, for either may hold any.
#[derive(Debug, Default)]
pub(super) struct Styles {
    paragraphs: HashMap<String, Paragraph>,
    lists: HashMap<String, Vec<Level>>,
    /// How headings are numbered.
    outline: Vec<Level>,
    /// Styles of tables and slides that are not shown.
    hidden: HashSet<String>,
    open_style: Option<String>,
    open_list: Option<String>,
    in_outline: bool,
}

#[derive(Debug, Default)]
struct Paragraph {
    parent: Option<String>,
    outline: Option<u8>,
    list: Option<String>,
    is_hidden: bool,
}

#[derive(Clone, Debug, Default)]
struct Level {
    is_bullet: bool,
    format: String,
    prefix: String,
    suffix: String,
    /// Such as `%1%.%2%`, where it is given: it says all that the others do.
    pattern: Option<String>,
    shown: usize,
    start: u32,
}

/// How far lists have counted.
#[derive(Debug, Default)]
pub(super) struct Counts(HashMap<String, [Option<u32>; LEVELS]>);

impl Counts {
    pub(super) fn restart(&mut self, list: &str) {
        self.0.remove(list);
    }
}

impl Styles {
    pub(super) fn event(&mut self, event: &Xml<'_>) {
        match event {
            Xml::Open(tag) => self.open(tag),
            Xml::Close { space: Space::OpenText, name: "list-style" } => self.open_list = None,
            Xml::Close { space: Space::OpenText, name: "outline-style" } => self.in_outline = false,
            Xml::Close { space: Space::OpenStyle, name: "style" } => self.open_style = None,
            _ => {}
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match (tag.space, tag.name) {
            (Space::OpenStyle, "style") => {
                let Some(name) = tag.attribute("name") else { return };
                let outline = tag.attribute("default-outline-level");
                self.paragraphs.insert(
                    name.clone(),
                    Paragraph {
                        parent: tag.attribute("parent-style-name"),
                        outline: outline.and_then(|level| level.parse().ok()),
                        list: tag.attribute("list-style-name").filter(|list| !list.is_empty()),
                        is_hidden: false,
                    },
                );
                self.open_style = Some(name);
            }
            (Space::OpenStyle, "table-properties")
                if tag.attribute("display").as_deref() == Some("false") =>
            {
                self.hidden.extend(self.open_style.clone());
            }
            (Space::OpenStyle, "drawing-page-properties")
                if tag.attribute("visibility").as_deref() == Some("hidden") =>
            {
                self.hidden.extend(self.open_style.clone());
            }
            (Space::OpenStyle, "text-properties")
                if tag.attribute("display").as_deref() == Some("none") =>
            {
                let open = self.open_style.as_ref();
                if let Some(style) = open.and_then(|name| self.paragraphs.get_mut(name)) {
                    style.is_hidden = true;
                }
            }
            (Space::OpenText, "list-style") => self.open_list = tag.attribute("name"),
            (Space::OpenText, "outline-style") => self.in_outline = true,
            (Space::OpenText, "outline-level-style") if self.in_outline => {
                set(&mut self.outline, tag, false);
            }
            (Space::OpenText, name) if name.starts_with("list-level-style-") => {
                if let Some(list) = &self.open_list {
                    let levels = self.lists.entry(list.clone()).or_default();
                    set(levels, tag, name != "list-level-style-number");
                }
            }
            _ => {}
        }
    }

    fn find<T>(&self, style: &str, wanted: impl Fn(&str, &Paragraph) -> Option<T>) -> Option<T> {
        let mut next = Some(style);
        for _ in 0..PARENTS {
            let name = next?;
            let style = self.paragraphs.get(name);
            if let Some(found) = wanted(name, style.unwrap_or(&Paragraph::default())) {
                return Some(found);
            }
            next = style.and_then(|style| style.parent.as_deref());
        }
        None
    }

    /// The level of heading that a style gives.
    pub(super) fn heading(&self, style: &str) -> Option<u8> {
        self.find(style, |name, style| match name {
            "Title" => Some(1),
            _ => style.outline.filter(|level| (1..=10).contains(level)),
        })
    }

    /// The list that a style puts its paragraphs into.
    pub(super) fn list(&self, style: &str) -> Option<&str> {
        let name = self.find(style, |_, style| style.list.clone())?;
        self.lists.get_key_value(&name).map(|(name, _)| name.as_str())
    }

    /// Whether tables, slides or text of a style are not shown.
    pub(super) fn is_hidden(&self, style: &str) -> bool {
        self.hidden.contains(style)
            || self.paragraphs.get(style).is_some_and(|style| style.is_hidden)
    }

    /// Counts an item on and gives what stands before it: empty for a bullet, `None` where nothing does.
    pub(super) fn marker(
        &self,
        list: &str,
        level: usize,
        start: Option<u32>,
        counts: &mut Counts,
    ) -> Option<String> {
        let Some(levels) = self.lists.get(list) else { return Some(String::new()) };
        number(levels, list, level, start, counts)
    }

    /// The number before a heading.
    pub(super) fn heading_number(&self, level: u8, counts: &mut Counts) -> Option<String> {
        // A list's name is never empty.
        let level = usize::from(level).saturating_sub(1);
        number(&self.outline, "", level, None, counts).filter(|number| !number.is_empty())
    }
}

fn set(levels: &mut Vec<Level>, tag: &Tag<'_>, is_bullet: bool) {
    let at = tag.attribute("level").and_then(|level| level.parse::<usize>().ok()).unwrap_or(1);
    let affix = |name| -> String {
        tag.attribute(name).unwrap_or_default().chars().take(AFFIX_CHARS).collect()
    };
    let count = |name| tag.attribute(name).and_then(|value| value.parse::<u32>().ok());
    let at = at.saturating_sub(1);
    if at < LEVELS {
        if levels.len() <= at {
            levels.resize(at + 1, Level::default());
        }
        levels[at] = Level {
            is_bullet,
            format: tag.attribute("num-format").unwrap_or_default(),
            prefix: affix("num-prefix"),
            suffix: affix("num-suffix"),
            pattern: Some(affix("num-list-format")).filter(|pattern| pattern.contains('%')),
            shown: count("display-levels").unwrap_or(1).clamp(1, LEVELS as u32) as usize,
            start: count("start-value").unwrap_or(1),
        };
    }
}

fn number(
    levels: &[Level],
    list: &str,
    at: usize,
    start: Option<u32>,
    counts: &mut Counts,
) -> Option<String> {
    let at = at.min(LEVELS - 1);
    let own = levels.get(at)?;
    if own.is_bullet {
        return Some(String::new());
    }
    let counts = counts.0.entry(list.to_owned()).or_default();
    let first = |n: usize| levels.get(n).map_or(1, |level| level.start);
    for (n, count) in counts.iter_mut().enumerate().skip(at) {
        *count = match (n == at, start, *count) {
            (false, ..) => None,
            (true, Some(start), _) => Some(start),
            (true, None, Some(last)) => Some(last.saturating_add(1)),
            (true, None, None) => Some(first(n)),
        };
    }
    if own.format.is_empty() {
        return None;
    }
    let shown = |n: usize| {
        let format = levels.get(n).map(|level| level.format.as_str())?;
        let kind = match format {
            "" => return None,
            "a" => "lowerLetter",
            "A" => "upperLetter",
            "i" => "lowerRoman",
            "I" => "upperRoman",
            _ => "decimal",
        };
        let count = counts.get(n).copied().flatten().unwrap_or_else(|| first(n));
        Some(numeral(count, kind))
    };
    if let Some(pattern) = &own.pattern {
        let mut text = pattern.clone();
        for n in 0..=at {
            text = text.replace(&format!("%{}%", n + 1), &shown(n).unwrap_or_default());
        }
        return Some(text.trim().to_owned());
    }
    let numbers: Vec<String> = (at + 1 - own.shown.min(at + 1)..=at).filter_map(shown).collect();
    let text = format!("{}{}{}", own.prefix, numbers.join("."), own.suffix);
    Some(text.trim().to_owned())
}
