//! What a document says of itself in words and in page headers, without a label: `v2.1 – Approved – 12 March 2026`,
//! `This policy was approved by the board on 12 March 2026`.

use super::{
    dates,
    fields::{Field, lines, segments},
    labels::Key,
};
use crate::block::{Layout, Role};
use regex::Regex;
use std::sync::LazyLock;

static VERSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:version|ver\.?|revision|rev\.?)\s?(?:no\.?\s?)?(v?\d+(?:\.\d+){0,3}[a-z]?)|(v\d+(?:\.\d+){1,3}[a-z]?))\b").ok()
});
static TITLE_VERSION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?:\bversion|\bv)\s?(\d+(?:\.\d+){1,3})\)?$").ok());
/// Only what has happened: `must be approved by` and `is approved by` describe a procedure.
static APPROVED_BY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)(?:\b[Tt]his\s(?:[\w-]+\s){1,6}?(?:was|has\sbeen|have\sbeen)\s(?:\w+ly\s)?(?:reviewed\sand\s)?(?:approved|adopted|endorsed|authori[sz]ed|ratified|signed)(?:\sand\s\w+)?|(?:^|\.\s)(?:Formally\s)?(?:Approved|Adopted|Endorsed|Authori[sz]ed|Ratified|Signed)(?:\sand\s\w+)?)\sby\s
        (?P<who>(?:the\s)?[A-Z][\w.&'’-]*(?:\s(?:[A-Z][\w.&'’()-]*|of|the|and|for|\([^)]{2,40}\)|,\s[A-Z]\w+)){0,9})",
    )
    .ok()
});
/// Words before a date that say what happened on it; between them and the date only small words may stand.
static CUE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)\b(?P<cue>next\sreview(?:ed)?|review\s(?:is\s)?due|due\sfor\sreview|valid\suntil|expires|last\sreviewed|reviewed|effective|in\sforce|valid\sfrom|issued|published|last\s(?:updated|modified|revised)|updated|approved|adopted|ratified|signed|endorsed|authori[sz]ed)
        (?P<between>(?:\s+|[:–—,|-]|\b(?:on|by|the|of|date|dated|is|was|in|from|as|at|due|for|scheduled|since|no\slater\sthan|before|version)\b)*|\sby\s[^.;:\n]{2,80}?\s(?:on|in|at|dated)\s|\sby\s[^.;:\n]{2,60}?,\s)$",
    )
    .ok()
});

/// Fields that are stated without a label, where the document speaks of itself.
pub(super) fn collect(layout: &Layout, zones: &[bool]) -> Vec<Field> {
    let mut fields = Vec::new();
    let (Some(version), Some(title_version), Some(approved_by), Some(cue)) =
        (VERSION.as_ref(), TITLE_VERSION.as_ref(), APPROVED_BY.as_ref(), CUE.as_ref())
    else {
        return fields;
    };
    for (n, place) in layout.places.iter().enumerate() {
        let in_row = matches!(place.role, Role::Row { .. });
        if zones.get(n) != Some(&true) || place.role == Role::Contents || in_row {
            continue;
        }
        let furniture = place.role == Role::Furniture;
        for line in lines(layout, place) {
            let at =
                |range: &std::ops::Range<usize>| layout.text.get(range.clone()).unwrap_or_default();
            let body = at(&line);
            for piece in segments(&layout.text, line.clone()) {
                let words = at(&piece).split_whitespace().count();
                let found = version.captures(at(&piece)).filter(|_| words <= 8);
                if let Some(number) =
                    found.and_then(|captures| captures.get(1).or_else(|| captures.get(2)))
                {
                    let value = piece.start + number.start()..piece.start + number.end();
                    fields.push(Field {
                        key: Key::Version,
                        rank: if furniture { 2 } else { 1 },
                        value,
                        quote: piece.clone(),
                        place: n,
                    });
                }
                if super::status::alone(at(&piece)).is_some() && (furniture || n < 12) {
                    fields.push(Field {
                        key: Key::Status,
                        rank: 1,
                        value: piece.clone(),
                        quote: piece,
                        place: n,
                    });
                }
            }
            if matches!(place.role, Role::Heading(_))
                && n < 3
                && let Some(number) =
                    title_version.captures(body).and_then(|captures| captures.get(1))
            {
                let value = line.start + number.start()..line.start + number.end();
                fields.push(Field {
                    key: Key::Version,
                    rank: 3,
                    value,
                    quote: line.clone(),
                    place: n,
                });
            }
            if body.len() > 2000 {
                continue;
            }
            for captures in approved_by.captures_iter(body) {
                if let (Some(whole), Some(who)) = (captures.get(0), captures.name("who")) {
                    let value = line.start + who.start()..line.start + who.end();
                    let begin = line.start
                        + whole.start()
                        + whole.as_str().find(char::is_alphabetic).unwrap_or(0);
                    fields.push(Field {
                        key: Key::Approver,
                        rank: 2,
                        value,
                        quote: begin..line.start + whole.end(),
                        place: n,
                    });
                }
            }
            for date in dates::find(body) {
                let before = body.get(..date.range.start).unwrap_or_default();
                // A label of its own is read as a field; only words are looked at here.
                let Some(found) = cue.captures(before) else { continue };
                let Some(word) = found.name("cue") else { continue };
                let ahead = before.get(..word.start()).unwrap_or_default();
                // Far into a sentence it is about something else, unless the sentence says that it is about this document.
                let of_itself = ahead.len() < 30 || ahead.to_lowercase().contains("this ");
                if !of_itself || plans(ahead) {
                    continue;
                }
                let (key, rank) = meaning(&word.as_str().to_lowercase());
                fields.push(Field {
                    key,
                    rank,
                    value: line.start + date.range.start..line.start + date.range.end,
                    quote: line.start + word.start()..line.start + date.range.end,
                    place: n,
                });
            }
        }
    }
    fields
}

fn meaning(cue: &str) -> (Key, u8) {
    let word = cue.split_whitespace().next().unwrap_or_default();
    match word {
        "next" | "review" | "due" | "expires" => (Key::NextReview, 2),
        "valid" if cue.ends_with("until") => (Key::NextReview, 2),
        "last" if cue.ends_with("reviewed") => (Key::Reviewed, 2),
        "reviewed" => (Key::Reviewed, 3),
        "approved" | "adopted" | "ratified" | "signed" | "endorsed" | "authorised"
        | "authorized" => (Key::Approved, 2),
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
