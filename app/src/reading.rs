//! One file to its records: read within the limits by a worker, or listed with the reason why not.

use crate::cli::Common;
use crate::failure::Failure;
use crate::judge::digest;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Instant, UNIX_EPOCH};
use sufficit_config::IngestSettings;
use sufficit_evidence::{Document, FileOutcome, FileRecord, Language, PageStatus};
use sufficit_ingest::confine::Confinement;
use sufficit_ingest::tools::{self, Tools};
use sufficit_ingest::worker::Pool;
use sufficit_ingest::{EXTRACTOR_VERSION, Extracted, Extraction, FoundFile, Limits};
use sufficit_review::{KnownFile, NewFile};

/// The argument by which the program is started as an extraction worker.
pub(crate) const WORKER: &str = "extraction-worker";
/// The argument by which the program is started to become an outside one, confined.
pub(crate) const LAUNCHER: &str = "outside-program";

/// Reads files in workers.
#[derive(Debug)]
pub(crate) struct Reader {
    pool: Pool,
    /// What a record hangs on beside a file's bytes: the extractor's version and the limits it worked within.
    version: String,
    /// What can be called upon beside it, programs and passwords, each as a digest.
    capabilities: Vec<String>,
}

impl Reader {
    /// A reader as the settings and the command line ask for.
    pub(crate) fn new(settings: &IngestSettings, common: &Common) -> Result<Self, Failure> {
        let limits = limits(settings);
        let program = std::env::current_exe().map_err(Failure::internal)?;
        let (passwords, given) = match &common.password_file {
            Some(path) => passwords(path)?,
            None => Default::default(),
        };
        let version = format!("{EXTRACTOR_VERSION}/{}", digest(&format!("{limits:?}")));
        let capabilities = tools::installed()
            .into_iter()
            .map(|program| format!("{program} {:?}", settings.ocr_languages))
            .chain(given)
            .map(|capability| digest(&capability))
            .collect();
        let command = vec![program.into_os_string(), WORKER.into()];
        let (settings, bounds) = (settings.clone(), limits.clone());
        // Looking for the programs starts them: only when one is wanted.
        let tools = OnceLock::new();
        let answer =
            move |request| tools.get_or_init(|| outside(&settings, &bounds)).answer(request);
        Ok(Self { pool: Pool::new(command, limits, passwords, answer), version, capabilities })
    }

    /// What its workers may not do, as one of them says.
    pub(crate) fn confinement(&self) -> std::io::Result<Confinement> {
        self.pool.confinement()
    }

    /// What goes into the record as the extractor of what this reader reads.
    fn extractor(&self) -> String {
        format!("{}/{}", self.version, self.capabilities.join("+"))
    }

    /// Whether a file need not be read again: it was looked at before, within the same limits, and has not changed. One
    /// that `wants` something (it could not be read, or only in part) is tried again where programs or passwords have come
    /// since; one that could not even be opened always is.
    pub(crate) fn knows(&self, file: &FoundFile, before: &KnownFile, wants: bool) -> bool {
        let unopened =
            before.record.outcome == FileOutcome::Failed && before.record.media_type.is_empty();
        let same_extractor = match before.extractor.rsplit_once('/') {
            Some((version, capabilities)) => {
                let had =
                    |capability: &String| capabilities.split('+').any(|had| had == capability);
                version == self.version && (!wants || self.capabilities.iter().all(had))
            }
            None => false,
        };
        before.size == file.size && before.modified == file.modified && same_extractor && !unopened
    }

    /// Reads a file that was found: `visit` gets what goes into the record of it and of everything in it.
    pub(crate) fn read_found(&self, file: &FoundFile, visit: &mut dyn FnMut(NewFile)) {
        let mut keep = |(record, content)| {
            visit(NewFile {
                record,
                size: file.size,
                modified: file.modified,
                extractor: self.extractor(),
                content,
            });
        };
        match &file.skip {
            Some(reason) => {
                let outcome = if file.failed { FileOutcome::Failed } else { FileOutcome::Skipped };
                keep((empty_record(&file.name, outcome, reason.clone(), String::new()), None));
            }
            None => self.read(&file.path, &file.name, &mut keep),
        }
    }

    /// Reads the file at `path`, listed as `name`: `visit` gets the record of each thing in it and of itself, in this order.
    pub(crate) fn read(
        &self,
        path: &Path,
        name: &str,
        visit: &mut dyn FnMut((FileRecord, Option<Document>)),
    ) {
        let read = self.pool.read(path, name, &mut |Extracted { path, extraction }| {
            visit(record(&path, extraction));
        });
        if let Err(error) = read {
            let reason = format!(
                "The extraction worker could not be started ({error}); install sufficit anew."
            );
            visit((empty_record(name, FileOutcome::Failed, reason, String::new()), None));
        }
    }

