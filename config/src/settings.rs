use crate::{
    ConfigError, ConfigFile, EmbeddingSettings, IndexSettings, NotApplicable, RerankSettings,
    ServeSettings,
};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use sufficit_evidence::AiSystem;

/// Everything that a user can set in `sufficit.toml`. The values of `config/default.toml` hold where it is silent.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What to map to, and by which rules.
    pub catalogue: CatalogueSettings,
    /// Which model turns texts into vectors.
    pub embedding: EmbeddingSettings,
    /// Which model reads the best passages again.
    pub rerank: RerankSettings,
    /// Where the search index lies.
    pub index: IndexSettings,
    /// How files are read.
    pub ingest: IngestSettings,
    /// How the web app is reached.
    pub serve: ServeSettings,
    /// Controls that do not apply, each with its justification; [`load_scope`](crate::load_scope) checks them.
    pub not_applicable: Vec<NotApplicable>,
    /// The organisation's AI systems.
    pub ai_system: Vec<AiSystem>,
}

/// What to map to, and by which rules. Relative paths count from the settings file's folder.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueSettings {
    /// Ids of the frameworks to map to; empty means all that are loaded.
    pub frameworks: Vec<String>,
    /// Further framework files.
    pub framework_files: Vec<PathBuf>,
    /// Further crosswalk files.
    pub crosswalk_files: Vec<PathBuf>,
    /// A rubric in place of the built-in one; empty means the built-in one.
    pub rubric_file: PathBuf,
    /// A folder with an embedding model in place of the built-in one; empty means the built-in one.
    pub model_folder: PathBuf,
}

/// How files are read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IngestSettings {
    /// Files read at a time; 0 means one for each core.
    pub threads: usize,
    /// A larger file is listed as failed, in MiB.
    pub max_file_mib: u64,
    /// Pages of a document beyond this are left out, and the document says so.
    pub max_pages: u32,
    /// Seconds of reading one document without a sign of life after which it is listed as failed.
    pub max_seconds: u64,
    /// Memory for reading one document, in MiB.
    pub max_memory_mib: u64,
    /// Archives within archives that are opened.
    pub max_archive_depth: u32,
    /// Members of one archive, those of archives in it included.
    pub max_members: u32,
    /// What an archive may hold once unpacked, in MiB.
    pub max_unpacked_mib: u64,
    /// Pages of one document that are recognised from pictures.
    pub max_ocr_pages: u32,
    /// Languages that text in pictures is recognised in, as Tesseract names them.
    pub ocr_languages: Vec<String>,
}

impl Settings {
    /// The built-in settings, overlaid by `file` where given. Unknown keys and impossible values are refused
    /// with file and line.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let built_in = ConfigFile::built_in("default.toml", include_str!("../default.toml"));
        let Some(path) = file else { return built_in.parse() };
        let file = ConfigFile::read(path)?;
        let mut merged: toml::Table = built_in.parse()?;
        overlay(&mut merged, file.parse()?);
        let text =
            toml::to_string(&merged).map_err(|error| file.refuse(0..0, error.to_string()))?;
        let mut settings: Settings = toml::from_str(&text).map_err(|error: toml::de::Error| {
            let at = place_in(&file.text, &text, &error);
            file.refuse(at..at, error.message().trim().to_owned())
        })?;
        let faults = [
            settings.embedding.fault(),
            settings.rerank.fault(),
            settings.index.fault(),
            settings.serve.fault(),
        ];
        if let Some(fault) = faults.into_iter().flatten().next() {
            let key = fault.split(' ').next().unwrap_or_default();
            let at = file.text.find(key).unwrap_or_default();
            return Err(file.refuse(at..at, fault));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        settings.catalogue.resolve(folder);
        settings.embedding.resolve(folder);
        settings.rerank.model.resolve(folder);
        settings.index.resolve(folder);
        settings.serve.oidc.resolve(folder);
        Ok(settings)
    }
}

