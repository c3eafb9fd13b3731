use super::*;
use std::io::Write;
use sufficit_evidence::PageStatus;

const SPACES: &str = r#"xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:g="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:s="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:d="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:v="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:p="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" xmlns:m="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/""#;

fn flat(parts: &str) -> String {
    format!("<o:document {SPACES}>{parts}</o:document>")
}

fn text(styles: &str, body: &str) -> Result<Vec<Block>, Fault> {
    let parts = format!(
        "<o:automatic-styles>{styles}</o:automatic-styles><o:body><o:text>{body}</o:text></o:body>"
    );
    Ok(read_flat(&flat(&parts), Kind::Text, &Limits::default())?.blocks)
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.into())
}

fn item(level: u8, marker: &str, text: &str) -> Block {
    Block::Item { level, marker: marker.into(), text: text.into() }
}

fn rows<const N: usize>(rows: &[[&str; N]]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect()
}

#[test]
fn headings_and_lists_have_their_numbers() -> Result<(), Fault> {
    let styles = r#"<t:outline-style><t:outline-level-style t:level="1" s:num-format="1" s:num-suffix="."/><t:outline-level-style t:level="2" s:num-format="1" t:display-levels="2"/></t:outline-style>
        <t:list-style s:name="L"><t:list-level-style-number t:level="1" s:num-format="a" s:num-suffix=")"/><t:list-level-style-bullet t:level="2"/></t:list-style><s:style s:name="P1" s:parent-style-name="Title"/>"#;
    let body = r#"<t:p t:style-name="P1">Policy</t:p><t:h t:outline-level="1">Scope</t:h><t:h t:outline-level="2">Staff</t:h><t:h t:outline-level="2">Others</t:h>
        <t:list t:style-name="L"><t:list-item><t:p>keys<t:s t:c="900000000"/>held</t:p><t:list><t:list-item><t:p>spare</t:p></t:list-item></t:list></t:list-item><t:list-item><t:p>doors</t:p><t:p>All of them.</t:p></t:list-item></t:list>
        <t:list t:style-name="L" t:continue-numbering="true"><t:list-item><t:p>walls</t:p></t:list-item></t:list>"#;
    let heading = |level, text: &str| Block::Heading { level, text: text.into() };
    let expected = [
        heading(1, "Policy"),
        heading(1, "1. Scope"),
        heading(2, "1.1 Staff"),
        heading(2, "1.2 Others"),
        item(0, "a)", "keys held"),
        item(1, "", "spare"),
        item(0, "b)", "doors"),
        paragraph("All of them."),
        item(0, "c)", "walls"),
    ];
    assert_eq!(text(styles, body)?, expected);
    Ok(())
}

#[test]
fn notes_follow_comments_are_told_apart_and_deleted_text_is_out() -> Result<(), Fault> {
    let body = r#"<t:tracked-changes><t:changed-region><t:deletion><t:p>never</t:p></t:deletion></t:changed-region></t:tracked-changes>
        <t:p>Kept<t:note><t:note-citation>1</t:note-citation><t:note-body><t:p>By law.</t:p></t:note-body></t:note> for <o:annotation><dc:creator>Ann</dc:creator><dc:date>2026-02-03T08:00:00</dc:date><m:creator-initials>A</m:creator-initials><t:p>Sure?</t:p></o:annotation>ten<t:line-break/>years.<d:frame><v:desc>a picture</v:desc><d:text-box><t:p>In a box.</t:p></d:text-box></d:frame></t:p>
        <t:table-of-content><t:table-of-content-source><t:p>x</t:p></t:table-of-content-source><t:index-body><t:p>Scope 1</t:p></t:index-body></t:table-of-content>
        <t:section t:display="none"><t:p>hidden</t:p></t:section>"#;
    let expected = [
        paragraph("In a box."),
        paragraph("Kept for ten\nyears."),
        paragraph("By law."),
        paragraph("Comment (Ann, 2026-02-03): Sure?"),
        Block::Contents("Scope 1".into()),
    ];
    assert_eq!(text("", body)?, expected);
    Ok(())
}

