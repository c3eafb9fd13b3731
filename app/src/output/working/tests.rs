use super::*;
use sufficit_evidence::{
    CheckId, DateValue, DocumentKind, Proof, RequirementId, Span, Sufficiency,
};
use sufficit_mapper::{Grade, Limit, Standing, Tally, Voice};

fn cited(quote: &str) -> Citation {
    Citation {
        page: Some(2),
        heading: vec!["4 Review".to_owned()],
        span: Span::new(0, quote.chars().count()),
        quote: quote.to_owned(),
    }
}

fn score(lexical: f32, semantic: f32, taken_off: f32) -> ScoreWorking {
    let score = lexical + semantic - taken_off;
    ScoreWorking {
        score,
        lexical,
        lexical_share: lexical,
        semantic,
        deviations: 3.0,
        taken_off,
        quote: 0.5,
    }
}

fn check(id: &str, met: Met, ground: Ground, best: Option<ScoreWorking>) -> CheckWorking {
    CheckWorking {
        check: CheckId::from(id),
        text: "The policy is reviewed.".to_owned(),
        by: Proof::Paper,
        met,
        ground,
        touched_from: 0.2,
        met_from: best.map(|_| 0.3),
        meets_from: 0.55,
        meets: best.map(|_| 0.62),
        reading: best.map(|_| 0.4),
        quote_from: 0.35,
        best,
        voice: None,
        citation: best.map(|_| cited("The board reviews this policy each May.")),
    }
}

fn standing() -> StandingWorking {
    let fact = |value: &str| {
        Some(Fact { value: value.to_owned(), origin: Origin::Citation(cited("Owner: M. Okafor")) })
    };
    let approved = Fact {
        value: "2026-05-04".parse().map(DateValue::Day).expect("a date"),
        origin: Origin::Property("date".to_owned()),
    };
    StandingWorking {
        in_force: false,
        kind: DocumentKind::Policy,
        standing: Standing {
            owned: true,
            approved: false,
            versioned: false,
            record: false,
            since: Some(approved.value.earliest()),
            draft: true,
            superseded: false,
            overdue: None,
            old: false,
            ambiguous: None,
            blank: false,
            cited: true,
            placeholders: 1,
        },
        owner: fact("M. Okafor"),
        approver: None,
        version: None,
        status: None,
        issued: None,
        approved_on: Some(approved),
        reviewed: None,
        next_review: None,
        blanks: vec![cited("[Company name]")],
    }
}

fn working() -> Working {
    let near = score(0.2, 0.25, 0.1);
    let probe = |role, check: Option<&str>, weight| ProbeWorking {
        role,
        check: check.map(CheckId::from),
        weight,
        score: near,
    };
    let evidence = near.score;
    Working {
        framework: "iso42001".into(),
        requirement: RequirementId::from("A.2.4"),
        barred: None,
        relevance: RelevanceWorking {
            relevance: 0.48,
            evidence: 0.5 * evidence,
            middle: 0.18,
            slope: 25.0,
            passages: vec![PassageWorking {
                passage: 7,
                adds: 0.5 * evidence,
                share: 0.5,
                evidence,
                probes: vec![
                    probe(ProbeRole::BestCheck, Some("A.2.4/planned"), 0.6),
                    probe(ProbeRole::Subject, None, 0.4),
                ],
                citation: cited("The board reviews this policy each May."),
            }],
        },
        real: RealWorking {
            real: 0.62,
            needed: 0.1,
            partial_from: 0.2,
            defined_from: 0.3,
            controlled_from: 0.5,
            intercept: -3.0,
            near: 9.0,
            firm: 0.3,
            distinct: 6.0,
            distinctness: 0.32,
            passage: None,
            name: 1.6,
            named: 0.4,
            usual_name: Some("Minutes of the yearly review".into()),
            document_type_weight: 1.6,
            document_type: None,
            by_passages: 0.4,
        },
        checks: vec![
            check("A.2.4/planned", Met::Defined, Ground::LaidDown, Some(near)),
            check("A.2.4/held", Met::Missing, Ground::NoPassage, None),
            check("A.2.4/acted", Met::Denied, Ground::Denies, Some(near)),
        ],
        tally: TallyWorking {
            counts: Tally {
                checks: 3,
                met: 1,
                denied: 1,
                paper: 3,
                paper_met: 1,
                ..Tally::default()
            },
            share: 1.0 / 3.0,
            partial_from: 0.3,
            defined_from: 0.6,
            recorded_share: 0.0,
            recorded_from: 0.5,
        },
        tone: Voice::States,
        standing: standing(),
        grade: Grade {
            by_checks: Sufficiency::PARTIAL,
            limits: vec![
                Limit { cause: LimitCause::Denial, at: Sufficiency::NONE },
                Limit { cause: LimitCause::Draft, at: Sufficiency::PARTIAL },
            ],
            sufficiency: Sufficiency::NONE,
        },
        confidence: Confidence {
            confidence: 0.05,
            sum: -2.9,
            parts: vec![
                ConfidencePart { of: "base", amount: 1.0, weight: -3.86 },
                ConfidencePart { of: "relevance", amount: 0.48, weight: 2.0 },
            ],
        },
    }
}

fn printed(working: &Working) -> String {
    let mut out = Vec::new();
    working_lines(&mut out, working).expect("memory takes it");
    String::from_utf8(out).expect("is UTF-8")
}

#[test]
fn a_grade_is_printed_with_all_that_it_is_made_of() {
    insta::assert_snapshot!(printed(&working()));
}

#[test]
fn what_is_no_match_says_why() {
    let mut working = working();
    let mut reason = |barred| {
        working.barred = Some(barred);
        let text = printed(&working);
        let words: Vec<&str> = text.split_whitespace().collect();
        let all = words.join(" ");
        all.split(" Relevance ").next().unwrap_or_default().to_owned()
    };
    assert_eq!(
        reason(Barred::Improbable),
        "How this came about No match: the probability that it bears on this is 62%, and 10% is needed."
    );
    assert!(reason(Barred::OtherField).contains("about another field"));
    working.checks.iter_mut().for_each(|check| check.ground = Ground::OtherField);
    working.barred = Some(Barred::NothingShown);
    assert!(working.is_of_other_field());
    let mut nothing = |touched_from| {
        working.checks.iter_mut().for_each(|check| check.touched_from = touched_from);
        barred_text(Barred::NothingShown, &working)
    };
    assert_eq!(nothing(0.2), "it touches no check: the nearest passage is about another field");
    assert_eq!(nothing(0.4), "it touches no check: the nearest scores 0.35, and 0.40 is needed");
    let blank = Working {
        relevance: RelevanceWorking { passages: Vec::new(), ..working.relevance.clone() },
        ..working
    };
    assert!(printed(&blank).contains("no passage is near to it"));
}
