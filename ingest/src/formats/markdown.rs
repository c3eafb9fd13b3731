use super::{Content, drawn};
use crate::block::Block;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Markdown as a reader sees it: marks gone, links by their text. Front matter becomes properties, and stands above the text as a page's header does:
/// what it says of the document can be cited.
pub(crate) fn read(text: &str) -> Content {
    let (properties, above, body) = front_matter(text);
    let mut page = Page::default();
    if !above.is_empty() {
        page.blocks.push(Block::Furniture(above));
    }
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    for event in Parser::new_ext(body, options) {
        page.event(event);
    }
    page.flush();
    Content { blocks: contents_of(page.blocks), properties }
}

/// The properties in the front matter (YAML between `---`, TOML between `+++`), the lines of YAML that hold them, and the text after
/// it. The parser's own
/// front matter may stand anywhere, and would swallow what stands between two rules.
fn front_matter(text: &str) -> (Vec<(String, String)>, String, &str) {
    let text = text.trim_start_matches('\u{feff}');
    let (fence, sign) = match text.lines().next().map(str::trim_end) {
        Some("---") => ("---", ':'),
        Some("+++") => ("+++", '='),
        _ => return (Vec::new(), String::new(), text),
    };
    let mut properties = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    let mut at = 0;
    for (n, line) in text.split_inclusive('\n').enumerate() {
        at += line.len();
        let line = line.trim_end();
        if n > 0 && line == fence {
            return (properties, lines.join("\n"), text.get(at..).unwrap_or_default());
        }
        if n > 0
            && !line.starts_with([' ', '\t', '#', '-'])
            && let Some((key, value)) = line.split_once(sign)
        {
            let value = value.trim().trim_matches(['"', '\'']);
            if !value.is_empty() {
                if sign == ':' {
                    lines.push(line);
                }
                properties.push((key.trim().to_owned(), value.to_owned()));
            }
        }
        // Front matter has no blank line after its fence: what has one is a rule.
        if n == 1 && line.is_empty() || n > 200 {
            break;
        }
    }
    (Vec::new(), String::new(), text)
}

/// A table's header and rows.
type Grid = (Option<Vec<String>>, Vec<Vec<String>>);

#[derive(Default)]
struct Page {
    blocks: Vec<Block>,
    text: String,
    heading: Option<u8>,
    /// The level of the last heading on a line of its own.
    section: Option<u8>,
    /// Open lists: the next number of an ordered one.
    lists: Vec<Option<u64>>,
    /// The marker of the item that is open and has no text yet.
    marker: Option<String>,
    table: Option<Grid>,
    row: Vec<String>,
    struck: usize,
    /// Strong text that the open paragraph began with: whether it is open, and where it ended.
    strong: (bool, Option<usize>),
    html: String,
}

impl Page {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.struck == 0 => self.text.push_str(&text),
            Event::Code(code) if self.struck == 0 => self.text.push_str(&code),
            Event::SoftBreak | Event::HardBreak => {
                self.text.push(if self.table.is_some() { ' ' } else { '\n' })
            }
            Event::TaskListMarker(done) => self.text.push_str(if done { "[x] " } else { "[ ] " }),
            Event::InlineHtml(html) => self.inline_html(&html),
            Event::Html(html) => self.html.push_str(&html),
            Event::FootnoteReference(name) => self.text.push_str(&format!("[{name}]")),
            Event::Rule => self.flush(),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(depth(level));
            }
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::CodeBlock(_) => self.flush(),
            Tag::List(first) => {
                self.flush();
                self.lists.push(first);
            }
            Tag::Item => {
                self.flush();
                self.marker = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}.", *number - 1)
                    }
                    _ => String::new(),
                });
            }
            Tag::Table(_) => {
                self.flush();
                self.table = Some((None, Vec::new()));
            }
            Tag::TableHead | Tag::TableRow => self.row.clear(),
            Tag::TableCell => self.text.clear(),
            Tag::FootnoteDefinition(name) => {
                self.flush();
                self.text = format!("[{name}] ");
            }
            Tag::Strikethrough => self.struck += 1,
            Tag::Strong => self.strong.0 = self.text.trim().is_empty(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                let text = std::mem::take(&mut self.text);
                let level = self.heading.take().unwrap_or(1);
                self.section = Some(level);
                self.blocks.push(Block::Heading { level, text });
            }
            TagEnd::Paragraph
            | TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock
            | TagEnd::FootnoteDefinition => self.flush(),
            TagEnd::Item => {
                self.flush();
                self.marker = None;
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.text);
                self.row.push(cell);
            }
            TagEnd::TableHead => {
                let row = std::mem::take(&mut self.row);
                if let Some((header, _)) = &mut self.table {
                    *header = Some(row);
                }
            }
            TagEnd::TableRow => {
                let row = std::mem::take(&mut self.row);
                if let Some((_, rows)) = &mut self.table {
                    rows.push(row);
                }
            }
            TagEnd::Table => {
                if let Some((header, rows)) = self.table.take() {
                    let header =
                        header.filter(|cells| cells.iter().any(|cell| !cell.trim().is_empty()));
                    self.blocks.push(Block::Table { header, rows });
                }
            }
            TagEnd::Strong if self.strong.0 => self.strong = (false, Some(self.text.len())),
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::HtmlBlock => {
                self.flush();
                let html = std::mem::take(&mut self.html);
                self.blocks.extend(super::html::fragment(&html));
            }
            _ => {}
        }
    }

    /// Takes the heading off the paragraph that begins with it in strong letters, and goes on.
    fn take_run_in(&mut self, text: &mut String, strong: Option<usize>) {
        // What stands above all headings would be taken for the title.
        let Some(section) = self.section else { return };
        let Some((bold, rest)) = strong.and_then(|end| text.split_at_checked(end)) else { return };
        let Some(heading) = super::run_in(bold).filter(|_| !rest.trim().is_empty()) else { return };
        let level = section.saturating_add(1).min(6);
        let heading = Block::Heading { level, text: heading.to_owned() };
        *text = rest.trim_start().to_owned();
        self.blocks.push(heading);
    }

    fn inline_html(&mut self, html: &str) {
        let tag = html.trim_start_matches('<').trim_start().to_ascii_lowercase();
        if tag.starts_with("br") {
            self.text.push(if self.table.is_some() { ' ' } else { '\n' });
        } else if !tag.starts_with(['!', '/']) && !tag.starts_with(char::is_alphabetic) {
            self.text.push_str(html);
        } else if is_blank(html) {
            // `<date>` and the like are no elements but blanks to be filled in.
            self.text.push_str(html);
        }
    }

    fn flush(&mut self) {
        if self.heading.is_some() || self.table.is_some() {
            return;
        }
        let mut text = std::mem::take(&mut self.text);
        let (_, strong) = std::mem::take(&mut self.strong);
        if text.trim().is_empty() {
            return;
        }
        let marker = self.marker.take();
        if marker.is_none() && self.lists.is_empty() {
            self.take_run_in(&mut text, strong);
        }
        let lines: Vec<&str> = text.lines().collect();
        match drawn::table(&lines) {
            (drawn, Some(table)) if drawn == lines.len() => self.blocks.push(table),
            _ => {
                let block = super::item_or_paragraph(text, marker, self.lists.len());
                self.blocks.push(block);
            }
        }
    }
}

