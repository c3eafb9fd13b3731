use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// A file that was met while walking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// Where it is on disk.
    pub path: PathBuf,
    /// Its path relative to the folder walked, with `/` between parts; its own name where a single file was given.
    pub name: String,
    /// Bytes; 0 where it could not be looked at.
    pub size: u64,
    /// Last change in nanoseconds since 1970-01-01 UTC; 0 where the file system does not say.
    pub modified: i64,
    /// Why it is not to be read; `None` where it is.
    pub skip: Option<String>,
    /// Whether that is a fault (it should have been readable) rather than a choice.
    pub failed: bool,
}

/// Folders deeper than this are not entered.
const MAX_DEPTH: usize = 64;

/// Lists the files under `root`, sorted by name; a file as `root` is listed by itself. Symbolic links are followed where they
/// lead to a place under `root`, each folder entered once; one that leads outside is listed and skipped, since nobody gave
/// what lies there. Hidden files and folders and the litter of operating systems are listed
/// with the reason why they are skipped (a folder as one entry); what cannot be read is listed as failed.
pub fn walk(root: &Path) -> Vec<FoundFile> {
    let mut found = Vec::new();
    let mut entered = HashSet::new();
    match fs::metadata(root) {
        Ok(meta) if meta.is_dir() => {
            let bounds = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
            folder(root, "", 0, &bounds, &mut entered, &mut found);
        }
        _ => {
            let name = root
                .file_name()
                .map_or_else(|| root.to_string_lossy(), |name| name.to_string_lossy());
            file(root.to_owned(), name.into_owned(), None, &mut found);
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn folder(
    path: &Path,
    name: &str,
    depth: usize,
    bounds: &Path,
    entered: &mut HashSet<PathBuf>,
    found: &mut Vec<FoundFile>,
) {
    let refuse = |reason: String, failed| FoundFile {
        path: path.to_owned(),
        name: name.to_owned(),
        size: 0,
        modified: 0,
        skip: Some(reason),
        failed,
    };
    match fs::canonicalize(path).map(|real| entered.insert(real)) {
        Ok(false) => {
            found.push(refuse(
                "A link to a folder that was entered already; its files are listed once.".into(),
                false,
            ));
            return;
        }
        Ok(true) if depth > MAX_DEPTH => {
            found.push(refuse(
                format!("Folders lie more than {MAX_DEPTH} deep here; move them up."),
                true,
            ));
            return;
        }
        Ok(true) => {}
        Err(fault) => {
            found.push(refuse(
                format!("The folder could not be opened ({fault}); check its rights."),
                true,
            ));
            return;
        }
    }
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(fault) => {
            found.push(refuse(
                format!("The folder could not be opened ({fault}); check its rights."),
                true,
            ));
            return;
        }
    };
    let mut children: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    // Links last, so that a folder is listed where it really is.
    children.sort_by_key(|child| (child.is_symlink(), child.clone()));
    for child in children {
        let own =
            child.file_name().map(|own| own.to_string_lossy().into_owned()).unwrap_or_default();
        let name = if name.is_empty() { own.clone() } else { format!("{name}/{own}") };
        match unwanted(&own) {
            Some(reason) => file(child, name, Some(reason), found),
            None if leads_outside(&child, bounds) => found.push(FoundFile {
                path: child,
                name,
                size: 0,
                modified: 0,
                skip: Some(OUTSIDE.to_owned()),
                failed: false,
            }),
            None if child.is_dir() => folder(&child, &name, depth + 1, bounds, entered, found),
            None => file(child, name, None, found),
        }
    }
}

const OUTSIDE: &str =
    "A link to a place outside this folder; give that folder by itself if it is evidence.";

/// Whether a path is a link whose target lies elsewhere than under `bounds`; a link without a target leads nowhere.
fn leads_outside(path: &Path, bounds: &Path) -> bool {
    path.is_symlink() && fs::canonicalize(path).is_ok_and(|target| !target.starts_with(bounds))
}

fn file(path: PathBuf, name: String, skip: Option<&str>, found: &mut Vec<FoundFile>) {
    let mut entry = FoundFile {
        path,
        name,
        size: 0,
        modified: 0,
        skip: skip.map(str::to_owned),
        failed: false,
    };
    match fs::metadata(&entry.path) {
        Ok(meta) => {
            entry.size = if meta.is_file() { meta.len() } else { 0 };
            entry.modified = meta
                .modified()
                .ok()
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
                .and_then(|age| i64::try_from(age.as_nanos()).ok())
                .unwrap_or(0);
            if entry.skip.is_none() && !meta.is_file() {
                entry.skip = Some("Not a regular file (a device, pipe or socket).".into());
            }
        }
        Err(fault) if entry.skip.is_none() => {
            entry.failed = true;
            entry.skip = Some(match fs::symlink_metadata(&entry.path) {
                Ok(_) => {
                    format!("A link whose target cannot be reached ({fault}); mend or remove it.")
                }
                Err(_) => format!(
                    "The file could not be looked at ({fault}); check the path and its rights."
                ),
            });
        }
        Err(_) => {}
    }
    found.push(entry);
}

/// Why a file or folder of this name is no evidence; `None` where it may be. Names within archives are held to the same.
pub(crate) fn unwanted(name: &str) -> Option<&'static str> {
    if name.starts_with("~$") {
        return Some("A lock file of an office program that has the document open.");
    }
    if name.starts_with('.') {
        return Some("Hidden (its name begins with a dot).");
    }
    let litter = ["Thumbs.db", "desktop.ini", "ehthumbs.db", "Icon\r", "__MACOSX", "$RECYCLE.BIN"];
    litter
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
        .then_some("Left behind by the operating system.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(root: &Path) -> Vec<(String, bool, bool)> {
        walk(root).into_iter().map(|file| (file.name, file.skip.is_some(), file.failed)).collect()
    }

    #[test]
    fn every_file_is_listed_once_with_what_becomes_of_it() -> std::io::Result<()> {
        let root = tempfile::tempdir()?;
        fs::create_dir_all(root.path().join("b/.git"))?;
        for name in ["b/x.md", "a.txt", ".env", "Thumbs.db", "~$a.docx"] {
            fs::write(root.path().join(name), "x")?;
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.path(), root.path().join("b/loop"))?;
            std::os::unix::fs::symlink("nowhere", root.path().join("c"))?;
        }
        let expected = [
            (".env", true, false),
            ("Thumbs.db", true, false),
            ("a.txt", false, false),
            ("b/.git", true, false),
            ("b/loop", true, false),
            ("b/x.md", false, false),
            ("c", true, true),
            ("~$a.docx", true, false),
        ];
        #[cfg(unix)]
        assert_eq!(
            listing(root.path()),
            expected.map(|(name, skip, failed)| (name.to_owned(), skip, failed))
        );
        assert_eq!(listing(&root.path().join("a.txt")), [("a.txt".to_owned(), false, false)]);
        assert_eq!(listing(&root.path().join("none")), [("none".to_owned(), true, true)]);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_only_within_the_folder() -> std::io::Result<()> {
        let (root, outside) = (tempfile::tempdir()?, tempfile::tempdir()?);
        fs::write(root.path().join("a.md"), "x")?;
        fs::write(outside.path().join("b.md"), "x")?;
        for (target, name) in [
            (root.path().join("a.md"), "inside.md"),
            (outside.path().join("b.md"), "outside.md"),
            (outside.path().to_owned(), "folder"),
        ] {
            std::os::unix::fs::symlink(target, root.path().join(name))?;
        }
        let found: Vec<_> =
            walk(root.path()).into_iter().map(|file| (file.name, file.skip)).collect();
        let outside = Some(OUTSIDE.to_owned());
        let expected = [
            ("a.md", None),
            ("folder", outside.clone()),
            ("inside.md", None),
            ("outside.md", outside),
        ];
        assert_eq!(found, expected.map(|(name, skip)| (name.to_owned(), skip)));
        Ok(())
    }
}
