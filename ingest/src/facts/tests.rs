use crate::{Extraction, Limits, extract};
use sufficit_evidence::{DocumentKind, DocumentStatus, Facts, Origin};

pub(super) fn facts(text: &str) -> Facts {
    match extract(text.as_bytes(), "a.md", &Limits::default()) {
        Extraction::Read(document) => document.facts,
        _ => Facts::default(),
    }
}

pub(super) fn value<T: ToString>(fact: &Option<sufficit_evidence::Fact<T>>) -> String {
    fact.as_ref().map(|fact| fact.value.to_string()).unwrap_or_default()
}

#[test]
fn labelled_lines_tables_and_statements_say_the_same() {
    let forms = [
        "# Cold Store Policy\n\nOwner: Ann Bell | Version: 2.1 | Status: Approved\nApproved by: the Board\nDate: 12 March 2026\nNext review: 12/03/2027, then by 26/03/2028\n",
        "# Cold Store Policy\n\n| Field | Value |\n|---|---|\n| Owner | Ann Bell |\n| Version | 2.1 |\n| Status | Approved, in force |\n| Approved by | the Board, 12 March 2026 |\n| Next review | 2027-03-12 |\n",
        "# Cold Store Policy\n\n| Owner | Version | Status | Approved by | Approval date | Review date |\n|---|---|---|---|---|---|\n| Ann Bell | 2.1 | Final | the Board | 2026-03-12 | 2027-03-12 |\n",
    ];
    for text in forms {
        let facts = facts(text);
        assert_eq!(value(&facts.title), "Cold Store Policy", "{text}");
        assert_eq!(value(&facts.owner), "Ann Bell", "{text}");
        assert_eq!(value(&facts.version), "2.1", "{text}");
        assert_eq!(value(&facts.approver), "the Board", "{text}");
        assert_eq!(
            facts.status.as_ref().map(|fact| fact.value),
            Some(DocumentStatus::Approved),
            "{text}"
        );
        assert_eq!(value(&facts.approved), "2026-03-12", "{text}");
        assert_eq!(value(&facts.next_review), "2027-03-12", "{text}");
        assert_eq!(facts.kind(), DocumentKind::Policy, "{text}");
        assert!(facts.placeholders.is_empty(), "{text}: {:?}", facts.placeholders);
    }
}

#[test]
fn a_wrapped_line_goes_on_and_a_label_may_be_wrapped_too() {
    let facts = facts(
        "# Rota rules\n\nOwner: Ann Bell, Head of Planning. Approved by: Colm Ruddy, 9 January 2026. Next\nreview: 9 January 2027. Version:\n3.0.\n",
    );
    assert_eq!(value(&facts.owner), "Ann Bell, Head of Planning");
    assert_eq!(value(&facts.approver), "Colm Ruddy");
    assert_eq!(value(&facts.next_review), "2027-01-09");
}

#[test]
fn the_latest_row_of_a_history_speaks_for_the_document() {
    let facts = facts(
        "# Guide\n\n| Version | Date | Author | Change |\n|---|---|---|---|\n| 1.1 | 3 May 2025 | A. Bell | gates |\n| 1.0 | 1 Feb 2025 | C. Dunn | first |\n",
    );
    assert_eq!(value(&facts.version), "1.1");
    assert_eq!(value(&facts.issued), "2025-05-03");
    assert_eq!(value(&facts.owner), "A. Bell");
}

#[test]
fn blanks_are_placeholders_and_make_a_template_only_in_number() {
    let blank = facts(
        "# Supplier check\n\nOwner: ____\nApproved by: [Name]\nDate: <date>\nVersion: TBD\nSupplier: ____\n\nThe supplier [Company name] was checked.\n",
    );
    assert_eq!(blank.kind(), DocumentKind::Template);
    assert!(blank.owner.is_none() && blank.approver.is_none() && blank.version.is_none());
    assert!(matches!(blank.kind.map(|kind| kind.origin), Some(Origin::Inferred(_))));
    let filled = facts(
        "# Supplier assessment\n\nOwner: Ann Bell\nApproved by: Colm Ruddy\nDate: 2026-05-01\nSupplier: Parlour Ltd\nResult: pass\nNext review: TBD\n",
    );
    assert_eq!(filled.kind(), DocumentKind::Assessment);
    assert_eq!(filled.placeholders.len(), 1);
}

