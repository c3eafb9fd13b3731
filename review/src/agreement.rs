use crate::ReviewedMatch;

/// How far people agree with what was proposed, over the matches that they decided in their present version.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Agreement {
    /// How many matches were decided that had been proposed.
    pub decided: usize,
    /// How many were given the very sufficiency that was proposed.
    pub same: usize,
    /// How many were given that, or the next lower or higher one.
    pub near: usize,
    /// Mean of given less proposed, -5 to 5: below 0 where proposals are too high. 0 without decisions.
    pub mean_difference: f64,
    /// Cohen's kappa with quadratic weights (Cohen 1968), at most 1; `None` where all pairs agree on one sufficiency.
    pub kappa: Option<f64>,
}

/// The agreement over `matches`; those that nobody decided, or that a person added, are passed over.
pub fn agreement<'a>(matches: impl IntoIterator<Item = &'a ReviewedMatch>) -> Agreement {
    let pair = |found: &ReviewedMatch| {
        let proposed = found.head.seen.sufficiency?.level();
        let given = found.review.decided.filter(|_| !found.review.status.is_open())?.level();
        Some((f64::from(given), f64::from(proposed)))
    };
    let pairs: Vec<(f64, f64)> = matches.into_iter().filter_map(pair).collect();
    let count = pairs.len().max(1) as f64;
    let apart = |limit: f64| {
        pairs.iter().filter(|(given, proposed)| (given - proposed).abs() <= limit).count()
    };
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let (given, proposed) = (mean(|pair| pair.0), mean(|pair| pair.1));
    // With quadratic weights the expected disagreement is the sum of both spreads and the square of the means' distance.
    let observed = mean(|(given, proposed)| (given - proposed).powi(2));
    let squares = mean(|(given, proposed)| given.powi(2) + proposed.powi(2));
    let expected = squares - 2.0 * given * proposed;
    Agreement {
        decided: pairs.len(),
        same: apart(0.0),
        near: apart(1.0),
        mean_difference: given - proposed,
        kappa: (expected > 1e-9).then(|| 1.0 - observed / expected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MatchHead, Reviewed};
    use std::sync::Arc;
    use sufficit_evidence::{
        DocumentId, DocumentKind, MatchStatus, RequirementRef, Seen, Sufficiency,
    };

    fn decided(proposed: u8, given: Option<u8>, status: MatchStatus) -> ReviewedMatch {
        let requirement =
            RequirementRef { framework: "iso42001".into(), requirement: "A.2.2".into() };
        let sufficiency = Sufficiency::new(proposed);
        let head = MatchHead {
            document: DocumentId::new("d"),
            kind: DocumentKind::Policy,
            requirement,
            relevance: 0.9,
            sufficiency,
            confidence: 0.5,
            seen: Seen { sufficiency: Some(sufficiency), ..Seen::default() },
        };
        let decided = given.map(Sufficiency::new);
        let review = Reviewed { status, decided, ..Reviewed::default() };
        ReviewedMatch { head: Arc::new(head), sources: Arc::new([]), review }
    }

    #[test]
    fn agreement_is_counted_over_what_was_decided() {
        let matches = [
            decided(4, Some(4), MatchStatus::Accepted),
            decided(2, Some(2), MatchStatus::Accepted),
            decided(3, Some(2), MatchStatus::Overridden),
            decided(3, Some(0), MatchStatus::Rejected),
            decided(5, None, MatchStatus::Proposed),
            decided(5, Some(1), MatchStatus::ConfirmAgain),
        ];
        let found = agreement(&matches);
        assert_eq!((found.decided, found.same, found.near), (4, 2, 3));
        assert!((found.mean_difference + 1.0).abs() < 1e-9, "{found:?}");
        // By hand: observed (0+0+1+9)/4; expected over all 16 pairs of margins {4,2,2,0} and {4,2,3,3}: 56/16.
        assert!((found.kappa.expect("they differ") - (1.0 - 2.5 / 3.5)).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn without_decisions_there_is_nothing_to_agree_on() {
        assert_eq!(agreement(&[decided(5, None, MatchStatus::Proposed)]), Agreement::default());
    }
}
