//! A page: what it inherits, what it shows, what is annotated on it.

use super::content::Interpreter;
use super::fragment::Canvas;
use super::matrix::{IDENTITY, Matrix, shift, then};
use super::objects::{
    as_dictionary, dictionary_entry, entry, name_entry, number_entry, numbers_entry, resolve,
    stream_bytes,
};
use lopdf::{Dictionary, Document, Object, Stream};

/// How far up the page tree attributes are inherited.
const TREE_DEPTH: usize = 64;
/// Annotations of a page beyond this many are not shown.
const MOST_ANNOTATIONS: usize = 5_000;
/// Flag of a hidden annotation (ISO 32000-1, table 165).
const HIDDEN: u32 = 1 << 1;
/// US Letter, for pages without a box.
const DEFAULT_BOX: [f64; 4] = [0.0, 0.0, 612.0, 792.0];

/// A page as it lies before a reader: upright, its lower left corner at the origin.
pub(super) struct Sheet {
    /// Points.
    pub(super) width: f64,
    pub(super) height: f64,
    matrix: Matrix,
}

impl Sheet {
    /// From the page's boxes and rotation.
    pub(super) fn read(document: &Document, page: &Dictionary) -> Self {
        let bounds = |key| {
            let [x0, y0, x1, y1] = numbers_entry(document, holder(document, page, key)?, key)?;
            let bounds = [f64::min(x0, x1), f64::min(y0, y1), f64::max(x0, x1), f64::max(y0, y1)];
            (bounds[2] - bounds[0] > 1.0 && bounds[3] - bounds[1] > 1.0).then_some(bounds)
        };
        let [left, bottom, right, top] =
            bounds(b"CropBox").or_else(|| bounds(b"MediaBox")).unwrap_or(DEFAULT_BOX);
        let (width, height) = (right - left, top - bottom);
        let rotation = holder(document, page, b"Rotate")
            .and_then(|holder| number_entry(document, holder, b"Rotate"))
            .unwrap_or(0.0);
        let corner = shift(-left, -bottom);
        let (turn, turned) = match (rotation as i64).rem_euclid(360) {
            90 => ([0.0, -1.0, 1.0, 0.0, 0.0, width], true),
            180 => ([-1.0, 0.0, 0.0, -1.0, width, height], false),
            270 => ([0.0, 1.0, -1.0, 0.0, height, 0.0], true),
            _ => (IDENTITY, false),
        };
        Self {
            width: if turned { height } else { width },
            height: if turned { width } else { height },
            matrix: then(&corner, &turn),
        }
    }
}

/// Shows a page's content and its annotations.
pub(super) fn show_page<'a>(
    document: &'a Document,
    page: &'a Dictionary,
    sheet: &Sheet,
    interpreter: &mut Interpreter<'a>,
    stream_limit: usize,
) -> Canvas {
    let mut canvas = Canvas::default();
    interpreter.begin_page();
    let resources: Vec<_> = holder(document, page, b"Resources")
        .and_then(|holder| dictionary_entry(document, holder, b"Resources"))
        .into_iter()
        .collect();
    let content = read_content(document, page, stream_limit, &mut canvas);
    interpreter.show_content(&content, &resources, sheet.matrix, &mut canvas);
    canvas.own_fragments = canvas.fragments.len();
    let annotations = entry(document, page, b"Annots").and_then(|object| object.as_array().ok());
    for annotation in annotations.into_iter().flatten().take(MOST_ANNOTATIONS) {
        let Some(annotation) = as_dictionary(resolve(document, annotation)) else { continue };
        if let Some((appearance, matrix)) = appearance(document, annotation) {
            let matrix = then(&matrix, &sheet.matrix);
            canvas.open_object();
            interpreter.show_form(appearance, &resources, matrix, &mut canvas);
        }
    }
    canvas
}

/// The nearest node from the page upwards that has the key.
fn holder<'a>(document: &'a Document, page: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
    let mut node = page;
    for _ in 0..TREE_DEPTH {
        if entry(document, node, key).is_some_and(|object| !object.is_null()) {
            return Some(node);
        }
        node = dictionary_entry(document, node, b"Parent")?;
    }
    None
}

/// The page's content streams, one after the other: operators may run on from one to the next.
fn read_content(
    document: &Document,
    page: &Dictionary,
    limit: usize,
    canvas: &mut Canvas,
) -> Vec<u8> {
    let mut content = Vec::new();
    let contents = entry(document, page, b"Contents");
    let parts = match contents {
        Some(Object::Array(parts)) => parts.as_slice(),
        Some(part) => std::slice::from_ref(part),
        None => &[],
    };
    for part in parts {
        let Object::Stream(stream) = resolve(document, part) else { continue };
        match stream_bytes(document, stream, limit - content.len().min(limit)) {
            Ok(bytes) => content.extend_from_slice(&bytes),
            Err(_) => canvas.cut = true,
        }
        content.push(b'\n');
    }
    content
}

/// The normal appearance of an annotation that a reader sees, and where it goes on the page
/// (ISO 32000-1, 12.5.5; scaling is left out, it does not change the text).
fn appearance<'a>(
    document: &'a Document,
    annotation: &'a Dictionary,
) -> Option<(&'a Stream, Matrix)> {
    if matches!(name_entry(document, annotation, b"Subtype"), b"Link" | b"Popup") {
        return None;
    }
    let flags = number_entry(document, annotation, b"F").unwrap_or(0.0) as u32;
    if flags & HIDDEN != 0 {
        return None;
    }
    let appearances = dictionary_entry(document, annotation, b"AP")?;
    let mut normal = entry(document, appearances, b"N")?;
    if let Object::Dictionary(states) = normal {
        normal = entry(document, states, name_entry(document, annotation, b"AS"))?;
    }
    let stream = normal.as_stream().ok()?;
    let [x0, y0, x1, y1] = numbers_entry(document, annotation, b"Rect")?;
    let bounds = numbers_entry(document, &stream.dict, b"BBox").unwrap_or([0.0; 4]);
    Some((stream, shift(f64::min(x0, x1) - bounds[0], f64::min(y0, y1) - bounds[1])))
}
