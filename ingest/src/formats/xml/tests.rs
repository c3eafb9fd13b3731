use super::*;
use crate::block::Block;

fn blocks(xml: &str) -> Result<Vec<Block>, Fault> {
    Ok(read(xml, &Limits::default())?.blocks)
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.into() }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.into())
}

fn item(text: &str) -> Block {
    Block::Item { level: 0, marker: String::new(), text: text.into() }
}

fn table(header: &[&str], rows: &[&[&str]]) -> Block {
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    Block::Table { header: Some(row(header)), rows: rows.iter().map(|cells| row(cells)).collect() }
}

#[test]
fn a_book_is_read_as_one() -> Result<(), Fault> {
    let xml = r#"<?xml version="1.0"?><!-- by <ann@example.org> --><!DOCTYPE book PUBLIC "-//OASIS//DTD 'DocBook'//EN" "docbook.dtd" [<!-- it's harmless --> <!ELEMENT a (b)>]>
        <book id="x"><bookinfo><title>Security <emphasis>handbook</emphasis></title><author>Ann</author></bookinfo>
        <chapter id="c"><title>Access</title><para>Staff <emphasis>must</emphasis> ask:<itemizedlist><listitem><para>first</para></listitem><listitem><para>then wait</para></listitem></itemizedlist>and go.</para>
        <table><title>Who</title><tgroup cols="2"><colspec/><thead><row><entry>Role</entry><entry>Right</entry></row></thead><tbody><row><entry><para>IT</para></entry><entry>all</entry></row></tbody></tgroup></table></chapter></book>"#;
    let expected = [
        heading(1, "Security handbook"),
        paragraph("bookinfo.author: Ann"),
        heading(2, "Access"),
        paragraph("Staff must ask:"),
        item("first"),
        item("then wait"),
        paragraph("and go."),
        paragraph("Who"),
        table(&["Role", "Right"], &[&["IT", "all"]]),
    ];
    assert_eq!(blocks(xml)?, expected);
    Ok(())
}

#[test]
fn a_catalogue_of_controls_keeps_its_titles_labels_and_statements() -> Result<(), Fault> {
    let xml = r#"<c:catalog xmlns:c="urn:c"><c:metadata><c:title>Controls</c:title><c:version>1.2</c:version></c:metadata><c:group id="g"><c:title>Access</c:title><c:control id="ac-1"><c:prop name="label" value="AC-1"/><c:title>Rules</c:title><c:part name="statement"><c:p>Write <c:insert/>rules down.</c:p></c:part></c:control></c:group></c:catalog>"#;
    let expected = [
        heading(1, "Controls"),
        paragraph("metadata.version: 1.2"),
        heading(2, "Access"),
        paragraph("group.id: g"),
        heading(3, "Rules"),
        paragraph("group.control.id: ac-1\nlabel: AC-1\ngroup.control.part.name: statement"),
        paragraph("Write rules down."),
    ];
    assert_eq!(blocks(xml)?, expected);
    Ok(())
}

#[test]
fn records_are_a_table_and_the_rest_lines_with_names() -> Result<(), Fault> {
    let xml = r#"<report xmlns:x="urn:x" x:lang="en"><owner>Ann</owner><settings><password minimum="12"><reuse>no</reuse></password></settings>
        <risks><risk id="R1"><name>Bias &amp; drift</name><tag>a</tag><tag>b</tag></risk><risk id="R2"><name>Leak</name></risk></risks>
        <summary>All of the risks that we know of were looked at again by the board in May.</summary></report>"#;
    let expected = [
        heading(1, "report"),
        paragraph("owner: Ann\nsettings.password.minimum: 12\nsettings.password.reuse: no"),
        paragraph("risks"),
        table(&["name", "tag", "id"], &[&["Bias & drift", "a, b", "R1"], &["Leak", "", "R2"]]),
        paragraph("All of the risks that we know of were looked at again by the board in May."),
    ];
    assert_eq!(blocks(xml)?, expected);
    Ok(())
}

#[test]
fn hostile_files_are_refused_and_damaged_ones_shown_as_written() -> Result<(), Fault> {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"ha\">]><a>&b;</a>";
    assert!(matches!(blocks(bomb), Err(Fault::Entities)));
    let late = "<a>Reviewed.</a><!DOCTYPE a []>";
    assert_eq!(blocks(late)?, [paragraph(late)]);
    let deep = "<a>".repeat(100_000);
    assert!(matches!(blocks(&deep), Err(Fault::OverLimit { .. })));
    let limits = Limits { text_chars: 100, rows: 10, ..Limits::default() };
    for xml in [
        format!("<a>{}</a>", "<b c=\"1\" d=\"2\"/>".repeat(11)),
        format!("<long-name>{}</long-name>", "<b><c><d>1</d></c></b>".repeat(20)),
    ] {
        assert!(matches!(read(&xml, &limits), Err(Fault::OverLimit { .. })));
    }
    assert_eq!(
        blocks("<?xml?><a>Reviewed <b>in May.</a>")?,
        [paragraph("<?xml?><a>Reviewed <b>in May.</a>")]
    );
    Ok(())
}
