//! What holds once people have decided: proposals come from the record, decisions are laid beside them, and the
//! requirements that they bear on are assessed again. The command line and the view both ask here, so they agree.

use crate::cli::Common;
use crate::failure::Failure;
use crate::judge;
use crate::workspace::Workspace;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use sufficit_evidence::{
    Assessment, Decision, Document, DocumentId, DocumentKind, Match, RequirementRef, RunId,
    SourceRef, Subject, corrected, corrections,
};
use sufficit_mapper::{Copies, Rules, copies};
use sufficit_review::{
    Ledger, MatchFilter, Standing, Store, StoredMatch, counted, held, unproposed,
};

/// Every decision, and where the documents lie that they may be about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decided {
    pub(crate) ledger: Ledger,
    /// Of each current document.
    pub(crate) sources: Arc<HashMap<DocumentId, Vec<SourceRef>>>,
    /// The current document at each of these.
    pub(crate) documents: Arc<HashMap<SourceRef, DocumentId>>,
}

/// The current document at each source.
pub(crate) fn documents_at(
    sources: &HashMap<DocumentId, Vec<SourceRef>>,
) -> HashMap<SourceRef, DocumentId> {
    let at = |(document, sources): (&DocumentId, &Vec<SourceRef>)| {
        sources.iter().map(|source| (source.clone(), document.clone())).collect::<Vec<_>>()
    };
    sources.iter().flat_map(at).collect()
}

impl Decided {
    /// All that was decided so far.
    pub(crate) async fn so_far(store: &Store) -> Result<Self, Failure> {
        let ledger = Ledger::new(store.decisions(0).await?);
        let sources = if ledger.last() == 0 { HashMap::new() } else { store.sources().await? };
        let documents = Arc::new(documents_at(&sources));
        Ok(Self { ledger, sources: Arc::new(sources), documents })
    }

    /// What was decided of a document held against a requirement.
    pub(crate) fn standing(&self, document: &DocumentId, name: &RequirementRef) -> Standing {
        let sources = self.sources.get(document).map(Vec::as_slice).unwrap_or_default();
        self.ledger.of_match(document, sources, name)
    }

    /// The number of the last decision that set one of the document's facts right; 0 for none.
    pub(crate) fn corrected(&self, document: &DocumentId) -> u64 {
        let standing = self.ledger.of_document(document, &[]);
        corrections(document, &standing.history).last().map_or(0, |decision| decision.number)
    }

    /// The document with its facts as reviewers set them right.
    pub(crate) fn set_right(&self, document: Document) -> Document {
        let standing = self.ledger.of_document(&document.id, &[]);
        let corrections = corrections(&document.id, &standing.history);
        Document { facts: corrected(document.facts, &corrections), ..document }
    }

    /// The matches of current documents that stand on a person's word alone, in the order in which they were first decided:
    /// those that were added, and those whose proposal is gone while the verdict on it is not. `proposes` says whether the run
    /// has a match of the two, `None` where it has not looked at the document: nobody knows then whether one is gone. Of `only`
    /// these requirements where some are given. The kinds of documents with a match in `known` are not looked up.
    pub(crate) async fn unproposed(
        &self,
        store: &Store,
        proposes: impl Fn(&RequirementRef, &DocumentId) -> Option<bool>,
        only: Option<&BTreeSet<RequirementRef>>,
        known: &[Match],
    ) -> Result<Vec<Match>, Failure> {
        let mut kinds: HashMap<DocumentId, DocumentKind> =
            known.iter().map(|found| (found.document.clone(), found.kind)).collect();
        let mut met: HashSet<(&DocumentId, &RequirementRef)> = HashSet::new();
        let mut matches = Vec::new();
        for decision in self.ledger.decisions().filter(|one| one.action.is_verdict()) {
            let Subject::Match { requirement, .. } = &decision.subject else { continue };
            if only.is_some_and(|only| !only.contains(requirement)) {
                continue;
            }
            for document in self.documents_of(decision) {
                let proposed = proposes(requirement, document);
                if proposed == Some(true) || !met.insert((document, requirement)) {
                    continue;
                }
                let standing = self.standing(document, requirement);
                let is_unknown = proposed.is_none() && standing.given_alone(document).is_none();
                if standing.holding.is_none() || is_unknown {
                    continue;
                }
                let kind = match kinds.get(document) {
                    Some(kind) => *kind,
                    None => {
                        let Some(text) = store.document(document).await? else { continue };
                        self.set_right(text).facts.kind()
                    }
                };
                kinds.insert(document.clone(), kind);
                matches.extend(unproposed(document, requirement, kind, &standing));
            }
        }
        Ok(matches)
    }

    /// The same for whatever a run proposes under `fingerprint`, the latest where it is `None`.
    pub(crate) async fn unproposed_by_run(
        &self,
        store: &Store,
        fingerprint: Option<&str>,
    ) -> Result<Vec<Match>, Failure> {
        if self.ledger.last() == 0 {
            return Ok(Vec::new());
        }
        let latest = match fingerprint {
            Some(fingerprint) => Some(fingerprint.to_owned()),
            None => store.latest_fingerprint().await?,
        };
        let mapped = match &latest {
            Some(fingerprint) => store.mapped(fingerprint).await?,
            None => HashMap::new(),
        };
        let matched = store.matched(latest.as_deref()).await?;
        let proposes = |name: &RequirementRef, document: &DocumentId| {
            let is_match = matched.get(name).is_some_and(|documents| documents.contains(document));
            mapped.contains_key(document).then_some(is_match)
        };
        self.unproposed(store, proposes, None, &[]).await
    }

