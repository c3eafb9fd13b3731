use crate::failure::Failure;
use std::path::PathBuf;
use sufficit_config::EmbeddingSettings;

/// Where models that were fetched lie, each in a folder of its name.
pub(super) fn models(settings: &EmbeddingSettings) -> Result<PathBuf, Failure> {
    Ok(root(settings)?.join("models"))
}

/// Where vectors lie that a model makes once.
pub(super) fn vectors(settings: &EmbeddingSettings) -> Result<PathBuf, Failure> {
    Ok(root(settings)?.join("vectors"))
}

/// The folder that the settings name, or the program's own in the system's place for caches.
fn root(settings: &EmbeddingSettings) -> Result<PathBuf, Failure> {
    if !settings.cache.as_os_str().is_empty() {
        return Ok(settings.cache.clone());
    }
    let named = |variable: &str| {
        std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
    };
    let home = std::env::home_dir();
    let place = if cfg!(windows) {
        named("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home.map(|home| home.join("Library/Caches"))
    } else {
        named("XDG_CACHE_HOME").or_else(|| home.map(|home| home.join(".cache")))
    };
    place.map(|place| place.join("sufficit")).ok_or_else(|| {
        Failure::usage(
            "no folder for models is known: there is no home folder",
            "Name one as cache under [embedding] in the settings.",
        )
    })
}
