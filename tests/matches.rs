//! Matches of the example company: the form that interface.md promises, and grades that no auditor would dispute.

mod example;
mod program;

use example::{evidence, example};
use program::{Bench, Grades, grades, list, number, requirement, run, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The names of an object's fields.
#[track_caller]
fn fields(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap_or_else(|| panic!("no object: {value}"))
        .keys()
        .map(String::as_str)
        .collect()
}

#[track_caller]
fn has_fields(value: &Value, names: &[&str]) {
    let fields = fields(value);
    for name in names {
        assert!(fields.contains(name), "`{name}` is missing in {value}");
    }
}

#[track_caller]
fn share(value: &Value, key: &str) -> f64 {
    let share = value[key].as_f64().unwrap_or_else(|| panic!("`{key}` is no number in {value}"));
    assert!((0.0..=1.0).contains(&share), "`{key}` is {share} in {value}");
    share
}

fn reasons(found: &Value) -> impl Iterator<Item = &Value> {
    list(found, "strengths").iter().chain(list(found, "concerns"))
}

/// The canonical text of a document.
struct Canonical {
    characters: Vec<char>,
    pages: Vec<Page>,
}

/// A page: its number, 0 where the format has no pages, and its characters.
struct Page {
    number: u64,
    characters: Range<usize>,
}

/// The canonical text of each document that was read, by path.
fn texts() -> BTreeMap<String, Canonical> {
    let status = example().run(["status", "--format", "json"]).exits(0).json();
    let read: Vec<String> = list(&status, "files")
        .iter()
        .filter(|file| text(file, "status") == "read")
        .map(|file| text(file, "path").to_owned())
        .collect();
    let mut args = vec!["text".into(), "--format".into(), "jsonl".into()];
    args.extend(read.iter().map(|path| evidence().join(path).into_os_string()));
    let views = run(&example().workspace, args).exits(0).lines();
    assert_eq!(views.len(), read.len());
    let mut texts = BTreeMap::new();
    for (path, view) in read.into_iter().zip(views) {
        has_fields(&view, &["path", "status", "reason", "media_type", "pages", "facts"]);
        let mut whole: Vec<char> = Vec::new();
        let mut pages = Vec::new();
        for page in list(&view, "pages") {
            has_fields(page, &["page", "status", "text"]);
            if !pages.is_empty() {
                whole.push('\u{c}');
            }
            let start = whole.len();
            whole.extend(text(page, "text").chars());
            let number = page["page"].as_u64().unwrap_or(0);
            pages.push(Page { number, characters: start..whole.len() });
        }
        texts.insert(path, Canonical { characters: whole, pages });
    }
    texts
}

#[test]
fn a_match_has_the_fields_that_scripts_rely_on() {
    let matches = example().matches();
    assert!(matches.len() > 50, "only {} matches", matches.len());
    for found in &matches {
        has_fields(
            found,
            &[
                "document",
                "paths",
                "sha256",
                "kind",
                "framework",
                "requirement",
                "relevance",
                "sufficiency",
            ],
        );
        has_fields(
            found,
            &["confidence", "status", "strengths", "concerns", "ask", "counterparts"],
        );
        assert_eq!(found["paths"][0], found["document"]);
        assert_eq!(text(found, "sha256").len(), 64);
        assert_eq!(text(found, "status"), "proposed");
        assert!(number(found, "sufficiency") <= 5);
        assert!(!text(found, "ask").is_empty());
        share(found, "relevance");
        share(found, "confidence");
        for reason in reasons(found) {
            has_fields(reason, &["code", "text"]);
            assert!(!text(reason, "text").is_empty(), "{reason}");
            if let Some(check) = reason.get("check").and_then(Value::as_str) {
                let of = check.split('/').next().unwrap_or_default();
                assert_eq!(of, text(found, "requirement"), "{check} belongs elsewhere");
            }
        }
        for counterpart in list(found, "counterparts") {
            assert_eq!(
                fields(counterpart),
                BTreeSet::from(["framework", "relation", "requirement", "strength"])
            );
            assert!(share(counterpart, "strength") > 0.0, "{counterpart}");
            assert_ne!(text(counterpart, "framework"), text(found, "framework"));
        }
    }
    let kinds: BTreeSet<&str> = matches.iter().map(|found| text(found, "kind")).collect();
    let known = [
        "policy",
        "procedure",
        "record",
        "register",
        "assessment",
        "report",
        "minutes",
        "contract",
        "training",
        "log",
        "template",
        "other",
    ];
    assert!(kinds.iter().all(|kind| known.contains(kind)), "{kinds:?}");
}

#[test]
fn each_document_meets_a_requirement_once() {
    let mut seen = BTreeSet::new();
    for found in example().matches() {
        let name = (text(&found, "sha256").to_owned(), requirement(&found));
        assert!(!seen.contains(&name), "{name:?} stands twice");
        seen.insert(name);
    }
}

#[test]
fn every_strength_is_cited_and_every_quote_is_found_at_its_place() {
    let texts = texts();
    let mut quotes = 0;
    for found in example().matches() {
        let document = text(&found, "document");
        let Canonical { characters, pages } = &texts[document];
        for strength in list(&found, "strengths") {
            assert!(strength["citation"].is_object(), "{document}: no citation: {strength}");
        }
        for citation in reasons(&found).filter_map(|reason| reason.get("citation")) {
            has_fields(citation, &["page", "heading", "start", "end", "quote"]);
            let (start, end) =
                (number(citation, "start") as usize, number(citation, "end") as usize);
            let there: String = characters.get(start..end).unwrap_or_default().iter().collect();
            assert_eq!(there, text(citation, "quote"), "{document} at {start}..{end}");
            assert!(!there.trim().is_empty(), "{document}: an empty quote: {citation}");
            quotes += 1;
            let Some(page) = citation["page"].as_u64() else {
                assert_eq!(pages.len(), 1, "{document} has pages, and {citation} names none");
                continue;
            };
            let on_it =
                pages.iter().any(|one| one.number == page && one.characters.contains(&start));
            assert!(on_it, "{document}: {citation} does not begin on page {page}");
        }
        if number(&found, "sufficiency") >= 2 {
            assert!(
                !list(&found, "strengths").is_empty(),
                "{document}: 2 or more, and no strength: {found}"
            );
        }
    }
    assert!(quotes > 100, "only {quotes} quotes");
}

#[test]
fn text_prints_the_canonical_text() {
    let texts = texts();
    for name in [
        "01-governance/ai-policy.pdf",
        "02-ai-systems/secure-ai-lifecycle-procedure.pdf",
        "04-security/incident-log-2026.xlsx",
    ] {
        let printed =
            run(&example().workspace, ["text".as_ref(), evidence().join(name).as_os_str()])
                .exits(0);
        let whole: String = texts[name].characters.iter().collect();
        assert_eq!(printed.out.strip_suffix('\n'), Some(whole.as_str()), "{name}");
    }
}

/// No match under a path beginning with `path` is above `limit`.
#[track_caller]
fn at_most(grades: &Grades, path: &str, limit: u64) {
    for (document, found) in grades.iter().filter(|(document, _)| document.starts_with(path)) {
        let over: Vec<_> = found.iter().filter(|(_, grade)| **grade > limit).collect();
        assert!(over.is_empty(), "{document} is worth {limit} at most: {over:?}");
    }
}

#[test]
fn a_text_about_something_else_is_no_evidence() {
    let grades = grades(&example().matches());
    for distractor in [
        "05-people/parental-leave.md",
        "07-general/canteen-week-48.html",
        "07-general/palleteye-brochure.pdf",
    ] {
        at_most(&grades, distractor, 1);
    }
}

#[test]
fn a_blank_form_is_worth_1_at_most() {
    at_most(
        &grades(&example().matches()),
        "02-ai-systems/palleteye/impact-assessment-form.docx",
        1,
    );
}

#[test]
fn a_superseded_document_and_a_draft_are_worth_2_at_most() {
    let grades = grades(&example().matches());
    at_most(&grades, "01-governance/superseded/ai-policy-v1.0.docx", 2);
    at_most(&grades, "02-ai-systems/assistant-use-guideline-draft.docx", 2);
}

#[test]
fn a_document_past_its_review_is_worth_3_at_most() {
    at_most(&grades(&example().matches()), "04-security/business-continuity-plan.docx", 3);
}

#[test]
fn intentions_are_worth_1_at_most() {
    at_most(&grades(&example().matches()), "01-governance/ai-strategy-2027.md", 1);
}

#[test]
fn a_note_that_something_is_missing_is_a_gap() {
    let matches = example().matches();
    let note = "02-ai-systems/outside-concerns-note.md";
    let about = matches
        .iter()
        .find(|found| text(found, "document") == note && requirement(found) == "iso42001:A.8.3");
    let about = about.expect("the note is about A.8.3, and says so");
    assert_eq!(number(about, "sufficiency"), 0, "{about}");
    assert!(
        list(about, "concerns").iter().any(|concern| text(concern, "code") == "negated"),
        "{about}"
    );
}

#[test]
fn a_note_that_something_is_missing_is_worth_1_at_most() {
    at_most(&grades(&example().matches()), "02-ai-systems/outside-concerns-note.md", 1);
}

#[test]
fn what_cannot_be_mapped_has_no_match() {
    let german = "05-people/ki-richtlinie-bremen.docx";
    assert!(!grades(&example().matches()).contains_key(german));
    let shown = example().run(["show", german, "--format", "json"]).exits(0).json();
    assert_eq!(shown["matches"], serde_json::json!([]));
}

#[test]
fn nothing_is_found_where_there_is_nothing() {
    for name in ["A.6.1", "A.7.1", "A.7.2", "A.7.3", "A.7.4", "A.8.24"] {
        let name = format!("iso27001:{name}");
        let shown = example().run(["show", &name, "--format", "json"]).exits(0).json();
        let grade = number(&shown["assessment"], "sufficiency");
        assert!(grade <= 2, "{name} is assessed at {grade}, and next to nothing was given for it");
    }
}

#[test]
fn the_best_document_leads() {
    let mut faults = Vec::new();
    for (name, path, least) in [
        ("iso42001:A.2.2", "01-governance/ai-policy.pdf", 4),
        ("iso42001:A.5.2", "02-ai-systems/impact-assessment-procedure.docx", 3),
        ("iso42001:A.3.2", "01-governance/ai-roles-and-reporting.docx", 2),
        ("iso42001:A.6.1.3", "02-ai-systems/secure-ai-lifecycle-procedure.pdf", 4),
        ("iso27001:A.5.1", "01-governance/information-security-policy.pdf", 2),
        ("iso27001:A.5.18", "04-security/access-control-standard.docx", 3),
    ] {
        let matches = example().run(["show", name, "--format", "jsonl"]).exits(0).lines();
        let best = matches.iter().map(|found| number(found, "sufficiency")).max().unwrap_or(0);
        let is_ours =
            |found: &Value| list(found, "paths").iter().any(|known| known.as_str() == Some(path));
        let Some(place) = matches.iter().position(is_ours) else {
            faults.push(format!("{name}: {path} is not among its evidence"));
            continue;
        };
        let grade = number(&matches[place], "sufficiency");
        if grade < least {
            faults.push(format!("{name}: {path} is worth {least} at least, not {grade}"));
        }
        if grade < best || place >= 3 {
            faults
                .push(format!("{name}: {path} has {grade} of {best} and stands at {}", place + 1));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn show_lists_the_best_first_and_the_whole_is_no_less_than_its_parts() {
    for name in
        ["iso42001:A.5.3", "iso42001:A.8.3", "iso42001:9.3.1", "iso27001:A.8.13", "iso27001:A.5.18"]
    {
        let shown = example().run(["show", name, "--format", "json"]).exits(0).json();
        let parts: Vec<u64> =
            list(&shown, "matches").iter().map(|found| number(found, "sufficiency")).collect();
        assert!(parts.is_sorted_by(|a, b| a >= b), "{name}: {parts:?}");
        let whole = number(&shown["assessment"], "sufficiency");
        assert!(whole >= parts.first().copied().unwrap_or(0), "{name}: {whole} of {parts:?}");
        let listed: Vec<Value> =
            example().run(["show", name, "--format", "jsonl"]).exits(0).lines();
        assert_eq!(list(&shown, "matches"), listed);
    }
}

#[test]
fn one_document_with_two_paths_is_one_match() {
    let twice = [
        "02-ai-systems/rota-advisor/impact-assessment-2026.docx",
        "06-assurance/audit-samples/sample-07.docx",
    ];
    let matches = example().matches();
    let ours = matches.iter().filter(|found| twice.contains(&text(found, "document")));
    assert!(ours.clone().count() > 0);
    for found in ours {
        assert_eq!(found["paths"], serde_json::json!(twice));
    }
}

#[test]
fn counterparts_say_how_far_they_reach() {
    let matches = example().matches();
    let of =
        |name: &str| matches.iter().find(|found| requirement(found) == name).expect("is matched");
    let names = |found: &Value| -> Vec<String> {
        list(found, "counterparts").iter().map(requirement).collect()
    };
    assert!(names(of("iso42001:A.2.2")).contains(&"iso27001:A.5.1".to_owned()));
    assert!(names(of("iso27001:A.5.1")).contains(&"iso42001:A.2.2".to_owned()));
    let with = matches.iter().filter(|found| !list(found, "counterparts").is_empty()).count();
    assert!(with * 2 > matches.len(), "{with} of {} have a counterpart", matches.len());
}

#[test]
fn status_counts_every_requirement_once() {
    let status = example().run(["status", "--format", "json"]).exits(0).json();
    has_fields(&status, &["files", "coverage", "run"]);
    for file in list(&status, "files") {
        has_fields(
            file,
            &["path", "status", "reason", "document", "media_type", "pages", "passages"],
        );
    }
    for (framework, controls) in [("iso42001", 38), ("iso27001", 93)] {
        let coverage = &status["coverage"][framework];
        assert_eq!(number(&coverage["controls"], "requirements"), controls);
        for counts in [coverage, &coverage["controls"]].into_iter().chain(list(coverage, "themes"))
        {
            let all = number(counts, "requirements");
            assert_eq!(
                number(counts, "covered") + number(counts, "partial") + number(counts, "open"),
                all
            );
            let by_grade: u64 =
                list(counts, "by_sufficiency").iter().filter_map(Value::as_u64).sum();
            assert_eq!(by_grade, all);
        }
    }
}

/// What a text of its own gets for a requirement.
fn explained(evidence: &str, name: &str) -> u64 {
    let said = example().run(["explain", "--text", evidence, "--format", "json"]).exits(0).json();
    let found = list(&said, "requirements").iter().find(|found| requirement(found) == name);
    found.map_or(0, |found| number(found, "sufficiency"))
}

#[test]
fn a_clause_is_shown_by_what_is_said_of_its_own_field() {
    let minutes = "# Minutes of the management review (ISMS)\n\nDate: 17 September 2026\nPresent: Ann Bell (CEO), Bo Carr (head of IT), Cy Dorn (CISO)\n\n## Actions of the last review\n\nEleven of twelve actions are closed. The supplier list is still open; new date 30 November 2026.\n\n## Results\n\nInternal audit of June 2026: two minor nonconformities, both closed. Phishing click rate 3.1 % (target below 5 %).\n\n## AI\n\nThe board will say next year whether an AI policy is needed.\n\n## Decisions\n\nD1 The budget for network monitoring is increased. (CEO)\nD2 The ISMS is suitable, adequate and effective.\n\nSigned: Ann Bell, 21 September 2026\n";
    let [own, other] = ["iso27001:9.3.1", "iso42001:9.3.1"].map(|name| explained(minutes, name));
    assert!(own >= 3 && other <= 1, "its own field {own}, the other {other}");
}

#[test]
fn a_gap_that_rules_in_force_admit_takes_back_its_check_alone() {
    let policy = |control: &str| {
        format!(
            "# Access control policy\n\n{control}\n\n## Rules\n\nAccess requests are raised in the ticket system. When somebody leaves, all accounts are disabled by the end of the last working day.\n\n## Exceptions\n\nThere is no temporary access for consultants with an expiry date so far. Access request tickets are not kept. User access review results are not recorded.\n"
        )
    };
    let in_force = "Owner: Ann Bell, Head of IT\nVersion: 3.0\nApproved by: Bo Carr, CEO\nApproved on: 12 March 2026\nNext review: March 2027";
    let [rules, gap] = [in_force, ""].map(|control| explained(&policy(control), "iso27001:A.5.18"));
    assert!(rules >= 2 && gap == 0, "in force {rules}, not so {gap}");
}

#[test]
fn a_statement_of_applicability_is_evidence_for_what_asks_for_one_and_for_no_control_in_it() {
    let soa = "# Statement of Applicability\n\n| Control | Title | Applicable | Justification | Status |\n|---|---|---|---|---|\n| A.2.2 | AI policy | Yes | Needed for customers' trust | Implemented |\n| A.3.2 | Roles | Yes | Named in the charter | Implemented |\n| A.5.2 | Impact assessment process | Yes | Required by law | In progress |\n| A.7.5 | Data provenance | No | No training data are bought | - |\n| A.10.3 | Suppliers | Yes | Two models are bought | Planned |\n";
    let bench = Bench::with([("soa.md", soa)]);
    bench.ingest().exits(0);
    let matches = bench.matches();
    let found = matches.iter().find(|found| requirement(found) == "iso42001:6.1.3");
    let found = found.unwrap_or_else(|| panic!("no match in {matches:?}"));
    let shown = |strength: &Value| strength["check"] == "6.1.3/soa";
    assert!(list(found, "strengths").iter().any(shown), "{found}");
    for control in ["iso42001:A.2.2", "iso42001:A.5.2", "iso42001:A.10.3"] {
        assert!(explained(soa, control) <= 1, "{control}");
    }
}

#[test]
fn a_policy_that_top_management_signed_says_so_in_its_control_block() {
    let policy = |approver: &str| {
        format!(
            "# Information security policy\n\n| Owner | CISO |\n|---|---|\n| Version | 3.0 |\n| Approved by | {approver} |\n| Approved on | 12 March 2026 |\n| Next review | March 2027 |\n\n## Commitment\n\nWe protect the information of patients and keep the law. We make our information security management system better each year.\n\n## Communication\n\nThe policy stands on the intranet and is given to everybody who joins.\n"
        )
    };
    let signed = |approver: &str| {
        let bench = Bench::with([("policy.md", policy(approver))]);
        bench.ingest().exits(0);
        let matches = bench.matches();
        let found = matches.iter().find(|found| requirement(found) == "iso27001:5.2");
        let shown = |strength: &Value| strength["check"] == "5.2/established";
        found.is_some_and(|found| list(found, "strengths").iter().any(shown))
    };
    assert!(signed("S. Hanrahan, Chief Executive") && !signed("Head of IT"));
}
