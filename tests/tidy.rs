//! The house rules of docs/ARCHITECTURE.md, as tests.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Longer files are asked to become two.
const LINES: usize = 500;

/// Longer files that stay, with the reason.
const LONG: [(&str, &str); 0] = [];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("the repository is there")
}

/// Every file that belongs to the repository, relative to its root.
fn files() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output();
    let mut files = match listed {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout)
            .split_terminator('\0')
            .map(str::to_owned)
            .filter(|path| root().join(path).is_file())
            .collect(),
        _ => {
            let mut found = Vec::new();
            walk(&root(), "", &mut found);
            found
        }
    };
    files.sort();
    assert!(files.iter().any(|path| path == "Cargo.toml"), "the repository was not listed");
    files
}

fn walk(folder: &Path, name: &str, found: &mut Vec<String>) {
    for entry in folder.read_dir().expect("the folder is listed").flatten() {
        let own = entry.file_name().to_string_lossy().into_owned();
        if own == "target" || own == ".git" || own == ".sufficit" || own == "__pycache__" {
            continue;
        }
        let name = if name.is_empty() { own } else { format!("{name}/{own}") };
        if entry.path().is_dir() {
            walk(&entry.path(), &name, found);
        } else {
            found.push(name);
        }
    }
}

/// The file's text; `None` where it is not text.
fn text(path: &str) -> Option<String> {
    String::from_utf8(fs::read(root().join(path)).expect("is readable")).ok()
}

fn is_rust(path: &str) -> bool {
    path.ends_with(".rs")
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}

fn name(value: &Value) -> &str {
    value["name"].as_str().expect("has a name")
}

/// The dependencies of each member that are compiled into what we ship.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let of = |package: &Value| {
        let all = package["dependencies"].as_array().expect("a list of dependencies");
        all.iter().filter(|one| one["kind"].is_null()).map(|one| name(one).to_owned()).collect()
    };
    packages.iter().map(|package| (name(package).to_owned(), of(package))).collect()
}

#[test]
fn data_goes_one_way() {
    let middle = ["config", "ingest", "index", "mapper", "review"];
    for (package, dependencies) in dependencies() {
        let ours: Vec<&str> =
            dependencies.iter().filter_map(|name| name.strip_prefix("sufficit-")).collect();
        let allowed: Vec<&str> = match package.strip_prefix("sufficit-") {
            Some("evidence") => vec![],
            Some("app") => ["evidence"].into_iter().chain(middle).collect(),
            Some(folder) if middle.contains(&folder) => vec!["evidence"],
            _ => panic!("{package} has no place in the picture of docs/ARCHITECTURE.md"),
        };
        for other in ours {
            assert!(allowed.contains(&other), "{package} must not depend on sufficit-{other}");
        }
    }
}

#[test]
fn what_decides_does_no_input_or_output() {
    let doors = [
        "tokio",
        "sqlx",
        "rusqlite",
        "tantivy",
        "memmap2",
        "reqwest",
        "hyper",
        "axum",
        "zip",
        "lopdf",
        "tempfile",
        "walkdir",
        "rand",
        "fastrand",
        "getrandom",
        "rayon",
        "tracing",
    ];
    let dependencies = dependencies();
    for package in ["sufficit-evidence", "sufficit-mapper"] {
        for door in doors {
            assert!(
                !dependencies[package].iter().any(|name| name == door),
                "{package} needs no {door}"
            );
        }
    }
    let calls = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::time",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "async fn",
    ];
    for path in files()
        .iter()
        .filter(|path| path.starts_with("evidence/src/") || path.starts_with("mapper/src/"))
    {
        let text = text(path).expect("is text");
        for call in calls {
            assert!(!text.contains(call), "{path} must not use {call}");
        }
    }
}

#[test]
fn a_package_is_named_after_its_folder() {
    let metadata = metadata();
    for package in metadata["packages"].as_array().expect("a list of packages") {
        let manifest = Path::new(package["manifest_path"].as_str().expect("has a manifest"));
        let folder = manifest.parent().and_then(Path::file_name).expect("has a folder");
        assert_eq!(name(package), format!("sufficit-{}", folder.to_string_lossy()));
    }
}

