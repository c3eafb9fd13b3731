use super::*;
use lopdf::{Document, Object, Stream, dictionary};
use std::error::Error;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Grey pixels, row by row.
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) grey: Vec<u8>,
}

pub(crate) fn decode(png: &[u8]) -> Outcome<Picture> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info()?;
    let mut grey = vec![0; reader.output_buffer_size().ok_or("no size")?];
    let info = reader.next_frame(&mut grey)?;
    assert_eq!(info.color_type, png::ColorType::Grayscale);
    Ok(Picture { width: info.width, height: info.height, grey })
}

/// A PDF of one page: what its content stream draws, with Helvetica as `F` and the picture as `P`.
pub(crate) fn pdf(
    size: [i64; 2],
    rotate: i64,
    content: &str,
    picture: Option<&Picture>,
) -> Outcome<Vec<u8>> {
    let mut pdf = Document::with_version("1.7");
    let font = pdf.add_object(
        dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" },
    );
    let mut drawn = lopdf::Dictionary::new();
    if let Some(picture) = picture {
        let mut image = Stream::new(
            dictionary! {
                "Type" => "XObject", "Subtype" => "Image", "ColorSpace" => "DeviceGray",
                "BitsPerComponent" => 8,
                "Width" => i64::from(picture.width), "Height" => i64::from(picture.height),
            },
            picture.grey.clone(),
        );
        image.compress()?;
        drawn.set("P", pdf.add_object(image));
    }
    let content = pdf.add_object(Stream::new(dictionary! {}, content.as_bytes().to_vec()));
    let tree = pdf.new_object_id();
    let page = pdf.add_object(dictionary! {
        "Type" => "Page", "Parent" => tree, "Rotate" => rotate, "Contents" => content,
        "MediaBox" => vec![Object::from(0), 0.into(), size[0].into(), size[1].into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F" => font }, "XObject" => drawn },
    });
    let kids = vec![Object::from(page)];
    pdf.set_object(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => 1 });
    let root = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    pdf.trailer.set("Root", root);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes)?;
    Ok(bytes)
}

/// A page of text as a scanner sees it.
pub(crate) fn scan_of(lines: &[&str]) -> Outcome<Picture> {
    let shown: String = lines.iter().map(|line| format!("({line}) Tj T* ")).collect();
    let content = format!("BT /F 12 Tf 16 TL 30 260 Td {shown}ET");
    let page = pdf([400, 300], 0, &content, None)?;
    decode(&Drawing::open(&page, "")?.page(0, &Limits::default())?)
}

/// Turned by a quarter, clockwise.
pub(crate) fn turned(picture: &Picture) -> Picture {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let grey = (0..width)
        .flat_map(|x| (0..height).rev().map(move |y| picture.grey[y * width + x]))
        .collect();
    Picture { width: picture.height, height: picture.width, grey }
}

fn dark(picture: &Picture) -> usize {
    picture.grey.iter().filter(|pixel| **pixel < 100).count()
}

#[test]
fn a_page_is_drawn_at_300_dots_an_inch() -> Outcome {
    let page = pdf([144, 72], 0, "0 g 0 0 72 72 re f", None)?;
    let drawing = Drawing::open(&page, "")?;
    assert_eq!(drawing.pages(), 1);
    let png = drawing.page(0, &Limits::default())?;
    let picture = decode(&png)?;
    assert_eq!((picture.width, picture.height), (600, 300));
    assert_eq!(picture.grey[150], 0, "the left is black");
    assert_eq!(picture.grey[599], 255, "the right is paper");
    let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info()?;
    assert_eq!(reader.info().pixel_dims.map(|dims| dims.xppu), Some(11811));
    Ok(())
}

#[test]
fn text_and_pictures_are_drawn_and_the_page_is_turned_upright() -> Outcome {
    let scan = scan_of(&["The AI policy is reviewed every year."])?;
    assert!(dark(&scan) > 2000, "{}", dark(&scan));
    let on_its_side = turned(&turned(&turned(&scan)));
    let page = pdf([300, 400], 90, "300 0 0 400 0 0 cm /P Do", Some(&on_its_side))?;
    let upright = decode(&Drawing::open(&page, "")?.page(0, &Limits::default())?)?;
    assert_eq!((upright.width, upright.height), (scan.width, scan.height));
    let same = upright.grey.iter().zip(&scan.grey).filter(|(a, b)| a.abs_diff(**b) < 64).count();
    assert!(same * 100 > scan.grey.len() * 99, "{same} of {}", scan.grey.len());
    Ok(())
}

#[test]
fn a_huge_page_is_drawn_coarsely_and_one_without_a_size_or_end_not_at_all() -> Outcome {
    let limits = Limits::default();
    for size in [[14_400, 14_400], [200_000, 100]] {
        let page = pdf(size, 0, "", None)?;
        let picture = decode(&Drawing::open(&page, "")?.page(0, &limits)?)?;
        assert!(picture.grey.len() as f32 <= PIXELS && picture.width as f32 <= SIDE, "{size:?}");
    }
    let page = pdf([100, 100], 0, "0 g 0 0 72 72 re f", None)?;
    let few = Limits { stream_bytes: 10, ..Limits::default() };
    assert!(matches!(Drawing::open(&page, "")?.page(0, &few), Err(Fault::Pdf(_))));
    assert_eq!(scale(0.0, 100.0), None);
    assert_eq!(scale(f32::NAN, 100.0), None);
    assert_eq!(scale(1e9, 1e-3), None);
    let page = pdf([100, 100], 0, "", None)?;
    assert!(matches!(Drawing::open(&page, "")?.page(1, &limits), Err(Fault::Pdf(_))));
    assert!(matches!(Drawing::open(b"no PDF", ""), Err(Fault::Pdf(_))));
    Ok(())
}
