use crate::Outcome;
use crate::cli::{Common, Format};
use crate::commands::export::Head;
use crate::failure::Failure;
use crate::held::Decided;
use crate::judge;
use crate::output::{
    self, DecidedView, MatchView, best_first, csv_rows, dots, fit_path, line, match_views, out,
    unproposed_views, width,
};
use crate::workspace::Workspace;
use std::io::Write;
use sufficit_evidence::{Match, Reason, Sufficiency};
use sufficit_review::MatchFilter;

/// Exports every match of the latest run, of the frameworks asked for; once there are decisions, the chain's head on stderr.
pub(crate) async fn matches(common: &Common) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    let store = workspace.judged_store(common).await?;
    let catalogue = judge::catalogue(&workspace, common)?;
    let head = Head::of(&store).await?;
    let decided = Decided::so_far(&store).await?;
    let found = store.matches(&MatchFilter::default()).await?;
    let mut views = match_views(found, Sufficiency::NONE, &decided);
    let unproposed = decided.unproposed_by_run(&store, None, None).await?;
    views.extend(unproposed_views(unproposed.values().flat_map(|found| found.iter()), &decided));
    best_first(&mut views);
    views.retain(|view| catalogue.framework(&view.proposal.framework).is_some());
    match common.format {
        Format::Json => output::json(&views)?,
        Format::Jsonl => output::json_lines(&views)?,
        Format::Csv => csv(&views)?,
        Format::Table => table(&views)?,
    }
    if head.number > 0 {
        head.tell(common);
    }
    Ok(Outcome::Done)
}

/// Prints matches as CSV, a match a row.
pub(crate) fn csv(views: &[MatchView]) -> Result<(), Failure> {
    let header = [
        "document",
        "sha256",
        "kind",
        "framework",
        "requirement",
        "relevance",
        "sufficiency",
        "confidence",
        "status",
        "strengths",
        "concerns",
        "ask",
        "run",
        "paths",
        "quotes",
        "counterparts",
        "systems",
        "not_applicable",
        "decided_sufficiency",
        "decided_by",
        "decided_at",
        "decided_why",
        "decision",
    ];
    csv_rows(
        &header,
        views.iter().map(|view| {
            let found = &view.proposal;
            let texts = |reasons: &[Reason]| {
                reasons.iter().map(|reason| reason.text.as_str()).collect::<Vec<_>>().join("\n")
            };
            let decided = view.decided.as_ref();
            let said = |of: fn(&DecidedView) -> String| decided.map(of).unwrap_or_default();
            vec![
                view.document.clone(),
                found.document.to_string(),
                found.kind.to_string(),
                found.framework.to_string(),
                found.requirement.to_string(),
                format!("{:.3}", found.relevance),
                found.sufficiency.to_string(),
                format!("{:.3}", found.confidence),
                found.status.name().to_owned(),
                texts(&found.strengths),
                texts(&found.concerns),
                found.ask.clone(),
                found.run.to_string(),
                view.paths.join("\n"),
                quotes(&found.strengths),
                counterparts(found),
                found.systems.join("\n"),
                found.not_applicable.clone().unwrap_or_default(),
                said(|decided| {
                    decided.sufficiency.map(|given| given.to_string()).unwrap_or_default()
                }),
                said(|decided| decided.by.clone()),
                said(|decided| decided.at.clone()),
                said(|decided| decided.why.clone()),
                said(|decided| decided.number.to_string()),
            ]
        }),
    )
}

/// The quotes of strengths, each with its page and span, a line each.
fn quotes(strengths: &[Reason]) -> String {
    let quote = |reason: &Reason| {
        let citation = reason.citation.as_ref()?;
        let page = citation.page.map(|page| format!("page {page}, ")).unwrap_or_default();
        let text = citation.quote.replace('\n', " ");
        Some(format!("{page}{}-{}: {text}", citation.span.start, citation.span.end))
    };
    strengths.iter().filter_map(quote).collect::<Vec<_>>().join("\n")
}

fn counterparts(found: &Match) -> String {
    let named = found.counterparts.iter().map(|c| format!("{}:{}", c.framework, c.requirement));
    named.collect::<Vec<_>>().join(" ")
}

fn table(views: &[MatchView]) -> Result<(), Failure> {
    let out = &mut out();
    for view in views {
        let found = &view.proposal;
        let name = format!("{}:{}", found.framework, found.requirement);
        let path = fit_path(&view.document, width() - 36);
        line(
            out,
            &format!("{} {name:18} {:.2}  {path}", dots(found.sufficiency), found.relevance),
        )?;
    }
    Ok(out.flush()?)
}
