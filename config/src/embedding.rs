use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Which model turns texts into vectors, and how it is run.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbeddingSettings {
    /// The model.
    pub model: ModelChoice,
    /// The ONNX file in a folder of the user's; empty means `model.onnx`.
    pub file: String,
    /// Put before checks and queries.
    pub query_prefix: String,
    /// Put before passages.
    pub passage_prefix: String,
    /// Texts that an ONNX model reads at a time, 1 to 1024.
    pub batch: usize,
    /// Threads of an ONNX model; 0 means one for each core.
    pub threads: usize,
    /// Where models that were fetched lie; empty means the system's place for caches.
    pub cache: PathBuf,
    /// Where models are fetched from by name.
    pub hub: String,
}

/// Which cross-encoder reads the best passages again, if any.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RerankSettings {
    /// The model; an empty name means none.
    pub model: ModelChoice,
    /// The ONNX file in a folder of the user's; empty means `model.onnx`.
    pub file: String,
    /// Passages of each check that are read again.
    pub passages: usize,
    /// How far its word goes, 0 (not at all) to 1.
    pub weight: f32,
}

/// A model as the settings name it. What holds a slash, or begins with a dot, is a folder.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum ModelChoice {
    /// By its name; empty where none is wanted.
    Name(String),
    /// By the folder that holds its files.
    Folder(PathBuf),
}

impl From<String> for ModelChoice {
    fn from(text: String) -> Self {
        if text.contains(['/', '\\']) || text.starts_with('.') {
            Self::Folder(PathBuf::from(text))
        } else {
            Self::Name(text)
        }
    }
}

impl ModelChoice {
    /// Counts a relative folder from `folder`.
    pub(crate) fn resolve(&mut self, folder: &Path) {
        if let Self::Folder(path) = self {
            *path = folder.join(&*path);
        }
    }
}

impl EmbeddingSettings {
    /// What is impossible about these settings, beginning with the key: nothing where all is well.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        let possible = (1..=1024).contains(&self.batch);
        (!possible).then_some("batch must be between 1 and 1024")
    }

    pub(crate) fn resolve(&mut self, folder: &Path) {
        self.model.resolve(folder);
        if !self.cache.as_os_str().is_empty() {
            self.cache = folder.join(&self.cache);
        }
    }
}

impl RerankSettings {
    /// What is impossible about these settings, beginning with the key: nothing where all is well.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        if !(0.0..=1.0).contains(&self.weight) {
            return Some("weight must be between 0 and 1");
        }
        (self.passages == 0).then_some("passages must be 1 or more")
    }
}
