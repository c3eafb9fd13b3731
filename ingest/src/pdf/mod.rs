//! PDF bytes to lines of text, page by page.
//!
//! lopdf reads the file's structure, repairs it and decrypts it; the decoder from its objects to
//! text is ours, because lopdf's own loses text without a word (docs/decisions/0003-pdf-decoder.md).
//! Text stays in the order in which the page shows it, which is the order its producer meant.

mod annotations;
mod bidi;
mod cmap;
mod collection;
mod columns;
mod composite;
mod content;
mod encoding;
mod fonts;
mod fragment;
mod justified;
mod layers;
mod layout;
mod marks;
mod matrix;
mod metrics;
mod objects;
mod order;
mod outline;
mod page;
mod program;
mod repair;
mod rows;
mod seams;
mod sideways;
mod simple;
mod streams;
mod structure;
mod tagged;
#[cfg(test)]
mod tests;
mod tokens;

use crate::limits::Limits;
use content::Interpreter;
use fragment::{Canvas, Fragment};
use layout::Line;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, xref::XrefRecovery};
use objects::{entry, resolve};
use page::{Sheet, show_page};
use structure::Structure;
use sufficit_evidence::PageStatus;
use thiserror::Error;

pub(crate) use outline::Bookmark;
pub(crate) use structure::{Tag, TagRole};

/// Properties that are taken from the document information dictionary.
const PROPERTIES: [&str; 6] = ["Title", "Author", "Subject", "Keywords", "CreationDate", "ModDate"];
/// A page counts as undecodable when at least this share of its glyphs has no text.
const UNDECODABLE_SHARE: f64 = 0.3;
/// As many times the pages that are read may be listed; a file with more is refused.
const MOST_LISTED: usize = 10;

/// The text of a PDF.
#[derive(Debug, PartialEq)]
pub(crate) struct PdfText {
    /// In order, none left out.
    pub(crate) pages: Vec<PdfPage>,
    /// `Title`, `Author`, `Subject`, `Keywords`, `CreationDate`, `ModDate` as far as the file has
    /// them, decoded; the dates as PDF writes them (`D:20260312...`).
    pub(crate) properties: Vec<(String, String)>,
    /// The outline, in its order.
    pub(crate) bookmarks: Vec<Bookmark>,
}

/// A page's text.
#[derive(Debug, PartialEq)]
pub(crate) struct PdfPage {
    /// `Truncated` also stands for damaged content, `Undecodable` for a share of glyphs without
    /// text; what could be read is there all the same.
    pub(crate) status: PageStatus,
    /// In reading order.
    pub(crate) lines: Vec<PdfLine>,
    /// It shows at least one image.
    pub(crate) has_images: bool,
    /// Of the upright page, in points.
    pub(crate) width: f32,
    /// Of the upright page, in points.
    pub(crate) height: f32,
}

/// A line of text.
#[derive(Debug, PartialEq)]
pub(crate) struct PdfLine {
    /// The whole line, its cells joined by a space.
    pub(crate) text: String,
    /// Size of most of its text, in points.
    pub(crate) size: f32,
    /// Most of it is bold.
    pub(crate) bold: bool,
    /// Where its baseline begins, in points from the page's left edge.
    pub(crate) x: f32,
    /// Its baseline, in points above the page's lower edge.
    pub(crate) y: f32,
    /// Where it ends, in points from the page's left edge.
    pub(crate) right: f32,
    /// From the previous line's baseline down to its own, in units of `size`; `None` for a page's
    /// first line and where it does not stand below the previous one.
    pub(crate) gap_before: Option<f32>,
    /// The producer marked it as no part of the content (mostly page headers and footers).
    pub(crate) artifact: bool,
    /// Its parts where wide gaps part it: two or more, else empty. Rows of a table are lines that
    /// follow each other with cells at the same places.
    pub(crate) cells: Vec<PdfCell>,
    /// What the producer says it is. A line that is tagged as a cell is a whole row of its table, of one cell or more.
    pub(crate) tag: Option<Tag>,
}

/// A part of a line between wide gaps.
#[derive(Debug, PartialEq)]
pub(crate) struct PdfCell {
    /// Its lines, where it has several.
    pub(crate) text: String,
    /// Where it begins and ends, in points from the page's left edge.
    pub(crate) x: f32,
    pub(crate) right: f32,
    /// Which column of its table it is in, from 0, where the producer says so.
    pub(crate) column: Option<u16>,
}

/// Why a PDF could not be read.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum PdfFault {
    /// It opens with a password only; the empty one was tried, and those that were given.
    #[error("the PDF is encrypted and needs a password")]
    Encrypted,
    /// Its structure cannot be read, nor repaired.
    #[error("the file's structure as a PDF is broken: {0}")]
    NotPdf(String),
    /// It can be read, but no page is in it.
    #[error("the PDF has no pages")]
    NoPages,
    /// Its pages are there, but nothing in them can be read.
    #[error("nothing can be read in its pages, and it is damaged or goes beyond a limit")]
    Damaged,
    /// It goes beyond a limit as a whole.
    #[error("the PDF is too large: {0}")]
    TooLarge(String),
}

