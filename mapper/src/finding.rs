use crate::admission::{admission, is_history, is_left_out, is_open_point, lead_in, shares_a_word};
use crate::day::says_only_when;
use crate::ground::Ground;
use crate::map::Read;
use crate::pattern::pattern;
use crate::row::{asks_for_feared, beside_feared, is_empty_row};
use crate::standing::Standing;
use crate::voice::{Voice, voice};
use jiff::Span as Duration;
use regex::Regex;
use serde::Serialize;
use std::sync::LazyLock;
use sufficit_evidence::{
    Candidate, Check, Citation, Date, DateValue, Document, Fact, Facts, Passage, PassageShape,
    Proof, Rubric, Span, Thresholds, is_header_of,
};

/// How far a document meets one check; later means more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Met {
    /// Nothing bears on it.
    Missing,
    /// The text says that it is not so.
    Denied,
    /// The text only says that it is wished for or planned.
    Intended,
    /// The subject is touched, nothing definite is said.
    Touched,
    /// It ought to be a record, and says no day.
    Undated,
    /// The text lays it down.
    Defined,
    /// A dated record shows it at work.
    Recorded,
}

/// A check held against a document.
#[derive(Clone, Debug)]
pub(crate) struct CheckReading<'a> {
    pub(crate) check: &'a Check,
    pub(crate) met: Met,
    /// Why it was judged so.
    pub(crate) ground: Ground,
    /// The passage that settled it; where nothing is near enough, the nearest.
    pub(crate) candidate: Option<Candidate>,
    /// Where it is shown.
    pub(crate) citation: Option<Citation>,
}

/// What a candidate has to reach to meet a check, in a document that by its passages bears on the check's requirement with the
/// probability `real`.
#[derive(Clone, Copy)]
pub(crate) struct Bar<'a> {
    pub(crate) rubric: &'a Rubric,
    pub(crate) real: f32,
    /// Reads the quotes of candidates that are near the bar.
    pub(crate) read: Read<'a>,
}

impl Bar<'_> {
    /// The probability that a candidate's passage meets the check, 0 to 1.
    pub(crate) fn probability(&self, candidate: &Candidate) -> f32 {
        self.rubric.meets(candidate, self.real)
    }

    fn is_met(&self, candidate: &Candidate) -> bool {
        self.probability(candidate) >= self.rubric.thresholds.check_met
    }

    /// Whether it may yet be met once its quote is read.
    fn may_be_met(&self, candidate: &Candidate) -> bool {
        self.is_met(candidate) || self.rubric.wants_reading(candidate, self.real)
    }

    /// The candidate with its quote read, where that can settle whether it meets the check.
    fn read(&self, candidate: &Candidate) -> Candidate {
        let reading =
            self.rubric.wants_reading(candidate, self.real).then(|| (self.read)(candidate));
        Candidate { reading: reading.flatten(), ..*candidate }
    }

    /// The same without the reading of its quote: what reads whether a quote shows a check tells nothing of one that denies it.
    fn is_near(&self, candidate: &Candidate) -> bool {
        self.is_met(&Candidate { reading: None, ..*candidate })
    }
}

/// What reading a document's passages needs to know of the document as a whole.
pub(crate) struct Reader<'a> {
    pub(crate) document: &'a Document,
    pub(crate) standing: &'a Standing,
    pub(crate) thresholds: &'a Thresholds,
    /// The first day on which a record still tells of today's practice.
    recent: Date,
    /// Where the text names a day that is recent and not in the future, and that is not one of its own life: of its approval,
    /// its issue or its review.
    events: Vec<Span>,
}

impl<'a> Reader<'a> {
    /// A reader of the document on the day `as_of`.
    pub(crate) fn new(
        document: &'a Document,
        standing: &'a Standing,
        thresholds: &'a Thresholds,
        as_of: Date,
    ) -> Self {
        let recent = as_of.saturating_sub(Duration::new().months(thresholds.record_valid_months));
        let events = events(&document.facts, recent, as_of);
        Self { document, standing, thresholds, recent, events }
    }

