//! Embedding models and rerankers as ONNX files, run by ONNX Runtime through fastembed.
//!
//! A model is a folder of files; where it comes from is the caller's matter. ONNX Runtime is a library that is found at
//! run time, and only looked for once a model is loaded.

mod files;
mod kept;
mod known;
mod model;
mod recent;
mod reranker;
mod rereading;
mod runtime;

pub use files::{ModelFolder, OnnxOptions};
pub use known::{KnownModel, KnownReranker, known_models, known_rerankers};
pub use model::OnnxModel;
pub use reranker::Reranker;
pub use rereading::Rereading;
pub use runtime::{Runtime, runtime};
