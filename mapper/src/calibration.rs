use sufficit_evidence::{Calibration, log_odds, logistic};

/// Decisions below which nothing is fitted: two numbers drawn from fewer would say more of these few than of the next.
const DECISIONS: usize = 20;
/// How far the slope is expected from 1, and the intercept from 0, before anybody decided (standard deviations of the
/// prior). Twenty decisions against it move both by some tenths, two hundred go where the decisions are.
const SLOPE_SPREAD: f64 = 0.5;
const INTERCEPT_SPREAD: f64 = 1.0;
/// Within these, order is kept and no confidence is driven to a certainty that decisions cannot give.
const SLOPES: (f64, f64) = (0.2, 3.0);
const INTERCEPTS: (f64, f64) = (-3.0, 3.0);
/// Steps of Newton's method; it has settled after a handful.
const STEPS: usize = 50;

/// The curve that best maps the confidence of proposals to what people decided of them: for each its confidence before any
/// calibration, 0 to 1, and whether it was given 2 or more. `None` below 20 decisions.
///
/// Platt's scaling (J. Platt, Probabilistic outputs for support vector machines, 1999): a logistic curve over the log-odds,
/// with a normal prior around the curve that changes nothing, at its most probable place. The order of the decisions makes
/// no difference beyond the last of the thousandths that are kept.
pub fn fit(decided: &[(f32, bool)]) -> Option<Calibration> {
    if decided.len() < DECISIONS {
        return None;
    }
    let (mut slope, mut intercept) = (1.0_f64, 0.0_f64);
    let (of_slope, of_intercept) = (SLOPE_SPREAD.powi(-2), INTERCEPT_SPREAD.powi(-2));
    for _ in 0..STEPS {
        let mut gradient = (of_slope * (slope - 1.0), of_intercept * intercept);
        let (mut aa, mut ab, mut bb) = (of_slope, 0.0, of_intercept);
        for (confidence, sufficient) in decided {
            let x = f64::from(log_odds(*confidence));
            let p = 1.0 / (1.0 + (-(slope * x + intercept)).exp());
            let beyond = p - if *sufficient { 1.0 } else { 0.0 };
            let weight = p * (1.0 - p);
            gradient = (gradient.0 + beyond * x, gradient.1 + beyond);
            aa += weight * x * x;
            ab += weight * x;
            bb += weight;
        }
        let determinant = aa * bb - ab * ab;
        let step = (
            (bb * gradient.0 - ab * gradient.1) / determinant,
            (aa * gradient.1 - ab * gradient.0) / determinant,
        );
        slope = (slope - step.0).clamp(SLOPES.0, SLOPES.1);
        intercept = (intercept - step.1).clamp(INTERCEPTS.0, INTERCEPTS.1);
    }
    let thousandths = |value: f64| (value * 1000.0).round() as i32;
    Some(Calibration { slope: thousandths(slope), intercept: thousandths(intercept) })
}

/// The confidence that a calibrated one was before.
pub fn uncalibrated(confidence: f32, calibration: Option<Calibration>) -> f32 {
    let Some(Calibration { slope, intercept }) = calibration.filter(|known| known.slope > 0) else {
        return confidence;
    };
    let [slope, intercept] = [slope, intercept].map(|thousandths| thousandths as f32 / 1000.0);
    logistic((log_odds(confidence) - intercept) / slope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn curve(fitted: Calibration, confidence: f32) -> f32 {
        let [slope, intercept] = [fitted.slope, fitted.intercept].map(|n| n as f32 / 1000.0);
        logistic(slope * log_odds(confidence) + intercept)
    }

    /// `count` decisions at one confidence, of which so many said 2 or more.
    fn decisions(confidence: f32, count: usize, sufficient: usize) -> Vec<(f32, bool)> {
        (0..count).map(|n| (confidence, n < sufficient)).collect()
    }

    #[test]
    fn few_decisions_fit_nothing_and_more_move_it_further() {
        assert_eq!(fit(&decisions(0.8, 19, 0)), None);
        let after = |count| curve(fit(&decisions(0.8, count, 0)).expect("enough"), 0.8);
        assert!(after(20) < 0.8 && after(200) < after(20), "{} {}", after(20), after(200));
    }

    #[test]
    fn confidence_goes_to_what_was_decided() {
        let mut all = decisions(0.9, 400, 240);
        all.extend(decisions(0.2, 400, 40));
        let fitted = fit(&all).expect("enough");
        assert!((curve(fitted, 0.9) - 0.6).abs() < 0.03, "{fitted:?}");
        assert!((curve(fitted, 0.2) - 0.1).abs() < 0.03, "{fitted:?}");
    }

    #[test]
    fn where_proposals_were_right_nothing_moves() {
        let mut all = decisions(0.8, 500, 400);
        all.extend(decisions(0.3, 500, 150));
        let fitted = fit(&all).expect("enough");
        assert!((fitted.slope - 1000).abs() < 30 && fitted.intercept.abs() < 30, "{fitted:?}");
    }

    proptest! {
        #[test]
        fn order_is_kept_and_the_way_back_is_known(
            decided in prop::collection::vec((0.0..1.0_f32, any::<bool>()), 20..120),
            confidence in 0.02..0.98_f32,
        ) {
            let fitted = fit(&decided).expect("enough");
            prop_assert!(curve(fitted, 0.3) <= curve(fitted, 0.7));
            let calibrated = curve(fitted, confidence);
            if (0.001..0.999).contains(&calibrated) {
                let back = uncalibrated(calibrated, Some(fitted));
                prop_assert!((back - confidence).abs() < 0.01, "{confidence} {calibrated} {back}");
            }
        }
    }
}
