//! The interpreter: operations of a content stream to glyphs on the canvas. It follows text state,
//! matrices, marked content and form XObjects; paths, colours and images only pass by.

use super::fonts::{Font, Shown};
use super::fragment::{Canvas, Glyph, Style};
use super::layers::Layers;
use super::marks::{Mark, Replacement, Standing, standing};
use super::matrix::{IDENTITY, Matrix, Point, place, shift, then};
use super::objects::{dictionary_entry, entry, name_entry, numbers_entry};
use super::streams::unpack;
use super::tokens::{Operand, Tokens};
use lopdf::{Dictionary, Document, Object, Stream};
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

/// Operations of one page and of a whole document; what goes beyond is cut.
const PAGE_OPERATIONS: usize = 5_000_000;
const DOCUMENT_OPERATIONS: usize = 60_000_000;
/// Forms within forms.
const FORM_DEPTH: usize = 10;
/// A form costs as much as this many operations, so that forms shown again and again end too.
const FORM_COST: usize = 50;
/// A font costs as much as this many operations: reading its map of characters takes that long.
const FONT_COST: usize = 4_000;
/// Bytes of one of a font's streams; maps of all Unicode characters stay below.
const FONT_STREAM_BYTES: usize = 4 << 20;
const SAVED_STATES: usize = 512;
const MARKS: usize = 512;

/// Reads one content stream after the other, keeping the fonts it has met.
pub(super) struct Interpreter<'a> {
    document: &'a Document,
    stream_limit: usize,
    layers: Layers,
    /// By the address of the font's dictionary, which stays where it is as long as the document.
    fonts: HashMap<usize, Rc<Font<'a>>>,
    page_operations: usize,
    document_operations: usize,
}

#[derive(Clone)]
struct State<'a> {
    matrix: Matrix,
    font: Option<Rc<Font<'a>>>,
    size: f64,
    character_spacing: f64,
    word_spacing: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
    stroked: bool,
}

/// Where a stream is being interpreted.
struct Scope<'a, 's> {
    /// Innermost first: a form's own, then those of what shows it.
    resources: &'s [&'a Dictionary],
    /// The forms being shown, outermost first, by address.
    forms: Vec<usize>,
    /// How what shows it stands.
    standing: Standing,
}

impl<'a, 's> Scope<'a, 's> {
    fn of_page(resources: &'s [&'a Dictionary]) -> Self {
        Self { resources, forms: Vec::new(), standing: Standing::default() }
    }
}

impl<'a> Interpreter<'a> {
    /// An interpreter for a document's pages; `stream_limit` bounds the bytes of each stream.
    pub(super) fn new(document: &'a Document, stream_limit: usize) -> Self {
        Self {
            document,
            stream_limit,
            layers: Layers::read(document),
            fonts: HashMap::new(),
            page_operations: 0,
            document_operations: DOCUMENT_OPERATIONS,
        }
    }

    /// The layers of the document.
    pub(super) fn layers(&self) -> &Layers {
        &self.layers
    }

    /// A new page begins: its operations count from nought.
    pub(super) fn begin_page(&mut self) {
        self.page_operations = PAGE_OPERATIONS;
    }

