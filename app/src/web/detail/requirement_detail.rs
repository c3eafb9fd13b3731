use super::named;
use crate::view::View;
use crate::web::decide_form::Deciding;
use crate::web::frame::Frame;
use crate::web::guard::Visitor;
use crate::web::item::Item;
use crate::web::{Fault, Web, marks, wish};
use maud::{Markup, html};
use sufficit_evidence::RequirementRef;

/// The detail of a requirement held against the whole body of evidence.
pub(crate) fn article(
    web: &Web,
    view: &View,
    visitor: &Visitor,
    name: &RequirementRef,
    frame: &Frame,
) -> Result<Markup, Fault> {
    let (framework, requirement) = named(web, name)?;
    let missing = || Fault::missing(format!("The latest run did not assess {name}."));
    let found = view.requirement(name).ok_or_else(missing)?;
    let item = Item::Requirement(name.clone());
    let standing = wish::standing_of(view, &item);
    let deciding = Deciding { item: &item, seen: &found.seen, standing: &standing };
    let state = marks::state(&found.review);
    Ok(html! {
        article.detail data-item=(item) data-expect=(standing.last())
            data-status=(state.class) data-status-text=(state.words) aria-labelledby="detail-title" {
            header {
                p.soft { (framework.title) }
                h2 #detail-title tabindex="-1" { a href=(item.address()) { (requirement.id) } " " (requirement.title) }
                p.facts-line {
                    span { (marks::dots(found.proposed)) " " (found.proposed) " " (found.proposed.name()) }
                    (marks::chip(state))
                }
            }
            div.rationale {
                div.reading tabindex="0" role="region" aria-label="Assessment" {
                    (frame.notice())
                    p { (requirement.summary) }
                    (deciding.history(visitor, frame))
                }
                (deciding.verdict(visitor, frame))
            }
        }
    })
}