#[test]
fn duties_and_lists_of_others_are_no_facts() {
    let facts = facts(
        "# Change procedure\n\nEach change must be approved by the CISO on 1 May 2026 or later. It is approved by the board.\n\n| Risk | Owner | Status |\n|---|---|---|\n| theft | Ann | Approved |\n| fire | Bob | Draft |\n",
    );
    assert!(
        facts.approver.is_none()
            && facts.approved.is_none()
            && facts.owner.is_none()
            && facts.status.is_none()
    );
    assert_eq!(facts.dates.len(), 1);
}

#[test]
fn a_line_of_several_sentences_says_who_when_and_which() {
    let facts = facts(
        "# Scope of our systems\n\nMS-SCO-01, version 3. Owner: Ann Bell. Approved by Colm Ruddy on 15 January 2026. Next review: January 2027.\n",
    );
    assert_eq!(value(&facts.version), "3");
    assert_eq!(value(&facts.owner), "Ann Bell");
    assert_eq!(value(&facts.approver), "Colm Ruddy");
    assert_eq!(value(&facts.approved), "2026-01-15");
    assert_eq!(value(&facts.next_review), "2027-01");
}

#[test]
fn a_label_of_two_kinds_gives_both() {
    for text in [
        "# Access standard\n\n| Field | Value |\n|---|---|\n| Approved by | Colm Ruddy, CIO |\n| Version / date | 4.1 / 7 May 2026 |\n",
        "# Access standard\n\nApproved by: Colm Ruddy, CIO\nVersion and date: 4.1, 7 May 2026\n",
        "# Access standard\n\nApproved by: Colm Ruddy, CIO\nDate / version: 2026-05-07 / v4.1\n",
    ] {
        let facts = facts(text);
        assert_eq!(value(&facts.version), "4.1", "{text}");
        let date =
            facts.issued.as_ref().or(facts.approved.as_ref()).map(|fact| fact.value.to_string());
        assert_eq!(date.as_deref(), Some("2026-05-07"), "{text}");
        assert_eq!(value(&facts.approver), "Colm Ruddy, CIO", "{text}");
    }
}

#[test]
fn who_signs_last_in_a_table_of_decisions_approves() {
    let facts = facts(
        "# Validation report\n\n## Sign-off\n\n| Role | Name | Decision | Signed | Date |\n|---|---|---|---|---|\n| Validator | Gus Dunn | Pass | signed, G. Dunn | 9 June 2026 |\n| Board | Ann Bell | Use may start | signed, A. Bell | 12 June 2026 |\n| Union | Colm Ruddy | Rejected | signed, C. Ruddy | 13 June 2026 |\n",
    );
    assert_eq!(value(&facts.approver), "Ann Bell");
    assert_eq!(value(&facts.approved), "2026-06-12");
}

#[test]
fn a_signed_line_names_who_and_when() {
    for text in [
        "# Access review\n\nDone.\n\nCompleted and signed off: Ann Bell, CISO, 9 October 2026. Next: January 2027.\n",
        "# Restore test record\n\nDone.\n\nSigned  Ann Bell, CISO  9 October 2026\n",
        "# Supplier assessment\n\nDone.\n\nApproved. Ann Bell, CISO, 9 October 2026. Agreed: C. Dunn, 10 October 2026.\n",
        "# Review minutes\n\nDone.\n\nApproved by the chair: Ann Bell, CISO, 9 October 2026.\n",
    ] {
        let facts = facts(text);
        assert_eq!(value(&facts.approver), "Ann Bell, CISO", "{text}");
        assert_eq!(value(&facts.approved), "2026-10-09", "{text}");
    }
}

#[test]
fn a_version_is_dated_unless_it_is_another_s() {
    let dated = facts("# Guide\n\nGUI-02, issue 2 of 27 January 2026.\n");
    assert_eq!(value(&dated.version), "2");
    assert_eq!(value(&dated.issued), "2026-01-27");
    let another = facts("# Guide\n\nReplaces version 4.3 of 1 May 2024.\n");
    assert!(another.issued.is_none() && another.version.is_none());
}

#[test]
fn a_status_may_carry_version_and_signature() {
    let facts = facts(
        "# Impact assessment\n\n| Field | Value |\n|---|---|\n| Owner | Ann Bell |\n| Status | Final, version 1.0, signed 19 May 2026 |\n",
    );
    assert_eq!(value(&facts.version), "1.0");
    assert_eq!(value(&facts.approved), "2026-05-19");
}

