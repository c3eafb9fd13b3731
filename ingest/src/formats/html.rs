use super::{Content, markdown};
use crate::{Limits, block::Block, fault::Fault};
use html5ever::{ParseOpts, tendril::TendrilSink};
use scraper::{ElementRef, Html, HtmlTreeSink, Node, Selector};

/// A web page: what a reader sees of it, without navigation.
pub(crate) fn read(text: &str, limits: &Limits) -> Result<Content, Fault> {
    let page = parse(text, limits)?;
    let mut properties = Vec::new();
    // No sibling selector: it would look at every sibling of every element.
    let title = Selector::parse("head > title").ok().and_then(|wanted| {
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

/// What a page may cost: its nodes, each times the elements that are open around it, for a parser looks through those at
/// each new one. 500 million take some three seconds.
const STEPS: usize = 500_000_000;
/// Nodes after which the depth is looked at anew.
const SAMPLE: usize = 64;

/// The tree of a page. Limits are held while it grows: elements left open are put into each paragraph again, so that a tree
/// may be many times larger than its text.
fn parse(text: &str, limits: &Limits) -> Result<Html, Fault> {
    let over = |what: &str, limit: usize| Fault::OverLimit {
        what: format!("the {what} of elements"),
        limit: limit as u64,
    };
    let sink = HtmlTreeSink::new(Html::new_document());
    let mut parser = html5ever::parse_document(sink, ParseOpts::default());
    let (mut steps, mut sampled) = (0_usize, 0_usize);
    for piece in text.split_inclusive('>') {
        parser.process(piece.into());
        let page = parser.tokenizer.sink.sink.0.borrow();
        let count = page.tree.values().len();
        if count > limits.elements {
            return Err(over("number", limits.elements));
        }
        if count >= sampled + SAMPLE {
            let depth = page.tree.nodes().next_back().map_or(0, |last| last.ancestors().count());
            steps = steps.saturating_add(depth.saturating_mul(count - sampled));
            sampled = count;
        }
        if steps > STEPS {
            return Err(over("nesting", STEPS / count.max(1)));
        }
    }
    Ok(parser.finish())
}

/// A piece of HTML within another format; where it is over a limit, as it is written.
pub(super) fn fragment(html: &str) -> Vec<Block> {
    let limits = Limits::default();
    match parse(html, &limits) {
        Ok(page) => blocks(&page, limits.depth),
        Err(_) => vec![Block::Paragraph(html.to_owned())],
    }
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
        let hidden = element.attr("hidden").is_some()
            || element.attr("aria-hidden") == Some("true")
            || element.attr("style").is_some_and(is_not_displayed);
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
            // A term and what is said of it are read in one line.
            "dt" => {
                self.flush();
                self.children(element, depth);
                if !self.text.trim_end().ends_with([':', '?']) && !self.text.trim().is_empty() {
                    self.text.push_str(": ");
                }
            }
            "dd" => {
                self.children(element, depth);
                self.flush();
            }
            "p" | "div" | "section" | "article" | "main" | "header" | "footer" | "aside"
            | "blockquote" | "dl" | "figure" | "figcaption" | "form" | "fieldset" | "details"
            | "summary" | "address" | "body" | "hr" => {
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
        let found: Vec<Vec<ElementRef<'_>>> = rows_of(table).into_iter().map(cells_of).collect();
        // Told before any text is taken: tables within tables would take it at each level.
        if found.iter().all(|cells| cells.len() <= 1) {
            self.children(table, depth);
            self.flush();
            return;
        }
        let mut header = None;
        let mut rows: Vec<Vec<String>> = Vec::new();
        for cells in found {
            let heads = !cells.is_empty() && cells.iter().all(|cell| cell.value().name() == "th");
            let texts: Vec<String> = cells.iter().map(|cell| cell_text(*cell)).collect();
            if heads && header.is_none() && rows.is_empty() && cells.len() > 1 {
                header = Some(texts);
            } else {
                rows.push(texts);
            }
        }
        if header.is_some() {
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
        self.blocks.push(super::item_or_paragraph(text, self.marker.take(), self.lists.len()));
    }
}

fn cells_of(row: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th")).collect()
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

/// Whether an inline style keeps an element from being shown.
fn is_not_displayed(style: &str) -> bool {
    let style: String = style.split_whitespace().collect::<String>().to_ascii_lowercase();
    style.contains("display:none") || style.contains("visibility:hidden")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_displayed_is_not_read() -> Result<(), Fault> {
        let page = "<body><p>seen</p><p style=\"color: red; DISPLAY : none\">unseen</p></body>";
        let content = read(page, &Limits::default())?;
        assert_eq!(content.blocks, [Block::Paragraph("seen".into())]);
        Ok(())
    }

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
    fn a_page_of_many_siblings_is_read_in_its_order() -> Result<(), Fault> {
        let html =
            format!("<head><title>T</title></head><svg></svg>{}", "<i>a</i>".repeat(100_000));
        let content = read(&html, &Limits::default())?;
        assert_eq!(content.properties, [("title".to_owned(), "T".to_owned())]);
        assert_eq!(content.blocks, [Block::Paragraph("a".repeat(100_000))]);
        Ok(())
    }

    #[test]
    fn a_page_nested_beyond_all_measure_is_refused() {
        for tag in ["<div>", "<x>"] {
            let outcome = read(&tag.repeat(100_000), &Limits::default());
            assert!(matches!(outcome, Err(Fault::OverLimit { .. })), "{tag}");
        }
    }

    #[test]
    fn elements_left_open_do_not_multiply_without_end() {
        let open: String = (0..100).map(|n| format!("<b id={n}>")).collect();
        let limits = Limits { elements: 20_000, ..Limits::default() };
        let outcome = read(&format!("<p>{open}{}", "<p>x".repeat(5_000)), &limits);
        assert!(matches!(outcome, Err(Fault::OverLimit { .. })));
        assert!(read(&format!("<p>{open}{}", "<p>x".repeat(50)), &limits).is_ok());
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
