//! Lines in which a document says all of itself in a row: `Rev. C, in force 2 March 2026. Owner A. Bell, COO. Approved ExCo
//! 12 February 2026. Review February 2027`. A clause begins a line or follows a stop or a separator; its first words say what it tells.

mod approves;

use self::approves::is_small;
use super::{
    approval,
    cues::{Act, NOUNS, known_cue},
    dates,
    fields::{self, Field, TOP, logical_lines},
    labels::{Key, lookup},
    names, others,
};
use crate::block::{Layout, Role};
use regex::Regex;
use std::{ops::Range, sync::LazyLock};

static VERSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?i:(?:version|vers?\.|revision|rev\.?|edition|ed\.|issue|baseline)\s?(?:no\.?\s?)?:?\s?|(?:plan\s|policy\s|procedure\s|standard\s|programme\s|document\s|soa\s|card\s|charter\s|register\s|report\s|baseline\s|guideline\s|runbook\s|doc\s)?(?:version\s|ver\.\s?)?v\.?\s?)(?P<number>[0-9][0-9.:-]{0,9}[a-z]?)(?:[^0-9A-Za-z]|$)|^(?i:revision|rev\.?|issue)\s(?P<letter>[A-Z])(?:[^0-9A-Za-z]|$)",
    )
    .ok()
});

/// `Policy owner is the CISO`, `Head of Planning Ann Bell is owner`, `Ann Bell answers for this page`.
static OWNS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:[A-Z][a-z]+\s)?[Oo]wner\s(?:of\sthis\s[a-z]+\s)?is\s(?:the\s)?(?P<named>[A-Z][^;:]{1,60})$|(?P<who>[^;:]{3,80}?)\s(?:is\s(?:the\s)?(?:owner|custodian|keeper)|(?:owns|maintains|keeps|looks\safter|answers\sfor|is\s(?:responsible|accountable|answerable)\sfor|is\sin\scharge\sof)\sthis\s(?:page|document|policy|procedure|standard|plan|register|record|list|rule|guideline|file|text|sheet|leaflet|handbook|manual|book|directive|instruction|process|programme|note))\b)").ok()
});
/// `This page is owned by Ann Bell`.
static OWNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[Tt]his\s(?:[a-zA-Z]+\s){1,3}is\s(?:owned|maintained|kept|held|managed|administered|kept\sup|kept\sup\sto\sdate|kept\scurrent|looked\safter)\sby\s").ok()
});
/// `Report accepted by ...`, `Programme 2026 approved by ...`; a whole sentence (`The policy was approved by`) speaks of another.
static ACCEPTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?i:report|programme|program|plan|policy|procedure|standard|document|rule|rules|register|record|minutes|assessment|instruction|this\s[a-z]+)(?:\s(?:[A-Z0-9][^\s]*|v[0-9][^\s]*|edition|ed\.|version|rev\.|no\.)){0,4}\s(?:approved|accepted|adopted|signed|authori[sz]ed)\s").ok()
});
/// `Standards Committee approved v1.3 on 12 February 2026`.
static DECIDED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?P<who>[A-Z][^.;:,]{2,60}?)\s(?:approved|adopted|ratified|authori[sz]ed)\s(?:(?:(?:v\.?\s?|version\s)(?P<version>[0-9.]+)|it|this\s[a-z]+)\s)?(?:on\s)?$").ok()
});

/// `Board of Directors 18 June 2026`, right before the day.
static BODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[Tt]he\s)?(?P<who>(?:[A-Z][^\s.;:,]*\s(?:of\s|and\s|&\s)?){0,4}?(?:Board|Committee|Council|Directors|Directorate|Assembly|Executive|Cabinet|Senate|Trustees|ExCo|Management)(?:\sof\s(?:the\s)?[A-Z][^\s.;:,]*)?),?\s(?:of\s|on\s)?$").ok()
});

/// Bytes of the longest line that is read.
const LONGEST: usize = 700;
/// Places from the top, and from the end, that are read outside headings on the document itself.
const HEAD: usize = 10;
const FOOT: usize = 8;
/// Bytes within which a date or a name must follow its cue.
const NEAR: usize = 30;

struct Clause {
    act: Act,
    /// From the cue to the end of its value.
    whole: Range<usize>,
    value: Range<usize>,
}

