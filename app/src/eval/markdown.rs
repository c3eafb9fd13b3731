use super::Interval;
use super::calibration::Calibration;
use super::report::{GradeReport, Report, SetReport};
use std::fmt::Write;

/// The report as Markdown, for docs/accuracy.md, with the command and the day that made it.
pub(crate) fn markdown(report: &Report, command: &str, day: &str) -> String {
    let mut page = format!(
        "# Accuracy\n\nWritten by this command; do not edit it. Documents are judged as of {day}. [evaluation.md](evaluation.md) says what each measure means.\nIn brackets: 95 % intervals.\n\n    {command}\n"
    );
    rankings(report, &mut page);
    for set in report.sets.iter().filter(|set| !set.grades.is_empty()) {
        grades(set, &mut page);
    }
    page
}

fn rankings(report: &Report, page: &mut String) {
    let Some(map) = report.map_macro else { return };
    page.push_str(
        "\n## Relevance\n\n| set | texts | pairs | MAP | MRR | R@5 |\n|---|---|---|---|---|---|\n",
    );
    for set in &report.sets {
        if let Some(ranking) = &set.ranking {
            let shown = [ranking.map, ranking.mrr, ranking.recall_at_5].map(|m| interval(Some(m)));
            let cells =
                [format!("`{}`", set.set), set.texts.to_string(), ranking.pairs.to_string()];
            row(page, cells.into_iter().chain(shown));
        }
    }
    row(
        page,
        [
            "**macro average**".into(),
            String::new(),
            String::new(),
            format!("**{map:.3}**"),
            String::new(),
            String::new(),
        ],
    );
}

fn grades(set: &SetReport, page: &mut String) {
    let _ = write!(page, "\n## Grades: `{}`\n\n", set.set);
    let reports: Vec<&GradeReport> = set.grades.values().collect();
    row(page, std::iter::once(String::new()).chain(set.grades.keys().cloned()));
    row(page, vec!["---".to_owned(); reports.len() + 1]);
    let count = |count: fn(&GradeReport) -> usize| {
        reports.iter().map(move |report| count(report).to_string())
    };
    row(page, named("pairs", count(|report| report.pairs)));
    row(page, named("labelled above 0", count(|report| report.labelled_above_0)));
    for (at, (name, _)) in
        reports.first().map(|report| report.measures()).iter().flatten().enumerate()
    {
        let shown = reports.iter().map(|report| interval(report.measures()[at].1));
        row(page, named(spoken(name), shown));
    }
    let precision = reports.iter().map(|report| figure(report.no_evidence.precision));
    row(page, named("no evidence: precision", precision));
    let recall = reports.iter().map(|report| figure(report.no_evidence.recall));
    row(page, named("no evidence: recall", recall));
    let _ = writeln!(page);
    if set.distractors > 0 {
        let (false_ones, all) = (set.false_distractors.len(), set.distractors);
        let _ = writeln!(page, "Distractors with a match of 2 or more: {false_ones} of {all}.");
    }
    if set.near_misses_at_most_1.is_some() {
        let shown = interval(set.near_misses_at_most_1);
        let _ = writeln!(page, "Near misses given 0 or 1: {shown} of {}.", set.near_misses);
    }
    for (framework, report) in &set.grades {
        let _ = write!(page, "\nLabelled (rows) and given (columns), {framework}:\n\n");
        row(page, named("", (0..6).map(|grade| grade.to_string())));
        row(page, vec!["---".to_owned(); 7]);
        for (grade, counts) in report.confusion.iter().enumerate() {
            row(page, named(&format!("**{grade}**"), counts.iter().map(usize::to_string)));
        }
    }
    if let Some(calibration) = &set.calibration {
        reliability(calibration, page);
    }
}

fn reliability(calibration: &Calibration, page: &mut String) {
    let skill = figure(calibration.brier_skill);
    let _ = write!(
        page,
        "\nConfidence of {} matches, right where labelled 2 or more: expected calibration error {:.3}, Brier score {:.3}, skill {skill} against the\nbase rate of {:.3}.\n\n",
        calibration.matches, calibration.expected_error, calibration.brier, calibration.right
    );
    row(page, ["matches", "mean confidence", "right"].map(str::to_owned));
    row(page, vec!["---".to_owned(); 3]);
    for bin in &calibration.bins {
        let cells = [
            bin.matches.to_string(),
            format!("{:.3}", bin.confidence),
            format!("{:.3}", bin.right),
        ];
        row(page, cells);
    }
}

/// A figure's name as the tables have it.
pub(crate) fn spoken(name: &str) -> &str {
    match name {
        "kappa" => "quadratic-weighted kappa",
        "kappa_above_0" => "kappa where either is above 0",
        "mean_absolute_error" => "mean absolute error",
        "within_one" => "within one",
        "zero_given_2" => "labelled 0, given 2 or more",
        "two_given_0" => "labelled 2 or more, given 0",
        "ordered" => "order within a requirement",
        "rank_correlation" => "rank correlation, requirements",
        name => name,
    }
}

/// A figure, or a dash where there is none.
pub(crate) fn figure(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.3}"))
}

/// A measure with its interval.
pub(crate) fn interval(measure: Option<Interval>) -> String {
    measure.map_or("-".to_owned(), |m| format!("{:.3} ({:.3} to {:.3})", m.value, m.low, m.high))
}

fn named(name: &str, cells: impl IntoIterator<Item = String>) -> impl Iterator<Item = String> {
    std::iter::once(name.to_owned()).chain(cells)
}

fn row(page: &mut String, cells: impl IntoIterator<Item = String>) {
    let cells: Vec<String> = cells.into_iter().collect();
    page.push_str(&format!("| {} |\n", cells.join(" | ")));
}
