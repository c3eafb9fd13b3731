use super::filter;
use super::manifest::Manifest;
use super::points::{MEANING, WORDS};
use super::server::Server;
use crate::IndexError;
use qdrant_client::qdrant::vectors_config::Config;
use qdrant_client::qdrant::{
    CollectionInfo, CreateAliasBuilder, CreateCollection, CreateCollectionBuilder,
    CreateFieldIndexCollection, CreateFieldIndexCollectionBuilder, DeletePointsBuilder, Distance,
    FieldType, GetPointsBuilder, IntegerIndexParamsBuilder, KeywordIndexParamsBuilder, Modifier,
    ScalarQuantizationBuilder, SparseVectorParamsBuilder, UpsertPointsBuilder, VectorParams,
    VectorParamsBuilder, VectorParamsMap,
};
use qdrant_client::qdrant::{QuantizationType, SparseVectorConfig};
use std::collections::HashMap;

/// Everything that a search can be narrowed by, or that passages are deleted by.
const KEYWORDS: [&str; 4] = ["organisation", "document", "kind", "language"];
const NUMBERS: [&str; 2] = ["passage", "dated"];

/// The collection that `alias` stands for.
pub(super) async fn behind(server: &Server, alias: &str) -> Result<Option<String>, IndexError> {
    let answer = server.ask(|client| async move { client.list_aliases().await }).await?;
    let found = answer.aliases.into_iter().find(|entry| entry.alias_name == alias);
    Ok(found.map(|entry| entry.collection_name))
}

/// The names of all collections on the server.
pub(super) async fn all(server: &Server) -> Result<Vec<String>, IndexError> {
    let answer = server.ask(|client| async move { client.list_collections().await }).await?;
    Ok(answer.collections.into_iter().map(|collection| collection.name).collect())
}

/// Makes a collection for vectors of so many numbers, with all that a search needs, and its manifest. What of it is there
/// already stays.
pub(super) async fn make(
    server: &Server,
    name: &str,
    dimensions: usize,
    manifest: &Manifest,
) -> Result<(), IndexError> {
    create(server, name, dimensions).await?;
    furnish(server, name, manifest).await
}

/// The same under the first name of `names` that no collection has yet; gives that name.
///
/// One that is there was made since the names were thought of, by another process that fills it now.
pub(super) async fn make_first_free(
    server: &Server,
    names: impl Iterator<Item = String>,
    dimensions: usize,
    manifest: &Manifest,
) -> Result<String, IndexError> {
    for name in names {
        if create(server, &name, dimensions).await? {
            furnish(server, &name, manifest).await?;
            return Ok(name);
        }
    }
    Err(IndexError::Server {
        url: server.options.url.clone(),
        what:
            "other processes are making this index anew; wait until they are done and start again"
                .into(),
    })
}

