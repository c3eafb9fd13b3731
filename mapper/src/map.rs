use crate::confidence::{Confidence, confidence};
use crate::finding::{Bar, CheckReading, Met, Reader};
use crate::grade::{Bearing, Grade, Tally, grade};
use crate::ground::Ground;
use crate::nonconformity::Stated;
use crate::rationale::{self, Cited};
use crate::reading::read_checks;
use crate::relevance::{Pool, RelevanceSum, Titled, pool, pools, relevance};
use crate::rules::Rules;
use crate::standing::{Standing, approval_citation};
use crate::statement::statements;
use crate::system::{systems_cited, systems_of};
use crate::usual_name::Named;
use crate::voice::{Voice, only_asks, tone};
use crate::working::{Barred, Working};
use std::collections::{BTreeSet, HashMap};
use sufficit_evidence::{
    Candidate, Document, DocumentKind, Facts, Finding, Language, Match, MatchStatus, PageStatus,
    Proof, Requirement, RequirementKind, RequirementRef, RunId, Statement, Sufficiency,
};

/// How surely a candidate's quote shows its check, by the log-odds of what reads both together; `None` where nothing can. The same
/// candidate is always read alike.
pub type Read<'a> = &'a dyn Fn(&Candidate) -> Option<f32>;

/// Holds a document against every requirement; the matches of those that it bears on, in catalogue order.
///
/// `candidates` are those of this document, by probe and then best first; of those that may settle a check, `read` tells more. A
/// document in a language that we cannot map has no matches. The matches hang on the document and the rules alone.
pub fn map_document(
    rules: &Rules,
    run: &RunId,
    document: &Document,
    candidates: &[Candidate],
    read: Read<'_>,
) -> Vec<Match> {
    if matches!(document.language, Language::Unsupported(_)) {
        return Vec::new();
    }
    let standing = standing(rules, document);
    let judge = Judge::new(rules, document, &standing, read);
    pools(rules.catalogue(), candidates)
        .filter_map(|(name, pool)| judge.hold(run, &name, pool))
        .collect()
}

/// How [`map_document`] comes to this document's grade for each of these requirements, or why it has no match: every
/// number, named, in the order of `names`. Requirements that the catalogue has not are left out, and all of them where the
/// document's language cannot be mapped.
///
/// `candidates` and `read` are those that `map_document` takes.
pub fn workings(
    rules: &Rules,
    document: &Document,
    candidates: &[Candidate],
    read: Read<'_>,
    names: &[RequirementRef],
) -> Vec<Working> {
    if matches!(document.language, Language::Unsupported(_)) {
        return Vec::new();
    }
    let standing = standing(rules, document);
    let judge = Judge::new(rules, document, &standing, read);
    names.iter().filter_map(|name| judge.working(candidates, name)).collect()
}

fn standing(rules: &Rules, document: &Document) -> Standing {
    Standing::judge(
        &document.facts,
        document.passages.len(),
        rules.as_of(),
        rules.rubric().thresholds.old_after_months,
    )
}

/// A document under judgement.
struct Judge<'a> {
    rules: &'a Rules,
    document: &'a Document,
    reader: Reader<'a>,
    /// What reads candidates' quotes.
    read: Read<'a>,
    /// Whether the document as a whole is about the field of each framework.
    pervaded: Vec<bool>,
    /// Whether its title names the field of another framework than each.
    of_another: Vec<bool>,
    /// Whether it says of each framework's management system that it is no part of it.
    left_out: Vec<bool>,
    /// Its passages that only ask: they say nothing of what it is about.
    asking: BTreeSet<u32>,
    /// The themes of each framework of which it names nothing.
    unnamed_themes: Vec<Vec<&'a str>>,
    /// The AI systems that it speaks of as a whole.
    systems: BTreeSet<String>,
    /// The open nonconformities that it states; one against a requirement makes a match.
    stated: Stated<'a>,
    /// How much of what usually shows each requirement it calls by name.
    named: HashMap<&'a RequirementRef, Named<'a>>,
    /// The requirements that a document of its title usually shows, each with what sort of document that is.
    typed: HashMap<&'a RequirementRef, &'a str>,
}

/// A document's checks for one requirement, read and graded.
pub(crate) struct Weighed<'r> {
    pub(crate) readings: Vec<CheckReading<'r>>,
    pub(crate) tone: Voice,
    pub(crate) tally: Tally,
    pub(crate) grade: Grade,
    pub(crate) confidence: Confidence,
}

