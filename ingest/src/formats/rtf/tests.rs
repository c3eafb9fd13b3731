use super::*;
use crate::block::Block;

fn blocks(body: &str) -> Result<Vec<Block>, Fault> {
    let head = r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}{\f2\fcharset2 Symbol;}{\f3\fcharset128 Gothic;}}{\stylesheet{\s1\outlinelevel0 heading 1;}{\s2 toc 1;}{\*\cs9 Strong;}{\s4\outlinelevel1 Kapitel;}}";
    let text = format!("{{\\rtf1\\ansi\\ansicpg1250\\deff0{head}{body}}}");
    Ok(read(text.as_bytes(), &Limits::default())?.blocks)
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.into())
}

#[test]
fn letters_come_from_code_pages_fonts_and_unicode() -> Result<(), Fault> {
    let body = r"\'e8\f0 \'e8{\f1 \'e8}{\f3 \'93\'fa}{\f2\'b7}\u268\'63\uc2\u-10179\'3f\'3f\u-8704 ab\uc0\u169 !\emdash\~x\_y\{\par {\upr{old}{\*\ud{new}}}\par";
    assert_eq!(blocks(body)?, [paragraph("čèи日•Č😀©!— x-y{"), paragraph("new")]);
    Ok(())
}

#[test]
fn headings_lists_notes_and_comments() -> Result<(), Fault> {
    let body = r"\pard\s1{\listtext 1.\tab}Scope\par\pard\s4 Teil\par\pard\s2 Scope\tab 2\par\pard\ilvl1{\listtext\f2\'b7\tab}keys{\footnote By \b law.}\par\pard{\*\atnauthor Ann}{\*\annotation{\*\atndate 125052928}Sure?}Ten{\v secret}{\deleted not} years{\*\unknown{\b x}}{\field{\*\fldinst PAGE}{\fldrslt 7}}{\pict\bin4 }}{{\'ff}.\par{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt In a box.\par}}{\shprslt twice}}";
    let expected = [
        Block::Heading { level: 1, text: "1. Scope".into() },
        Block::Heading { level: 2, text: "Teil".into() },
        Block::Contents("Scope\t2".into()),
        Block::Item { level: 1, marker: String::new(), text: "keys".into() },
        paragraph("By law."),
        paragraph("Ten years7."),
        paragraph("Comment (Ann, 2019-04-05): Sure?"),
        paragraph("In a box."),
    ];
    assert_eq!(blocks(body)?, expected);
    Ok(())
}

#[test]
fn rows_keep_their_columns() -> Result<(), Fault> {
    let define = |edges: &[&str]| {
        let edges: String = edges.iter().map(|edge| format!("\\cellx{edge}")).collect();
        format!("\\trowd\\trleft0{edges}\\pard\\intbl ")
    };
    let body = [
        define(&["1000", "2000", "3000"]) + r"Risk\cell Owner\cell Due\cell\row ",
        define(&["2010", "3000"]) + r"Bias\par and drift\cell May\cell\row ",
        define(&["1000", "2000", "3000"])
            + r"{Leak\cell}\pard\intbl IT\cell\cell\row\pard After.\par",
    ];
    let rows = |rows: &[&[&str]]| -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    };
    let table = Block::Table {
        header: rows(&[&["Risk", "Owner", "Due"]]).into_iter().next(),
        rows: rows(&[&["Bias\nand drift", "", "May"], &["Leak", "IT"]]),
    };
    assert_eq!(blocks(&body.concat())?, [table, paragraph("After.")]);
    Ok(())
}

#[test]
fn page_headers_are_furniture_and_properties_are_read() -> Result<(), Fault> {
    let text = r"{\rtf1{\info{\title Backup {\b policy}}{\creatim\yr2026\mo3\dy1\hr9}{\version4}}{\*\userprops{\propname owner}\proptype30{\staticval IT}}{\header Internal\par}{\footer Page}Daily.";
    let read = read(text.as_bytes(), &Limits::default())?;
    let furniture = |text: &str| Block::Furniture(text.into());
    assert_eq!(read.blocks, [furniture("Internal"), paragraph("Daily."), furniture("Page")]);
    let expected = [("title", "Backup policy"), ("creatim", "2026-03-01"), ("owner", "IT")];
    assert_eq!(read.properties, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    Ok(())
}

#[test]
fn hostile_files_meet_limits() -> Result<(), Fault> {
    let limits = Limits { text_chars: 1000, ..Limits::default() };
    let deep = "{".repeat(1_000_000);
    let wide = r"\trowd\cellx1\intbl a\cell ".repeat(1000);
    for text in [deep, wide, "x".repeat(2000)] {
        let found = read(format!("{{\\rtf1 {text}").as_bytes(), &limits);
        assert!(matches!(found, Err(Fault::OverLimit { .. })), "{found:?}");
    }
    let ends = read(br"{\rtf1 }}}}{\pard a\bin99999999 x", &limits)?;
    assert_eq!(ends.blocks, [paragraph("a")]);
    let pictures = read(br"{\rtf1{\pict 00ff}}", &limits);
    assert!(matches!(pictures, Err(Fault::NeedsOcr { .. })));
    Ok(())
}
