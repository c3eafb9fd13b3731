use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps `id` as it is; nothing is checked.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }
    };
}

id!(
    /// A document's id: the SHA-256 of the file's bytes, 64 lower-case hex digits.
    DocumentId
);
id!(
    /// A framework's id, such as `iso42001`.
    FrameworkId
);
id!(
    /// A requirement's id within its framework: a clause (`6.1.4`) or a control (`A.6.2.4`).
    RequirementId
);
id!(
    /// A check's id within its framework: its requirement's id and its own name, `A.2.2/approved`.
    CheckId
);
id!(
    /// A run's id: `run-` and a number that grows by one with each run of a workspace.
    RunId
);

/// A requirement named across frameworks, written `iso42001:A.6.2.4`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RequirementRef {
    /// The framework that publishes the requirement.
    pub framework: FrameworkId,
    /// The requirement's id within it.
    pub requirement: RequirementId,
}

impl fmt::Display for RequirementRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.framework, self.requirement)
    }
}
