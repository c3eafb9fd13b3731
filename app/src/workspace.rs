use crate::cli::Common;
use crate::failure::Failure;
use std::path::{Path, PathBuf};
use sufficit_config::{ConfigFile, Settings};
use sufficit_review::Store;

/// The name of a workspace's folder where none is given.
const FOLDER: &str = ".sufficit";
/// The file of the record within it.
const RECORD: &str = "record.sqlite";
/// The name of the settings file that is looked for beside the workspace.
const SETTINGS: &str = "sufficit.toml";

/// A workspace's folder and the settings that hold in it.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    pub(crate) folder: PathBuf,
    pub(crate) settings: Settings,
    /// The file that the settings come from, where there is one.
    pub(crate) settings_file: Option<PathBuf>,
}

impl Workspace {
    /// Finds the workspace: the folder given, or `.sufficit` in the current folder or the nearest parent that has
    /// one, or else `.sufficit` here (made when something is stored).
    pub(crate) fn find(common: &Common) -> Result<Self, Failure> {
        let here = std::env::current_dir().map_err(|error| {
            Failure::usage(format!("the current folder is gone: {error}"), "Change to another.")
        })?;
        let folder = match &common.workspace {
            Some(folder) => here.join(folder),
            None => match nearest(&here) {
                Some(folder) if folder.parent() != Some(&here) => {
                    tracing::info!("the workspace is {}", folder.display());
                    folder
                }
                found => found.unwrap_or_else(|| here.join(FOLDER)),
            },
        };
        let beside = folder.parent().unwrap_or(&here).join(SETTINGS);
        let settings_file = common.config.clone().or_else(|| beside.is_file().then_some(beside));
        let mut settings = Settings::load(settings_file.as_deref())?;
        if let Some(url) = &common.index_url {
            settings.index.set_url(url).map_err(|fault| {
                Failure::usage(
                    format!("--index-url: {fault}"),
                    "Give the gRPC address of a Qdrant server.",
                )
            })?;
        }
        Ok(Self { folder, settings, settings_file })
    }

    /// Opens the record, making it where there is none.
    pub(crate) async fn create_store(&self) -> Result<Store, Failure> {
        Ok(Store::open(&self.record()).await?)
    }

    /// Opens the record of a workspace that something was ingested into.
    pub(crate) async fn store(&self) -> Result<Store, Failure> {
        if !self.record().is_file() {
            let what = format!("there is no workspace at {}", self.folder.display());
            return Err(Failure::usage(
                what,
                "Begin with `sufficit ingest FOLDER`, or name one with --workspace.",
            ));
        }
        self.create_store().await
    }

    /// Opens the record to show what its latest run found; refuses a day of judgement that is not the run's.
    pub(crate) async fn judged_store(&self, common: &Common) -> Result<Store, Failure> {
        let store = self.store().await?;
        match (common.as_of, store.latest_run().await?) {
            (Some(asked), Some(run)) if asked != run.as_of => Err(Failure::usage(
                format!("the latest run judged as of {}, not {asked}", run.as_of),
                format!(
                    "`sufficit map --as-of {asked}` judges anew; leave --as-of out to see what there is."
                ),
            )),
            _ => Ok(store),
        }
    }

    fn record(&self) -> PathBuf {
        self.folder.join(RECORD)
    }

    /// Where files that were uploaded lie; a root of evidence by itself.
    pub(crate) fn uploads(&self) -> PathBuf {
        self.folder.join("uploads")
    }

    /// Where a file lies while it comes in.
    pub(crate) fn incoming(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    /// Where frameworks that were added lie.
    pub(crate) fn frameworks(&self) -> PathBuf {
        self.folder.join("frameworks")
    }

    /// The framework files of the settings and of the workspace.
    pub(crate) fn framework_files(&self) -> Result<Vec<ConfigFile>, Failure> {
        let mut paths = self.settings.catalogue.framework_files.clone();
        if let Ok(entries) = std::fs::read_dir(self.frameworks()) {
            let mut added: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            added.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
            added.sort();
            paths.append(&mut added);
        }
        Ok(paths.iter().map(|path| ConfigFile::read(path)).collect::<Result<_, _>>()?)
    }
}

/// Whether a folder is a workspace, and no evidence.
pub(crate) fn is_workspace(folder: &Path) -> bool {
    folder.join(RECORD).is_file()
}

fn nearest(here: &Path) -> Option<PathBuf> {
    here.ancestors().map(|folder| folder.join(FOLDER)).find(|folder| folder.is_dir())
}
