//! PDFs made by lopdf, read back.

use super::*;
use lopdf::{
    EncryptionState, EncryptionVersion, Permissions, Stream, StringFormat, dictionary,
    encryption::crypt_filters::{Aes256CryptFilter, CryptFilter},
};
use proptest::prelude::*;
use std::sync::Arc;

mod annotations;
mod damage;
mod fonts;
mod right_to_left;

/// A document of one page with that content; `resources` may name further objects of it.
fn document(content: &[u8], resources: impl FnOnce(&mut Document) -> Dictionary) -> Document {
    let mut document = Document::with_version("1.7");
    let resources = resources(&mut document);
    let content = document.add_object(Stream::new(dictionary! {}, content.to_vec()));
    let tree = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => tree, "Contents" => content, "Resources" => resources,
    });
    document.objects.insert(
        tree,
        Object::Dictionary(dictionary! {
            "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1,
            "MediaBox" => vec![0.into(), 0.into(), 600.into(), 800.into()],
        }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    document
}

fn bytes(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("a document is saved to memory");
    bytes
}

fn read(document: Document) -> PdfText {
    extract(&bytes(document), &Limits::default(), &[])
        .expect("a document made by lopdf can be read")
}

fn first_page(document: Document) -> PdfPage {
    read(document).pages.swap_remove(0)
}

fn texts(page: &PdfPage) -> Vec<&str> {
    page.lines.iter().map(|line| line.text.as_str()).collect()
}

fn cells(line: &PdfLine) -> Vec<String> {
    line.cells.iter().map(|cell| cell.text.replace('\n', " ")).collect()
}

/// Helvetica as `/F`, Helvetica-Bold as `/B`.
fn standard_fonts(_: &mut Document) -> Dictionary {
    let font = |name: &str| {
        dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => name,
            "Encoding" => "WinAnsiEncoding",
        }
    };
    dictionary! { "Font" => dictionary! { "F" => font("Helvetica"), "B" => font("Helvetica-Bold") } }
}

fn shown(content: &str) -> PdfPage {
    first_page(document(content.as_bytes(), standard_fonts))
}

#[test]
fn lines_know_their_place_size_and_weight() {
    let page = shown(
        "BT /B 18 Tf 72 700 Td (Access control policy) Tj /F 10 Tf 0 -40 Td (Access is) Tj \
         ( granted by need.) Tj 0 -12 Td [(Own) 20 (er: ) (CISO)] TJ ET",
    );
    assert_eq!(page.status, PageStatus::Ok);
    assert_eq!((page.width, page.height), (600.0, 800.0));
    assert_eq!(
        texts(&page),
        ["Access control policy", "Access is granted by need.", "Owner: CISO"]
    );
    let [title, body, owner] = &page.lines[..] else { panic!("three lines") };
    assert_eq!((title.x, title.y, title.size, title.bold), (72.0, 700.0, 18.0, true));
    assert_eq!((body.size, body.bold, title.gap_before), (10.0, false, None));
    assert_eq!((body.gap_before, owner.gap_before), (Some(4.0), Some(1.2)));
}

#[test]
fn gaps_become_spaces_and_letter_spacing_does_not() {
    let page = shown(
        "BT /F 10 Tf 72 700 Td [(risk) -300 (register)] TJ 0 -20 Td (risk) Tj 21 0 Td (owner) Tj \
         -21 -20 Td 4 Tc (SPACED) Tj ET",
    );
    assert_eq!(texts(&page), ["risk register", "risk owner", "SPACED"]);
}

#[test]
fn narrow_gaps_part_words_in_a_font_that_lies_about_its_space() {
    // As TeX embeds them: another glyph, of twice the width, stands where the space would.
    let font = |_: &mut Document| {
        let mut widths = vec![Object::from(600); 91];
        widths[0] = 1000.into();
        let font = dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "ABCDEF+Any",
            "Encoding" => "WinAnsiEncoding", "FirstChar" => 32, "LastChar" => 122, "Widths" => widths,
        };
        dictionary! { "Font" => dictionary! { "F" => font } }
    };
    let content = b"BT /F 10 Tf 72 700 Td [(the) -160 (o) 20 (wner) -30 (s) -160 (sign)] TJ ET";
    assert_eq!(texts(&first_page(document(content, font))), ["the owners sign"]);
}