/// The text of a PDF, page by page.
///
/// Every page is in the answer with a status; text beyond `limits.text_chars` and pages beyond
/// `limits.pages` are left out and their pages say so. An encrypted file is opened with the empty
/// password, else with the first of `passwords` that fits.
///
/// # Errors
/// [`PdfFault`] where nothing can be read at all.
pub(crate) fn extract(
    bytes: &[u8],
    limits: &Limits,
    passwords: &[String],
) -> Result<PdfText, PdfFault> {
    let document = open(bytes, limits, passwords)?;
    let page_ids = page_ids(&document, limits.pages.saturating_mul(MOST_LISTED))?;
    let mut reader = Reader {
        document: &document,
        interpreter: Interpreter::new(&document, limits.stream_bytes),
        structure: Structure::read(&document),
        stream_limit: limits.stream_bytes,
        characters_left: limits.text_chars,
    };
    let short = repair::is_short(&document, page_ids.len());
    let read = |(index, id): (usize, &ObjectId)| match index < limits.pages {
        true => reader.page(*id),
        false => blank(PageStatus::Truncated, 0.0, 0.0),
    };
    let mut pages: Vec<_> = page_ids.iter().enumerate().map(read).collect();
    if short {
        // Stands for the pages that are lost.
        pages.push(blank(PageStatus::Truncated, 0.0, 0.0));
    }
    let is_lost = |page: &PdfPage| page.lines.is_empty() && !page.has_images;
    let is_damaged = document.xref_recovery == Some(XrefRecovery::Reconstructed)
        || pages.iter().any(|page| page.status == PageStatus::Truncated);
    if is_damaged && pages.iter().all(is_lost) {
        return Err(PdfFault::Damaged);
    }
    let bookmarks = outline::read(&document, &page_ids);
    Ok(PdfText { pages, properties: properties(&document), bookmarks })
}

/// Opens a file, with a password where it needs one; what is left of it where it is damaged.
fn open(bytes: &[u8], limits: &Limits, passwords: &[String]) -> Result<Document, PdfFault> {
    let options = |password: Option<&String>| LoadOptions {
        max_decompressed_size: Some(limits.stream_bytes),
        password: password.cloned(),
        ..LoadOptions::default()
    };
    let mut first = Document::load_mem_with_options(bytes, options(None));
    let referred = first.as_ref().ok().and_then(|first| repair::refer_to_encryption(bytes, first));
    let bytes = referred.as_deref().unwrap_or(bytes);
    let load = |password| Document::load_mem_with_options(bytes, options(password));
    if referred.is_some() {
        first = load(None);
    }
    let is_locked = |document: &Document| document.is_encrypted() && !document.was_encrypted();
    // lopdf tries the empty password before any other.
    match first {
        Ok(document) if is_locked(&document) => {
            let opened = passwords.iter().filter_map(|password| load(Some(password)).ok());
            opened.into_iter().find(|document| !is_locked(document)).ok_or(PdfFault::Encrypted)
        }
        Ok(document) if has_pages(&document) => Ok(document),
        Ok(document) => {
            Ok(repair::rebuild(bytes, options(None)).ok().filter(has_pages).unwrap_or(document))
        }
        Err(error) => {
            let rebuilt = repair::rebuild(bytes, options(None)).ok().filter(has_pages);
            rebuilt.ok_or_else(|| PdfFault::NotPdf(reason(&error)))
        }
    }
}

fn has_pages(document: &Document) -> bool {
    document.page_iter().next().is_some() || document.objects.values().any(repair::is_page)
}

/// An error with what lies behind it.
fn reason(error: &lopdf::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// The pages by the page tree; where that leads to none, whatever calls itself a page.
fn page_ids(document: &Document, most: usize) -> Result<Vec<ObjectId>, PdfFault> {
    let mut ids: Vec<_> = document.page_iter().take(most + 1).collect();
    if ids.is_empty() {
        let strays = document.objects.iter().filter(|(_, object)| repair::is_page(object));
        ids = strays.map(|(id, _)| *id).take(most + 1).collect();
    }
    match ids.len() {
        0 => Err(PdfFault::NoPages),
        count if count > most => Err(PdfFault::TooLarge(format!("more than {most} pages"))),
        _ => Ok(ids),
    }
}

/// Reads one page after the other.
struct Reader<'a> {
    document: &'a Document,
    interpreter: Interpreter<'a>,
    structure: Structure,
    stream_limit: usize,
    characters_left: usize,
}

