use crate::cli::Common;
use crate::failure::Failure;
use crate::held::Decided;
use crate::judge::Judge;
use crate::output::MatchView;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use sufficit_evidence::{DocumentId, RequirementRef};
use sufficit_review::Store;

/// The judge that can say how the grades of the latest run came about; refuses where none can.
pub(crate) async fn judge_of_run(
    workspace: &Workspace,
    common: &Common,
    store: &Store,
) -> Result<Judge, Failure> {
    Judge::of_latest_run(workspace, common, store).await?.ok_or_else(|| {
        Failure::usage(
            "the latest run was made under other settings or by another version of sufficit, so nothing can tell how its grades came about",
            "`sufficit map` judges anew; then ask again.",
        )
    })
}

/// Adds to each match how its grade came about.
pub(crate) async fn add_why(
    store: &Store,
    judge: &Judge,
    views: &mut [MatchView],
) -> Result<(), Failure> {
    // Matches of one document may stand apart; it is read and held against the catalogue once.
    let mut by_document: BTreeMap<DocumentId, Vec<&mut MatchView>> = BTreeMap::new();
    for view in views {
        by_document.entry(view.proposal.document.clone()).or_default().push(view);
    }
    let decided = Decided::so_far(store).await?;
    for (id, views) in by_document {
        let Some(document) = store.document(&id).await? else { continue };
        let document = decided.set_right(document);
        let names: Vec<RequirementRef> = views.iter().map(|view| view.proposal.name()).collect();
        let workings = judge.workings(&document, &names)?;
        for (view, name) in views.into_iter().zip(&names) {
            view.why = workings.iter().find(|why| why.is_of(name)).cloned();
        }
    }
    Ok(())
}
