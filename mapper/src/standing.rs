use jiff::Span as Duration;
use serde::Serialize;
use sufficit_evidence::{Citation, Date, DateValue, DocumentKind, DocumentStatus, Facts, Origin};

/// What a document's own facts say of its force on the day of judgement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// Somebody answers for it.
    pub owned: bool,
    /// Somebody is named who approved it, or it says when it was approved.
    pub approved: bool,
    /// It names its version.
    pub versioned: bool,
    /// It shows a control at work: a day and a signature make it whole, it needs neither owner nor version.
    pub record: bool,
    /// The day it was last approved, issued or reviewed; of an ambiguous date the earlier day.
    pub since: Option<Date>,
    /// It calls itself a draft.
    pub draft: bool,
    /// It has been replaced or withdrawn.
    pub superseded: bool,
    /// Its review was due on this day, before the day of judgement.
    pub overdue: Option<Date>,
    /// It names no review date, and was last approved, issued or reviewed too long ago.
    pub old: bool,
    /// A date that can be read two ways, on which the standing hangs.
    pub ambiguous: Option<DateValue>,
    /// It is a form that nobody filled in.
    pub blank: bool,
    /// The text itself says who owns or approved it, when, or in which version: where it can be quoted.
    pub cited: bool,
    /// Blanks left in it.
    pub placeholders: usize,
}

impl Standing {
    /// Judges the `facts` of a document of so many `passages` on the day `as_of`; without a review date a document counts as old `old_after_months`
    /// after its last approval, issue or review.
    pub(crate) fn judge(
        facts: &Facts,
        passages: usize,
        as_of: Date,
        old_after_months: i32,
    ) -> Self {
        let day = |date: &Option<sufficit_evidence::Fact<DateValue>>| {
            date.as_ref().map(|fact| fact.value)
        };
        let known = [day(&facts.approved), day(&facts.issued), day(&facts.reviewed)];
        let since = known
            .into_iter()
            .flatten()
            .map(DateValue::earliest)
            .filter(|date| *date <= as_of)
            .max();
        let next_review = day(&facts.next_review);
        let overdue = next_review.map(due).filter(|due| *due < as_of);
        let limit = as_of.saturating_sub(Duration::new().months(old_after_months));
        let status = facts.status.as_ref().map(|fact| fact.value);
        let ambiguous = next_review
            .filter(|due| due.is_ambiguous() && due.earliest() < as_of && due.latest() >= as_of);
        Self {
            owned: facts.owner.is_some(),
            approved: facts.approver.is_some() || facts.approved.is_some(),
            versioned: facts.version.is_some(),
            record: facts.kind().is_operating_record(),
            since,
            draft: status == Some(DocumentStatus::Draft),
            superseded: status == Some(DocumentStatus::Superseded),
            overdue,
            old: next_review.is_none() && since.is_some_and(|since| since < limit),
            ambiguous,
            blank: facts.kind() == DocumentKind::Template || mostly_blank(facts, passages),
            cited: approval_citation(facts).is_some(),
            placeholders: facts.placeholders.len(),
        }
    }

    /// Approved by somebody and since a day, owned or versioned, and inside its review period (rubric.md, grade 4). One of
    /// owner and version may be missing: many good documents name one of them elsewhere, in a register of documents. A record
    /// needs neither.
    pub fn in_force(&self) -> bool {
        self.approved
            && self.since.is_some()
            && (self.owned || self.versioned || self.record)
            && !self.draft
            && !self.superseded
            && self.overdue.is_none()
            && !self.old
            && !self.blank
            && self.cited
            && self.placeholders == 0
    }
}

/// Blanks for each passage, and at least, from which a document counts as a form whatever it calls itself.
const BLANKS_A_PASSAGE: f32 = 1.0;
const BLANKS: usize = 10;

fn mostly_blank(facts: &Facts, passages: usize) -> bool {
    let blanks = facts.placeholders.len();
    blanks >= BLANKS && blanks as f32 >= BLANKS_A_PASSAGE * passages as f32
}

/// The day from which a review is overdue: of a month its last day, of an ambiguous date the earlier one.
fn due(date: DateValue) -> Date {
    match date {
        DateValue::Day(_) | DateValue::Month(_) => date.latest(),
        DateValue::Ambiguous { .. } => date.earliest(),
    }
}

