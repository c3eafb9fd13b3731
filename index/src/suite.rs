//! What every passage index does, whatever is behind it, and the model and documents to try it with.

use crate::{Embedder, PassageIndex, StaticModel, Within};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use sufficit_evidence::{Document, DocumentId, Facts, Language, Passage, PassageShape, Span};

/// The words of the small model, each with the direction it points in.
const VOCABULARY: [(&str, [f32; 4]); 10] = [
    ("[UNK]", [1.0, 1.0, 1.0, 1.0]),
    ("bias", [1.0, 0.1, 0.0, 0.0]),
    ("fair", [0.9, 0.2, 0.0, 0.0]),
    ("##ness", [0.1, 0.0, 0.0, 0.0]),
    ("review", [0.3, 1.0, 0.0, 0.0]),
    ("soup", [0.0, 0.0, 1.0, 0.2]),
    ("onion", [0.0, 0.0, 0.8, 0.4]),
    (".", [0.0, 0.0, 0.0, 0.1]),
    ("is", [0.05, 0.05, 0.05, 0.05]),
    ("incident", [0.0, 0.7, 0.0, 0.7]),
];

/// A model of ten tokens and four dimensions, whose background has similarities of mean 0 and deviation 1/4.
pub(crate) fn model() -> Arc<Embedder> {
    Arc::new(Embedder::Static(static_model()))
}

/// The model itself.
pub(crate) fn static_model() -> StaticModel {
    let tokenizer = serde_json::json!({
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                       "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100,
                  "vocab": (0..).zip(VOCABULARY).map(|(id, (word, _))| (word, id)).collect::<HashMap<_, i32>>()},
    });
    let embeddings: Vec<u8> = VOCABULARY
        .iter()
        .flat_map(|(_, vector)| vector.map(|number| ((number * 100.0) as i8).cast_unsigned()))
        .collect();
    let mean = [0u8; 16];
    let covariance: Vec<u8> =
        (0..16u8).flat_map(|at| if at % 5 == 0 { 0.0625f32 } else { 0.0 }.to_le_bytes()).collect();
    let view = |dtype, shape: &[usize], data| {
        safetensors::tensor::TensorView::new(dtype, shape.to_vec(), data).expect("a tensor")
    };
    use safetensors::Dtype::{F32, I8};
    let tensors = [
        ("embeddings", view(I8, &[10, 4], &embeddings)),
        ("background_mean", view(F32, &[4], &mean)),
        ("background_covariance", view(F32, &[4, 4], &covariance)),
    ];
    let bytes = safetensors::serialize(tensors, None).expect("tensors");
    let model =
        StaticModel::from_bytes(&bytes, tokenizer.to_string().as_bytes(), br#"{"name": "small"}"#);
    model.expect("a model")
}

/// Passages of prose, one behind the other.
pub(crate) fn passages(texts: &[&str]) -> Vec<Passage> {
    let mut start = 0;
    (0..)
        .zip(texts)
        .map(|(ordinal, text)| {
            let span = Span::new(start, start + text.chars().count());
            start = span.end + 1;
            Passage {
                ordinal,
                span,
                page: None,
                heading: Vec::new(),
                context: None,
                shape: PassageShape::Prose,
                text: (*text).to_owned(),
            }
        })
        .collect()
}

/// A document of this id with these passages.
pub(crate) fn document(id: &str, texts: &[&str]) -> Document {
    Document {
        id: DocumentId::new(id),
        media_type: "text/plain".into(),
        bytes: 0,
        text: texts.join("\n"),
        pages: Vec::new(),
        language: Language::Unknown,
        facts: Facts::default(),
        passages: passages(texts),
    }
}

/// Opens the index under trial once more.
type Open<'a> = &'a dyn Fn() -> Box<dyn PassageIndex>;

