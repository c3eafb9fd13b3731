//! What is found, held against a plain calculation over all passages.

use super::super::{EmbeddedIndex, PassageIndex};
use crate::near::NEAR;
use crate::words::{each_stem, english};
use crate::{Near, NearPassage, Within, suite};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use sufficit_evidence::{Document, DocumentId, DocumentKind};

const WORDS: [&str; 9] =
    ["bias", "fairness", "review", "soup", "onion", "is", "incident", "unheard", "the"];

fn text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 0..most)
        .prop_map(|words| words.join(" "))
}

fn day() -> impl Strategy<Value = Date> {
    (1i8..5).prop_map(|month| date(2025, month, 1))
}

fn document() -> impl Strategy<Value = Document> {
    let kind = prop::sample::select(vec![DocumentKind::Policy, DocumentKind::Log]);
    let facts = (0u8..20, kind, prop::option::of(day()), any::<bool>(), text(3));
    (prop::collection::vec(text(9), 0..5), facts).prop_map(
        |(texts, (id, kind, approved, french, title))| {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let mut document = suite::of_kind(suite::document(&format!("d{id}"), &texts), kind);
            if let Some(day) = approved {
                document = suite::approved(document, day);
            }
            if french {
                document = suite::written_in(document, "fra");
            }
            document.facts.title = (!title.is_empty()).then(|| suite::told(title));
            if let Some(first) = document.passages.first_mut() {
                first.heading = vec!["Soup".into(), "Bias".into()];
            }
            document
        },
    )
}

fn within() -> impl Strategy<Value = Within> {
    let documents = prop::collection::vec((0u8..20).prop_map(|id| format!("d{id}")), 0..6);
    let documents = documents.prop_map(|ids| ids.into_iter().map(DocumentId::new).collect());
    let kinds = prop::sample::subsequence(vec![DocumentKind::Policy, DocumentKind::Log], 0..=2);
    let languages = prop::sample::subsequence(vec!["fra".to_owned(), "eng".to_owned()], 0..=2);
    (documents, kinds, languages, prop::option::of(day()), prop::option::of(day())).prop_map(
        |(documents, kinds, languages, from, to)| Within { documents, kinds, languages, from, to },
    )
}

/// An index of these documents, a later one in place of an earlier one of the same id, written in several commits so
/// that it has several segments with passages that are no more. Gives what is there in the end, too.
fn indexed(documents: &[Document]) -> (tempfile::TempDir, EmbeddedIndex, Vec<Document>) {
    let folder = tempfile::tempdir().expect("a folder");
    let index = EmbeddedIndex::open(folder.path(), suite::model()).expect("an index");
    for (marker, part) in (1..).zip(documents.chunks(7)) {
        index.upsert(part).expect("upsert");
        index.commit(marker).expect("commit");
    }
    let mut there: Vec<Document> = Vec::new();
    for document in documents {
        there.retain(|known| known.id != document.id);
        there.push(document.clone());
    }
    there.sort_by(|a, b| a.id.cmp(&b.id));
    (folder, index, there)
}

fn stems(texts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for text in texts {
        each_stem(&mut english(), text, |stem| found.push(stem.to_owned()));
    }
    found
}

