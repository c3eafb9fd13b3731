use crate::usual_name::singulars;
use std::collections::HashMap;
use sufficit_evidence::{Catalogue, Framework, RequirementId, RequirementRef};

/// Sorts of document that titles tell, with the requirements that each usually shows.
#[derive(Debug)]
pub(crate) struct DocumentTypes {
    types: Vec<Type>,
}

#[derive(Debug)]
struct Type {
    name: String,
    /// The words of each title, in the singular.
    titles: Vec<Vec<String>>,
    requirements: Vec<RequirementRef>,
}

impl DocumentTypes {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let of_framework = |framework: &Framework| -> Vec<Type> {
            let reference = |id: &RequirementId| RequirementRef {
                framework: framework.id.clone(),
                requirement: id.clone(),
            };
            let types = framework.document_types.iter().map(|one| Type {
                name: one.name.clone(),
                titles: one.titles.iter().map(|title| words(title)).collect(),
                requirements: one.requirements.iter().map(reference).collect(),
            });
            types.collect()
        };
        Self { types: catalogue.frameworks().iter().flat_map(of_framework).collect() }
    }

    /// The requirements that a document of this title usually shows, each with what sort of document that makes it.
    pub(crate) fn of_title(&self, title: &str) -> HashMap<&RequirementRef, &str> {
        let title = words(title);
        let stands = |phrase: &Vec<String>| {
            !phrase.is_empty()
                && title.windows(phrase.len()).any(|words| {
                    words.iter().zip(phrase).all(|(word, asked)| match asked.as_str() {
                        "#" => word.bytes().all(|byte| byte.is_ascii_digit()),
                        asked => word == asked,
                    })
                })
        };
        let mut found = HashMap::new();
        for one in self.types.iter().filter(|one| one.titles.iter().any(stands)) {
            for requirement in &one.requirements {
                found.entry(requirement).or_insert(one.name.as_str());
            }
        }
        found
    }
}

/// The words of a title in the singular; `#` stays, and so does the hyphen before it or before a number: `INC-2026` is no company.
fn words(title: &str) -> Vec<String> {
    title
        .split_whitespace()
        .flat_map(|part| match part.split_once('-') {
            Some((series, number))
                if number.starts_with(|c: char| c == '#' || c.is_ascii_digit()) =>
            {
                let series = format!("{}-", series.to_lowercase());
                let number = number.split(|c: char| !(c == '#' || c.is_ascii_digit())).next();
                vec![series, number.unwrap_or_default().to_owned()]
            }
            _ => singulars(part).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sufficit_evidence::FrameworkId;

    #[test]
    fn a_title_tells_what_sort_of_document_it_is() {
        let reference = RequirementRef {
            framework: FrameworkId::new("house".to_owned()),
            requirement: RequirementId::new("A.1".to_owned()),
        };
        let types = DocumentTypes {
            types: vec![Type {
                name: "an incident report".into(),
                titles: ["incident report", "post-mortem", "INC-#"].map(words).into(),
                requirements: vec![reference],
            }],
        };
        for title in
            ["Security Incident Reports 2026", "Post-mortem: gate 4", "INC-2026-007: gate 4 stuck"]
        {
            assert_eq!(types.of_title(title).len(), 1, "{title}");
        }
        for title in [
            "Report of an incident",
            "Acme Inc. gate policy",
            "Acme Inc. 2026 gate policy",
            "Mortem post",
            "",
        ] {
            assert!(types.of_title(title).is_empty(), "{title}");
        }
    }
}
