use super::points::{Payload, integer, text};
use qdrant_client::qdrant::{NamedVectors, PointId, PointStruct};
use std::collections::HashMap;

/// Raised with each change of what a collection holds: its vectors, how words are weighed, its payload.
const FORMAT: i64 = 1;

/// What a collection was made by, and how far in the store it reaches. It lies in the collection itself, as a point
/// without vectors and without an organisation, which no search finds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Manifest {
    pub(super) format: i64,
    pub(super) model: String,
    pub(super) workspace: String,
    /// `None` before the first commit.
    pub(super) marker: Option<u64>,
}

impl Manifest {
    /// That of a collection which has yet to be filled.
    pub(super) fn new(workspace: &str, model: &str) -> Self {
        Self {
            format: FORMAT,
            model: model.to_owned(),
            workspace: workspace.to_owned(),
            marker: None,
        }
    }

    /// Where it lies.
    pub(super) fn place() -> PointId {
        // Before all passages: no document has a digest of zeros.
        "00000000-0000-8000-8000-000000000000".into()
    }

    pub(super) fn to_point(&self) -> PointStruct {
        let mut payload = Payload::from([
            ("format".to_owned(), self.format.into()),
            ("model".to_owned(), self.model.as_str().into()),
            ("workspace".to_owned(), self.workspace.as_str().into()),
        ]);
        if let Some(marker) = self.marker {
            payload.insert("marker".into(), marker.cast_signed().into());
        }
        let none = NamedVectors { vectors: HashMap::new() };
        PointStruct { id: Some(Self::place()), payload, vectors: Some(none.into()) }
    }

    /// What a manifest says as far as it can be read; one of another format may say it otherwise, and fits none of ours.
    pub(super) fn from_payload(payload: &Payload) -> Self {
        let words = |name| text(payload, name).unwrap_or_default().to_owned();
        Self {
            format: integer(payload, "format").unwrap_or_default(),
            model: words("model"),
            workspace: words("workspace"),
            marker: integer(payload, "marker").map(i64::cast_unsigned),
        }
    }

    /// What keeps a collection with this manifest from being read as one with that of `own`.
    pub(super) fn misfit(&self, own: &Manifest) -> Option<String> {
        if self.format != own.format {
            return Some(format!(
                "it was made in format {}, and this version of sufficit reads format {}",
                self.format, own.format
            ));
        }
        if self.model != own.model {
            return Some(format!(
                "it was made by the model {}, and the settings name {}",
                self.model, own.model
            ));
        }
        (self.workspace != own.workspace).then(|| {
            format!(
                "it was made for the workspace {}, and this is {}",
                self.workspace, own.workspace
            )
        })
    }
}
