use crate::RequirementRef;
use serde::{Deserialize, Serialize};

/// What the organisation says of itself in its settings, and no document can tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// Controls that do not apply.
    pub not_applicable: Vec<Exclusion>,
    /// The AI systems that it builds, buys or uses.
    pub ai_systems: Vec<AiSystem>,
}

/// A control that does not apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exclusion {
    /// The control.
    #[serde(flatten)]
    pub name: RequirementRef,
    /// Why it does not; never blank.
    pub justification: String,
}

/// An AI system of the organisation's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AiSystem {
    /// What it is called here.
    pub name: String,
    /// What documents call it besides.
    #[serde(default)]
    pub aliases: Vec<String>,
}

impl Scope {
    /// Why a requirement does not apply; `None` where it does.
    pub fn exclusion(&self, name: &RequirementRef) -> Option<&str> {
        let found = self.not_applicable.iter().find(|exclusion| exclusion.name == *name);
        found.map(|exclusion| exclusion.justification.as_str())
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.not_applicable.is_empty() && self.ai_systems.is_empty()
    }
}

impl AiSystem {
    /// Its name and its aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}
