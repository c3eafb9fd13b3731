//! Clauses that say who approved a document and when.

use super::{
    super::{approval, cues::Act, dates, fields::Field, labels::Key, names, signatures},
    Clause, Line, NEAR,
};
use std::ops::Range;

/// Whether whoever stands there is written in small letters alone: `the line manager`.
pub(super) fn is_small(text: &str, who: &Range<usize>) -> bool {
    !text.get(who.clone()).unwrap_or_default().contains(char::is_uppercase)
}

impl Line<'_> {
    /// Adds who approved the document, and when, as far as a clause tells it.
    pub(super) fn approval(&self, clause: &Clause, is_control: bool, fields: &mut Vec<Field>) {
        let Some(value) = self.body.get(clause.value.clone()) else { return };
        let cue = self.cue_of(clause);
        let closes = approval::closes(self.body);
        let lower = value.to_lowercase();
        if [
            "pending",
            "not yet",
            "awaiting",
            "expected",
            "planned",
            "to be ",
            "unless",
            "if ",
            "afterwards",
            "after the fact",
            "retrospectively",
        ]
        .iter()
        .any(|open| lower.contains(open))
        {
            return;
        }
        // `List complete, approved: A. Bell, 3 May 2026`: nothing but a name and a day behind the colon.
        let is_signed = || value.strip_prefix(':').and_then(signatures::signature).is_some();
        if self.goes_on(clause.whole.start) && !is_control && !is_signed()
            || approval::closes_other(self.body)
        {
            return;
        }
        // `for stages 1 and 2: A. Bell`.
        let on_behalf = lower.starts_with(" for ") || lower.starts_with(" on behalf of ");
        let colon = value.find(':').filter(|at| *at == 0 || on_behalf && *at < 40);
        // `Approved by (Change Board): ____`: the bracket says whose name belongs behind the colon.
        let asked = [" (", " by ("].iter().any(|start| value.starts_with(start));
        let asked = asked.then(|| value.find("):")).flatten();
        let colon = colon.or(asked.map(|at| at + 1));
        let from = colon.map_or(0, |at| at + 1);
        let dates = dates::find(value);
        let date = dates.first().map(|date| date.range.clone());
        let told = value.get(from..).unwrap_or_default();
        // `Verified ✔ by A. Bell`.
        let said_by = told.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with("by ");
        let leading = date.clone().filter(|date| {
            value.get(from..date.start).is_some_and(|ahead| {
                let ahead = ahead.trim();
                ahead.is_empty() || matches!(ahead, "on" | "," | "(") || says_where(ahead)
            })
        });
        let who = match &leading {
            // `Approved 12 February 2026 by the Board`, `Approved: 12 February 2026, A. Bell`.
            Some(date) => names::after(value, date.end).or_else(|| named_by(value, date.end)),
            None => names::after(value, from).or_else(|| named_by(value, from)),
        };
        let who = who.map(|who| joint(value, who, date.as_ref().filter(|_| leading.is_none())));
        let who = who.filter(|who| {
            let ends = date.as_ref().filter(|_| leading.is_none());
            ends.is_none_or(|date| who.end <= date.start && date.start <= who.end + NEAR)
        });
        let sits =
            [" in the ", " at the "].iter().any(|sat| told.starts_with(sat)) && who.is_some();
        let said_by = said_by
            || from == 0
                && who == named_by(value, from)
                && who.is_some()
                && told.starts_with(" for ");
        let certain = colon.is_some() || said_by;
        let accepts = match clause.act {
            // `Decided: pause the gate`, `Accepted: risk 14` tell what, not who.
            Act::ApprovesBy => {
                let is_dated = || {
                    let between = who.as_ref().zip(date.as_ref());
                    between.and_then(|(who, date)| value.get(who.end..date.start)).is_some_and(
                        |between| matches!(between.trim_matches([' ', ',', '(']), "" | "on"),
                    )
                };
                colon.is_some() && (!approval::tells_what(&cue.to_lowercase()) || is_dated())
                    || (said_by || sits || leading.is_some() && value.contains(" by "))
                        && date.is_some()
            }
            _ => {
                certain
                    || date.is_some()
                        && (is_control || closes || self.place < 4 || leading.is_none())
            }
        };
        if !accepts {
            return;
        }
        let whole = clause.whole.clone();
        let at = clause.value.start;
        let signs = ["sign", "Sign", "sgd", "Sgd", "gez", "Gez", "/s/"]
            .iter()
            .any(|sign| cue.starts_with(sign));
        // Who approves bears the whole; who signs may have written it.
        let agrees = ["agreed", "confirmed", "cleared"]
            .iter()
            .any(|weak| cue.to_lowercase().starts_with(weak));
        let rank = match (clause.act, certain && date.is_some()) {
            _ if signs => 3,
            _ if agrees => 4,
            (Act::Approves, true) => 1,
            _ => 2,
        };
        let signs_below = closes && leading.is_some();
        let signed = || signs_below.then(|| self.signature(clause.whole.end)).flatten();
        let who = who.map(|who| at + who.start..at + who.end).or_else(signed);
        let Some(who) = who else {
            // `Approved 12 February 2026` says when, not who; `Released 12 February 2026` is the day of issue.
            let released = cue.eq_ignore_ascii_case("released");
            let key = if released { Key::Issued } else { Key::Approved };
            if let Some(date) = leading {
                fields.push(self.field(key, 3, at + date.start..at + date.end, whole));
            }
            return;
        };
        // `Approved by the line manager, the order goes to the yard`: an office in small letters approves much else.
        if is_small(self.body, &who) && colon.is_none() && date.is_none() && !is_control {
            return;
        }
        let whole = whole.start..whole.end.max(who.end);
        fields.push(self.field(Key::Approver, rank, who, whole.clone()));
        if let Some(date) = date {
            fields.push(self.field(Key::Approved, rank, at + date.start..at + date.end, whole));
        }
    }

    /// The name that ends the line behind a clause: `Read and approved 12 February 2026. A. Bell`.
    fn signature(&self, end: usize) -> Option<Range<usize>> {
        let rest = self.body.get(end..)?.trim_end_matches(['.', ' ', '*']);
        let name = rest.strip_prefix(". ")?;
        // `Confidential` is no signature: a name that begins with an initial is.
        let has_initial =
            name.split(' ').next().is_some_and(|first| first.len() <= 3 && first.ends_with('.'));
        (has_initial && names::is_name(name)).then(|| end + 2..end + rest.len())
    }
}

