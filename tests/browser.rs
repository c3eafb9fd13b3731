//! The review app in a real browser, as a reviewer meets it. Pictures of each page lie in `target/tmp/screenshots`.
#![cfg(unix)]

mod chromium;
mod example;
#[allow(dead_code, reason = "one file of a kind is enough here")]
#[path = "fixtures/pdf.rs"]
mod pdf;
mod program;
mod server;

use chromium::Chromium;
use example::example;
use program::{Bench, list, run, text};
use serde_json::Value;
use server::Server;
use std::future::Future;
use std::path::Path;

/// A laptop's window, and a tablet's.
const LAPTOP: (u32, u32) = (1280, 900);
const TABLET: (u32, u32) = (820, 1180);

/// The item whose detail is shown.
const SHOWN: &str = "document.querySelector('article.detail')?.dataset.item";

fn with_browser(test: impl Future<Output = ()>) {
    if !Chromium::is_here() {
        return;
    }
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(test);
}

/// A copy of the example company's workspace, to decide in.
fn company() -> Bench {
    let bench = Bench::new();
    example::copy_to(&bench.workspace());
    bench
}

fn decisions(workspace: &Path) -> Vec<Value> {
    run(workspace, ["export", "decisions", "--format", "jsonl"]).exits(0).lines()
}

#[test]
fn a_reviewer_works_through_ten_items_by_keyboard_alone() {
    with_browser(async {
        let bench = company();
        let server = Server::start(&bench.workspace());
        let browser = Chromium::open(&server.printed, LAPTOP).await;
        browser.goto("/queue").await;
        browser.until(SHOWN).await;
        let mut items = Vec::new();
        for turn in 0..10 {
            let item = browser.text(SHOWN).await;
            assert!(!items.contains(&item), "{item} came twice");
            match turn {
                3 => {
                    browser.strike("1").await;
                    browser.until("document.activeElement.name === 'why'").await;
                    browser.strike("Only the subject is named.\u{E007}").await;
                }
                6 => {
                    browser.strike("r").await;
                    browser.until("document.activeElement.name === 'why'").await;
                    browser.strike("It is about another subject.\u{E007}").await;
                }
                _ => browser.strike("a").await,
            }
            // The next one is there before the server has answered, and the row says what was decided once it has.
            browser.until(&format!("{SHOWN} !== '{item}'")).await;
            items.push(item);
        }
        let last = items.last().expect("ten were decided");
        browser.until(&format!("{}.match(/accepted/)", words_of(last))).await;
        browser.strike("u").await;
        browser.until(&format!("{}.match(/proposed/)", words_of(last))).await;
        drop(browser);

        let decided = decisions(&bench.workspace());
        let actions: Vec<&str> = decided.iter().map(|decision| text(decision, "action")).collect();
        let mut expected = vec!["accept"; 10];
        expected[3] = "override";
        expected[6] = "reject";
        expected.push("undo");
        assert_eq!(actions, expected);
        assert_eq!(decided[3]["sufficiency"], 1);
        assert_eq!(text(&decided[3], "why"), "Only the subject is named.");
        assert_eq!(text(&decided[6], "why"), "It is about another subject.");
        assert_eq!(decided[10]["number"], 11);
        run(&bench.workspace(), ["audit", "verify"]).exits(0);
    });
}

/// What the row of an item says.
fn words_of(item: &str) -> String {
    format!("document.querySelector('[data-item=\"{item}\"].item').textContent")
}

#[test]
fn the_passage_is_marked_in_the_page_of_its_pdf() {
    with_browser(async {
        let workspace = &example().workspace;
        let matches = run(workspace, ["export", "matches", "--format", "jsonl"]).exits(0).lines();
        let cited = matches
            .iter()
            .find(|found| {
                text(found, "document").ends_with("ai-policy.pdf")
                    && list(found, "strengths").iter().any(|one| one["citation"]["page"].is_u64())
            })
            .expect("the policy is cited with its page");
        let path = format!(
            "/matches/{}/{}/{}",
            text(cited, "sha256"),
            text(cited, "framework"),
            text(cited, "requirement")
        );
        let bench = company();
        let server = Server::start(&bench.workspace());
        let browser = Chromium::open(&server.printed, LAPTOP).await;
        browser.goto(&path).await;
        browser.until("document.querySelectorAll('.pdf .found').length > 0").await;
        browser.picture("match-pdf").await;
        let seen = browser
            .value(
                "(() => {
            const mark = document.querySelector('.pdf .found').getBoundingClientRect();
            const frame = document.querySelector('.pdf').getBoundingClientRect();
            return mark.width > 5 && mark.top >= frame.top && mark.bottom <= frame.bottom;
        })()",
            )
            .await;
        assert_eq!(seen, true, "the mark is where it can be seen");
    });
}

