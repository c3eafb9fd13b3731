//! What a reader asks of programs outside it: text from a picture (Tesseract), an old office file in today's form (LibreOffice).
//!
//! A reader is confined and starts no program itself. It asks, whoever runs it answers.

use serde::{Deserialize, Serialize};

/// Something that a reader cannot do itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Read the text in a picture: PNG, JPEG or TIFF, several pages where the format has them.
    Recognise(Vec<u8>),
    /// Put an old office file into today's form.
    Convert(OldOffice, Vec<u8>),
}

/// An office format that is read in the form that LibreOffice makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldOffice {
    /// DOC, which becomes DOCX.
    Word,
    /// XLS, which becomes XLSX.
    Excel,
    /// PPT, which becomes PPTX.
    PowerPoint,
}

/// What came of a [`Request`].
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A picture's pages, in order, at least one.
    Recognised(Vec<RecognisedPage>),
    /// The file in its new form.
    Converted(Vec<u8>),
    /// The program is not installed; how to get it, as a sentence.
    Missing(String),
    /// It was tried and did not work; why, as a sentence.
    Failed(String),
}

/// The text in one page of a picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecognisedPage {
    /// In reading order, each with its lines; tabs part the cells of a line that is a table's row.
    pub paragraphs: Vec<Vec<String>>,
    /// How sure the recogniser is of the words, averaged over their characters: 0 to 1.
    pub confidence: f32,
}

/// Whom a reader asks.
pub type Ask<'a> = dyn FnMut(Request) -> Answer + 'a;
