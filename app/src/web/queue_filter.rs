//! Which items a queue shows: the filters in its address, the items that pass them, and how many would pass each other value.

use crate::view::View;
use crate::web::item::Item;
use std::collections::HashMap;
use sufficit_evidence::{
    Action, Catalogue, DocumentId, FactField, MatchStatus, Requirement, RequirementRef, Sufficiency,
};
use sufficit_review::{Need, Reviewed, ReviewedMatch, ReviewedRequirement};

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

/// A row of the queue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    /// What it is about.
    pub(crate) about: About<'a>,
    /// Its requirement.
    pub(crate) requirement: &'a Requirement,
    /// Who answers for its document.
    owner: Option<&'a str>,
}

/// What a row is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About<'a> {
    /// A match.
    Match(&'a ReviewedMatch),
    /// A requirement as a whole.
    Requirement(&'a ReviewedRequirement),
}

impl<'a> Entry<'a> {
    /// The key by which it is named.
    pub(crate) fn item(&self) -> Item {
        match self.about {
            About::Match(found) => Item::of_match(&found.head.document, &found.head.requirement),
            About::Requirement(found) => Item::Requirement(found.requirement.clone()),
        }
    }

    /// What was decided of it.
    pub(crate) fn review(&self) -> &'a Reviewed {
        match self.about {
            About::Match(found) => &found.review,
            About::Requirement(found) => &found.review,
        }
    }

    /// The sufficiency that holds: what was decided, or what is proposed while a person is asked.
    pub(crate) fn sufficiency(&self) -> Sufficiency {
        let proposed = match self.about {
            About::Match(found) => found.head.sufficiency,
            About::Requirement(found) => found.proposed,
        };
        let review = self.review();
        if review.status.is_open() { proposed } else { review.decided.unwrap_or(proposed) }
    }

    fn name(&self) -> &'a RequirementRef {
        match self.about {
            About::Match(found) => &found.head.requirement,
            About::Requirement(found) => &found.requirement,
        }
    }

    fn confidence(&self) -> f32 {
        match self.about {
            About::Match(found) => found.head.confidence,
            About::Requirement(found) => found.confidence,
        }
    }

    /// Calls `each` with every value that the row has of the facet.
    fn values(&self, facet: Facet, mut each: impl FnMut(&'a str)) {
        let review = self.review();
        match (facet, self.about) {
            (Facet::Framework, _) => each(self.name().framework.as_str()),
            (Facet::Theme, _) => each(&self.requirement.theme),
            (Facet::Requirement, _) => each(self.name().requirement.as_str()),
            (Facet::Score, _) => each(score(self.sufficiency())),
            (Facet::Confidence, _) => each(band(self.confidence())),
            (Facet::Kind, About::Match(found)) => each(found.head.kind.name()),
            (Facet::Kind, About::Requirement(_)) => each(REQUIREMENT),
            (Facet::Status, _) => {
                each(ALL);
                each(if review.status.is_open() { OPEN } else { DECIDED });
                each(review.status.name());
            }
            (Facet::Need, _) => review.needs.iter().for_each(|need| each(need_name(*need))),
            (Facet::Document, About::Match(found)) => each(found.head.document.as_str()),
            (Facet::Document, About::Requirement(_)) => {}
            (Facet::Owner, About::Match(_)) => each(self.owner.unwrap_or(NOBODY)),
            (Facet::Owner, About::Requirement(_)) => {}
            (Facet::Assigned, _) => {
                each(review.assigned.as_ref().map_or(NOBODY, |assigned| assigned.to.as_str()));
            }
        }
    }

    fn passes(&self, facet: Facet, wanted: &str) -> bool {
        let mut passes = wanted.is_empty();
        if !passes {
            self.values(facet, |value| passes |= value == wanted);
        }
        passes
    }
}

fn score(sufficiency: Sufficiency) -> &'static str {
    ["0", "1", "2", "3", "4", "5"].get(usize::from(sufficiency.level())).copied().unwrap_or("5")
}

/// The bands meet where a confidence begins to count as uncertain.
fn band(confidence: f32) -> &'static str {
    match confidence {
        low if low < 0.25 => "low",
        high if high > 0.75 => "high",
        _ => "middle",
    }
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

/// What passes the filters of a queue.
#[derive(Debug)]
pub(crate) struct Listing<'a> {
    /// The rows: what is worth most first, and of what was decided the latest.
    pub(crate) entries: Vec<Entry<'a>>,
    counts: [Counts<'a>; Facet::ALL.len()],
}

/// How many rows have each value of a facet.
#[derive(Debug, Default)]
struct Counts<'a> {
    of: HashMap<&'a str, usize>,
    /// The value that came last and how often in a row: neighbours are often alike, and need no look into the map.
    run: Option<(&'a str, usize)>,
}

