//! What sort of evidence a document is, by its title's head word, else by its structure. The file's name says nothing.

use super::{fields, forms::Form, placeholders, shape};
use crate::{
    block::{Layout, Role},
    stamp,
};
use regex::Regex;
use std::sync::LazyLock;
use sufficit_evidence::{DocumentKind, Fact, Facts, Origin};

/// Words at the end of a title that name a kind of document.
const WORDS: [(&str, DocumentKind); 107] = [
    ("policy", DocumentKind::Policy),
    ("policies", DocumentKind::Policy),
    ("charter", DocumentKind::Policy),
    ("principles", DocumentKind::Policy),
    ("commitment", DocumentKind::Policy),
    ("code of conduct", DocumentKind::Policy),
    ("code of ethics", DocumentKind::Policy),
    ("statement", DocumentKind::Policy),
    ("objectives", DocumentKind::Policy),
    ("rules", DocumentKind::Policy),
    ("rule", DocumentKind::Policy),
    ("directive", DocumentKind::Policy),
    ("standing order", DocumentKind::Policy),
    ("circular", DocumentKind::Policy),
    ("code of practice", DocumentKind::Policy),
    ("terms of reference", DocumentKind::Procedure),
    ("function profile", DocumentKind::Procedure),
    ("job description", DocumentKind::Procedure),
    ("arrangements", DocumentKind::Procedure),
    ("method", DocumentKind::Procedure),
    ("program", DocumentKind::Procedure),
    ("specification", DocumentKind::Procedure),
    ("how-to", DocumentKind::Procedure),
    ("procedure", DocumentKind::Procedure),
    ("procedures", DocumentKind::Procedure),
    ("process", DocumentKind::Procedure),
    ("processes", DocumentKind::Procedure),
    ("plan", DocumentKind::Procedure),
    ("guideline", DocumentKind::Procedure),
    ("guidelines", DocumentKind::Procedure),
    ("guide", DocumentKind::Procedure),
    ("guidance", DocumentKind::Procedure),
    ("standard", DocumentKind::Procedure),
    ("standards", DocumentKind::Procedure),
    ("playbook", DocumentKind::Procedure),
    ("runbook", DocumentKind::Procedure),
    ("framework", DocumentKind::Procedure),
    ("methodology", DocumentKind::Procedure),
    ("manual", DocumentKind::Procedure),
    ("handbook", DocumentKind::Procedure),
    ("instructions", DocumentKind::Procedure),
    ("instruction", DocumentKind::Procedure),
    ("sop", DocumentKind::Procedure),
    ("raci", DocumentKind::Procedure),
    ("workflow", DocumentKind::Procedure),
    ("strategy", DocumentKind::Procedure),
    ("programme", DocumentKind::Procedure),
    ("onboarding", DocumentKind::Procedure),
    ("offboarding", DocumentKind::Procedure),
    ("checklist", DocumentKind::Procedure),
    ("roles and responsibilities", DocumentKind::Procedure),
    ("register", DocumentKind::Register),
    ("corrective action plan", DocumentKind::Register),
    ("corrective actions", DocumentKind::Register),
    ("nonconformities", DocumentKind::Register),
    ("non-conformities", DocumentKind::Register),
    ("capa", DocumentKind::Register),
    ("registry", DocumentKind::Register),
    ("tracker", DocumentKind::Register),
    ("and list", DocumentKind::Register),
    ("inventory", DocumentKind::Register),
    ("catalogue", DocumentKind::Register),
    ("catalog", DocumentKind::Register),
    ("risk log", DocumentKind::Register),
    ("incident log", DocumentKind::Register),
    ("issue log", DocumentKind::Register),
    ("statement of applicability", DocumentKind::Register),
    ("soa", DocumentKind::Register),
    ("data dictionary", DocumentKind::Register),
    ("assessment", DocumentKind::Assessment),
    ("assessments", DocumentKind::Assessment),
    ("dpia", DocumentKind::Assessment),
    ("aiia", DocumentKind::Assessment),
    ("evaluation", DocumentKind::Assessment),
    ("questionnaire", DocumentKind::Assessment),
    ("due diligence", DocumentKind::Assessment),
    ("report", DocumentKind::Report),
    ("audit", DocumentKind::Report),
    ("findings", DocumentKind::Report),
    ("model card", DocumentKind::Report),
    ("datasheet", DocumentKind::Report),
    ("dossier", DocumentKind::Report),
    ("post-mortem", DocumentKind::Report),
    ("postmortem", DocumentKind::Report),
    ("results", DocumentKind::Report),
    ("validation", DocumentKind::Report),
    ("test summary", DocumentKind::Report),
    ("review", DocumentKind::Report),
    ("investigation", DocumentKind::Report),
    ("investigations", DocumentKind::Report),
    ("minutes", DocumentKind::Minutes),
    ("meeting notes", DocumentKind::Minutes),
    ("meeting", DocumentKind::Minutes),
    ("retro", DocumentKind::Minutes),
    ("retrospective", DocumentKind::Minutes),
    ("agreement", DocumentKind::Contract),
    ("contract", DocumentKind::Contract),
    ("statement of work", DocumentKind::Contract),
    ("special conditions", DocumentKind::Contract),
    ("addendum", DocumentKind::Contract),
    ("terms", DocumentKind::Contract),
    ("training", DocumentKind::Training),
    ("course", DocumentKind::Training),
    ("attendance", DocumentKind::Training),
    ("attendance list", DocumentKind::Training),
    ("refresher", DocumentKind::Training),
    ("log", DocumentKind::Log),
];

