use crate::correction::value_fault;
use crate::{Date, DocumentId, RequirementRef, RunId, Span, Sufficiency};
use serde::{Deserialize, Serialize};

/// A place where evidence lies: what was given to `ingest`, and a path in it. It stays the same when the file changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceRef {
    /// Canonical path of the folder or file that was given.
    pub root: String,
    /// Path under it, with `/` between parts; members of an archive as `evidence.zip!/policies/ai.docx`.
    pub path: String,
}

/// What a decision is about. It outlives runs and versions: a match is named by its source, not by one version's content.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum Subject {
    /// A document held against a requirement.
    Match {
        /// Where the document lies.
        source: SourceRef,
        /// The requirement.
        #[serde(flatten)]
        requirement: RequirementRef,
    },
    /// A requirement held against the whole body of evidence.
    Requirement {
        /// The requirement.
        #[serde(flatten)]
        requirement: RequirementRef,
    },
    /// A document's facts.
    Document {
        /// Where the document lies.
        source: SourceRef,
    },
}

impl Subject {
    /// The requirement that it is about, where it is about one.
    pub fn requirement(&self) -> Option<&RequirementRef> {
        match self {
            Self::Match { requirement, .. } | Self::Requirement { requirement } => {
                Some(requirement)
            }
            Self::Document { .. } => None,
        }
    }

    /// The source that it is about, where it is about one.
    pub fn source(&self) -> Option<&SourceRef> {
        match self {
            Self::Match { source, .. } | Self::Document { source } => Some(source),
            Self::Requirement { .. } => None,
        }
    }
}

/// What was proposed when a decision was made, so that a later change of it is noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The version that was seen, where it is about a document.
    #[serde(rename = "sha256", default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// The run that proposed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// The sufficiency that was proposed; `None` where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sufficiency: Option<Sufficiency>,
    /// SHA-256 of the proposed grade with its rationale, 64 hex digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rationale: Option<String>,
}

/// A fact of a document that a reviewer may set right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactField {
    /// What the document is called.
    Title,
    /// What sort of evidence it is.
    Kind,
    /// Who answers for it.
    Owner,
    /// Who approved it.
    Approver,
    /// Its version.
    Version,
    /// Draft, approved, superseded ...
    Status,
    /// When it was issued or made effective.
    Issued,
    /// When it was approved or signed.
    Approved,
    /// When it was last reviewed.
    Reviewed,
    /// When it is to be reviewed again.
    NextReview,
}

impl FactField {
    /// Every fact, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::Title,
        Self::Kind,
        Self::Owner,
        Self::Approver,
        Self::Version,
        Self::Status,
        Self::Issued,
        Self::Approved,
        Self::Reviewed,
        Self::NextReview,
    ];

    /// Its name in JSON, in forms and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::NextReview => "next-review",
            other => other.name(),
        }
    }

    /// Its name as people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Kind => "kind",
            Self::Owner => "owner",
            Self::Approver => "approver",
            Self::Version => "version",
            Self::Status => "status",
            Self::Issued => "issued",
            Self::Approved => "approved",
            Self::Reviewed => "reviewed",
            Self::NextReview => "next review",
        }
    }
}

/// What a person did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Action {
    /// Takes the proposed sufficiency as it is.
    Accept,
    /// Gives another sufficiency; needs a reason.
    Override {
        /// The sufficiency that holds.
        sufficiency: Sufficiency,
    },
    /// Says that the document is no evidence for the requirement; needs a reason.
    Reject,
    /// Adds a match that was not proposed.
    Add {
        /// The sufficiency that holds.
        sufficiency: Sufficiency,
        /// The passage that shows it, in the version that was seen.
        passage: Span,
        /// Its page, where the format has pages.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        page: Option<u32>,
    },
    /// Says that the requirement does not apply; the reason is its justification.
    NotApplicable,
    /// Takes back the decision of that number on the same subject.
    Undo {
        /// The number of the decision that no longer holds. A decision's own number stands beside it in JSON.
        #[serde(rename = "undoes")]
        number: u64,
    },
    /// Gives the subject to a person, or to nobody.
    Assign {
        /// Who is to decide.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// Until when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Date>,
    },
    /// Remarks on it; the text is the reason.
    Comment,
    /// Sets a fact of a document right.
    Correct {
        /// Which fact.
        field: FactField,
        /// What it is; `None`: the document does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
}

impl Action {
    /// Whether it settles what holds of a match or requirement, so that two people must not do it unaware of each other.
    pub fn is_verdict(&self) -> bool {
        !matches!(self, Self::Assign { .. } | Self::Comment | Self::Correct { .. })
    }

    /// Its name as people read it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Override { .. } => "overridden",
            Self::Reject => "rejected",
            Self::Add { .. } => "added",
            Self::NotApplicable => "not applicable",
            Self::Undo { .. } => "taken back",
            Self::Assign { .. } => "assigned",
            Self::Comment => "commented",
            Self::Correct { .. } => "corrected",
        }
    }
}

/// What a person decided, and everything that an auditor asks of it. Only ever appended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// From 1, without gaps, over all decisions of a record.
    pub number: u64,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Who.
    pub by: String,
    /// What it is about.
    pub subject: Subject,
    /// What was proposed then.
    pub seen: Seen,
    /// What was decided.
    #[serde(flatten)]
    pub action: Action,
    /// Why; may be empty where the action needs no reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

impl Decision {
    /// The sufficiency that it gives: the one proposed, its own, or none; `None` where it gives none.
    pub fn sufficiency(&self) -> Option<Sufficiency> {
        match self.action {
            Action::Accept => self.seen.sufficiency,
            Action::Override { sufficiency } | Action::Add { sufficiency, .. } => Some(sufficiency),
            Action::Reject => Some(Sufficiency::NONE),
            _ => None,
        }
    }
}

/// Why a decision cannot be taken down as it is: a sentence for people. `None` where it can.
pub fn decision_fault(subject: &Subject, action: &Action, why: &str) -> Option<&'static str> {
    let reasoned = !why.trim().is_empty();
    let about_match = matches!(subject, Subject::Match { .. });
    let about_requirement = matches!(subject, Subject::Requirement { .. });
    let about_document = matches!(subject, Subject::Document { .. });
    match action {
        Action::Override { .. } if !reasoned => Some("Say why the sufficiency is another one."),
        Action::Reject if !reasoned => Some("Say why the document is no evidence."),
        Action::NotApplicable if !reasoned => Some("Justify why the requirement does not apply."),
        Action::Comment if !reasoned => Some("Write the comment first."),
        Action::Reject | Action::Add { .. } if !about_match => {
            Some("Only a match can be rejected or added.")
        }
        Action::NotApplicable if !about_requirement => {
            Some("Only a requirement can be declared not applicable.")
        }
        Action::Correct { .. } if !about_document => {
            Some("Only a document's facts can be corrected.")
        }
        Action::Correct { field, value: Some(value) } => value_fault(*field, value),
        Action::Accept | Action::Override { .. } | Action::Undo { .. } if about_document => {
            Some("A document is graded by its matches; correct the fact again.")
        }
        Action::Add { passage, .. } if passage.is_empty() => {
            Some("Pick the passage that shows it.")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
