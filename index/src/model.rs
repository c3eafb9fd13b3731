use crate::IndexError;
use crate::background::Background;
use crate::checks::{CheckVectors, Field};
use crate::chunk_cache::{ChunkCache, Pool};
use crate::lexical::is_number;
use crate::product::{add_whole_row, dot};
use crate::reader::{CHECK_TOKENS, CheckReader, QUOTE_TOKENS, Side};
use rayon::prelude::*;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::path::Path;
use tokenizers::Tokenizer;

/// Texts that one thread embeds at a time at least.
const TEXTS_A_TASK: usize = 32;

/// A static embedding model in the model2vec file format: a table of token vectors.
///
/// A text's vector is the sum of its tokens' vectors, each times its token's weight, brought to length 1.
/// Tokens that the model does not know (`[UNK]`) and numbers count nothing. A text may be of any length: nothing is cut.
#[derive(Debug)]
pub struct StaticModel {
    version: String,
    dimensions: usize,
    rows: Rows,
    weights: Vec<f32>,
    background: Background,
    checks: CheckVectors,
    reader: Option<Box<CheckReader>>,
    tokenizer: Tokenizer,
    unknown: Option<u32>,
    chunks: Pool<ChunkCache<Box<[u32]>>>,
}

/// Token vectors, one after another.
#[derive(Debug)]
enum Rows {
    I8(Vec<i8>),
    F32(Vec<f32>),
}

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    name: Option<String>,
}

impl StaticModel {
    /// Reads a model from the bytes of its three files.
    ///
    /// `safetensors` holds `embeddings` (V x D; I8, F16 or F32) and may hold `weights` (V), `background_mean` (D)
    /// and `background_covariance` (D x D). Scales common to all rows do not matter, so I8 needs none; a row's own
    /// scale belongs into its weight. Without a background, vectors are taken to point everywhere alike.
    pub fn from_bytes(
        safetensors: &[u8],
        tokenizer: &[u8],
        config: &[u8],
    ) -> Result<Self, IndexError> {
        let fault = |what: String| IndexError::Model(what);
        let config: Config =
            serde_json::from_slice(config).map_err(|e| fault(format!("config.json: {e}")))?;
        let raw: serde_json::Value =
            serde_json::from_slice(tokenizer).map_err(|e| fault(format!("tokenizer.json: {e}")))?;
        let parsed =
            Tokenizer::from_bytes(tokenizer).map_err(|e| fault(format!("tokenizer.json: {e}")))?;
        let unknown = raw["model"]["unk_token"].as_str().and_then(|t| parsed.token_to_id(t));
        let tensors = SafeTensors::deserialize(safetensors)
            .map_err(|e| fault(format!("model.safetensors: {e}")))?;
        let embeddings = tensors
            .tensor("embeddings")
            .map_err(|e| fault(format!("model.safetensors: embeddings: {e}")))?;
        let &[tokens, dimensions] = embeddings.shape() else {
            return Err(fault("model.safetensors: embeddings: not a table".into()));
        };
        let needed = parsed.get_vocab(true).values().map(|&id| id as usize + 1).max().unwrap_or(0);
        if dimensions == 0 || needed > tokens {
            return Err(fault(format!(
                "{tokens} rows of {dimensions} numbers for a vocabulary of {needed} tokens"
            )));
        }
        let rows = if embeddings.dtype() == Dtype::I8 {
            Rows::I8(embeddings.data().iter().map(|&byte| byte.cast_signed()).collect())
        } else {
            Rows::F32(numbers(&embeddings, "model.safetensors: embeddings", tokens * dimensions)?)
        };
        let optional = |name: &str, length: usize| {
            tensors
                .tensor(name)
                .ok()
                .map(|t| numbers(&t, &format!("model.safetensors: {name}"), length))
                .transpose()
        };
        let mut weights = optional("weights", tokens)?.unwrap_or_else(|| vec![1.0; tokens]);
        for (token, id) in parsed.get_vocab(true) {
            if is_number(token.strip_prefix("##").unwrap_or(&token)) {
                weights[id as usize] = 0.0;
            }
        }
        let mean = optional("background_mean", dimensions)?;
        let covariance = optional("background_covariance", dimensions * dimensions)?;
        let background = match (mean, covariance) {
            (Some(mean), Some(covariance)) => Background { mean, covariance },
            _ => Background::even(dimensions),
        };
        let digest = digest([safetensors, tokenizer]);
        let name = config.name.unwrap_or_else(|| "static".into());
        Ok(Self {
            version: format!("{name}@{digest}"),
            dimensions,
            rows,
            weights,
            background,
            checks: CheckVectors::default(),
            reader: None,
            tokenizer: parsed,
            unknown,
            chunks: Pool::default(),
        })
    }