#[test]
fn every_mention_of_a_date_is_kept_in_order() {
    let text = "# Log\n\nApproved by: Ann Bell\nApproved on: 2026-03-12\n\n- 2026-04-01: drill\n- 2026-03-12: drill\n- 2026-04-01: drill\n";
    let found = facts(text);
    assert_eq!(value(&found.approved), "2026-03-12");
    let days: Vec<String> = found.dates.iter().map(|fact| fact.value.to_string()).collect();
    assert_eq!(days, ["2026-03-12", "2026-04-01", "2026-03-12", "2026-04-01"]);
    assert_eq!(facts(&format!("# Log\n\n{}", "On 1 May 2026.\n".repeat(9_000))).dates.len(), 2000);
}

#[test]
fn a_citation_names_the_headings_above_it() {
    let found = facts("# A\n\n## B\n\n### C\n\n## D\n\nOn 1 May 2026.\n\n# E\n\nOn 2 May 2026.\n");
    let paths: Vec<String> = found
        .dates
        .iter()
        .map(|fact| match &fact.origin {
            Origin::Citation(citation) => citation.heading.join("/"),
            _ => String::new(),
        })
        .collect();
    assert_eq!(paths, ["A/D", "E"]);
}

#[test]
fn many_blank_fields_and_blanks_are_told_apart() {
    let text = format!("# Approval\n\n{}Owner:\nOwner: TBD\n", "Owner: ____\n".repeat(20_000));
    let found = facts(&text);
    assert_eq!(found.placeholders.len(), 200);
    let few = facts("# Approval\n\nOwner: ____\nVersion:\nApproved by: TBD\n");
    let quotes: Vec<&str> = few.placeholders.iter().map(|blank| blank.quote.as_str()).collect();
    assert_eq!(quotes, ["____", "Version:", "TBD"]);
}

#[test]
fn properties_come_clean_and_short() {
    let text = format!(
        "---\ntitle: \"Ac\u{1b}[31mcess\u{202e} rules\"\nowner: {}\n---\nSome text goes here.\n",
        "long ".repeat(500)
    );
    let found = facts(&text);
    assert_eq!(value(&found.title), "Ac[31mcess rules");
    assert!(value(&found.owner).chars().count() <= 300);
}

#[test]
fn what_is_said_of_other_documents_is_no_fact() {
    let facts = facts(
        "# Supplier assessment\n\n| Field | Value |\n|---|---|\n| Read | Their card, edition 5, 2 May 2026 |\n\nWe read their certificate; their model card, edition 5; the test.\n\nThe audit looked at the rules. The AI policy was approved by the Board on 22 January 2026.\n",
    );
    assert!(facts.version.is_none() && facts.issued.is_none() && facts.approved.is_none());
}

#[test]
fn a_workbook_with_a_blank_sheet_is_a_template_only_if_it_says_so() {
    let workbook = |about: &str| {
        let filled = "| R-1 | theft of a van | Ann Bell | locks and a guard | open |\n".repeat(60);
        let blank =
            "| R-X | [what could happen] | [Name of owner] | [control name] | [Date] |\n".repeat(9);
        let head = "| Risk | What | Owner | Control | State |\n|---|---|---|---|---|\n";
        facts(&format!(
            "# Read me\n\n{about}\n\n# Risks\n\n{head}{filled}\n# Blank\n\n{head}{blank}"
        ))
    };
    assert_eq!(workbook("Audit template, item 2.").kind(), DocumentKind::Template);
    assert_ne!(workbook("Risks of the depot.").kind(), DocumentKind::Template);
}

#[test]
fn versions_of_several_things_are_no_history() {
    let rows = |first: &str, second: &str| {
        format!(
            "# Crane rules\n\n| Part | Ver | Modified |\n|---|---|---|\n| {first} | 4 | 2026-05-03 |\n| {second} | 2 | 2025-05-03 |\n"
        )
    };
    assert_eq!(value(&facts(&rows("Hook", "Chain")).version), "");
    assert_eq!(value(&facts(&rows("CR-1", "CR-1")).version), "4");
    let stages = "# Crane rules\n\n| Stage | Version | Date | Approved by |\n|---|---|---|---|\n| Draft | 0.9 | 2026-04-03 | |\n| Final | 1.0 | 2026-05-03 | Ann Bell |\n";
    assert_eq!(value(&facts(stages).version), "1.0");
}

