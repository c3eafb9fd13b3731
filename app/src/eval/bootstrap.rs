use serde::Serialize;

/// A value with its 95 % bootstrap interval.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Interval {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// Samples drawn; the interval's ends move by less than 0.005 beyond that.
const SAMPLES: usize = 1000;

/// `measure` over `items`, with the percentile bootstrap's 95 % interval (Efron 1979): items are drawn anew, with
/// replacement, from a fixed seed, so the same items give the same interval. Samples without a value are left out.
pub(crate) fn interval<T>(items: &[T], measure: impl Fn(&[&T]) -> Option<f64>) -> Option<Interval> {
    let all: Vec<&T> = items.iter().collect();
    let value = measure(&all)?;
    let mut state = 0x5eed_u64;
    let mut drawn: Vec<f64> = (0..SAMPLES)
        .filter_map(|_| {
            let sample: Vec<&T> = (0..items.len())
                .map(|_| &items[(next(&mut state) % items.len() as u64) as usize])
                .collect();
            measure(&sample)
        })
        .collect();
    drawn.sort_by(f64::total_cmp);
    let at = |share: f64| drawn.get(((drawn.len() as f64 - 1.0) * share).round() as usize).copied();
    Some(Interval { value, low: at(0.025).unwrap_or(value), high: at(0.975).unwrap_or(value) })
}

/// The next number of the SplitMix64 generator (Steele, Lea and Flood 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_holds_its_value_and_is_repeatable() {
        let items: Vec<f64> = (0..50).map(f64::from).collect();
        let mean =
            |sample: &[&f64]| Some(sample.iter().copied().sum::<f64>() / sample.len() as f64);
        let first = interval(&items, mean).expect("has a value");
        assert!(first.low < first.value && first.value < first.high);
        assert_eq!(interval(&items, mean).map(|again| again.low), Some(first.low));
    }
}
