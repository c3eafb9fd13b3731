use crate::Outcome;
use crate::cli::{Common, Format};
use crate::failure::Failure;
use crate::judge::Judge;
use crate::output::{self, csv_rows, dots, fit, line, out, width, working_lines, wrapped};
use crate::reading::{self, Reader};
use crate::workspace::Workspace;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use sufficit_evidence::{Document, Match, RequirementRef, Sufficiency};
use sufficit_ingest::{Extraction, Limits, extract};
use sufficit_mapper::{Relevance, Working};

/// Requirements that people are shown.
const SHOWN: usize = 10;

#[derive(Deserialize)]
struct Input {
    id: String,
    text: String,
}

#[derive(Serialize)]
struct Explained {
    id: String,
    requirements: Vec<Scored>,
}

#[derive(Serialize)]
struct Scored {
    framework: String,
    requirement: String,
    relevance: f32,
    sufficiency: Sufficiency,
    /// How the grade came about, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Working>,
}

/// Maps texts without storing anything.
pub(crate) fn run(
    common: &Common,
    file: Option<PathBuf>,
    text: Option<String>,
    jsonl: Option<PathBuf>,
    why: bool,
) -> Result<Outcome, Failure> {
    if why && common.format == Format::Csv {
        let help = "Leave --why out, or take --format json, jsonl or table.";
        return Err(Failure::usage("--why has no form in CSV", help));
    }
    let workspace = Workspace::find(common)?;
    let limits = reading::limits(&workspace.settings.ingest);
    if let Some(lines) = jsonl {
        let judge = Judge::new(&workspace, common, false)?;
        return lines_explained(common, &judge, &lines, &limits, why);
    }
    let (id, document) = match (text, file) {
        (Some(text), _) => ("text".to_owned(), document_of_text(&text, &limits)),
        (None, Some(path)) if path != Path::new("-") => {
            let name = path.display().to_string();
            let reader = Reader::new(&workspace.settings.ingest, common)?;
            let document = reader
                .document(&path)
                .map_err(|reason| Failure::usage(format!("{name} was not read"), reason))?;
            (name, Some(document))
        }
        _ => ("-".to_owned(), document_of_text(&read_input(Path::new("-"))?, &limits)),
    };
    let judge = Judge::new(&workspace, common, false)?;
    let held = document
        .as_ref()
        .map(|document| Held::new(&judge, document, why))
        .transpose()?
        .unwrap_or_default();
    match common.format {
        Format::Table => table(&judge, document.as_ref(), &held)?,
        Format::Json => output::json(&explained(id, &held))?,
        Format::Jsonl => output::json_lines([explained(id, &held)])?,
        Format::Csv => csv(&[explained(id, &held)])?,
    }
    Ok(Outcome::Done)
}

/// A text held against all requirements.
#[derive(Default)]
struct Held {
    matches: Vec<Match>,
    ranking: Vec<Relevance>,
    /// Where asked for: of each match; without any, of the nearest requirement.
    workings: Vec<Working>,
}

impl Held {
    fn new(judge: &Judge, document: &Document, why: bool) -> Result<Self, Failure> {
        let (matches, ranking) = judge.explain(document)?;
        let names: Vec<RequirementRef> = if !why {
            Vec::new()
        } else if matches.is_empty() {
            ranking.first().map(|nearest| nearest.name.clone()).into_iter().collect()
        } else {
            matches.iter().map(Match::name).collect()
        };
        let workings =
            if names.is_empty() { Vec::new() } else { judge.workings(document, &names)? };
        Ok(Self { matches, ranking, workings })
    }

    fn working(&self, name: &RequirementRef) -> Option<&Working> {
        self.workings.iter().find(|why| why.is_of(name))
    }
}

/// A text as a document: headings, lists and tables are read as Markdown writes them. `None` where it is blank.
pub(crate) fn document_of_text(text: &str, limits: &Limits) -> Option<Document> {
    match extract(text.as_bytes(), "text.md", limits) {
        Extraction::Read(document) => Some(document),
        Extraction::Opened { .. }
        | Extraction::Skipped { .. }
        | Extraction::Failed { .. }
        | Extraction::NeedsOcr { .. } => None,
    }
}

