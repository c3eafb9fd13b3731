//! What is annotated on a page, and what is left off it.

use super::*;

fn annotated(content: &[u8], annotations: Vec<Dictionary>) -> PdfPage {
    let mut made = document(content, standard_fonts);
    let annotations: Vec<Object> = annotations.into_iter().map(Object::Dictionary).collect();
    for object in made.objects.values_mut() {
        if let Ok(page) = object.as_dict_mut()
            && page.has_type(b"Page")
        {
            page.set("Annots", annotations.clone());
        }
    }
    first_page(made)
}

fn rect(x: i64, y: i64) -> Vec<Object> {
    [x, y, x + 200, y + 14].map(Object::Integer).to_vec()
}

fn text(value: &str) -> Object {
    Object::string_literal(value)
}

#[test]
fn fields_without_an_appearance_show_their_values() {
    let owner = dictionary! {
        "Subtype" => "Widget", "FT" => "Tx", "V" => text("Jane Doe"), "Rect" => rect(120, 700),
    };
    let options =
        [["1", "Approved"], ["2", "Draft"]].map(|pair| Object::Array(pair.map(text).to_vec()));
    let status = dictionary! {
        "Subtype" => "Widget", "Rect" => rect(120, 670),
        "Parent" => dictionary! { "FT" => "Ch", "V" => text("1"), "Opt" => options.to_vec() },
    };
    let secret = dictionary! {
        "Subtype" => "Widget", "FT" => "Tx", "Ff" => 1 << 13, "V" => text("x"),
        "Rect" => rect(120, 640),
    };
    let hidden = dictionary! {
        "Subtype" => "Widget", "FT" => "Tx", "F" => 2, "V" => text("x"), "Rect" => rect(120, 610),
    };
    let page = annotated(
        b"BT /F 10 Tf 72 702 Td (Owner:) Tj 0 -30 Td (Status:) Tj ET",
        vec![owner, status, secret, hidden],
    );
    assert_eq!(texts(&page), ["Owner: Jane Doe", "Status: Approved"]);
}

#[test]
fn notes_are_text_of_the_page() {
    let note = dictionary! {
        "Subtype" => "Text", "Rect" => rect(300, 700),
        "Contents" => text("Approved by the board\rsee minutes"),
    };
    let link = dictionary! { "Subtype" => "Link", "Contents" => text("go"), "Rect" => rect(0, 0) };
    let page = annotated(b"", vec![note, link]);
    assert_eq!(texts(&page), ["Approved by the board", "see minutes"]);
}

#[test]
fn layers_that_are_off_are_left_out() {
    let mut made = document(
        b"/OC /Off BDC BT /F 10 Tf 72 700 Td (Draft) Tj ET /X Do EMC \
          /OC /Set BDC BT /F 10 Tf 72 680 Td (Variant) Tj ET EMC \
          /OC /On BDC BT /F 10 Tf 72 660 Td (Final) Tj ET EMC",
        |document| {
            let layer = dictionary! { "Type" => "OCG" };
            let off = document.add_object(layer.clone());
            let on = document.add_object(layer);
            let mut resources = standard_fonts(document);
            let set = dictionary! { "Type" => "OCMD", "OCGs" => vec![off.into()] };
            resources.set("Properties", dictionary! { "Off" => off, "On" => on, "Set" => set });
            resources
        },
    );
    let off = made
        .objects
        .iter()
        .find(|(_, object)| object.as_dict().is_ok_and(|layer| layer.has_type(b"OCG")));
    let off = *off.expect("the first layer is the one that is off").0;
    let properties = dictionary! { "D" => dictionary! { "OFF" => vec![off.into()] } };
    made.catalog_mut().expect("a catalog").set("OCProperties", properties);
    assert_eq!(texts(&first_page(made)), ["Final"]);
}
