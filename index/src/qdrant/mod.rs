//! The passage index on a Qdrant server: a collection for each workspace and model, reached by an alias.
//!
//! Passages are points with a vector of meaning and one of words, which the server searches, and joins for free search.
//! A write counts once the server has done it, so what was written is seen at once and survives a crash; a commit only notes
//! how far in the store it reaches. Where the index is interrupted in between, what it holds is newer than the note says.

mod asking;
mod collection;
mod failure;
mod filter;
mod manifest;
mod names;
mod options;
mod points;
mod query;
mod sending;
mod server;
mod sparse;
mod state;
#[cfg(test)]
mod tests;
mod waiting;
mod writes;

pub use options::QdrantOptions;
pub use state::{CollectionState, ServerState};

use crate::{Embedder, Hit, IndexError, Near, NearPassage, PassageIndex, Within};
use manifest::Manifest;
use names::Names;
use qdrant_client::qdrant::{
    Condition, DeletePointsBuilder, Filter, PointStruct, QueryPoints, ScoredPoint,
};
use query::Look;
use rayon::prelude::*;
use sending::{Sending, Way};
use server::Server;
use sparse::Weigher;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use sufficit_evidence::{Document, DocumentId, Probe};
use waiting::Waiting;
use writes::Writes;

/// Documents whose passages one request takes out, at most.
const REMOVALS: usize = 256;
/// Points that are made at once, at most, whatever goes into a write.
const MADE_AT_ONCE: usize = 256;

/// A [`PassageIndex`] on a Qdrant server.
pub struct QdrantIndex {
    embedder: Arc<Embedder>,
    waiting: Arc<Waiting>,
    way: Way,
    names: Names,
    /// What it searches by: the alias, so that a search goes on when another process makes the index anew; the collection
    /// where the alias does not stand for it yet.
    searched: String,
    manifest: Arc<Mutex<Manifest>>,
}

impl QdrantIndex {
    /// Opens the index of `workspace` and the model, or makes one.
    ///
    /// Refused as [`Other`](IndexError::Other) where what is there was made by another model, for another workspace or in
    /// another format, and as [`Server`](IndexError::Server) where the server cannot be reached, refuses or is too old.
    pub fn open(
        options: &QdrantOptions,
        workspace: &str,
        embedder: Arc<Embedder>,
    ) -> Result<Self, IndexError> {
        let (server, waiting, names) = begin(options, workspace, &embedder)?;
        let manifest = Manifest::new(workspace, embedder.version());
        let dimensions = embedder.dimensions();
        let (own, to, called) = (manifest.clone(), Arc::clone(&server), names.clone());
        let (collection, marker) = waiting.wait(async move {
            state::healthy(&to).await?;
            let collection = match collection::behind(&to, &called.alias).await? {
                Some(collection) => collection,
                None => {
                    // As another process would call it that begins at the same time: both fill one.
                    let collection = called.collection(1);
                    collection::make(&to, &collection, dimensions, &own).await?;
                    collection::switch(&to, &called.alias, &collection).await?;
                    collection
                }
            };
            let marker = collection::check(&to, &collection, dimensions, &own).await?;
            Ok((collection, marker))
        })?;
        let manifest = Manifest { marker, ..manifest };
        Ok(Self::serving(embedder, waiting, Way::new(server, collection), names, manifest))
    }

    /// Opens the index of `workspace` and the model as it is, to search in it: nothing is made or changed on the server. `None` where
    /// there is none yet, or one that was never finished. Refused as by [`open`](Self::open).
    pub fn open_to_search(
        options: &QdrantOptions,
        workspace: &str,
        embedder: Arc<Embedder>,
    ) -> Result<Option<Self>, IndexError> {
        let (server, waiting, names) = begin(options, workspace, &embedder)?;
        let own = Manifest::new(workspace, embedder.version());
        let dimensions = embedder.dimensions();
        let (to, called) = (Arc::clone(&server), names.clone());
        let found = waiting.wait(async move {
            state::healthy(&to).await?;
            let Some(collection) = collection::behind(&to, &called.alias).await? else {
                return Ok(None);
            };
            let manifest = collection::fitting(&to, &collection, dimensions, &own).await?;
            Ok(manifest.map(|manifest| (collection, manifest)))
        })?;
        Ok(found.map(|(collection, manifest)| {
            Self::serving(embedder, waiting, Way::new(server, collection), names, manifest)
        }))
    }

