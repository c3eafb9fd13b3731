//! The service that is asked for points.

use super::answer::{Wanted, retrieved};
use super::calls::Call;
use super::collection::Collection;
use super::fields::Payload;
use super::id::Id;
use super::query::query;
use super::refusal::{self, refuse_all};
use super::shared::{Entered, Shared};
use ::qdrant_client::qdrant::points_server::Points;
use ::qdrant_client::qdrant::*;
use tonic::{Request, Response, Status};

/// How many points a scroll gives where it does not say it.
const PAGE: u32 = 10;

#[tonic::async_trait]
impl Points for Shared {
    async fn upsert(
        &self,
        request: Request<UpsertPoints>,
    ) -> Result<Response<PointsOperationResponse>, Status> {
        let entered = self.enter(Call::Upsert, request.get_ref().points.len(), &request).await?;
        let asked = request.into_inner();
        refusal::unless_set(asked.update_filter.as_ref(), "filters of updates")?;
        refusal::unless_set(asked.shard_key_selector.as_ref(), "shard keys")?;
        refusal::unless_set(asked.update_mode.filter(|mode| *mode != 0), "modes of updates")?;
        if asked.points.is_empty() {
            return Err(refusal::wrong("Empty update request"));
        }
        let first = entered.cut.map(|cut| cut.after);
        let number = {
            let mut engine = self.engine();
            let collection = engine.open_mut(&asked.collection_name)?;
            collection.upsert(asked.points, first)?;
            collection.next_write()
        };
        match entered.cut {
            None => Ok(written(number, asked.wait, &entered)),
            Some(cut) => {
                if cut.stops {
                    self.stop();
                }
                Err(Status::unavailable("the connection was cut"))
            }
        }
    }

    async fn delete(
        &self,
        request: Request<DeletePoints>,
    ) -> Result<Response<PointsOperationResponse>, Status> {
        let entered = self.enter(Call::Delete, 0, &request).await?;
        let asked = request.into_inner();
        refusal::unless_set(asked.shard_key_selector.as_ref(), "shard keys")?;
        let mut engine = self.engine();
        let collection = engine.open_mut(&asked.collection_name)?;
        let ids = collection.select(asked.points.as_ref())?;
        collection.delete(&ids);
        Ok(written(collection.next_write(), asked.wait, &entered))
    }

    async fn get(&self, request: Request<GetPoints>) -> Result<Response<GetResponse>, Status> {
        let _entered = self.enter(Call::Read, 0, &request).await?;
        let asked = request.into_inner();
        refusal::unless_set(asked.shard_key_selector.as_ref(), "shard keys")?;
        let wanted = Wanted::read(asked.with_payload.as_ref(), asked.with_vectors.as_ref(), false)?;
        let ids = Id::read_all(&asked.ids)?;
        let engine = self.engine();
        let points = engine.open(&asked.collection_name)?.points();
        let found = ids.into_iter().filter_map(|id| Some((id, points.get(&id)?)));
        let result = found.map(|(id, point)| retrieved(id, point, &wanted)).collect();
        Ok(Response::new(GetResponse { result, ..GetResponse::default() }))
    }

    async fn scroll(
        &self,
        request: Request<ScrollPoints>,
    ) -> Result<Response<ScrollResponse>, Status> {
        let _entered = self.enter(Call::Read, 0, &request).await?;
        let asked = request.into_inner();
        refusal::unless_set(asked.shard_key_selector.as_ref(), "shard keys")?;
        refusal::unless_set(asked.order_by.as_ref(), "an order other than that of ids")?;
        let wanted = Wanted::read(asked.with_payload.as_ref(), asked.with_vectors.as_ref(), true)?;
        let limit = match asked.limit.unwrap_or(PAGE) {
            0 => return Err(refusal::wrong("Limit cannot be 0")),
            limit => limit as usize,
        };
        let from = asked.offset.as_ref().map(|offset| Id::read(Some(offset))).transpose()?;
        let engine = self.engine();
        let collection = engine.open(&asked.collection_name)?;
        let mut points = collection
            .filtered(asked.filter.as_ref())?
            .skip_while(|(id, _)| from.is_some_and(|from| *id < from));
        let page = points.by_ref().take(limit);
        let result = page.map(|(id, point)| retrieved(id, point, &wanted)).collect();
        let next_page_offset = points.next().map(|(id, _)| id.write());
        Ok(Response::new(ScrollResponse { next_page_offset, result, ..ScrollResponse::default() }))
    }

