use crate::likeness::resemblance;
use std::collections::BTreeMap;
use sufficit_evidence::{CopyKind, CopyOf, Date, DocumentId, DocumentStatus, Likeness};

/// Share of their text from which two documents are the same one, whatever they are called.
const NEARLY_ALL: f32 = 0.9;
/// The same for two of one title.
const MOST: f32 = 0.7;
/// The same for two of one title that name different versions: a reworked text is still the same document.
const SOME: f32 = 0.3;
/// Least hashes by which documents that might be alike find each other: of two that share 0.3 of their text, all but
/// one pair in seventeen share one of so many.
const KEYS: usize = 8;
/// Documents with one key in common beyond which the key tells nothing: a footer that stands in everything.
const CROWD: usize = 200;

/// Which documents lend nothing more, being copies or other versions of one that counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Copies(BTreeMap<DocumentId, CopyOf>);

impl Copies {
    /// What `document` is a copy of; `None` where it counts by itself.
    pub fn of(&self, document: &DocumentId) -> Option<&CopyOf> {
        self.0.get(document)
    }
}

/// Finds the copies and other versions among documents.
///
/// Of each group the one that counts is finished (no draft, blank form or superseded text) where any is, then the newest
/// by version, then by date, then the one in force, then the fullest. So a copy or an older version that comes to
/// the folder changes nothing for the one that was there. The order of `known` makes no difference.
pub fn copies(known: &[Likeness]) -> Copies {
    let mut documents: Vec<&Likeness> = known.iter().filter(|one| one.runs > 0).collect();
    documents.sort_by(|a, b| a.document.cmp(&b.document));
    documents.dedup_by(|a, b| a.document == b.document);
    let mut groups = Groups((0..documents.len()).collect());
    let mut texts: BTreeMap<u64, usize> = BTreeMap::new();
    let mut buckets: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for (place, one) in documents.iter().enumerate() {
        if let Some(first) = texts.get(&one.words) {
            groups.join(*first, place);
            continue;
        }
        texts.insert(one.words, place);
        let hashes = one.least.iter().take(KEYS).map(|hash| Key::Run(*hash));
        for key in hashes.chain(one.title.as_deref().map(Key::Title)) {
            buckets.entry(key).or_default().push(place);
        }
    }
    for members in buckets.values().filter(|members| members.len() <= CROWD) {
        for (position, later) in members.iter().enumerate() {
            for earlier in members.iter().take(position) {
                if groups.root(*earlier) != groups.root(*later)
                    && is_same(documents[*earlier], documents[*later])
                {
                    groups.join(*earlier, *later);
                }
            }
        }
    }
    let mut best: BTreeMap<usize, &Likeness> = BTreeMap::new();
    for (place, one) in documents.iter().enumerate() {
        let counts = best.entry(groups.root(place)).or_insert(one);
        if rank(one) > rank(counts) {
            *counts = one;
        }
    }
    let copy = |(place, one): (usize, &&Likeness)| {
        let counts = best.get(&groups.root(place))?;
        (counts.document != one.document).then(|| {
            let how = how(one, counts);
            (one.document.clone(), CopyOf { document: counts.document.clone(), how })
        })
    };
    Copies(documents.iter().enumerate().filter_map(copy).collect())
}

/// By what documents that might be alike find each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Run(u32),
    Title(&'a str),
}

/// Groups of places, each place pointing to one of its group that stands no later.
struct Groups(Vec<usize>);

impl Groups {
    fn root(&self, place: usize) -> usize {
        let mut root = place;
        while self.0[root] != root {
            root = self.0[root];
        }
        root
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// Whether two documents are copies or versions of one. Records made on one form on different days are none: each
/// shows its own day.
fn is_same(a: &Likeness, b: &Likeness) -> bool {
    let share = resemblance(a, b);
    if a.kind.is_operating_record() || b.kind.is_operating_record() {
        return share >= NEARLY_ALL && a.dates == b.dates;
    }
    let same_title = a.title.is_some() && a.title == b.title;
    let versions = !a.version.is_empty() && !b.version.is_empty() && a.version != b.version;
    share >= NEARLY_ALL || same_title && (share >= MOST || versions && share >= SOME)
}

fn is_finished(one: &Likeness) -> bool {
    !one.blank && !matches!(one.status, Some(DocumentStatus::Draft | DocumentStatus::Superseded))
}

/// The document of a group that ranks highest counts.
type Rank<'a> = (bool, &'a [u32], Option<Date>, bool, u32, std::cmp::Reverse<&'a DocumentId>);

fn rank(one: &Likeness) -> Rank<'_> {
    let id = std::cmp::Reverse(&one.document);
    (is_finished(one), &one.version, one.since, one.in_force, one.runs, id)
}

fn how(copy: &Likeness, counts: &Likeness) -> CopyKind {
    let differ = !copy.version.is_empty() && copy.version < counts.version
        || copy.version == counts.version && copy.since.is_some() && copy.since < counts.since;
    if copy.words == counts.words {
        CopyKind::SameText
    } else if copy.status == Some(DocumentStatus::Draft) {
        CopyKind::Draft
    } else if copy.status == Some(DocumentStatus::Superseded) || differ {
        CopyKind::EarlierVersion
    } else {
        CopyKind::NearlySameText
    }
}

#[cfg(test)]
mod tests;
