//! A headless Chromium, driven as a person drives it: addresses, keys, and what can be seen.

#![allow(dead_code, reason = "compiled into each test target, and no target needs all of it")]

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// What finds accessibility faults: axe-core 4.14.1, from npm.
const AXE: &str = include_str!("fixtures/axe.min.js");

/// Milliseconds after which what was waited for counts as not coming; longer than anything takes on a busy machine.
const PATIENCE: u32 = 60_000;

/// A browser with one window, which is closed with the value.
pub(crate) struct Chromium {
    driver: Child,
    client: Client,
    origin: String,
    _profile: TempDir,
}

impl Chromium {
    /// Whether there is a browser here; says so where there is none.
    pub(crate) fn is_here() -> bool {
        let here = Command::new("chromedriver").arg("--version").stdout(Stdio::null()).status();
        let here = here.is_ok_and(|status| status.success());
        if !here {
            eprintln!("not run: chromedriver is not installed (Debian: chromium-driver)");
        }
        here
    }

    /// Opens a window of this size at `address`.
    pub(crate) async fn open(address: &str, (width, height): (u32, u32)) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let mut said = BufReader::new(driver.stdout.take().expect("is piped")).lines();
        let port = said
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, port) = line.split_once("started successfully on port ")?;
                Some(port.trim_end_matches('.').to_owned())
            })
            .expect("chromedriver says its port");
        // What it says later is read, so that it never waits for somebody to.
        std::thread::spawn(move || said.for_each(drop));

        let profile = tempfile::tempdir().expect("a temporary folder");
        let folder = format!("--user-data-dir={}", profile.path().display());
        let size = format!("--window-size={width},{height}");
        // It finds nothing but this machine, so that a page which asks elsewhere shows.
        let nowhere = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";
        let options = json!({ "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--hide-scrollbars", "--no-first-run", nowhere, folder, size,
        ] });
        let wanted = json!({ "goog:chromeOptions": options, "browserName": "chrome" });
        let wanted = wanted.as_object().expect("an object").clone();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a window opens");
        let origin: String = address.split('/').take(3).collect::<Vec<_>>().join("/");
        let browser = Self { driver, client, origin, _profile: profile };
        browser.client.goto(address).await.expect("the address opens");
        browser
    }

    /// Opens a page of the same server.
    pub(crate) async fn goto(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.origin)).await.expect("the page opens");
    }

    /// Goes back, as the browser's button does.
    pub(crate) async fn back(&self) {
        self.client.back().await.expect("there is a page before");
    }

    /// Path and query of the page that is shown.
    pub(crate) async fn address(&self) -> String {
        let url = self.client.current_url().await.expect("has an address");
        match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        }
    }

    /// Strikes these keys, wherever the focus is.
    pub(crate) async fn strike(&self, keys: &str) {
        let strokes =
            keys.chars().fold(KeyActions::new("keyboard".to_owned()), |strokes, value| {
                strokes.then(KeyAction::Down { value }).then(KeyAction::Up { value })
            });
        self.client.perform_actions(strokes).await.expect("the keys are struck");
    }

    /// Puts a value into the first field that `css` finds; for a picker of files, their paths.
    pub(crate) async fn fill(&self, css: &str, value: &str) {
        let field = self.client.find(Locator::Css(css)).await.expect("the field is there");
        field.send_keys(value).await.expect("the field takes it");
    }

    /// Clicks the first thing that `css` finds.
    pub(crate) async fn click(&self, css: &str) {
        let found = self.client.find(Locator::Css(css)).await.expect("it is there");
        found.click().await.expect("it can be clicked");
    }

    /// What a script of the page would get for this expression.
    pub(crate) async fn value(&self, expression: &str) -> Value {
        let script = format!("return ({expression});");
        self.client.execute(&script, Vec::new()).await.expect("the expression has a value")
    }

    /// The same as text; empty where there is none.
    pub(crate) async fn text(&self, expression: &str) -> String {
        self.value(expression).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until this expression is true on the page, whatever page that is by then.
    pub(crate) async fn until(&self, expression: &str) {
        // The browser tells when something in the page has changed; a page that is left ends the script, and then it is asked again.
        let script = format!(
            "const done = arguments[arguments.length - 1];
             const holds = () => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }};
             if (holds()) return done(true);
             const look = () => {{ if (!holds()) return; seen.disconnect(); clearInterval(often); done(true); }};
             const seen = new MutationObserver(look);
             seen.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
             const often = setInterval(look, 50);
             setTimeout(() => {{ seen.disconnect(); clearInterval(often); done(false); }}, {PATIENCE} / 2);"
        );
        let deadline =
            std::time::Instant::now() + std::time::Duration::from_millis(PATIENCE.into());
        while std::time::Instant::now() < deadline {
            if let Ok(Value::Bool(true)) = self.client.execute_async(&script, Vec::new()).await {
                return;
            }
        }
        let page = self.client.source().await.unwrap_or_default();
        panic!("never came true: {expression}\n{}", page.get(..20_000).unwrap_or(&page));
    }

    /// Ends the session, as if its time were over: the browser no longer has its cookie.
    pub(crate) async fn forget_session(&self) {
        self.client.delete_all_cookies().await.expect("they are deleted");
    }

    /// Makes the window this wide and high.
    pub(crate) async fn resize(&self, (width, height): (u32, u32)) {
        self.client.set_window_size(width, height).await.expect("the window takes the size");
    }

    /// Keeps a picture of what is seen, for people to look at.
    pub(crate) async fn picture(&self, name: &str) {
        let folder = pictures();
        std::fs::create_dir_all(&folder).expect("is writable");
        let picture = self.client.screenshot().await.expect("a picture");
        assert!(picture.starts_with(b"\x89PNG"), "{name} is no picture");
        std::fs::write(folder.join(format!("{name}.png")), picture).expect("is writable");
    }

    /// What axe-core finds wrong with the page: the rule, and where.
    pub(crate) async fn accessibility_faults(&self) -> Vec<String> {
        self.client.execute(AXE, Vec::new()).await.expect("axe-core is loaded");
        let run = "const done = arguments[arguments.length - 1];
                   axe.run(document, { resultTypes: ['violations'] })
                      .then((found) => done(found.violations.flatMap((rule) =>
                          rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`))))
                      .catch((fault) => done([String(fault)]));";
        let found = self.client.execute_async(run, Vec::new()).await.expect("axe-core answers");
        let faults = found.as_array().expect("a list");
        faults.iter().map(|fault| fault.as_str().unwrap_or("?").to_owned()).collect()
    }

    /// Addresses outside the server that the page asked for anything.
    pub(crate) async fn strangers(&self) -> Vec<String> {
        let asked = "performance.getEntriesByType('resource').map((entry) => entry.name)
                     .filter((name) => new URL(name).origin !== location.origin)";
        let asked = self.value(asked).await;
        let names = asked.as_array().expect("a list").iter();
        names
            .filter_map(Value::as_str)
            .filter(|name| !name.starts_with("blob:"))
            .map(str::to_owned)
            .collect()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // With the driver its browser, which is in its group.
        let group = format!("-{}", self.driver.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.driver.wait();
    }
}

/// Where the pictures of pages lie.
pub(crate) fn pictures() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots")
}
