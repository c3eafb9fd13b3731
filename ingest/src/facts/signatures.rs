//! Signatures without a label that is known: under `Sign-off` the lines `A. Bell, Head of Yards, 3 May 2026`, at the end
//! `Received and accepted for the city: A. Bell, 3 May 2026`, or a place with a day and a name below it.

use super::{
    dates,
    fields::{Field, logical_lines},
    labels::{Key, TEXTS},
    names,
};
use crate::block::{Layout, Role};
use std::ops::Range;

/// Words of headings under which whoever stands there with a day has signed.
const SIGNS: [&str; 9] = [
    "sign-off",
    "sign",
    "off",
    "signature",
    "signatures",
    "signed",
    "approval",
    "approvals",
    "endorsement",
];
/// The same of headings over what was decided.
const DECIDES: [&str; 3] = ["conclusion", "decision", "verdict"];
/// Places from the end in which a document is closed like a letter.
const CLOSE: usize = 4;
/// Words of the longest line that says for whom somebody signs.
const LABEL: usize = 10;

/// What makes a text hold, as the last word before those for whom it is done.
const ACTS: [&str; 11] = [
    "approved",
    "accepted",
    "signed",
    "confirmed",
    "authorised",
    "authorized",
    "countersigned",
    "released",
    "agreed",
    "endorsed",
    "ratified",
];
/// What else may stand before it.
const AHEAD: [&str; 13] = [
    "and",
    "the",
    "this",
    "result",
    "results",
    "checked",
    "received",
    "read",
    "reviewed",
    "completed",
    "seen",
    "tested",
    "evaluation",
];

/// The last signature of the document: who signs last approves what the others wrote.
pub(super) fn collect(layout: &Layout, zones: &[bool]) -> Vec<Field> {
    let count = layout.places.len();
    let mut below_signs = false;
    let mut last: Vec<Field> = Vec::new();
    let mut signing = false;
    let mut awaits = false;
    let mut named: Option<(Range<usize>, usize)> = None;
    let mut closing: Option<(Range<usize>, usize)> = None;
    for (n, place) in layout.places.iter().enumerate() {
        if let Role::Heading(_) = place.role {
            below_signs = signs_below(&layout.text_of(place).to_lowercase());
            continue;
        }
        let own = zones.get(n) == Some(&true);
        let is_end = n + CLOSE >= count;
        if !(own || is_end) || !matches!(place.role, Role::Paragraph | Role::Item) {
            continue;
        }
        for line in logical_lines(layout, place) {
            let body = layout.text.get(line.clone()).unwrap_or_default();
            let label = label(body, signing);
            let signed = match label {
                Some(end) if own => body.get(end..).and_then(|rest| {
                    let (who, day) = signature(rest)?;
                    Some((end + who.start..end + who.end, end + day.start..end + day.end))
                }),
                None if own && below_signs => signature(body),
                _ => None,
            };
            if let Some((who, day)) = signed {
                let shift = |range: Range<usize>| line.start + range.start..line.start + range.end;
                let quote = shift(if label.is_some() { 0 } else { who.start }..day.end);
                last = both((shift(who), n), (shift(day), n), Some(quote));
                continue;
            }
            // `Signed:`, below it a name, and below that a day.
            if let Some(who) = named.take() {
                if let Some(day) = only_day(body) {
                    last = both(who, (line.start + day.start..line.start + day.end, n), None);
                }
            } else if awaits && own && is_signatory(body.trim()) {
                named = Some((line.clone(), n));
            }
            awaits =
                label.is_some_and(|end| body.get(end..).is_some_and(|rest| rest.trim().is_empty()));
            // `Brussels, 23 September 2025`, and below it who signs.
            if is_end {
                if let Some(day) = closing.take()
                    && let Some(who) = closes(body)
                {
                    let who = line.start + who.start..line.start + who.end;
                    last = both((who, n), day, None);
                }
                closing = place_and_day(body)
                    .or_else(|| signed_on(body))
                    .map(|day| (line.start + day.start..line.start + day.end, n));
            }
            signing = body.split_whitespace().count() <= LABEL && {
                let lower = body.to_lowercase();
                ACTS.iter().any(|act| lower.contains(act))
            };
        }
    }
    last
}

/// Who signed and when, each where it stands; in one line they are quoted together.
fn both(
    (who, who_at): (Range<usize>, usize),
    (day, day_at): (Range<usize>, usize),
    quote: Option<Range<usize>>,
) -> Vec<Field> {
    let field = |key, value: Range<usize>, place| {
        let quote = quote.clone().unwrap_or_else(|| value.clone());
        Field { key, rank: 4, value, quote, place }
    };
    vec![field(Key::Approver, who, who_at), field(Key::Approved, day, day_at)]
}

/// Whether whoever stands below a heading with a day has signed: `7. Sign-off`, `Approval and signatures`, and no `Approval of suppliers`.
fn signs_below(heading: &str) -> bool {
    let words: Vec<&str> = heading
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|word| word.starts_with(char::is_alphabetic))
        .collect();
    let small =
        |word: &&&str| matches!(**word, "and" | "the" | "of" | "record" | "document" | "report");
    words.len() <= 4
        && words.first().is_some_and(|first| SIGNS.contains(first) || DECIDES.contains(first))
        && words.iter().all(|word| SIGNS.contains(word) || DECIDES.contains(word) || small(&word))
        || matches!(heading.trim().trim_end_matches(':'), "record approved" | "report approved")
}

/// The words before the day with which a line ends, and the day.
fn ends_with_day(line: &str) -> Option<(&str, Range<usize>)> {
    let date = dates::find(line).into_iter().next()?;
    let rest = line.get(date.range.end..)?;
    let ahead = line.get(..date.range.start)?;
    (!rest.contains(char::is_alphanumeric)).then_some((ahead, date.range))
}

