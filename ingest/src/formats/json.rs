use super::Content;
use crate::{Limits, block::Block, fault::Fault};
use serde_json::{Map, Value};

/// JSON, or one value a line: arrays of flat objects become tables, everything else lines of `path: value`.
pub(crate) fn read(text: &str, limits: &Limits) -> Result<Content, Fault> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(fault) => Value::Array(by_line(text).ok_or_else(|| Fault::Json(fault.to_string()))?),
    };
    let mut tree =
        Tree { blocks: Vec::new(), left: limits.elements, rows: limits.rows, fields: Vec::new() };
    tree.value("", &value, 1)?;
    tree.flush();
    Ok(Content { blocks: tree.blocks, properties: Vec::new() })
}

fn by_line(text: &str) -> Option<Vec<Value>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| serde_json::from_str(line).ok()).collect()
}

struct Tree {
    blocks: Vec<Block>,
    left: usize,
    rows: usize,
    fields: Vec<String>,
}

impl Tree {
    /// The depth is bounded by serde_json, which refuses more than 128 levels.
    fn value(&mut self, path: &str, value: &Value, level: u8) -> Result<(), Fault> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or(Fault::OverLimit { what: "the number of values".into(), limit: 0 })?;
        match value {
            Value::Object(map) => self.object(path, map, level),
            Value::Array(items) => match columns(items) {
                Some(columns) => self.table(path, &columns, items, level),
                None if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
                    let list: Vec<String> = items.iter().map(scalar).collect();
                    self.field(path, &list.join(", "));
                    Ok(())
                }
                None => {
                    for (n, item) in items.iter().enumerate() {
                        self.value(&join(path, &(n + 1).to_string()), item, level)?;
                    }
                    Ok(())
                }
            },
            other => {
                self.field(path, &scalar(other));
                Ok(())
            }
        }
    }

    fn object(&mut self, path: &str, map: &Map<String, Value>, level: u8) -> Result<(), Fault> {
        for (key, value) in map {
            self.value(&join(path, key), value, level.saturating_add(1))?;
        }
        Ok(())
    }

    fn table(
        &mut self,
        path: &str,
        columns: &[String],
        items: &[Value],
        level: u8,
    ) -> Result<(), Fault> {
        let over = Fault::OverLimit { what: "the number of rows".into(), limit: self.rows as u64 };
        self.rows = self.rows.checked_sub(items.len()).ok_or(over)?;
        self.flush();
        if !path.is_empty() {
            self.blocks.push(Block::Heading { level: level.min(6), text: path.to_owned() });
        }
        let rows = items
            .iter()
            .map(|item| {
                columns
                    .iter()
                    .map(|column| item.get(column).map(scalar).unwrap_or_default())
                    .collect()
            })
            .collect();
        self.blocks.push(Block::Table { header: Some(columns.to_vec()), rows });
        Ok(())
    }

    fn field(&mut self, path: &str, value: &str) {
        let line = if path.is_empty() { value.to_owned() } else { format!("{path}: {value}") };
        self.fields.push(line);
        if self.fields.len() >= 20 {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if !self.fields.is_empty() {
            self.blocks.push(Block::Paragraph(std::mem::take(&mut self.fields).join("\n")));
        }
    }
}

/// The columns of an array of flat objects, in order of first sight; `None` where it is something else.
fn columns(items: &[Value]) -> Option<Vec<String>> {
    if items.len() < 2 {
        return None;
    }
    let mut columns: Vec<String> = Vec::new();
    for item in items {
        for (key, value) in item.as_object()? {
            let flat = match value {
                Value::Object(_) => false,
                Value::Array(list) => list.iter().all(|item| !item.is_object() && !item.is_array()),
                _ => true,
            };
            if !flat {
                return None;
            }
            if !columns.contains(key) {
                columns.push(key.clone());
            }
        }
        if columns.len() > 60 {
            return None;
        }
    }
    (!columns.is_empty()).then_some(columns)
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(scalar).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
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
        assert!(
            blocks.contains(&Block::Paragraph("owner: Ann\ntags: a, b".into()))
                || blocks.len() == 4
        );
        Ok(())
    }

    #[test]
    fn damage_is_said() {
        assert!(matches!(read("{\"a\": ", &Limits::default()), Err(Fault::Json(_))));
    }
}
