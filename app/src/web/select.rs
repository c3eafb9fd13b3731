//! The choices in the forms by which lists are narrowed.

use maud::{Markup, html};
use sufficit_evidence::Catalogue;

/// A choice with its label; `name` is the field's, and `options` are made by [`option`].
pub(crate) fn select(name: &str, label: &str, options: &Markup) -> Markup {
    let id = format!("f-{name}");
    html! {
        span.field {
            label for=(id) { (label) }
            select id=(id) name=(name) { (options) }
        }
    }
}

/// A value of a choice of which `chosen` is set.
pub(crate) fn option(value: &str, chosen: &str, words: &str) -> Markup {
    html! { option value=(value) selected[value == chosen] { (words) } }
}

/// Values of a choice of which `chosen` is set: each with its words, after one that leaves nothing out.
pub(crate) fn options<'a>(
    all: &str,
    values: impl IntoIterator<Item = (&'a str, &'a str)>,
    chosen: &str,
) -> Markup {
    html! {
        (option("", chosen, all))
        @for (value, words) in values { (option(value, chosen, words)) }
    }
}

/// The frameworks to choose from, by id.
pub(crate) fn frameworks(catalogue: &Catalogue) -> impl Iterator<Item = (&str, &str)> {
    catalogue.frameworks().iter().map(|one| (one.id.as_str(), one.title.as_str()))
}
