use crate::api::asked::{Asked, Grade, Limit, Number, Sent, Text};
use crate::api::forms;
use crate::api::portion::Portion;
use crate::view::View;
use crate::web::wish::{Beheld, Deed, Undecided, Wish, picked, standing_of, take_down};
use crate::web::{Fault, Item, Problem, Role, Shared, Visitor, Web};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sufficit_evidence::{Action, Date, Decision, FactField, Span};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionsAsked {
    /// Only those on this item, by its key: `m/SHA256/FRAMEWORK/REQUIREMENT`, `r/FRAMEWORK/REQUIREMENT` or `d/SHA256`.
    #[param(value_type = Option<String>, max_length = 256)]
    item: Option<Text<256>>,
    /// Only those with a higher number.
    #[param(value_type = Option<u64>, minimum = 0, maximum = 2_000_000_000)]
    after: Option<Number>,
    /// How many.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
}

/// The record of decisions, oldest first.
#[utoipa::path(get, path = "/decisions", tag = "review", params(DecisionsAsked),
    responses((status = 200, body = Portion<forms::TakenDown>)))]
pub(crate) async fn list(
    _: Visitor,
    State(web): State<Shared>,
    Asked(asked): Asked<DecisionsAsked>,
) -> Result<Json<Portion<Decision>>, Problem> {
    let view = web.view().await?;
    let of_item;
    let all: Vec<&Decision> = match &asked.item {
        None => view.ledger.decisions().collect(),
        Some(key) => {
            of_item = standing_of(&view, &item(key.as_str())?).history;
            of_item.iter().collect()
        }
    };
    let begin =
        all.partition_point(|decision| decision.number <= asked.after.unwrap_or_default().get());
    let rest = all.get(begin..).unwrap_or_default();
    let items: Vec<Decision> =
        rest.iter().take(asked.limit.unwrap_or_default().get()).map(|one| (*one).clone()).collect();
    let next =
        items.last().filter(|_| items.len() < rest.len()).map(|last| last.number.to_string());
    Ok(Json(Portion { items, total: all.len(), next }))
}

/// What is to be taken down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionWish {
    /// The item's key, as lists name it.
    #[schema(value_type = String, max_length = 256)]
    item: Text<256>,
    /// Number of the last decision on the item that the person had before them; 0 for none.
    #[schema(value_type = u64, minimum = 0, maximum = 2_000_000_000)]
    expect: Number,
    action: DecisionAction,
    /// The sufficiency that holds, for `override` and `add`.
    #[schema(value_type = Option<u8>, minimum = 0, maximum = 5)]
    #[serde(default)]
    sufficiency: Option<Grade>,
    /// Why; `override`, `reject`, `not-applicable` and `comment` need it.
    #[schema(value_type = Option<String>, max_length = 4000)]
    #[serde(default)]
    why: Option<Text<4000>>,
    /// The digest of the proposal that the person had before them, `none` where nothing was proposed; where another stands now,
    /// nothing is taken down.
    #[schema(value_type = Option<String>, max_length = 64)]
    #[serde(default)]
    rationale: Option<Text<64>>,
    /// The run of that proposal, where its digest is not given.
    #[schema(value_type = Option<String>, max_length = 64)]
    #[serde(default)]
    run: Option<Text<64>>,
    /// Who is to decide, for `assign`; nobody where it is left out.
    #[schema(value_type = Option<String>, max_length = 200)]
    #[serde(default)]
    to: Option<Text<200>>,
    /// Until when, for `assign`.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(default)]
    due: Option<Date>,
    /// The passage that shows it, for `add`.
    #[serde(default)]
    passage: Option<PassageWish>,
    /// The fact that is set right, for `correct`.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    field: Option<FactField>,
    /// What it is, for `correct`; left out where the document does not say.
    #[schema(value_type = Option<String>, max_length = 200)]
    #[serde(default)]
    value: Option<Text<200>>,
}

/// A passage by its place in the document's canonical text, counted in characters.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PassageWish {
    #[schema(value_type = u64, maximum = 2_000_000_000)]
    start: Number,
    #[schema(value_type = u64, maximum = 2_000_000_000)]
    end: Number,
    /// Its page, where the format has pages.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 100_000)]
    page: Option<u32>,
}

/// What is done.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DecisionAction {
    Accept,
    Override,
    Reject,
    NotApplicable,
    Add,
    Undo,
    Assign,
    Comment,
    Correct,
}

