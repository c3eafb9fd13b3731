//! The training set of `models/training`: it names checks that exist, covers the frameworks, and no two of its texts
//! come from one mould.

mod program;

use program::{Bench, files_of_lines, list, number, run_with, text};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

/// Passages that bear on a check, at least.
const FEWEST_BEARING: usize = 2_500;
/// A requirement has so many passages that bear on it and so many hard negatives near it, at least.
const FEWEST_OF_A_REQUIREMENT: usize = 4;
/// Two texts may share less than this of the five-word sequences of the shorter one.
const SHARED: f64 = 0.5;
const HOW: [&str; 6] = ["mention", "intention", "commitment", "defined", "record", "gap"];
const WHY: [&str; 11] = [
    "other-subject",
    "security-not-ai",
    "negation",
    "plan",
    "question",
    "quotation",
    "definition",
    "contents",
    "listing",
    "marketing",
    "generic",
];
/// Each check has so many answers, at least.
const FEWEST_ANSWERS: usize = 2;
/// Floors on the validation half: mean average precision of the requirements that a passage bears on, by framework.
const RANKED: [(&str, f64); 2] = [("iso42001", 0.48), ("iso27001", 0.55)];
/// The same of answers, which are short and say little of where they come from.
const ANSWERS_RANKED: [(&str, f64); 2] = [("iso42001", 0.48), ("iso27001", 0.55)];
/// The share of hard negatives that may get 2 or more for a requirement that they are near to.
const TAKEN_FOR_EVIDENCE: f64 = 0.01;
/// Voices that the fit never hears.
const VALIDATION_VOICES: [&str; 3] = ["chat", "interview note", "tender answer"];

struct Passage {
    /// File and line.
    place: String,
    value: Value,
}

impl Passage {
    fn text(&self) -> &str {
        text(&self.value, "text")
    }

    fn is_for_validation(&self) -> bool {
        text(&self.value, "split") == "validation"
    }

    /// `bears` or `near`: framework, requirement, and what follows.
    fn labels(&self, key: &str) -> Vec<Vec<&str>> {
        let mut labels = Vec::new();
        for label in self.value[key].as_array().into_iter().flatten() {
            let words: Vec<&str> =
                label.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            assert!(!words.is_empty(), "{}: an empty label", self.place);
            labels.push(words);
        }
        labels
    }
}

fn passages_in(folder: &Path) -> Vec<Passage> {
    let files = files_of_lines(folder);
    let mut passages = Vec::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let lines = std::fs::read_to_string(&file).expect("a training file is text");
        for (number, line) in (1..).zip(lines.lines()) {
            let place = format!("{name}:{number}");
            let value =
                serde_json::from_str(line).unwrap_or_else(|fault| panic!("{place}: {fault}"));
            passages.push(Passage { place, value });
        }
    }
    passages
}

fn training_set() -> Vec<Passage> {
    passages_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/training"))
}

fn answers() -> Vec<Passage> {
    passages_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/training/answers"))
}

fn passages_and_answers() -> Vec<Passage> {
    training_set().into_iter().chain(answers()).collect()
}

/// The checks of each requirement, which framework and id name.
type Checks = BTreeMap<(String, String), BTreeSet<String>>;

/// Those of both frameworks.
fn checks() -> Checks {
    let bench = Bench::new();
    let mut checks = BTreeMap::new();
    for framework in ["iso42001", "iso27001"] {
        let shown =
            bench.run(["frameworks", "show", framework, "--format", "json"]).exits(0).json();
        for requirement in list(&shown, "requirements") {
            // A check is shown with the requirement before it.
            let ids = list(requirement, "checks").iter().map(|check| {
                let id = text(check, "id");
                id.rsplit_once('/').map_or(id, |(_, own)| own).to_owned()
            });
            let key = (framework.to_owned(), text(requirement, "id").to_owned());
            checks.insert(key, ids.collect());
        }
    }
    checks
}