#[test]
fn who_released_in_a_history_or_sat_on_a_day_approves() {
    let history = facts(
        "# Crane log\n\n| Rev. | Date | Change | Prepared | Released |\n|---|---|---|---|---|\n| B | 3 May 2026 | new hook | Dunn | Bell |\n| A | 1 May 2025 | first | Dunn | Ruddy |\n",
    );
    assert_eq!(value(&history.approver), "Bell");
    assert_eq!(value(&history.version), "B");
    let cell = facts(
        "# Crane rules\n\n| Field | Value |\n|---|---|\n| Approved | Yard Board, sitting of 3 May 2026, item 4 |\n",
    );
    assert_eq!(value(&cell.approver), "Yard Board");
    assert_eq!(value(&cell.approved), "2026-05-03");
}

#[test]
fn systems_are_named_by_labels_and_titles_and_not_by_the_way() {
    let named = |text: &str| -> Vec<String> {
        facts(text).systems.into_iter().map(|fact| fact.value).collect()
    };
    assert_eq!(
        named("# Validation\n\nAI system: Lodestone 3.2. Owner: Ann Bell.\n"),
        ["Lodestone"]
    );
    assert_eq!(
        named(
            "# Model card: Lodestone\n\n| Model name | Lodestone 3 |\n|---|---|\n| Owner | Ann |\n"
        ),
        ["Lodestone 3"]
    );
    assert_eq!(
        named("# AI change ticket\n\nSystem: AI-004 Payroll Forecast\n"),
        ["Payroll Forecast"]
    );
    for none in [
        "# Restore test\n\nSystem: Payroll\n",
        "# AI register\n\n| AI system | Owner |\n|---|---|\n| Lodestone | Ann Bell |\n",
        "# AI policy\n\nAI system: Software that infers.\n\nLodestone is an AI system: it forecasts.\n",
        "# AI impact assessment\n\nAI system: [name]\n\nModel: TBD\n",
    ] {
        assert!(named(none).is_empty(), "{none}: {:?}", named(none));
    }
}

#[test]
fn who_is_in_charge_and_who_decided_are_read_in_many_words() {
    for (text, owner, approver, version) in [
        (
            "# Gate plan\n\nYard Nord KF · version 4.0 · decided by the board on 24 February 2026 (case 11/26) · in charge: yard manager Inga Lund · next look February 2027\n\nGates are shut.\n",
            "yard manager Inga Lund",
            "the board",
            "4.0",
        ),
        (
            "# YA-02 Gates\n\n| Issue | 6 | Written | K. Orme (yard office) | 12.03.2026 | |\n|---|---|---|---|---|---|\n| Checked | Dr. H. Sayer (legal) | 19.03.2026 | Released | M. Brand (managing partner) | 23.03.2026 |\n| Valid for | all yards | | Next check | 03/2028 | |\n\nGates are shut.\n",
            "K. Orme (yard office)",
            "M. Brand (managing partner)",
            "6",
        ),
        (
            "# Směrnice 17: gates\n\n| Issue | Valid from | Prepared | Approved | Revision by |\n|---|---|---|---|---|\n| 3 | 1. 3. 2026 | Bc. T. Horák, yard architect | Ing. R. Kos, director, 24. 2. 2026 | 28. 2. 2027 |\n\nGates are shut.\n",
            "Bc. T. Horák, yard architect",
            "Ing. R. Kos, director",
            "3",
        ),
        (
            "# Gates\n\n**Person in charge:** Dipl.-Ing. Wibke Ohl. **Released:** Yard director Dr. Thom, 12.01.2026, version 2. **Next look:** January 2027.\n\nGates are shut.\n",
            "Dipl.-Ing. Wibke Ohl",
            "Yard director Dr. Thom",
            "2",
        ),
    ] {
        let facts = facts(text);
        assert_eq!(value(&facts.owner), owner, "{text}");
        assert_eq!(value(&facts.approver), approver, "{text}");
        assert_eq!(value(&facts.version), version, "{text}");
        assert!(value(&facts.approved).starts_with("2026-") || facts.issued.is_some(), "{text}");
    }
}

