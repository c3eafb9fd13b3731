use super::report::{ItemReport, Report};
use crate::failure::Failure;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Differences smaller than this are none: figures are shown to three places.
const LEAST: f64 = 0.0005;

/// A report of an earlier run, as `--format json` wrote it.
#[derive(Deserialize)]
pub(crate) struct EarlierRun {
    figures: BTreeMap<String, f64>,
    sets: Vec<EarlierSet>,
}

#[derive(Deserialize)]
struct EarlierSet {
    set: String,
    #[serde(default)]
    items: BTreeMap<String, ItemReport>,
}

/// What is different since an earlier run, of what both have.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Figure, before and now.
    pub(crate) figures: Vec<(String, f64, f64)>,
    pub(crate) grades: Vec<ChangedGrade>,
}

/// A grade that is another than in the earlier run.
#[derive(Debug, PartialEq)]
pub(crate) struct ChangedGrade {
    /// Text or file, framework and requirement.
    pub(crate) place: String,
    pub(crate) labelled: u8,
    pub(crate) before: u8,
    pub(crate) now: u8,
}

impl ChangedGrade {
    /// How much nearer to the label it is; below 0 where it went away from it.
    pub(crate) fn gain(&self) -> i16 {
        i16::from(self.before.abs_diff(self.labelled)) - i16::from(self.now.abs_diff(self.labelled))
    }
}

/// Reads a report that `--format json` wrote.
pub(crate) fn read_run(path: &Path) -> Result<EarlierRun, Failure> {
    let refuse = |what: String| {
        Failure::usage(
            format!("{}: {what}", path.display()),
            "Give a report of an earlier run: sufficit eval SET... --format json > RUN",
        )
    };
    let text = std::fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| refuse(error.to_string()))
}

/// What changed: figures in their order, grades with the greatest loss first.
pub(crate) fn changes(earlier: &EarlierRun, report: &Report) -> Changes {
    let mut changes = Changes::default();
    for (name, &now) in &report.figures {
        if let Some(&before) = earlier.figures.get(name)
            && (now - before).abs() >= LEAST
        {
            changes.figures.push((name.clone(), before, now));
        }
    }
    for set in &report.sets {
        let Some(earlier) = earlier.sets.iter().find(|earlier| earlier.set == set.set) else {
            continue;
        };
        for (id, item) in &set.items {
            if let Some(before) = earlier.items.get(id) {
                changes.grades.extend(changed_grades(id, before, item));
            }
        }
    }
    changes.grades.sort_by(|a, b| a.gain().cmp(&b.gain()).then_with(|| a.place.cmp(&b.place)));
    changes
}

fn changed_grades(id: &str, before: &ItemReport, now: &ItemReport) -> Vec<ChangedGrade> {
    let flat = |item: &ItemReport| -> BTreeMap<String, (u8, u8)> {
        let of = |(framework, grades): (&String, &BTreeMap<String, (u8, u8)>)| {
            let place = |requirement: &String| format!("{id} {framework} {requirement}");
            grades.iter().map(|(requirement, pair)| (place(requirement), *pair)).collect::<Vec<_>>()
        };
        item.grades.iter().flat_map(of).collect()
    };
    let (before, now) = (flat(before), flat(now));
    let mut changed = Vec::new();
    // A pair that is not named is 0 on both sides of its run.
    for place in before.keys().chain(now.keys().filter(|place| !before.contains_key(*place))) {
        let (then, here) = (before.get(place), now.get(place));
        let labelled = here.map_or(0, |pair| pair.0);
        let grade = |pair: Option<&(u8, u8)>| pair.map_or(0, |pair| pair.1);
        if grade(then) != grade(here) {
            changed.push(ChangedGrade {
                place: place.clone(),
                labelled,
                before: grade(then),
                now: grade(here),
            });
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_that_changed_are_listed_with_their_gain() {
        let item = |grades: &[(&str, (u8, u8))]| ItemReport {
            average_precision: None,
            grades: BTreeMap::from([(
                "iso42001".to_owned(),
                grades.iter().map(|(id, pair)| ((*id).to_owned(), *pair)).collect(),
            )]),
        };
        let before = item(&[("A.2.2", (3, 1)), ("A.5.3", (0, 2)), ("A.7.4", (2, 2))]);
        let now = item(&[("A.2.2", (3, 3)), ("A.7.4", (2, 2)), ("A.9.2", (4, 1))]);
        let changed = changed_grades("a.md", &before, &now);
        let shown: Vec<_> =
            changed.iter().map(|c| (c.place.as_str(), c.before, c.now, c.gain())).collect();
        assert_eq!(
            shown,
            [
                ("a.md iso42001 A.2.2", 1, 3, 2),
                ("a.md iso42001 A.5.3", 2, 0, 2),
                ("a.md iso42001 A.9.2", 0, 1, 1),
            ]
        );
    }
}
