use std::fmt;
use std::str::FromStr;
use sufficit_evidence::{DocumentId, FrameworkId, RequirementId, RequirementRef};

/// What a row, a detail and a decision are about, as forms and addresses name it: `m/SHA256/FRAMEWORK/REQUIREMENT` a match,
/// `r/FRAMEWORK/REQUIREMENT` a requirement as a whole, `d/SHA256` a document's facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// A document held against a requirement, proposed or not.
    Match {
        /// The version that is shown.
        document: DocumentId,
        /// The requirement.
        requirement: RequirementRef,
    },
    /// A requirement held against the whole body of evidence.
    Requirement(RequirementRef),
    /// A document's facts.
    Document(DocumentId),
}

impl Item {
    /// The match of a document with a requirement.
    pub(crate) fn of_match(document: &DocumentId, requirement: &RequirementRef) -> Self {
        Self::Match { document: document.clone(), requirement: requirement.clone() }
    }

    /// The address of its own page.
    pub(crate) fn address(&self) -> String {
        match self {
            Self::Match { document, requirement } => {
                format!("/matches/{document}/{}", path_of(requirement))
            }
            Self::Requirement(requirement) => format!("/requirements/{}", path_of(requirement)),
            Self::Document(document) => format!("/documents/{document}"),
        }
    }
}

fn path_of(requirement: &RequirementRef) -> String {
    format!("{}/{}", requirement.framework, requirement.requirement)
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Match { document, requirement } => {
                write!(f, "m/{document}/{}", path_of(requirement))
            }
            Self::Requirement(requirement) => write!(f, "r/{}", path_of(requirement)),
            Self::Document(document) => write!(f, "d/{document}"),
        }
    }
}

/// That a text names no item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoItem;

impl FromStr for Item {
    type Err = NoItem;

    fn from_str(key: &str) -> Result<Self, NoItem> {
        let parts: Vec<&str> = key.split('/').collect();
        match parts.as_slice() {
            ["m", document, framework, requirement] => Ok(Self::Match {
                document: document_id(document)?,
                requirement: requirement_ref(framework, requirement)?,
            }),
            ["r", framework, requirement] => {
                Ok(Self::Requirement(requirement_ref(framework, requirement)?))
            }
            ["d", document] => Ok(Self::Document(document_id(document)?)),
            _ => Err(NoItem),
        }
    }
}

fn document_id(text: &str) -> Result<DocumentId, NoItem> {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() == 64 && text.bytes().all(hex) { Ok(DocumentId::new(text)) } else { Err(NoItem) }
}

fn requirement_ref(framework: &str, requirement: &str) -> Result<RequirementRef, NoItem> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let id = |text: &str| !text.is_empty() && text.chars().all(fits);
    if !id(framework) || !id(requirement) {
        return Err(NoItem);
    }
    Ok(RequirementRef {
        framework: FrameworkId::new(framework),
        requirement: RequirementId::new(requirement),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_what_it_names_and_is_written_as_it_was_read() {
        let sha = "ab".repeat(32);
        for (key, address) in [
            (format!("m/{sha}/iso42001/A.6.2.4"), format!("/matches/{sha}/iso42001/A.6.2.4")),
            ("r/iso27001/9.2".to_owned(), "/requirements/iso27001/9.2".to_owned()),
            (format!("d/{sha}"), format!("/documents/{sha}")),
        ] {
            let item: Item = key.parse().expect("names an item");
            assert_eq!(item.to_string(), key);
            assert_eq!(item.address(), address);
        }
    }

    #[test]
    fn what_names_nothing_is_refused() {
        let sha = "ab".repeat(32);
        for key in [
            String::new(),
            "m".to_owned(),
            "m/abc/iso42001/A.2.2".to_owned(),
            format!("m/{}/iso42001/A.2.2", sha.to_uppercase()),
            format!("m/{sha}/iso42001"),
            format!("m/{sha}/iso42001/A.2.2/more"),
            "r/iso42001/".to_owned(),
            "r/../etc".to_owned() + "/",
            "r/iso42001/A 2".to_owned(),
            "d/..".to_owned(),
        ] {
            assert_eq!(key.parse::<Item>(), Err(NoItem), "{key}");
        }
    }
}
