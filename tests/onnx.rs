//! Models as ONNX files. What needs a real model runs where `SUFFICIT_TEST_ONNX` names its folder (all-MiniLM-L6-v2, with
//! `model.onnx` and `model_int8.onnx`) and `ORT_DYLIB_PATH` the library, as `.ci/onnx` sets them, and says so elsewhere.

mod hub;
mod program;

use hub::{Hub, REVISION};
use program::{Bench, Done, text};
use std::path::{Path, PathBuf};

const TESTS: &str = "# Validation report, berth model 2.1\n\nThe acceptance criteria for the AI model were fixed on \
    2026-01-12: accuracy of 90 % on a holdout set kept apart from the training data. On 2026-03-09 the model reached 93.4 % \
    on the holdout set; error rates by subgroup of ship lie within 2 %. Released by Ingrid Dahl, head of operations.\n";
/// A record of the same kind in which none of a field's words stands.
const WORDLESS: &str = "# Model validation report, Tern 7\n\nThe acceptance criteria for the model were fixed on 2026-01-12: an \
    error below 4 % on a holdout set, no more than two points between groups. On 2026-03-09 the model reached 3.1 % on the \
    holdout set and 1.4 points; it was verified and validated for release.\n";
const SOUP: &str = "# Soup\n\nPeel the onions, brown them in butter and add stock.\n";
const REPOSITORY: &str = "Qdrant/all-MiniLM-L6-v2-onnx";

/// The folder that a variable names; where it names none, the test says that it was not run.
fn folder(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        eprintln!("not run: {variable} names no folder (.ci/onnx makes one)");
    }
    folder
}

/// A folder of evidence, and a workspace whose settings are `settings`, with a cache for models of its own. What a model
/// makes once of the catalogue takes half a minute, and is shared by all tests.
fn bench(settings: &str) -> Bench {
    let bench = Bench::with([("tests.md", TESTS), ("soup.md", SOUP)]);
    set(&bench, settings);
    #[cfg(unix)]
    {
        let vectors = Path::new(env!("CARGO_TARGET_TMPDIR")).join("onnx-vectors");
        std::fs::create_dir_all(&vectors).expect("is writable");
        std::fs::create_dir(bench.beside("cache")).expect("is writable");
        std::os::unix::fs::symlink(vectors, bench.beside("cache/vectors")).expect("is writable");
    }
    bench
}

fn set(bench: &Bench, settings: &str) {
    let settings = settings.replacen("[embedding]", "[embedding]\ncache = \"cache\"", 1);
    std::fs::write(bench.beside("sufficit.toml"), settings).expect("is writable");
}

fn local(model: &Path, file: &str) -> String {
    format!("[embedding]\nmodel = {:?}\nfile = \"{file}\"\n", model.display().to_string())
}

fn explain(bench: &Bench) -> Done {
    bench.run(["explain", "--format", "json", "--text", TESTS])
}

fn relevance(done: &Done, requirement: &str) -> f64 {
    let requirements = done.json()["requirements"].as_array().cloned().unwrap_or_default();
    let found = requirements.iter().find(|one| text(one, "requirement") == requirement);
    found.and_then(|one| one["relevance"].as_f64()).unwrap_or_default()
}

#[test]
fn a_name_that_no_model_has_is_refused_with_the_nearest() {
    let bench = bench("[embedding]\nmodel = \"minilm-l6\"\n");
    let refused = explain(&bench).exits(2);
    assert!(refused.err.contains("there is no embedding model named minilm-l6"), "{}", refused.err);
    assert!(refused.err.contains("all-MiniLM-L6-v2"), "{}", refused.err);
}

