//! A document written by a test: once as values, then in any format.

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
            text.push_str("| Document control | |\n|---|---|\n");
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
            body.push_str("<table><tr><th>Document control</th><th></th></tr>");
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
            let _ = write!(body, "<w:tbl>{}{rows}</w:tbl>", row("Document control", ""));
        }
        for chapter in self.chapters {
            body.push_str(&paragraph("Heading2", chapter.heading));
            body.extend(chapter.paragraphs.iter().map(|text| paragraph("", text)));
        }
        package(&body)
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
