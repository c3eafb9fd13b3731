//! Which items a queue shows: the filters in its address, the items that pass them, and how many would pass each other value.

mod listing;

pub(crate) use listing::{About, Entry, Listing, listing};

use crate::view::View;
use crate::web::item::Item;
use std::collections::HashMap;
use sufficit_evidence::{Catalogue, MatchStatus, Sufficiency};
use sufficit_review::Need;

/// What a queue can be narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Facet {
    /// The requirement's framework.
    Framework,
    /// Its theme, by the theme's id.
    Theme,
    /// The requirement, by its id.
    Requirement,
    /// The sufficiency that is proposed, or was decided.
    Score,
    /// Low, middle or high.
    Confidence,
    /// The document's kind; `requirement` for requirements as a whole.
    Kind,
    /// What a person has said; `open` for all that need one.
    Status,
    /// Why a person is asked.
    Need,
    /// The document, by its SHA-256.
    Document,
    /// Who answers for the document.
    Owner,
    /// Who is to decide.
    Assigned,
}

impl Facet {
    /// Every facet, in the order of the page and of addresses.
    pub(crate) const ALL: [Self; 11] = [
        Self::Framework,
        Self::Theme,
        Self::Requirement,
        Self::Score,
        Self::Confidence,
        Self::Kind,
        Self::Status,
        Self::Need,
        Self::Document,
        Self::Owner,
        Self::Assigned,
    ];

    /// Its name in addresses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Framework => "framework",
            Self::Theme => "theme",
            Self::Requirement => "requirement",
            Self::Score => "score",
            Self::Confidence => "confidence",
            Self::Kind => "kind",
            Self::Status => "status",
            Self::Need => "need",
            Self::Document => "document",
            Self::Owner => "owner",
            Self::Assigned => "assigned",
        }
    }

    /// Its name as people read it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Framework => "Framework",
            Self::Theme => "Theme",
            Self::Requirement => "Requirement",
            Self::Score => "Score",
            Self::Confidence => "Confidence",
            Self::Kind => "Kind",
            Self::Status => "Status",
            Self::Need => "Why it is asked",
            Self::Document => "Document",
            Self::Owner => "Owner",
            Self::Assigned => "Assigned to",
        }
    }
}

/// The status of all items that need a person.
pub(crate) const OPEN: &str = "open";
/// The status of all items that were decided.
pub(crate) const DECIDED: &str = "decided";
/// The status that every item has.
pub(crate) const ALL: &str = "all";
/// The kind of what is no document.
const REQUIREMENT: &str = "requirement";
/// Who answers for, or is to decide, what nobody was named for.
const NOBODY: &str = "nobody";

/// The filters of a queue: for each facet the value that passes, empty where every value does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueueFilter {
    wanted: [String; Facet::ALL.len()],
}

impl QueueFilter {
    /// The filters that an address names. Only what is open passes where it names no status.
    pub(crate) fn of(query: &HashMap<String, String>) -> Self {
        let wanted = Facet::ALL.map(|facet| {
            let value = query.get(facet.name()).map(|value| value.trim()).unwrap_or_default();
            match (facet, value) {
                (Facet::Status, "") => OPEN.to_owned(),
                _ => value.to_owned(),
            }
        });
        Self { wanted }
    }

    /// The value that passes; empty where every value does.
    pub(crate) fn value(&self, facet: Facet) -> &str {
        self.wanted.get(facet as usize).map(String::as_str).unwrap_or_default()
    }

    /// Facets by which it narrows the queue of all that is open.
    pub(crate) fn narrowing(&self) -> impl Iterator<Item = Facet> {
        Facet::ALL.into_iter().filter(|facet| !self.is_default(*facet))
    }

    fn is_default(&self, facet: Facet) -> bool {
        self.value(facet) == if facet == Facet::Status { OPEN } else { "" }
    }

    /// The address of this view, which shows the same filters whenever it is opened; with `item` selected, on the page `page`
    /// of the list (from 1) where one is named.
    pub(crate) fn address(&self, item: Option<&Item>, page: Option<usize>) -> String {
        let mut parts: Vec<String> = self
            .narrowing()
            .map(|facet| format!("{}={}", facet.name(), encoded(self.value(facet))))
            .collect();
        parts.extend(page.filter(|page| *page > 1).map(|page| format!("page={page}")));
        parts.extend(item.map(|item| format!("item={item}")));
        if parts.is_empty() { "/queue".to_owned() } else { format!("/queue?{}", parts.join("&")) }
    }
}

/// A value as it stands in an address.
fn encoded(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// A need's name in addresses.
fn need_name(need: Need) -> &'static str {
    match need {
        Need::ChangedSince => "changed",
        Need::Contradiction => "contradiction",
        Need::BestOfUncovered => "best-of-uncovered",
        Need::NothingFound => "nothing-found",
        Need::Uncertain => "uncertain",
    }
}

/// A facet's value as people read it.
pub(crate) fn value_label(view: &View, catalogue: &Catalogue, facet: Facet, value: &str) -> String {
    match facet {
        Facet::Framework => {
            let found = catalogue.frameworks().iter().find(|one| one.id.as_str() == value);
            found.map_or(value, |framework| framework.title.as_str()).to_owned()
        }
        Facet::Theme => {
            let mut themes = catalogue.frameworks().iter().flat_map(|framework| &framework.themes);
            let found = themes.find(|theme| theme.id == value);
            found.map_or(value.to_owned(), |theme| format!("{value} {}", theme.title))
        }
        Facet::Score => match value.parse() {
            Ok(level) => format!("{value} {}", Sufficiency::new(level).name()),
            Err(_) => value.to_owned(),
        },
        Facet::Confidence => match value {
            "low" => "below 25 %".to_owned(),
            "middle" => "25 to 75 %".to_owned(),
            "high" => "above 75 %".to_owned(),
            _ => value.to_owned(),
        },
        Facet::Kind if value == REQUIREMENT => "requirements as a whole".to_owned(),
        Facet::Status => status_label(value).to_owned(),
        Facet::Need => {
            let needs = [
                Need::ChangedSince,
                Need::Contradiction,
                Need::BestOfUncovered,
                Need::NothingFound,
                Need::Uncertain,
            ];
            let found = needs.into_iter().find(|need| need_name(*need) == value);
            found.map_or_else(|| value.to_owned(), |need| need.name().to_owned())
        }
        Facet::Document => view.path(&value.into()).unwrap_or(value).to_owned(),
        Facet::Owner | Facet::Assigned if value == NOBODY => "nobody named".to_owned(),
        Facet::Requirement | Facet::Kind | Facet::Owner | Facet::Assigned => value.to_owned(),
    }
}

fn status_label(value: &str) -> &str {
    match value {
        OPEN => "needs a person",
        DECIDED => "decided",
        ALL => "all",
        _ if value == MatchStatus::ConfirmAgain.name() => "confirm again",
        _ => value,
    }
}

#[cfg(test)]
mod tests;
