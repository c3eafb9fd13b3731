use crate::Outcome;
use crate::cli::{Common, Format};
use crate::commands::overview::file_summary;
use crate::failure::Failure;
use crate::held;
use crate::judge;
use crate::output::{self, Coverage, coverage, csv_rows, fit, fit_path, line, out, width};
use crate::workspace::Workspace;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use sufficit_evidence::{FileRecord, Run};
use sufficit_review::{ForgottenFile, Store};

#[derive(Serialize)]
struct Status {
    files: Vec<FileRecord>,
    vanished: Vec<String>,
    forgotten: Vec<ForgottenView>,
    coverage: BTreeMap<String, Coverage>,
    run: Option<Run>,
    /// Whether something was read since that run began.
    #[serde(skip)]
    is_unmapped: bool,
}

/// A file that was forgotten: all that is left of it.
#[derive(Serialize)]
struct ForgottenView {
    path: String,
    sha256: Option<String>,
    when: String,
    why: String,
}

impl From<ForgottenFile> for ForgottenView {
    fn from(file: ForgottenFile) -> Self {
        Self {
            path: file.path,
            sha256: file.document.map(|id| id.to_string()),
            when: file.forgotten,
            why: file.why,
        }
    }
}

/// What was read, skipped and failed, and how far each framework is covered.
pub(crate) async fn run(common: &Common) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    let store = workspace.judged_store(common).await?;
    print(&workspace, common, &store).await?;
    Ok(Outcome::Done)
}

/// Prints the status in the form asked for.
pub(crate) async fn print(
    workspace: &Workspace,
    common: &Common,
    store: &Store,
) -> Result<(), Failure> {
    let catalogue = judge::catalogue(workspace, common)?;
    let run = store.latest_run().await?;
    let status = Status {
        files: store.status().await?,
        vanished: store.vanished().await?,
        forgotten: store.forgotten().await?.into_iter().map(ForgottenView::from).collect(),
        coverage: coverage(&catalogue, &held::assessments(workspace, common, store).await?),
        is_unmapped: store.latest_change().await? != run.as_ref().map_or(0, |run| run.change),
        run,
    };
    match common.format {
        Format::Json => output::json(&status),
        Format::Jsonl => output::json_lines(&status.files),
        Format::Csv => csv_rows(
            &["path", "status", "reason", "document", "media_type", "pages", "passages"],
            status.files.iter().map(|file| {
                vec![
                    file.path.clone(),
                    file.outcome.name().to_owned(),
                    file.reason.clone(),
                    file.document.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
                    file.media_type.clone(),
                    file.pages.map(|pages| pages.to_string()).unwrap_or_default(),
                    file.passages.to_string(),
                ]
            }),
        ),
        Format::Table => table(&status),
    }
}

fn table(status: &Status) -> Result<(), Failure> {
    let out = &mut out();
    let name_room = width() - 30;
    line(out, &format!("{:9} {:>6} {:>9}  path", "status", "pages", "passages"))?;
    for file in &status.files {
        let pages = file.pages.map(|pages| pages.to_string()).unwrap_or_else(|| "-".into());
        let path = fit_path(&file.path, name_room);
        line(out, &format!("{:9} {pages:>6} {:>9}  {path}", file.outcome.name(), file.passages))?;
    }
    line(out, "")?;
    file_summary(out, &status.files)?;
    if !status.vanished.is_empty() {
        line(out, &format!("{} files were there before and are no more:", status.vanished.len()))?;
        for path in status.vanished.iter().take(20) {
            line(out, &format!("  {}", fit_path(path, width() - 2)))?;
        }
    }
    for file in &status.forgotten {
        let day = file.when.split('T').next().unwrap_or_default();
        let path = fit_path(&file.path, name_room);
        let is_back = status.files.iter().any(|read| read.path == file.path);
        let since =
            if is_back { "; it lay there at a later ingest and was read again" } else { "" };
        line(out, &format!("Forgotten on {day}: {path} ({}){since}", file.why))?;
    }
    for (id, coverage) in &status.coverage {
        line(out, "")?;
        let header = format!("{} ({id})", coverage.title);
        line(
            out,
            &format!(
                "{} {:>5} {:>8} {:>8} {:>6} {:>4}",
                fit(&header, width() - 37),
                "all",
                "covered",
                "in part",
                "open",
                "n/a"
            ),
        )?;
        for theme in &coverage.themes {
            let counts = theme.counts;
            let name = fit(&format!("  {} {}", theme.id, theme.title), width() - 37);
            line(
                out,
                &format!(
                    "{name} {:>5} {:>8} {:>8} {:>6} {:>4}",
                    counts.requirements,
                    counts.covered,
                    counts.partial,
                    counts.open,
                    counts.not_applicable
                ),
            )?;
        }
    }
    if let Some(run) = &status.run {
        line(out, "")?;
        line(out, &format!("{}, judged as of {}, finished {}", run.id, run.as_of, run.finished))?;
    }
    if status.is_unmapped {
        line(out, "Not everything that was read is mapped yet: `sufficit map` does it.")?;
    }
    Ok(out.flush()?)
}
