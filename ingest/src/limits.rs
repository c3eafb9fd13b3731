use serde::{Deserialize, Serialize};

/// How much an extractor may take in and put out. Every extractor's signature has it: a hostile file meets a limit, not the machine's.
///
/// A file over a limit is failed with the reason, or cut where its remainder can be told apart from its whole
/// (pages of a PDF, rows of a sheet); it never looks complete when it is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of a file.
    pub file_bytes: u64,
    /// Characters of canonical text. With its passages and places a text takes many times its own size in memory, most where
    /// its lines and cells are short.
    pub text_chars: usize,
    /// Pages of a PDF.
    pub pages: usize,
    /// Depth of nested elements in XML and HTML, and of nested values in JSON.
    pub depth: usize,
    /// Elements of an XML part, nodes of an HTML page, values of a JSON file.
    pub elements: usize,
    /// Entries of a zip container.
    pub zip_entries: usize,
    /// Bytes of one part of a zip container once unpacked; the size that the container declares is not believed.
    pub part_bytes: u64,
    /// Bytes of all parts that are read from one zip container.
    pub zip_bytes: u64,
    /// Bytes of one decompressed PDF stream.
    pub stream_bytes: usize,
    /// Rows of all tables of a workbook, a CSV or a JSON file together.
    pub rows: usize,
    /// Columns of a table; a wider one is refused, for none of its columns may go missing.
    pub columns: usize,
    /// Wall-clock seconds for one document; what programs outside the worker take for it is not counted.
    pub seconds: u64,
    /// Bytes of memory that the worker may use while it reads.
    pub memory_bytes: u64,
    /// Archives within archives, and attachments within mails.
    pub archive_depth: usize,
    /// Members of one file that was given, however they are nested.
    pub members: usize,
    /// Bytes of all its members together, once unpacked.
    pub members_bytes: u64,
    /// Times its packed size that an archive may grow to once it is past 64 MiB.
    pub ratio: u64,
    /// Pages of one document that are recognised from pictures.
    pub ocr_pages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 256 << 20,
            text_chars: 5_000_000,
            pages: 20_000,
            depth: 120,
            elements: 2_000_000,
            zip_entries: 5_000,
            part_bytes: 64 << 20,
            zip_bytes: 160 << 20,
            stream_bytes: 64 << 20,
            rows: 200_000,
            columns: 2_000,
            seconds: 60,
            memory_bytes: 2 << 30,
            archive_depth: 4,
            members: 20_000,
            members_bytes: 4 << 30,
            ratio: 200,
            ocr_pages: 500,
        }
    }
}
