//! Collections and aliases.

use super::{client, code, dense, passages, point, refused, store, with};
use crate::qdrant_server::Server;
use qdrant_client::Qdrant;
use qdrant_client::qdrant::alias_operations::Action;
use qdrant_client::qdrant::collections_client::CollectionsClient;
use qdrant_client::qdrant::{
    AliasOperations, ChangeAliases, CollectionInfo, CountPointsBuilder, CreateAlias,
    CreateAliasBuilder, CreateCollectionBuilder, CreateFieldIndexCollectionBuilder, DeleteAlias,
    Distance, FieldType, GetPointsBuilder, KeywordIndexParamsBuilder, PayloadSchemaType,
    RenameAlias, ScalarQuantizationBuilder, Value, VectorParamsBuilder, vectors_config::Config,
};
use std::collections::HashMap;
use tonic::Code;

async fn info(client: &Qdrant, name: &str) -> CollectionInfo {
    client.collection_info(name).await.expect("is answered").result.expect("comes with it")
}

#[tokio::test]
async fn a_collection_is_what_it_was_made_as() {
    let server = Server::start();
    let client = client(&server);
    let quantised = ScalarQuantizationBuilder::default().quantile(0.99).always_ram(true);
    let mut made = passages("passages")
        .shard_number(3)
        .replication_factor(2)
        .write_consistency_factor(2)
        .quantization_config(quantised)
        .on_disk_payload(false)
        .build();
    made.metadata = HashMap::from([("schema".to_owned(), Value::from(3))]);
    client.create_collection(made.clone()).await.expect("is made");
    let config = info(&client, "passages").await.config.expect("comes with it");
    let params = config.params.expect("come with it");
    assert_eq!(params.shard_number, 3);
    assert_eq!(params.replication_factor, Some(2));
    assert_eq!(params.write_consistency_factor, Some(2));
    assert_eq!(params.vectors_config, made.vectors_config);
    assert_eq!(params.sparse_vectors_config, made.sparse_vectors_config);
    assert_eq!(config.quantization_config, made.quantization_config);
    assert_eq!(config.metadata, made.metadata);
    let again = refused(client.create_collection(made).await);
    assert_eq!(again.code(), Code::AlreadyExists);
    assert_eq!(again.message(), "Wrong input: Collection `passages` already exists!");
    let euclid = VectorParamsBuilder::new(2, Distance::Euclid);
    let other = CreateCollectionBuilder::new("other").vectors_config(euclid);
    assert_eq!(code(client.create_collection(other).await), Code::Unimplemented);
    let empty = VectorParamsBuilder::new(0, Distance::Dot);
    let other = CreateCollectionBuilder::new("other").vectors_config(empty);
    assert_eq!(code(client.create_collection(other).await), Code::InvalidArgument);
}

#[tokio::test]
async fn collections_come_and_go() {
    let (_server, client) = with(Vec::new()).await;
    client.create_collection(passages("another")).await.expect("is made");
    let list = client.list_collections().await.expect("is answered").collections;
    assert_eq!(
        list.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["another", "passages"]
    );
    client.create_alias(CreateAliasBuilder::new("another", "current")).await.expect("is made");
    assert!(client.collection_exists("another").await.expect("is answered"));
    assert!(client.delete_collection("another").await.expect("is answered").result);
    assert!(!client.delete_collection("another").await.expect("is answered").result);
    assert!(!client.collection_exists("another").await.expect("is answered"));
    assert!(!client.collection_exists("current").await.expect("is answered"));
    assert_eq!(client.list_aliases().await.expect("is answered").aliases, []);
    assert_eq!(code(client.collection_info("another").await), Code::NotFound);
}

#[tokio::test]
async fn payload_indexes_are_told() {
    let one = point(1, dense([1.0, 0.0]), [("document", "a".into())]);
    let (_server, client) = with(vec![one, point(2, dense([1.0, 0.0]), [])]).await;
    let by_type = CreateFieldIndexCollectionBuilder::new("passages", "page", FieldType::Integer);
    client.create_field_index(by_type).await.expect("is made");
    let tenant = KeywordIndexParamsBuilder::default().is_tenant(true);
    let by_params =
        CreateFieldIndexCollectionBuilder::new("passages", "document", FieldType::Keyword)
            .field_index_params(tenant);
    client.create_field_index(by_params).await.expect("is made");
    let info = info(&client, "passages").await;
    assert_eq!(info.points_count, Some(2));
    let schema = info.payload_schema;
    assert_eq!(schema["page"].data_type(), PayloadSchemaType::Integer);
    assert_eq!(schema["page"].points, Some(0));
    assert_eq!(schema["document"].data_type(), PayloadSchemaType::Keyword);
    assert_eq!(schema["document"].points, Some(1));
    assert!(schema["document"].params.is_some());
}

