use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The name of the tensor in a file.
const VECTORS: &str = "vectors";

/// Vectors of texts that are needed at each start, kept on disk: the probes' and the background's.
///
/// A file's name is the digest of its texts and lies in a folder named by the model, so what is found is right. A file
/// that is missing or cannot be read costs time and nothing else.
#[derive(Debug)]
pub(super) struct KeptVectors {
    folder: PathBuf,
}

impl KeptVectors {
    /// Those of the model with this digest, under `kept`.
    pub(super) fn of(kept: &Path, digest: &str) -> Self {
        Self { folder: kept.join(digest) }
    }

    /// The vectors of `texts`, from the file or else from `make`, which is then kept.
    pub(super) fn get<E>(
        &self,
        texts: &[&str],
        dimensions: usize,
        make: impl FnOnce() -> Result<Vec<Vec<f32>>, E>,
    ) -> Result<Vec<Vec<f32>>, E> {
        let path = self.folder.join(format!("{}.safetensors", name(texts)));
        if let Some(vectors) = read(&path, texts.len(), dimensions) {
            return Ok(vectors);
        }
        let vectors = make()?;
        if let Err(error) = write(&path, &vectors, dimensions) {
            tracing::warn!("{}: {error}; these vectors are made anew each time", path.display());
        }
        Ok(vectors)
    }
}

/// The first 16 digits of the SHA-256 over the texts, in their order.
fn name(texts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for text in texts {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text);
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path, rows: usize, dimensions: usize) -> Option<Vec<Vec<f32>>> {
    let bytes = fs::read(path).ok()?;
    let tensors = SafeTensors::deserialize(&bytes).ok()?;
    let tensor = tensors.tensor(VECTORS).ok()?;
    if tensor.dtype() != Dtype::F32 || tensor.shape() != [rows, dimensions] {
        return None;
    }
    let (numbers, _) = tensor.data().as_chunks::<4>();
    let numbers: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let finite = numbers.iter().all(|number| number.is_finite());
    finite.then(|| numbers.chunks_exact(dimensions.max(1)).map(<[f32]>::to_vec).collect())
}

/// Writes beside the file and renames: nobody reads half of it.
fn write(path: &Path, vectors: &[Vec<f32>], dimensions: usize) -> std::io::Result<()> {
    let bytes: Vec<u8> = vectors.iter().flatten().flat_map(|number| number.to_le_bytes()).collect();
    let shape = vec![vectors.len(), dimensions];
    let view = TensorView::new(Dtype::F32, shape, &bytes).map_err(std::io::Error::other)?;
    let file = safetensors::serialize([(VECTORS, view)], None).map_err(std::io::Error::other)?;
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    fs::write(&beside, file)?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_once_is_read_back_and_damage_makes_it_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = KeptVectors::of(folder.path(), "model");
        let ours = || Ok::<_, ()>(vec![vec![1.0, 2.0], vec![3.0, 4.0]]);
        assert_eq!(kept.get(&["a", "b"], 2, ours), ours());
        assert_eq!(kept.get(&["a", "b"], 2, || Err(())), ours());
        assert_eq!(kept.get(&["ab", ""], 2, || Err(())), Err(()), "other texts");
        for file in fs::read_dir(folder.path().join("model")).expect("is there").flatten() {
            fs::write(file.path(), "damaged").expect("is writable");
        }
        assert_eq!(kept.get(&["a", "b"], 2, ours), ours());
        assert_eq!(kept.get(&["a", "b"], 2, || Err(())), ours());
    }
}
