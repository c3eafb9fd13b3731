//! `eval` on a small set written here: its figures, bounds, comparison and page.

mod program;

use program::{Bench, text};
use serde_json::{Value, json};
use std::path::PathBuf;

const MODEL_TESTS: &str = "# Validation report, berth model 2.1\n\nThe acceptance criteria for the AI model were fixed on \
    2026-01-12: accuracy of 90 % on a holdout set kept apart from the training data. On 2026-03-09 the model reached 93.4 % \
    on the holdout set; error rates by subgroup of ship lie within 2 %. Released by Ingrid Dahl, head of operations.\n";
const BUOYS: &str = "# Drift\n\nThe drift of buoy 4 was 12 m in March; it is chained again.\n";
const SOUP: &str = "# Soup\n\nPeel the onions, brown them in butter and add stock.\n";

struct Set {
    bench: Bench,
    path: PathBuf,
}

/// Three files graded for one control, a near miss and a distractor among them.
fn graded() -> Set {
    of([
        json!({"path": "tests.md", "scores": {"iso42001": {"A.6.2.4": 4}}}),
        json!({"path": "buoys.md", "scores": {"iso42001": {"A.6.2.4": 0}}, "near_miss": true}),
        json!({"path": "soup.md", "scores": {"iso42001": {"A.6.2.4": 0}}, "distractor": true}),
    ])
}

fn of<const N: usize>(lines: [Value; N]) -> Set {
    let bench = Bench::with([("tests.md", MODEL_TESTS), ("buoys.md", BUOYS), ("soup.md", SOUP)]);
    let path = bench.evidence().join("labels.jsonl");
    std::fs::write(&path, lines.map(|line| line.to_string()).join("\n")).expect("is written");
    Set { bench, path }
}

impl Set {
    fn eval<const N: usize>(&self, more: [&str; N]) -> program::Done {
        let set = self.path.to_str().expect("a path in UTF-8");
        let args = ["eval", set];
        self.bench.run(args.into_iter().chain(more))
    }

    fn figure(&self, report: &Value, name: &str) -> f64 {
        let figures = report["figures"].as_object().expect("figures");
        let (_, value) =
            figures.iter().find(|(figure, _)| figure.ends_with(name)).expect("it has it");
        value.as_f64().expect("a number")
    }
}

#[test]
fn a_graded_set_has_order_near_misses_and_calibration() {
    let set = graded();
    let report = set.eval(["--format", "json"]).exits(0).json();
    assert_eq!(set.figure(&report, "iso42001.ordered"), 1.0);
    assert_eq!(set.figure(&report, "near_misses_at_most_1"), 1.0);
    let (matches, bins) =
        (&report["sets"][0]["calibration"]["matches"], &report["sets"][0]["calibration"]["bins"]);
    let in_bins = bins.as_array().expect("bins").iter().map(|bin| program::number(bin, "matches"));
    assert_eq!(Some(in_bins.sum()), matches.as_u64(), "each match is in one bin");
    let page = set.eval(["--markdown"]).exits(0);
    for line in ["# Accuracy", "Near misses given 0 or 1: 1.000", "| order within a requirement |"]
    {
        assert!(page.out.contains(line), "{line} is missing in {}", page.out);
    }
}

#[test]
fn bounds_end_with_a_failure_that_names_the_figure() {
    let set = graded();
    set.eval(["--floor", "ordered=1", "--ceiling", "iso42001.zero_given_2=0", "--no-distractors"])
        .exits(0);
    let broken = set.eval(["--ceiling", "iso42001.ordered=0.5"]).exits(1);
    assert!(broken.err.contains("iso42001.ordered is 1.000, over its ceiling of 0.5"));
    let unknown = set.eval(["--floor", "beauty=1"]).exits(2);
    assert!(unknown.err.contains("`beauty` is no figure of these sets"));
}

#[test]
fn what_is_taken_for_evidence_breaks_the_bounds() {
    let set = of([
        json!({"path": "tests.md", "scores": {"iso42001": {"A.6.2.4": 0}}, "near_miss": true, "distractor": true}),
    ]);
    let report = set.eval(["--format", "json"]).exits(0).json();
    assert_eq!(set.figure(&report, "near_misses_at_most_1"), 0.0);
    let broken = set.eval(["--no-distractors", "--floor", "near_misses_at_most_1=0.9"]).exits(1);
    assert!(broken.err.contains("a distractor has a match of 2 or more: tests.md"));
    assert!(broken.err.contains("near_misses_at_most_1 is 0.000, under its floor of 0.9"));
}

#[test]
fn a_set_that_says_what_cannot_be_counted_is_refused() {
    let relevance = json!({"id": "a", "text": SOUP, "framework": "iso42001", "requirements": []});
    let twice = of([relevance.clone(), relevance.clone()]).eval([]).exits(2);
    assert!(twice.err.contains("`a` stands twice"), "{}", twice.err);
    let mut near_miss = relevance;
    near_miss["near_miss"] = json!(true);
    assert!(of([near_miss]).eval([]).exits(2).err.contains("said of records with `scores`"));
}

#[test]
fn what_changed_since_an_earlier_run_is_shown() {
    let set = graded();
    let mut earlier = set.eval(["--format", "json"]).exits(0).json();
    let run = set.bench.beside("earlier.json");
    let compared = |earlier: &Value| {
        std::fs::write(&run, earlier.to_string()).expect("is written");
        set.eval(["--compare", run.to_str().expect("a path in UTF-8")]).exits(0)
    };
    assert!(compared(&earlier).out.contains("no figure changed"));

    let name = text(&earlier["sets"][0], "set").to_owned();
    earlier["figures"][format!("{name}.iso42001.ordered")] = json!(0.25);
    earlier["sets"][0]["items"]["tests.md"]["grades"]["iso42001"]["A.6.2.4"] = json!([4, 0]);
    let shown = compared(&earlier);
    assert!(shown.out.contains("0.250 -> 1.000  +0.750"), "{}", shown.out);
    assert!(shown.out.contains("grades nearer to their label: 1, further from it: 0"));
}
