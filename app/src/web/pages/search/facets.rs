use crate::view::View;
use crate::web::Web;
use crate::web::address;
use maud::{Markup, html};
use std::collections::{BTreeMap, HashMap, HashSet};
use sufficit_evidence::{Date, DocumentId, DocumentKind, Language};
use sufficit_index::{Hit, Within};

/// What a search is narrowed to; what is empty leaves nothing out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Facets {
    pub(crate) q: String,
    /// `FRAMEWORK/REQUIREMENT` of the requirement that a match is looked for.
    pub(crate) adding: String,
    kinds: Vec<DocumentKind>,
    languages: Vec<String>,
    /// Documents with a match in one of these frameworks.
    frameworks: Vec<String>,
    /// Documents with a match for this requirement, by its id.
    requirement: String,
    from: Option<Date>,
    to: Option<Date>,
    /// Page of the hits, from 1.
    pub(crate) page: usize,
}

impl Facets {
    /// What the query of an address names; what it does not have, or nobody can mean, leaves nothing out.
    pub(crate) fn of(query: &str) -> Self {
        let mut facets = Self { page: 1, ..Self::default() };
        for (name, value) in address::pairs(query) {
            match name.as_str() {
                "q" => facets.q = value,
                "for" => facets.adding = value,
                "kind" => {
                    facets
                        .kinds
                        .extend(DocumentKind::ALL.into_iter().find(|kind| kind.name() == value));
                }
                "language" => facets.languages.push(value),
                "framework" => facets.frameworks.push(value),
                "requirement" => facets.requirement = value.trim().to_owned(),
                "from" => facets.from = value.parse().ok(),
                "to" => facets.to = value.parse().ok(),
                "page" => facets.page = value.parse().unwrap_or(1).max(1),
                _ => {}
            }
        }
        facets
    }

    /// What is searched; `None` where nothing can be found.
    pub(crate) fn within(&self, view: &View) -> Option<Within> {
        let mut documents = Vec::new();
        if !self.frameworks.is_empty() || !self.requirement.is_empty() {
            let meant: HashSet<&DocumentId> = view
                .matches
                .iter()
                .filter(|found| {
                    let name = &found.head.requirement;
                    (self.frameworks.is_empty()
                        || self.frameworks.iter().any(|id| id == name.framework.as_str()))
                        && (self.requirement.is_empty()
                            || name.requirement.as_str() == self.requirement)
                })
                .map(|found| &found.head.document)
                .collect();
            documents = meant.into_iter().cloned().collect();
            documents.sort_unstable();
            if documents.is_empty() {
                return None;
            }
        }
        if matches!((self.from, self.to), (Some(from), Some(to)) if from > to) {
            return None;
        }
        Some(Within {
            documents,
            kinds: self.kinds.clone(),
            languages: self.languages.clone(),
            from: self.from,
            to: self.to,
        })
    }

    /// The address of a page of the same search.
    pub(crate) fn address(&self, page: usize) -> String {
        let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let (from, to, page) = (day(self.from), day(self.to), page.to_string());
        let kinds: Vec<String> = self.kinds.iter().map(ToString::to_string).collect();
        let mut wanted = vec![("q", &self.q), ("for", &self.adding)];
        wanted.extend(kinds.iter().map(|kind| ("kind", kind)));
        wanted.extend(self.languages.iter().map(|language| ("language", language)));
        wanted.extend(self.frameworks.iter().map(|framework| ("framework", framework)));
        wanted.extend([
            ("requirement", &self.requirement),
            ("from", &from),
            ("to", &to),
            ("page", &page),
        ]);
        address::with_query("/search", &wanted)
    }

