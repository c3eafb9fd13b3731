//! One file to its record: read within the limits, or listed with the reason why not.

use crate::judge::digest;
use std::io::ErrorKind;
use std::path::Path;
use sufficit_config::IngestSettings;
use sufficit_evidence::{Document, FileOutcome, FileRecord, Language, PageStatus};
use sufficit_ingest::{EXTRACTOR_VERSION, Extraction, FoundFile, Limits, extract};
use sufficit_review::{KnownFile, NewFile};

/// The limits of reading that the settings ask for.
pub(crate) fn limits(settings: &IngestSettings) -> Limits {
    Limits {
        file_bytes: settings.max_file_mib << 20,
        pages: settings.max_pages as usize,
        ..Limits::default()
    }
}

/// What a file's record hangs on beside its bytes: the extractor's version and the limits it worked within.
pub(crate) fn extractor(limits: &Limits) -> String {
    format!("{EXTRACTOR_VERSION}/{}", digest(&format!("{limits:?}")))
}

/// Whether the file need not be read again: it was looked at before, within the same limits, and has not changed. One
/// that could not even be opened is tried again.
pub(crate) fn unchanged(file: &FoundFile, before: &KnownFile, extractor: &str) -> bool {
    let unopened =
        before.record.outcome == FileOutcome::Failed && before.record.media_type.is_empty();
    before.size == file.size
        && before.modified == file.modified
        && before.extractor == extractor
        && !unopened
}

/// Reads one file; whatever is wrong with it ends up in its record.
pub(crate) fn read_file(file: FoundFile, limits: &Limits, extractor: &str) -> NewFile {
    let (record, content) = match &file.skip {
        Some(reason) => {
            let outcome = if file.failed { FileOutcome::Failed } else { FileOutcome::Skipped };
            (empty_record(&file.name, outcome, reason.clone(), String::new()), None)
        }
        None => match read_bounded(&file.path, limits) {
            Ok(bytes) => record(&file.name, extract(&bytes, &file.name, limits)),
            Err(reason) => {
                (empty_record(&file.name, FileOutcome::Failed, reason, String::new()), None)
            }
        },
    };
    NewFile {
        record,
        size: file.size,
        modified: file.modified,
        extractor: extractor.to_owned(),
        content,
    }
}

/// The file's bytes; one over the limit is not loaded.
pub(crate) fn read_bounded(path: &Path, limits: &Limits) -> Result<Vec<u8>, String> {
    let fault = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => "There is no such file.".to_owned(),
        ErrorKind::IsADirectory => "It is a folder; give a file in it.".to_owned(),
        ErrorKind::PermissionDenied => {
            format!("It cannot be read: {error}. Check its permissions.")
        }
        _ => format!("It cannot be read: {error}."),
    };
    let size = std::fs::metadata(path).map_err(fault)?.len();
    if size > limits.file_bytes {
        let (size, limit) = (size >> 20, limits.file_bytes >> 20);
        return Err(format!(
            "It has {size} MiB; the limit is {limit} (max_file_mib in the settings)."
        ));
    }
    std::fs::read(path).map_err(fault)
}

/// What an extraction means for the record of the file at `path`.
pub(crate) fn record(path: &str, extraction: Extraction) -> (FileRecord, Option<Document>) {
    match extraction {
        Extraction::Read(document) => {
            let record = FileRecord {
                path: path.to_owned(),
                outcome: FileOutcome::Read,
                reason: remark(&document),
                document: Some(document.id.clone()),
                media_type: document.media_type.clone(),
                pages: (!document.pages.is_empty()).then_some(document.pages.len() as u32),
                passages: document.passages.len() as u32,
            };
            (record, Some(document))
        }
        Extraction::Skipped { media_type, reason } => {
            (empty_record(path, FileOutcome::Skipped, reason, media_type), None)
        }
        Extraction::Failed { media_type, reason } => {
            (empty_record(path, FileOutcome::Failed, reason, media_type), None)
        }
        Extraction::NeedsOcr { media_type, pages, reason } => {
            let record = empty_record(path, FileOutcome::NeedsOcr, reason, media_type);
            (FileRecord { pages, ..record }, None)
        }
    }
}

pub(crate) fn empty_record(
    path: &str,
    outcome: FileOutcome,
    reason: String,
    media_type: String,
) -> FileRecord {
    FileRecord {
        path: path.to_owned(),
        outcome,
        reason,
        document: None,
        media_type,
        pages: None,
        passages: 0,
    }
}

/// What people must know of a document that was read: its language cannot be mapped, or pages are missing.
fn remark(document: &Document) -> String {
    let mut remarks = Vec::new();
    if let Language::Unsupported(code) = &document.language {
        remarks.push(format!("Language not supported ({code}): it can be searched, and is not mapped; no gap follows from it."));
    }
    let unread: Vec<String> = document
        .pages
        .iter()
        .filter(|page| page.status != PageStatus::Ok)
        .map(|page| page.page.to_string())
        .collect();
    if !unread.is_empty() {
        let shown = unread.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
        let more = if unread.len() > 8 { " ..." } else { "" };
        remarks.push(format!(
            "Read in part: no text on {} of {} pages ({shown}{more}).",
            unread.len(),
            document.pages.len()
        ));
    }
    remarks.join(" ")
}
