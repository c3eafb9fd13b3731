use super::*;
use std::io::Write;

const SPACES: &str = r#"xmlns:q="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:k="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;
const LINK: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn deck(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("starts");
        zip.write_all(text.as_bytes()).expect("writes");
    }
    zip.finish().expect("finishes").into_inner()
}

fn links(of: &[(&str, &str, &str)]) -> String {
    let links: String = of
        .iter()
        .map(|(id, kind, target)| {
            format!("<Relationship Id=\"{id}\" Type=\"{LINK}/{kind}\" Target=\"{target}\"/>")
        })
        .collect();
    format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{links}</Relationships>"
    )
}

fn slide(attributes: &str, shapes: &str) -> String {
    format!("<q:sld {SPACES} {attributes}><q:cSld><q:spTree>{shapes}</q:spTree></q:cSld></q:sld>")
}

fn shape(placeholder: &str, at: Option<(u32, u32)>, paragraphs: &str) -> String {
    let place = at.map_or(String::new(), |(x, y)| {
        format!("<d:xfrm><d:off x=\"{x}\" y=\"{y}\"/><d:ext cx=\"90\" cy=\"10\"/></d:xfrm>")
    });
    format!(
        "<q:sp><q:nvSpPr><q:nvPr>{placeholder}</q:nvPr></q:nvSpPr><q:spPr>{place}</q:spPr><q:txBody>{paragraphs}</q:txBody></q:sp>"
    )
}

fn line(text: &str) -> String {
    format!("<d:p><d:r><d:t>{text}</d:t></d:r></d:p>")
}

/// A deck of two slides; the second is first in the file's names, and hidden.
fn parts(second: &str) -> Vec<(&'static str, String)> {
    let title = shape("<q:ph type=\"title\"/>", Some((0, 0)), &line("Review"));
    let body = shape(
        "<q:ph idx=\"1\"/>",
        None,
        &(line("Owners named")
            + "<d:p><d:pPr lvl=\"1\"/><d:r><d:t>by </d:t></d:r><d:r><d:t>role</d:t></d:r></d:p>"),
    );
    let above = shape("", Some((0, 20)), &line("Read before."));
    let footer = shape("<q:ph type=\"ftr\" idx=\"9\"/>", Some((0, 99)), &line("Internal"));
    let layout =
        shape("<q:ph idx=\"1\"/>", Some((0, 50)), "") + &shape("", None, &line("Acme Ltd"));
    let notes = shape("<q:ph type=\"body\" idx=\"1\"/>", None, &line("Say why."))
        + &shape("<q:ph type=\"sldNum\"/>", None, &line("4"));
    vec![
        ("_rels/.rels", links(&[("r", "officeDocument", "ppt/p.xml")])),
        (
            "ppt/p.xml",
            format!(
                "<q:presentation {SPACES}><q:sldIdLst><q:sldId id=\"1\" k:id=\"b\"/><q:sldId id=\"2\" k:id=\"a\"/></q:sldIdLst></q:presentation>"
            ),
        ),
        (
            "ppt/_rels/p.xml.rels",
            links(&[
                ("a", "slide", "s/1.xml"),
                ("b", "slide", "s/2.xml"),
                ("c", "commentAuthors", "au.xml"),
            ]),
        ),
        (
            "ppt/au.xml",
            format!("<q:cmAuthorLst {SPACES}><q:cmAuthor id=\"0\" name=\"Ann\"/></q:cmAuthorLst>"),
        ),
        ("ppt/s/2.xml", slide("", &(body + &footer + &above + &title))),
        (
            "ppt/s/_rels/2.xml.rels",
            links(&[
                ("l", "slideLayout", "../l.xml"),
                ("n", "notesSlide", "../n.xml"),
                ("m", "comments", "../c.xml"),
            ]),
        ),
        ("ppt/l.xml", slide("", &layout)),
        ("ppt/_rels/l.xml.rels", links(&[("m", "slideMaster", "m.xml")])),
        (
            "ppt/m.xml",
            format!(
                "<q:sldMaster {SPACES}><q:txStyles><q:bodyStyle><d:lvl1pPr><d:buChar char=\"x\"/></d:lvl1pPr><d:lvl2pPr><d:buAutoNum type=\"arabicParenR\"/></d:lvl2pPr></q:bodyStyle></q:txStyles></q:sldMaster>"
            ),
        ),
        ("ppt/n.xml", slide("", &notes)),
        (
            "ppt/c.xml",
            format!(
                "<q:cmLst {SPACES}><q:cm authorId=\"0\" dt=\"2026-03-01T09:00:00\"><q:pos x=\"1\"/><q:text>Really?</q:text></q:cm></q:cmLst>"
            ),
        ),
        ("ppt/s/1.xml", second.to_owned()),
    ]
}