/// Fields that clauses state, where the document speaks of itself.
pub(super) fn collect(layout: &Layout, zones: &[bool]) -> Vec<Field> {
    let mut fields = Vec::new();
    let count = layout.places.len();
    for (n, place) in layout.places.iter().enumerate() {
        let near = n < HEAD || n + FOOT >= count || place.role == Role::Furniture;
        let closes = approval::closes(layout.text_of(place));
        let own = zones.get(n) == Some(&true) && (near || closes);
        if !own || place.role == Role::Contents {
            continue;
        }
        let lines = match &place.role {
            Role::Row { cells, .. } => {
                let mut filled = cells.iter().filter(|cell| !cell.is_empty());
                match (filled.next(), filled.next()) {
                    (Some(only), None) => vec![only.clone()],
                    // `Duties; edition 2; decided by the CIO 3 May 2026` above the table of a CSV file.
                    (Some(_), Some(_)) if n < TOP && says_several(layout.text_of(place)) => {
                        vec![place.bytes.clone()]
                    }
                    _ => continue,
                }
            }
            _ => logical_lines(layout, place),
        };
        for range in lines {
            let body = layout.text.get(range.clone()).unwrap_or_default();
            if body.len() <= LONGEST {
                // Between head and foot a line may speak of the rule that the document carries out.
                let below = if n < TOP || n + FOOT >= count { 0 } else { 3 };
                let listed = fields::is_listed(layout, n, body);
                Line { body, start: range.start, place: n, below, listed }.read(&mut fields);
            }
        }
    }
    fields
}

/// Whether a row's cells are clauses of different sorts.
fn says_several(row: &str) -> bool {
    let acts: Vec<Act> = row
        .split(" | ")
        .filter_map(|cell| cue(cell, first_letter(cell, 0)))
        .map(|(_, act)| act)
        .collect();
    acts.iter().any(|act| acts.first() != Some(act))
}

struct Line<'a> {
    body: &'a str,
    start: usize,
    place: usize,
    /// Added to the rank of all that it says.
    below: u8,
    /// Whether it is one of a list's, where decisions on other things stand too.
    listed: bool,
}

