//! A document written by a test: once as values, then in any format.

#![allow(dead_code, reason = "compiled into each test target, and no target needs all of it")]

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::{SimpleFileOptions, ZipWriter};

/// A document: its control block and its chapters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paper<'a> {
    pub(crate) title: &'a str,
    /// Label and value.
    pub(crate) control: &'a [(&'a str, &'a str)],
    pub(crate) chapters: &'a [Chapter<'a>],
}

/// A chapter: its heading and its paragraphs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chapter<'a> {
    pub(crate) heading: &'a str,
    pub(crate) paragraphs: &'a [&'a str],
}

impl Paper<'_> {
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n", self.title);
        if !self.control.is_empty() {
            text.push_str("| | |\n|---|---|\n");
            for (label, value) in self.control {
                let _ = writeln!(text, "| {label} | {value} |");
            }
            text.push('\n');
        }
        for chapter in self.chapters {
            let _ =
                write!(text, "## {}\n\n{}\n\n", chapter.heading, chapter.paragraphs.join("\n\n"));
        }
        text
    }

    pub(crate) fn html(&self) -> String {
        let mut body = format!("<h1>{}</h1>", escaped(self.title));
        if !self.control.is_empty() {
            body.push_str("<table>");
            for (label, value) in self.control {
                let _ =
                    write!(body, "<tr><td>{}</td><td>{}</td></tr>", escaped(label), escaped(value));
            }
            body.push_str("</table>");
        }
        for chapter in self.chapters {
            let _ = write!(body, "<h2>{}</h2>", escaped(chapter.heading));
            for paragraph in chapter.paragraphs {
                let _ = write!(body, "<p>{}</p>", escaped(paragraph));
            }
        }
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"></head><body>{body}</body></html>"
        )
    }

    /// A4 pages in Helvetica: what is larger than the text is a heading, the control block stands in two columns.
    pub(crate) fn pdf(&self) -> Vec<u8> {
        let mut sheet = Sheet::default();
        sheet.line(18, 72, self.title);
        sheet.gap();
        for (label, value) in self.control {
            sheet.row(label, value);
        }
        for chapter in self.chapters {
            sheet.gap();
            sheet.line(14, 72, chapter.heading);
            for paragraph in chapter.paragraphs {
                sheet.gap();
                for line in lines(paragraph) {
                    sheet.line(11, 72, &line);
                }
            }
        }
        sheet.file()
    }

    pub(crate) fn docx(&self) -> Vec<u8> {
        let paragraph = |style: &str, text: &str| {
            let style = if style.is_empty() {
                String::new()
            } else {
                format!("<w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>")
            };
            format!(
                "<w:p>{style}<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
                escaped(text)
            )
        };
        let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph("", text));
        let mut body = paragraph("Heading1", self.title);
        if !self.control.is_empty() {
            let row =
                |label: &str, value: &str| format!("<w:tr>{}{}</w:tr>", cell(label), cell(value));
            let rows: String =
                self.control.iter().map(|(label, value)| row(label, value)).collect();
            let _ = write!(body, "<w:tbl>{rows}</w:tbl>");
        }
        for chapter in self.chapters {
            body.push_str(&paragraph("Heading2", chapter.heading));
            body.extend(chapter.paragraphs.iter().map(|text| paragraph("", text)));
        }
        package(&body)
    }
}

/// Words a line of a page holds, in characters.
const LINE: usize = 85;

fn lines(paragraph: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in paragraph.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + word.len() < LINE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The pages of a PDF while they are written, from the top down.
#[derive(Default)]
struct Sheet {
    pages: Vec<String>,
    /// Points left on the last page.
    left: u32,
}

impl Sheet {
    fn gap(&mut self) {
        self.left = self.left.saturating_sub(10);
    }

    fn line(&mut self, size: u32, x: u32, text: &str) {
        if self.left < 2 * size {
            self.pages.push(String::new());
            self.left = 700;
        }
        self.left -= size + 3;
        self.show(size, x, text);
    }

    fn row(&mut self, label: &str, value: &str) {
        self.line(11, 72, label);
        self.show(11, 250, value);
    }

    fn show(&mut self, size: u32, x: u32, text: &str) {
        let escaped = text.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        let y = 72 + self.left;
        if let Some(page) = self.pages.last_mut() {
            let _ = writeln!(page, "BT /F1 {size} Tf {x} {y} Td ({escaped}) Tj ET");
        }
    }

    fn file(self) -> Vec<u8> {
        let kids: String = (0..self.pages.len()).map(|n| format!("{} 0 R ", 4 + 2 * n)).collect();
        let mut objects = vec![
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            format!("<</Type/Pages/Kids[{kids}]/Count {}>>", self.pages.len()),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        ];
        for (n, page) in self.pages.iter().enumerate() {
            objects.push(format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents {} 0 R>>",
                5 + 2 * n
            ));
            objects.push(format!("<</Length {}>>stream\n{page}endstream", page.len()));
        }
        let mut file = "%PDF-1.5\n".to_owned();
        let mut places = Vec::new();
        for (n, object) in objects.iter().enumerate() {
            places.push(file.len());
            let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", n + 1);
        }
        let xref = file.len();
        let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
        for place in places {
            let _ = writeln!(file, "{place:010} 00000 n ");
        }
        let size = objects.len() + 1;
        let _ = write!(file, "trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n");
        file.into_bytes()
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The least that a word processor opens.
fn package(body: &str) -> Vec<u8> {
    let word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
    let style = |n: u8| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"Heading{n}\"><w:name w:val=\"heading {n}\"/><w:pPr><w:outlineLvl w:val=\"{}\"/></w:pPr></w:style>",
            n - 1
        )
    };
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"{kind}.document.main+xml\"/><Override PartName=\"/word/styles.xml\" ContentType=\"{kind}.styles+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
            ),
        ),
        (
            "word/_rels/document.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "word/styles.xml",
            format!("<w:styles xmlns:w=\"{word}\">{}{}</w:styles>", style(1), style(2)),
        ),
        (
            "word/document.xml",
            format!("<w:document xmlns:w=\"{word}\"><w:body>{body}</w:body></w:document>"),
        ),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).expect("memory is writable");
        zip.write_all(format!("{head}{text}").as_bytes()).expect("memory is writable");
    }
    zip.finish().expect("memory is writable").into_inner()
}