    /// The same model with the vectors of probes that the teacher embedded: the bytes of `checks.safetensors`, with
    /// `digests` (N x 8, U8: the beginning of each text's SHA-256) and `vectors` (N x D, I8).
    pub fn with_checks(mut self, safetensors: &[u8]) -> Result<Self, IndexError> {
        self.checks = CheckVectors::parse(safetensors, self.dimensions)?;
        self.version.push('+');
        self.version.push_str(&digest([safetensors]));
        Ok(self)
    }

    /// The same model with the reader of checks that was made for its token vectors: the bytes of `reader.safetensors`.
    pub fn with_reader(mut self, safetensors: &[u8]) -> Result<Self, IndexError> {
        self.reader = Some(Box::new(CheckReader::from_bytes(safetensors, self.dimensions)?));
        self.version.push('+');
        self.version.push_str(&digest([safetensors]));
        Ok(self)
    }

    /// Reads a model from a folder that holds `model.safetensors`, `tokenizer.json` and `config.json`, and may hold
    /// `checks.safetensors` and `reader.safetensors`.
    pub fn from_folder(folder: &Path) -> Result<Self, IndexError> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(IndexError::io(&path))
        };
        let mut model = Self::from_bytes(
            &read("model.safetensors")?,
            &read("tokenizer.json")?,
            &read("config.json")?,
        )?;
        if folder.join("checks.safetensors").exists() {
            model = model.with_checks(&read("checks.safetensors")?)?;
        }
        if folder.join("reader.safetensors").exists() {
            model = model.with_reader(&read("reader.safetensors")?)?;
        }
        Ok(model)
    }

    /// The model's name and the first twelve digits of the SHA-256 over its tensors and tokenizer.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How many numbers a vector has.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The vector of `text`, of length 1; all zeros where it holds no token that the model knows.
    pub fn embed(&self, text: &str) -> Vec<f32> {
        let mut vector = vec![0.0; self.dimensions];
        self.add_tokens(text, 1.0, &mut vector);
        normalise(&mut vector);
        vector
    }

    /// The vector of a probe's text, of length 1: the teacher's where it ships with the model.
    pub(crate) fn embed_probe(&self, text: &str) -> Vec<f32> {
        self.checks.of(text).map_or_else(|| self.embed(text), <[f32]>::to_vec)
    }

    /// What tells from a vector whether a text speaks of the field of this framework, where the model has learned it.
    pub(crate) fn field(&self, framework: &str) -> Option<&Field> {
        self.checks.field(framework)
    }

    /// Whether the teacher's vector of this probe's text ships with the model.
    pub fn knows_probe(&self, text: &str) -> bool {
        self.checks.of(text).is_some()
    }

    /// The vectors of `texts`, in their order, made on all of rayon's threads.
    pub fn embed_batch<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Vec<Vec<f32>> {
        texts.par_iter().with_min_len(TEXTS_A_TASK).map(|text| self.embed(text.as_ref())).collect()
    }

    /// Adds the weighted vectors of `text`'s tokens, times `share`, to `sum`, which has one number for each dimension.
    pub(crate) fn add_tokens(&self, text: &str, share: f32, sum: &mut [f32]) {
        self.each_token(text, |token| {
            let row = token as usize * self.dimensions;
            let row = row..row + self.dimensions;
            let weight = share * self.weights[token as usize];
            match &self.rows {
                Rows::I8(rows) => add_whole_row(sum, &rows[row], weight),
                Rows::F32(rows) => {
                    for (sum, &number) in sum.iter_mut().zip(&rows[row]) {
                        *sum += weight * number;
                    }
                }
            }
        });
    }

    /// Whether a reader of checks ships with the model.
    pub(crate) fn has_reader(&self) -> bool {
        self.reader.is_some()
    }

    /// How surely `quote` shows what `check` asks for, as log-odds; `None` without a reader, and where one of them holds no token that
    /// the model knows.
    pub(crate) fn read(&self, check: &str, quote: &str) -> Option<f32> {
        let reader = self.reader.as_ref()?;
        reader.read(&self.side(check, CHECK_TOKENS), &self.side(quote, QUOTE_TOKENS))
    }

    /// The first tokens of a text, as the reader takes them.
    fn side(&self, text: &str, most: usize) -> Side {
        let mut ids = Vec::new();
        self.each_token(text, |token| ids.push(token));
        ids.truncate(most);
        let mut vectors = vec![0.0; ids.len() * self.dimensions];
        let rows = ids.iter().zip(vectors.chunks_exact_mut(self.dimensions));
        let lengths =
            rows.map(|(&id, row)| self.weights[id as usize] * self.unit(id, row)).collect();
        Side { ids, vectors, lengths }
    }

    /// Sets `row` to the vector of a token, brought to length 1; returns its length before.
    fn unit(&self, token: u32, row: &mut [f32]) -> f32 {
        let start = token as usize * self.dimensions;
        match &self.rows {
            Rows::I8(rows) => add_whole_row(row, &rows[start..start + self.dimensions], 1.0),
            Rows::F32(rows) => row.copy_from_slice(&rows[start..start + self.dimensions]),
        }
        let length = dot(row, row).sqrt();
        normalise(row);
        length
    }

    /// How similarities of unrelated text are spread.
    pub(crate) fn background(&self) -> &Background {
        &self.background
    }

    /// Visits the ids of the tokens that the model knows, in order.
    fn each_token(&self, text: &str, mut visit: impl FnMut(u32)) {
        self.chunks.with(ChunkCache::default, |chunks| {
            chunks.each(
                text,
                |chunk| self.tokenise(chunk),
                |ids| {
                    for &id in ids {
                        visit(id);
                    }
                },
            );
        });
    }

    /// The token ids of a text by the library itself, without special and unknown tokens.
    fn tokenise(&self, text: &str) -> Box<[u32]> {
        // The one thing that can fail here is a vocabulary without its unknown token; such a text counts nothing.
        let Ok(encoding) = self.tokenizer.encode_fast(text, false) else {
            return Box::default();
        };
        encoding.get_ids().iter().copied().filter(|&id| Some(id) != self.unknown).collect()
    }
}