#[test]
fn every_page_is_there_for_everybody() {
    with_browser(async {
        let bench = company();
        let server = Server::start(&bench.workspace());
        let browser = Chromium::open(&server.printed, LAPTOP).await;
        browser.goto("/queue").await;
        let document = browser
            .text("document.querySelector('#queue a[href*=\"m/\"]')?.href.match(/m\\/([0-9a-f]{64})/)[1]")
            .await;
        let detail = browser
            .text("document.querySelector('#queue [data-item^=\"m/\"]').dataset.href.split('?')[0]")
            .await;
        let pages = [
            ("overview", "/".to_owned()),
            ("queue", "/queue".to_owned()),
            ("match", detail),
            ("requirements", "/requirements".to_owned()),
            ("requirement", "/requirements/iso42001/A.6.2.4".to_owned()),
            ("documents", "/documents".to_owned()),
            ("document", format!("/documents/{document}")),
            ("search", "/search?q=who+approves+a+release".to_owned()),
            ("upload", "/upload".to_owned()),
            ("record", "/audit".to_owned()),
            ("missing", "/no-such-page".to_owned()),
        ];
        for theme in ["light", "dark"] {
            browser.value(&format!("localStorage.setItem('theme', '{theme}')")).await;
            for (name, path) in &pages {
                for (size, width) in [(LAPTOP, "laptop"), (TABLET, "tablet")] {
                    browser.resize(size).await;
                    browser.goto(path).await;
                    browser.until("document.readyState === 'complete'").await;
                    browser.picture(&format!("{name}-{width}-{theme}")).await;
                    let wide =
                        browser.value("document.documentElement.scrollWidth > innerWidth").await;
                    assert_eq!(wide, false, "{path} is wider than a {width}");
                }
                let faults = browser.accessibility_faults().await;
                assert!(faults.is_empty(), "{path}, {theme}: {faults:#?}");
                let strangers = browser.strangers().await;
                assert!(strangers.is_empty(), "{path} asks elsewhere: {strangers:?}");
            }
        }
    });
}

#[test]
fn a_folder_is_uploaded_and_its_files_are_there_when_it_has_been_read() {
    with_browser(async {
        let bench = Bench::with([
            (
                "folder/ai-policy.md",
                "# AI policy\n\nApproved by the board on 4 May 2026. The company assesses the impact of each AI system on people before its release.\n",
            ),
            (
                "folder/deep/minutes.md",
                "# Minutes\n\nThe committee met on 3 May 2026 and approved the AI policy.\n",
            ),
        ]);
        let server = Server::start(&bench.workspace());
        let browser = Chromium::open(&server.printed, LAPTOP).await;
        browser.goto("/upload").await;
        let folder = bench.evidence().join("folder");
        browser
            .fill("#upload input[webkitdirectory]", folder.to_str().expect("a path in UTF-8"))
            .await;
        browser.until("document.querySelectorAll('tbody tr').length === 2").await;
        browser
            .until("[...document.querySelectorAll('tbody .state')].every((state) => /^read/.test(state.textContent))")
            .await;
        browser.picture("upload-read").await;
        browser.goto("/documents").await;
        browser.until("/deep\\/minutes\\.md/.test(document.body.textContent)").await;
        browser.goto("/search?q=committee+approved").await;
        browser.until("/minutes\\.md/.test(document.querySelector('main').textContent)").await;
    });
}

/// Adds a reviewer named `rhona`, as whom [`log_in`] logs in.
fn add_rhona(workspace: &Path) {
    let add = ["user", "add", "rhona", "--role", "reviewer", "--password-stdin"];
    program::run_with(workspace, add, "a long enough password\n").exits(0);
}

async fn log_in(browser: &Chromium) {
    browser.until("document.querySelector('input[type=password]')").await;
    browser.fill("input[name=name]", "rhona").await;
    browser.fill("input[type=password]", "a long enough password\u{E007}").await;
    browser.until("document.body.dataset.role === 'reviewer'").await;
}

