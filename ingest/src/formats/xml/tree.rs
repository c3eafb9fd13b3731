use crate::{
    Limits,
    fault::Fault,
    formats::office::{self, Xml},
};

/// Attributes that say how an element is shown or found, not what it means.
const ASIDE: [&str; 12] = [
    "class",
    "lang",
    "space",
    "schemaLocation",
    "noNamespaceSchemaLocation",
    "role",
    "style",
    "outputclass",
    "base",
    "domains",
    "uuid",
    "conref",
];

/// The elements of a file; the first is its root.
#[derive(Debug, Default)]
pub(super) struct Tree {
    elements: Vec<Element>,
}

#[derive(Debug, Default)]
pub(super) struct Element {
    /// Without its prefix.
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Child>,
}

#[derive(Debug)]
pub(super) enum Child {
    /// By its place in the tree.
    Element(usize),
    Text(String),
}

impl Tree {
    pub(super) fn get(&self, at: usize) -> Option<&Element> {
        self.elements.get(at)
    }

    /// The elements right within one.
    pub(super) fn children<'a>(&'a self, of: &'a Element) -> impl Iterator<Item = &'a Element> {
        of.children.iter().filter_map(|child| match child {
            Child::Element(at) => self.get(*at),
            Child::Text(_) => None,
        })
    }

    /// All text within an element, that of elements parted by spaces where they are not part of a line.
    pub(super) fn text(&self, of: &Element) -> String {
        let mut text = String::new();
        let is_mixed = of.has_text();
        let mut pending: Vec<&Child> = of.children.iter().rev().collect();
        while let Some(child) = pending.pop() {
            match child {
                Child::Text(piece) => text.push_str(piece),
                Child::Element(at) => {
                    if !is_mixed {
                        text.push(' ');
                    }
                    if let Some(element) = self.get(*at) {
                        pending.extend(element.children.iter().rev());
                    }
                }
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Element {
    /// Whether text stands right within it.
    pub(super) fn has_text(&self) -> bool {
        self.children
            .iter()
            .any(|child| matches!(child, Child::Text(text) if !text.trim().is_empty()))
    }

    /// Whether it holds no elements.
    pub(super) fn is_leaf(&self) -> bool {
        self.children.iter().all(|child| matches!(child, Child::Text(_)))
    }
}

pub(super) fn read(xml: &str, limits: &Limits) -> Result<Tree, Fault> {
    let mut tree = Tree::default();
    let mut open: Vec<usize> = Vec::new();
    office::each("the file", xml.trim_start_matches('\u{feff}'), limits, |event| {
        match event {
            Xml::Open(tag) => {
                let at = tree.elements.len();
                let attributes =
                    tag.attributes().filter(|(name, _)| !ASIDE.contains(&name.as_str()));
                tree.elements.push(Element {
                    name: tag.name.to_owned(),
                    attributes: attributes.collect(),
                    children: Vec::new(),
                });
                if let Some(parent) = open.last().and_then(|parent| tree.elements.get_mut(*parent))
                {
                    parent.children.push(Child::Element(at));
                }
                open.push(at);
            }
            Xml::Text(text) => {
                if let Some(parent) = open.last().and_then(|parent| tree.elements.get_mut(*parent))
                {
                    match parent.children.last_mut() {
                        Some(Child::Text(before)) => before.push_str(text),
                        _ => parent.children.push(Child::Text(text.to_owned())),
                    }
                }
            }
            Xml::Close { .. } => {
                open.pop();
            }
        }
        Ok(())
    })?;
    Ok(tree)
}
