use crate::api::asked::{Asked, Grade, Id, Limit, Named, Sha256, requirement_ref};
use crate::api::cursor::{self, Cursor};
use crate::api::forms;
use crate::api::held::Review;
use crate::api::portion::{Portion, missing, portion_behind};
use crate::view::View;
use crate::web::{Fault, Item, Problem, Shared, Visitor};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use sufficit_evidence::{
    Counterpart, Decision, DocumentKind, Match, MatchStatus, Reason, Sufficiency,
};
use sufficit_review::{MatchFilter, ReviewedMatch, Standing, Store, StoreError};
use utoipa::{IntoParams, ToSchema};

/// A document held against a requirement.
#[derive(Serialize, ToSchema)]
pub(crate) struct MatchBody {
    /// Its key in the queue and in decisions.
    item: String,
    /// The first of the document's paths.
    document: String,
    paths: Vec<String>,
    #[schema(pattern = "^[0-9a-f]{64}$")]
    sha256: String,
    #[schema(value_type = forms::DocumentKindName)]
    kind: DocumentKind,
    framework: String,
    requirement: String,
    #[schema(minimum = 0, maximum = 1)]
    relevance: f32,
    /// The sufficiency that is proposed.
    #[schema(minimum = 0, maximum = 5)]
    sufficiency: u8,
    /// Probability that an auditor would give it 2 or more.
    #[schema(minimum = 0, maximum = 1)]
    confidence: f32,
    #[schema(value_type = forms::ReviewStatus)]
    status: MatchStatus,
    #[schema(value_type = Vec<forms::Reason>)]
    strengths: Vec<Reason>,
    #[schema(value_type = Vec<forms::Reason>)]
    concerns: Vec<Reason>,
    /// What to add to reach the next grade.
    ask: String,
    #[schema(value_type = Vec<forms::CounterpartShare>)]
    counterparts: Vec<Counterpart>,
    /// AI systems that it speaks of.
    systems: Vec<String>,
    not_applicable: Option<String>,
    /// The run that proposed it; null where none did.
    run: Option<String>,
    /// SHA-256 of the proposed grade with its rationale: `rationale` of a decision on it.
    rationale: Option<String>,
    review: Review,
}

/// A match with every decision on it.
#[derive(Serialize, ToSchema)]
pub(crate) struct WholeMatch {
    #[serde(flatten)]
    body: MatchBody,
    /// Every decision on it, oldest first.
    #[schema(value_type = Vec<forms::TakenDown>)]
    history: Vec<Decision>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatchesAsked {
    /// Only those of this framework.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9._-]{1,64}$")]
    framework: Option<Id>,
    /// Only those of this requirement.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9._-]{1,64}$")]
    requirement: Option<Id>,
    /// Only those of this document, by its SHA-256.
    #[param(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    document: Option<Sha256>,
    /// Only those of documents of this kind.
    #[param(value_type = Option<forms::DocumentKindName>, inline)]
    kind: Option<DocumentKind>,
    /// Only those of this status.
    #[param(value_type = Option<forms::ReviewStatus>, inline)]
    status: Option<MatchStatus>,
    /// Only those with at least this sufficiency proposed.
    #[param(value_type = Option<u8>, minimum = 0, maximum = 5)]
    min_sufficiency: Option<Grade>,
    /// `next` of the portion before.
    after: Option<String>,
    /// How many.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
}

/// The matches of the latest run and those that people added: by requirement, best first.
///
/// Among them stand those whose proposal is gone while the verdict on it is not: `confirm-again`, without a `rationale`.
#[utoipa::path(get, path = "/matches", tag = "matches", params(MatchesAsked),
    responses((status = 200, body = Portion<MatchBody>)))]