#[test]
fn what_was_typed_is_there_again_when_the_session_ended_meanwhile() {
    with_browser(async {
        let bench = company();
        let workspace = bench.workspace();
        add_rhona(&workspace);
        let server = Server::start(&workspace);
        let browser = Chromium::open(&server.printed, LAPTOP).await;
        log_in(&browser).await;
        browser.goto("/queue").await;
        browser.until(SHOWN).await;
        let item = browser.text(SHOWN).await;
        browser.strike("r").await;
        browser.until("document.activeElement.name === 'why'").await;
        browser.forget_session().await;
        browser.strike("It speaks of another company.\u{E007}").await;
        log_in(&browser).await;
        let typed = "document.querySelector('form.decide [name=why]').value";
        browser.until(&format!("{typed} === 'It speaks of another company.'")).await;
        assert_eq!(browser.text(SHOWN).await, item);
        assert!(decisions(&workspace).is_empty());
        browser.fill("form.decide [name=why]", "\u{E007}").await;
        browser.until(&format!("{}.match(/rejected/)", words_of(&item))).await;
        drop(browser);
        let decided = decisions(&workspace);
        assert_eq!((text(&decided[0], "by"), text(&decided[0], "action")), ("rhona", "reject"));
    });
}

#[test]
fn what_was_typed_into_plain_forms_is_there_again_when_the_session_ended() {
    with_browser(async {
        let bench = company();
        let workspace = bench.workspace();
        add_rhona(&workspace);
        let server = Server::start(&workspace);
        let browser = Chromium::open(&server.printed, LAPTOP).await;
        log_in(&browser).await;

        // A match that is added from the search.
        let search = "/search?for=iso42001/A.6.2.4&q=boiler";
        browser.goto(search).await;
        browser.until("document.querySelectorAll('form.add').length > 1").await;
        let second = "document.querySelectorAll('form.add')[1]";
        let passage = browser
            .text(&format!("{second}.elements.item.value + {second}.elements.start.value"))
            .await;
        browser.value(&format!("{second}.closest('details').open = true")).await;
        browser
            .value(&format!("{second}.querySelector('input[value=\"2\"]').checked = true"))
            .await;
        browser.value(&format!("{second}.elements.why.value = 'It names the boiler.'")).await;
        browser.forget_session().await;
        browser.value(&format!("{second}.querySelector('button').click()")).await;
        log_in(&browser).await;
        let kept = "[...document.querySelectorAll('form.add')].find((form) => form.elements.why.value === 'It names the boiler.')";
        browser.until(&format!("{kept}.closest('details').open")).await;
        let again = browser
            .text(&format!("{kept}.elements.item.value + {kept}.elements.start.value"))
            .await;
        assert_eq!(again, passage, "in the form of its passage");
        assert_eq!(browser.text(&format!("{kept}.elements.sufficiency.value")).await, "2");
        assert!(decisions(&workspace).is_empty());
        browser.value(&format!("{kept}.querySelector('button').click()")).await;
        browser.until("location.pathname.startsWith('/matches/')").await;

        // A fact of a document that is set right.
        let document = browser.text("location.pathname.split('/')[2]").await;
        browser.goto(&format!("/documents/{document}")).await;
        let owner = "document.querySelector('#fact-owner')";
        browser.until(owner).await;
        browser.value(&format!("{owner}.closest('details').open = true")).await;
        browser.value(&format!("{owner}.value = 'Head of Boilers'")).await;
        browser.value("document.querySelector('#why-owner').value = 'By their own word.'").await;
        browser.forget_session().await;
        browser.value(&format!("{owner}.form.querySelector('button').click()")).await;
        log_in(&browser).await;
        browser.until(&format!("{owner}.value === 'Head of Boilers'")).await;
        // As where somebody logged in anew in another tab: the form is of the session before.
        browser.value(&format!("{owner}.form.elements.csrf.value = 'of the session before'")).await;
        browser.value(&format!("{owner}.form.querySelector('button').click()")).await;
        let load = "[...document.querySelectorAll('#said button')].find((button) => button.textContent === 'Load the page again')";
        browser.until(load).await;
        browser.value(&format!("{load}.click()")).await;
        browser.until(&format!("{owner}.value === 'Head of Boilers' && {owner}.form.elements.csrf.value !== 'of the session before'")).await;
        let why = browser.text("document.querySelector('#why-owner').value").await;
        assert_eq!(why, "By their own word.");
        browser.value(&format!("{owner}.form.querySelector('button').click()")).await;
        browser
            .until("/Head of Boilers/.test(document.querySelector('ul.history')?.textContent)")
            .await;
        let typed = browser.value("document.querySelector('#why-owner').value").await;
        assert_eq!(typed, "", "what was recorded is not kept");
        drop(browser);
        let decided = decisions(&workspace);
        let actions: Vec<&str> = decided.iter().map(|decision| text(decision, "action")).collect();
        assert_eq!(actions, ["add", "correct"]);
        assert_eq!(text(&decided[0], "why"), "It names the boiler.");
    });
}