    async fn count(
        &self,
        request: Request<CountPoints>,
    ) -> Result<Response<CountResponse>, Status> {
        let _entered = self.enter(Call::Read, 0, &request).await?;
        let asked = request.into_inner();
        refusal::unless_set(asked.shard_key_selector.as_ref(), "shard keys")?;
        let engine = self.engine();
        let collection = engine.open(&asked.collection_name)?;
        let count = collection.filtered(asked.filter.as_ref())?.count() as u64;
        let result = Some(CountResult { count });
        Ok(Response::new(CountResponse { result, ..CountResponse::default() }))
    }

    async fn query(
        &self,
        request: Request<QueryPoints>,
    ) -> Result<Response<QueryResponse>, Status> {
        let _entered = self.enter(Call::Query, 0, &request).await?;
        let asked = request.into_inner();
        let engine = self.engine();
        let result = query(engine.open(&asked.collection_name)?, &asked)?;
        Ok(Response::new(QueryResponse { result, ..QueryResponse::default() }))
    }

    async fn query_batch(
        &self,
        request: Request<QueryBatchPoints>,
    ) -> Result<Response<QueryBatchResponse>, Status> {
        let _entered = self.enter(Call::Query, 0, &request).await?;
        let asked = request.into_inner();
        let engine = self.engine();
        let collection = engine.open(&asked.collection_name)?;
        let result: Result<Vec<BatchResult>, Status> = asked
            .query_points
            .iter()
            .map(|one| Ok(BatchResult { result: query(collection, one)? }))
            .collect();
        Ok(Response::new(QueryBatchResponse { result: result?, ..QueryBatchResponse::default() }))
    }

    async fn set_payload(
        &self,
        request: Request<SetPayloadPoints>,
    ) -> Result<Response<PointsOperationResponse>, Status> {
        self.change_payloads(request, |payload, given| payload.extend(given)).await
    }

    async fn overwrite_payload(
        &self,
        request: Request<SetPayloadPoints>,
    ) -> Result<Response<PointsOperationResponse>, Status> {
        self.change_payloads(request, |payload, given| *payload = given).await
    }

    async fn create_field_index(
        &self,
        request: Request<CreateFieldIndexCollection>,
    ) -> Result<Response<PointsOperationResponse>, Status> {
        let entered = self.enter(Call::Payload, 0, &request).await?;
        let asked = request.into_inner();
        let params = asked.field_index_params.as_ref().and_then(|one| one.index_params.as_ref());
        let data_type = asked
            .field_type
            .map(|_| schema_type(asked.field_type()))
            .or_else(|| params.map(type_of))
            .ok_or_else(|| refusal::wrong("field type is missing"))?;
        let mut engine = self.engine();
        let collection = engine.open_mut(&asked.collection_name)?;
        let schema = PayloadSchemaInfo {
            data_type: data_type.into(),
            params: asked.field_index_params,
            points: None,
        };
        collection.indexes.insert(asked.field_name, schema);
        Ok(written(collection.next_write(), asked.wait, &entered))
    }

    refuse_all! {
        update_vectors: UpdatePointVectors => PointsOperationResponse;
        delete_vectors: DeletePointVectors => PointsOperationResponse;
        delete_payload: DeletePayloadPoints => PointsOperationResponse;
        clear_payload: ClearPayloadPoints => PointsOperationResponse;
        delete_field_index: DeleteFieldIndexCollection => PointsOperationResponse;
        create_vector_name: CreateVectorNameRequest => PointsOperationResponse;
        delete_vector_name: DeleteVectorNameRequest => PointsOperationResponse;
        search: SearchPoints => SearchResponse;
        search_batch: SearchBatchPoints => SearchBatchResponse;
        search_groups: SearchPointGroups => SearchGroupsResponse;
        recommend: RecommendPoints => RecommendResponse;
        recommend_batch: RecommendBatchPoints => RecommendBatchResponse;
        recommend_groups: RecommendPointGroups => RecommendGroupsResponse;
        discover: DiscoverPoints => DiscoverResponse;
        discover_batch: DiscoverBatchPoints => DiscoverBatchResponse;
        update_batch: UpdateBatchPoints => UpdateBatchResponse;
        query_groups: QueryPointGroups => QueryGroupsResponse;
        facet: FacetCounts => FacetResponse;
        search_matrix_pairs: SearchMatrixPoints => SearchMatrixPairsResponse;
        search_matrix_offsets: SearchMatrixPoints => SearchMatrixOffsetsResponse;
    }
}

