use crate::rules::Rules;
use crate::standing::Standing;
use std::collections::BTreeSet;
use sufficit_evidence::{Document, Likeness};

/// Words in a run. Longer runs would make one changed word count for more than it is.
const RUN: usize = 3;
/// Hashes kept of a document: the estimate of what two share then errs by 0.05 or so.
const KEPT: usize = 64;
/// Words of a title that tell versions apart, not documents.
const VERSION_WORDS: [&str; 12] = [
    "version",
    "ver",
    "v",
    "rev",
    "revision",
    "draft",
    "final",
    "copy",
    "approved",
    "signed",
    "current",
    "superseded",
];

/// What tells copies and versions of `document` from other documents, on the rules' day of judgement.
pub fn likeness(rules: &Rules, document: &Document) -> Likeness {
    let facts = &document.facts;
    let months = rules.rubric().thresholds.old_after_months;
    let standing = Standing::judge(facts, document.passages.len(), rules.as_of(), months);
    let words: Vec<u64> = words(&document.text).map(|word| hash(word.bytes())).collect();
    let whole = hash(words.iter().flat_map(|word| word.to_le_bytes()));
    let runs: BTreeSet<u32> = words.windows(RUN.min(words.len()).max(1)).map(mixed).collect();
    let dates: BTreeSet<String> = facts.dates.iter().map(|fact| fact.value.to_string()).collect();
    Likeness {
        document: document.id.clone(),
        words: whole,
        runs: u32::try_from(runs.len()).unwrap_or(u32::MAX),
        least: runs.into_iter().take(KEPT).collect(),
        dates: hash(dates.iter().flat_map(|date| date.bytes().chain([0]))),
        title: facts.title.as_ref().and_then(|fact| plain_title(&fact.value)),
        version: facts.version.as_ref().map(|fact| numbers(&fact.value)).unwrap_or_default(),
        since: standing.since,
        kind: facts.kind(),
        status: facts.status.as_ref().map(|fact| fact.value),
        blank: standing.blank,
        in_force: standing.in_force(),
    }
}

/// The words of a text, in lower case.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().flat_map(char::to_lowercase).collect())
}

/// A title without version and date; `None` where less than two words are left, as of "Policy".
pub(crate) fn plain_title(title: &str) -> Option<String> {
    let is_name = |word: &String| {
        !word.contains(|c: char| c.is_ascii_digit()) && !VERSION_WORDS.contains(&word.as_str())
    };
    let kept: Vec<String> = words(title).filter(is_name).collect();
    (kept.len() >= 2).then(|| kept.join(" "))
}

fn numbers(version: &str) -> Vec<u32> {
    version
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| digits.parse().unwrap_or(u32::MAX))
        .collect()
}

/// FNV-1a: the same on every machine and in every release.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A run of words as one number, its bits mixed (the finish of splitmix64) so that the least are a fair sample.
fn mixed(run: &[u64]) -> u32 {
    let joined = run.iter().fold(0u64, |joined, word| {
        joined.rotate_left(21).wrapping_add(*word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    let once = (joined ^ (joined >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let twice = (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (twice >> 32) as u32
}

/// The share of their runs of words that two documents have in common, 0 to 1, estimated from the least hashes of both.
pub(crate) fn resemblance(a: &Likeness, b: &Likeness) -> f32 {
    let (mut left, mut right) = (a.least.iter().peekable(), b.least.iter().peekable());
    let (mut seen, mut shared) = (0usize, 0usize);
    while seen < KEPT {
        match (left.peek(), right.peek()) {
            (Some(x), Some(y)) if x == y => {
                shared += 1;
                left.next();
                right.next();
            }
            (Some(x), Some(y)) if x < y => drop(left.next()),
            (Some(_), None) => drop(left.next()),
            (_, Some(_)) => drop(right.next()),
            (None, None) => break,
        }
        seen += 1;
    }
    shared as f32 / seen.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_known_without_its_version() {
        assert_eq!(plain_title("AI Policy v2.1 (draft)").as_deref(), Some("ai policy"));
        assert_eq!(plain_title("AI policy 2026-03").as_deref(), Some("ai policy"));
        assert_eq!(plain_title("Policy, version 3"), None);
    }

    #[test]
    fn a_version_is_a_row_of_numbers() {
        assert_eq!(numbers("v2.10"), [2, 10]);
        assert!(numbers("2.9") < numbers("2.10"));
        assert_eq!(numbers("final"), [0u32; 0]);
    }
}
