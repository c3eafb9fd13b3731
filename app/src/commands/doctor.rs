mod outside;

use crate::Outcome;
use crate::cli::{Common, Format};
use crate::failure::Failure;
#[cfg(feature = "onnx")]
use crate::failure::RUNTIME_HELP;
use crate::judge;
use crate::model;
use crate::output::{self, line, out, wrapped};
use crate::reading::{self, Reader};
use crate::workspace::Workspace;
use serde::Serialize;
use std::io::Write;
use std::path::Path;
use sufficit_ingest::tools::Description;

#[derive(Serialize)]
struct Finding {
    what: &'static str,
    works: bool,
    detail: String,
    /// What mends it; empty where nothing needs mending.
    mend: String,
}

impl Finding {
    fn works(what: &'static str, detail: String) -> Self {
        Self { what, works: true, detail, mend: String::new() }
    }

    fn fails(what: &'static str, detail: String, mend: &str) -> Self {
        Self { what, works: false, detail, mend: mend.to_owned() }
    }
}

/// Says what works here, what is missing, and what mends it. Exit status 1 where something does not work.
pub(crate) async fn run(common: &Common) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    let mut findings = vec![
        catalogue(&workspace, common),
        model(&workspace, common),
        onnx(&workspace),
        writable(&workspace),
        record(&workspace).await,
        outside::index(&workspace, common).await,
        outside::network(&workspace),
    ];
    findings.extend(programs(&workspace));
    findings.push(confinement(&workspace, common)?);
    match common.format {
        Format::Json => output::json(&findings)?,
        Format::Jsonl => output::json_lines(&findings)?,
        Format::Table | Format::Csv => table(&findings)?,
    }
    let broken = findings.iter().any(|finding| !finding.works);
    Ok(if broken { Outcome::SomeFailed } else { Outcome::Done })
}

fn catalogue(workspace: &Workspace, common: &Common) -> Finding {
    let loaded = judge::catalogue(workspace, common)
        .and_then(|catalogue| Ok((judge::crosswalk(workspace, &catalogue)?, catalogue)));
    match loaded {
        Ok((crosswalk, catalogue)) => {
            let requirements = catalogue.requirements().count();
            let frameworks = catalogue.frameworks().len();
            let pairs = crosswalk.pairs.len();
            Finding::works(
                "catalogue",
                format!(
                    "{frameworks} frameworks, {requirements} requirements, {pairs} counterparts"
                ),
            )
        }
        Err(failure) => Finding::fails(
            "catalogue",
            failure.what().to_owned(),
            "Correct the file that is named.",
        ),
    }
}

/// The embedding model, without fetching it.
fn model(workspace: &Workspace, common: &Common) -> Finding {
    #[cfg(feature = "onnx")]
    if !model::is_static(&workspace.settings.embedding.model)
        && let Ok(model::Place::ToFetch(wanted)) = model::place(workspace)
    {
        let hub = &workspace.settings.embedding.hub;
        let detail = format!(
            "{}, not here yet; the next `ingest` or `map` fetches it from {hub}/{}",
            wanted.name, wanted.repository
        );
        return Finding::works("model", detail);
    }
    match model::embedder(workspace, common) {
        Ok(model) => Finding::works(
            "model",
            format!("{}, {} dimensions", model.version(), model.dimensions()),
        ),
        Err(failure) => Finding::fails("model", failure.what().to_owned(), failure.help()),
    }
}

/// ONNX Runtime, which only models as ONNX files need.
#[cfg(feature = "onnx")]
fn onnx(workspace: &Workspace) -> Finding {
    let settings = &workspace.settings;
    let needed =
        !model::is_static(&settings.embedding.model) || !model::is_static(&settings.rerank.model);
    match sufficit_index::runtime() {
        Ok(runtime) => {
            Finding::works("onnx", format!("ONNX Runtime at {}", runtime.library.display()))
        }
        Err(error) if needed => Finding::fails("onnx", error.to_string(), RUNTIME_HELP),
        Err(error) => Finding {
            what: "onnx",
            works: true,
            detail: format!("{error}; the built-in model does without"),
            mend: format!("For models as ONNX files: {RUNTIME_HELP}"),
        },
    }
}