fn item(level: u8, marker: &str, text: &str) -> Block {
    Block::Item { level, marker: marker.into(), text: text.into() }
}

#[test]
fn slides_are_pages_in_the_order_of_the_presentation() -> Result<(), Fault> {
    let cell = |attributes: &str, text: &str| {
        format!("<d:tc {attributes}><d:txBody>{}</d:txBody></d:tc>", line(text))
    };
    let table = format!(
        "<q:graphicFrame><d:graphic><d:graphicData><d:tbl><d:tblPr firstRow=\"1\"/><d:tr>{}{}</d:tr><d:tr>{}{}</d:tr></d:tbl></d:graphicData></d:graphic></q:graphicFrame>",
        cell("", "Risk"),
        cell("", "Owner"),
        cell("gridSpan=\"2\"", "Bias"),
        cell("hMerge=\"1\"", "left over"),
    );
    let found = read(&deck(&parts(&slide("show=\"0\"", &table))), &Limits::default())?;
    let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
    let expected = vec![
        Block::PageStart(PageStatus::Ok),
        Block::Heading { level: 1, text: "Review".into() },
        Block::Paragraph("Read before.".into()),
        item(0, "", "Owners named"),
        item(1, "1)", "by role"),
        Block::Furniture("Internal".into()),
        Block::Furniture("Acme Ltd".into()),
        Block::Paragraph("Notes: Say why.".into()),
        Block::Paragraph("Comment (Ann, 2026-03-01): Really?".into()),
        Block::PageStart(PageStatus::Ok),
        Block::Heading { level: 2, text: "Slide 2 (hidden slide)".into() },
        Block::Table { header: Some(row(["Risk", "Owner"])), rows: vec![row(["Bias", ""])] },
    ];
    assert_eq!(found.blocks, expected);
    Ok(())
}

#[test]
fn a_damaged_slide_is_said_and_costs_no_other() -> Result<(), Fault> {
    let found = read(&deck(&parts("<q:sld><q:cSld>")), &Limits::default())?;
    assert_eq!(found.blocks.last(), Some(&Block::PageStart(PageStatus::Undecodable)));
    assert!(found.blocks.contains(&item(0, "", "Owners named")));
    Ok(())
}

#[test]
fn groups_move_what_they_hold() -> Result<(), Fault> {
    let group = format!(
        "<q:grpSp><q:grpSpPr><d:xfrm><d:off x=\"0\" y=\"400\"/><d:ext cx=\"100\" cy=\"100\"/><d:chOff x=\"0\" y=\"0\"/><d:chExt cx=\"1000\" cy=\"1000\"/></d:xfrm></q:grpSpPr>{}</q:grpSp>",
        shape("", Some((0, 10)), &line("Last."))
    );
    let shapes = group + &shape("", Some((0, 200)), &line("First."));
    let found = read(&deck(&parts(&slide("", &shapes))), &Limits::default())?;
    let texts: Vec<Block> = found.blocks.into_iter().rev().take(2).collect();
    assert_eq!(texts, [Block::Paragraph("Last.".into()), Block::Paragraph("First.".into())]);
    Ok(())
}

#[test]
fn limits_hold() {
    let bytes = deck(&parts(&slide("", "")));
    let few = Limits { pages: 1, ..Limits::default() };
    let short = Limits { text_chars: 20, ..Limits::default() };
    let shallow = Limits { depth: 3, ..Limits::default() };
    for limits in [few, short, shallow] {
        assert!(matches!(read(&bytes, &limits), Err(Fault::OverLimit { .. })), "{limits:?}");
    }
}