impl Line<'_> {
    fn read(&self, fields: &mut Vec<Field>) {
        let clauses = self.clauses();
        let is_title = self.place < 3 && self.body.split_whitespace().count() <= 14;
        for clause in clauses.iter().filter(|clause| !self.is_of_another(clause.whole.start)) {
            let is_control = self.is_control(clause, &clauses);
            match clause.act {
                Act::ApprovesBy if self.listed => {}
                Act::Approves | Act::Owns if self.listed && !self.is_labelled(clause) => {}
                Act::Approves | Act::ApprovesBy => self.approval(clause, is_control, fields),
                Act::Owns | Act::Responds | Act::Writes | Act::Made => {
                    self.owner(clause, is_control, fields);
                }
                // Behind a semicolon stands a list of other things.
                Act::Versions
                    if (is_control || is_title)
                        && !self.body.split_at(clause.whole.start).0.contains(';') =>
                {
                    self.version(clause, fields);
                }
                Act::Issues if is_control => self.dated(clause, Key::Issued, 3, fields),
                // `Next: 3 May` at the end of minutes is the next meeting.
                Act::Renews
                    if is_control
                        || !self.goes_on(clause.whole.start)
                            && !self.cue_of(clause).eq_ignore_ascii_case("next") =>
                {
                    self.dated(clause, Key::NextReview, 2, fields);
                }
                Act::Reviews if is_control => self.dated(clause, Key::ReviewDate, 1, fields),
                Act::Versions | Act::Issues | Act::Renews | Act::Reviews => {}
            }
        }
        self.sentences(clauses.iter().any(|clause| self.is_control(clause, &clauses)), fields);
    }

    /// Whether clauses of different sorts stand in a row: they speak of the document and of nothing else. Those in brackets
    /// stand by themselves.
    fn is_control(&self, clause: &Clause, clauses: &[Clause]) -> bool {
        let aside = self.is_aside(clause.whole.start);
        clauses
            .iter()
            .any(|other| other.act != clause.act && self.is_aside(other.whole.start) == aside)
    }

    /// Whether a colon stands between a cue and its value.
    fn is_labelled(&self, clause: &Clause) -> bool {
        self.body.get(clause.value.clone()).is_some_and(|value| value.starts_with(':'))
    }

    /// The words with which a clause begins.
    fn cue_of(&self, clause: &Clause) -> &str {
        self.body.get(clause.whole.start..clause.value.start).unwrap_or_default()
    }

    /// Whether the words before a place make what follows that of another document.
    fn is_of_another(&self, at: usize) -> bool {
        self.body
            .get(..at)
            .is_some_and(|ahead| others::refers(ahead) || others::names_in_aside(ahead))
    }

    /// Whether a place stands in brackets: what a bracket says is said of the word before it.
    fn is_aside(&self, at: usize) -> bool {
        let ahead = self.body.get(..at).unwrap_or_default();
        ahead.matches('(').count() > ahead.matches(')').count()
    }

    /// Whether a clause goes on with what was begun, as in `Programme 2026, approved by the Board`.
    fn goes_on(&self, at: usize) -> bool {
        let ahead = self.body.get(..at).unwrap_or_default().trim_end_matches([' ', '*', '\n']);
        let is_aside = || ahead.ends_with(['(', '{']) && !ahead.contains(char::is_alphanumeric);
        let of_status = || {
            let label = self.body.split_once(':').and_then(|(label, _)| lookup(label));
            label.is_some_and(|(key, _)| key == Key::Status)
        };
        ahead.ends_with([',', '(', '{', ';']) && !is_aside() && !of_status()
    }

    /// Every clause that begins with a known cue; its value reaches to the next one, or to the end of the sentence.
    fn clauses(&self) -> Vec<Clause> {
        let begun: Vec<(usize, usize, Act)> = self
            .starts()
            .into_iter()
            .filter_map(|at| cue(self.body, at).map(|(end, act)| (at, end, act)))
            // `Status: accepted by the board`: behind a label only what approves begins a clause of its own.
            .filter(|(at, _, act)| {
                let ahead = self.body.get(..*at).unwrap_or_default().trim_end_matches([' ', '*']);
                let Some(label) = ahead.strip_suffix(':') else { return true };
                let of_approval = lookup(label.rsplit(". ").next().unwrap_or(label))
                    .is_some_and(|(key, _)| matches!(key, Key::Status | Key::Approver));
                of_approval && matches!(act, Act::Approves | Act::ApprovesBy)
            })
            .collect();
        begun
            .iter()
            .enumerate()
            .map(|(n, (at, value, act))| {
                let next = begun.get(n + 1).map_or(self.body.len(), |(next, ..)| *next);
                let rest = self.body.get(*value..next).unwrap_or_default();
                let end = value + clause_end(rest);
                Clause { act: *act, whole: *at..end, value: *value..end }
            })
            .collect()
    }

    /// Where clauses may begin.
    fn starts(&self) -> Vec<usize> {
        let mut starts = vec![first_letter(self.body, 0)];
        for (at, mark) in self.body.char_indices() {
            let after = at + mark.len_utf8();
            let spaced = self.body.get(after..).is_some_and(|rest| rest.starts_with([' ', '*']));
            let begins = match mark {
                '(' => true,
                '.' => spaced && self.body.get(..at).is_some_and(names::ends_sentence),
                ':' | ',' | ';' | '|' | '·' | '•' | '¶' | '–' | '—' | '-' | ')' => spaced,
                '/' => {
                    spaced && self.body.get(..at).is_some_and(|ahead| ahead.ends_with([' ', '/']))
                }
                _ => false,
            };
            if begins {
                starts.push(first_letter(self.body, after));
            }
        }
        starts.dedup();
        starts
    }

    fn field(&self, key: Key, rank: u8, value: Range<usize>, quote: Range<usize>) -> Field {
        let shift = |range: Range<usize>| self.start + range.start..self.start + range.end;
        let aside = self.is_aside(quote.start);
        let below = if approval::closes(self.body) { 0 } else { self.below };
        let rank = rank + below + if aside { 3 } else { 0 };
        Field { key, rank, value: shift(value), quote: shift(quote), place: self.place }
    }

    fn owner(&self, clause: &Clause, is_control: bool, fields: &mut Vec<Field>) {
        let Some(value) = self.body.get(clause.value.clone()) else { return };
        let colon = value.starts_with(':');
        let cue = self.cue_of(clause).to_lowercase();
        let by = cue.ends_with(" by");
        // `Made 6 October 2026 by A. Bell`.
        let dated = dates::find(value).first().map(|date| date.range.clone()).filter(|date| {
            date.start <= 4 && value.get(date.end..).is_some_and(|rest| rest.starts_with(" by "))
        });
        let certain = match clause.act {
            // Who is in charge of a step of the work is named so too.
            Act::Responds => colon && (is_control || !cue.ends_with("in charge")),
            // `Last changed: section 4, 3 May 2026` tells what was changed.
            Act::Made => colon && !cue.starts_with("last changed") || dated.is_some(),
            _ => colon || by || is_control,
        };
        if !certain {
            return;
        }
        let from = dated.as_ref().map_or(usize::from(colon), |date| date.end);
        let by = by || dated.is_some();
        let Some(who) = names::after(value, from) else { return };
        // `Filled in by the system owner before each release` is a rule.
        if clause.act == Act::Writes && is_small(value, &who) && !colon {
            return;
        }
        // Without a colon nothing but the name may stand there: `owner approval takes a week`.
        let left =
            value.get(who.end..).unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
        if !colon && !by && !left.is_empty() && dates::find(left).is_empty() {
            return;
        }
        let rank = match clause.act {
            Act::Writes | Act::Made => 4,
            _ if colon => 1,
            _ => 2,
        };
        let at = clause.value.start;
        fields.push(self.field(
            Key::Owner,
            rank,
            at + who.start..at + who.end,
            clause.whole.clone(),
        ));
    }

    fn version(&self, clause: &Clause, fields: &mut Vec<Field>) {
        let Some(value) = self.body.get(clause.value.clone()) else { return };
        let end = value
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-')))
            .unwrap_or(value.len());
        let number = value.get(..end).unwrap_or_default().trim_end_matches(['.', ':', '-']);
        // `Issue 7580` is one of a tracker.
        let counts = number.len() >= 4 && number.bytes().all(|byte| byte.is_ascii_digit());
        if counts || others::is_of_a_thing(value.get(end..).unwrap_or_default()) {
            return;
        }
        let at = clause.value.start;
        let quote = clause.whole.start..at + number.len();
        fields.push(self.field(Key::Version, 3, at..at + number.len(), quote));
        // `Rev. B, 12 June 2026`.
        let Some(date) = dates::find(value).into_iter().next() else { return };
        let between = value.get(number.len()..date.range.start).unwrap_or("x");
        if matches!(
            between.trim_matches([' ', ',', '(', '/', '.']),
            "" | "of" | "dated" | "draft" | "final"
        ) {
            let range = at + date.range.start..at + date.range.end;
            fields.push(self.field(Key::Issued, 5, range.clone(), clause.whole.start..range.end));
        }
    }

    /// A date near its cue.
    fn dated(&self, clause: &Clause, key: Key, rank: u8, fields: &mut Vec<Field>) {
        let Some(value) = self.body.get(clause.value.clone()) else { return };
        let Some(date) = dates::find(value).into_iter().next() else { return };
        // `Review by the board, 3 May 2026` tells whose it was.
        let cue = self.cue_of(clause);
        let whose = || names::after(value, 0).is_some_and(|who| who.end <= date.range.start);
        if cue.ends_with(" by") && date.range.start > 1 && whose() {
            return;
        }
        // `Next meeting: 3 May`, `next board` are no reviews.
        let alone = cue.eq_ignore_ascii_case("next") && date.range.start > 2;
        if date.range.start <= NEAR && !alone {
            let at = clause.value.start;
            let range = at + date.range.start..at + date.range.end;
            fields.push(self.field(key, rank, range.clone(), clause.whole.start..range.end));
        }
    }

    /// Clauses that begin with a name or with the document.
    fn sentences(&self, is_control: bool, fields: &mut Vec<Field>) {
        for at in self.starts().into_iter().filter(|at| !self.is_of_another(*at)) {
            let Some(rest) = self.body.get(at..) else { continue };
            let sentence = rest.get(..clause_end(rest)).unwrap_or_default();
            if let Some(owns) = OWNS.as_ref().and_then(|owns| owns.captures(sentence))
                && let Some(who) = owns.name("who").or_else(|| {
                    let label = sentence.split(" is ").next().and_then(lookup);
                    owns.name("named").filter(|_| label.is_some_and(|(key, _)| key == Key::Owner))
                })
                && names::is_name(who.as_str())
            {
                let quote = at..at + sentence.len();
                fields.push(self.field(Key::Owner, 2, at + who.start()..at + who.end(), quote));
            }
            if let Some(owned) = OWNED.as_ref().and_then(|owned| owned.find(sentence))
                && let Some(who) = names::after(sentence, owned.end())
            {
                let quote = at..at + who.end;
                fields.push(self.field(Key::Owner, 1, at + who.start..at + who.end, quote));
            }
            let date = dates::find(sentence).into_iter().next();
            let Some(date) = date else { continue };
            let day = at + date.range.start..at + date.range.end;
            let quote = at..day.end;
            if let Some(accepted) = ACCEPTED.as_ref().and_then(|accepted| accepted.find(sentence))
                && let Some(who) = names::after(sentence, accepted.end())
                && who.end <= date.range.start
                && date.range.start <= who.end + NEAR
            {
                let who = at + who.start..at + who.end;
                fields.push(self.field(Key::Approver, 3, who, quote.clone()));
                fields.push(self.field(Key::Approved, 3, day.clone(), quote.clone()));
            }
            let before = sentence.get(..date.range.start).unwrap_or_default();
            if is_control
                && !self.body.get(..at).is_some_and(|ahead| ahead.trim_end().ends_with(':'))
                && !["Next ", "Last ", "Previous "].iter().any(|other| before.starts_with(other))
                && let Some(body) = BODY.as_ref().and_then(|body| body.captures(before))
                && let Some(who) = body.name("who")
            {
                let who = at + who.start()..at + who.end();
                fields.push(self.field(Key::Approver, 4, who, quote.clone()));
                fields.push(self.field(Key::Approved, 4, day.clone(), quote.clone()));
            }
            if (is_control || self.body.contains(" | "))
                && let Some(decided) = DECIDED.as_ref().and_then(|decided| decided.captures(before))
                && let Some(who) = decided.name("who").filter(|who| names::is_name(who.as_str()))
            {
                let who = at + who.start()..at + who.end();
                fields.push(self.field(Key::Approver, 3, who, quote.clone()));
                fields.push(self.field(Key::Approved, 3, day, quote.clone()));
                if let Some(version) = decided.name("version") {
                    let version = at + version.start()..at + version.end();
                    fields.push(self.field(Key::Version, 3, version, quote));
                }
            }
        }
    }
}

