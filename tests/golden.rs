//! What people read: the tables of `show` and `frameworks show`, as snapshots.
//!
//! After a change that is meant, `INSTA_UPDATE=always cargo test -p sufficit-app --test golden` writes them anew; read the difference.

mod example;
mod program;

use example::example;

#[test]
fn show_a_requirement_with_much_evidence() {
    insta::assert_snapshot!("show_a_5_3", example().run(["show", "iso42001:A.5.3"]).exits(0).out);
}

#[test]
fn show_a_requirement_with_a_gap() {
    insta::assert_snapshot!("show_a_8_3", example().run(["show", "iso42001:A.8.3"]).exits(0).out);
}

#[test]
fn show_a_requirement_with_a_record() {
    insta::assert_snapshot!("show_a_8_13", example().run(["show", "iso27001:A.8.13"]).exits(0).out);
}

#[test]
fn show_a_requirement_of_a_framework() {
    let shown = example().run(["frameworks", "show", "A.6.2.4"]).exits(0).out;
    insta::assert_snapshot!("frameworks_show_a_6_2_4", shown);
}

#[test]
fn readme_shows_what_the_program_prints() {
    let readme = include_str!("../README.md");
    for (command, begins) in
        [(["map", "--quiet"], "    42 files: "), (["show", "iso27001:A.5.18"], "    Gap: ")]
    {
        let printed = example().run(command).exits(0).out;
        let at = readme.find(begins).expect("README has the block");
        let block =
            readme[at..].lines().take_while(|line| line.is_empty() || line.starts_with("    "));
        let mut left = printed.lines().map(str::trim_end);
        for line in block.map(|line| line.get(4..).unwrap_or_default().trim_end()) {
            let shown = matches!(line.trim(), "" | "...") || left.any(|printed| printed == line);
            assert!(shown, "README shows what {command:?} does not print there: {line}");
        }
    }
}
