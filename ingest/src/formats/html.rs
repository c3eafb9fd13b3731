use super::{Content, markdown};
use crate::{Limits, block::Block, fault::Fault};
use scraper::{ElementRef, Html, Node, Selector};

/// A web page: what a reader sees of it, without navigation.
pub(crate) fn read(text: &str, limits: &Limits) -> Result<Content, Fault> {
    let page = Html::parse_document(text);
    let count = page.tree.nodes().count();
    if count > limits.elements {
        return Err(Fault::OverLimit {
            what: "the number of elements".into(),
            limit: limits.elements as u64,
        });
    }
    let mut properties = Vec::new();
    let title = Selector::parse("head > title, svg ~ title").ok().and_then(|wanted| {
        page.select(&wanted).next().map(|title| title.text().collect::<String>().trim().to_owned())
    });
    properties
        .extend(title.filter(|title| !title.is_empty()).map(|title| ("title".to_owned(), title)));
    if let Ok(meta) = Selector::parse("meta[name][content]") {
        properties.extend(page.select(&meta).filter_map(|meta| {
            Some((meta.attr("name")?.to_owned(), meta.attr("content")?.trim().to_owned()))
        }));
    }
    Ok(Content { blocks: markdown::contents_of(blocks(&page, limits.depth)), properties })
}

/// A piece of HTML within another format.
pub(super) fn fragment(html: &str) -> Vec<Block> {
    blocks(&Html::parse_fragment(html), Limits::default().depth)
}

fn blocks(page: &Html, depth: usize) -> Vec<Block> {
    let mut reader =
        Reader { blocks: Vec::new(), text: String::new(), lists: Vec::new(), marker: None, depth };
    reader.children(page.root_element(), 0);
    reader.flush();
    reader.blocks
}

struct Reader {
    blocks: Vec<Block>,
    text: String,
    lists: Vec<Option<u64>>,
    marker: Option<String>,
    depth: usize,
}

impl Reader {
    fn children(&mut self, element: ElementRef<'_>, depth: usize) {
        if depth > self.depth {
            // Deeper than any real page: its text is taken flat, so that nothing is lost and the stack stays bounded.
            self.text.extend(element.text());
            return;
        }
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.text.push_str(&text.replace('\n', " ")),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>, depth: usize) {
        let hidden =
            element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true");
        match element.value().name() {
            "script" | "style" | "nav" | "noscript" | "template" | "svg" | "head" | "iframe"
            | "button" | "select" => {}
            _ if hidden => {}
            "br" => self.text.push('\n'),
            "img" => {
                if let Some(alt) = element.attr("alt") {
                    self.text.push_str(alt);
                }
            }
            "input" => {
                if let Some(value) =
                    element.attr("value").filter(|_| element.attr("type") != Some("hidden"))
                {
                    self.text.push_str(value);
                }
            }
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
                self.flush();
                let level = name.as_bytes().get(1).map_or(1, |digit| digit.saturating_sub(b'0'));
                let text: String = element.text().collect();
                self.blocks.push(Block::Heading {
                    level,
                    text: text.trim_end_matches(['¶', '#']).to_owned(),
                });
            }
            "ul" | "menu" => self.list(element, None, depth),
            "ol" => {
                let first = element.attr("start").and_then(|start| start.parse().ok()).unwrap_or(1);
                self.list(element, Some(first), depth);
            }
            "li" => {
                self.flush();
                self.marker = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number = number.saturating_add(1);
                        format!("{}.", number.saturating_sub(1))
                    }
                    _ => String::new(),
                });
                self.children(element, depth);
                self.flush();
                self.marker = None;
            }
            "table" => self.table(element, depth),
            "pre" => {
                self.flush();
                self.text = element.text().collect();
                self.flush();
            }
            "p" | "div" | "section" | "article" | "main" | "header" | "footer" | "aside"
            | "blockquote" | "dl" | "dt" | "dd" | "figure" | "figcaption" | "form" | "fieldset"
            | "details" | "summary" | "address" | "body" | "hr" => {
                self.flush();
                self.children(element, depth);
                self.flush();
            }
            _ => self.children(element, depth),
        }
    }

    fn list(&mut self, element: ElementRef<'_>, first: Option<u64>, depth: usize) {
        self.flush();
        self.lists.push(first);
        self.children(element, depth);
        self.flush();
        self.lists.pop();
    }

    /// A table of data; one that only lays out the page (a single column) is read as what it holds.
    fn table(&mut self, table: ElementRef<'_>, depth: usize) {
        self.flush();
        let mut header = None;
        let mut rows: Vec<Vec<String>> = Vec::new();
        for row in rows_of(table) {
            let cells: Vec<ElementRef<'_>> = row
                .child_elements()
                .filter(|cell| matches!(cell.value().name(), "td" | "th"))
                .collect();
            let heads = !cells.is_empty() && cells.iter().all(|cell| cell.value().name() == "th");
            let texts: Vec<String> = cells.iter().map(|cell| cell_text(*cell)).collect();
            if heads && header.is_none() && rows.is_empty() && cells.len() > 1 {
                header = Some(texts);
            } else {
                rows.push(texts);
            }
        }
        if header.is_none() && rows.iter().all(|row| row.len() <= 1) {
            self.children(table, depth);
            self.flush();
        } else if header.is_some() {
            self.blocks.push(Block::Table { header, rows });
        } else {
            self.blocks.extend(super::table::from_grid(rows));
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            return;
        }
        let level = self.lists.len().saturating_sub(1).min(8) as u8;
        match self.marker.take() {
            Some(marker) => self.blocks.push(Block::Item { level, marker, text }),
            None => self.blocks.push(Block::Paragraph(text)),
        }
    }
}

