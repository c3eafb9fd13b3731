use crate::web::frame::Frame;
use crate::web::guard::Visitor;
use crate::web::item::Item;
use crate::web::{Fault, Shared, detail, layout};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;

/// What the address of a requirement may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// Set: the detail alone, without the page around it.
    fragment: Option<String>,
}

/// A requirement held against the whole body of evidence.
pub(crate) async fn page(
    visitor: Visitor,
    State(web): State<Shared>,
    Path((framework, requirement)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Fault> {
    let item: Item = format!("r/{framework}/{requirement}")
        .parse()
        .map_err(|_| Fault::missing("The address names no requirement."))?;
    let view = web.view().await?;
    let article = detail::article(&web, &view, &visitor, &item, &Frame::default()).await?;
    if asked.fragment.is_some() {
        return Ok(article);
    }
    let title = detail::title(&view, &item);
    let content = html! {
        h1.sr { "Requirement " (title) }
        div #detail { (article) }
    };
    Ok(layout::page(&visitor, &title, "/requirements", content))
}
