use crate::api::asked::{Asked, Limit};
use crate::api::forms;
use crate::api::held::Review;
use crate::api::portion::{Portion, portion};
use crate::view::View;
use crate::web::queue_filter::{About, Entry, QueueFilter, listing};
use crate::web::wish::standing_of;
use crate::web::{Problem, Shared, Visitor};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sufficit_evidence::DocumentKind;
use utoipa::{IntoParams, ToSchema};

/// A match or requirement that a person is asked about.
#[derive(Serialize, ToSchema)]
pub(crate) struct QueueItem {
    /// Its key, as decisions name it.
    item: String,
    framework: String,
    requirement: String,
    title: String,
    /// The document's SHA-256; null for a requirement as a whole.
    sha256: Option<String>,
    /// The document's first path; null for a requirement as a whole.
    document: Option<String>,
    #[schema(value_type = Option<forms::DocumentKindName>)]
    kind: Option<DocumentKind>,
    /// The sufficiency that holds: decided, or proposed while a person is asked.
    #[schema(minimum = 0, maximum = 5)]
    sufficiency: u8,
    #[schema(minimum = 0, maximum = 1)]
    confidence: f32,
    review: Review,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct QueueAsked {
    /// Only those of this framework.
    framework: Option<String>,
    /// Only those of this theme.
    theme: Option<String>,
    /// Only those of this requirement.
    requirement: Option<String>,
    /// Only those of this sufficiency, 0 to 5.
    score: Option<String>,
    /// Only those of this confidence: low, middle or high.
    confidence: Option<String>,
    /// Only those of documents of this kind; `requirement` for requirements as a whole.
    kind: Option<String>,
    /// Only those of this status; `decided` or `all` for more than what is open.
    status: Option<String>,
    /// Only those that a person is asked about for this reason.
    need: Option<String>,
    /// Only those of this document, by its SHA-256.
    document: Option<String>,
    /// Only those that this person is to decide.
    assigned: Option<String>,
    /// `next` of the portion before.
    after: Option<String>,
    /// How many.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
}

impl QueueAsked {
    fn filter(self) -> QueueFilter {
        let named = [
            ("framework", self.framework),
            ("theme", self.theme),
            ("requirement", self.requirement),
            ("score", self.score),
            ("confidence", self.confidence),
            ("kind", self.kind),
            ("status", self.status),
            ("need", self.need),
            ("document", self.document),
            ("assigned", self.assigned),
        ];
        let wanted = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        QueueFilter::of(&wanted.collect::<HashMap<String, String>>())
    }
}

/// What needs a person: what a decision is worth most on first. The filters are those of the queue's page.
#[utoipa::path(get, path = "/queue", tag = "review", params(QueueAsked),
    responses((status = 200, body = Portion<QueueItem>)))]
pub(crate) async fn list(
    _: Visitor,
    State(web): State<Shared>,
    Asked(mut asked): Asked<QueueAsked>,
) -> Result<Json<Portion<QueueItem>>, Problem> {
    let view = web.view().await?;
    let (after, limit) = (asked.after.take(), asked.limit.unwrap_or_default().get());
    let rows = listing(&view, &web.catalogue, &asked.filter()).entries;
    let part = portion(rows, |row| row.item().to_string(), after.as_deref(), limit)?;
    Ok(Json(part.map(|row| body(&view, &row))))
}

fn body(view: &View, row: &Entry<'_>) -> QueueItem {
    let (name, confidence, head) = match row.about {
        About::Match(found) => (&found.head.requirement, found.head.confidence, Some(&found.head)),
        About::Requirement(found) => (&found.requirement, found.confidence, None),
    };
    let item = row.item();
    QueueItem {
        framework: name.framework.to_string(),
        requirement: name.requirement.to_string(),
        title: row.requirement.title.clone(),
        sha256: head.map(|head| head.document.to_string()),
        document: head.and_then(|head| view.path(&head.document)).map(str::to_owned),
        kind: head.map(|head| head.kind),
        sufficiency: row.sufficiency().level(),
        confidence,
        review: Review::new(row.review(), &standing_of(view, &item)),
        item: item.to_string(),
    }
}
