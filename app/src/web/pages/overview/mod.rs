//! One look tells a manager where they stand: what is covered, what changed, what is due, and what to do next.

mod agreement;
mod due;
mod files;
mod heat;
mod next;

use crate::judge;
use crate::view::{Before, View};
use crate::web::guard::Visitor;
use crate::web::{Fault, Shared, layout};
use axum::extract::State;
use heat::{Heat, heat_maps};
use maud::{Markup, html};
use sufficit_evidence::{Catalogue, Date, RequirementKind, Sufficiency};
use sufficit_review::ReviewedMatch;

pub(crate) use due::{Due, due};

/// The overview.
pub(crate) async fn page(visitor: Visitor, State(web): State<Shared>) -> Result<Markup, Fault> {
    let view = web.view().await?;
    let today = judge::as_of(&web.common);
    let maps = heat_maps(&web.catalogue, &view);
    let content = content(&view, &web.catalogue, &maps, today);
    Ok(layout::page(&visitor, "Overview", "/", content))
}

fn content(view: &View, catalogue: &Catalogue, maps: &[Heat], today: Date) -> Markup {
    // Matches of frameworks that are not shown are in no list that a link here leads to.
    let is_shown =
        |found: &&ReviewedMatch| catalogue.requirement(&found.head.requirement).is_some();
    html! {
        header data-live {
            h1 { "Where the evidence stands" }
            p { (last_run(view)) }
        }
        dl.tiles {
            @for map in maps { (coverage_tile(map, view.proposed.before.as_ref())) }
            (next::tile(view, catalogue, today))
            (files::tile(&view.proposed.files))
            (agreement::tile(view.matches.iter().filter(is_shown)))
        }
        div.columns {
            (next::section(view, catalogue))
            (due::section(view, today))
        }
        @for map in maps { (heat::section(map)) }
        @if !maps.is_empty() { (heat::legend()) }
        @if let Some(before) = &view.proposed.before { (changes(maps, before)) }
        (files::section(&view.proposed.files))
    }
}

fn last_run(view: &View) -> Markup {
    match &view.run {
        Some(run) => html! {
            (run.id) ", judged as of " time datetime=(run.as_of) { (run.as_of) } ", "
            (view.proposed.files.len()) " files"
        },
        None => html! {
            "Nothing was mapped yet. " a href="/upload" { "Upload files" }
            ", or read a folder with " code { "sufficit ingest FOLDER" } "."
        },
    }
}

/// How much of a framework is covered: its controls, or all of it where it has none.
fn coverage_tile(map: &Heat, before: Option<&Before>) -> Markup {
    let has_controls = map.cells().any(|cell| cell.kind == RequirementKind::Control);
    let counted =
        || map.cells().filter(|cell| !has_controls || cell.kind == RequirementKind::Control);
    let applying = counted().filter(|cell| cell.held.sufficiency().is_some()).count();
    let covered = counted().filter(|cell| cell.held.is_covered()).count();
    let nothing = counted().filter(|cell| cell.is_nothing).count();
    let what = if has_controls { "controls" } else { "requirements" };
    let figure = format!("{covered} of {applying}");
    let left_out = counted().count() - applying;
    html! {
        div.tile {
            dt { (map.framework.title) ": " (what) " covered" }
            dd.figure { (figure) }
            dd {
                meter.wide-meter min="0" max=(applying) value=(covered)
                    aria-label={ (figure) " " (what) " covered" } {}
            }
            dd {
                (nothing) " with nothing found"
                @if left_out > 0 { ", " (left_out) " not applicable" }
            }
            @if has_controls {
                @let clauses = || map.cells().filter(|cell| cell.kind == RequirementKind::Clause && cell.held.sufficiency().is_some());
                dd { (clauses().filter(|cell| cell.held.is_covered()).count()) " of " (clauses().count()) " clauses covered" }
            }
            @if let Some(before) = before {
                @let proposed_covered = |grade: Option<Sufficiency>| grade.is_some_and(|grade| grade >= Sufficiency::DEFINED);
                @let then = counted().filter(|cell| before.grades.get(&cell.name).copied().is_some_and(proposed_covered)).count();
                @let now = counted().filter(|cell| proposed_covered(cell.proposed)).count();
                dd.change { "Proposed: " (difference(now, then)) " since " (before.run.id) }
            }
        }
    }
}

fn difference(now: usize, then: usize) -> String {
    match now.cmp(&then) {
        std::cmp::Ordering::Greater => format!("▲ {} more", now - then),
        std::cmp::Ordering::Less => format!("▼ {} fewer", then - now),
        std::cmp::Ordering::Equal => "as many".to_owned(),
    }
}

/// The requirements of which another sufficiency is proposed than in the run before.
fn changes(maps: &[Heat], before: &Before) -> Markup {
    let changed: Vec<_> = maps
        .iter()
        .flat_map(Heat::cells)
        .filter_map(|cell| {
            let then = before.grades.get(&cell.name).copied()?;
            (then != cell.proposed).then_some((cell, then))
        })
        .collect();
    let grade = |grade: Option<Sufficiency>| match grade {
        Some(grade) => grade.to_string(),
        None => "not applicable".to_owned(),
    };
    html! {
        section.sheet aria-labelledby="changed" {
            h2 #changed { "What changed since " (before.run.id) }
            p.soft { "Finished " time datetime=(before.run.finished) { (before.run.finished.get(..10).unwrap_or_default()) }
                ", judged as of " time datetime=(before.run.as_of) { (before.run.as_of) } "." }
            @if changed.is_empty() { p { "No proposed sufficiency." } }
            @else {
                details open[changed.len() <= 12] {
                    summary { (changed.len()) " requirements" }
                    ul { @for (cell, then) in changed {
                        li {
                            a href=(cell.address()) { span.id { (cell.name) } " " (cell.title) } ": "
                            (grade(then)) " → " (grade(cell.proposed))
                        }
                    } }
                }
            }
        }
    }
}
