use crate::view::View;
use crate::web::grade::Held;
use crate::web::guard::Visitor;
use crate::web::item::Item;
use crate::web::select::{frameworks, option, options, select};
use crate::web::{Fault, Shared, layout, marks};
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;
use sufficit_evidence::{Catalogue, Framework, Requirement, Sufficiency, Theme};

/// Which requirements are shown; what is empty leaves nothing out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    framework: String,
    theme: String,
    /// `0` to `5`, or `n-a`.
    score: String,
    /// A class of [`marks::state_of_requirement`].
    status: String,
}

/// The states that a requirement can be in, as [`marks::state_of_requirement`] names them.
const STATES: [(&str, &str); 5] = [
    ("proposed", "proposed"),
    ("again", "confirm again"),
    ("accepted", "accepted"),
    ("overridden", "overridden"),
    ("not-applicable", "not applicable"),
];

/// Every requirement with what holds of it.
pub(crate) async fn page(
    visitor: Visitor,
    State(web): State<Shared>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Fault> {
    let view = web.view().await?;
    let content = content(&view, &web.catalogue, &asked);
    Ok(layout::page(&visitor, "Requirements", "/requirements", content))
}

fn content(view: &View, catalogue: &Catalogue, asked: &Asked) -> Markup {
    let frameworks = catalogue
        .frameworks()
        .iter()
        .filter(|framework| asked.framework.is_empty() || framework.id.as_str() == asked.framework);
    let tables: Vec<Markup> =
        frameworks.filter_map(|framework| section(view, framework, asked)).collect();
    html! {
        header { h1 { "Requirements" } p { "What the whole body of evidence makes of each." } }
        (filters(catalogue, asked))
        @if tables.is_empty() { p { "No requirement fits. " a href="/requirements" { "Show all" } } }
        @for table in tables { (table) }
    }
}

fn filters(catalogue: &Catalogue, asked: &Asked) -> Markup {
    let themes = html! {
        (option("", &asked.theme, "all"))
        @for framework in catalogue.frameworks() {
            optgroup label=(framework.title) { @for theme in &framework.themes {
                (option(&theme.id, &asked.theme, &format!("{} {}", theme.id, theme.title)))
            } }
        }
    };
    let scores = html! {
        (option("", &asked.score, "all"))
        @for level in 0..=5_u8 {
            (option(&level.to_string(), &asked.score, &format!("{level} {}", Sufficiency::new(level).name())))
        }
        (option("n-a", &asked.score, "not applicable"))
    };
    html! {
        form.filters method="get" action="/requirements" {
            (select("framework", "Framework", &options("all", frameworks(catalogue), &asked.framework)))
            (select("theme", "Theme", &themes))
            (select("score", "Sufficiency", &scores))
            (select("status", "Status", &options("all", STATES, &asked.status)))
            button { "Show" }
        }
    }
}

/// A framework's table; `None` where nothing of it is asked for.
fn section(view: &View, framework: &Framework, asked: &Asked) -> Option<Markup> {
    let themes: Vec<(&Theme, Vec<Markup>)> = framework
        .themes
        .iter()
        .filter(|theme| asked.theme.is_empty() || theme.id == asked.theme)
        .filter_map(|theme| {
            let own = framework.requirements.iter().filter(|own| own.theme == theme.id);
            let rows: Vec<Markup> =
                own.filter_map(|requirement| row(view, framework, requirement, asked)).collect();
            (!rows.is_empty()).then_some((theme, rows))
        })
        .collect();
    let id = format!("of-{}", framework.id);
    (!themes.is_empty()).then(|| {
        html! {
            section.sheet aria-labelledby=(id) {
                h2 id=(id) { (framework.title) }
                div.wide tabindex="0" role="region" aria-label={ (framework.title) ", table" } {
                    table {
                        caption.sr { "Requirements with their sufficiency, best evidence and gap" }
                        thead { tr {
                            th scope="col" { "Requirement" }
                            th scope="col" { "Sufficiency" }
                            th scope="col" { "Status" }
                            th scope="col" { "Best evidence" }
                            th.number scope="col" { "Documents" }
                            th scope="col" { "Gap" }
                        } }
                        @for (theme, rows) in themes {
                            tbody {
                                tr { th.soft scope="rowgroup" colspan="6" { (theme.id) " " (theme.title) } }
                                @for row in rows { (row) }
                            }
                        }
                    }
                }
            }
        }
    })
}

fn row(
    view: &View,
    framework: &Framework,
    requirement: &Requirement,
    asked: &Asked,
) -> Option<Markup> {
    let name = framework.reference(requirement);
    let reviewed = view.requirement(&name);
    let held = reviewed.map_or(Held::Grade(Sufficiency::NONE), Held::of);
    let state = reviewed.map(marks::state_of_requirement);
    let class = state.map_or("proposed", |state| state.class);
    let fits = (asked.score.is_empty() || asked.score == score(held))
        && (asked.status.is_empty() || asked.status == class);
    let assessment = view.assessment(&name);
    let evidence = assessment.map_or(&[][..], |assessment| &assessment.evidence);
    let address = Item::Requirement(name.clone()).address();
    fits.then(|| {
        html! {
            tr {
                th scope="row" { a href=(address) { span.id { (requirement.id) } " " (requirement.title) } }
                td.nowrap { (held.shown()) }
                td { @if let Some(state) = state { (marks::chip(state)) } }
                td.path { @match evidence.first() {
                    Some(best) => a href=(Item::of_match(&best.document, &name).address()) {
                        (view.path(&best.document).unwrap_or(best.document.as_str()))
                    },
                    None => span.soft { "nothing found" },
                } }
                td.number { (evidence.len()) }
                td { (assessment.map(|assessment| assessment.gap.as_str()).unwrap_or_default()) }
            }
        }
    })
}

/// What holds of a requirement as the filter names it.
fn score(held: Held) -> String {
    held.sufficiency().map_or("n-a".to_owned(), |sufficiency| sufficiency.to_string())
}