impl Weighed<'_> {
    /// A text that shows nothing and denies nothing is no match.
    fn barred(&self) -> Option<Barred> {
        let denies = self.readings.iter().any(|reading| reading.met == Met::Denied);
        (self.grade.sufficiency == Sufficiency::NONE && !denies).then_some(Barred::NothingShown)
    }
}

impl<'a> Judge<'a> {
    fn new(
        rules: &'a Rules,
        document: &'a Document,
        standing: &'a Standing,
        read: Read<'a>,
    ) -> Self {
        let thresholds = &rules.rubric().thresholds;
        let reader = Reader::new(document, standing, thresholds, rules.as_of());
        let frameworks = 0..rules.catalogue().frameworks().len();
        let subjects = rules.subjects();
        let unnamed = |f| subjects.unnamed_themes(f, document);
        let unnamed_themes = frameworks.clone().map(unnamed).collect();
        let left_out = frameworks.clone().map(|f| subjects.leave_out(f, document)).collect();
        let of_another =
            frameworks.clone().map(|f| subjects.title_names_another(f, document)).collect();
        let pervaded = frameworks.map(|f| subjects.pervade(f, document)).collect();
        let asks = document.passages.iter().filter(|passage| only_asks(&passage.text));
        let asking = asks.map(|passage| passage.ordinal).collect();
        let systems = systems_of(&rules.scope().ai_systems, document);
        let stated = Stated::of(document, standing);
        let named = rules.usual_names().named_in(document);
        let title = document.facts.title_text();
        let typed = rules.document_types().of_title(title);
        Self {
            rules,
            document,
            reader,
            read,
            pervaded,
            of_another,
            asking,
            left_out,
            unnamed_themes,
            systems,
            stated,
            named,
            typed,
        }
    }

    fn relevance<'p>(&'p self, name: &RequirementRef, pool: Pool<'p>) -> RelevanceSum<'p> {
        let titled = Titled {
            named: self.named.get(name).copied(),
            document_type: self.typed.get(name).copied(),
        };
        relevance(self.rules.rubric(), pool, titled, |passage| !self.asking.contains(&passage))
    }

    /// Holds the document against one requirement; `None` where it does not bear on it.
    fn hold(&self, run: &RunId, name: &RequirementRef, pool: Pool<'_>) -> Option<Match> {
        let rules = self.rules;
        let sum = self.relevance(name, pool);
        let requirement = rules.catalogue().requirement(name)?;
        let stated = self.stated.against(rules.catalogue(), name);
        if stated.is_none() && self.barred(name, requirement, pool, &sum).is_some() {
            return None;
        }
        let weighed = self.weigh(name, requirement, pool, &sum);
        if stated.is_none() && weighed.barred().is_some() {
            return None;
        }
        let level = weighed.grade.sufficiency;
        let mut found = self.findings(&weighed);
        found.extend(stated.map(|citation| (Finding::Nonconformity, Some(citation))));
        let ask = rationale::ask(requirement, self.document.facts.kind(), level, &found);
        let (strengths, concerns) = rationale::reasons(requirement, &self.document.facts, found);
        let cited = strengths.iter().chain(&concerns).filter_map(|reason| reason.citation.as_ref());
        let mut systems = systems_cited(&rules.scope().ai_systems, self.document, cited);
        systems.extend(self.systems.iter().cloned());
        let systems = systems.into_iter().collect();
        Some(Match {
            document: self.document.id.clone(),
            kind: self.document.facts.kind(),
            framework: name.framework.clone(),
            requirement: name.requirement.clone(),
            relevance: sum.relevance,
            sufficiency: level,
            confidence: weighed.confidence.confidence,
            status: MatchStatus::Proposed,
            strengths,
            concerns,
            ask,
            counterparts: rules.crosswalk().counterparts(name),
            statements: self.statements(requirement, pool),
            systems,
            not_applicable: rules.scope().exclusion(name).map(str::to_owned),
            run: run.clone(),
        })
    }

    /// How the document comes to its grade for one requirement; `None` where the catalogue has no such requirement.
    fn working(&self, candidates: &[Candidate], name: &RequirementRef) -> Option<Working> {
        let catalogue = self.rules.catalogue();
        let requirement = catalogue.requirement(name)?;
        let pool = pool(catalogue, candidates, name)?;
        let sum = self.relevance(name, pool);
        let weighed = self.weigh(name, requirement, pool, &sum);
        let barred = self.barred(name, requirement, pool, &sum).or_else(|| weighed.barred());
        let barred = barred.filter(|_| self.stated.against(catalogue, name).is_none());
        let standing = self.reader.standing.clone();
        Some(Working::new(self.rules, self.document, name, &sum, weighed, standing, barred))
    }

