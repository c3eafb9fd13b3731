use super::*;
use jiff::civil::date;

fn source() -> SourceRef {
    SourceRef { root: "/evidence".to_owned(), path: "a.zip!/policy.md".to_owned() }
}

fn name() -> RequirementRef {
    RequirementRef { framework: "iso42001".into(), requirement: "A.2.2".into() }
}

fn subjects() -> [Subject; 3] {
    [
        Subject::Match { source: source(), requirement: name() },
        Subject::Requirement { requirement: name() },
        Subject::Document { source: source() },
    ]
}

fn add(passage: Span) -> Action {
    Action::Add { sufficiency: Sufficiency::PARTIAL, passage, page: Some(3) }
}

fn actions() -> [Action; 9] {
    [
        Action::Accept,
        Action::Override { sufficiency: Sufficiency::DEFINED },
        Action::Reject,
        add(Span::new(4, 90)),
        Action::NotApplicable,
        Action::Undo { number: 3 },
        Action::Assign { to: Some("ada".to_owned()), due: Some(date(2026, 12, 1)) },
        Action::Comment,
        Action::Correct { field: FactField::NextReview, value: Some("2027-01-31".to_owned()) },
    ]
}

#[test]
fn every_decision_comes_out_of_its_json_as_it_went_in() {
    for subject in subjects() {
        for action in actions() {
            let decision = Decision {
                number: 7,
                at: "2026-11-20T10:00:00Z".to_owned(),
                by: "ada".to_owned(),
                subject: subject.clone(),
                seen: Seen {
                    document: Some(DocumentId::new("0".repeat(64))),
                    run: Some("run-2".into()),
                    sufficiency: Some(Sufficiency::MENTIONED),
                    rationale: None,
                },
                action,
                why: "It is the policy of another company.".to_owned(),
            };
            let json = serde_json::to_string(&decision).expect("has a JSON form");
            let read: Decision = serde_json::from_str(&json).expect("is what was written");
            assert_eq!(read, decision, "{json}");
        }
    }
}

#[test]
fn each_action_is_for_its_own_subjects() {
    let [of_match, of_requirement, of_document] = subjects();
    let fits = |subject: &Subject| -> Vec<String> {
        let fitting =
            actions().into_iter().filter(|act| decision_fault(subject, act, "So.").is_none());
        fitting.map(|action| action.name().to_owned()).collect()
    };
    assert_eq!(
        fits(&of_match),
        ["accepted", "overridden", "rejected", "added", "taken back", "assigned", "commented"]
    );
    assert_eq!(
        fits(&of_requirement),
        ["accepted", "overridden", "not applicable", "taken back", "assigned", "commented"]
    );
    assert_eq!(fits(&of_document), ["assigned", "commented", "corrected"]);
}

#[test]
fn what_goes_against_a_proposal_needs_a_reason() {
    let [of_match, of_requirement, _] = subjects();
    let needs =
        |subject: &Subject, action: &Action| decision_fault(subject, action, " \n").is_some();
    for action in [Action::Override { sufficiency: Sufficiency::NONE }, Action::Reject] {
        assert!(needs(&of_match, &action), "{action:?}");
    }
    assert!(needs(&of_match, &Action::Comment));
    assert!(needs(&of_requirement, &Action::NotApplicable));
    assert!(!needs(&of_match, &Action::Accept));
    assert!(!needs(&of_match, &Action::Undo { number: 1 }));
    assert!(decision_fault(&of_match, &add(Span::new(4, 4)), "It does.").is_some());
}

#[test]
fn a_verdict_gives_the_sufficiency_that_it_names() {
    let given = |action: Action| {
        let seen = Seen { sufficiency: Some(Sufficiency::CONTROLLED), ..Seen::default() };
        let [subject, ..] = subjects();
        let (at, by, why) = (String::new(), String::new(), String::new());
        Decision { number: 1, at, by, subject, seen, action, why }.sufficiency()
    };
    assert_eq!(given(Action::Accept), Some(Sufficiency::CONTROLLED));
    assert_eq!(
        given(Action::Override { sufficiency: Sufficiency::PARTIAL }),
        Some(Sufficiency::PARTIAL)
    );
    assert_eq!(given(Action::Reject), Some(Sufficiency::NONE));
    assert_eq!(given(add(Span::new(0, 9))), Some(Sufficiency::PARTIAL));
    assert_eq!(given(Action::NotApplicable), None);
    assert_eq!(given(Action::Comment), None);
}
