//! What a document is called.

use super::{
    Reader,
    fields::{self, Field},
    kind,
    labels::{self, Key},
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
        let top = body().next();
        let above = top.and_then(|(_, place)| self.first_line(place));
        let titled = above.as_ref().is_some_and(|line| self.text(line).contains(' '));
        // `BACKUP STANDARD` above its control block, which no heading is; the first one stands over a part of it.
        let named = above.filter(|line| names_a_document(self.text(line)));
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
        let stands_below = |(_, place): (usize, &Place)| {
            place.role != Role::Heading(1) || kind::by_title(self.layout.text_of(place)).is_none()
        };
        if let (Some((n, _)), Some(line), true) = (top, named, heading.is_some_and(stands_below)) {
            return Some(cited(n, line));
        }
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
        let (n, place) = top?;
        self.first_line(place).map(|line| cited(n, line))
    }

    /// The title below the name of a company: the first of the next lines that names a kind of document. A heading that does not ends the search,
    /// and so does a line that is no title.
    fn under_letterhead(&self, n: usize, first: &Range<usize>) -> Option<(usize, Range<usize>)> {
        if !is_company(self.text(first)) {
            return None;
        }
        let below = self.layout.places.iter().enumerate().skip(n);
        let lines = below
            .filter(|(_, place)| !matches!(place.role, Role::Furniture | Role::Contents))
            .flat_map(|(m, place)| {
                let lines = fields::lines(self.layout, place).into_iter();
                lines.map(move |line| (m, place, line))
            })
            .filter(|(_, _, line)| line.start >= first.end && !line.is_empty());
        for (m, place, line) in lines.take(LETTERHEAD) {
            let text = self.text(&line);
            if names_a_document(text) {
                return Some((m, line));
            }
            if place.role != Role::Paragraph || !is_title(text) {
                return None;
            }
        }
        None
    }

    /// The first line of a paragraph, where it is short enough for a title and no sentence.
    fn first_line(&self, place: &Place) -> Option<Range<usize>> {
        let own = Some(place).filter(|place| place.role == Role::Paragraph)?;
        let line = fields::lines(self.layout, own).into_iter().next()?;
        let text = self.text(&line);
        (is_short(text) || is_company(text)).then_some(line)
    }
}

/// Lines below a company's name among which the document's own is looked for: an address or a number may stand between.
const LETTERHEAD: usize = 3;

/// Whether a line below a company's name may be the title, or stand above it: it is short and no label with its value.
fn is_title(line: &str) -> bool {
    let is_labelled =
        line.split_once(':').is_some_and(|(label, _)| labels::lookup(label).is_some());
    is_short(line) && !is_labelled
}

/// Whether a line is the name of a document: its last word names a kind, or its first one does, and it says of what or which.
fn names_a_document(line: &str) -> bool {
    let Some((_, word)) = kind::by_title(line).filter(|_| is_title(line)) else { return false };
    let lower = line.trim().to_lowercase();
    let Some((before, after)) = lower.rsplit_once(word) else { return false };
    let after = after.trim_start();
    let ends = after.is_empty() || after.starts_with([',', ':', '(', '–', '—', '-']);
    let goes_on = ["of ", "for ", "on ", "version "].iter().any(|of| after.starts_with(of))
        || after.strip_prefix('v').is_some_and(|v| v.starts_with(|c: char| c.is_ascii_digit()));
    let of_another = ["supersedes ", "replaces ", "see ", "under ", "belongs to ", "annex to "];
    let first = after.split(' ').next().unwrap_or_default();
    let is_numbered = before.is_empty() && first.contains(|c: char| c.is_ascii_digit());
    let is_bare = before.is_empty() && after.is_empty();
    line.starts_with(char::is_uppercase)
        && !of_another.iter().any(|words| lower.starts_with(words))
        && !is_section(line)
        && !is_bare
        && (ends || goes_on || is_numbered)
}

/// Whether a line is short enough for a title, and no sentence or label.
fn is_short(line: &str) -> bool {
    let words = line.split_whitespace().count();
    (1..=14).contains(&words) && !line.ends_with(['.', ':']) && !line.contains("===")
}

/// Whether a line ends as the registered names of companies do, and is no more than such a name.
fn is_company(line: &str) -> bool {
    const FORMS: [&str; 37] = [
        "dac",
        "clg",
        "oü",
        "kft",
        "sia",
        "d.o.o",
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
        "group",
        "holding",
        "holdings",
        "company",
        "trust",
    ];
    let last = line.rsplit(' ').next().unwrap_or_default();
    let last = last.replace('.', "").to_lowercase();
    let is_name = |word: &str| {
        !word.starts_with(char::is_lowercase) || ["and", "of", "the", "de", "for"].contains(&word)
    };
    let is_form = FORMS.contains(&last.as_str());
    is_form && line.contains(' ') && line.split_whitespace().rev().skip(1).all(is_name)
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
