//! The many ways in which documents say who answers for them, who approved them and when they are due again.

use super::tests::{facts, value};
use crate::{Extraction, Limits, extract};

/// What a document with these lines below its title says: owner, approver, version, day of approval, of review, and of the next one.
fn control(lines: &str) -> [String; 6] {
    let facts = facts(&format!("# Gate procedure\n\n{lines}\n\nGates are shut each night.\n"));
    [
        value(&facts.owner),
        value(&facts.approver),
        value(&facts.version),
        value(&facts.approved),
        value(&facts.reviewed),
        value(&facts.next_review),
    ]
}

#[test]
fn several_labels_share_a_line() {
    for (lines, expected) in [
        (
            "Prepared by: Ann Bell  Approved by: R. Kos  Date: 3 March 2026",
            ["Ann Bell", "R. Kos", "", "2026-03-03", "", ""],
        ),
        (
            "v1.2 / approved CISO 12.05.2026 / review every 24 months",
            ["", "CISO", "1.2", "2026-05-12", "", "2028-05-12"],
        ),
        ("Reviewed by: Bo Carr, 3 March 2026", ["", "", "", "", "2026-03-03", ""]),
    ] {
        assert_eq!(control(lines), expected, "{lines}");
    }
}

#[test]
fn a_label_may_have_a_dash_or_its_value_below() {
    for lines in [
        "Owner - Head of Yards\nApproved by - R. Kos\nApproved on - 3 March 2026",
        "Owner:\nHead of Yards\n\nApproved by:\nR. Kos\n\nApproved on:\n3 March 2026",
        "Owner:\n\nHead of Yards\n\nApproved by:\n\nR. Kos\n\nApproved on:\n\n3 March 2026",
    ] {
        assert_eq!(
            control(lines),
            ["Head of Yards", "R. Kos", "", "2026-03-03", "", ""],
            "{lines}"
        );
    }
    assert_eq!(control("Owner:\n\nApproved by:"), [""; 6], "blanks above running text");
}

#[test]
fn a_table_may_hold_two_labels_in_each_row() {
    let lines = "| Owner | Ann Bell | Class | Internal |\n|---|---|---|---|\n| Approved by | Yards Board | Issue | 5 |\n| Approved on | 3 March 2026 | Next review | 30 June 2027 |";
    let expected = ["Ann Bell", "Yards Board", "5", "2026-03-03", "", "2027-06-30"];
    assert_eq!(control(lines), expected);
    let status = "| Owner | Ann Bell | Status | Approved |\n|---|---|---|---|\n| Version | 2 | Class | Internal |";
    assert_eq!(control(status), ["Ann Bell", "", "2", "", "", ""]);
    let Extraction::Read(document) = extract(
        b"<html><body><h1>Gates</h1><dl><dt>Owner</dt><dd>Ann Bell</dd><dt>Version:</dt><dd>2</dd></dl></body></html>",
        "a.html",
        &Limits::default(),
    ) else {
        panic!("it is read");
    };
    assert_eq!(value(&document.facts.owner), "Ann Bell");
    assert_eq!(value(&document.facts.version), "2");
}

#[test]
fn what_is_no_name_approves_nothing() {
    for lines in [
        "Approved: 14 Mar '26",
        "Approved by (Change Board): ______________________",
        "The pilot started well. It was approved by the Risk Board on 3 May 2026.",
        "Approver – the person who signs the change",
        "Approved by:\n\nConfidential",
        "Signed for the Customer:     Signed for the Supplier:\nName: Ann Bell     Name: Bo Carr",
    ] {
        assert_eq!(control(lines)[1], "", "{lines}");
    }
    for lines in [
        "Owner:\n\nPurpose",
        "Risk owner is the CISO.",
        "| Name | Role | Date trained |\n|---|---|---|\n| Bo Carr | Process owner | 3 May 2026 |",
        "| Role | Person | Decides on | Limit |\n|---|---|---|---|\n| Owner | Ann Bell | gates | 500 |\n| Approver | Bo Carr | fences | 900 |",
    ] {
        assert_eq!(control(lines)[0], "", "{lines}");
    }
    for lines in [
        "Approved: R. Kos, 3 March 2026. Supplier Acme is due for review by the end of 2027.",
        "Approved: R. Kos, 3 March 2026\n\n2. Review each supplier every 3 years",
    ] {
        assert_eq!(control(lines)[5], "", "{lines}");
    }
    let lead = "Owner: Beatriz Cantu (stands apart from the yards that she looks at)\nGuard in training: Luis Pena";
    assert_eq!(control(lead)[0], "Beatriz Cantu (stands apart from the yards that she looks at)");
    let dots = facts("# Gates\n\nVersion ........ : 3.0\n\nGates are shut.\n");
    assert_eq!(dots.placeholders.len(), 0);
}

