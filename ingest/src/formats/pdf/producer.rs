//! PDFs made by lopdf, with tags and bookmarks, read as blocks.

use super::*;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

/// A document of pages with that content; `more` may add to its catalog.
fn made(
    pages: &[String],
    more: impl FnOnce(&mut Document, &[ObjectId]) -> Dictionary,
) -> Result<Vec<Block>, Fault> {
    let mut document = Document::with_version("1.7");
    let tree = document.new_object_id();
    let font = |name: &str| {
        dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => name,
            "Encoding" => "WinAnsiEncoding",
        }
    };
    let fonts = dictionary! { "F" => font("Helvetica"), "B" => font("Helvetica-Bold") };
    let pages: Vec<ObjectId> = pages
        .iter()
        .map(|content| {
            let content = document.add_object(Stream::new(dictionary! {}, content.clone().into()));
            document.add_object(dictionary! {
                "Type" => "Page", "Parent" => tree, "Contents" => content,
                "Resources" => dictionary! { "Font" => fonts.clone() },
            })
        })
        .collect();
    let kids: Vec<Object> = pages.iter().map(|page| (*page).into()).collect();
    let bounds = vec![0.into(), 0.into(), 600.into(), 800.into()];
    document.objects.insert(
        tree,
        Object::Dictionary(dictionary! {
            "Type" => "Pages", "Count" => kids.len() as i64, "Kids" => kids, "MediaBox" => bounds,
        }),
    );
    let mut catalog = dictionary! { "Type" => "Catalog", "Pages" => tree };
    for (key, value) in more(&mut document, &pages) {
        catalog.set(key, value);
    }
    let catalog = document.add_object(catalog);
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("a document is saved to memory");
    let limits = Limits::default();
    let text = pdf::extract(&bytes, &limits, &[]).expect("a document made by lopdf can be read");
    let blocks = content(text, &Scans::default(), &limits)?.blocks;
    Ok(blocks.into_iter().filter(|block| !matches!(block, Block::PageStart(_))).collect())
}

/// Text at a place, marked with an id.
fn marked(id: usize, x: i32, y: i32, lines: &[&str]) -> String {
    let shown: String = lines.iter().map(|line| format!("({line}) Tj 0 -12 Td ")).collect();
    format!("/P <</MCID {id}>> BDC BT /F 10 Tf {x} {y} Td {shown} ET EMC ")
}

fn text(x: i32, y: i32, text: &str) -> String {
    format!("BT /F 10 Tf {x} {y} Td ({text}) Tj ET ")
}

fn element(name: &str, kids: Vec<Object>) -> Object {
    dictionary! { "S" => name, "K" => kids }.into()
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.into() }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.into())
}