#[test]
fn a_missing_runtime_is_a_sentence_with_the_command_that_mends_it() {
    let bench = bench("[embedding]\nmodel = \"./model\"\n");
    let missing = |args: &[&str]| {
        let mut command = program::command(&bench.workspace());
        command.env("ORT_DYLIB_PATH", bench.beside("libonnxruntime.so")).args(args);
        let output = command.output().expect("the program starts");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (status, _, err) = missing(&["explain", "--text", TESTS]);
    assert_eq!(status, Some(2), "{err}");
    assert!(err.contains("ORT_DYLIB_PATH: ") && err.contains("libonnxruntime.so"), "{err}");
    assert!(err.contains("pip install --upgrade onnxruntime"), "{err}");
    let (status, out, _) = missing(&["doctor", "--format", "json"]);
    assert_eq!(status, Some(1), "{out}");
    let findings: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let onnx = findings.as_array().expect("a list").iter().find(|one| text(one, "what") == "onnx");
    let onnx = onnx.expect("doctor tells of ONNX Runtime");
    assert_eq!(onnx["works"], false);
    assert!(text(onnx, "mend").contains("pip install"), "{onnx}");
    set(&bench, "[embedding]\nmodel = \"static-en\"\n");
    let (_, out, _) = missing(&["doctor", "--format", "json"]);
    assert!(out.contains("the built-in model does without"), "{out}");
}

#[test]
fn a_folder_maps_and_another_model_maps_and_searches_anew() {
    let Some(model) = folder("SUFFICIT_TEST_ONNX") else { return };
    let bench = bench(&local(&model, ""));
    bench.ingest().exits(0);
    let version = |bench: &Bench| {
        let status = bench.run(["status", "--format", "json"]).exits(0).json();
        status["run"]["versions"]["model"].as_str().expect("a version").to_owned()
    };
    let f32 = version(&bench);
    assert!(bench.matches().iter().any(|found| text(found, "requirement") == "A.6.2.4"));
    let hits = |bench: &Bench| {
        bench.run(["search", "holdout accuracy", "--format", "json"]).exits(0).json()
    };
    assert_eq!(text(&hits(&bench)[0], "document"), "tests.md");
    set(&bench, &local(&model, "model_int8.onnx"));
    bench.run(["map"]).exits(0);
    let int8 = version(&bench);
    assert_ne!(f32, int8);
    assert!(bench.matches().iter().any(|found| text(found, "requirement") == "A.6.2.4"));
    assert_eq!(text(&hits(&bench)[0], "document"), "tests.md");
    let indexes = std::fs::read_dir(bench.workspace().join("index")).expect("an index");
    for index in indexes.flatten() {
        let manifest =
            std::fs::read_to_string(index.path().join("manifest.json")).expect("is there");
        let indexed = manifest.split('"').find(|part| part.contains('@')).expect("a version");
        assert!(int8.starts_with(indexed), "{indexed} is not the model of {int8}");
    }
    set(&bench, "[embedding]\nmodel = \"static-en\"\n");
    bench.run(["map"]).exits(0);
    assert!(version(&bench).starts_with("static-en"), "{}", version(&bench));
}

#[test]
fn a_field_is_told_without_its_words_beside_an_onnx_model_too() {
    let Some(model) = folder("SUFFICIT_TEST_ONNX") else { return };
    for settings in [local(&model, ""), "[embedding]\nmodel = \"static-en\"\n".to_owned()] {
        let bench = bench(&settings);
        let told = bench.run(["explain", "--format", "json", "--text", WORDLESS]).exits(0).json();
        let requirements = told["requirements"].as_array().expect("a list");
        let found = requirements.iter().find(|one| text(one, "requirement") == "A.6.2.4");
        let level = found.and_then(|one| one["sufficiency"].as_u64());
        assert!(level > Some(1), "{settings}: {level:?}");
    }
}

#[test]
fn what_an_onnx_model_says_does_not_hang_on_dates_or_on_what_is_read_beside_it() {
    let Some(model) = folder("SUFFICIT_TEST_ONNX") else { return };
    for file in ["model.onnx", "model_int8.onnx"] {
        let bench = bench(&local(&model, file));
        let alone = relevance(&explain(&bench).exits(0), "A.6.2.4");
        let older = TESTS.replace("2026", "2015").replace("93.4", "17.2");
        let older = bench.run(["explain", "--format", "json", "--text", &older]).exits(0);
        assert!((relevance(&older, "A.6.2.4") - alone).abs() < 1e-4, "{file}: dates");
        let lines = format!(
            "{}\n{}\n",
            serde_json::json!({"id": "a", "text": SOUP}),
            serde_json::json!({"id": "b", "text": TESTS})
        );
        std::fs::write(bench.beside("texts.jsonl"), lines).expect("is writable");
        let both =
            bench.run(["explain", "--jsonl", "texts.jsonl", "--format", "jsonl"]).exits(0).lines();
        let second = both[1]["requirements"].as_array().expect("a list");
        let found = second.iter().find(|one| text(one, "requirement") == "A.6.2.4");
        let beside = found.and_then(|one| one["relevance"].as_f64()).expect("is relevant");
        assert!((beside - alone).abs() < 1e-4, "{file}: {beside} beside another, {alone} alone");
    }
}

#[test]
fn a_model_is_fetched_once_by_its_name_and_may_not_change_unseen() {
    let Some(model) = folder("SUFFICIT_TEST_ONNX") else { return };
    let hub = Hub::serve(&model, REPOSITORY, None);
    let bench =
        bench(&format!("[embedding]\nmodel = \"all-MiniLM-L6-v2\"\nhub = \"{}\"\n", hub.address));
    let doctor = bench.run(["doctor", "--format", "json"]);
    assert!(
        doctor.out.contains("not here yet") && doctor.out.contains(&hub.address),
        "{}",
        doctor.out
    );
    assert!(hub.asked().is_empty(), "doctor fetches nothing");
    let first = explain(&bench).exits(0);
    assert!(first.err.contains("fetching all-MiniLM-L6-v2"), "{}", first.err);
    let asked = hub.asked();
    let from = |revision: &str, file: &str| format!("/{REPOSITORY}/resolve/{revision}/{file}");
    assert_eq!(asked[..2], [from("main", "model.onnx"), "/blobs/model.onnx".to_owned()]);
    assert!(asked[2..].iter().all(|path| path.contains(REVISION)), "of one revision: {asked:?}");
    assert!(!asked.iter().any(|path| path.contains(": ")), "nothing tells of the user: {asked:?}");
    assert_eq!(explain(&bench).exits(0).out, first.out);
    assert_eq!(hub.asked(), asked, "the second time nothing is fetched");
    let tokenizer = bench.beside("cache/models/all-MiniLM-L6-v2/tokenizer.json");
    let mut changed = std::fs::read_to_string(&tokenizer).expect("is there");
    changed.push('\n');
    std::fs::write(&tokenizer, changed).expect("is writable");
    let refused = explain(&bench).exits(2);
    assert!(refused.err.contains("tokenizer.json is not what was fetched"), "{}", refused.err);
}

#[test]
fn other_bytes_than_the_hub_promised_are_refused() {
    let Some(model) = folder("SUFFICIT_TEST_ONNX") else { return };
    let hub = Hub::serve(&model, REPOSITORY, Some("0".repeat(64)));
    let settings =
        format!("[embedding]\nmodel = \"all-minilm-l6-v2\"\nhub = \"{}\"\n", hub.address);
    let bench = bench(&settings);
    let refused = explain(&bench).exits(2);
    assert!(refused.err.contains("and the hub says 000000"), "{}", refused.err);
    assert!(!bench.beside("cache/models/all-MiniLM-L6-v2/model.onnx").exists());
    let gone = "[embedding]\nmodel = \"all-MiniLM-L6-v2\"\nhub = \"http://127.0.0.1:9\"\n";
    set(&bench, gone);
    let refused = explain(&bench).exits(2);
    assert!(refused.err.contains("all-MiniLM-L6-v2 was not fetched: "), "{}", refused.err);
}

#[test]
fn a_reranker_lowers_what_it_does_not_grant_and_is_part_of_the_version() {
    let Some(reranker) = folder("SUFFICIT_TEST_RERANKER") else { return };
    let without = bench("[embedding]\nmodel = \"static-en\"\n");
    let settings = |weight: f32| {
        format!(
            "[embedding]\nthreads = 1\n[rerank]\nmodel = {:?}\nweight = {weight}\n",
            reranker.display().to_string()
        )
    };
    let with = bench(&settings(0.5));
    let plain = relevance(&explain(&without).exits(0), "A.6.2.4");
    let lowered = relevance(&explain(&with).exits(0), "A.6.2.4");
    assert!(lowered <= plain, "{lowered} {plain}");
    set(&with, &settings(0.0));
    assert_eq!(relevance(&explain(&with).exits(0), "A.6.2.4"), plain, "it has no say");
    set(&with, &settings(1.0));
    assert!(relevance(&explain(&with).exits(0), "A.6.2.4") <= lowered);
    with.ingest().exits(0);
    let status = with.run(["status", "--format", "json"]).exits(0).json();
    let version = status["run"]["versions"]["model"].as_str().expect("a version");
    assert!(version.starts_with("static-en") && version.ends_with("*1/3"), "{version}");
}
