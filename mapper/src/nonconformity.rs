use crate::pattern::pattern;
use regex::Regex;
use std::sync::LazyLock;
use sufficit_evidence::{
    Catalogue, Citation, Document, Passage, PassageShape, RequirementRef, Span,
};

/// What calls a finding a nonconformity, or grades one.
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(non-?\s?conformit(y|ies)|non-?\s?conformances?|(major|minor)\s+(nc|finding)s?)\b|\bNC[-\s#]?\d",
    )
});
/// What says that there is none, or none any more.
static SETTLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(no|zero|without( any)?|free of|0)\s+((open|major|minor|new|further|or|and)\s+)*(non-?\s?conform|nc\b|findings?\b)|\bnon-?\s?conformit(y|ies)\s*(raised|found|open)?\s*[:|]\s*(none|nil|0)\b|(^|[^t]\s|[|,;:(])\s*(closed|resolved|withdrawn|downgraded)\b",
    )
});
/// Characters up to which a paragraph or list speaks of one finding.
const ONE_FINDING: usize = 500;

/// Where a record states an open nonconformity against a requirement by its number: the row, or the paragraph. A clause has to
/// be called one (`clause 8.4`), for bare numbers are also versions and shares; and where another framework has the same number, the text has to name the
/// standard, or the document name no other.
pub(crate) fn nonconformity(
    catalogue: &Catalogue,
    document: &Document,
    name: &RequirementRef,
) -> Option<Citation> {
    if !document.facts.kind().is_operating_record() {
        return None;
    }
    let number = numbered(name.requirement.as_str())?;
    let found = document.passages.iter().find_map(|passage| {
        let mut stated = statements(passage).into_iter();
        stated
            .find_map(|text| (number.is_match(text) && is_stated(text)).then_some((passage, text)))
    });
    let (passage, text) = found?;
    if !is_of(catalogue, name, text, document) {
        return None;
    }
    let at = (text.as_ptr() as usize).saturating_sub(passage.text.as_ptr() as usize);
    let start = passage.span.start + passage.text.get(..at).unwrap_or_default().chars().count();
    Some(Citation {
        page: passage.page,
        heading: passage.heading.clone(),
        span: Span::new(start, start + text.chars().count()),
        quote: text.to_owned(),
    })
}

fn is_stated(text: &str) -> bool {
    CALLED.is_match(text) && !SETTLED.is_match(text)
}

/// The parts of a passage that each speak of one thing.
fn statements(passage: &Passage) -> Vec<&str> {
    let text = passage.text.trim();
    if passage.shape == PassageShape::Table || text.len() > ONE_FINDING {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
    } else {
        vec![text]
    }
}

/// What names a requirement by its number.
fn numbered(id: &str) -> Option<Regex> {
    let escaped = regex::escape(id);
    let before = if id.starts_with("A.") {
        r"(^|[^\w.])".to_owned()
    } else {
        r"(?i:\b(clauses?|cl\.|requirements?|sections? of the standard)|§)\s*([\d.]+\s*(,|;|/|and)\s*)*"
            .to_owned()
    };
    Regex::new(&format!(r"{before}{escaped}([^\d.]|\.(\D|$)|$)")).ok()
}

/// Whether a number that several frameworks have is meant as this framework's.
fn is_of(catalogue: &Catalogue, name: &RequirementRef, text: &str, document: &Document) -> bool {
    let named_in = |framework: &str, text: &str| {
        let number = standard_number(framework);
        number.is_some_and(|number| text.contains(number))
    };
    let mut own = false;
    let mut others = Vec::new();
    for framework in catalogue.frameworks() {
        if framework.id == name.framework {
            own = named_in(&framework.title, text);
        } else if framework.requirement(&name.requirement).is_some() {
            others.push(framework.title.as_str());
        }
    }
    let elsewhere = |text: &str| others.iter().any(|title| named_in(title, text));
    own && !elsewhere(text) || !elsewhere(&document.text)
}

/// The number of a standard in its title: `42001` of `ISO/IEC 42001:2023`.
fn standard_number(title: &str) -> Option<&str> {
    title.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() >= 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(id: &str, text: &str) -> bool {
        numbered(id).is_some_and(|number| number.is_match(text)) && is_stated(text)
    }

    #[test]
    fn a_nonconformity_names_its_requirement() {
        assert!(states(
            "8.4",
            "NC-1 | major | Pilot runs without a completed assessment | clause 8.4 | 7 August"
        ));
        assert!(states("A.5.18", "Minor nonconformity (A.5.18): leavers kept their accounts."));
        assert!(states("9.3.2", "Non-conformity against clauses 9.2, 9.3.2. Owner: QM."));
        assert!(states("8.4", "NC 3, major, clause 8.4, not closed"));
    }

    #[test]
    fn another_number_is_another_requirement() {
        assert!(!states("8.4", "NC-1 | major | clause 8.41"));
        assert!(!states("8.4", "NC-1 | major | clause 8.4.2"));
        assert!(!states("8.4", "NC-1 | Lodestone 8.4 failed"), "a version is no clause");
        assert!(!states("A.5.1", "Minor nonconformity (A.5.18)"));
    }

    #[test]
    fn what_is_settled_or_was_never_found_is_none() {
        assert!(!states("8.4", "NC-1 | major | clause 8.4 | closed 2 May 2026"));
        assert!(!states("8.4", "No major or minor nonconformities against clause 8.4."));
        assert!(!states("8.4", "Clause 8.4: nonconformities: none"));
        assert!(!states("8.4", "Clause 8.4 was sampled."));
    }

    #[test]
    fn a_standard_is_known_by_its_number() {
        assert_eq!(standard_number("ISO/IEC 42001:2023"), Some("42001"));
        assert_eq!(standard_number("House rules 2024"), None);
    }
}
