use crate::cli::Common;
use crate::failure::Failure;
use crate::model::near::near;
use crate::model::sums::Sums;
use crate::model::{cache, is_static};
#[cfg(feature = "download")]
use crate::output::Progress;
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use sufficit_config::{EmbeddingSettings, ModelChoice};
use sufficit_evidence::Catalogue;
use sufficit_index::{
    KnownModel, ModelFolder, OnnxModel, OnnxOptions, Reranker, Rereading, known_models,
    known_rerankers,
};

/// The file beside the weights that no model does without.
const TOKENIZER: &str = "tokenizer.json";

/// Where the model of the settings is.
#[derive(Debug)]
pub(crate) enum Place {
    /// Its files are here.
    Here(ModelFolder),
    /// It has yet to be fetched.
    ToFetch(Wanted),
}

/// A model that can be fetched.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// As the settings name it.
    pub(crate) name: String,
    /// `owner/name` on the hub.
    pub(crate) repository: String,
    /// Files that it needs, the ONNX file first.
    pub(super) needed: Vec<String>,
    /// Where they go.
    pub(super) folder: PathBuf,
    /// See [`ModelFolder::prefixes`].
    prefixes: (String, String),
}

/// The embedding model of the settings, which is not the built-in one.
pub(super) fn embedder(workspace: &Workspace, common: &Common) -> Result<OnnxModel, Failure> {
    let place = place(workspace)?;
    // A model of many megabytes is not fetched for a runtime that is missing.
    sufficit_index::runtime()?;
    let settings = &workspace.settings.embedding;
    let known = known(&settings.model);
    let folder = ready(place, settings, common)?;
    Ok(OnnxModel::load(&folder, known.as_ref(), &options(settings)?)?)
}

/// The reranker of the settings, for the probes of `catalogue`.
pub(super) fn rereading(
    workspace: &Workspace,
    common: &Common,
    catalogue: &Catalogue,
) -> Result<Rereading, Failure> {
    let settings = &workspace.settings.rerank;
    let place = match &settings.model {
        ModelChoice::Folder(folder) => Place::Here(own(folder, &settings.file)),
        ModelChoice::Name(name) => {
            let all = known_rerankers();
            let names: Vec<String> = all.iter().map(|model| model.name.clone()).collect();
            let found = all.into_iter().find(|model| model.name.eq_ignore_ascii_case(name));
            let model = found.ok_or_else(|| unknown("reranker", name, &names))?;
            let settings = &workspace.settings.embedding;
            Wanted::new(
                settings,
                &model.name,
                model.repository(),
                model.files(),
                Default::default(),
            )?
            .place()
        }
    };
    sufficit_index::runtime()?;
    let folder = ready(place, &workspace.settings.embedding, common)?;
    let reranker = Reranker::load(&folder, &options(&workspace.settings.embedding)?)?;
    Ok(Rereading::new(reranker, catalogue.probes(), settings.passages, settings.weight))
}

/// Where the embedding model of the settings is; fails where no model has its name.
pub(crate) fn place(workspace: &Workspace) -> Result<Place, Failure> {
    let settings = &workspace.settings.embedding;
    let given = (settings.query_prefix.clone(), settings.passage_prefix.clone());
    match &settings.model {
        ModelChoice::Folder(folder) => {
            Ok(Place::Here(ModelFolder { prefixes: given, ..own(folder, &settings.file) }))
        }
        ModelChoice::Name(name) => {
            let model = known(&settings.model).ok_or_else(|| {
                let names: Vec<String> =
                    known_models().into_iter().map(|model| model.name).collect();
                unknown("embedding model", name, &names)
            })?;
            let nothing = given.0.is_empty() && given.1.is_empty();
            let prefixes = if nothing { model.prefixes() } else { given };
            Ok(Wanted::new(settings, &model.name, model.repository(), model.files(), prefixes)?
                .place())
        }
    }
}

fn known(choice: &ModelChoice) -> Option<KnownModel> {
    match choice {
        ModelChoice::Name(name) if !is_static(choice) => {
            known_models().into_iter().find(|model| model.name.eq_ignore_ascii_case(name))
        }
        _ => None,
    }
}

/// A folder of the user's, by its own name.
fn own(folder: &Path, file: &str) -> ModelFolder {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    ModelFolder {
        name: name.unwrap_or_else(|| "own".to_owned()),
        folder: folder.to_owned(),
        file: file.to_owned(),
        prefixes: Default::default(),
    }
}

fn unknown(kind: &str, name: &str, names: &[String]) -> Failure {
    let near = near(name, names).join(", ");
    Failure::usage(
        format!("there is no {kind} named {name}"),
        format!(
            "The nearest names are {near}. A folder is written with a slash, as ./{name}. docs/models.md lists all."
        ),
    )
}

fn options(settings: &EmbeddingSettings) -> Result<OnnxOptions, Failure> {
    Ok(OnnxOptions {
        batch: settings.batch,
        threads: settings.threads,
        kept: cache::vectors(settings)?,
    })
}

/// The model's folder, fetched where it was not yet, with the bytes that were fetched. A folder of the user's is held
/// to its `SHA256SUMS` where it has one.
fn ready(
    place: Place,
    settings: &EmbeddingSettings,
    common: &Common,
) -> Result<ModelFolder, Failure> {
    let folder = match place {
        Place::Here(folder) => folder,
        Place::ToFetch(wanted) => {
            fetch(&wanted, settings, common)?;
            wanted.fetched()
        }
    };
    Sums::read(&folder.folder).check()?;
    Ok(folder)
}

#[cfg(feature = "download")]
fn fetch(wanted: &Wanted, settings: &EmbeddingSettings, common: &Common) -> Result<(), Failure> {
    crate::model::hub::fetch(wanted, &settings.hub, Progress::new(common))
}

#[cfg(not(feature = "download"))]
fn fetch(wanted: &Wanted, _: &EmbeddingSettings, _: &Common) -> Result<(), Failure> {
    Err(Failure::usage(
        format!(
            "{} is not in {}, and this sufficit fetches nothing",
            wanted.name,
            wanted.folder.display()
        ),
        "Put the model's files there, or name a folder that holds them.",
    ))
}

impl Wanted {
    /// `files` are the ONNX file and what else holds weights.
    fn new<'a>(
        settings: &EmbeddingSettings,
        name: &str,
        repository: &str,
        files: impl IntoIterator<Item = &'a str>,
        prefixes: (String, String),
    ) -> Result<Self, Failure> {
        let needed = files.into_iter().chain([TOKENIZER]);
        Ok(Self {
            name: name.to_owned(),
            repository: repository.to_owned(),
            needed: needed.map(str::to_owned).collect(),
            folder: cache::models(settings)?.join(name),
            prefixes,
        })
    }

    /// Here, where all files that it needs are.
    fn place(self) -> Place {
        let sums = Sums::read(&self.folder);
        if self.needed.iter().all(|file| sums.has(file)) {
            Place::Here(self.fetched())
        } else {
            Place::ToFetch(self)
        }
    }

    fn fetched(self) -> ModelFolder {
        let file = self.needed.into_iter().next().unwrap_or_default();
        ModelFolder { name: self.name, folder: self.folder, file, prefixes: self.prefixes }
    }
}
