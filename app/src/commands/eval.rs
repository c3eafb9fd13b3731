use crate::Outcome;
use crate::cli::{Common, Format};
use crate::eval::{
    Interval, Judged, LabelledSet, Labels, Pair, average_precision, confusion, interval, judge_set,
    kappa, mean_absolute_error, read_set, recall_at, reciprocal_rank,
};
use crate::failure::Failure;
use crate::judge::Judge;
use crate::output::{self, line, out};
use crate::reading::{self, Reader};
use crate::workspace::Workspace;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

#[derive(Serialize)]
struct SetReport {
    set: String,
    texts: usize,
    /// Those that could not be read, with the reason; they count as if nothing had been found.
    unread: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ranking: Option<RankingReport>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    grades: BTreeMap<String, GradeReport>,
    /// Distractors that have a match of 2 or more.
    false_distractors: Vec<String>,
    distractors: usize,
}

#[derive(Serialize)]
struct RankingReport {
    pairs: usize,
    map: Measure,
    mrr: Measure,
    recall_at_5: Measure,
    no_evidence: NoEvidence,
}

#[derive(Serialize)]
struct GradeReport {
    pairs: usize,
    labelled_above_0: usize,
    kappa: Option<Measure>,
    /// Over pairs where either side is above 0.
    kappa_above_0: Option<Measure>,
    mean_absolute_error: Option<Measure>,
    exact: Option<Measure>,
    within_one: Option<Measure>,
    /// Share of the pairs labelled 0 that get 2 or more.
    zero_given_2: Option<Measure>,
    /// Share of the pairs labelled 2 or more that get 0.
    two_given_0: Option<Measure>,
    /// Share of the pairs with each labelled grade that get the same.
    agreement: [Option<f64>; 6],
    /// Rows: labelled; columns: proposed.
    confusion: [[usize; 6]; 6],
    no_evidence: NoEvidence,
}

/// How well "no evidence" is told: of what is said to have none, and of what has none.
#[derive(Serialize)]
struct NoEvidence {
    precision: Option<f64>,
    recall: Option<f64>,
    labelled: usize,
}

#[derive(Clone, Copy, Serialize)]
struct Measure {
    value: f64,
    low: f64,
    high: f64,
}

impl From<Interval> for Measure {
    fn from(interval: Interval) -> Self {
        Self { value: interval.value, low: interval.low, high: interval.high }
    }
}

#[derive(Serialize)]
struct Report {
    sets: Vec<SetReport>,
    /// Mean of the sets' MAP.
    map_macro: Option<f64>,
}

/// Measures accuracy on labelled sets. Exit status 1 where a floor is not reached or a distractor is matched.
pub(crate) fn run(
    common: &Common,
    paths: &[PathBuf],
    floor: Option<f64>,
    no_distractors: bool,
) -> Result<Outcome, Failure> {
    let sets: Vec<LabelledSet> =
        paths.iter().map(|path| read_set(path)).collect::<Result<_, _>>()?;
    let workspace = Workspace::find(common)?;
    let judge = Judge::new(&workspace, common, false)?;
    let limits = reading::limits(&workspace.settings.ingest);
    let reader = Reader::new(&workspace.settings.ingest, common)?;
    let reports: Vec<SetReport> =
        sets.iter().map(|set| report(set, &judge_set(&judge, set, &limits, &reader))).collect();
    let maps: Vec<f64> =
        reports.iter().filter_map(|set| Some(set.ranking.as_ref()?.map.value)).collect();
    let map_macro = (!maps.is_empty()).then(|| maps.iter().sum::<f64>() / maps.len() as f64);
    let report = Report { sets: reports, map_macro };
    match common.format {
        Format::Json => output::json(&report)?,
        Format::Jsonl => output::json_lines(&report.sets)?,
        Format::Table | Format::Csv => print(&report)?,
    }
    let below = floor.is_some_and(|floor| map_macro.is_some_and(|map| map < floor));
    let matched = no_distractors && report.sets.iter().any(|set| !set.false_distractors.is_empty());
    if below {
        tracing::error!("the macro average of MAP is below the floor");
    }
    if matched {
        tracing::error!("a distractor has a match of 2 or more");
    }
    Ok(if below || matched { Outcome::SomeFailed } else { Outcome::Done })
}