/// What the clause that begins here tells, and where its value begins.
fn cue(body: &str, at: usize) -> Option<(usize, Act)> {
    let rest = body.get(at..)?;
    if let Some(number) = VERSION.as_ref().and_then(|version| {
        let found = version.captures(rest)?;
        found.name("number").or_else(|| found.name("letter"))
    }) {
        return Some((at + number.start(), Act::Versions));
    }
    known_cue(rest).map(|(cue, act)| (at + cue, act)).or_else(|| {
        // `Sheet kept by A. Bell`.
        let noun = NOUNS.iter().find_map(|noun| {
            let first = rest.get(..noun.len())?;
            let behind = rest.get(noun.len()..)?.strip_prefix(' ')?;
            first.eq_ignore_ascii_case(noun).then_some(behind)
        })?;
        let (cue, act) = known_cue(noun)?;
        let owns = matches!(act, Act::Owns | Act::Writes) && noun.get(..cue)?.ends_with(" by");
        owns.then_some((at + rest.len() - noun.len() + cue, act))
    })
}

/// Where the next letter, digit or slash stands.
fn first_letter(body: &str, from: usize) -> usize {
    body.get(from..)
        .and_then(|rest| rest.find(|c: char| c.is_alphanumeric() || c == '/'))
        .map_or(body.len(), |at| from + at)
}

