//! What every page has around its content.

use crate::web::guard::Visitor;
use maud::{DOCTYPE, Markup, html};

/// The pages of the navigation: address, name.
const PLACES: [(&str, &str); 6] = [
    ("/", "Overview"),
    ("/queue", "Queue"),
    ("/requirements", "Requirements"),
    ("/documents", "Documents"),
    ("/search", "Search"),
    ("/upload", "Upload"),
];

/// A whole page: `here` is the address of its place in the navigation.
pub(crate) fn page(visitor: &Visitor, title: &str, here: &str, content: Markup) -> Markup {
    shell(
        title,
        visitor.role.name(),
        &visitor.csrf,
        html! {
            a.skip href="#content" { "Skip to the content" }
            header.top {
                a.brand href="/" { "sufficit" }
                nav aria-label="Pages" {
                    @for (address, name) in PLACES {
                        a href=(address) aria-current=[(address == here).then_some("page")] { (name) }
                    }
                }
            }
            main #content tabindex="-1" { (content) }
        },
    )
}

/// A page without navigation, for those who are not let in and for faults.
pub(crate) fn bare(title: &str, content: Markup) -> Markup {
    shell(title, "", "", html! { main #content { (content) } })
}

fn shell(title: &str, role: &str, csrf: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="csrf" content=(csrf);
                title { (title) " – sufficit" }
                link rel="stylesheet" href="/assets/app.css";
                script src="/assets/app.js" defer {}
            }
            body data-role=(role) { (body) }
        }
    }
}
