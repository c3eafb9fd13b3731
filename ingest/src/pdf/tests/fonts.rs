//! Fonts that do not say themselves what their glyphs mean.

use super::*;

/// A font program of those tables (checksums are not looked at).
fn face(tables: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0, 1, 0, 0, 0, tables.len() as u8, 0, 0, 0, 0, 0, 0];
    let mut offset = 12 + 16 * tables.len() as u32;
    for (tag, table) in tables {
        bytes.extend(tag.as_slice());
        for number in [0, offset, table.len() as u32] {
            bytes.extend(number.to_be_bytes());
        }
        offset += table.len() as u32;
    }
    bytes.extend(tables.iter().flat_map(|(_, table)| table));
    bytes
}

/// A character map from `first` on, to those glyphs.
fn character_map(platform: [u16; 2], first: u16, glyphs: &[u16]) -> Vec<u8> {
    let count = glyphs.len() as u16;
    let head = [0, 1, platform[0], platform[1], 0, 12, 6, 10 + 2 * count, 0, first, count];
    head.iter().chain(glyphs).flat_map(|number| number.to_be_bytes()).collect()
}

/// Names of glyphs, none of them among the Macintosh's.
fn glyph_names(names: &[&str]) -> Vec<u8> {
    let mut bytes = vec![0, 2, 0, 0];
    bytes.resize(32, 0);
    bytes.extend((names.len() as u16).to_be_bytes());
    bytes.extend((258..).take(names.len()).flat_map(u16::to_be_bytes));
    for name in names {
        bytes.push(name.len() as u8);
        bytes.extend(name.as_bytes());
    }
    bytes
}

fn embedded(document: &mut Document, key: &str, program: Vec<u8>) -> Dictionary {
    let file = document.add_object(Stream::new(dictionary! {}, program));
    let mut descriptor = dictionary! { "Type" => "FontDescriptor" };
    descriptor.set(key, file);
    descriptor
}

fn composite(base: &str, descendant: Dictionary) -> Dictionary {
    dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "Encoding" => "Identity-H", "BaseFont" => base,
        "DescendantFonts" => vec![descendant.into()],
    }
}

fn with_font(content: &[u8], font: impl FnOnce(&mut Document) -> Dictionary) -> PdfPage {
    first_page(document(content, |document| {
        let font = font(document);
        dictionary! { "Font" => dictionary! { "F" => font } }
    }))
}

#[test]
fn an_embedded_font_s_own_maps_give_text() {
    let page = with_font(b"BT /F 12 Tf 72 700 Td <000100020000> Tj ET", |document| {
        let program = face(&[
            (b"cmap", character_map([3, 1], 0x41, &[2, 3])),
            (b"post", glyph_names(&[".notdef", "g1", "A", "B", "f_i"])),
        ]);
        let map = Stream::new(dictionary! {}, vec![0, 3, 0, 2, 0, 4]);
        let map = document.add_object(map);
        composite(
            "ABCDEF+Own",
            dictionary! {
                "Subtype" => "CIDFontType2", "CIDToGIDMap" => map,
                "FontDescriptor" => embedded(document, "FontFile2", program),
            },
        )
    });
    assert_eq!((texts(&page), page.status), (vec!["AfiB"], PageStatus::Ok));
}

#[test]
fn numbered_names_are_glyphs_of_the_program() {
    let page = with_font(b"BT /F 12 Tf 72 700 Td (\x01\x02a) Tj ET", |document| {
        let program = face(&[(b"cmap", character_map([3, 1], 0x58, &[24, 25]))]);
        let names = ["g25", "g24"].map(|name| Object::Name(name.into()));
        let differences: Vec<Object> = std::iter::once(1.into()).chain(names).collect();
        dictionary! {
            "Type" => "Font", "Subtype" => "TrueType", "BaseFont" => "ABCDEF+Own",
            "FontDescriptor" => embedded(document, "FontFile2", program),
            "Encoding" => dictionary! {
                "BaseEncoding" => "WinAnsiEncoding", "Differences" => differences,
            },
        }
    });
    assert_eq!(texts(&page), ["YXa"]);
}

#[test]
fn a_type_1_program_s_own_encoding_holds() {
    let page = with_font(b"BT /F 12 Tf 72 700 Td (e\\016cient \\015le) Tj ET", |document| {
        let program = b"%!PS-AdobeFont-1.0: CMR10
            /Encoding 256 array 0 1 255 {1 index exch /.notdef put} for
            dup 8#16/ffi put dup 13 /fi put dup 101/e put readonly def currentfile eexec";
        dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "ABCDEF+CMR10",
            "FontDescriptor" => embedded(document, "FontFile", program.to_vec()),
        }
    });
    assert_eq!(texts(&page), ["efficient file"]);
}

#[test]
fn glyphs_of_fonts_that_every_system_has_are_known_by_their_order() {
    let shown = |base: &str| {
        with_font(b"BT /F 12 Tf 72 700 Td <0036005200650003> Tj ET", |_| {
            composite(base, dictionary! { "Subtype" => "CIDFontType2" })
        })
    };
    assert_eq!(texts(&shown("Times New Roman")), ["So\u{c9}"]);
    assert_eq!(shown("Calibri").status, PageStatus::Undecodable);
}

#[test]
fn glyphs_of_a_collection_are_its_characters() {
    let page = with_font(b"BT /F 12 Tf 72 700 Td <034b00220465> Tj ET", |_| {
        composite(
            "MS-Gothic",
            dictionary! {
                "Subtype" => "CIDFontType2",
                "CIDSystemInfo" => dictionary! {
                    "Registry" => Object::string_literal("Adobe"),
                    "Ordering" => Object::string_literal("Japan1"),
                },
            },
        )
    });
    assert_eq!(texts(&page), ["\u{3042}A\u{4e9c}"]);
}

#[test]
fn glyphs_named_by_their_codes_are_characters_and_others_are_not() {
    let page = with_font(b"BT /F 10 Tf 72 700 Td (aAb) Tj ET", |_| {
        let names = ["a97", "x7"].map(|name| Object::Name(name.into()));
        let differences: Vec<Object> = std::iter::once(97.into()).chain(names).collect();
        dictionary! {
            "Type" => "Font", "Subtype" => "Type3", "FirstChar" => 97,
            "Widths" => vec![500.into(), 500.into()],
            "Encoding" => dictionary! { "Differences" => differences },
        }
    });
    assert_eq!((texts(&page), page.status), (vec!["a"], PageStatus::Undecodable));
}
