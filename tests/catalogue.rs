//! The catalogue finds itself: a check's own words lead to its requirement before any other.

mod program;

use program::{Bench, list, run_with, text};
use serde_json::json;

/// Share of a framework's checks whose requirement has to rank first.
const SHARE: f64 = 0.9;

fn checks_find_their_requirement(framework: &str) {
    let bench = Bench::new();
    let shown = bench.run(["frameworks", "show", framework, "--format", "json"]).exits(0).json();
    let mut lines = String::new();
    let mut checks = Vec::new();
    for requirement in list(&shown, "requirements") {
        for check in list(requirement, "checks") {
            let (id, words) = (text(check, "id"), text(check, "text"));
            lines.push_str(&format!("{}\n", json!({"id": id, "text": words})));
            checks.push((id.to_owned(), text(requirement, "id").to_owned()));
        }
    }
    let args = ["explain", "--jsonl", "-", "--framework", framework, "--format", "jsonl"];
    let answers = run_with(&bench.workspace(), args, &lines).exits(0).lines();
    assert_eq!(answers.len(), checks.len());
    let mut astray = Vec::new();
    for (answer, (check, requirement)) in answers.iter().zip(&checks) {
        assert_eq!(text(answer, "id"), check);
        let ranking = list(answer, "requirements");
        let first = ranking.first().map_or("none", |best| text(best, "requirement"));
        if first != requirement {
            let rank = ranking.iter().position(|entry| text(entry, "requirement") == requirement);
            let rank = rank.map_or("not at all".to_owned(), |rank| format!("at {}", rank + 1));
            astray.push(format!("{check}: {first} ranks first, its own {rank}"));
        }
    }
    let share = 1.0 - astray.len() as f64 / checks.len() as f64;
    let said = format!("{framework}: {:.1} % of {} checks lead home", share * 100.0, checks.len());
    // Standard error is captured with the test, and shown where it fails or is asked for.
    eprintln!("{said}; astray: {astray:#?}");
    assert!(share >= SHARE, "{said}, and {:.0} % should", SHARE * 100.0);
}

#[test]
fn checks_of_iso42001_find_their_requirement() {
    checks_find_their_requirement("iso42001");
}

#[test]
fn checks_of_iso27001_find_their_requirement() {
    checks_find_their_requirement("iso27001");
}
