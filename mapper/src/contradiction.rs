use crate::rationale;
use std::collections::BTreeMap;
use sufficit_evidence::{
    Aspect, Bound, Check, Contradiction, ContradictionSide, Match, Period, StatedValue, Statement,
};

/// Lengths of time count as different from this ratio: 90 days and a quarter are the same.
const APART: f32 = 1.15;
/// The same where one of them is in working days.
const WORKING_DAYS_APART: f32 = 1.5;

/// What the documents of `sound` say differently of the same thing, in order of what it is.
///
/// Only statements of one aspect and the same words about are held against each other, and the earliest of their checks
/// is the one that they bear on. A document that itself gives two values for a thing tells cases apart that we do not
/// see, and takes no part in it.
pub(crate) fn contradictions(checks: &[Check], sound: &[&Match]) -> Vec<Contradiction> {
    let mut found: Vec<Contradiction> = Vec::new();
    for ((aspect, _), stated) in by_subject(sound) {
        let differs = |one: &Stated<'_>| stated.iter().any(|other| conflict(one.1, other.1));
        let sides: Vec<Stated<'_>> = stated.iter().filter(|one| differs(one)).copied().collect();
        let named = |check: &&Check| sides.iter().any(|(_, said)| said.check == check.id);
        let Some(check) = checks.iter().find(named) else { continue };
        found.push(Contradiction {
            check: check.id.clone(),
            aspect,
            text: rationale::differ(aspect, sides.iter().map(|(_, said)| &said.value)),
            sides: sides.into_iter().map(side).collect(),
        });
    }
    found
}

/// What a document says.
type Stated<'a> = (&'a Match, &'a Statement);

/// The statements by what they are of, one a document, in order of the documents' ids.
fn by_subject<'a>(sound: &[&'a Match]) -> BTreeMap<(Aspect, &'a str), Vec<Stated<'a>>> {
    let mut subjects: BTreeMap<(Aspect, &str), Vec<Stated<'_>>> = BTreeMap::new();
    let mut documents = sound.to_vec();
    documents.sort_by(|a, b| a.document.cmp(&b.document));
    for found in documents {
        let mut own: BTreeMap<(Aspect, &str), Vec<&Statement>> = BTreeMap::new();
        for said in &found.statements {
            own.entry((said.aspect, said.about.as_str())).or_default().push(said);
        }
        for (subject, all) in own {
            if let Some(first) = all.first()
                && all.iter().all(|said| said.value == first.value)
            {
                subjects.entry(subject).or_default().push((found, first));
            }
        }
    }
    subjects
}

fn side((found, said): Stated<'_>) -> ContradictionSide {
    ContradictionSide {
        document: found.document.clone(),
        says: rationale::says(said.aspect, &said.value),
        citation: Some(said.citation.clone()),
    }
}

/// Whether two statements of one thing cannot both hold. What one does each month and another each year is done by both.
fn conflict(a: &Statement, b: &Statement) -> bool {
    let one_does_it = match (&a.by, &b.by) {
        (Some(a), Some(b)) => within(a, b) || within(b, a),
        _ => true,
    };
    one_does_it && values_conflict(a, b)
}

/// Whether all words of one text stand in another.
fn within(part: &str, whole: &str) -> bool {
    part.split(' ').all(|word| whole.split(' ').any(|other| other == word))
}

fn values_conflict(a: &Statement, b: &Statement) -> bool {
    match (&a.value, &b.value) {
        (StatedValue::Period(a), StatedValue::Period(b)) => periods_conflict(*a, *b),
        (StatedValue::Role(a), StatedValue::Role(b)) => roles_conflict(a, b),
        _ => false,
    }
}

/// Whether two lengths of time cannot both be meant. "Every three months" keeps "at least once a year".
fn periods_conflict(a: Period, b: Period) -> bool {
    let (short, long) = if a.minutes <= b.minutes { (a, b) } else { (b, a) };
    let apart = if a.working_days || b.working_days { WORKING_DAYS_APART } else { APART };
    if (long.minutes as f32) < apart * short.minutes as f32 {
        return false;
    }
    !matches!(
        (short.bound, long.bound),
        (Bound::Exact | Bound::AtLeast, Bound::AtMost) | (Bound::AtLeast, Bound::Exact)
    )
}

/// Names of one office.
const SAME_OFFICE: [(&str, &str); 8] = [
    ("chief executive officer", "ceo"),
    ("chief executive", "ceo"),
    ("managing director", "ceo"),
    ("chief information security officer", "ciso"),
    ("chief information officer", "cio"),
    ("chief technology officer", "cto"),
    ("data protection officer", "dpo"),
    ("chief financial officer", "cfo"),
];
/// Words of an office's name that do not tell it from others.
const OFFICE: [&str; 9] =
    ["head", "of", "the", "officer", "director", "directors", "board", "committee", "council"];

/// Whether two roles are surely not one: neither is the other cut short, and no word that tells offices apart stands in both.
fn roles_conflict(a: &str, b: &str) -> bool {
    if within(a, b) || within(b, a) {
        return false;
    }
    let office = |role: &str| {
        let known = SAME_OFFICE.iter().find(|(long, _)| *long == role);
        known.map_or_else(|| role.to_owned(), |(_, short)| (*short).to_owned())
    };
    let (a, b) = (office(a), office(b));
    let telling = |role: &str| -> Vec<String> {
        let words = role.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.filter(|word| !OFFICE.contains(word)).map(str::to_owned).collect()
    };
    let (left, right) = (telling(&a), telling(&b));
    if left.is_empty() || right.is_empty() {
        return a != b && left != right;
    }
    !left.iter().any(|word| right.contains(word))
}

#[cfg(test)]
mod tests;
