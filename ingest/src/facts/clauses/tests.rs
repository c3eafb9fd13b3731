use super::super::tests::{facts, value};

#[test]
fn a_line_of_clauses_says_all() {
    for text in [
        "# Yard access\n\nISP-9, v4.1. Owner T. Strand (COO). Approved ExCo 19 February 2026. Review February 2027.\n",
        "YA-9 YARD ACCESS - edition 4.1 - in force 02/03/2026 - owner: T. Strand (COO) - approved: ExCo, 19 February 2026 - revision due 02/2027\n\nGates are shut.\n",
        "# Yard access\n\nDoc 9 · v4.1 · owner T. Strand (COO) · approved by ExCo, 19 Feb 2026 · next review Feb 2027\n",
        "# Yard access\n\nRev. 4.1 | Approved: ExCo, 19-feb-2026 | Kept by: T. Strand (COO) | Review: February 2027\n",
        "# Yard access\n\nEd. 4.1. Owner: T. Strand (COO). Approved by ExCo on 19. Februar 2026. Next review: 28. Februar 2027.\n",
        "# Yard access\n\nT. Strand (COO) is owner. Edition 4.1. ExCo approved v4.1 on 19 February 2026. Valid to 28.2.2027.\n",
    ] {
        let facts = facts(text);
        assert_eq!(value(&facts.owner), "T. Strand (COO)", "{text}");
        assert_eq!(value(&facts.approver), "ExCo", "{text}");
        assert_eq!(value(&facts.approved), "2026-02-19", "{text}");
        assert_eq!(value(&facts.version), "4.1", "{text}");
        assert!(value(&facts.next_review).starts_with("2027-02"), "{text}");
    }
}

#[test]
fn a_revision_may_be_a_letter() {
    let facts = facts("# Crane permit\n\nRev. C, effective 3 March 2026. Owner: A. Bell.\n");
    assert_eq!(value(&facts.version), "C");
    assert_eq!(value(&facts.issued), "2026-03-03");
}

#[test]
fn words_that_approve_nothing_give_no_approval() {
    for text in [
        "# Buying\n\nApproved suppliers only, as of 3 March 2026. Signed contracts are kept.\n",
        "# Buying\n\nApproved: pending, expected 3 March 2026. Owner: A. Bell.\n",
        "# Buying\n\nRequests not approved by 3 March 2026 lapse, owner approval takes a week.\n",
        "# Buying\n\nReleased 3 March 2026, version 2 of the app. Accepted risks are listed.\n",
        "# Buying\n\nApproved by: ____ Date: ____\n",
        "# Buying\n\nWe held it against the programme 2026, approved by the Board on 3 March 2026.\n",
        "# Buying\n\nOur audit looked at the rules that lie at the gate of the yard, and the rules were\napproved by the Board on 3 March 2026.\n",
        "# Buying\n\n- gate: {by: Ann Bell, signed: 2026-03-03}\n",
        "# Buying\n\nA request is approved, then signed by the buyer, before 3 March 2026.\n",
    ] {
        let facts = facts(text);
        assert!(facts.approver.is_none(), "{text}: {:?}", facts.approver);
    }
}

#[test]
fn sentences_name_the_owner() {
    for text in [
        "# Rota\n\nThis page is owned by Ann Bell, Planning.\n",
        "# Rota\n\nAnn Bell, Planning, answers for this list.\n",
    ] {
        assert!(value(&facts(text).owner).starts_with("Ann Bell, Planning"), "{text}");
    }
}

#[test]
fn who_approves_is_told_in_many_words() {
    for (text, who, day) in [
        (
            "# Yard access\n\nOwner: A. Bell. Approved by A. Bell and managing director C. Ruddy, 11 March 2026. Issue 5.\n",
            "A. Bell and managing director C. Ruddy",
            "2026-03-11",
        ),
        (
            "# Yard access\n\nVersion 7 of 9 March 2026, agreed by Ann Bell (head of yards) 11 March 2026, again by March 2027.\n",
            "Ann Bell (head of yards)",
            "2026-03-11",
        ),
        (
            "# Yard list\n\nHeld by: Yards, C. Ruddy. Reviewed and accepted by COO A. Bell, 11 March 2026.\n",
            "COO A. Bell",
            "2026-03-11",
        ),
        (
            "# Yard promises\n\nAdopted with the yearly plan by the board on 11 March 2026 (item 9), edition 2026-1.\n",
            "the board",
            "2026-03-11",
        ),
        (
            "# Yard access\n\n**v3.2.** Owner: COO A. Bell. Board of Directors 11.03.2026, in force 01.04.2026, review March 2027.\n",
            "Board of Directors",
            "2026-03-11",
        ),
        (
            "# Yard code\n\n`book/yards.md`, edition 9, merged 2026-03-11 (approver: Ann Bell, head of yards; author: C. Ruddy).\n",
            "Ann Bell, head of yards",
            "",
        ),
        (
            "# Yard report\n\nGates were looked at.\n\nAgreed: A. Bell, director, 2026-03-11\n",
            "A. Bell, director",
            "2026-03-11",
        ),
    ] {
        let facts = facts(text);
        assert_eq!(value(&facts.approver), who, "{text}");
        assert_eq!(value(&facts.approved), day, "{text}");
    }
    let signed = facts(
        "# Yard annex\n\nContract owner: Yards, C. Ruddy.\n\nSigned at Porto, 11 March 2026: A. Bell, director.\n",
    );
    assert_eq!(value(&signed.approved), "2026-03-11");
    assert_eq!(value(&signed.owner), "Yards, C. Ruddy");
}

#[test]
fn what_is_agreed_on_something_else_approves_nothing() {
    for text in [
        "# Gate changes\n\nOwner: A. Bell.\n\nOne.\n\n- Agreed: gate board 9 March 2026 (Bell, Ruddy). Guards told.\n",
        "# Gate talks\n\nMinutes.\n\nAgreed: we pause the gate on 9 March 2026.\n",
    ] {
        let facts = facts(text);
        assert!(
            facts.approver.is_none() && facts.approved.is_none(),
            "{text}: {:?}",
            facts.approver
        );
    }
}

#[test]
fn a_review_by_somebody_is_not_one_that_is_due() {
    let facts = facts(
        "# Yard access\n\nEdition 3 | Owner: A. Bell | Approved: Board, 29 January 2026 | To be revised by: 31 January 2027\n\nGates are shut.\n\n## Review by the Board, 30 October 2026\n\nAll shut.\n",
    );
    assert_eq!(value(&facts.next_review), "2027-01-31");
}

#[test]
fn a_row_above_a_table_may_say_all() {
    let read = crate::extract(
        b"Duties in the yard;Bell Ltd;edition 2026-2;decided by CIO Ann Bell 2026-04-02;next look 2027-04\nTask;CIO;Guard\nlocks;A;R\nkeys;A;R\n",
        "a.csv",
        &crate::Limits::default(),
    );
    let crate::Extraction::Read(document) = read else { panic!("read") };
    assert_eq!(value(&document.facts.approver), "CIO Ann Bell");
    assert_eq!(value(&document.facts.version), "2026-2");
}