/// Whether words between `signed` and the day say where: `Signed at Porto, 3 May 2026`.
fn says_where(words: &str) -> bool {
    let words = words.strip_suffix(" on").unwrap_or(words);
    let named = words.strip_prefix("at ").or_else(|| words.strip_prefix("in "));
    named.is_some_and(|place| {
        let place = place.trim_end_matches([',', ' ']);
        names::is_place(place) && !place.ends_with('.')
    })
}

/// The name behind `by` where more words stand before it: `adopted with the yearly plan by the board`.
fn named_by(value: &str, from: usize) -> Option<Range<usize>> {
    let told = value.get(from..)?;
    let by =
        told.find(" by ").filter(|at| *at <= NEAR).and_then(|at| names::after(value, from + at));
    // `Confirmed in the IT Steering Committee on 3 May`, `Approved at the board of 3 May`.
    let sat = || {
        let at = [" in the ", " at the "]
            .iter()
            .find_map(|sat| told.strip_prefix(sat).map(|_| sat.len()))?;
        names::after(value, from + at)
            .filter(|who| value.get(who.clone()).is_some_and(names::is_body))
    };
    by.or_else(sat)
}

/// Whoever approves together, up to the day: `A. Bell and managing director C. Ruddy, 3 May 2026`.
fn joint(value: &str, who: Range<usize>, date: Option<&Range<usize>>) -> Range<usize> {
    let Some(between) = date.and_then(|date| value.get(who.end..date.start)) else { return who };
    let behind = between.trim_start_matches([',', ' ']);
    let second = ["and ", "& ", "/ ", "with "].iter().find_map(|joins| behind.strip_prefix(joins));
    let Some(second) = second else { return who };
    let from = who.end + between.len() - second.len();
    match second_name(value, from) {
        Some(end) => who.start..end,
        None => who,
    }
}

/// Where the name ends that begins here, with an office in small letters before it or not.
fn second_name(value: &str, from: usize) -> Option<usize> {
    let rest = value.get(from..)?;
    let small: usize = rest
        .split_inclusive(' ')
        .take_while(|word| word.starts_with(char::is_lowercase))
        .take(4)
        .map(str::len)
        .sum();
    names::after(value, from + small).filter(|name| name.start == from + small).map(|name| name.end)
}
