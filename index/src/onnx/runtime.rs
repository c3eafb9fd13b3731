use crate::IndexError;
use ort::environment::Environment;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The variable that names the library's file.
const VARIABLE: &str = "ORT_DYLIB_PATH";

/// ONNX Runtime, loaded into this process.
#[derive(Debug)]
pub struct Runtime {
    pub(crate) environment: Environment,
    /// The library's file, or the name that the system found it by.
    pub library: PathBuf,
}

/// ONNX Runtime: loaded at the first call, from the file that `ORT_DYLIB_PATH` names, else from the system's libraries,
/// else from Python's package `onnxruntime`. It sends nothing: its telemetry is switched off.
///
/// Fails where there is none, or none that is new enough, with a sentence that says where was looked.
pub fn runtime() -> Result<&'static Runtime, IndexError> {
    static FOUND: OnceLock<Result<Runtime, String>> = OnceLock::new();
    FOUND.get_or_init(start).as_ref().map_err(|what| IndexError::Runtime(what.clone()))
}

fn start() -> Result<Runtime, String> {
    if let Some(named) = std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
        let named = PathBuf::from(named);
        return load(&named).map_err(|what| format!("{VARIABLE}: {what}"));
    }
    let mut refused = Vec::new();
    let folders = package_folders(&Surroundings::of_this_process());
    let in_packages = folders.iter().flat_map(|folder| libraries_in(folder));
    for library in system_names().into_iter().map(PathBuf::from).chain(in_packages) {
        match load(&library) {
            Ok(runtime) => return Ok(runtime),
            // A name that the system does not know says nothing; a file that cannot be used does.
            Err(_) if !library.is_absolute() => {}
            Err(what) => refused.push(what),
        }
    }
    Err(refused.into_iter().next().unwrap_or_else(|| {
        "ONNX Runtime was found neither among the system's libraries nor in a Python package onnxruntime".to_owned()
    }))
}

/// Loads the library at `path` and makes the one environment that a process may have.
fn load(path: &Path) -> Result<Runtime, String> {
    let builder = ort::init_from(path).map_err(|error| match error {
        ort::LoadDynamicError::BadVersion { version_str, path } => format!(
            "{} is ONNX Runtime {version_str}; 1.{} or newer is needed",
            path.display(),
            ort::MINOR_VERSION
        ),
        ort::LoadDynamicError::MissingApi { path } => {
            format!("{} is no ONNX Runtime", path.display())
        }
        other => other.to_string(),
    })?;
    let environment = builder
        .with_name("sufficit")
        .with_telemetry(false)
        .build()
        .map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Runtime { environment, library: path.to_owned() })
}

/// What the system's own search is asked for.
fn system_names() -> Vec<&'static str> {
    if cfg!(target_os = "windows") {
        vec!["onnxruntime.dll"]
    } else if cfg!(target_os = "macos") {
        vec!["libonnxruntime.dylib"]
    } else {
        vec!["libonnxruntime.so", "libonnxruntime.so.1"]
    }
}

/// The variables that say where Python's packages may lie.
#[derive(Debug, Default)]
struct Surroundings {
    path: OsString,
    /// Python environments: of the shell, of conda, of the user, of the system.
    prefixes: Vec<PathBuf>,
}

impl Surroundings {
    fn of_this_process() -> Self {
        let named = ["VIRTUAL_ENV", "CONDA_PREFIX"].into_iter().filter_map(std::env::var_os);
        let mut prefixes: Vec<PathBuf> = named.map(PathBuf::from).collect();
        prefixes.extend(std::env::home_dir().map(|home| home.join(".local")));
        prefixes.extend(["/usr/local", "/usr"].map(PathBuf::from));
        Self { path: std::env::var_os("PATH").unwrap_or_default(), prefixes }
    }
}

/// Folders `onnxruntime/capi` of all Python environments around: those named, and those whose programs are in reach.
fn package_folders(around: &Surroundings) -> Vec<PathBuf> {
    let programs = std::env::split_paths(&around.path);
    let with_programs = programs
        .filter(|folder| folder.is_absolute())
        .filter_map(|folder| folder.parent().map(Path::to_owned));
    let mut found: Vec<PathBuf> = Vec::new();
    for prefix in around.prefixes.iter().cloned().chain(with_programs) {
        let mut libraries = vec![prefix.join("Lib")];
        libraries.extend(
            sorted(&prefix.join("lib")).into_iter().filter(|folder| named_as(folder, "python")),
        );
        for library in libraries {
            for packages in ["site-packages", "dist-packages"] {
                let folder = library.join(packages).join("onnxruntime").join("capi");
                if folder.is_dir() && !found.contains(&folder) {
                    found.push(folder);
                }
            }
        }
    }
    found
}

/// The runtime's library in a package's folder: `libonnxruntime.so.1.31.1`, `libonnxruntime.1.31.1.dylib` or
/// `onnxruntime.dll`, the last by name where there are several.
fn libraries_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = sorted(folder);
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name == "onnxruntime.dll"
            || name.starts_with("libonnxruntime.")
                && (name.contains(".so") || name.ends_with(".dylib"))
    });
    files.reverse();
    files
}

fn named_as(path: &Path, beginning: &str) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(beginning))
}

/// What a folder holds, by name; nothing where it cannot be listed.
fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_found_in_the_packages_of_every_python_in_reach() {
        let root = tempfile::tempdir().expect("a folder");
        let package = |prefix: &str, version: &str| {
            let folder = root.path().join(prefix).join("onnxruntime/capi");
            fs::create_dir_all(&folder).expect("is writable");
            let library = folder.join(format!("libonnxruntime.so.{version}"));
            fs::write(&library, "").expect("is writable");
            fs::write(folder.join("libonnxruntime_providers_shared.so"), "").expect("is writable");
            library
        };
        let by_path = package("env/lib/python3.12/site-packages", "1.31.1");
        let named = package("own/lib/python3.11/dist-packages", "1.24.0");
        let around = Surroundings {
            path: std::env::join_paths([
                root.path().join("env/bin"),
                PathBuf::from("bin"),
                root.path().join("none/bin"),
            ])
            .expect("a path"),
            prefixes: vec![root.path().join("own")],
        };
        let found: Vec<PathBuf> =
            package_folders(&around).iter().flat_map(|folder| libraries_in(folder)).collect();
        assert_eq!(found, [named, by_path]);
        assert!(package_folders(&Surroundings::default()).is_empty());
    }

    #[test]
    fn what_is_no_library_is_refused_with_its_path() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("libonnxruntime.so");
        fs::write(&file, "no library").expect("is writable");
        let what = load(&file).expect_err("is refused");
        assert!(what.contains(&file.display().to_string()), "{what}");
    }
}
