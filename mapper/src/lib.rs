//! Candidates to matches to assessments: how relevant, how sufficient, and why.
//!
//! [`map_document`] holds one document against every requirement; [`assess`] joins the matches of all
//! documents. A grade is worked out from typed findings first ([`sufficit_evidence::Finding`]), and the
//! sentences are made from these in one place, `rationale`. [`working`] gives the numbers behind one grade.
//!
//! A document's [`likeness`] tells [`copies`] apart from documents that count; statements that documents in force make of
//! the same thing are held against each other in `contradiction`.
//!
//! The decision that shapes this crate: it is pure. No clock, no randomness, no I/O, and a document's
//! matches hang on that document alone, never on what else lies in the folder. So the same input gives
//! the same bytes, and a run can be repeated.

mod admission;
mod assess;
mod calibration;
mod confidence;
mod contradiction;
mod copies;
mod day;
mod document_type;
mod finding;
mod grade;
mod ground;
mod likeness;
mod map;
mod nonconformity;
mod pattern;
mod rationale;
mod reading;
mod relevance;
mod row;
mod rules;
mod standing;
mod statement;
mod subject;
mod system;
mod top;
mod usual_name;
mod voice;
mod working;

pub use assess::{AssessmentWorking, assess, assess_working};
pub use calibration::{fit, uncalibrated};
pub use confidence::{Confidence, ConfidencePart};
pub use copies::{Copies, copies};
pub use finding::Met;
pub use grade::{Grade, Limit, LimitCause, Tally};
pub use ground::Ground;
pub use likeness::likeness;
pub use map::{Read, map_document, workings};
pub use relevance::{Relevance, rank};
pub use rules::Rules;
pub use standing::Standing;
pub use voice::Voice;
pub use working::{
    Barred, CheckWorking, PassageWorking, ProbeRole, ProbeWorking, RealWorking, RelevanceWorking,
    ScoreWorking, StandingWorking, TallyWorking, Working,
};

/// Raised with every change that alters a relevance, a grade or a rationale.
pub const MAPPER_VERSION: &str = "15";
