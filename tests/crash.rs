//! A run that is killed again and again loses nothing that was acknowledged, doubles nothing, and ends where an
//! undisturbed one does.

mod example;
mod program;

use example::example;
use program::{Bench, Done, command, list, number, run, text};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// Shares of an undisturbed workspace's size at which the program is killed: while it opens, reads, records, indexes, maps.
const MOMENTS: [f64; 5] = [0.02, 0.17, 0.41, 0.66, 0.9];

/// A small document.
const MINUTES: &str = "# Minutes\n\nThe committee met on 3 May 2026 and approved the new boiler.\n";

/// A document that bears on several requirements.
const POLICY: &str = "# AI policy\n\nVersion 1.2, approved by the managing director on 4 May 2026.\n\n\
    The company commits to lawful and fair use of AI systems. The Head of AI reviews this policy every year, and every \
    employee is told of it. The impact of each AI system on people is assessed before release.\n";

fn bytes_in(folder: &Path) -> u64 {
    let Ok(entries) = folder.read_dir() else { return 0 };
    let size = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => bytes_in(&entry.path()),
        Ok(meta) => meta.len(),
        // The program removes files while we look.
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

/// Starts an ingest and kills it once the workspace holds `bytes`. Whether it was still running then.
fn killed_at(workspace: &Path, bytes: u64) -> bool {
    let mut child = command(workspace)
        .arg("ingest")
        .arg(example::evidence())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    while bytes_in(workspace) < bytes {
        if child.try_wait().expect("it is our child").is_some() {
            return false;
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
    child.kill().expect("it is our child");
    child.wait().expect("it is our child").code().is_none()
}

/// The matches without the run that proposed them: an interrupted run takes a number too.
fn matches(done: &Done) -> Vec<Value> {
    let mut matches = done.lines();
    for found in &mut matches {
        found.as_object_mut().expect("an object").remove("run").expect("a match names its run");
    }
    matches
}

fn files(workspace: &Path) -> Vec<Value> {
    let status = run(workspace, ["status", "--format", "json"]).exits(0).json();
    list(&status, "files").to_vec()
}

#[test]
fn a_run_killed_at_any_moment_goes_on_where_it_stopped() {
    let undisturbed = &example().workspace;
    let whole = bytes_in(undisturbed);
    let expected = files(undisturbed);
    let bench = Bench::new();
    let workspace = bench.workspace();
    let mut kills = 0;
    let mut acknowledged: Vec<Value> = Vec::new();
    for share in MOMENTS {
        kills += usize::from(killed_at(&workspace, (whole as f64 * share) as u64));
        if !workspace.join("record.sqlite").exists() {
            continue;
        }
        let now = files(&workspace);
        for file in &acknowledged {
            assert!(now.contains(file), "acknowledged, and lost: {file}");
        }
        for file in &now {
            assert!(expected.contains(file), "recorded by halves: {file}");
        }
        acknowledged = now;
    }
    assert!(kills >= 3, "only {kills} runs were killed: the moments no longer hit");

    run(&workspace, ["ingest".as_ref(), example::evidence().as_os_str()]).exits(1);
    assert_eq!(files(&workspace), expected);
    let export = ["export", "matches", "--format", "jsonl"];
    let (ours, theirs) = (run(&workspace, export).exits(0), run(undisturbed, export).exits(0));
    assert_eq!(matches(&ours).len(), matches(&theirs).len());
    for (ours, theirs) in matches(&ours).iter().zip(&matches(&theirs)) {
        assert_eq!(ours, theirs);
    }
    for query in ["who approves the release of a model", "temperature of the restored backup"] {
        let search = ["search", query, "--format", "jsonl"];
        let (ours, theirs) = (run(&workspace, search).exits(0), run(undisturbed, search).exits(0));
        let places = |done: &Done| -> Vec<String> {
            let place =
                |hit: &Value| format!("{} {}", text(hit, "document"), hit["citation"]["start"]);
            done.lines().iter().map(place).collect()
        };
        assert!(!places(&ours).is_empty());
        assert_eq!(places(&ours), places(&theirs), "{query}");
    }
}

/// Each commit that an ingest makes, from either side.
const BOUNDARIES: [&str; 8] = [
    "before Files",
    "after Files",
    "before RunBegun",
    "after RunBegun",
    "before Matches",
    "after Matches",
    "before RunFinished",
    "after RunFinished",
];

#[test]
fn a_run_that_ends_on_either_side_of_a_commit_goes_on_where_it_stopped() {
    let undisturbed = Bench::with([("a.md", MINUTES), ("b.md", POLICY)]);
    undisturbed.ingest().exits(0);
    let export = ["export", "matches", "--format", "jsonl"];
    let expected = matches(&undisturbed.run(export).exits(0));
    assert!(!expected.is_empty(), "the documents match something");
    for boundary in BOUNDARIES {
        let bench = Bench::with([("a.md", MINUTES), ("b.md", POLICY)]);
        let ended = command(&bench.workspace())
            .arg("ingest")
            .arg(bench.evidence())
            .env("SUFFICIT_FAIL_POINT", boundary)
            .output()
            .expect("the program starts");
        assert_eq!(ended.status.code(), None, "{boundary}: it was not ended there");
        bench.ingest().exits(0);
        assert_eq!(files(&bench.workspace()), files(&undisturbed.workspace()), "{boundary}");
        assert_eq!(matches(&bench.run(export).exits(0)), expected, "{boundary}");
    }
}

/// Writes junk over every file under `folder`.
fn spoil(folder: &Path) {
    for entry in folder.read_dir().expect("the folder is listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            spoil(&path);
        } else {
            std::fs::write(path, b"\x00\xff junk").expect("is writable");
        }
    }
}

#[test]
fn an_index_that_was_spoilt_is_made_again_from_the_record() {
    let bench = Bench::with([("a.md", MINUTES)]);
    bench.ingest().exits(0);
    let search = || bench.run(["search", "boiler", "--format", "jsonl"]).exits(0).lines();
    let before = search();
    spoil(&bench.workspace().join("index"));
    assert_eq!(search(), before);
}

#[test]
fn a_record_that_is_no_record_is_left_alone() {
    let bench = Bench::with([("a.md", MINUTES)]);
    let record = bench.workspace().join("record.sqlite");
    std::fs::create_dir(bench.workspace()).expect("is writable");
    std::fs::write(&record, MINUTES.repeat(200)).expect("is writable");
    let refused = bench.ingest().exits(2);
    assert!(refused.err.contains("record.sqlite"), "{}", refused.err);
    assert_eq!(std::fs::read_to_string(&record).expect("is there"), MINUTES.repeat(200));
}

#[test]
fn a_second_writer_is_sent_away_and_readers_are_not() {
    let bench = Bench::with([("a.md", MINUTES)]);
    bench.ingest().exits(0);
    let lock =
        std::fs::File::options().write(true).open(bench.workspace().join("record.sqlite.lock"));
    let lock = lock.expect("is there");
    lock.lock().expect("nobody else writes");
    bench.write("b.md", MINUTES);
    for args in [&["ingest", "evidence"][..], &["map"], &["forget", "a.md"]] {
        let refused = bench.run(args);
        assert_eq!(refused.status, Some(2), "{args:?}: {}", refused.err);
    }
    bench.run(["status"]).exits(0);
    assert_eq!(bench.run(["search", "boiler", "--format", "jsonl"]).exits(0).lines().len(), 1);
    drop(lock);
    bench.ingest().exits(0);
}

#[test]
fn an_index_that_was_lost_is_made_again_from_the_record() {
    let bench = Bench::with([("a.md", MINUTES)]);
    bench.ingest().exits(0);
    let search = || bench.run(["search", "boiler", "--format", "jsonl"]).exits(0).lines();
    let before = search();
    assert_eq!(before.len(), 1);
    std::fs::remove_dir_all(bench.workspace().join("index")).expect("is there");
    assert_eq!(search(), before);
}

#[test]
fn a_record_put_back_from_a_copy_and_added_to_has_an_index_of_its_own() {
    let bench = Bench::with([("minutes.md", MINUTES)]);
    bench.ingest().exits(0);
    let copy = bench.beside("copy");
    std::fs::create_dir(&copy).expect("is writable");
    let record = || {
        let entries = bench.workspace().read_dir().expect("is listed");
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file())
    };
    for file in record() {
        std::fs::copy(&file, copy.join(file.file_name().expect("a name"))).expect("is writable");
    }
    let note = |name: &str| {
        format!("# Note on {name}\n\nThe {name} was looked at on 3 June 2026 and is in order.\n")
    };
    for name in ["ladder", "pump"] {
        bench.write(&format!("{name}.md"), note(name));
    }
    bench.ingest().exits(0);
    for name in ["ladder", "pump"] {
        std::fs::remove_file(bench.evidence().join(format!("{name}.md"))).expect("is there");
    }
    record().for_each(|file| std::fs::remove_file(file).expect("is there"));
    for file in copy.read_dir().expect("is listed") {
        let file = file.expect("an entry").path();
        std::fs::copy(&file, bench.workspace().join(file.file_name().expect("a name")))
            .expect("is writable");
    }
    // More than the index had followed, so that the numbers alone tell nothing any more.
    for name in ["valve", "crane", "hoist", "winch"] {
        bench.write(&format!("{name}.md"), note(name));
    }
    bench.ingest().exits(0);
    for name in ["valve", "crane", "hoist", "winch"] {
        let hits = bench.run(["search", name, "--format", "json"]).exits(0).json();
        assert_eq!(text(&hits[0], "document"), format!("{name}.md"));
    }
}

/// The numbers of the decisions that a review says are taken down.
fn taken_down(line: &str) -> Option<u64> {
    line.strip_prefix("decision ")?.split(':').next()?.parse().ok()
}

/// Decides and takes back, again and again, until so many decisions were acknowledged; then kills the program. What it had
/// acknowledged by then, in order.
fn reviewed_until(workspace: &Path, acknowledged: usize) -> Vec<u64> {
    let mut child = command(workspace)
        .args(["review", "--by", "ada"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut answers = child.stdin.take().expect("it is piped");
    let answering = std::thread::spawn(move || {
        // It ends with the program, in the middle of a line or not.
        while answers.write_all(b"2 half of it is missing\nu\n").is_ok() {}
    });
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut numbers = Vec::new();
    while numbers.len() < acknowledged {
        let line = lines.next().expect("it goes on").expect("it writes text");
        numbers.extend(taken_down(&line));
    }
    child.kill().expect("it is our child");
    // What it had written and we had not yet read counts as well; its last line may be torn.
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    numbers.extend(rest.iter().filter_map(|line| taken_down(line)));
    child.wait().expect("it is our child");
    answering.join().expect("it only writes");
    numbers
}

#[test]
fn a_review_killed_at_any_moment_keeps_what_it_acknowledged_once() {
    let bench = Bench::with([(
        "a.md",
        "# AI policy\n\nThe board approves this AI policy on 4 May 2026. The AI policy is reviewed each year.\n",
    )]);
    bench.ingest().exits(0);
    let mut acknowledged: Vec<u64> = Vec::new();
    for round in 0..20 {
        acknowledged.extend(reviewed_until(&bench.workspace(), 1 + round % 7));
        let export = bench.run(["export", "decisions", "--format", "jsonl"]).exits(0);
        let kept: Vec<u64> = export.lines().iter().map(|one| number(one, "number")).collect();
        assert!(kept.iter().copied().eq(1..=kept.len() as u64), "not once each: {kept:?}");
        assert!(acknowledged.iter().all(|number| kept.contains(number)), "lost: {acknowledged:?}");
        bench.run(["audit", "verify"]).exits(0);
    }
    acknowledged.sort_unstable();
    acknowledged.dedup();
    assert!(acknowledged.len() >= 60, "{} decisions only", acknowledged.len());
}

#[test]
fn a_decision_is_there_or_not_on_either_side_of_its_commit() {
    for (boundary, kept) in [("before Decision", 0), ("after Decision", 1)] {
        let bench = Bench::with([("a.md", MINUTES)]);
        bench.ingest().exits(0);
        let decide = ["review", "override", "2", "r/iso42001/A.2.2", "--why", "Seen on site."];
        let ended = command(&bench.workspace())
            .args(decide)
            .env("SUFFICIT_FAIL_POINT", boundary)
            .output()
            .expect("the program starts");
        assert_eq!(ended.status.code(), None, "{boundary}: it was not ended there");
        let decisions = || bench.run(["export", "decisions", "--format", "jsonl"]).exits(0).lines();
        assert_eq!(decisions().len(), kept, "{boundary}");
        bench.run(["audit", "verify"]).exits(0);
        bench.run(decide).exits(0);
        assert_eq!(decisions().len(), kept + 1, "{boundary}");
    }
}
