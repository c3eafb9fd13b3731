//! Values to put into a store.

use jiff::civil::date;
use std::collections::HashSet;
use std::path::PathBuf;
use sufficit_evidence::*;
use sufficit_review::{Mapping, NewFile, Store};
use tempfile::TempDir;

pub(crate) const ROOT: &str = "/evidence";

/// A store in a folder of its own, which goes with the value.
pub(crate) struct Workspace {
    pub(crate) folder: TempDir,
    pub(crate) store: Store,
}

impl Workspace {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("record.sqlite")).await.expect("a store");
        Self { folder, store }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("record.sqlite")
    }

    pub(crate) async fn record(&self, batch: &[NewFile]) {
        self.store.record_files(ROOT, batch).await.expect("the batch is recorded");
    }

    /// The first path of each current document.
    pub(crate) async fn current(&self) -> Vec<Vec<String>> {
        let documents = self.store.current_documents().await.expect("the documents are listed");
        documents.into_iter().map(|document| document.paths).collect()
    }

    /// What an index that follows every change would hold.
    pub(crate) async fn followed(&self) -> HashSet<DocumentId> {
        let changes = self.store.changes_since(0).await.expect("the changes are listed");
        changes
            .into_iter()
            .filter(|change| change.kind == sufficit_review::ChangeKind::Stored)
            .map(|change| change.document)
            .collect()
    }
}

/// A made-up id that differs with `seed`, formed as a SHA-256.
pub(crate) fn id(seed: &str) -> DocumentId {
    let sum = seed.bytes().fold(14_695_981_039_346_656_037_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(1_099_511_628_211)
    });
    DocumentId::new(format!("{sum:064x}"))
}

/// A document whose passages are the lines of `text`.
pub(crate) fn document(text: &str) -> Document {
    let mut passages = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let end = start + line.chars().count();
        passages.push(Passage {
            ordinal: u32::try_from(passages.len()).expect("few passages"),
            span: Span::new(start, end),
            page: Some(1),
            heading: vec!["1 Scope".to_owned(), "1.1 Größe \"x\"\0".to_owned()],
            context: (start > 0).then(|| "Id | Owner\0 | Date".to_owned()),
            shape: if start > 0 { PassageShape::Table } else { PassageShape::Prose },
            text: line.to_owned(),
        });
        start = end + 1;
    }
    Document {
        id: id(text),
        media_type: "text/plain".to_owned(),
        bytes: text.len() as u64,
        text: text.to_owned(),
        pages: vec![Page {
            page: 1,
            status: PageStatus::Ok,
            recognised: None,
            span: Span::new(0, text.chars().count()),
        }],
        language: Language::Supported("eng".to_owned()),
        facts: facts(),
        passages,
    }
}

fn facts() -> Facts {
    let citation = citation();
    let ambiguous =
        DateValue::Ambiguous { day_first: date(2026, 4, 3), month_first: date(2026, 3, 4) };
    Facts {
        title: Some(Fact {
            value: "AI policy".to_owned(),
            origin: Origin::Property("dc:title".to_owned()),
        }),
        kind: Some(Fact {
            value: DocumentKind::Policy,
            origin: Origin::Inferred("it commits".to_owned()),
        }),
        approved: Some(Fact {
            value: DateValue::Day(date(2026, 1, 5)),
            origin: Origin::Citation(citation.clone()),
        }),
        dates: vec![Fact { value: ambiguous, origin: Origin::Citation(citation.clone()) }],
        placeholders: vec![citation],
        ..Facts::default()
    }
}

pub(crate) fn citation() -> Citation {
    Citation {
        page: Some(1),
        heading: vec!["1 Scope".to_owned()],
        span: Span::new(0, 3),
        quote: "the".to_owned(),
    }
}

/// A file that was read and holds the document of `text`.
pub(crate) fn file(path: &str, text: &str) -> NewFile {
    file_read_by("e1", path, text)
}

pub(crate) fn file_read_by(extractor: &str, path: &str, text: &str) -> NewFile {
    let document = document(text);
    NewFile {
        record: FileRecord {
            path: path.to_owned(),
            outcome: FileOutcome::Read,
            reason: String::new(),
            document: Some(document.id.clone()),
            media_type: document.media_type.clone(),
            pages: Some(1),
            passages: u32::try_from(document.passages.len()).expect("few passages"),
        },
        size: document.bytes,
        modified: 1_790_000_000_123_456_789,
        extractor: extractor.to_owned(),
        content: Some(document),
    }
}

