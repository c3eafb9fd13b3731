//! Whole workbooks, built here part by part.

use crate::{Limits, block::Block, fault::Fault};
use std::io::{Cursor, Write};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook of sheets, each with its name, its `state` and what stands in its worksheet element; further parts by path.
fn xlsx(sheets: &[(&str, &str, String)], parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut sound = true;
    let mut add = |name: &str, text: &str| {
        let options = zip::write::SimpleFileOptions::default();
        let began = zip.start_file(name, options).is_ok();
        sound &= began && zip.write_all(text.as_bytes()).is_ok();
    };
    let relations = |links: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{links}</Relationships>"
        )
    };
    let link = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
    };
    let mut listed = String::new();
    let mut links = link("styles", "styles", "styles.xml");
    for (n, (name, state, inner)) in sheets.iter().enumerate() {
        listed += &format!(
            "<sheet name=\"{name}\" sheetId=\"{}\" state=\"{state}\" r:id=\"r{n}\"/>",
            n + 1
        );
        links += &link(&format!("r{n}"), "worksheet", &format!("worksheets/s{n}.xml"));
        add(
            &format!("xl/worksheets/s{n}.xml"),
            &format!("<worksheet xmlns=\"{MAIN}\">{inner}</worksheet>"),
        );
    }
    add("_rels/.rels", &relations(&link("r1", "officeDocument", "xl/workbook.xml")));
    add(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{listed}</sheets></workbook>"
        ),
    );
    add("xl/_rels/workbook.xml.rels", &relations(&links));
    let style = |format: u32, font: u32| {
        format!(
            "<xf numFmtId=\"{format}\" fontId=\"{font}\" applyFont=\"1\" applyNumberFormat=\"1\"/>"
        )
    };
    add(
        "xl/styles.xml",
        &format!(
            "<styleSheet xmlns=\"{MAIN}\"><fonts count=\"2\"><font/><font><b/></font></fonts><cellXfs>{}{}{}{}</cellXfs></styleSheet>",
            style(0, 0),
            style(0, 1),
            style(14, 0),
            style(9, 0)
        ),
    );
    for (name, text) in parts {
        add(name, text);
    }
    assert!(sound, "writing to memory does not fail");
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}

