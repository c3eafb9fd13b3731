use crate::confidence::confidence;
use crate::finding::{CheckReading, Met, Reader};
use crate::grade::{Tally, ceiling_of, grade};
use crate::rationale::{self, Cited};
use crate::relevance::{Evidence, Pool, pools};
use crate::standing::{Standing, approval_citation};
use crate::statement::statements;
use crate::subject::Subjects;
use crate::voice::{Voice, tone};
use std::collections::BTreeSet;
use sufficit_evidence::{
    Candidate, Catalogue, Crosswalk, Date, Document, DocumentKind, Facts, Finding, Language, Match,
    MatchStatus, PageStatus, Proof, Requirement, RequirementKind, RequirementRef, Rubric, RunId,
    Statement, Sufficiency,
};

/// What every document is judged by.
#[derive(Debug)]
pub struct Rules {
    catalogue: Catalogue,
    crosswalk: Crosswalk,
    rubric: Rubric,
    as_of: Date,
    subjects: Subjects,
}

impl Rules {
    /// Rules from a catalogue, its crosswalk and the rubric, judging on the day `as_of`.
    pub fn new(catalogue: Catalogue, crosswalk: Crosswalk, rubric: Rubric, as_of: Date) -> Self {
        let subjects = Subjects::new(&catalogue);
        Self { catalogue, crosswalk, rubric, as_of, subjects }
    }

    /// The requirements that documents are held against.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Which requirements share evidence.
    pub fn crosswalk(&self) -> &Crosswalk {
        &self.crosswalk
    }

    /// The numbers behind the grades.
    pub fn rubric(&self) -> &Rubric {
        &self.rubric
    }

    /// The day of judgement.
    pub fn as_of(&self) -> Date {
        self.as_of
    }
}

/// Holds a document against every requirement; the matches of those that it bears on, in catalogue order.
///
/// `candidates` are those of this document, by probe and then best first. A document in a language that we
/// cannot map has no matches. The matches hang on the document and the rules alone.
pub fn map_document(
    rules: &Rules,
    run: &RunId,
    document: &Document,
    candidates: &[Candidate],
) -> Vec<Match> {
    if matches!(document.language, Language::Unsupported(_)) {
        return Vec::new();
    }
    let thresholds = &rules.rubric.thresholds;
    let standing = Standing::judge(
        &document.facts,
        document.passages.len(),
        rules.as_of,
        thresholds.old_after_months,
    );
    let reader = Reader { document, standing: &standing, thresholds, as_of: rules.as_of };
    let pervaded = (0..rules.catalogue.frameworks().len())
        .map(|f| rules.subjects.pervade(f, document))
        .collect();
    let judge = Judge { rules, run, document, reader, pervaded };
    pools(&rules.catalogue, candidates)
        .filter_map(|(name, pool)| judge.hold(&name, &pool))
        .collect()
}

/// A document under judgement.
struct Judge<'a> {
    rules: &'a Rules,
    run: &'a RunId,
    document: &'a Document,
    reader: Reader<'a>,
    /// Whether the document as a whole is about the field of each framework.
    pervaded: Vec<bool>,
}

