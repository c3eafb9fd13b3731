use crate::{ConfigError, ConfigFile};
use serde::Deserialize;
use std::collections::HashSet;
use std::ops::Range;
use sufficit_evidence::{
    Catalogue, CheckId, Crosswalk, FrameworkId, Pair, Provenance, Relation, Requirement,
    RequirementId, RequirementRef,
};
use toml::Spanned;

const BUILT_IN: [(&str, &str); 1] =
    [("iso42001-iso27001.toml", include_str!("../crosswalk/iso42001-iso27001.toml"))];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    crosswalk: RawHead,
    #[serde(default)]
    pair: Vec<Spanned<RawPair>>,
    #[serde(default)]
    new: Vec<Spanned<RawNew>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHead {
    from: String,
    to: String,
    #[serde(rename = "version")]
    _version: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPair {
    from: String,
    to: String,
    relation: Relation,
    shared: Vec<(String, String)>,
    why: String,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNew {
    requirement: String,
    reason: String,
}

/// The built-in crosswalk and those of `files`, checked against the catalogue.
///
/// Files between frameworks that the catalogue does not hold are passed over. Refuses, with file and line:
/// unknown keys, requirements and checks that do not exist, a pair that stands twice or shares no check,
/// and a requirement that is both paired and marked new.
pub fn load_crosswalk(
    files: &[ConfigFile],
    catalogue: &Catalogue,
) -> Result<Crosswalk, ConfigError> {
    let mut crosswalk = Crosswalk::default();
    let built_in = BUILT_IN.map(|(name, text)| ConfigFile::built_in(name, text));
    for file in built_in.iter().chain(files) {
        add_file(&mut crosswalk, file, catalogue)?;
    }
    Ok(crosswalk)
}

fn add_file(
    crosswalk: &mut Crosswalk,
    file: &ConfigFile,
    catalogue: &Catalogue,
) -> Result<(), ConfigError> {
    let raw: RawFile = file.parse()?;
    let from = FrameworkId::new(raw.crosswalk.from);
    let to = FrameworkId::new(raw.crosswalk.to);
    if catalogue.framework(&from).is_none() || catalogue.framework(&to).is_none() {
        return Ok(());
    }
    let mut seen = HashSet::new();
    for entry in raw.pair {
        let span = entry.span();
        let raw = entry.into_inner();
        let side = |framework: &FrameworkId, id: &str| {
            find(catalogue, framework, id).ok_or_else(|| {
                file.refuse(span.clone(), format!("{framework} has no requirement `{id}`"))
            })
        };
        let (from_name, from_requirement) = side(&from, &raw.from)?;
        let (to_name, to_requirement) = side(&to, &raw.to)?;
        if !seen.insert((raw.from.clone(), raw.to.clone())) {
            let what = format!("the pair {} and {} stands twice", raw.from, raw.to);
            return Err(file.refuse(span, what));
        }
        let shared = shared_checks(file, &span, &raw, from_requirement, to_requirement)?;
        crosswalk.pairs.push(Pair {
            strength: share(shared.iter().map(|(check, _)| check), from_requirement),
            reverse_strength: share(shared.iter().map(|(_, check)| check), to_requirement),
            from: from_name,
            to: to_name,
            relation: raw.relation,
            shared,
            why: raw.why,
            provenance: raw.source.map_or(Provenance::Own, Provenance::Public),
        });
    }
    for entry in raw.new {
        let span = entry.span();
        let raw = entry.into_inner();
        let Some((name, _)) = find(catalogue, &from, &raw.requirement) else {
            return Err(
                file.refuse(span, format!("{from} has no requirement `{}`", raw.requirement))
            );
        };
        if crosswalk.pairs.iter().any(|pair| pair.from == name) {
            return Err(
                file.refuse(span, format!("`{}` is marked new, and paired too", raw.requirement))
            );
        }
        crosswalk.new.push((name, raw.reason));
    }
    Ok(())
}

fn find<'a>(
    catalogue: &'a Catalogue,
    framework: &FrameworkId,
    id: &str,
) -> Option<(RequirementRef, &'a Requirement)> {
    let name =
        RequirementRef { framework: framework.clone(), requirement: RequirementId::from(id) };
    let requirement = catalogue.requirement(&name)?;
    Some((name, requirement))
}

fn shared_checks(
    file: &ConfigFile,
    span: &Range<usize>,
    raw: &RawPair,
    from: &Requirement,
    to: &Requirement,
) -> Result<Vec<(CheckId, CheckId)>, ConfigError> {
    if raw.shared.is_empty() {
        let what = format!("the pair {} and {} shares no check", raw.from, raw.to);
        return Err(file.refuse(span.clone(), what));
    }
    let known = |requirement: &Requirement, id: &String| {
        let id = CheckId::new(id.clone());
        if requirement.checks.iter().any(|check| check.id == id) {
            Ok(id)
        } else {
            Err(file.refuse(span.clone(), format!("`{}` has no check `{id}`", requirement.id)))
        }
    };
    raw.shared.iter().map(|(a, b)| Ok((known(from, a)?, known(to, b)?))).collect()
}

/// The share of the requirement's checks that are among `named`.
fn share<'a>(named: impl Iterator<Item = &'a CheckId>, requirement: &Requirement) -> f32 {
    let distinct: HashSet<&CheckId> = named.collect();
    distinct.len() as f32 / requirement.checks.len() as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load_catalogue;
    use sufficit_evidence::RequirementKind;

    #[test]
    fn every_control_is_paired_or_marked_new_and_loads_both_ways() {
        let catalogue = load_catalogue(&[], &[]).expect("is well formed");
        let crosswalk = load_crosswalk(&[], &catalogue).expect("is well formed");
        let iso42001 = FrameworkId::from("iso42001");
        let framework = catalogue.framework(&iso42001).expect("is built in");
        for requirement in
            framework.requirements.iter().filter(|r| r.kind == RequirementKind::Control)
        {
            let name = framework.reference(requirement);
            let new = crosswalk.new.iter().any(|(other, _)| *other == name);
            let counterparts = crosswalk.counterparts(&name);
            assert_ne!(new, !counterparts.is_empty(), "{name} must be paired or new");
            for counterpart in counterparts {
                let back = RequirementRef {
                    framework: counterpart.framework,
                    requirement: counterpart.requirement,
                };
                let found = crosswalk.counterparts(&back);
                assert!(
                    found.iter().any(|c| c.requirement == name.requirement),
                    "{back} must lead back"
                );
            }
        }
    }

    #[test]
    fn a_dangling_reference_is_refused_with_its_line() {
        let catalogue = load_catalogue(&[], &[]).expect("is well formed");
        let text = "[crosswalk]\nfrom = \"iso42001\"\nto = \"iso27001\"\nversion = \"1\"\n\n[[pair]]\nfrom = \"A.99\"\nto = \"A.5.1\"\nrelation = \"equal\"\nshared = []\nwhy = \"x\"\n";
        let file = ConfigFile { name: "mine.toml".into(), text: text.into() };
        let error = load_crosswalk(&[file], &catalogue).expect_err("dangles");
        assert_eq!(error.to_string(), "mine.toml:6: iso42001 has no requirement `A.99`");
    }
}