fn furniture(text: &str) -> Block {
    Block::Furniture(text.into())
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

#[test]
fn tags_tell_headings_items_and_rows() -> Result<(), Fault> {
    let content = [
        marked(0, 72, 700, &["Scope"]),
        marked(1, 72, 680, &["All staff of the company, and whoever works for it in"]),
        marked(2, 72, 640, &["its name."]),
        marked(3, 90, 620, &["- Laptops are encrypted and"]),
        marked(4, 100, 580, &["locked."]),
        // The cells come column by column, and one stands in the middle of its row.
        marked(5, 72, 540, &["Control"]),
        marked(7, 72, 520, &["A.5.1"]),
        marked(6, 200, 540, &["Status"]),
        marked(8, 200, 526, &["Implemented, see the", "register of con-", "trols"]),
        "/Artifact BMC BT /F 10 Tf 72 400 Td (Draft) Tj ET EMC ".to_owned(),
    ]
    .concat();
    let blocks = made(&[content], |document, pages| {
        let cell = |name: &str, id: i64| element(name, vec![id.into()]);
        let table = element(
            "Table",
            vec![
                element("TR", vec![cell("TH", 5), cell("TH", 6)]),
                element("TR", vec![cell("TD", 7), cell("TD", 8)]),
            ],
        );
        let item = element("LI", vec![element("LBody", vec![3.into(), 4.into()])]);
        let kids = vec![
            element("Kop", vec![0.into()]),
            element("P", vec![1.into(), element("Span", vec![2.into()])]),
            element("L", vec![item]),
            table,
        ];
        let mut whole = dictionary! { "S" => "Document", "Pg" => pages[0], "K" => kids };
        // A tree that leads back to its root ends all the same.
        let root = document.new_object_id();
        whole.set("P", root);
        document.objects.insert(
            root,
            Object::Dictionary(dictionary! {
                "K" => vec![whole.into(), root.into()],
                "RoleMap" => dictionary! { "Kop" => "H2", "H2" => "H2" },
            }),
        );
        dictionary! { "StructTreeRoot" => root }
    })?;
    let expected = vec![
        heading(2, "Scope"),
        paragraph("All staff of the company, and whoever works for it in its name."),
        Block::Item {
            level: 0,
            marker: String::new(),
            text: "Laptops are encrypted and locked.".into(),
        },
        Block::Table {
            header: Some(row(&["Control", "Status"])),
            rows: vec![row(&["A.5.1", "Implemented, see the register of controls"])],
        },
        paragraph("Draft"),
    ];
    assert_eq!(blocks, expected);
    Ok(())
}

#[test]
fn bookmarks_name_headings_that_look_like_text() -> Result<(), Fault> {
    let first = [
        text(72, 700, "2 Roles and responsi-"),
        text(72, 688, "bilities of owners"),
        text(72, 660, "Owners are named in the register."),
    ];
    let second = [text(72, 700, "Duties"), text(72, 688, "They review it each year.")];
    let blocks = made(&[first.concat(), second.concat()], |document, pages| {
        let (outline, outer, inner) =
            (document.new_object_id(), document.new_object_id(), document.new_object_id());
        let entry = |title: &str| Object::string_literal(title);
        document.objects.insert(
            inner,
            dictionary! { "Title" => entry("Duties"), "Dest" => entry("duties"), "Next" => inner }
                .into(),
        );
        document.objects.insert(
            outer,
            dictionary! {
                "Title" => entry("Roles and Responsi-bilities of Owners"), "First" => inner,
                "Dest" => vec![pages[0].into(), "Fit".into()],
            }
            .into(),
        );
        document.objects.insert(outline, dictionary! { "First" => outer }.into());
        let place = dictionary! { "D" => vec![pages[1].into(), "Fit".into()] };
        let names = vec![entry("duties"), place.into()];
        dictionary! {
            "Outlines" => outline,
            "Names" => dictionary! { "Dests" => dictionary! { "Names" => names } },
        }
    })?;
    let expected = [
        heading(1, "2 Roles and responsibilities of owners"),
        paragraph("Owners are named in the register."),
        heading(2, "Duties"),
        paragraph("They review it each year."),
    ];
    assert_eq!(blocks, expected);
    Ok(())
}

#[test]
fn a_page_set_sideways_is_read_as_it_stands() -> Result<(), Fault> {
    let lines = "(Access is granted by need and) Tj 0 -12 Td (withdrawn on the last day.) Tj";
    for turn in ["0 1 -1 0 100 50", "0 -1 1 0 500 750", "-1 0 0 -1 500 700"] {
        let content = format!("BT /F 10 Tf {turn} Tm {lines} ET");
        let blocks = made(&[content], |_, _| Dictionary::new())?;
        let expected = paragraph("Access is granted by need and withdrawn on the last day.");
        assert_eq!(blocks, [expected], "{turn}");
    }
    Ok(())
}

#[test]
fn headers_and_footers_alternate_and_number_their_pages() -> Result<(), Fault> {
    let page = |number: i32| {
        let body = ["first", "second", "third", "fourth"]
            .map(|line| format!("The {line} rule of chapter {number}."));
        let body: String =
            body.iter().zip([600, 560, 520, 480]).map(|(line, y)| text(72, y, line)).collect();
        let header = match number % 2 {
            0 => text(72, 770, "Access policy"),
            _ => text(480, 770, "Acme Corporation"),
        };
        // The footer is drawn before the body.
        text(72, 30, &format!("Page {number} of 6")) + &body + &header
    };
    let pages: Vec<String> = (1..=6).map(page).collect();
    let blocks = made(&pages, |_, _| Dictionary::new())?;
    assert_eq!(blocks[0], furniture("Acme Corporation"));
    assert_eq!(blocks[1], paragraph("The first rule of chapter 1."));
    assert_eq!(blocks[5..7], [furniture("Page 1 of 6"), furniture("Access policy")]);
    assert_eq!(blocks.iter().filter(|block| matches!(block, Block::Furniture(_))).count(), 12);
    let two = made(&pages[..2], |_, _| Dictionary::new())?;
    assert_eq!(two[5], furniture("Page 1 of 6"));
    assert_eq!(two[0], paragraph("Acme Corporation"));
    Ok(())
}

#[test]
fn contents_are_told_from_headings() -> Result<(), Fault> {
    let first = [
        "BT /B 10 Tf 72 700 Td (Contents) Tj ET ".to_owned(),
        text(72, 680, "1. Scope ............ 2"),
        text(72, 668, "2. Rules 2"),
    ];
    let second = [
        "BT /B 10 Tf 72 700 Td (1. Scope) Tj ET ".to_owned(),
        text(72, 680, "All staff of the company follow these rules of access."),
        "BT /B 10 Tf 72 650 Td (2. Rules for access that is granted to those who work outside) Tj 0 -12 Td (of the company) Tj ET ".to_owned(),
        text(72, 618, "Access is granted by need, and withdrawn on the last day of work."),
    ];
    let blocks = made(&[first.concat(), second.concat()], |_, _| Dictionary::new())?;
    let expected = [
        heading(1, "Contents"),
        Block::Contents("1. Scope ............ 2".into()),
        Block::Contents("2. Rules 2".into()),
        heading(1, "1. Scope"),
        paragraph("All staff of the company follow these rules of access."),
        heading(1, "2. Rules for access that is granted to those who work outside of the company"),
        paragraph("Access is granted by need, and withdrawn on the last day of work."),
    ];
    assert_eq!(blocks, expected);
    Ok(())
}