    /// Holds a check against the passages that were retrieved for it, best first, those that are about the field and free; what is over
    /// the `bar` can meet it. The nearest passage that touches the check decides a denial; otherwise the passage that shows
    /// most does. One that admits beside its quote that it is not so shows nothing.
    pub(crate) fn read<'c>(
        &self,
        check: &'c Check,
        candidates: &[Candidate],
        bar: Bar<'_>,
        on_field: &dyn Fn(&Candidate) -> bool,
        is_free: impl Fn(&Candidate) -> bool,
    ) -> CheckReading<'c> {
        let nearest = candidates.first();
        let ground = match nearest {
            None => Ground::NoPassage,
            Some(nearest) if !on_field(nearest) => Ground::OtherField,
            Some(_) => Ground::Far,
        };
        let candidate = nearest.copied();
        let mut best = CheckReading { check, met: Met::Missing, ground, candidate, citation: None };
        let mut admits: Option<CheckReading<'c>> = None;
        let on_field = candidates.iter().filter(|one| on_field(one));
        for (rank, candidate) in on_field.enumerate().filter(|(_, one)| is_free(one)) {
            let Some(reading) = self.reading(check, candidate, bar, &best) else { continue };
            if reading.ground == Ground::Admits {
                admits = admits.or(Some(reading));
            } else if reading.met > best.met {
                best = reading;
            }
            if rank == 0 && best.met == Met::Denied {
                break;
            }
        }
        // An admission tells where nothing else shows the check.
        let shown = best.ground.is_evidence() && best.met > Met::Touched;
        admits.filter(|_| !shown).unwrap_or(best)
    }

    /// What would be quoted of a candidate's passage.
    pub(crate) fn quote(&self, candidate: &Candidate) -> Option<&str> {
        let passage = self.document.passages.get(candidate.passage as usize)?;
        Some(focus_text(passage, candidate))
    }

    /// What a passage by itself says of a check: where it would meet it and admits beside its quote that it is not so, that. Its
    /// quote is read, which takes longest, only where it may then show more than the `best` so far.
    fn reading<'c>(
        &self,
        check: &'c Check,
        candidate: &Candidate,
        bar: Bar<'_>,
        best: &CheckReading<'c>,
    ) -> Option<CheckReading<'c>> {
        let passage = self.document.passages.get(candidate.passage as usize)?;
        let kind = self.document.facts.kind();
        let mut candidate = *candidate;
        let mut ground = self.judge(check, &candidate, passage, bar);
        let is_shown = best.ground.is_evidence() && best.met >= ground.met();
        if ground.is_evidence() && !is_shown {
            candidate = bar.read(&candidate);
            if !bar.is_met(&candidate) {
                ground = Ground::ScoreLow;
            }
        }
        // What is far is met or nothing: it touches no check.
        if candidate.score < self.thresholds.check_touched && !ground.is_evidence() {
            ground = Ground::Far;
        }
        let admitted = ground
            .is_evidence()
            .then(|| admission(check, kind, passage, candidate.focus))
            .flatten();
        let (ground, citation) = match admitted {
            Some(citation) => (Ground::Admits, citation),
            None => (ground, cite(passage, &candidate)),
        };
        let (met, candidate) = (ground.met(), Some(candidate));
        Some(CheckReading { check, met, ground, candidate, citation: Some(citation) })
    }

    fn judge(
        &self,
        check: &Check,
        candidate: &Candidate,
        passage: &Passage,
        bar: Bar<'_>,
    ) -> Ground {
        if candidate.score < self.thresholds.check_touched && !bar.may_be_met(candidate) {
            return Ground::Far;
        }
        let focus = focus_text(passage, candidate);
        // "Callers cannot tell why" is an effect that was looked at, and no gap.
        let is_feared =
            || beside_feared(passage, focus).is_some_and(|said| voice(&said) != Voice::Denies);
        let voiced = match Ground::of(voice(focus)) {
            Some(Ground::Denies) if is_feared() => {
                (!asks_for_feared(check)).then_some(Ground::Feared)
            }
            voiced => voiced,
        };
        match voiced {
            // What is denied has to be what the check asks for.
            Some(Ground::Denies)
                if !bar.is_near(candidate) && !shares_a_word(&check.text, focus) =>
            {
                return Ground::Far;
            }
            Some(ground) => return self.in_rules(ground),
            None => {}
        }
        // What is said of a list is said of its items.
        if let Some(ground @ (Ground::Denies | Ground::Intends)) =
            lead_in(passage, candidate.focus).and_then(|lead| Ground::of(voice(lead)))
        {
            return self.in_rules(ground);
        }
        self.holds_back(check, candidate, passage, focus, bar).unwrap_or_else(|| {
            if is_open_point(self.document.facts.kind(), passage) {
                return Ground::Intends;
            }
            if is_left_out(check, passage) {
                return Ground::LeavesOut;
            }
            let operating = self.document.facts.kind().is_operating_record();
            if self.dated_there(passage, candidate) {
                return Ground::DayInPassage;
            }
            match check.by {
                _ if operating && self.dated() => Ground::DatedRecord,
                Proof::Paper => Ground::LaidDown,
                Proof::Record if operating => Ground::UndatedRecord,
                Proof::Record => Ground::NoRecord,
            }
        })
    }

    /// Rules that are approved and current hold, but for what they say is not so.
    fn in_rules(&self, ground: Ground) -> Ground {
        let hold = self.document.facts.kind().governs() && self.standing.in_force();
        if hold && ground == Ground::Denies { Ground::Admits } else { ground }
    }

    /// Why a passage that states something about a check does no more than touch it.
    fn holds_back(
        &self,
        check: &Check,
        candidate: &Candidate,
        passage: &Passage,
        focus: &str,
        bar: Bar<'_>,
    ) -> Option<Ground> {
        if !bar.may_be_met(candidate) {
            Some(Ground::ScoreLow)
        } else if candidate.focus_score < self.thresholds.quote_met {
            Some(Ground::QuoteWeak)
        } else if self.standing.blank {
            Some(Ground::BlankForm)
        } else if self.holds_blank(candidate) || is_empty_row(passage, focus) || is_open_box(focus)
        {
            Some(Ground::BlankLeft)
        } else if only_lists(&passage.text) && !is_list_asked_for(check, passage) {
            Some(Ground::ListsOnly)
        } else if is_machine_text(focus) {
            Some(Ground::MachineText)
        } else if is_header(passage, focus) {
            Some(Ground::HeaderRow)
        } else if self.is_title(passage, focus) {
            Some(Ground::Title)
        } else if self.is_control_row(candidate.focus) && !OF_CONTROL.is_match(&check.text)
            || is_history(check, self.document.facts.kind(), passage)
            || says_only_when(check, passage, focus)
        {
            Some(Ground::ControlRow)
        } else {
            None
        }
    }

    /// Whether the focus has a blank in it that was never filled in.
    fn holds_blank(&self, candidate: &Candidate) -> bool {
        self.document.facts.placeholders.iter().any(|blank| blank.span.overlaps(candidate.focus))
    }

    /// Whether the focus is the title or a heading, or so short that it heads its paragraph (`3. TRIAGE.`): it says what the text is
    /// about, and nothing of it.
    fn is_title(&self, passage: &Passage, focus: &str) -> bool {
        let title = self.document.facts.title.as_ref().map(|fact| fact.value.trim());
        let is_it = |name: &str| name == focus.trim();
        is_run_in(focus, passage.shape)
            || title.is_some_and(is_it)
            || passage.heading.iter().any(|heading| is_it(heading.trim()))
    }

    /// Whether most of the focus says who owns or approved the document, its version or its days.
    fn is_control_row(&self, focus: Span) -> bool {
        fn of<T>(fact: &Option<Fact<T>>) -> Option<Span> {
            fact.as_ref().and_then(|fact| fact.origin.citation()).map(|citation| citation.span)
        }
        let facts = &self.document.facts;
        let names = [&facts.owner, &facts.approver, &facts.version].map(of);
        let days = [&facts.approved, &facts.issued, &facts.next_review].map(of);
        names
            .iter()
            .chain(&days)
            .flatten()
            .any(|span| span.overlaps(focus) && 5 * span.len() >= 3 * focus.len())
    }

    /// Whether the record says on which recent day it happened.
    fn dated(&self) -> bool {
        self.standing.since.is_some_and(|since| since >= self.recent) || !self.events.is_empty()
    }

    /// Whether the passage tells of something that happened on a recent day: the quote names the day, or several days stand
    /// in the passage. In a text that lays down rules only the latter counts: such a text names single days for other reasons.
    fn dated_there(&self, passage: &Passage, candidate: &Candidate) -> bool {
        let governs = self.document.facts.kind().governs();
        let mut in_passage = 0;
        for date in self.events.iter().filter(|date| date.overlaps(passage.span)) {
            if !governs && date.overlaps(candidate.focus) {
                return true;
            }
            in_passage += 1;
        }
        in_passage >= EVENTS
    }
}

