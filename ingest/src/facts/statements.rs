//! What a document says of itself in words and in page headers, without a label: `v2.1 – Approved – 12 March 2026`,
//! `This policy was approved by the board on 12 March 2026`.

use super::{
    dates,
    fields::{self, Field, lines, segments},
    labels::{Key, TEXTS},
    names, others, sentences,
};
use crate::block::{Layout, Role};
use regex::{Match, Regex};
use std::{ops::Range, sync::LazyLock};

/// A character of a word. Named by what it is not, for the letters of all languages are thousands.
const WORD: &str =
    r"[^\x00-/:-@\[-^`{-\u{bf}\u{d7}\u{f7}\u{2000}-\u{206f}\u{3000}-\u{3020}\u{ff00}-\u{ff0f}]";
/// The same, or one of those that names have within them: `.`, `&`, `'`, `’`, `-`.
const NAME: &str = r"[^\x00-%(-,/:-@\[-^`{-\u{bf}\u{d7}\u{f7}\u{2000}-\u{2018}\u{201a}-\u{206f}\u{3000}-\u{3020}\u{ff00}-\u{ff0f}]";

static VERSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:draft\s|final\s)?(?:(?:version|ver\.?|revision|rev\.?)\s?(?:no\.?\s?)?(v?[0-9]+(?:\.[0-9]+){0,3}[a-z]?)|(v[0-9]+(?:\.[0-9]+){1,3}[a-z]?))\b").ok()
});
static TITLE_VERSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?P<of>[^\s]+\s)(?:version|v)\s?(?P<number>[0-9]+(?:\.[0-9]+){1,3})\)?(?:\s\(?(?:draft|final|approved|for\s(?:comment|review|approval))\)?)?$").ok()
});
/// Only what has happened: `must be approved by` and `is approved by` describe a procedure.
static APPROVED_BY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?x)(?:(?:\b[Tt]his\s(?:{NAME}+\s){{1,6}}?|\.\sIt\s)(?:was|has\sbeen|have\sbeen)\s(?:{WORD}+ly\s)?(?:reviewed\sand\s)?(?:approved|adopted|endorsed|authori[sz]ed|ratified|signed)(?:\sand\s{WORD}+)?|^Minutes\s(?:agreed|approved|confirmed|signed)|(?:^|\.\s)(?:Formally\s)?(?:Approved|Adopted|Endorsed|Authori[sz]ed|Ratified|Signed)(?:\sand\s{WORD}+)?)(?:\s[a-z]+ly)?\sby\s
        (?P<who>(?:the\s)?[A-Z]{NAME}*(?:\s(?:[A-Z](?:{NAME}|[()])*|of|the|and|for|\([^()]+\)|,\s[A-Z]{WORD}+)){{0,9}})?"
    ))
    .ok()
});
/// Words before a date that say what happened on it; between them and the date only small words may stand.
static CUE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)\b(?P<cue>next\s(?:be\s)?review(?:ed)?|review\s(?:is\s)?due|due\sfor\sreview|valid\suntil|expires|last\sreviewed|reviewed|effective|in\sforce|(?:takes?|took)\seffect|(?:comes?|came)\sinto\s(?:force|effect)|valid\sfrom|issued|published|last\s(?:updated|modified|revised|changed|edited)|updated|approved|adopted|ratified|signed|endorsed|authori[sz]ed|minutes\s(?:agreed|confirmed)|held\son)
        (?P<between>(?:\s+|[:–—,|-]|\b(?:on|by|the|of|date|dated|is|was|in|from|as|at|due|for|scheduled|since|no\slater\sthan|before|version|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b)*|(?:\s[a-z]+ly)?\sby\s[^.;:\n]{2,80}?\s(?:on|in|at|dated)\s|\sby\s[^.;:\n]{2,60}?,\s)$",
    )
    .ok()
});

/// A version within a line: `POL-01, version 3.`, `Edition 4 for release 3.2.`
static VERSION_PART: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:(?:version|ver\.?|revision|rev\.?)\s(v?[0-9]+(?:\.[0-9]+){0,3}[a-z]?)|(?:issue|edition)\s([0-9]{1,2}(?:\.[0-9]+)?[a-z]?))\b",
    )
    .ok()
});
/// A version right before its date: `v0.4 draft, 20 Feb 2025`, `issue 2 of 27 January 2026`.
static VERSION_DATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?P<version>\b(?:(?:version|revision|rev\.?|issue|edition)\s|v)[0-9]+(?:\.[0-9]+){0,3}[a-z]?)(?:\s(?:draft|final))?(?:,|\s?[/|(–—-]|\s(?:of|dated|from))?\s?$",
    )
    .ok()
});
/// Who signed, right before the day: `Signed off: Jane Doe, CISO, 9 October 2026`, `Approved. J. Doe, 9 October 2026`.
static SIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?:^|[.;]\s)(?P<cue>(?:Completed\sand\s|Reviewed\sand\s)?(?:[Ss]igned(?:\soff)?|[Aa]pproved|[Aa]uthori[sz]ed))[.:]?\s+(?P<who>[A-Z]{NAME}*(?:,?\s(?:[A-Z]{NAME}*|of|the|and|for|\([^()]+\))){{0,9}}),?\s(?:on\s)?$"
    ))
    .ok()
});
/// Who wrote and when, right below the title: `Jane Doe, 9 October 2026`.
static BYLINE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"^[A-Z]{NAME}*\.?(?:\s[A-Z]{NAME}*){{1,3}},\s$")).ok());

