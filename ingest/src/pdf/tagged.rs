//! Fragments to lines where the document is tagged: rows of tables by their tags, all else as it is shown.

use super::fragment::Fragment;
use super::layout::{self, Cell, Line, TagOf};
use super::structure::{Tag, TagRole};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Characters that a table's cells have on average at most; with more it is no table but a way to lay out a page.
const MOST_CHARACTERS: usize = 600;

/// Lines that they have on average at most; with more, whole columns are tagged as cells and rows are lost.
const MOST_LINES: usize = 12;

/// A row's fragments by column.
type Cells = BTreeMap<u16, Vec<Fragment>>;

/// Joins fragments to lines. A row of a tagged table is one line, where the first of its cells is shown.
pub(super) fn assemble(fragments: Vec<Fragment>, tag_of: &TagOf<'_>) -> Vec<Line> {
    let tags: Vec<_> = fragments.iter().map(tag_of).collect();
    let tables = tables(&fragments, &tags);
    let mut lines: Vec<Line> = Vec::new();
    // How many lines stand before each row, its tag and its cells.
    let mut rows: Vec<(usize, Tag, Cells)> = Vec::new();
    let mut known: HashMap<u32, usize> = HashMap::new();
    let mut loose = Vec::new();
    for (fragment, tag) in fragments.into_iter().zip(tags) {
        match tag {
            Some(tag @ Tag { role: TagRole::Cell { table, row, column, .. }, .. })
                if tables.contains(&table) && !fragment.style.artifact =>
            {
                lines.extend(layout::assemble(std::mem::take(&mut loose), tag_of));
                let index = *known.entry(row).or_insert(rows.len());
                if index == rows.len() {
                    rows.push((lines.len(), tag, Cells::new()));
                }
                if let Some((_, _, cells)) = rows.get_mut(index) {
                    cells.entry(column).or_default().push(fragment);
                }
            }
            _ => loose.push(fragment),
        }
    }
    lines.extend(layout::assemble(loose, tag_of));
    let mut placed = Vec::with_capacity(lines.len() + rows.len());
    let mut rows = rows.into_iter().peekable();
    for (index, line) in lines.into_iter().enumerate() {
        while let Some((_, tag, cells)) = rows.next_if(|(before, ..)| *before <= index) {
            placed.extend(row(tag, cells));
        }
        placed.push(line);
    }
    placed.extend(rows.filter_map(|(_, tag, cells)| row(tag, cells)));
    placed
}

/// What a table holds on a page.
#[derive(Default)]
struct Size {
    columns: HashSet<u16>,
    cells: HashSet<u32>,
    characters: usize,
    lines: usize,
    /// The cell met last, and its baseline.
    last: (u32, f64),
}

/// The tables that are read as such.
fn tables(fragments: &[Fragment], tags: &[Option<Tag>]) -> HashSet<u32> {
    let mut sizes: HashMap<u32, Size> = HashMap::new();
    for (fragment, tag) in fragments.iter().zip(tags) {
        if let Some(Tag { element, role: TagRole::Cell { table, column, .. } }) = tag {
            let size = sizes.entry(*table).or_default();
            size.columns.insert(*column);
            size.cells.insert(*element);
            size.characters += fragment.characters;
            let met = (*element, fragment.start.y);
            let on_line =
                size.last.0 == met.0 && (size.last.1 - met.1).abs() < 0.5 * fragment.style.size;
            size.lines += usize::from(!on_line);
            size.last = met;
        }
    }
    let is_table = |size: &Size| {
        size.columns.len() > 1
            && size.characters <= MOST_CHARACTERS * size.cells.len()
            && size.lines <= MOST_LINES * size.cells.len()
    };
    sizes.into_iter().filter(|(_, size)| is_table(size)).map(|(table, _)| table).collect()
}

/// A row's cells as one line.
fn row(tag: Tag, cells: Cells) -> Option<Line> {
    let mut whole: Option<Line> = None;
    for (column, fragments) in cells {
        let lines = layout::assemble(fragments, &|_| None);
        let Some(cell) = cell(&lines, column) else { continue };
        let bold = lines.iter().all(|line| line.bold);
        match &mut whole {
            Some(whole) => {
                whole.bold &= bold;
                whole.cells.push(cell);
            }
            None => {
                let first = lines.into_iter().next();
                whole = first.map(|line| Line { cells: vec![cell], bold, tag: Some(tag), ..line });
            }
        }
    }
    whole
}

/// The lines of a cell as one.
fn cell(lines: &[Line], column: u16) -> Option<Cell> {
    let mut whole = lines.iter().flat_map(|line| &line.cells).next()?.clone();
    for part in lines.iter().flat_map(|line| &line.cells) {
        whole.start.x = whole.start.x.min(part.start.x);
        whole.end.x = whole.end.x.max(part.end.x);
        whole.end.y = whole.end.y.min(part.end.y);
    }
    let parts =
        |line: &Line| line.cells.iter().map(|cell| cell.text.trim()).collect::<Vec<_>>().join(" ");
    whole.text = lines.iter().map(parts).collect::<Vec<_>>().join("\n");
    whole.seams.clear();
    whole.column = Some(column);
    Some(whole)
}
