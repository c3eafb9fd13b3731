//! The form that a file comes in, read piece by piece: little of it is in memory at a time, and nobody waits for one that has
//! stopped coming.

use crate::web::{Fault, Shared};
use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use futures_util::StreamExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Bytes of a form that come in at most until something of it can be made use of: what stands before its first field, a
/// field's headers, or a piece of a file. A connection gives less than half of this at a time.
const HELD: u64 = 1 << 20;
/// A form of which nothing comes for so long is given up.
const QUIET: Duration = Duration::from_secs(60);
/// How long the rest of a form is read that was refused.
const DISCARDING: Duration = Duration::from_secs(10);

/// What to send.
const FORM: &str = "Send a form (multipart/form-data) with one file in a field `file`.";

/// A form with a file.
#[derive(Debug)]
pub(crate) struct UploadForm {
    form: Multipart,
    pub(crate) meter: Meter,
}

/// How much of a form came in since something of it was last made use of, in bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter(Arc<AtomicU64>);

impl FromRequest<Shared> for UploadForm {
    type Rejection = MultipartRejection;

    async fn from_request(request: Request, web: &Shared) -> Result<Self, MultipartRejection> {
        let meter = Meter::default();
        let counting = meter.clone();
        let counted = request.map(|body| {
            let pieces = body.into_data_stream();
            Body::from_stream(pieces.map(move |piece| counting.counted(piece)))
        });
        Ok(Self { form: Multipart::from_request(counted, web).await?, meter })
    }
}

impl UploadForm {
    /// The next field; `None` after the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Field<'_>>, Fault> {
        self.meter.came(QUIET, self.form.next_field()).await
    }

    /// Reads on to its end, for nothing but that its sender comes to read the answer: a connection that is closed with
    /// something unread is broken off on both sides, and a browser in the middle of a large file then knows of no answer.
    pub(crate) async fn discard(&mut self) {
        let meter = self.meter.clone();
        let rest = async {
            while let Ok(Some(mut field)) = self.next().await {
                while let Ok(Some(_)) = meter.piece(&mut field).await {}
            }
        };
        // What takes longer is answered all the same.
        let _ = tokio::time::timeout(DISCARDING, rest).await;
    }
}

impl Meter {
    /// The next bytes of a field; `None` after the last.
    pub(crate) async fn piece(&self, field: &mut Field<'_>) -> Result<Option<Bytes>, Fault> {
        self.came(QUIET, field.chunk()).await
    }

    async fn came<T>(
        &self,
        quiet: Duration,
        next: impl Future<Output = Result<T, MultipartError>>,
    ) -> Result<T, Fault> {
        let Ok(next) = tokio::time::timeout(quiet, next).await else {
            let what = format!("Nothing more of the form came for {} s", quiet.as_secs());
            return Err(Fault::new(StatusCode::REQUEST_TIMEOUT, what, "Send it once more."));
        };
        let next = next.map_err(|error| if self.is_over() { padded() } else { broken(&error) })?;
        self.0.store(0, Ordering::Relaxed);
        Ok(next)
    }

    fn counted(&self, piece: Result<Bytes, axum::Error>) -> Result<Bytes, axum::Error> {
        let piece = piece?;
        self.0.fetch_add(piece.len() as u64, Ordering::Relaxed);
        if self.is_over() {
            Err(axum::Error::new("the form holds too much beside its file"))
        } else {
            Ok(piece)
        }
    }

    fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed) > HELD
    }
}

/// What the form was refused for, where it is none.
pub(crate) fn no_form(rejection: &MultipartRejection) -> Fault {
    Fault::new(rejection.status(), rejection.body_text(), FORM)
}

fn padded() -> Fault {
    let what = format!("The form holds more than {} MiB beside its file", HELD >> 20);
    Fault::new(StatusCode::PAYLOAD_TOO_LARGE, what, FORM)
}

fn broken(error: &MultipartError) -> Fault {
    // A client that hangs up in the middle of a file is nobody's fault here.
    let status = match error.status() {
        status if status.is_server_error() => StatusCode::BAD_REQUEST,
        status => status,
    };
    Fault::new(status, format!("The form broke off: {}", error.body_text()), FORM)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(bytes: usize) -> Result<Bytes, axum::Error> {
        Ok(Bytes::from(vec![b'x'; bytes]))
    }

    #[test]
    fn what_is_of_no_use_is_counted_until_it_is_too_much() {
        let meter = Meter::default();
        let half = usize::try_from(HELD / 2).expect("is small");
        assert!(meter.counted(piece(half)).is_ok());
        assert!(meter.counted(piece(half)).is_ok());
        assert!(meter.counted(piece(1)).is_err());
    }

    #[tokio::test]
    async fn what_was_made_use_of_counts_no_more() {
        let meter = Meter::default();
        let all = usize::try_from(HELD).expect("is small");
        for _ in 0..3 {
            assert!(meter.counted(piece(all)).is_ok());
            assert!(meter.came(QUIET, async { Ok(()) }).await.is_ok());
        }
    }

    #[tokio::test]
    async fn a_form_that_stops_coming_is_given_up() {
        let never = std::future::pending::<Result<(), MultipartError>>();
        let fault = Meter::default().came(Duration::ZERO, never).await.expect_err("is given up");
        assert_eq!(fault.status, StatusCode::REQUEST_TIMEOUT);
    }
}
