use super::{ALL, DECIDED, Facet, NOBODY, OPEN, QueueFilter, REQUIREMENT, need_name};
use crate::view::View;
use crate::web::item::Item;
use std::cmp::Ordering;
use std::collections::HashMap;
use sufficit_evidence::{
    Action, Catalogue, DocumentId, FactField, MatchStatus, Requirement, RequirementRef, Sufficiency,
};
use sufficit_review::{Reviewed, ReviewedMatch, ReviewedRequirement};

/// A row of the queue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    /// What it is about.
    pub(crate) about: About<'a>,
    /// Its requirement.
    pub(crate) requirement: &'a Requirement,
    /// Who answers for its document.
    owner: Option<&'a str>,
    /// How many items of the view stand before it there.
    place: usize,
}

/// What a person may be asked about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About<'a> {
    /// A match.
    Match(&'a ReviewedMatch),
    /// A requirement as a whole.
    Requirement(&'a ReviewedRequirement),
}

impl<'a> About<'a> {
    /// Every requirement and every match of the view, in its order.
    pub(crate) fn all(view: &'a View) -> impl Iterator<Item = Self> {
        let requirements = view.requirements.iter().map(Self::Requirement);
        requirements.chain(view.matches.iter().map(Self::Match))
    }

    /// What `item` names in the view; `None` where it has nothing of that name to decide on.
    pub(crate) fn named(view: &'a View, item: &Item) -> Option<Self> {
        match item {
            Item::Match { document, requirement } => {
                view.matched(document, requirement).map(Self::Match)
            }
            Item::Requirement(name) => view.requirement(name).map(Self::Requirement),
            Item::Document(_) => None,
        }
    }

    /// The key by which it is named.
    pub(crate) fn item(self) -> Item {
        match self {
            Self::Match(found) => Item::of_match(&found.head.document, &found.head.requirement),
            Self::Requirement(found) => Item::Requirement(found.requirement.clone()),
        }
    }

    /// Its requirement.
    pub(crate) fn name(self) -> &'a RequirementRef {
        match self {
            Self::Match(found) => &found.head.requirement,
            Self::Requirement(found) => &found.requirement,
        }
    }

    /// Its document; `None` for a requirement as a whole.
    pub(crate) fn document(self) -> Option<&'a DocumentId> {
        match self {
            Self::Match(found) => Some(&found.head.document),
            Self::Requirement(_) => None,
        }
    }

    /// What was decided of it.
    pub(crate) fn review(self) -> &'a Reviewed {
        match self {
            Self::Match(found) => &found.review,
            Self::Requirement(found) => &found.review,
        }
    }

    /// The probability, 0 to 1, that an auditor would give it 2 or more.
    pub(crate) fn confidence(self) -> f32 {
        match self {
            Self::Match(found) => found.head.confidence,
            Self::Requirement(found) => found.confidence,
        }
    }
}

impl<'a> Entry<'a> {
    /// The key by which it is named.
    pub(crate) fn item(&self) -> Item {
        self.about.item()
    }

    /// What was decided of it.
    pub(crate) fn review(&self) -> &'a Reviewed {
        self.about.review()
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

    /// Whether it stands before all that is worth `worth`, was decided last by the decision `last`, and has `places` items or
    /// more before it in the view.
    pub(crate) fn is_before(&self, worth: f32, last: u64, places: usize) -> bool {
        self.order(worth, last, places).is_lt()
    }

    /// How it stands to what is worth so much, was decided last by that decision, and stands at that place of the view: what is
    /// worth most comes first, then what was decided latest.
    fn order(&self, worth: f32, last: u64, place: usize) -> Ordering {
        let review = self.review();
        let decided_later = last.cmp(&review.last);
        worth.total_cmp(&review.worth).then(decided_later).then(self.place.cmp(&place))
    }

    /// Calls `each` with every value that the row has of the facet.
    fn values(&self, facet: Facet, mut each: impl FnMut(&'a str)) {
        let review = self.review();
        match (facet, self.about) {
            (Facet::Framework, _) => each(self.about.name().framework.as_str()),
            (Facet::Theme, _) => each(&self.requirement.theme),
            (Facet::Requirement, _) => each(self.about.name().requirement.as_str()),
            (Facet::Score, _) => each(score(self.sufficiency())),
            (Facet::Confidence, _) => each(band(self.about.confidence())),
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
    let mut listing = Listing { entries: Vec::new(), counts: Default::default() };
    let owners = owners(view);
    for (place, about) in About::all(view).enumerate() {
        let owner = about.document().and_then(|document| owners.get(document).copied());
        let Some(requirement) = catalogue.requirement(about.name()) else { continue };
        listing.take(Entry { about, requirement, owner, place }, filter);
    }
    listing.settle();
    listing.entries.sort_by(|a, b| a.order(b.review().worth, b.review().last, b.place));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confidence_is_in_the_band_of_its_uncertainty() {
        let bands = [0.0, 0.24, 0.25, 0.5, 0.75, 0.76, 1.0].map(band);
        assert_eq!(bands, ["low", "low", "middle", "middle", "middle", "high", "high"]);
    }

    #[test]
    fn values_are_counted_in_whatever_order_they_come() {
        let mut counts = Counts::default();
        ["a", "a", "b", "a", "b", "b"].into_iter().for_each(|value| counts.add(value));
        counts.settle();
        assert_eq!(counts.of, HashMap::from([("a", 3), ("b", 3)]));
    }
}
