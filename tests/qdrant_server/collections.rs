//! The service that is asked for collections and aliases.

use super::calls::Call;
use super::collection::Collection;
use super::refusal::{self, refuse_all};
use super::shared::Shared;
use ::qdrant_client::qdrant::collections_server::Collections;
use ::qdrant_client::qdrant::vectors_config::Config;
use ::qdrant_client::qdrant::*;
use tonic::{Request, Response, Status};

#[tonic::async_trait]
impl Collections for Shared {
    async fn get(
        &self,
        request: Request<GetCollectionInfoRequest>,
    ) -> Result<Response<GetCollectionInfoResponse>, Status> {
        let _entered = self.enter(Call::Collection, 0, &request).await?;
        let engine = self.engine();
        let result = Some(info(engine.open(&request.get_ref().collection_name)?));
        Ok(Response::new(GetCollectionInfoResponse { result, time: 0.0 }))
    }

    async fn list(
        &self,
        request: Request<ListCollectionsRequest>,
    ) -> Result<Response<ListCollectionsResponse>, Status> {
        let _entered = self.enter(Call::Collection, 0, &request).await?;
        let engine = self.engine();
        let names = engine.collections().keys().cloned();
        let collections = names.map(|name| CollectionDescription { name }).collect();
        Ok(Response::new(ListCollectionsResponse { collections, time: 0.0 }))
    }

    async fn create(
        &self,
        request: Request<CreateCollection>,
    ) -> Result<Response<CollectionOperationResponse>, Status> {
        let _entered = self.enter(Call::Create, 0, &request).await?;
        self.engine().create(request.into_inner())?;
        Ok(done(true))
    }

    async fn delete(
        &self,
        request: Request<DeleteCollection>,
    ) -> Result<Response<CollectionOperationResponse>, Status> {
        let _entered = self.enter(Call::Collection, 0, &request).await?;
        Ok(done(self.engine().delete(&request.get_ref().collection_name)))
    }

    async fn update_aliases(
        &self,
        request: Request<ChangeAliases>,
    ) -> Result<Response<CollectionOperationResponse>, Status> {
        let _entered = self.enter(Call::Collection, 0, &request).await?;
        let actions: Result<Vec<_>, Status> = request
            .into_inner()
            .actions
            .into_iter()
            .map(|one| one.action.ok_or_else(|| refusal::wrong("Malformed AliasOperation type")))
            .collect();
        self.engine().change_aliases(actions?)?;
        Ok(done(true))
    }

    async fn list_aliases(
        &self,
        request: Request<ListAliasesRequest>,
    ) -> Result<Response<ListAliasesResponse>, Status> {
        let _entered = self.enter(Call::Collection, 0, &request).await?;
        Ok(self.aliases(|_| true))
    }

    async fn list_collection_aliases(
        &self,
        request: Request<ListCollectionAliasesRequest>,
    ) -> Result<Response<ListAliasesResponse>, Status> {
        let _entered = self.enter(Call::Collection, 0, &request).await?;
        let name = &request.get_ref().collection_name;
        Ok(self.aliases(|collection| collection == name))
    }

    async fn collection_exists(
        &self,
        request: Request<CollectionExistsRequest>,
    ) -> Result<Response<CollectionExistsResponse>, Status> {
        let _entered = self.enter(Call::Collection, 0, &request).await?;
        let exists = self.engine().collection(&request.get_ref().collection_name).is_some();
        let result = Some(CollectionExists { exists });
        Ok(Response::new(CollectionExistsResponse { result, time: 0.0 }))
    }

    refuse_all! {
        update: UpdateCollection => CollectionOperationResponse;
        collection_cluster_info: CollectionClusterInfoRequest => CollectionClusterInfoResponse;
        update_collection_cluster_setup:
            UpdateCollectionClusterSetupRequest => UpdateCollectionClusterSetupResponse;
        create_shard_key: CreateShardKeyRequest => CreateShardKeyResponse;
        delete_shard_key: DeleteShardKeyRequest => DeleteShardKeyResponse;
        list_shard_keys: ListShardKeysRequest => ListShardKeysResponse;
    }
}

impl Shared {
    fn aliases(&self, of: impl Fn(&str) -> bool) -> Response<ListAliasesResponse> {
        let engine = self.engine();
        let aliases = engine.aliases().iter().filter(|(_, collection)| of(collection));
        let aliases = aliases
            .map(|(alias, collection)| AliasDescription {
                alias_name: alias.clone(),
                collection_name: collection.clone(),
            })
            .collect();
        Response::new(ListAliasesResponse { aliases, time: 0.0 })
    }
}

fn done(result: bool) -> Response<CollectionOperationResponse> {
    Response::new(CollectionOperationResponse { result, time: 0.0 })
}

fn info(collection: &Collection) -> CollectionInfo {
    let schema = collection.indexes.iter().map(|(field, schema)| {
        let points = Some(collection.with_field(field));
        (field.clone(), PayloadSchemaInfo { points, ..schema.clone() })
    });
    CollectionInfo {
        status: CollectionStatus::Green.into(),
        optimizer_status: Some(OptimizerStatus { ok: true, error: String::new() }),
        segments_count: 1,
        config: Some(config(collection)),
        payload_schema: schema.collect(),
        points_count: Some(collection.points().len() as u64),
        indexed_vectors_count: Some(0),
        ..CollectionInfo::default()
    }
}

/// What the collection was made with, and Qdrant's own values where nothing was said.
#[allow(deprecated, reason = "clients of this version still set it")]
fn config(collection: &Collection) -> CollectionConfig {
    let made = &collection.made;
    let one = || Some(1);
    let hnsw = made.hnsw_config.unwrap_or_default();
    CollectionConfig {
        params: Some(CollectionParams {
            shard_number: made.shard_number.unwrap_or(1),
            on_disk_payload: made.on_disk_payload.unwrap_or(true),
            vectors_config: vectors(collection),
            replication_factor: made.replication_factor.or_else(one),
            write_consistency_factor: made.write_consistency_factor.or_else(one),
            sharding_method: made.sharding_method,
            sparse_vectors_config: made.sparse_vectors_config.clone(),
            payload: made.payload,
            id_tracker: made.id_tracker,
            ..CollectionParams::default()
        }),
        hnsw_config: Some(HnswConfigDiff {
            m: hnsw.m.or(Some(16)),
            ef_construct: hnsw.ef_construct.or(Some(100)),
            full_scan_threshold: hnsw.full_scan_threshold.or(Some(10_000)),
            ..hnsw
        }),
        optimizer_config: Some(made.optimizers_config.unwrap_or_default()),
        wal_config: Some(made.wal_config.unwrap_or_default()),
        quantization_config: made.quantization_config,
        strict_mode_config: made.strict_mode_config.clone(),
        metadata: made.metadata.clone(),
    }
}

/// The dense vectors, whose size a test may have changed since.
fn vectors(collection: &Collection) -> Option<VectorsConfig> {
    let config = match collection.made.vectors_config.as_ref()?.config.as_ref()? {
        Config::Params(_) => Config::Params(*collection.dense.get("")?),
        Config::ParamsMap(_) => Config::ParamsMap(VectorParamsMap {
            map: collection.dense.clone().into_iter().collect(),
        }),
    };
    Some(VectorsConfig { config: Some(config) })
}