/// Titles that name a record of one occasion; looked for after the kinds above.
const RECORDS: [&str; 17] = [
    "record",
    "records",
    "certificate",
    "ticket",
    "sign-off",
    "approval",
    "confirmation",
    "acknowledgement",
    "decision",
    "change request",
    "test result",
    "evidence",
    "entry",
    "release notes",
    "change note",
    "handover",
    "file",
];

/// Parts of a document's number that name its kind: `POL-GOV-031`.
const CODES: [(&str, DocumentKind); 9] = [
    ("INC", DocumentKind::Report),
    ("POL", DocumentKind::Policy),
    ("SOP", DocumentKind::Procedure),
    ("PROC", DocumentKind::Procedure),
    ("PRO", DocumentKind::Procedure),
    ("PRC", DocumentKind::Procedure),
    ("STD", DocumentKind::Procedure),
    ("WI", DocumentKind::Procedure),
    ("GDL", DocumentKind::Procedure),
];

static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[^0-9A-Za-z]{0,2}(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]|[A-Za-z]{3} +[0-9]{1,2} )?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?").ok()
});

/// The document's kind with the reason for it; none where nothing tells.
pub(super) fn of(layout: &Layout, facts: &Facts, form: &Form) -> Option<Fact<DocumentKind>> {
    let title = facts.title.as_ref().map(|title| title.value.as_str());
    let fact = |value, reason: String| Some(Fact { value, origin: Origin::Inferred(reason) });
    if let Some(reason) = form.is_unfilled(title) {
        return fact(DocumentKind::Template, reason);
    }
    let logged = share_of_clock_lines(layout);
    let opening = opening(layout);
    let named = title.and_then(by_title).or_else(|| {
        // Without a title the first words of the text are one.
        opening.filter(|_| title.is_none()).and_then(by_title)
    });
    if let Some((kind, word)) = named {
        let kind = match kind {
            // A log that people keep is a register; one that a machine or a shift writes has a time on each line.
            DocumentKind::Log if logged < 0.4 => DocumentKind::Register,
            // A review at which people met: what is kept of it are minutes.
            DocumentKind::Report if word == "review" && is_of_a_meeting(&head(layout)) => {
                return fact(DocumentKind::Minutes, MEETING.into());
            }
            kind => kind,
        };
        return fact(kind, format!("its title says \"{word}\""));
    }
    if logged >= 0.6 {
        return fact(DocumentKind::Log, "most of its lines begin with a time".into());
    }
    if let Some((kind, code)) = title.or(opening).and_then(by_code) {
        return fact(kind, format!("its number begins with \"{code}\""));
    }
    by_structure(layout)
        .or_else(|| shape::kind(layout, facts))
        .and_then(|(kind, reason)| fact(kind, reason.into()))
}

/// The first sentence of a text that begins with neither a heading nor a table of other things.
fn opening(layout: &Layout) -> Option<&str> {
    let place = layout
        .places
        .iter()
        .find(|place| !matches!(place.role, Role::Furniture | Role::Contents))?;
    let line = match &place.role {
        // `Document | POL-031 Use of AI`.
        Role::Row { cells, .. } => {
            let cell = |n: usize| cells.get(n).and_then(|cell| layout.text.get(cell.clone()));
            let label = cell(0)?.trim().to_lowercase();
            if cells.len() != 2
                || !matches!(label.as_str(), "document" | "title" | "assessment" | "record")
            {
                return None;
            }
            if label == "assessment" || label == "record" { cell(0)? } else { cell(1)? }
        }
        _ => layout.text_of(place).lines().next()?,
    };
    let end = line
        .match_indices(". ")
        .map(|(at, _)| at)
        .find(|at| line.get(..*at).is_some_and(super::names::ends_sentence));
    let sentence = line.get(..end.unwrap_or(line.len()))?;
    (sentence.split_whitespace().count() <= 18).then_some(sentence)
}

