use serde::Serialize;

/// Bins of a reliability table. Fifty matches in each, on the graded documents; with a few matches in all, they say little.
const BINS: usize = 10;

/// How far the confidence of matches agrees with how often they are right.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Calibration {
    pub(crate) matches: usize,
    /// Share of them that are right: labelled 2 or more.
    pub(crate) right: f64,
    /// Mean squared distance between confidence and what is (Brier 1950).
    pub(crate) brier: f64,
    /// 1 - Brier score / that of always saying the share that is right; 0 is no better than that.
    pub(crate) brier_skill: Option<f64>,
    /// Mean over bins, each as often as it holds matches, of the distance between mean confidence and share right
    /// (Naeini, Cooper and Hauskrecht 2015).
    pub(crate) expected_error: f64,
    /// By rising confidence, each with about as many matches; equal confidences are in one.
    pub(crate) bins: Vec<Bin>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Bin {
    pub(crate) matches: usize,
    /// Mean confidence.
    pub(crate) confidence: f64,
    /// Share labelled 2 or more.
    pub(crate) right: f64,
}

/// Compares confidence, 0 to 1, with whether the match is right. `None` without matches.
pub(crate) fn calibration(mut matches: Vec<(f64, bool)>) -> Option<Calibration> {
    if matches.is_empty() {
        return None;
    }
    matches.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mean = |of: &[(f64, bool)], value: fn(&(f64, bool)) -> f64| {
        of.iter().map(value).sum::<f64>() / of.len() as f64
    };
    let is_right = |pair: &(f64, bool)| f64::from(u8::from(pair.1));
    let right = mean(&matches, is_right);
    let brier = mean(&matches, |pair| (pair.0 - f64::from(u8::from(pair.1))).powi(2));
    let always = right * (1.0 - right);
    let count = matches.len();
    // Where equal confidences were parted, the bins would hang on the order of the matches.
    let edge = |bin: usize| match (bin * count / BINS).checked_sub(1).map(|last| matches[last].0) {
        None => 0,
        Some(confidence) => matches.partition_point(|pair| pair.0 <= confidence),
    };
    let bins: Vec<Bin> = (0..BINS)
        .map(|bin| &matches[edge(bin)..edge(bin + 1)])
        .filter(|bin| !bin.is_empty())
        .map(|bin| Bin {
            matches: bin.len(),
            confidence: mean(bin, |pair| pair.0),
            right: mean(bin, is_right),
        })
        .collect();
    let distance = |bin: &Bin| bin.matches as f64 * (bin.confidence - bin.right).abs();
    Some(Calibration {
        matches: count,
        right,
        brier,
        brier_skill: (always > 0.0).then(|| 1.0 - brier / always),
        expected_error: bins.iter().map(distance).sum::<f64>() / count as f64,
        bins,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calibration_by_hand() {
        assert!(calibration(Vec::new()).is_none());
        let sure = calibration(vec![(1.0, true), (0.0, false)]).expect("has matches");
        assert_eq!((sure.brier, sure.brier_skill, sure.expected_error), (0.0, Some(1.0), 0.0));
        // Twenty at 0.5 of which half are right: well calibrated, and no better than the base rate.
        let even = (0..20).map(|at| (0.5, at < 10)).collect();
        let even = calibration(even).expect("has matches");
        assert_eq!((even.brier, even.brier_skill, even.expected_error), (0.25, Some(0.0), 0.0));
        assert_eq!(even.bins.iter().map(|bin| bin.matches).sum::<usize>(), 20);
        let boast = calibration(vec![(0.9, false); 10]).expect("has matches");
        assert!((boast.expected_error - 0.9).abs() < 1e-9 && boast.brier_skill.is_none());
    }
}