/// Fields that are stated without a label, where the document speaks of itself.
pub(super) fn collect(layout: &Layout, zones: &[bool]) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut heading = 0;
    for (n, place) in layout.places.iter().enumerate() {
        if matches!(place.role, Role::Heading(_)) {
            heading = n;
        }
        if zones.get(n) != Some(&true) || place.role == Role::Contents {
            continue;
        }
        if let Role::Row { cells, .. } = &place.role {
            let at = |cell: &Range<usize>| layout.text.get(cell.clone()).unwrap_or_default();
            let filled: Vec<&Range<usize>> = cells.iter().filter(|cell| !cell.is_empty()).collect();
            // `Status | Final, version 1.0, signed 19 May 2026`, or a line of its own above a table.
            let line = match filled.as_slice() {
                [label, value] if is_of_document(at(label)) => Some((*value).clone()),
                [only] => Some((*only).clone()),
                _ => None,
            };
            if let Some(range) = line.filter(|range| n < NEAR_THE_TOP && range.len() <= LONGEST) {
                let line = Line { layout, range, place: n };
                line.version_parts(true, &mut fields);
                line.approved_by(&mut fields);
                line.dated(&mut fields);
            }
            continue;
        }
        let furniture = place.role == Role::Furniture;
        for range in lines(layout, place) {
            let line = Line { layout, range, place: n };
            line.pieces(furniture, &mut fields);
            if furniture || n < NEAR_THE_TOP {
                line.version_parts(false, &mut fields);
            }
            if n < 3 && line.body().split_whitespace().count() <= 14 {
                line.version_of_title(&mut fields);
            }
            if line.body().len() <= LONGEST {
                // In lists, and in lines about a thing with a number, other things are approved.
                if !fields::is_listed(layout, n, line.body()) {
                    line.approved_by(&mut fields);
                }
                line.dated(&mut fields);
                if n <= 3 && n == heading + 1 {
                    line.byline(&mut fields);
                }
            }
        }
    }
    fields
}

/// Places from the top in which a version without a label speaks of the document.
const NEAR_THE_TOP: usize = 12;
/// Bytes of the longest line that is searched for statements.
const LONGEST: usize = 2000;

/// A line, or a cell, and the place that it stands in.
struct Line<'a> {
    layout: &'a Layout,
    range: Range<usize>,
    place: usize,
}

