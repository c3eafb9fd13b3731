use crate::Outcome;
use crate::cli::{Common, Format};
use crate::eval::{
    Bound, Calibration, Changes, GradeReport, LabelledSet, NoEvidence, Report, SetReport, broken,
    changes, figure_text, interval_text, judge_set, markdown, read_run, read_sets, report, spoken,
};
use crate::failure::Failure;
use crate::judge::Judge;
use crate::output::{self, line, out};
use crate::reading::{self, Reader};
use crate::workspace::Workspace;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Grades that changed, shown at most.
const MOST_CHANGES: usize = 40;

#[derive(Args, Debug)]
pub(crate) struct EvalArgs {
    /// Files of the form that docs/evaluation.md describes
    #[arg(required = true, value_name = "SET")]
    sets: Vec<PathBuf>,
    /// Exit status 1 where a figure is lower: map=0.55, iso42001.kappa=0.6 (repeatable)
    #[arg(long, value_name = "FIGURE=NUMBER")]
    floor: Vec<Bound>,
    /// Exit status 1 where a figure is higher: zero_given_2=0.015 (repeatable)
    #[arg(long, value_name = "FIGURE=NUMBER")]
    ceiling: Vec<Bound>,
    /// Exit status 1 where a document labelled as a distractor has a match of 2 or more
    #[arg(long)]
    no_distractors: bool,
    /// Show what changed since an earlier run, whose report --format json wrote
    #[arg(long, value_name = "RUN", conflicts_with = "markdown")]
    compare: Option<PathBuf>,
    /// Print the report as Markdown, for docs/accuracy.md
    #[arg(long)]
    markdown: bool,
}

/// Measures accuracy on labelled sets. Exit status 1 where a bound is broken or a distractor is matched.
pub(crate) fn run(common: &Common, args: &EvalArgs) -> Result<Outcome, Failure> {
    if args.compare.is_some() && common.format != Format::Table {
        let help = "Leave --format out, or compare the figures of two reports yourself.";
        return Err(Failure::usage("--compare is shown as a table only", help));
    }
    let sets: Vec<LabelledSet> = read_sets(&args.sets)?;
    let earlier = args.compare.as_deref().map(read_run).transpose()?;
    let workspace = Workspace::find(common)?;
    let judge = Judge::new(&workspace, common, false)?;
    let limits = reading::limits(&workspace.settings.ingest);
    let reader = Reader::new(&workspace.settings.ingest, common)?;
    let judge_one = |set: LabelledSet| {
        let judged = judge_set(&judge, &set, &limits, &reader)?;
        Ok((set, judged))
    };
    let judged: Vec<_> = sets.into_iter().map(judge_one).collect::<Result<_, Failure>>()?;
    let report = report(&judged);
    let changes = earlier.map(|earlier| changes(&earlier, &report));
    match common.format {
        _ if args.markdown => {
            let out = &mut out();
            let day = judge.rules.as_of().to_string();
            out.write_all(markdown(&report, &command(), &day).as_bytes())?;
            out.flush()?;
        }
        Format::Json => output::json(&report)?,
        Format::Jsonl => output::json_lines(&report.sets)?,
        Format::Table | Format::Csv => print(&report, changes.as_ref())?,
    }
    let mut faults = broken(&report, &args.floor, &args.ceiling)?;
    let matched = report.sets.iter().flat_map(|set| &set.false_distractors);
    if args.no_distractors {
        faults.extend(matched.map(|path| format!("a distractor has a match of 2 or more: {path}")));
    }
    faults.iter().for_each(|fault| tracing::error!("{fault}"));
    Ok(if faults.is_empty() { Outcome::Done } else { Outcome::SomeFailed })
}

/// The command as it was given.
fn command() -> String {
    let given = std::env::args_os().skip(1).map(|argument| {
        let argument = argument.to_string_lossy().into_owned();
        if argument.contains(char::is_whitespace) { format!("'{argument}'") } else { argument }
    });
    std::iter::once("sufficit".to_owned()).chain(given).collect::<Vec<_>>().join(" ")
}

fn print(report: &Report, changes: Option<&Changes>) -> Result<(), Failure> {
    let out = &mut out();
    if report.map_macro.is_some() {
        line(
            out,
            &format!(
                "{:28} {:>5} {:>5}  {:19} {:>5}  {:>5}",
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
                    "{:28} {:>5} {:>5}  {:.3} ({:.3}-{:.3})  {:.3}  {:.3}",
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
        if let Some(calibration) = &set.calibration {
            calibration_lines(out, calibration)?;
        }
        if set.near_misses > 0 {
            let share = interval_text(set.near_misses_at_most_1);
            line(out, &format!("  near misses given 0 or 1: {share} of {}", set.near_misses))?;
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
        line(out, &format!("{:40}  {map:.3}", "macro average of MAP"))?;
    }
    if let Some(changes) = changes {
        change_lines(out, changes)?;
    }
    Ok(out.flush()?)
}

fn no_evidence_line(out: &mut impl Write, report: &NoEvidence) -> Result<(), Failure> {
    if report.labelled == 0 {
        return Ok(());
    }
    let (precision, recall) = (figure_text(report.precision), figure_text(report.recall));
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
    line(
        out,
        &format!(
            "{} {framework}: {} texts, {} pairs, {} of them above 0",
            set.set, set.texts, grades.pairs, grades.labelled_above_0
        ),
    )?;
    for (name, measure) in grades.measures() {
        line(out, &format!("  {:30} {}", spoken(name), interval_text(measure)))?;
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

fn calibration_lines(out: &mut impl Write, calibration: &Calibration) -> Result<(), Failure> {
    let skill = figure_text(calibration.brier_skill);
    line(
        out,
        &format!(
            "  confidence of {} matches: expected calibration error {:.3}, Brier skill {skill} (base rate {:.3})",
            calibration.matches, calibration.expected_error, calibration.right
        ),
    )?;
    line(out, "         matches  confidence  labelled 2 or more")?;
    for bin in &calibration.bins {
        let (confidence, right) = (bin.confidence, bin.right);
        line(out, &format!("  {:>14} {confidence:>11.3} {right:>19.3}", bin.matches))?;
    }
    Ok(())
}

fn change_lines(out: &mut impl Write, changes: &Changes) -> Result<(), Failure> {
    line(out, "since the earlier run:")?;
    for (name, before, now) in &changes.figures {
        line(out, &format!("  {name:52} {before:.3} -> {now:.3}  {:+.3}", now - before))?;
    }
    if changes.figures.is_empty() {
        line(out, "  no figure changed")?;
    }
    let lost = changes.grades.iter().filter(|change| change.gain() < 0).count();
    let won = changes.grades.iter().filter(|change| change.gain() > 0).count();
    line(out, &format!("  grades nearer to their label: {won}, further from it: {lost}"))?;
    for change in changes.grades.iter().take(MOST_CHANGES) {
        let (before, now, labelled) = (change.before, change.now, change.labelled);
        line(out, &format!("    {before} -> {now} (labelled {labelled})  {}", change.place))?;
    }
    match changes.grades.len().saturating_sub(MOST_CHANGES) {
        0 => Ok(()),
        more => line(out, &format!("    and {more} more")),
    }
}
