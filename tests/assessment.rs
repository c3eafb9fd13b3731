//! Matches of several documents to one assessment: what is joined, what lends nothing, which proof is the best.

use proptest::prelude::*;
use sufficit_config::{load_catalogue, load_rubric};
use sufficit_evidence::{
    Aspect, Assessment, Bound, CheckId, Citation, Crosswalk, DocumentId, DocumentKind, Finding,
    Likeness, Match, MatchStatus, Period, Reason, RequirementRef, RunId, ShownBy, Span,
    StatedValue, Statement, Sufficiency,
};
use sufficit_mapper::{Rules, assess, copies};

/// How a document meets each check of A.5.2, in order: not, on paper, by a record.
type Shown = Vec<u8>;

fn rules() -> Rules {
    let catalogue = load_catalogue(&[], &["iso42001".into()]).expect("it is compiled in");
    let rubric = load_rubric(None).expect("it is compiled in");
    let as_of = "2026-11-20".parse().expect("a date");
    Rules::new(catalogue, Crosswalk::default(), rubric, as_of)
}

fn requirement() -> RequirementRef {
    RequirementRef { framework: "iso42001".into(), requirement: "A.5.2".into() }
}

fn checks(rules: &Rules) -> Vec<CheckId> {
    let requirement = rules.catalogue().requirement(&requirement()).expect("it is there");
    requirement.checks.iter().map(|check| check.id.clone()).collect()
}

fn citation(quote: &str) -> Citation {
    let span = Span::new(0, quote.chars().count());
    Citation { page: None, heading: Vec::new(), span, quote: quote.to_owned() }
}

fn reason(finding: Finding) -> Reason {
    Reason { finding, text: String::new(), citation: Some(citation("The owner does it.")) }
}

/// A document's match.
fn found(rules: &Rules, document: &str, grade: u8, in_force: bool, shown: &[u8]) -> Match {
    let met = checks(rules).into_iter().zip(shown).filter_map(|(check, how)| match how {
        1 => Some(reason(Finding::CheckMet { check })),
        2 => Some(reason(Finding::RecordShown { check })),
        _ => None,
    });
    Match {
        document: DocumentId::from(document),
        kind: DocumentKind::Procedure,
        framework: requirement().framework,
        requirement: requirement().requirement,
        relevance: 0.5 + f32::from(grade) / 20.0,
        sufficiency: Sufficiency::new(grade),
        confidence: 0.5,
        status: MatchStatus::Proposed,
        strengths: met.chain(in_force.then(|| reason(Finding::InForce))).collect(),
        concerns: Vec::new(),
        ask: "Add records.".to_owned(),
        counterparts: Vec::new(),
        statements: Vec::new(),
        systems: Vec::new(),
        not_applicable: None,
        run: RunId::from("run-1"),
    }
}

/// What a document is known by; those of one `text` have the same words.
fn likeness(document: &str, text: u32, version: u32) -> Likeness {
    Likeness {
        document: DocumentId::from(document),
        words: u64::from(text * 100 + version),
        runs: 64,
        least: (text * 1000..text * 1000 + 64).collect(),
        dates: 0,
        title: Some(format!("procedure {text}")),
        version: vec![version],
        since: None,
        kind: DocumentKind::Procedure,
        status: None,
        blank: false,
        in_force: true,
    }
}

fn judged(rules: &Rules, matches: &[Match], known: &[Likeness]) -> Assessment {
    assess(rules, &RunId::from("run-1"), &requirement(), matches, &copies(known))
        .expect("the catalogue has it")
}

/// What a person would call the same outcome: the grade, and which checks are met.
fn outcome(assessment: &Assessment) -> (Sufficiency, Vec<bool>) {
    (assessment.sufficiency, assessment.checks.iter().map(|state| state.met).collect())
}

