use crate::{CheckId, DocumentKind, FrameworkId, Probe, ProbeKind, RequirementId, RequirementRef};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A published set of requirements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Framework {
    /// Its id, such as `iso42001`.
    pub id: FrameworkId,
    /// Its published name, such as `ISO/IEC 42001:2023`.
    pub title: String,
    /// What it is about, in a few words.
    pub about: String,
    /// Version of our own text, raised with each change of it.
    pub version: String,
    /// Words of which at least one stands in any text about this framework's field; empty where the field has no such words. The
    /// first is what the field is called.
    pub subject: Vec<String>,
    /// Words that hint at the field without settling it; a text that has several of them is about it too.
    pub subject_hints: Vec<String>,
    /// Whether a text for a control has to name the field too. Where it is false, only one for a clause has to, or for a
    /// control or check that calls the field by its name: a visitors' log serves a control of physical security without a word about
    /// security.
    pub subject_in_controls: bool,
    /// Sorts of document that are known by their titles, with what they usually show.
    pub document_types: Vec<DocumentType>,
    /// Groups of requirements, in published order.
    pub themes: Vec<Theme>,
    /// In published order.
    pub requirements: Vec<Requirement>,
}

/// A sort of document that is known by its title, finer than a [`DocumentKind`]: an incident report, a model card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentType {
    /// What it is called, with its article, as in `an incident report`.
    pub name: String,
    /// Words that stand together in the titles of such documents, in any number; `#` stands for a number.
    pub titles: Vec<String>,
    /// The requirements that it usually shows, whatever its title says it is about.
    pub requirements: Vec<RequirementId>,
}

/// A group of requirements under one heading of the framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Such as `A.6` or `9`.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Words of which a document names one at least, where it is evidence for the theme's controls. Any may be where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subject: Vec<String>,
}

/// One clause or control of a framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// Such as `A.6.2.4`.
    pub id: RequirementId,
    /// As published.
    pub title: String,
    /// Whether it has to be shown for each AI system by itself: evidence for one says nothing of the others.
    pub per_system: bool,
    /// Clause or control.
    pub kind: RequirementKind,
    /// The theme's id.
    pub theme: String,
    /// What it asks for and why, in our words.
    pub summary: String,
    /// Words that real evidence for it uses.
    pub terms: Vec<String>,
    /// Words that only seem to belong.
    pub lookalikes: Vec<String>,
    /// The evidence that usually shows it.
    pub evidence: Vec<EvidenceHint>,
    /// What an assessor verifies: 2 to 6.
    pub checks: Vec<Check>,
}

/// Whether a requirement stands in the body of the standard or in its Annex A.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequirementKind {
    /// A clause of the management system.
    Clause,
    /// A control of Annex A.
    Control,
}

/// A kind of document that usually shows a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceHint {
    /// What sort of document.
    pub kind: DocumentKind,
    /// What such documents are called.
    pub names: Vec<String>,
}

/// One thing that an assessor verifies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Such as `A.2.2/approved`.
    pub id: CheckId,
    /// What is verified, in our words.
    pub text: String,
    /// What sort of evidence meets it.
    pub by: Proof,
}

/// What sort of evidence meets a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// A document that lays it down.
    #[default]
    Paper,
    /// Only a record that it happened.
    Record,
}

/// All frameworks that are loaded, with the probes made from them.
///
/// **Invariant:** probes stand in the order of frameworks, requirements and checks; each requirement's
/// subject probe stands before its checks. A probe's position is its name in a [`Candidate`](crate::Candidate).
#[derive(Clone, Debug)]
pub struct Catalogue {
    frameworks: Vec<Framework>,
    probes: Vec<Probe>,
    by_ref: HashMap<RequirementRef, (usize, usize, usize)>,
}

/// Why frameworks cannot stand together in one catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogueFault {
    /// Two frameworks have this id.
    DuplicateFramework(FrameworkId),
    /// Two requirements of a framework have this id.
    DuplicateRequirement(RequirementRef),
}

impl Catalogue {
    /// Joins frameworks into a catalogue. Fails where an id stands twice.
    pub fn new(frameworks: Vec<Framework>) -> Result<Self, CatalogueFault> {
        let mut probes = Vec::new();
        let mut by_ref = HashMap::new();
        for (f, framework) in frameworks.iter().enumerate() {
            if frameworks[..f].iter().any(|other| other.id == framework.id) {
                return Err(CatalogueFault::DuplicateFramework(framework.id.clone()));
            }
            for (r, requirement) in framework.requirements.iter().enumerate() {
                let name = framework.reference(requirement);
                if by_ref.insert(name.clone(), (f, r, probes.len())).is_some() {
                    return Err(CatalogueFault::DuplicateRequirement(name));
                }
                let probe = |kind, text| Probe {
                    framework: framework.id.clone(),
                    requirement: requirement.id.clone(),
                    kind,
                    title: requirement.title.clone(),
                    text,
                };
                probes.push(probe(ProbeKind::Subject, requirement.subject_text()));
                for check in &requirement.checks {
                    probes.push(probe(ProbeKind::Check(check.id.clone()), check.text.clone()));
                }
            }
        }
        Ok(Self { frameworks, probes, by_ref })
    }

    /// The frameworks, in the order loaded.
    pub fn frameworks(&self) -> &[Framework] {
        &self.frameworks
    }

    /// The framework of this id.
    pub fn framework(&self, id: &FrameworkId) -> Option<&Framework> {
        self.frameworks.iter().find(|framework| framework.id == *id)
    }

    /// The requirement of this name.
    pub fn requirement(&self, name: &RequirementRef) -> Option<&Requirement> {
        let &(f, r, _) = self.by_ref.get(name)?;
        Some(&self.frameworks[f].requirements[r])
    }

    /// The position of the requirement's subject probe; those of its checks follow it.
    pub fn first_probe(&self, name: &RequirementRef) -> Option<usize> {
        self.by_ref.get(name).map(|&(_, _, probe)| probe)
    }

    /// Every requirement with its framework, in order.
    pub fn requirements(&self) -> impl Iterator<Item = (&Framework, &Requirement)> {
        self.frameworks
            .iter()
            .flat_map(|framework| framework.requirements.iter().map(move |r| (framework, r)))
    }

    /// The check that the probe at this position stands for; `None` for a requirement as a whole, and past the last.
    pub fn check_of(&self, probe: u32) -> Option<CheckId> {
        match &self.probes.get(probe as usize)?.kind {
            ProbeKind::Check(check) => Some(check.clone()),
            ProbeKind::Subject => None,
        }
    }

    /// Every text that passages are held against.
    pub fn probes(&self) -> &[Probe] {
        &self.probes
    }

    /// Those that stand for this requirement: it as a whole, and its checks.
    pub fn probes_of(&self, name: &RequirementRef) -> impl Iterator<Item = &Probe> {
        self.probes.iter().filter(|probe| {
            probe.framework == name.framework && probe.requirement == name.requirement
        })
    }
}

impl Framework {
    /// The name of one of its requirements across frameworks.
    pub fn reference(&self, requirement: &Requirement) -> RequirementRef {
        RequirementRef { framework: self.id.clone(), requirement: requirement.id.clone() }
    }

    /// The requirement of this id.
    pub fn requirement(&self, id: &RequirementId) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.id == *id)
    }
}

impl Requirement {
    /// What stands for the requirement as a whole: its title, summary and terms.
    fn subject_text(&self) -> String {
        format!("{}. {} {}", self.title, self.summary, self.terms.join(", "))
    }
}
