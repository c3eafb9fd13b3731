//! What every passage index does, whatever is behind it, and the model and documents to try it with.

mod candidates;
mod finding;
mod replacement;
mod specimens;
mod threads;
mod within;
mod writing;

pub(crate) use specimens::*;

use crate::{Hit, PassageIndex, Within};
use std::path::Path;

/// Opens the index under trial once more.
type Open<'a> = &'a dyn Fn() -> Box<dyn PassageIndex>;

/// A promise that is put to the test.
type Trial = fn(Open<'_>);

/// What holds however equals are ordered.
const PROMISES: [Trial; 17] = [
    finding::finds,
    finding::answers_anything,
    writing::commits,
    writing::is_level_again_after_a_replay,
    writing::replaces,
    writing::takes_the_same_twice,
    within::keeps_to_what_is_asked_for,
    within::finds_the_nearest_of_those_within,
    within::leaves_nothing_out_by_default,
    candidates::keep_their_limit,
    candidates::of_probes_that_say_nothing,
    replacement::answers_while_it_is_made_anew,
    replacement::takes_over,
    replacement::is_abandoned_without_a_trace,
    replacement::takes_over_empty,
    threads::write_and_search_at_once,
    threads::second_writers_do_no_harm,
];

/// What holds where equals stand by document and passage.
const OF_EQUALS: [Trial; 2] =
    [finding::orders_equals_by_document_and_passage, candidates::are_those_of_single_searches];

/// Tries a passage index; `open` opens the one that belongs to a path, over and over. Nothing is at that path before.
pub(crate) fn run(open: impl Fn(&Path) -> Box<dyn PassageIndex>) {
    let parent = tempfile::tempdir().expect("a folder");
    each(&PROMISES, &parent.path().join("promise"), &open);
    each(&OF_EQUALS, &parent.path().join("equals"), &open);
    let [straight, winding] = ["straight", "winding"].map(|name| open(&parent.path().join(name)));
    writing::answers_as_if_new(&*straight, &*winding);
}

/// The same, of one that is not known to put equals into any order, nor to score alike to the last digit.
#[cfg(feature = "qdrant")]
pub(crate) fn run_but_for_equals(open: impl Fn(&Path) -> Box<dyn PassageIndex>) {
    let parent = tempfile::tempdir().expect("a folder");
    each(&PROMISES, &parent.path().join("promise"), &open);
    let [straight, winding] = ["straight", "winding"].map(|name| open(&parent.path().join(name)));
    writing::finds_as_if_new(&*straight, &*winding);
}

fn each(trials: &[Trial], place: &Path, open: &impl Fn(&Path) -> Box<dyn PassageIndex>) {
    std::fs::create_dir(place).expect("a folder");
    for (number, trial) in trials.iter().enumerate() {
        trial(&|| open(&place.join(number.to_string())));
    }
}

/// Documents and ordinals of what a query finds, best first.
pub(crate) fn found(index: &dyn PassageIndex, query: &str) -> Vec<(String, u32)> {
    found_within(index, query, &Within::default())
}

/// The same, within these documents.
fn found_within(index: &dyn PassageIndex, query: &str, within: &Within) -> Vec<(String, u32)> {
    let hits = index.search(query, within, 10).expect("search");
    assert!(hits.windows(2).all(|pair| pair[0].score >= pair[1].score), "best first");
    assert!(hits.iter().all(|hit| hit.score > 0.0));
    hits.into_iter().map(|hit| (hit.document.as_str().to_owned(), hit.passage)).collect()
}

/// That two searches gave the same passages in the same order, with the same scores to a thousandth: another
/// implementation may add and round otherwise.
fn assert_alike(left: &[Hit], right: &[Hit], what: &str) {
    let places = |hits: &[Hit]| -> Vec<(String, u32)> {
        hits.iter().map(|hit| (hit.document.as_str().to_owned(), hit.passage)).collect()
    };
    assert_eq!(places(left), places(right), "{what}");
    for (l, r) in left.iter().zip(right) {
        for (l, r) in [(l.lexical, r.lexical), (l.semantic, r.semantic), (l.score, r.score)] {
            assert!((l - r).abs() <= 1e-3 * l.abs().max(1.0), "{what}: {l} and {r}");
        }
    }
}