#[test]
fn who_is_meant_by_this_document_stands_in_running_text() {
    let facts = facts(
        "# Gate policy\n\nGates are shut.\n\n## Review\n\nThe Head of Yards owns this text and reads it every May. This policy was approved by the managing director on 3 May 2026.\n",
    );
    assert_eq!(value(&facts.owner), "The Head of Yards");
    assert_eq!(value(&facts.approver), "the managing director");
    assert_eq!(value(&facts.approved), "2026-05-03");
}

#[test]
fn an_approval_that_is_withheld_is_none() {
    for text in [
        "# Gate policy\n\n| Field | Value |\n|---|---|\n| Version | 0.9 |\n| Approver | Yard Board (scheduled, not yet heard) |\n| Approval date | 3 May 2026 |\n",
        "# Gate policy\n\nVersion: 0.9\nApprover: (open)\n",
        "# Gate policy\n\nApproved by: awaiting the Yard Board, 3 May 2026\n",
        "# Gate policy\n\n## Approval\n\n| Role | Name | Signature | Date |\n|---|---|---|---|\n| Approver | Ann Bell | | |\n",
        "# Gate notice\n\n| Issued by | Press desk |\n|---|---|\n| Date | 3 May 2026 |\n",
        "# Minutes\n\nDecided: Pause the gate until the test is done.\n\nAccepted: Risk R-14\n",
        "# Minutes\n\nRead and approved the minutes of the yard meeting of 12 January 2026.\n",
        "# Gate policy\n\nApproved by: The Board has not yet approved this policy.\nVersion: 2\n",
        "# Gate policy\n\n| Approved on | |\n|---|---|\n| Approval | outstanding |\n",
        "# Gate policy\n\nSigned: refused\n",
        "# Gate policy\n\n## Approval\n\n| Role | Name | Signature |\n|---|---|---|\n| Approver | Ann Bell | |\n",
        "# Minutes\n\nDecided: pause the gate until the test is done, 3 May 2026.\n",
        "# Gate notice\n\nIssued by: Press desk\nDate: 3 May 2026\n",
        "# Orders\n\nApproved by the line manager, the order goes to the yard.\n",
        "# Suppliers\n\nThis supplier was approved by the board.\n",
        "# Suppliers\n\nThis supplier has been approved by the purchasing department.\n",
    ] {
        let facts = facts(text);
        assert!(facts.approver.is_none(), "{text}: {:?}", facts.approver);
        assert!(facts.approved.is_none(), "{text}: {:?}", facts.approved);
    }
}

#[test]
fn what_is_open_beside_an_approval_withholds_it_not() {
    for (text, approver) in [
        (
            "# Gate policy\n\nApproved by: Ann Bell, CEO, 3 May 2026. The annex on yards is not yet part of it.\n",
            "Ann Bell, CEO",
        ),
        (
            "# Gate policy\n\n| Approved by | Ann Bell, Open Yards Officer, 3 May 2026 |\n|---|---|\n| Version | 2 |\n",
            "Ann Bell, Open Yards Officer",
        ),
        (
            "# Gate procedure\n\n| Approved by | CIO, 3 May 2026 |\n|---|---|\n| Version | 2 |\n\n| Step | What |\n|---|---|\n| Approval | Changes not signed by the yard are sent back |\n",
            "CIO",
        ),
        (
            "# Gate policy\n\nIn line with the Gate Act, this policy was approved by the Board on 3 May 2026.\n",
            "the Board",
        ),
        (
            "# Gate policy\n\nPursuant to Article 4, this policy was adopted by the Board on 3 May 2026.\n",
            "the Board",
        ),
        (
            "# Gate policy\n\nOwner: Nordyard GmbH. Approved by: the Board, 3 May 2026\n",
            "the Board",
        ),
    ] {
        let facts = facts(text);
        assert_eq!(value(&facts.approver), approver, "{text}");
        assert_eq!(value(&facts.approved), "2026-05-03", "{text}");
    }
}

#[test]
fn what_follows_a_day_of_approval_is_not_always_a_name() {
    for text in [
        "# Gate policy\n\nApproved 12 February 2026. Confidential.\n",
        "# Gate policy\n\nApproved 12 February 2026. Internal Use Only\n",
        "# Gate policy\n\nRead and approved 12 February 2026. Confidential.\n",
        "# Gate policy\n\nApproved 12 February 2026. Replaces GP-7\n",
    ] {
        let facts = facts(text);
        assert!(facts.approver.is_none(), "{text}: {:?}", facts.approver);
        assert_eq!(value(&facts.approved), "2026-02-12", "{text}");
    }
}

