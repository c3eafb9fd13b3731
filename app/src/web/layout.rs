//! What every page has around its content.

use crate::web::guard::Visitor;
use maud::{DOCTYPE, Markup, html};

/// The pages of the navigation: address, name.
const PLACES: [(&str, &str); 6] = [
    ("/", "Overview"),
    ("/queue", "Queue"),
    ("/documents", "Documents"),
    ("/requirements", "Requirements"),
    ("/upload", "Upload"),
    ("/audit", "Record"),
];

/// The keys of the queue and of every detail, as the script acts on them: keys, what they do.
const KEYS: [(&[&str], &str); 11] = [
    (&["j", "k"], "next and previous item"),
    (&["a"], "accept the proposal"),
    (&["0", "5"], "from 0 to 5: override with this sufficiency; say why, Enter sends"),
    (&["r"], "reject; say why, Enter sends"),
    (&["u"], "undo the last decision (a new decision is recorded)"),
    (&["n"], "next document for this requirement"),
    (&["+"], "add a match that was missed"),
    (&["o"], "open the document"),
    (&["/"], "search"),
    (&["?"], "this help"),
    (&["Esc"], "close, leave a field"),
];

/// A whole page: `here` is the address of its place in the navigation. The content begins with a `header` that holds the `h1`.
pub(crate) fn page(visitor: &Visitor, title: &str, here: &str, content: Markup) -> Markup {
    framed(visitor, title, here, "page", content)
}

/// A whole page whose `main` has the class `class` in place of the usual one, for those that fill the window (the queue).
pub(crate) fn framed(
    visitor: &Visitor,
    title: &str,
    here: &str,
    class: &str,
    content: Markup,
) -> Markup {
    shell(
        title,
        visitor.role.name(),
        &visitor.csrf,
        html! {
            (top(visitor, here))
            main #main class=(class) tabindex="-1" { (content) }
            div #said.toasts role="status" aria-live="polite" {}
            (help())
        },
    )
}

/// A page without navigation, for those who are not let in and for faults.
pub(crate) fn bare(title: &str, content: Markup) -> Markup {
    shell(title, "", "", html! { main #main.page.narrow tabindex="-1" { (content) } })
}

fn shell(title: &str, role: &str, csrf: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="csrf" content=(csrf);
                title { (title) " · sufficit" }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/app.css";
                link rel="stylesheet" href="/assets/review.css";
                script src="/assets/theme.js" {}
                script type="module" src="/assets/app.js" {}
            }
            body data-role=(role) {
                a.skip href="#main" { "Skip to the content" }
                (body)
            }
        }
    }
}

fn top(visitor: &Visitor, here: &str) -> Markup {
    html! {
        header.top {
            a.brand href="/" { "sufficit" }
            nav aria-label="Main" {
                ul { @for (address, name) in PLACES {
                    li { a href=(address) aria-current=[(address == here).then_some("page")] { (name) } }
                } }
            }
            form.find role="search" action="/search" method="get" {
                label.sr for="find" { "Search passages" }
                input #find name="q" type="search" placeholder="Search passages" aria-keyshortcuts="/";
            }
            button #keys.quiet type="button" data-label="?" aria-keyshortcuts="?" hidden { "Keys" }
            button #theme.quiet type="button" aria-label="Dark theme" data-label="◐" hidden { "Dark" }
            details {
                summary data-label=(initials(&visitor.name)) { (visitor.name) }
                div {
                    p { (visitor.name) br; span.soft { (visitor.role.name()) } }
                    form method="post" action="/logout" {
                        input type="hidden" name="csrf" value=(visitor.csrf);
                        button { "Log out" }
                    }
                }
            }
        }
    }
}

fn initials(name: &str) -> String {
    let first = name.split_whitespace().filter_map(|word| word.chars().next());
    first.take(2).flat_map(char::to_uppercase).collect()
}

fn help() -> Markup {
    html! {
        dialog #help aria-labelledby="help-title" {
            h2 #help-title { "Keys" }
            dl { @for (keys, does) in KEYS {
                dt { @for (position, key) in keys.iter().enumerate() {
                    @if position > 0 { " " }
                    kbd { (key) }
                } }
                dd { (does) }
            } }
            p.check {
                input #single-keys type="checkbox" checked;
                " "
                label for="single-keys" {
                    "Single keys act (turn off where they disturb a screen reader or voice control)"
                }
            }
            form method="dialog" { button.primary { "Close" } }
        }
    }
}
