//! What is annotated on a page: values filled into a form, text boxes, notes.

use super::content::Interpreter;
use super::fragment::{Canvas, Glyph, Style};
use super::matrix::{Matrix, Point, place, shift, then};
use super::objects::{
    as_dictionary, dictionary_entry, entry, name_entry, number_entry, numbers_entry, resolve,
};
use lopdf::{Dictionary, Document, Object, Stream};

/// Annotations of a page beyond this many are not shown.
const MOST_ANNOTATIONS: usize = 5_000;
/// Flag of a hidden annotation (ISO 32000-1, table 165).
const HIDDEN: u32 = 1 << 1;
/// Flag of a field for passwords (table 228).
const PASSWORD: u32 = 1 << 13;
/// How far up the tree of fields attributes are inherited.
const FIELD_DEPTH: usize = 32;
/// Size of text that has no appearance of its own, and of a line of it, in points.
const SIZE: f64 = 10.0;
const LEADING: f64 = 12.0;
/// Lines of such a text beyond this many are cut, and so are texts beyond this many on a page.
const MOST_LINES: usize = 2_000;

/// Shows a page's annotations as a reader sees them; where an annotation has no appearance (or an
/// empty one), its text.
pub(super) fn show<'a>(
    document: &'a Document,
    page: &'a Dictionary,
    resources: &[&'a Dictionary],
    matrix: &Matrix,
    interpreter: &mut Interpreter<'a>,
    canvas: &mut Canvas,
) {
    let annotations = entry(document, page, b"Annots").and_then(|object| object.as_array().ok());
    let mut lines_left = MOST_LINES;
    for (index, annotation) in annotations.into_iter().flatten().enumerate() {
        if index >= MOST_ANNOTATIONS {
            canvas.cut = true;
            return;
        }
        let Some(annotation) = as_dictionary(resolve(document, annotation)) else { continue };
        let flags = number_entry(document, annotation, b"F").unwrap_or(0.0) as u32;
        if flags & HIDDEN != 0 || interpreter.layers().hides_owner(document, annotation) {
            continue;
        }
        let kind = name_entry(document, annotation, b"Subtype");
        let before = canvas.decoded;
        if !matches!(kind, b"Link" | b"Popup")
            && let Some((appearance, place)) = appearance(document, annotation)
        {
            canvas.open_object();
            interpreter.show_form(appearance, resources, then(&place, matrix), canvas);
        }
        if canvas.decoded > before {
            continue;
        }
        let text = match kind {
            b"Widget" => value(document, annotation),
            b"FreeText" | b"Text" | b"Caret" => text_entry(document, annotation, b"Contents"),
            _ => None,
        };
        if let Some(text) = text {
            let [x0, y0, x1, y1] = numbers_entry(document, annotation, b"Rect").unwrap_or_default();
            let corner = Point { x: f64::min(x0, x1), y: f64::max(y0, y1) };
            write(&text, corner, matrix, &mut lines_left, canvas);
        }
    }
}

/// The normal appearance of an annotation, and where it goes on the page (ISO 32000-1, 12.5.5;
/// scaling is left out, it does not change the text).
fn appearance<'a>(
    document: &'a Document,
    annotation: &'a Dictionary,
) -> Option<(&'a Stream, Matrix)> {
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

/// What a form's field holds: a text, or what was chosen of a list.
fn value(document: &Document, widget: &Dictionary) -> Option<String> {
    let flags = inherited(document, widget, b"Ff").and_then(|flags| flags.as_i64().ok());
    let kind = inherited(document, widget, b"FT").and_then(|kind| kind.as_name().ok())?;
    if !matches!(kind, b"Tx" | b"Ch") || flags.unwrap_or(0) as u32 & PASSWORD != 0 {
        return None;
    }
    match inherited(document, widget, b"V")? {
        Object::Array(chosen) => {
            let chosen = chosen.iter().take(MOST_LINES).map(|value| resolve(document, value));
            let chosen: Vec<_> =
                chosen.filter_map(|value| displayed(document, widget, value)).collect();
            Some(chosen.join("\n"))
        }
        value if kind == b"Ch" => displayed(document, widget, value),
        value => text(value),
    }
}

/// A list may show something else than it exports: `[[export display] ...]`.
fn displayed(document: &Document, widget: &Dictionary, value: &Object) -> Option<String> {
    let value = text(value)?;
    let options = inherited(document, widget, b"Opt").and_then(|options| options.as_array().ok());
    let shown = options.into_iter().flatten().take(MOST_LINES).find_map(|option| {
        let [export, display] = resolve(document, option).as_array().ok()?.as_slice() else {
            return None;
        };
        let exported = text(resolve(document, export))? == value;
        exported.then(|| text(resolve(document, display)))?
    });
    Some(shown.unwrap_or(value))
}

fn inherited<'a>(document: &'a Document, field: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut node = field;
    for _ in 0..FIELD_DEPTH {
        if let Some(value) = entry(document, node, key) {
            return Some(value);
        }
        node = dictionary_entry(document, node, b"Parent")?;
    }
    None
}

fn text_entry(document: &Document, dictionary: &Dictionary, key: &[u8]) -> Option<String> {
    text(entry(document, dictionary, key)?)
}

fn text(object: &Object) -> Option<String> {
    lopdf::decode_text_string(object).ok().filter(|text| !text.trim().is_empty())
}

/// Writes lines of text on the page, downwards from a corner.
fn write(text: &str, corner: Point, matrix: &Matrix, lines_left: &mut usize, canvas: &mut Canvas) {
    let lines = text.split(['\r', '\n']).filter(|line| !line.trim().is_empty());
    for (line, number) in lines.zip(1..) {
        let Some(left) = lines_left.checked_sub(1) else {
            canvas.cut = true;
            return;
        };
        *lines_left = left;
        let characters = line.chars().count();
        let y = corner.y - f64::from(number) * LEADING;
        let width = 0.5 * SIZE * characters as f64;
        let (start, end) = (place(matrix, corner.x, y), place(matrix, corner.x + width, y));
        let length = end.from(start).length();
        if !length.is_normal() {
            continue;
        }
        let forward = end.from(start);
        let style = Style {
            direction: Point { x: forward.x / length, y: forward.y / length },
            size: SIZE,
            space: 0.25 * SIZE,
            tracking: 0.0,
            bold: false,
            artifact: false,
            mark: None,
        };
        canvas.open_object();
        canvas.decoded += characters;
        canvas.place(&Glyph { text: line, start, end, style });
    }
}
