use crate::view::View;
use crate::web::decide_form::LONGEST;
use crate::web::frame::{Frame, Trouble, Typed};
use crate::web::guard::{Role, Visitor};
use crate::web::item::Item;
use crate::web::wish::{self, Beheld, Deed, Undecided, Wish};
use crate::web::{Fault, Shared, Web, detail, layout};
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;
use serde::Deserialize;
use sufficit_evidence::{Action, FactField, Span, Sufficiency};

/// A form's fields as they come; what a form does not have is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DecisionForm {
    item: String,
    action: String,
    expect: String,
    run: String,
    rationale: String,
    sufficiency: String,
    why: String,
    to: String,
    due: String,
    start: String,
    end: String,
    field: String,
    value: String,
    back: String,
}

/// Takes a decision down: answers a script with the item's new detail, a plain form with the way back.
pub(crate) async fn decide(
    visitor: Visitor,
    State(web): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<DecisionForm>,
) -> Result<Response, Fault> {
    let by_script = headers.get("x-requested-with").is_some_and(|value| value == "sufficit");
    let plainly = |fault: Fault| {
        if by_script { Ok((fault.status, fault.what).into_response()) } else { Err(fault) }
    };
    if let Err(fault) = visitor.at_least(Role::Reviewer) {
        return plainly(fault);
    }
    let Ok(item) = form.item.parse::<Item>() else {
        let what = "The form names nothing that could be decided.";
        return plainly(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, what, "Load the page again."));
    };
    let view = web.view().await?;
    match taken_down(&web, &view, &visitor, &item, &form).await {
        Ok(()) if by_script => {
            let frame = Frame { back: own(&form.back), ..Frame::default() };
            let view = web.view().await?;
            Ok(detail::article(&web, &view, &visitor, &item, &frame).await?.into_response())
        }
        Ok(()) => {
            let back = own(&form.back);
            let back = if back.is_empty() { item.address() } else { back };
            Ok((StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response())
        }
        Err(undecided) => match Trouble::of(undecided) {
            Ok(Trouble::Refused(why)) if by_script => {
                Ok((StatusCode::UNPROCESSABLE_ENTITY, why).into_response())
            }
            Ok(trouble) => shown_again(&web, &visitor, &item, &form, trouble, by_script).await,
            Err(Undecided::Store(error)) => plainly(error.into()),
            Err(Undecided::Gone(what)) => plainly(Fault::missing(what)),
            Err(_) => plainly(Fault::missing("The item cannot be decided.")),
        },
    }
}

async fn taken_down(
    web: &Web,
    view: &View,
    visitor: &Visitor,
    item: &Item,
    form: &DecisionForm,
) -> Result<(), Undecided> {
    let wish = wished(web, item, form).await?;
    wish::take_down(&web.store, view, &wish, &visitor.name).await?;
    Ok(())
}

/// The item with what stood in the way and what was typed.
async fn shown_again(
    web: &Web,
    visitor: &Visitor,
    item: &Item,
    form: &DecisionForm,
    trouble: Trouble,
    by_script: bool,
) -> Result<Response, Fault> {
    let status = match trouble {
        Trouble::Meanwhile(_) | Trouble::Changed => StatusCode::CONFLICT,
        Trouble::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let frame = Frame {
        back: own(&form.back),
        cite: 0,
        trouble: Some(trouble),
        typed: Typed { sufficiency: score(&form.sufficiency), why: form.why.clone() },
    };
    let view = web.view().await?;
    let article = detail::article(web, &view, visitor, item, &frame).await?;
    if by_script {
        return Ok((status, article).into_response());
    }
    let title = detail::title(&view, item);
    let content = html! { h1.sr { (title) } div #detail { (article) } };
    Ok((status, layout::page(visitor, &title, "/queue", content)).into_response())
}

/// Bytes that a name or a fact's value may have: it stays in the record for good.
const FIELD: usize = 500;

/// What a form asks for.
async fn wished(web: &Web, item: &Item, form: &DecisionForm) -> Result<Wish, Undecided> {
    let refused = |why: &str| Undecided::Refused(why.to_owned());
    if form.to.len().max(form.value.len()) > FIELD {
        return Err(refused("That is too long; shorten it."));
    }
    let sufficiency = || {
        score(&form.sufficiency).ok_or_else(|| refused("Choose a sufficiency from 0 to 5 first."))
    };
    let deed = match form.action.as_str() {
        "accept" => Deed::Act(Action::Accept),
        "override" => Deed::Act(Action::Override { sufficiency: sufficiency()? }),
        "reject" => Deed::Act(Action::Reject),
        "not-applicable" => Deed::Act(Action::NotApplicable),
        "undo" => Deed::TakeBack,
        "comment" => Deed::Act(Action::Comment),
        "assign" => {
            let due = match form.due.trim() {
                "" => None,
                due => Some(due.parse().map_err(|_| refused("Write the day as YYYY-MM-DD."))?),
            };
            Deed::Act(Action::Assign { to: filled(&form.to), due })
        }
        "correct" => {
            let field = serde_json::from_value::<FactField>(form.field.as_str().into())
                .map_err(|_| refused("Documents have no such fact."))?;
            Deed::Act(Action::Correct { field, value: filled(&form.value) })
        }
        "add" => {
            let sufficiency = sufficiency()?;
            let (passage, page) = wish::picked(&web.store, item, span(form)).await?;
            Deed::Act(Action::Add { sufficiency, passage, page })
        }
        _ => return Err(refused("The form names no decision that could be taken.")),
    };
    if form.why.chars().count() > LONGEST {
        return Err(Undecided::Refused(format!("A reason has at most {LONGEST} characters.")));
    }
    Ok(Wish {
        item: item.clone(),
        deed,
        why: form.why.clone(),
        expect: form.expect.trim().parse().unwrap_or(0),
        proposal: Beheld::said(filled(&form.rationale), filled(&form.run)),
    })
}

/// Where the passage stands that was picked; nowhere where the form does not say.
fn span(form: &DecisionForm) -> Span {
    match (form.start.parse(), form.end.parse()) {
        (Ok(start), Ok(end)) => Span::new(start, end),
        _ => Span::default(),
    }
}

fn score(text: &str) -> Option<Sufficiency> {
    text.trim().parse::<u8>().ok().and_then(|level| Sufficiency::try_from(level).ok())
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// An address of ours to go back to; empty where the form names another site's, or none.
fn own(back: &str) -> String {
    let ours = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\');
    if ours && back.bytes().all(|byte| byte.is_ascii_graphic()) {
        back.to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_addresses_are_gone_back_to() {
        for back in ["/queue?framework=iso42001&item=r/iso42001/9.2", "/"] {
            assert_eq!(own(back), back);
        }
        for other in [
            "",
            "//evil.example/",
            "https://evil.example/",
            "/\\evil.example",
            "queue",
            "/a\r\nX: y",
        ] {
            assert_eq!(own(other), "", "{other}");
        }
    }

    #[test]
    fn a_score_is_a_digit_from_0_to_5() {
        assert_eq!(score(" 4"), Some(Sufficiency::CONTROLLED));
        for other in ["", "6", "-1", "4.0", "four"] {
            assert_eq!(score(other), None, "{other}");
        }
    }
}