/// Every passage with its score by BM25 over body, headings (half) and title (half), above 0, best first.
fn lexical(documents: &[Document], query: &str) -> Vec<NearPassage> {
    let mut passages = Vec::new();
    for document in documents {
        let title = document.facts.title_text();
        for passage in &document.passages {
            let headings: Vec<&str> = passage.heading.iter().map(String::as_str).collect();
            let fields = [stems(&[&passage.text]), stems(&headings), stems(&[title])];
            passages.push((document.id.clone(), passage.ordinal, fields));
        }
    }
    let all = passages.len() as f64;
    let mut found = Vec::new();
    for (document, ordinal, fields) in &passages {
        let mut score = 0.0;
        for (at, boost) in [(0, 1.0), (1, 0.5), (2, 0.5)] {
            let words: usize = passages.iter().map(|(_, _, fields)| fields[at].len()).sum();
            let average = words as f64 / all;
            for stem in stems(&[query]) {
                let with = passages.iter().filter(|p| p.2[at].contains(&stem)).count() as f64;
                let times = fields[at].iter().filter(|own| **own == stem).count() as f64;
                if times > 0.0 {
                    let rarity = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
                    let length = 0.25 + 0.75 * fields[at].len() as f64 / average;
                    score += boost * rarity * 2.2 * times / (times + 1.2 * length);
                }
            }
        }
        if score > 0.0 {
            let (document, passage) = (document.clone(), *ordinal);
            found.push(NearPassage { document, passage, score: score as f32 });
        }
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found
}

/// Every passage with its deviations above unrelated text, 2 and more, best first, from vectors that are not rounded.
fn semantic(documents: &[Document], query: &str) -> Vec<NearPassage> {
    let model = suite::static_model();
    let vector = model.embed(query);
    let (mean, deviation) = model.background().similarity(&vector);
    let mut found = Vec::new();
    for document in documents {
        for passage in &document.passages {
            let own = model.embed(&passage.text);
            let similarity: f32 = own.iter().zip(&vector).map(|(a, b)| a * b).sum();
            let score = (similarity - mean) / deviation;
            if score > NEAR {
                let (document, passage) = (document.id.clone(), passage.ordinal);
                found.push(NearPassage { document, passage, score });
            }
        }
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found
}

/// That both lists have the same scores in the same order, each to `precision`. Where scores are that close, either
/// passage may stand first.
fn assert_scores(found: &[NearPassage], expected: &[NearPassage], precision: f32) {
    assert_eq!(found.len(), expected.len(), "{found:?}\n{expected:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found.score - expected.score).abs() <= precision, "{found:?} {expected:?}");
    }
}

/// Whether a document is one of those asked for.
fn lies(document: &Document, within: &Within) -> bool {
    let one_of = |empty: bool, has: bool| empty || has;
    let language = crate::within::language(document).to_owned();
    let dated = crate::within::dated(document);
    one_of(within.documents.is_empty(), within.documents.contains(&document.id))
        && one_of(within.kinds.is_empty(), within.kinds.contains(&document.facts.kind()))
        && one_of(within.languages.is_empty(), within.languages.contains(&language))
        && within.from.is_none_or(|from| dated.is_some_and(|dated| dated >= from))
        && within.to.is_none_or(|to| dated.is_some_and(|dated| dated <= to))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn all_at_once_are_those_of_one_after_the_other(
        documents in prop::collection::vec(document(), 0..24),
        texts in prop::collection::vec(text(5), 0..14), within in within(), limit in 0usize..9,
    ) {
        let (_folder, index, _) = indexed(&documents);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let probes = suite::probes(&texts);
        let together = index.candidates(&probes, &within, limit).expect("candidates");
        prop_assert_eq!(together.len(), probes.len());
        for (probe, together) in probes.iter().zip(&together) {
            let alone = index.candidates(std::slice::from_ref(probe), &within, limit);
            prop_assert_eq!(&alone.expect("candidates"), std::slice::from_ref(together));
        }
        // A shorter list is the beginning of a longer one.
        let longer = index.candidates(&probes, &within, 1000).expect("candidates");
        for (short, long) in together.iter().zip(&longer) {
            prop_assert_eq!(&short.lexical[..], &long.lexical[..limit.min(long.lexical.len())]);
            prop_assert_eq!(&short.semantic[..], &long.semantic[..limit.min(long.semantic.len())]);
        }
    }

    #[test]
    fn they_are_those_of_a_plain_calculation(
        documents in prop::collection::vec(document(), 0..16), query in text(5),
    ) {
        let (_folder, index, there) = indexed(&documents);
        let probes = suite::probes(&[&query]);
        let near = index.candidates(&probes, &Within::default(), 1000).expect("candidates");
        assert_scores(&near[0].lexical, &lexical(&there, &query), 1e-4);
        // What lies at the edge may fall to either side by rounding: it is left out of both.
        let clear = |list: Vec<NearPassage>| -> Vec<NearPassage> {
            list.into_iter().filter(|near| near.score > NEAR + 0.1).collect()
        };
        let edge = semantic(&there, &query).iter().any(|near| (near.score - NEAR - 0.1).abs() < 0.1);
        if !edge {
            let found = clear(near[0].semantic.clone());
            assert_scores(&found, &clear(semantic(&there, &query)), 0.05);
        }
    }

    #[test]
    fn within_is_a_full_result_with_the_others_left_out(
        documents in prop::collection::vec(document(), 0..24), query in text(5), within in within(),
    ) {
        let (_folder, index, there) = indexed(&documents);
        let probes = suite::probes(&[&query]);
        let all = index.candidates(&probes, &Within::default(), 1000).expect("candidates");
        let some = index.candidates(&probes, &within, 1000).expect("candidates");
        let left = |list: &[NearPassage]| -> Vec<NearPassage> {
            let lies = |near: &&NearPassage| {
                there.iter().any(|document| document.id == near.document && lies(document, &within))
            };
            list.iter().filter(lies).cloned().collect()
        };
        let expected = Near { lexical: left(&all[0].lexical), semantic: left(&all[0].semantic) };
        prop_assert_eq!(&some[0], &expected);
    }
}