/// The kind that the number at the head of a title names.
fn by_code(title: &str) -> Option<(DocumentKind, &'static str)> {
    let number = title.split_whitespace().next()?;
    let is_number = number.contains('-') && number.contains(|c: char| c.is_ascii_digit());
    CODES
        .iter()
        .find(|(code, _)| is_number && number.split('-').any(|part| part == *code))
        .map(|(code, kind)| (*kind, *code))
}

/// The last word of a title that names a kind; what stands after `for`, `on`, `of` or a dash only says about what.
pub(super) fn by_title(title: &str) -> Option<(DocumentKind, &'static str)> {
    let lower = title.to_lowercase();
    // A reply speaks of something, and is none.
    if ["re:", "fw:", "fwd:", "aw:", "wg:"].iter().any(|reply| lower.starts_with(reply)) {
        return None;
    }
    // `Security review - minutes` are the minutes of it.
    if ["— minutes", "– minutes", "- minutes"].iter().any(|end| lower.ends_with(end)) {
        return Some((DocumentKind::Minutes, "minutes"));
    }
    let mut parts = vec![lower.as_str()];
    for mark in [" for ", " on ", " — ", " – ", " - ", ": ", " | ", " (", ", "] {
        parts = parts.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    let mut named = parts.iter().filter_map(|part| Some((*part, of_part(part)?)));
    let (_, first) = named.next()?;
    // `Method, with the record for 2026`: the rules are what the record is held against.
    let joined = |part: &str| part.starts_with("with ") || part.starts_with("and ");
    let second = named.find(|(part, (kind, _))| joined(part) && kind.is_operating_record());
    Some(second.filter(|_| first.0.governs()).map_or(first, |(_, named)| named))
}

/// The kind that the last telling word of a title's part names.
fn of_part(part: &str) -> Option<(DocumentKind, &'static str)> {
    // `record of processing` is a record: its head stands first.
    let (head, _) = part.split_once(" of the ").unwrap_or((part, ""));
    let kinds = WORDS
        .iter()
        .filter_map(|(word, kind)| Some((position(head, word)?, word.len(), *kind, *word)));
    let records = RECORDS
        .iter()
        .filter_map(|word| Some((position(head, word)?, word.len(), DocumentKind::Record, *word)));
    kinds
        .chain(records)
        .max_by_key(|(end, length, ..)| (*end, *length))
        .map(|(_, _, kind, word)| (kind, word))
}

/// Where a whole word ends in a text.
fn position(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word)
        .filter(|(at, _)| {
            let before = text.get(..*at).and_then(|before| before.chars().next_back());
            let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(|c| c.is_alphanumeric())
                && !after.is_some_and(|c| c.is_alphanumeric() || c == '-')
        })
        .map(|(at, _)| at + word.len())
        .last()
}

fn share_of_clock_lines(layout: &Layout) -> f32 {
    let Some(clock) = CLOCK.as_ref() else { return 0.0 };
    let (mut all, mut timed) = (0_usize, 0_usize);
    for line in layout
        .places
        .iter()
        .take(300)
        .filter(|place| match &place.role {
            Role::Heading(_) | Role::Furniture | Role::Contents => false,
            Role::Row { header, cells, .. } => !header && !shape::is_field(layout, cells),
            Role::Paragraph | Role::Item => true,
        })
        .flat_map(|place| layout.text_of(place).lines())
        .take(400)
    {
        all += 1;
        let timed_cell = line
            .split(" | ")
            .take(3)
            .any(|cell| clock.is_match(cell.trim_start_matches(['-', '*', ' ', '['])));
        timed += usize::from(timed_cell || stamp::length(line).is_some());
    }
    if all < 4 { 0.0 } else { timed as f32 / all as f32 }
}

/// Why a document is taken for minutes.
const MEETING: &str = "it lists attendees and an agenda or actions";

/// Characters of the document's head in which words tell its kind, and places from which they are taken.
const HEAD: usize = 12_000;
const HEAD_PLACES: usize = 60;

/// The beginning of the text, in small letters.
fn head(layout: &Layout) -> String {
    let places = layout.places.iter().take(HEAD_PLACES).map(|place| layout.text_of(place));
    let text = places.collect::<Vec<_>>().join("\n");
    text.chars().take(HEAD).collect::<String>().to_lowercase()
}

fn count(head: &str, phrases: &[&str]) -> usize {
    phrases.iter().filter(|phrase| head.contains(*phrase)).count()
}

/// Whether people met, of which this was taken down.
fn is_of_a_meeting(head: &str) -> bool {
    const WORDS: [&str; 7] = [
        "attendees",
        "apologies",
        "agenda",
        "action items",
        "actions arising",
        "present:",
        "minutes of",
    ];
    count(head, &WORDS) >= 2
}