impl CatalogueSettings {
    fn resolve(&mut self, folder: &Path) {
        let singles = [&mut self.rubric_file, &mut self.model_folder];
        let all =
            singles.into_iter().chain(&mut self.framework_files).chain(&mut self.crosswalk_files);
        for path in all.filter(|path| !path.as_os_str().is_empty()) {
            *path = folder.join(&*path);
        }
    }
}

fn overlay(base: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(table)) => overlay(inner, table),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

/// Where in the user's text the key stands that an error about the merged text is about: the key at the error's
/// place, or else the one that the message names in backticks.
fn place_in(user: &str, merged: &str, error: &toml::de::Error) -> usize {
    let start = error.span().map_or(0, |span| span.start);
    let line =
        merged.get(..start).map_or(0, |before| before.rfind('\n').map_or(0, |newline| newline + 1));
    let at_error = merged
        .get(line..)
        .and_then(|rest| rest.split(['=', '\n']).next())
        .unwrap_or_default()
        .trim();
    let named = error.message().split('`').nth(1).unwrap_or_default();
    let find = |key: &str| if key.is_empty() { None } else { user.find(key) };
    find(at_error).or_else(|| find(named)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ModelChoice;

    fn load(text: &str) -> Result<Settings, ConfigError> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("sufficit.toml");
        std::fs::write(&path, text).expect("is writable");
        Settings::load(Some(&path))
    }

    #[test]
    fn a_users_file_changes_only_what_it_names() {
        let built_in = Settings::load(None).expect("is well formed");
        let ours = load("[ingest]\nmax_file_mib = 7\n").expect("is well formed");
        assert_eq!(ours.ingest.max_file_mib, 7);
        assert_eq!(ours.ingest.max_pages, built_in.ingest.max_pages);
    }

    #[test]
    fn an_unknown_key_is_refused_by_name_and_line() {
        let error =
            load("[ingest]\nthreads = 1\nmax_flie_mib = 7\n").expect_err("is unknown").to_string();
        assert!(error.contains("sufficit.toml:3: unknown field `max_flie_mib`"), "{error}");
    }

    #[test]
    fn a_value_of_the_wrong_type_is_refused_with_its_line() {
        let error = load("[ingest]\nthreads = 1\nmax_pages = \"many\"\n")
            .expect_err("is no number")
            .to_string();
        assert!(error.contains("sufficit.toml:3: "), "{error}");
    }

    #[test]
    fn a_model_is_a_name_or_a_folder() {
        let model = |text: &str| {
            let text = format!("[embedding]\nmodel = \"{text}\"\n");
            load(&text).expect("is well formed").embedding.model
        };
        assert_eq!(model("bge-m3"), ModelChoice::Name("bge-m3".into()));
        let ModelChoice::Folder(path) = model("./models/own") else { panic!("is a folder") };
        assert!(path.is_absolute() && path.ends_with("models/own"), "{path:?}");
        let error = load("[embedding]\nbatch = 0\n").expect_err("is impossible").to_string();
        assert!(error.contains("sufficit.toml:2: batch must be between 1 and 1024"), "{error}");
        let error = load("[serve]\nproxy = \"front\"\n").expect_err("is a name").to_string();
        assert!(error.contains("sufficit.toml:2: proxy must be an address"), "{error}");
        let error = load("[serve]\nhost = \"a/b\"\n").expect_err("is a path").to_string();
        assert!(error.contains("sufficit.toml:2: host must be a name"), "{error}");
        let error = load("[rerank]\nweight = 1.5\n").expect_err("is impossible").to_string();
        assert!(error.contains("sufficit.toml:2: weight must be"), "{error}");
    }

    #[test]
    fn paths_count_from_the_settings_file() {
        let settings =
            load("[catalogue]\nframework_files = [\"own/house.toml\"]\n").expect("is well formed");
        let path = &settings.catalogue.framework_files[0];
        assert!(path.is_absolute() && path.ends_with("own/house.toml"), "{path:?}");
        assert_eq!(settings.catalogue.rubric_file, PathBuf::new());
    }
}
