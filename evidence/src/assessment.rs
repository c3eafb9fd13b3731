use crate::{
    CheckId, Citation, Contradiction, CopyOf, Date, DateValue, DocumentId, DocumentKind,
    FrameworkId, Relation, RequirementId, RequirementRef, RunId, Statement,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How far evidence suffices, 0 to 5, as rubric.md defines it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(try_from = "u8", into = "u8")]
pub struct Sufficiency(u8);

impl Sufficiency {
    /// Nothing bears on the requirement.
    pub const NONE: Self = Self(0);
    /// The subject is named, or the document is a blank form.
    pub const MENTIONED: Self = Self(1);
    /// Some checks are met.
    pub const PARTIAL: Self = Self(2);
    /// Nearly all checks are met on paper.
    pub const DEFINED: Self = Self(3);
    /// Defined and in force, or shown at work.
    pub const CONTROLLED: Self = Self(4);
    /// Defined, in force and shown at work.
    pub const DEMONSTRATED: Self = Self(5);

    /// The grade `level`, or the highest where `level` is above it.
    pub fn new(level: u8) -> Self {
        Self(level.min(5))
    }

    /// The grade as a number.
    pub fn level(self) -> u8 {
        self.0
    }

    /// The grade's name in rubric.md.
    pub fn name(self) -> &'static str {
        ["none", "mentioned", "partial", "defined", "controlled", "demonstrated"]
            [usize::from(self.0)]
    }
}

impl TryFrom<u8> for Sufficiency {
    type Error = String;

    fn try_from(level: u8) -> Result<Self, String> {
        if level <= 5 {
            Ok(Self(level))
        } else {
            Err(format!("sufficiency is 0 to 5, not {level}"))
        }
    }
}

impl From<Sufficiency> for u8 {
    fn from(sufficiency: Sufficiency) -> u8 {
        sufficiency.0
    }
}

impl fmt::Display for Sufficiency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A document held against a requirement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// The document's SHA-256.
    #[serde(rename = "sha256")]
    pub document: DocumentId,
    /// What sort of evidence the document is.
    pub kind: DocumentKind,
    /// The requirement's framework.
    pub framework: FrameworkId,
    /// The requirement.
    pub requirement: RequirementId,
    /// How surely the document is about the requirement, 0 to 1.
    pub relevance: f32,
    /// How far it suffices by itself.
    pub sufficiency: Sufficiency,
    /// Probability that an auditor would give it 2 or more, 0 to 1.
    pub confidence: f32,
    /// What a person has said of it.
    pub status: MatchStatus,
    /// What is strong, each with its citation.
    pub strengths: Vec<Reason>,
    /// What an auditor would flag.
    pub concerns: Vec<Reason>,
    /// What to add to reach the next grade.
    pub ask: String,
    /// Requirements of other frameworks that the same evidence can serve.
    pub counterparts: Vec<Counterpart>,
    /// AI systems that the document, or what is cited of it, speaks of; sorted.
    #[serde(default)]
    pub systems: Vec<String>,
    /// The organisation's justification, where it declares the requirement not applicable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
    /// What it lays down as values that another document might contradict; empty unless it is in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<Statement>,
    /// The run that proposed it.
    pub run: RunId,
}

impl Match {
    /// The requirement's name across frameworks.
    pub fn name(&self) -> RequirementRef {
        RequirementRef { framework: self.framework.clone(), requirement: self.requirement.clone() }
    }
}

/// What a person has said of a match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchStatus {
    /// Nobody has decided yet.
    #[default]
    Proposed,
    /// Decided on another version of the document or another proposal than there is now.
    ConfirmAgain,
    /// The proposed sufficiency was accepted.
    Accepted,
    /// Another sufficiency was given.
    Overridden,
    /// It is no evidence.
    Rejected,
    /// It was not proposed; a person added it.
    Added,
}

impl MatchStatus {
    /// Every status, those that need a person first.
    pub const ALL: [Self; 6] = [
        Self::Proposed,
        Self::ConfirmAgain,
        Self::Accepted,
        Self::Overridden,
        Self::Rejected,
        Self::Added,
    ];

    /// Its name in JSON and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::ConfirmAgain => "confirm-again",
            Self::Accepted => "accepted",
            Self::Overridden => "overridden",
            Self::Rejected => "rejected",
            Self::Added => "added",
        }
    }

    /// Whether a person has yet to decide.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::ConfirmAgain)
    }
}

/// A requirement that the same evidence can serve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counterpart {
    /// Its framework.
    pub framework: FrameworkId,
    /// The requirement.
    pub requirement: RequirementId,
    /// How what this requirement asks relates to what the counterpart asks.
    pub relation: Relation,
    /// Share of this requirement's checks that evidence for the counterpart meets, 0 to 1.
    pub strength: f32,
}

/// One reason for a grade.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// What was found, typed.
    #[serde(flatten)]
    pub finding: Finding,
    /// The same as a sentence.
    pub text: String,
    /// Where it is shown; every strength has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub citation: Option<Citation>,
}