/// Whether an inline tag is a blank to be filled in (`<Company Name>`, `<date>`) rather than an element of HTML.
fn is_blank(html: &str) -> bool {
    const ELEMENTS: [&str; 44] = [
        "a", "abbr", "b", "bdi", "bdo", "big", "br", "button", "cite", "code", "data", "del",
        "details", "dfn", "div", "em", "font", "i", "img", "input", "ins", "kbd", "label", "li",
        "mark", "p", "picture", "q", "s", "samp", "small", "source", "span", "strike", "strong",
        "sub", "summary", "sup", "table", "td", "tr", "tt", "u", "ul",
    ];
    let inner = html.trim_matches(['<', '>', '/']);
    let name = inner
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    !html.starts_with("<!")
        && !html.starts_with("</")
        && !inner.contains('=')
        && !ELEMENTS.contains(&name.as_str())
}

fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// List items under a heading that calls itself a table of contents are contents.
pub(super) fn contents_of(blocks: Vec<Block>) -> Vec<Block> {
    let mut under = false;
    blocks
        .into_iter()
        .map(|block| match block {
            Block::Heading { level, text } => {
                under = is_contents_title(&text);
                Block::Heading { level, text }
            }
            Block::Item { marker, text, .. } if under => {
                Block::Contents(format!("{marker} {text}"))
            }
            Block::Paragraph(text) if is_contents_title(&text) => {
                under = true;
                Block::Contents(text)
            }
            other => {
                under = false;
                other
            }
        })
        .collect()
}

/// Whether a heading announces a table of contents.
pub(crate) fn is_contents_title(text: &str) -> bool {
    let text = text.trim().trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    matches!(
        text.as_str(),
        "contents"
            | "table of contents"
            | "content"
            | "toc"
            | "on this page"
            | "index of contents"
            | "inhalt"
            | "inhaltsverzeichnis"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_between_rules_is_no_front_matter() {
        for text in ["# A\n\n---\n\n**Owner:** Ann\n\n---\n", "---\n\nOwner: Ann\n\n---\n"] {
            assert!(read(text).blocks.contains(&Block::Paragraph("Owner: Ann".into())), "{text}");
        }
    }

    #[test]
    fn a_bold_beginning_heads_its_paragraph() {
        let text = "# Review\n\n**1. Actions.** All are closed.\n\n**Owner.** Ann\n\n**All keys are back.**\n\nIt was **noted.** Then all went.\n\n- **Doors.** Shut.\n";
        let paragraph = |text: &str| Block::Paragraph(text.into());
        let expected = [
            Block::Heading { level: 1, text: "Review".into() },
            Block::Heading { level: 2, text: "1. Actions".into() },
            paragraph("All are closed."),
            paragraph("Owner. Ann"),
            paragraph("All keys are back."),
            paragraph("It was noted. Then all went."),
            Block::Item { level: 0, marker: String::new(), text: "Doors. Shut.".into() },
        ];
        assert_eq!(read(text).blocks, expected);
    }

    #[test]
    fn markdown_becomes_blocks_without_marks() {
        let text = "---\ntitle: \"Access\"\n---\n# A *b*\n\n**Owner:** Ann\n**Date:** <date>\n\n1. one\n   - [two](http://x)\n2. ~~three~~ four\n\n| h | i |\n|---|---|\n| 1<br>2 | 3 |\n";
        let content = read(text);
        assert_eq!(content.properties, [("title".to_owned(), "Access".to_owned())]);
        let item = |level, marker: &str, text: &str| Block::Item {
            level,
            marker: marker.into(),
            text: text.into(),
        };
        let expected = vec![
            Block::Furniture("title: \"Access\"".into()),
            Block::Heading { level: 1, text: "A b".into() },
            Block::Paragraph("Owner: Ann\nDate: <date>".into()),
            item(0, "1.", "one"),
            item(1, "", "two"),
            item(0, "2.", " four"),
            Block::Table {
                header: Some(vec!["h".into(), "i".into()]),
                rows: vec![vec!["1 2".into(), "3".into()]],
            },
        ];
        assert_eq!(content.blocks, expected);
    }
}