#[test]
fn a_space_that_is_taken_back_parts_nothing() {
    // Shown and undone by moving back over it; a space of no width is one all the same.
    let page = shown("BT /F 10 Tf 72 700 Td [(loa) ( ) 278 (ns and ) ( ) 278 (terms)] TJ ET");
    assert_eq!(texts(&page), ["loans and terms"]);
}

#[test]
fn an_advance_set_for_one_letter_is_the_space_behind_it() {
    let page = shown(
        "BT /F 10 Tf 72 700 Td 0 Tc (of ) Tj 2.3 Tc (a) Tj 0 Tc (clarinet) Tj ET \
         BT /F 10 Tf 72 600 Td 3 Tc (AI) Tj 6 0 Td ET \
         BT /F 10 Tf 72 500 Td 3 Tc (TITLE) Tj ET",
    );
    assert_eq!(texts(&page), ["of a clarinet", "AI", "TITLE"]);
}

#[test]
fn letters_set_apart_one_by_one_are_words() {
    let page = shown(
        "BT /F 10 Tf 72 700 Td [(W) -200 (H) -200 (I) -200 (T) -200 (E) -600 (P) -200 (A) -200 (G) -200 (E)] TJ ET \
         BT /F 10 Tf 72 650 Td [(x) -300 (y) -300 (z) -300 (w)] TJ ET \
         BT /F 10 Tf 72 600 Td [(R) -600 (A) -600 (C) -600 (I)] TJ ET \
         BT /F 10 Tf 72 500 Td (a b c d e) Tj ET",
    );
    assert_eq!(texts(&page), ["WHITE PAGE", "x y z w", "R A C I", "a b c d e"]);
}

#[test]
fn composite_fonts_are_read_by_their_to_unicode_map() {
    let page = first_page(document(b"BT /F 12 Tf 72 700 Td <000100020003> Tj ET", |document| {
        let map = b"1 begincodespacerange <0000> <ffff> endcodespacerange
            2 beginbfchar <0001> <0041> <0003> <fb01> endbfchar
            1 beginbfrange <0002> <0002> <0049> endbfrange";
        let map = document.add_object(Stream::new(dictionary! {}, map.to_vec()));
        let descendant = dictionary! {
            "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => "ABCDEF+Calibri-Bold",
            "W" => vec![1.into(), vec![500.into(), 500.into(), 500.into()].into()],
        };
        let font = dictionary! {
            "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "ABCDEF+Calibri-Bold",
            "Encoding" => "Identity-H", "ToUnicode" => map,
            "DescendantFonts" => vec![descendant.into()],
        };
        dictionary! { "Font" => dictionary! { "F" => font } }
    }));
    assert_eq!(texts(&page), ["AIfi"]);
    assert!(page.lines[0].bold);
}

#[test]
fn glyphs_without_text_make_the_page_undecodable() {
    let page = first_page(document(b"BT /F 12 Tf 72 700 Td <00010002> Tj ET", |_| {
        let font = dictionary! {
            "Type" => "Font", "Subtype" => "Type0", "Encoding" => "Identity-H",
        };
        dictionary! { "Font" => dictionary! { "F" => font } }
    }));
    assert_eq!((page.status, page.lines.len()), (PageStatus::Undecodable, 0));
}

#[test]
fn differences_name_the_glyphs_of_a_type_3_font() {
    let page = first_page(document(b"BT /F 10 Tf 72 700 Td (\x01\x02\x02\x03) Tj ET", |_| {
        let names = ["H", "i", "exclam"].map(|name| Object::Name(name.into()));
        let differences: Vec<Object> = std::iter::once(1.into()).chain(names).collect();
        let font = dictionary! {
            "Type" => "Font", "Subtype" => "Type3", "FirstChar" => 1,
            "Widths" => vec![50.into(), 30.into(), 30.into()],
            "FontMatrix" => vec![0.01.into(), 0.into(), 0.into(), 0.01.into(), 0.into(), 0.into()],
            "Encoding" => dictionary! { "Differences" => differences },
        };
        dictionary! { "Font" => dictionary! { "F" => font } }
    }));
    assert_eq!(texts(&page), ["Hii!"]);
}

