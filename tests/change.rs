//! Texts changed in one way, and what the change does to their grades.

#![allow(dead_code, reason = "compiled into each test target, and no target needs all of it")]

use crate::program::{Bench, list, number, requirement, run_with};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The grade of each requirement that a text bears on.
pub(crate) type Scores = BTreeMap<String, u64>;

/// What `explain --jsonl` says of each text.
pub(crate) fn explained(texts: &[String]) -> Vec<Value> {
    let bench = Bench::new();
    let lines: String = texts
        .iter()
        .enumerate()
        .map(|(n, text)| format!("{}\n", json!({"id": n.to_string(), "text": text})))
        .collect();
    let args = ["explain", "--jsonl", "-", "--format", "jsonl"];
    let answers = run_with(&bench.workspace(), args, &lines).exits(0).lines();
    assert_eq!(answers.len(), texts.len());
    answers
}

/// The grades of each text.
pub(crate) fn scores(texts: &[String]) -> Vec<Scores> {
    let of = |answer: &Value| -> Scores {
        let all = list(answer, "requirements").iter();
        all.map(|entry| (requirement(entry), number(entry, "sufficiency")))
            .filter(|(_, grade)| *grade > 0)
            .collect()
    };
    explained(texts).iter().map(of).collect()
}

/// The requirements for which `after` is better than `before`, with their better grades.
pub(crate) fn raised(before: &Scores, after: &Scores) -> Scores {
    let is_better =
        |(name, grade): &(&String, &u64)| before.get(*name).is_none_or(|old| old < *grade);
    after.iter().filter(is_better).map(|(name, grade)| (name.clone(), *grade)).collect()
}

/// A text, and what was made of it under a name.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) name: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// Each change with its scores before and after.
pub(crate) fn judged(changes: Vec<Change>) -> impl Iterator<Item = (String, Scores, Scores)> {
    let texts: Vec<String> =
        changes.iter().flat_map(|change| [change.before.clone(), change.after.clone()]).collect();
    let mut scores = scores(&texts).into_iter();
    changes.into_iter().map(move |change| {
        let (before, after) =
            (scores.next().expect("one a text"), scores.next().expect("one a text"));
        (change.name, before, after)
    })
}

#[track_caller]
pub(crate) fn never_raise(changes: Vec<Change>) {
    assert!(!changes.is_empty(), "nothing was changed");
    let faults: Vec<String> = judged(changes)
        .filter_map(|(name, before, after)| {
            // What stood below a mention may turn up as one: that hangs on the other passages kept for a check.
            let raised: Scores = raised(&before, &after)
                .into_iter()
                .filter(|(wanted, grade)| *grade > 1 || before.contains_key(wanted))
                .collect();
            (!raised.is_empty()).then(|| format!("{name}: {raised:?}; before: {before:?}"))
        })
        .collect();
    assert!(faults.is_empty(), "raised: {faults:#?}");
}

#[track_caller]
pub(crate) fn leave_as_it_was(changes: Vec<Change>) {
    leave_all_but_one_in(usize::MAX, changes);
}

/// No change moves a score, but one in `spared`.
#[track_caller]
pub(crate) fn leave_all_but_one_in(spared: usize, changes: Vec<Change>) {
    assert!(!changes.is_empty(), "nothing was changed");
    let all = changes.len();
    let faults: Vec<String> = judged(changes)
        .filter(|(_, before, after)| before != after)
        .map(|(name, before, after)| {
            format!(
                "{name}: raised {:?}, lowered {:?}",
                raised(&before, &after),
                raised(&after, &before)
            )
        })
        .collect();
    assert!(faults.len().saturating_mul(spared) <= all, "changed, of {all}: {faults:#?}");
}
