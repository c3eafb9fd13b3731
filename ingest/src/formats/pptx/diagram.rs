use super::text::Text;
use crate::{
    Limits,
    block::Block,
    fault::Fault,
    formats::office::{self, Space, Xml},
};
use std::collections::{HashMap, HashSet};

/// The texts of a diagram (SmartArt) as items, nested as its points are.
pub(super) fn read(part: &str, xml: &str, limits: &Limits) -> Result<Vec<Block>, Fault> {
    let mut points: Vec<(String, String)> = Vec::new();
    let mut children: HashMap<String, Vec<(u32, String)>> = HashMap::new();
    let mut below: HashSet<String> = HashSet::new();
    let mut text = Text::default();
    let mut root = None;
    office::each(part, xml, limits, |event| {
        match event {
            Xml::Open(tag) => match (tag.space, tag.name) {
                (Space::Diagram, "pt") => {
                    let id = tag.attribute("modelId").unwrap_or_default();
                    if tag.attribute("type").as_deref() == Some("doc") {
                        root = Some(id.clone());
                    }
                    points.push((id, String::new()));
                }
                // Other kinds tie points to their look.
                (Space::Diagram, "cxn")
                    if tag.attribute("type").is_none_or(|kind| kind == "parOf") =>
                {
                    let value = |name| tag.attribute(name).unwrap_or_default();
                    let order = value("srcOrd").parse().unwrap_or(0);
                    children.entry(value("srcId")).or_default().push((order, value("destId")));
                    below.insert(value("destId"));
                }
                (Space::Drawing, name) => text.open(name, &tag),
                _ => {}
            },
            Xml::Text(piece) => text.text(piece),
            Xml::Close { space: Space::Diagram, name: "pt" } => {
                let lines = text.take().into_iter().map(|line| line.text).collect::<Vec<_>>();
                if let Some((_, text)) = points.last_mut() {
                    *text = lines.join("\n");
                }
            }
            Xml::Close { space: Space::Drawing, name } => text.close(name),
            Xml::Close { .. } => {}
        }
        Ok(())
    })?;
    for list in children.values_mut() {
        list.sort();
    }
    Ok(items(points, root, &children, &below))
}

/// Depth first from the root; each point once, those that nothing leads to at the end.
fn items(
    points: Vec<(String, String)>,
    root: Option<String>,
    children: &HashMap<String, Vec<(u32, String)>>,
    below: &HashSet<String>,
) -> Vec<Block> {
    let mut texts: HashMap<&str, &str> =
        points.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let mut pending: Vec<(&str, u8)> = points
        .iter()
        .rev()
        .filter(|(id, _)| !below.contains(id) && Some(id) != root.as_ref())
        .map(|(id, _)| (id.as_str(), 0))
        .collect();
    pending.extend(root.as_deref().map(|id| (id, 0)));
    let mut blocks = Vec::new();
    // Rings of points are reached by nothing.
    let rest = points.iter().map(|(id, _)| (id.as_str(), 0)).rev();
    let mut pending: Vec<(&str, u8)> = rest.chain(pending).collect();
    while let Some((id, level)) = pending.pop() {
        let Some(text) = texts.remove(id) else { continue };
        let is_root = root.as_deref() == Some(id);
        if !text.trim().is_empty() {
            blocks.push(Block::Item { level, marker: String::new(), text: text.to_owned() });
        }
        let level = if is_root { 0 } else { level.saturating_add(1).min(8) };
        let list = children.get(id).map(Vec::as_slice).unwrap_or_default();
        pending.extend(list.iter().rev().map(|(_, child)| (child.as_str(), level)));
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_along_their_tree_and_rings_end() -> Result<(), Fault> {
        let point = |id: &str, kind: &str| {
            format!(
                "<d:pt modelId=\"{id}\" type=\"{kind}\"><d:t><a:p><a:r><a:t>{id}</a:t></a:r></a:p></d:t></d:pt>"
            )
        };
        let link = |from: &str, to: &str, order: u32| {
            format!("<d:cxn srcId=\"{from}\" destId=\"{to}\" srcOrd=\"{order}\"/>")
        };
        let xml = format!(
            "<d:dataModel xmlns:d=\"http://schemas.openxmlformats.org/drawingml/2006/diagram\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\">{}{}</d:dataModel>",
            ["check", "plan", "ring", "gnir"].map(|id| point(id, "node")).concat()
                + "<d:pt modelId=\"0\" type=\"doc\"/>"
                + &point("scope", "node"),
            link("0", "check", 1)
                + &link("0", "plan", 0)
                + &link("plan", "scope", 0)
                + &link("ring", "gnir", 0)
                + &link("gnir", "ring", 0),
        );
        let found: Vec<(u8, String)> = read("data", &xml, &Limits::default())?
            .into_iter()
            .filter_map(|block| match block {
                Block::Item { level, text, .. } => Some((level, text)),
                _ => None,
            })
            .collect();
        let expected = [(0, "plan"), (1, "scope"), (0, "check"), (0, "ring"), (1, "gnir")];
        assert_eq!(found, expected.map(|(level, text)| (level, text.to_owned())));
        Ok(())
    }
}
