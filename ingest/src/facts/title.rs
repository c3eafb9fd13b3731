//! What a document is called.

use super::{
    Reader,
    fields::{self, Field},
    labels::Key,
    property,
};
use crate::{
    block::{Place, Role},
    formats::text,
    passage::clip_heading,
};
use std::ops::Range;
use sufficit_evidence::{Fact, Origin};

impl Reader<'_> {
    /// The labelled title; else the first heading, unless it is a numbered section's; else what the file says; else a first short line.
    pub(super) fn title(
        &self,
        fields: &[Field],
        properties: &[(String, String)],
    ) -> Option<Fact<String>> {
        let labelled = self.pick(
            &fields.iter().filter(|field| field.rank == 0).cloned().collect::<Vec<_>>(),
            Key::Title,
            |value| (value.split_whitespace().count() <= 20).then(|| value.to_owned()),
        );
        if labelled.is_some() {
            return labelled;
        }
        let cited = |n: usize, range: Range<usize>| {
            let value = clip_heading(self.text(&range).trim()).to_owned();
            Fact { value, origin: Origin::Citation(self.cite(n, &range)) }
        };
        let body = || {
            self.layout
                .places
                .iter()
                .enumerate()
                .filter(|(_, place)| !matches!(place.role, Role::Furniture | Role::Contents))
        };
        // Sections that are numbered stand below the title, where a first line of some words is there.
        let above = body().next().and_then(|(_, place)| self.first_line(place));
        let titled = above.is_some_and(|line| self.text(&line).contains(' '));
        let is_below =
            |place: &Place| titled && text::numbering(self.layout.text_of(place)).is_some();
        let heading = body()
            .take(8)
            .find(|(_, place)| matches!(place.role, Role::Heading(_)))
            .filter(|(_, place)| !is_below(place));
        let is_sheet = heading.is_some_and(|(n, _)| {
            self.layout.places.get(n + 1).is_some_and(|next| matches!(next.role, Role::Row { .. }))
        }) && properties.iter().any(|(name, _)| name.starts_with("cp:"));
        let names_it = heading.is_some_and(|(_, place)| {
            place.role == Role::Heading(1) && !is_section(self.layout.text_of(place))
        });
        if let Some((n, place)) = heading.filter(|_| !is_sheet && names_it) {
            return Some(cited(n, place.bytes.clone()));
        }
        if let Some(title) = property(properties, &["title", "dc:title", "/Title"])
            .filter(|title| is_telling(&title.value))
        {
            return Some(title);
        }
        if let Some((n, place)) = heading {
            return Some(cited(n, place.bytes.clone()));
        }
        let (n, place) = body().next()?;
        self.first_line(place).map(|line| cited(n, line))
    }

    /// The first line of a paragraph, where it is short enough for a title and no sentence.
    fn first_line(&self, place: &Place) -> Option<Range<usize>> {
        let own = Some(place).filter(|place| place.role == Role::Paragraph)?;
        let line = fields::lines(self.layout, own).into_iter().next()?;
        let text = self.text(&line);
        let short = (1..=14).contains(&text.split_whitespace().count());
        (short && !text.ends_with(['.', ':']) && !text.contains("===")).then_some(line)
    }
}

/// Whether a heading names a section that any document has, rather than the document.
fn is_section(heading: &str) -> bool {
    let lower = heading.trim_start_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    [
        "purpose",
        "overview",
        "introduction",
        "scope",
        "summary",
        "background",
        "contents",
        "table of contents",
        "document control",
        "executive summary",
        "purpose and scope",
        "definitions",
        "revision history",
    ]
    .contains(&lower.trim())
}

/// Whether a title property was written by a person, rather than kept from a file name or a template.
fn is_telling(title: &str) -> bool {
    let lower = title.to_lowercase();
    title.chars().filter(|c| c.is_alphabetic()).count() >= 4
        && !lower.starts_with("microsoft word")
        && !lower.starts_with("untitled")
        && !["document1", "presentation", "powerpoint", "word document", "book1"]
            .iter()
            .any(|given| lower.starts_with(given))
        && ![".doc", ".docx", ".pdf", ".xls", ".xlsx", ".dotx", ".indd"]
            .iter()
            .any(|ending| lower.ends_with(ending))
}