#[test]
fn names_are_told_from_the_words_that_lead_to_them() {
    for (lines, approver) in [
        ("Approval: signed off by the COO (Cy Dorn) on 12 May 2026", "the COO (Cy Dorn)"),
        ("Approved on behalf of the board: Cy Dorn, 12 May 2026", "Cy Dorn"),
        ("Approved electronically by Cy Dorn on 12 May 2026 at 10:14", "Cy Dorn"),
        ("This procedure was approved on 12 May 2026 by the Yards Board.", "the Yards Board"),
        ("Approved: yes (Cy Dorn, 12 May 2026)", "Cy Dorn"),
    ] {
        let found = control(lines);
        assert_eq!([&found[1], &found[3]], [approver, "2026-05-12"], "{lines}");
    }
}

#[test]
fn whole_sentences_tell_of_the_document() {
    let lines = "Procedure owner is the Yard Officer. It was approved by the executive committee in March 2026 and will next be reviewed in March 2027.";
    let expected = ["Yard Officer", "the executive committee", "", "2026-03", "", "2027-03"];
    assert_eq!(control(lines), expected);
    let due =
        "This procedure takes effect on 1 March 2026 and is due for review by the end of 2027.";
    assert_eq!(control(due)[5], "2027-12");
}

#[test]
fn a_review_may_be_due_in_a_quarter_or_a_year() {
    for (lines, due) in [
        ("Next review: Q2 2027", "2027-06"),
        ("Next review: 3rd quarter of 2027", "2027-09"),
        ("Review due in the second quarter of 2027.", "2027-06"),
        ("Next review: 2027", "2027-12"),
        ("Approved: R. Kos, 3 March 2026. Valid for two years.", "2028-03-03"),
        ("Next review: after the summer", ""),
        ("Next review: Q2 2026\nNext check: 1 June 2028", "2026-06"),
    ] {
        assert_eq!(control(lines)[5], due, "{lines}");
    }
}

#[test]
fn tables_to_sign_in_are_read_by_column_and_by_row() {
    let by_column = "| | Prepared by | Reviewed by | Approved by |\n|---|---|---|---|\n| Name | A. Bell | B. Carr | C. Dorn |\n| Date | 2026-01-10 | 2026-01-20 | 2026-02-01 |\n| Signature | | | |";
    let by_row = "| Prepared by | A. Bell | 2026-01-10 |\n|---|---|---|\n| Reviewed by | B. Carr | 2026-01-20 |\n| Approved by | C. Dorn | 2026-02-01 |";
    for lines in [by_column, by_row] {
        let expected = ["A. Bell", "C. Dorn", "", "2026-02-01", "2026-01-20", ""];
        assert_eq!(control(lines), expected, "{lines}");
    }
    let headed = "| Step | Name | Date |\n|---|---|---|\n| Prepared | A. Bell | 2026-01-10 |\n| Approved | C. Dorn | 2026-02-01 |";
    assert_eq!(control(headed), ["A. Bell", "C. Dorn", "", "2026-02-01", "", ""]);
}

#[test]
fn a_first_line_is_the_title_and_numbered_sections_stand_below_it() {
    let text = "Orders for the guard of the north yard\n\n1. Rounds and nights\nGuards walk the fence each hour of the night.\n\n2. Keys\nAnn Bell keeps the keys of all gates in a safe.\n";
    let Extraction::Read(document) = extract(text.as_bytes(), "a.txt", &Limits::default()) else {
        panic!("it is read");
    };
    assert_eq!(value(&document.facts.title), "Orders for the guard of the north yard");
    let headings = document.passages.iter().filter_map(|passage| passage.heading.last());
    assert!(headings.into_iter().any(|heading| heading == "2. Keys"));
}

