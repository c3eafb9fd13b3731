use crate::IndexError;
use crate::background::Background;
use crate::checks::Field;
use crate::model::{StaticModel, normalise};
#[cfg(feature = "onnx")]
use crate::onnx::OnnxModel;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use sufficit_evidence::{Passage, Probe};

/// What turns texts into vectors of length 1. Vectors of two embedders are never compared.
#[derive(Debug)]
pub enum Embedder {
    /// The built-in kind: a vector for each token.
    Static(StaticModel),
    /// A model that ONNX Runtime runs.
    #[cfg(feature = "onnx")]
    Onnx {
        /// What gives the vectors.
        model: OnnxModel,
        /// What tells fields, as far as it has learned any: that is learned from labelled passages for one model.
        fields: Box<StaticModel>,
    },
}

/// A passage and what stands above it: title, headings and a table's header row.
#[derive(Clone, Debug)]
pub(crate) struct Headed<'a> {
    pub(crate) above: Arc<str>,
    pub(crate) passage: &'a Passage,
}

impl Embedder {
    /// Name and digest of the model. Equal for two embedders only where the same text gives the same vector.
    pub fn version(&self) -> &str {
        match self {
            Self::Static(model) => model.version(),
            #[cfg(feature = "onnx")]
            Self::Onnx { model, .. } => model.version(),
        }
    }

    /// Names all models that candidates hang on; begins with [`version`](Self::version).
    pub(crate) fn versions(&self) -> String {
        match self.fields() {
            Some(fields) => format!("{}+{}", self.version(), fields.version()),
            None => self.version().to_owned(),
        }
    }

    /// Whether ONNX Runtime runs the model. Its similarities are spread otherwise than those of the built-in kind.
    pub fn is_onnx(&self) -> bool {
        !matches!(self, Self::Static(_))
    }

    /// How many numbers a vector has.
    pub fn dimensions(&self) -> usize {
        match self {
            Self::Static(model) => model.dimensions(),
            #[cfg(feature = "onnx")]
            Self::Onnx { model, .. } => model.dimensions(),
        }
    }

    /// The vector of what somebody looks for; zeros where it holds nothing that the model knows.
    pub fn embed_query(&self, text: &str) -> Result<Vec<f32>, IndexError> {
        match self {
            Self::Static(model) => Ok(model.embed(text)),
            #[cfg(feature = "onnx")]
            Self::Onnx { model, .. } => {
                model.embed_queries(&[text]).map(|vectors| vectors.into_iter().flatten().collect())
            }
        }
    }

    /// The vectors of passages or parts of them, in their order; zeros as for a query.
    pub fn embed_passages(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, IndexError> {
        match self {
            Self::Static(model) => Ok(model.embed_batch(texts)),
            #[cfg(feature = "onnx")]
            Self::Onnx { model, .. } => model.embed_passages(texts),
        }
    }

    /// The vectors of what passages are held against. They are the same at each start.
    pub(crate) fn embed_probes(&self, probes: &[Probe]) -> Result<Vec<Vec<f32>>, IndexError> {
        match self {
            Self::Static(model) => {
                Ok(probes.iter().map(|probe| model.embed_probe(&probe.text)).collect())
            }
            #[cfg(feature = "onnx")]
            Self::Onnx { model, .. } => model.embed_probes(probes),
        }
    }

    /// The vectors of passages under their headings, one after another. What stands above a passage counts
    /// `heading_weight` times as much as the passage itself.
    pub(crate) fn embed_headed(
        &self,
        passages: &[Headed<'_>],
        heading_weight: f32,
    ) -> Result<Vec<f32>, IndexError> {
        match self {
            Self::Static(model) => Ok(static_headed(model, passages, heading_weight)),
            #[cfg(feature = "onnx")]
            Self::Onnx { model, .. } => model.embed_headed(passages, heading_weight),
        }
    }

    /// What tells the field of this framework; `None` where no model has learned it, and words alone tell it.
    pub(crate) fn field(&self, framework: &str) -> Option<&Field> {
        match self {
            Self::Static(model) => model.field(framework),
            #[cfg(feature = "onnx")]
            Self::Onnx { fields, .. } => fields.field(framework),
        }
    }

    /// The vectors from which a [`field`](Self::field) is told, one after another, for passages whose own are `vectors`:
    /// the same, or those of the model that learned the fields.
    pub(crate) fn field_vectors<'v>(
        &self,
        passages: &[Headed<'_>],
        vectors: &'v [f32],
        heading_weight: f32,
    ) -> Cow<'v, [f32]> {
        match self.fields() {
            Some(fields) => Cow::Owned(static_headed(fields, passages, heading_weight)),
            None => Cow::Borrowed(vectors),
        }
    }

    /// The static model: that which gives the vectors, or stands beside it.
    pub(crate) fn static_model(&self) -> &StaticModel {
        match self {
            Self::Static(model) => model,
            #[cfg(feature = "onnx")]
            Self::Onnx { fields, .. } => fields,
        }
    }

    /// The model that tells fields, where it is another than the one that gives the vectors.
    fn fields(&self) -> Option<&StaticModel> {
        match self {
            Self::Static(_) => None,
            #[cfg(feature = "onnx")]
            Self::Onnx { fields, .. } => Some(fields),
        }
    }

    /// How similarities of unrelated text are spread.
    pub(crate) fn background(&self) -> &Background {
        match self {
            Self::Static(model) => model.background(),
            #[cfg(feature = "onnx")]
            Self::Onnx { model, .. } => model.background(),
        }
    }
}

/// The sums of both parts' tokens, brought to length 1. What stands above several passages is read once.
fn static_headed(model: &StaticModel, passages: &[Headed<'_>], heading_weight: f32) -> Vec<f32> {
    let dimensions = model.dimensions();
    let mut read: HashMap<&str, Vec<f32>> = HashMap::new();
    let mut vectors = vec![0.0; passages.len() * dimensions];
    for (passage, vector) in passages.iter().zip(vectors.chunks_exact_mut(dimensions)) {
        model.add_tokens(&passage.passage.text, 1.0, vector);
        let above = read.entry(&passage.above).or_insert_with_key(|above| {
            let mut sum = vec![0.0; dimensions];
            model.add_tokens(above, 1.0, &mut sum);
            sum
        });
        for (sum, number) in vector.iter_mut().zip(above.iter()) {
            *sum += heading_weight * number;
        }
        normalise(vector);
    }
    vectors
}
