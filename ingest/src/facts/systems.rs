//! AI systems that a document says it is about: `AI system: Lodestone`, a table's `Model name | Lodestone`, the title
//! `Model card: Lodestone`. Names that merely stand in the text are not looked for here.

use super::{
    fields::{cells, lines, segments},
    labels::{is_known, normal},
    placeholders,
};
use crate::block::{Layout, Place, Role};
use std::ops::Range;

/// As many are kept.
const KEPT: usize = 20;
/// Words and characters of a name at most.
const WORDS: usize = 6;
const CHARS: usize = 60;
/// Characters at a document's head in which it says whether it speaks of AI.
const HEAD: usize = 2000;

/// Labels that name an AI system wherever they stand.
const SURE: [&str; 14] = [
    "ai system",
    "ai system name",
    "ai system assessed",
    "ai system under assessment",
    "ai system concerned",
    "ai application",
    "ai model",
    "ai model name",
    "name of ai system",
    "name of the ai system",
    "name of ai model",
    "name of the ai model",
    "model name",
    "name of the model",
];

/// Labels that name an AI system in a document that speaks of AI, and any computer in others.
const IN_CONTEXT: [&str; 7] = [
    "system",
    "system name",
    "name of system",
    "name of the system",
    "system assessed",
    "system under assessment",
    "model",
];

/// What titles of documents about one AI system are called.
const GENRES: [&str; 8] = [
    "ai system impact assessment",
    "ai impact assessment",
    "algorithmic impact assessment",
    "ai system model card",
    "ai model card",
    "model card",
    "ai system card",
    "system card",
];

/// Words of documents and tables: what holds one names no system.
const NO_NAMES: [&str; 32] = [
    "procedure",
    "template",
    "form",
    "guideline",
    "guidelines",
    "policy",
    "report",
    "process",
    "register",
    "methodology",
    "standard",
    "plan",
    "summary",
    "checklist",
    "log",
    "instructions",
    "guide",
    "draft",
    "owner",
    "description",
    "purpose",
    "status",
    "name",
    "value",
    "all",
    "any",
    "various",
    "none",
    "n/a",
    "tbd",
    "see",
    "multiple",
];

/// Words of descriptions and definitions (`AI system: software that infers`): what holds one is no name.
const OF_SENTENCES: [&str; 16] = [
    "a", "an", "that", "which", "who", "is", "are", "was", "to", "with", "using", "used", "or",
    "by", "not", "we",
];

/// A system's name, and the place and bytes that say it.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) place: usize,
    pub(super) quote: Range<usize>,
}

/// The systems that labels at places where a document speaks of itself (`zones`) name, in order, each once.
pub(super) fn labelled(layout: &Layout, zones: &[bool], title: &str) -> Vec<Named> {
    let in_context = speaks_of_ai(title) || speaks_of_ai(&head(layout));
    let names_system =
        |label: &str| SURE.contains(&label) || in_context && IN_CONTEXT.contains(&label);
    let mut found: Vec<Named> = Vec::new();
    for (n, place) in layout.places.iter().enumerate() {
        if zones.get(n) != Some(&true) || place.role == Role::Contents {
            continue;
        }
        for (label, value) in pairs(layout, n, place) {
            let (Some(label_text), Some(value_text)) =
                (layout.text.get(label.clone()), layout.text.get(value.clone()))
            else {
                continue;
            };
            if !names_system(&normal(label_text)) {
                continue;
            }
            let known = |name: &String| found.iter().any(|other| same(&other.name, name));
            if let Some(name) = name_of(value_text).filter(|name| !known(name)) {
                found.push(Named { name, place: n, quote: label.start..value.end });
            }
            if found.len() == KEPT {
                return found;
            }
        }
    }
    found
}

/// The system that a title names: `Model card: Lodestone 3.2`, `AI impact assessment for Lodestone`, `Lodestone model card`.
pub(super) fn titled(title: &str) -> Option<String> {
    let lower = title.to_lowercase();
    if lower.len() != title.len() {
        return None;
    }
    let (at, genre) = GENRES.iter().find_map(|genre| Some((lower.find(genre)?, genre)))?;
    let (before, after) = (title.get(..at)?, title.get(at + genre.len()..)?);
    let before = before.trim().trim_end_matches([':', '-', '–', '—', '|', ',']).trim();
    if before.is_empty() || is_number(before) {
        name_of(after_mark(after)?)
    } else if after.trim().is_empty() {
        name_of(before)
    } else {
        None
    }
}

/// Whether one of two names is the other, or a part of it.
pub(super) fn same(a: &str, b: &str) -> bool {
    let words = |name: &str| {
        let lower = name.to_lowercase();
        format!(" {} ", lower.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let (a, b) = (words(a), words(b));
    a.contains(&b) || b.contains(&a)
}

fn head(layout: &Layout) -> String {
    layout.text.chars().take(HEAD).collect()
}

fn speaks_of_ai(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "artificial intelligence",
        "machine learning",
        "machine-learning",
        "language model",
        "model card",
    ]
    .iter()
    .any(|cue| lower.contains(cue))
        || text.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "AI" | "ML"))
}

/// Labels with their values in a place: `Label: value` in a line, the first two cells of a row.
fn pairs(layout: &Layout, n: usize, place: &Place) -> Vec<(Range<usize>, Range<usize>)> {
    if let Role::Row { header, .. } = place.role {
        let row = cells(place);
        let [label, value, ..] = row else { return Vec::new() };
        let of_pairs = row.len() <= 4 && (!header || row.len() == 2 && labels_below(layout, n));
        return if of_pairs { vec![(label.clone(), value.clone())] } else { Vec::new() };
    }
    let segments = lines(layout, place).into_iter().flat_map(|line| segments(&layout.text, line));
    segments
        .filter_map(|segment| {
            let body = layout.text.get(segment.clone())?;
            let colon = body.find(':')?;
            let value = body.get(colon + 1..)?;
            value.starts_with(char::is_whitespace).then(|| {
                (segment.start..segment.start + colon, segment.start + colon + 1..segment.end)
            })
        })
        .collect()
}