/// The first twelve digits of the SHA-256 over `parts`.
fn digest<const N: usize>(parts: [&[u8]; N]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Brings `vector` to length 1; the zero vector stays as it is.
pub(crate) fn normalise(vector: &mut [f32]) {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        for number in vector {
            *number /= length;
        }
    }
}

/// A tensor's numbers as f32, of which there must be `length`, all finite; `name` is its file's and its own.
pub(crate) fn numbers(
    tensor: &TensorView<'_>,
    name: &str,
    length: usize,
) -> Result<Vec<f32>, IndexError> {
    let fault = |what: String| IndexError::Model(format!("{name}: {what}"));
    let data = tensor.data();
    let numbers: Vec<f32> = match tensor.dtype() {
        Dtype::F32 => {
            data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
        }
        Dtype::F16 => {
            data.chunks_exact(2).map(|b| half_to_single(u16::from_le_bytes([b[0], b[1]]))).collect()
        }
        other => return Err(fault(format!("numbers of type {other:?}"))),
    };
    if numbers.len() != length {
        return Err(fault(format!("{} numbers instead of {length}", numbers.len())));
    }
    if numbers.iter().any(|number| !number.is_finite()) {
        return Err(fault("a number that is none".into()));
    }
    Ok(numbers)
}

/// IEEE 754 half precision to single.
fn half_to_single(half: u16) -> f32 {
    let sign = if half >> 15 == 1 { -1.0 } else { 1.0 };
    let exponent = i32::from(half >> 10 & 0x1f);
    let fraction = f32::from(half & 0x3ff) / 1024.0;
    match exponent {
        0 => sign * fraction * 2f32.powi(-14),
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        _ => sign * (1.0 + fraction) * 2f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite;
    use proptest::prelude::*;

    static SHIPPED: std::sync::OnceLock<StaticModel> = std::sync::OnceLock::new();

    /// The model that ships.
    fn shipped() -> StaticModel {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/static-en");
        StaticModel::from_folder(&folder).expect("the model that ships")
    }

    fn tokens(model: &StaticModel, text: &str) -> Vec<u32> {
        let mut tokens = Vec::new();
        model.each_token(text, |token| tokens.push(token));
        tokens
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn chunks_are_tokenised_as_the_whole_is(
            texts in prop::collection::vec(
                prop_oneof!["\\PC{0,60}", "[a-zA-Zéß日 \t\n.,\\-'(\\[\\]#UNK0-9\u{301}\u{a0}\u{2028}]{0,80}"], 1..20
            ),
        ) {
            // The library takes these for control characters and drops them, which would join two words.
            let model = SHIPPED.get_or_init(shipped);
            for text in texts {
                let text = text.replace(['\u{b}', '\u{c}', '\u{85}'], " ");
                let whole = model.tokenise(&text);
                prop_assert_eq!(&tokens(model, &text)[..], &whole[..]);
                prop_assert_eq!(&tokens(model, &text)[..], &whole[..], "from the cache");
            }
        }
    }

    #[test]
    fn a_vector_has_length_one_and_unknown_words_count_nothing() {
        let model = suite::static_model();
        let vector = model.embed("Bias fairness review");
        assert!((dot(&vector, &vector) - 1.0).abs() < 1e-5);
        assert_eq!(vector, model.embed("bias qqqq fairness review"));
        assert_eq!(model.embed("qqqq"), [0.0; 4]);
        assert_eq!(model.embed_batch(&["bias", ""]), [model.embed("bias"), vec![0.0; 4]]);
    }

    #[test]
    fn the_background_of_a_unit_vector_is_its_own_spread() {
        let model = suite::static_model();
        assert_eq!(model.background().similarity(&[0.0, 1.0, 0.0, 0.0]), (0.0, 0.25));
        let Background { covariance, .. } = Background::even(4);
        assert_eq!(covariance.iter().sum::<f32>(), 1.0);
    }

    #[test]
    fn the_model_that_ships_knows_what_is_alike() {
        let model = shipped();
        let near = |a: &str, b: &str| dot(&model.embed(a), &model.embed(b));
        let same = near("Staff report security incidents", "employees must notify of a breach");
        assert!(same > near("Staff report security incidents", "slice the onions finely") + 0.2);
        assert_eq!(model.dimensions(), 256);
    }

    #[test]
    fn what_is_no_model_is_refused() {
        let fault = |tensors: &[u8]| {
            let tokenizer = br#"{"version": "1.0", "added_tokens": [],
                "model": {"type": "WordLevel", "vocab": {"a": 0, "b": 1}, "unk_token": "a"}}"#;
            StaticModel::from_bytes(tensors, tokenizer, b"{}").expect_err("a fault").to_string()
        };
        let table = |dtype, shape: Vec<usize>, data: &[u8]| {
            let view = safetensors::tensor::TensorView::new(dtype, shape, data).expect("a tensor");
            safetensors::serialize([("embeddings", view)], None).expect("tensors")
        };
        assert!(fault(b"").starts_with("embedding model: model.safetensors: "));
        assert_eq!(
            fault(&table(Dtype::I8, vec![1, 2], &[1, 2])),
            "embedding model: 1 rows of 2 numbers for a vocabulary of 2 tokens"
        );
        assert_eq!(
            fault(&table(Dtype::F32, vec![2, 1], &[0, 0, 0, 0, 0, 0, 0xc0, 0x7f])),
            "embedding model: model.safetensors: embeddings: a number that is none"
        );
        assert!(fault(&table(Dtype::I64, vec![2, 1], &[0; 16])).ends_with("numbers of type I64"));
    }

    #[test]
    fn halves_become_singles() {
        for (half, single) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x0001, 5.960_464_5e-8),
            (0, 0.0),
        ] {
            assert_eq!(half_to_single(half), single);
        }
        assert!(half_to_single(0x7c01).is_nan());
        assert_eq!(half_to_single(0xfc00), f32::NEG_INFINITY);
    }
}
