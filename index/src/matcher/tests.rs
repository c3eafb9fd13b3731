use super::*;
use crate::suite;
use proptest::prelude::*;
use sufficit_evidence::ProbeKind;

const REFERENCE: &str =
    "# passages 100 mean_tokens 12\nbias\t3\nreview\t20\nonion\t2\nsoup\t2\nincident\t9";
const FUSION: Fusion = Fusion {
    least_rarity: 0.0,
    focus_from: 0.0,
    crowd_weight: 0.0,
    crowd_probes: 1,
    lexical_weight: 0.5,
    semantic_weight: 0.5,
    semantic_floor: 1.0,
    semantic_ceiling: 4.0,
    heading_weight: 0.5,
    passages_per_probe: 2,
};

fn matcher(probes: &[&str]) -> Matcher {
    over(probes, FUSION)
}

fn over(probes: &[&str], fusion: Fusion) -> Matcher {
    let reference = ReferenceFrequencies::parse(REFERENCE).expect("a table");
    let probe = |text: &&str| Probe {
        framework: "f".into(),
        requirement: "1".into(),
        kind: ProbeKind::Subject,
        title: "".into(),
        text: (*text).to_owned(),
    };
    let probes: Vec<Probe> = probes.iter().map(probe).collect();
    Matcher::new(suite::model(), &reference, &probes, fusion).expect("a matcher")
}

fn candidates(matcher: &Matcher, passages: &[Passage], title: Option<&str>) -> Vec<Candidate> {
    matcher.candidates(passages, title).expect("the model gives vectors")
}

#[test]
fn the_nearest_passages_and_sentences_are_found() {
    let texts = [
        "Onion soup is soup. It has onion and soup in it. The bias review is the fair review.",
        "Soup.",
        "Bias review. Review of bias.",
        "Incident review is the review of an incident.",
    ];
    let matcher = matcher(&["bias review", "qqqq"]);
    let candidates = candidates(&matcher, &suite::passages(&texts), None);
    assert!(candidates.iter().all(|candidate| candidate.probe == 0), "{candidates:?}");
    assert_eq!(candidates.len(), 2, "no more than passages_per_probe");
    assert_eq!(candidates[0].passage, 2);
    assert_eq!(candidates[1].passage, 0);
    let text = texts.join("\n");
    assert_eq!(candidates[1].focus.of(&text), Some("The bias review is the fair review."));
}

#[test]
fn what_scores_too_little_has_no_quote_in_a_table_either() {
    let fusion = Fusion { focus_from: 0.3, ..FUSION };
    let matcher = over(&["bias review", "onion soup, and some more that nobody has"], fusion);
    let mut passages = suite::passages(&["Bias review | done\nonion | eaten"]);
    passages[0].shape = PassageShape::Table;
    let found = candidates(&matcher, &passages, None);
    let focus = |probe| found.iter().find(|candidate| candidate.probe == probe);
    assert!(focus(0).is_some_and(|near| near.focus_score > 0.3), "{found:?}");
    assert!(focus(1).is_some_and(|far| far.score < 0.3 && far.focus_score == 0.0), "{found:?}");
}

#[test]
fn a_lead_in_is_no_focus_and_what_stands_beneath_is() {
    let text = "Bias review of models is:\n- onion soup\n- fair review";
    let matcher = matcher(&["bias review"]);
    let mut passages = suite::passages(&[text]);
    passages[0].shape = PassageShape::List;
    let found = candidates(&matcher, &passages, None);
    assert_eq!(found[0].focus.of(text), Some("- fair review"));
}

#[test]
fn headings_and_a_tables_header_row_count_for_what_stands_below() {
    let matcher = matcher(&["bias"]);
    let mut passages = suite::passages(&["qqqq qqqq"]);
    assert!(candidates(&matcher, &passages, None).is_empty());
    let titled = candidates(&matcher, &passages, Some("Bias"));
    passages[0].heading = vec!["Bias".into()];
    let headed = candidates(&matcher, &passages, Some("Bias"));
    assert_eq!(headed, titled, "a title that is a heading too counts once");
    passages[0].heading.clear();
    passages[0].context = Some("Bias".into());
    assert_eq!(candidates(&matcher, &passages, None), headed);
    passages[0].text = "bias qqqq".into();
    assert!(candidates(&matcher, &passages, None)[0].lexical > headed[0].lexical);
}

#[test]
fn short_column_names_above_actions_count_by_what_they_mean() {
    let matcher = matcher(&["responsible person"]);
    let mut passages = suite::passages(&["qqqq | zzzz"]);
    passages[0].shape = PassageShape::Table;
    passages[0].context = Some("Colour | Who".into());
    assert!(candidates(&matcher, &passages, None).is_empty());
    passages[0].context = Some("Action | Who".into());
    let found = candidates(&matcher, &passages, None);
    assert!(found.first().is_some_and(|found| found.lexical > 0.0), "{found:?}");
}

#[test]
fn lexical_scores_are_shares_of_the_probe() {
    let matcher = matcher(&["bias onion"]);
    let lexical = |text: &str| {
        candidates(&matcher, &suite::passages(&[text]), None).first().map_or(0.0, |c| c.lexical)
    };
    assert_eq!(lexical("bias onion"), 1.0);
    assert_eq!(lexical("biases onions bias onion bias"), 1.0);
    assert!((0.3..0.7).contains(&lexical("bias")));
    assert!(lexical(&format!("bias onion {}", "word ".repeat(40))) < 1.0);
}

#[test]
fn nothing_to_hold_or_to_hold_against_gives_nothing() {
    assert!(candidates(&matcher(&[]), &suite::passages(&["bias"]), None).is_empty());
    assert!(candidates(&matcher(&["bias"]), &[], Some("bias")).is_empty());
    assert!(candidates(&matcher(&["bias", ""]), &suite::passages(&["", " \n"]), None).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn scores_hang_on_the_passage_alone_and_foci_lie_within_it(
        texts in prop::collection::vec(
            prop::collection::vec(
                prop::sample::select(vec!["Bias", "review.", "soup", "é日", "is", "fair.", "Onion", "incident", "\n"]),
                0..14,
            ).prop_map(|words| words.join(" ")),
            1..40,
        ),
        shape in prop::sample::select(vec![PassageShape::Prose, PassageShape::Table]),
    ) {
        let matcher = matcher(&["bias review", "onion soup", "incident"]);
        let mut passages = suite::passages(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        passages.iter_mut().for_each(|passage| passage.shape = shape);
        let together = candidates(&matcher, &passages, None);
        prop_assert_eq!(&together, &candidates(&matcher, &passages, None));
        for candidate in together {
            let passage = &passages[candidate.passage as usize];
            prop_assert!(passage.span.start <= candidate.focus.start);
            prop_assert!(candidate.focus.end <= passage.span.end);
            prop_assert!((0.0..=1.0).contains(&candidate.lexical) && candidate.score > 0.0);
            let alone = candidates(&matcher, std::slice::from_ref(passage), None);
            let alone = alone.iter().find(|other| other.probe == candidate.probe);
            prop_assert!(alone.is_some_and(|alone| (alone.score - candidate.score).abs() < 1e-5
                && alone.focus == candidate.focus));
        }
    }
}