impl<'a> Counts<'a> {
    fn add(&mut self, value: &'a str) {
        match &mut self.run {
            Some((known, times)) if *known == value => *times += 1,
            _ => {
                self.settle();
                self.run = Some((value, 1));
            }
        }
    }

    /// Takes the last run of values into account.
    fn settle(&mut self) {
        if let Some((value, times)) = self.run.take() {
            *self.of.entry(value).or_default() += times;
        }
    }
}

impl<'a> Listing<'a> {
    /// How many rows there would be if `value` were wanted of the facet and all else stayed.
    pub(crate) fn count(&self, facet: Facet, value: &str) -> usize {
        let counts = self.counts.get(facet as usize);
        counts.and_then(|counts| counts.of.get(value)).copied().unwrap_or(0)
    }

    /// The values that rows have of the facet, each with its count, in no order.
    pub(crate) fn counts(&self, facet: Facet) -> impl Iterator<Item = (&'a str, usize)> {
        let counts = self.counts.get(facet as usize).map(|counts| &counts.of);
        counts.into_iter().flatten().map(|(value, count)| (*value, *count))
    }

    /// The place of an item among the rows.
    pub(crate) fn position(&self, item: &Item) -> Option<usize> {
        self.entries.iter().position(|entry| match (entry.about, item) {
            (About::Match(found), Item::Match { document, requirement }) => {
                found.head.document == *document && found.head.requirement == *requirement
            }
            (About::Requirement(found), Item::Requirement(name)) => found.requirement == *name,
            _ => false,
        })
    }
}

/// The items of `view` that pass `filter`; without those whose requirement is not in `catalogue`.
pub(crate) fn listing<'a>(
    view: &'a View,
    catalogue: &'a Catalogue,
    filter: &QueueFilter,
) -> Listing<'a> {
    let requirements = view.requirements.iter().map(About::Requirement);
    let matches = view.matches.iter().map(About::Match);
    let mut listing = Listing { entries: Vec::new(), counts: Default::default() };
    let owners = owners(view);
    for about in requirements.chain(matches) {
        let (name, owner) = match about {
            About::Match(found) => {
                (&found.head.requirement, owners.get(&found.head.document).copied())
            }
            About::Requirement(found) => (&found.requirement, None),
        };
        let Some(requirement) = catalogue.requirement(name) else { continue };
        listing.take(Entry { about, requirement, owner }, filter);
    }
    listing.settle();
    listing.entries.sort_by(|a, b| {
        let (a, b) = (a.review(), b.review());
        b.worth.total_cmp(&a.worth).then(b.last.cmp(&a.last))
    });
    listing
}

/// Who answers for each document: as it was read, or as a person set it right.
fn owners(view: &View) -> HashMap<&DocumentId, &str> {
    let read = view.proposed.profiles.iter().filter_map(|(document, profile)| {
        Some((document, profile.facts.owner.as_ref()?.value.as_str()))
    });
    let mut owners: HashMap<&DocumentId, &str> = read.collect();
    for decision in view.ledger.decisions() {
        let (Action::Correct { field: FactField::Owner, value }, Some(document)) =
            (&decision.action, &decision.seen.document)
        else {
            continue;
        };
        match value {
            Some(value) => owners.insert(document, value),
            None => owners.remove(document),
        };
    }
    owners
}

impl<'a> Listing<'a> {
    /// Counts a row for each facet whose own filter is the only one that it may fail, and keeps it where it fails none.
    fn take(&mut self, entry: Entry<'a>, filter: &QueueFilter) {
        let wanted = |facet: Facet| match (facet, filter.value(facet)) {
            (Facet::Status, ALL) => "",
            (_, value) => value,
        };
        let mut failed =
            Facet::ALL.into_iter().filter(|facet| !entry.passes(*facet, wanted(*facet)));
        match (failed.next(), failed.next()) {
            (None, _) => {
                Facet::ALL.into_iter().for_each(|facet| self.tally(&entry, facet));
                self.entries.push(entry);
            }
            (Some(only), None) => self.tally(&entry, only),
            (Some(_), Some(_)) => {}
        }
    }

    fn tally(&mut self, entry: &Entry<'a>, facet: Facet) {
        let Some(counts) = self.counts.get_mut(facet as usize) else { return };
        match facet {
            Facet::Status => counts.add(entry.review().status.name()),
            _ => entry.values(facet, |value| counts.add(value)),
        }
    }

    /// Ends the counting: what is open, decided and all there is follows from the statuses.
    fn settle(&mut self) {
        self.counts.iter_mut().for_each(Counts::settle);
        let Some(statuses) = self.counts.get_mut(Facet::Status as usize) else { return };
        for status in MatchStatus::ALL {
            let count = statuses.of.get(status.name()).copied().unwrap_or(0);
            if count > 0 {
                let group = if status.is_open() { OPEN } else { DECIDED };
                *statuses.of.entry(group).or_default() += count;
                *statuses.of.entry(ALL).or_default() += count;
            }
        }
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
