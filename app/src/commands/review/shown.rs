use crate::commands::body::Body;
use crate::commands::show::document_match;
use crate::failure::Failure;
use crate::output::{dots, line, match_views, out, unproposed_views, wrapped};
use crate::view::View;
use crate::web::queue_filter::About;
use std::io::Write;
use sufficit_evidence::{Catalogue, Sufficiency};
use sufficit_review::{MatchFilter, ReviewedMatch, Store, held};

/// Prints an item, the first of so many: the requirement in our words with its checks, and what is proposed and why.
pub(super) async fn item(
    store: &Store,
    view: &View,
    catalogue: &Catalogue,
    item: About<'_>,
    left: usize,
) -> Result<(), Failure> {
    let name = item.name();
    let out = &mut out();
    line(out, "")?;
    let count = if left == 1 { "the last one".to_owned() } else { format!("{left} left") };
    line(out, &console::style(format!("{} ({count})", item.item())).dim().to_string())?;
    if let Some(requirement) = catalogue.requirement(name) {
        let head = format!("{name} {}", requirement.title);
        line(out, &console::style(head).bold().to_string())?;
        line(out, &wrapped(&requirement.summary, 0))?;
        let assessment = view.assessment(name).cloned();
        let sources = view.proposed.sources.iter();
        let path = |(id, places): (&_, &Vec<sufficit_evidence::SourceRef>)| {
            Some((sufficit_evidence::DocumentId::clone(id), places.first()?.path.clone()))
        };
        let body = Body {
            assessment: assessment.map(|assessment| held(assessment, &view.ledger)),
            paths: sources.filter_map(path).collect(),
        };
        for check in &requirement.checks {
            body.check_lines(out, check)?;
        }
        body.contradiction_lines(out)?;
    }
    let needs: Vec<&str> = item.review().needs.iter().map(|need| need.name()).collect();
    if !needs.is_empty() {
        line(out, &wrapped(&format!("You are asked because: {}", needs.join("; ")), 0))?;
    }
    line(out, "")?;
    match item {
        About::Match(found) => one_match(out, store, view, found).await?,
        About::Requirement(found) => {
            let gap = view.assessment(name).map(|one| one.gap.as_str()).unwrap_or_default();
            let grade = dots(found.proposed);
            line(out, &format!("{grade} {}: the whole body of evidence", found.proposed.name()))?;
            line(out, &wrapped(&format!("Gap: {gap}"), 0))?;
            let standing = view.ledger.of_requirement(name);
            if let Some(decision) = &standing.holding {
                let text = format!(
                    "Before: {} by {}: {}",
                    decision.action.name(),
                    decision.by,
                    decision.why
                );
                line(out, &wrapped(&text, 0))?;
            }
        }
    }
    Ok(out.flush()?)
}

/// The match with all that it rests on.
async fn one_match(
    out: &mut impl Write,
    store: &Store,
    view: &View,
    found: &ReviewedMatch,
) -> Result<(), Failure> {
    let name = &found.head.requirement;
    let filter = MatchFilter {
        framework: Some(name.framework.clone()),
        requirement: Some(name.requirement.clone()),
        document: Some(found.head.document.clone()),
        ..MatchFilter::default()
    };
    let decided = view.decided();
    let mut views = match_views(store.matches(&filter).await?, Sufficiency::NONE, &decided);
    let unproposed = view.unproposed(&found.head.document, name);
    views.extend(unproposed_views(unproposed, &decided));
    match views.first() {
        Some(view) => document_match(out, view),
        None => Ok(()),
    }
}
