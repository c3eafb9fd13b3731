//! What the settings say of the organisation: controls that do not apply, and its AI systems.

mod program;

use program::{Bench, list, number, text};
use serde_json::Value;

const LODESTONE: &str = "\
# Model card: Lodestone 3.2

Owner: Mira Tolland. Version 3.2. Approved by Owen Lathbury on 12 June 2026.

## Intended use

The intended use of this AI system is to forecast the arrival of chilled loads. It must not be used to judge drivers.
Planners are told in the user guide what the AI system is for, and what it is not for.

## Verification and validation

The AI system was validated on 4 June 2026 against its requirements by a person who took no part in its development.
The test results are kept: 17 of 18 acceptance criteria of the model were met, and the release was approved.
";

const PALLETEYE: &str = "\
# Validation record

| AI system | AI-002 PalletEye, release 1.4 |
|---|---|
| Tested by | Gus Pelham |
| Date | 9 September 2026 |

## Results

The AI system was verified and validated on 9 September 2026 against its acceptance criteria before release.
The model met 11 of 12 criteria; test results and the approval of the release are kept with this record.
";

const SYSTEMS: &str = "
[[ai_system]]
name = \"Lodestone\"
aliases = [\"AI-001\", \"arrival forecast\"]

[[ai_system]]
name = \"Rota Advisor\"
";

fn bench() -> Bench {
    Bench::with([
        ("lodestone/card.md", LODESTONE),
        ("palleteye/validation.md", PALLETEYE),
        (
            "policy.md",
            "# Server room\n\nEquipment is serviced every year, and a log of repairs is kept.",
        ),
    ])
}

fn settings(bench: &Bench, text: &str) {
    std::fs::write(bench.beside("sufficit.toml"), text).expect("is writable");
}

fn show(bench: &Bench, name: &str) -> Value {
    bench.run(["show", name, "--format", "json"]).exits(0).json()
}

fn names<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    list(value, key).iter().filter_map(Value::as_str).collect()
}

#[test]
fn a_control_that_does_not_apply_is_no_gap() {
    let bench = bench();
    bench.ingest().exits(0);
    let counts = |bench: &Bench| {
        let status = bench.run(["status", "--format", "json"]).exits(0).json();
        let controls = &status["coverage"]["iso27001"]["controls"];
        ["requirements", "covered", "partial", "open", "not_applicable"]
            .map(|key| number(controls, key))
    };
    let [all, covered, partial, open, left_out] = counts(&bench);
    assert_eq!((all, left_out), (93, 0));
    let why = "All equipment is rented, and serviced by the landlord.";
    settings(
        &bench,
        &format!(
            "[[not_applicable]]\nrequirement = \"iso27001:A.7.13\"\nwhy = \"{why}\"\n\
             [[not_applicable]]\nrequirement = \"iso27001:A.5.6\"\nwhy = \"No such groups.\"\n"
        ),
    );
    let told = bench.run(["map"]).exits(0).out;
    assert!(told.contains("2 not applicable"), "{told}");
    assert!(told.contains(why), "{told}");
    let [all_after, covered_after, partial_after, open_after, left_out] = counts(&bench);
    assert_eq!((all_after, left_out), (all, 2));
    assert_eq!(covered + partial + open, covered_after + partial_after + open_after + 2);

    let shown = show(&bench, "iso27001:A.7.13");
    assert_eq!(text(&shown["assessment"], "not_applicable"), why);
    assert_eq!(text(&shown["assessment"], "gap"), "");
    for found in list(&shown, "matches") {
        assert_eq!(text(found, "not_applicable"), why);
    }
    let other = show(&bench, "iso27001:A.7.12");
    assert!(other["assessment"].get("not_applicable").is_none());
    let without = show(&bench, "iso27001:A.5.6");
    assert!(without.get("nearest").is_none(), "nothing is looked for where nothing is wanted");
    let printed = bench.run(["show", "iso27001:A.7.13"]).exits(0).out;
    assert!(printed.contains("Declared not applicable: All equipment is rented"), "{printed}");
    settings(&bench, "");
    bench.run(["map"]).exits(0);
    assert_eq!(counts(&bench), [all, covered, partial, open, 0]);
}

