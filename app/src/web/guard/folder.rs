use crate::failure::Failure;
use std::path::Path;

/// Makes sure that nobody but its owner reads the workspace's folder: it holds the text of all evidence. Where the file
/// system knows no owners, a warning says so.
#[cfg(unix)]
pub(crate) fn keep_private(folder: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let refused = |error: std::io::Error| {
        Failure::usage(
            format!("others may read {}, and that cannot be changed: {error}", folder.display()),
            format!("As its owner, run `chmod 700 {}`.", folder.display()),
        )
    };
    let is_open = || -> std::io::Result<bool> {
        Ok(std::fs::metadata(folder)?.permissions().mode() & 0o077 != 0)
    };
    if !is_open().map_err(refused)? {
        return Ok(());
    }
    std::fs::set_permissions(folder, PermissionsExt::from_mode(0o700)).map_err(refused)?;
    if is_open().map_err(refused)? {
        tracing::warn!(
            "others on this machine may read {}: its file system keeps no permissions",
            folder.display()
        );
    } else {
        tracing::warn!(
            "others on this machine could read {}; now only its owner can",
            folder.display()
        );
    }
    Ok(())
}

/// Makes sure that nobody but its owner reads the workspace's folder; on this system, permissions are inherited from the
/// folder above.
#[cfg(not(unix))]
pub(crate) fn keep_private(_: &Path) -> Result<(), Failure> {
    Ok(())
}
