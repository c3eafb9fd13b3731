use super::failure::broken_off;
use super::server::Server;
use crate::IndexError;
use qdrant_client::qdrant::{QueryBatchPointsBuilder, QueryPoints, ScoredPoint};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Queries of one request, at most.
const QUERIES: usize = 64;

/// The results of queries on `collection`, in their order. A few requests are under way at once.
pub(super) async fn ask(
    server: Arc<Server>,
    collection: String,
    queries: Vec<QueryPoints>,
) -> Result<Vec<Vec<ScoredPoint>>, IndexError> {
    let requests: Vec<Vec<QueryPoints>> = queries.chunks(QUERIES).map(<[_]>::to_vec).collect();
    let mut answers: Vec<Vec<Vec<ScoredPoint>>> = vec![Vec::new(); requests.len()];
    let mut requests = requests.into_iter().enumerate();
    let mut asked = JoinSet::new();
    loop {
        while asked.len() < server.options.in_flight.max(1)
            && let Some((at, queries)) = requests.next()
        {
            let (server, collection) = (Arc::clone(&server), collection.clone());
            asked.spawn(async move { (at, batch(&server, &collection, queries).await) });
        }
        match asked.join_next().await {
            Some(Ok((at, answer))) => {
                if let Some(place) = answers.get_mut(at) {
                    *place = answer?;
                }
            }
            Some(Err(_)) => return Err(broken_off(&server.options.url)),
            None => return Ok(answers.into_iter().flatten().collect()),
        }
    }
}

async fn batch(
    server: &Server,
    collection: &str,
    queries: Vec<QueryPoints>,
) -> Result<Vec<Vec<ScoredPoint>>, IndexError> {
    let asked = queries.len();
    let once = || {
        server.ask(|client| {
            let request = QueryBatchPointsBuilder::new(collection, queries.clone());
            async move { client.query_batch(request).await }
        })
    };
    let answer = match once().await {
        // What an alias stood for may go in the moment between finding it and searching it.
        Err(failure) if failure.is_absence() => once().await,
        answer => answer,
    };
    let mut results: Vec<Vec<ScoredPoint>> =
        answer?.result.into_iter().map(|result| result.result).collect();
    // Each answer is told by its place.
    results.resize(asked, Vec::new());
    Ok(results)
}
