use std::cmp::Ordering;
use std::collections::BTreeMap;
use sufficit_evidence::RequirementId;

/// A document and a requirement: what a grader says, and what the mapper says.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) requirement: RequirementId,
    pub(crate) labelled: u8,
    pub(crate) proposed: u8,
    /// Of the match, where there is one.
    pub(crate) confidence: Option<f32>,
}

/// Average precision of a ranking, 0 to 1: the mean over the `labelled` requirements of the precision at the place
/// where each stands; one that is not ranked counts 0.
pub(crate) fn average_precision(ranking: &[bool], labelled: usize) -> f64 {
    let mut hits = 0.0;
    let sum: f64 = ranking
        .iter()
        .enumerate()
        .filter(|(_, hit)| **hit)
        .map(|(place, _)| {
            hits += 1.0;
            hits / (place + 1) as f64
        })
        .sum();
    sum / labelled.max(1) as f64
}

/// One divided by the place of the first labelled requirement, 0 where none is ranked.
pub(crate) fn reciprocal_rank(ranking: &[bool]) -> f64 {
    ranking.iter().position(|hit| *hit).map_or(0.0, |place| 1.0 / (place + 1) as f64)
}

/// Share of the labelled requirements among the first `k`.
pub(crate) fn recall_at(ranking: &[bool], labelled: usize, k: usize) -> f64 {
    ranking.iter().take(k).filter(|hit| **hit).count() as f64 / labelled.max(1) as f64
}

/// How many pairs have each labelled (row) and proposed (column) grade.
pub(crate) fn confusion<'a>(pairs: impl IntoIterator<Item = &'a Pair>) -> [[usize; 6]; 6] {
    let mut table = [[0; 6]; 6];
    for pair in pairs {
        table[usize::from(pair.labelled.min(5))][usize::from(pair.proposed.min(5))] += 1;
    }
    table
}

/// Cohen's kappa with quadratic weights (Cohen 1968): 1 - sum(w * observed) / sum(w * expected), where
/// w = (row - column)^2 and the expected counts come from the margins. `None` where all pairs agree on one grade.
pub(crate) fn kappa(table: &[[usize; 6]; 6]) -> Option<f64> {
    let total: usize = table.iter().flatten().sum();
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum::<usize>() as f64).collect();
    let columns: Vec<f64> =
        (0..6).map(|c| table.iter().map(|row| row[c]).sum::<usize>() as f64).collect();
    let (mut observed, mut expected) = (0.0, 0.0);
    for (r, row) in table.iter().enumerate() {
        for (c, count) in row.iter().enumerate() {
            let weight = (r as f64 - c as f64).powi(2);
            observed += weight * *count as f64;
            expected += weight * rows[r] * columns[c] / total.max(1) as f64;
        }
    }
    (expected > 0.0).then(|| 1.0 - observed / expected)
}

/// Mean distance between labelled and proposed grade.
pub(crate) fn mean_absolute_error<'a>(pairs: impl IntoIterator<Item = &'a Pair>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for pair in pairs {
        sum += f64::from(pair.labelled.abs_diff(pair.proposed));
        count += 1.0;
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

/// Share of the pairs of two documents labelled differently for one requirement whose grades stand in the same order; equal
/// grades count one half, as in the area under a ROC curve. `None` where no two documents share a requirement.
pub(crate) fn ordered<'a>(pairs: impl IntoIterator<Item = &'a Pair>) -> Option<f64> {
    let mut by_requirement: BTreeMap<&RequirementId, [[usize; 6]; 6]> = BTreeMap::new();
    for pair in pairs {
        let table = by_requirement.entry(&pair.requirement).or_default();
        table[usize::from(pair.labelled.min(5))][usize::from(pair.proposed.min(5))] += 1;
    }
    let (mut right, mut compared) = (0.0, 0.0);
    for table in by_requirement.values() {
        for (label, low) in table.iter().enumerate() {
            for high in &table[label + 1..] {
                for (below, lower) in low.iter().enumerate() {
                    for (above, higher) in high.iter().enumerate() {
                        let count = (lower * higher) as f64;
                        compared += count;
                        right += match below.cmp(&above) {
                            Ordering::Less => count,
                            Ordering::Equal => count / 2.0,
                            Ordering::Greater => 0.0,
                        };
                    }
                }
            }
        }
    }
    (compared > 0.0).then(|| right / compared)
}

