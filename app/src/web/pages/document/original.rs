use super::named;
use super::range::{Wanted, wanted};
use crate::reading::Reader;
use crate::web::guard::Visitor;
use crate::web::originals::{self, is_member};
use crate::web::turns::in_turn;
use crate::web::{Fault, Shared};
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, stream};
use std::fs::File;
use std::io::{self, SeekFrom};
use std::sync::Arc;
use sufficit_evidence::{DocumentId, SourceRef};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// The one format that pages show; all others only come as bytes without a type.
const PDF: &str = "application/pdf";
const BYTES: &str = "application/octet-stream";
/// Bytes of a file that are in memory at a time.
const BLOCK: u64 = 1 << 16;

/// The original bytes of a document, to be kept as a file: never shown by the browser itself. Of a file parts can be asked for.
pub(crate) async fn file(
    _: Visitor,
    State(web): State<Shared>,
    Path(document): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let id = named(&document)?;
    let view = web.view().await?;
    let gone = || Fault::missing("No file that is there holds this version of the document.");
    let profile = view.proposed.profiles.get(&id).ok_or_else(gone)?;
    let sources: Arc<[SourceRef]> =
        view.proposed.sources.get(&id).ok_or_else(gone)?.as_slice().into();
    let size = profile.bytes;
    let media_type = if profile.media_type == PDF { PDF } else { BYTES };
    let always = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, attachment(view.path(&id).unwrap_or(id.as_str()))),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    if let Some(file) = found(&web, &sources, &id, size).await {
        return Ok((always, given(file, &id, size, &headers).await?).into_response());
    }
    if let Some(bytes) = taken_out(&web, &sources, &id, size).await? {
        return Ok((always, [(ACCEPT_RANGES, "none")], bytes).into_response());
    }
    Err(Fault::missing(match sources.iter().all(is_member) {
        true => {
            "The document lies in an archive, and cannot be taken out of it: the archive is gone, was changed since it was read, or is too large. Open it where it lies."
        }
        false => {
            "The file is gone, or was changed since it was read. Read the folder again with `sufficit ingest`."
        }
    }))
}

/// The first of the files that still holds the document.
async fn found(
    web: &Shared,
    sources: &Arc<[SourceRef]>,
    id: &DocumentId,
    size: u64,
) -> Option<File> {
    let (web, sources, id) = (Arc::clone(web), Arc::clone(sources), id.clone());
    let look = move || sources.iter().find_map(|source| web.originals.file(source, &id, size));
    tokio::task::spawn_blocking(look).await.ok().flatten()
}

/// The document, out of the first archive that still holds it.
async fn taken_out(
    web: &Shared,
    sources: &Arc<[SourceRef]>,
    id: &DocumentId,
    size: u64,
) -> Result<Option<Vec<u8>>, Fault> {
    if !sources.iter().any(is_member) {
        return Ok(None);
    }
    let reader = Reader::new(&web.workspace.settings.ingest, &web.common)?;
    let (sources, id) = (Arc::clone(sources), id.clone());
    let take =
        move || sources.iter().find_map(|source| originals::member(&reader, source, &id, size));
    Ok(in_turn(&web.originals.turns, take).await.flatten())
}

/// What is asked for of the file.
async fn given(
    file: File,
    id: &DocumentId,
    size: u64,
    headers: &HeaderMap,
) -> Result<Response, Fault> {
    let tag = format!("\"{id}\"");
    let (status, range) = match wanted(headers, &tag, size) {
        Wanted::Whole => (StatusCode::OK, 0..size),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Nowhere => {
            let all = [(CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, all).into_response());
        }
    };
    let mut file = tokio::fs::File::from_std(file);
    let unreadable = |error: io::Error| {
        let what = format!("The file could not be read: {error}");
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, what, "Try again.")
    };
    file.seek(SeekFrom::Start(range.start)).await.map_err(unreadable)?;
    let length = range.end - range.start;
    let about =
        [(ACCEPT_RANGES, "bytes".to_owned()), (ETAG, tag), (CONTENT_LENGTH, length.to_string())];
    let answer = (status, about, Body::from_stream(pieces(file, length)));
    if status == StatusCode::OK {
        return Ok(answer.into_response());
    }
    let place = format!("bytes {}-{}/{size}", range.start, range.end - 1);
    Ok(([(CONTENT_RANGE, place)], answer).into_response())
}

/// The next `left` bytes of a file; an error where it has become shorter.
fn pieces(
    file: tokio::fs::File,
    left: u64,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold((file, left), async |(mut file, left)| {
        let most = usize::try_from(left.min(BLOCK)).unwrap_or_default();
        if most == 0 {
            return Ok(None);
        }
        let mut piece = vec![0; most];
        let read = file.read(&mut piece).await?;
        if read == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        piece.truncate(read);
        Ok(Some((Bytes::from(piece), (file, left - read as u64))))
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
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            attachment("a/b\"; x=\r\né.pdf"),
            "attachment; filename=\"b__ x___é.pdf\"".replace('é', "_")
        );
    }
}
