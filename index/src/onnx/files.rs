use crate::IndexError;
use fastembed::{Pooling, TokenizerFiles};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Tokens of a text that are looked at; what stands behind them counts nothing. fastembed's own default, and what most of
/// its models were trained for.
pub(super) const MOST_TOKENS: usize = 512;

/// The name of a model's ONNX file where none is given, in the folder itself or in `onnx/`.
const FILE: &str = "model.onnx";

/// A model's files: an ONNX file and `tokenizer.json`, and where they are there `config.json`, `tokenizer_config.json`,
/// `special_tokens_map.json`, `1_Pooling/config.json` and further files of weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFolder {
    /// What the model is called in versions and messages.
    pub name: String,
    /// Where its files lie.
    pub folder: PathBuf,
    /// Path of the ONNX file in the folder; empty where it is `model.onnx` or `onnx/model.onnx`.
    pub file: String,
    /// Put before each text that is looked for, and before each that is looked through. Some models were trained so.
    pub prefixes: (String, String),
}

/// How a model is run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnnxOptions {
    /// Texts at a time, 1 and more.
    pub batch: usize,
    /// Threads; 0 means one for each core.
    pub threads: usize,
    /// Folder where vectors that are needed at each start are kept.
    pub kept: PathBuf,
}

impl OnnxOptions {
    /// Threads as fastembed takes them: `None` means one for each core.
    pub(super) fn intra_threads(&self) -> Option<usize> {
        (self.threads > 0).then_some(self.threads)
    }
}

/// The bytes of a model's files.
pub(super) struct Bytes {
    pub(super) onnx: Vec<u8>,
    /// Weights in files of their own, by the names that the ONNX file gives them.
    pub(super) weights: Vec<(String, Vec<u8>)>,
    pub(super) tokenizer: TokenizerFiles,
    /// What `1_Pooling/config.json` says.
    pub(super) pooling: Option<Pooling>,
}

impl ModelFolder {
    /// Reads the files. `additional` names files of weights beyond those that lie beside the ONNX file under its name
    /// with `.data` or `_data`.
    pub(super) fn read(&self, additional: &[String]) -> Result<Bytes, IndexError> {
        let path = self.onnx_path()?;
        let beside = path.parent().unwrap_or(&self.folder);
        let mut weights: Vec<PathBuf> =
            additional.iter().map(|file| self.folder.join(file)).collect();
        if let Some(name) = path.file_name() {
            for ending in [".data", "_data"] {
                let mut name = name.to_owned();
                name.push(ending);
                let file = beside.join(name);
                if file.is_file() && !weights.contains(&file) {
                    weights.push(file);
                }
            }
        }
        let weights = weights
            .iter()
            .map(|path| {
                let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Ok((file_name, read(path)?))
            })
            .collect::<Result<_, IndexError>>()?;
        let tokenizer_file = read(&self.folder.join("tokenizer.json"))?;
        let optional = |name: &str| {
            let path = self.folder.join(name);
            if path.is_file() { read(&path).map(Some) } else { Ok(None) }
        };
        let pooling = optional("1_Pooling/config.json")?.and_then(|bytes| pooling(&bytes));
        let empty = || b"{}".to_vec();
        let tokenizer = TokenizerFiles {
            config_file: optional("config.json")?.unwrap_or_else(empty),
            special_tokens_map_file: optional("special_tokens_map.json")?.unwrap_or_else(empty),
            tokenizer_config_file: tokenizer_config(
                optional("tokenizer_config.json")?.as_deref(),
                &tokenizer_file,
            ),
            tokenizer_file,
        };
        Ok(Bytes { onnx: read(&path)?, weights, tokenizer, pooling })
    }

    /// The ONNX file that is there.
    pub(super) fn onnx_path(&self) -> Result<PathBuf, IndexError> {
        if !self.folder.is_dir() {
            let what = format!("{}: there is no such folder", self.folder.display());
            return Err(IndexError::Model(what));
        }
        let names = if self.file.is_empty() {
            vec![FILE.to_owned(), format!("onnx/{FILE}")]
        } else {
            vec![self.file.clone()]
        };
        let found = names.iter().map(|name| self.folder.join(name)).find(|path| path.is_file());
        found.ok_or_else(|| {
            let what = format!("{}: there is no {}", self.folder.display(), names.join(" and no "));
            IndexError::Model(what)
        })
    }
}

