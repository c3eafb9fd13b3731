//! Files made to do harm. Each is refused within its limits, in words, and the rest of the folder is read.

mod fixtures;
mod program;

use fixtures::{hostile, plain};
use program::{Bench, list, text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// For one folder of them, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(150);
const MIB: usize = 1 << 20;

/// Outcome and reason by path, for the files themselves and for what lies in them.
fn outcomes(report: &Value) -> BTreeMap<String, (String, String)> {
    let files = list(report, "files").iter();
    files
        .map(|file| {
            let (status, reason) = (text(file, "status"), text(file, "reason"));
            (text(file, "path").to_owned(), (status.to_owned(), reason.to_owned()))
        })
        .collect()
}

/// Ingests the folder, and makes sure that all files are accounted for and none brought its reader down.
#[track_caller]
fn survived(bench: &Bench) -> BTreeMap<String, (String, String)> {
    let begun = Instant::now();
    let outcomes = outcomes(&bench.ingest().json());
    let took = begun.elapsed();
    for entry in fs::read_dir(bench.evidence()).expect("the folder is there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(outcomes.contains_key(&name), "{name} is not listed");
    }
    for (path, (status, reason)) in &outcomes {
        assert!(status == "read" || !reason.is_empty(), "{path} is {status} without a reason");
        assert!(!reason.contains("did not foresee"), "{path}: {reason}");
    }
    assert!(took < PATIENCE, "it took {} s", took.as_secs());
    outcomes
}

#[track_caller]
fn is_read(outcomes: &BTreeMap<String, (String, String)>, path: &str) {
    assert_eq!(outcomes[path].0, "read", "{path}: {}", outcomes[path].1);
}

#[track_caller]
fn is_refused(outcomes: &BTreeMap<String, (String, String)>, path: &str, why: &str) {
    let (status, reason) = &outcomes[path];
    assert_eq!(status, "failed", "{path}: {reason}");
    assert!(reason.contains(why), "{path}: {reason}");
}

#[test]
fn large_pdfs_and_bombs_are_refused_and_the_rest_is_read() {
    let bench = Bench::with([("a-standard.md", plain::MARKDOWN), ("z-register.csv", plain::CSV)]);
    bench.write("bomb.zip", hostile::nested_bomb());
    bench.write("dolls.zip", hostile::russian_dolls(40));
    bench.write("overlapping.zip", hostile::overlapping(5000));
    bench.write("wide.pdf", hostile::wide_pdf(200 * MIB));
    // A hole of 200 MB after a head: it takes no room on the disk.
    let mut hole = File::create(bench.evidence().join("hole.pdf")).expect("is writable");
    hole.write_all(b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n").expect("is writable");
    hole.set_len(200 * MIB as u64).expect("is writable");
    let larger = File::create(bench.evidence().join("larger.pdf")).expect("is writable");
    larger.set_len(2000 * MIB as u64).expect("is writable");

    let outcomes = survived(&bench);
    is_read(&outcomes, "a-standard.md");
    is_read(&outcomes, "z-register.csv");
    is_refused(&outcomes, "bomb.zip", "limit");
    is_refused(&outcomes, "overlapping.zip", "limit");
    is_refused(&outcomes, "larger.pdf", "limit");
    is_refused(&outcomes, "hole.pdf", "PDF");
    assert_ne!(outcomes["wide.pdf"].0, "read");
    let deepest = outcomes.keys().map(|path| path.matches("!/").count()).max();
    assert!(deepest <= Some(5), "{deepest:?}");
}

#[test]
fn what_is_deep_endless_or_boasting_is_survived() {
    let bench = Bench::with([("a-standard.md", plain::MARKDOWN)]);
    let deep = |open: &str, close: &str, depth| open.repeat(depth) + "deep" + &close.repeat(depth);
    bench.write("boasting.pdf", hostile::boasting_pdf());
    bench.write("circular.pdf", hostile::circular_pdf());
    bench.write("laughs.xml", hostile::laughs());
    bench.write("laughs.docx", hostile::docx_with(&hostile::laughs()));
    bench.write(
        "tables.docx",
        hostile::deep_docx("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 20_000),
    );
    bench.write(
        "controls.docx",
        hostile::deep_docx("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", 20_000),
    );
    bench.write("far.xlsx", hostile::far_xlsx());
    bench.write("repeating.ods", hostile::repeating_ods());
    bench.write("deep.html", deep("<div><b>", "</b></div>", 30_000));
    bench.write("tables.html", deep("<table><tr><td>", "</td></tr></table>", 20_000));
    bench.write("deep.json", deep("[", "]", 500_000));
    bench.write("deep-names.json", deep("{\"a\":", "}", 100_000));
    bench.write("deep.xml", deep("<a>", "</a>", 300_000));
    bench.write("quotes.md", format!("{}deep\n", ">".repeat(100_000)));
    bench.write(
        "brackets.md",
        format!("# Brackets\n\n{}\n\n{}", "[".repeat(100_000), "*a _b ".repeat(50_000)),
    );
    bench.write(
        "lists.md",
        (0..3000).map(|n| format!("{}- a\n", " ".repeat(2 * n))).collect::<String>(),
    );
    bench.write("deep.rtf", format!("{{\\rtf1 {}}}", deep("{\\b ", "}", 300_000)));
    bench.write("commas.csv", format!("a,b\n{}\n", ",".repeat(3 * MIB)));
    bench.write("quote.csv", format!("a,b\n\"{}", "x,\n".repeat(MIB / 8)));
    bench.write("line.txt", "word".repeat(MIB / 4));
    bench.write("blanks.txt", format!("Owner: {}\n{}", "_".repeat(MIB / 4), "[".repeat(MIB / 4)));
    bench.write("parts.eml", hostile::deep_mail(20_000));
    bench.write("forwarded.eml", hostile::forwarded_mail(20_000));
    bench.write("picture.png", hostile::huge_picture());

    let outcomes = survived(&bench);
    is_read(&outcomes, "a-standard.md");
    is_read(&outcomes, "boasting.pdf");
    is_refused(&outcomes, "laughs.docx", "DOCTYPE");
    is_refused(&outcomes, "tables.docx", "nesting");
    is_refused(&outcomes, "controls.docx", "nesting");
    is_refused(&outcomes, "deep.json", "");
}

/// The generators of hostile files that were written beside the first trials, where they are at hand.
#[test]
fn generated_files_are_survived() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/spikes/extraction");
    if !shared.is_dir() || Command::new("python3").arg("--version").output().is_err() {
        eprintln!("not run: it needs python3 and {}", shared.display());
        return;
    }
    let bench = Bench::with([("a-standard.md", plain::MARKDOWN)]);
    for entry in fs::read_dir(generated(&shared)).expect("the folder is there").flatten() {
        let name = entry.file_name();
        fs::copy(entry.path(), bench.evidence().join(name)).expect("is writable");
    }
    let outcomes = survived(&bench);
    is_read(&outcomes, "a-standard.md");
    let read = [
        "plain.docx",
        "prefix_ns0.docx",
        "default_ns.docx",
        "no_content_types.docx",
        "no_doc_rels.docx",
        "vml_textbox.docx",
        "dml_textbox.docx",
        "utf16.docx",
        "footnote.docx",
        "lie_size_4g.docx",
        "image_bomb_png.docx",
        "plain.pdf",
        "junk_prefix.pdf",
        "nest_array_1000000.pdf",
        "nest_dict_200000.pdf",
    ];
    for path in read {
        is_read(&outcomes, path);
    }
    for path in ["bomb_1g.docx", "bomb_6g.docx", "amp_empty_p.docx", "nest_tbl_100000.docx"] {
        is_refused(&outcomes, path, "limit");
    }
}

/// The generated files. They take a minute to make, so they stay in Cargo's folder for test files.
fn generated(shared: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    let made = folder.with_extension("made");
    if !made.exists() {
        let _ = fs::remove_dir_all(&folder);
        let real = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../examples/vellmoor-coldchain/01-governance/ai-policy.pdf");
        for (script, given) in
            [("make_hostile_pdf.py", Some(&real)), ("make_hostile_docx.py", None)]
        {
            let mut command = Command::new("python3");
            command.arg(shared.join(script)).arg(&folder).args(given);
            assert!(command.status().expect("python3 starts").success(), "{script}");
        }
        File::create(made).expect("is writable");
    }
    folder
}
