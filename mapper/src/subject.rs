use regex::Regex;
use sufficit_evidence::{Catalogue, Document, Framework};

/// For each framework of a catalogue: the words of which one stands in any text about its field.
#[derive(Debug)]
pub(crate) struct Subjects(Vec<Option<Regex>>);

impl Subjects {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        Self(catalogue.frameworks().iter().map(subject_pattern).collect())
    }

    /// Whether `text` names the field of the framework at this position; true where it has no such words.
    pub(crate) fn named_in(&self, framework: usize, text: &str) -> bool {
        self.0[framework].as_ref().is_none_or(|regex| regex.is_match(text))
    }

    /// How firmly a document is about the framework's field: mentions in the text, a title counting for five.
    pub(crate) fn mentions(&self, framework: usize, document: &Document) -> usize {
        let Some(regex) = &self.0[framework] else { return usize::MAX };
        let title = document.facts.title.as_ref().map_or("", |fact| fact.value.as_str());
        let titled = if regex.is_match(title) { 5 } else { 0 };
        titled + regex.find_iter(&document.text).take(5).count()
    }
}

/// Short all-capital words such as `AI` are looked for as written, longer ones in any case.
fn subject_pattern(framework: &Framework) -> Option<Regex> {
    if framework.subject.is_empty() {
        return None;
    }
    let words: Vec<String> = framework
        .subject
        .iter()
        .map(|word| {
            let escaped = regex::escape(word);
            let acronym = word.len() <= 5 && word.chars().all(|c| !c.is_lowercase());
            if acronym { escaped } else { format!("(?i:{escaped}s?)") }
        })
        .collect();
    Regex::new(&format!(r"\b(?:{})\b", words.join("|"))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acronym_is_no_part_of_a_word() {
        let framework = Framework {
            id: "x".into(),
            title: String::new(),
            about: String::new(),
            version: String::new(),
            subject: vec!["AI".into(), "language model".into()],
            themes: Vec::new(),
            requirements: Vec::new(),
        };
        let regex = subject_pattern(&framework).expect("has words");
        assert!(regex.is_match("our AI-based sorter"));
        assert!(regex.is_match("Language models are logged"));
        assert!(!regex.is_match("MAIL server, ai in lower case"));
    }
}
