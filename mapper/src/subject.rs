use regex::Regex;
use std::collections::HashSet;
use sufficit_evidence::{Catalogue, Document, Framework, Theme};

/// Mentions of a framework's field (a title counts for all) from which a document is about it as a whole, so that
/// its passages need not name it again.
const MENTIONS: usize = 3;
/// Different hints that are taken for a mention of the field throughout.
const HINTS: usize = 3;

/// For each framework of a catalogue: the words by which a text about its field is known, and for some themes those of theirs.
#[derive(Debug)]
pub(crate) struct Subjects {
    fields: Vec<Option<Subject>>,
    themes: Vec<Vec<(String, Regex)>>,
}

#[derive(Debug)]
struct Subject {
    /// What it is called.
    name: Regex,
    /// Words of which each names the field.
    names: Regex,
    /// Words that hint at it.
    hints: Vec<Regex>,
}

impl Subjects {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let frameworks = catalogue.frameworks().iter();
        let themes = |framework: &Framework| {
            let subject = |theme: &Theme| Some((theme.id.clone(), words_pattern(&theme.subject)?));
            framework.themes.iter().filter_map(subject).collect()
        };
        Self {
            fields: frameworks.clone().map(subject).collect(),
            themes: frameworks.map(themes).collect(),
        }
    }

    /// Whether `text` names the field of the framework at this position; true where it has no such words.
    pub(crate) fn named_in(&self, framework: usize, text: &str) -> bool {
        self.fields[framework].as_ref().is_none_or(|subject| subject.names.is_match(text))
    }

    /// Whether `text` calls the field of the framework at this position by its name, the first of its words.
    pub(crate) fn called_in(&self, framework: usize, text: &str) -> bool {
        self.fields[framework].as_ref().is_some_and(|subject| subject.name.is_match(text))
    }

    /// The themes of the framework at this position of whose subject the document has no word, so that it is no evidence for them.
    pub(crate) fn unnamed_themes(&self, framework: usize, document: &Document) -> Vec<&str> {
        let themes = self.themes[framework].iter();
        let title = document.facts.title.as_ref().map_or("", |fact| fact.value.as_str());
        let unnamed =
            themes.filter(|(_, words)| !words.is_match(title) && !words.is_match(&document.text));
        unnamed.map(|(theme, _)| theme.as_str()).collect()
    }

    /// Whether the document as a whole is about the framework's field.
    pub(crate) fn pervade(&self, framework: usize, document: &Document) -> bool {
        let Some(subject) = &self.fields[framework] else { return true };
        let title = document.facts.title.as_ref().map_or("", |fact| fact.value.as_str());
        subject.names.is_match(title)
            || subject.mentions(&document.text) >= MENTIONS
            || subject.hints.iter().filter(|hint| hint.is_match(&document.text)).take(HINTS).count()
                == HINTS
    }
}

impl Subject {
    /// How often `text` names the field, lines that stand twice counted once.
    fn mentions(&self, text: &str) -> usize {
        let mut told = HashSet::new();
        let new = text.lines().filter(|line| told.insert(line.trim()));
        new.map(|line| self.names.find_iter(line).count()).sum()
    }
}

fn subject(framework: &Framework) -> Option<Subject> {
    let name = words_pattern(framework.subject.get(..1)?)?;
    let names = words_pattern(&framework.subject)?;
    let hints =
        framework.subject_hints.iter().filter_map(|word| words_pattern(std::slice::from_ref(word)));
    Some(Subject { name, names, hints: hints.collect() })
}

/// Short all-capital words such as `AI` are looked for as written, longer ones in any case.
fn words_pattern(words: &[String]) -> Option<Regex> {
    if words.is_empty() {
        return None;
    }
    let words: Vec<String> = words
        .iter()
        .map(|word| {
            let escaped = regex::escape(word);
            let acronym = word.len() <= 5 && word.chars().all(|c| !c.is_lowercase());
            match escaped.strip_suffix('y') {
                _ if acronym => escaped,
                Some(stem) => format!("(?i:{stem}(?:y|ies))"),
                None => format!("(?i:{escaped}s?)"),
            }
        })
        .collect();
    Regex::new(&format!(r"\b(?:{})\b", words.join("|"))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acronym_is_no_part_of_a_word() {
        let regex = words_pattern(&["AI".into(), "language model".into()]).expect("has words");
        assert!(regex.is_match("our AI-based sorter"));
        assert!(regex.is_match("Language models are logged"));
        let regex = words_pattern(&["vulnerability".into()]).expect("has words");
        assert!(regex.is_match("Vulnerabilities are fixed") && regex.is_match("a vulnerability"));
        assert!(!regex.is_match("MAIL server, ai in lower case"));
    }
}
