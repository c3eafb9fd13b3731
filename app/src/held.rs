//! What holds once people have decided: proposals come from the record, decisions are laid beside them, and the
//! requirements that they bear on are assessed again. The command line and the view both ask here, so they agree.

use crate::cli::Common;
use crate::failure::Failure;
use crate::judge;
use crate::workspace::Workspace;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use sufficit_evidence::{
    Assessment, Decision, Document, DocumentId, DocumentKind, Match, RequirementRef, RunId,
    SourceRef, Subject, corrected, corrections,
};
use sufficit_mapper::{Copies, Rules, copies};
use sufficit_review::{
    Ledger, MatchFilter, Profile, Standing, Store, StoredMatch, counted, held, unproposed,
};

/// Every decision, and where the documents lie that they may be about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decided {
    pub(crate) ledger: Ledger,
    /// Of each current document.
    pub(crate) sources: Arc<HashMap<DocumentId, Vec<SourceRef>>>,
    /// Where else decisions on them may have been taken: files that are gone ([`Store::left_sources`]).
    pub(crate) left: Arc<HashMap<DocumentId, Vec<SourceRef>>>,
    /// The current documents at each of these, or that came from there.
    pub(crate) documents: Arc<HashMap<SourceRef, Vec<DocumentId>>>,
}

/// The documents that are at home at each source.
pub(crate) fn documents_at<'a>(
    sources: impl IntoIterator<Item = (&'a DocumentId, &'a Vec<SourceRef>)>,
) -> HashMap<SourceRef, Vec<DocumentId>> {
    let mut documents: HashMap<SourceRef, Vec<DocumentId>> = HashMap::new();
    for (document, sources) in sources {
        for source in sources {
            documents.entry(source.clone()).or_default().push(document.clone());
        }
    }
    documents
}

impl Decided {
    /// All that was decided so far.
    pub(crate) async fn so_far(store: &Store) -> Result<Self, Failure> {
        let ledger = Ledger::new(store.decisions(0).await?);
        if ledger.last() == 0 {
            return Ok(Self { ledger, ..Self::default() });
        }
        let (sources, left) = (store.sources().await?, store.left_sources().await?);
        let documents = Arc::new(documents_at(sources.iter().chain(&left)));
        Ok(Self { ledger, sources: Arc::new(sources), left: Arc::new(left), documents })
    }

