use crate::{Extraction, Limits, extract};
use sufficit_evidence::{DocumentKind, DocumentStatus, Facts, Origin};

fn facts(text: &str) -> Facts {
    match extract(text.as_bytes(), "a.md", &Limits::default()) {
        Extraction::Read(document) => document.facts,
        _ => Facts::default(),
    }
}

fn value<T: ToString>(fact: &Option<sufficit_evidence::Fact<T>>) -> String {
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
