//! A document's facts as they hold: what a reviewer set right, or else what was read.

use crate::view::View;
use std::collections::{HashMap, HashSet};
use sufficit_evidence::{
    Action, Date, Decision, DocumentId, DocumentStatus, Fact, FactField, Facts, Origin, SourceRef,
};

/// A fact of a document as it holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HeldFact<'a> {
    pub(crate) field: FactField,
    /// Its value; `None` where the document does not say.
    pub(crate) value: Option<String>,
    /// Where it comes from; `None` where it was looked for and not found.
    pub(crate) basis: Option<Basis<'a>>,
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Basis<'a> {
    /// It was read here.
    Document(&'a Origin),
    /// A person set it right.
    Person(&'a Decision),
}

/// Every fact that can be set right, with its title on the page.
const FIELDS: [(FactField, &str); 10] = [
    (FactField::Title, "Title"),
    (FactField::Kind, "Kind"),
    (FactField::Owner, "Owner"),
    (FactField::Approver, "Approver"),
    (FactField::Version, "Version"),
    (FactField::Status, "Status"),
    (FactField::Issued, "Issued"),
    (FactField::Approved, "Approved"),
    (FactField::Reviewed, "Last reviewed"),
    (FactField::NextReview, "Next review"),
];

/// A field's title on the page.
pub(crate) fn title(field: FactField) -> &'static str {
    FIELDS.iter().find(|(known, _)| *known == field).map_or("", |(_, title)| title)
}

/// The facts of a document of which `history`, oldest first, is what was set right.
pub(crate) fn held_facts<'a>(facts: &'a Facts, history: &'a [Decision]) -> Vec<HeldFact<'a>> {
    FIELDS
        .into_iter()
        .map(|(field, _)| match correction(field, history) {
            Some((decision, value)) => {
                HeldFact { field, value, basis: Some(Basis::Person(decision)) }
            }
            None => match read(facts, field) {
                Some((value, origin)) => {
                    HeldFact { field, value: Some(value), basis: Some(Basis::Document(origin)) }
                }
                None => HeldFact { field, value: None, basis: None },
            },
        })
        .collect()
}

/// The value of one fact.
pub(crate) fn value(facts: &Facts, history: &[Decision], field: FactField) -> Option<String> {
    match correction(field, history) {
        Some((_, value)) => value,
        None => read(facts, field).map(|(value, _)| value),
    }
}

/// Of each current document of which a fact was set right, everything that was decided of it. Few are, so that lists need
/// not look up the others.
pub(crate) fn corrections(view: &View) -> HashMap<&DocumentId, Vec<Decision>> {
    let corrected: HashSet<&SourceRef> = Vec::from_iter(view.ledger.decisions())
        .into_iter()
        .filter(|decision| matches!(decision.action, Action::Correct { .. }))
        .filter_map(|decision| decision.subject.source())
        .collect();
    if corrected.is_empty() {
        return HashMap::new();
    }
    let sources = view.proposed.sources.iter();
    sources
        .filter(|(_, sources)| sources.iter().any(|source| corrected.contains(source)))
        .map(|(id, sources)| {
            let history = view.ledger.of_document(id, sources).history;
            (id, of_version(id, &history))
        })
        .collect()
}

/// Of what was decided of a document, what was set right in this very version.
pub(crate) fn of_version(document: &DocumentId, history: &[Decision]) -> Vec<Decision> {
    sufficit_evidence::corrections(document, history).into_iter().cloned().collect()
}

/// The last day on which the next review can be due; `None` where there is no such day, or none that is known.
pub(crate) fn next_review(facts: &Facts, history: &[Decision]) -> Option<Date> {
    match correction(FactField::NextReview, history) {
        Some((_, value)) => value?.parse().ok(),
        None => facts.next_review.as_ref().map(|fact| fact.value.latest()),
    }
}

/// The day that a document is dated by: the latest on which it was issued, approved or reviewed, as far as it says so.
pub(crate) fn dated(facts: &Facts) -> Option<Date> {
    let dates = [&facts.issued, &facts.approved, &facts.reviewed];
    dates.into_iter().flatten().map(|fact| fact.value.earliest()).max()
}

