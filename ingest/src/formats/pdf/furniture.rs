use super::{grid::aligned, look::usual_gap};
use crate::pdf::{PdfLine, PdfPage, TagRole};
use regex::Regex;
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// Share of a page's height at its top and foot where page headers and footers stand.
const MARGIN: f32 = 0.12;
/// The same for lines that most pages repeat word for word: headers set as a table reach far down.
const DEEP_MARGIN: f32 = 0.2;
/// Lines stand at the same height within this many points.
const SLACK: f32 = 2.0;
/// A line stands clear of the body when the gap is so many times the usual one.
const CLEAR: f32 = 1.8;
/// Longest page header whose text changes from page to page, in characters.
const LONGEST_CHANGING: usize = 120;

static PAGE_NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:(?:page|seite|p\.|pg\.?|página|pagina)\s*)?[-–—|]?\s*(?:\d{1,4}|[ivxl]{1,6}|[a-z]-\d{1,3})\s*[-–—|]?(?:\s*(?:of|/|\||von|sur|de)\s*\d{1,4})?(?:\s*[-–—|]?\s*page)?$",
    )
    .ok()
});

/// A page's number by its word, beside a name or a day: `INC-7 / final / 4 June 2026   Page 1 of 2`. One page tells nothing by repeating.
static ENDS_WITH_PAGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[\s|(])(?:page|seite|pagina|página)\s*\d{1,4}(?:\s*(?:of|/|von|sur|de)\s*\d{1,4})?\)?$")
        .ok()
});

/// The lines that are page headers and footers: what repeats on many pages at the same height, and page numbers.
pub(super) struct Furniture {
    /// Text (digits as `#`) and height.
    repeated: HashSet<(String, i32)>,
    /// The same where most pages have it.
    everywhere: HashSet<(String, i32)>,
    /// Heights at which most pages have a line that stands clear of the body, whatever it says.
    slots: HashSet<i32>,
}

impl Furniture {
    pub(super) fn of(pages: &[PdfPage], body: f32) -> Self {
        let mut repeated = Counts::default();
        let mut deep = Counts::default();
        let mut slots: HashMap<i32, HashSet<usize>> = HashMap::new();
        for (number, page) in pages.iter().enumerate() {
            let usual = usual_gap(page);
            for (index, line) in page.lines.iter().enumerate() {
                if !in_margin(line, page, DEEP_MARGIN) {
                    continue;
                }
                let shape = shape(&line.text);
                if in_margin(line, page, MARGIN) {
                    repeated.add(&shape, line.y, number);
                    let outermost = index == 0 || index + 1 == page.lines.len();
                    if outermost
                        && line.size < body * 1.1
                        && line.text.chars().count() <= LONGEST_CHANGING
                        && is_clear(page, index, usual)
                    {
                        slots.entry(height(line.y)).or_default().insert(number);
                    }
                }
                deep.add(&shape, line.y, number);
            }
        }
        let written = pages.iter().filter(|page| page.lines.len() > 1).count();
        let enough = if pages.len() < 6 { 2 } else { 3 };
        let most = (written * 3).div_ceil(5).max(3);
        let most_slots = (written * 3).div_ceil(5).max(4);
        Self {
            repeated: repeated.on(enough),
            everywhere: deep.on(most),
            slots: slots
                .into_iter()
                .filter(|(_, pages)| pages.len() >= most_slots)
                .map(|(height, _)| height)
                .collect(),
        }
    }

    /// Whether a page's line is a header or footer; `usual` is the page's usual gap.
    pub(super) fn holds(&self, page: &PdfPage, index: usize, usual: f32) -> bool {
        let Some(line) = page.lines.get(index) else { return false };
        let is_content = line.tag.is_some_and(|tag| {
            matches!(tag.role, TagRole::Cell { .. } | TagRole::Heading(_) | TagRole::Contents)
        });
        if is_content || !in_margin(line, page, DEEP_MARGIN) {
            return false;
        }
        let key = (shape(&line.text), height(line.y));
        if self.everywhere.contains(&key) && !opens_table(page, index) {
            return true;
        }
        if !in_margin(line, page, MARGIN) {
            return false;
        }
        let outermost = index == 0
            || index + 1 == page.lines.len()
            || index.checked_sub(1).is_some_and(|before| self.holds_alone(page, before))
            || page.lines.len() > index + 1 && self.holds_alone(page, index + 1);
        line.artifact
            || self.repeated.contains(&key) && !opens_table(page, index)
            || outermost && is_page_number(line)
            || outermost && ends_with_page(line) && is_clear(page, index, usual)
            || outermost && self.slots.contains(&key.1) && is_clear(page, index, usual)
    }

    /// Whether a line is furniture whatever stands beside it.
    fn holds_alone(&self, page: &PdfPage, index: usize) -> bool {
        page.lines.get(index).is_some_and(|line| {
            in_margin(line, page, MARGIN)
                && (line.artifact
                    || is_page_number(line)
                    || self.repeated.contains(&(shape(&line.text), height(line.y))))
        })
    }
}

/// On how many pages a text stands at a height.
#[derive(Default)]
struct Counts(HashMap<(String, i32), (usize, usize)>);

impl Counts {
    fn add(&mut self, shape: &str, y: f32, page: usize) {
        // Heights are counted with both neighbours: those of one line differ by a hair.
        for height in height(y) - 1..=height(y) + 1 {
            let (last, count) = self.0.entry((shape.to_owned(), height)).or_insert((usize::MAX, 0));
            if *last != page {
                (*last, *count) = (page, *count + 1);
            }
        }
    }

    fn on(self, pages: usize) -> HashSet<(String, i32)> {
        let often = |(_, (_, count)): &(_, (usize, usize))| *count >= pages;
        self.0.into_iter().filter(often).map(|(key, _)| key).collect()
    }
}

fn height(y: f32) -> i32 {
    (y / SLACK).round() as i32
}

fn in_margin(line: &PdfLine, page: &PdfPage, share: f32) -> bool {
    page.height > 0.0 && (line.y < page.height * share || line.y > page.height * (1.0 - share))
}

fn is_page_number(line: &PdfLine) -> bool {
    PAGE_NUMBER.as_ref().is_some_and(|number| number.is_match(line.text.trim()))
}

fn ends_with_page(line: &PdfLine) -> bool {
    let text = line.text.trim();
    text.chars().count() <= LONGEST_CHANGING
        && ENDS_WITH_PAGE.as_ref().is_some_and(|page| page.is_match(text))
}

/// Whether a line at a page's edge stands clear of the line next to it.
fn is_clear(page: &PdfPage, index: usize, usual: f32) -> bool {
    let inner = if index == 0 { page.lines.get(1) } else { page.lines.get(index) };
    inner.and_then(|line| line.gap_before).is_some_and(|gap| gap > usual * CLEAR)
}

/// Whether a line heads a table's columns, as tables that run on repeat it on each page.
fn opens_table(page: &PdfPage, index: usize) -> bool {
    page.lines.get(index).zip(page.lines.get(index + 1)).is_some_and(|(line, next)| {
        line.cells.len() > 2 && next.cells.len() > 2 && aligned(line, next)
    })
}

/// A line with its digits made equal, so that page numbers do not tell pages apart.
fn shape(line: &str) -> String {
    let mut shape = String::with_capacity(line.len());
    for c in line.trim().chars() {
        match c.is_ascii_digit() {
            true if shape.ends_with('#') => {}
            true => shape.push('#'),
            false => shape.push(c),
        }
    }
    shape
}