#[test]
fn a_history_may_say_by_whom_in_one_word_and_when_in_two_numbers() {
    let lines = "| Ver | Date | By |\n|---|---|---|\n| 1.0 | 02/2025 | C. Dunn |\n| 1.1 | 08/2026 | A. Bell |";
    assert_eq!(control(lines), ["A. Bell", "", "1.1", "", "", ""]);
    assert_eq!(value(&facts(&format!("# Guide\n\n{lines}\n")).issued), "2026-08");
    let systems = "| System | Version | Date | Who |\n|---|---|---|---|\n| Ledger | 9.1 | 4 May 2026 | C. Dunn |\n| Gates | 2.0 | 5 May 2026 | A. Bell |";
    assert_eq!(control(systems), [""; 6], "versions of something else");
}

#[test]
fn labels_of_one_meaning_come_in_many_words() {
    for (label, at) in [
        ("Chaired by: Ann Bell", 0),
        ("Chairperson: Ann Bell", 0),
        ("Signed as a correct record by: Ann Bell", 1),
        ("Date endorsed: 3 March 2026", 3),
        ("Endorsed on: 3 March 2026", 3),
        ("Date adopted: 3 March 2026", 3),
        ("Date ratified: 3 March 2026", 3),
        ("To be reviewed not later than: 3 March 2026", 5),
        ("To be re-examined not later than: 3 March 2026", 5),
        ("To be re-examined by: 3 March 2026", 5),
        ("Review not later than: 3 March 2026", 5),
    ] {
        let found = control(label);
        assert!(["Ann Bell", "2026-03-03"].contains(&found[at].as_str()), "{label}: {found:?}");
    }
    for label in ["Operative date", "Date in force", "Held on", "Meeting held on"] {
        let facts = facts(&format!("# Gates\n\n{label}: 3 March 2026\n\nGates are shut.\n"));
        assert_eq!(value(&facts.issued), "2026-03-03", "{label}");
    }
}

#[test]
fn minutes_and_reviews_are_confirmed_in_their_own_words() {
    for (line, who, day) in [
        ("Confirmed as a true record: G. Prosser, 25/09/2026", "G. Prosser", "2026-09-25"),
        (
            "Review signed off: Tamsin Vellacott, CIO, 26 August 2026",
            "Tamsin Vellacott, CIO",
            "2026-08-26",
        ),
    ] {
        let control = control(line);
        assert_eq!([control[1].as_str(), control[3].as_str()], [who, day], "{line}");
    }
    for line in [
        "1. The minutes were approved by the Chair on 3 March 2026.",
        "The minutes of March were approved by the Chair.",
    ] {
        assert_eq!(control(line)[1], "", "{line}: those of last time");
    }
}

#[test]
fn a_version_may_look_like_a_short_date() {
    for version in ["2.4.15", "22.04.26", "3.4.26"] {
        assert_eq!(control(&format!("Version: {version}"))[2], version);
    }
}

#[test]
fn a_procedure_that_asks_for_a_root_cause_is_no_report() {
    let of = |line: &str| facts(&format!("# Gate faults\n\n{line}\n")).kind();
    let kinds = ["A review then finds the root cause.", "Root cause: a worn hinge."].map(of);
    assert_ne!(kinds[0], sufficit_evidence::DocumentKind::Report);
    assert_eq!(kinds[1], sufficit_evidence::DocumentKind::Report);
}

#[test]
fn minutes_say_when_they_were_held_and_who_was_in_the_chair() {
    let facts = facts(
        "# Minutes of the yards board\n\nMeeting held: 13 October 2026\nIn the chair: Ann Bell\nSigned as a correct record: R. Kos\n\nGates were discussed.\n",
    );
    assert_eq!(value(&facts.issued), "2026-10-13");
    assert_eq!(value(&facts.owner), "Ann Bell");
    assert_eq!(value(&facts.approver), "R. Kos");
    assert_eq!(control("Version 2 of the gate policy was put to the board."), [""; 6]);
    for own in
        ["Version 2 of 3 March 2026", "Version 2 of our gate rules, in force since 3 March 2026"]
    {
        assert_eq!(control(own)[2], "2", "{own}");
    }
}