/// The state that the document is in.
pub(crate) fn status(facts: &Facts, history: &[Decision]) -> Option<DocumentStatus> {
    match correction(FactField::Status, history) {
        Some((_, value)) => {
            let known =
                [DocumentStatus::Draft, DocumentStatus::Approved, DocumentStatus::Superseded];
            known.into_iter().find(|known| Some(status_name(*known)) == value.as_deref())
        }
        None => facts.status.as_ref().map(|fact| fact.value),
    }
}

/// The last correction of `field`, and what it says.
fn correction(field: FactField, history: &[Decision]) -> Option<(&Decision, Option<String>)> {
    history.iter().rev().find_map(|decision| match &decision.action {
        Action::Correct { field: corrected, value } if *corrected == field => {
            Some((decision, value.clone()))
        }
        _ => None,
    })
}

fn read(facts: &Facts, field: FactField) -> Option<(String, &Origin)> {
    fn text<T: ToString>(fact: &Option<Fact<T>>) -> Option<(String, &Origin)> {
        fact.as_ref().map(|fact| (fact.value.to_string(), &fact.origin))
    }
    match field {
        FactField::Title => text(&facts.title),
        FactField::Owner => text(&facts.owner),
        FactField::Approver => text(&facts.approver),
        FactField::Version => text(&facts.version),
        FactField::Kind => text(&facts.kind),
        FactField::Status => {
            facts.status.as_ref().map(|f| (status_name(f.value).to_owned(), &f.origin))
        }
        FactField::Issued => text(&facts.issued),
        FactField::Approved => text(&facts.approved),
        FactField::Reviewed => text(&facts.reviewed),
        FactField::NextReview => text(&facts.next_review),
    }
}

fn status_name(status: DocumentStatus) -> &'static str {
    match status {
        DocumentStatus::Draft => "draft",
        DocumentStatus::Approved => "approved",
        DocumentStatus::Superseded => "superseded",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use sufficit_evidence::{DateValue, Seen, Subject};

    fn corrected(number: u64, field: FactField, value: Option<&str>) -> Decision {
        let source = SourceRef { root: "/evidence".to_owned(), path: "a.md".to_owned() };
        Decision {
            number,
            at: "2026-11-20T10:00:00Z".to_owned(),
            by: "ada".to_owned(),
            subject: Subject::Document { source },
            seen: Seen::default(),
            action: Action::Correct { field, value: value.map(str::to_owned) },
            why: String::new(),
        }
    }

    fn facts() -> Facts {
        let origin = Origin::Inferred("it says so".to_owned());
        Facts {
            owner: Some(Fact { value: "Ida".to_owned(), origin: origin.clone() }),
            status: Some(Fact { value: DocumentStatus::Draft, origin: origin.clone() }),
            next_review: Some(Fact { value: DateValue::Month(date(2026, 11, 1)), origin }),
            ..Facts::default()
        }
    }

    #[test]
    fn a_name_in_a_form_is_the_one_in_the_record() {
        for (field, _) in FIELDS {
            assert_eq!(serde_json::to_value(field).expect("has a JSON form"), field.key());
        }
    }

    #[test]
    fn what_was_set_right_last_holds() {
        let history = [
            corrected(1, FactField::Owner, Some("Ole")),
            corrected(2, FactField::Owner, Some("Una")),
            corrected(3, FactField::Status, Some("approved")),
            corrected(4, FactField::NextReview, None),
        ];
        let facts = facts();
        let held = held_facts(&facts, &history);
        let owner = held.iter().find(|fact| fact.field == FactField::Owner).expect("is listed");
        assert_eq!(owner.value.as_deref(), Some("Una"));
        assert_eq!(owner.basis, Some(Basis::Person(&history[1])));
        assert_eq!(status(&facts, &history), Some(DocumentStatus::Approved));
        assert_eq!(next_review(&facts, &history), None);
    }

    #[test]
    fn what_nobody_set_right_holds_as_it_was_read() {
        let facts = facts();
        assert_eq!(next_review(&facts, &[]), Some(date(2026, 11, 30)), "the end of the month");
        assert_eq!(status(&facts, &[]), Some(DocumentStatus::Draft));
        let held = held_facts(&facts, &[]);
        assert_eq!(held.len(), FIELDS.len());
        assert!(held.iter().any(|fact| fact.field == FactField::Approver && fact.basis.is_none()));
    }
}