/// The day of a line that holds nothing else: `3 May 2026`, `Dt. 03-05-2026`.
fn only_day(line: &str) -> Option<Range<usize>> {
    let (ahead, day) = ends_with_day(line)?;
    let ahead = ahead.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    matches!(ahead.as_str(), "" | "dt" | "date" | "on" | "dated").then_some(day)
}

/// Whether a text is a name, or a name and after a comma an office in any words: `A. Bell, store operations manager`.
fn is_signatory(text: &str) -> bool {
    let (name, office) = text.split_once(", ").unwrap_or((text, ""));
    let is_office = office.split_whitespace().count() <= 6
        && !office.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | ';' | '?'));
    !text.contains(':') && names::is_name(name) && (names::is_name(text) || is_office)
}

/// Where the value begins behind words such as `Record checked and signed:`, or `For the customer:` below a line that says that it is signed.
fn label(line: &str, signing: bool) -> Option<usize> {
    let (label, _) = line.split_once(':')?;
    let lower = label.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    if words.len() > LABEL {
        return None;
    }
    let act = words.iter().position(|word| ACTS.contains(word));
    let is_act = act.is_some_and(|act| {
        let ahead = words.get(..act).unwrap_or_default();
        let behind = words.get(act + 1).copied();
        ahead.iter().all(|word| AHEAD.contains(word) || TEXTS.contains(word) || ACTS.contains(word))
            && matches!(behind, None | Some("for" | "on" | "by" | "and"))
    });
    let is_party = signing && words.first() == Some(&"for");
    (is_act || is_party).then_some(label.len() + 1)
}

/// The day of a line that holds nothing but a place and a day.
fn place_and_day(line: &str) -> Option<Range<usize>> {
    let (ahead, day) = ends_with_day(line)?;
    let ahead = ahead.trim_end_matches([',', ' ']);
    // `The report is accepted. Luanda, 25 November 2024`.
    let ahead = ahead.rsplit(". ").next().unwrap_or(ahead);
    let place = ahead.strip_suffix(" le").unwrap_or(ahead).trim_end_matches([',', ' ']);
    (names::is_place(place) && !place.contains(':')).then_some(day)
}

/// The day of `Signed for the Controller on 18 November 2024`.
fn signed_on(line: &str) -> Option<Range<usize>> {
    let (ahead, day) = ends_with_day(line)?;
    let signs =
        ahead.starts_with("Signed ") && !ahead.contains(':') && ahead.split(' ').count() <= LABEL;
    signs.then_some(day)
}

/// The name that a line begins with which closes a letter: `A. Bell`, `For the management: A. Bell`.
fn closes(line: &str) -> Option<Range<usize>> {
    let from = match line.split_once(':') {
        Some((label, _)) if label.to_lowercase().starts_with("for ") => label.len() + 1,
        Some(_) => return None,
        None => 0,
    };
    let from = from + line.get(from..)?.find("(signed)").map_or(0, |at| at + "(signed)".len());
    let name = names::after(line, from)?;
    let own = line.get(from..)?.trim();
    let own = own.strip_prefix("(signed)").unwrap_or(own).trim();
    let alone = is_signatory(own) && own.split_whitespace().count() >= 2;
    (alone || from > 0).then_some(name)
}

/// The last name with a day of a line that holds nothing but such: `A. Bell, 3 May 2026. C. Ruddy, COO, 4 May 2026`.
pub(super) fn signature(line: &str) -> Option<(Range<usize>, Range<usize>)> {
    let mut from = 0;
    let mut last = None;
    for date in dates::find(line) {
        let ahead = line.get(from..date.range.start)?;
        let name =
            ahead.trim_matches([' ', ',', ';', '.', '/', '(', ')', '-', '–', '—', '*', '|', '\n']);
        let start = from + (name.as_ptr() as usize - ahead.as_ptr() as usize);
        if !is_signatory(name) {
            return None;
        }
        last = Some((start..start + name.len(), date.range.clone()));
        from = date.range.end;
    }
    let rest = line.get(from..)?;
    last.filter(|_| rest.trim_matches(|c: char| !c.is_alphanumeric()).is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{facts, value};

    #[test]
    fn who_stands_last_below_a_sign_off_approves() {
        for text in [
            "# Gate check\n\nShut.\n\n## 7. Sign-off\n\nC. Ruddy, 6 March 2026. A. Bell, General Counsel, 10 March 2026.\n",
            "# Gate check\n\nShut.\n\n## Signatures\n\n- C. Ruddy, 6 March 2026\n- A. Bell, General Counsel, 10 March 2026\n",
            "# Gate check\n\nShut.\n\n## Conclusion\n\nThe gates may stay.\n\nA. Bell, General Counsel, 10 March 2026\n",
        ] {
            let facts = facts(text);
            assert_eq!(value(&facts.approver), "A. Bell, General Counsel", "{text}");
            assert_eq!(value(&facts.approved), "2026-03-10", "{text}");
        }
    }

    #[test]
    fn other_lines_sign_nothing() {
        for text in [
            "# Gate check\n\nShut.\n\n## Sign-off\n\nStill open on 10 March 2026, A. Bell is asked.\n",
            "# Gate check\n\nShut.\n\n## Who came\n\nA. Bell, General Counsel, 10 March 2026\n",
            "# Gate check\n\nShut.\n\n## Verdict\n\nSeen: A. Bell, 10 March 2026.\n",
        ] {
            assert!(facts(text).approver.is_none(), "{text}: {:?}", facts(text).approver);
        }
    }
}