/// Spearman's rank correlation, over requirements, of the highest labelled and the highest proposed grade that any document
/// has; equal grades share their mean rank. `None` where either side is the same everywhere.
pub(crate) fn rank_correlation<'a>(pairs: impl IntoIterator<Item = &'a Pair>) -> Option<f64> {
    let mut best: BTreeMap<&RequirementId, (u8, u8)> = BTreeMap::new();
    for pair in pairs {
        let (labelled, proposed) = best.entry(&pair.requirement).or_default();
        *labelled = pair.labelled.max(*labelled);
        *proposed = pair.proposed.max(*proposed);
    }
    let labelled = ranks(best.values().map(|(labelled, _)| *labelled).collect());
    let proposed = ranks(best.values().map(|(_, proposed)| *proposed).collect());
    let middle = (best.len() as f64 + 1.0) / 2.0;
    let product = |one: &[f64], other: &[f64]| -> f64 {
        one.iter().zip(other).map(|(a, b)| (a - middle) * (b - middle)).sum()
    };
    let spread = (product(&labelled, &labelled) * product(&proposed, &proposed)).sqrt();
    (spread > 0.0).then(|| product(&labelled, &proposed) / spread)
}

/// The rank of each value, 1 for the lowest; equal ones share their mean rank.
fn ranks(values: Vec<u8>) -> Vec<f64> {
    values
        .iter()
        .map(|value| {
            let below = values.iter().filter(|other| *other < value).count() as f64;
            let equal = values.iter().filter(|other| *other == value).count() as f64;
            below + (equal + 1.0) / 2.0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(labelled: u8, proposed: u8) -> Pair {
        of("A.2.2", labelled, proposed)
    }

    fn of(requirement: &str, labelled: u8, proposed: u8) -> Pair {
        Pair { requirement: requirement.into(), labelled, proposed, confidence: None }
    }

    #[test]
    fn average_precision_by_hand() {
        assert_eq!(average_precision(&[true, false, true], 2), (1.0 + 2.0 / 3.0) / 2.0);
        assert_eq!(average_precision(&[false, true], 2), 0.25);
        assert_eq!(reciprocal_rank(&[false, true]), 0.5);
        assert_eq!(recall_at(&[true, false, true], 4, 2), 0.25);
    }

    #[test]
    fn kappa_by_hand() {
        let perfect = [pair(0, 0), pair(3, 3), pair(5, 5)];
        assert_eq!(kappa(&confusion(&perfect)), Some(1.0));
        let crossed = [pair(0, 1), pair(1, 0)];
        assert_eq!(kappa(&confusion(&crossed)), Some(-1.0));
        let nothing_but_zero = [pair(0, 0), pair(0, 0)];
        assert_eq!(kappa(&confusion(&nothing_but_zero)), None);
        assert_eq!(mean_absolute_error(&[pair(0, 2), pair(3, 3)]), 1.0);
    }

    #[test]
    fn order_within_a_requirement_by_hand() {
        // Three pairs of A.2.2: right, equal, wrong; documents of different requirements are not compared.
        let pairs = [of("A.2.2", 0, 1), of("A.2.2", 3, 3), of("A.2.2", 5, 1), of("A.5.3", 4, 0)];
        assert_eq!(ordered(&pairs), Some(0.5));
        assert_eq!(ordered(&pairs[..1]), None);
    }

    #[test]
    fn rank_correlation_by_hand() {
        let pairs = [of("a", 0, 0), of("a", 2, 1), of("b", 3, 2), of("c", 5, 4)];
        assert_eq!(rank_correlation(&pairs), Some(1.0));
        let crossed = [of("a", 0, 4), of("b", 3, 2), of("c", 5, 0)];
        assert_eq!(rank_correlation(&crossed), Some(-1.0));
        assert_eq!(rank_correlation(&[of("a", 0, 0), of("b", 0, 3)]), None);
    }
}