    /// Why the document has no match for a requirement, as far as its passages tell before its checks are read.
    fn barred(
        &self,
        name: &RequirementRef,
        requirement: &Requirement,
        pool: Pool<'_>,
        sum: &RelevanceSum<'_>,
    ) -> Option<Barred> {
        if sum.real < self.rules.rubric().thresholds.real {
            Some(Barred::Improbable)
        } else if !self.on_subject(name, requirement, pool) {
            Some(Barred::OtherField)
        } else {
            None
        }
    }

    /// Reads the requirement's checks and grades what they add up to.
    fn weigh<'r>(
        &self,
        name: &RequirementRef,
        requirement: &'r Requirement,
        pool: Pool<'_>,
        sum: &RelevanceSum<'_>,
    ) -> Weighed<'r> {
        let bar = Bar { rubric: self.rules.rubric(), real: sum.by_passages, read: self.read };
        let framework = self.framework(name).filter(|framework| !self.pervaded[*framework]);
        // Clauses ask the same of every management system: what is said of another one shows nothing. So do controls that call the
        // field by its name in their title, or in a check's text, where the others need not be about it or the document is about another.
        let catalogue = self.rules.catalogue();
        let asks_for_field = |f: usize, candidate: &Candidate| {
            let called_in = |text: &str| self.rules.subjects().called_in(f, text);
            let check = || catalogue.probes().get(candidate.probe as usize);
            requirement.kind != RequirementKind::Control
                || (self.of_another[f] || !catalogue.frameworks()[f].subject_in_controls)
                    && (called_in(&requirement.title)
                        || check().is_some_and(|check| called_in(&check.text)))
        };
        let on_field = |candidate: &Candidate| {
            framework
                .is_none_or(|f| !asks_for_field(f, candidate) || self.is_on_field(f, candidate))
        };
        let readings = read_checks(&self.reader, requirement, pool, bar, &on_field);
        let tone = self.tone(pool);
        let tally = Tally::count(&readings);
        let is_clause = requirement.kind != RequirementKind::Control;
        let bearing = Bearing {
            real: sum.real,
            by_passages: sum.by_passages,
            of_another_system: is_clause
                && self.framework(name).is_some_and(|f| self.of_another[f]),
        };
        let grade = grade(&tally, self.reader.standing, tone, bearing, self.reader.thresholds);
        let confidence = confidence(sum.real, grade.sufficiency, self.rules.calibration());
        Weighed { readings, tone, tally, grade, confidence }
    }

    /// What was found for and against the document.
    fn findings(&self, weighed: &Weighed<'_>) -> Vec<Cited> {
        let level = weighed.grade.sufficiency;
        let facts = &self.document.facts;
        let quote_from = self.reader.thresholds.quote_met;
        let mut found = findings(&weighed.readings, self.reader.standing, level, facts, quote_from);
        let unread =
            self.document.pages.iter().filter(|page| page.status != PageStatus::Ok).count();
        if unread > 0 {
            found.push((Finding::PartlyRead { pages: unread }, None));
        }
        if weighed.grade.is_held_by_doubt() {
            found.push((Finding::Doubtful, None));
        }
        match weighed.tone {
            Voice::Promotes => found.push((Finding::Promotional, None)),
            Voice::Intends => found.push((Finding::IntendedOnly { check: None }, None)),
            Voice::States | Voice::Denies | Voice::Asks | Voice::Quotes => {}
        }
        found
    }

    /// What the document lays down for each check, where it is in force and governs: what a record says of one case
    /// contradicts no rule, and what a contract asks of the other party none for ourselves.
    fn statements(&self, requirement: &Requirement, pool: Pool<'_>) -> Vec<Statement> {
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
    fn tone(&self, pool: Pool<'_>) -> Voice {
        let ordinals: BTreeSet<u32> =
            pool.candidates.iter().map(|candidate| candidate.passage).collect();
        let texts =
            ordinals.iter().filter_map(|ordinal| self.document.passages.get(*ordinal as usize));
        tone(&texts.map(|passage| passage.text.as_str()).collect::<Vec<_>>().join("\n"))
    }

    /// Whether the document, or a passage retrieved for the requirement, is about the framework's field.
    fn on_subject(&self, name: &RequirementRef, requirement: &Requirement, pool: Pool<'_>) -> bool {
        let Some(framework) = self.framework(name) else { return false };
        if self.unnamed_themes[framework].contains(&requirement.theme.as_str()) {
            return false;
        }
        if requirement.kind != RequirementKind::Control && self.left_out[framework] {
            return false;
        }
        let exempt = !self.rules.catalogue().frameworks()[framework].subject_in_controls;
        exempt && requirement.kind == RequirementKind::Control
            || self.pervaded[framework]
            || pool.candidates.iter().any(|candidate| self.is_on_field(framework, candidate))
    }

    /// The position of a requirement's framework in the catalogue.
    fn framework(&self, name: &RequirementRef) -> Option<usize> {
        self.rules.catalogue().frameworks().iter().position(|f| f.id == name.framework)
    }

    /// Whether a candidate's passage is about the field of the framework at this position.
    fn is_on_field(&self, framework: usize, candidate: &Candidate) -> bool {
        let Some(passage) = self.document.passages.get(candidate.passage as usize) else {
            return false;
        };
        let names_it = |text: &str| self.rules.subjects().named_in(framework, text);
        if passage.heading.iter().any(|heading| names_it(heading)) {
            return true;
        }
        // "Owner: M. Okafor, Head of AI Assurance" makes no text one about AI.
        let by_meaning =
            candidate.field.is_some_and(|field| field >= self.rules.rubric().thresholds.field);
        (by_meaning || names_it(&passage.text))
            && !self.document.facts.is_control_block(passage.span)
    }
}

