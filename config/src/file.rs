use crate::ConfigError;
use serde::de::DeserializeOwned;
use std::ops::Range;
use std::path::Path;

/// A file's text with the name that messages call it by.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// Path, or `NAME (built in)`.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl ConfigFile {
    /// A file that is compiled in.
    pub(crate) fn built_in(name: &str, text: &str) -> Self {
        Self { name: format!("{name} (built in)"), text: text.to_owned() }
    }

    /// Reads a file as UTF-8.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self { name, text }),
            Err(source) => Err(ConfigError::Unreadable { file: name, source }),
        }
    }

    /// Reads its TOML into `T`; what TOML or `T` refuse is reported with its line.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        toml::from_str(&self.text).map_err(|error| {
            self.refuse(error.span().unwrap_or_default(), error.message().trim().to_owned())
        })
    }

    /// The refusal of what stands at `span` (bytes).
    pub(crate) fn refuse(&self, span: Range<usize>, what: impl Into<String>) -> ConfigError {
        let before = self.text.as_bytes().iter().take(span.start);
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        ConfigError::Refused { file: self.name.clone(), line, what: what.into() }
    }
}
