use super::schema::DOCUMENT;
use std::collections::{BTreeSet, HashSet};
use sufficit_evidence::DocumentId;
use tantivy::query::{EnableScoring, Query};
use tantivy::{BitSet, Searcher, SegmentReader};

/// What a filter lets through.
pub(super) struct Allowed {
    /// The passages, for each segment.
    passages: Vec<BitSet>,
    /// Their documents.
    pub(super) documents: HashSet<DocumentId>,
}

impl Allowed {
    pub(super) fn of(searcher: &Searcher, filter: &dyn Query) -> tantivy::Result<Self> {
        let weight = filter.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let mut allowed = Self { passages: Vec::new(), documents: HashSet::new() };
        for segment in searcher.segment_readers() {
            let mut passages = BitSet::with_max_value(segment.max_doc());
            weight.for_each_no_score(segment, &mut |some| {
                for passage in some {
                    if !segment.is_deleted(*passage) {
                        passages.insert(*passage);
                    }
                }
            })?;
            allowed.documents.extend(documents(segment, &passages)?);
            allowed.passages.push(passages);
        }
        Ok(allowed)
    }

    /// The passages of the segment at this position.
    pub(super) fn of_segment(&self, segment: usize) -> Option<&BitSet> {
        self.passages.get(segment)
    }
}

/// The documents of these passages.
fn documents(segment: &SegmentReader, passages: &BitSet) -> tantivy::Result<Vec<DocumentId>> {
    let Some(names) = segment.fast_fields().str(DOCUMENT)? else {
        return Ok(Vec::new());
    };
    let all = 0..segment.max_doc();
    let ordinals: BTreeSet<u64> = all
        .filter(|passage| passages.contains(*passage))
        .filter_map(|passage| names.ords().first(passage))
        .collect();
    let mut documents = Vec::with_capacity(ordinals.len());
    for ordinal in ordinals {
        let mut name = String::new();
        if names.ord_to_str(ordinal, &mut name)? {
            documents.push(DocumentId::new(name));
        }
    }
    Ok(documents)
}
