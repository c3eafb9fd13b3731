use super::files::{Bytes, MOST_TOKENS, ModelFolder, OnnxOptions};
use super::kept::KeptVectors;
use super::known::KnownModel;
use super::recent::RecentVectors;
use super::runtime::runtime;
use crate::IndexError;
use crate::background::Background;
use crate::embedder::Headed;
use crate::model::normalise;
use crate::table::add_products;
use crate::units::{Unit, units};
use fastembed::{
    InitOptionsUserDefined, Pooling, QuantizationMode, TextEmbedding, UserDefinedEmbeddingModel,
};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use sufficit_evidence::{Probe, ProbeKind};

/// Text of the field at large, a JSON string a line (`models/background.py`).
const BACKGROUND: &str = include_str!("../../../models/background.jsonl");

/// An embedding model that ONNX Runtime runs.
///
/// What the built-in model carries in its file is made here once and kept on disk: how vectors of unrelated text are
/// spread. Numbers of a text count as so many zeros, so that a date does not change what a text is about.
pub struct OnnxModel {
    version: String,
    dimensions: usize,
    background: Background,
    batch: usize,
    prefixes: (String, String),
    /// One session, whose threads share each text's work; who comes second waits.
    session: Mutex<TextEmbedding>,
    kept: KeptVectors,
    /// What passages' parts were just embedded as: a passage's sentences are asked for again when its focus is looked for.
    recent: RecentVectors,
}

impl fmt::Debug for OnnxModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnnxModel").field("version", &self.version).finish_non_exhaustive()
    }
}

impl OnnxModel {
    /// Loads the model in `folder`; `known` where it is one that fastembed lists. Loads ONNX Runtime too.
    ///
    /// The first time the background is embedded, which takes some seconds; its vectors are kept in `options.kept`.
    pub fn load(
        folder: &ModelFolder,
        known: Option<&KnownModel>,
        options: &OnnxOptions,
    ) -> Result<Self, IndexError> {
        let runtime = runtime()?;
        let bytes = folder.read(known.map_or(&[], KnownModel::additional))?;
        let pooling = known
            .and_then(KnownModel::pooling)
            .or_else(|| bytes.pooling.clone())
            .unwrap_or(Pooling::Mean);
        let digest = bytes.digest(&format!("{pooling:?}{:?}", folder.prefixes));
        let one_by_one = bytes.quantises_as_it_runs();
        let Bytes { onnx, weights, tokenizer, .. } = bytes;
        let mut files = UserDefinedEmbeddingModel::new(onnx, tokenizer)
            .with_pooling(pooling)
            .with_quantization(QuantizationMode::None);
        for (name, bytes) in weights {
            files = files.with_external_initializer(name, bytes);
        }
        files.output_key = known.and_then(|known| known.info.output_key.clone());
        let mut settings = InitOptionsUserDefined::new()
            .with_environment(runtime.environment.clone())
            .with_max_length(MOST_TOKENS);
        settings.intra_threads = options.intra_threads();
        // A thread that holds the session must not take up other work that waits for it, as tokenising on rayon would.
        tokenizers::utils::parallelism::set_parallelism(false);
        let session = TextEmbedding::try_new_from_user_defined(files, settings)
            .map_err(|error| fault(&folder.name, error))?;
        let mut model = Self {
            version: format!("{}@{digest}", folder.name),
            dimensions: 0,
            background: Background::even(0),
            batch: if one_by_one { 1 } else { options.batch.max(1) },
            prefixes: folder.prefixes.clone(),
            session: Mutex::new(session),
            kept: KeptVectors::of(&options.kept, &digest),
            recent: RecentVectors::default(),
        };
        model.dimensions = model.run(&["a".to_owned()])?.first().map_or(0, Vec::len);
        if model.dimensions == 0 {
            return Err(fault(&folder.name, "it gives no vector"));
        }
        model.background = model.estimate()?;
        Ok(model)
    }