impl Line<'_> {
    fn body(&self) -> &str {
        self.layout.text.get(self.range.clone()).unwrap_or_default()
    }

    /// A field whose value and quote are byte ranges of this line.
    fn field(&self, key: Key, rank: u8, value: Range<usize>, quote: Range<usize>) -> Field {
        let shift =
            |range: Range<usize>| self.range.start + range.start..self.range.start + range.end;
        Field { key, rank, value: shift(value), quote: shift(quote), place: self.place }
    }

    /// Parts between ` | ` and the like that are a version or a status and nothing else.
    fn pieces(&self, furniture: bool, fields: &mut Vec<Field>) {
        let Some(version) = VERSION.as_ref() else { return };
        for piece in segments(&self.layout.text, self.range.clone()) {
            let text = self.layout.text.get(piece.clone()).unwrap_or_default();
            let words = text.split_whitespace().count();
            let short = words <= 8 && text.bytes().any(|byte| byte.is_ascii_digit());
            let found = if short { own_number(version, text) } else { None };
            if let Some(number) = found {
                fields.push(Field {
                    key: Key::Version,
                    rank: if furniture { 2 } else { 1 },
                    value: piece.start + number.start()..piece.start + number.end(),
                    quote: piece.clone(),
                    place: self.place,
                });
            }
            if super::status::alone(text).is_some() && (furniture || self.place < NEAR_THE_TOP) {
                fields.push(Field {
                    key: Key::Status,
                    rank: 1,
                    value: piece.clone(),
                    quote: piece,
                    place: self.place,
                });
            }
        }
    }

    /// A version as a part of a sentence or of a cell's value.
    fn version_parts(&self, in_cell: bool, fields: &mut Vec<Field>) {
        let Some(version) = VERSION_PART.as_ref() else { return };
        let body = self.body();
        if body.len() > 400 {
            return;
        }
        let mut from = 0;
        for part in body.split_inclusive([',', '.', ';']) {
            let at = from + (part.len() - part.trim_start().len());
            // A stop within a number ends no part.
            let rest = body.get(at..).unwrap_or_default();
            // Behind a semicolon stands a list of other things.
            let begins = from == 0
                || body.get(..at).is_some_and(|before| {
                    before.ends_with(' ') && !before.contains(';') && !others::refers(before)
                });
            let words = rest
                .split([',', ';'])
                .next()
                .and_then(|part| part.split(". ").next())
                .map_or(0, |part| part.split_whitespace().count());
            if begins
                && words <= 8
                && let Some(number) = own_number(version, rest)
            {
                let rank = if in_cell { 5 } else { 4 };
                fields.push(self.field(
                    Key::Version,
                    rank,
                    at + number.start()..at + number.end(),
                    at..at + number.end(),
                ));
            }
            from += part.len();
        }
    }

    fn version_of_title(&self, fields: &mut Vec<Field>) {
        let number = TITLE_VERSION.as_ref().and_then(|version| {
            let found = version.captures(self.body())?;
            // `Rollout of model v2.6`: that of a thing, not of the document.
            let of = found.name("of")?.as_str().trim_end_matches([' ', ',']).to_lowercase();
            let things =
                ["model", "system", "app", "release", "engine", "build", "software", "tool"];
            found.name("number").filter(|_| !things.contains(&of.as_str()))
        });
        if let Some(number) = number {
            fields.push(self.field(Key::Version, 3, number.range(), 0..self.range.len()));
        }
    }

    fn approved_by(&self, fields: &mut Vec<Field>) {
        const WORDS: [&str; 8] =
            ["pproved", "dopted", "ndorsed", "uthori", "atified", "igned", "agreed", "confirmed"];
        let body = self.body();
        let Some(approved_by) = APPROVED_BY.as_ref() else { return };
        if !WORDS.iter().any(|word| body.contains(word)) {
            return;
        }
        for captures in approved_by.captures_iter(body) {
            let Some(whole) = captures.get(0) else { continue };
            let ahead = body.get(..whole.start()).unwrap_or_default();
            let goes_on = whole.as_str().starts_with(". It ");
            // `The budget for this year was approved by`.
            let is_of_else = whole.as_str().to_lowercase().starts_with("this ")
                && !says_this_text(whole.as_str());
            let opens = ["if", "unless", "once", "when", "until"];
            let last = ahead.split_whitespace().next_back().unwrap_or_default().to_lowercase();
            if goes_on && !is_of_text(ahead) || is_of_else || opens.contains(&last.as_str()) {
                continue;
            }
            // `This policy was approved by the director`: an office in small letters.
            let small = || {
                let of_itself = goes_on || says_this_text(whole.as_str());
                of_itself.then(|| names::after(body, whole.end())).flatten()
            };
            let named = captures.name("who").map(|who| who.range());
            let Some(who) = named.or_else(small) else { continue };
            let begin = whole.start() + whole.as_str().find(char::is_alphabetic).unwrap_or(0);
            if !others::refers(body.get(..begin).unwrap_or_default()) {
                fields.push(self.field(Key::Approver, 2, who.clone(), begin..who.end));
            }
        }
    }

    /// Dates with words before them that say what happened; a label of its own is read as a field.
    fn dated(&self, fields: &mut Vec<Field>) {
        let (Some(cue), Some(dated), Some(signed)) =
            (CUE.as_ref(), VERSION_DATED.as_ref(), SIGNED.as_ref())
        else {
            return;
        };
        let body = self.body();
        for date in dates::find(body) {
            let before = body.get(..date.range.start).unwrap_or_default();
            if others::refers(before) {
                continue;
            }
            if let Some((found, who)) = signed
                .captures(before)
                .and_then(|found| Some((found.name("cue")?, found.name("who")?)))
            {
                let quote = found.start()..date.range.end;
                fields.push(self.field(Key::Approver, 3, who.range(), quote.clone()));
                fields.push(self.field(Key::Approved, 3, date.range.clone(), quote));
                continue;
            }
            if let Some(found) = dated.captures(before).and_then(|found| found.name("version"))
                && !of_another(before.get(..found.start()).unwrap_or_default())
            {
                let quote = found.start()..date.range.end;
                fields.push(self.field(Key::Issued, 5, date.range.clone(), quote));
                continue;
            }
            let Some(word) = cue.captures(before).and_then(|found| found.name("cue")) else {
                continue;
            };
            let ahead = before.get(..word.start()).unwrap_or_default();
            // Far into a sentence it is about something else, unless the sentence says that it is about this document.
            let own = ahead.rsplit(". ").next().unwrap_or_default();
            let goes_on = own.starts_with("It ") && ahead.strip_suffix(own).is_some_and(is_of_text);
            let named = own.is_empty() || goes_on || sentences::names_this_text(own);
            if !(named || ahead.len() < 30) || plans(own) {
                continue;
            }
            let (key, rank) = meaning(&word.as_str().to_lowercase());
            // `The framework approved on 3 May 2023 is withdrawn`.
            let of_another = key == Key::Approved && !named && own.trim_start().starts_with("The ");
            if of_another {
                continue;
            }
            // `approved on 4 May 2026 by the Board`.
            if key == Key::Approved
                && named
                && body.get(date.range.end..).is_some_and(|rest| rest.starts_with(" by "))
                && let Some(who) = names::after(body, date.range.end)
            {
                fields.push(self.field(Key::Approver, rank, who.clone(), word.start()..who.end));
            }
            fields.push(self.field(key, rank, date.range.clone(), word.start()..date.range.end));
        }
    }

    fn byline(&self, fields: &mut Vec<Field>) {
        let body = self.body();
        let Some(date) = dates::find(body).into_iter().next() else { return };
        let before = body.get(..date.range.start).unwrap_or_default();
        if BYLINE.as_ref().is_some_and(|byline| byline.is_match(before)) {
            fields.push(self.field(Key::Issued, 6, date.range.clone(), 0..date.range.end));
        }
    }
}

