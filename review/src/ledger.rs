use crate::{Standing, standing};
use std::collections::{BTreeSet, HashMap};
use sufficit_evidence::{Decision, DocumentId, RequirementRef, SourceRef};

/// All decisions of a record, found by what they are about.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    decisions: Vec<Decision>,
    by_source: HashMap<(SourceRef, Option<RequirementRef>), Vec<usize>>,
    by_document: HashMap<(DocumentId, Option<RequirementRef>), Vec<usize>>,
    by_requirement: HashMap<RequirementRef, Vec<usize>>,
}

impl Ledger {
    /// A ledger of `decisions`, oldest first.
    pub fn new(decisions: Vec<Decision>) -> Self {
        let mut ledger = Self::default();
        ledger.append(decisions);
        ledger
    }

    /// Adds later decisions, oldest first.
    pub fn append(&mut self, decisions: Vec<Decision>) {
        for decision in decisions {
            let at = self.decisions.len();
            let requirement = decision.subject.requirement().cloned();
            match (decision.subject.source(), &requirement) {
                (Some(source), _) => {
                    let key = (source.clone(), requirement.clone());
                    self.by_source.entry(key).or_default().push(at);
                    if let Some(document) = &decision.seen.document {
                        let key = (document.clone(), requirement);
                        self.by_document.entry(key).or_default().push(at);
                    }
                }
                (None, Some(requirement)) => {
                    self.by_requirement.entry(requirement.clone()).or_default().push(at);
                }
                (None, None) => {}
            }
            self.decisions.push(decision);
        }
    }

    /// Every decision, oldest first.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// The last decision's number; 0 before the first.
    pub fn last(&self) -> u64 {
        self.decisions.last().map_or(0, |decision| decision.number)
    }

    /// What was decided of a document held against a requirement: on this version, or on another one at one of `sources`.
    pub fn of_match(
        &self,
        document: &DocumentId,
        sources: &[SourceRef],
        requirement: &RequirementRef,
    ) -> Standing {
        self.about(document, sources, Some(requirement))
    }

    /// What was set right of a document's facts, in this version or another one at one of `sources`.
    pub fn of_document(&self, document: &DocumentId, sources: &[SourceRef]) -> Standing {
        self.about(document, sources, None)
    }

    /// What was decided of a requirement as a whole.
    pub fn of_requirement(&self, requirement: &RequirementRef) -> Standing {
        let found = self.by_requirement.get(requirement).map(Vec::as_slice).unwrap_or_default();
        self.standing_of(found.iter().copied())
    }

    fn about(
        &self,
        document: &DocumentId,
        sources: &[SourceRef],
        requirement: Option<&RequirementRef>,
    ) -> Standing {
        let requirement = requirement.cloned();
        let mut found: BTreeSet<usize> = BTreeSet::new();
        for source in sources {
            let key = (source.clone(), requirement.clone());
            found.extend(self.by_source.get(&key).into_iter().flatten());
        }
        found.extend(self.by_document.get(&(document.clone(), requirement)).into_iter().flatten());
        self.standing_of(found.into_iter())
    }

    fn standing_of(&self, found: impl Iterator<Item = usize>) -> Standing {
        let decisions: Vec<Decision> =
            found.filter_map(|at| self.decisions.get(at)).cloned().collect();
        standing(&decisions)
    }
}
