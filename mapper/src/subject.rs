use regex::Regex;
use std::collections::HashSet;
use sufficit_evidence::{Catalogue, Document, DocumentKind, Framework, Theme};

/// Mentions of a framework's field (a title counts for all) from which a document is about it as a whole, so that
/// its passages need not name it again.
const MENTIONS: usize = 3;
/// Different hints that are taken for a mention of the field throughout.
const HINTS: usize = 3;

/// For each framework of a catalogue: the words by which a text about its field is known, and for some themes those of theirs.
#[derive(Debug)]
pub(crate) struct Subjects {
    fields: Vec<Option<Subject>>,
    /// Words that say of each framework's management system that it is left out.
    left_out: Vec<Option<Regex>>,
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
            left_out: frameworks.clone().map(left_out).collect(),
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
        let title = document.facts.title_text();
        let unnamed =
            themes.filter(|(_, words)| !words.is_match(title) && !words.is_match(&document.text));
        unnamed.map(|(theme, _)| theme.as_str()).collect()
    }

    /// Whether the document says that the management system of the framework at this position is no part of it, as an audit's scope
    /// does: `The AI management system was not part of this audit`. Only reports are asked: a scope statement excludes sites.
    pub(crate) fn leave_out(&self, framework: usize, document: &Document) -> bool {
        document.facts.kind() == DocumentKind::Report
            && self.left_out[framework]
                .as_ref()
                .is_some_and(|left_out| left_out.is_match(&document.text))
    }

    /// Whether the document's title names another framework's field and not that of the one at this position: a report on information
    /// security that speaks of AI here and there is none on AI.
    pub(crate) fn title_names_another(&self, framework: usize, document: &Document) -> bool {
        let title = document.facts.title_text();
        let names = |field: &Option<Subject>| {
            field.as_ref().is_some_and(|subject| subject.names.is_match(title))
        };
        self.fields[framework].is_some()
            && !names(&self.fields[framework])
            && self.fields.iter().any(names)
    }

    /// Whether the document as a whole is about the framework's field.
    pub(crate) fn pervade(&self, framework: usize, document: &Document) -> bool {
        let Some(subject) = &self.fields[framework] else { return true };
        if self.title_names_another(framework, document) {
            return false;
        }
        subject.names.is_match(document.facts.title_text())
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

/// A management system by its framework's number, by what that is about and by its initials, beside words that leave it out.
fn left_out(framework: &Framework) -> Option<Regex> {
    let number = framework.title.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() >= 4);
    let about = framework.about.trim_end_matches('s');
    let initials = framework.subject.iter().filter(|word| {
        word.len() == 4 && word.ends_with("MS") && word.chars().all(char::is_uppercase)
    });
    let names: Vec<String> = number
        .into_iter()
        .chain([about])
        .chain(initials.map(String::as_str))
        .filter(|name| !name.is_empty())
        .map(regex::escape)
        .collect();
    if names.is_empty() {
        return None;
    }
    let name = format!("(?:{})s?", names.join("|"));
    let not = r"(?:was|were|is|are|has\sbeen|have\sbeen)\s(?:not|no)\s(?:a\s)?(?:part\sof|in\s(?:the\s)?scope|covered|included|audited)";
    let out = r"(?:was|were|is|are|has\sbeen|have\sbeen)\s(?:out\sof\sscope|outside\sthe\sscope|excluded\sfrom)";
    let ahead = r"(?:out\sof\sscope\s?:|not\sin\sscope\s?:|(?:does|did)\snot\scover)";
    Regex::new(&format!(
        r"(?im)(?:^|[.;|]\s*)(?:the\s)?(?:ISO/IEC\s)?{name}(?:\s\([^()]{{0,40}}\))?\s(?:{not}|{out})\b|\b{ahead}\s(?:the\s)?{name}\b"
    ))
    .ok()
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
    fn what_is_left_out_is_told() {
        let framework = Framework {
            id: sufficit_evidence::FrameworkId::new("house".to_owned()),
            title: "ISO/IEC 42001:2023".into(),
            about: "AI management systems".into(),
            version: "1".into(),
            subject: vec!["AI".into(), "AIMS".into()],
            subject_hints: Vec::new(),
            subject_in_controls: true,
            document_types: Vec::new(),
            themes: Vec::new(),
            requirements: Vec::new(),
        };
        let regex = left_out(&framework).expect("has names");
        for text in [
            "All sites. The AI management system was NOT part of this audit.",
            "ISO/IEC 42001 is not covered",
            "Out of scope: AIMS",
            "The AI Management System (AIMS) was not in the scope of this audit.",
            "AI management systems were not audited.",
            "The audit did not cover the AIMS.",
        ] {
            assert!(regex.is_match(text), "{text}");
        }
        for text in [
            "The AI management system was audited.",
            "The gate is not part of the AIMS.",
            "The AIMS is reviewed. The gate was not covered.",
            "The controls of ISO/IEC 42001 Annex A that are excluded are justified above.",
            "The AIMS covers Berlin, Hamburg is excluded.",
            "No part of the AIMS is excluded.",
            "If the AIMS is not reviewed yearly, nobody knows.",
            "Assets outside the AIMS are not covered.",
        ] {
            assert!(!regex.is_match(text), "{text}");
        }
    }

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