    /// The current documents that a decision is about: what lies where it was taken, and the very version that was seen.
    fn documents_of<'a>(&'a self, decision: &'a Decision) -> impl Iterator<Item = &'a DocumentId> {
        let there = decision.subject.source().and_then(|source| self.documents.get(source));
        let seen = decision.seen.document.as_ref();
        let seen = seen.filter(|seen| self.sources.contains_key(*seen) && there != Some(*seen));
        there.into_iter().chain(seen)
    }

    /// What was decided of a requirement's matches whose documents lie nowhere any more, oldest first. Nothing is left to
    /// confirm there, but an auditor may ask what became of it.
    pub(crate) fn departed(&self, name: &RequirementRef) -> Vec<Decision> {
        let is_departed = |decision: &&Decision| {
            matches!(&decision.subject, Subject::Match { requirement, .. } if requirement == name)
                && self.documents_of(decision).next().is_none()
        };
        self.ledger.decisions().filter(is_departed).cloned().collect()
    }

    /// The requirements with a match that was decided after the decision of that number.
    pub(crate) fn touched(&self, after: u64) -> BTreeSet<RequirementRef> {
        let of_match = |subject: &Subject| match subject {
            Subject::Match { requirement, .. } => Some(requirement.clone()),
            Subject::Requirement { .. } | Subject::Document { .. } => None,
        };
        self.ledger.since(after).filter_map(|decision| of_match(&decision.subject)).collect()
    }

    /// A requirement's matches as they count: what was rejected is left out, what was added is there. `unproposed` are those
    /// that no run proposes, of whatever requirement.
    pub(crate) fn counting(
        &self,
        name: &RequirementRef,
        proposals: Vec<StoredMatch>,
        unproposed: &[Match],
    ) -> Vec<Match> {
        let extra = unproposed.iter().filter(|extra| extra.name() == *name).cloned();
        let all = proposals.into_iter().map(|stored| stored.proposal).chain(extra);
        let as_it_counts = |found: Match| {
            let standing = self.standing(&found.document, name);
            counted(found, &standing)
        };
        all.filter_map(as_it_counts).collect()
    }
}

/// By what requirements are assessed again.
pub(crate) struct Reassessment<'a> {
    pub(crate) store: &'a Store,
    pub(crate) rules: &'a Rules,
    pub(crate) decided: &'a Decided,
    pub(crate) unproposed: &'a [Match],
    pub(crate) copies: &'a Copies,
    pub(crate) run: &'a RunId,
}

impl Reassessment<'_> {
    /// Assesses a requirement from its matches under `fingerprint` (of the latest run where it is `None`) as they count;
    /// `None` where the catalogue has it no more.
    pub(crate) async fn of(
        &self,
        name: &RequirementRef,
        fingerprint: Option<&str>,
    ) -> Result<Option<Assessment>, Failure> {
        let filter = MatchFilter {
            fingerprint: fingerprint.map(str::to_owned),
            framework: Some(name.framework.clone()),
            requirement: Some(name.requirement.clone()),
            ..MatchFilter::default()
        };
        let proposals = self.store.matches(&filter).await?;
        let matches = self.decided.counting(name, proposals, self.unproposed);
        Ok(sufficit_mapper::assess(self.rules, self.run, name, &matches, self.copies))
    }
}

/// The latest run's assessments as they hold now: with every decision on a match and on a requirement as a whole.
pub(crate) async fn assessments(
    workspace: &Workspace,
    common: &Common,
    store: &Store,
) -> Result<Vec<Assessment>, Failure> {
    let mut assessments = store.assessments(None, None).await?;
    let decided = Decided::so_far(store).await?;
    let Some(run) = store.latest_run().await?.filter(|_| decided.ledger.last() > 0) else {
        return Ok(assessments);
    };
    let touched = decided.touched(run.decisions);
    if !touched.is_empty() {
        let rules = judge::rules(workspace, common)?;
        let copies = known_copies(store).await?;
        let unproposed = decided.unproposed_by_run(store, None).await?;
        let again = Reassessment {
            store,
            rules: &rules,
            decided: &decided,
            unproposed: &unproposed,
            copies: &copies,
            run: &run.id,
        };
        for assessment in &mut assessments {
            let name = assessment.name();
            if touched.contains(&name)
                && let Some(anew) = again.of(&name, None).await?
            {
                *assessment = anew;
            }
        }
    }
    Ok(assessments.into_iter().map(|assessment| held(assessment, &decided.ledger)).collect())
}

/// The copies among the documents of the latest run.
pub(crate) async fn known_copies(store: &Store) -> Result<Copies, Failure> {
    Ok(match store.latest_fingerprint().await? {
        Some(fingerprint) => copies(&store.likenesses(&fingerprint).await?),
        None => Copies::default(),
    })
}
