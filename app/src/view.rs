//! Proposals beside what people decided of them, as the queue, the pages and the API show them. Made once for each state
//! of the record and kept: a page costs no reading of twenty thousand matches, and a decision only what it bears on.

pub(crate) use place::MatchPlace;

use crate::failure::Failure;
use crate::held::{Decided, LookedAt, Reassessment, Unproposed, documents_at, known_copies};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use sufficit_evidence::{
    Assessment, Decision, DocumentId, FileRecord, Match, RequirementRef, Run, RunId, SourceRef,
    Sufficiency,
};
use sufficit_mapper::{Copies, Rules};
use sufficit_review::{
    Ledger, MatchHead, Profile, ReviewedMatch, ReviewedRequirement, Store, held, reviewed_match,
    reviewed_requirement, unproposed_head,
};
use tokio::sync::{Mutex, OnceCell};

/// What the record says at one moment.
#[derive(Debug)]
pub(crate) struct View {
    /// The latest run; `None` before the first.
    pub(crate) run: Option<Run>,
    /// What the runs and files say, whatever was decided.
    pub(crate) proposed: Arc<Proposed>,
    /// Every decision.
    pub(crate) ledger: Ledger,
    /// Every match of the run, and every one that stands on a person's word alone, with what was decided of it: by framework
    /// and requirement, best first.
    pub(crate) matches: Vec<ReviewedMatch>,
    /// Every requirement with what was decided of it, in catalogue order.
    pub(crate) requirements: Vec<ReviewedRequirement>,
    /// Every requirement's assessment, counting what was decided of its matches; in the same order.
    assessments: Vec<Arc<Assessment>>,
    /// The matches that stand on a person's word alone.
    unproposed: Unproposed,
    /// Where the matches of a requirement stand among [`View::matches`].
    ranges: HashMap<RequirementRef, Range<usize>>,
}

/// What was read and proposed.
#[derive(Debug)]
pub(crate) struct Proposed {
    moment: Moment,
    heads: BTreeMap<RequirementRef, Vec<Placed>>,
    /// The same by what they are of, and the documents that the run has looked at.
    looked_at: LookedAt,
    /// The latest run's assessments, in catalogue order, as they were when it finished.
    pub(crate) assessments: Vec<Arc<Assessment>>,
    places: HashMap<RequirementRef, usize>,
    /// Where each current document lies.
    pub(crate) sources: Arc<HashMap<DocumentId, Vec<SourceRef>>>,
    /// Where else decisions on them may have been taken.
    left: Arc<HashMap<DocumentId, Vec<SourceRef>>>,
    /// The current documents that are at home at each source.
    documents: Arc<HashMap<SourceRef, Vec<DocumentId>>>,
    /// Every file that was met.
    pub(crate) files: Vec<FileRecord>,
    /// What lists need of each current document.
    pub(crate) profiles: HashMap<DocumentId, Profile>,
    /// What the run before the latest proposed; `None` before the second.
    pub(crate) before: Option<Before>,
    /// Asked for with the first decision on a match.
    copies: OnceCell<Copies>,
}

/// The state of the record that proposals were read in.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Moment {
    run: Option<RunId>,
    /// The last document that came or went.
    change: u64,
    /// The last that was put down of a file.
    filed: u64,
}

/// What an earlier run proposed.
#[derive(Debug)]
pub(crate) struct Before {
    /// The run.
    pub(crate) run: Run,
    /// The sufficiency of each requirement that it assessed; `None` where it was declared not applicable.
    pub(crate) grades: HashMap<RequirementRef, Option<Sufficiency>>,
}

/// A match and where its document lies.
#[derive(Clone, Debug)]
struct Placed {
    head: Arc<MatchHead>,
    sources: Arc<[SourceRef]>,
}

impl View {
    /// The requirement with what was decided of it; `None` where the latest run did not assess it.
    pub(crate) fn requirement(&self, name: &RequirementRef) -> Option<&ReviewedRequirement> {
        self.requirements.get(self.place(name)?)
    }

