mod value;

use super::Content;
use crate::{Limits, block::Block, budget::Budget, fault::Fault};
use value::Json;

/// Characters of a key path. It is written before each of its values, so it must not be long.
const PATH_CHARS: usize = 2000;
/// Columns of a table; objects with more keys are written as lines.
const COLUMNS: usize = 60;

/// JSON, or one value a line: arrays of flat objects become tables, or lists where most keys stand in few of them; everything else
/// becomes lines of `path: value`. Keys keep their order.
pub(crate) fn read(text: &str, limits: &Limits) -> Result<Content, Fault> {
    let text = text.trim_start_matches('\u{feff}').trim();
    check_size(text, limits)?;
    let value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(fault) => Json::List(by_line(text).ok_or_else(|| Fault::Json(fault.to_string()))?),
    };
    let mut tree = Tree {
        blocks: Vec::new(),
        left: limits.elements,
        rows: limits.rows,
        budget: Budget::of(limits),
        fields: Vec::new(),
    };
    tree.value("", &value, 1)?;
    tree.flush();
    Ok(Content { blocks: tree.blocks, properties: Vec::new() })
}

/// Refuses more values than allowed before they are all in memory, where each takes many times its room in the file, an
/// object most of all.
fn check_size(text: &str, limits: &Limits) -> Result<(), Fault> {
    let (mut values, mut objects, mut quoted, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b',' | b'[' if !quoted => values += 1,
            b'{' if !quoted => objects += 1,
            _ => {}
        }
    }
    let over = |what: &str, limit: usize| {
        Err(Fault::OverLimit { what: format!("the number of {what}"), limit: limit as u64 })
    };
    if values > limits.elements {
        return over("values", limits.elements);
    }
    if objects > limits.elements / 4 {
        return over("objects", limits.elements / 4);
    }
    Ok(())
}

fn by_line(text: &str) -> Option<Vec<Json>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| serde_json::from_str(line).ok()).collect()
}

struct Tree {
    blocks: Vec<Block>,
    left: usize,
    rows: usize,
    budget: Budget,
    fields: Vec<String>,
}

impl Tree {
    /// The depth is bounded by serde_json, which refuses more than 128 levels.
    fn value(&mut self, path: &str, value: &Json, level: u8) -> Result<(), Fault> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or(Fault::OverLimit { what: "the number of values".into(), limit: 0 })?;
        if path.len() > PATH_CHARS && path.chars().count() > PATH_CHARS {
            let limit = PATH_CHARS as u64;
            return Err(Fault::OverLimit { what: "the length of a key path".into(), limit });
        }
        match value {
            Json::Object(entries) => self.object(path, entries, level),
            Json::List(items) => match columns(items) {
                Some(columns) => self.rows(path, &columns, items, level),
                None if items.iter().all(Json::is_scalar) => self.field(path, &cell(value)),
                None => {
                    for (n, item) in items.iter().enumerate() {
                        self.value(&join(path, &(n + 1).to_string()), item, level)?;
                    }
                    Ok(())
                }
            },
            Json::Scalar(text) => self.field(path, text),
        }
    }

    fn object(&mut self, path: &str, entries: &[(String, Json)], level: u8) -> Result<(), Fault> {
        for (key, value) in entries {
            self.value(&join(path, key), value, level.saturating_add(1))?;
        }
        Ok(())
    }

    /// An array of flat objects.
    fn rows(
        &mut self,
        path: &str,
        columns: &[&str],
        items: &[Json],
        level: u8,
    ) -> Result<(), Fault> {
        let over = Fault::OverLimit { what: "the number of rows".into(), limit: self.rows as u64 };
        self.rows = self.rows.checked_sub(items.len()).ok_or(over)?;
        self.flush();
        if !path.is_empty() {
            self.budget.text(path)?;
            self.blocks.push(Block::Heading { level: level.min(6), text: path.to_owned() });
        }
        let mut rows = Vec::with_capacity(items.len());
        for item in items {
            let cells: Vec<String> = columns.iter().map(|column| cell_of(item, column)).collect();
            cells.iter().try_for_each(|cell| self.budget.cell(cell))?;
            rows.push(cells);
        }
        if is_sparse(&rows) {
            return rows.iter().try_for_each(|cells| self.item(columns, cells));
        }
        let header = columns.iter().map(|column| (*column).to_owned()).collect();
        self.blocks.push(Block::Table { header: Some(header), rows });
        Ok(())
    }

    /// A row of few cells says which they are.
    fn item(&mut self, columns: &[&str], cells: &[String]) -> Result<(), Fault> {
        let filled = columns.iter().zip(cells).filter(|(_, cell)| !cell.trim().is_empty());
        let told: Vec<String> = filled.map(|(column, cell)| format!("{column}: {cell}")).collect();
        if told.is_empty() {
            return Ok(());
        }
        let text = told.join(", ");
        self.budget.text(&text)?;
        self.blocks.push(Block::Item { level: 0, marker: "-".to_owned(), text });
        Ok(())
    }

    fn field(&mut self, path: &str, value: &str) -> Result<(), Fault> {
        let line = if path.is_empty() { value.to_owned() } else { format!("{path}: {value}") };
        self.budget.text(&line)?;
        self.fields.push(line);
        if self.fields.len() >= 20 {
            self.flush();
        }
        Ok(())
    }

    fn flush(&mut self) {
        if !self.fields.is_empty() {
            self.blocks.push(Block::Paragraph(std::mem::take(&mut self.fields).join("\n")));
        }
    }
}

