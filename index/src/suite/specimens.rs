//! The model and the documents that indexes are tried with.

use crate::{Embedder, StaticModel};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;
use sufficit_evidence::{
    DateValue, Document, DocumentId, DocumentKind, Fact, Facts, FrameworkId, Language, Origin,
    Passage, PassageShape, Probe, ProbeKind, RequirementId, Span,
};

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
    let model = StaticModel::from_bytes(&bytes, tokenizer().as_bytes(), br#"{"name": "small"}"#);
    model.expect("a model")
}

/// Cuts texts into the ten tokens, in the format of the tokenizers library.
pub(crate) fn tokenizer() -> String {
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
    tokenizer.to_string()
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

/// The same document, of this kind.
pub(crate) fn of_kind(mut document: Document, kind: DocumentKind) -> Document {
    document.facts.kind = Some(told(kind));
    document
}

/// The same document, approved on this day.
pub(crate) fn approved(mut document: Document, day: Date) -> Document {
    document.facts.approved = Some(told(DateValue::Day(day)));
    document
}

/// The same document, written in this language.
pub(crate) fn written_in(mut document: Document, code: &str) -> Document {
    document.language = Language::Unsupported(code.to_owned());
    document
}

/// A fact as a file's properties would give it.
pub(crate) fn told<T>(value: T) -> Fact<T> {
    Fact { value, origin: Origin::Property("trial".to_owned()) }
}

/// What passages are held against, in these words.
pub(crate) fn probes(texts: &[&str]) -> Vec<Probe> {
    let probe = |text: &&str| Probe {
        framework: FrameworkId::new("trial"),
        requirement: RequirementId::new("1"),
        kind: ProbeKind::Subject,
        title: String::new(),
        text: (*text).to_owned(),
    };
    texts.iter().map(probe).collect()
}
