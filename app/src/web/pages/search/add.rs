use super::Shown;
use crate::web::decide_form;
use crate::web::guard::Role;
use crate::web::item::Item;
use crate::web::{Web, wish};
use maud::{Markup, html};
use sufficit_evidence::{DocumentId, Passage, RequirementRef};

/// Which requirement the passage is looked for.
pub(crate) fn notice(web: &Web, name: &RequirementRef) -> Markup {
    let title = web.catalogue.requirement(name).map_or("", |known| known.title.as_str());
    let item = Item::Requirement(name.clone());
    html! {
        p.notice {
            "Choose the passage that bears on "
            a href=(item.address()) { (name.requirement) " " (title) }
            " and was missed. " a href="/queue" { "Back to the queue" }
        }
    }
}

/// The form that makes a passage evidence for the requirement; a link, where its document is held against it already.
pub(crate) fn form(
    shown: &Shown,
    name: &RequirementRef,
    document: &DocumentId,
    passage: &Passage,
) -> Markup {
    let item = Item::of_match(document, name);
    let matched = shown.view.matched(document, name);
    if matched.is_some_and(|found| !found.has_outlived()) {
        return html! {
            p.soft { a href=(item.address()) { "The document is held against " (name.requirement) " already" } }
        };
    }
    if shown.visitor.role < Role::Reviewer {
        return html! {};
    }
    let expect = wish::standing_of(shown.view, &item).last();
    let why =
        format!("why-{}-{}", document.as_str().get(..12).unwrap_or_default(), passage.ordinal);
    html! {
        details {
            summary { "Add this passage as evidence for " (name.requirement) }
            form.add method="post" action="/decisions" {
                input type="hidden" name="csrf" value=(shown.visitor.csrf);
                input type="hidden" name="item" value=(item);
                input type="hidden" name="expect" value=(expect);
                input type="hidden" name="start" value=(passage.span.start);
                input type="hidden" name="end" value=(passage.span.end);
                input type="hidden" name="back" value=(item.address());
                (decide_form::scores("Sufficiency", None, true))
                label for=(why) { "Why it bears on the requirement" }
                textarea id=(why) name="why" rows="2" maxlength=(decide_form::LONGEST) {}
                div.row { button.primary name="action" value="add" { "Add" } }
            }
        }
    }
}