impl Reader<'_> {
    fn page(&mut self, id: ObjectId) -> PdfPage {
        let document = self.document;
        let Ok(page) = document.get_dictionary(id) else {
            return blank(PageStatus::Truncated, 0.0, 0.0);
        };
        let sheet = Sheet::read(document, page);
        if self.characters_left == 0 {
            return blank(PageStatus::Truncated, sheet.width, sheet.height);
        }
        let limit = self.stream_limit;
        let mut canvas = show_page(document, page, &sheet, &mut self.interpreter, limit);
        let (width, height) = sideways::turn(&mut canvas.fragments, (sheet.width, sheet.height));
        let mut lines = deliver(self.arrange(id, height, &mut canvas));
        let fitting = lines.iter().take_while(|line| self.fits(line)).count();
        canvas.cut |= fitting < lines.len();
        lines.truncate(fitting);
        PdfPage {
            status: status(&canvas, &lines),
            lines,
            has_images: canvas.images,
            width: width as f32,
            height: height as f32,
        }
    }

    fn fits(&mut self, line: &PdfLine) -> bool {
        let characters = line.text.chars().count() + 1;
        let fits = characters <= self.characters_left;
        self.characters_left = if fits { self.characters_left - characters } else { 0 };
        fits
    }

    /// The lines of a page in reading order.
    fn arrange(&self, page: ObjectId, height: f64, canvas: &mut Canvas) -> Vec<Line> {
        let mut annotated = canvas.fragments.split_off(canvas.own_fragments);
        let mut fragments = std::mem::take(&mut canvas.fragments);
        if canvas.right_to_left {
            (fragments, annotated) = (bidi::straighten(fragments), bidi::straighten(annotated));
        }
        let mut lines = if self.structure.is_empty() {
            layout::assemble(fragments, &|_| None)
        } else {
            let tag_of = |fragment: &Fragment| self.structure.tag(page, fragment.style.mark);
            tagged::assemble(fragments, &tag_of)
        };
        order::fill_in(&mut lines, layout::assemble(annotated, &|_| None));
        // Rows first, as the producer shows them: ordering puts left before right and would tear wrapped cells out of their rows.
        // Rows again after it, for those whose cells only stand together then.
        let mut lines = columns::part(lines);
        justified::join(&mut lines);
        seams::part(&mut lines);
        let mut lines = order::order(rows::join(lines), height);
        seams::part(&mut lines);
        rows::join(lines)
    }
}

fn blank(status: PageStatus, width: f64, height: f64) -> PdfPage {
    PdfPage {
        status,
        lines: Vec::new(),
        has_images: false,
        width: width as f32,
        height: height as f32,
    }
}

/// Glyphs without text weigh more than a cut: OCR helps against the one and not the other.
fn status(canvas: &Canvas, lines: &[PdfLine]) -> PageStatus {
    let glyphs = canvas.decoded + canvas.undecoded;
    if canvas.undecoded as f64 > UNDECODABLE_SHARE * glyphs as f64 {
        PageStatus::Undecodable
    } else if canvas.cut {
        PageStatus::Truncated
    } else if lines.is_empty() {
        PageStatus::Empty
    } else {
        PageStatus::Ok
    }
}

fn deliver(lines: Vec<Line>) -> Vec<PdfLine> {
    let mut delivered: Vec<PdfLine> = Vec::with_capacity(lines.len());
    let mut bottom = None;
    for line in lines {
        let Some(first) = line.cells.first() else { continue };
        let (x, y, size) = (first.start.x as f32, first.start.y as f32, line.size as f32);
        let below = line.bottom() as f32;
        let right = line.cells.iter().map(|cell| cell.end.x).fold(first.end.x, f64::max) as f32;
        let text = line.cells.iter().map(|cell| cell.text.trim()).collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            continue;
        }
        let gap = bottom.replace(below).map(|bottom: f32| (bottom - y) / size);
        let is_row = line.cells.iter().any(|cell| cell.column.is_some());
        let cells = line.cells.into_iter().map(|cell| PdfCell {
            x: cell.start.x as f32,
            right: cell.end.x as f32,
            text: cell.text.trim().to_owned(),
            column: cell.column,
        });
        let cells: Vec<_> = cells.collect();
        delivered.push(PdfLine {
            text: text.replace('\n', " "),
            size,
            bold: line.bold,
            x,
            y,
            right,
            gap_before: gap.filter(|gap| *gap > 0.0),
            artifact: line.artifact,
            cells: if cells.len() > 1 || is_row { cells } else { Vec::new() },
            tag: line.tag,
        });
    }
    delivered
}

fn properties(document: &Document) -> Vec<(String, String)> {
    let Some(Object::Dictionary(information)) = entry(document, &document.trailer, b"Info") else {
        return Vec::new();
    };
    let read = |information: &Dictionary, key: &str| {
        let object = resolve(document, information.get(key.as_bytes()).ok()?);
        let text = lopdf::decode_text_string(object).ok()?;
        let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
        (!text.is_empty()).then(|| (key.to_owned(), text.to_owned()))
    };
    PROPERTIES.iter().filter_map(|key| read(information, key)).collect()
}
