//! `--why`: every number in a grade is there, and adds up to the grade that the run recorded.

mod example;
mod program;

use example::example;
use program::{Bench, list, number, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// As exact as numbers of single precision, added up in another order.
const EXACT: f64 = 1e-3;

#[track_caller]
fn figure(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("`{key}` is no number in {value}"))
}

#[track_caller]
fn near(a: f64, b: f64, what: &Value) {
    assert!((a - b).abs() < EXACT, "{a} is not {b} in {what}");
}

fn curve(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Adds up all that `why` tells.
#[track_caller]
fn adds_up(why: &Value) {
    let sum = &why["relevance"];
    let evidence: f64 = list(sum, "passages").iter().map(|part| figure(part, "adds")).sum();
    near(evidence, figure(sum, "evidence"), sum);
    if evidence > 0.0 {
        let relevance = curve(figure(sum, "slope") * (evidence - figure(sum, "middle")));
        near(relevance, figure(sum, "relevance"), sum);
    }
    let real = &why["real"];
    let z = figure(real, "intercept")
        + figure(real, "near") * figure(real, "firm")
        + figure(real, "distinct") * figure(real, "distinctness")
        + figure(real, "name") * figure(real, "named");
    near(curve(z), figure(real, "by_passages"), real);
    let typed = !real["document_type"].is_null();
    let z = z + if typed { figure(real, "document_type_weight") } else { 0.0 };
    near(curve(z), figure(real, "real"), real);
    if why["barred"].is_null() {
        assert!(figure(real, "real") >= figure(real, "needed"), "{real}");
    }
    let distinct = real.get("passage").filter(|passage| !passage.is_null());
    for passage in list(sum, "passages").iter().chain(distinct) {
        near(
            figure(passage, "share") * figure(passage, "evidence"),
            figure(passage, "adds"),
            passage,
        );
        let probes = list(passage, "probes").iter();
        let weighed: f64 = probes.map(|p| figure(p, "weight") * figure(&p["score"], "score")).sum();
        near(weighed, figure(passage, "evidence"), passage);
        assert!(!text(&passage["citation"], "quote").is_empty(), "{passage}");
    }
    let checks = list(why, "checks");
    let met: Vec<&str> = checks.iter().map(|check| text(check, "met")).collect();
    let tally = &why["tally"];
    let count = |of: &[&str]| met.iter().filter(|one| of.contains(one)).count() as u64;
    assert_eq!(number(tally, "checks"), checks.len() as u64);
    assert_eq!(number(tally, "met"), count(&["defined", "recorded"]));
    assert_eq!(number(tally, "recorded"), count(&["recorded"]));
    assert_eq!(number(tally, "touched"), count(&["touched", "undated"]));
    assert_eq!(number(tally, "denied"), count(&["denied"]));
    for check in checks.iter().filter(|check| matches!(text(check, "met"), "defined" | "recorded"))
    {
        assert!(figure(&check["best"], "score") >= figure(check, "met_from"), "{check}");
        assert!(figure(check, "meets") >= figure(check, "meets_from"), "{check}");
        assert!(figure(&check["best"], "quote") >= figure(check, "quote_from"), "{check}");
        assert_eq!(text(check, "voice"), "states");
    }
    let grade = &why["grade"];
    let limits = list(grade, "limits").iter().map(|limit| number(limit, "at"));
    let level = limits.chain([number(grade, "by_checks")]).min();
    assert_eq!(level, Some(number(grade, "sufficiency")), "{grade}");
    let confidence = &why["confidence"];
    let parts = list(confidence, "parts").iter();
    let z: f64 = parts.map(|part| figure(part, "amount") * figure(part, "weight")).sum();
    near(curve(z), figure(confidence, "confidence"), confidence);
}

#[test]
fn every_grade_of_a_document_adds_up_to_what_was_recorded() {
    for path in ["01-governance/ai-policy.pdf", "02-ai-systems/impact-assessment-procedure.docx"] {
        let matches = example().run(["show", path, "--why", "--format", "jsonl"]).exits(0).lines();
        assert!(!matches.is_empty());
        for found in &matches {
            let why = &found["why"];
            adds_up(why);
            assert!(why["barred"].is_null(), "{why}");
            assert_eq!(number(&why["grade"], "sufficiency"), number(found, "sufficiency"));
            near(figure(&why["relevance"], "relevance"), figure(found, "relevance"), found);
            near(figure(&why["confidence"], "confidence"), figure(found, "confidence"), found);
            let strengths = list(found, "strengths").iter();
            let quoted: BTreeSet<&str> = strengths
                .filter(|reason| reason["check"].is_string())
                .map(|reason| text(&reason["citation"], "quote"))
                .collect();
            let shown: BTreeSet<&str> = list(why, "checks")
                .iter()
                .filter(|check| matches!(text(check, "met"), "defined" | "recorded"))
                .map(|check| text(&check["citation"], "quote"))
                .collect();
            assert_eq!(quoted, shown);
        }
    }
}

#[test]
fn all_documents_of_a_requirement_say_why() {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for one in example().matches() {
        *found.entry(program::requirement(&one)).or_default() += 1;
    }
    let most = found.into_iter().max_by_key(|(_, count)| *count);
    let (name, _) = most.expect("the example matches something");
    let shown = example().run(["show", &name, "--why", "--format", "json"]).exits(0);
    let shown = shown.json();
    let matches = list(&shown, "matches").to_vec();
    assert!(!matches.is_empty());
    let (whole, assessment) = (&shown["why"], &shown["assessment"]);
    assert_eq!(number(whole, "documents"), matches.len() as u64);
    assert_eq!(number(whole, "sufficiency"), number(assessment, "sufficiency"));
    near(figure(&whole["confidence"], "confidence"), figure(assessment, "confidence"), whole);
    let together = whole["together"].as_u64().unwrap_or_default();
    let limit = if number(whole, "contradictions") > 0 { 4 } else { 5 };
    let level = together.max(number(whole, "alone")).min(limit);
    assert_eq!(number(whole, "sufficiency"), level);
    let met = list(assessment, "checks").iter().filter(|check| check["met"] == true).count();
    assert_eq!(number(&whole["tally"], "met"), met as u64);
    for found in &matches {
        adds_up(&found["why"]);
        assert_eq!(number(&found["why"]["grade"], "sufficiency"), number(found, "sufficiency"));
    }
    let printed = example().run(["show", &name, "--why"]).exits(0).out;
    for part in ["How this came about", "Relevance", "Checks:", "Tally:", "Standing:", "Confidence"]
    {
        assert!(printed.contains(part), "`{part}` is missing in:\n{printed}");
    }
}

/// A control that no document of the example bears on.
fn uncovered() -> String {
    let matched: BTreeSet<String> = example().matches().iter().map(program::requirement).collect();
    let shown = example().run(["frameworks", "show", "iso27001", "--format", "json"]).exits(0);
    let framework = shown.json();
    let names = list(&framework, "requirements")
        .iter()
        .map(|requirement| format!("iso27001:{}", text(requirement, "id")));
    names.into_iter().rfind(|name| !matched.contains(name)).expect("something is not covered")
}

#[test]
fn where_nothing_was_found_the_nearest_passage_is_named_as_no_evidence() {
    let name = uncovered();
    let shown = example().run(["show", &name, "--format", "json"]).exits(0).json();
    assert!(list(&shown, "matches").is_empty());
    let nearest = &shown["nearest"];
    assert!(!text(nearest, "reason").is_empty(), "{nearest}");
    assert!(nearest.get("why").is_none(), "only where asked for");
    let quote = text(&nearest["citation"], "quote");
    let document = text(nearest, "document");
    let told = program::run(
        &example().workspace,
        ["text".as_ref(), example::evidence().join(document).as_os_str()],
    );
    assert!(told.out.contains(quote), "the quote is not verbatim: {quote}");
    let printed = example().run(["show", &name]).exits(0).out;
    assert!(printed.contains("The nearest passage is no evidence"), "{printed}");
    let why = example().run(["show", &name, "--why", "--format", "json"]).exits(0).json();
    adds_up(&why["nearest"]["why"]);
    assert!(why["nearest"]["why"]["barred"].is_string(), "{why}");
}

#[test]
fn one_document_is_held_against_a_requirement() {
    let name = uncovered();
    let path = "01-governance/ai-policy.pdf";
    let asked = |name: &str, more: &[&str]| {
        let args = [&["show", name, "--document", path], more].concat();
        program::run(&example().workspace, args)
    };
    let none = asked(&name, &["--format", "json"]).exits(0).json();
    assert!(none["match"].is_null() && none["nearest"].get("why").is_none(), "{none}");
    assert_eq!(text(&none["nearest"], "document"), path);
    let why = asked(&name, &["--why", "--format", "json"]).exits(0).json();
    adds_up(&why["nearest"]["why"]);
    assert_eq!(why["nearest"]["why"]["requirement"], none["requirement"]);
    let printed = asked(&name, &[]).exits(0).out;
    assert!(printed.contains("The nearest passage is no evidence"), "{printed}");

    let found = asked("a.2.2 ", &["--why", "--format", "json"]).exits(0).json();
    assert!(found["nearest"].is_null(), "{found}");
    assert_eq!(text(&found["match"], "document"), path);
    adds_up(&found["match"]["why"]);
    assert_eq!(asked("A.2.2", &["--format", "jsonl"]).exits(0).lines().len(), 1);
    assert!(asked("A.2.2", &[]).exits(0).out.contains(path));

    let other = "05-people/ki-richtlinie-bremen.docx";
    let refused = example().run(["show", &name, "--document", other]).exits(2);
    assert!(refused.err.contains("not supported (deu)"), "{}", refused.err);
    let unknown = asked("A.99", &[]).exits(2);
    assert!(unknown.err.contains("no requirement is called A.99"), "{}", unknown.err);
}

#[test]
fn a_text_says_why_without_being_stored() {
    let bench = Bench::new();
    let policy = "# AI policy\n\nThe board approves this AI policy. It is reviewed every year.";
    let explain = |args: &[&str]| {
        let all = [&["explain", "--text", policy, "--framework", "iso42001"], args].concat();
        bench.run(all)
    };
    let shown = explain(&["--why", "--format", "json"]).exits(0).json();
    let requirements = list(&shown, "requirements");
    let told: Vec<&Value> = requirements.iter().filter(|one| one.get("why").is_some()).collect();
    assert!(!told.is_empty());
    for entry in told {
        adds_up(&entry["why"]);
        near(figure(&entry["why"]["relevance"], "relevance"), figure(entry, "relevance"), entry);
    }
    let plain = explain(&["--format", "json"]).exits(0).json();
    assert!(list(&plain, "requirements").iter().all(|one| one.get("why").is_none()));
    let refused = explain(&["--why", "--format", "csv"]).exits(2);
    assert!(refused.err.contains("--why has no form in CSV"), "{}", refused.err);
}

#[test]
fn other_rules_than_those_of_the_run_are_not_passed_off_as_its_reasons() {
    let bench = Bench::with([("policy.md", "# AI policy\n\nThe board approves this AI policy.")]);
    bench.ingest().exits(0);
    bench.run(["show", "policy.md", "--why"]).exits(0);
    let rubric = include_str!("../config/rubric.toml")
        .replace("record_valid_months = 36", "record_valid_months = 35");
    std::fs::write(bench.beside("rubric.toml"), rubric).expect("is writable");
    let settings = "[catalogue]\nrubric_file = \"rubric.toml\"\n";
    std::fs::write(bench.beside("sufficit.toml"), settings).expect("is writable");
    let refused = bench.run(["show", "policy.md", "--why"]).exits(2);
    assert!(refused.err.contains("sufficit map"), "{}", refused.err);
    bench.run(["map"]).exits(0);
    bench.run(["show", "policy.md", "--why"]).exits(0);
}
