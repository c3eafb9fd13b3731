use crate::api::asked::{Asked, Id, Limit, Named, requirement_ref};
use crate::api::forms;
use crate::api::frameworks::RequirementText;
use crate::api::held::Review;
use crate::api::portion::{Portion, portion};
use crate::view::View;
use crate::web::{Fault, Item, Problem, Shared, Visitor};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use sufficit_evidence::{Assessment, Catalogue, Decision, MatchStatus};
use sufficit_review::ReviewedRequirement;
use utoipa::{IntoParams, ToSchema};

/// A requirement held against the whole body of evidence, with what was decided.
#[derive(Serialize, ToSchema)]
pub(crate) struct RequirementBody {
    /// Its key in the queue and in decisions.
    item: String,
    framework: String,
    requirement: String,
    title: String,
    theme: String,
    /// The sufficiency that is proposed.
    #[schema(minimum = 0, maximum = 5)]
    sufficiency: u8,
    #[schema(minimum = 0, maximum = 1)]
    confidence: f32,
    /// The justification, where the settings or a reviewer declare the requirement not applicable.
    not_applicable: Option<String>,
    review: Review,
}

/// All that is known of a requirement.
#[derive(Serialize, ToSchema)]
pub(crate) struct WholeRequirement {
    item: String,
    framework: String,
    text: RequirementText,
    /// What the latest run proposed; null where it did not look at the requirement.
    #[schema(value_type = Option<forms::WholeAssessment>)]
    assessment: Option<Assessment>,
    /// Null where there is no assessment.
    review: Option<Review>,
    /// Every decision on it, oldest first.
    #[schema(value_type = Vec<forms::TakenDown>)]
    history: Vec<Decision>,
    /// Every decision on matches of it whose documents are not in the record now, oldest first.
    #[schema(value_type = Vec<forms::TakenDown>)]
    departed: Vec<Decision>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequirementsAsked {
    /// Only those of this framework.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9._-]{1,64}$")]
    framework: Option<Id>,
    /// Only those of this theme.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9._-]{1,64}$")]
    theme: Option<Id>,
    /// Only those of this status.
    #[param(value_type = Option<forms::ReviewStatus>, inline)]
    status: Option<MatchStatus>,
    /// `next` of the portion before.
    after: Option<String>,
    /// How many.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
}

/// The requirements with what is proposed and decided, in published order.
#[utoipa::path(get, path = "/requirements", tag = "requirements", params(RequirementsAsked),
    responses((status = 200, body = Portion<RequirementBody>)))]
pub(crate) async fn list(
    _: Visitor,
    State(web): State<Shared>,
    Asked(asked): Asked<RequirementsAsked>,
) -> Result<Json<Portion<RequirementBody>>, Problem> {
    let view = web.view().await?;
    let passes = |found: &&ReviewedRequirement| {
        let name = &found.requirement;
        let theme = |theme: &Id| {
            web.catalogue.requirement(name).is_some_and(|text| text.theme == theme.as_str())
        };
        asked.framework.as_ref().is_none_or(|id| name.framework.as_str() == id.as_str())
            && asked.theme.as_ref().is_none_or(theme)
            && asked.status.is_none_or(|status| found.review.status == status)
    };
    let all: Vec<&ReviewedRequirement> = view.requirements.iter().collect();
    let key = |found: &&ReviewedRequirement| found.requirement.to_string();
    let limit = asked.limit.unwrap_or_default().get();
    let part = portion(all, passes, key, asked.after.as_deref(), limit)?;
    Ok(Json(part.map(|found| body(&view, &web.catalogue, found))))
}

fn body(view: &View, catalogue: &Catalogue, found: &ReviewedRequirement) -> RequirementBody {
    let name = &found.requirement;
    let text = catalogue.requirement(name);
    RequirementBody {
        item: Item::Requirement(name.clone()).to_string(),
        framework: name.framework.to_string(),
        requirement: name.requirement.to_string(),
        title: text.map(|text| text.title.clone()).unwrap_or_default(),
        theme: text.map(|text| text.theme.clone()).unwrap_or_default(),
        sufficiency: found.proposed.level(),
        confidence: found.confidence,
        not_applicable: found.declared.clone(),
        review: Review::new(&found.review, &view.ledger.of_requirement(name)),
    }
}

/// One requirement: what it asks for, how far the evidence suffices, what was decided.
#[utoipa::path(get, path = "/requirements/{framework}/{requirement}", tag = "requirements",
    params(
        ("framework" = String, Path, description = "The framework's id", max_length = 64),
        ("requirement" = String, Path, description = "The requirement's id", max_length = 64),
    ),
    responses((status = 200, body = WholeRequirement)))]
pub(crate) async fn one(
    _: Visitor,
    State(web): State<Shared>,
    Named((framework, requirement)): Named<(String, String)>,
) -> Result<Json<WholeRequirement>, Problem> {
    let name = requirement_ref(&framework, &requirement);
    let text = web
        .catalogue
        .requirement(&name)
        .ok_or_else(|| Fault::missing(format!("There is no requirement {name}.")))?;
    let view = web.view().await?;
    let standing = view.ledger.of_requirement(&name);
    Ok(Json(WholeRequirement {
        item: Item::Requirement(name.clone()).to_string(),
        framework,
        text: RequirementText::from(text),
        assessment: view.assessment(&name).cloned(),
        review: view.requirement(&name).map(|found| Review::new(&found.review, &standing)),
        history: standing.history,
        departed: view.departed(&name),
    }))
}
