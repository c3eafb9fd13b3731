//! Whole sentences that tell who approved or keeps the text: `The present policy was adopted by the board on 3 May 2026`,
//! `The Executive Board passed it on 3 May 2026`, `The ICT Directorate maintains these rules`.

use super::{
    dates,
    fields::{self, Field, logical_lines},
    labels::{Key, TEXTS},
    names, others,
};
use crate::block::{Layout, Role};
use regex::{Captures, Regex};
use std::{ops::Range, sync::LazyLock};

/// What is done to a text that makes it hold, as it was done.
const DONE: &str = r"approved|adopted|endorsed|authori[sz]ed|ratified|enacted|sanctioned|signed\soff|signed|accepted|confirmed|agreed|passed|released|countersigned|put\sin(?:to)?\sforce";

/// `This directive, version 6, was signed by ... on ...`.
static PASSIVE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?x)\b(?P<this>(?i:this|these|the\spresent|the))\s(?P<words>(?:[^\s.,;:()]+\s){{0,4}}?(?P<noun>[a-z]+))
        (?:,?\s(?:version|edition|issue|rev\.?)\s[^\s,]+,?|\s\([^()]*\))?(?:\sas\sa\swhole)?(?:\s(?:is|are)\s(?:owned|kept|maintained|looked\safter)\sby\s[^.;]{{3,60}}?,)?\s(?:and\s)?(?:was|were|has\sbeen|have\sbeen)\s(?:(?:prepared|drafted|written|compiled|reviewed|checked|discussed|taken\sup|read|presented)\b[^.;]{{0,80}}?\sand\s)?(?:[a-z]+ly\s)?(?:{DONE})\b(?P<rest>[^\n;]*)"
    ))
    .ok()
});
/// `Model Risk Committee approved this card and the release on ...`, `the Executive Board passed it by circular resolution on ...`.
static ACTIVE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?x)^(?P<who>[^;:]{{3,80}}?),?\s(?:has\s|have\s)?(?P<done>{DONE}|agreed\sto)\s
        (?P<object>it(?:\soff)?|(?P<this>this|these|the\spresent|the)\s(?:[^\s.,;:()]+\s){{0,3}}?(?P<noun>[a-z]+))\b(?P<rest>[^\n;]*)"
    ))
    .ok()
});
/// `The plant director gave her approval on ...`.
static GAVE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?P<who>[^;:]{3,80}?)\sgave\s(?:her|his|its|their)\s(?:approval|consent)(?P<rest>\son\s[^\n;]*)").ok()
});
/// `The Digital Workplace Division is the guardian of this directive`, `ICT maintains these rules`.
static KEEPS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[Tt]he\s)?(?P<who>[^.;:,]{3,80}?)\s(?:(?:is|are)\s(?:the\s)?(?:owner|custodian|keeper|guardian|steward|responsible|accountable|in\scharge|answerable)s?\s(?:of|for)|owns|maintains?|keeps?|looks?\safter|answers?\sfor)\s(?P<this>this|these|the\spresent|the)\s(?P<noun>[a-z]+)\b").ok()
});
/// `comes into force on 1 January 2026`, `They come into effect on`.
static HOLDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?P<cue>(?:comes?|came)\sinto\s(?:force|effect)|takes?\seffect|taking\seffect|enters?\sinto\sforce|with\seffect\sfrom|(?:has|have)\sapplied\s(?:[^.;]{0,40}\s)?since|valid\sas\sof|appl(?:y|ies)\s(?:as\s)?from|[Aa]pplicable\s(?:as\sof|from)|(?:is|are)\svalid\sfrom|[Bb]inding\s[^.;,]{0,30}from)\s(?:on\s)?$").ok()
});

/// `It will be looked at again no later than 30 September 2027`, `We go through them again in May 2027`.
static RENEWS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?P<cue>(?:look(?:ed|s)?\s(?:at|over)|go(?:es)?\sthrough|gone\sthrough|review(?:ed|s)?|revisit(?:ed)?|revised|taken\sup|re-?examin(?:ed|ation))\b[^.;]{0,40}?)\s(?:in|by|on|before|not?\slater\sthan)\s$").ok()
});

/// Bytes of the longest line that is read, and of what may stand between what was done and its day.
const LONGEST: usize = 900;
const REACH: usize = 140;

/// Fields of sentences about the text, where it speaks of itself.
pub(super) fn collect(layout: &Layout, zones: &[bool]) -> Vec<Field> {
    let title = layout.places.iter().find(|place| !matches!(place.role, Role::Furniture));
    let title = title.map(|place| layout.text_of(place).to_lowercase()).unwrap_or_default();
    let mut fields = Vec::new();
    for (n, place) in layout.places.iter().enumerate() {
        let wordless = matches!(place.role, Role::Contents | Role::Heading(_) | Role::Row { .. });
        if wordless || zones.get(n) != Some(&true) {
            continue;
        }
        for line in logical_lines(layout, place).into_iter().filter(|line| line.len() <= LONGEST) {
            let body = layout.text.get(line.clone()).unwrap_or_default();
            let is_listed = fields::is_listed(layout, n, body);
            let mut of_text = false;
            for sentence in sentences(body) {
                let told = body.get(sentence.clone()).unwrap_or_default();
                if others::refers(body.get(..sentence.start).unwrap_or_default()) {
                    continue;
                }
                let at = line.start + sentence.start;
                let reads = Sentence { told, at, place: n, title: &title, of_text };
                if !is_listed {
                    reads.approves(&mut fields);
                }
                reads.keeps(&mut fields);
                reads.holds(&mut fields);
                of_text = names_this_text(told) || introduces(told);
            }
        }
    }
    fields
}

