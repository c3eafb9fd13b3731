//! A page: what it inherits, what it shows, what is annotated on it.

use super::annotations;
use super::content::Interpreter;
use super::fragment::Canvas;
use super::matrix::{IDENTITY, Matrix, shift, then};
use super::objects::{dictionary_entry, entry, number_entry, numbers_entry, resolve};
use super::streams::unpack;
use lopdf::{Dictionary, Document, Object};

/// How far up the page tree attributes are inherited.
const TREE_DEPTH: usize = 64;
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
    annotations::show(document, page, &resources, &sheet.matrix, interpreter, &mut canvas);
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
        let unpacked = match resolve(document, part) {
            Object::Stream(stream) => unpack(document, stream, limit - content.len().min(limit)),
            // A reference that leads nowhere: what it stood for is lost.
            Object::Reference(_) => None,
            _ => continue,
        };
        canvas.cut |= unpacked.as_ref().is_none_or(|part| !part.whole);
        content.extend(unpacked.into_iter().flat_map(|part| part.bytes));
        content.push(b'\n');
    }
    content
}