fn report(set: &LabelledSet, judged: &[Judged]) -> SetReport {
    let relevance = set.items.iter().any(|item| matches!(item.labels, Labels::Relevant { .. }));
    let frameworks: BTreeSet<&String> = judged.iter().flat_map(|item| item.pairs.keys()).collect();
    let is_matched = |item: &&Judged| item.pairs.values().flatten().any(|pair| pair.proposed >= 2);
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
        false_distractors: judged
            .iter()
            .filter(|item| item.distractor)
            .filter(is_matched)
            .map(|item| item.id.clone())
            .collect(),
        distractors: judged.iter().filter(|item| item.distractor).count(),
    }
}

fn ranking_report(judged: &[Judged]) -> RankingReport {
    let labelled: Vec<&Judged> = judged.iter().filter(|item| item.labelled > 0).collect();
    let mean = |value: fn(&Judged) -> f64| {
        let measure = |sample: &[&&Judged]| {
            Some(sample.iter().map(|item| value(item)).sum::<f64>() / sample.len().max(1) as f64)
        };
        interval(&labelled, measure)
            .map_or(Measure { value: 0.0, low: 0.0, high: 0.0 }, Measure::from)
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
        .map(Measure::from)
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

fn print(report: &Report) -> Result<(), Failure> {
    let out = &mut out();
    if report.map_macro.is_some() {
        line(
            out,
            &format!(
                "{:24} {:>5} {:>5}  {:19} {:>5}  {:>5}",
                "set", "texts", "pairs", "MAP (95 % interval)", "MRR", "R@5"
            ),
        )?;
    }
    for set in &report.sets {
        if let Some(ranking) = &set.ranking {
            let map = ranking.map;
            line(
                out,
                &format!(
                    "{:24} {:>5} {:>5}  {:.3} ({:.3}-{:.3})  {:.3}  {:.3}",
                    set.set,
                    set.texts,
                    ranking.pairs,
                    map.value,
                    map.low,
                    map.high,
                    ranking.mrr.value,
                    ranking.recall_at_5.value
                ),
            )?;
            no_evidence_line(out, &ranking.no_evidence)?;
        }
        for (framework, grades) in &set.grades {
            grade_lines(out, set, framework, grades)?;
        }
        if set.distractors > 0 {
            line(
                out,
                &format!(
                    "  distractors with a match of 2 or more: {} of {}",
                    set.false_distractors.len(),
                    set.distractors
                ),
            )?;
            for path in &set.false_distractors {
                line(out, &format!("    {path}"))?;
            }
        }
        for (id, reason) in &set.unread {
            line(out, &format!("  not read: {id}: {reason}"))?;
        }
    }
    if let Some(map) = report.map_macro {
        line(out, &format!("{:36}  {map:.3}", "macro average of MAP"))?;
    }
    Ok(out.flush()?)
}

fn no_evidence_line(out: &mut impl Write, report: &NoEvidence) -> Result<(), Failure> {
    if report.labelled == 0 {
        return Ok(());
    }
    let shown = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    let (precision, recall) = (shown(report.precision), shown(report.recall));
    line(
        out,
        &format!(
            "  no evidence: precision {precision}, recall {recall} ({} labelled so)",
            report.labelled
        ),
    )
}

fn grade_lines(
    out: &mut impl Write,
    set: &SetReport,
    framework: &str,
    grades: &GradeReport,
) -> Result<(), Failure> {
    let shown = |measure: Option<Measure>| {
        measure.map_or("-".to_owned(), |m| format!("{:.3} ({:.3}-{:.3})", m.value, m.low, m.high))
    };
    line(
        out,
        &format!(
            "{} {framework}: {} texts, {} pairs, {} of them above 0",
            set.set, set.texts, grades.pairs, grades.labelled_above_0
        ),
    )?;
    for (name, measure) in [
        ("quadratic-weighted kappa", grades.kappa),
        ("kappa where either is above 0", grades.kappa_above_0),
        ("mean absolute error", grades.mean_absolute_error),
        ("exact", grades.exact),
        ("within one", grades.within_one),
        ("labelled 0, given 2 or more", grades.zero_given_2),
        ("labelled 2 or more, given 0", grades.two_given_0),
    ] {
        line(out, &format!("  {name:30} {}", shown(measure)))?;
    }
    no_evidence_line(out, &grades.no_evidence)?;
    line(out, "  labelled \\ given      0      1      2      3      4      5  agree")?;
    for (grade, row) in grades.confusion.iter().enumerate() {
        let cells: String = row.iter().map(|count| format!("{count:>7}")).collect();
        let agree = grades.agreement[grade].map_or("-".to_owned(), |share| format!("{share:.2}"));
        line(out, &format!("  {grade:>14} {cells} {agree:>6}"))?;
    }
    Ok(())
}
