/// How much an extractor may take in and put out. Every extractor's signature has it: a hostile file meets a limit, not the machine's.
///
/// A file over a limit is failed with the reason, or cut where its remainder can be told apart from its whole
/// (pages of a PDF, rows of a sheet); it never looks complete when it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        }
    }
}
