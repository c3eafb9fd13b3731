use crate::likeness::words;
use std::collections::{BTreeSet, HashMap};
use sufficit_evidence::{Catalogue, Document, Requirement, RequirementRef};

/// What the evidence that usually shows each requirement is called, by the words of these names.
///
/// A word tells the less the more requirements of its framework use it in such names: `ln(requirements / those that use it)`, the inverse
/// document frequency of Spärck Jones (1972), so that "policy" says little and "cryptography" much.
#[derive(Debug)]
pub(crate) struct UsualNames {
    names: Vec<UsualName>,
    /// For each word the names that have it, by position, and its share of what each tells.
    words: HashMap<String, Vec<(usize, f32)>>,
}

#[derive(Debug)]
struct UsualName {
    requirement: RequirementRef,
    name: String,
}

/// How much of a usual name stands in one sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Named<'a> {
    /// The name, as the catalogue has it.
    pub(crate) name: &'a str,
    /// The share of what it tells, 0 to 1.
    pub(crate) share: f32,
}

impl UsualNames {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let mut all = Self { names: Vec::new(), words: HashMap::new() };
        for framework in catalogue.frameworks() {
            let of = |requirement: &Requirement| {
                let hints = requirement.evidence.iter();
                let names = hints.flat_map(|hint| hint.names.iter().cloned()).collect();
                (framework.reference(requirement), names)
            };
            all.add(framework.requirements.iter().map(of).collect());
        }
        all
    }

    /// Adds the names of all requirements of a framework.
    fn add(&mut self, requirements: Vec<(RequirementRef, Vec<String>)>) {
        let count = requirements.len() as f32;
        let mut own: Vec<(usize, BTreeSet<String>)> = Vec::new();
        let mut users: HashMap<String, usize> = HashMap::new();
        for (requirement, names) in requirements {
            let mut used = BTreeSet::new();
            for name in names {
                let words: BTreeSet<String> = singulars(&name).collect();
                used.extend(words.iter().cloned());
                own.push((self.names.len(), words));
                self.names.push(UsualName { requirement: requirement.clone(), name });
            }
            used.into_iter().for_each(|word| *users.entry(word).or_default() += 1);
        }
        let tells = |word: &String| (count / users.get(word).copied().unwrap_or(1) as f32).ln();
        // One word alone is said of many things.
        for (position, words) in own.into_iter().filter(|(_, words)| words.len() > 1) {
            let whole: f32 = words.iter().map(tells).sum();
            for word in words.into_iter().filter(|word| tells(word) > 0.0) {
                let share = tells(&word) / whole;
                self.words.entry(word).or_default().push((position, share));
            }
        }
    }

    /// For each requirement the usual name of which most stands in one line or sentence of the document, or in its title. Requirements
    /// with none are left out.
    pub(crate) fn named_in(&self, document: &Document) -> HashMap<&RequirementRef, Named<'_>> {
        let title = document.facts.title_text();
        self.named(document.passages.iter().map(|passage| passage.text.as_str()).chain([title]))
    }

    fn named<'t>(
        &self,
        texts: impl Iterator<Item = &'t str>,
    ) -> HashMap<&RequirementRef, Named<'_>> {
        let mut best = vec![0.0_f32; self.names.len()];
        let mut shares = vec![0.0_f32; self.names.len()];
        let mut touched: Vec<usize> = Vec::new();
        let mut told: BTreeSet<String> = BTreeSet::new();
        for sentence in texts.flat_map(sentences).filter(|one| !one.trim_end().ends_with('?')) {
            told.clear();
            told.extend(singulars(sentence));
            for (position, share) in told.iter().filter_map(|word| self.words.get(word)).flatten() {
                if shares[*position] == 0.0 {
                    touched.push(*position);
                }
                shares[*position] += share;
            }
            for position in touched.drain(..) {
                best[position] = best[position].max(shares[position]);
                shares[position] = 0.0;
            }
        }
        let mut named: HashMap<&RequirementRef, Named<'_>> = HashMap::new();
        let found = self.names.iter().zip(best).filter(|(_, share)| *share > 0.0);
        for (UsualName { requirement, name }, share) in found {
            let share = share.min(1.0);
            let most = named.entry(requirement).or_insert(Named { name, share });
            if share > most.share {
                *most = Named { name, share };
            }
        }
        named
    }
}

/// The lines of a text, and the sentences of each.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.split_inclusive(". "))
}

/// The words of a text, without the ending of an English plural.
pub(crate) fn singulars(text: &str) -> impl Iterator<Item = String> {
    words(text).map(singular)
}

fn singular(mut word: String) -> String {
    let ending = ["ies", "sses", "ches", "xes", "ss", "us", "is", "s"];
    match ending.into_iter().find(|end| word.ends_with(end)) {
        Some("ies") => word.replace_range(word.len() - 3.., "y"),
        Some("sses" | "ches" | "xes") => word.truncate(word.len() - 2),
        Some("s") if word.len() > 3 => word.truncate(word.len() - 1),
        _ => {}
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_counts_by_what_of_it_stands_in_one_sentence() {
        let requirement =
            |id: &str| RequirementRef { framework: "f".into(), requirement: id.into() };
        let names = |id, names: [&str; 2]| (requirement(id), names.map(str::to_owned).to_vec());
        let mut usual = UsualNames { names: Vec::new(), words: HashMap::new() };
        usual.add(vec![
            names("1", ["Gate policy", "Badges"]),
            names("2", ["Orchard policy", "Ladder register"]),
            names("3", ["Boat rota", "Net register"]),
        ]);
        let share = |text: &str, id: &str| {
            usual.named([text].into_iter()).get(&requirement(id)).map_or(0.0, |named| named.share)
        };
        assert!((share("Our gate policies are kept here.", "1") - 1.0).abs() < 1e-6);
        let parted = share("The gate is shut. The policy is not.", "1");
        assert!(parted > 0.5 && parted < 1.0, "{parted}");
        assert!(share("A policy on soup", "1") < parted, "a word of two names tells less");
        assert_eq!(share("Badges are worn.", "1"), 0.0, "a name of one word");
        let named = usual.named(["The orchard's ladder register"].into_iter());
        assert_eq!(named[&requirement("2")].name, "Ladder register");
    }

    #[test]
    fn plurals_are_their_singulars() {
        let all: BTreeSet<_> =
            singulars("Policies, processes and boxes of gas; access, status; AI systems").collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        assert_eq!(
            all,
            ["access", "ai", "and", "box", "gas", "of", "policy", "process", "status", "system"]
        );
    }
}
