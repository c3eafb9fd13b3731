//! What holds once people have decided: proposals come from the record, decisions are laid beside them, and the
//! requirements that they bear on are assessed again. The command line and the view both ask here, so they agree.

use crate::cli::Common;
use crate::failure::Failure;
use crate::judge;
use crate::workspace::Workspace;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use sufficit_evidence::{
    Assessment, Document, DocumentId, Match, RequirementRef, RunId, SourceRef, Subject, corrected,
    corrections,
};
use sufficit_mapper::{Copies, Rules, copies};
use sufficit_review::{Ledger, MatchFilter, Standing, Store, StoredMatch, added, counted, held};

/// Every decision, and where the documents lie that they may be about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decided {
    pub(crate) ledger: Ledger,
    /// Of each current document.
    pub(crate) sources: Arc<HashMap<DocumentId, Vec<SourceRef>>>,
}

impl Decided {
    /// All that was decided so far.
    pub(crate) async fn so_far(store: &Store) -> Result<Self, Failure> {
        let ledger = Ledger::new(store.decisions(0).await?);
        let sources = if ledger.last() == 0 { HashMap::new() } else { store.sources().await? };
        Ok(Self { ledger, sources: Arc::new(sources) })
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

    /// The matches that people added to current documents, in the order in which they did. The kinds of documents with one
    /// in `known` are not looked up.
    pub(crate) async fn added(
        &self,
        store: &Store,
        known: &[Match],
    ) -> Result<Vec<Match>, Failure> {
        let mut matches: Vec<Match> = Vec::new();
        for decision in self.ledger.added() {
            let Some(id) = decision.seen.document.as_ref() else { continue };
            if !self.sources.contains_key(id) {
                continue;
            }
            let mut kinds = known.iter().chain(&matches).filter(|found| found.document == *id);
            let kind = match kinds.next().map(|found| found.kind) {
                Some(kind) => Some(kind),
                None => {
                    let document = store.document(id).await?;
                    document.map(|document| self.set_right(document).facts.kind())
                }
            };
            matches.extend(kind.and_then(|kind| added(decision, kind)));
        }
        Ok(matches)
    }

    /// The requirements with a match that was decided after the decision of that number.
    pub(crate) fn touched(&self, after: u64) -> BTreeSet<RequirementRef> {
        let of_match = |subject: &Subject| match subject {
            Subject::Match { requirement, .. } => Some(requirement.clone()),
            Subject::Requirement { .. } | Subject::Document { .. } => None,
        };
        self.ledger.since(after).filter_map(|decision| of_match(&decision.subject)).collect()
    }

    /// A requirement's matches as they count: what was rejected is left out, what was added is there.
    pub(crate) fn counting(
        &self,
        name: &RequirementRef,
        proposals: Vec<StoredMatch>,
        added: &[Match],
    ) -> Vec<Match> {
        let mut matches: Vec<Match> = proposals
            .into_iter()
            .filter_map(|stored| {
                let standing = self.standing(&stored.proposal.document, name);
                counted(stored.proposal, &standing)
            })
            .collect();
        for extra in added.iter().filter(|extra| extra.name() == *name) {
            if !matches.iter().any(|known| known.document == extra.document) {
                matches.extend(counted(extra.clone(), &self.standing(&extra.document, name)));
            }
        }
        matches
    }
}

/// By what requirements are assessed again.
pub(crate) struct Reassessment<'a> {
    pub(crate) store: &'a Store,
    pub(crate) rules: &'a Rules,
    pub(crate) decided: &'a Decided,
    pub(crate) added: &'a [Match],
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
        let matches = self.decided.counting(name, self.store.matches(&filter).await?, self.added);
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
        let added = decided.added(store, &[]).await?;
        let again = Reassessment {
            store,
            rules: &rules,
            decided: &decided,
            added: &added,
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
