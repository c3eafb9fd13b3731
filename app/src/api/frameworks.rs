use crate::api::asked::Named;
use crate::web::{Fault, Problem, Shared, Visitor};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use sufficit_evidence::{Framework, FrameworkId, Proof, Requirement, RequirementKind};
use utoipa::ToSchema;

/// A published set of requirements.
#[derive(Serialize, ToSchema)]
pub(crate) struct FrameworkBody {
    id: String,
    /// Its published name.
    title: String,
    about: String,
    /// Version of the text that evidence is held against.
    version: String,
    themes: Vec<ThemeBody>,
    /// How many requirements it has.
    requirements: usize,
}

/// A group of requirements.
#[derive(Serialize, ToSchema)]
pub(crate) struct ThemeBody {
    id: String,
    title: String,
}

/// A framework with its requirements.
#[derive(Serialize, ToSchema)]
pub(crate) struct WholeFramework {
    id: String,
    title: String,
    about: String,
    version: String,
    themes: Vec<ThemeBody>,
    /// In published order.
    requirements: Vec<RequirementText>,
}

/// What a requirement asks for, in words of this project.
#[derive(Serialize, ToSchema)]
pub(crate) struct RequirementText {
    id: String,
    title: String,
    /// `clause` or `control`.
    kind: &'static str,
    theme: String,
    summary: String,
    /// Whether each AI system has to show it by itself.
    per_system: bool,
    /// What an assessor verifies.
    checks: Vec<CheckText>,
}

/// One thing that an assessor verifies.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckText {
    id: String,
    text: String,
    /// What meets it: `paper` or only a `record`.
    by: &'static str,
}

/// The frameworks that evidence is held against.
#[utoipa::path(get, path = "/frameworks", tag = "catalogue",
    responses((status = 200, body = Vec<FrameworkBody>)))]
pub(crate) async fn list(_: Visitor, State(web): State<Shared>) -> Json<Vec<FrameworkBody>> {
    let body = |framework: &Framework| FrameworkBody {
        id: framework.id.to_string(),
        title: framework.title.clone(),
        about: framework.about.clone(),
        version: framework.version.clone(),
        themes: themes(framework),
        requirements: framework.requirements.len(),
    };
    Json(web.catalogue.frameworks().iter().map(body).collect())
}

/// One framework, with what each of its requirements asks for.
#[utoipa::path(get, path = "/frameworks/{framework}", tag = "catalogue",
    params(("framework" = String, Path, description = "Its id, as `iso42001`", max_length = 64)),
    responses((status = 200, body = WholeFramework)))]
pub(crate) async fn one(
    _: Visitor,
    State(web): State<Shared>,
    Named(id): Named<String>,
) -> Result<Json<WholeFramework>, Problem> {
    let framework = web
        .catalogue
        .framework(&FrameworkId::new(&id))
        .ok_or_else(|| Fault::missing(format!("There is no framework {id}.")))?;
    Ok(Json(WholeFramework {
        id: framework.id.to_string(),
        title: framework.title.clone(),
        about: framework.about.clone(),
        version: framework.version.clone(),
        themes: themes(framework),
        requirements: framework.requirements.iter().map(RequirementText::from).collect(),
    }))
}

fn themes(framework: &Framework) -> Vec<ThemeBody> {
    let body = |theme: &sufficit_evidence::Theme| ThemeBody {
        id: theme.id.clone(),
        title: theme.title.clone(),
    };
    framework.themes.iter().map(body).collect()
}

impl From<&Requirement> for RequirementText {
    fn from(requirement: &Requirement) -> Self {
        let check = |check: &sufficit_evidence::Check| CheckText {
            id: check.id.to_string(),
            text: check.text.clone(),
            by: match check.by {
                Proof::Paper => "paper",
                Proof::Record => "record",
            },
        };
        Self {
            id: requirement.id.to_string(),
            title: requirement.title.clone(),
            kind: match requirement.kind {
                RequirementKind::Clause => "clause",
                RequirementKind::Control => "control",
            },
            theme: requirement.theme.clone(),
            summary: requirement.summary.clone(),
            per_system: requirement.per_system,
            checks: requirement.checks.iter().map(check).collect(),
        }
    }
}