    /// Shows a page's content.
    pub(super) fn show_content(
        &mut self,
        content: &[u8],
        resources: &[&'a Dictionary],
        matrix: Matrix,
        canvas: &mut Canvas,
    ) {
        self.run(content, &Scope::of_page(resources), matrix, canvas);
    }

    /// Shows a form XObject (or an annotation's appearance, which is one).
    pub(super) fn show_form(
        &mut self,
        form: &'a Stream,
        resources: &[&'a Dictionary],
        matrix: Matrix,
        canvas: &mut Canvas,
    ) {
        self.enter_form(form, &Scope::of_page(resources), matrix, canvas);
    }

    fn enter_form(
        &mut self,
        form: &'a Stream,
        scope: &Scope<'a, '_>,
        matrix: Matrix,
        canvas: &mut Canvas,
    ) {
        let address = std::ptr::from_ref(form).addr();
        if scope.forms.len() >= FORM_DEPTH || scope.forms.contains(&address) {
            return;
        }
        if !self.spend(FORM_COST + form.content.len() / 64, canvas) {
            return;
        }
        let Some(content) = unpack(self.document, form, self.stream_limit) else {
            canvas.cut = true;
            return;
        };
        canvas.cut |= !content.whole;
        let own = dictionary_entry(self.document, &form.dict, b"Resources");
        let resources: Vec<_> = own.into_iter().chain(scope.resources.iter().copied()).collect();
        let form_matrix = numbers_entry(self.document, &form.dict, b"Matrix").unwrap_or(IDENTITY);
        let mut forms = scope.forms.clone();
        forms.push(address);
        let standing = Standing { in_form: true, ..scope.standing };
        let inner = Scope { resources: &resources, forms, standing };
        self.run(&content.bytes, &inner, then(&form_matrix, &matrix), canvas);
    }

    fn spend(&mut self, operations: usize, canvas: &mut Canvas) -> bool {
        match (
            self.page_operations.checked_sub(operations),
            self.document_operations.checked_sub(operations),
        ) {
            (Some(page), Some(document)) => {
                self.page_operations = page;
                self.document_operations = document;
                true
            }
            _ => {
                canvas.cut = true;
                false
            }
        }
    }

    fn run(&mut self, content: &[u8], scope: &Scope<'a, '_>, matrix: Matrix, canvas: &mut Canvas) {
        let mut tokens = Tokens::new(content);
        let mut operands = Vec::new();
        let mut state = State::new(matrix);
        let mut saved = Vec::new();
        let mut marks = vec![Mark { standing: scope.standing, replacement: None }];
        let mut text = TextMatrices { line: IDENTITY, glyph: IDENTITY };
        while let Some(operator) = tokens.next_operation(&mut operands) {
            if !self.spend(1, canvas) {
                return;
            }
            let n = |index: usize| match operands.get(index) {
                Some(Operand::Number(value)) => *value,
                _ => 0.0,
            };
            let six = || [n(0), n(1), n(2), n(3), n(4), n(5)];
            match operator {
                b"q" if saved.len() < SAVED_STATES => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => state.matrix = then(&six(), &state.matrix),
                b"BT" => {
                    text = TextMatrices { line: IDENTITY, glyph: IDENTITY };
                    canvas.open_object();
                }
                b"Tf" => {
                    state.size = n(1);
                    state.font = match operands.first() {
                        Some(Operand::Name(name)) => self.font(name, scope.resources, canvas),
                        _ => None,
                    };
                }
                b"Tc" => state.character_spacing = n(0),
                b"Tw" => state.word_spacing = n(0),
                b"Tz" => state.stretch = n(0) / 100.0,
                b"TL" => state.leading = n(0),
                b"Ts" => state.rise = n(0),
                b"Tr" => state.stroked = n(0) == 2.0,
                b"Td" => text.next_line(n(0), n(1)),
                b"TD" => {
                    state.leading = -n(1);
                    text.next_line(n(0), n(1));
                }
                b"Tm" => text = TextMatrices { line: six(), glyph: six() },
                b"T*" => text.next_line(0.0, -state.leading),
                b"Tj" | b"TJ" => show(&state, &mut text, &operands, &mut marks, canvas),
                b"'" => {
                    text.next_line(0.0, -state.leading);
                    show(&state, &mut text, &operands, &mut marks, canvas);
                }
                b"\"" => {
                    (state.word_spacing, state.character_spacing) = (n(0), n(1));
                    text.next_line(0.0, -state.leading);
                    let strings = operands.get(2..).unwrap_or_default();
                    show(&state, &mut text, strings, &mut marks, canvas);
                }
                b"BMC" | b"BDC" => {
                    let (document, layers) = (self.document, &self.layers);
                    let outer = standing(&marks);
                    let mark = Mark::read(document, layers, &operands, scope.resources, outer);
                    if marks.len() < MARKS {
                        marks.push(mark);
                    }
                }
                b"EMC" if marks.len() > 1 => drop(marks.pop()),
                b"BI" => canvas.images = true,
                b"Do" => {
                    let standing = standing(&marks);
                    if let Some(Operand::Name(name)) = operands.first().filter(|_| !standing.hidden)
                    {
                        let forms = scope.forms.clone();
                        let scope = Scope { resources: scope.resources, forms, standing };
                        self.show_object(name, &scope, state.matrix, canvas);
                    }
                }
                _ => {}
            }
        }
    }

    fn show_object(
        &mut self,
        name: &[u8],
        scope: &Scope<'a, '_>,
        matrix: Matrix,
        canvas: &mut Canvas,
    ) {
        let found = self.resource(scope.resources, b"XObject", name);
        let Some(Object::Stream(stream)) = found else {
            // What it would have shown is lost.
            canvas.cut = true;
            return;
        };
        if self.layers.hides_owner(self.document, &stream.dict) {
            return;
        }
        match name_entry(self.document, &stream.dict, b"Subtype") {
            b"Image" => canvas.images = true,
            b"Form" => self.enter_form(stream, scope, matrix, canvas),
            _ => {}
        }
    }

    fn resource(
        &self,
        resources: &[&'a Dictionary],
        kind: &[u8],
        name: &[u8],
    ) -> Option<&'a Object> {
        let document = self.document;
        resources.iter().find_map(|dictionary| {
            entry(document, dictionary_entry(document, dictionary, kind)?, name)
        })
    }

    fn font(
        &mut self,
        name: &[u8],
        resources: &[&'a Dictionary],
        canvas: &mut Canvas,
    ) -> Option<Rc<Font<'a>>> {
        let dictionary = self.resource(resources, b"Font", name)?.as_dict().ok()?;
        let address = std::ptr::from_ref(dictionary).addr();
        if let Some(font) = self.fonts.get(&address) {
            return Some(Rc::clone(font));
        }
        if !self.spend(FONT_COST, canvas) {
            return None;
        }
        let limit = self.stream_limit.min(FONT_STREAM_BYTES);
        let font = Rc::new(Font::read(self.document, dictionary, limit));
        self.fonts.insert(address, Rc::clone(&font));
        Some(font)
    }
}

impl State<'_> {
    fn new(matrix: Matrix) -> Self {
        Self {
            matrix,
            font: None,
            size: 1.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            stroked: false,
        }
    }
}

/// Where the line began and where the next glyph goes, in text space.
struct TextMatrices {
    line: Matrix,
    glyph: Matrix,
}

impl TextMatrices {
    fn next_line(&mut self, x: f64, y: f64) {
        self.line = then(&shift(x, y), &self.line);
        self.glyph = self.line;
    }
}

/// Shows strings, moving between them by the numbers, which are thousandths of the size.
fn show(
    state: &State<'_>,
    text: &mut TextMatrices,
    operands: &[Operand<'_>],
    marks: &mut [Mark],
    canvas: &mut Canvas,
) {
    let standing = standing(marks);
    let Some(font) = state.font.as_deref() else {
        canvas.undecoded +=
            operands.iter().filter(|operand| matches!(operand, Operand::Text(_))).count();
        return;
    };
    let matrix = then(&text.glyph, &state.matrix);
    let stretch = if font.vertical { 1.0 } else { state.stretch };
    let forward = if font.vertical { (-matrix[2], -matrix[3]) } else { (matrix[0], matrix[1]) };
    let forward = Point { x: forward.0, y: forward.1 };
    let unit = forward.length();
    let scale = state.size * stretch;
    let size = state.size.abs() * matrix[2].hypot(matrix[3]) * font.em;
    let visible = unit.is_normal() && size.is_normal() && scale.is_normal();
    let sign = if scale < 0.0 { -1.0 } else { 1.0 } / unit;
    let style = Style {
        direction: Point { x: forward.x * sign, y: forward.y * sign },
        size,
        space: font.space * scale.abs() * unit,
        tracking: (state.character_spacing * stretch * unit).max(0.0),
        bold: font.bold || state.stroked,
        artifact: standing.artifact,
        mark: standing.id,
    };
    let mut replacement = marks.iter_mut().rev().find_map(|mark| mark.replacement.as_mut());
    let mut at = 0.0;
    let position = |at: f64| {
        if font.vertical { place(&matrix, 0.0, -at) } else { place(&matrix, at, state.rise) }
    };
    for operand in operands {
        match operand {
            Operand::Text(bytes) => font.decode(bytes, |Shown { text, width, spaces_words }| {
                // Vertical glyphs are an em high; the widths of `/W` are for horizontal text.
                let core = if font.vertical { state.size } else { width * scale };
                let (start, end) = (position(at), position(at + core));
                let spacing =
                    state.character_spacing + if spaces_words { state.word_spacing } else { 0.0 };
                at += core + spacing * stretch;
                if standing.hidden {
                    return;
                }
                let text = match replacement.as_deref_mut() {
                    None => text,
                    Some(Replacement::Shown) => {
                        canvas.decoded += 1;
                        canvas.stretch(start, end, size);
                        return;
                    }
                    Some(due @ Replacement::Due(_)) => {
                        match std::mem::replace(due, Replacement::Shown) {
                            Replacement::Due(text) => Some(Cow::Owned(text)),
                            Replacement::Shown => None,
                        }
                    }
                };
                let Some(text) = text else {
                    canvas.undecoded += 1;
                    return;
                };
                canvas.decoded += 1;
                if visible {
                    canvas.place(&Glyph { text: &text, start, end, style });
                }
            }),
            Operand::Number(thousandths) => at -= thousandths * 0.001 * scale,
            Operand::Name(_) => {}
        }
    }
    let (x, y) = if font.vertical { (0.0, -at) } else { (at, 0.0) };
    text.glyph = then(&shift(x, y), &text.glyph);
}
