//! Whole documents, built here part by part.

use crate::{Limits, block::Block, fault::Fault, formats::Content};
use std::io::{Cursor, Write};

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A document of a body and further parts, each with the kind of its relationship; the ids are `r0`, `r1`, ...
fn docx(body: &str, parts: &[(&str, &str, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, text: &str| {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(name, options).and_then(|()| Ok(zip.write_all(text.as_bytes())?)).is_ok()
    };
    let link = |id: usize, kind: &str, target: &str| {
        format!("<Relationship Id=\"r{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |links: &str| format!("<Relationships>{links}</Relationships>");
    let custom = link(1, "custom-properties", "word/custom.xml");
    let links: String =
        parts.iter().enumerate().map(|(n, (kind, name, _))| link(n, kind, name)).collect();
    let document = format!(
        "<w:document xmlns:w=\"{WORD}\" xmlns:r=\"{RELATIONS}\"><w:body>{body}</w:body></w:document>"
    );
    let mut sound =
        add("_rels/.rels", &relations(&(link(0, "officeDocument", "word/document.xml") + &custom)))
            && add("word/_rels/document.xml.rels", &relations(&links))
            && add("word/document.xml", &document);
    for (_, name, text) in parts {
        sound &= add(&format!("word/{name}"), text);
    }
    assert!(sound, "writing to memory does not fail");
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}

fn part(root: &str, inner: &str) -> String {
    format!("<w:{root} xmlns:w=\"{WORD}\">{inner}</w:{root}>")
}

fn blocks(body: &str, parts: &[(&str, &str, String)]) -> Result<Vec<Block>, Fault> {
    read(body, parts).map(|content| content.blocks)
}

fn read(body: &str, parts: &[(&str, &str, String)]) -> Result<Content, Fault> {
    super::read(&docx(body, parts), &Limits::default())
}

fn run(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

fn p(text: &str) -> String {
    format!("<w:p>{}</w:p>", run(text))
}

fn bold(text: &str, size: u16) -> String {
    format!("<w:p><w:r><w:rPr><w:b/><w:sz w:val=\"{size}\"/></w:rPr><w:t>{text}</w:t></w:r></w:p>")
}

fn cell(properties: &str, inner: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>")
}

fn row(cells: &[String]) -> String {
    format!("<w:tr>{}</w:tr>", cells.concat())
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.into())
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.into() }
}

const TEXT: &str = "The rule holds for all staff and is looked at once a year by its owner.";

#[test]
fn a_merged_cell_stands_once_and_columns_stay_in_line() -> Result<(), Fault> {
    let table = [
        row(&["A", "B", "C"].map(|text| cell("", &bold(text, 20)))),
        row(&[
            cell("<w:vMerge w:val=\"restart\"/>", &p("one")),
            cell("<w:gridSpan w:val=\"2\"/>", &p("wide")),
        ]),
        row(&[cell("<w:vMerge/>", &p("one")), cell("", &p("x")), cell("", &p("y"))]),
        format!(
            "<w:tr><w:trPr><w:gridBefore w:val=\"2\"/></w:trPr>{}</w:tr>",
            cell("", &p("late"))
        ),
        format!("<w:tr><w:trPr><w:del/></w:trPr>{}</w:tr>", cell("", &p("gone"))),
    ];
    let found = blocks(&format!("<w:tbl>{}</w:tbl>", table.concat()), &[])?;
    let texts = |row: &[&str]| row.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let expected = Block::Table {
        header: Some(texts(&["A", "B", "C"])),
        rows: vec![texts(&["one", "wide"]), texts(&["", "x", "y"]), texts(&["", "", "late"])],
    };
    assert_eq!(found, [expected]);
    Ok(())
}

#[test]
fn a_bold_beginning_heads_its_paragraph() -> Result<(), Fault> {
    let led = |lead: &str, rest: &str| {
        format!("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{lead}</w:t></w:r>{}</w:p>", run(rest))
    };
    let body = p(TEXT)
        + &led("2. What has changed.", &format!(" {TEXT}"))
        + &led("Owner.", " Ann Bell")
        + &led("Nobody", " may enter.")
        + &p(TEXT);
    let found = blocks(&body, &[])?;
    let rest = format!(" {TEXT}");
    let expected = [
        paragraph(TEXT),
        heading(2, "2. What has changed"),
        paragraph(&rest),
        paragraph("Owner. Ann Bell"),
        paragraph("Nobody may enter."),
        paragraph(TEXT),
    ];
    assert_eq!(found, expected);
    Ok(())
}

#[test]
fn captions_stand_above_their_table() -> Result<(), Fault> {
    let wide = |text| cell("<w:gridSpan w:val=\"2\"/>", &p(text));
    let captions = row(&[wide("c")]).repeat(20_000);
    let rest = row(&[cell("", &p("a")), wide("")]) + &row(&[cell("", &p("b")), cell("", &p("d"))]);
    let found = blocks(&format!("<w:tbl>{captions}{rest}</w:tbl>"), &[])?;
    assert_eq!(found.len(), 20_001);
    let Some(Block::Table { rows, .. }) = found.last() else { panic!("a table stands last") };
    assert_eq!(rows.last().map(Vec::as_slice), Some(&["b".to_owned(), "d".to_owned()][..]));
    Ok(())
}

#[test]
fn spans_do_not_multiply_without_end() {
    let wide = cell("<w:gridSpan w:val=\"60\"/>", &p(""));
    let table = row(&[wide, cell("", &p("a"))]).repeat(20_000);
    let found = blocks(&format!("<w:tbl>{table}</w:tbl>"), &[]);
    assert!(matches!(found, Err(Fault::OverLimit { .. })));
}

#[test]
fn a_table_in_a_cell_is_part_of_its_row_and_one_that_places_sections_is_none() -> Result<(), Fault>
{
    let inner = format!(
        "<w:tbl>{}{}</w:tbl>",
        row(&["A.5.1", "done"].map(|text| cell("", &p(text)))),
        row(&["A.5.2", "open"].map(|text| cell("", &p(text))))
    );
    let label = |text: &str| row(&[cell("", &p(text)), cell("", &p("two"))]);
    let within = format!(
        "<w:tbl>{}{}{}</w:tbl>",
        label("a"),
        row(&[cell("", &p("state")), cell("", &inner)]),
        label("b")
    );
    let Some(Block::Table { rows, .. }) = blocks(&within, &[])?.into_iter().next() else {
        panic!("a table")
    };
    assert!(rows.contains(&vec!["state".to_owned(), "A.5.1, done; A.5.2, open".to_owned()]));
    let around = format!("<w:tbl>{}</w:tbl>", row(&[cell("", &p("left")), cell("", &inner)]));
    assert_eq!(blocks(&around, &[])?.len(), 2);
    Ok(())
}

#[test]
fn what_was_changed_reads_as_it_now_is() -> Result<(), Fault> {
    let body = format!(
        "<w:p><w:ins>{}</w:ins><w:del><w:r><w:delText>old </w:delText></w:r></w:del><w:moveFrom>{}</w:moveFrom>{}<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p><w:p><w:moveTo>{}</w:moveTo></w:p>",
        run("new "),
        run("moved"),
        run("kept."),
        run("moved")
    );
    assert_eq!(blocks(&body, &[])?, [paragraph("new kept."), paragraph("moved")]);
    Ok(())
}

#[test]
fn a_control_that_nobody_filled_in_is_a_blank() -> Result<(), Fault> {
    let control = |properties: &str, text: &str| {
        format!(
            "<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
            run(text)
        )
    };
    let body = format!(
        "<w:p>{}{}{}</w:p>",
        run("Owner: "),
        control("<w:showingPlcHdr/>", "Enter a name"),
        control("", ", Bremen.")
    );
    assert_eq!(blocks(&body, &[])?, [paragraph("Owner: [Enter a name], Bremen.")]);
    Ok(())
}

#[test]
fn notes_and_boxes_follow_their_paragraph_and_comments_come_last() -> Result<(), Fault> {
    let boxed =
        format!("<w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r>", p("in a box."));
    let body = format!(
        "{}<w:p>{}{boxed}<w:r><w:footnoteReference w:id=\"2\"/></w:r></w:p>{}",
        bold("Rules", 32),
        run("Anchor."),
        p(TEXT)
    );
    let notes = part(
        "footnotes",
        &format!(
            "<w:footnote w:type=\"separator\" w:id=\"1\">{}</w:footnote><w:footnote w:id=\"2\">{}</w:footnote>",
            p("-"),
            p("A note.")
        ),
    );
    let comments = part(
        "comments",
        &format!(
            "<w:comment w:id=\"0\" w:author=\"Jo Roe\" w:date=\"2026-03-12T09:00:00Z\">{}</w:comment>",
            p("Who signs this?")
        ),
    );
    let watermark = format!(
        "<w:hdr xmlns:w=\"{WORD}\" xmlns:v=\"urn:schemas-microsoft-com:vml\"><w:p><w:r><w:pict><v:shape><v:textpath string=\"DRAFT\"/></v:shape></w:pict></w:r></w:p></w:hdr>"
    );
    let found = blocks(
        &body,
        &[
            ("footnotes", "footnotes.xml", notes),
            ("comments", "comments.xml", comments),
            ("header", "header1.xml", watermark),
        ],
    )?;
    assert_eq!(
        found,
        [
            Block::Furniture("DRAFT".into()),
            heading(1, "Rules"),
            paragraph("Anchor."),
            paragraph("in a box."),
            paragraph("A note."),
            paragraph(TEXT),
            heading(1, "Comments"),
            paragraph("Comment (Jo Roe, 2026-03-12): Who signs this?"),
        ]
    );
    Ok(())
}

#[test]
fn charts_and_inserted_parts_are_read_and_others_named() -> Result<(), Fault> {
    let chart = "<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><c:title><a:p><a:r><a:t>Findings</a:t></a:r></a:p></c:title><c:cat><c:pt><c:v>open</c:v></c:pt></c:cat><c:val><c:pt><c:v>4</c:v></c:pt></c:val></c:chartSpace>";
    let mht = "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>From a saved page.</p></body></html>";
    let page = "<html><body><p>From a page.</p></body></html>";
    let body = format!(
        "<w:p>{}<w:r><c:chart xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" r:id=\"r0\"/></w:r></w:p><w:altChunk r:id=\"r1\"/><w:altChunk r:id=\"r2\"/><w:altChunk r:id=\"r3\"/>",
        run("See below.")
    );
    let found = blocks(
        &body,
        &[
            ("chart", "chart.xml", chart.into()),
            ("aFChunk", "a.html", page.into()),
            ("aFChunk", "b.mht", mht.into()),
            ("aFChunk", "c.pdf", "%PDF-1.4 and no more".into()),
        ],
    )?;
    assert_eq!(
        found[..4],
        [
            paragraph("See below."),
            paragraph("Findings\nopen"),
            paragraph("From a page."),
            paragraph("From a saved page.")
        ]
    );
    assert!(matches!(&found[4], Block::Furniture(text) if text.contains("c.pdf")));
    Ok(())
}

#[test]
fn fields_show_what_they_came_out_as() -> Result<(), Fault> {
    let mark = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let code = |text: &str| format!("<w:r><w:instrText>{text}</w:instrText></w:r>");
    let ticked = "<w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>";
    let body = [
        format!(
            "<w:p>{}{}{}{}{}{}</w:p>",
            run("See "),
            mark("begin"),
            code("REF x"),
            mark("separate"),
            run("clause 4"),
            mark("end")
        ),
        format!("<w:p>{ticked}{}{}</w:p>", mark("end"), run(" agreed.")),
        format!("<w:p>{}{}{}</w:p>", run("Cut."), mark("begin"), code("IF")),
        p("Still there."),
    ];
    let expected = ["See clause 4", "☒ agreed.", "Cut.", "Still there."].map(paragraph);
    assert_eq!(blocks(&body.concat(), &[])?, expected);
    Ok(())
}

#[test]
fn headings_have_their_numbers_as_shown() -> Result<(), Fault> {
    let level = |n: u8, style: &str, text: &str| {
        format!(
            "<w:lvl w:ilvl=\"{n}\"><w:numFmt w:val=\"decimal\"/><w:pStyle w:val=\"{style}\"/><w:lvlText w:val=\"{text}\"/></w:lvl>"
        )
    };
    let numbering = part(
        "numbering",
        &format!(
            "<w:abstractNum w:abstractNumId=\"0\">{}{}</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>",
            level(1, "H2", "%1.%2"),
            level(0, "H1", "%1")
        ),
    );
    let style = |id: &str, name: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style>"
        )
    };
    let styles = part("styles", &(style("H1", "heading 1") + &style("H2", "heading 2")));
    let styled = |id: &str, text: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{id}\"/></w:pPr>{}</w:p>", run(text))
    };
    let body = [
        styled("H1", "Scope"),
        styled("H2", "Staff"),
        styled("H2", "Sites"),
        styled("H1", "Rules"),
    ];
    let found = blocks(
        &body.concat(),
        &[("numbering", "numbering.xml", numbering), ("styles", "styles.xml", styles)],
    )?;
    assert_eq!(
        found,
        [
            heading(1, "1 Scope"),
            heading(2, "1.1 Staff"),
            heading(2, "1.2 Sites"),
            heading(1, "2 Rules")
        ]
    );
    Ok(())
}

