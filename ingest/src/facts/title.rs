//! What a document is called.

use super::{
    Reader,
    fields::{self, Field},
    kind,
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
            let (n, range) = self.under_letterhead(n, &range).unwrap_or((n, range));
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

    /// The title below a first line that does not name what the document is: the company's name, above all. The line right below it has to,
    /// or, where the first one is plainly a company's, one of the next.
    fn under_letterhead(&self, n: usize, first: &Range<usize>) -> Option<(usize, Range<usize>)> {
        let name = self.text(first).trim();
        if kind::by_title(name).is_some() {
            return None;
        }
        let level = |place: &Place| match place.role {
            Role::Heading(level) => Some(level),
            _ => None,
        };
        let own = self.layout.places.get(n).and_then(level);
        let of_company = is_company(name);
        let below = self.layout.places.iter().enumerate().skip(n);
        below
            .filter(|(_, place)| !matches!(place.role, Role::Furniture | Role::Contents))
            .flat_map(|(m, place)| {
                let lines = fields::lines(self.layout, place).into_iter();
                lines.map(move |line| (m, place, line))
            })
            .filter(|(_, _, line)| line.start >= first.end)
            .take(if of_company { LETTERHEAD } else { 1 })
            .take_while(|(_, place, line)| match (level(place), own) {
                (Some(below), Some(own)) => of_company || below <= own,
                (Some(_), None) => true,
                (None, Some(_)) if !of_company => false,
                (None, _) => place.role == Role::Paragraph && is_title(self.text(line)),
            })
            .find(|(_, _, line)| kind::by_title(self.text(line)).is_some())
            .map(|(m, _, line)| (m, line))
    }

    /// The first line of a paragraph, where it is short enough for a title and no sentence.
    fn first_line(&self, place: &Place) -> Option<Range<usize>> {
        let own = Some(place).filter(|place| place.role == Role::Paragraph)?;
        let line = fields::lines(self.layout, own).into_iter().next()?;
        is_short(self.text(&line)).then_some(line)
    }
}

/// Lines below a company's name among which the document's own is looked for: an address or a number may stand between.
const LETTERHEAD: usize = 3;

/// Whether a line below another may be the title: it is short and begins as one.
fn is_title(line: &str) -> bool {
    let begins = line.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    begins && is_short(line) && line.split_whitespace().count() <= 8
}

/// Whether a line is short enough for a title, and no sentence or label.
fn is_short(line: &str) -> bool {
    let words = line.split_whitespace().count();
    (1..=14).contains(&words) && !line.ends_with(['.', ':']) && !line.contains("===")
}

/// Whether a line ends as the registered names of companies do.
fn is_company(line: &str) -> bool {
    const FORMS: [&str; 26] = [
        "ltd",
        "limited",
        "gmbh",
        "ag",
        "inc",
        "llc",
        "llp",
        "plc",
        "sa",
        "sas",
        "sarl",
        "srl",
        "spa",
        "bv",
        "nv",
        "a/s",
        "aps",
        "ab",
        "as",
        "oy",
        "oyj",
        "kg",
        "se",
        "corp",
        "corporation",
        "lda",
    ];
    let last = line.rsplit(' ').next().unwrap_or_default();
    let last = last.replace('.', "").to_lowercase();
    line.contains(' ') && FORMS.contains(&last.as_str())
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
