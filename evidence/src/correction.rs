use crate::{
    Action, Date, DateValue, Decision, DocumentId, DocumentKind, DocumentStatus, Fact, FactField,
    Facts, Origin,
};

/// The decisions among `history` that set facts of this very version right, oldest first. What was set right in another
/// version holds there only: this one was read anew.
pub fn corrections<'d>(
    document: &DocumentId,
    history: impl IntoIterator<Item = &'d Decision>,
) -> Vec<&'d Decision> {
    let is_one = |decision: &&Decision| {
        matches!(decision.action, Action::Correct { .. })
            && decision.seen.document.as_ref() == Some(document)
    };
    history.into_iter().filter(is_one).collect()
}

/// A document's facts as reviewers set them right: `corrections`, oldest first, are laid over what was read. A value that is
/// none of its field's leaves the fact as it was read.
pub fn corrected(mut facts: Facts, corrections: &[&Decision]) -> Facts {
    for decision in corrections {
        if let Action::Correct { field, value } = &decision.action {
            let origin = Origin::Inferred(format!(
                "set right by {} in decision {}",
                decision.by, decision.number
            ));
            lay_over(&mut facts, *field, value.as_deref(), &origin);
        }
    }
    facts
}

fn lay_over(facts: &mut Facts, field: FactField, value: Option<&str>, origin: &Origin) {
    let text = |value: &str| Some(value.to_owned());
    match field {
        FactField::Title => set(&mut facts.title, value, origin, text),
        FactField::Owner => set(&mut facts.owner, value, origin, text),
        FactField::Approver => {
            set(&mut facts.approver, value, origin, text);
        }
        FactField::Version => {
            set(&mut facts.version, value, origin, text);
        }
        FactField::Kind => set(&mut facts.kind, value, origin, kind),
        FactField::Status => set(&mut facts.status, value, origin, status),
        FactField::Issued => set(&mut facts.issued, value, origin, day),
        FactField::Approved => set(&mut facts.approved, value, origin, day),
        FactField::Reviewed => set(&mut facts.reviewed, value, origin, day),
        FactField::NextReview => set(&mut facts.next_review, value, origin, day),
    }
}

fn set<T>(
    fact: &mut Option<Fact<T>>,
    value: Option<&str>,
    origin: &Origin,
    read: impl Fn(&str) -> Option<T>,
) {
    match value.map(|value| read(value.trim())) {
        None => *fact = None,
        Some(Some(value)) => *fact = Some(Fact { value, origin: origin.clone() }),
        Some(None) => {}
    }
}

/// The kinds of documents that there are, in a sentence.
const KINDS: &str = "Choose one of policy, procedure, record, register, assessment, report, minutes, contract, training, log, template and other.";

/// Why a fact cannot be set to `value`: a sentence for people. `None` where it can.
pub(crate) fn value_fault(field: FactField, value: &str) -> Option<&'static str> {
    let value = value.trim();
    match field {
        _ if value.is_empty() => Some("Write the value, or say that the document has none."),
        FactField::Kind if kind(value).is_none() => Some(KINDS),
        FactField::Status if status(value).is_none() => {
            Some("A document is draft, approved or superseded.")
        }
        FactField::Issued | FactField::Approved | FactField::Reviewed | FactField::NextReview
            if day(value).is_none() =>
        {
            Some("Write the day as YYYY-MM-DD.")
        }
        _ => None,
    }
}

fn kind(name: &str) -> Option<DocumentKind> {
    DocumentKind::ALL.into_iter().find(|kind| kind.name() == name)
}

fn status(name: &str) -> Option<DocumentStatus> {
    match name {
        "draft" => Some(DocumentStatus::Draft),
        "approved" => Some(DocumentStatus::Approved),
        "superseded" => Some(DocumentStatus::Superseded),
        _ => None,
    }
}

fn day(text: &str) -> Option<DateValue> {
    text.parse::<Date>().ok().map(DateValue::Day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Seen, SourceRef, Subject, decision_fault};

    #[test]
    fn a_kind_that_is_none_is_answered_with_those_that_are() {
        let fault = value_fault(FactField::Kind, "standard").expect("a fault");
        assert!(DocumentKind::ALL.iter().all(|kind| fault.contains(kind.name())), "{fault}");
    }

    fn correction(number: u64, version: &str, field: FactField, value: Option<&str>) -> Decision {
        let source = SourceRef { root: "/evidence".to_owned(), path: "a.md".to_owned() };
        Decision {
            number,
            at: String::new(),
            by: "ada".to_owned(),
            subject: Subject::Document { source },
            seen: Seen { document: Some(version.into()), ..Seen::default() },
            action: Action::Correct { field, value: value.map(str::to_owned) },
            why: String::new(),
        }
    }

    fn read() -> Facts {
        let origin = Origin::Property("dc:creator".to_owned());
        Facts { owner: Some(Fact { value: "Ada".to_owned(), origin }), ..Facts::default() }
    }

    #[test]
    fn the_last_correction_of_a_fact_holds() {
        let history = [
            correction(1, "v1", FactField::Owner, Some("Ben")),
            correction(2, "v1", FactField::NextReview, Some("2027-01-31")),
            correction(3, "v1", FactField::Owner, Some(" Cy ")),
            correction(4, "v1", FactField::Kind, Some("policy")),
            correction(5, "v2", FactField::Owner, Some("Dan")),
        ];
        let facts = corrected(read(), &corrections(&"v1".into(), &history));
        let owner = facts.owner.as_ref().expect("an owner is named");
        assert_eq!(owner.value, "Cy");
        assert_eq!(owner.origin, Origin::Inferred("set right by ada in decision 3".to_owned()));
        assert_eq!(facts.kind(), DocumentKind::Policy);
        let due = facts.next_review.expect("a day is named").value;
        assert_eq!(due.to_string(), "2027-01-31");
    }

    #[test]
    fn a_fact_may_be_said_not_to_be_there() {
        let history = [correction(1, "v1", FactField::Owner, None)];
        assert_eq!(corrected(read(), &corrections(&"v1".into(), &history)).owner, None);
        assert_eq!(corrected(read(), &corrections(&"v2".into(), &history)), read());
    }

    #[test]
    fn a_value_has_to_be_one_of_its_fields() {
        let fault = |field, value: &str| {
            let decision = correction(1, "v1", field, Some(value));
            decision_fault(&decision.subject, &decision.action, "")
        };
        assert_eq!(fault(FactField::Approved, "2026-02-28"), None);
        for (field, value) in [
            (FactField::Approved, "31/12/2026"),
            (FactField::Issued, "2026-02-30"),
            (FactField::Kind, "novel"),
            (FactField::Status, "Final"),
            (FactField::Owner, "  "),
        ] {
            assert!(fault(field, value).is_some(), "{field:?} {value}");
        }
    }
}
