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
