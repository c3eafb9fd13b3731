use crate::{ConfigError, ConfigFile, Settings};
use serde::Deserialize;
use std::collections::HashSet;
use std::path::Path;
use sufficit_evidence::{
    Catalogue, Exclusion, FrameworkId, RequirementId, RequirementKind, RequirementRef, Scope,
};

/// Letters and digits that a system's name needs at least: shorter ones stand in texts by chance.
const NAME_LENGTH: usize = 3;

/// A control that the organisation declares not applicable, as its settings say it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotApplicable {
    /// The control with its framework: `iso27001:A.7.13`.
    pub requirement: String,
    /// The justification, for the Statement of Applicability.
    pub why: String,
}

/// What the settings say of the organisation, checked: every control is one of `catalogue` and stands once, and each has
/// its justification; AI systems can be told apart by their names.
///
/// `file` is the settings file that `settings` were loaded from, for the line in messages.
pub fn load_scope(
    settings: &Settings,
    file: Option<&Path>,
    catalogue: &Catalogue,
) -> Result<Scope, ConfigError> {
    let mut scope = Scope::default();
    let Some(path) =
        file.filter(|_| !(settings.not_applicable.is_empty() && settings.ai_system.is_empty()))
    else {
        return Ok(scope);
    };
    let file = ConfigFile::read(path)?;
    for entry in &settings.not_applicable {
        let exclusion =
            exclusion(entry, catalogue).map_err(|what| refuse(&file, &entry.requirement, what))?;
        if scope.exclusion(&exclusion.name).is_some() {
            let what = format!("`{}` is declared not applicable twice", entry.requirement);
            return Err(refuse_again(&file, &entry.requirement, what));
        }
        scope.not_applicable.push(exclusion);
    }
    let mut taken: HashSet<String> = HashSet::new();
    for system in &settings.ai_system {
        for name in system.names() {
            if name.chars().filter(|c| c.is_alphanumeric()).count() < NAME_LENGTH {
                let what = format!(
                    "`{name}` is too short to be found in documents; a name of an AI system has {NAME_LENGTH} letters or digits at least"
                );
                return Err(refuse(&file, name, what));
            }
            if !taken.insert(name.to_lowercase()) {
                let what = format!("`{name}` names two AI systems, or one of them twice");
                return Err(refuse_again(&file, name, what));
            }
        }
    }
    scope.ai_systems.clone_from(&settings.ai_system);
    Ok(scope)
}

/// The refusal of an entry, with the line on which `key` stands first.
fn refuse(file: &ConfigFile, key: &str, what: String) -> ConfigError {
    let at = file.text.find(key).unwrap_or_default();
    file.refuse(at..at, what)
}

/// The refusal of what stands twice, with the line on which `key` stands last.
fn refuse_again(file: &ConfigFile, key: &str, what: String) -> ConfigError {
    let at = file.text.rfind(key).unwrap_or_default();
    file.refuse(at..at, what)
}

fn exclusion(entry: &NotApplicable, catalogue: &Catalogue) -> Result<Exclusion, String> {
    let id = &entry.requirement;
    let Some((framework, control)) = id.split_once(':') else {
        return Err(format!(
            "`{id}` does not name its framework; write it as in `iso27001:A.7.13`"
        ));
    };
    let name = RequirementRef {
        framework: FrameworkId::from(framework),
        requirement: RequirementId::from(control),
    };
    match catalogue.requirement(&name) {
        None => Err(format!(
            "there is no requirement `{id}`; `sufficit frameworks show {framework}` lists them"
        )),
        Some(found) if found.kind == RequirementKind::Clause => {
            Err(format!("`{id}` is a clause: clauses always apply, only controls can be left out"))
        }
        Some(_) if entry.why.trim().is_empty() => Err(format!(
            "`{id}` has no justification; say in `why` what makes it not applicable here"
        )),
        Some(_) => Ok(Exclusion { name, justification: entry.why.trim().to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load_catalogue;

    fn load(text: &str) -> Result<Scope, String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("sufficit.toml");
        std::fs::write(&path, text).expect("is writable");
        let settings = Settings::load(Some(&path)).map_err(|error| error.to_string())?;
        let catalogue = load_catalogue(&[], &[]).expect("is built in");
        load_scope(&settings, Some(&path), &catalogue).map_err(|error| error.to_string())
    }

    fn excluded(id: &str, why: &str) -> String {
        format!("[[not_applicable]]\nrequirement = \"{id}\"\nwhy = \"{why}\"\n")
    }

    #[track_caller]
    fn refused(text: &str, line: usize, part: &str) {
        let error = load(text).expect_err("is refused");
        assert!(error.contains(&format!("sufficit.toml:{line}: ")), "{error}");
        assert!(error.contains(part), "{error}");
    }

    #[test]
    fn controls_and_systems_are_read() {
        let text = excluded("iso27001:A.7.13", "All equipment is rented.")
            + "[[ai_system]]\nname = \"Lodestone\"\naliases = [\"AI-001\"]\n[[ai_system]]\nname = \"PalletEye\"\n";
        let scope = load(&text).expect("is well formed");
        let name = scope.not_applicable[0].name.clone();
        assert_eq!(scope.exclusion(&name), Some("All equipment is rented."));
        let names: Vec<&str> = scope.ai_systems.iter().flat_map(|system| system.names()).collect();
        assert_eq!(names, ["Lodestone", "AI-001", "PalletEye"]);
        assert!(load("").expect("is well formed").is_empty());
    }

    #[test]
    fn what_cannot_be_left_out_is_refused_with_its_line() {
        refused(&excluded("A.7.13", "Rented."), 2, "does not name its framework");
        refused(&excluded("iso27001:A.7.99", "Rented."), 2, "no requirement `iso27001:A.7.99`");
        refused(&excluded("iso42001:9.1", "No board."), 2, "clauses always apply");
        refused(&excluded("iso27001:A.7.13", "  "), 2, "has no justification");
        let twice = excluded("iso27001:A.7.13", "Rented.").repeat(2);
        refused(&twice, 5, "not applicable twice");
        refused("\n[[not_applicable]]\nrequirement = \"iso27001:A.7.13\"\n", 2, "why");
    }

    #[test]
    fn systems_that_cannot_be_told_apart_are_refused() {
        let named = |names: [&str; 2]| {
            names.map(|name| format!("[[ai_system]]\nname = \"{name}\"\n")).concat()
        };
        refused(&named(["Lodestone", "lodestone"]), 4, "names two AI systems");
        refused(&named(["Lodestone", "L1"]), 4, "too short");
    }
}
