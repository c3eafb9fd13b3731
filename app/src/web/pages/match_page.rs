use crate::web::frame::Frame;
use crate::web::guard::Visitor;
use crate::web::item::Item;
use crate::web::{Fault, Shared, detail, layout};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;

/// What the address of a match may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// Set: the detail alone, without the page around it.
    fragment: Option<String>,
    /// Which citation is shown in its place, from 0.
    cite: Option<String>,
}

/// A document held against a requirement.
pub(crate) async fn page(
    visitor: Visitor,
    State(web): State<Shared>,
    Path((document, framework, requirement)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Fault> {
    let item: Item = format!("m/{document}/{framework}/{requirement}")
        .parse()
        .map_err(|_| Fault::missing("The address names no match."))?;
    let view = web.view().await?;
    let cite = asked.cite.and_then(|number| number.parse().ok()).unwrap_or(0);
    let frame = Frame { cite, ..Frame::default() };
    let article = detail::article(&web, &view, &visitor, &item, &frame).await?;
    if asked.fragment.is_some() {
        return Ok(article);
    }
    let title = detail::title(&view, &item);
    let content = html! {
        h1.sr { (title) }
        div #detail { (article) }
    };
    Ok(layout::page(&visitor, &title, "/queue", content))
}