    /// The model's name and the first twelve digits of the SHA-256 over its files and how they are used.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How many numbers a vector has.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The vectors of texts that are looked for, each of length 1; zeros for a blank text.
    pub fn embed_queries(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, IndexError> {
        self.embed(&self.prefixes.0, texts)
    }

    /// The vectors of texts that are looked through, each of length 1; zeros for a blank text.
    pub fn embed_passages(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, IndexError> {
        self.recent.get(texts, |missing| self.embed(&self.prefixes.1, missing))
    }

    /// How many tokens the model reads of all `texts`, those that it cuts off not counted.
    pub fn count_tokens(&self, texts: &[&str]) -> Result<usize, IndexError> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let tokens = |text: &&str| session.tokenizer.encode_fast(*text, true).map(|one| one.len());
        texts
            .iter()
            .map(tokens)
            .sum::<Result<usize, _>>()
            .map_err(|error| fault(&self.version, error))
    }

    /// The vectors of probes, each check under its requirement's title, kept on disk.
    pub(crate) fn embed_probes(&self, probes: &[Probe]) -> Result<Vec<Vec<f32>>, IndexError> {
        let whole = |probe: &Probe| match &probe.kind {
            ProbeKind::Check(_) => format!("{}: {}", probe.title, probe.text),
            ProbeKind::Subject => probe.text.clone(),
        };
        let texts: Vec<String> = probes.iter().map(whole).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        self.kept.get(&texts, self.dimensions, || self.embed_queries(&texts))
    }

    /// The vectors of passages under their headings, one after another: of each the sum of the passage's, the mean of
    /// its sentences' (items', rows') and `heading_weight` times that of what stands above it.
    ///
    /// Such a model says of a long and mixed text what all of it has in common. Its sentences bring back what each says,
    /// and headings as a text of their own count for more than as a first line.
    pub(crate) fn embed_headed(
        &self,
        passages: &[Headed<'_>],
        heading_weight: f32,
    ) -> Result<Vec<f32>, IndexError> {
        let cut: Vec<Vec<Unit>> =
            passages.iter().map(|p| units(&p.passage.text, p.passage.shape)).collect();
        let mut texts: Vec<&str> = Vec::new();
        for (Headed { above, passage }, units) in passages.iter().zip(&cut) {
            texts.extend([above.as_ref(), &passage.text]);
            texts.extend(units.iter().map(|unit| &passage.text[unit.clone()]));
        }
        let mut vectors = self.embed_passages(&texts)?.into_iter();
        let mut sums = Vec::with_capacity(passages.len() * self.dimensions);
        for units in &cut {
            let mut sum = vec![0.0; self.dimensions];
            let weights = [heading_weight, 1.0].into_iter();
            let weights = weights.chain(units.iter().map(|_| 1.0 / units.len() as f32));
            for (weight, vector) in weights.zip(vectors.by_ref()) {
                for (sum, number) in sum.iter_mut().zip(vector) {
                    *sum += weight * number;
                }
            }
            normalise(&mut sum);
            sums.extend(sum);
        }
        Ok(sums)
    }

    pub(crate) fn background(&self) -> &Background {
        &self.background
    }

    /// Embeds texts of like length together, so that little is filled up.
    fn embed(&self, prefix: &str, texts: &[&str]) -> Result<Vec<Vec<f32>>, IndexError> {
        let mut order: Vec<usize> =
            (0..texts.len()).filter(|&at| !texts[at].trim().is_empty()).collect();
        order.sort_by_key(|&at| texts[at].len());
        let mut vectors = vec![vec![0.0; self.dimensions]; texts.len()];
        for batch in order.chunks(self.batch) {
            let batch_texts: Vec<String> =
                batch.iter().map(|&at| format!("{prefix}{}", without_numbers(texts[at]))).collect();
            for (&at, mut vector) in batch.iter().zip(self.run(&batch_texts)?) {
                normalise(&mut vector);
                vectors[at] = vector;
            }
        }
        Ok(vectors)
    }

    /// One call of the model. A vector holds as many numbers as the others, all finite.
    fn run(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, IndexError> {
        let vectors = self
            .session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .embed(texts, Some(self.batch))
            .map_err(|error| fault(&self.version, error))?;
        let whole = |vector: &Vec<f32>| {
            (self.dimensions == 0 || vector.len() == self.dimensions)
                && vector.iter().all(|number| number.is_finite())
        };
        if vectors.len() != texts.len() || !vectors.iter().all(whole) {
            return Err(fault(&self.version, "it gives vectors that are none"));
        }
        Ok(vectors)
    }

    /// Mean and covariance of the vectors of the background's texts.
    fn estimate(&self) -> Result<Background, IndexError> {
        let texts: Vec<String> = BACKGROUND
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()
            .map_err(|error| fault("background.jsonl", error))?;
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let vectors =
            self.kept.get(&texts, self.dimensions, || self.embed(&self.prefixes.1, &texts))?;
        Ok(spread(&vectors, self.dimensions))
    }
}

/// Mean and covariance of `vectors`.
fn spread(vectors: &[Vec<f32>], dimensions: usize) -> Background {
    let count = vectors.len().max(1) as f32;
    let mut mean = vec![0.0; dimensions];
    for vector in vectors {
        for (sum, number) in mean.iter_mut().zip(vector) {
            *sum += number / count;
        }
    }
    // One column for each dimension, so that the covariance is one product of the table with itself.
    let mut columns = vec![0.0; dimensions * vectors.len()];
    for (row, vector) in vectors.iter().enumerate() {
        for (column, (number, mean)) in vector.iter().zip(&mean).enumerate() {
            columns[column * vectors.len() + row] = (number - mean) / count.sqrt();
        }
    }
    let mut covariance = vec![0.0; dimensions * dimensions];
    add_products(&columns, &columns, vectors.len(), &mut covariance);
    Background { mean, covariance }
}

/// `text` with each digit as 0.
fn without_numbers(text: &str) -> String {
    text.chars().map(|c| if c.is_numeric() { '0' } else { c }).collect()
}

fn fault(name: &str, what: impl fmt::Display) -> IndexError {
    IndexError::Model(format!("{name}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_background_is_text_and_its_spread_is_that_of_the_definition() {
        assert!(BACKGROUND.lines().count() > 500);
        assert!(BACKGROUND.lines().all(|line| serde_json::from_str::<String>(line).is_ok()));
        let Background { mean, covariance } =
            spread(&[vec![1.0, 0.0], vec![0.0, 1.0], vec![-1.0, 2.0]], 2);
        assert_eq!(mean, [0.0, 1.0]);
        let expected = [2.0, -2.0, -2.0, 2.0].map(|sum: f32| sum / 3.0);
        assert!(
            covariance.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6),
            "{covariance:?}"
        );
    }

    #[test]
    fn a_date_is_so_many_zeros() {
        assert_eq!(without_numbers("v2.1 of 2026-03-09, ½ done"), "v0.0 of 0000-00-00, 0 done");
    }
}
