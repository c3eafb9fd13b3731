use crate::failure::Failure;
use serde::Deserialize;
use std::collections::BTreeMap;
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
    paths.iter().map(|path| read_set(path)).collect()
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
    let mut items = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let record: Record =
            serde_json::from_str(line).map_err(|error| refuse(number + 1, error.to_string()))?;
        items.push(item(record, folder).map_err(|what| refuse(number + 1, what.to_owned()))?);
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

fn item(record: Record, folder: &Path) -> Result<Item, &'static str> {
    let (id, content) = match (record.text, record.path) {
        (Some(text), None) => (record.id.unwrap_or_default(), Content::Text(text)),
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
    Ok(Item { id, content, labels, distractor, near_miss })
}
