//! Which AI systems a document, and what is quoted of it, speaks of.

use crate::rules::Rules;
use std::collections::{BTreeMap, BTreeSet};
use sufficit_evidence::{
    AiSystem, Citation, Document, Match, Origin, Passage, PassageShape, Requirement, Span,
    Sufficiency, SystemShare,
};

/// Mentions of a registered system from which a document as a whole speaks of it.
const MENTIONS: usize = 3;

/// The systems that the document as a whole speaks of: those that it says it is about, by the registered name where they
/// have one, and registered ones that its title or its text names throughout.
pub(crate) fn systems_of(registered: &[AiSystem], document: &Document) -> BTreeSet<String> {
    let facts = &document.facts;
    let mut found: BTreeSet<String> = facts
        .systems
        .iter()
        .map(|fact| {
            // The quote holds what was left out of the value, such as the system's number.
            let said = match &fact.origin {
                Origin::Citation(citation) => citation.quote.as_str(),
                Origin::Property(_) | Origin::Inferred(_) => fact.value.as_str(),
            };
            let said = said.to_lowercase();
            let known = registered.iter().find(|system| names_in(system, &said) > 0);
            known.map_or(&fact.value, |system| &system.name).clone()
        })
        .collect();
    if registered.is_empty() {
        return found;
    }
    let title = facts.title_text().to_lowercase();
    let text = document.text.to_lowercase();
    let throughout = registered
        .iter()
        .filter(|system| names_in(system, &title) > 0 || names_in(system, &text) >= MENTIONS);
    found.extend(throughout.map(|system| system.name.clone()));
    found
}

/// The registered systems that the passages behind these citations name, in the quoted row or item or under their
/// headings.
pub(crate) fn systems_cited<'a>(
    registered: &[AiSystem],
    document: &Document,
    citations: impl Iterator<Item = &'a Citation>,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if registered.is_empty() {
        return found;
    }
    for citation in citations {
        let passage = passage_at(document, citation.span);
        // Rows beside the quoted one speak of other systems.
        let around = passage.filter(|passage| passage.shape == PassageShape::Prose);
        let text = around.map_or(citation.quote.as_str(), |passage| passage.text.as_str());
        let said = format!("{}\n{text}", citation.heading.join("\n")).to_lowercase();
        let named = registered.iter().filter(|system| names_in(system, &said) > 0);
        found.extend(named.map(|system| system.name.clone()));
    }
    found
}

/// What the matches, best first, show for each system that they speak of, the weak ones too; by name.
pub(crate) fn system_shares(matches: &[&Match]) -> Vec<SystemShare> {
    let mut shares: BTreeMap<&str, SystemShare> = BTreeMap::new();
    for found in matches.iter().filter(|found| found.sufficiency > Sufficiency::NONE) {
        for system in &found.systems {
            let share = shares.entry(system).or_insert_with(|| SystemShare {
                system: system.clone(),
                sufficiency: found.sufficiency,
                documents: Vec::new(),
            });
            share.sufficiency = share.sufficiency.max(found.sufficiency);
            share.documents.push(found.document.clone());
        }
    }
    shares.into_values().collect()
}

/// The registered systems that none of the `sound` matches speaks of, where each has to show the requirement by itself.
pub(crate) fn systems_without(
    rules: &Rules,
    requirement: &Requirement,
    sound: &[&Match],
) -> Vec<String> {
    if !requirement.per_system {
        return Vec::new();
    }
    let spoken_of =
        |system: &&AiSystem| sound.iter().any(|found| found.systems.contains(&system.name));
    let registered = rules.scope().ai_systems.iter();
    registered.filter(|system| !spoken_of(system)).map(|system| system.name.clone()).collect()
}

fn passage_at(document: &Document, span: Span) -> Option<&Passage> {
    let at = document.passages.partition_point(|passage| passage.span.end <= span.start);
    document.passages.get(at).filter(|passage| passage.span.overlaps(span))
}

/// How often a text in small letters names the system, by any of its names.
fn names_in(system: &AiSystem, text: &str) -> usize {
    system.names().map(|name| mentions(&name.to_lowercase(), text)).sum()
}

/// How often `name` stands in `text` as words of its own.
fn mentions(name: &str, text: &str) -> usize {
    let whole = |at: &usize| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
        let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        apart(before) && apart(after)
    };
    text.match_indices(name).map(|(at, _)| at).filter(whole).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_counts_as_words_of_its_own() {
        assert_eq!(mentions("palleteye", "palleteye and palleteye's camera; palleteyes"), 2);
        assert_eq!(mentions("ai-001", "ai-0012, xai-001 and (ai-001)"), 1);
        assert_eq!(mentions("c++ bot", "the c++ bot."), 1);
        assert_eq!(mentions("bot", ""), 0);
    }

    #[test]
    fn any_of_its_names_names_a_system() {
        let system = AiSystem { name: "Lodestone".into(), aliases: vec!["AI-001".into()] };
        assert_eq!(names_in(&system, "lodestone, ai-001 in our register"), 2);
    }
}