#[test]
fn what_cannot_be_left_out_is_refused() {
    let bench = bench();
    for (id, why, said) in [
        ("iso27001:A.7.99", "Rented.", "there is no requirement `iso27001:A.7.99`"),
        ("iso42001:9.1", "Too small.", "clauses always apply"),
        ("iso27001:A.7.13", " ", "has no justification"),
    ] {
        settings(&bench, &format!("[[not_applicable]]\nrequirement = \"{id}\"\nwhy = \"{why}\"\n"));
        let refused = bench.ingest().exits(2);
        assert!(refused.err.contains(said), "{}", refused.err);
        assert!(refused.err.contains("sufficit.toml:2: "), "{}", refused.err);
    }
}

#[test]
fn documents_say_which_ai_system_they_are_about() {
    let bench = bench();
    bench.ingest().exits(0);
    let facts = |path: &str| show(&bench, path)["facts"].clone();
    let named = |facts: &Value| -> Vec<String> {
        list(facts, "systems").iter().map(|fact| text(fact, "value").to_owned()).collect()
    };
    assert_eq!(named(&facts("lodestone/card.md")), ["Lodestone"]);
    let palleteye = facts("palleteye/validation.md");
    assert_eq!(named(&palleteye), ["PalletEye"]);
    let quote = text(&palleteye["systems"][0]["citation"], "quote");
    assert_eq!(quote, "AI system | AI-002 PalletEye, release 1.4");
    assert!(facts("policy.md").get("systems").is_none());
}

#[test]
fn evidence_is_told_apart_by_ai_system() {
    let bench = bench();
    bench.ingest().exits(0);
    let before = show(&bench, "iso42001:A.6.2.4");
    assert!(names(&before["assessment"], "systems_without_evidence").is_empty());

    settings(&bench, SYSTEMS);
    bench.run(["map"]).exits(0);
    let shown = show(&bench, "iso42001:A.6.2.4");
    let assessment = &shown["assessment"];
    let systems: Vec<&str> =
        list(assessment, "systems").iter().map(|share| text(share, "system")).collect();
    assert_eq!(systems, ["Lodestone", "PalletEye"]);
    assert!(names(assessment, "systems_without_evidence").contains(&"Rota Advisor"));
    for found in list(&shown, "matches") {
        let own = if text(found, "document").starts_with("lodestone") {
            "Lodestone"
        } else {
            "PalletEye"
        };
        assert_eq!(names(found, "systems"), [own]);
    }
    let printed = bench.run(["show", "iso42001:A.6.2.4"]).exits(0).out;
    assert!(printed.contains("By AI system:"), "{printed}");
    assert!(printed.contains("no evidence names it"), "{printed}");
    let policy = show(&bench, "iso42001:A.2.2");
    assert!(
        names(&policy["assessment"], "systems_without_evidence").is_empty(),
        "one policy serves all"
    );
}

#[test]
fn a_document_that_gives_a_registered_number_speaks_of_that_system() {
    let bench = bench();
    settings(&bench, "[[ai_system]]\nname = \"Dock camera\"\naliases = [\"AI-002\"]\n");
    bench.ingest().exits(0);
    let matches = show(&bench, "palleteye/validation.md")["matches"].clone();
    let matches = matches.as_array().expect("a list");
    assert!(!matches.is_empty());
    for found in matches {
        assert_eq!(names(found, "systems"), ["Dock camera"]);
    }
}

#[test]
fn a_registered_system_is_known_by_its_aliases_without_reading_again() {
    let bench = Bench::with([(
        "minutes.md",
        "# Minutes of the AI oversight group, 3 November 2026\n\n\
         ## Arrival forecast\n\n\
         The AI system was verified and validated on 2 November 2026 against its acceptance criteria before release. \
         The model met 11 of 12 criteria; test results and the approval of the release are kept with these minutes.\n",
    )]);
    bench.ingest().exits(0);
    let systems = |bench: &Bench| -> Vec<String> {
        let matches = bench.matches();
        let named = matches.iter().flat_map(|found| names(found, "systems")).map(str::to_owned);
        let mut named: Vec<String> = named.collect();
        named.sort();
        named.dedup();
        named
    };
    assert!(!bench.matches().is_empty(), "the minutes bear on something");
    assert!(systems(&bench).is_empty());
    settings(&bench, SYSTEMS);
    bench.run(["map"]).exits(0);
    assert_eq!(systems(&bench), ["Lodestone"]);
}
