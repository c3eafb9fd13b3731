use crate::api::asked::{Asked, Limit};
use crate::api::cursor::{self, Cursor};
use crate::api::forms;
use crate::api::held::Review;
use crate::api::portion::{Portion, missing, portion_from};
use crate::view::View;
use crate::web::queue_filter::{About, Entry, QueueFilter, listing};
use crate::web::wish::standing_of;
use crate::web::{Item, Problem, Shared, Visitor};
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
    /// Only those of documents that this person answers for; `nobody` for those that name no owner.
    owner: Option<String>,
    /// Only those that this person is to decide; `nobody` for those that were given to nobody.
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
            ("owner", self.owner),
            ("assigned", self.assigned),
        ];
        let wanted = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        QueueFilter::of(&wanted.collect::<HashMap<String, String>>())
    }
}

/// What needs a person: what a decision is worth most on first. The filters are those of the queue's page.
///
/// `next` holds good while items are decided: the portion after it begins behind where the last item stood, whether or not that
/// is in the list still.
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
    let begin = match after {
        None => 0,
        Some(after) => begin(&view, &rows, &after).ok_or_else(|| missing(&after))?,
    };
    Ok(Json(portion_from(rows, begin, next, limit).map(|row| body(&view, &row))))
}

/// `next` of a portion that ends with the row: what the queue is sorted by.
fn next(row: &Entry<'_>) -> String {
    let (item, worth, last) = (row.item(), row.review().worth, row.review().last);
    match row.about {
        About::Match(found) => format!("{item}@{worth},{last},{}", cursor::of_match(found)),
        About::Requirement(_) => format!("{item}@{worth},{last}"),
    }
}

/// Where the rows go on after a portion whose `next` was `after`: the first that stands later than its last row did then. That
/// one may have been decided since, and left the list or stand elsewhere in it.
fn begin(view: &View, rows: &[Entry<'_>], after: &str) -> Option<usize> {
    let mut cursor = Cursor::read(after)?;
    let (worth, last) = (cursor.number()?, cursor.number()?);
    let places = match &cursor.item {
        Item::Requirement(name) => view.place(name)? + 1,
        _ => view.requirements.len() + cursor.matches(view)?,
    };
    Some(rows.partition_point(|row| row.is_before(worth, last, places)))
}

fn body(view: &View, row: &Entry<'_>) -> QueueItem {
    let name = row.about.name();
    let head = match row.about {
        About::Match(found) => Some(&found.head),
        About::Requirement(_) => None,
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
        confidence: row.about.confidence(),
        review: Review::new(row.review(), &standing_of(view, &item)),
        item: item.to_string(),
    }
}