/// `bears` and `near` of a passage, after it was seen that each label names what there is.
fn known<'a>(passage: &'a Passage, checks: &Checks) -> [Vec<Vec<&'a str>>; 2] {
    let place = &passage.place;
    let (bears, nears) = (passage.labels("bears"), passage.labels("near"));
    for label in &bears {
        let [_, _, check, how] = label[..] else { panic!("{place}: {label:?}") };
        let own = checks.get(&requirement(label)).unwrap_or_else(|| panic!("{place}: {label:?}"));
        assert!(own.contains(check), "{place}: {label:?}");
        assert!(HOW.contains(&how), "{place}: {how}");
    }
    for label in &nears {
        let is_known = label.len() == 2 && checks.contains_key(&requirement(label));
        assert!(is_known, "{place}: {label:?}");
        assert!(bears.iter().all(|own| own[..2] != label[..2]), "{place}: near and borne on");
    }
    if bears.is_empty() {
        assert!(!nears.is_empty(), "{place}: it bears on no check and is near none");
        assert!(WHY.contains(&text(&passage.value, "why")), "{place}");
    }
    [bears, nears]
}

fn requirement(label: &[&str]) -> (String, String) {
    (label[0].to_owned(), label[1].to_owned())
}

#[test]
fn every_label_names_what_there_is_and_every_requirement_is_covered() {
    let checks = checks();
    let mut bearing: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut near = bearing.clone();
    let (mut bear, mut negatives) = (0, 0);
    for passage in training_set() {
        let [bears, nears] = known(&passage, &checks);
        assert!(bears.is_empty() || nears.is_empty(), "{}: both", passage.place);
        bears.iter().for_each(|label| *bearing.entry(requirement(label)).or_default() += 1);
        nears.iter().for_each(|label| *near.entry(requirement(label)).or_default() += 1);
        bear += usize::from(!bears.is_empty());
        negatives += usize::from(!nears.is_empty());
    }
    assert!(bear >= FEWEST_BEARING, "{bear} passages bear on a check");
    assert!(negatives >= bear * 9 / 10, "{negatives} hard negatives stand against {bear} passages");
    for requirement in checks.keys() {
        let count = |of: &BTreeMap<_, usize>| of.get(requirement).copied().unwrap_or(0);
        assert!(count(&bearing) >= FEWEST_OF_A_REQUIREMENT, "few bear on {requirement:?}");
        assert!(count(&near) >= FEWEST_OF_A_REQUIREMENT, "few hard negatives: {requirement:?}");
    }
}

#[test]
fn every_check_has_answers() {
    let checks = checks();
    let mut answered: BTreeMap<((String, String), String), usize> = BTreeMap::new();
    for answer in answers() {
        let [bears, _] = known(&answer, &checks);
        for label in &bears {
            *answered.entry((requirement(label), label[2].to_owned())).or_default() += 1;
        }
    }
    let all = checks.values().map(BTreeSet::len).sum::<usize>();
    assert_eq!(answered.len(), all, "checks without an answer");
    let few: Vec<_> = answered.iter().filter(|(_, count)| **count < FEWEST_ANSWERS).collect();
    assert!(few.is_empty(), "{few:?}");
}

#[test]
fn organisations_and_some_voices_are_kept_for_validation() {
    let mut splits: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for passage in passages_and_answers() {
        let (organisation, split) =
            (text(&passage.value, "organisation"), text(&passage.value, "split"));
        assert!(["fit", "validation"].contains(&split), "{}: {split}", passage.place);
        splits.entry(organisation.to_owned()).or_default().insert(split.to_owned());
        let voice = text(&passage.value, "voice");
        let held_back = VALIDATION_VOICES.contains(&voice);
        assert!(!held_back || split == "validation", "{}: {voice} in {split}", passage.place);
    }
    let both: Vec<_> = splits.iter().filter(|(_, splits)| splits.len() > 1).collect();
    assert!(both.is_empty(), "in both splits: {both:?}");
    let passages = training_set();
    let kept = passages.iter().filter(|passage| passage.is_for_validation()).count();
    let share = kept as f64 / passages.len() as f64;
    assert!((0.2..0.5).contains(&share), "{share:.2} of the passages are for validation");
}

