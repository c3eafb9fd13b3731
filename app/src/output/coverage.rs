use serde::Serialize;
use std::collections::BTreeMap;
use sufficit_evidence::{Assessment, Catalogue, Requirement, RequirementKind, Sufficiency};

/// How far the requirements of one framework are covered.
#[derive(Debug, Serialize)]
pub(crate) struct Coverage {
    pub(crate) title: String,
    #[serde(flatten)]
    pub(crate) all: Counts,
    /// Of Annex A alone.
    pub(crate) controls: Counts,
    /// Of the clauses of the management system alone.
    #[serde(skip)]
    pub(crate) clauses: Counts,
    pub(crate) themes: Vec<ThemeCoverage>,
}

/// Coverage of one theme.
#[derive(Debug, Serialize)]
pub(crate) struct ThemeCoverage {
    pub(crate) id: String,
    pub(crate) title: String,
    #[serde(flatten)]
    pub(crate) counts: Counts,
}

/// How many requirements there are, and how many have each grade.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Counts {
    pub(crate) requirements: usize,
    /// Those graded 3 or more: defined at least.
    pub(crate) covered: usize,
    /// Those graded 1 or 2.
    pub(crate) partial: usize,
    /// Those graded 0.
    pub(crate) open: usize,
    /// Of these, those that documents bear on: they say that it is not in place.
    #[serde(skip)]
    pub(crate) denied: usize,
    /// Those that the organisation declares not applicable, with a justification; in none of the other counts.
    pub(crate) not_applicable: usize,
    /// How many of those that apply have each grade, 0 to 5.
    pub(crate) by_sufficiency: [usize; 6],
}

impl Counts {
    /// Counts a requirement; `None` where it was never assessed.
    fn add(&mut self, found: Option<&Assessment>) {
        self.requirements += 1;
        if found.is_some_and(|found| found.not_applicable.is_some()) {
            self.not_applicable += 1;
            return;
        }
        let sufficiency = found.map_or(Sufficiency::NONE, |found| found.sufficiency);
        self.by_sufficiency[usize::from(sufficiency.level())] += 1;
        match sufficiency.level() {
            0 => {
                self.open += 1;
                self.denied += usize::from(found.is_some_and(|found| !found.evidence.is_empty()));
            }
            1 | 2 => self.partial += 1,
            _ => self.covered += 1,
        }
    }
}

/// Coverage of each framework, by its id. What was never assessed counts as 0.
pub(crate) fn coverage(
    catalogue: &Catalogue,
    assessments: &[Assessment],
) -> BTreeMap<String, Coverage> {
    let assessed = |framework: &str, requirement: &Requirement| {
        assessments
            .iter()
            .find(|a| a.framework.as_str() == framework && a.requirement == requirement.id)
    };
    catalogue
        .frameworks()
        .iter()
        .map(|framework| {
            let mut all = Counts::default();
            let (mut controls, mut clauses) = (Counts::default(), Counts::default());
            let mut themes: Vec<ThemeCoverage> = framework
                .themes
                .iter()
                .map(|theme| ThemeCoverage {
                    id: theme.id.clone(),
                    title: theme.title.clone(),
                    counts: Counts::default(),
                })
                .collect();
            for requirement in &framework.requirements {
                let found = assessed(framework.id.as_str(), requirement);
                all.add(found);
                match requirement.kind {
                    RequirementKind::Control => controls.add(found),
                    RequirementKind::Clause => clauses.add(found),
                }
                if let Some(theme) = themes.iter_mut().find(|theme| theme.id == requirement.theme) {
                    theme.counts.add(found);
                }
            }
            let title = framework.title.clone();
            let coverage = Coverage { title, all, controls, clauses, themes };
            (framework.id.as_str().to_owned(), coverage)
        })
        .collect()
}
