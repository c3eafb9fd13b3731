use crate::Hit;
use std::collections::HashMap;
use sufficit_evidence::DocumentId;

/// Ranks count 1 / (RANK_OFFSET + rank), from rank 1: the usual constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009).
pub(crate) const RANK_OFFSET: f32 = 60.0;
/// Standard deviations above unrelated text from which a passage is near a query.
pub(crate) const NEAR: f32 = 2.0;
/// Passages taken from each list before they are joined, at least.
const LIST_LENGTH: usize = 100;

/// What lies nearest to one text. A passage may stand in both lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Near {
    /// By words: BM25 over body, headings and title, above 0, best first.
    pub lexical: Vec<NearPassage>,
    /// By meaning: standard deviations above the similarity of unrelated text, 2 and more, best first.
    pub semantic: Vec<NearPassage>,
}

/// A passage, and how near it is.
#[derive(Clone, Debug, PartialEq)]
pub struct NearPassage {
    /// Its document.
    pub document: DocumentId,
    /// Its ordinal there.
    pub passage: u32,
    /// How near, by the measure of the list that it stands in.
    pub score: f32,
}

impl Near {
    /// How long the lists have to be for a search that wants so many hits.
    pub(crate) fn list_length(hits: usize) -> usize {
        hits.saturating_mul(2).max(LIST_LENGTH)
    }

    /// Both lists in one by reciprocal rank fusion, best first, at most `limit`; equals by document and passage.
    pub fn fused(&self, limit: usize) -> Vec<Hit> {
        Self::joined(std::slice::from_ref(self), limit)
    }

    /// What lies nearest to any of several texts: all of their lists in one by reciprocal rank fusion. A hit's scores by words
    /// and by meaning are its highest.
    pub fn joined(several: &[Self], limit: usize) -> Vec<Hit> {
        let mut joined: HashMap<(&DocumentId, u32), Hit> = HashMap::new();
        let lists = several
            .iter()
            .flat_map(|near| [(&near.lexical, [1.0, 0.0]), (&near.semantic, [0.0, 1.0])]);
        for (list, [lexical, semantic]) in lists {
            for (rank, near) in list.iter().enumerate() {
                let hit = joined.entry((&near.document, near.passage)).or_insert_with(|| Hit {
                    document: near.document.clone(),
                    passage: near.passage,
                    lexical: 0.0,
                    semantic: 0.0,
                    score: 0.0,
                });
                hit.lexical = hit.lexical.max(lexical * near.score);
                hit.semantic = hit.semantic.max(semantic * near.score);
                hit.score += 1.0 / (RANK_OFFSET + 1.0 + rank as f32);
            }
        }
        let mut hits: Vec<Hit> = joined.into_values().collect();
        hits.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then_with(|| (&a.document, a.passage).cmp(&(&b.document, b.passage)))
        });
        hits.truncate(limit);
        hits
    }
}
