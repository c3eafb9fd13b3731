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
