use crate::failure::Failure;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A labelled set: texts or files, with what their authors or graders say of them.
#[derive(Debug)]
pub(crate) struct LabelledSet {
    pub(crate) name: String,
    pub(crate) items: Vec<Item>,
    /// Whether only the pairs that a record names are judged. So where a record names a grade of 0: a set in which
    /// what is not named is 0 has no reason to.
    pub(crate) named_only: bool,
}

/// One labelled text or file.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) content: Content,
    pub(crate) labels: Labels,
    pub(crate) distractor: bool,
    /// It has the subject's words and is about something else, or nearly: it deserves 1 at most.
    pub(crate) near_miss: bool,
}

#[derive(Debug)]
pub(crate) enum Content {
    Text(String),
    File(PathBuf),
}

/// What is said of an item.
#[derive(Debug)]
pub(crate) enum Labels {
    /// The requirements of one framework that it bears on.
    Relevant { framework: String, requirements: Vec<String> },
    /// Grades by framework and requirement.
    Graded(BTreeMap<String, BTreeMap<String, u8>>),
}

#[derive(Deserialize)]
struct Record {
    id: Option<String>,
    text: Option<String>,
    path: Option<PathBuf>,
    framework: Option<String>,
    requirements: Option<Vec<String>>,
    scores: Option<BTreeMap<String, BTreeMap<String, u8>>>,
    #[serde(default)]
    distractor: bool,
    #[serde(default)]
    near_miss: bool,
}

/// Reads sets; each is named after its file and the folder that this lies in.
pub(crate) fn read_sets(paths: &[PathBuf]) -> Result<Vec<LabelledSet>, Failure> {
    let mut sets: Vec<LabelledSet> = Vec::new();
    for path in paths {
        let set = read_set(path)?;
        if sets.iter().any(|other| other.name == set.name) {
            let what = format!("two sets are called `{}`", set.name);
            return Err(Failure::usage(what, "Rename a file, or evaluate them one by one."));
        }
        sets.push(set);
    }
    Ok(sets)
}

/// Reads a set, a JSON object a line; paths count from the set's folder. Keys that are not ours are passed over.
fn read_set(path: &Path) -> Result<LabelledSet, Failure> {
    let refuse = |line: usize, what: String| {
        Failure::usage(
            format!("{}:{line}: {what}", path.display()),
            "docs/evaluation.md describes the form.",
        )
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!("{}: {error}", path.display()), "Give a file that can be read.")
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let (mut items, mut ids) = (Vec::new(), BTreeSet::new());
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let record: Record =
            serde_json::from_str(line).map_err(|error| refuse(number + 1, error.to_string()))?;
        let item = item(record, number + 1, folder);
        let item = item.map_err(|what| refuse(number + 1, what.to_owned()))?;
        if !ids.insert(item.id.clone()) {
            return Err(refuse(number + 1, format!("`{}` stands twice", item.id)));
        }
        items.push(item);
    }
    let named_only = items.iter().any(|item| match &item.labels {
        Labels::Graded(scores) => {
            scores.values().flat_map(BTreeMap::values).any(|grade| *grade == 0)
        }
        Labels::Relevant { .. } => false,
    });
    let stem = path.file_stem().unwrap_or_default();
    let name = match path.parent().and_then(Path::file_name) {
        Some(folder) => Path::new(folder).join(stem),
        None => stem.into(),
    };
    Ok(LabelledSet { name: name.to_string_lossy().replace('\\', "/"), items, named_only })
}

/// One without an id is named after its line.
fn item(record: Record, line: usize, folder: &Path) -> Result<Item, &'static str> {
    let (id, content) = match (record.text, record.path) {
        (Some(text), None) => {
            (record.id.unwrap_or_else(|| format!("line {line}")), Content::Text(text))
        }
        (None, Some(path)) => (path.display().to_string(), Content::File(folder.join(path))),
        _ => return Err("a record has either `text` or `path`"),
    };
    let labels = match (record.framework, record.requirements, record.scores) {
        (Some(framework), Some(requirements), None) => Labels::Relevant { framework, requirements },
        (None, None, Some(scores))
            if scores.values().flat_map(BTreeMap::values).all(|grade| *grade <= 5) =>
        {
            Labels::Graded(scores)
        }
        (None, None, Some(_)) => return Err("grades are 0 to 5"),
        _ => return Err("a record has either `framework` and `requirements`, or `scores`"),
    };
    let Record { distractor, near_miss, .. } = record;
    if (distractor || near_miss) && matches!(labels, Labels::Relevant { .. }) {
        return Err("`distractor` and `near_miss` are said of records with `scores`");
    }
    Ok(Item { id, content, labels, distractor, near_miss })
}