pub(crate) async fn list(
    _: Visitor,
    State(web): State<Shared>,
    Asked(asked): Asked<MatchesAsked>,
) -> Result<Json<Portion<MatchBody>>, Problem> {
    let view = web.view().await?;
    let min = asked.min_sufficiency.map_or(Sufficiency::NONE, |grade| grade.0);
    let passes = |found: &&ReviewedMatch| {
        let (head, name) = (&found.head, &found.head.requirement);
        asked.framework.as_ref().is_none_or(|id| name.framework.as_str() == id.as_str())
            && asked.requirement.as_ref().is_none_or(|id| name.requirement.as_str() == id.as_str())
            && asked.document.as_ref().is_none_or(|id| head.document == *id.document())
            && asked.kind.is_none_or(|kind| head.kind == kind)
            && asked.status.is_none_or(|status| found.review.status == status)
            && head.sufficiency >= min
    };
    let all: Vec<&ReviewedMatch> = view.matches.iter().collect();
    let limit = asked.limit.unwrap_or_default().get();
    let place = match asked.after.as_deref() {
        None => 0,
        Some(after) => {
            let place = Cursor::read(after).and_then(|mut cursor| cursor.matches(&view));
            place.ok_or_else(|| missing(after))?
        }
    };
    let next = |found: &&ReviewedMatch| format!("{}@{}", item(found), cursor::of_match(found));
    let part = portion_behind(all, passes, place, next, limit);
    let mut items = Vec::with_capacity(part.items.len());
    for found in part.items {
        let proposal = proposal(&web.store, found).await?;
        items.push(body(found, &standing(&view, found), proposal));
    }
    Ok(Json(Portion { items, total: part.total, next: part.next }))
}

/// One match.
#[utoipa::path(get, path = "/matches/{sha256}/{framework}/{requirement}", tag = "matches",
    params(
        ("sha256" = String, Path, description = "The document's SHA-256", pattern = "^[0-9a-f]{64}$"),
        ("framework" = String, Path, description = "The framework's id", max_length = 64),
        ("requirement" = String, Path, description = "The requirement's id", max_length = 64),
    ),
    responses((status = 200, body = WholeMatch)))]
pub(crate) async fn one(
    _: Visitor,
    State(web): State<Shared>,
    Named((sha256, framework, requirement)): Named<(String, String, String)>,
) -> Result<Json<WholeMatch>, Problem> {
    let name = requirement_ref(&framework, &requirement);
    let view = web.view().await?;
    let found = view
        .matched(&sha256.as_str().into(), &name)
        .ok_or_else(|| Fault::missing(format!("No match of this document with {name}.")))?;
    let proposal = proposal(&web.store, found).await?;
    let standing = standing(&view, found);
    Ok(Json(WholeMatch { body: body(found, &standing, proposal), history: standing.history }))
}

fn item(found: &ReviewedMatch) -> Item {
    Item::of_match(&found.head.document, &found.head.requirement)
}

fn standing(view: &View, found: &ReviewedMatch) -> Standing {
    view.decided().standing(&found.head.document, &found.head.requirement)
}

/// What was proposed, with its rationale; `None` where a person added the match and no run proposed it.
async fn proposal(store: &Store, found: &ReviewedMatch) -> Result<Option<Match>, StoreError> {
    let filter = MatchFilter {
        framework: Some(found.head.requirement.framework.clone()),
        requirement: Some(found.head.requirement.requirement.clone()),
        document: Some(found.head.document.clone()),
        ..MatchFilter::default()
    };
    Ok(store.matches(&filter).await?.pop().map(|stored| stored.proposal))
}

fn body(found: &ReviewedMatch, standing: &Standing, proposal: Option<Match>) -> MatchBody {
    let head = &found.head;
    let mut paths: Vec<String> = found.sources.iter().map(|source| source.path.clone()).collect();
    paths.dedup();
    let body = MatchBody {
        item: item(found).to_string(),
        document: paths.first().cloned().unwrap_or_default(),
        paths,
        sha256: head.document.to_string(),
        kind: head.kind,
        framework: head.requirement.framework.to_string(),
        requirement: head.requirement.requirement.to_string(),
        relevance: head.relevance,
        sufficiency: head.sufficiency.level(),
        confidence: head.confidence,
        status: found.review.status,
        strengths: Vec::new(),
        concerns: Vec::new(),
        ask: String::new(),
        counterparts: Vec::new(),
        systems: Vec::new(),
        not_applicable: None,
        run: None,
        rationale: head.seen.rationale.clone(),
        review: Review::new(&found.review, standing),
    };
    let Some(proposal) = proposal else { return body };
    MatchBody {
        strengths: proposal.strengths,
        concerns: proposal.concerns,
        ask: proposal.ask,
        counterparts: proposal.counterparts,
        systems: proposal.systems,
        not_applicable: proposal.not_applicable,
        run: Some(proposal.run.to_string()),
        ..body
    }
}