#[test]
fn tables_keep_their_columns_and_repeats_are_bounded() -> Result<(), Fault> {
    let cell = |attributes: &str, text: &str| {
        format!("<g:table-cell {attributes}><t:p>{text}</t:p></g:table-cell>")
    };
    let table = format!(
        "<g:table><g:table-header-rows><g:table-row>{}{}{}</g:table-row></g:table-header-rows><g:table-row>{}<g:covered-table-cell/>{}</g:table-row><g:table-row g:number-rows-repeated=\"1000000000\"><g:table-cell g:number-columns-repeated=\"1000000000\"/></g:table-row></g:table>",
        cell("", "Risk"),
        cell("", "Owner"),
        cell("", "Due"),
        cell("g:number-columns-spanned=\"2\"", "Bias"),
        cell("", "May"),
    );
    let header = rows(&[["Risk", "Owner", "Due"]]).into_iter().next();
    let expected = Block::Table { header, rows: rows(&[["Bias", "", "May"]]) };
    assert_eq!(text("", &table)?, [expected]);
    for table in [
        format!(
            "<g:table><g:table-row g:number-rows-repeated=\"1000000000\">{}{}</g:table-row></g:table>",
            cell("", "a"),
            cell("", "b")
        ),
        format!(
            "<g:table><g:table-row>{}</g:table-row></g:table>",
            cell("g:number-columns-repeated=\"4000000000\"", "a")
        ),
    ] {
        assert!(matches!(text("", &table), Err(Fault::OverLimit { .. })));
        let sheet = flat(&format!("<o:body><o:spreadsheet>{table}</o:spreadsheet></o:body>"));
        let read = read_flat(&sheet, Kind::Sheets, &Limits::default());
        assert!(matches!(read, Err(Fault::OverLimit { .. })));
    }
    Ok(())
}