    /// The requirement's place among [`View::requirements`].
    pub(crate) fn place(&self, name: &RequirementRef) -> Option<usize> {
        self.proposed.places.get(name).copied()
    }

    /// The assessment of a requirement, counting what was decided of its matches, but not what was decided of the requirement
    /// as a whole: a decision on it is a decision on this.
    pub(crate) fn assessment(&self, name: &RequirementRef) -> Option<&Assessment> {
        self.assessments.get(self.place(name)?).map(Arc::as_ref)
    }

    /// The matches of a requirement, best first.
    pub(crate) fn matches_of(&self, name: &RequirementRef) -> &[ReviewedMatch] {
        let range = self.ranges.get(name).cloned();
        range.and_then(|range| self.matches.get(range)).unwrap_or_default()
    }

    /// The match of a document with a requirement, where a run or a person gave one.
    pub(crate) fn matched(
        &self,
        document: &DocumentId,
        name: &RequirementRef,
    ) -> Option<&ReviewedMatch> {
        self.matches_of(name).iter().find(|found| found.head.document == *document)
    }

    /// The document of the match after that of `document` among those of the requirement; the first after the last, and where
    /// none is given. `None` where there is no other.
    pub(crate) fn next_document(
        &self,
        document: Option<&DocumentId>,
        name: &RequirementRef,
    ) -> Option<&DocumentId> {
        let all = self.matches_of(name);
        let is_it = |found: &ReviewedMatch| Some(&found.head.document) == document;
        let after = all.iter().skip_while(|found| !is_it(found)).nth(1);
        let next = after.or_else(|| all.first()).map(|found| &found.head.document);
        next.filter(|next| Some(*next) != document)
    }

    /// The same as it stands on a person's word alone; `None` where a run proposes it, or nobody gave one.
    pub(crate) fn unproposed(
        &self,
        document: &DocumentId,
        name: &RequirementRef,
    ) -> Option<&Match> {
        self.unproposed.get(name)?.iter().find(|found| found.document == *document)
    }

    /// What was decided, and where the documents lie.
    pub(crate) fn decided(&self) -> Decided {
        self.proposed.decided(self.ledger.clone())
    }

    /// What was decided of a requirement's matches whose documents are not in the record now, oldest first.
    pub(crate) fn departed(&self, name: &RequirementRef) -> Vec<Decision> {
        self.decided().departed(name)
    }

    /// Names the state of the record that it shows: equal for two views exactly where nothing changed between them.
    pub(crate) fn state(&self) -> String {
        let Moment { run, change, filed } = &self.proposed.moment;
        let run = run.as_ref().map_or("run-0", RunId::as_str);
        format!("{run}.{change}.{filed}.{}", self.ledger.last())
    }

    /// Every requirement's assessment as it holds now: with what was decided of its matches and of it as a whole.
    pub(crate) fn held(&self) -> Vec<Assessment> {
        let assessments = self.assessments.iter().map(|found| found.as_ref().clone());
        assessments.map(|found| sufficit_review::held(found, &self.ledger)).collect()
    }

    /// The first path of a current document.
    pub(crate) fn path(&self, document: &DocumentId) -> Option<&str> {
        Some(self.proposed.sources.get(document)?.first()?.path.as_str())
    }
}

/// The view that was made last.
#[derive(Debug)]
pub(crate) struct Views {
    rules: Rules,
    last: Mutex<Option<Arc<View>>>,
}

impl Views {
    /// No view yet; requirements that decisions bear on are assessed by `rules`.
    pub(crate) fn new(rules: Rules) -> Self {
        Self { rules, last: Mutex::default() }
    }

