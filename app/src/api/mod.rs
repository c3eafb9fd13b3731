//! The HTTP API under `/api/v1`: what the pages show and do, in JSON for programs, with the names of the command line's JSON.
//!
//! One file for each sort of thing: `asked` reads what a request says, the others answer from the same [`View`] as the pages.
//! Lists come in portions; each names where the next begins. What goes wrong is an `application/problem+json`.
//!
//! [`View`]: crate::view::View

mod asked;
mod assessments;
mod audit;
mod cursor;
mod decisions;
mod docs;
mod documents;
mod forms;
mod frameworks;
mod fresh;
mod held;
mod jobs;
mod matches;
mod portion;
mod queue;
mod requirements;
mod search;
mod status;
mod uploads;

use crate::web::{Fault, Problem, Shared, upload};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Uri, header};
use axum::routing::{any, get};
use std::sync::Arc;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Info, OpenApi, OpenApiBuilder, Ref, ResponseBuilder};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

pub(crate) use forms::QuotedPassage;

/// Every route of the API, its description at `/api/v1/openapi.json`, and a viewer of that at `/api/docs/`.
pub(crate) fn routes_of_api(web: &Shared) -> Router<Shared> {
    let (router, api) = described(upload::body_limit(web));
    let json: Arc<str> = serde_json::to_string(&api).unwrap_or_default().into();
    let description = move || {
        let json = Arc::clone(&json);
        async move { ([(header::CONTENT_TYPE, "application/json")], json.to_string()) }
    };
    router
        .layer(axum::middleware::from_fn_with_state(Arc::clone(web), fresh::only_if_new))
        .route("/api/v1/openapi.json", get(description))
        .merge(docs::routes())
        .route("/api/{*rest}", any(unknown))
}

async fn unknown(uri: Uri) -> Problem {
    Fault::missing(format!("There is nothing at {}.", uri.path())).into()
}

/// The routes, with the most that an upload may hold, and their description.
fn described(limit: DefaultBodyLimit) -> (Router<Shared>, OpenApi) {
    let upload_routes = routes!(uploads::list, uploads::send).layer(limit);
    let v1 = OpenApiRouter::new()
        .routes(routes!(status::status))
        .routes(routes!(status::runs))
        .routes(routes!(status::files))
        .routes(routes!(frameworks::list))
        .routes(routes!(frameworks::one))
        .routes(routes!(requirements::list))
        .routes(routes!(requirements::one))
        .routes(routes!(assessments::list))
        .routes(routes!(documents::list))
        .routes(routes!(documents::one))
        .routes(routes!(documents::text))
        .routes(routes!(matches::list))
        .routes(routes!(matches::one))
        .routes(routes!(search::search))
        .routes(routes!(queue::list))
        .routes(routes!(decisions::list, decisions::decide))
        .routes(routes!(audit::verify))
        .routes(upload_routes)
        .routes(routes!(jobs::list, jobs::want));
    let (router, mut api) =
        OpenApiRouter::with_openapi(head()).nest("/api/v1", v1).split_for_parts();
    complete(&mut api);
    (router, api)
}

fn head() -> OpenApi {
    let about = "Evidence held against the requirements of management-system standards: what was read, what it shows, \
                 and what people decided of it. Lists come in portions of `limit`; `next` of one is `after` of the one \
                 that follows, and null at the end.";
    let mut info = Info::new("sufficit", env!("CARGO_PKG_VERSION"));
    info.description = Some(about.to_owned());
    let mut api = OpenApiBuilder::new().info(info).build();
    let components = api.components.get_or_insert_default();
    let mut token = Http::new(HttpAuthScheme::Bearer);
    token.description = Some(
        "A token that `sufficit token add` printed; pages use their session instead.".to_owned(),
    );
    components.add_security_scheme("token", SecurityScheme::Http(token));
    let problem = <Problem as utoipa::PartialSchema>::schema();
    components.schemas.insert("Problem".to_owned(), problem);
    api.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    api
}

/// Gives every operation a name of its own and the form of its refusals, which is one for all.
fn complete(api: &mut OpenApi) {
    let refusal = |what: &str| {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new().description(what);
        response.content("application/problem+json", content).build()
    };
    for (path, item) in &mut api.paths.paths {
        let place = path.trim_start_matches("/api/v1/").replace('/', "-").replace(['{', '}'], "");
        for (method, operation) in [("get", &mut item.get), ("post", &mut item.post)] {
            let Some(operation) = operation else { continue };
            operation.operation_id = Some(format!("{method}-{place}"));
            let all = &mut operation.responses.responses;
            let refused = refusal("It was refused, for the reason in `detail`.");
            all.insert("4XX".to_owned(), refused.into());
            let failed = refusal("It could not be done; `detail` says why.");
            all.insert("5XX".to_owned(), failed.into());
        }
    }
}

#[cfg(test)]
mod tests;
