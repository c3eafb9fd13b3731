//! Which collection serves, and what becomes of the others.

use super::*;
use crate::qdrant_server::Engine;

fn names(server: &TestServer) -> Vec<String> {
    server.engine().collections().keys().cloned().collect()
}

/// Writes another manifest over that of the index.
fn forge(index: &QdrantIndex, change: impl FnOnce(&mut Manifest)) {
    let mut manifest = index.manifest.lock().expect("the manifest").clone();
    change(&mut manifest);
    let way = index.way.clone();
    let noted = index
        .waiting
        .wait(async move { collection::note(&way.server, &way.collection, &manifest).await });
    noted.expect("a manifest");
}

fn filled(server: &TestServer) -> QdrantIndex {
    let index = open(server);
    index.upsert(&[document("a", &["bias"])]).expect("upsert");
    index.commit(3).expect("commit");
    index
}

#[test]
fn what_something_else_made_is_refused_until_it_is_made_anew() {
    type Change = fn(&mut Manifest);
    let changes: [(Change, &str); 3] = [
        (|manifest| manifest.model = "other-1".into(), "made by the model other-1"),
        (|manifest| manifest.workspace = "other".into(), "made for the workspace other"),
        (|manifest| manifest.format = 99, "made in format 99"),
    ];
    for (change, what) in changes {
        let server = TestServer::start();
        let options = options(&server);
        forge(&filled(&server), change);
        let refused = opened(&options).err().expect("refused");
        assert!(matches!(refused, IndexError::Other { .. }), "{refused:?}");
        assert!(refused.to_string().contains(what), "{refused}");
        let state = ServerState::of(&options, "trial", &suite::model()).expect("a state");
        let serving = state.collection.expect("a collection");
        assert!(serving.misfit.expect("a misfit").contains(what));
        let anew = QdrantIndex::open_anew(&options, "trial", suite::model()).expect("beside it");
        assert_eq!(anew.committed(), None);
        anew.upsert(&[document("b", &["soup"])]).expect("upsert");
        anew.commit(4).expect("commit");
        Box::new(anew).take_over().expect("takes over");
        let index = open(&server);
        assert_eq!(index.committed(), Some(4));
        assert!(suite::found(&index, "bias").is_empty());
        assert_eq!(names(&server).len(), 1);
    }
}

#[test]
fn vectors_of_another_size_are_refused() {
    let server = TestServer::start();
    let index = filled(&server);
    server.alter(|engine: &mut Engine| {
        engine.collection_mut(&index.way.collection).expect("the collection").resize(7);
    });
    let refused = refusal(&options(&server));
    assert!(refused.contains("its vectors have 7 numbers, and the model of the settings gives 4"));
}

#[test]
fn a_collection_without_a_manifest_is_emptied() {
    let server = TestServer::start();
    let index = filled(&server);
    let way = index.way.clone();
    let removed = index.waiting.wait(async move {
        let request = DeletePointsBuilder::new(&way.collection).points(vec![Manifest::place()]);
        let request = request.wait(true).build();
        let removed = way.server.write(|client| {
            let request = request.clone();
            async move { client.delete_points(request).await }
        });
        Ok(removed.await?)
    });
    removed.expect("the manifest is gone");
    let index = open(&server);
    assert_eq!(index.committed(), None);
    assert!(suite::found(&index, "bias").is_empty());
    index.commit(5).expect("commit");
    assert_eq!(open(&server).committed(), Some(5));
}

#[test]
fn a_collection_that_was_left_half_made_is_finished() {
    let server = TestServer::start();
    // Everything that opening asks for, cut off after each step in turn.
    let asked = |server: &TestServer| server.traffic().calls(Call::Payload);
    open(&server);
    assert_eq!(asked(&server), 6, "an index on each field that is filtered by");
    let state = server.stop().emptied();
    let server = TestServer::start_with(state);
    let options = QdrantOptions { attempts: 1, ..options(&server) };
    for call in [Call::Payload, Call::Upsert, Call::Read] {
        // The client itself asks once more.
        server.faults().unavailable(Calls::Of(call), 2);
        assert!(opened(&options).is_err(), "{call:?}");
        assert!(server.engine().aliases().is_empty());
    }
    let index = opened(&options).expect("an index");
    assert_eq!(index.committed(), None);
    assert_eq!(names(&server).len(), 1);
    let state = ServerState::of(&options, "trial", &suite::model()).expect("a state");
    assert!(state.collection.expect("a collection").not_indexed.is_empty());
}

