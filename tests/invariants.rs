//! The score moves the right way: each property that rubric.md demands, on documents written here.

mod change;
mod papers;
mod program;
mod writing;

use change::{Change, Scores, explained, judged, leave_as_it_was, never_raise, raised, scores};
use papers::{ALL, APPROVED, COOKING, POLICY, PROCEDURE, RECORD, UNRELATED, Written};
use program::{Bench, grades, list, number, requirement, text};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use writing::{Chapter, Paper};

fn change(name: impl Into<String>, before: &Paper<'_>, after: &Paper<'_>) -> Change {
    Change { name: name.into(), before: before.markdown(), after: after.markdown() }
}

#[test]
fn the_papers_suffice_for_what_they_are_written_for() {
    let texts: Vec<String> = ALL.iter().map(|paper| paper.paper.markdown()).collect();
    let mut faults = Vec::new();
    for (one, scores) in ALL.iter().zip(scores(&texts)) {
        let grade = scores.get(one.wanted).copied().unwrap_or(0);
        if grade < one.least {
            faults.push(format!(
                "the {} is worth {} at least for {}, not {grade}: {scores:?}",
                one.name, one.least, one.wanted
            ));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn most_requirements_are_none_of_a_documents_business() {
    let texts: Vec<String> = ALL.iter().map(|one| one.paper.markdown()).collect();
    let mut faults = Vec::new();
    for (Written { name, .. }, scores) in ALL.iter().zip(scores(&texts)) {
        for (framework, requirements) in [("iso42001", 70), ("iso27001", 123)] {
            let met = scores.keys().filter(|wanted| wanted.starts_with(framework)).count();
            if met * 2 > requirements {
                faults.push(format!("the {name} has a score above 0 for {met} of {requirements} requirements of {framework}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn taking_a_chapter_out_never_raises() {
    let mut changes = Vec::new();
    for Written { name, paper, .. } in ALL {
        for left_out in 0..paper.chapters.len() {
            let kept: Vec<Chapter<'_>> = paper
                .chapters
                .iter()
                .enumerate()
                .filter(|(n, _)| *n != left_out)
                .map(|(_, chapter)| *chapter)
                .collect();
            let heading = paper.chapters[left_out].heading;
            changes.push(change(
                format!("{name} without {heading}"),
                &paper,
                &Paper { chapters: &kept, ..paper },
            ));
        }
    }
    let mut faults = Vec::new();
    for (name, before, after) in judged(changes) {
        // A mere mention may turn up elsewhere; what the document bore on may not gain, and nothing new may suffice.
        let gained = raised(&before, &after)
            .into_iter()
            .filter(|(wanted, grade)| *grade > 1 || before.contains_key(wanted));
        faults.extend(gained.map(|(wanted, grade)| format!("{name}: {wanted} rises to {grade}")));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn without_its_substance_a_document_is_worth_1_at_most() {
    let bare: Vec<String> = ALL
        .iter()
        .map(|Written { paper, .. }| Paper { chapters: &[UNRELATED], ..*paper }.markdown())
        .collect();
    let mut faults = Vec::new();
    for (Written { name, .. }, scores) in ALL.iter().zip(scores(&bare)) {
        // A title and an approval block do show something of how documents are controlled (clause 7.5), and those of an
        // AI policy that it is reviewed (A.2.4).
        let over = scores.iter().filter(|(wanted, grade)| {
            let shown =
                wanted.contains(":7.5") || (*name == "policy" && *wanted == "iso42001:A.2.4");
            **grade > 1 && !shown
        });
        faults.extend(over.map(|(wanted, grade)| format!("{name}: {grade} for {wanted}")));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn adding_an_approval_block_never_lowers() {
    never_raise(
        ALL.iter()
            .map(|Written { name, paper, .. }| {
                let with = Paper { control: APPROVED, ..*paper };
                change(*name, &with, &Paper { control: &[], ..*paper })
            })
            .collect(),
    );
}

#[test]
fn reordering_chapters_changes_nothing() {
    let mut runner = TestRunner::deterministic();
    let mut changes = Vec::new();
    for Written { name, paper, .. } in ALL {
        for n in 0..3 {
            let any_order = proptest::strategy::Just(paper.chapters.to_vec()).prop_shuffle();
            let shuffled = any_order.new_tree(&mut runner).expect("an order").current();
            changes.push(change(
                format!("{name}, order {n}"),
                &paper,
                &Paper { chapters: &shuffled, ..paper },
            ));
        }
    }
    leave_as_it_was(changes);
}

#[test]
fn adding_an_unrelated_chapter_changes_nothing() {
    let mut changes = Vec::new();
    for Written { name, paper, .. } in ALL {
        let after: Vec<Chapter<'_>> = paper.chapters.iter().copied().chain([UNRELATED]).collect();
        let before: Vec<Chapter<'_>> =
            [UNRELATED].into_iter().chain(paper.chapters.iter().copied()).collect();
        changes.push(change(
            format!("{name}, at its end"),
            &paper,
            &Paper { chapters: &after, ..paper },
        ));
        changes.push(change(
            format!("{name}, at its beginning"),
            &paper,
            &Paper { chapters: &before, ..paper },
        ));
    }
    leave_as_it_was(changes);
}

/// Evidence for a control seldom names the field, and one for a control that is called by it does.
#[test]
fn a_control_wants_the_field_only_where_it_is_called_by_it() {
    let backup = "# Backup standard\n\nApproved by: Ann Lee, CIO, 3 March 2026\n\nA second copy of the backup is stored at another location, away from the original, on storage that nobody can alter.\n\nA backup is restored as a test every quarter, and the result is noted.\n";
    let answers = explained(&[backup.to_owned(), POLICY.markdown()]);
    let grade = |n: usize, wanted: &str| {
        let all = list(&answers[n], "requirements").iter();
        let found = all.filter(|entry| requirement(entry) == wanted);
        found.map(|entry| number(entry, "sufficiency")).next().unwrap_or(0)
    };
    assert!(grade(0, "iso27001:A.8.13") >= 2, "backups were not seen");
    assert!(grade(1, "iso42001:A.2.2") >= 2, "the policy was not seen");
    assert!(grade(1, "iso27001:A.5.1") <= 1, "a policy on AI is none on information security");
}

/// Pipes have networks, zones and traffic too.
#[test]
fn a_technological_control_wants_a_word_of_information_technology() {
    let zones = |of: &str, through: &str| {
        format!(
            "# {of} zoning plan\n\nApproved by: Ann Lee, director, 3 March 2026\nVersion: 2\n\nThe network is split into zones. Traffic between zones passes only through {through}, and each rule is reviewed every year.\n\nThe guest network is kept apart from the inner zones.\n"
        )
    };
    let answers = explained(&[zones("Water", "metered valves"), zones("IT", "firewalls")]);
    let grade = |n: usize| {
        let all = list(&answers[n], "requirements").iter();
        let found = all.filter(|entry| requirement(entry) == "iso27001:A.8.22");
        found.map(|entry| number(entry, "sufficiency")).next().unwrap_or(0)
    };
    assert_eq!(grade(0), 0, "pipes are no segregated network");
    assert!(grade(1) >= 2, "the zones were not seen");
}

#[test]
fn dates_ten_years_older_never_raise() {
    let mut changes = Vec::new();
    for Written { name, paper, .. } in ALL {
        let before = paper.markdown();
        let after = before.replace("202", "201");
        assert_ne!(before, after);
        changes.push(Change { name: name.into(), before, after });
    }
    never_raise(changes);
}

#[test]
fn old_approvals_and_records_are_worth_less() {
    let texts: Vec<String> =
        ALL.iter().map(|Written { paper, .. }| paper.markdown().replace("202", "201")).collect();
    for (Written { name, wanted, .. }, scores) in ALL.iter().zip(scores(&texts)) {
        let grade = scores.get(*wanted).copied().unwrap_or(0);
        assert!(grade <= 3, "{name}: last touched in 2016, and still {grade} for {wanted}");
    }
}

#[test]
fn a_later_day_of_judgement_never_raises() {
    let bench = Bench::with(
        ALL.map(|Written { name, paper, .. }| (format!("{name}.md"), paper.markdown())),
    );
    bench.ingest().exits(0);
    let now = grades(&bench.matches());
    let ten_years_on = |args: &[&str]| {
        let mut command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("sufficit"));
        command
            .arg("--workspace")
            .arg(bench.workspace())
            .args(["--as-of", "2036-11-20"])
            .args(args);
        let output = command.assert().success().get_output().stdout.clone();
        String::from_utf8(output).expect("the program writes UTF-8")
    };
    ten_years_on(&["map"]);
    let exported = ten_years_on(&["export", "matches", "--format", "jsonl"]);
    let found: Vec<Value> =
        exported.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let then = grades(&found);
    for (path, scores) in &then {
        let raised = raised(now.get(path).unwrap_or(&Scores::new()), scores);
        assert!(raised.is_empty(), "{path}: {raised:?}");
    }
    assert_ne!(now, then, "ten years on, nothing is in force any more");
}

#[test]
fn what_weakens_a_document_lowers_its_grade() {
    let control = |label: &str, value: &'static str| -> Vec<(&str, &str)> {
        APPROVED
            .iter()
            .map(|(known, old)| (*known, if *known == label { value } else { *old }))
            .collect()
    };
    let (draft, superseded, overdue) = (
        control("Status", "Draft"),
        control("Status", "Superseded"),
        control("Next review", "14 May 2026"),
    );
    for (paper, wanted) in [(PROCEDURE, "iso42001:A.5.2"), (POLICY, "iso42001:A.2.2")] {
        let weak = [("draft", &draft, 2), ("superseded", &superseded, 2), ("overdue", &overdue, 3)];
        let texts: Vec<String> =
            weak.iter().map(|(_, control, _)| Paper { control, ..paper }.markdown()).collect();
        for ((name, _, limit), scores) in weak.iter().zip(scores(&texts)) {
            assert!(scores.values().all(|grade| grade <= limit), "{wanted}, {name}: {scores:?}");
            assert!(
                scores.get(wanted).is_some_and(|grade| *grade > 0),
                "{wanted}, {name}: nothing left"
            );
        }
    }
}

#[test]
fn a_denial_is_no_evidence() {
    let denials = [
        "# Note on AI\n\nThere is no procedure for assessing the impact of AI systems on people. Nobody has been made responsible for AI impact assessments, and no assessment has been carried out so far.\n",
        "# Gaps\n\nWe have no AI policy. No principles for the use of artificial intelligence have been defined, and the board has not yet approved any rules.\n",
        "# Backups\n\nBackups of the order database are not tested. There is no record of any restore, and no backup schedule exists.\n",
    ];
    let texts: Vec<String> = denials.iter().map(|text| (*text).to_owned()).collect();
    for (denial, scores) in denials.iter().zip(scores(&texts)) {
        assert!(scores.values().all(|grade| *grade <= 1), "{denial}: {scores:?}");
    }
    for ((denial, Written { wanted, .. }), scores) in
        denials.iter().zip(ALL.iter()).zip(scores(&texts))
    {
        assert_eq!(scores.get(*wanted), None, "{denial}");
    }
}

#[test]
fn a_text_about_cooking_is_worth_nothing_anywhere() {
    let bench = Bench::with([
        ("soup.md", COOKING.markdown()),
        ("soup.html", COOKING.html()),
        (
            "garden.md",
            Paper { chapters: &[UNRELATED], title: "My garden", control: &[] }.markdown(),
        ),
    ]);
    bench.ingest().exits(0);
    assert_eq!(bench.matches(), Vec::<Value>::new());
    assert_eq!(scores(&[COOKING.markdown()]), [Scores::new()]);
}

#[test]
fn the_name_of_a_file_changes_nothing() {
    let papers = [("procedure", PROCEDURE), ("record", RECORD)];
    let named = |prefix: &str| {
        let bench = Bench::with(
            papers.map(|(name, paper)| (format!("{prefix}{name}.md"), paper.markdown())),
        );
        bench.ingest().exits(0);
        let mut matches = bench.matches();
        for found in &mut matches {
            let path = text(found, "document").trim_start_matches(prefix).to_owned();
            found["document"] = json!(path);
            found["paths"] = json!([path]);
        }
        matches
    };
    assert_eq!(named(""), named("old/DRAFT template - onion soup 2011 superseded "));
}

#[test]
fn the_format_changes_nothing() {
    let bench = Bench::new();
    for Written { name, paper, .. } in ALL {
        bench.write(&format!("{name}.md"), paper.markdown());
        bench.write(&format!("{name}.html"), paper.html());
        bench.write(&format!("{name}.docx"), paper.docx());
        bench.write(&format!("{name}.pdf"), paper.pdf());
    }
    bench.ingest().exits(0);
    let grades = grades(&bench.matches());
    for Written { name, .. } in ALL {
        for other in ["html", "docx", "pdf"] {
            let (markdown, other) = (format!("{name}.md"), format!("{name}.{other}"));
            assert!(grades.contains_key(&other), "{other} has no match");
            let definite = |path: &String| -> std::collections::BTreeMap<_, _> {
                grades[path].iter().filter(|(_, grade)| **grade > 1).collect()
            };
            // A mention can hang on how a format cuts its passages.
            assert_eq!(definite(&markdown), definite(&other), "{markdown} and {other}");
        }
    }
}

#[test]
fn any_text_is_answered() {
    let mut runner = TestRunner::deterministic();
    let pieces = proptest::sample::select(vec![
        "# ",
        "## 1 ",
        "| ",
        " |\n",
        "|---|\n",
        "\n\n",
        "- ",
        "\u{c}",
        "\u{feff}",
        "\u{202e}",
        "é",
        "🦀",
        "\0",
        "[TBD]",
        "<p>",
        "{\"a\": ",
        "AI policy ",
        "impact assessment ",
        "approved by ",
        "31 February 2026 ",
        "9999-99-99 ",
        "we plan to ",
        "backup ",
        "\t",
        "```\n",
        "&amp;",
    ]);
    let texts = proptest::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat());
    let any: Vec<String> =
        (0..60).map(|_| texts.new_tree(&mut runner).expect("a text").current()).collect();
    for answer in explained(&any) {
        for entry in list(&answer, "requirements") {
            let relevance = entry["relevance"].as_f64().expect("a number");
            assert!(relevance > 0.0 && relevance <= 1.0, "{entry}");
            assert!(number(entry, "sufficiency") <= 5, "{entry}");
        }
        let order: Vec<f64> = list(&answer, "requirements")
            .iter()
            .filter_map(|entry| entry["relevance"].as_f64())
            .collect();
        assert!(order.is_sorted_by(|a, b| a >= b), "best first: {order:?}");
    }
}
