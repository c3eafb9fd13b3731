use crate::failure::Failure;
use crate::workspace::Workspace;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

/// What has to be taken out of indexes for good. It stands in the workspace's folder from before a document is forgotten until
/// no index holds it any more, so that a crash in between leaves it standing.
pub(crate) struct Erasure<'w> {
    workspace: &'w Workspace,
    /// Whether an earlier one had not been ended.
    is_overdue: bool,
}

impl<'w> Erasure<'w> {
    /// Notes that the index has to be made anew.
    pub(crate) fn begin(workspace: &'w Workspace) -> Result<Self, Failure> {
        let is_overdue = Self::note(workspace).exists();
        // On the disk before the record is changed.
        fs::File::create(Self::note(workspace))?.sync_all()?;
        Ok(Self { workspace, is_overdue })
    }

    /// One that was begun and not ended, by a process that was killed or could not reach the server.
    pub(crate) fn pending(workspace: &'w Workspace) -> Option<Self> {
        Self::note(workspace).exists().then_some(Self { workspace, is_overdue: true })
    }

    /// The index was made anew. One that lies in the folder from before a server was named goes as well.
    pub(crate) fn end(self) -> Result<(), Failure> {
        if !self.workspace.settings.index.url.is_empty() {
            gone(fs::remove_dir_all(self.workspace.folder.join("index")))?;
        }
        Ok(gone(fs::remove_file(Self::note(self.workspace)))?)
    }

    /// Nothing is to be taken out after all, but what an earlier one left.
    pub(crate) fn withdraw(self) -> Result<(), Failure> {
        if self.is_overdue {
            return Ok(());
        }
        Ok(gone(fs::remove_file(Self::note(self.workspace)))?)
    }

    fn note(workspace: &Workspace) -> PathBuf {
        workspace.folder.join("index-to-make-anew")
    }
}

/// Places on servers that hold, or held, an index of this workspace, for `forget` to name those that it was not told of.
pub(crate) fn places(workspace: &Workspace) -> Vec<Place> {
    let noted = fs::read_to_string(places_note(workspace)).unwrap_or_default();
    noted.lines().filter_map(Place::parse).collect()
}

/// A server, and what the names of our collections there begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) prefix: String,
}

impl Place {
    /// The one that the settings name, where they name one.
    pub(crate) fn of(workspace: &Workspace) -> Option<Self> {
        let settings = &workspace.settings.index;
        let url = settings.url.trim_end_matches('/').to_owned();
        (!url.is_empty()).then(|| Self { url, prefix: settings.prefix.clone() })
    }

    fn parse(line: &str) -> Option<Self> {
        let (url, prefix) = line.split_once(' ')?;
        Some(Self { url: url.to_owned(), prefix: prefix.to_owned() })
    }
}

/// Notes that the place which the settings name gets an index of this workspace.
pub(crate) fn note_place(workspace: &Workspace) -> Result<(), Failure> {
    let Some(place) = Place::of(workspace) else { return Ok(()) };
    if places(workspace).contains(&place) {
        return Ok(());
    }
    let mut options = fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(places_note(workspace))?;
    Ok(writeln!(file, "{} {}", place.url, place.prefix)?)
}

/// Where the places are noted, one a line.
pub(crate) fn places_note(workspace: &Workspace) -> PathBuf {
    workspace.folder.join("index-servers")
}

/// A removal, where what was not there is gone as well.
fn gone(removed: std::io::Result<()>) -> std::io::Result<()> {
    match removed {
        Err(fault) if fault.kind() != ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}