#[test]
fn headings_without_styles_are_told_by_size_weight_and_number() -> Result<(), Fault> {
    let body = [
        bold("Use of AI", 40),
        bold("Version 1.0", 20),
        bold("1. Scope", 28),
        p(TEXT),
        bold("Rules", 28),
        bold("Approved by:", 20),
        bold("Duties:", 20),
        p(TEXT),
        bold("Limits of this rule", 20),
        p(TEXT),
        bold("Never, under any circumstance.", 20),
        p(TEXT),
        bold("Jo Roe", 20),
        bold("Mill Lane", 20),
        bold("Bremen", 20),
        p(TEXT),
    ];
    let found = blocks(&body.concat(), &[])?;
    let headings: Vec<_> = found
        .iter()
        .filter_map(|block| match block {
            Block::Heading { level, text } => Some((*level, text.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(
        headings,
        [
            (1, "Use of AI"),
            (2, "1. Scope"),
            (2, "Rules"),
            (3, "Duties:"),
            (3, "Limits of this rule")
        ]
    );
    Ok(())
}

#[test]
fn properties_of_ones_own_are_named_as_front_matter_names_them() -> Result<(), Fault> {
    let custom = "<Properties xmlns:vt=\"urn:vt\"><property name=\"Effective Date\"><vt:lpwstr>2026-01-02</vt:lpwstr></property></Properties>";
    let content = read(&p(TEXT), &[("none", "custom.xml", custom.into())])?;
    assert_eq!(content.properties, [("effective_date".to_owned(), "2026-01-02".to_owned())]);
    Ok(())
}