fn events(facts: &Facts, recent: Date, as_of: Date) -> Vec<Span> {
    let span = |fact: &Fact<DateValue>| fact.origin.citation().map(|citation| citation.span);
    let own = [&facts.approved, &facts.issued, &facts.reviewed, &facts.next_review];
    let own = own.map(|date| date.as_ref().and_then(span));
    let is_recent = |fact: &&Fact<DateValue>| (recent..=as_of).contains(&fact.value.earliest());
    let dates = facts.dates.iter().filter(is_recent).filter_map(span);
    dates.filter(|date| !own.iter().flatten().any(|own| own.overlaps(*date))).collect()
}

/// Words of a heading that begins its paragraph.
const RUN_IN: usize = 2;

/// Words of a label that leads in what stands below it: `Notification decision log:`.
const LED_IN: usize = 4;

/// Recent days that a passage names, from which it tells of what happened and not of a rule.
const EVENTS: usize = 2;

/// Checks that a row of a control block answers.
static OF_CONTROL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(approv\w*|sign\w*|adopt\w*|authori[sz]\w*|accept\w*|version\w*|revision|review\w*|owne\w+|responsib\w*|accountab\w*|named|author\w*|dated?|issued?|publish\w*|in force|valid\w*|decided?|decision|resolution|edition|interval\w*|identif\w*)\b",
    )
});

