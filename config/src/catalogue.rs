use crate::{ConfigError, ConfigFile, parse_framework};
use sufficit_evidence::{Catalogue, Framework};

/// The frameworks that are compiled in: file name and text.
const BUILT_IN: [(&str, &str); 2] = [
    ("iso42001.toml", include_str!("../catalogue/iso42001.toml")),
    ("iso27001.toml", include_str!("../catalogue/iso27001.toml")),
];

/// The built-in frameworks joined by those of `files`; a file with the id of a built-in one takes its place.
///
/// `only` names the frameworks to keep; empty keeps all. Refuses what [`parse_framework`] refuses, two files
/// with one framework id, and an `only` that names no framework.
pub fn load_catalogue(files: &[ConfigFile], only: &[String]) -> Result<Catalogue, ConfigError> {
    let mut frameworks: Vec<(Framework, ConfigFile)> = Vec::new();
    for (name, text) in BUILT_IN {
        let file = ConfigFile::built_in(name, text);
        frameworks.push((parse_framework(&file)?, file));
    }
    for file in files {
        let framework = parse_framework(file)?;
        match frameworks.iter_mut().find(|(known, _)| known.id == framework.id) {
            Some((_, earlier)) if files.iter().any(|other| other.name == earlier.name) => {
                let what = format!("framework `{}` stands in {} too", framework.id, earlier.name);
                return Err(file.refuse(0..0, what));
            }
            Some(place) => *place = (framework, file.clone()),
            None => frameworks.push((framework, file.clone())),
        }
    }
    for wanted in only {
        if !frameworks.iter().any(|(framework, _)| framework.id.as_str() == wanted) {
            let known: Vec<&str> = frameworks.iter().map(|(f, _)| f.id.as_str()).collect();
            return Err(ConfigError::UnknownFramework {
                wanted: wanted.clone(),
                known: known.join(", "),
            });
        }
    }
    let kept = frameworks
        .into_iter()
        .map(|(framework, _)| framework)
        .filter(|framework| only.is_empty() || only.iter().any(|id| id == framework.id.as_str()))
        .collect();
    Catalogue::new(kept).map_err(|fault| ConfigError::Refused {
        file: "catalogue".into(),
        line: 1,
        what: format!("{fault:?}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use sufficit_evidence::{FrameworkId, RequirementKind};

    fn count(framework: &str, kind: RequirementKind) -> usize {
        let catalogue = load_catalogue(&[], &[]).expect("is well formed");
        let framework = catalogue.framework(&FrameworkId::from(framework)).expect("is built in");
        framework.requirements.iter().filter(|r| r.kind == kind).count()
    }

    #[test]
    fn every_clause_and_control_is_there() {
        assert_eq!(count("iso42001", RequirementKind::Control), 38);
        assert_eq!(count("iso27001", RequirementKind::Control), 93);
        assert_eq!(count("iso42001", RequirementKind::Clause), 32);
        assert_eq!(count("iso27001", RequirementKind::Clause), 30);
    }

    /// Words of a check without endings and small words, as a rough measure of what it says.
    fn content_words(text: &str) -> BTreeSet<String> {
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() > 3)
            .map(|word| {
                word.trim_end_matches("ing").trim_end_matches("ed").trim_end_matches('s').to_owned()
            })
            .collect()
    }

    #[test]
    fn no_two_checks_of_a_framework_say_the_same() {
        let catalogue = load_catalogue(&[], &[]).expect("is well formed");
        for framework in catalogue.frameworks() {
            let checks: Vec<_> = framework
                .requirements
                .iter()
                .flat_map(|requirement| &requirement.checks)
                .map(|check| (&check.id, content_words(&check.text)))
                .collect();
            for (i, (id, words)) in checks.iter().enumerate() {
                for (other_id, other) in &checks[i + 1..] {
                    let shared = words.intersection(other).count() as f32;
                    let all = words.union(other).count() as f32;
                    assert!(
                        shared / all <= 0.5,
                        "{id} and {other_id} share {shared} of {all} words"
                    );
                }
            }
        }
    }

    #[test]
    fn a_file_takes_the_place_of_a_built_in_framework() {
        let (name, text) = BUILT_IN[0];
        let changed = text.replace("about = \"AI management systems\"", "about = \"ours\"");
        let file = ConfigFile { name: name.into(), text: changed };
        let catalogue = load_catalogue(&[file], &[]).expect("is well formed");
        assert_eq!(catalogue.frameworks().len(), 2);
        assert_eq!(catalogue.frameworks()[0].about, "ours");
    }

    #[test]
    fn an_unknown_framework_is_refused_by_name() {
        let error = load_catalogue(&[], &["iso9001".into()]).expect_err("is not known");
        assert!(error.to_string().contains("no framework `iso9001`; there are iso42001, iso27001"));
    }
}