/// Rows below a table's first that are looked at.
const ROWS: usize = 6;

/// Whether rows below a table's first begin with labels, so that the table has its labels at the side.
fn labels_below(layout: &Layout, n: usize) -> bool {
    let below = layout.places.iter().skip(n + 1).take(ROWS).map_while(|row| cells(row).first());
    below.filter_map(|cell| layout.text.get(cell.clone())).any(is_known)
}

/// What follows a title's genre after a mark or a word that leads to a name.
fn after_mark(after: &str) -> Option<&str> {
    let after = after.trim_start();
    let lower = after.to_lowercase();
    let also = ["report", "record"].iter().find(|word| lower.starts_with(**word));
    let rest = after.get(also.map_or(0, |word| word.len())..)?.trim_start();
    [": ", "- ", "– ", "— ", "| ", "for the ", "of the ", "for ", "of ", "on "]
        .iter()
        .find_map(|mark| rest.strip_prefix(mark))
}

/// The name in a value: without a number before it, a version behind it and what brackets and commas add. `None` where it
/// is blank, a description or a word of the form.
fn name_of(value: &str) -> Option<String> {
    let value = value.trim().trim_matches(['*', '`', '"', '“', '”']).trim();
    if placeholders::is_blank(value) || value.contains(['[', '<', '{', '_']) {
        return None;
    }
    let end = [", ", "; ", " (", " - ", " – ", " — ", ". ", " | ", "\n", " / "]
        .iter()
        .filter_map(|mark| value.find(mark))
        .min()
        .unwrap_or(value.len());
    let mut words: Vec<&str> = value.get(..end)?.trim_end_matches('.').split_whitespace().collect();
    if words.len() > 1 && words.first().is_some_and(|first| is_number(first)) {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(|last| is_version(last)) {
        words.pop();
    }
    let name = words.join(" ");
    if name.contains(':') {
        return None;
    }
    let proper = words.iter().any(|word| word.starts_with(char::is_uppercase));
    let of_the_form = words.iter().any(|word| {
        let word = word.to_lowercase();
        NO_NAMES.contains(&word.as_str()) || OF_SENTENCES.contains(&word.as_str())
    });
    let only_number = words.len() == 1 && words.first().is_some_and(|word| is_number(word));
    let generic = words.iter().all(|word| {
        matches!(
            word.to_lowercase().as_str(),
            "ai" | "ml" | "the" | "system" | "systems" | "model" | "models" | "tool" | "tools"
        )
    });
    let fits = (1..=WORDS).contains(&words.len()) && name.chars().count() <= CHARS;
    (fits && proper && !of_the_form && !only_number && !generic).then_some(name)
}

/// `AI-003`, `AIMS-SYS-001`: a number, no name.
fn is_number(word: &str) -> bool {
    word.contains(['-', '/'])
        && word.chars().filter(char::is_ascii_digit).count() > 1
        && word
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '/' | '.'))
}

/// `3.2`, `v1.0-rc`, and the word before such a one.
fn is_version(word: &str) -> bool {
    let lower = word.to_lowercase();
    matches!(lower.as_str(), "version" | "release" | "edition" | "v")
        || lower.strip_prefix('v').unwrap_or(&lower).starts_with(|c: char| c.is_ascii_digit())
            && lower.contains(['.', 'v'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_the_system_that_it_is_about() {
        let name = |title| titled(title).unwrap_or_default();
        assert_eq!(name("Model card: Lodestone 3.2"), "Lodestone");
        assert_eq!(name("AI system impact assessment: Rota Advisor"), "Rota Advisor");
        assert_eq!(name("AI Impact Assessment for EugAI"), "EugAI");
        assert_eq!(name("AI Impact Assessment Report – Claims Triage v2.0"), "Claims Triage");
        assert_eq!(name("Claims Triage model card"), "Claims Triage");
        assert_eq!(name("AI-FRM-02 - AI system impact assessment: Rota Advisor"), "Rota Advisor");
        for none in [
            "Model card",
            "Model Cards for Model Reporting",
            "PROCEDURE FOR AI SYSTEM IMPACT ASSESSMENT",
            "AI impact assessment template",
            "AI impact assessment: [system name]",
            "AI system impact assessment process",
            "Data protection impact assessment",
            "Data protection impact assessment for the canteen",
            "AI impact assessment of the new chatbot",
            "Impact assessment of AI systems",
        ] {
            assert_eq!(titled(none), None, "{none}");
        }
    }

    #[test]
    fn a_value_is_a_name_only_where_it_looks_like_one() {
        let name = |value| name_of(value).unwrap_or_default();
        assert_eq!(name("AI-003 Rota Advisor, release 2.0"), "Rota Advisor");
        assert_eq!(
            name("NCAOS-Urielle External Governance Shell (EGS) v1.0-rc"),
            "NCAOS-Urielle External Governance Shell"
        );
        assert_eq!(name("GPT-4 v2"), "GPT-4");
        assert_eq!(name("**CreditIQ**"), "CreditIQ");
        for none in [
            "TBD",
            "[System name]",
            "AI-003",
            "a fraud model of our own",
            "Owner",
            "Lodestone Owner: Ann",
            "All AI systems",
            "the AI system",
            "A machine-based system",
            "Software that infers from its input",
            "Name",
        ] {
            assert_eq!(name_of(none), None, "{none}");
        }
    }
}
