use super::calibration::{Calibration, calibration};
use super::measures::{
    Pair, average_precision, confusion, kappa, mean_absolute_error, ordered, rank_correlation,
    recall_at, reciprocal_rank,
};
use super::{Interval, Judged, LabelledSet, Labels, interval};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What `eval` found on all sets given.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) sets: Vec<SetReport>,
    /// Mean of the sets' MAP.
    pub(crate) map_macro: Option<f64>,
    /// Every figure by its name: `map`, `SET.map`, `SET.FRAMEWORK.kappa`.
    pub(crate) figures: BTreeMap<String, f64>,
}

#[derive(Serialize)]
pub(crate) struct SetReport {
    pub(crate) set: String,
    pub(crate) texts: usize,
    /// Those that could not be read, with the reason; they count as if nothing had been found.
    pub(crate) unread: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ranking: Option<RankingReport>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) grades: BTreeMap<String, GradeReport>,
    /// Over all frameworks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) calibration: Option<Calibration>,
    /// Distractors that have a match of 2 or more.
    pub(crate) false_distractors: Vec<String>,
    pub(crate) distractors: usize,
    /// Share of the near misses that get 1 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) near_misses_at_most_1: Option<Interval>,
    pub(crate) near_misses: usize,
    pub(crate) items: BTreeMap<String, ItemReport>,
}

/// What was found for one text or file.
#[derive(Deserialize, Serialize)]
pub(crate) struct ItemReport {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) average_precision: Option<f64>,
    /// Labelled and proposed grade by framework and requirement, where either is above 0.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) grades: BTreeMap<String, BTreeMap<String, (u8, u8)>>,
}

#[derive(Serialize)]
pub(crate) struct RankingReport {
    pub(crate) pairs: usize,
    pub(crate) map: Interval,
    pub(crate) mrr: Interval,
    pub(crate) recall_at_5: Interval,
    pub(crate) no_evidence: NoEvidence,
}

#[derive(Serialize)]
pub(crate) struct GradeReport {
    pub(crate) pairs: usize,
    pub(crate) labelled_above_0: usize,
    pub(crate) kappa: Option<Interval>,
    /// Over pairs where either side is above 0.
    pub(crate) kappa_above_0: Option<Interval>,
    pub(crate) mean_absolute_error: Option<Interval>,
    pub(crate) exact: Option<Interval>,
    pub(crate) within_one: Option<Interval>,
    /// Share of the pairs labelled 0 that get 2 or more.
    pub(crate) zero_given_2: Option<Interval>,
    /// Share of the pairs labelled 2 or more that get 0.
    pub(crate) two_given_0: Option<Interval>,
    /// Share of the pairs of documents that stand in the labelled order, within a requirement.
    pub(crate) ordered: Option<Interval>,
    /// Of each requirement's highest labelled and highest proposed grade.
    pub(crate) rank_correlation: Option<Interval>,
    /// Share of the pairs with each labelled grade that get the same.
    pub(crate) agreement: [Option<f64>; 6],
    /// Rows: labelled; columns: proposed.
    pub(crate) confusion: [[usize; 6]; 6],
    pub(crate) no_evidence: NoEvidence,
}

/// How well "no evidence" is told: of what is said to have none, and of what has none.
#[derive(Serialize)]
pub(crate) struct NoEvidence {
    pub(crate) precision: Option<f64>,
    pub(crate) recall: Option<f64>,
    pub(crate) labelled: usize,
}

/// Compares what was found with what is labelled, set by set.
pub(crate) fn report(judged: &[(LabelledSet, Vec<Judged>)]) -> Report {
    let sets: Vec<SetReport> = judged.iter().map(|(set, judged)| of_set(set, judged)).collect();
    let ranked = sets.iter().filter_map(|set| set.ranking.as_ref());
    let maps: Vec<f64> = ranked.filter(|set| set.pairs > 0).map(|set| set.map.value).collect();
    let map_macro = (!maps.is_empty()).then(|| maps.iter().sum::<f64>() / maps.len() as f64);
    let figures = figures(&sets, map_macro);
    Report { sets, map_macro, figures }
}

