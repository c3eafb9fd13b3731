//! Pages that are pictures of text, or in fonts that say nothing of their characters: drawn, and read by a recogniser.

use crate::{
    Answer, Reading, RecognisedPage, Request,
    pdf::{PdfPage, PdfText},
    render::Drawing,
};
use std::collections::HashMap;
use sufficit_evidence::PageStatus;

/// A page with a picture and no more words than this may be a scan with a stamp or a page number set on it.
const STAMP: usize = 6;
/// Share of a page's height at its top and foot whose words do not tell whether the page is a scan.
const MARGIN: f32 = 0.12;
/// So many pages that cannot be recognised are enough for a document.
const FAILURES: usize = 3;

/// What a recogniser made of a PDF's pages.
#[derive(Default)]
pub(super) struct Scans {
    /// By the page's position.
    pages: HashMap<usize, RecognisedPage>,
    /// Why pages that should have been recognised were not, as a sentence.
    pub(super) unread: Option<String>,
}

impl Scans {
    /// Has the pages recognised whose own text says nothing or next to nothing.
    pub(super) fn of(bytes: &[u8], path: &str, pdf: &PdfText, reading: &mut Reading<'_>) -> Self {
        let wanted: Vec<usize> =
            pdf.pages.iter().enumerate().filter(|(_, page)| wants(page)).map(|(n, _)| n).collect();
        let mut scans = Self::default();
        if wanted.is_empty() {
            return scans;
        }
        // Asked before anything is drawn, which takes long: no picture gets no text, but tells whether anybody is there.
        if let Answer::Missing(how) = (reading.ask)(Request::Recognise(Vec::new())) {
            scans.unread = Some(how);
            return scans;
        }
        if reading.undrawn.contains(path) {
            scans.unread = Some(
                "Drawing them for recognition took more than the limits allow, or failed; print it to a new PDF and give that.".into(),
            );
            return scans;
        }
        // Where the two readers of the file do not agree on its pages, a picture could be taken for another page's.
        let drawing =
            open(bytes, reading.passwords).filter(|drawing| drawing.pages() == pdf.pages.len());
        let Some(drawing) = drawing else {
            scans.unread = Some(
                "Its pages could not be drawn for recognition; print it to a new PDF and give that."
                    .into(),
            );
            return scans;
        };
        if wanted.len() > reading.limits.ocr_pages {
            scans.unread = Some(format!(
                "Only {} of its {} pages that are pictures were recognised (max_ocr_pages in the settings).",
                reading.limits.ocr_pages,
                wanted.len()
            ));
        }
        let mut failures = 0;
        for number in wanted.into_iter().take(reading.limits.ocr_pages) {
            match recognise(&drawing, number, reading) {
                Ok(page) => scans.keep(number, page, &pdf.pages),
                Err(why) => {
                    scans.unread = Some(why);
                    failures += 1;
                }
            }
            // Each may have taken all the time that it had.
            if failures == FAILURES {
                break;
            }
        }
        scans
    }

    /// What was recognised on a page.
    pub(super) fn page(&self, number: usize) -> Option<&RecognisedPage> {
        self.pages.get(&number)
    }

    /// Whether any text was recognised.
    pub(super) fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    fn keep(&mut self, number: usize, recognised: RecognisedPage, pages: &[PdfPage]) {
        let own = pages.get(number).filter(|page| page.status == PageStatus::Ok).map_or(0, words);
        let found: usize = recognised
            .paragraphs
            .iter()
            .flatten()
            .map(|line| line.split_whitespace().count())
            .sum();
        // A slide's title beside its picture is better as it was set than as it was recognised.
        if found > own * 2 {
            self.pages.insert(number, recognised);
        }
    }
}

/// Whether a page may be a picture of text.
pub(super) fn wants(page: &PdfPage) -> bool {
    match page.status {
        PageStatus::Undecodable => true,
        PageStatus::Ok | PageStatus::Empty => page.has_images && words_between(page) <= STAMP,
        PageStatus::Locked | PageStatus::Truncated => false,
    }
}

/// The status that a page has where it was not recognised: one that is a picture but for a stamp is not read.
pub(super) fn status(page: &PdfPage, scans: &Scans) -> PageStatus {
    match page.status {
        PageStatus::Ok if scans.unread.is_some() && wants(page) => PageStatus::Empty,
        status => status,
    }
}

/// Words between the page's upper and lower margin.
fn words_between(page: &PdfPage) -> usize {
    let between = page.height * MARGIN..=page.height * (1.0 - MARGIN);
    let lines = page.lines.iter().filter(|line| between.contains(&line.y));
    lines.map(|line| line.text.split_whitespace().count()).sum()
}

fn words(page: &PdfPage) -> usize {
    page.lines.iter().map(|line| line.text.split_whitespace().count()).sum()
}

fn open(bytes: &[u8], passwords: &[String]) -> Option<Drawing> {
    let mut tried = std::iter::once("").chain(passwords.iter().map(String::as_str));
    tried.find_map(|password| Drawing::open(bytes, password).ok())
}

fn recognise(
    drawing: &Drawing,
    number: usize,
    reading: &mut Reading<'_>,
) -> Result<RecognisedPage, String> {
    let picture = drawing.page(number, reading.limits).map_err(|fault| fault.to_string())?;
    match (reading.ask)(Request::Recognise(picture)) {
        Answer::Recognised(pages) => Ok(pages.into_iter().next().unwrap_or_default()),
        Answer::Missing(why) | Answer::Failed(why) => Err(why),
        Answer::Converted(_) => Err("No text came back.".into()),
    }
}