#[test]
fn forms_are_shown_and_a_form_within_itself_ends() {
    let page = first_page(document(b"q 1 0 0 1 0 100 cm /X Do Q", |document| {
        let form = document.new_object_id();
        let mut resources = standard_fonts(document);
        resources.set("XObject", dictionary! { "X" => form });
        let stream = Stream::new(
            dictionary! {
                "Type" => "XObject", "Subtype" => "Form", "Resources" => resources.clone(),
                "Matrix" => vec![1.into(), 0.into(), 0.into(), 1.into(), 50.into(), 0.into()],
            },
            b"BT /F 10 Tf 0 600 Td (inside) Tj ET /X Do".to_vec(),
        );
        document.objects.insert(form, Object::Stream(stream));
        resources
    }));
    assert_eq!(texts(&page), ["inside"]);
    assert_eq!((page.lines[0].x, page.lines[0].y), (50.0, 700.0));
}

#[test]
fn a_table_shown_cell_by_cell_gives_whole_rows() {
    let cell = |x: i32, y: i32, lines: &[&str]| {
        let lines: String = lines.iter().map(|line| format!("({line}) Tj 0 -12 Td ")).collect();
        format!("BT /F 10 Tf {x} {y} Td {lines} ET ")
    };
    let content = [
        cell(72, 724, &["The following controls apply:"]),
        cell(72, 700, &["A.5.1"]),
        cell(150, 700, &["Policies for", "information security"]),
        cell(300, 700, &["Applicable"]),
        cell(72, 670, &["A.5.2"]),
        cell(150, 670, &["Roles and", "responsibilities"]),
        cell(300, 670, &["Applicable"]),
    ];
    let page = shown(&content.concat());
    assert_eq!(page.lines.len(), 3, "{:?}", texts(&page));
    assert_eq!(cells(&page.lines[1]), ["A.5.1", "Policies for information security", "Applicable"]);
    assert_eq!(cells(&page.lines[2]), ["A.5.2", "Roles and responsibilities", "Applicable"]);
}

#[test]
fn wrapped_cells_stay_in_their_rows() {
    let cell = |x: i32, y: i32, lines: &[&str]| {
        let lines: String = lines.iter().map(|line| format!("({line}) Tj 0 -11 Td ")).collect();
        format!("BT /F 8 Tf {x} {y} Td {lines} ET ")
    };
    let content = [
        [cell(68, 700, &["Grade"]), cell(107, 700, &["Harm"]), cell(395, 700, &["Lead"])].concat(),
        cell(490, 700, &["Start", "within"]),
        [cell(68, 672, &["2"]), cell(107, 672, &["Several users"])].concat(),
        [cell(395, 672, &["CISO or AI", "Governance Lead"]), cell(490, 672, &["4 h"])].concat(),
        [cell(68, 644, &["3"]), cell(107, 644, &["Depot stopped, or", "law requires notice"])]
            .concat(),
        [cell(395, 644, &["CIO, crisis team"]), cell(490, 644, &["30 min"])].concat(),
        cell(68, 600, &["Steps"]),
        cell(68, 580, &["Report. Everyone reports at once, by telephone or by mail."]),
        cell(
            68,
            550,
            &[
                "Assess. The duty analyst grades within one hour in service time and then opens a log entry.",
            ],
        ),
    ];
    let page = shown(&content.concat());
    assert_eq!(page.lines.len(), 6, "{:?}", texts(&page));
    assert_eq!(cells(&page.lines[0]), ["Grade", "Harm", "Lead", "Start within"]);
    assert_eq!(cells(&page.lines[1]), ["2", "Several users", "CISO or AI Governance Lead", "4 h"]);
    let third = ["3", "Depot stopped, or law requires notice", "CIO, crisis team", "30 min"];
    assert_eq!(cells(&page.lines[2]), third);
}

#[test]
fn columns_stay_columns() {
    let column = |x: i32| {
        let lines: String =
            (0..20).map(|n| format!("(column {x} line {n}) Tj 0 -12 Td ")).collect();
        format!("BT /F 10 Tf {x} 700 Td {lines} ET ")
    };
    let page = shown(&[column(320), column(72)].concat());
    assert_eq!(page.lines.len(), 40);
    assert_eq!(page.lines[1].text, "column 72 line 1");
    assert_eq!(page.lines[21].text, "column 320 line 1");
}

#[test]
fn headers_and_footers_go_where_they_stand() {
    let page = shown(
        "/Artifact <</Type /Pagination>> BDC BT /F 8 Tf 72 30 Td (Page 1 of 9) Tj ET EMC \
         BT /F 10 Tf 72 400 Td (Body text of the page) Tj ET \
         BT /F 8 Tf 72 770 Td (Internal use only) Tj ET",
    );
    assert_eq!(texts(&page), ["Internal use only", "Body text of the page", "Page 1 of 9"]);
    let artifacts: Vec<_> = page.lines.iter().map(|line| line.artifact).collect();
    assert_eq!(artifacts, [false, false, true]);
}

