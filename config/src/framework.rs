use crate::{ConfigError, ConfigFile};
use serde::Deserialize;
use std::collections::HashSet;
use std::ops::Range;
use sufficit_evidence::{
    Check, CheckId, DocumentType, EvidenceHint, Framework, FrameworkId, Proof, Requirement,
    RequirementId, RequirementKind, Theme,
};
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    framework: RawFramework,
    #[serde(default)]
    document_type: Vec<Spanned<DocumentType>>,
    #[serde(default)]
    theme: Vec<Spanned<Theme>>,
    #[serde(default)]
    requirement: Vec<Spanned<RawRequirement>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFramework {
    id: Spanned<String>,
    title: String,
    about: String,
    version: String,
    #[serde(default)]
    subject: Vec<String>,
    #[serde(default)]
    subject_hints: Vec<String>,
    #[serde(default = "yes")]
    subject_in_controls: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRequirement {
    id: Spanned<String>,
    title: Spanned<String>,
    #[serde(default)]
    per_system: bool,
    kind: RequirementKind,
    theme: Spanned<String>,
    summary: Spanned<String>,
    #[serde(default)]
    terms: Vec<String>,
    #[serde(default)]
    lookalikes: Vec<String>,
    #[serde(default)]
    evidence: Vec<EvidenceHint>,
    #[serde(default)]
    check: Vec<RawCheck>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCheck {
    id: Spanned<String>,
    text: Spanned<String>,
    #[serde(default)]
    by: Proof,
}

fn yes() -> bool {
    true
}

/// How many checks a requirement may have (product.md).
const CHECKS: std::ops::RangeInclusive<usize> = 2..=6;

/// Reads one framework from its file.
///
/// Refuses, with file and line: unknown keys, ids that stand twice or hold other characters than letters,
/// digits, `.` and `-`, themes that are not declared, empty texts, and more or fewer than 2 to 6 checks.
pub fn parse_framework(file: &ConfigFile) -> Result<Framework, ConfigError> {
    let raw: RawFile = file.parse()?;
    check_id(file, &raw.framework.id)?;
    let themes = collect_themes(file, raw.theme)?;
    let mut seen = HashSet::new();
    let mut requirements = Vec::with_capacity(raw.requirement.len());
    for entry in raw.requirement {
        let span = entry.span();
        let requirement = entry.into_inner();
        check_id(file, &requirement.id)?;
        if !seen.insert(requirement.id.get_ref().clone()) {
            let what = format!("requirement `{}` stands twice", requirement.id.get_ref());
            return Err(file.refuse(requirement.id.span(), what));
        }
        if !themes.iter().any(|theme| theme.id == *requirement.theme.get_ref()) {
            let what =
                format!("theme `{}` is not declared in this file", requirement.theme.get_ref());
            return Err(file.refuse(requirement.theme.span(), what));
        }
        requirements.push(build_requirement(file, span, requirement)?);
    }
    if requirements.is_empty() {
        return Err(file.refuse(0..0, "a framework needs at least one [[requirement]]"));
    }
    for typed in &raw.document_type {
        if typed.get_ref().titles.iter().any(|title| title.trim().is_empty()) {
            return Err(file.refuse(typed.span(), "a title of a document type is empty"));
        }
        for id in &typed.get_ref().requirements {
            if !requirements.iter().any(|requirement: &Requirement| requirement.id == *id) {
                let what = format!(
                    "there is no requirement `{id}` that {} could show",
                    typed.get_ref().name
                );
                return Err(file.refuse(typed.span(), what));
            }
        }
    }
    Ok(Framework {
        id: FrameworkId::new(raw.framework.id.into_inner()),
        title: raw.framework.title,
        about: raw.framework.about,
        version: raw.framework.version,
        subject: raw.framework.subject,
        subject_hints: raw.framework.subject_hints,
        subject_in_controls: raw.framework.subject_in_controls,
        document_types: raw.document_type.into_iter().map(Spanned::into_inner).collect(),
        themes,
        requirements,
    })
}

fn collect_themes(file: &ConfigFile, raw: Vec<Spanned<Theme>>) -> Result<Vec<Theme>, ConfigError> {
    let mut themes: Vec<Theme> = Vec::with_capacity(raw.len());
    for theme in raw {
        if themes.iter().any(|other| other.id == theme.get_ref().id) {
            let what = format!("theme `{}` stands twice", theme.get_ref().id);
            return Err(file.refuse(theme.span(), what));
        }
        themes.push(theme.into_inner());
    }
    Ok(themes)
}

fn build_requirement(
    file: &ConfigFile,
    span: Range<usize>,
    raw: RawRequirement,
) -> Result<Requirement, ConfigError> {
    let id = RequirementId::new(raw.id.into_inner());
    if !CHECKS.contains(&raw.check.len()) {
        let what = format!("requirement `{id}` has {} checks; it needs 2 to 6", raw.check.len());
        return Err(file.refuse(span, what));
    }
    let mut checks: Vec<Check> = Vec::with_capacity(raw.check.len());
    for check in raw.check {
        check_id(file, &check.id)?;
        let name = CheckId::new(format!("{id}/{}", check.id.get_ref()));
        if checks.iter().any(|other| other.id == name) {
            return Err(file.refuse(check.id.span(), format!("check `{name}` stands twice")));
        }
        checks.push(Check { id: name, text: filled(file, check.text)?, by: check.by });
    }
    Ok(Requirement {
        id,
        title: filled(file, raw.title)?,
        per_system: raw.per_system,
        kind: raw.kind,
        theme: raw.theme.into_inner(),
        summary: filled(file, raw.summary)?,
        terms: raw.terms,
        lookalikes: raw.lookalikes,
        evidence: raw.evidence,
        checks,
    })
}

fn filled(file: &ConfigFile, text: Spanned<String>) -> Result<String, ConfigError> {
    if text.get_ref().trim().is_empty() {
        return Err(file.refuse(text.span(), "this text is empty"));
    }
    Ok(text.into_inner())
}

fn check_id(file: &ConfigFile, id: &Spanned<String>) -> Result<(), ConfigError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    if id.get_ref().is_empty() || !id.get_ref().chars().all(fits) {
        let what = format!("`{}` is no id: letters, digits, `.` and `-` only", id.get_ref());
        return Err(file.refuse(id.span(), what));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
[framework]
id = "house"
title = "House rules"
about = "Our own"
version = "1"

[[theme]]
id = "1"
title = "All"

[[requirement]]
id = "1.1"
title = "Keys"
kind = "control"
theme = "1"
summary = "Keys are kept."

[[requirement.check]]
id = "list"
text = "A list says who holds which key."

[[requirement.check]]
id = "return"
text = "Leavers hand their keys back."
by = "record"
"#;

    fn refusal(text: String) -> String {
        let file = ConfigFile { name: "house.toml".into(), text };
        parse_framework(&file).expect_err("must be refused").to_string()
    }

    #[test]
    fn a_framework_of_the_users_own_is_read() {
        let file = ConfigFile { name: "house.toml".into(), text: SMALL.into() };
        let framework = parse_framework(&file).expect("is well formed");
        assert_eq!(framework.requirements[0].checks[1].id.as_str(), "1.1/return");
        assert_eq!(framework.requirements[0].checks[1].by, Proof::Record);
    }

    #[test]
    fn what_is_wrong_is_said_with_file_and_line() {
        insta::assert_snapshot!(refusal(SMALL.replace("about =", "abuot =")), @"house.toml:5: unknown field `abuot`, expected one of `id`, `title`, `about`, `version`, `subject`, `subject_hints`, `subject_in_controls`");
        insta::assert_snapshot!(refusal(SMALL.replace("\"return\"", "\"list\"")), @"house.toml:24: check `1.1/list` stands twice");
        insta::assert_snapshot!(refusal(SMALL.replace("theme = \"1\"", "theme = \"2\"")), @"house.toml:16: theme `2` is not declared in this file");
        insta::assert_snapshot!(refusal(SMALL.replace("\"1.1\"", "\"1 1\"")), @"house.toml:13: `1 1` is no id: letters, digits, `.` and `-` only");
        insta::assert_snapshot!(refusal(SMALL.replace("Keys are kept.", " ")), @"house.toml:17: this text is empty");
        let doubled = SMALL.split_once("[[requirement]]").map(|(_, rest)| rest).unwrap_or_default();
        insta::assert_snapshot!(refusal(format!("{SMALL}[[requirement]]{doubled}")), @"house.toml:28: requirement `1.1` stands twice");
        let single =
            SMALL.split_once("[[requirement.check]]\nid = \"return\"").map(|(kept, _)| kept);
        insta::assert_snapshot!(refusal(single.unwrap_or_default().into()), @"house.toml:12: requirement `1.1` has 1 checks; it needs 2 to 6");
    }
}