fn figures(sets: &[SetReport], map_macro: Option<f64>) -> BTreeMap<String, f64> {
    let mut figures = BTreeMap::new();
    figures.extend(map_macro.map(|map| ("map".to_owned(), map)));
    for set in sets {
        let mut add = |name: String, value: Option<f64>| {
            figures.extend(value.map(|value| (format!("{}.{name}", set.set), value)));
        };
        if let Some(ranking) = &set.ranking {
            add("map".into(), Some(ranking.map.value));
            add("mrr".into(), Some(ranking.mrr.value));
            add("recall_at_5".into(), Some(ranking.recall_at_5.value));
        }
        for (framework, grades) in &set.grades {
            for (name, measure) in grades.measures() {
                add(format!("{framework}.{name}"), measure.map(|measure| measure.value));
            }
            add(format!("{framework}.no_evidence_precision"), grades.no_evidence.precision);
            add(format!("{framework}.no_evidence_recall"), grades.no_evidence.recall);
        }
        if let Some(calibration) = &set.calibration {
            add("expected_calibration_error".into(), Some(calibration.expected_error));
            add("brier_skill".into(), calibration.brier_skill);
        }
        add("near_misses_at_most_1".into(), set.near_misses_at_most_1.map(|m| m.value));
    }
    figures
}