impl Judge<'_> {
    /// Holds the document against one requirement; `None` where it does not bear on it.
    fn hold(&self, name: &RequirementRef, pool: &Pool<'_>) -> Option<Match> {
        let rules = self.rules;
        let thresholds = &rules.rubric.thresholds;
        let evidence = Evidence::of(&rules.rubric, pool);
        let (relevance, real) = (evidence.relevance(&rules.rubric), evidence.real(&rules.rubric));
        let requirement = rules.catalogue.requirement(name)?;
        if real < thresholds.real || !self.on_subject(name, requirement, pool) {
            return None;
        }
        let readings = read_checks(&self.reader, requirement, pool, real);
        let tone = self.tone(pool);
        let tally = Tally::count(&readings);
        let mut level = grade(&tally, self.reader.standing, thresholds);
        level = level.min(ceiling_of(real, thresholds));
        if matches!(tone, Voice::Promotes | Voice::Intends) {
            level = level.min(Sufficiency::MENTIONED);
        }
        if level == Sufficiency::NONE && !readings.iter().any(|reading| reading.met == Met::Denied)
        {
            return None;
        }
        let mut found = findings(&readings, self.reader.standing, level, &self.document.facts);
        let unread =
            self.document.pages.iter().filter(|page| page.status != PageStatus::Ok).count();
        if unread > 0 {
            found.push((Finding::PartlyRead { pages: unread }, None));
        }
        match tone {
            Voice::Promotes => found.push((Finding::Promotional, None)),
            Voice::Intends => found.push((Finding::IntendedOnly { check: None }, None)),
            Voice::States | Voice::Denies | Voice::Asks | Voice::Quotes => {}
        }
        let ask = rationale::ask(requirement, level, &found);
        let (strengths, concerns) = rationale::reasons(requirement, &self.document.facts, found);
        Some(Match {
            document: self.document.id.clone(),
            kind: self.document.facts.kind(),
            framework: name.framework.clone(),
            requirement: name.requirement.clone(),
            relevance,
            sufficiency: level,
            confidence: confidence(relevance, level),
            status: MatchStatus::Proposed,
            strengths,
            concerns,
            ask,
            counterparts: rules.crosswalk.counterparts(name),
            statements: self.statements(requirement, pool),
            run: self.run.clone(),
        })
    }

    /// What the document lays down for each check, where it is in force and governs: what a record says of one case
    /// contradicts no rule, and what a contract asks of the other party none for ourselves.
    fn statements(&self, requirement: &Requirement, pool: &Pool<'_>) -> Vec<Statement> {
        let kind = self.document.facts.kind();
        let governs = !kind.is_operating_record() && kind != DocumentKind::Contract;
        if !governs || !self.reader.standing.in_force() {
            return Vec::new();
        }
        let touched = self.reader.thresholds.check_touched;
        let of_check =
            |(position, check)| statements(self.document, check, pool.of_check(position), touched);
        requirement.checks.iter().enumerate().flat_map(of_check).collect()
    }

    /// What the passages retrieved for a requirement are as one text.
    fn tone(&self, pool: &Pool<'_>) -> Voice {
        let ordinals: BTreeSet<u32> =
            pool.candidates.iter().map(|candidate| candidate.passage).collect();
        let texts =
            ordinals.iter().filter_map(|ordinal| self.document.passages.get(*ordinal as usize));
        tone(&texts.map(|passage| passage.text.as_str()).collect::<Vec<_>>().join("\n"))
    }

    /// Whether the document, or a passage retrieved for the requirement, is about the framework's field.
    fn on_subject(
        &self,
        name: &RequirementRef,
        requirement: &Requirement,
        pool: &Pool<'_>,
    ) -> bool {
        let Some(framework) =
            self.rules.catalogue.frameworks().iter().position(|f| f.id == name.framework)
        else {
            return false;
        };
        let exempt = !self.rules.catalogue.frameworks()[framework].subject_in_controls;
        if exempt && requirement.kind == RequirementKind::Control {
            return true;
        }
        let names_it = |text: &str| self.rules.subjects.named_in(framework, text);
        self.pervaded[framework]
            || pool.candidates.iter().any(|candidate| {
                if candidate.field.is_some_and(|field| field >= self.rules.rubric.thresholds.field)
                {
                    return true;
                }
                let passage = self.document.passages.get(candidate.passage as usize);
                passage.is_some_and(|p| names_it(&p.text) || p.heading.iter().any(|h| names_it(h)))
            })
    }
}

fn read_checks<'r>(
    reader: &Reader<'_>,
    requirement: &'r Requirement,
    pool: &Pool<'_>,
    real: f32,
) -> Vec<CheckReading<'r>> {
    let met_from = reader.thresholds.met_from(real);
    requirement
        .checks
        .iter()
        .enumerate()
        .map(|(position, check)| reader.read(check, pool.of_check(position), met_from))
        .collect()
}

/// What the readings and the document's standing amount to, strengths and concerns together.
fn findings(
    readings: &[CheckReading<'_>],
    standing: &Standing,
    level: Sufficiency,
    facts: &Facts,
) -> Vec<Cited> {
    let mut found: Vec<Cited> = Vec::new();
    for reading in readings {
        let check = reading.check.id.clone();
        let finding = match reading.met {
            Met::Recorded => Finding::RecordShown { check },
            Met::Defined => Finding::CheckMet { check },
            Met::Undated => Finding::UndatedRecord { check },
            Met::Touched => Finding::CheckPartlyMet { check },
            Met::Intended => Finding::IntendedOnly { check: Some(check) },
            Met::Denied => Finding::Negated { check },
            Met::Missing if reading.check.by == Proof::Record => Finding::NoRecord { check },
            Met::Missing => Finding::CheckMissing { check },
        };
        found.push((finding, reading.citation.clone()));
    }
    if standing.in_force() {
        found.push((Finding::InForce, approval_citation(facts)));
    }
    found.extend(standing_findings(standing, level).into_iter().map(|finding| (finding, None)));
    found
}

fn standing_findings(standing: &Standing, level: Sufficiency) -> Vec<Finding> {
    let mut found = Vec::new();
    if standing.blank {
        found.push(Finding::BlankTemplate);
    } else if standing.placeholders > 0 {
        found.push(Finding::Placeholders { count: standing.placeholders });
    }
    if standing.draft {
        found.push(Finding::Draft);
    }
    if standing.superseded {
        found.push(Finding::Superseded);
    }
    if let Some(date) = standing.ambiguous {
        found.push(Finding::AmbiguousDate { date });
    } else if let Some(due) = standing.overdue {
        found.push(Finding::PastReview { due });
    }
    if let Some(since) = standing.since.filter(|_| standing.old) {
        found.push(Finding::Old { since });
    }
    if !standing.in_force() && level >= Sufficiency::PARTIAL {
        if !standing.owned {
            found.push(Finding::NoOwner);
        }
        if !standing.approved {
            found.push(Finding::NoApprover);
        }
        if !standing.versioned {
            found.push(Finding::NoVersion);
        }
        if standing.since.is_none() {
            found.push(Finding::NoDate);
        }
    }
    found
}
