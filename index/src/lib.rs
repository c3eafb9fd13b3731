//! Passages to candidates: which passages of a document bear on which probes, and free search over all passages.
//!
//! A [`Matcher`] turns the passages of one document into [`Candidate`](sufficit_evidence::Candidate)s, without any
//! stored index. A [`PassageIndex`] keeps all passages for free search. Neither knows what suffices.
//!
//! The one decision that shapes this crate: probes are few and known before any file arrives, passages are many.
//! So it is the probes that are inverted (stem to probes) and embedded once, and each passage is held against
//! all of them as it comes: its words lexically, and one matrix product semantically. Rarity of words and the
//! spread of vectors come from a reference collection that ships with the model, so a document's candidates never
//! hang on what else lies in the folder.

mod background;
mod best;
mod checks;
mod chunk_cache;
mod columns;
mod embedded;
mod embedder;
mod error;
mod lexical;
mod matcher;
mod model;
mod near;
#[cfg(feature = "onnx")]
mod onnx;
mod passage_index;
mod product;
#[cfg(feature = "qdrant")]
mod qdrant;
#[cfg(all(test, feature = "qdrant"))]
#[path = "../../tests/qdrant_server/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each test that includes the server uses a part of it")]
mod qdrant_server;
#[cfg(all(test, feature = "qdrant"))]
#[path = "../../tests/qdrant_server/tests/mod.rs"]
mod qdrant_server_tests;
mod reader;
mod reference;
mod semantic;
#[cfg(test)]
mod suite;
mod table;
mod units;
mod whole_products;
mod within;
mod words;

pub use embedded::EmbeddedIndex;
pub use embedder::Embedder;
pub use error::IndexError;
pub use matcher::Matcher;
pub use model::StaticModel;
pub use near::{Near, NearPassage};
#[cfg(feature = "onnx")]
pub use onnx::{
    KnownModel, KnownReranker, ModelFolder, OnnxModel, OnnxOptions, Reranker, Rereading, Runtime,
    known_models, known_rerankers, runtime,
};
pub use passage_index::{Hit, PassageIndex};
#[cfg(feature = "qdrant")]
pub use qdrant::{CollectionState, QdrantIndex, QdrantOptions, ServerState};
pub use reader::QuoteReader;
pub use reference::ReferenceFrequencies;
pub use within::Within;
