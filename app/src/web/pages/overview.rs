use crate::web::guard::Visitor;
use crate::web::{Fault, Shared, layout};
use axum::extract::State;
use maud::{Markup, html};

/// One look tells where they stand.
pub(crate) async fn page(visitor: Visitor, State(web): State<Shared>) -> Result<Markup, Fault> {
    let view = web.view().await?;
    let content = html! {
        h1 { "Overview" }
        @for framework in web.catalogue.frameworks() {
            section {
                h2 { (framework.title) }
                ul {
                    @for requirement in &framework.requirements {
                        @let name = framework.reference(requirement);
                        @if let Some(found) = view.requirement(&name) {
                            li { (requirement.id) " " (found.review.decided.unwrap_or(found.proposed)) }
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page(&visitor, "Overview", "/", content))
}