/// Where a clause ends: at a separator, or at a stop that ends a sentence rather than an initial or an abbreviation.
fn clause_end(rest: &str) -> usize {
    let marks = [" | ", " · ", " • ", " ¶ ", " // ", " – ", " — ", " - ", "; "];
    let cut = marks.iter().filter_map(|mark| rest.find(mark)).min().unwrap_or(rest.len());
    let mut open = 0_usize;
    let closed = rest.char_indices().find(|(_, mark)| match mark {
        '(' => {
            open += 1;
            false
        }
        ')' if open > 0 => {
            open -= 1;
            false
        }
        ')' => true,
        _ => false,
    });
    let cut = closed.map_or(cut, |(at, _)| at.min(cut));
    let body = rest.get(..cut).unwrap_or_default();
    // The stop of `12. März 2026` ends nothing.
    let dates = dates::find(body);
    let stop = body.match_indices(". ").map(|(at, _)| at).find(|at| {
        body.get(..*at).is_some_and(names::ends_sentence)
            && !dates.iter().any(|date| date.range.contains(at))
    });
    let end = stop.unwrap_or(cut);
    rest.get(..end).map_or(0, |clause| clause.trim_end_matches(['.', ',', ' ', '\n']).len())
}

#[cfg(test)]
mod tests;