    /// The form of the search.
    pub(crate) fn form(&self, web: &Web, counts: &Counts) -> Markup {
        let day = |date: Option<Date>| date.map(|date| date.to_string());
        let kinds =
            DocumentKind::ALL.map(|kind| (kind.name(), kind.name(), self.kinds.contains(&kind)));
        let frameworks = web.catalogue.frameworks().iter().map(|framework| {
            let id = framework.id.as_str();
            (id, framework.title.as_str(), self.frameworks.iter().any(|chosen| chosen == id))
        });
        let chosen = |code: &str| self.languages.iter().any(|known| known == code);
        let known = counts.languages.keys().map(String::as_str);
        let mut languages: Vec<&str> =
            known.chain(self.languages.iter().map(String::as_str)).collect();
        languages.sort_unstable();
        languages.dedup();
        let languages = languages.into_iter().map(|code| (code, code, chosen(code)));
        html! {
            form method="get" action="/search" {
                @if !self.adding.is_empty() { input type="hidden" name="for" value=(self.adding); }
                div.sheet.stack {
                    span.field {
                        label for="q" { "Passages that speak of" }
                        input #q name="q" type="search" value=(self.q) maxlength="1000";
                    }
                    (facet("Kind", "kind", kinds.into_iter(), &counts.kinds))
                    (facet("Mapped to", "framework", frameworks, &counts.frameworks))
                    span.field {
                        label for="requirement" { "Mapped to the requirement" }
                        input #requirement name="requirement" value=(self.requirement) placeholder="A.6.2.4";
                    }
                    (facet("Language", "language", languages, &counts.languages))
                    span.field { label for="from" { "Dated from" } input #from name="from" type="date" value=[day(self.from)]; }
                    span.field { label for="to" { "to" } input #to name="to" type="date" value=[day(self.to)]; }
                    button.primary { "Search" }
                }
            }
        }
    }
}

/// Values of a facet that hits have or that are chosen: value, words, whether it is chosen.
fn facet<'a>(
    legend: &str,
    name: &str,
    values: impl Iterator<Item = (&'a str, &'a str, bool)>,
    counts: &BTreeMap<String, usize>,
) -> Markup {
    let count = |value: &str| counts.get(value).copied().unwrap_or(0);
    let shown: Vec<_> = values.filter(|(value, _, chosen)| *chosen || count(value) > 0).collect();
    html! {
        @if !shown.is_empty() {
            fieldset.facet {
                legend { (legend) }
                @for (value, words, chosen) in shown {
                    label {
                        input type="checkbox" name=(name) value=(value) checked[chosen];
                        " " (words) " " span.number { (count(value)) }
                    }
                }
            }
        }
    }
}

/// How many hits have each value of a facet.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    kinds: BTreeMap<String, usize>,
    frameworks: BTreeMap<String, usize>,
    languages: BTreeMap<String, usize>,
}

impl Counts {
    /// Counts the hits by what is known of their documents.
    pub(crate) fn of(view: &View, hits: &[Hit]) -> Self {
        let mut found: HashMap<&DocumentId, usize> = HashMap::new();
        for hit in hits {
            *found.entry(&hit.document).or_default() += 1;
        }
        let mut counts = Self::default();
        for (document, hits) in &found {
            let Some(profile) = view.proposed.profiles.get(*document) else { continue };
            *counts.kinds.entry(profile.facts.kind().to_string()).or_default() += hits;
            if let Language::Supported(code) | Language::Unsupported(code) = &profile.language {
                *counts.languages.entry(code.clone()).or_default() += hits;
            }
        }
        let mapped: HashSet<(&str, &DocumentId)> = view
            .matches
            .iter()
            .filter(|matched| found.contains_key(&matched.head.document))
            .map(|matched| (matched.head.requirement.framework.as_str(), &matched.head.document))
            .collect();
        for (framework, document) in mapped {
            let hits = found.get(document).copied().unwrap_or(0);
            *counts.frameworks.entry(framework.to_owned()).or_default() += hits;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        let query = "q=who%20approves+it&kind=policy&kind=record&language=eng&framework=iso42001&from=2026-01-01&page=2";
        let facets = Facets::of(query);
        assert_eq!(facets.q, "who approves it");
        assert_eq!(facets.kinds, [DocumentKind::Policy, DocumentKind::Record]);
        let address = facets.address(2);
        let (_, written) = address.split_once('?').expect("has a query");
        assert_eq!(Facets::of(written), facets);
    }

    #[test]
    fn what_nobody_can_mean_leaves_nothing_out() {
        let facets = Facets::of("kind=spell&from=tomorrow&page=0&unknown=1");
        assert_eq!(facets, Facets { page: 1, ..Facets::default() });
    }
}