/// ONNX Runtime, which this program was built without.
#[cfg(not(feature = "onnx"))]
fn onnx(_: &Workspace) -> Finding {
    Finding::works("onnx", "models as ONNX files are not part of this build".to_owned())
}

fn writable(workspace: &Workspace) -> Finding {
    let folder =
        workspace.folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let probe = folder.join(".sufficit-doctor");
    match std::fs::write(&probe, b"") {
        Ok(()) => {
            // A probe that stays behind does no harm.
            let _ = std::fs::remove_file(&probe);
            Finding::works("workspace", format!("{} can be written", workspace.folder.display()))
        }
        Err(error) => Finding::fails(
            "workspace",
            format!("{}: {error}", folder.display()),
            "Make the folder writable, or name another with --workspace.",
        ),
    }
}

async fn record(workspace: &Workspace) -> Finding {
    match workspace.store().await {
        Ok(store) => match store.current_documents().await {
            Ok(documents) => Finding::works("record", format!("{} documents", documents.len())),
            Err(error) => Finding::fails(
                "record",
                error.to_string(),
                "Restore the workspace from a backup, or ingest into a new one.",
            ),
        },
        Err(_) if !workspace.folder.join("record.sqlite").exists() => {
            Finding::works("record", "none yet; `sufficit ingest FOLDER` makes it".to_owned())
        }
        Err(failure) => {
            Finding::fails("record", failure.what().to_owned(), "Use the newest sufficit.")
        }
    }
}

/// The programs outside: none of them is needed, and each that is missing leaves something unread.
fn programs(workspace: &Workspace) -> Vec<Finding> {
    let settings = &workspace.settings.ingest;
    let tools = reading::outside(settings, &reading::limits(settings));
    let finding = |program: Description| {
        let Description { name, purpose, found, install } = program;
        let what = if name == "Tesseract" { "ocr" } else { "old office" };
        let Some(found) = found else {
            let detail = format!(
                "{name}, which {purpose}, is not installed; such files are listed as unread"
            );
            return Finding {
                what,
                works: true,
                detail,
                mend: format!("To have them read: {install}"),
            };
        };
        let mut detail = format!("{name} {} {purpose}", found.version);
        if !found.languages.is_empty() {
            detail += &format!(", in {}", found.languages.join(", "));
        }
        let mend = match found.missing_languages.as_slice() {
            [] => String::new(),
            missing => format!("Not installed: {}. {install}", missing.join(", ")),
        };
        Finding { what, works: true, detail, mend }
    };
    tools.describe().into_iter().map(finding).collect()
}

/// What the workers that read files may not do, tried on one.
fn confinement(workspace: &Workspace, common: &Common) -> Result<Finding, Failure> {
    let reader = Reader::new(&workspace.settings.ingest, common)?;
    Ok(match reader.confinement() {
        Ok(found) if found.missing.is_empty() => Finding::works("confined", found.to_string()),
        Ok(found) => Finding {
            what: "confined",
            works: true,
            detail: found.to_string(),
            mend: "What is not enforced here is bounded by time and memory alone.".to_owned(),
        },
        Err(error) => Finding::fails(
            "confined",
            format!("no worker could be started: {error}"),
            "Install sufficit anew.",
        ),
    })
}

fn table(findings: &[Finding]) -> Result<(), Failure> {
    let out = &mut out();
    for finding in findings {
        let mark = if finding.works {
            console::style("ok  ").green()
        } else {
            console::style("FAIL").red()
        };
        line(
            out,
            &format!("{mark} {:10} {}", finding.what, wrapped(&finding.detail, 16).trim_start()),
        )?;
        if !finding.mend.is_empty() {
            line(out, &wrapped(&finding.mend, 16))?;
        }
    }
    Ok(out.flush()?)
}
