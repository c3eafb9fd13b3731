use crate::IndexError;
use safetensors::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Bytes of a text's SHA-256 by which its vector is found.
pub(crate) const DIGEST_BYTES: usize = 8;

/// Vectors of the catalogue's probes as the teacher embeds them, by the digest of the probe's text. They ship with the
/// model: the teacher says more of a short text than the sum of its words does, and the probes are known beforehand.
#[derive(Debug, Default)]
pub(crate) struct CheckVectors(HashMap<[u8; DIGEST_BYTES], Vec<f32>>);

impl CheckVectors {
    /// Reads `checks.safetensors`: `digests` (N x 8, U8) and `vectors` (N x D, I8; of any length).
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
            crate::model::normalise(&mut vector);
            vector
        });
        Ok(Self(digests.iter().copied().zip(vectors).collect()))
    }

    /// The vector of `text` (of length 1), where it is one of the texts that were embedded.
    pub(crate) fn of(&self, text: &str) -> Option<&[f32]> {
        let digest = Sha256::digest(text);
        self.0.get(digest.get(..DIGEST_BYTES)?).map(Vec::as_slice)
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
    fn what_does_not_fit_the_model_is_refused() {
        let fault = |bytes: &[u8]| CheckVectors::parse(bytes, 2).expect_err("a fault").to_string();
        assert!(fault(b"").starts_with("embedding model: checks.safetensors: "));
        assert!(fault(&file(&["a"], 1, &[1, 2, 3])).ends_with("not a table of 2 I8 a row"));
        assert!(fault(&file(&["a"], 2, &[1, 2, 3, 4])).ends_with("2 vectors for 1 texts"));
    }
}
