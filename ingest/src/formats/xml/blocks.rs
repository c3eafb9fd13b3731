use super::{
    table::{self, Rows},
    tree::{Child, Element, Tree},
};
use crate::{Limits, block::Block, budget::Budget, fault::Fault};

/// Words from which a value is read as prose, without the name before it.
const PROSE_WORDS: usize = 12;
/// Names around a value that stand before it, and characters of them.
const NAMES: usize = 3;
const NAME_CHARS: usize = 200;
/// Lines of `name: value` in a paragraph at most.
const FIELDS: usize = 20;

/// What the text of an element is.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// Part of the line around it.
    Inline,
    Heading,
    Paragraph,
    Item,
    /// Something that its name must tell.
    Field,
}

/// What is still to be done, the next last.
enum Step<'a> {
    Enter(&'a Element),
    Text(&'a str),
    Leave { kind: Kind, is_section: bool, is_list: bool },
}

struct Writer<'a> {
    tree: &'a Tree,
    blocks: Vec<Block>,
    budget: Budget,
    rows: Rows<'a>,
    /// Text of the open line, and what it is.
    line: String,
    kinds: Vec<Kind>,
    names: Vec<&'a str>,
    sections: usize,
    lists: usize,
    /// The marker of an item that has no text yet.
    marker: Option<String>,
    fields: Vec<String>,
}

/// The blocks of a tree, walked with a stack of our own.
pub(super) fn of(tree: &Tree, limits: &Limits) -> Result<Vec<Block>, Fault> {
    let mut writer = Writer {
        tree,
        blocks: Vec::new(),
        budget: Budget::of(limits),
        rows: Rows { left: limits.rows, limits },
        line: String::new(),
        kinds: Vec::new(),
        names: Vec::new(),
        sections: 0,
        lists: 0,
        marker: None,
        fields: Vec::new(),
    };
    let root = tree.get(0);
    // Data has no title but the name of what it is.
    if let Some(root) = root.filter(|root| {
        !is_document(&root.name.to_ascii_lowercase()) && !is_section(tree, root) && !root.is_leaf()
    }) {
        writer.budget.text(&root.name)?;
        writer.blocks.push(Block::Heading { level: 1, text: root.name.clone() });
    }
    let mut pending: Vec<Step<'_>> = root.map(Step::Enter).into_iter().collect();
    while let Some(step) = pending.pop() {
        match step {
            Step::Enter(element) => writer.enter(element, &mut pending)?,
            Step::Text(text) => writer.line.push_str(text),
            Step::Leave { kind, is_section, is_list } => {
                if kind != Kind::Inline {
                    writer.end_line()?;
                }
                writer.kinds.pop();
                writer.names.pop();
                writer.sections -= usize::from(is_section);
                writer.lists -= usize::from(is_list);
                if kind == Kind::Item {
                    writer.marker = None;
                }
            }
        }
    }
    writer.end_fields();
    Ok(writer.blocks)
}

impl<'a> Writer<'a> {
    fn enter(&mut self, element: &'a Element, pending: &mut Vec<Step<'a>>) -> Result<(), Fault> {
        let name = element.name.to_ascii_lowercase();
        if matches!(name.as_str(), "script" | "style" | "indexterm" | "colspec" | "binarydata") {
            return Ok(());
        }
        let is_inline = !self.line.trim().is_empty() || self.kinds.last() == Some(&Kind::Heading);
        if table::is_table(self.tree, element) {
            self.end_line()?;
            self.end_fields();
            let blocks = table::of_rows(self.tree, element, &mut self.rows, &mut self.budget)?;
            self.blocks.extend(blocks);
            return Ok(());
        }
        if !is_inline
            && !is_document(&name)
            && let Some(columns) = table::columns(self.tree, element)
        {
            self.end_fields();
            self.attributes(element)?;
            self.end_fields();
            self.budget.text(&element.name)?;
            self.blocks.push(Block::Paragraph(element.name.clone()));
            let records =
                table::of_records(self.tree, element, &columns, &mut self.rows, &mut self.budget)?;
            self.blocks.push(records);
            return Ok(());
        }
        let kind = self.kind(element, &name, is_inline);
        if kind != Kind::Inline {
            self.end_line()?;
        }
        let (is_section, is_list) = (is_section(self.tree, element), is_list(&name));
        if kind == Kind::Item {
            self.marker = Some(String::new());
        }
        self.sections += usize::from(is_section);
        self.lists += usize::from(is_list);
        self.names.push(&element.name);
        self.kinds.push(kind.clone());
        pending.push(Step::Leave { kind: kind.clone(), is_section, is_list });
        let title =
            element.children.iter().position(|child| self.is_title(child)).filter(|_| is_section);
        for (n, child) in element.children.iter().enumerate().rev() {
            match child {
                Child::Text(text) => pending.push(Step::Text(text)),
                Child::Element(at) if Some(n) != title => {
                    pending.extend(self.tree.get(*at).map(Step::Enter));
                }
                Child::Element(_) => {}
            }
        }
        // The title goes before what else is said of its section.
        if let Some(title) = title
            && let Some(Child::Element(at)) = element.children.get(title)
            && let Some(title) = self.tree.get(*at)
        {
            self.end_fields();
            let text = self.tree.text(title);
            self.budget.text(&text)?;
            let level = self.sections.clamp(1, 6) as u8;
            self.blocks.push(Block::Heading { level, text });
        }
        if kind == Kind::Field { self.attributes(element) } else { Ok(()) }
    }