/// A row from its number and cells: `B` for bold, `D` for a date, `%` for a percentage, else text.
fn row(number: u32, cells: &[(char, &str)]) -> String {
    let cells: String = cells
        .iter()
        .map(|(column, text)| {
            let inline = |style: u32, text: &str| {
                format!("<c r=\"{column}{number}\" s=\"{style}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
            };
            let value = |style: u32, text: &str| format!("<c r=\"{column}{number}\" s=\"{style}\"><v>{text}</v></c>");
            match text.split_once(' ') {
                Some(("B", text)) => inline(1, text),
                Some(("D", text)) => value(2, text),
                Some(("%", text)) => value(3, text),
                _ => inline(0, text),
            }
        })
        .collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

fn data(rows: &[String]) -> String {
    format!("<sheetData>{}</sheetData>", rows.concat())
}

fn blocks(sheets: &[(&str, &str, String)]) -> Result<Vec<Block>, Fault> {
    super::read(&xlsx(sheets, &[]), &Limits::default()).map(|content| content.blocks)
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.into() }
}

fn texts(row: &[&str]) -> Vec<String> {
    row.iter().map(|cell| (*cell).to_owned()).collect()
}

fn table(header: &[&str], rows: &[&[&str]]) -> Block {
    Block::Table { header: Some(texts(header)), rows: rows.iter().map(|row| texts(row)).collect() }
}

#[test]
fn a_title_names_the_document_and_a_row_keeps_its_header() -> Result<(), Fault> {
    let sheet = data(&[
        row(1, &[('A', "B AI risk register")]),
        row(2, &[('A', "Owner"), ('B', "Jo Roe")]),
        row(4, &[('A', "Control"), ('B', "Status"), ('C', "Due"), ('D', "Done")]),
        row(5, &[('A', "A.5.2"), ('B', "Implemented"), ('C', "D 46093"), ('D', "% 0.85")]),
        row(7, &[('A', "A.5.3"), ('B', "Planned"), ('C', "D 46094"), ('D', "% 0")]),
    ]);
    let named = |name: &str| blocks(&[(name, "visible", sheet.clone())]);
    let rest = [
        Block::Table { header: None, rows: vec![texts(&["Owner", "Jo Roe"])] },
        table(
            &["Control", "Status", "Due", "Done"],
            &[
                &["A.5.2", "Implemented", "2026-03-12", "85%"],
                &["A.5.3", "Planned", "2026-03-13", "0%"],
            ],
        ),
    ];
    let found = named("Sheet1")?;
    assert_eq!(found[0], heading(1, "AI risk register"));
    assert_eq!(found[1..], rest);
    let found = named("Risks")?;
    assert_eq!(found[..2], [heading(1, "AI risk register"), heading(2, "Risks")]);
    assert_eq!(found[2..], rest);
    Ok(())
}

#[test]
fn tables_of_one_sheet_have_their_own_headers() -> Result<(), Fault> {
    let line = |number: u32, cells: &[&str]| {
        let cells: Vec<(char, &str)> =
            ('A'..).zip(cells.iter().copied()).filter(|(_, text)| !text.is_empty()).collect();
        row(number, &cells)
    };
    let sheet = data(&[
        line(1, &["B Risk", "B Score", "", "B Level", "B Meaning"]),
        line(2, &["Drift", "high", "", "high", "act now"]),
        line(3, &["Bias", "low", "", "low", "accept"]),
        line(4, &["Outage", "low"]),
        line(5, &["Leak", "high"]),
        line(6, &["Misuse", "high"]),
        line(7, &["Delay", "low"]),
        line(9, &["B Supplier", "B Service"]),
        line(10, &["Acme", "Hosting"]),
    ]);
    let found = blocks(&[("R", "visible", sheet)])?;
    assert_eq!(
        found,
        [
            heading(1, "R"),
            table(
                &["Risk", "Score"],
                &[
                    &["Drift", "high"],
                    &["Bias", "low"],
                    &["Outage", "low"],
                    &["Leak", "high"],
                    &["Misuse", "high"],
                    &["Delay", "low"],
                ]
            ),
            table(&["Level", "Meaning"], &[&["high", "act now"], &["low", "accept"]]),
            table(&["Supplier", "Service"], &[&["Acme", "Hosting"]]),
        ]
    );
    Ok(())
}

#[test]
fn a_header_is_found_over_a_blank_row_and_by_its_weight() -> Result<(), Fault> {
    let sheet = data(&[
        row(1, &[('A', "Number"), ('B', "Square")]),
        row(3, &[('A', "1"), ('B', "1")]),
        row(4, &[('A', "2"), ('B', "4")]),
    ]);
    let found = blocks(&[("Sheet1", "visible", sheet)])?;
    assert_eq!(found, [table(&["Number", "Square"], &[&["1", "1"], &["2", "4"]])]);
    let long = "B What was asked of the people who run the system, in as many words as they need.";
    let sheet = data(&[
        row(1, &[('A', "B #"), ('B', "B Ref."), ('C', long)]),
        row(2, &[('A', "1"), ('B', "INT-1"), ('C', "Who decides?")]),
    ]);
    let found = blocks(&[("Sheet1", "visible", sheet)])?;
    assert!(matches!(&found[..], [Block::Table { header: Some(_), rows }] if rows.len() == 1));
    Ok(())
}

#[test]
fn rows_below_a_blank_one_go_on_with_their_table_unless_they_are_named_anew() -> Result<(), Fault> {
    let sheet = data(&[
        row(1, &[('A', "Control"), ('B', "Status")]),
        row(2, &[('A', "A.5.1"), ('B', "done")]),
        row(4, &[('A', "A.6.1"), ('B', "open")]),
        row(5, &[('A', "A.6.2"), ('B', "done")]),
        row(7, &[('A', "Audit"), ('B', "Lead")]),
        row(8, &[('A', "IA-1"), ('B', "Jo Roe")]),
    ]);
    let found = blocks(&[("Sheet1", "visible", sheet)])?;
    let controls: [&[&str]; 3] = [&["A.5.1", "done"], &["A.6.1", "open"], &["A.6.2", "done"]];
    assert_eq!(
        found,
        [
            table(&["Control", "Status"], &controls),
            table(&["Audit", "Lead"], &[&["IA-1", "Jo Roe"]]),
        ]
    );
    Ok(())
}

#[test]
fn names_over_names_and_merged_cells_reach_each_column_and_row() -> Result<(), Fault> {
    let sheet = data(&[
        row(1, &[('A', "Area"), ('B', "Before"), ('D', "After")]),
        row(2, &[('B', "Likelihood"), ('C', "Impact"), ('D', "Likelihood"), ('E', "Impact")]),
        row(3, &[('A', "Staff"), ('B', "3"), ('C', "4"), ('D', "1"), ('E', "4")]),
        row(4, &[('B', "2"), ('C', "2"), ('D', "1"), ('E', "1")]),
    ]) + "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:C1\"/><mergeCell ref=\"D1:E1\"/><mergeCell ref=\"A3:A4\"/></mergeCells>";
    let found = blocks(&[("R", "visible", sheet)])?;
    let header = ["Area", "Before Likelihood", "Before Impact", "After Likelihood", "After Impact"];
    assert_eq!(
        found[1],
        table(&header, &[&["Staff", "3", "4", "1", "4"], &["Staff", "2", "2", "1", "1"]])
    );
    Ok(())
}

#[test]
fn what_is_hidden_is_read_and_marked() -> Result<(), Fault> {
    let rows = [
        row(1, &[('A', "Control"), ('B', "Status")]),
        row(2, &[('A', "A.5.2"), ('B', "open")]).replace("<row ", "<row hidden=\"1\" "),
        row(3, &[('A', "A.5.3"), ('B', "open")]).replace("<row ", "<row hidden=\"1\" "),
    ];
    let sheet = "<cols><col min=\"2\" max=\"3\" hidden=\"1\"/></cols>".to_owned() + &data(&rows);
    let found = blocks(&[("Sheet1", "visible", data(&[])), ("Lists", "veryHidden", sheet)])?;
    assert_eq!(
        found[..2],
        [
            heading(1, "Lists (hidden sheet)"),
            Block::Furniture("Hidden in the workbook: rows 2-3; columns B-C.".into()),
        ]
    );
    assert!(matches!(&found[2], Block::Table { rows, .. } if rows.len() == 2));
    Ok(())
}

#[test]
fn comments_follow_the_tables_and_a_conversation_is_read_in_full() -> Result<(), Fault> {
    let link = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"x/{kind}\" Target=\"{target}\"/>")
    };
    let comment = |cell: &str, text: &str| {
        format!(
            "<comment ref=\"{cell}\" authorId=\"0\"><text><r><t>{text}</t></r></text></comment>"
        )
    };
    let parts = [
        ("xl/worksheets/_rels/s0.xml.rels", format!("<Relationships>{}{}</Relationships>", link("r1", "comments", "../c.xml"), link("r2", "threadedComment", "../t.xml"))),
        ("xl/c.xml", format!("<comments><authors><author>Jo Roe</author></authors><commentList>{}{}</commentList></comments>", comment("A1", "Whose is this?"), comment("B1", "[Threaded comment]"))),
        ("xl/t.xml", "<ThreadedComments><threadedComment ref=\"B1\" dT=\"2026-03-12T08:00:00\" personId=\"p\"><text>Closed in March.</text></threadedComment></ThreadedComments>".to_owned()),
    ];
    let sheet = data(&[row(1, &[('A', "one"), ('B', "two")])]);
    let found = super::read(&xlsx(&[("R", "visible", sheet)], &parts), &Limits::default())?.blocks;
    let paragraph = |text: &str| Block::Paragraph(text.into());
    assert_eq!(
        found[2..],
        [
            paragraph("Comment (2026-03-12) on B1: Closed in March."),
            paragraph("Comment (Jo Roe) on A1: Whose is this?"),
        ]
    );
    Ok(())
}

#[test]
fn far_columns_move_up_and_empty_cells_do_not_multiply() -> Result<(), Fault> {
    let far = |number: u32, column: &str, text: &str| {
        format!(
            "<row r=\"{number}\"><c r=\"A{number}\" t=\"inlineStr\"><is><t>a</t></is></c><c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>"
        )
    };
    let sheet = data(&[far(1, "XFD", "b"), far(2, "ZZ", "c"), far(1_048_576, "B", "d")]);
    let file = xlsx(&[("R", "visible", sheet)], &[]);
    let found = super::read(&file, &Limits::default())?.blocks;
    assert_eq!(found[1], table(&["a", "", "b"], &[&["a", "c"]]));
    let narrow = Limits { columns: 2, ..Limits::default() };
    let short = Limits { text_chars: 11, ..Limits::default() };
    for limits in [narrow, short] {
        assert!(matches!(super::read(&file, &limits), Err(Fault::OverLimit { .. })));
    }
    Ok(())
}
