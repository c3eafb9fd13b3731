//! What is shown of one item beside the queue, on its own page, and in answer to a decision on it.

mod body;
mod checks;
mod counterparts;
mod match_detail;
mod place;
mod requirement_detail;

use crate::view::View;
use crate::web::frame::Frame;
use crate::web::guard::Visitor;
use crate::web::item::Item;
use crate::web::{Fault, Web};
use maud::{Markup, html};
use sufficit_evidence::{Framework, Requirement, RequirementRef};

/// The `article.detail` of `item`.
pub(crate) async fn article(
    web: &Web,
    view: &View,
    visitor: &Visitor,
    item: &Item,
    frame: &Frame,
) -> Result<Markup, Fault> {
    match item {
        Item::Match { document, requirement } => {
            match_detail::article(web, view, visitor, (document, requirement), frame).await
        }
        Item::Requirement(requirement) => {
            requirement_detail::article(web, view, visitor, requirement, frame)
        }
        Item::Document(document) => Ok(html! {
            article.detail data-item=(item) {
                @if let Some(trouble) = &frame.trouble { p.fault role="alert" { (trouble.sentence()) } }
                @else { p role="status" { "It is in the record." } }
                p { a href=(item.address()) { (view.path(document).unwrap_or("The document")) } }
            }
        }),
    }
}

/// What an item is called, for the title of its page.
pub(crate) fn title(view: &View, item: &Item) -> String {
    match item {
        Item::Match { document, requirement } => format!(
            "{} held against {}",
            view.path(document).unwrap_or("A document"),
            requirement.requirement
        ),
        Item::Requirement(requirement) => requirement.requirement.to_string(),
        Item::Document(document) => view.path(document).unwrap_or("A document").to_owned(),
    }
}

/// The requirement of this name, with its framework.
pub(crate) fn named<'a>(
    web: &'a Web,
    name: &RequirementRef,
) -> Result<(&'a Framework, &'a Requirement), Fault> {
    let framework = web.catalogue.framework(&name.framework);
    framework
        .and_then(|framework| Some((framework, framework.requirement(&name.requirement)?)))
        .ok_or_else(|| Fault::missing(format!("There is no requirement {name}.")))
}