#[test]
fn a_write_does_not_reach_the_index_that_took_the_place_of_its_own() {
    let server = TestServer::start();
    let old = filled(&server);
    let anew = old.anew().expect("beside it");
    anew.commit(8).expect("commit");
    anew.take_over().expect("takes over");
    assert!(suite::found(&old, "bias").is_empty(), "a search goes on, on the new one");
    let fault = old.upsert(&[document("b", &["bias"])]).expect_err("dropped").to_string();
    assert!(fault.contains("another process may have made anew; start again"), "{fault}");
    old.commit(99).expect_err("dropped");
    assert_eq!(open(&server).committed(), Some(8));
}

#[test]
fn a_search_goes_on_where_its_collection_goes_after_it_was_found_by_the_alias() {
    let server = TestServer::start();
    let index = filled(&server);
    server.faults().missing(Calls::Of(Call::Query), 1);
    assert_eq!(suite::found(&index, "bias"), [("a".into(), 0)]);
    server.faults().missing(Calls::Of(Call::Query), 1);
    let near = index.candidates(&suite::probes(&["bias"]), &Within::default(), 5);
    assert_eq!(near.expect("candidates")[0].lexical.len(), 1);
    server.faults().missing(Calls::Of(Call::Query), 2);
    let fault = index.search("bias", &Within::default(), 5).expect_err("it stays away");
    assert!(fault.to_string().contains("no longer has what is asked for"), "{fault}");
}

#[test]
fn two_that_are_made_anew_in_the_same_moment_are_two() {
    let server = TestServer::start();
    let options = options(&server);
    drop(filled(&server));
    let before = server.traffic().calls(Call::Create);
    let gate = server.faults().hold(Calls::Of(Call::Create));
    let anew = || QdrantIndex::open_anew(&options, "trial", suite::model()).expect("beside it");
    let (one, other) = std::thread::scope(|scope| {
        let both = [scope.spawn(anew), scope.spawn(anew)];
        server.wait_until(|traffic| traffic.calls(Call::Create) == before + 2);
        gate.open();
        let [one, other] = both.map(|making| making.join().expect("it is made"));
        (one, other)
    });
    assert_ne!(one.way.collection, other.way.collection);
    one.upsert(&[document("b", &["soup"])]).expect("upsert");
    assert!(suite::found(&other, "soup").is_empty());
    assert_eq!(names(&server).len(), 3);
}

#[test]
fn only_collections_of_the_same_workspace_are_dropped() {
    let server = TestServer::start();
    let options = options(&server);
    let other = |workspace: &str| {
        QdrantIndex::open(&options, workspace, suite::model()).expect("an index").way.collection
    };
    let kept = [other("trial-2"), other("tria"), other("other")];
    let of_another_model = Names::new(&options.prefix, "trial", "other-1").collection(4);
    let index = filled(&server);
    let (to, name) = (Arc::clone(&index.way.server), of_another_model.clone());
    let manifest = Manifest::new("trial", "other-1");
    let made = index.waiting.wait(async move { collection::make(&to, &name, 9, &manifest).await });
    made.expect("a collection of another model");
    let left = index.anew().expect("beside it");
    drop(left);
    let anew = index.anew().expect("beside it");
    let state = ServerState::of(&options, "trial", &suite::model()).expect("a state");
    assert_eq!(state.others.len(), 2, "{:?}", state.others);
    anew.take_over().expect("takes over");
    let names = names(&server);
    assert!(kept.iter().all(|name| names.contains(name)), "{names:?}");
    assert_eq!(names.len(), kept.len() + 1, "{names:?}");
    assert!(!names.contains(&of_another_model));
}

#[test]
fn the_state_says_what_lies_there() {
    let server = TestServer::start();
    let options = options(&server);
    let state = || ServerState::of(&options, "trial", &suite::model()).expect("a state");
    assert_eq!(state().collection, None);
    assert_eq!(state().version, "1.16.3");
    assert!(names(&server).is_empty(), "nothing is made");
    let index = filled(&server);
    let serving = state().collection.expect("a collection");
    assert_eq!((serving.passages, serving.committed), (1, Some(3)));
    assert_eq!(serving.made_by, Some((suite::model().version().to_owned(), 1)));
    assert_eq!((serving.misfit, serving.not_indexed), (None, Vec::new()));
    assert_eq!((&serving.name, &serving.alias), (&index.way.collection, &index.names.alias));
    assert_eq!(serving.name, format!("{}-1", serving.alias));
    assert_eq!(state().others, Vec::<String>::new());
}
