use super::document::{counted_text, entry_at};
use super::{Shown, document_match};
use crate::cli::Format;
use crate::commands::export;
use crate::commands::nearest::{Nearest, nearest_lines};
use crate::commands::why::{add_why, judge_of_run};
use crate::failure::Failure;
use crate::held::Decided;
use crate::judge::Judge;
use crate::output::{self, MatchView, line, match_views, out, unproposed_views, wrapped};
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write;
use sufficit_evidence::{CopyOf, Language, RequirementRef, Sufficiency};
use sufficit_review::MatchFilter;

#[derive(Serialize)]
struct PairView {
    #[serde(flatten)]
    name: RequirementRef,
    document: String,
    /// The document that counts in its place, where it lends nothing itself.
    copy_of: Option<CopyOf>,
    /// The match, where there is one.
    #[serde(rename = "match")]
    found: Option<MatchView>,
    /// Why there is none.
    nearest: Option<Nearest>,
}

/// Shows what one document is for one requirement: its match, or why there is none.
pub(super) async fn pair(
    shown: &Shown<'_>,
    name: &RequirementRef,
    path: &str,
    judge: Option<&Judge>,
) -> Result<(), Failure> {
    let Shown { common, workspace, store, catalogue, .. } = *shown;
    let current = store.current_documents().await?;
    let (entry, path) = entry_at(store, &current, path).await?;
    let filter = MatchFilter {
        framework: Some(name.framework.clone()),
        requirement: Some(name.requirement.clone()),
        document: Some(entry.id.clone()),
        ..MatchFilter::default()
    };
    let decided = Decided::so_far(store).await?;
    let mut matches = match_views(store.matches(&filter).await?, Sufficiency::NONE, &decided);
    let only = BTreeSet::from([name.clone()]);
    let unproposed = decided.unproposed_by_run(store, None, Some(&only)).await?;
    let extra = unproposed.get(name).into_iter().flat_map(|found| found.iter());
    let extra = extra.filter(|extra| extra.document == entry.id);
    matches.extend(unproposed_views(extra, &decided));
    if let Some(judge) = judge {
        add_why(store, judge, &mut matches).await?;
    }
    let found = matches.into_iter().next();
    let Some(document) = store.document(&entry.id).await? else {
        return Err(Failure::internal(format!("{path} has no content in the record")));
    };
    let nearest = match found {
        Some(_) => None,
        None => {
            if let Language::Unsupported(code) = &document.language {
                let what = format!("{path} is in a language that is not supported ({code})");
                return Err(Failure::usage(what, "It was not mapped; no gap follows from it."));
            }
            let document = decided.set_right(document);
            let working = |judge: &Judge| judge.workings(&document, std::slice::from_ref(name));
            let workings = match judge {
                Some(judge) => working(judge)?,
                None => working(&judge_of_run(workspace, common, store).await?)?,
            };
            let why = workings.into_iter().next();
            if why.as_ref().is_some_and(|why| why.barred.is_none()) {
                let what = format!("a fact of {path} was set right since the latest run");
                return Err(Failure::usage(what, "`sufficit map` judges anew; then ask again."));
            }
            let nearest = why.and_then(|why| Nearest::of(entry, why));
            if judge.is_some() { nearest } else { nearest.map(Nearest::in_short) }
        }
    };
    let copy_of = shown.copy_of(&entry.id).await?;
    let view = PairView { name: name.clone(), document: path, copy_of, found, nearest };
    match common.format {
        Format::Jsonl => output::json_lines(&[view]),
        Format::Csv => export::csv(view.found.as_slice()),
        Format::Json => output::json(&view),
        Format::Table => {
            let out = &mut out();
            let title = catalogue.requirement(name).map_or("", |known| known.title.as_str());
            line(out, &console::style(format!("{name} {title}")).bold().to_string())?;
            if let Some(copy) = &view.copy_of {
                line(out, &format!("  not counted {}", counted_text(copy, &current)))?;
            }
            match (&view.found, &view.nearest) {
                (Some(found), _) => {
                    line(out, "")?;
                    document_match(out, found)?;
                }
                (None, Some(nearest)) => nearest_lines(out, nearest)?,
                (None, None) => {
                    line(out, "")?;
                    line(
                        out,
                        &wrapped(&format!("Nothing in {} comes near to it.", view.document), 0),
                    )?;
                }
            }
            Ok(out.flush()?)
        }
    }
}