    fn is_title(&self, child: &Child) -> bool {
        let Child::Element(at) = child else { return false };
        self.tree.get(*at).is_some_and(|child| is_title(&child.name))
    }

    fn kind(&self, element: &Element, name: &str, is_inline: bool) -> Kind {
        match name {
            _ if is_item(name) => Kind::Item,
            _ if is_title(name) && !is_inline => Kind::Heading,
            "p" | "para" | "simpara" | "ab" | "shortdesc" | "abstract" | "blockquote" | "note"
            | "tip" | "warning" | "caution" | "important" => Kind::Paragraph,
            _ if is_inline && !is_list(name) => Kind::Inline,
            // Text with elements among it is a line of prose.
            _ if element.has_text() && !element.is_leaf() => Kind::Paragraph,
            _ => Kind::Field,
        }
    }

    fn attributes(&mut self, element: &'a Element) -> Result<(), Fault> {
        let get = |wanted: &str| {
            let found = element.attributes.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.as_str())
        };
        if let (Some(name), Some(value)) = (get("name"), get("value"))
            && element.is_leaf()
        {
            return self.field(name, value);
        }
        let is_document = is_document(&element.name.to_ascii_lowercase());
        let shown = element.attributes.iter().filter(|(name, _)| name != "id" || !is_document);
        for (name, value) in shown {
            let label = format!("{}.{name}", self.path());
            self.field(&label, value)?;
        }
        Ok(())
    }

    /// The innermost names, without the root's.
    fn path(&self) -> String {
        let names = self.names.get(1..).filter(|names| !names.is_empty()).unwrap_or(&self.names);
        let path = names.get(names.len().saturating_sub(NAMES)..).unwrap_or_default().join(".");
        path.chars().take(NAME_CHARS).collect()
    }

    fn field(&mut self, label: &str, value: &str) -> Result<(), Fault> {
        if value.trim().is_empty() {
            return Ok(());
        }
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = format!("{label}: {value}");
        self.budget.text(&line)?;
        self.fields.push(line);
        if self.fields.len() >= FIELDS {
            self.end_fields();
        }
        Ok(())
    }

    fn end_fields(&mut self) {
        if !self.fields.is_empty() {
            self.blocks.push(Block::Paragraph(std::mem::take(&mut self.fields).join("\n")));
        }
    }

    fn end_line(&mut self) -> Result<(), Fault> {
        let line = std::mem::take(&mut self.line);
        let text = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Ok(());
        }
        let kind = self.kinds.last().cloned().unwrap_or(Kind::Paragraph);
        if kind == Kind::Field && text.split_whitespace().count() < PROSE_WORDS {
            let path = self.path();
            return self.field(&path, &text);
        }
        self.end_fields();
        self.budget.text(&text)?;
        let level = self.lists.saturating_sub(1).min(8) as u8;
        self.blocks.push(match (kind, self.marker.take()) {
            (Kind::Heading, _) => Block::Heading { level: self.sections.clamp(1, 6) as u8, text },
            (_, Some(marker)) => Block::Item { level, marker, text },
            (_, None) => Block::Paragraph(text),
        });
        Ok(())
    }
}

fn is_title(name: &str) -> bool {
    matches!(name, "title" | "head" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_item(name: &str) -> bool {
    matches!(name, "li" | "listitem" | "step" | "item" | "member")
}

fn is_list(name: &str) -> bool {
    matches!(
        name,
        "ul" | "ol"
            | "itemizedlist"
            | "orderedlist"
            | "list"
            | "steps"
            | "steps-unordered"
            | "simplelist"
            | "procedure"
            | "sl"
    )
}

/// Elements that documents are built of, whose ids only serve links.
fn is_document(name: &str) -> bool {
    is_title(name)
        || is_item(name)
        || is_list(name)
        || matches!(
            name,
            "p" | "para"
                | "simpara"
                | "section"
                | "sect1"
                | "sect2"
                | "sect3"
                | "chapter"
                | "article"
                | "book"
                | "topic"
                | "concept"
                | "task"
                | "reference"
                | "body"
                | "conbody"
                | "div"
                | "part"
                | "appendix"
        )
}

/// Elements that say something about the one around them, its title among it.
fn is_information(name: &str) -> bool {
    name.ends_with("info") || matches!(name, "metadata" | "prolog" | "teiHeader" | "front")
}

/// Whether an element is a section: it has a title of its own, or one among what is said about it.
fn is_section(tree: &Tree, element: &Element) -> bool {
    !is_information(&element.name)
        && tree.children(element).any(|child| {
            is_title(&child.name)
                || is_information(&child.name)
                    && tree.children(child).any(|inner| is_title(&inner.name))
        })
}
