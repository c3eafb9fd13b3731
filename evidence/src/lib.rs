//! The vocabulary of sufficit: plain values that every other crate speaks in.
//!
//! A [`Document`] is one file's content, cut into [`Passage`]s. A [`Catalogue`] holds the
//! [`Requirement`]s of the frameworks and their [`Check`]s. A [`Candidate`] is a passage retrieved
//! for a check; a [`Match`] holds a document against a requirement, and an [`Assessment`] holds a
//! requirement against all documents. Every claim points to a [`Citation`].
//!
//! The one decision that shapes this crate: it has no I/O and no behaviour beyond small, total
//! functions over its own values. So every stage can be tested with values written by hand.

mod assessment;
mod candidate;
mod catalogue;
mod citation;
mod correction;
mod crosswalk;
mod date;
mod decision;
mod document;
mod facts;
mod ids;
mod likeness;
mod passage;
mod rubric;
mod run;
mod scope;
mod source;
mod statement;

pub use assessment::{
    Assessment, CheckState, Counterpart, EvidenceShare, Finding, Match, MatchStatus, Reason,
    ShownBy, Sufficiency, SystemShare,
};
pub use candidate::{Candidate, Probe, ProbeKind};
pub use catalogue::{
    Catalogue, CatalogueFault, Check, DocumentType, EvidenceHint, Framework, Proof, Requirement,
    RequirementKind, Theme,
};
pub use citation::{Citation, Span};
pub use correction::{corrected, corrections};
pub use crosswalk::{Crosswalk, Pair, Provenance, Relation};
pub use date::DateValue;
pub use decision::{Action, Decision, FactField, Seen, SourceRef, Subject, decision_fault};
pub use document::{Document, DocumentKind, Language, Page, PageStatus};
pub use facts::{DocumentStatus, Fact, Facts, Origin};
pub use ids::{CheckId, DocumentId, FrameworkId, RequirementId, RequirementRef, RunId};
pub use likeness::{CopyKind, CopyOf, Likeness};
pub use passage::{Passage, PassageShape, abbreviates, is_header_of, names_columns};
pub use rubric::{
    Bearing, Curves, Fusion, MetWeights, RealWeights, RelevanceWeights, Rubric, Thresholds,
    log_odds, logistic,
};
pub use run::{Calibration, Run, RunVersions};
pub use scope::{AiSystem, Exclusion, Scope};
pub use source::{FileOutcome, FileRecord};
pub use statement::{
    Aspect, Bound, Contradiction, ContradictionSide, Period, StatedValue, Statement,
};

/// A calendar date without time or zone, as dates stand in documents.
pub use jiff::civil::Date;
