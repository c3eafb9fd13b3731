use super::files::{Bytes, MOST_TOKENS, ModelFolder, OnnxOptions};
use super::runtime::runtime;
use crate::IndexError;
use fastembed::{RerankInitOptionsUserDefined, TextRerank, UserDefinedRerankingModel};
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A cross-encoder: reads a query and a text together and says how far the text answers it.
pub struct Reranker {
    version: String,
    batch: usize,
    session: Mutex<TextRerank>,
}

impl fmt::Debug for Reranker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reranker").field("version", &self.version).finish_non_exhaustive()
    }
}

impl Reranker {
    /// Loads the model in `folder`, whose graph has an output `logits` with one number a text, and ONNX Runtime.
    pub fn load(folder: &ModelFolder, options: &OnnxOptions) -> Result<Self, IndexError> {
        let runtime = runtime()?;
        let bytes = folder.read(&[])?;
        let digest = bytes.digest("");
        let batch = if bytes.quantises_as_it_runs() { 1 } else { options.batch.max(1) };
        let Bytes { weights, tokenizer, .. } = bytes;
        // Weights in files of their own are found beside the ONNX file, which memory has no place for.
        let source: fastembed::OnnxSource =
            if weights.is_empty() { bytes.onnx.into() } else { folder.onnx_path()?.into() };
        let mut settings = RerankInitOptionsUserDefined::new()
            .with_environment(runtime.environment.clone())
            .with_max_length(MOST_TOKENS);
        settings.intra_threads = options.intra_threads();
        // As in `OnnxModel::load`.
        tokenizers::utils::parallelism::set_parallelism(false);
        let model = UserDefinedRerankingModel::new(source, tokenizer);
        let session = TextRerank::try_new_from_user_defined(model, settings)
            .map_err(|error| fault(&folder.name, error))?;
        let reranker = Self {
            version: format!("{}@{digest}", folder.name),
            batch,
            session: Mutex::new(session),
        };
        reranker.answers("a", &["a"])?;
        Ok(reranker)
    }

    /// The model's name and the first twelve digits of the SHA-256 over its files.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How far each of `texts` answers `query`, 0 to 1, in their order: the logistic function of the model's number.
    pub fn answers(&self, query: &str, texts: &[&str]) -> Result<Vec<f32>, IndexError> {
        let mut answers = vec![0.0; texts.len()];
        let results = self
            .session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .rerank(query, texts, false, Some(self.batch))
            .map_err(|error| fault(&self.version, error))?;
        for result in results {
            if !result.score.is_finite() {
                return Err(fault(&self.version, "it gives a number that is none"));
            }
            if let Some(answer) = answers.get_mut(result.index) {
                *answer = sufficit_evidence::logistic(result.score);
            }
        }
        Ok(answers)
    }
}

fn fault(name: &str, what: impl fmt::Display) -> IndexError {
    IndexError::Model(format!("reranker {name}: {what}"))
}