/// The number of the version that a text begins with, unless it is that of a thing of which the text goes on to tell.
fn own_number<'t>(version: &Regex, text: &'t str) -> Option<Match<'t>> {
    let found = version.captures(text)?;
    let number = found.get(1).or_else(|| found.get(2))?;
    (!others::is_of_a_thing(text.get(number.end()..)?)).then_some(number)
}

/// Whether a row's label is about the document itself: a known one, or `This edition`.
fn is_of_document(label: &str) -> bool {
    super::labels::lookup(label).is_some_and(|(key, _)| key != Key::Other)
        || label.to_lowercase().starts_with("this ")
        || ["document", "policy", "procedure", "record", "handbook", "standard", "plan"]
            .contains(&label.to_lowercase().trim())
}

/// Whether words before a version make it that of another document, or an older one: `replaces version 4.3`.
fn of_another(before: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    matches!(
        last.as_str(),
        "replaces"
            | "replacing"
            | "supersedes"
            | "superseding"
            | "previous"
            | "by"
            | "to"
            | "from"
            | "with"
            | "of"
            | "since"
    )
}

fn meaning(cue: &str) -> (Key, u8) {
    let word = cue.split_whitespace().next().unwrap_or_default();
    match word {
        "next" | "review" | "due" | "expires" => (Key::NextReview, 2),
        "valid" if cue.ends_with("until") => (Key::NextReview, 2),
        "last" if cue.ends_with("reviewed") => (Key::Reviewed, 2),
        "reviewed" => (Key::Reviewed, 3),
        "approved" | "adopted" | "ratified" | "signed" | "endorsed" | "authorised"
        | "authorized" | "minutes" => (Key::Approved, 2),
        "last" | "updated" => (Key::Issued, 5),
        _ => (Key::Issued, 3),
    }
}

/// Whether words before a cue make it a duty or a plan: `must be approved by`, `will be effective from`, `not approved`.
fn plans(before: &str) -> bool {
    let mut last = before.split_whitespace().rev().take(3).map(str::to_lowercase);
    last.any(|word| {
        matches!(
            word.as_str(),
            "must"
                | "shall"
                | "should"
                | "may"
                | "can"
                | "be"
                | "not"
                | "to"
                | "if"
                | "when"
                | "once"
                | "until"
                | "unless"
                | "never"
        )
    })
}
/// Whether the last sentence of what stands before an `It` is about the text itself: `Policy owner is the CISO`.
fn is_of_text(before: &str) -> bool {
    let last = before.trim_end_matches(['.', ' ']).rsplit(". ").next().unwrap_or_default();
    let words = last.split_whitespace().take(3).map(str::to_lowercase);
    words.into_iter().any(|word| TEXTS.contains(&word.as_str()))
}

/// Whether a statement's subject is the text that it stands in, and not one of the things that it deals with: `This policy was`.
fn says_this_text(statement: &str) -> bool {
    let lower = statement.to_lowercase();
    let words = lower.split_whitespace().skip_while(|word| *word != "this").skip(1);
    words
        .take_while(|word| {
            !matches!(*word, "was" | "has" | "have" | "to" | "of" | "for" | "from" | "on" | "in")
        })
        .last()
        .is_some_and(|last| TEXTS.contains(&last))
}