impl Shared {
    async fn change_payloads(
        &self,
        request: Request<SetPayloadPoints>,
        change: impl Fn(&mut Payload, Payload) + Send,
    ) -> Result<Response<PointsOperationResponse>, Status> {
        let entered = self.enter(Call::Payload, 0, &request).await?;
        let asked = request.into_inner();
        refusal::unless_set(asked.key.as_ref(), "parts of payloads by path")?;
        refusal::unless_set(asked.shard_key_selector.as_ref(), "shard keys")?;
        let mut engine = self.engine();
        let collection = engine.open_mut(&asked.collection_name)?;
        let ids = all_there(collection, asked.points_selector.as_ref())?;
        collection.change(&ids, |payload| change(payload, asked.payload.clone()));
        Ok(written(collection.next_write(), asked.wait, &entered))
    }
}

/// The points that are selected, each of which must be there.
fn all_there(
    collection: &Collection,
    selector: Option<&PointsSelector>,
) -> Result<Vec<Id>, Status> {
    use points_selector::PointsSelectorOneOf::Points;
    if let Some(Points(list)) = selector.and_then(|one| one.points_selector_one_of.as_ref()) {
        let ids = Id::read_all(&list.ids)?;
        if let Some(lost) = ids.iter().find(|id| !collection.points().contains_key(id)) {
            let lost = match lost {
                Id::Number(number) => number.to_string(),
                Id::Uuid(uuid) => format!("{uuid:032x}"),
            };
            return Err(Status::not_found(format!("Not found: No point with id {lost} found")));
        }
    }
    collection.select(selector)
}

fn written(
    number: u64,
    wait: Option<bool>,
    entered: &Entered<'_>,
) -> Response<PointsOperationResponse> {
    let status = match wait {
        Some(true) if entered.unfinished => UpdateStatus::WaitTimeout,
        Some(true) => UpdateStatus::Completed,
        _ => UpdateStatus::Acknowledged,
    };
    let result = UpdateResult { operation_id: Some(number), status: status.into() };
    Response::new(PointsOperationResponse {
        result: Some(result),
        ..PointsOperationResponse::default()
    })
}

fn schema_type(field: FieldType) -> PayloadSchemaType {
    match field {
        FieldType::Keyword => PayloadSchemaType::Keyword,
        FieldType::Integer => PayloadSchemaType::Integer,
        FieldType::Float => PayloadSchemaType::Float,
        FieldType::Geo => PayloadSchemaType::Geo,
        FieldType::Text => PayloadSchemaType::Text,
        FieldType::Bool => PayloadSchemaType::Bool,
        FieldType::Datetime => PayloadSchemaType::Datetime,
        FieldType::Uuid => PayloadSchemaType::Uuid,
    }
}

fn type_of(params: &payload_index_params::IndexParams) -> PayloadSchemaType {
    use payload_index_params::IndexParams;
    match params {
        IndexParams::KeywordIndexParams(_) => PayloadSchemaType::Keyword,
        IndexParams::IntegerIndexParams(_) => PayloadSchemaType::Integer,
        IndexParams::FloatIndexParams(_) => PayloadSchemaType::Float,
        IndexParams::GeoIndexParams(_) => PayloadSchemaType::Geo,
        IndexParams::TextIndexParams(_) => PayloadSchemaType::Text,
        IndexParams::BoolIndexParams(_) => PayloadSchemaType::Bool,
        IndexParams::DatetimeIndexParams(_) => PayloadSchemaType::Datetime,
        IndexParams::UuidIndexParams(_) => PayloadSchemaType::Uuid,
    }
}
