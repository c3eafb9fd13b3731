use std::env;
use std::path::{Path, PathBuf};

/// The first of these programs that is in `PATH`, else the first of these files that is there, with links followed.
pub(super) fn program(names: &[&str], places: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> =
        env::split_paths(&path).filter(|folder| folder.is_absolute()).collect();
    let in_path = names.iter().flat_map(|name| {
        folders
            .iter()
            .map(move |folder| folder.join(name).with_extension(env::consts::EXE_EXTENSION))
    });
    in_path
        .chain(places.iter().map(PathBuf::from))
        .find(|file| is_program(file))
        .and_then(|file| file.canonicalize().ok())
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_where_it_lies_and_only_if_it_can_run() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("tool");
        std::fs::write(&file, "")?;
        let place = file.to_string_lossy().into_owned();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(program(&["no such program"], &[&place]), None);
            std::fs::set_permissions(&file, PermissionsExt::from_mode(0o700))?;
        }
        assert_eq!(program(&["no such program"], &[&place]), Some(file.canonicalize()?));
        assert_eq!(program(&["no such program"], &[]), None);
        Ok(())
    }
}
