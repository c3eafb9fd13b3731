use crate::{Date, RunId};
use serde::{Deserialize, Serialize};

/// One pass of mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// When it was finished, RFC 3339 in UTC.
    pub finished: String,
    /// The day on which reviews and ages were judged.
    pub as_of: Date,
    /// What made it, so that it can be repeated.
    pub versions: RunVersions,
    /// How many documents it held against the catalogue.
    pub documents: u64,
    /// The record's last change that it saw; a later one makes it out of date.
    pub change: u64,
    /// The number of the last decision that its assessments count; 0 for none.
    #[serde(default)]
    pub decisions: u64,
}

/// The versions that a run's outcome hangs on, beside the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunVersions {
    /// Of the extractors.
    pub extractor: String,
    /// Digest over the text of all frameworks and the crosswalk.
    pub catalogue: String,
    /// The embedding model's name and digest.
    pub model: String,
    /// Digest of the rubric.
    pub rubric: String,
    /// Of the mapper's own rules.
    pub mapper: String,
    /// Digest of what the settings say of the organisation: controls that do not apply, AI systems. Empty where they say
    /// nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// How reviewers' decisions shifted the confidence; `None` where too few were there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibration>,
}

/// A confidence's log-odds become `slope * log-odds + intercept`. Both in thousandths, so that two runs with the same numbers
/// are the same run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Calibration {
    /// 1000 leaves the spread as it is; above 0.
    pub slope: i32,
    /// 0 leaves the mean as it is.
    pub intercept: i32,
}
