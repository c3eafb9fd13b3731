use crate::Outcome;
use crate::cli::{Common, Format, FrameworksAction};
use crate::commands::show::named_requirements;
use crate::failure::Failure;
use crate::judge;
use crate::output::{self, csv_rows, line, out, wrapped};
use crate::workspace::Workspace;
use std::io::Write;
use std::path::Path;
use sufficit_config::{ConfigFile, load_catalogue, parse_framework};
use sufficit_evidence::{
    Catalogue, Framework, FrameworkId, Proof, RequirementKind, RequirementRef,
};

/// Lists, shows or adds frameworks.
pub(crate) fn run(common: &Common, action: Option<FrameworksAction>) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    match action.unwrap_or(FrameworksAction::List) {
        FrameworksAction::List => list(common, &judge::catalogue(&workspace, common)?)?,
        FrameworksAction::Show { id } => {
            show(common, &workspace, &judge::catalogue(&workspace, common)?, &id)?
        }
        FrameworksAction::Add { file } => add(&workspace, &file)?,
    }
    Ok(Outcome::Done)
}

fn list(common: &Common, catalogue: &Catalogue) -> Result<(), Failure> {
    let counted = |framework: &Framework, kind| {
        framework.requirements.iter().filter(|r| r.kind == kind).count()
    };
    let checks = |framework: &Framework| {
        framework.requirements.iter().map(|r| r.checks.len()).sum::<usize>()
    };
    let rows = catalogue.frameworks().iter().map(|framework| {
        vec![
            framework.id.to_string(),
            framework.title.clone(),
            counted(framework, RequirementKind::Clause).to_string(),
            counted(framework, RequirementKind::Control).to_string(),
            checks(framework).to_string(),
        ]
    });
    let header = ["id", "title", "clauses", "controls", "checks"];
    match common.format {
        Format::Json => output::json(&catalogue.frameworks()),
        Format::Jsonl => output::json_lines(catalogue.frameworks()),
        Format::Csv => csv_rows(&header, rows),
        Format::Table => {
            let out = &mut out();
            let columns = |cells: &[&str]| match cells {
                [id, title, clauses, controls, checks] => {
                    format!("{id:12} {title:24} {clauses:>7} {controls:>8} {checks:>6}")
                }
                other => other.join(" "),
            };
            line(out, &columns(&header))?;
            for row in rows {
                line(out, &columns(&row.iter().map(String::as_str).collect::<Vec<_>>()))?;
            }
            Ok(out.flush()?)
        }
    }
}

fn show(
    common: &Common,
    workspace: &Workspace,
    catalogue: &Catalogue,
    id: &str,
) -> Result<(), Failure> {
    if let Some(framework) = catalogue.framework(&FrameworkId::from(id)) {
        return match common.format {
            Format::Json => output::json(framework),
            Format::Jsonl => output::json_lines(&framework.requirements),
            Format::Csv => csv_rows(
                &["id", "title", "theme", "checks"],
                framework.requirements.iter().map(|requirement| {
                    let checks = requirement.checks.len().to_string();
                    vec![
                        requirement.id.to_string(),
                        requirement.title.clone(),
                        requirement.theme.clone(),
                        checks,
                    ]
                }),
            ),
            Format::Table => framework_text(framework),
        };
    }
    let named = named_requirements(catalogue, id);
    if named.is_empty() {
        let known: Vec<&str> =
            catalogue.frameworks().iter().map(|framework| framework.id.as_str()).collect();
        let what = format!("no framework and no requirement is called {id}");
        return Err(Failure::usage(what, format!("Frameworks: {}", known.join(", "))));
    }
    if common.format != Format::Table {
        let found: Vec<_> = named.iter().filter_map(|name| catalogue.requirement(name)).collect();
        return output::json(&found);
    }
    let crosswalk = judge::crosswalk(workspace, catalogue)?;
    let out = &mut out();
    for name in &named {
        requirement_text(out, catalogue, &crosswalk, name)?;
    }
    Ok(out.flush()?)
}

fn framework_text(framework: &Framework) -> Result<(), Failure> {
    let out = &mut out();
    line(
        out,
        &console::style(format!("{} ({})", framework.title, framework.about)).bold().to_string(),
    )?;
    for theme in &framework.themes {
        line(out, &format!("\n{} {}", theme.id, theme.title))?;
        for requirement in framework.requirements.iter().filter(|r| r.theme == theme.id) {
            line(
                out,
                &format!(
                    "  {:9} {} ({} checks)",
                    requirement.id,
                    requirement.title,
                    requirement.checks.len()
                ),
            )?;
        }
    }
    Ok(out.flush()?)
}

fn requirement_text(
    out: &mut impl Write,
    catalogue: &Catalogue,
    crosswalk: &sufficit_evidence::Crosswalk,
    name: &RequirementRef,
) -> Result<(), Failure> {
    let Some(requirement) = catalogue.requirement(name) else { return Ok(()) };
    line(out, &console::style(format!("{name} {}", requirement.title)).bold().to_string())?;
    line(out, &wrapped(&requirement.summary, 2))?;
    line(out, "  Checks:")?;
    for check in &requirement.checks {
        let by = if check.by == Proof::Record { " (by a record)" } else { "" };
        line(out, &format!("    - {}{by}", wrapped(&check.text, 6).trim_start()))?;
    }
    if !requirement.evidence.is_empty() {
        line(out, "  Usually shown by:")?;
    }
    for hint in &requirement.evidence {
        line(out, &wrapped(&format!("{}: {}", hint.kind, hint.names.join("; ")), 4))?;
    }
    for pair in crosswalk.pairs.iter().filter(|pair| pair.from == *name || pair.to == *name) {
        let other = if pair.from == *name { &pair.to } else { &pair.from };
        let provenance = match &pair.provenance {
            sufficit_evidence::Provenance::Own => "own analysis".to_owned(),
            sufficit_evidence::Provenance::Public(source) => {
                format!("own analysis; {source} has it too")
            }
        };
        line(out, &wrapped(&format!("Counterpart {other}: {} [{provenance}]", pair.why), 2))?;
    }
    for (_, reason) in crosswalk.new.iter().filter(|(new, _)| new == name) {
        line(out, &wrapped(&format!("New with {}: {reason}", name.framework), 2))?;
    }
    line(out, "")
}

fn add(workspace: &Workspace, file: &Path) -> Result<(), Failure> {
    let source = ConfigFile::read(file)?;
    let framework = parse_framework(&source)?;
    load_catalogue(std::slice::from_ref(&source), &[])?;
    let folder = workspace.frameworks();
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(format!("{}.toml", framework.id)), &source.text)?;
    let out = &mut out();
    let count = framework.requirements.len();
    line(
        out,
        &format!(
            "Added {} ({count} requirements). `sufficit map` holds the evidence against it.",
            framework.id
        ),
    )?;
    Ok(out.flush()?)
}
