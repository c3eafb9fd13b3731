//! Free search over all passages: what lies nearest to words or to a requirement's checks. Shared by the command and the page.

use crate::failure::Failure;
use sufficit_evidence::{Passage, Probe};
use sufficit_index::{Hit, Near, PassageIndex, Within};
use sufficit_review::Store;

/// Passages that lie nearest to each check, by words and by meaning, of which the best are shown.
const CANDIDATES: usize = 50;

/// What is looked for.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// Words or a sentence.
    Words(String),
    /// The checks of a requirement, and the requirement as a whole.
    Checks(Vec<Probe>),
}

/// The passages nearest to what is wanted, best first, at most `limit`.
pub(crate) fn hits(
    index: &dyn PassageIndex,
    wanted: &Wanted,
    within: &Within,
    limit: usize,
) -> Result<Vec<Hit>, Failure> {
    Ok(match wanted {
        Wanted::Words(words) => index.search(words, within, limit)?,
        Wanted::Checks(probes) => {
            let near = index.candidates(probes, within, limit.max(CANDIDATES))?;
            Near::joined(&near, limit)
        }
    })
}

/// Each hit with its passage, in their order; without those that have left the record since they were indexed.
pub(crate) async fn passages(
    store: &Store,
    hits: Vec<Hit>,
) -> Result<Vec<(Hit, Passage)>, Failure> {
    let mut found = Vec::with_capacity(hits.len());
    for hit in hits {
        if let Some(passage) = store.passage(&hit.document, hit.passage).await? {
            found.push((hit, passage));
        }
    }
    Ok(found)
}
