//! The health check, by which clients learn the version.

use super::calls::Call;
use super::shared::Shared;
use qdrant_client::qdrant::qdrant_server::Qdrant;
use qdrant_client::qdrant::{HealthCheckReply, HealthCheckRequest};
use tonic::{Request, Response, Status};

#[tonic::async_trait]
impl Qdrant for Shared {
    async fn health_check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckReply>, Status> {
        let _entered = self.enter(Call::Health, 0, &request).await?;
        Ok(Response::new(HealthCheckReply {
            title: "qdrant - vector search engine".to_owned(),
            version: self.version.clone(),
            commit: None,
        }))
    }
}