/// Checks that a list of controls answers: a statement of applicability.
static OF_LISTS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\blists (?:each|every|all)\b.*\bcontrols?\b"));

static REQUIREMENT_ID: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\bA\.\d{1,2}(?:\.\d{1,2}){1,2}\b"));

/// Words for each requirement id up to which a passage lists requirements rather than showing anything of them.
const WORDS_A_LISTED_ID: usize = 22;

/// Whether the quote is a table's header row: the first line of the first passage of a table (later passages have it
/// as context). It says what is kept, not that it is.
fn is_header(passage: &Passage, focus: &str) -> bool {
    passage.shape == PassageShape::Table
        && passage.context.is_none()
        && passage.text.starts_with(focus)
        && is_header_of(focus, passage.text.lines().skip(1))
}

/// Whether the quote is so short that it heads its paragraph (`3. TRIAGE.`), or a label that leads in what stands below it.
fn is_run_in(focus: &str, shape: PassageShape) -> bool {
    let is_number = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let words: Vec<&str> = focus.split_whitespace().skip_while(|word| is_number(word)).collect();
    let most = if focus.trim_end().ends_with(':') { LED_IN } else { RUN_IN };
    shape != PassageShape::Table
        && (1..=most).contains(&words.len())
        && !words.iter().any(|word| is_number(word))
}