/// Whether the collection was made, and not there already.
async fn create(server: &Server, name: &str, dimensions: usize) -> Result<bool, IndexError> {
    let request = creation(server, name, dimensions);
    let made = server.ask(|client| {
        let request = request.clone();
        async move { client.create_collection(request).await }
    });
    match made.await {
        Ok(_) => Ok(true),
        Err(failure) if failure.is_presence() => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}

/// Gives the collection what it lacks of indexes and manifest.
async fn furnish(server: &Server, name: &str, manifest: &Manifest) -> Result<(), IndexError> {
    for request in payload_indexes(name) {
        let made = server.write(|client| {
            let request = request.clone();
            async move { client.create_field_index(request).await }
        });
        made.await?;
    }
    match manifest_of(server, name).await? {
        Some(_) => Ok(()),
        None => note(server, name, manifest).await,
    }
}

/// Writes the manifest, over the one that was there.
pub(super) async fn note(
    server: &Server,
    name: &str,
    manifest: &Manifest,
) -> Result<(), IndexError> {
    let written = server.write(|client| {
        let request = UpsertPointsBuilder::new(name, vec![manifest.to_point()]).wait(true);
        async move { client.upsert_points(request).await }
    });
    Ok(written.await?)
}

/// The manifest that lies in the collection.
pub(super) async fn manifest_of(
    server: &Server,
    name: &str,
) -> Result<Option<Manifest>, IndexError> {
    let answer = server.ask(|client| {
        let request = GetPointsBuilder::new(name, vec![Manifest::place()]).with_payload(true);
        async move { client.get_points(request).await }
    });
    let points = answer.await?.result;
    Ok(points.first().map(|point| Manifest::from_payload(&point.payload)))
}

/// What the server says of the collection.
pub(super) async fn info(server: &Server, name: &str) -> Result<CollectionInfo, IndexError> {
    let answer = server.ask(|client| {
        let name = name.to_owned();
        async move { client.collection_info(name).await }
    });
    let missing = || IndexError::Server {
        url: server.options.url.clone(),
        what: format!("the Qdrant server says nothing of the collection {name}"),
    };
    answer.await?.result.ok_or_else(missing)
}

/// What the collection says of itself; refused where it is not ours or was made by something else. `None` for one that says
/// nothing.
pub(super) async fn fitting(
    server: &Server,
    name: &str,
    dimensions: usize,
    own: &Manifest,
) -> Result<Option<Manifest>, IndexError> {
    let refuse = |what| {
        let place = format!("{}, collection {name}", server.options.url);
        Err(IndexError::Other { place, what })
    };
    if let Some(misfit) = vectors_misfit(&info(server, name).await?, dimensions) {
        return refuse(misfit);
    }
    let manifest = manifest_of(server, name).await?;
    match manifest.as_ref().and_then(|manifest| manifest.misfit(own)) {
        Some(misfit) => refuse(misfit),
        None => Ok(manifest),
    }
}

/// How far in the store the collection reaches; refused where it does not [fit](fitting).
///
/// One without a manifest was interrupted while it was made, or lost it: whatever is in it is not known to be in the store.
/// It is emptied.
pub(super) async fn check(
    server: &Server,
    name: &str,
    dimensions: usize,
    own: &Manifest,
) -> Result<Option<u64>, IndexError> {
    if let Some(manifest) = fitting(server, name, dimensions, own).await? {
        return Ok(manifest.marker);
    }
    let emptied = server.write(|client| {
        let request = DeletePointsBuilder::new(name).points(filter::passages()).wait(true);
        async move { client.delete_points(request).await }
    });
    emptied.await?;
    note(server, name, own).await?;
    Ok(None)
}

/// Lets `alias` stand for the collection from now on, in one step: whoever asks by it is answered by the one or the other.
pub(super) async fn switch(server: &Server, alias: &str, name: &str) -> Result<(), IndexError> {
    let switched = server.ask(|client| {
        let request = CreateAliasBuilder::new(name, alias);
        async move { client.create_alias(request).await }
    });
    switched.await?;
    Ok(())
}

/// Drops the collection with all that is in it; nothing happens where there is none.
pub(super) async fn remove(server: &Server, name: &str) -> Result<(), IndexError> {
    let removed = server.ask(|client| {
        let name = name.to_owned();
        async move { client.delete_collection(name).await }
    });
    match removed.await {
        Err(failure) if !failure.is_absence() => Err(failure.into()),
        _ => Ok(()),
    }
}

/// What keeps vectors of so many numbers from being held against those of the collection.
pub(super) fn vectors_misfit(info: &CollectionInfo, dimensions: usize) -> Option<String> {
    let meaning = meaning(info);
    let (Some(meaning), Some(words)) = (meaning, words_modifier(info)) else {
        return Some(
            "it was not made by sufficit: it lacks its vectors of meaning or words".into(),
        );
    };
    if meaning.size != dimensions as u64 {
        return Some(format!(
            "its vectors have {} numbers, and the model of the settings gives {dimensions}",
            meaning.size
        ));
    }
    let fits = meaning.distance() == Distance::Cosine && words == Modifier::Idf as i32;
    (!fits).then(|| "its vectors are compared otherwise than sufficit compares them".into())
}

/// The payload indexes that the collection should have and has not.
pub(super) fn missing_indexes(info: &CollectionInfo) -> Vec<&'static str> {
    let wanted = KEYWORDS.into_iter().chain(NUMBERS);
    wanted.filter(|name| !info.payload_schema.contains_key(*name)).collect()
}

fn meaning(info: &CollectionInfo) -> Option<&VectorParams> {
    let params = info.config.as_ref()?.params.as_ref()?;
    match params.vectors_config.as_ref()?.config.as_ref()? {
        Config::ParamsMap(map) => map.map.get(MEANING),
        Config::Params(_) => None,
    }
}

fn words_modifier(info: &CollectionInfo) -> Option<i32> {
    let params = info.config.as_ref()?.params.as_ref()?;
    params.sparse_vectors_config.as_ref()?.map.get(WORDS)?.modifier
}

fn creation(server: &Server, name: &str, dimensions: usize) -> CreateCollection {
    // Whole numbers of one byte are kept in memory to search by, and the originals on disk to order by what was found.
    let coarse =
        ScalarQuantizationBuilder::default().r#type(QuantizationType::Int8.into()).always_ram(true);
    let meaning = VectorParamsBuilder::new(dimensions as u64, Distance::Cosine)
        .on_disk(true)
        .quantization_config(coarse)
        .build();
    let words = SparseVectorParamsBuilder::default().modifier(Modifier::Idf).build();
    let options = &server.options;
    CreateCollectionBuilder::new(name)
        .vectors_config(Config::ParamsMap(VectorParamsMap {
            map: HashMap::from([(MEANING.to_owned(), meaning)]),
        }))
        .sparse_vectors_config(SparseVectorConfig {
            map: HashMap::from([(WORDS.to_owned(), words)]),
        })
        .shard_number(options.shards)
        .replication_factor(options.replicas)
        .write_consistency_factor(options.write_consistency)
        .build()
}

fn payload_indexes(name: &str) -> Vec<CreateFieldIndexCollection> {
    let keywords = KEYWORDS.map(|field| {
        let tenant = KeywordIndexParamsBuilder::default().is_tenant(field == "organisation");
        CreateFieldIndexCollectionBuilder::new(name, field, FieldType::Keyword)
            .field_index_params(tenant.build())
            .wait(true)
            .build()
    });
    let numbers = NUMBERS.map(|field| {
        CreateFieldIndexCollectionBuilder::new(name, field, FieldType::Integer)
            .field_index_params(IntegerIndexParamsBuilder::new(false, true).build())
            .wait(true)
            .build()
    });
    keywords.into_iter().chain(numbers).collect()
}
