use crate::cli::Common;
use crate::failure::Failure;
use crate::held;
use crate::judge;
use crate::output::{Counts, coverage, dots, fit, fit_path, line, out, width, wrapped};
use crate::workspace::Workspace;
use std::collections::HashMap;
use std::io::Write;
use sufficit_evidence::{Assessment, DocumentId, FileOutcome, FileRecord, Framework, Requirement};
use sufficit_review::Store;

/// Columns of a requirement's id, and of its grade as dots.
const ID: usize = 9;
const DOTS: usize = 8;

/// Prints what became of the files, of which so many lie `elsewhere` than in the folders that were read now, and every requirement with its grade, its best evidence and its gap.
pub(crate) async fn print(
    workspace: &Workspace,
    common: &Common,
    store: &Store,
    files: &[FileRecord],
    elsewhere: usize,
) -> Result<(), Failure> {
    let catalogue = judge::catalogue(workspace, common)?;
    let paths: HashMap<DocumentId, String> = store
        .current_documents()
        .await?
        .into_iter()
        .filter_map(|document| Some((document.id, document.paths.into_iter().next()?)))
        .collect();
    let assessments = held::assessments(workspace, common, store).await?;
    let out = &mut out();
    file_summary(out, files)?;
    if elsewhere > 0 {
        let text = format!(
            "{elsewhere} of these files lie in folders that were ingested before, and count too. `sufficit forget FOLDER` takes a folder out."
        );
        line(out, &wrapped(&text, 0))?;
    }
    for framework in catalogue.frameworks() {
        line(out, "")?;
        framework_table(out, framework, &assessments, &paths)?;
    }
    line(out, "")?;
    for (id, coverage) in coverage(&catalogue, &assessments) {
        for (counts, what) in [(coverage.clauses, "clauses"), (coverage.controls, "controls")] {
            count_line(out, &id, counts, what)?;
        }
    }
    contradiction_line(out, &assessments)?;
    if files.iter().any(|file| file.reason.starts_with("Language not supported")) {
        line(
            out,
            "Documents in other languages were not mapped: what is open here may stand in them.",
        )?;
    }
    let known =
        |id: &&str| catalogue.requirements().any(|(_, requirement)| requirement.id.as_str() == *id);
    let first = || catalogue.requirements().next().map(|(_, requirement)| requirement.id.as_str());
    if let Some(id) = Some("A.5.1").filter(known).or_else(first) {
        let hint = format!("Explain one:  sufficit show {id:12} All files:  sufficit status");
        line(out, &hint)?;
    }
    Ok(out.flush()?)
}

/// How many of a framework's clauses or controls are covered, where it has any.
fn count_line(out: &mut impl Write, id: &str, counts: Counts, what: &str) -> Result<(), Failure> {
    if counts.requirements == 0 {
        return Ok(());
    }
    let further =
        [(counts.denied, "said not to be in place"), (counts.not_applicable, "not applicable")];
    let further: String = further
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!(", {count} {what}"))
        .collect();
    line(
        out,
        &format!(
            "{id}: of {} {what} {} covered (3 or more), {} in part, {} with nothing found{further}",
            counts.requirements,
            counts.covered,
            counts.partial,
            counts.open - counts.denied
        ),
    )
}

/// The requirements on which documents in force contradict each other, where there are any.
fn contradiction_line(out: &mut impl Write, assessments: &[Assessment]) -> Result<(), Failure> {
    let named: Vec<String> = assessments
        .iter()
        .filter(|assessment| !assessment.contradictions.is_empty())
        .map(|assessment| format!("{}:{}", assessment.framework, assessment.requirement))
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let text = format!("Documents in force contradict each other on {}.", named.join(", "));
    line(out, &wrapped(&text, 0))
}

/// How many files were read, and each one that was not, with the reason.
pub(crate) fn file_summary(out: &mut impl Write, files: &[FileRecord]) -> Result<(), Failure> {
    let count = |outcome| files.iter().filter(|file| file.outcome == outcome).count();
    line(
        out,
        &format!(
            "{} files: {} read, {} skipped, {} failed, {} need OCR",
            files.len(),
            count(FileOutcome::Read),
            count(FileOutcome::Skipped),
            count(FileOutcome::Failed),
            count(FileOutcome::NeedsOcr),
        ),
    )?;
    for file in files.iter().filter(|file| !file.reason.is_empty()) {
        line(out, &format!("  {:9} {}", file.outcome.name(), fit_path(&file.path, width() - 12)))?;
        line(out, &wrapped(&file.reason, 12))?;
    }
    Ok(())
}

fn framework_table(
    out: &mut impl Write,
    framework: &Framework,
    assessments: &[Assessment],
    paths: &HashMap<DocumentId, String>,
) -> Result<(), Failure> {
    let bold = console::Style::new().bold();
    line(out, &bold.apply_to(format!("{} ({})", framework.title, framework.about)).to_string())?;
    let mut theme = "";
    for requirement in &framework.requirements {
        if requirement.theme != theme {
            theme = &requirement.theme;
            let title =
                framework.themes.iter().find(|t| t.id == theme).map_or("", |t| t.title.as_str());
            line(out, &console::style(format!("{theme} {title}")).dim().to_string())?;
        }
        let found = assessments.iter().find(|assessment| {
            assessment.framework == framework.id && assessment.requirement == requirement.id
        });
        requirement_lines(out, requirement, found, paths)?;
    }
    Ok(())
}

fn requirement_lines(
    out: &mut impl Write,
    requirement: &Requirement,
    found: Option<&Assessment>,
    paths: &HashMap<DocumentId, String>,
) -> Result<(), Failure> {
    let sufficiency = found.map(|assessment| assessment.sufficiency).unwrap_or_default();
    let best = found.and_then(|a| a.evidence.first()).and_then(|share| paths.get(&share.document));
    let room = width() - ID - DOTS;
    let evidence = fit_path(best.map_or("nothing found", String::as_str), room / 2);
    let title = fit(&requirement.title, room - room / 2 - 1);
    let not_applicable = found.and_then(|assessment| assessment.not_applicable.as_deref());
    let (grade, evidence) = match not_applicable {
        Some(_) => (fit("n/a", DOTS - 1), "not applicable".to_owned()),
        None => (dots(sufficiency), evidence),
    };
    line(out, &format!("{}{grade} {title} {evidence}", fit(requirement.id.as_str(), ID)))?;
    let gap = not_applicable.unwrap_or(found.map_or("", |assessment| assessment.gap.as_str()));
    if gap.is_empty() {
        return Ok(());
    }
    let gap = fit(gap, width() - ID - DOTS);
    line(out, &console::style(format!("{:1$}{2}", "", ID + DOTS, gap.trim_end())).dim().to_string())
}
