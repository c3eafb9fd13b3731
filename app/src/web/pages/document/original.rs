use super::named;
use crate::web::guard::Visitor;
use crate::web::{Fault, Shared};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::{Path as File, PathBuf};
use sufficit_evidence::{DocumentId, SourceRef};

/// What stands between an archive and a member of it.
const MEMBER: &str = "!/";
/// The one format that pages show; all others only come as bytes without a type.
const PDF: &str = "application/pdf";
const BYTES: &str = "application/octet-stream";

/// The original bytes of a document, to be kept as a file: never shown by the browser itself.
pub(crate) async fn file(
    _: Visitor,
    State(web): State<Shared>,
    Path(document): Path<String>,
) -> Result<Response, Fault> {
    let id = named(&document)?;
    let view = web.view().await?;
    let gone = || Fault::missing("No file that is there holds this version of the document.");
    let profile = view.proposed.profiles.get(&id).ok_or_else(gone)?;
    let sources = view.proposed.sources.get(&id).ok_or_else(gone)?.clone();
    let (wanted, size) = (id.clone(), profile.bytes);
    let read = move || sources.iter().find_map(|source| original(source, &wanted, size));
    let found = tokio::task::spawn_blocking(read).await.ok().flatten();
    let Some(bytes) = found else {
        let inside = view.proposed.sources.get(&id).is_some_and(|all| all.iter().all(is_member));
        return Err(Fault::missing(match inside {
            true => {
                "The document lies in an archive, from which it is not taken out here. Open the archive where it lies."
            }
            false => {
                "The file is gone, or was changed since it was read. Read the folder again with `sufficit ingest`."
            }
        }));
    };
    let media_type = if profile.media_type == PDF { PDF } else { BYTES };
    let name = view.path(&id).unwrap_or(id.as_str());
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, attachment(name)),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn is_member(source: &SourceRef) -> bool {
    source.path.contains(MEMBER)
}

/// The file's bytes, where it still holds the document `wanted` of `size` bytes.
fn original(source: &SourceRef, wanted: &DocumentId, size: u64) -> Option<Vec<u8>> {
    if is_member(source) {
        return None;
    }
    let path = place(source);
    // A file of another size is another document; it may be too large to be read at all.
    let known = std::fs::metadata(&path).ok()?;
    if !known.is_file() || known.len() != size {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    (hex(&Sha256::digest(&bytes)) == wanted.as_str()).then_some(bytes)
}

/// Where a file lies: under its root, or at it where a single file was read.
fn place(source: &SourceRef) -> PathBuf {
    let root = File::new(&source.root);
    if root.is_file() { root.to_owned() } else { root.join(&source.path) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The header that makes a browser keep the bytes under the last part of `path`.
fn attachment(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' };
    format!("attachment; filename=\"{}\"", name.chars().map(plain).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bytes_that_were_read_are_given() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().to_string_lossy().into_owned();
        std::fs::write(folder.path().join("a.md"), "one").expect("is written");
        let id = DocumentId::new(hex(&Sha256::digest("one")));
        let at = |path: &str| SourceRef { root: root.clone(), path: path.to_owned() };
        assert_eq!(original(&at("a.md"), &id, 3).as_deref(), Some(b"one".as_slice()));
        assert_eq!(original(&at("a.zip!/a.md"), &id, 3), None);
        assert_eq!(original(&at("gone.md"), &id, 3), None);
        std::fs::write(folder.path().join("a.md"), "two").expect("is written");
        assert_eq!(original(&at("a.md"), &id, 3), None);
        std::fs::write(folder.path().join("b.md"), "one").expect("is written");
        let alone = SourceRef { root: format!("{root}/b.md"), path: "b.md".to_owned() };
        assert!(original(&alone, &id, 3).is_some());
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            attachment("a/b\"; x=\r\né.pdf"),
            "attachment; filename=\"b__ x___é.pdf\"".replace('é', "_")
        );
    }
}