    /// One that the alias stands for.
    fn serving(
        embedder: Arc<Embedder>,
        waiting: Arc<Waiting>,
        way: Way,
        names: Names,
        manifest: Manifest,
    ) -> Self {
        let searched = names.alias.clone();
        Self { embedder, waiting, way, searched, names, manifest: Arc::new(Mutex::new(manifest)) }
    }

    /// An empty index beside the one that serves, as [`anew`](PassageIndex::anew) makes it, also where
    /// [`open`](Self::open) refuses that one or there is none.
    pub fn open_anew(
        options: &QdrantOptions,
        workspace: &str,
        embedder: Arc<Embedder>,
    ) -> Result<Self, IndexError> {
        let (server, waiting, names) = begin(options, workspace, &embedder)?;
        Self::beside(server, waiting, names, Manifest::new(workspace, embedder.version()), embedder)
    }

    fn beside(
        server: Arc<Server>,
        waiting: Arc<Waiting>,
        names: Names,
        manifest: Manifest,
        embedder: Arc<Embedder>,
    ) -> Result<Self, IndexError> {
        let dimensions = embedder.dimensions();
        let (own, to, called) = (manifest.clone(), Arc::clone(&server), names.clone());
        let collection = waiting.wait(async move {
            state::healthy(&to).await?;
            let serving = collection::behind(&to, &called.alias).await?;
            let all = collection::all(&to).await?;
            for left in all.iter().filter(|name| called.is_own(name)) {
                if serving.as_ref() != Some(left) {
                    collection::remove(&to, left).await?;
                }
            }
            // Never the name of one that was left: another process may still be filling it.
            collection::make_first_free(&to, called.free(&all), dimensions, &own).await
        })?;
        Ok(Self {
            embedder,
            waiting,
            searched: collection.clone(),
            way: Way::new(server, collection),
            names,
            manifest: Arc::new(Mutex::new(manifest)),
        })
    }

    /// Takes out the points that match any of `filters`.
    fn delete(&self, filters: Vec<Filter>) -> Result<(), IndexError> {
        let way = self.way.clone();
        self.waiting.wait(async move {
            let _under_way = way.writes.read().await;
            for filters in filters.chunks(REMOVALS) {
                let any = Filter::should(filters.iter().cloned().map(Condition::from));
                let request =
                    DeletePointsBuilder::new(&way.collection).points(any).wait(true).build();
                let deleted = way.server.write(|client| {
                    let request = request.clone();
                    async move { client.delete_points(request).await }
                });
                deleted.await?;
            }
            Ok(())
        })
    }

    /// What a text and its vector look for.
    fn look(&self, text: &str, vector: Vec<f32>) -> Look {
        Look::new(Weigher::new().query(text), vector, self.embedder.background())
    }

    /// The results of `queries`, in their order.
    fn ask(&self, queries: Vec<QueryPoints>) -> Result<Vec<Vec<ScoredPoint>>, IndexError> {
        let asked = asking::ask(Arc::clone(&self.way.server), self.searched.clone(), queries);
        self.waiting.wait(asked)
    }
}

impl PassageIndex for QdrantIndex {
    fn upsert(&self, documents: &[Document]) -> Result<(), IndexError> {
        // Of one that comes twice the last counts; writes under way at once would leave that to chance.
        let last: HashMap<&DocumentId, usize> =
            documents.iter().enumerate().map(|(at, document)| (&document.id, at)).collect();
        let documents: Vec<&Document> = documents
            .iter()
            .enumerate()
            .filter(|(at, document)| last.get(&document.id) == Some(at))
            .map(|(_, document)| document)
            .collect();
        let mut sending = Sending::new(&self.way, &self.waiting);
        let sent = self.send(&documents, &mut sending);
        sent.and(sending.finish())?;
        let ends = documents
            .iter()
            .map(|document| filter::of_document(&document.id, points::end(document)));
        self.delete(ends.collect())
    }

    fn remove(&self, document: &DocumentId) -> Result<(), IndexError> {
        self.delete(vec![filter::of_document(document, 0)])
    }

    fn commit(&self, marker: u64) -> Result<(), IndexError> {
        let (way, manifest) = (self.way.clone(), Arc::clone(&self.manifest));
        self.waiting.wait(async move {
            let _alone = way.writes.write().await;
            let mut noted = manifest.lock().unwrap_or_else(PoisonError::into_inner).clone();
            noted.marker = Some(marker);
            collection::note(&way.server, &way.collection, &noted).await?;
            *manifest.lock().unwrap_or_else(PoisonError::into_inner) = noted;
            Ok(())
        })
    }