    /// The bytes of what lies at `member` (as it is listed) within the file at `path`, listed as `name`: `size` of them at most,
    /// had by `until`; else why not, as a sentence.
    pub(crate) fn member(
        &self,
        path: &Path,
        name: &str,
        member: &str,
        size: u64,
        until: Instant,
    ) -> Result<Vec<u8>, String> {
        self.pool.member(path, name, member, size, until)
    }

    /// The document that the file at `path` holds by itself, without what is in it; else why there is none.
    pub(crate) fn document(&self, path: &Path) -> Result<Document, String> {
        let name = path.display().to_string();
        let mut own = Err("It was not read.".to_owned());
        self.read(path, &name, &mut |(record, document)| {
            if record.path == name {
                if document.is_some() && !record.reason.is_empty() {
                    tracing::warn!("{name}: {}", record.reason);
                }
                own = document.ok_or(record.reason);
            }
        });
        own
    }
}

/// The programs outside, as the settings want them used.
pub(crate) fn outside(settings: &IngestSettings, limits: &Limits) -> Tools {
    let launcher = match std::env::current_exe() {
        Ok(program) if cfg!(unix) => vec![program.into_os_string(), LAUNCHER.into()],
        _ => Vec::new(),
    };
    let languages = settings.ocr_languages.clone();
    Tools::find(tools::Settings { languages, launcher, ..tools::Settings::default() }, limits)
}

/// The limits of reading that the settings ask for.
pub(crate) fn limits(settings: &IngestSettings) -> Limits {
    Limits {
        file_bytes: settings.max_file_mib << 20,
        pages: settings.max_pages as usize,
        seconds: settings.max_seconds,
        memory_bytes: settings.max_memory_mib << 20,
        archive_depth: settings.max_archive_depth as usize,
        members: settings.max_members as usize,
        members_bytes: settings.max_unpacked_mib << 20,
        ocr_pages: settings.max_ocr_pages as usize,
        ..Limits::default()
    }
}

/// The passwords in a file, one a line, and what tells that file from another without giving any of them away.
fn passwords(path: &Path) -> Result<(Vec<String>, Option<String>), Failure> {
    let fault = |error: std::io::Error| {
        Failure::usage(
            format!("{}: {error}", path.display()),
            "Give a text file with one password a line.",
        )
    };
    let text = std::fs::read_to_string(path).map_err(fault)?;
    let metadata = std::fs::metadata(path).map_err(fault)?;
    let changed = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let passwords = text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    Ok((passwords, Some(format!("{} {} {changed:?}", path.display(), metadata.len()))))
}

/// What an extraction means for the record of the file at `path`.
fn record(path: &str, extraction: Extraction) -> (FileRecord, Option<Document>) {
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
        Extraction::Opened { media_type, members } => {
            let reason = match members {
                1 => "An archive; its one member is listed by itself.".to_owned(),
                _ => format!("An archive; its {members} members are listed by themselves."),
            };
            (empty_record(path, FileOutcome::Read, reason, media_type), None)
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

fn empty_record(
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
    let on = |status: PageStatus| {
        let pages = document.pages.iter().filter(|page| page.status == status);
        pages.map(|page| page.page).collect::<Vec<_>>()
    };
    let all = document.pages.len();
    for (status, what) in [
        (PageStatus::Empty, "no text"),
        (PageStatus::Undecodable, "letters that cannot be told"),
        (PageStatus::Locked, "encrypted text"),
    ] {
        let pages = on(status);
        if !pages.is_empty() {
            remarks.push(format!("Read in part: {what} on {}.", listed(&pages, all)));
        }
    }
    let cut = on(PageStatus::Truncated);
    match cut.as_slice() {
        [] => {}
        [_] if all == 1 => remarks.push(
            "Read in part: its end is missing; it is damaged, or longer than is read.".to_owned(),
        ),
        cut => remarks.push(format!(
            "Read in part: damaged, or longer than is read, on {}.",
            listed(cut, all)
        )),
    }
    if !on(PageStatus::Empty).is_empty() || !on(PageStatus::Undecodable).is_empty() {
        remarks
            .push("`sufficit doctor` says whether pictures of text can be read here.".to_owned());
    }
    let sure: Vec<f32> = document.pages.iter().filter_map(|page| page.recognised).collect();
    if let Some(least) = sure.iter().copied().reduce(f32::min) {
        remarks.push(format!(
            "Recognised in pictures on {} of {all} pages, {:.0} % sure at least: hold quotes against the picture.",
            sure.len(),
            least * 100.0
        ));
    }
    remarks.join(" ")
}

/// Pages by number, the first few of many.
fn listed(pages: &[u32], all: usize) -> String {
    let shown: Vec<String> = pages.iter().take(8).map(u32::to_string).collect();
    let more = if pages.len() > shown.len() { " ..." } else { "" };
    format!("{} of {all} pages ({}{more})", pages.len(), shown.join(", "))
}
