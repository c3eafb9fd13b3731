use crate::cli::Common;
use crate::failure::Failure;
use crate::judge::Judge;
use crate::output::{barred_text, citation_lines, fit_path, line, width, working_lines, wrapped};
use crate::search_index;
use crate::workspace::Workspace;
use serde::Serialize;
use std::io::Write;
use std::sync::Arc;
use sufficit_evidence::{Citation, DocumentId, Probe, RequirementRef};
use sufficit_index::Within;
use sufficit_mapper::Working;
use sufficit_review::{CurrentDocument, Store};

/// Passages that the search index is asked for by words and by meaning, for each check.
const PASSAGES: usize = 20;
/// Of these, those that are nearest by both.
const HITS: usize = 5;
/// Documents that are held against the requirement in full.
const DOCUMENTS: usize = 20;

/// The passage that comes nearest to a requirement for which no document has a match. It is no evidence.
#[derive(Debug, Serialize)]
pub(crate) struct Nearest {
    /// The first of the paths.
    document: String,
    paths: Vec<String>,
    sha256: String,
    /// How surely its document is about the requirement, 0 to 1.
    relevance: f32,
    /// The probability that it bears on the requirement, and what a match needs.
    real: f32,
    needed: f32,
    /// Why it is no match.
    reason: String,
    citation: Citation,
    /// Whether it is about another field: what is not comes nearer.
    #[serde(skip)]
    is_of_other_field: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Working>,
}

/// Looks for the passage nearest to a requirement, among the documents that the search index finds for its texts.
///
/// `None` where none of them has a passage near to it, or nothing is indexed.
pub(crate) async fn nearest(
    workspace: &Workspace,
    store: &Store,
    judge: &Judge,
    name: &RequirementRef,
) -> Result<Option<Nearest>, Failure> {
    let probes: Vec<Probe> = judge.rules.catalogue().probes_of(name).cloned().collect();
    let near = match search_index::open_to_search(workspace, store, Arc::clone(&judge.embedder))
        .and_then(|index| match index {
            Some(index) => Ok(index.candidates(&probes, &Within::default(), PASSAGES)?),
            None => Ok(Vec::new()),
        }) {
        Err(Failure::Index { what, .. }) => {
            tracing::warn!("the nearest passage is not looked for: {what}");
            return Ok(None);
        }
        near => near?,
    };
    let mut found: Vec<DocumentId> = Vec::new();
    for near in near {
        for hit in near.fused(HITS) {
            if !found.contains(&hit.document) {
                found.push(hit.document);
            }
        }
    }
    let current = store.current_documents().await?;
    let mut best: Option<Nearest> = None;
    let entries = found.iter().filter_map(|id| current.iter().find(|entry| entry.id == *id));
    for entry in entries.take(DOCUMENTS) {
        let Some(document) = store.document(&entry.id).await? else { continue };
        let workings = judge.workings(&document, std::slice::from_ref(name))?;
        let Some(next) = workings.into_iter().next().and_then(|why| Nearest::of(entry, why)) else {
            continue;
        };
        let rank = |one: &Nearest| (!one.is_of_other_field, one.real);
        if best.as_ref().is_none_or(|best| rank(&next) > rank(best)) {
            best = Some(next);
        }
    }
    Ok(best)
}

/// The same without its working; `None` also where the rules have changed since the latest run.
pub(crate) async fn nearest_in_short(
    workspace: &Workspace,
    common: &Common,
    store: &Store,
    name: &RequirementRef,
) -> Result<Option<Nearest>, Failure> {
    let Some(judge) = Judge::of_latest_run(workspace, common, store).await? else {
        return Ok(None);
    };
    let found = nearest(workspace, store, &judge, name).await?;
    Ok(found.map(Nearest::in_short))
}

impl Nearest {
    /// What a document's working for a requirement says of its nearest passage; `None` where it is a match, or nothing was retrieved.
    pub(crate) fn of(entry: &CurrentDocument, why: Working) -> Option<Self> {
        let reason = barred_text(why.barred?, &why);
        Some(Self {
            document: entry.paths.first().cloned().unwrap_or_default(),
            paths: entry.paths.clone(),
            sha256: entry.id.to_string(),
            relevance: why.relevance.relevance,
            real: why.real.real,
            needed: why.real.needed,
            reason,
            citation: why.nearest()?.citation.clone(),
            is_of_other_field: why.is_of_other_field(),
            why: Some(why),
        })
    }

    /// The same without its working.
    pub(crate) fn in_short(self) -> Self {
        Self { why: None, ..self }
    }
}

/// Prints the nearest passage, named as what it is, and how it came to be none where that was asked for.
pub(crate) fn nearest_lines(out: &mut impl Write, nearest: &Nearest) -> Result<(), Failure> {
    line(out, "")?;
    line(out, &wrapped(&format!("The nearest passage is no evidence: {}.", nearest.reason), 0))?;
    let title = console::style(fit_path(&nearest.document, width() - 4)).bold();
    line(out, &format!("    {title}"))?;
    citation_lines(out, &nearest.citation, 8)?;
    nearest.why.as_ref().map_or(Ok(()), |why| working_lines(out, why))
}
