//! A file that is sent comes in, is kept, and is read in the background.

use crate::notice::Notice;
use crate::web::guard::{Role, Visitor};
use crate::web::incoming::{Incoming, Kept, fits};
use crate::web::jobs::Work;
use crate::web::problem::Problem;
pub(crate) use crate::web::upload_form::UploadForm;
use crate::web::upload_form::{Meter, no_form};
use crate::web::upload_path::upload_path;
use crate::web::{Fault, Shared, Web};
use axum::Json;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use std::io;
use std::time::Duration;
use tokio::sync::SemaphorePermit;
use utoipa::ToSchema;

/// What a form says beside its file takes no more than this, in bytes.
const FIELD: usize = 4096;
/// What a form holds beside its file at most, in bytes.
const ENVELOPE: u64 = 16 * 1024;
/// Files that come in at a time; a browser sends three.
pub(crate) const AT_A_TIME: usize = 12;
/// How long one more waits for its turn before it is told to come again.
const IN_LINE: Duration = Duration::from_secs(5);

/// What became of a file that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Received {
    /// The path under which it is kept, relative to the uploads.
    pub(crate) path: String,
    /// How many bytes it has.
    pub(crate) bytes: u64,
    /// SHA-256 of its bytes.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub(crate) sha256: String,
    /// `stored`; `replaced` where another version lay there; `duplicate` where the same bytes lay there already.
    pub(crate) status: Reception,
    /// Where a document with the same bytes was read before.
    pub(crate) same_as: Vec<String>,
    /// The job that will read it; null where there is nothing to read.
    pub(crate) job: Option<u64>,
    /// The same in a sentence.
    pub(crate) text: String,
}

/// Whether a file's bytes are new at its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reception {
    Stored,
    Replaced,
    Duplicate,
}

impl Received {
    /// 201 where something was stored, else 200.
    pub(crate) fn status_code(&self) -> StatusCode {
        match self.status {
            Reception::Duplicate => StatusCode::OK,
            Reception::Stored | Reception::Replaced => StatusCode::CREATED,
        }
    }
}

/// `POST /upload`, as the script of the page sends it.
pub(crate) async fn upload(
    visitor: Visitor,
    State(web): State<Shared>,
    headers: HeaderMap,
    form: Result<UploadForm, MultipartRejection>,
) -> Result<(StatusCode, Json<Received>), Problem> {
    let received = receive(&web, &visitor, &headers, form).await?;
    Ok((received.status_code(), Json(received)))
}

/// Takes in the one file of a form: a field `file`, with a field `path` where the file's own name is not its path.
pub(crate) async fn receive(
    web: &Web,
    visitor: &Visitor,
    headers: &HeaderMap,
    form: Result<UploadForm, MultipartRejection>,
) -> Result<Received, Fault> {
    visitor.at_least(Role::Reviewer)?;
    let mut form = form.map_err(|rejection| no_form(&rejection))?;
    let received = taken_in(web, headers, &mut form).await;
    if received.is_err() {
        form.discard().await;
    }
    received
}

async fn taken_in(
    web: &Web,
    headers: &HeaderMap,
    form: &mut UploadForm,
) -> Result<Received, Fault> {
    let announced = announced(headers);
    if announced.is_some_and(|bytes| bytes > limit(web).saturating_add(ENVELOPE)) {
        return Err(too_large(web));
    }
    if !fits(&web.workspace.folder, announced.unwrap_or(0)) {
        return Err(full());
    }
    let _turn = turn(web).await?;
    let meter = form.meter.clone();
    let mut path = None;
    let mut file = None;
    while let Some(mut field) = form.next().await? {
        match field.name() {
            Some("path") if path.is_none() => path = Some(short(&meter, &mut field).await?),
            Some("file") if file.is_none() => {
                let own = field.file_name().unwrap_or_default().to_owned();
                file = Some((own, written(web, &meter, &mut field).await?));
            }
            Some("path" | "file") => {
                return Err(unprocessable("The form holds more than one file."));
            }
            _ => {
                return Err(unprocessable(
                    "The form holds a field that is neither `file` nor `path`.",
                ));
            }
        }
    }
    let (own, incoming) = file.ok_or_else(|| unprocessable("The form holds no file."))?;
    let path = path.filter(|path| !path.is_empty()).unwrap_or(own);
    keep(web, upload_path(&path).map_err(unprocessable)?, incoming).await
}

/// The turn of a file to come in.
async fn turn(web: &Web) -> Result<SemaphorePermit<'_>, Fault> {
    match tokio::time::timeout(IN_LINE, web.receiving.acquire()).await {
        Ok(Ok(turn)) => Ok(turn),
        _ => {
            let what =
                format!("{AT_A_TIME} files are coming in already, and this one was not taken");
            let help = "Send it again in a moment.";
            Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, what, help).again_in(IN_LINE))
        }
    }
}

