use crate::commands::document_of_text;
use crate::eval::measures::Pair;
use crate::eval::set::{Content, Item, LabelledSet, Labels};
use crate::failure::Failure;
use crate::judge::Judge;
use crate::reading::Reader;
use rayon::prelude::*;
use std::collections::BTreeMap;
use sufficit_evidence::{Document, Framework, FrameworkId, Match, RequirementKind, RequirementRef};
use sufficit_ingest::Limits;
use sufficit_mapper::Relevance;

/// One item with what the mapper says of it.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) id: String,
    pub(crate) distractor: bool,
    pub(crate) near_miss: bool,
    /// Why it could not be read; it counts as if nothing had been found.
    pub(crate) unread: Option<String>,
    /// For labels of relevance: for each ranked requirement, best first, whether it is among the labels.
    pub(crate) ranking: Vec<bool>,
    /// How many requirements are labelled.
    pub(crate) labelled: usize,
    /// Whether nothing was proposed for it.
    pub(crate) nothing_proposed: bool,
    /// For grades, by framework: the pairs judged.
    pub(crate) pairs: BTreeMap<String, Vec<Pair>>,
}

/// Holds every item of the set against the catalogue.
pub(crate) fn judge_set(
    judge: &Judge,
    set: &LabelledSet,
    limits: &Limits,
    reader: &Reader,
) -> Result<Vec<Judged>, Failure> {
    let controls_only = BTreeMap::from_iter(
        judge
            .rules
            .catalogue()
            .frameworks()
            .iter()
            .map(|f| (f.id.to_string(), labels_are_controls(set, f))),
    );
    let ungraded = BTreeMap::new();
    set.items
        .par_iter()
        .map(|item| {
            let (document, unread) = match read(item, limits, reader) {
                Ok(document) => (Some(document), None),
                Err(reason) => (None, Some(reason)),
            };
            let (matches, ranking) =
                document.as_ref().map(|d| judge.explain(d)).transpose()?.unwrap_or_default();
            let mut judged = Judged {
                id: item.id.clone(),
                distractor: item.distractor,
                near_miss: item.near_miss,
                unread,
                ranking: Vec::new(),
                labelled: 0,
                nothing_proposed: true,
                pairs: BTreeMap::new(),
            };
            match &item.labels {
                Labels::Relevant { framework, requirements } => {
                    let id = FrameworkId::from(framework.as_str());
                    let Some(framework) = judge.rules.catalogue().framework(&id) else {
                        return Ok(judged);
                    };
                    let ranked = |name: &RequirementRef| {
                        is_ranked(framework, name, controls_only[id.as_str()])
                    };
                    judged.labelled = requirements.len();
                    judged.ranking = ranked_labels(&ranking, requirements, ranked);
                    judged.nothing_proposed = !matches.iter().any(|found| {
                        ranked(&RequirementRef {
                            framework: found.framework.clone(),
                            requirement: found.requirement.clone(),
                        }) && found.sufficiency.level() >= 2
                    });
                }
                Labels::Graded(scores) => {
                    for framework in judge.rules.catalogue().frameworks() {
                        let graded = scores.get(framework.id.as_str());
                        if graded.is_none() && set.named_only {
                            continue;
                        }
                        let grades = graded.unwrap_or(&ungraded);
                        let named = Named {
                            only: set.named_only,
                            controls_only: controls_only[framework.id.as_str()],
                        };
                        let pairs = pairs(framework, grades, &matches, named);
                        judged.pairs.insert(framework.id.to_string(), pairs);
                    }
                }
            }
            Ok(judged)
        })
        .collect()
}

fn read(item: &Item, limits: &Limits, reader: &Reader) -> Result<Document, String> {
    match &item.content {
        Content::Text(text) => {
            document_of_text(text, limits).ok_or_else(|| "the text is blank".to_owned())
        }
        Content::File(path) => reader.document(path),
    }
}

/// Whether every label of the set that is of this framework is an Annex A control: then only those are ranked.
fn labels_are_controls(set: &LabelledSet, framework: &Framework) -> bool {
    let is_control = |id: &str| {
        framework
            .requirement(&id.into())
            .is_some_and(|requirement| requirement.kind == RequirementKind::Control)
    };
    set.items.iter().all(|item| match &item.labels {
        Labels::Relevant { framework: name, requirements } => {
            name != framework.id.as_str() || requirements.iter().all(|id| is_control(id))
        }
        Labels::Graded(scores) => scores
            .get(framework.id.as_str())
            .is_none_or(|grades| grades.keys().all(|id| is_control(id))),
    })
}

fn is_ranked(framework: &Framework, name: &RequirementRef, controls_only: bool) -> bool {
    name.framework == framework.id
        && framework.requirement(&name.requirement).is_some_and(|requirement| {
            !controls_only || requirement.kind == RequirementKind::Control
        })
}

fn ranked_labels(
    ranking: &[Relevance],
    labels: &[String],
    ranked: impl Fn(&RequirementRef) -> bool,
) -> Vec<bool> {
    ranking
        .iter()
        .filter(|entry| ranked(&entry.name))
        .map(|entry| labels.iter().any(|label| label == entry.name.requirement.as_str()))
        .collect()
}

/// What a set says of the requirements that it does not name.
#[derive(Clone, Copy)]
struct Named {
    /// Nothing at all.
    only: bool,
    /// Nothing of clauses, for it names none of this framework.
    controls_only: bool,
}

/// The pairs of one item and the framework's requirements; what is not named is 0, unless the set says nothing of it.
fn pairs(
    framework: &Framework,
    grades: &BTreeMap<String, u8>,
    matches: &[Match],
    named: Named,
) -> Vec<Pair> {
    framework
        .requirements
        .iter()
        .filter(|requirement| match grades.get(requirement.id.as_str()) {
            Some(_) => true,
            None => {
                !named.only
                    && (!named.controls_only || requirement.kind == RequirementKind::Control)
            }
        })
        .map(|requirement| {
            let found = matches
                .iter()
                .find(|m| m.framework == framework.id && m.requirement == requirement.id);
            Pair {
                requirement: requirement.id.clone(),
                labelled: grades.get(requirement.id.as_str()).copied().unwrap_or(0),
                proposed: found.map_or(0, |found| found.sufficiency.level()),
                confidence: found.map(|found| found.confidence),
            }
        })
        .collect()
}