/// Whether the quote has a box to tick and none that is ticked: it says what is to be looked at, not that it was.
fn is_open_box(focus: &str) -> bool {
    let has = |marks: &[&str]| marks.iter().any(|mark| focus.contains(mark));
    has(&["[ ]", "☐", "□"]) && !has(&["[x]", "[X]", "☑", "☒", "✓", "✔", "✅"])
}

/// Whether most of the text is identifiers and paths, as in a program's output: it states nothing.
fn is_machine_text(text: &str) -> bool {
    let (mut chunks, mut identifiers) = (0, 0);
    for chunk in text.split_whitespace() {
        chunks += 1;
        identifiers += usize::from(
            chunk.contains('_') || chunk.contains("::") || chunk.matches('/').count() > 1,
        );
    }
    // `===== 73 passed =====` is output; a line of such marks alone underlines a heading.
    let is_output =
        |line: &str| line.starts_with("=====") && line.contains(|c: char| c.is_alphanumeric());
    identifiers * 4 >= chunks.max(1) || text.lines().any(is_output)
}

/// Whether a table of controls is what the check asks for.
fn is_list_asked_for(check: &Check, passage: &Passage) -> bool {
    passage.shape == PassageShape::Table && OF_LISTS.is_match(&check.text)
}

/// Whether the passage merely lists requirements, as a statement of applicability, a checklist or a table of
/// contents does: two ids or more, and few words for each.
fn only_lists(text: &str) -> bool {
    let ids = REQUIREMENT_ID.find_iter(text).count();
    ids >= 2 && text.split_whitespace().count() <= ids * WORDS_A_LISTED_ID
}

/// The words of the passage at the candidate's focus; the whole passage where the focus lies outside it.
pub(crate) fn focus_text<'p>(passage: &'p Passage, candidate: &Candidate) -> &'p str {
    relative(passage, candidate).and_then(|span| span.of(&passage.text)).unwrap_or(&passage.text)
}

fn relative(passage: &Passage, candidate: &Candidate) -> Option<Span> {
    let start = candidate.focus.start.checked_sub(passage.span.start)?;
    let end = candidate.focus.end.checked_sub(passage.span.start)?;
    (end > start && end <= passage.span.len()).then(|| Span::new(start, end))
}

/// The citation of the candidate's focus.
pub(crate) fn cite(passage: &Passage, candidate: &Candidate) -> Citation {
    let quote = focus_text(passage, candidate);
    let span = if quote.len() == passage.text.len() { passage.span } else { candidate.focus };
    Citation { page: passage.page, heading: passage.heading.clone(), span, quote: quote.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_left_empty_and_output_of_programs_are_told() {
        for open in ["- [ ] Rollback tried", "☐ Gate shut", "Fence walked | ☐"] {
            assert!(is_open_box(open), "{open}");
        }
        for other in ["- [x] Rollback tried", "☒ Yes ☐ No", "Gates are shut at ten [1]."] {
            assert!(!is_open_box(other), "{other}");
        }
        for heading in ["3. TRIAGE.", "Notification decision log:"] {
            assert!(is_run_in(heading, PassageShape::Prose), "{heading}");
        }
        for other in ["Gates are shut.", "Opened: 3 May", "Each of these is shut at ten:"] {
            assert!(!is_run_in(other, PassageShape::Prose), "{other}");
        }
        assert!(is_machine_text("======= 73 passed in 1.10s ======="));
        assert!(!is_machine_text("Guards test the gates at dawn."));
        assert!(!is_machine_text("Testing of gates\n=====\nGuards test the gates at dawn."));
    }
}