/// A table's own rows, not those of tables within it.
fn rows_of(table: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let mut rows = Vec::new();
    for child in table.child_elements() {
        match child.value().name() {
            "tr" => rows.push(child),
            "thead" | "tbody" | "tfoot" => {
                rows.extend(child.child_elements().filter(|row| row.value().name() == "tr"));
            }
            _ => {}
        }
    }
    rows
}

fn cell_text(cell: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in cell.descendants().skip(1) {
        match node.value() {
            Node::Text(piece) => text.push_str(piece),
            Node::Element(element)
                if matches!(element.name(), "br" | "p" | "li" | "div" | "tr" | "td") =>
            {
                text.push(' ')
            }
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_without_its_navigation() -> Result<(), Fault> {
        let html = "<html><head><title>T</title><meta name=author content=Ann></head><body><nav>Home</nav><h2>Use</h2>\
            <p>One<br>two <b>three</b></p><ol start=3><li>x<ul><li>y</ul></ol><table><tr><th>a<th>b<tr><td>1<td>2</table><script>no()</script>";
        let content = read(html, &Limits::default())?;
        assert_eq!(
            content.properties,
            [("title".to_owned(), "T".to_owned()), ("author".to_owned(), "Ann".to_owned())]
        );
        let expected = vec![
            Block::Heading { level: 2, text: "Use".into() },
            Block::Paragraph("One\ntwo three".into()),
            Block::Item { level: 0, marker: "3.".into(), text: "x".into() },
            Block::Item { level: 1, marker: String::new(), text: "y".into() },
            Block::Table {
                header: Some(vec!["a".into(), "b".into()]),
                rows: vec![vec!["1".into(), "2".into()]],
            },
        ];
        assert_eq!(content.blocks, expected);
        Ok(())
    }

    #[test]
    fn a_deep_page_does_not_exhaust_the_stack() -> Result<(), Fault> {
        let html = format!("{}deep{}", "<div>".repeat(5000), "</div>".repeat(5000));
        let content = read(&html, &Limits::default())?;
        assert!(
            content
                .blocks
                .iter()
                .any(|block| matches!(block, Block::Paragraph(text) if text.contains("deep")))
        );
        Ok(())
    }
}
