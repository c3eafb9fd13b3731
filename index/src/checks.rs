use crate::IndexError;
use crate::model::{normalise, numbers};
use crate::product::dot;
use safetensors::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Bytes of a text's SHA-256 by which its vector is found.
pub(crate) const DIGEST_BYTES: usize = 8;

/// Vectors of the catalogue's probes as the teacher embeds them, by the digest of the probe's text. They ship with the
/// model: the teacher says more of a short text than the sum of its words does, and the probes are known beforehand.
#[derive(Debug, Default)]
pub(crate) struct CheckVectors {
    probes: HashMap<[u8; DIGEST_BYTES], Vec<f32>>,
    fields: HashMap<String, Field>,
}

/// Tells from a passage's vector whether it speaks of a framework's field, by logistic regression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    weights: Vec<f32>,
    intercept: f32,
}

impl Field {
    /// Log-odds that the text of this vector speaks of the field.
    pub(crate) fn log_odds(&self, vector: &[f32]) -> f32 {
        dot(&self.weights, vector) + self.intercept
    }
}

/// What the names of tensors that tell a field begin with, before the framework's id.
const FIELD: &str = "field.";

impl CheckVectors {
    /// Reads `checks.safetensors`: `digests` (N x 8, U8), `vectors` (N x D, I8; of any length), and for each framework whose
    /// field was learned `field.ID` (D + 1, F32; the intercept last).
    pub(crate) fn parse(bytes: &[u8], dimensions: usize) -> Result<Self, IndexError> {
        let fault = |what: &str| IndexError::Model(format!("checks.safetensors: {what}"));
        let tensors = SafeTensors::deserialize(bytes).map_err(|e| fault(&e.to_string()))?;
        let table = |name: &str, dtype: Dtype, columns: usize| {
            let tensor = tensors.tensor(name).map_err(|e| fault(&format!("{name}: {e}")))?;
            match (tensor.shape(), tensor.dtype() == dtype) {
                (&[rows, width], true) if width == columns => Ok((rows, tensor.data())),
                _ => Err(fault(&format!("{name}: not a table of {columns} {dtype:?} a row"))),
            }
        };
        let (texts, digests) = table("digests", Dtype::U8, DIGEST_BYTES)?;
        let (rows, vectors) = table("vectors", Dtype::I8, dimensions)?;
        if texts != rows {
            return Err(fault(&format!("{rows} vectors for {texts} texts")));
        }
        let (digests, _) = digests.as_chunks::<DIGEST_BYTES>();
        let vectors = vectors.chunks_exact(dimensions).map(|row| {
            let mut vector: Vec<f32> = row.iter().map(|&b| f32::from(b.cast_signed())).collect();
            normalise(&mut vector);
            vector
        });
        let mut fields = HashMap::new();
        for name in tensors.names() {
            let Some(framework) = name.strip_prefix(FIELD) else { continue };
            let tensor = tensors.tensor(name).map_err(|e| fault(&e.to_string()))?;
            let mut weights =
                numbers(&tensor, &format!("checks.safetensors: {name}"), dimensions + 1)?;
            let intercept = weights.pop().unwrap_or_default();
            fields.insert(framework.to_owned(), Field { weights, intercept });
        }
        Ok(Self { probes: digests.iter().copied().zip(vectors).collect(), fields })
    }

    /// What tells the field of this framework.
    pub(crate) fn field(&self, framework: &str) -> Option<&Field> {
        self.fields.get(framework)
    }

    /// The vector of `text` (of length 1), where it is one of the texts that were embedded.
    pub(crate) fn of(&self, text: &str) -> Option<&[f32]> {
        let digest = Sha256::digest(text);
        self.probes.get(digest.get(..DIGEST_BYTES)?).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::tensor::TensorView;

    fn file(texts: &[&str], rows: usize, vectors: &[u8]) -> Vec<u8> {
        let digests: Vec<u8> =
            texts.iter().flat_map(|t| Sha256::digest(t)[..DIGEST_BYTES].to_vec()).collect();
        let digests = TensorView::new(Dtype::U8, vec![texts.len(), DIGEST_BYTES], &digests);
        let vectors = TensorView::new(Dtype::I8, vec![rows, vectors.len() / rows], vectors);
        let tensors =
            [("digests", digests.expect("a table")), ("vectors", vectors.expect("a table"))];
        safetensors::serialize(tensors, None).expect("tensors")
    }

    #[test]
    fn a_text_is_known_by_its_words_and_its_vector_has_length_one() {
        let checks =
            CheckVectors::parse(&file(&["a", "b"], 2, &[3, 4, 0, 254]), 2).expect("a file");
        assert_eq!(checks.of("a"), Some(&[0.6, 0.8][..]));
        assert_eq!(checks.of("b"), Some(&[0.0, -1.0][..]));
        assert_eq!(checks.of("c"), None);
    }

    #[test]
    fn a_field_is_told_by_a_vector() {
        let numbers: Vec<u8> = [2.0_f32, 0.0, -1.0].iter().flat_map(|n| n.to_le_bytes()).collect();
        let field = TensorView::new(Dtype::F32, vec![3], &numbers).expect("a row");
        let digests = TensorView::new(Dtype::U8, vec![0, DIGEST_BYTES], &[]).expect("a table");
        let vectors = TensorView::new(Dtype::I8, vec![0, 2], &[]).expect("a table");
        let tensors = [("digests", digests), ("vectors", vectors), ("field.f", field)];
        let bytes = safetensors::serialize(tensors, None).expect("tensors");
        let checks = CheckVectors::parse(&bytes, 2).expect("a file");
        assert_eq!(checks.field("f").map(|field| field.log_odds(&[1.0, 0.0])), Some(1.0));
        assert_eq!(checks.field("g"), None);
        assert!(CheckVectors::parse(&bytes, 3).is_err());
    }

    #[test]
    fn what_does_not_fit_the_model_is_refused() {
        let fault = |bytes: &[u8]| CheckVectors::parse(bytes, 2).expect_err("a fault").to_string();
        assert!(fault(b"").starts_with("embedding model: checks.safetensors: "));
        assert!(fault(&file(&["a"], 1, &[1, 2, 3])).ends_with("not a table of 2 I8 a row"));
        assert!(fault(&file(&["a"], 2, &[1, 2, 3, 4])).ends_with("2 vectors for 1 texts"));
    }
}