/// A field's bytes, on the disk.
async fn written(web: &Web, meter: &Meter, field: &mut Field<'_>) -> Result<Incoming, Fault> {
    let on_disk = |error| disk_fault("The file", &error);
    let mut incoming = Incoming::new(&web.workspace.incoming()).await.map_err(on_disk)?;
    while let Some(bytes) = meter.piece(field).await? {
        if incoming.bytes() + bytes.len() as u64 > limit(web) {
            return Err(too_large(web));
        }
        incoming.write(&bytes).await.map_err(on_disk)?;
    }
    Ok(incoming)
}

async fn keep(web: &Web, path: String, incoming: Incoming) -> Result<Received, Fault> {
    let on_disk = |error| disk_fault(&path, &error);
    let bytes = incoming.bytes();
    if bytes == 0 {
        return Err(unprocessable(format!("{path} is empty.")));
    }
    let kept = incoming.keep(web.workspace.uploads(), path.clone()).await;
    let (kept, id) = kept.map_err(on_disk)?;
    let mut same_as = web.store.paths(&id).await?;
    same_as.retain(|other| *other != path);
    let (status, name, mut text) = match kept {
        Kept::Stored => (Reception::Stored, "stored", "received, waits to be read".to_owned()),
        Kept::Replaced => (
            Reception::Replaced,
            "replaced",
            "received, takes the place of an earlier version".to_owned(),
        ),
        Kept::Duplicate => (Reception::Duplicate, "duplicate", "was here already".to_owned()),
    };
    if let Some(other) = same_as.first() {
        text = format!("{text}; the same bytes lie at {other}");
    }
    // A duplicate too: whoever sent it first may have gone before it was asked for. Looking at what is known costs nothing.
    let job = web.jobs.want(Work::Uploads);
    let job = (kept != Kept::Duplicate).then_some(job);
    web.jobs.tell(Notice::Upload { path: path.clone(), status: name, text: text.clone() });
    Ok(Received { path, bytes, sha256: id.to_string(), status, same_as, job, text })
}

/// A short field's text.
async fn short(meter: &Meter, field: &mut Field<'_>) -> Result<String, Fault> {
    let mut text = Vec::new();
    while let Some(bytes) = meter.piece(field).await? {
        text.extend_from_slice(&bytes);
        if text.len() > FIELD {
            return Err(unprocessable("The path is too long."));
        }
    }
    String::from_utf8(text).map_err(|_| unprocessable("The path is no UTF-8."))
}

/// The largest file that is taken, in bytes.
pub(crate) fn limit(web: &Web) -> u64 {
    web.workspace.settings.ingest.max_file_mib << 20
}

/// What the body of a form with a file may hold; announced or not, no more is read.
pub(crate) fn body_limit(web: &Web) -> DefaultBodyLimit {
    let bytes = limit(web).saturating_add(ENVELOPE);
    DefaultBodyLimit::max(usize::try_from(bytes).unwrap_or(usize::MAX))
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn unprocessable(what: impl Into<String>) -> Fault {
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, what, "")
}

fn too_large(web: &Web) -> Fault {
    let most = web.workspace.settings.ingest.max_file_mib;
    Fault::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("The file is larger than {most} MiB"),
        "max_file_mib under [ingest] in the settings says how large a file may be.",
    )
}

fn full() -> Fault {
    Fault::new(
        StatusCode::INSUFFICIENT_STORAGE,
        "The disk of the workspace has no room for this",
        "Free some, then send it again.",
    )
}

fn disk_fault(path: &str, error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => full(),
        io::ErrorKind::NotADirectory
        | io::ErrorKind::IsADirectory
        | io::ErrorKind::AlreadyExists
        | io::ErrorKind::DirectoryNotEmpty => unprocessable(format!(
            "{path} cannot be kept: a file and a folder would have the same name; rename one."
        )),
        io::ErrorKind::InvalidFilename => {
            unprocessable(format!("{path} is no name for a file here."))
        }
        _ => Fault::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            // What is the server's own fault is logged, and names of files are not.
            format!("The file could not be written: {error}"),
            "Look whether the workspace's folder can be written.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_servers_fault_and_so_is_logged_names_no_file() {
        let kinds = [
            io::ErrorKind::PermissionDenied,
            io::ErrorKind::StorageFull,
            io::ErrorKind::IsADirectory,
            io::ErrorKind::InvalidFilename,
            io::ErrorKind::Other,
        ];
        for kind in kinds {
            let fault = disk_fault("redundancies.docx", &kind.into());
            let is_logged = fault.status.is_server_error();
            assert!(!(is_logged && fault.what.contains("redundancies")), "{fault:?}");
        }
    }
}
