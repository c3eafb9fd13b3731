use super::*;
use proptest::prelude::*;
use sufficit_evidence::{Seen, Subject, Sufficiency};

const PATHS: [&str; 3] = ["a", "b", "c"];

fn source(path: &str) -> SourceRef {
    SourceRef { root: "/evidence".to_owned(), path: path.to_owned() }
}

fn requirement() -> RequirementRef {
    RequirementRef { framework: "iso42001".into(), requirement: "A.2.2".into() }
}

fn decision(number: u64, path: &str, action: Action) -> Decision {
    Decision {
        number,
        at: String::new(),
        by: "ada".to_owned(),
        subject: Subject::Match { source: source(path), requirement: requirement() },
        seen: Seen { document: Some(DocumentId::new(path)), ..Seen::default() },
        action,
        why: String::new(),
    }
}

/// What a reviewer does next on a match.
#[derive(Clone, Copy, Debug)]
enum Step {
    Verdict(u8),
    Undo,
    Comment,
}

fn steps() -> impl Strategy<Value = Vec<(&'static str, Step)>> {
    let step = prop_oneof![
        3 => (0..6_u8).prop_map(Step::Verdict),
        2 => Just(Step::Undo),
        1 => Just(Step::Comment),
    ];
    prop::collection::vec((prop::sample::select(PATHS.to_vec()), step), 0..40)
}

/// The decisions that the steps make, and the verdicts that hold or would come back, by path.
fn play(steps: &[(&'static str, Step)]) -> (Vec<Decision>, HashMap<&'static str, Vec<u64>>) {
    let mut decisions = Vec::new();
    let mut holding: HashMap<&'static str, Vec<u64>> = HashMap::new();
    for (path, step) in steps {
        let number = decisions.len() as u64 + 1;
        let stack = holding.entry(path).or_default();
        let action = match step {
            Step::Verdict(level) => {
                stack.push(number);
                Action::Override { sufficiency: Sufficiency::new(*level) }
            }
            Step::Undo => match stack.pop() {
                Some(number) => Action::Undo { number },
                None => Action::Comment,
            },
            Step::Comment => Action::Comment,
        };
        decisions.push(decision(number, path, action));
    }
    (decisions, holding)
}

proptest! {
    #[test]
    fn an_undo_restores_what_held_whatever_was_decided(steps in steps(), cuts in prop::collection::vec(1..5_usize, 40)) {
        let (decisions, holding) = play(&steps);
        let mut ledger = Ledger::default();
        let mut rest = decisions.clone();
        for cut in cuts {
            let later = rest.split_off(cut.min(rest.len()));
            ledger.append(rest);
            rest = later;
        }
        ledger.append(rest);
        prop_assert!(ledger.decisions().eq(&decisions));
        prop_assert_eq!(ledger.last(), decisions.len() as u64);
        for path in PATHS {
            let standing = ledger.of_match(&DocumentId::new(path), &[source(path)], &requirement());
            let expected = holding.get(path).and_then(|stack| stack.last()).copied();
            prop_assert_eq!(standing.holding.map(|held| held.number), expected);
            let of_path = decisions.iter().filter(|one| one.subject.source() == Some(&source(path)));
            prop_assert!(standing.history.iter().eq(of_path));
        }
    }
}

#[test]
fn a_copy_does_not_see_what_comes_later() {
    let mut ledger = Ledger::new((1..=9).map(|n| decision(n, "a", Action::Comment)).collect());
    let copy = ledger.clone();
    ledger.append(vec![decision(10, "a", Action::Accept)]);
    assert_eq!((copy.last(), ledger.last()), (9, 10));
    assert_eq!(ledger.since(8).map(|one| one.number).collect::<Vec<_>>(), [10, 9]);
}