    fn committed(&self) -> Option<u64> {
        self.manifest.lock().unwrap_or_else(PoisonError::into_inner).marker
    }

    fn search(&self, query: &str, within: &Within, limit: usize) -> Result<Vec<Hit>, IndexError> {
        let look = self.look(query, self.embedder.embed_query(query)?);
        if limit == 0 || look.is_blind() {
            return Ok(Vec::new());
        }
        let length = Near::list_length(limit);
        let fused = look.fused(&self.searched, &filter::within(within), length, limit);
        let found = self.ask(vec![fused])?.into_iter().flatten().collect();
        let found = query::passages(found, |score| score);
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let places =
            found.iter().map(|passage| points::place(&passage.document, passage.passage)).collect();
        let scores = self.ask(look.scores(&self.searched, places))?;
        let (words, meaning) = look.told(scores);
        let [words, meaning] = [&words, &meaning].map(|list| by_passage(list));
        let hits = found.iter().map(|passage| {
            let score = |list: &HashMap<(&DocumentId, u32), f32>| {
                list.get(&(&passage.document, passage.passage)).copied().unwrap_or(0.0)
            };
            Hit {
                document: passage.document.clone(),
                passage: passage.passage,
                lexical: score(&words),
                semantic: score(&meaning),
                score: passage.score,
            }
        });
        Ok(hits.collect())
    }

    fn candidates(
        &self,
        probes: &[Probe],
        within: &Within,
        limit: usize,
    ) -> Result<Vec<Near>, IndexError> {
        if limit == 0 {
            return Ok(vec![Near::default(); probes.len()]);
        }
        let vectors = self.embedder.embed_probes(probes)?;
        let looks: Vec<Look> = probes
            .par_iter()
            .zip(vectors)
            .map(|(probe, vector)| self.look(&probe.text, vector))
            .collect();
        let filter = filter::within(within);
        let queries = looks.iter().flat_map(|look| look.lists(&self.searched, &filter, limit));
        let mut results = self.ask(queries.collect())?.into_iter();
        let near = looks.iter().map(|look| {
            let (lexical, semantic) = look.told(results.by_ref().take(look.queries()));
            Near { lexical, semantic }
        });
        Ok(near.collect())
    }

    fn anew(&self) -> Result<Box<dyn PassageIndex>, IndexError> {
        let mut manifest = self.manifest.lock().unwrap_or_else(PoisonError::into_inner).clone();
        manifest.marker = None;
        let anew = Self::beside(
            Arc::clone(&self.way.server),
            Arc::clone(&self.waiting),
            self.names.clone(),
            manifest,
            Arc::clone(&self.embedder),
        )?;
        Ok(Box::new(anew))
    }

    fn take_over(self: Box<Self>) -> Result<(), IndexError> {
        let (way, names) = (self.way.clone(), self.names.clone());
        self.waiting.wait(async move {
            collection::switch(&way.server, &names.alias, &way.collection).await?;
            for name in collection::all(&way.server).await? {
                if names.is_of_workspace(&name) && name != way.collection {
                    collection::remove(&way.server, &name).await?;
                }
            }
            Ok(())
        })
    }
}

impl QdrantIndex {
    /// Sends the points of `documents`, as they are embedded, and does not wait for the last.
    fn send(&self, documents: &[&Document], sending: &mut Sending<'_>) -> Result<(), IndexError> {
        let most = self.way.server.options.batch_points.max(1);
        let mut writes = Writes::new(most);
        for pieces in points::pieces(documents, most.min(MADE_AT_ONCE)) {
            let made: Vec<Vec<PointStruct>> = pieces
                .par_iter()
                .map(|piece| points::points(piece, &self.embedder))
                .collect::<Result<_, _>>()?;
            for point in made.into_iter().flatten() {
                writes.add(point).map_or(Ok(()), |write| sending.send(write))?;
            }
        }
        writes.rest().map_or(Ok(()), |write| sending.send(write))
    }
}

fn begin(
    options: &QdrantOptions,
    workspace: &str,
    embedder: &Embedder,
) -> Result<(Arc<Server>, Arc<Waiting>, Names), IndexError> {
    options.check(workspace)?;
    let names = Names::new(&options.prefix, workspace, embedder.version());
    Ok((Arc::new(Server::new(options)?), Arc::new(Waiting::new(&options.url)?), names))
}

fn by_passage(list: &[NearPassage]) -> HashMap<(&DocumentId, u32), f32> {
    list.iter().map(|near| ((&near.document, near.passage), near.score)).collect()
}