fn by_structure(layout: &Layout) -> Option<(DocumentKind, &'static str)> {
    let head = head(layout);
    if is_of_a_meeting(&head) {
        return Some((DocumentKind::Minutes, MEETING));
    }
    let has = |phrases: &[&str]| count(&head, phrases);
    if has(&[
        "between the parties",
        "the parties agree",
        "hereinafter",
        "this agreement",
        "governing law",
        "confidential information",
    ]) >= 2
    {
        return Some((DocumentKind::Contract, "it speaks of parties and an agreement"));
    }
    for (phrases, kind, reason) in [
        (
            &["this policy", "our policy", "policy statement"][..],
            DocumentKind::Policy,
            "it calls itself a policy",
        ),
        (
            &[
                "this procedure",
                "this process ",
                "this plan",
                "this guideline",
                "this guide ",
                "this standard",
                "this playbook",
                "this runbook",
            ],
            DocumentKind::Procedure,
            "it calls itself a procedure or plan",
        ),
        (
            &["this register", "this inventory"],
            DocumentKind::Register,
            "it calls itself a register",
        ),
        (&["this assessment"], DocumentKind::Assessment, "it calls itself an assessment"),
        (
            &[
                "this report",
                "executive summary",
                "key findings",
                "audit scope",
                "root cause:",
                "root cause was",
            ],
            DocumentKind::Report,
            "it calls itself a report or states findings",
        ),
        (
            &["this training", "this course", "learning objectives"],
            DocumentKind::Training,
            "it calls itself a training",
        ),
    ] {
        if has(phrases) > 0 {
            return Some((kind, reason));
        }
    }
    is_register(layout)
        .then_some((DocumentKind::Register, "most of it is a table of items with ids"))
}

/// A table with a column of ids and another of owners or states, and some rows.
fn is_register(layout: &Layout) -> bool {
    let rows = layout.places.iter().filter(|place| matches!(place.role, Role::Row { .. })).count();
    let named = layout
        .places
        .iter()
        .filter(|place| matches!(place.role, Role::Row { header: true, .. }))
        .any(|place| {
            let columns: Vec<String> = fields::cells(place)
                .iter()
                .map(|cell| layout.text.get(cell.clone()).unwrap_or_default().to_lowercase())
                .collect();
            let has = |words: &[&str]| {
                columns.iter().any(|column| {
                    column.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
                })
            };
            has(&["id", "ref", "reference", "no", "number", "control", "name", "asset"])
                && has(&["owner", "status", "state", "risk", "category", "priority", "applicable"])
        });
    let filled = layout
        .places
        .iter()
        .filter(|place| matches!(place.role, Role::Row { header: false, .. }))
        .any(|place| !placeholders::is_blank(layout.text_of(place)));
    named && filled && rows >= 4 && rows * 2 >= layout.places.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_title_names_the_kind() {
        let kind = |title| by_title(title).map(|(kind, _)| kind);
        assert_eq!(kind("AI Risk Assessment Procedure"), Some(DocumentKind::Procedure));
        assert_eq!(kind("Procedure for AI impact assessment"), Some(DocumentKind::Procedure));
        assert_eq!(kind("Access Control Policy (v2)"), Some(DocumentKind::Policy));
        assert_eq!(
            kind("Data Protection Impact Assessment: pricing model"),
            Some(DocumentKind::Assessment)
        );
        assert_eq!(kind("Minutes of the AI board"), Some(DocumentKind::Minutes));
        assert_eq!(kind("Supplier incident log"), Some(DocumentKind::Register));
        assert_eq!(kind("Information security review - minutes"), Some(DocumentKind::Minutes));
        assert_eq!(kind("Risk method, with the record for 2026"), Some(DocumentKind::Record));
        assert_eq!(kind("Access control policy - review"), Some(DocumentKind::Policy));
        assert_eq!(kind("Retention policy for records and backups"), Some(DocumentKind::Policy));
        assert_eq!(kind("Statement of Applicability"), Some(DocumentKind::Register));
        assert_eq!(kind("Corrective action plan 2026"), Some(DocumentKind::Register));
        assert_eq!(kind("Corrective action procedure"), Some(DocumentKind::Procedure));
        assert_eq!(kind("Report on the audit method"), Some(DocumentKind::Report));
        assert_eq!(kind("Policy on risk assessment"), Some(DocumentKind::Policy));
        assert_eq!(kind("Standing order no. 4: cranes"), Some(DocumentKind::Policy));
        assert_eq!(kind("Annex B to statement of work 3"), Some(DocumentKind::Contract));
        assert_eq!(kind("Quarterly numbers"), None);
        assert_eq!(kind("RE: evidence for the audit"), None);
        assert_eq!(
            by_code("INC-2026-007: stolen van").map(|(kind, _)| kind),
            Some(DocumentKind::Report)
        );
        assert_eq!(by_code("WI-55 Greasing").map(|(kind, _)| kind), Some(DocumentKind::Procedure));
        assert_eq!(by_code("PRO tips").map(|(kind, _)| kind), None);
    }
}