    /// What was decided of a document held against a requirement.
    pub(crate) fn standing(&self, document: &DocumentId, name: &RequirementRef) -> Standing {
        let places = [&self.sources, &self.left].into_iter();
        let places = places.filter_map(|places| places.get(document)).flatten();
        self.ledger.of_match(document, places, name)
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

    /// The matches of current documents that stand on a person's word alone: those that were added, and those whose proposal is
    /// gone while the verdict on it is not. Of `only` these requirements where some are given. `profiles` are those of the
    /// current documents.
    pub(crate) fn unproposed(
        &self,
        looked_at: &LookedAt,
        profiles: &HashMap<DocumentId, Profile>,
        only: Option<&BTreeSet<RequirementRef>>,
    ) -> Unproposed {
        let mut met: HashSet<(&DocumentId, &RequirementRef)> = HashSet::new();
        let mut matches: BTreeMap<RequirementRef, Vec<Match>> = BTreeMap::new();
        for decision in self.ledger.decisions().filter(|one| one.action.is_verdict()) {
            let Subject::Match { requirement, .. } = &decision.subject else { continue };
            if only.is_some_and(|only| !only.contains(requirement)) {
                continue;
            }
            for document in self.documents_of(decision) {
                if !met.insert((document, requirement)) {
                    continue;
                }
                let proposed = looked_at.proposes(requirement, document);
                let Some(profile) = profiles.get(document).filter(|_| proposed != Some(true))
                else {
                    continue;
                };
                let standing = self.standing(document, requirement);
                // Where the run has not looked at the document, nobody knows whether a proposal is gone.
                if proposed.is_none() && standing.given_alone(document).is_none() {
                    continue;
                }
                let kind = self.kind(document, profile);
                let found = unproposed(document, requirement, kind, &standing);
                if let Some(found) = found {
                    matches.entry(requirement.clone()).or_default().push(found);
                }
            }
        }
        matches.into_iter().map(|(name, found)| (name, found.into())).collect()
    }

    /// The document's kind, as it was read or as reviewers set it right.
    fn kind(&self, document: &DocumentId, profile: &Profile) -> DocumentKind {
        let standing = self.ledger.of_document(document, &[]);
        match corrections(document, &standing.history).as_slice() {
            [] => profile.facts.kind(),
            corrections => corrected(profile.facts.clone(), corrections).kind(),
        }
    }

    /// The same for whatever a run proposes under `fingerprint`; where it is `None`, for what the latest run proposes of the
    /// requirements that it assessed.
    pub(crate) async fn unproposed_by_run(
        &self,
        store: &Store,
        fingerprint: Option<&str>,
        only: Option<&BTreeSet<RequirementRef>>,
    ) -> Result<Unproposed, Failure> {
        if self.ledger.last() == 0 {
            return Ok(Unproposed::new());
        }
        let looked_at = LookedAt::read(store, fingerprint).await?;
        let mut found = self.unproposed(&looked_at, &store.profiles().await?, only);
        if fingerprint.is_none() {
            let assessed = store.assessments(None, None).await?;
            let assessed: BTreeSet<RequirementRef> =
                assessed.iter().map(Assessment::name).collect();
            found.retain(|name, _| assessed.contains(name));
        }
        Ok(found)
    }

    /// The current documents that a decision is about, some more than once: what lies where it was taken, or came from there, and
    /// the very version that was seen.
    fn documents_of<'a>(&'a self, decision: &'a Decision) -> impl Iterator<Item = &'a DocumentId> {
        let there = decision.subject.source().and_then(|source| self.documents.get(source));
        let seen = decision.seen.document.as_ref();
        let seen = seen.filter(|seen| self.sources.contains_key(*seen));
        there.into_iter().flatten().chain(seen)
    }

    /// What was decided of a requirement's matches whose documents are not in the record now, oldest first. Nothing is left to
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
    /// of the requirement that no run proposes; a run may have proposed one since they were read.
    pub(crate) fn counting(
        &self,
        name: &RequirementRef,
        proposals: Vec<StoredMatch>,
        unproposed: &[Match],
    ) -> Vec<Match> {
        let proposed: HashSet<DocumentId> =
            proposals.iter().map(|stored| stored.proposal.document.clone()).collect();
        let extra = unproposed.iter().filter(|extra| !proposed.contains(&extra.document)).cloned();
        let all = proposals.into_iter().map(|stored| stored.proposal).chain(extra);
        let as_it_counts = |found: Match| {
            let standing = self.standing(&found.document, name);
            counted(found, &standing)
        };
        all.filter_map(as_it_counts).collect()
    }
}

/// Matches that stand on a person's word alone, by requirement; those of one requirement in the order in which they were first
/// decided, at least one.
pub(crate) type Unproposed = BTreeMap<RequirementRef, Arc<[Match]>>;

/// What a run made of the documents.
#[derive(Debug, Default)]
pub(crate) struct LookedAt {
    /// The documents that it has looked at.
    pub(crate) mapped: HashSet<DocumentId>,
    /// Those that it proposes, by requirement.
    pub(crate) matched: HashMap<RequirementRef, HashSet<DocumentId>>,
}

impl LookedAt {
    /// What was made of them under `fingerprint`, by the latest run where it is `None`.
    async fn read(store: &Store, fingerprint: Option<&str>) -> Result<Self, Failure> {
        // In this order: what is mapped between the two is proposed, or was not looked at.
        let mapped = Self::mapped(store, fingerprint).await?;
        Ok(Self { mapped, matched: store.matched(fingerprint).await? })
    }

    /// The documents that were looked at under `fingerprint`, by the latest run where it is `None`.
    pub(crate) async fn mapped(
        store: &Store,
        fingerprint: Option<&str>,
    ) -> Result<HashSet<DocumentId>, Failure> {
        let latest = match fingerprint {
            Some(fingerprint) => Some(fingerprint.to_owned()),
            None => store.latest_fingerprint().await?,
        };
        Ok(match latest {
            Some(fingerprint) => store.mapped(&fingerprint).await?.into_keys().collect(),
            None => HashSet::new(),
        })
    }

    /// Whether the run proposes the document for the requirement; `None` where it has not looked at the document.
    fn proposes(&self, name: &RequirementRef, document: &DocumentId) -> Option<bool> {
        let is_match = self.matched.get(name).is_some_and(|found| found.contains(document));
        (is_match || self.mapped.contains(document)).then_some(is_match)
    }
}

/// By what requirements are assessed again.
pub(crate) struct Reassessment<'a> {
    pub(crate) store: &'a Store,
    pub(crate) rules: &'a Rules,
    pub(crate) decided: &'a Decided,
    pub(crate) unproposed: &'a Unproposed,
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
        let unproposed = self.unproposed.get(name).map(Arc::as_ref).unwrap_or_default();
        let matches = self.decided.counting(name, proposals, unproposed);
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
        let unproposed = decided.unproposed_by_run(store, None, Some(&touched)).await?;
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