#[tokio::test]
async fn an_alias_stands_for_its_collection() {
    let (_server, client) = with(vec![point(1, dense([1.0, 0.0]), [])]).await;
    client.create_collection(passages("next")).await.expect("is made");
    let count = async || {
        let count = client.count(CountPointsBuilder::new("current")).await;
        count.expect("is answered").result.expect("a count").count
    };
    client.create_alias(CreateAliasBuilder::new("passages", "current")).await.expect("is made");
    assert_eq!(count().await, 1);
    assert_eq!(info(&client, "current").await.points_count, Some(1));
    assert!(client.collection_exists("current").await.expect("is answered"));
    // Made again, it stands for the other one.
    client.create_alias(CreateAliasBuilder::new("next", "current")).await.expect("is made");
    assert_eq!(count().await, 0);
    let of_next = client.list_collection_aliases("next").await.expect("is answered").aliases;
    assert_eq!(of_next[0].alias_name, "current");
    assert_eq!(client.list_collection_aliases("passages").await.expect("is answered").aliases, []);
    store(&client, vec![point(2, dense([1.0, 0.0]), [])]).await.expect("is stored");
    assert_eq!(count().await, 0);
    let taken = code(client.create_collection(passages("current")).await);
    assert_eq!(taken, Code::InvalidArgument);
    let taken = code(client.create_alias(CreateAliasBuilder::new("next", "passages")).await);
    assert_eq!(taken, Code::AlreadyExists);
    let missing = code(client.create_alias(CreateAliasBuilder::new("nowhere", "other")).await);
    assert_eq!(missing, Code::NotFound);
}

#[tokio::test]
async fn aliases_change_together_or_not_at_all() {
    let (server, client) = with(Vec::new()).await;
    client.create_collection(passages("next")).await.expect("is made");
    client.create_alias(CreateAliasBuilder::new("passages", "current")).await.expect("is made");
    let mut raw = CollectionsClient::connect(server.url()).await.expect("connects");
    let mut change = async |actions: Vec<Action>| {
        let actions = actions.into_iter().map(|one| AliasOperations { action: Some(one) });
        raw.update_aliases(ChangeAliases { actions: actions.collect(), timeout: None }).await
    };
    let delete = || Action::DeleteAlias(DeleteAlias { alias_name: "current".to_owned() });
    let create = |collection: &str| {
        Action::CreateAlias(CreateAlias {
            collection_name: collection.to_owned(),
            alias_name: "current".to_owned(),
        })
    };
    let rename = |old: &str| {
        Action::RenameAlias(RenameAlias {
            old_alias_name: old.to_owned(),
            new_alias_name: "former".to_owned(),
        })
    };
    let current = || server.engine().aliases().get("current").cloned();
    assert!(change(vec![delete(), create("nowhere")]).await.is_err());
    assert!(change(vec![delete(), rename("nowhere")]).await.is_err());
    assert_eq!(current().as_deref(), Some("passages"));
    change(vec![delete(), create("next")]).await.expect("is changed");
    assert_eq!(current().as_deref(), Some("next"));
    change(vec![rename("current")]).await.expect("is changed");
    assert_eq!(server.engine().aliases().get("former").map(String::as_str), Some("next"));
}

#[tokio::test]
async fn what_is_stored_may_change_behind_the_back_of_clients() {
    let (server, client) = with(Vec::new()).await;
    server.alter(|engine| {
        engine.collection_mut("passages").expect("is there").resize(3);
    });
    let config = info(&client, "passages").await.config.expect("comes with it");
    let vectors = config.params.and_then(|params| params.vectors_config?.config);
    match vectors {
        Some(Config::ParamsMap(named)) => assert_eq!(named.map["dense"].size, 3),
        other => panic!("{other:?} has no names"),
    }
    let status = refused(store(&client, vec![point(1, dense([1.0, 0.0]), [])]).await);
    assert_eq!(status.message(), "Wrong input: Vector dimension error: expected dim: 3, got 2");
    server.alter(|engine| engine.collections_mut().values_mut().for_each(|one| one.resize(2)));
    store(&client, vec![point(1, dense([1.0, 0.0]), [])]).await.expect("is stored");
    server.alter(|engine| {
        let points =
            engine.collections_mut().values_mut().flat_map(|one| one.points_mut().values_mut());
        points.for_each(|point| point.payload.extend([("kind".to_owned(), "forged".into())]));
    });
    let get = GetPointsBuilder::new("passages", vec![1.into()]).with_payload(true);
    let read = client.get_points(get).await.expect("is answered").result;
    assert_eq!(read[0].payload["kind"], "forged".into());
}