#[test]
fn a_companys_form_ends_a_sentence() {
    for form in ["GmbH", "Ltd", "Kft", "Pty"] {
        let facts = facts(&format!(
            "# Gate policy\n\nOwner: Nordyard {form}. This policy applies to all yards.\n"
        ));
        assert_eq!(value(&facts.owner), format!("Nordyard {form}"));
    }
}

#[test]
fn who_is_in_charge_of_a_step_owns_no_document() {
    for text in [
        "# Runbook\n\nPerson in charge: Ann Bell\nOpen the gate.\n",
        "# Release log\n\nFilled in by the system owner before each release.\n\nLast changed: Section 4, 3 May 2026\n",
        "# Runbook\n\n| Step | Open the gate |\n|---|---|\n| Person in charge | Ann Bell |\n| Lead | R. Kos |\n",
    ] {
        assert!(facts(text).owner.is_none(), "{text}: {:?}", facts(text).owner);
    }
}

#[test]
fn who_approves_an_exception_approves_no_document() {
    let facts = facts(
        "# Gate policy\n\nThis exception to the policy was approved by the line manager on 3 May 2026.\n",
    );
    assert!(facts.approver.is_none(), "{:?}", facts.approver);
}

#[test]
fn minutes_are_approved_wherever_that_line_stands() {
    let talk = "We talked of gates.\n\n".repeat(60);
    let facts = facts(&format!(
        "# Minutes\n\n{talk}Minutes approved by D. Lund 9 November 2026.\n\n{talk}"
    ));
    assert_eq!(value(&facts.approver), "D. Lund");
    assert_eq!(value(&facts.approved), "2026-11-09");
}

#[test]
fn a_ticket_has_no_version_and_who_revises_is_no_day_of_review() {
    let ticket = facts(
        "# Gate stuck\n\n| Issue | 14 | Owner | A. Bell | Status | closed |\n|---|---|---|---|---|---|\n| Opened | 3 May | By | R. Kos | Room | 4 |\n",
    );
    assert!(ticket.version.is_none(), "{:?}", ticket.version);
    let revised = facts(
        "# Gate policy\n\nRevision by: A. Bell, 3 May 2026\nNext update: 12 May 2026, 10:00\n",
    );
    assert!(revised.next_review.is_none(), "{:?}", revised.next_review);
}

#[test]
fn a_law_is_no_document_whose_approval_is_told() {
    for text in [
        "# Gate assessment\n\nGap assessment against ISO/IEC 42001, version 1.2, approved by A. Bell on 3 May 2026.\n",
        "# Gate policy\n\nPolicy under the EU Gate Act, version 1.2, approved by A. Bell on 3 May 2026.\n",
    ] {
        let facts = facts(text);
        assert_eq!(value(&facts.approved), "2026-05-03", "{text}");
    }
}

#[test]
fn version_and_approval_of_a_document_referred_to_are_not_borrowed() {
    for text in [
        "# Supplier file 4\n\nOpened under the Buying Standard (BS-2, version 2.0, approved by the Chief Buyer on 15 December 2025, review due December 2026). File owner: Dana Oak.\n\nWe buy gates.\n",
        "# Gate file 3\n\nKept under *Plan for gates*, edition 3, approved by the board on 20 January 2026, to be renewed by 20 January 2027. File owner: Dana Oak.\n\nKept.\n",
        "# Gate check 2\n\nSheet FV-2. Rules behind it: \"Keeping gates\", edition 3, approved by the Chief Buyer on 20 January 2026, to be renewed by 20 January 2027. File owner: Dana Oak.\n\nChecked.\n",
    ] {
        let facts = facts(text);
        assert_eq!(value(&facts.owner), "Dana Oak", "{text}");
        assert!(facts.version.is_none(), "{text}: {:?}", facts.version);
        assert!(facts.approver.is_none() && facts.approved.is_none(), "{text}: {facts:?}");
        assert!(facts.next_review.is_none(), "{text}: {:?}", facts.next_review);
    }
}

#[test]
fn who_signs_below_the_day_of_approval_approves() {
    let facts = facts("# Minutes\n\nWe met.\n\nRead and approved 20 October 2026. E. Vall\n");
    assert_eq!(value(&facts.approver), "E. Vall");
    assert_eq!(value(&facts.approved), "2026-10-20");
}