    /// The view of the record as it is now; what has not changed since the last one is not read or made again.
    pub(crate) async fn now(&self, store: &Store) -> Result<Arc<View>, Failure> {
        let mut last = self.last.lock().await;
        let run = store.latest_run().await?;
        let moment = Moment {
            run: run.as_ref().map(|run| run.id.clone()),
            change: store.latest_change().await?,
            filed: store.filed().await?,
        };
        let decided = store.last_decision().await?;
        let known = last.as_ref().filter(|view| view.proposed.moment == moment);
        if let Some(view) = known.filter(|view| view.ledger.last() == decided) {
            return Ok(Arc::clone(view));
        }
        let proposed = match known {
            Some(view) => Arc::clone(&view.proposed),
            None => Arc::new(Proposed::read(store, moment).await?),
        };
        let mut ledger = last.as_ref().map(|view| view.ledger.clone()).unwrap_or_default();
        ledger.append(store.decisions(ledger.last()).await?);
        let known = known.map(Arc::as_ref);
        let view = Arc::new(self.made(store, run, proposed, ledger, known).await?);
        *last = Some(Arc::clone(&view));
        Ok(view)
    }

    /// The view of `proposed` beside `ledger`. Of `known`, a view of the same proposals beside fewer decisions, everything is
    /// taken over that the later ones do not bear on.
    async fn made(
        &self,
        store: &Store,
        run: Option<Run>,
        proposed: Arc<Proposed>,
        ledger: Ledger,
        known: Option<&View>,
    ) -> Result<View, Failure> {
        let counted = match known {
            Some(view) => view.ledger.last(),
            None => run.as_ref().map_or(0, |run| run.decisions),
        };
        let decided = proposed.decided(ledger);
        let touched = decided.touched(counted);
        let mut unproposed = known.map(|view| view.unproposed.clone()).unwrap_or_default();
        unproposed.retain(|name, _| !touched.contains(name));
        let only = known.map(|_| &touched);
        unproposed.extend(decided.unproposed(&proposed.looked_at, &proposed.profiles, only));
        let mut assessments = known.map_or(&proposed.assessments, |view| &view.assessments).clone();
        if let Some(run) = run.as_ref().filter(|_| !touched.is_empty()) {
            let copies = proposed.copies.get_or_try_init(|| known_copies(store)).await?;
            let again = Reassessment {
                store,
                rules: &self.rules,
                decided: &decided,
                unproposed: &unproposed,
                copies,
                run: &run.id,
            };
            for name in &touched {
                let slot = proposed.places.get(name).and_then(|at| assessments.get_mut(*at));
                if let Some(slot) = slot
                    && let Some(anew) = again.of(name, None).await?
                {
                    *slot = Arc::new(anew);
                }
            }
        }
        let ledger = &decided.ledger;
        let kept = known.map(|view| (view, about(ledger, counted)));
        let kept = |name: &RequirementRef| {
            let (view, touched) = kept.as_ref()?;
            (!touched.contains(name)).then_some(*view)
        };
        let requirements = assessments
            .iter()
            .map(|assessment| {
                let name = assessment.name();
                kept(&name)
                    .and_then(|view| view.requirement(&name).cloned())
                    .unwrap_or_else(|| reviewed_requirement(assessment, ledger))
            })
            .collect();
        let mut matches = Vec::with_capacity(known.map_or(0, |view| view.matches.len() + 1));
        let mut ranges = HashMap::new();
        for name in proposed.names(&unproposed) {
            let start = matches.len();
            if let Some(view) = kept(name) {
                matches.extend_from_slice(view.matches_of(name));
            } else {
                let place = proposed.places.get(name);
                let assessment = place
                    .and_then(|at| assessments.get(*at))
                    .map(|assessment| held(assessment.as_ref().clone(), ledger));
                let made = |placed: &Placed| {
                    let standing = decided.standing(&placed.head.document, name);
                    reviewed_match(&placed.head, &placed.sources, assessment.as_ref(), &standing)
                };
                let of_people = proposed.placed(unproposed.get(name).map(Arc::as_ref));
                let of_run = proposed.heads.get(name).into_iter().flatten();
                let mut own: Vec<ReviewedMatch> = of_run.chain(&of_people).map(made).collect();
                own.sort_by(|a, b| MatchPlace::of(&a.head).order(&MatchPlace::of(&b.head)));
                matches.extend(own);
            }
            ranges.insert(name.clone(), start..matches.len());
        }
        let ledger = decided.ledger;
        Ok(View { run, proposed, ledger, matches, requirements, assessments, unproposed, ranges })
    }
}

