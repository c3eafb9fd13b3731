use crate::{Standing, standing};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use sufficit_evidence::{Action, Decision, DocumentId, RequirementRef, SourceRef};

/// All decisions of a record, found by what they are about.
///
/// A copy costs next to nothing, and so does a decision more: decisions lie in parts that are never changed, and a part
/// is joined with the one before it once it has grown as large. So there are few parts, and each decision is moved few times.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    parts: Vec<Arc<Part>>,
}

/// Decisions in the order of their numbers.
#[derive(Debug, Default)]
struct Part {
    decisions: Vec<Arc<Decision>>,
    about: HashMap<About, Vec<usize>>,
    /// The undo of each decision that was taken back, by the latter's number.
    undone: HashMap<u64, usize>,
}

/// What a decision is found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum About {
    Source(SourceRef, Option<RequirementRef>),
    Document(DocumentId, Option<RequirementRef>),
    Requirement(RequirementRef),
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
        if decisions.is_empty() {
            return;
        }
        let mut part = Part::of(decisions.into_iter().map(Arc::new).collect());
        while let Some(before) = self.parts.pop_if(|last| last.len() <= part.len()) {
            part = Part::of(before.decisions.iter().chain(&part.decisions).cloned().collect());
        }
        self.parts.push(Arc::new(part));
    }

    /// Every decision, oldest first.
    pub fn decisions(&self) -> impl DoubleEndedIterator<Item = &Decision> {
        self.parts.iter().flat_map(|part| part.decisions.iter().map(Arc::as_ref))
    }

    /// Those whose number is above `after`, newest first.
    pub fn since(&self, after: u64) -> impl Iterator<Item = &Decision> {
        self.decisions().rev().take_while(move |decision| decision.number > after)
    }

    /// The last decision's number; 0 before the first.
    pub fn last(&self) -> u64 {
        self.decisions().next_back().map_or(0, |decision| decision.number)
    }

    /// What was decided of a document held against a requirement: on this version, or on another one at one of `sources`.
    pub fn of_match<'a>(
        &self,
        document: &DocumentId,
        sources: impl IntoIterator<Item = &'a SourceRef>,
        requirement: &RequirementRef,
    ) -> Standing {
        self.of_version(document, sources, Some(requirement))
    }

    /// What was set right of a document's facts, in this version or another one at one of `sources`.
    pub fn of_document(&self, document: &DocumentId, sources: &[SourceRef]) -> Standing {
        self.of_version(document, sources, None)
    }

    /// What was decided of a requirement as a whole.
    pub fn of_requirement(&self, requirement: &RequirementRef) -> Standing {
        self.standing_of([About::Requirement(requirement.clone())])
    }

    fn of_version<'a>(
        &self,
        document: &DocumentId,
        sources: impl IntoIterator<Item = &'a SourceRef>,
        requirement: Option<&RequirementRef>,
    ) -> Standing {
        let of_source = |source: &SourceRef| About::Source(source.clone(), requirement.cloned());
        let of_version = About::Document(document.clone(), requirement.cloned());
        self.standing_of(sources.into_iter().map(of_source).chain([of_version]))
    }

    fn standing_of(&self, about: impl IntoIterator<Item = About>) -> Standing {
        if self.parts.is_empty() {
            return Standing::default();
        }
        let about: Vec<About> = about.into_iter().collect();
        let mut found: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (place, part) in self.parts.iter().enumerate() {
            let at = about.iter().filter_map(|about| part.about.get(about)).flatten();
            found.extend(at.map(|at| (place, *at)));
        }
        let undos: Vec<(usize, usize)> =
            found.iter().filter_map(|at| self.undo_of(self.at(*at)?.number)).collect();
        found.extend(undos);
        let decisions: Vec<Decision> =
            found.into_iter().filter_map(|at| self.at(at)).cloned().collect();
        standing(&decisions)
    }

    /// Where the undo of a decision lies: it may have been taken down at another place of the same document.
    fn undo_of(&self, number: u64) -> Option<(usize, usize)> {
        let parts = self.parts.iter().enumerate();
        parts.rev().find_map(|(place, part)| Some((place, *part.undone.get(&number)?)))
    }

    fn at(&self, (place, at): (usize, usize)) -> Option<&Decision> {
        self.parts.get(place)?.decisions.get(at).map(Arc::as_ref)
    }
}

impl Part {
    fn of(decisions: Vec<Arc<Decision>>) -> Self {
        let mut part = Self::default();
        for (at, decision) in decisions.iter().enumerate() {
            let requirement = decision.subject.requirement().cloned();
            let mut file = |about| part.about.entry(about).or_default().push(at);
            match (decision.subject.source(), requirement) {
                (Some(source), requirement) => {
                    if let Some(document) = &decision.seen.document {
                        file(About::Document(document.clone(), requirement.clone()));
                    }
                    file(About::Source(source.clone(), requirement));
                }
                (None, Some(requirement)) => file(About::Requirement(requirement)),
                (None, None) => {}
            }
            if let Action::Undo { number } = decision.action {
                part.undone.insert(number, at);
            }
        }
        part.decisions = decisions;
        part
    }

    fn len(&self) -> usize {
        self.decisions.len()
    }
}

#[cfg(test)]
mod tests;