/// An AI policy of one page, with a part of this length that no page needs.
fn policy_pdf(padding: usize) -> Vec<u8> {
    let lines = b"BT /F1 18 Tf 72 720 Td (AI policy) Tj ET BT /F1 11 Tf 72 690 Td 14 TL \
        (The board approved this AI policy on 3 May 2026. Owner: R. Castleby.) Tj T* \
        (Every AI system is listed in a register, and each has an owner.) Tj ET";
    let form = pdf::stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", b"");
    pdf::one_page(lines, "", vec![form, pdf::stream("", &vec![b' '; padding])])
}

/// The page of a match with a strength that is quoted.
fn quoted(bench: &Bench) -> String {
    bench.ingest().exits(0);
    let matches = bench.matches();
    let found = matches
        .iter()
        .find(|found| list(found, "strengths").iter().any(|one| one["citation"].is_object()))
        .expect("the policy matches something");
    format!(
        "/matches/{}",
        ["sha256", "framework", "requirement"].map(|key| text(found, key)).join("/")
    )
}

#[test]
fn of_a_long_pdf_only_what_is_shown_is_fetched() {
    with_browser(async {
        let bench = Bench::with([("policy.pdf", policy_pdf(3 << 20))]);
        let path = quoted(&bench);
        let server = Server::start(&bench.workspace());
        let browser = Chromium::open(&server.printed, LAPTOP).await;
        browser.goto(&path).await;
        browser.until("document.querySelectorAll('.pdf .found').length > 0").await;
        let fetched = browser
            .value("performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('/file')).reduce((sum, entry) => sum + entry.encodedBodySize, 0)")
            .await;
        let few = fetched.as_u64().is_some_and(|bytes| bytes < 2 << 20);
        assert!(few, "{fetched} bytes were fetched");
        server.log_with("route=\"/documents/{document}/file\" status=206");
    });
}

#[test]
fn a_pdf_in_an_archive_is_shown_as_its_page() {
    with_browser(async {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file("policy.pdf", zip::write::SimpleFileOptions::default()).expect("begins");
        std::io::Write::write_all(&mut archive, &policy_pdf(600 << 10)).expect("is written");
        let bench = Bench::with([("evidence.zip", archive.finish().expect("ends").into_inner())]);
        let path = quoted(&bench);
        let server = Server::start(&bench.workspace());
        let browser = Chromium::open(&server.printed, LAPTOP).await;
        browser.goto(&path).await;
        browser.until("document.querySelectorAll('.pdf .found').length > 0").await;
    });
}

#[test]
fn a_viewer_logs_in_and_cannot_decide() {
    with_browser(async {
        let bench = company();
        let workspace = bench.workspace();
        let add = ["user", "add", "vera", "--role", "viewer", "--password-stdin"];
        program::run_with(&workspace, add, "a long enough password\n").exits(0);
        let server = Server::start(&workspace);
        let browser = Chromium::open(&server.printed, LAPTOP).await;
        browser.until("document.querySelector('input[type=password]')").await;
        browser.picture("login").await;
        assert_eq!(browser.accessibility_faults().await, Vec::<String>::new());
        browser.fill("input[name=name]", "vera").await;
        browser.fill("input[type=password]", "a long enough password\u{E007}").await;
        browser.until("document.body.dataset.role === 'viewer'").await;
        browser.goto("/queue").await;
        browser.until(SHOWN).await;
        assert_eq!(browser.value("document.querySelectorAll('form.decide').length").await, 0);
        browser.strike("a").await;
        browser.goto("/queue").await;
        drop(browser);
        assert!(decisions(&workspace).is_empty());
    });
}
