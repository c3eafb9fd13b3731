use crate::view::View;
use crate::web::guard::Visitor;
use crate::web::item::Item;
use crate::web::{Fault, Shared, address, held_facts, layout, marks};
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashMap;
use sufficit_evidence::{Action, Decision, DocumentId, SourceRef, Subject};
use sufficit_review::Audit;

/// Decisions on one page of the list.
const ROWS: usize = 100;
/// Chains up to so many decisions are verified whenever they are looked at; longer ones when that is asked for.
const VERIFIED_UNASKED: u64 = 2_000;

/// Which decisions are shown; what is empty leaves nothing out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    by: String,
    /// Part of what they are about.
    about: String,
    /// Page of the list, from 1.
    page: String,
    /// Set: the chain is verified however long it is.
    verify: Option<String>,
}

/// The record of decisions, the newest first.
pub(crate) async fn page(
    visitor: Visitor,
    State(web): State<Shared>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Fault> {
    let view = web.view().await?;
    let (last, head) = web.store.audit_head().await?;
    let audit = if last <= VERIFIED_UNASKED || asked.verify.is_some() {
        Some(web.store.audit(None).await?)
    } else {
        None
    };
    let content = html! {
        header { h1 { "Record of decisions" } p { "Only ever added to. Each is chained to the one before it by its hash." } }
        (chain(last, &head, audit.as_ref()))
        (list(&view, &asked))
    };
    Ok(layout::page(&visitor, "Record of decisions", "/audit", content))
}

/// What lies where now.
type Places<'a> = HashMap<&'a SourceRef, &'a DocumentId>;

fn places(view: &View) -> Places<'_> {
    let sources = view.proposed.sources.iter();
    sources.flat_map(|(id, sources)| sources.iter().map(move |source| (source, id))).collect()
}

fn chain(last: u64, head: &str, audit: Option<&Audit>) -> Markup {
    html! {
        section.sheet aria-labelledby="chain" {
            h2 #chain { @match audit {
                None => "The chain",
                Some(audit) if audit.faults.is_empty() => "The chain is whole",
                Some(_) => "The chain is broken",
            } }
            dl.facts {
                dt { "Decisions" } dd { (last) }
                dt { "Head" } dd.hash { (head) }
                dt { "Verify it" } dd { code { "sufficit audit verify --head HASH" } " finds a cut end too, where you noted the head." }
            }
            @match audit {
                None => p { a href="/audit?verify=yes" { "Verify it now" } },
                Some(audit) => ul { @for fault in &audit.faults { li.fault { (fault) } } },
            }
        }
    }
}

fn list(view: &View, asked: &Asked) -> Markup {
    let all: Vec<&Decision> = Vec::from_iter(view.ledger.decisions());
    let mut people: Vec<&str> = all.iter().map(|decision| decision.by.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    let places = places(view);
    let about = asked.about.trim().to_lowercase();
    let fits = |decision: &&&Decision| {
        (asked.by.is_empty() || decision.by == asked.by)
            && (about.is_empty() || subject(&decision.subject).to_lowercase().contains(&about))
    };
    let found: Vec<&Decision> = all.iter().rev().filter(fits).copied().collect();
    let page = asked.page.parse().unwrap_or(1_usize).max(1);
    let first = (page - 1).saturating_mul(ROWS).min(found.len());
    let last = (first + ROWS).min(found.len());
    let at = |page: usize| {
        let page = page.to_string();
        address::with_query(
            "/audit",
            &[("by", &asked.by), ("about", &asked.about), ("page", &page)],
        )
    };
    html! {
        form.filters method="get" action="/audit" {
            span.field {
                label for="f-by" { "Who" }
                select #f-by name="by" {
                    option value="" { "all" }
                    @for person in people { option value=(person) selected[person == asked.by] { (person) } }
                }
            }
            span.field {
                label for="f-about" { "About" }
                input #f-about name="about" type="search" value=(asked.about);
            }
            button { "Show" }
        }
        section.sheet aria-label="Decisions" {
            @if found.is_empty() { p { "There are no such decisions." } } @else {
                div.wide tabindex="0" role="region" aria-label="Decisions, table" {
                    table {
                        caption.sr { "Decisions, the newest first" }
                        thead { tr {
                            th.number scope="col" { "No." }
                            th scope="col" { "When" }
                            th scope="col" { "Who" }
                            th scope="col" { "Decision" }
                            th scope="col" { "About" }
                            th scope="col" { "Proposed" }
                            th scope="col" { "Why" }
                        } }
                        tbody { @for decision in found.iter().skip(first).take(ROWS) { (row(&places, decision)) } }
                    }
                }
                nav.pages aria-label="Pages of the list" {
                    span { (first + 1) " to " (last) " of " (found.len()) }
                    @if page > 1 { a rel="prev" href=(at(page - 1)) { "Later" } }
                    @if last < found.len() { a rel="next" href=(at(page + 1)) { "Earlier" } }
                }
            }
        }
    }
}

fn row(places: &Places, decision: &Decision) -> Markup {
    let words = subject(&decision.subject);
    html! {
        tr {
            th.number scope="row" { (decision.number) }
            td.nowrap { (marks::moment(&decision.at)) }
            td { (decision.by) }
            td { (deed(&decision.action)) }
            td.path { @match item(places, decision) {
                Some(item) => a href=(item.address()) { (words) },
                None => (words),
            } }
            td { @if let Some(sufficiency) = decision.seen.sufficiency { (sufficiency) } }
            td { (decision.why) }
        }
    }
}

/// What a decision did, with the value that it gives.
fn deed(action: &Action) -> String {
    match action {
        Action::Override { sufficiency } | Action::Add { sufficiency, .. } => {
            format!("{} with {sufficiency}", action.name())
        }
        Action::Undo { number } => format!("took back decision {number}"),
        Action::Assign { to: Some(to), due } => {
            let due = due.map(|due| format!(" until {due}")).unwrap_or_default();
            format!("assigned to {to}{due}")
        }
        Action::Assign { to: None, .. } => "assigned to nobody".to_owned(),
        Action::Correct { field, value } => {
            let value = value.as_deref().unwrap_or("the document does not say");
            format!("corrected {}: {value}", held_facts::title(*field).to_lowercase())
        }
        _ => action.name().to_owned(),
    }
}

/// What a decision is about, in words.
fn subject(subject: &Subject) -> String {
    match subject {
        Subject::Match { source, requirement } => format!("{requirement} · {}", source.path),
        Subject::Requirement { requirement } => requirement.to_string(),
        Subject::Document { source } => source.path.clone(),
    }
}

/// The page of what a decision is about; `None` where that has left the record.
fn item(places: &Places, decision: &Decision) -> Option<Item> {
    let document = || {
        let current = decision.subject.source().and_then(|source| places.get(source).copied());
        current.or(decision.seen.document.as_ref()).cloned()
    };
    match &decision.subject {
        Subject::Requirement { requirement } => Some(Item::Requirement(requirement.clone())),
        Subject::Match { requirement, .. } => Some(Item::of_match(&document()?, requirement)),
        Subject::Document { .. } => Some(Item::Document(document()?)),
    }
}
