use crate::view::View;
use crate::web::grade::Held;
use maud::{Markup, html};
use std::collections::HashMap;
use std::sync::Arc;
use sufficit_evidence::{
    Assessment, Catalogue, Framework, MatchStatus, Requirement, RequirementKind, RequirementRef,
    Sufficiency, Theme,
};
use sufficit_review::ReviewedRequirement;

/// A framework's requirements by theme, with what holds of each.
pub(crate) struct Heat<'a> {
    pub(crate) framework: &'a Framework,
    themes: Vec<(&'a Theme, Vec<Cell<'a>>)>,
}

/// A requirement on the map.
pub(crate) struct Cell<'a> {
    pub(crate) name: RequirementRef,
    pub(crate) title: &'a str,
    pub(crate) kind: RequirementKind,
    pub(crate) held: Held,
    /// The sufficiency that the latest run proposed; `None` where it is declared not applicable.
    pub(crate) proposed: Option<Sufficiency>,
    /// Whether it is 0 because nothing was found: neither a run nor a person had anything to grade.
    pub(crate) is_nothing: bool,
    /// What was decided of it, and whether a person has to look again.
    status: MatchStatus,
}

impl Heat<'_> {
    /// Every requirement.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &Cell<'_>> {
        self.themes.iter().flat_map(|(_, cells)| cells)
    }
}

impl Cell<'_> {
    /// The address of the requirement's page.
    pub(crate) fn address(&self) -> String {
        format!("/requirements/{}/{}", self.name.framework, self.name.requirement)
    }

    fn class(&self) -> String {
        let grade = match self.held {
            Held::NotApplicable => "n-a".to_owned(),
            Held::Grade(_) if self.is_nothing => "none".to_owned(),
            Held::Grade(sufficiency) => format!("s{sufficiency}"),
        };
        if self.status.is_open() { grade } else { format!("{grade} decided") }
    }

    /// What the cell shows, in words.
    fn words(&self) -> String {
        let grade = match self.held {
            Held::NotApplicable => "not applicable".to_owned(),
            Held::Grade(_) if self.is_nothing => "0 of 5: nothing found".to_owned(),
            Held::Grade(sufficiency) => format!("{sufficiency} of 5: {}", sufficiency.name()),
        };
        match self.status {
            MatchStatus::Proposed => grade,
            MatchStatus::ConfirmAgain => format!("{grade}, to be confirmed again"),
            _ => format!("{grade}, decided"),
        }
    }
}

/// A map of each framework of the catalogue.
pub(crate) fn heat_maps<'a>(catalogue: &'a Catalogue, view: &View) -> Vec<Heat<'a>> {
    let reviewed: HashMap<&RequirementRef, &ReviewedRequirement> =
        view.requirements.iter().map(|found| (&found.requirement, found)).collect();
    let of_run = |found: &Arc<Assessment>| {
        let name = RequirementRef {
            framework: found.framework.clone(),
            requirement: found.requirement.clone(),
        };
        (name, found.not_applicable.is_none().then_some(found.sufficiency))
    };
    let run: HashMap<RequirementRef, Option<Sufficiency>> =
        view.proposed.assessments.iter().map(of_run).collect();
    let cell = |framework: &Framework, requirement: &'a Requirement| {
        let name = framework.reference(requirement);
        let found = reviewed.get(&name).copied();
        let proposed = run.get(&name).copied().unwrap_or(Some(Sufficiency::NONE));
        let held = found.map_or(Held::Grade(Sufficiency::NONE), Held::of);
        let is_decided = found.is_some_and(|found| found.review.decided.is_some());
        Cell {
            title: &requirement.title,
            kind: requirement.kind,
            held,
            proposed,
            is_nothing: held == Held::Grade(Sufficiency::NONE)
                && !is_decided
                && view.matches_of(&name).is_empty(),
            status: found.map_or(MatchStatus::Proposed, |found| found.review.status),
            name,
        }
    };
    let of_theme = |framework: &'a Framework, theme: &'a Theme| {
        let own = framework.requirements.iter().filter(|own| own.theme == theme.id);
        (theme, own.map(|requirement| cell(framework, requirement)).collect())
    };
    catalogue
        .frameworks()
        .iter()
        .map(|framework| Heat {
            framework,
            themes: framework.themes.iter().map(|theme| of_theme(framework, theme)).collect(),
        })
        .collect()
}

/// A framework's map.
pub(crate) fn section(map: &Heat) -> Markup {
    let id = format!("heat-{}", map.framework.id);
    html! {
        section.sheet aria-labelledby=(id) {
            h2 id=(id) { (map.framework.title) }
            table.heat {
                caption.sr { "Sufficiency of every requirement by theme" }
                thead { tr {
                    th scope="col" { "Theme" }
                    th.number scope="col" { "3 or more" }
                    th scope="col" { "Requirements" }
                } }
                tbody { @for (theme, cells) in &map.themes {
                    tr {
                        th scope="row" {
                            a href={ "/requirements?framework=" (map.framework.id) "&theme=" (theme.id) } {
                                (theme.id) " " (theme.title)
                            }
                        }
                        td.number {
                            (cells.iter().filter(|cell| cell.held.is_covered()).count()) " of "
                            (cells.iter().filter(|cell| cell.held.sufficiency().is_some()).count())
                        }
                        td { ul.cells { @for cell in cells { li { (square(cell)) } } } }
                    }
                } }
            }
        }
    }
}

fn square(cell: &Cell) -> Markup {
    let id = &cell.name.requirement;
    let score = match cell.held {
        Held::NotApplicable => "n/a".to_owned(),
        Held::Grade(sufficiency) => sufficiency.to_string(),
    };
    html! {
        a class={ "cell " (cell.class()) } href=(cell.address()) title={ (id) " " (cell.title) ": " (cell.words()) } {
            span.id { (id) } " "
            span.score aria-hidden="true" { (score) }
            span.sr { (cell.title) ", " (cell.words()) }
        }
    }
}

/// What the cells mean.
pub(crate) fn legend() -> Markup {
    let cell = |class: &str, score: &str, words: &str| {
        html! { li { span class={ "cell " (class) } { span.score { (score) } } " " (words) } }
    };
    html! {
        ul.legend aria-label="What the cells mean" {
            (cell("none", "0", "nothing found"))
            @for level in 0..=5_u8 {
                (cell(&format!("s{level}"), &level.to_string(), Sufficiency::new(level).name()))
            }
            (cell("n-a", "–", "not applicable"))
            (cell("s4 decided", "4", "decided by a person"))
        }
    }
}