#[test]
fn days_with_a_short_year_are_days_of_this_century() {
    for date in ["14 Mar '26", "14 Mar 26", "14.03.26", "14/03/26", "14.3.26"] {
        let lines = format!("Approved by: R. Kos\nApproved on: {date}\nOwner: Yards");
        assert_eq!(control(&lines), ["Yards", "R. Kos", "", "2026-03-14", "", ""], "{date}");
    }
}

#[test]
fn the_name_of_a_company_above_a_title_is_no_title() {
    use sufficit_evidence::DocumentKind;
    for text in [
        "Acme Freight Ltd\nIncident Procedure\n\nDrivers call the desk.\n",
        "Acme Freight Ltd\n\nIncident Procedure\n\nDrivers call the desk.\n",
        "# Acme Freight Ltd\n\n## Incident Procedure\n\nDrivers call the desk.\n",
        "# Acme Freight Ltd\n\n# Incident Procedure\n\nDrivers call the desk.\n",
        "Acme Freight Ltd.\nYards and gates\nIncident Procedure\n\nDrivers call the desk.\n",
    ] {
        let facts = facts(text);
        assert_eq!(value(&facts.title), "Incident Procedure", "{text}");
        assert_eq!(facts.kind(), DocumentKind::Procedure, "{text}");
    }
    for (text, title) in [
        ("# Night gates\n\n# 1. Policy\n\nGates are shut.\n", "Night gates"),
        ("Night gates\n\nMinutes are kept of each meeting\n\nGates are shut.\n", "Night gates"),
        ("Acme Freight Ltd\nPolicy owner: Ann Bell\n\nGates are shut.\n", "Acme Freight Ltd"),
        ("Acme Freight Ltd\nRecords Office\n12 High Street\n\nGates.\n", "Acme Freight Ltd"),
        ("# Clean gates at Acme Ltd\n\n## Scope\n\n## Gate policy\n", "Clean gates at Acme Ltd"),
        ("# Acme Freight Ltd\n\n## Scope\n\n## Gate policy\n", "Acme Freight Ltd"),
    ] {
        assert_eq!(value(&facts(text).title), title, "{text}");
    }
}

#[test]
fn who_wrote_a_document_has_not_approved_it_by_signing_in_its_table() {
    let table = |approver: &str| {
        format!(
            "## Sign-off\n\n| Role | Name | Signature | Date |\n|---|---|---|---|\n| Author | C. Dunn | C. Dunn | 1 March 2026 |\n| Reviewer | E. Fay | E. Fay | 2 March 2026 |\n| Approver | R. Kos | {approver} |"
        )
    };
    let signed = control(&table("R. Kos | 3 March 2026"));
    assert_eq!([&signed[1], &signed[3]], ["R. Kos", "2026-03-03"]);
    let open = control(&table(" | "));
    assert_eq!([&open[1], &open[3]], ["", ""]);
    let without = control(&table("R. Kos | 3 March 2026").replace("Approver", "Director"));
    assert_eq!(
        [&without[1], &without[3]],
        ["R. Kos", "2026-03-03"],
        "the one who did not prepare it"
    );
}

#[test]
fn what_front_matter_says_can_be_cited() {
    let facts = facts(
        "---\ntitle: Gate code\nowner: Ann Bell\nversion: 2.2\napproved_by: R. Kos\napproved: 2026-05-06\n---\n\n# Gates\n\nGates are shut.\n",
    );
    assert_eq!(value(&facts.owner), "Ann Bell");
    assert_eq!(value(&facts.approver), "R. Kos");
    let cited = facts.approved.and_then(|fact| fact.origin.citation().cloned());
    assert_eq!(cited.map(|cited| cited.quote), Some("approved: 2026-05-06".to_owned()));
}

#[test]
fn a_record_has_the_day_at_its_head() {
    let minutes = facts(
        "# Minutes of the gate board\n\nWednesday 21 October 2026, 13:00, yard\n\nPresent: A. Bell\n",
    );
    assert_eq!(value(&minutes.issued), "2026-10-21");
    let policy = facts("# Gate policy\n\n21 October 2026 is the day of open gates.\n");
    assert!(policy.issued.is_none());
}
