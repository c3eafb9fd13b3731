use super::named;
use super::range::{Wanted, wanted};
use crate::reading::Reader;
use crate::web::guard::Visitor;
use crate::web::originals::{self, Original, Stamp, is_member};
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
use std::io::{self, SeekFrom};
use std::sync::Arc;
use std::time::{Duration, Instant};
use sufficit_evidence::{DocumentId, SourceRef};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// The one format that pages show; all others only come as bytes without a type.
const PDF: &str = "application/pdf";
const BYTES: &str = "application/octet-stream";
/// Bytes of a file that are in memory at a time.
const BLOCK: u64 = 1 << 16;
/// How long taking a document out of its archives may go on; after 30 s nobody waits for the answer.
const TAKING: Duration = Duration::from_secs(20);

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
    let tag = format!("\"{id}\"");
    let (original, ranges, wanted) = match found(&web, &sources, &id, size).await {
        Some(file) => (file, "bytes", wanted(&headers, &tag, size)),
        // For each part it would be taken out once more.
        None => (taken_out(&web, &sources, &id, size).await?, "none", Wanted::Whole),
    };
    let about = [(ACCEPT_RANGES, ranges.to_owned()), (ETAG, tag)];
    Ok((always, about, given(original, size, wanted).await?).into_response())
}

/// The first of the files that still holds the document.
async fn found(
    web: &Shared,
    sources: &Arc<[SourceRef]>,
    id: &DocumentId,
    size: u64,
) -> Option<Original> {
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
) -> Result<Original, Fault> {
    if !sources.iter().any(is_member) {
        let what = "The file is gone, or was changed since it was read. Read the folder again with `sufficit ingest`.";
        return Err(Fault::missing(what));
    }
    let reader = Reader::new(&web.workspace.settings.ingest, &web.common)?;
    let (sources, id, folder) = (Arc::clone(sources), id.clone(), web.workspace.incoming());
    let take = move || {
        let until = Instant::now() + TAKING;
        let mut reason = String::new();
        for source in sources.iter().filter(|source| is_member(source)) {
            match originals::member(&reader, source, (&id, size), &folder, until) {
                Ok(original) => return Ok(original),
                Err(why) => reason = why,
            }
        }
        Err(reason)
    };
    let taken = in_turn(&web.originals.turns, take).await;
    let taken = taken.unwrap_or_else(|| Err("Taking it out ended by a fault.".to_owned()));
    taken.map_err(|why| {
        let what = "The document lies in an archive or a mail, and cannot be taken out of it.";
        Fault::missing(format!("{what} {why}"))
    })
}

/// What is asked for of a file of `size` bytes.
async fn given(original: Original, size: u64, wanted: Wanted) -> Result<Response, Fault> {
    let (status, range) = match wanted {
        Wanted::Whole => (StatusCode::OK, 0..size),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Nowhere => {
            let all = [(CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, all).into_response());
        }
    };
    let mut file = tokio::fs::File::from_std(original.file);
    let unreadable = |error: io::Error| {
        let what = format!("The file could not be read: {error}");
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, what, "Try again.")
    };
    file.seek(SeekFrom::Start(range.start)).await.map_err(unreadable)?;
    let length = range.end - range.start;
    let pieces = Body::from_stream(pieces(file, original.stamp, length));
    let answer = (status, [(CONTENT_LENGTH, length.to_string())], pieces);
    if status == StatusCode::OK {
        return Ok(answer.into_response());
    }
    let place = format!("bytes {}-{}/{size}", range.start, range.end - 1);
    Ok(([(CONTENT_RANGE, place)], answer).into_response())
}

/// The next `left` bytes of a file; an error where it has become shorter, and in place of the last of them where it does not
/// have `stamp` any more: what came before may be of another document.
fn pieces(
    file: tokio::fs::File,
    stamp: Stamp,
    left: u64,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold((file, left), move |(mut file, left)| async move {
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
        let left = left - read as u64;
        if left == 0 && Stamp::of(&file.metadata().await?) != stamp {
            return Err(io::Error::other("the file was changed while it was given"));
        }
        Ok(Some((Bytes::from(piece), (file, left))))
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
    use futures_util::{StreamExt, TryStreamExt};
    use std::pin::pin;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            attachment("a/b\"; x=\r\né.pdf"),
            "attachment; filename=\"b__ x___é.pdf\"".replace('é', "_")
        );
    }

    #[tokio::test]
    async fn a_file_that_is_changed_while_it_is_given_does_not_come_to_its_end() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.pdf");
        let content = vec![b'x'; usize::try_from(3 * BLOCK).expect("is small")];
        std::fs::write(&path, &content).expect("is written");
        let open = || {
            let file = std::fs::File::open(&path).expect("opens");
            let stamp = Stamp::of(&file.metadata().expect("is there"));
            pieces(tokio::fs::File::from_std(file), stamp, 3 * BLOCK)
        };
        let all: Vec<Bytes> = pin!(open()).try_collect().await.expect("nothing was changed");
        assert_eq!(all.concat(), content);
        let mut begun = pin!(open());
        assert!(begun.next().await.is_some_and(|piece| piece.is_ok()));
        std::fs::write(&path, content.to_ascii_uppercase()).expect("is written");
        // Two changes in one moment of the file system's clock would look like one.
        let file = std::fs::File::options().write(true).open(&path).expect("opens");
        file.set_modified(std::time::UNIX_EPOCH).expect("is set");
        let rest: Vec<io::Result<Bytes>> = begun.collect().await;
        let last = rest.last().expect("something follows");
        assert!(last.as_ref().is_err_and(|error| error.to_string().contains("was changed")));
    }
}
