use crate::{ConfigError, ConfigFile};
use std::iter;
use sufficit_evidence::{Curves, Rubric};

/// The rubric of `file`, or the built-in one. Refuses unknown keys and numbers that cannot be.
pub fn load_rubric(file: Option<ConfigFile>) -> Result<Rubric, ConfigError> {
    let file =
        file.unwrap_or_else(|| ConfigFile::built_in("rubric.toml", include_str!("../rubric.toml")));
    let rubric: Rubric = file.parse()?;
    // The line is that of the key that the refusal begins with.
    let refuse = |what: &str| {
        let key = what.split(' ').next().unwrap_or_default();
        let at = file.text.find(&format!("\n{key} ")).map_or(0, |newline| newline + 1);
        Err(file.refuse(at..at, what))
    };
    let fusion = &rubric.fusion;
    let shares = [
        ("heading_weight", fusion.heading_weight),
        ("crowd_weight", fusion.crowd_weight),
        ("real", rubric.thresholds.real),
        ("real_partial", rubric.thresholds.real_partial),
        ("real_defined", rubric.thresholds.real_defined),
        ("real_controlled", rubric.thresholds.real_controlled),
        ("check_met", rubric.thresholds.check_met),
        ("partial_share", rubric.thresholds.partial_share),
        ("defined_share", rubric.thresholds.defined_share),
        ("recorded_share", rubric.thresholds.recorded_share),
    ];
    for (name, value) in shares {
        if !(0.0..=1.0).contains(&value) {
            return refuse(&format!("{name} must be between 0 and 1"));
        }
    }
    let [first, second, third] = rubric.relevance.passage_shares;
    let numbers = [
        ("lexical_weight", fusion.lexical_weight),
        ("semantic_weight", fusion.semantic_weight),
        ("lexical", rubric.relevance.lexical),
        ("subject", rubric.relevance.subject),
        ("best_check", rubric.relevance.best_check),
        ("second_check", rubric.relevance.second_check),
        ("passage_shares", first.min(second).min(third)),
        ("relevance_middle", rubric.thresholds.relevance_middle),
        ("relevance_slope", rubric.thresholds.relevance_slope),
        ("check_touched", rubric.thresholds.check_touched),
        ("quote_met", rubric.thresholds.quote_met),
        ("focus_from", fusion.focus_from),
        ("least_rarity", fusion.least_rarity),
    ];
    for (name, value) in numbers {
        if !(0.0..=1000.0).contains(&value) {
            return refuse(&format!("{name} must be a number from 0 to 1000"));
        }
    }
    let curves = Curves { real: rubric.real, met: rubric.met, read: rubric.read };
    for Curves { real, met, read } in iter::once(curves).chain(rubric.onnx) {
        let weights = [
            ("words", real.words),
            ("intercept", real.intercept),
            ("near", real.near),
            ("distinct", real.distinct),
            ("name", real.name),
            ("document_type", real.document_type),
        ];
        let of_checks = iter::once(met).chain(read).flat_map(|met| {
            [("intercept", met.intercept), ("bearing", met.bearing), ("reading", met.reading)]
        });
        for (name, value) in weights.into_iter().chain(of_checks) {
            if !value.is_finite() {
                return refuse(&format!("{name} must be a number"));
            }
        }
        if iter::once(met).chain(read).any(|met| !(met.score > 0.0 && met.score.is_finite())) {
            return refuse("score must be above 0");
        }
        if met.reading != 0.0 {
            return refuse("reading has no place under [met]: what was read is judged by [read]");
        }
        if read.is_some_and(|read| read.reading <= 0.0) {
            return refuse("reading must be above 0 under [read]");
        }
    }
    if !rubric.thresholds.field.is_finite() {
        return refuse("field must be a number");
    }
    let months = [
        ("old_after_months", rubric.thresholds.old_after_months),
        ("record_valid_months", rubric.thresholds.record_valid_months),
    ];
    for (name, value) in months {
        if !(1..=1200).contains(&value) {
            return refuse(&format!("{name} must be between 1 and 1200 months"));
        }
    }
    if !(fusion.semantic_ceiling > fusion.semantic_floor && fusion.semantic_ceiling.is_finite()) {
        return refuse("semantic_ceiling must be above semantic_floor");
    }
    if rubric.thresholds.words_a_check == 0 {
        return refuse("words_a_check must be 1 or more");
    }
    if fusion.passages_per_probe == 0 {
        return refuse("passages_per_probe must be 1 or more");
    }
    let thresholds = &rubric.thresholds;
    if thresholds.check_touched < fusion.focus_from {
        return refuse("check_touched must not be below focus_from");
    }
    if thresholds.defined_share < thresholds.partial_share {
        return refuse("defined_share must not be below partial_share");
    }
    Ok(rubric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sufficit_evidence::{Candidate, Span};

    #[test]
    fn a_candidate_that_was_read_is_judged_by_the_curve_of_readings() {
        let rubric = load_rubric(None).expect("the rubric that ships");
        let candidate = |reading| Candidate {
            probe: 1,
            passage: 0,
            lexical: 0.4,
            semantic: 3.0,
            score: 0.2,
            field: None,
            focus: Span::new(0, 9),
            focus_score: 0.5,
            reading,
        };
        let meets = |reading| rubric.meets(&candidate(reading), 0.6);
        assert!(meets(Some(2.0)) > meets(Some(0.0)) && meets(Some(0.0)) > meets(Some(-2.0)));
        assert_eq!(meets(None), rubric.met.probability(0.2, 0.6, None));
        assert!(
            rubric.met_from(&candidate(Some(2.0)), 0.6) < rubric.met_from(&candidate(None), 0.6)
        );
        assert!(rubric.wants_reading(&candidate(None), 0.6));
        assert!(!rubric.wants_reading(&candidate(None), 0.3), "it hardly bears on it");
        let settled = Candidate { score: 0.9, ..candidate(None) };
        assert!(!rubric.wants_reading(&settled, 0.6), "no reading changes it");
        assert!(rubric.meets(&settled, 0.6) > rubric.thresholds.check_met);
        let far = |reading| Candidate { score: 0.08, ..candidate(reading) };
        assert!(!rubric.wants_reading(&far(None), 0.6), "no reading lifts what touches no check");
        let (surely, near) = (0.96, Candidate { score: 0.06, ..candidate(None) });
        let met = rubric.thresholds.check_met;
        assert!(rubric.meets(&near, surely) > met && near.score > rubric.met_from(&near, surely));
        assert!(rubric.wants_reading(&near, surely), "a reading may yet be against it");
        let against = Candidate { reading: Some(-3.0), ..near };
        assert!(rubric.meets(&against, surely) < met);
        assert!(near.score < rubric.met_from(&against, surely));
        assert!(rubric.met_from(&far(Some(3.0)), 0.6) >= rubric.thresholds.check_touched);
        let beside_onnx = rubric.beside_onnx(true);
        assert_eq!(beside_onnx.read, None, "its scores are spread otherwise");
    }

    fn refusal(from: &str, to: &str) -> String {
        let text = include_str!("../rubric.toml").replace(from, to);
        let file = ConfigFile { name: "rubric.toml".into(), text };
        load_rubric(Some(file)).expect_err("must be refused").to_string()
    }

    #[test]
    fn numbers_that_cannot_be_are_refused_with_their_line() {
        assert!(
            refusal("check_met = 0.5", "check_met = nan")
                .contains("check_met must be between 0 and 1")
        );
        assert!(
            refusal("old_after_months = 24", "old_after_months = 300000").contains("1200 months")
        );
        assert!(refusal("reading = 0.3", "reading = 0.0").contains("above 0 under [read]"));
        let of_unread = refusal("[met]", "[met]\nreading = 0.2");
        assert!(of_unread.contains("no place under [met]"), "{of_unread}");
        let crowd = refusal("crowd_weight = 0.7", "crowd_weight = 7.0");
        assert!(crowd.contains("crowd_weight must be between 0 and 1"), "{crowd}");
        assert!(!crowd.starts_with("rubric.toml:1:"), "{crowd}");
    }
}