/// The columns of an array of flat objects, in order of first sight; `None` where it is something else.
fn columns(items: &[Json]) -> Option<Vec<&str>> {
    if items.len() < 2 {
        return None;
    }
    let mut columns: Vec<&str> = Vec::new();
    for item in items {
        let Json::Object(entries) = item else { return None };
        for (key, value) in entries {
            let flat = match value {
                Json::Object(_) => false,
                Json::List(list) => list.iter().all(Json::is_scalar),
                Json::Scalar(_) => true,
            };
            if !flat {
                return None;
            }
            if !columns.contains(&key.as_str()) {
                columns.push(key);
            }
            if columns.len() > COLUMNS {
                return None;
            }
        }
    }
    (!columns.is_empty()).then_some(columns)
}

/// What an object says of a column; a key that stands twice says both.
fn cell_of(object: &Json, column: &str) -> String {
    let Json::Object(entries) = object else { return String::new() };
    let values = entries.iter().filter(|(key, _)| key == column).map(|(_, value)| cell(value));
    values.collect::<Vec<_>>().join(", ")
}

/// Text of a flat value.
fn cell(value: &Json) -> String {
    match value {
        Json::Scalar(text) => text.clone(),
        Json::List(items) => items.iter().map(cell).collect::<Vec<_>>().join(", "),
        Json::Object(_) => String::new(),
    }
}

/// Whether more than a third of the cells hold nothing: a quoted row would be a string of separators.
fn is_sparse(rows: &[Vec<String>]) -> bool {
    let cells = rows.iter().flatten();
    let empty = cells.clone().filter(|cell| cell.trim().is_empty()).count();
    empty * 3 > cells.count()
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_objects_become_a_table_and_the_rest_lines() -> Result<(), Fault> {
        let text = r#"{"owner": "Ann", "tags": ["a", "b"], "runs": [{"id": 1, "ok": true}, {"id": 2, "note": "late"}]}"#;
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let blocks = read(text, &Limits::default())?.blocks;
        let table = Block::Table {
            header: Some(row(&["id", "ok", "note"])),
            rows: vec![row(&["1", "true", ""]), row(&["2", "", "late"])],
        };
        assert!(blocks.contains(&table));
        assert_eq!(blocks.first(), Some(&Block::Paragraph("owner: Ann\ntags: a, b".into())));
        Ok(())
    }

    #[test]
    fn rows_of_few_cells_say_which_they_are() -> Result<(), Fault> {
        let text = r#"[{"time": "07:15", "event": "login"}, {"time": "07:20", "port": 22, "why": null}, {"note": "late"}]"#;
        let items: Vec<String> = read(text, &Limits::default())?
            .blocks
            .into_iter()
            .filter_map(|block| match block {
                Block::Item { text, .. } => Some(text),
                _ => None,
            })
            .collect();
        assert_eq!(items, ["time: 07:15, event: login", "time: 07:20, port: 22", "note: late"]);
        Ok(())
    }

    #[test]
    fn damage_is_said() {
        assert!(matches!(read("{\"a\": ", &Limits::default()), Err(Fault::Json(_))));
    }

    #[test]
    fn a_long_key_is_not_repeated_for_each_value() {
        let values: Vec<String> = (0..50_000).map(|n| format!("\"{n}\": 1")).collect();
        for length in [1_900, 500_000] {
            let text = format!("{{\"{}\": {{{}}}}}", "k".repeat(length), values.join(","));
            let found = read(&text, &Limits::default());
            assert!(matches!(found, Err(Fault::OverLimit { .. })), "{length}");
        }
    }

    #[test]
    fn many_small_values_are_refused_before_they_are_read() {
        let limits = Limits { elements: 400, ..Limits::default() };
        for text in [format!("[{}1]", "1,".repeat(400)), format!("[{}1]", "{},".repeat(101))] {
            assert!(matches!(read(&text, &limits), Err(Fault::OverLimit { .. })));
        }
        let commas = format!("{{\"a\": \"\\\"{}\"}}", ",{[".repeat(400));
        assert!(read(&commas, &limits).is_ok());
    }
}