/// The requirements that decisions above the number `after` are about.
fn about(ledger: &Ledger, after: u64) -> BTreeSet<RequirementRef> {
    ledger.since(after).filter_map(|decision| decision.subject.requirement().cloned()).collect()
}

impl Proposed {
    async fn read(store: &Store, moment: Moment) -> Result<Self, Failure> {
        let (sources, left) = (store.sources().await?, store.left_sources().await?);
        // Before the matches: what is mapped between the two is proposed, or was not looked at.
        let mapped = LookedAt::mapped(store, None).await?;
        let mut matched: HashMap<RequirementRef, HashSet<DocumentId>> = HashMap::new();
        let mut shared: HashMap<DocumentId, Arc<[SourceRef]>> = HashMap::new();
        let mut heads: BTreeMap<RequirementRef, Vec<Placed>> = BTreeMap::new();
        for head in store.match_heads().await? {
            let sources = shared.entry(head.document.clone()).or_insert_with(|| {
                sources.get(&head.document).map(Vec::as_slice).unwrap_or_default().into()
            });
            let placed = Placed { sources: Arc::clone(sources), head: Arc::new(head) };
            let documents = matched.entry(placed.head.requirement.clone()).or_default();
            documents.insert(placed.head.document.clone());
            heads.entry(placed.head.requirement.clone()).or_default().push(placed);
        }
        let assessments: Vec<Arc<Assessment>> =
            store.assessments(None, None).await?.into_iter().map(Arc::new).collect();
        Ok(Self {
            heads,
            looked_at: LookedAt { mapped, matched },
            places: assessments.iter().enumerate().map(|(at, one)| (one.name(), at)).collect(),
            assessments,
            documents: Arc::new(documents_at(sources.iter().chain(&left))),
            sources: Arc::new(sources),
            left: Arc::new(left),
            files: store.status().await?,
            profiles: store.profiles().await?,
            before: before(store).await?,
            moment,
            copies: OnceCell::new(),
        })
    }

    /// What `ledger` holds of the documents as they lie here.
    fn decided(&self, ledger: Ledger) -> Decided {
        let (sources, left) = (Arc::clone(&self.sources), Arc::clone(&self.left));
        Decided { ledger, sources, left, documents: Arc::clone(&self.documents) }
    }

    /// The requirements with a match, in order.
    fn names<'a>(&'a self, unproposed: &'a Unproposed) -> BTreeSet<&'a RequirementRef> {
        let of_people = unproposed.keys().filter(|name| self.places.contains_key(*name));
        self.heads.keys().chain(of_people).collect()
    }

    /// Matches that stand on a person's word alone, placed.
    fn placed(&self, unproposed: Option<&[Match]>) -> Vec<Placed> {
        let placed = |found: &Match| Placed {
            head: Arc::new(unproposed_head(found)),
            sources: self
                .sources
                .get(&found.document)
                .map(Vec::as_slice)
                .unwrap_or_default()
                .into(),
        };
        unproposed.into_iter().flatten().map(placed).collect()
    }
}

async fn before(store: &Store) -> Result<Option<Before>, Failure> {
    let Some(run) = store.runs().await?.into_iter().nth(1) else { return Ok(None) };
    let assessments = store.assessments(Some(&run.id), None).await?;
    let grade = |found: Assessment| {
        let sufficiency = found.not_applicable.is_none().then_some(found.sufficiency);
        (RequirementRef { framework: found.framework, requirement: found.requirement }, sufficiency)
    };
    Ok(Some(Before { run, grades: assessments.into_iter().map(grade).collect() }))
}

mod place;
#[cfg(test)]
mod tests;
