use crate::{CheckId, FrameworkId, RequirementId, Span};
use serde::{Deserialize, Serialize};

/// A text of the catalogue that passages are held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The framework it comes from.
    pub framework: FrameworkId,
    /// The requirement it stands for.
    pub requirement: RequirementId,
    /// Whether it is a check or the requirement as a whole.
    pub kind: ProbeKind,
    /// The requirement's title: a check by itself need not say what it is a check of.
    pub title: String,
    /// What is compared.
    pub text: String,
}

/// What a probe stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeKind {
    /// One check.
    Check(CheckId),
    /// The requirement itself: title, summary and the words that its evidence uses.
    Subject,
}

/// A passage retrieved for a probe.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The probe's position in [`Catalogue::probes`](crate::Catalogue::probes).
    pub probe: u32,
    /// The passage's ordinal in its document.
    pub passage: u32,
    /// Share of the probe's words that the passage has, weighted by rarity and saturated as in BM25: 0 to 1.
    pub lexical: f32,
    /// Cosine similarity against the background, in standard deviations: about 0 for unrelated text, 4 and more for the same statement.
    pub semantic: f32,
    /// Both in one number less what the passage has for many probes alike, which can leave less than 0; see [`Fusion`](crate::Fusion).
    pub score: f32,
    /// How surely the passage speaks of the field that the probe's framework is about, as log-odds: above 0 rather yes than
    /// no. `None` where no model has learned the field: then its words alone tell it.
    pub field: Option<f32>,
    /// The sentence, list item or row within the passage that is nearest to the probe.
    pub focus: Span,
    /// What the focus scores by itself, without headings and with nothing taken off: a quote that scores little here
    /// does not show what its passage is near to.
    pub focus_score: f32,
    /// How surely the focus shows what the check asks for, by the log-odds of a model that read both together; `None` where none did.
    pub reading: Option<f32>,
}