/// Tries a passage index; `open` opens the one in a folder, over and over.
pub(crate) fn run(open: impl Fn(&Path) -> Box<dyn PassageIndex>) {
    let trials: [fn(Open<'_>); 5] = [finds, commits, forgets, replaces, answers_anything];
    for trial in trials {
        let folder = tempfile::tempdir().expect("a folder");
        trial(&|| open(folder.path()));
    }
    let [straight, winding] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    answers_as_if_new(&*open(straight.path()), &*open(winding.path()));
}

/// Documents and ordinals of what a query finds.
fn found(index: &dyn PassageIndex, query: &str) -> Vec<(String, u32)> {
    let hits = index.search(query, &Within::default(), 10).expect("search");
    assert!(hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
    hits.into_iter().map(|hit| (hit.document.as_str().to_owned(), hit.passage)).collect()
}

fn finds(open: Open<'_>) {
    let index = open();
    let texts = ["Onion soup is soup.", "Bias is reviewed. Bias review."];
    index.upsert(&[document("a", &texts), document("b", &["Fairness review"])]).expect("upsert");
    index.commit(1).expect("commit");
    let hits = index.search("bias", &Within::default(), 10).expect("search");
    assert_eq!(hits[0].document.as_str(), "a");
    assert_eq!(hits[0].passage, 1);
    assert!(hits[0].lexical > 0.0 && hits[0].semantic > 2.0);
    assert_eq!(found(&*index, "bias"), [("a".into(), 1), ("b".into(), 0)], "b by meaning");
    assert_eq!(found(&*index, "onions"), [("a".into(), 0)], "by its stem and its meaning");
    assert_eq!(index.search("bias", &Within::default(), 1).expect("search").len(), 1);
}

fn commits(open: Open<'_>) {
    let index = open();
    assert_eq!(index.committed(), None);
    index.upsert(&[document("a", &["bias"])]).expect("upsert");
    assert!(found(&*index, "bias").is_empty(), "not before it is committed");
    index.commit(7).expect("commit");
    assert_eq!(index.committed(), Some(7));
    assert_eq!(found(&*index, "bias").len(), 1);
    drop(index);
    let index = open();
    assert_eq!(index.committed(), Some(7));
    assert_eq!(found(&*index, "bias").len(), 1);
    index.commit(8).expect("commit of nothing");
    drop(index);
    assert_eq!(open().committed(), Some(8));
}

fn forgets(open: Open<'_>) {
    let index = open();
    index.upsert(&[document("a", &["bias"])]).expect("upsert");
    index.commit(1).expect("commit");
    index.upsert(&[document("b", &["bias"])]).expect("upsert");
    index.remove(&DocumentId::new("a")).expect("remove");
    drop(index);
    let index = open();
    assert_eq!(index.committed(), Some(1));
    assert_eq!(found(&*index, "bias"), [("a".into(), 0)], "as it was committed");
}

fn replaces(open: Open<'_>) {
    let index = open();
    index.upsert(&[document("a", &["bias", "review"]), document("b", &["bias"])]).expect("upsert");
    index.upsert(&[document("a", &["soup"])]).expect("upsert");
    index.commit(1).expect("commit");
    assert_eq!(found(&*index, "bias"), [("b".into(), 0)]);
    assert_eq!(found(&*index, "soup"), [("a".into(), 0)]);
    index.upsert(&[document("a", &["soup"])]).expect("upsert");
    index.commit(2).expect("commit");
    assert_eq!(found(&*index, "soup"), [("a".into(), 0)], "the same again changes nothing");
    index.remove(&DocumentId::new("a")).expect("remove");
    index.remove(&DocumentId::new("never seen")).expect("remove");
    index.commit(3).expect("commit");
    drop(index);
    let index = open();
    assert!(found(&*index, "soup").is_empty());
    assert_eq!(found(&*index, "bias"), [("b".into(), 0)]);
}

/// An index that came about in many steps answers, to the last digit, as one that was made in one.
fn answers_as_if_new(straight: &dyn PassageIndex, winding: &dyn PassageIndex) {
    let texts = ["Bias review.", "Review is soup", "Soup is a review of bias and onion soup"];
    let mut documents: Vec<Document> =
        ["a", "b", "c", "d", "e"].iter().map(|id| document(id, &texts)).collect();
    // More equals than any list is long.
    documents.extend((10..80).map(|id| document(&id.to_string(), &["incident", "incident", "."])));
    straight.upsert(&documents).expect("upsert");
    straight.commit(1).expect("commit");
    let mut marker = 0;
    let mut commit = || {
        marker += 1;
        winding.commit(marker).expect("commit");
    };
    for id in ["e", "b", "f", "c"] {
        winding.upsert(&[document(id, &["Bias, bias and fairness: soup"])]).expect("upsert");
        commit();
    }
    for document in documents.iter().rev() {
        winding.upsert(std::slice::from_ref(document)).expect("upsert");
        commit();
    }
    winding.remove(&DocumentId::new("f")).expect("remove");
    commit();
    for query in ["bias", "fair soup", "review of soup", "onion", "incident"] {
        let [new, old] = [straight, winding]
            .map(|index| index.search(query, &Within::default(), 7).expect("search"));
        assert_eq!(new, old, "{query}");
    }
}

fn answers_anything(open: Open<'_>) {
    let index = open();
    assert!(found(&*index, "bias").is_empty(), "an index that was never written to");
    index.upsert(&[document("a", &["bias"]), document("empty", &[])]).expect("upsert");
    index.commit(1).expect("commit");
    for query in ["", " ", "the", "qqqq", "title:(\"", "a AND NOT", "\u{0}é\u{1F600}"] {
        assert!(found(&*index, query).is_empty(), "{query:?}");
    }
    assert!(index.search("bias", &Within::default(), 0).expect("search").is_empty());
}
