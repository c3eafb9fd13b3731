//! Confidence learns from what people decided, with `sufficit map` and from the twentieth decision on.

mod example;
mod program;

use program::{Bench, number, run, run_with, text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The confidence of every match.
fn confidences(workspace: &Path) -> BTreeMap<String, f64> {
    let matches = run(workspace, ["export", "matches", "--format", "jsonl"]).exits(0).lines();
    let entry = |found: &Value| {
        let key = ["sha256", "framework", "requirement"].map(|name| text(found, name)).join(" ");
        Some((key, found["confidence"].as_f64()?))
    };
    matches.iter().filter_map(entry).collect()
}

/// Rejects as many of the most confident matches as there are answers.
fn reject(workspace: &Path, count: usize) {
    let answers = "r It is about something else.\n".repeat(count);
    let kinds =
        ["--kind", "policy", "--kind", "procedure", "--kind", "record", "--kind", "register"];
    let args = ["review", "--by", "ada", "--min-confidence", "0.6"].iter().chain(&kinds);
    run_with(workspace, args, &answers).exits(0);
}

/// Maps again; the calibration that the run names.
fn mapped(workspace: &Path) -> Value {
    run(workspace, ["map", "--quiet"]).exits(0);
    let status = run(workspace, ["status", "--format", "json"]).exits(0).json();
    status["run"]["versions"]["calibration"].clone()
}

#[test]
fn twenty_decisions_move_the_confidence_and_the_run_says_so() {
    let bench = Bench::new();
    let workspace = bench.workspace();
    example::copy_to(&workspace);
    let before = confidences(&workspace);

    reject(&workspace, 19);
    let decided = run(&workspace, ["export", "decisions", "--format", "jsonl"]).exits(0).lines();
    assert_eq!(decided.len(), 19);
    assert_eq!(mapped(&workspace), Value::Null, "nineteen are too few");
    assert_eq!(confidences(&workspace), before);

    reject(&workspace, 1);
    let fitted = mapped(&workspace);
    assert!(number(&fitted, "slope") > 0, "{fitted}");
    let after = confidences(&workspace);
    assert!(after.keys().eq(before.keys()), "the same is proposed");
    // What was rejected stood high: everything is held less sure than before, in the same order.
    let moved = before.iter().filter(|(key, was)| after[*key] < **was - 0.01).count();
    assert!(2 * moved > before.len(), "{moved} of {} moved: {fitted}", before.len());
    let mut order: Vec<(f64, f64)> = before.iter().map(|(key, was)| (*was, after[key])).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(order.is_sorted_by(|a, b| a.1 <= b.1 + 1e-6), "the order is kept");

    // Mapping once more learns nothing new: what is fitted is the confidence before any calibration.
    assert_eq!(mapped(&workspace), fitted);
}