/// The sentences of a line; those that a semicolon parts are two.
fn sentences(body: &str) -> Vec<Range<usize>> {
    let dates = dates::find(body);
    let mut found = Vec::new();
    let mut from = 0;
    for (at, mark) in body.match_indices([';', '.']) {
        let spaced = body
            .get(at + 1..)
            .is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '*']));
        let in_date = dates.iter().any(|date| date.range.contains(&at) && at + 1 < date.range.end);
        let ends =
            mark != "." || spaced && !in_date && body.get(..at).is_some_and(names::ends_sentence);
        if ends {
            found.push(from..at);
            from = at + 1;
        }
    }
    found.push(from..body.len());
    found
        .into_iter()
        .map(|range| {
            let text = body.get(range.clone()).unwrap_or_default();
            let start = range.start
                + (text.len() - text.trim_start_matches([' ', '*', '_', '\n', '-', '–']).len());
            start.min(range.end)..range.end
        })
        .filter(|range| !range.is_empty())
        .collect()
}

/// Whether a sentence speaks of the text that it stands in: `this policy`, `the present rules`.
pub(super) fn names_this_text(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    ["this ", "these ", "the present "].iter().any(|this| {
        lower.match_indices(this).any(|(at, _)| {
            let noun = lower.get(at + this.len()..).unwrap_or_default();
            noun.split(' ').take(4).any(|word| TEXTS.contains(&word.trim_end_matches(',')))
        })
    })
}

/// Whether a sentence hands the text over: `Below is the final text of our rules`.
fn introduces(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    [" our ", "below ", " following "].iter().any(|cue| {
        lower.split_once(cue).is_some_and(|(_, behind)| {
            behind.split(' ').take(6).any(|word| TEXTS.contains(&word.trim_end_matches([',', '.'])))
        })
    })
}

struct Sentence<'a> {
    told: &'a str,
    at: usize,
    place: usize,
    /// The document's title, in small letters.
    title: &'a str,
    /// Whether the sentence before it is about the text.
    of_text: bool,
}