#[test]
fn every_crate_begins_by_saying_what_it_is() {
    let fronts: Vec<String> = files()
        .into_iter()
        .filter(|path| path.ends_with("src/lib.rs") || path.ends_with("src/main.rs"))
        .collect();
    assert!(fronts.len() >= 7, "{fronts:?}");
    let tests = files().into_iter().filter(|path| path.starts_with("tests/") && is_rust(path));
    for path in fronts.into_iter().chain(tests) {
        assert!(text(&path).expect("is text").starts_with("//! "), "{path} opens with `//!`");
    }
}

#[test]
fn no_module_is_a_drawer_for_odds_and_ends() {
    let drawers = ["utils", "util", "helpers", "helper", "common", "manager", "misc", "new"];
    for path in files().iter().filter(|path| is_rust(path)) {
        let drawer = path.split(['/', '.']).find(|part| drawers.contains(part));
        assert_eq!(drawer, None, "{path}: name it for what lies in it");
    }
}

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for path in files().iter().filter(|path| is_rust(path)) {
        let lines = text(path).expect("is text").lines().count();
        if lines > LINES && !LONG.iter().any(|(known, _)| known == path) {
            long.push(format!("{path} has {lines} lines"));
        }
    }
    assert!(long.is_empty(), "over {LINES} lines, make two of each: {long:#?}");
    for (path, reason) in LONG {
        let lines = text(path).expect("is text").lines().count();
        assert!(lines > LINES, "{path} is short again; take it off the list ({reason})");
    }
}

#[test]
fn no_file_knows_a_developers_machine() {
    // Written in parts, so that this file does not hold what it looks for.
    let homes = ["home", "Users", "root", "work"].map(|folder| format!("/{folder}/"));
    let drive = format!(":{}Users", '\\');
    let mut found = Vec::new();
    // What others wrote and built names their machines, not ours.
    for path in files().into_iter().filter(|path| !path.contains("/assets/vendor/")) {
        let Some(text) = text(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            let begins = |home: &String| {
                line.match_indices(home.as_str()).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    let after = line[at + home.len()..].chars().next();
                    // A path begins after a blank or a mark; in the middle of another path or an address it is none.
                    before.is_none_or(|c| !(c.is_alphanumeric() || "/._-~}*".contains(c)))
                        && after.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.')
                })
            };
            if homes.iter().any(begins) || line.contains(&drive) {
                found.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "absolute paths of one machine: {found:#?}");
}

#[test]
fn all_data_of_config_is_compiled_in() {
    let files = files();
    let sources: String = files
        .iter()
        .filter(|path| path.starts_with("config/src/"))
        .filter_map(|path| text(path))
        .collect();
    let data = files.iter().filter_map(|path| {
        let inner = path.strip_prefix("config/")?;
        (inner.ends_with(".toml") && inner != "Cargo.toml").then_some(inner)
    });
    for path in data {
        assert!(
            sources.contains(&format!("include_str!(\"../{path}\")")),
            "config/{path} is not compiled in"
        );
    }
}

#[test]
fn every_snapshot_has_its_test() {
    let tests: BTreeMap<String, String> = files()
        .into_iter()
        .filter(|path| path.starts_with("tests/") && is_rust(path))
        .map(|path| (path.clone(), text(&path).expect("is text")))
        .collect();
    for path in files().iter().filter(|path| path.starts_with("tests/snapshots/")) {
        assert!(!path.ends_with(".snap.new"), "{path} waits for a decision");
        let stem = path.trim_start_matches("tests/snapshots/").trim_end_matches(".snap");
        let (target, snapshot) = stem.split_once("__").expect("TARGET__NAME.snap");
        let source = tests.get(&format!("tests/{target}.rs"));
        assert!(
            source.is_some_and(|text| text.contains(&format!("\"{snapshot}\""))),
            "{path} has no test"
        );
    }
}