/// How a graded document can stand to a check.
const MET: [&str; 6] = ["recorded", "defined", "touched", "intended", "denied", "missing"];

/// Letters and digits alone, so that a quote is found whatever stands between its words.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[test]
fn graded_documents_name_what_there_is_and_their_quotes_stand_in_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/training/graded");
    let lines = |name: &str| -> Vec<Value> {
        let text = std::fs::read_to_string(folder.join(name)).expect("is there");
        text.lines().map(|line| serde_json::from_str(line).expect("is JSON")).collect()
    };
    let checks = checks();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut splits: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for document in lines("labels.jsonl").into_iter().chain(lines("own-words.jsonl")) {
        let path = text(&document, "path");
        let whole = std::fs::read_to_string(folder.join(path)).expect("a text");
        let again = texts.insert(path.to_owned(), squeezed(&whole));
        assert!(again.is_none(), "{path} is labelled twice");
        let (organisation, split) = (text(&document, "organisation"), text(&document, "split"));
        splits.entry(organisation.to_owned()).or_default().insert(split.to_owned());
        for (framework, scores) in document["scores"].as_object().expect("scores") {
            for (requirement, score) in scores.as_object().expect("scores") {
                let key = (framework.clone(), requirement.clone());
                assert!(checks.contains_key(&key), "{path}: {key:?}");
                assert!((1..=5).contains(&score.as_u64().unwrap_or(0)), "{path}: {key:?}");
            }
        }
    }
    let files = folder.join("files").read_dir().expect("files").count();
    assert_eq!(texts.len(), files, "files without labels");
    let both: Vec<_> = splits.iter().filter(|(_, splits)| splits.len() > 1).collect();
    assert!(both.is_empty(), "in both splits: {both:?}");
    for reading in lines("checks.jsonl").into_iter().chain(lines("quotes.jsonl")) {
        let key =
            (text(&reading, "framework").to_owned(), text(&reading, "requirement").to_owned());
        let own = checks.get(&key).unwrap_or_else(|| panic!("{reading}"));
        if let Some(check) = reading["check"].as_str() {
            assert!(own.contains(check) && MET.contains(&text(&reading, "met")), "{reading}");
        }
        if let Some(quote) = reading["quote"].as_str() {
            let whole = texts.get(text(&reading, "path")).unwrap_or_else(|| panic!("{reading}"));
            assert!(whole.contains(&squeezed(quote)), "{reading}");
        }
    }
}

/// The five-word sequences of a text.
fn sequences(text: &str) -> HashSet<Vec<String>> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.windows(5).map(<[String]>::to_vec).collect()
}

/// Pairs of a text of `one` and a later or other one that share `SHARED` of their sequences.
fn moulds(
    one: &[HashSet<Vec<String>>],
    others: &[HashSet<Vec<String>>],
    same: bool,
) -> Vec<(usize, usize)> {
    let mut holders: HashMap<&[String], Vec<usize>> = HashMap::new();
    for (at, sequences) in others.iter().enumerate() {
        sequences.iter().for_each(|sequence| holders.entry(sequence).or_default().push(at));
    }
    let mut pairs = Vec::new();
    for (at, sequences) in one.iter().enumerate() {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for other in
            sequences.iter().filter_map(|sequence| holders.get(sequence.as_slice())).flatten()
        {
            if !same || *other > at {
                *shared.entry(*other).or_default() += 1;
            }
        }
        let shorter = |other: usize| sequences.len().min(others[other].len()) as f64;
        let alike =
            shared.iter().filter(|&(&other, &count)| count as f64 >= SHARED * shorter(other));
        pairs.extend(alike.map(|(&other, _)| (at, other)));
    }
    pairs
}

#[test]
fn no_two_texts_come_from_one_mould() {
    let passages = passages_and_answers();
    let sequences: Vec<_> = passages.iter().map(|passage| sequences(passage.text())).collect();
    let places = |(one, other): &(usize, usize)| {
        format!("{} {}", passages[*one].place, passages[*other].place)
    };
    let pairs: Vec<String> = moulds(&sequences, &sequences, true).iter().map(places).collect();
    assert!(pairs.is_empty(), "{} pairs: {pairs:#?}", pairs.len());
}

