//! Whatever fails in between: once the record's changes behind `committed()` are played again, the server holds what one
//! holds that never failed.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What happens to a document, as the record keeps it.
#[derive(Clone, Debug)]
enum Change {
    Put(Box<Document>),
    Removed(DocumentId),
}

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    Changed(Change),
    Committed,
    /// The next write is cut off after so many passages; or the whole server dies with it.
    Cut(usize),
    Dies(usize),
    /// So many calls are refused in passing.
    Unavailable(usize),
    /// The next write is done and not answered so.
    Unfinished,
}

fn apply(index: &QdrantIndex, change: &Change) -> Result<(), IndexError> {
    match change {
        Change::Put(document) => index.upsert(std::slice::from_ref(&**document)),
        Change::Removed(document) => index.remove(document),
    }
}

/// Brings the index level with the record.
fn level(index: &QdrantIndex, record: &[Change]) {
    let reached = index.committed().unwrap_or(0) as usize;
    record[reached..].iter().for_each(|change| apply(index, change).expect("no fault is left"));
    index.commit(record.len() as u64).expect("no fault is left");
}

/// Everything that the server holds in the collection that serves.
fn held(server: &TestServer, index: &QdrantIndex) -> Vec<String> {
    let engine = server.engine();
    let points = engine.collection(&index.names.alias).expect("a collection").points();
    let told = points.iter().map(|(id, point)| {
        let payload: BTreeMap<&String, String> =
            point.payload.iter().map(|(name, value)| (name, format!("{value:?}"))).collect();
        format!("{id:?} {payload:?} {:?}", point.vectors)
    });
    told.collect()
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let texts = ["bias", "fairness review", "onion soup", "incident", "review of bias"];
    let put = (0..4u8, 0..6usize, 0..5usize).prop_map(move |(id, passages, first)| {
        let texts: Vec<&str> = texts.iter().cycle().skip(first).take(passages).copied().collect();
        Step::Changed(Change::Put(Box::new(document(&id.to_string(), &texts))))
    });
    let removed =
        (0..4u8).prop_map(|id| Step::Changed(Change::Removed(DocumentId::new(id.to_string()))));
    let step = prop_oneof![
        6 => put,
        2 => removed,
        2 => Just(Step::Committed),
        1 => (0..4usize).prop_map(Step::Cut),
        1 => (0..4usize).prop_map(Step::Dies),
        1 => (1..9usize).prop_map(Step::Unavailable),
        1 => Just(Step::Unfinished),
    ];
    proptest::collection::vec(step, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_replay_after_any_fault_is_level_with_one_that_met_none(steps in steps()) {
        let mut server = TestServer::start();
        let options = QdrantOptions { attempts: 2, batch_points: 2, ..options(&server) };
        let mut index = opened(&options).expect("an index");
        let mut record: Vec<Change> = Vec::new();
        for step in steps {
            let done = match step {
                Step::Changed(change) => {
                    record.push(change.clone());
                    apply(&index, &change)
                }
                Step::Committed => index.commit(record.len() as u64),
                Step::Cut(after) => { server.faults().cut_upsert(after); Ok(()) }
                Step::Dies(after) => { server.faults().die_in_upsert(after); Ok(()) }
                Step::Unavailable(times) => { server.faults().unavailable(Calls::Any, times); Ok(()) }
                Step::Unfinished => { server.faults().unfinished(Calls::Of(Call::Upsert), 1); Ok(()) }
            };
            if done.is_err() {
                server = TestServer::start_with(server.stop());
                index = opened(&options).expect("an index");
                level(&index, &record);
            }
        }
        let server = TestServer::start_with(server.stop());
        let index = opened(&options).expect("an index");
        level(&index, &record);
        let straight = TestServer::start();
        let other = open(&straight);
        level(&other, &record);
        prop_assert_eq!(held(&server, &index), held(&straight, &other));
    }
}