/// What the readings and the document's standing amount to, strengths and concerns together.
///
/// A check that is touched by a quote which is hardly about it is reported as missing: the quote would only puzzle. Where all are, the
/// nearest is shown, for it is what the match rests on.
fn findings(
    readings: &[CheckReading<'_>],
    standing: &Standing,
    level: Sufficiency,
    facts: &Facts,
    quote_from: f32,
) -> Vec<Cited> {
    let hardly = |reading: &CheckReading<'_>| {
        let weak = reading.candidate.is_none_or(|candidate| candidate.focus_score < quote_from);
        reading.met == Met::Touched && (weak || reading.ground == Ground::QuoteTaken)
    };
    let nearest = |a: &&CheckReading<'_>, b: &&CheckReading<'_>| {
        let score = |one: &CheckReading<'_>| one.candidate.map_or(0.0, |c| c.score);
        score(a).total_cmp(&score(b))
    };
    let shown = readings.iter().filter(|one| one.met > Met::Missing && !hardly(one)).count();
    let kept = match shown {
        0 => readings.iter().filter(|one| hardly(one)).max_by(nearest).map(|one| &one.check.id),
        _ => None,
    };
    let mut found: Vec<Cited> = Vec::new();
    for reading in readings {
        let check = reading.check.id.clone();
        let puzzling = hardly(reading) && kept != Some(&check);
        let met = if puzzling { Met::Missing } else { reading.met };
        let finding = match met {
            Met::Recorded => Finding::RecordShown { check },
            Met::Defined => Finding::CheckMet { check },
            Met::Undated => Finding::UndatedRecord { check },
            Met::Touched if reading.ground == Ground::Admits => Finding::Negated { check },
            Met::Touched if reading.ground == Ground::LeavesOut => Finding::LeftOut { check },
            Met::Touched => Finding::CheckPartlyMet { check },
            Met::Intended => Finding::IntendedOnly { check: Some(check) },
            Met::Denied => Finding::Negated { check },
            Met::Missing if reading.check.by == Proof::Record => Finding::NoRecord { check },
            Met::Missing => Finding::CheckMissing { check },
        };
        found.push((finding, reading.citation.clone().filter(|_| !puzzling)));
    }
    // What the text itself admits comes first.
    found.sort_by_key(|(finding, _)| {
        !matches!(finding, Finding::Negated { .. } | Finding::LeftOut { .. })
    });
    if standing.in_force() && level >= Sufficiency::PARTIAL {
        found.push((Finding::InForce, approval_citation(facts)));
    }
    found.extend(
        standing_findings(standing, facts, level).into_iter().map(|finding| (finding, None)),
    );
    found
}

fn standing_findings(standing: &Standing, facts: &Facts, level: Sufficiency) -> Vec<Finding> {
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
        if !standing.owned && !standing.record {
            found.push(Finding::NoOwner);
        }
        // What a machine or a shift writes nobody signs, and its lines have their days.
        if !standing.approved && facts.kind() != DocumentKind::Log {
            found.push(Finding::NoApprover);
        }
        if !standing.versioned && !standing.record {
            found.push(Finding::NoVersion);
        }
        let has_days = standing.record && !facts.dates.is_empty();
        if standing.since.is_none() && !has_days {
            found.push(Finding::NoDate);
        }
    }
    found
}