impl GradeReport {
    /// Its measures with their names.
    pub(crate) fn measures(&self) -> [(&'static str, Option<Interval>); 9] {
        [
            ("kappa", self.kappa),
            ("kappa_above_0", self.kappa_above_0),
            ("mean_absolute_error", self.mean_absolute_error),
            ("exact", self.exact),
            ("within_one", self.within_one),
            ("zero_given_2", self.zero_given_2),
            ("two_given_0", self.two_given_0),
            ("ordered", self.ordered),
            ("rank_correlation", self.rank_correlation),
        ]
    }
}

fn of_set(set: &LabelledSet, judged: &[Judged]) -> SetReport {
    let relevance = set.items.iter().any(|item| matches!(item.labels, Labels::Relevant { .. }));
    let frameworks: BTreeSet<&String> = judged.iter().flat_map(|item| item.pairs.keys()).collect();
    let most = |item: &Judged| item.pairs.values().flatten().map(|pair| pair.proposed).max();
    let near_misses: Vec<&Judged> =
        judged.iter().filter(|item| item.near_miss && item.unread.is_none()).collect();
    let matches = judged.iter().flat_map(|item| item.pairs.values().flatten());
    SetReport {
        set: set.name.clone(),
        texts: judged.len(),
        unread: judged
            .iter()
            .filter_map(|item| Some((item.id.clone(), item.unread.clone()?)))
            .collect(),
        ranking: relevance.then(|| ranking_report(judged)),
        grades: frameworks
            .into_iter()
            .map(|framework| (framework.clone(), grade_report(judged, framework)))
            .filter(|(_, report)| report.pairs > 0)
            .collect(),
        calibration: calibration(
            matches
                .filter_map(|pair| Some((f64::from(pair.confidence?), pair.labelled >= 2)))
                .collect(),
        ),
        false_distractors: judged
            .iter()
            .filter(|item| item.distractor && most(item) >= Some(2))
            .map(|item| item.id.clone())
            .collect(),
        distractors: judged.iter().filter(|item| item.distractor).count(),
        near_misses_at_most_1: interval(&near_misses, |sample| {
            let low = sample.iter().filter(|item| most(item) < Some(2)).count();
            (!sample.is_empty()).then(|| low as f64 / sample.len() as f64)
        }),
        near_misses: near_misses.len(),
        items: judged.iter().map(|item| (item.id.clone(), item_report(item))).collect(),
    }
}

fn item_report(item: &Judged) -> ItemReport {
    let bears = |pair: &&Pair| pair.labelled > 0 || pair.proposed > 0;
    let grades = |pairs: &[Pair]| -> BTreeMap<String, (u8, u8)> {
        let grade = |pair: &Pair| (pair.requirement.to_string(), (pair.labelled, pair.proposed));
        pairs.iter().filter(bears).map(grade).collect()
    };
    ItemReport {
        average_precision: (item.labelled > 0)
            .then(|| average_precision(&item.ranking, item.labelled)),
        grades: item
            .pairs
            .iter()
            .map(|(framework, pairs)| (framework.clone(), grades(pairs)))
            .filter(|(_, grades)| !grades.is_empty())
            .collect(),
    }
}

fn ranking_report(judged: &[Judged]) -> RankingReport {
    let labelled: Vec<&Judged> = judged.iter().filter(|item| item.labelled > 0).collect();
    let mean = |value: fn(&Judged) -> f64| {
        let measure = |sample: &[&&Judged]| {
            Some(sample.iter().map(|item| value(item)).sum::<f64>() / sample.len().max(1) as f64)
        };
        interval(&labelled, measure).unwrap_or(Interval { value: 0.0, low: 0.0, high: 0.0 })
    };
    let none: Vec<(bool, bool)> =
        judged.iter().map(|item| (item.labelled == 0, item.nothing_proposed)).collect();
    RankingReport {
        pairs: judged.iter().map(|item| item.labelled).sum(),
        map: mean(|item| average_precision(&item.ranking, item.labelled)),
        mrr: mean(|item| reciprocal_rank(&item.ranking)),
        recall_at_5: mean(|item| recall_at(&item.ranking, item.labelled, 5)),
        no_evidence: no_evidence(&none),
    }
}

fn no_evidence(labelled_and_proposed: &[(bool, bool)]) -> NoEvidence {
    let count = |wanted: fn(&(bool, bool)) -> bool| {
        labelled_and_proposed.iter().filter(|pair| wanted(pair)).count()
    };
    let both = count(|(labelled, proposed)| *labelled && *proposed);
    let share = |all: usize| (all > 0).then(|| both as f64 / all as f64);
    let labelled = count(|(labelled, _)| *labelled);
    NoEvidence {
        precision: share(count(|(_, proposed)| *proposed)),
        recall: share(labelled),
        labelled,
    }
}

fn grade_report(judged: &[Judged], framework: &str) -> GradeReport {
    let items: Vec<&[Pair]> =
        judged.iter().filter_map(|item| item.pairs.get(framework)).map(Vec::as_slice).collect();
    let all: Vec<&Pair> = items.iter().flat_map(|pairs| pairs.iter()).collect();
    let over = |measure: fn(&[&Pair]) -> Option<f64>| {
        interval(&items, |sample: &[&&[Pair]]| {
            let pairs: Vec<&Pair> = sample.iter().flat_map(|pairs| pairs.iter()).collect();
            measure(&pairs)
        })
    };
    let table = confusion(all.iter().copied());
    let agreement = std::array::from_fn(|grade| {
        let row: usize = table[grade].iter().sum();
        (row > 0).then(|| table[grade][grade] as f64 / row as f64)
    });
    let none: Vec<(bool, bool)> =
        all.iter().map(|pair| (pair.labelled == 0, pair.proposed == 0)).collect();
    GradeReport {
        pairs: all.len(),
        labelled_above_0: all.iter().filter(|pair| pair.labelled > 0).count(),
        kappa: over(|pairs| kappa(&confusion(pairs.iter().copied()))),
        kappa_above_0: over(|pairs| {
            kappa(&confusion(
                pairs.iter().copied().filter(|pair| pair.labelled > 0 || pair.proposed > 0),
            ))
        }),
        mean_absolute_error: over(|pairs| Some(mean_absolute_error(pairs.iter().copied()))),
        exact: over(|pairs| share(pairs, |_| true, |pair| pair.labelled == pair.proposed)),
        within_one: over(|pairs| {
            share(pairs, |_| true, |pair| pair.labelled.abs_diff(pair.proposed) <= 1)
        }),
        zero_given_2: over(|pairs| {
            share(pairs, |pair| pair.labelled == 0, |pair| pair.proposed >= 2)
        }),
        two_given_0: over(|pairs| {
            share(pairs, |pair| pair.labelled >= 2, |pair| pair.proposed == 0)
        }),
        ordered: over(|pairs| ordered(pairs.iter().copied())),
        rank_correlation: over(|pairs| rank_correlation(pairs.iter().copied())),
        agreement,
        confusion: table,
        no_evidence: no_evidence(&none),
    }
}

/// Of the pairs that are `among`, the share that are `wanted`.
fn share(pairs: &[&Pair], among: fn(&Pair) -> bool, wanted: fn(&Pair) -> bool) -> Option<f64> {
    let all = pairs.iter().filter(|pair| among(pair)).count();
    let hits = pairs.iter().filter(|pair| among(pair) && wanted(pair)).count();
    (all > 0).then(|| hits as f64 / all as f64)
}