fn document() -> impl Strategy<Value = (u8, bool, Shown)> {
    (0..=5u8, any::<bool>(), proptest::collection::vec(0..=2u8, 6))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn copies_and_older_versions_change_nothing(
        documents in proptest::collection::vec(document(), 1..5),
        older in document(),
        which in any::<prop::sample::Index>(),
    ) {
        let rules = rules();
        let mut matches = Vec::new();
        let mut known = Vec::new();
        for (n, (grade, in_force, shown)) in documents.iter().enumerate() {
            let name = format!("d{n}");
            matches.push(found(&rules, &name, *grade, *in_force, shown));
            known.push(likeness(&name, n as u32, 2));
        }
        let before = outcome(&judged(&rules, &matches, &known));
        let place = which.index(documents.len());
        let copy = Match { document: DocumentId::from("copy"), ..matches[place].clone() };
        matches.push(copy);
        known.push(likeness("copy", place as u32, 2));
        prop_assert_eq!(&outcome(&judged(&rules, &matches, &known)), &before);
        let (grade, in_force, shown) = older;
        matches.push(found(&rules, "older", grade, in_force, &shown));
        known.push(likeness("older", place as u32, 1));
        let after = judged(&rules, &matches, &known);
        prop_assert_eq!(&outcome(&after), &before);
        prop_assert_eq!(after.evidence.iter().filter(|share| share.copy_of.is_some()).count(), 2);
        matches.reverse();
        known.reverse();
        prop_assert_eq!(judged(&rules, &matches, &known), after);
    }

    #[test]
    fn another_document_never_lowers(
        documents in proptest::collection::vec(document(), 1..4),
        more in document(),
    ) {
        let rules = rules();
        let all = documents.iter().chain([&more]).enumerate();
        let matches: Vec<Match> = all
            .map(|(n, (grade, in_force, shown))| found(&rules, &format!("d{n}"), *grade, *in_force, shown))
            .collect();
        let (_, fewer) = matches.split_last().expect("one at least");
        let (before, after) = (judged(&rules, fewer, &[]), judged(&rules, &matches, &[]));
        prop_assert!(after.sufficiency >= before.sufficiency);
        let lost = before.checks.iter().zip(&after.checks).any(|(old, new)| old.met && !new.met);
        prop_assert!(!lost);
    }
}

#[test]
fn the_best_proof_leads_whatever_its_document_is_worth() {
    let rules = rules();
    let plain = found(&rules, "plain", 4, false, &[1, 1, 1, 0, 0, 0]);
    let approved = found(&rules, "approved", 3, true, &[1, 1, 0, 0, 0, 0]);
    let record = found(&rules, "record", 2, false, &[2, 0, 0, 0, 0, 0]);
    let whole = judged(&rules, &[plain, approved, record], &[]);
    let best: Vec<(Option<&str>, Option<ShownBy>)> = whole
        .checks
        .iter()
        .map(|state| (state.document.as_ref().map(DocumentId::as_str), state.shown_by))
        .take(4)
        .collect();
    assert_eq!(
        best,
        [
            (Some("record"), Some(ShownBy::Record)),
            (Some("approved"), Some(ShownBy::ApprovedText)),
            (Some("plain"), Some(ShownBy::Text)),
            (None, None),
        ]
    );
}

/// A match that says how often something is reviewed.
fn reviewed(rules: &Rules, document: &str, minutes: u32) -> Match {
    let statement = Statement {
        check: checks(rules)[0].clone(),
        aspect: Aspect::Interval,
        about: "assess impact review".to_owned(),
        by: None,
        value: StatedValue::Period(Period { minutes, working_days: false, bound: Bound::Exact }),
        citation: citation("Impact assessments are reviewed."),
    };
    let shown = if document == "record" { [2; 6] } else { [1; 6] };
    Match { statements: vec![statement], ..found(rules, document, 4, true, &shown) }
}

#[test]
fn what_an_audit_found_missing_is_not_covered() {
    let rules = rules();
    let all = [2; 6];
    let full = || found(&rules, "d1", 5, true, &all);
    let mut audit = found(&rules, "d2", 1, false, &[]);
    audit.concerns = vec![reason(Finding::Nonconformity)];
    let level = |matches: &[Match]| judged(&rules, matches, &[]);
    assert_eq!(level(&[full()]).sufficiency, Sufficiency::DEMONSTRATED);
    let open = level(&[full(), audit.clone()]);
    assert_eq!(open.sufficiency, Sufficiency::PARTIAL);
    assert!(open.gap.contains("nonconformity"), "{}", open.gap);
    audit.status = MatchStatus::Overridden;
    let graded = level(&[full(), audit]);
    assert_eq!(
        graded.sufficiency,
        Sufficiency::PARTIAL,
        "another grade for the report closes nothing"
    );
}

#[test]
fn a_contradiction_leaves_something_to_ask() {
    let rules = rules();
    let (year, quarter) = (525_600, 131_400);
    let agreed = [reviewed(&rules, "policy", year), reviewed(&rules, "record", year)];
    let whole = judged(&rules, &agreed, &[]);
    assert_eq!((whole.sufficiency, whole.gap.as_str()), (Sufficiency::DEMONSTRATED, ""));
    let apart = [reviewed(&rules, "policy", year), reviewed(&rules, "record", quarter)];
    let whole = judged(&rules, &apart, &[]);
    assert_eq!(whole.sufficiency, Sufficiency::CONTROLLED);
    assert_eq!(whole.contradictions.len(), 1);
    assert_eq!(
        whole.gap,
        "Settle which holds, and mend the other. Documents in force differ on how often this is done: every year or every 3 months."
    );
    let versions = [likeness("policy", 1, 1), likeness("record", 1, 2)];
    let whole = judged(&rules, &apart, &versions);
    assert!(whole.contradictions.is_empty(), "two versions of one document are no contradiction");
}