#[test]
fn replacement_text_is_shown_once() {
    let page = shown(
        "BT /F 10 Tf 72 700 Td (be) Tj /Span <</ActualText (fo)>> BDC (xy) Tj EMC (re) Tj ET",
    );
    assert_eq!(texts(&page), ["before"]);
}

#[test]
fn a_rotated_page_is_read_upright() {
    let mut document = document(
        b"BT /F 10 Tf 0 1 -1 0 100 50 Tm (first) Tj 0 -20 Td (second) Tj ET",
        standard_fonts,
    );
    for object in document.objects.values_mut() {
        if let Ok(page) = object.as_dict_mut()
            && page.has_type(b"Page")
        {
            page.set("Rotate", 90);
        }
    }
    let page = first_page(document);
    assert_eq!((page.width, page.height), (800.0, 600.0));
    assert_eq!(texts(&page), ["first", "second"]);
    assert_eq!((page.lines[0].x, page.lines[0].y), (50.0, 500.0));
    assert_eq!(page.lines[1].gap_before, Some(2.0));
}

#[test]
fn a_form_s_value_stands_behind_its_label() {
    let mut made =
        document(b"BT /F 10 Tf 72 700 Td (Owner:) Tj 0 -30 Td (Version:) Tj ET", standard_fonts);
    let resources = standard_fonts(&mut made);
    let appearance = made.add_object(Stream::new(
        dictionary! { "Subtype" => "Form", "Resources" => resources },
        b"BT /F 10 Tf 2 2 Td (Jane Doe) Tj ET".to_vec(),
    ));
    let widget = dictionary! {
        "Subtype" => "Widget", "Rect" => vec![120.into(), 697.into(), 300.into(), 712.into()],
        "AP" => dictionary! { "N" => appearance },
    };
    for object in made.objects.values_mut() {
        if let Ok(page) = object.as_dict_mut()
            && page.has_type(b"Page")
        {
            page.set("Annots", vec![widget.clone().into()]);
        }
    }
    let page = first_page(made);
    assert_eq!(texts(&page), ["Owner: Jane Doe", "Version:"]);
    assert_eq!(cells(&page.lines[0]), ["Owner:", "Jane Doe"]);
}

#[test]
fn a_page_of_pictures_is_empty_and_says_so() {
    let page = first_page(document(b"/I Do", |document| {
        let image = Stream::new(dictionary! { "Subtype" => "Image" }, Vec::new());
        let image = document.add_object(image);
        dictionary! { "XObject" => dictionary! { "I" => image } }
    }));
    assert_eq!((page.status, page.has_images), (PageStatus::Empty, true));
}

#[test]
fn text_beyond_the_limit_is_cut_and_said_to_be() {
    let limits = Limits { text_chars: 8, ..Limits::default() };
    let made =
        document(b"BT /F 10 Tf 72 700 Td (within) Tj 0 -20 Td (beyond) Tj ET", standard_fonts);
    let text = extract(&bytes(made), &limits, &[]).expect("a cut text is an answer");
    assert_eq!(texts(&text.pages[0]), ["within"]);
    assert_eq!(text.pages[0].status, PageStatus::Truncated);
}

