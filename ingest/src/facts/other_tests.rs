//! Approvals, owners and days of other things, which a text does not say of itself.

use super::tests::{facts, value};

#[test]
fn approvals_of_other_things_are_not_the_document_s() {
    for told in [
        "Budget 2026: approved by the Board on 3 May 2026.",
        "Purchase of two lorries: approved by the CFO, 3 May 2026.",
        "Risk 14: accepted by Bo Carr on 3 May 2026.",
        "R-11 Wrong answers. Approved by Ann Bell on 3 May 2026.",
        "Version 2. Owner: Bo Carr. Rejected: Executive Board, 3 May 2026.",
        "Version 2. Owner: Bo Carr. Next Board 3 May 2027.",
        "The previous version was approved by the Board on 3 May 2020.",
        "The new model version was approved by the Change Board on 3 May 2026.",
        "This policy was approved on condition that it is checked by Ann Bell by 3 May 2027.",
        "If this policy was approved by the Board before 3 May 2026, it holds.",
        "This policy was confirmed to be missing by Bo Carr on 3 May 2026.",
        "## Unauthorised access\n\n- Bo Carr, 4 June 2026",
        "## Changes awaiting approval\n\n- Lock, 4 June 2026",
        "## Approval of suppliers\n\n- Bolt Ltd, 4 June 2026",
        "## Signed contracts\n\n- Bolt Ltd, 4 June 2026",
        "## Release 4.2\n\n- Bo Carr, 4 June 2026",
        "Plan approved:\n\nBo Carr\n\nThe next meeting is on 5 June 2026.",
        "| Item | Where | Since | By | Note |\n|---|---|---|---|---|\n| key | yard | 2024 | Bo | old |\n| Approved | Two lorries | 3 May 2026 | | |",
        "Keep your contract. Bo Carr signed it on 3 May 2026.",
    ] {
        let facts = facts(&format!(
            "# Gate policy\n\nGates are shut at ten.\n\nGuards go round.\n\n{told}\n"
        ));
        assert!(facts.approver.is_none(), "{told}: {:?}", facts.approver);
    }
}

#[test]
fn owners_and_days_of_other_things_are_not_the_document_s() {
    for told in [
        "Maintained: weekly",
        "Risk / owner: Bo Carr",
        "Every manager maintains the list of keys.",
        "## 1. Access control\n\n- Use: lorries. Owner: Head of Rail.",
    ] {
        let facts = facts(&format!("# Gate policy\n\nKeeper: Ann Bell\n\n{told}\n"));
        assert_eq!(value(&facts.owner), "Ann Bell", "{told}");
    }
    let policy = |told: &str| facts(&format!("# Gate policy\n\n{told}\n"));
    let upgraded = policy("OpenSSL was upgraded from 1.1.20. See Annex A, 5.1.26.");
    assert!(upgraded.dates.is_empty() && upgraded.issued.is_none(), "{:?}", upgraded.dates);
    let rights = policy("This policy says that access rights are reviewed again by 3 May 2027.");
    assert!(rights.next_review.is_none(), "{:?}", rights.next_review);
}

#[test]
fn a_sure_approval_is_kept() {
    for told in [
        "Approved by: Ann Bell, 3 May 2026 (submitted by Bo Carr)",
        "Approver: Ann Bell (required by law)",
        "Approved by: Ann Bell\nIssued: 3 May 2026\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n\n## Annex: request form\n\nApproval date: ____",
    ] {
        let facts = facts(&format!("# Gate policy\n\n{told}\n"));
        assert!(value(&facts.approver).starts_with("Ann Bell"), "{told}: {:?}", facts.approver);
    }
    for told in ["approved: false", "approver: null"] {
        let facts = facts(&format!("---\ntitle: Gates\n{told}\n---\n\n# Gate policy\n\nShut.\n"));
        assert!(facts.approver.is_none() && facts.approved.is_none(), "{told}");
    }
    let nested = facts(
        "---\ntitle: Gates\nplugin:\n  approved: 2020-01-01\n---\n\n# Gate policy\n\nShut.\n",
    );
    assert!(nested.approved.is_none(), "{:?}", nested.approved);
}

#[test]
fn the_day_beside_who_approved_counts_before_that_of_a_table_of_changes() {
    let facts = facts(
        "# Gate policy\n\nOwner: Ann Bell\nApproved by: Board, 3 May 2026\n\nShut.\n\n## Changes\n\n| Change | Date | What | Approved by |\n|---|---|---|---|\n| 7 | 4 June 2026 | lock | Bo Carr |\n",
    );
    assert_eq!(value(&facts.approver), "Board");
    assert_eq!(value(&facts.approved), "2026-05-03");
}

#[test]
fn what_a_thing_in_a_section_has_is_not_the_document_s() {
    let register = facts(
        "# Gate register\n\nHeld by: Yards, A. Bell.\n\n## 1. North gate\n\n- Use: lorries. Owner: Head of Rail. Version: 4.\n",
    );
    assert_eq!(value(&register.owner), "Yards, A. Bell");
}