#[test]
fn page_headers_are_furniture_and_properties_are_read() -> Result<(), Fault> {
    let parts = "<o:meta><dc:title>Backup policy</dc:title><m:user-defined m:name=\"owner\">IT</m:user-defined></o:meta><o:master-styles><s:master-page><s:header><t:p>Internal</t:p></s:header><s:footer><t:p>Page 1</t:p></s:footer></s:master-page></o:master-styles><o:body><o:text><t:p>Daily.</t:p></o:text></o:body>";
    let read = read_flat(&flat(parts), Kind::Text, &Limits::default())?;
    let furniture = |text: &str| Block::Furniture(text.into());
    assert_eq!(read.blocks, [furniture("Internal"), paragraph("Daily."), furniture("Page 1")]);
    let expected = [("dc:title", "Backup policy"), ("owner", "IT")];
    assert_eq!(read.properties, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    Ok(())
}

#[test]
fn sheets_are_tables_with_dates_hidden_marks_and_comments() -> Result<(), Fault> {
    let parts = r#"<o:automatic-styles><s:style s:name="ta2"><s:table-properties g:display="false"/></s:style></o:automatic-styles><o:body><o:spreadsheet><g:table g:name="Risks" g:style-name="ta2">
        <g:table-row><g:table-cell><t:p>Id</t:p></g:table-cell><g:table-cell g:number-columns-repeated="3"/><g:table-cell><t:p>Due</t:p></g:table-cell><g:table-cell g:number-columns-repeated="16379"/></g:table-row>
        <g:table-row g:number-rows-repeated="2"><g:table-cell><o:annotation><dc:creator>Ann</dc:creator><t:p>Check</t:p></o:annotation><t:p>R1</t:p></g:table-cell><g:table-cell g:number-columns-repeated="3"/><g:table-cell o:date-value="2026-03-12T00:00:00"><t:p>12.3.26</t:p></g:table-cell></g:table-row>
        <g:table-row g:number-rows-repeated="1048570"><g:table-cell g:number-columns-repeated="16384"/></g:table-row></g:table></o:spreadsheet></o:body>"#;
    let read = read_flat(&flat(parts), Kind::Sheets, &Limits::default())?;
    let header = rows(&[["Id", "Due"]]).into_iter().next();
    let expected = [
        Block::Heading { level: 1, text: "Risks (hidden sheet)".into() },
        Block::Table { header, rows: rows(&[["R1", "2026-03-12"], ["R1", "2026-03-12"]]) },
        paragraph("Comment (Ann): Check"),
    ];
    assert_eq!(read.blocks, expected);
    Ok(())
}

#[test]
fn slides_have_titles_and_notes() -> Result<(), Fault> {
    let parts = r#"<o:automatic-styles><s:style s:name="dp1"><s:drawing-page-properties p:visibility="hidden"/></s:style></o:automatic-styles><o:body><o:presentation><d:page d:style-name="dp1">
        <d:frame p:class="outline" v:x="2cm" v:y="5cm" v:width="20cm" v:height="9cm"><d:text-box><t:list><t:list-item><t:p>First</t:p></t:list-item></t:list></d:text-box></d:frame>
        <d:frame p:class="title" v:x="2cm" v:y="1cm"><d:text-box><t:p>Plan</t:p></d:text-box></d:frame>
        <d:custom-shape v:x="20mm" v:y="25mm" v:width="20cm" v:height="1cm"><t:p>Above.</t:p></d:custom-shape>
        <p:notes><d:page-thumbnail/><d:frame p:class="notes"><d:text-box><t:p>Say it.</t:p></d:text-box></d:frame></p:notes></d:page></o:presentation></o:body>"#;
    let read = read_flat(&flat(parts), Kind::Slides, &Limits::default())?;
    let expected = [
        Block::PageStart(PageStatus::Ok),
        Block::Heading { level: 1, text: "Plan (hidden slide)".into() },
        paragraph("Above."),
        item(0, "", "First"),
        paragraph("Notes: Say it."),
    ];
    assert_eq!(read.blocks, expected);
    Ok(())
}

#[test]
fn a_packed_file_behind_a_password_says_so() {
    let manifest = "<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>";
    let bytes = packed(&[
        ("mimetype", Kind::Text.media_type()),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", "\u{1}\u{2}"),
    ]);
    assert!(matches!(read(&bytes, Kind::Text, &Limits::default()), Err(Fault::Encrypted)));
    let read = crate::extract(&bytes, "a.odt", &Limits::default());
    assert!(
        matches!(&read, crate::Extraction::Failed { media_type, .. } if media_type == Kind::Text.media_type()),
        "{read:?}"
    );
}

#[test]
fn charts_stand_where_the_text_shows_them() -> Result<(), Fault> {
    let cell = |text: &str| format!("<g:table-cell><t:p>{text}</t:p></g:table-cell>");
    let row =
        |one: &str, other: &str| format!("<g:table-row>{}{}</g:table-row>", cell(one), cell(other));
    let chart = format!(
        "<o:document-content {SPACES}><o:body><o:chart><t:p>Open findings</t:p><g:table>{}{}</g:table></o:chart></o:body></o:document-content>",
        row("Quarter", "High"),
        row("Q1", "8")
    );
    let content = format!(
        "<o:document-content {SPACES} xmlns:x=\"http://www.w3.org/1999/xlink\"><o:body><o:text><t:p>Before.</t:p><t:p><d:frame><d:object x:href=\"./Object 1\"/></d:frame></t:p><t:p>After.</t:p></o:text></o:body></o:document-content>"
    );
    let bytes = packed(&[("content.xml", &content), ("Object 1/content.xml", &chart)]);
    let table = Block::Table {
        header: rows(&[["Quarter", "High"]]).into_iter().next(),
        rows: rows(&[["Q1", "8"]]),
    };
    let expected = [paragraph("Before."), paragraph("Open findings"), table, paragraph("After.")];
    assert_eq!(read(&bytes, Kind::Text, &Limits::default())?.blocks, expected);
    Ok(())
}

fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("starts");
        zip.write_all(text.as_bytes()).expect("writes");
    }
    zip.finish().expect("finishes").into_inner()
}