impl Bytes {
    /// The first twelve digits of the SHA-256 over everything that a vector hangs on: the files, and `settings`.
    pub(super) fn digest(&self, settings: &str) -> String {
        let mut digest = Sha256::new();
        let files = self.weights.iter().map(|(_, bytes)| bytes).chain([
            &self.onnx,
            &self.tokenizer.tokenizer_file,
            &self.tokenizer.config_file,
            &self.tokenizer.special_tokens_map_file,
            &self.tokenizer.tokenizer_config_file,
        ]);
        for part in files.map(Vec::as_slice).chain([settings.as_bytes()]) {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether the model quantises what flows through it text by text: then texts that are embedded together change one
    /// another's vectors.
    pub(super) fn quantises_as_it_runs(&self) -> bool {
        const OPERATOR: &[u8] = b"DynamicQuantize";
        self.onnx.windows(OPERATOR.len()).any(|window| window == OPERATOR)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, IndexError> {
    std::fs::read(path).map_err(IndexError::io(path))
}

/// The pooling that a sentence-transformers folder asks for.
fn pooling(config: &[u8]) -> Option<Pooling> {
    let config: Value = serde_json::from_slice(config).ok()?;
    let asks = |key: &str| config[key].as_bool() == Some(true);
    if asks("pooling_mode_cls_token") {
        Some(Pooling::Cls)
    } else {
        asks("pooling_mode_mean_tokens").then_some(Pooling::Mean)
    }
}

/// `tokenizer_config.json` with what fastembed asks of it: the longest text and the token that fills up shorter ones.
/// What the file does not say is taken from the vocabulary.
fn tokenizer_config(given: Option<&[u8]>, tokenizer: &[u8]) -> Vec<u8> {
    let given = given.and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
    let mut config = given.filter(Value::is_object).unwrap_or_else(|| json!({}));
    if !config["model_max_length"].is_number() {
        config["model_max_length"] = json!(MOST_TOKENS);
    }
    if config["pad_token"].is_null() {
        let tokenizer: Value = serde_json::from_slice(tokenizer).unwrap_or_default();
        let vocabulary = &tokenizer["model"]["vocab"];
        let known = ["[PAD]", "<pad>", "<|endoftext|>"];
        let pad = known.into_iter().find(|token| !vocabulary[*token].is_null());
        config["pad_token"] = json!(pad.unwrap_or("[PAD]"));
    }
    config.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tokenizer_without_settings_gets_those_that_it_needs() {
        let config = |given: Option<&str>, tokenizer: &str| -> Value {
            let bytes = tokenizer_config(given.map(str::as_bytes), tokenizer.as_bytes());
            serde_json::from_slice(&bytes).expect("JSON")
        };
        let own = config(None, r#"{"model": {"vocab": {"<pad>": 1}}}"#);
        assert_eq!(own, json!({"model_max_length": 512, "pad_token": "<pad>"}));
        let kept =
            config(Some(r#"{"model_max_length": 128, "pad_token": {"content": "[P]"}}"#), "");
        assert_eq!(kept, json!({"model_max_length": 128, "pad_token": {"content": "[P]"}}));
    }

    #[test]
    fn what_is_missing_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let model = |file: &str| ModelFolder {
            name: "own".into(),
            folder: folder.path().to_owned(),
            file: file.into(),
            prefixes: Default::default(),
        };
        let fault = |file: &str| model(file).read(&[]).err().expect("a fault").to_string();
        assert!(fault("").ends_with("there is no model.onnx and no onnx/model.onnx"));
        assert!(fault("model_int8.onnx").ends_with("there is no model_int8.onnx"));
        std::fs::write(folder.path().join("model.onnx"), "x").expect("is writable");
        assert!(fault("").contains("tokenizer.json"));
        std::fs::write(folder.path().join("tokenizer.json"), "{}").expect("is writable");
        std::fs::write(folder.path().join("model.onnx_data"), "y").expect("is writable");
        let bytes = model("").read(&[]).expect("is read");
        assert_eq!(bytes.weights.len(), 1);
        assert_eq!(bytes.digest("").len(), 12);
        assert_ne!(bytes.digest(""), bytes.digest("mean"));
        std::fs::write(folder.path().join("model.onnx_data"), "z").expect("is writable");
        assert_ne!(bytes.digest(""), model("").read(&[]).expect("is read").digest(""));
    }

    #[test]
    fn pooling_is_what_the_folder_says() {
        assert_eq!(pooling(br#"{"pooling_mode_cls_token": true}"#), Some(Pooling::Cls));
        assert_eq!(pooling(br#"{"pooling_mode_mean_tokens": true}"#), Some(Pooling::Mean));
        assert_eq!(pooling(b"{}"), None);
    }
}