/// What was found, for or against a match. The sentence is made from it in one place, the mapper's rationale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Finding {
    /// The check is met in substance.
    CheckMet {
        /// Which check.
        check: CheckId,
    },
    /// The check is touched, without a definite statement.
    CheckPartlyMet {
        /// Which check.
        check: CheckId,
    },
    /// A dated record shows the check at work.
    RecordShown {
        /// Which check.
        check: CheckId,
    },
    /// The document is owned, approved and inside its review period.
    InForce,
    /// Nothing was found for the check.
    CheckMissing {
        /// Which check.
        check: CheckId,
    },
    /// The check wants a record of it having happened; there is none.
    NoRecord {
        /// Which check.
        check: CheckId,
    },
    /// A record bears on the check, and does not say when.
    UndatedRecord {
        /// Which check.
        check: CheckId,
    },
    /// The text says that it is not so: evidence of a gap.
    Negated {
        /// Which check.
        check: CheckId,
    },
    /// The text leaves it out, or leaves it to another document.
    LeftOut {
        /// Which check.
        check: CheckId,
    },
    /// The text only says what is intended.
    IntendedOnly {
        /// Which check, where it bears on one.
        check: Option<CheckId>,
    },
    /// The document is a form that has not been filled in.
    BlankTemplate,
    /// Some blanks are left.
    Placeholders {
        /// How many.
        count: usize,
    },
    /// It calls itself a draft.
    Draft,
    /// It has been replaced or withdrawn.
    Superseded,
    /// Its review was due before the day of judgement.
    PastReview {
        /// When it was due.
        due: Date,
    },
    /// Its dates can be read two ways, and the grade hangs on which.
    AmbiguousDate {
        /// As written in both readings.
        date: DateValue,
    },
    /// It was approved or issued so long ago that a review would be expected since.
    Old {
        /// The day it was last approved, issued or reviewed.
        since: Date,
    },
    /// Nobody answers for it.
    NoOwner,
    /// Nobody is named who approved it.
    NoApprover,
    /// It names no version.
    NoVersion,
    /// No date says since when it is in force.
    NoDate,
    /// It promotes rather than commits.
    Promotional,
    /// What it says comes near the requirement, but it may be about something else.
    Doubtful,
    /// It states a nonconformity against the requirement, and not that it was closed.
    Nonconformity,
    /// Some of its pages could not be read.
    PartlyRead {
        /// How many pages.
        pages: usize,
    },
}

/// A requirement held against the whole body of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The requirement's framework.
    pub framework: FrameworkId,
    /// The requirement.
    pub requirement: RequirementId,
    /// How far all documents together suffice.
    pub sufficiency: Sufficiency,
    /// Probability that an auditor would give the whole 2 or more, 0 to 1.
    pub confidence: f32,
    /// The documents that carry it, best first, and after them their copies and other versions.
    pub evidence: Vec<EvidenceShare>,
    /// Each check of the requirement, in catalogue order.
    pub checks: Vec<CheckState>,
    /// What documents in force say differently of the same thing.
    #[serde(default)]
    pub contradictions: Vec<Contradiction>,
    /// What is missing, in one sentence; empty where nothing is.
    pub gap: String,
    /// Requirements of other frameworks that the same evidence can serve.
    pub counterparts: Vec<Counterpart>,
    /// What there is for each AI system that the documents speak of, the weak ones too; by name.
    #[serde(default)]
    pub systems: Vec<SystemShare>,
    /// Registered AI systems that no evidence graded 2 or more speaks of, where each has to show the requirement by itself.
    #[serde(default)]
    pub systems_without_evidence: Vec<String>,
    /// The organisation's justification, where it declares the requirement not applicable. Then nothing is missing,
    /// whatever the grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
    /// The run that proposed it.
    pub run: RunId,
}

impl Assessment {
    /// The requirement's name across frameworks.
    pub fn name(&self) -> RequirementRef {
        RequirementRef { framework: self.framework.clone(), requirement: self.requirement.clone() }
    }
}

/// What the evidence for a requirement shows of one AI system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SystemShare {
    /// The system's name.
    pub system: String,
    /// The best grade that a document which speaks of it has by itself.
    pub sufficiency: Sufficiency,
    /// These documents, best first.
    #[serde(rename = "sha256")]
    pub documents: Vec<DocumentId>,
}

/// A document's part in an assessment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceShare {
    /// The document's SHA-256.
    #[serde(rename = "sha256")]
    pub document: DocumentId,
    /// How far it suffices by itself.
    pub sufficiency: Sufficiency,
    /// How surely it is about the requirement, 0 to 1.
    pub relevance: f32,
    /// Set where it lends nothing, being a copy or another version of a document that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<CopyOf>,
}

/// Whether a check is met by the body of evidence, and by what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckState {
    /// Which check.
    pub check: CheckId,
    /// Whether it is met.
    pub met: bool,
    /// The document that meets it best.
    #[serde(rename = "sha256")]
    pub document: Option<DocumentId>,
    /// Where.
    pub citation: Option<Citation>,
    /// What sort of proof that is, where it is met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_by: Option<ShownBy>,
}

/// What sort of proof meets a check; later proves more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShownBy {
    /// A text that lays it down.
    Text,
    /// A text in force that lays it down.
    ApprovedText,
    /// A dated record of it at work.
    Record,
}
