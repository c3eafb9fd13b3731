//! What 290 heads and feet of documents say of themselves, in the many ways that offices have, against what a reader wrote down for each.
//!
//! fixtures/heads.jsonl was written for this in three parts, none by whoever wrote the rules. Each part was measured before anybody looked at it; then
//! rules were made for it. `cargo test --test heads -- --nocapture` prints the figures of docs/extraction.md.

use serde_json::Value;
use std::{fmt::Write as _, io::Write as _};
use sufficit_evidence::{DateValue, Fact, Facts};
use sufficit_ingest::{Extraction, Limits, extract};

/// What was told and what was found, of one kind of fact.
#[derive(Default)]
struct Counts {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Counts {
    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }

    /// A value that is told and not found, or found otherwise, is missed; one found that is told nowhere, or otherwise, is wrong.
    fn count(&mut self, told: &[&str], found: Option<&str>, same: impl Fn(&str, &str) -> bool) {
        match found {
            Some(found) if told.iter().any(|told| same(told, found)) => self.right += 1,
            found => {
                self.wrong += usize::from(found.is_some());
                self.missed += usize::from(!told.is_empty());
            }
        }
    }
}

/// Small letters and digits alone, one space between words, without articles.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !matches!(*word, "" | "the" | "by")).collect();
    words.join(" ")
}

/// A name counts with or without an office beside it.
fn same_name(told: &str, found: &str) -> bool {
    let (told, found) = (plain(told), plain(found));
    found.len() >= 2 && (found.contains(&told) || found.len() >= 4 && told.contains(&found))
}

fn same_version(told: &str, found: &str) -> bool {
    let bare = |text: &str| plain(text).trim_start_matches('v').to_owned();
    bare(told) == bare(found)
}

/// A day, or a month where no day is told.
fn same_day(told: &str, found: &str) -> bool {
    let month = |text: &str| text.get(..7).map(str::to_owned);
    told == found || (told.len() == 7 || found.len() == 7) && month(told) == month(found)
}

fn name(fact: &Option<Fact<String>>) -> Option<String> {
    fact.as_ref().map(|fact| fact.value.clone())
}

fn day(fact: &Option<Fact<DateValue>>) -> Option<String> {
    fact.as_ref().map(|fact| match fact.value {
        DateValue::Day(day) => day.to_string(),
        DateValue::Month(month) => month.to_string().chars().take(7).collect(),
        DateValue::Ambiguous { day_first, .. } => day_first.to_string(),
    })
}

fn facts_of(head: &Value) -> Facts {
    let text = head["text"].as_str().expect("a text");
    let name = head["name"].as_str().expect("a name");
    match extract(text.as_bytes(), name, &Limits::default()) {
        Extraction::Read(document) => document.facts,
        other => panic!("{name} was not read: {other:?}"),
    }
}

#[test]
fn heads_are_read_as_well_as_they_were() {
    // The least of precision and recall, a little below what is reached.
    let floors = [
        ("owner", 0.94, 0.75),
        ("approver", 0.94, 0.68),
        ("approved", 0.90, 0.64),
        ("issued", 0.84, 0.56),
        ("version", 0.92, 0.70),
        ("next_review", 0.93, 0.61),
    ];
    let heads: Vec<Value> = include_str!("fixtures/heads.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let read: Vec<(&Value, Facts)> = heads.iter().map(|head| (head, facts_of(head))).collect();
    let mut printed = format!("{} heads\n", heads.len());
    let mut faults = String::new();
    for (field, least_precision, least_recall) in floors {
        let mut counts = Counts::default();
        for (head, facts) in &read {
            let also = format!("{field}_also");
            let more = head[also.as_str()].as_array().into_iter().flatten();
            let mut told: Vec<&str> = head[field].as_str().into_iter().collect();
            told.extend(more.filter_map(Value::as_str));
            let found = match field {
                "owner" => name(&facts.owner),
                "approver" => name(&facts.approver),
                "version" => name(&facts.version),
                "approved" => day(&facts.approved),
                "issued" => day(&facts.issued),
                _ => day(&facts.next_review),
            };
            // Who wrote it may be named where nobody is said to own it, and the day of approval where none of issue is told.
            let stands_in = match field {
                "owner" => head["author"].as_str(),
                "issued" => head["approved"].as_str(),
                _ => None,
            };
            let found = found.filter(|_| !(told.is_empty() && stands_in.is_some()));
            let same = match field {
                "owner" | "approver" => same_name,
                "version" => same_version,
                _ => same_day,
            };
            counts.count(&told, found.as_deref(), same);
        }
        let (precision, recall) = (counts.precision(), counts.recall());
        let _ = writeln!(printed, "{field:12} precision {precision:.2} recall {recall:.2}");
        if precision < least_precision || recall < least_recall {
            let _ = writeln!(faults, "{field}: precision {precision:.3}, recall {recall:.3}");
        }
    }
    let shown = std::io::stdout().write_all(printed.as_bytes());
    assert!(shown.is_ok(), "{shown:?}");
    assert!(faults.is_empty(), "{faults}");
}
