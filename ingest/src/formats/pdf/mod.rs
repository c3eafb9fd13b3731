//! A PDF's lines as blocks: headings, paragraphs, lists, tables, contents and page furniture. What the producer says (outline,
//! tags) comes before what the lines look like.

mod bookmarks;
mod columns;
mod flow;
mod furniture;
mod grid;
mod list;
mod look;
mod paragraph;
#[cfg(test)]
mod producer;
mod scan;
mod tagged;
#[cfg(test)]
mod tests;
mod words;

use super::{Content, picture};
use crate::{
    Limits, Reading,
    block::Block,
    budget::Budget,
    fault::Fault,
    pdf::{self, Bookmark, PdfFault, PdfPage, PdfText},
};
use bookmarks::Marked;
use flow::Flow;
use furniture::Furniture;
use look::Look;
use scan::Scans;
use sufficit_evidence::PageStatus;
use words::Words;

/// A PDF's lines as blocks.
pub(crate) fn read(bytes: &[u8], path: &str, reading: &mut Reading<'_>) -> Result<Content, Fault> {
    let pdf =
        pdf::extract(bytes, reading.limits, reading.passwords).map_err(|fault| match fault {
            PdfFault::Encrypted => Fault::Locked,
            other => Fault::Pdf(other.to_string()),
        })?;
    let scans = Scans::of(bytes, path, &pdf, reading);
    content(pdf, &scans, reading.limits)
}

fn content(pdf: PdfText, scans: &Scans, limits: &Limits) -> Result<Content, Fault> {
    let is_blank = |page: &PdfPage| page.lines.iter().all(|line| line.text.trim().is_empty());
    if scans.is_empty() && pdf.pages.iter().all(is_blank) {
        return Err(match &scans.unread {
            Some(why) => {
                let pages = pdf.pages.len() as u32;
                let why = format!("Its pages are pictures of text. {why}");
                Fault::NeedsOcr { pages: Some(pages), why }
            }
            None => Fault::Nothing("text"),
        });
    }
    let blocks = blocks(&pdf.pages, &pdf.bookmarks, scans, Budget::of(limits))?;
    let properties =
        pdf.properties.into_iter().map(|(name, value)| (format!("/{name}"), value)).collect();
    Ok(Content { blocks, properties })
}

/// What is known of a document as a whole.
struct Document {
    look: Look,
    words: Words,
    furniture: Furniture,
    marked: Marked,
}

fn blocks(
    pages: &[PdfPage],
    bookmarks: &[Bookmark],
    scans: &Scans,
    budget: Budget,
) -> Result<Vec<Block>, Fault> {
    let marked = Marked::of(pages, bookmarks);
    let look = Look::of(pages, &marked);
    let furniture = Furniture::of(pages, look.body);
    let document = Document { look, words: Words::of(pages), furniture, marked };
    let mut flow = Flow::new(&document, budget);
    for (number, page) in pages.iter().enumerate() {
        match scans.page(number) {
            Some(recognised) => {
                flow.blocks.push(Block::PageStart(PageStatus::Ok));
                flow.blocks.extend(picture::page_blocks(recognised));
            }
            None => {
                flow.blocks.push(Block::PageStart(scan::status(page, scans)));
                flow.page(number, page)?;
            }
        }
    }
    Ok(flow.blocks)
}