#[test]
fn no_text_of_a_measuring_set_is_trained_on() {
    let sets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/eval/dev");
    if !sets.exists() {
        return;
    }
    let (passages, measured) = (passages_and_answers(), passages_in(&sets));
    let of = |passages: &[Passage]| -> Vec<_> {
        passages.iter().map(|passage| sequences(passage.text())).collect()
    };
    let pairs = moulds(&of(&passages), &of(&measured), false);
    let places = |(one, other): &(usize, usize)| {
        format!("{} {}", passages[*one].place, measured[*other].place)
    };
    assert!(pairs.is_empty(), "{:#?}", pairs.iter().map(places).collect::<Vec<_>>());
}

/// Mean over the labels of the precision at the place where each stands among `ranked`.
fn average_precision(ranked: &[&str], labels: &BTreeSet<&str>) -> f64 {
    let mut hits = 0.0;
    let precisions = (1..).zip(ranked).filter(|(_, id)| labels.contains(*id)).map(|(place, _)| {
        hits += 1.0;
        hits / f64::from(place)
    });
    precisions.sum::<f64>() / labels.len() as f64
}

#[test]
fn the_validation_half_is_ranked_and_its_hard_negatives_are_not_taken_for_evidence() {
    hold_to(training_set(), RANKED);
}

#[test]
fn answers_of_the_validation_half_are_ranked_and_their_lookalikes_are_not_taken_for_evidence() {
    hold_to(answers(), ANSWERS_RANKED);
}

/// Holds the validation half of `passages` to the floors.
fn hold_to(mut passages: Vec<Passage>, floors: [(&str, f64); 2]) {
    passages.retain(Passage::is_for_validation);
    let line = |passage: &Passage| {
        let heading = passage.value["heading"].as_str().map(|heading| format!("# {heading}\n\n"));
        let text = format!("{}{}", heading.unwrap_or_default(), passage.text());
        format!("{}\n", json!({"id": passage.place, "text": text}))
    };
    let lines: String = passages.iter().map(line).collect();
    let bench = Bench::new();
    let args = ["explain", "--jsonl", "-", "--format", "jsonl"];
    let answers = run_with(&bench.workspace(), args, &lines).exits(0).lines();
    assert_eq!(answers.len(), passages.len());
    let mut precisions: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let (mut near, mut taken) = (0, Vec::new());
    for (passage, answer) in passages.iter().zip(&answers) {
        assert_eq!(passage.place, text(answer, "id"));
        let of = |framework: &str| -> Vec<&Value> {
            let all = list(answer, "requirements").iter();
            all.filter(|entry| text(entry, "framework") == framework).collect()
        };
        let bears = passage.labels("bears");
        for (framework, _) in floors {
            let own = bears.iter().filter(|label| label[0] == framework);
            let labels: BTreeSet<&str> = own.map(|label| label[1]).collect();
            let ranked = of(framework);
            let ranked: Vec<&str> = ranked.iter().map(|entry| text(entry, "requirement")).collect();
            if !labels.is_empty() {
                precisions.entry(framework).or_default().push(average_precision(&ranked, &labels));
            }
        }
        for label in passage.labels("near") {
            near += 1;
            let found =
                of(label[0]).into_iter().find(|entry| text(entry, "requirement") == label[1]);
            if found.is_some_and(|entry| number(entry, "sufficiency") >= 2) {
                taken.push(format!("{} {}", passage.place, label[1]));
            }
        }
    }
    for (framework, floor) in floors {
        let own = &precisions[framework];
        let map = own.iter().sum::<f64>() / own.len() as f64;
        eprintln!("{framework}: MAP {map:.3} over {} passages", own.len());
        assert!(map >= floor, "{framework}: MAP {map:.3} is under its floor of {floor}");
    }
    let share = taken.len() as f64 / f64::from(near);
    eprintln!("hard negatives given 2 or more: {share:.4} of {near}");
    assert!(share <= TAKEN_FOR_EVIDENCE, "{share:.3} of {near} are taken for evidence: {taken:#?}");
}