#[test]
fn properties_are_decoded() {
    let mut made = document(b"", standard_fonts);
    let utf16 = b"\xfe\xff\x00R\x00i\x00s\x00k\x20\x13\x00s".to_vec();
    let information = made.add_object(dictionary! {
        "Title" => Object::String(utf16, StringFormat::Literal),
        "Author" => Object::string_literal(" "),
        "ModDate" => Object::string_literal("D:20260312120000Z"),
    });
    made.trailer.set("Info", information);
    let expected = [("Title", "Risk\u{2013}s"), ("ModDate", "D:20260312120000Z")];
    assert_eq!(
        read(made).properties,
        expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
}

#[test]
fn pages_beyond_the_limit_are_left_out_and_said_to_be() {
    let mut made = document(b"BT /F 10 Tf 72 700 Td (shown) Tj ET", standard_fonts);
    let pages =
        made.catalog().and_then(|catalog| catalog.get(b"Pages")).and_then(Object::as_reference);
    let pages = made.get_dictionary_mut(pages.expect("pages")).expect("a page tree");
    let kids = pages.get(b"Kids").and_then(Object::as_array).expect("kids").clone();
    let kids = [kids.clone(), kids.clone(), kids].concat();
    pages.set("Count", kids.len() as i64);
    pages.set("Kids", kids);
    let limits = Limits { pages: 1, ..Limits::default() };
    let found = extract(&bytes(made), &limits, &[]).expect("it is read");
    let states: Vec<_> = found.pages.iter().map(|page| (page.status, page.lines.len())).collect();
    assert_eq!(
        states,
        [(PageStatus::Ok, 1), (PageStatus::Truncated, 0), (PageStatus::Truncated, 0)]
    );
}

#[test]
fn what_cannot_be_read_says_why() {
    let fault = |bytes: &[u8]| extract(bytes, &Limits::default(), &[]).expect_err("no text");
    assert!(matches!(fault(b"PK\x03\x04"), PdfFault::NotPdf(_)));
    let mut empty = document(b"", standard_fonts);
    empty.objects.retain(|_, object| object.as_dict().is_ok_and(|d| d.has_type(b"Catalog")));
    assert_eq!(fault(&bytes(empty)), PdfFault::NoPages);
    let few = Limits { pages: 0, ..Limits::default() };
    let one = bytes(document(b"", standard_fonts));
    assert!(matches!(extract(&one, &few, &[]), Err(PdfFault::TooLarge(_))));
}

fn encrypted(user_password: &str) -> Document {
    let content = b"BT /F 10 Tf 72 700 Td (secret) Tj ET";
    let mut made = document(content, standard_fonts);
    let id = Object::string_literal("0123456789abcdef");
    made.trailer.set("ID", vec![id.clone(), id]);
    let version = EncryptionVersion::V2 {
        document: &made,
        owner_password: "owner",
        user_password,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).expect("a state can be made");
    made.encrypt(&state).expect("a document can be encrypted");
    made
}

#[test]
fn encryption_opens_with_the_empty_password_only() {
    assert_eq!(texts(&first_page(encrypted(""))), ["secret"]);
    let locked = bytes(encrypted("x"));
    assert_eq!(extract(&locked, &Limits::default(), &[]), Err(PdfFault::Encrypted));
}

#[test]
fn encryption_described_in_the_trailer_itself_is_seen() {
    let direct = |password| {
        let mut document = encrypted(password);
        let id = document.trailer.get(b"Encrypt").and_then(Object::as_reference).expect("an id");
        let encryption = document.objects.remove(&id).expect("a dictionary");
        document.trailer.set("Encrypt", encryption);
        bytes(document)
    };
    let open = |password, given: &[String]| extract(&direct(password), &Limits::default(), given);
    assert_eq!(texts(&open("", &[]).expect("no password is needed").pages[0]), ["secret"]);
    assert_eq!(open("x", &["y".into()]), Err(PdfFault::Encrypted));
    let opened = open("x", &["y".into(), "x".into()]).expect("the password fits");
    assert_eq!(texts(&opened.pages[0]), ["secret"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damage_never_panics(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30),
    ) {
        let mut bytes = bytes(document(
            b"q BT /F 10 Tf 72 700 Td [(risk) -300 (register)] TJ ET Q",
            standard_fonts,
        ));
        for (place, byte) in changes {
            let length = bytes.len();
            bytes[place.index(length)] = byte;
        }
        if let Ok(text) = extract(&bytes, &Limits::default(), &[]) {
            prop_assert!(!text.pages.is_empty());
        }
    }

    #[test]
    fn any_content_can_be_shown(
        content in "(BT |ET |q |Q |/F [0-9]{1,3} Tf |[-0-9. ]{1,20}(cm|Tm|Td|Tc|Tz) |\\([a-z ]{0,9}\\) Tj |/X Do |BMC |EMC ){0,40}",
    ) {
        let made = bytes(document(content.as_bytes(), standard_fonts));
        let found = extract(&made, &Limits::default(), &[]);
        // Of a page that lacks an object nothing may be left.
        prop_assert!(found.is_ok() || found == Err(PdfFault::Damaged));
        for line in found.iter().flat_map(|text| &text.pages).flat_map(|page| &page.lines) {
            prop_assert!(!line.text.trim().is_empty());
            prop_assert!(line.cells.len() != 1);
        }
    }
}