/// Where the text says that the document is approved, or else who owns it or which version it is.
pub(crate) fn approval_citation(facts: &Facts) -> Option<Citation> {
    let origins = [
        facts.approver.as_ref().map(|fact| &fact.origin),
        facts.approved.as_ref().map(|fact| &fact.origin),
        facts.owner.as_ref().map(|fact| &fact.origin),
        facts.version.as_ref().map(|fact| &fact.origin),
    ];
    origins.into_iter().flatten().find_map(Origin::citation).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sufficit_evidence::Fact;

    fn fact<T>(value: T) -> Option<Fact<T>> {
        let quote = "Approved by the Board".to_owned();
        let span = sufficit_evidence::Span::new(0, quote.len());
        let citation = Citation { page: None, heading: Vec::new(), span, quote };
        Some(Fact { value, origin: Origin::Citation(citation) })
    }

    fn day(text: &str) -> DateValue {
        DateValue::Day(text.parse().expect("a date"))
    }

    fn controlled() -> Facts {
        Facts {
            owner: fact("Head of Data".to_owned()),
            approver: fact("Board".to_owned()),
            version: fact("2.0".to_owned()),
            approved: fact(day("2026-03-01")),
            next_review: fact(day("2027-03-01")),
            ..Facts::default()
        }
    }

    fn judge(facts: &Facts) -> Standing {
        Standing::judge(facts, 10, "2026-11-20".parse().expect("a date"), 24)
    }

    #[test]
    fn a_complete_control_block_puts_a_document_in_force() {
        assert!(judge(&controlled()).in_force());
        assert!(judge(&Facts { owner: None, ..controlled() }).in_force());
        assert!(judge(&Facts { version: None, ..controlled() }).in_force());
        assert!(!judge(&Facts { owner: None, version: None, ..controlled() }).in_force());
        assert!(!judge(&Facts { approver: None, approved: None, ..controlled() }).in_force());
        assert!(!judge(&Facts { status: fact(DocumentStatus::Draft), ..controlled() }).in_force());
    }

    #[test]
    fn a_record_needs_a_day_and_a_signature() {
        let minutes =
            Fact { value: DocumentKind::Minutes, origin: Origin::Inferred("its title".to_owned()) };
        let none = Facts { version: None, next_review: None, ..controlled() };
        let record = Facts { kind: Some(minutes), ..none };
        let signed = Facts { owner: None, ..record };
        assert!(judge(&signed).in_force());
        assert!(!judge(&Facts { approver: None, approved: None, ..signed.clone() }).in_force());
        assert!(!judge(&Facts { approved: None, ..signed }).in_force(), "no day");
    }

    #[test]
    fn a_review_date_that_has_passed_ends_it() {
        let standing = judge(&Facts { next_review: fact(day("2026-11-19")), ..controlled() });
        assert_eq!(standing.overdue, Some("2026-11-19".parse().expect("a date")));
        assert!(!standing.in_force());
    }

    #[test]
    fn a_review_due_this_month_is_not_overdue() {
        let due = DateValue::Month("2026-11-01".parse().expect("a date"));
        assert!(judge(&Facts { next_review: fact(due), ..controlled() }).in_force());
    }

    #[test]
    fn what_no_text_says_puts_nothing_in_force() {
        let unsaid = |text: &str| {
            Some(Fact { value: text.to_owned(), origin: Origin::Property("creator".into()) })
        };
        let facts = Facts {
            owner: unsaid("Ada"),
            approver: unsaid("Board"),
            version: unsaid("2"),
            approved: Some(Fact {
                value: day("2026-03-01"),
                origin: Origin::Property("date".into()),
            }),
            ..controlled()
        };
        assert!(!judge(&facts).in_force());
    }

    #[test]
    fn without_a_review_date_age_decides() {
        let facts = Facts { next_review: None, ..controlled() };
        assert!(judge(&facts).in_force());
        let aged = Facts { approved: fact(day("2016-03-01")), ..facts };
        assert!(judge(&aged).old && !judge(&aged).in_force());
    }

    #[test]
    fn an_ambiguous_review_date_is_never_read_in_ones_favour() {
        let due = DateValue::Ambiguous {
            day_first: "2026-12-03".parse().expect("a date"),
            month_first: "2026-03-12".parse().expect("a date"),
        };
        let standing = judge(&Facts { next_review: fact(due), ..controlled() });
        assert!(standing.ambiguous.is_some() && !standing.in_force());
    }
}
