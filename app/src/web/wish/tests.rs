use super::*;
use sufficit_evidence::{RequirementRef, Sufficiency};

fn decision(number: u64, action: Action) -> Decision {
    let requirement = RequirementRef { framework: "f".into(), requirement: "1".into() };
    Decision {
        number,
        at: "2026-11-20T10:00:00Z".to_owned(),
        by: "Ada".to_owned(),
        subject: Subject::Requirement { requirement },
        seen: Seen::default(),
        action,
        why: "For a reason.".to_owned(),
    }
}

#[test]
fn an_undo_takes_back_what_held_on_the_page_that_was_before_the_person() {
    let history = vec![
        decision(2, Action::Accept),
        decision(5, Action::Override { sufficiency: Sufficiency::PARTIAL }),
        decision(7, Action::Comment),
        decision(9, Action::Undo { number: 5 }),
    ];
    let now = standing(&history);
    let undone = |expect| held_at(&now, expect).map(|held| held.number);
    assert_eq!(undone(0), None);
    assert_eq!(undone(2), Some(2));
    assert_eq!(undone(5), Some(5));
    assert_eq!(undone(7), Some(5), "sent again, it names the same");
    assert_eq!(undone(9), Some(2));
}