fn read_input(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(path).map(|content| text = content)
    };
    match read {
        Ok(()) => Ok(text),
        Err(error) => Err(Failure::usage(
            format!("{}: {error}", path.display()),
            "Give UTF-8 text that can be read.",
        )),
    }
}

fn lines_explained(
    common: &Common,
    judge: &Judge,
    path: &Path,
    limits: &Limits,
    why: bool,
) -> Result<Outcome, Failure> {
    let text = read_input(path)?;
    let mut inputs: Vec<Input> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        inputs.push(serde_json::from_str(line).map_err(|error| {
            let what = format!("{}:{}: {error}", path.display(), number + 1);
            Failure::usage(what, "Each line is a JSON object with `id` and `text`.")
        })?);
    }
    let all: Vec<Explained> = inputs
        .into_par_iter()
        .map(|input| {
            let document = document_of_text(&input.text, limits);
            let held = document
                .map(|document| Held::new(judge, &document, why))
                .transpose()?
                .unwrap_or_default();
            Ok(explained(input.id, &held))
        })
        .collect::<Result<_, Failure>>()?;
    match common.format {
        Format::Json => output::json(&all)?,
        Format::Csv => csv(&all)?,
        Format::Jsonl | Format::Table => output::json_lines(&all)?,
    }
    Ok(Outcome::Done)
}

fn explained(id: String, held: &Held) -> Explained {
    let requirements = held
        .ranking
        .iter()
        .map(|entry| Scored {
            framework: entry.name.framework.to_string(),
            requirement: entry.name.requirement.to_string(),
            relevance: entry.relevance,
            sufficiency: sufficiency_of(&held.matches, &entry.name),
            why: held.working(&entry.name).cloned(),
        })
        .collect();
    Explained { id, requirements }
}

/// The grade of the match with this requirement; 0 where there is none.
pub(crate) fn sufficiency_of(matches: &[Match], name: &RequirementRef) -> Sufficiency {
    matches
        .iter()
        .find(|found| found.framework == name.framework && found.requirement == name.requirement)
        .map(|found| found.sufficiency)
        .unwrap_or_default()
}

fn csv(all: &[Explained]) -> Result<(), Failure> {
    csv_rows(
        &["id", "framework", "requirement", "relevance", "sufficiency"],
        all.iter().flat_map(|explained| {
            explained.requirements.iter().map(|scored| {
                vec![
                    explained.id.clone(),
                    scored.framework.clone(),
                    scored.requirement.clone(),
                    format!("{:.4}", scored.relevance),
                    scored.sufficiency.to_string(),
                ]
            })
        }),
    )
}

fn table(judge: &Judge, document: Option<&Document>, held: &Held) -> Result<(), Failure> {
    let Held { matches, ranking, .. } = held;
    let out = &mut out();
    if let Some(sufficit_evidence::Language::Unsupported(code)) =
        document.map(|document| &document.language)
    {
        line(out, &format!("Language not supported ({code}); not mapped."))?;
        return Ok(out.flush()?);
    }
    if matches.is_empty() {
        line(out, "Nothing found: no requirement is borne out by this text. The nearest:")?;
    }
    let mut shown: Vec<&Relevance> = ranking.iter().collect();
    shown.sort_by_key(|entry| std::cmp::Reverse(sufficiency_of(matches, &entry.name)));
    for entry in shown.into_iter().take(SHOWN) {
        let title =
            judge.rules.catalogue().requirement(&entry.name).map_or("", |r| r.title.as_str());
        let found = matches.iter().find(|m| {
            m.framework == entry.name.framework && m.requirement == entry.name.requirement
        });
        let name = fit(&format!("{} {title}", entry.name), width() - 16);
        line(
            out,
            &format!(
                "{} {name} {:.2}",
                dots(sufficiency_of(matches, &entry.name)),
                entry.relevance
            ),
        )?;
        for reason in found.iter().flat_map(|found| &found.strengths) {
            line(out, &format!("      + {}", wrapped(&reason.text, 8).trim_start()))?;
        }
        if let Some(found) = found {
            line(out, &wrapped(&format!("Ask: {}", found.ask), 6))?;
        }
        if let Some(why) = held.working(&entry.name) {
            working_lines(out, why)?;
        }
    }
    Ok(out.flush()?)
}