impl Sentence<'_> {
    /// Whether what a sentence is about is the text: `this policy`, and `the policy` where its title says that it is one.
    fn is_text(&self, found: &Captures<'_>) -> bool {
        let Some(noun) = found.name("noun") else { return self.of_text };
        let this = found.name("this").map_or("", |this| this.as_str());
        let noun = noun.as_str();
        let words = found.name("words").map_or("", |words| words.as_str()).to_lowercase();
        // `The previous version`, `the supplier's policy`, `the new model version`.
        let of_another = words.split(' ').any(|word| {
            let other =
                ["previous", "first", "last", "old", "earlier", "former", "model", "software"];
            other.contains(&word) || word.ends_with("'s") || word.ends_with("’s")
        });
        let edition = ["revision", "edition", "version"].contains(&noun);
        let is_text =
            TEXTS.contains(&noun) && (!this.eq_ignore_ascii_case("the") || self.titled(noun));
        !of_another && (edition || is_text)
    }

    /// Whether a word stands in the title.
    fn titled(&self, noun: &str) -> bool {
        self.title.split(|c: char| !c.is_alphanumeric()).any(|word| word == noun)
    }

    /// A field of which value and quote are byte ranges of this sentence.
    fn field(&self, key: Key, rank: u8, value: Range<usize>, quote: Range<usize>) -> Field {
        let shift = |range: Range<usize>| self.at + range.start..self.at + range.end;
        Field { key, rank, value: shift(value), quote: shift(quote), place: self.place }
    }

    /// Whether what is approved only has to do with the text: `this exception to the policy was approved`.
    fn is_of_another(&self, found: &Captures<'_>) -> bool {
        let start = found.name("this").map_or(0, |this| this.start());
        let ahead = self.told.get(..start).unwrap_or_default();
        let last = ahead.split_whitespace().next_back().unwrap_or_default();
        let words = found.name("words").map_or("", |words| words.as_str());
        ["to", "of", "under", "from", "against", "in", "with", "for", "on"].contains(&last)
            || words.split(' ').any(|word| ["to", "of", "from", "under", "for"].contains(&word))
    }

    fn approves(&self, fields: &mut Vec<Field>) {
        let lower = self.told.to_lowercase();
        let is_open = [" not ", " if ", " unless ", " condition ", " missing "]
            .iter()
            .any(|open| lower.contains(open));
        if is_open
            || lower.starts_with("if ")
            || lower.contains("replaces ")
            || lower.contains("supersedes ")
        {
            return;
        }
        if let Some(found) = PASSIVE.as_ref().and_then(|passive| passive.captures(self.told))
            && self.is_text(&found)
            && !self.is_of_another(&found)
            && let Some(rest) = found.name("rest")
        {
            // `approved and the guards were trained by Acme Ltd` goes on to something else.
            let own = rest.as_str().split(" and the ").next().unwrap_or_default();
            let by = own.find(" by ").map(|at| rest.start() + at);
            let who = by.and_then(|by| names::after(self.told, by));
            let day = self.day(rest.start());
            self.push(who, day, found.get(0).map_or(0, |whole| whole.start()), 2, fields);
            return;
        }
        let active = || {
            let found = ACTIVE.as_ref().and_then(|active| active.captures(self.told))?;
            let is_it = found
                .name("object")
                .is_some_and(|object| matches!(object.as_str(), "it" | "it off"));
            (is_it && self.of_text || !is_it && self.is_text(&found)).then_some(found)
        };
        let gave = || GAVE.as_ref().and_then(|gave| gave.captures(self.told));
        let Some(found) = active().or_else(gave) else { return };
        let (Some(who), Some(rest)) = (found.name("who"), found.name("rest")) else { return };
        // `Our managing director, A. Bell, signed it off`.
        let own = who.as_str();
        let named =
            [own, own.rsplit(", ").next().unwrap_or(own), own.split(", ").next().unwrap_or(own)]
                .into_iter()
                .find(|part| names::is_name(part.trim_end_matches(',')));
        let (Some(day), Some(named)) = (self.day(rest.start()), named) else { return };
        let from = who.start() + own.find(named).unwrap_or(0);
        let named = from..from + named.trim_end_matches(',').len();
        let agrees = found.name("done").is_some_and(|done| done.as_str().starts_with("agreed"));
        self.push(Some(named), Some(day), who.start(), if agrees { 4 } else { 2 }, fields);
    }

    /// The day that stands within reach behind a place.
    fn day(&self, from: usize) -> Option<Range<usize>> {
        let rest = self.told.get(from..)?;
        let day = dates::find(rest).into_iter().next()?;
        (day.range.start <= REACH).then(|| from + day.range.start..from + day.range.end)
    }

    fn push(
        &self,
        who: Option<Range<usize>>,
        day: Option<Range<usize>>,
        from: usize,
        rank: u8,
        fields: &mut Vec<Field>,
    ) {
        let end = [&who, &day].into_iter().flatten().map(|range| range.end).max().unwrap_or(from);
        fields.extend(who.map(|who| self.field(Key::Approver, rank, who, from..end)));
        fields.extend(day.map(|day| self.field(Key::Approved, rank, day, from..end)));
    }

    fn keeps(&self, fields: &mut Vec<Field>) {
        let Some(found) = KEEPS.as_ref().and_then(|keeps| keeps.captures(self.told)) else {
            return;
        };
        let (Some(who), Some(noun)) = (found.name("who"), found.name("noun")) else { return };
        let is_the = found.name("this").is_some_and(|this| this.as_str() == "the");
        let noun = noun.as_str();
        let is_own = TEXTS.contains(&noun) && (!is_the || self.titled(noun) || noun == "text");
        if is_own && names::is_name(who.as_str()) {
            let end = found.get(0).map_or(who.end(), |whole| whole.end());
            fields.push(self.field(Key::Owner, 2, who.range(), who.start()..end));
        }
    }

    fn holds(&self, fields: &mut Vec<Field>) {
        let starts = |word: &str| {
            self.told.get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word))
        };
        let begins: String = self.told.split(' ').take(7).collect::<Vec<_>>().join(" ");
        let own = names_this_text(&begins)
            || (self.of_text || self.place < 3)
                && (starts("it ")
                    || starts("we ")
                    || starts("they ")
                    || starts("applicable ")
                    || starts("binding "));
        if !own {
            return;
        }
        for date in dates::find(self.told) {
            let ahead = self.told.get(..date.range.start).unwrap_or_default();
            let cue = |regex: &LazyLock<Option<Regex>>| -> Option<usize> {
                let found = regex.as_ref()?.captures(ahead)?;
                Some(found.name("cue")?.start())
            };
            let ahead_of_us = || self.told.contains("again") || self.told.contains("will ");
            let (from, key) = match (cue(&HOLDS), cue(&RENEWS).filter(|_| ahead_of_us())) {
                (Some(from), _) => (from, Key::Issued),
                (None, Some(from)) => (from, Key::NextReview),
                (None, None) => continue,
            };
            // `This policy says that access rights are reviewed again by` is about the rights.
            let subject = self.told.get(..from).unwrap_or_default();
            if [" that ", " which "].iter().any(|goes_on| subject.contains(goes_on)) {
                continue;
            }
            let quote = from..date.range.end;
            fields.push(self.field(key, 3, date.range, quote));
        }
    }
}
