//! Right-to-left text, however a producer shows it.

use super::*;

/// Codes 1 to 4 are alef, bet, gimel, dalet; 5 is the ligature of lam and alef, as two letters.
fn shown(content: &str) -> PdfPage {
    first_page(document(content.as_bytes(), |document| {
        let map = b"begincodespacerange <00> <ff> endcodespacerange
            beginbfrange <01> <04> <05d0> <20> <7e> <0020> endbfrange
            beginbfchar <05> <06440627> <06> <fe8d> endbfchar";
        let map = document.add_object(Stream::new(dictionary! {}, map.to_vec()));
        let widths: Vec<Object> = (0..256).map(|_| 500.into()).collect();
        let font = dictionary! {
            "Type" => "Font", "Subtype" => "TrueType", "BaseFont" => "Own", "ToUnicode" => map,
            "FirstChar" => 0, "Widths" => widths,
        };
        dictionary! { "Font" => dictionary! { "F" => font } }
    }))
}

#[test]
fn text_shown_from_left_to_right_is_turned() {
    let page = shown("BT /F 10 Tf 72 700 Td <0403203432200201> Tj ET");
    assert_eq!(texts(&page), ["\u{5d0}\u{5d1} 42 \u{5d2}\u{5d3}"]);
    let parts = shown("BT /F 10 Tf 72 700 Td <0403> Tj 15 0 Td <0201> Tj ET");
    assert_eq!(texts(&parts), ["\u{5d0}\u{5d1} \u{5d2}\u{5d3}"]);
}

#[test]
fn text_shown_glyph_by_glyph_to_the_left_stays() {
    let page =
        shown("BT /F 10 Tf 100 700 Td <01> Tj -5 0 Td <02> Tj -5 0 Td <20> Tj -5 0 Td <03> Tj ET");
    assert_eq!(texts(&page), ["\u{5d0}\u{5d1} \u{5d2}"]);
}

#[test]
fn ligatures_and_forms_become_letters_in_order() {
    let page = shown("BT /F 10 Tf 72 700 Td <0605> Tj ET");
    assert_eq!(texts(&page), ["\u{644}\u{627}\u{627}"]);
}
