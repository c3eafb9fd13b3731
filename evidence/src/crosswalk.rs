use crate::{CheckId, Counterpart, RequirementRef};
use serde::{Deserialize, Serialize};

/// Which requirements of two frameworks the same evidence can serve.
#[derive(Clone, Debug, Default)]
pub struct Crosswalk {
    /// Every pair, in the order of its file.
    pub pairs: Vec<Pair>,
    /// Requirements that have no counterpart, each with the reason.
    pub new: Vec<(RequirementRef, String)>,
}

/// Two requirements that share evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// The requirement that the reader comes from.
    pub from: RequirementRef,
    /// Its counterpart.
    pub to: RequirementRef,
    /// How what `from` asks relates to what `to` asks.
    pub relation: Relation,
    /// Checks of `from` and of `to` that the same evidence meets.
    pub shared: Vec<(CheckId, CheckId)>,
    /// Share of the checks of `from` that evidence for `to` meets: 0 to 1.
    pub strength: f32,
    /// Share of the checks of `to` that evidence for `from` meets: 0 to 1.
    pub reverse_strength: f32,
    /// One sentence.
    pub why: String,
    /// Where the pair comes from.
    pub provenance: Provenance,
}

/// How what one requirement asks relates to what another asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The same.
    Equal,
    /// Less: all of it is asked by the other too.
    Subset,
    /// More: it asks all of the other.
    Superset,
    /// They overlap; each asks things that the other does not.
    Intersects,
}

impl Relation {
    /// The relation seen from the other side.
    pub fn reversed(self) -> Self {
        match self {
            Self::Subset => Self::Superset,
            Self::Superset => Self::Subset,
            other => other,
        }
    }

    /// Its name in JSON and crosswalk files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Subset => "subset",
            Self::Superset => "superset",
            Self::Intersects => "intersects",
        }
    }
}

/// Where a pair of the crosswalk comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// Our own analysis alone.
    Own,
    /// Our own analysis, and this public source has the pair too.
    Public(String),
}

impl Crosswalk {
    /// The counterparts of a requirement, strongest first, whichever side of the pair it stands on.
    pub fn counterparts(&self, name: &RequirementRef) -> Vec<Counterpart> {
        let mut found: Vec<Counterpart> = self
            .pairs
            .iter()
            .filter_map(|pair| {
                let (other, relation, strength) = if pair.from == *name {
                    (&pair.to, pair.relation, pair.strength)
                } else if pair.to == *name {
                    (&pair.from, pair.relation.reversed(), pair.reverse_strength)
                } else {
                    return None;
                };
                Some(Counterpart {
                    framework: other.framework.clone(),
                    requirement: other.requirement.clone(),
                    relation,
                    strength,
                })
            })
            .collect();
        found.sort_by(|a, b| b.strength.total_cmp(&a.strength));
        found
    }
}