/// A conflict, with the decision that stood in the way.
#[derive(Serialize)]
struct Meanwhile {
    #[serde(flatten)]
    problem: Problem,
    decision: Box<Decision>,
}

/// Takes a decision down. The same one sent twice is taken down once. 409 where somebody decided meanwhile (then `decision`
/// is theirs) or another proposal stands now, 422 where a reason or another part is missing.
#[utoipa::path(post, path = "/decisions", tag = "review", request_body = DecisionWish,
    responses((status = 201, description = "It is in the record.", body = forms::TakenDown)))]
pub(crate) async fn decide(
    visitor: Visitor,
    State(web): State<Shared>,
    Sent(sent): Sent<DecisionWish>,
) -> Result<Response, Problem> {
    visitor.at_least(Role::Reviewer)?;
    let mut wish = wish(sent)?;
    let view = web.view().await?;
    match checked_and_taken_down(&web, &view, &mut wish, &visitor.name).await {
        Ok(decision) => Ok((StatusCode::CREATED, Json(decision)).into_response()),
        Err(Undecided::Meanwhile(decision)) => {
            let what = format!("Decided meanwhile by {}: {}", decision.by, decision.action.name());
            let help = "Look at it again, then decide with its number as `expect`.";
            let problem = Problem::from(Fault::new(StatusCode::CONFLICT, what, help));
            Ok(problem.with(&Meanwhile { problem: problem.clone(), decision }))
        }
        Err(Undecided::Changed) => {
            let what = "Another proposal stands now than the one that you had before you";
            Err(Fault::new(StatusCode::CONFLICT, what, "Look at it again, then decide.").into())
        }
        Err(Undecided::Gone(what)) => Err(Fault::missing(what).into()),
        Err(Undecided::Refused(what)) => Err(unprocessable(what)),
        Err(Undecided::Store(error)) => Err(error.into()),
    }
}

/// The same as [`take_down`], where an added match names a passage that is there; its page is the passage's.
async fn checked_and_taken_down(
    web: &Web,
    view: &View,
    wish: &mut Wish,
    by: &str,
) -> Result<Decision, Undecided> {
    if let Deed::Act(Action::Add { passage, page, .. }) = &mut wish.deed {
        (*passage, *page) = picked(&web.store, &wish.item, *passage).await?;
    }
    take_down(&web.store, view, wish, by).await
}

fn wish(sent: DecisionWish) -> Result<Wish, Problem> {
    let grade = || {
        let missing = || unprocessable("Give `sufficiency`, a number from 0 to 5.");
        sent.sufficiency.map(|grade| grade.0).ok_or_else(missing)
    };
    let deed = match sent.action {
        DecisionAction::Accept => Deed::Act(Action::Accept),
        DecisionAction::Override => Deed::Act(Action::Override { sufficiency: grade()? }),
        DecisionAction::Reject => Deed::Act(Action::Reject),
        DecisionAction::NotApplicable => Deed::Act(Action::NotApplicable),
        DecisionAction::Add => {
            let missing = || unprocessable("Give `passage`, the place that shows it.");
            let passage = sent.passage.ok_or_else(missing)?;
            let place = |number: Number| usize::try_from(number.get()).unwrap_or(usize::MAX);
            let span = Span::new(place(passage.start), place(passage.end));
            Deed::Act(Action::Add { sufficiency: grade()?, passage: span, page: passage.page })
        }
        DecisionAction::Undo => Deed::TakeBack,
        DecisionAction::Assign => {
            Deed::Act(Action::Assign { to: sent.to.map(Text::into_string), due: sent.due })
        }
        DecisionAction::Comment => Deed::Act(Action::Comment),
        DecisionAction::Correct => {
            let missing = || unprocessable("Give `field`, the fact that is set right.");
            let value = sent.value.map(Text::into_string);
            Deed::Act(Action::Correct { field: sent.field.ok_or_else(missing)?, value })
        }
    };
    Ok(Wish {
        item: item(sent.item.as_str())?,
        deed,
        why: sent.why.unwrap_or_default().into_string(),
        expect: sent.expect.get(),
        proposal: Beheld::said(
            sent.rationale.map(Text::into_string),
            sent.run.map(Text::into_string),
        ),
    })
}

fn item(key: &str) -> Result<Item, Problem> {
    key.parse().map_err(|_| Fault::missing("`item` names nothing; take it from a list.").into())
}

fn unprocessable(what: impl Into<String>) -> Problem {
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, what, "").into()
}
