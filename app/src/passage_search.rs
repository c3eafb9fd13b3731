//! Free search over all passages: what lies nearest to words or to a requirement's checks. Shared by the command, the page
//! and the API.

use crate::api::QuotedPassage;
use crate::failure::Failure;
use serde::Serialize;
use sufficit_evidence::{Citation, DocumentId, Passage, Probe};
use sufficit_index::{Hit, Near, PassageIndex, Within};
use sufficit_review::Store;
use utoipa::ToSchema;

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

/// A passage that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HitBody {
    /// The first of the document's paths.
    pub(crate) document: String,
    pub(crate) paths: Vec<String>,
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub(crate) sha256: String,
    /// How near it lies, by words and by meaning together; it only ranks.
    pub(crate) score: f32,
    /// By words.
    pub(crate) lexical: f32,
    /// By meaning.
    pub(crate) semantic: f32,
    /// Where it stands.
    #[schema(value_type = QuotedPassage)]
    pub(crate) citation: Citation,
}

/// Each hit with its passage and where its document lies, in their order; `paths` gives the paths of a document, without
/// those of which there are none.
pub(crate) async fn bodies(
    store: &Store,
    mut hits: Vec<Hit>,
    paths: impl Fn(&DocumentId) -> Vec<String>,
) -> Result<Vec<HitBody>, Failure> {
    hits.retain(|hit| !paths(&hit.document).is_empty());
    let body = |(hit, passage): (Hit, Passage)| {
        let paths = paths(&hit.document);
        HitBody {
            document: paths.first().cloned().unwrap_or_default(),
            paths,
            sha256: hit.document.to_string(),
            score: hit.score,
            lexical: hit.lexical,
            semantic: hit.semantic,
            citation: Citation {
                page: passage.page,
                heading: passage.heading,
                span: passage.span,
                quote: passage.text,
            },
        }
    };
    Ok(passages(store, hits).await?.into_iter().map(body).collect())
}