/// A file that could not be read.
pub(crate) fn unread(path: &str) -> NewFile {
    NewFile {
        record: FileRecord {
            path: path.to_owned(),
            outcome: FileOutcome::NeedsOcr,
            reason: "holds pictures of text only".to_owned(),
            document: None,
            media_type: "application/pdf".to_owned(),
            pages: None,
            passages: 0,
        },
        size: 7,
        modified: -1,
        extractor: "e1".to_owned(),
        content: None,
    }
}

pub(crate) fn proposal(document: &DocumentId, requirement: &str, sufficiency: u8) -> Match {
    let reason = |finding| Reason {
        finding,
        text: "It says \"who\".".to_owned(),
        citation: Some(citation()),
    };
    Match {
        document: document.clone(),
        kind: DocumentKind::Policy,
        framework: FrameworkId::from("iso42001"),
        requirement: RequirementId::from(requirement),
        relevance: 0.1 + 0.2,
        sufficiency: Sufficiency::new(sufficiency),
        confidence: 0.7,
        status: MatchStatus::Proposed,
        strengths: vec![reason(Finding::CheckMet { check: CheckId::from("A.2.2/approved") })],
        concerns: vec![
            reason(Finding::Placeholders { count: 3 }),
            reason(Finding::PastReview { due: date(2025, 1, 1) }),
            reason(Finding::NoOwner),
        ],
        ask: "Name an owner.".to_owned(),
        counterparts: vec![Counterpart {
            framework: FrameworkId::from("iso27001"),
            requirement: RequirementId::from("A.5.1"),
            relation: Relation::Intersects,
            strength: 0.7,
        }],
        statements: vec![statement()],
        systems: vec!["Lodestone".to_owned()],
        not_applicable: None,
        run: RunId::from("run-1"),
    }
}

fn statement() -> Statement {
    Statement {
        check: CheckId::from("A.2.2/approved"),
        aspect: Aspect::Interval,
        about: "ai policy review".to_owned(),
        by: None,
        value: StatedValue::Period(Period {
            minutes: 525_600,
            working_days: false,
            bound: Bound::AtMost,
        }),
        citation: citation(),
    }
}

/// What holding the document with this text against the catalogue gave.
pub(crate) fn mapping(text: &str, matches: Vec<Match>) -> Mapping {
    let likeness = Likeness {
        document: id(text),
        words: u64::MAX,
        runs: 2,
        least: vec![1, u32::MAX],
        dates: 3,
        title: Some("ai policy".to_owned()),
        version: vec![2, 1],
        since: Some(date(2026, 1, 1)),
        kind: DocumentKind::Policy,
        status: Some(DocumentStatus::Approved),
        blank: false,
        in_force: true,
    };
    Mapping { likeness, matches, corrected: 0 }
}

pub(crate) fn assessment(requirement: &str, document: &DocumentId, run: &RunId) -> Assessment {
    Assessment {
        framework: FrameworkId::from("iso42001"),
        requirement: RequirementId::from(requirement),
        sufficiency: Sufficiency::PARTIAL,
        confidence: 0.6,
        evidence: vec![EvidenceShare {
            document: document.clone(),
            sufficiency: Sufficiency::PARTIAL,
            relevance: 0.9,
            copy_of: Some(CopyOf { document: id("one"), how: CopyKind::Draft }),
        }],
        checks: vec![CheckState {
            check: CheckId::from("A.2.2/approved"),
            met: true,
            document: Some(document.clone()),
            citation: Some(citation()),
            shown_by: Some(ShownBy::ApprovedText),
        }],
        contradictions: vec![Contradiction {
            check: CheckId::from("A.2.2/approved"),
            aspect: Aspect::Interval,
            text: "Documents in force differ on how often this is done.".to_owned(),
            sides: vec![ContradictionSide {
                document: document.clone(),
                says: "every year".to_owned(),
                citation: Some(citation()),
            }],
        }],
        gap: "Nobody approved it.".to_owned(),
        counterparts: Vec::new(),
        systems: vec![SystemShare {
            system: "Lodestone".to_owned(),
            sufficiency: Sufficiency::PARTIAL,
            documents: vec![document.clone()],
        }],
        systems_without_evidence: Vec::new(),
        not_applicable: None,
        run: run.clone(),
    }
}

pub(crate) fn run(id: &RunId) -> Run {
    Run {
        id: id.clone(),
        finished: "2026-11-20T10:00:00Z".to_owned(),
        as_of: date(2026, 11, 20),
        versions: RunVersions { extractor: "e1".to_owned(), ..RunVersions::default() },
        documents: 2,
        change: 0,
        decisions: 0,
    }
}
