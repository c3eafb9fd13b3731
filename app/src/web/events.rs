//! What happens in the background, as server-sent events.

use crate::notice::Notice;
use crate::web::Shared;
use crate::web::guard::Visitor;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt, future};
use std::convert::Infallible;
use std::time::Duration;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

/// A listener is told for so long, and then comes again by itself: whoever has lost their session is told no more.
const AT_A_TIME: Duration = Duration::from_secs(15 * 60);

/// `GET /events`: `upload`, `file`, `stage` and `done`, each with JSON data; `reload` where the listener was too slow to be
/// told everything and has to load the page again.
pub(crate) async fn events(
    _: Visitor,
    State(web): State<Shared>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let told = BroadcastStream::new(web.jobs.listen())
        .take_while(|told| future::ready(!matches!(told, Ok(Notice::Closing))))
        .map(|told| Ok(event(told)))
        .take_until(tokio::time::sleep(AT_A_TIME));
    Sse::new(told).keep_alive(KeepAlive::default())
}

fn event(told: Result<Notice, BroadcastStreamRecvError>) -> Event {
    let reload = || Event::default().event("reload").data("{}");
    match told {
        Ok(notice) => {
            Event::default().event(notice.name()).json_data(&notice).unwrap_or_else(|_| reload())
        }
        Err(BroadcastStreamRecvError::Lagged(_)) => reload(),
    }
}
