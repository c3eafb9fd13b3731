use super::*;
use sufficit_evidence::{PassageShape, Span};

fn passage(text: &str, context: Option<&str>) -> Passage {
    Passage {
        ordinal: 0,
        span: Span::new(0, text.chars().count()),
        page: None,
        heading: Vec::new(),
        context: context.map(str::to_owned),
        shape: PassageShape::Prose,
        text: text.to_owned(),
    }
}

/// What a text of a document called "Access control standard" settles, in short.
fn read(text: &str) -> Vec<String> {
    shown(said(text, &passage(text, None), Some("Access control standard, v2.1")))
}

fn shown(all: Vec<Said>) -> Vec<String> {
    let show = |said: Said| {
        let value = crate::rationale::says(said.aspect, &said.value);
        format!("{:?} {}: {value}", said.aspect, said.about)
    };
    all.into_iter().map(show).collect()
}

#[test]
fn the_same_rule_in_other_words_is_of_the_same_thing() {
    let quarterly = "Interval access review right: every 3 months";
    for text in [
        "Access rights are reviewed every quarter.",
        "Access rights must be formally reviewed by the head of IT once every three months.",
        "- All access rights shall be reviewed quarterly by their owners;",
        "The Head of IT reviews all access rights every three (3) months.",
        "A review of access rights is carried out four times a year.",
        "Every 3 months the system owner must review access rights.",
    ] {
        assert_eq!(read(text), [quarterly], "{text}");
    }
}

#[test]
fn limits_are_told_from_values() {
    assert_eq!(
        read("Access rights are reviewed at least once a year."),
        ["Interval access review right: at least every year"]
    );
    assert_eq!(
        read("Security logs are kept for at least 13 months."),
        ["Retention log retain security: at least 13 months"]
    );
    assert_eq!(
        read("Security logs are deleted after two years."),
        ["Retention log retain security: 2 years"]
    );
}

#[test]
fn a_deadline_is_of_what_is_told_to_whom() {
    let told = "Deadline authority breach data notify personal supervisory: within 3 days";
    for text in [
        "Personal data breaches are reported to the supervisory authority within 72 hours of becoming aware of them.",
        "The DPO notifies the supervisory authority of personal data breaches within three days.",
    ] {
        assert_eq!(read(text), [told], "{text}");
    }
}

#[test]
fn this_policy_is_known_by_its_title() {
    let yearly = "Interval access control review standard: every year";
    for text in [
        "This standard is reviewed annually.",
        "Review cycle | Annual",
        "The access control standard is reviewed every 12 months by the CISO.",
    ] {
        assert_eq!(read(text), [yearly], "{text}");
    }
    assert_eq!(shown(said("This policy is reviewed yearly.", &passage("", None), None)), [""; 0]);
}

#[test]
fn a_row_is_read_under_its_header() {
    let row = "Backups of the order database | 35 days";
    let found = said(row, &passage(row, Some("Record | Kept for")), None);
    assert_eq!(shown(found), ["Retention backup databas order retain: 35 days"]);
    assert_eq!(read(row), [""; 0], "without its header nobody knows what the days are");
}

#[test]
fn who_approves_and_who_owns() {
    assert_eq!(
        read("The AI policy is approved by the Chief Executive."),
        ["Approver ai approv policy: the chief executive"]
    );
    assert_eq!(read("The Board approves the AI policy."), ["Approver ai approv policy: the board"]);
    assert_eq!(
        read("The Chief Information Officer is accountable for the AI inventory."),
        ["Owner ai inventory own: the chief information officer"]
    );
}

#[test]
fn what_is_not_plain_settles_nothing() {
    for text in [
        "Owners confirm rights every six months, privileged and agency rights every quarter.",
        "They are reviewed every quarter.",
        "These records are kept for six years.",
        "Logs are kept for 6 to 12 months.",
        "Reviews are held bi-annually.",
        "It is approved by the board.",
        "The release is approved by the system owner or a deputy.",
        "The project took three months.",
        "We meet weekly.",
        "Kept two years in the safe.",
        "The list is renewed every year.",
        "Could be a yearly thing.",
        "Tier 1 suppliers are reviewed each year.",
    ] {
        assert_eq!(read(text), [""; 0], "{text}");
    }
}

#[test]
fn what_makes_a_rule_special_keeps_it_apart() {
    let general = read("Access rights are reviewed every year.");
    for text in [
        "Privileged access rights are reviewed every quarter.",
        "Access rights are reviewed every quarter for contractors.",
        "If a role changes, access rights are reviewed every month.",
        "Access rights are not reviewed every quarter.",
    ] {
        let special = read(text);
        let about = |said: &[String]| -> Vec<String> {
            said.iter().filter_map(|one| one.split(':').next().map(str::to_owned)).collect()
        };
        assert_ne!(about(&special), about(&general), "{text}");
    }
}

#[test]
fn who_does_it_is_kept_apart_from_what_is_done() {
    let by = |text: &str| -> Vec<Option<String>> {
        said(text, &passage(text, None), None).into_iter().map(|said| said.by).collect()
    };
    assert_eq!(
        by("Access rights are reviewed by the owners of the information every quarter."),
        [Some("information owner".to_owned())]
    );
    assert_eq!(by("We review access rights every quarter."), [None]);
    assert_eq!(
        by("Internal audit must review access rights yearly."),
        [Some("audit internal".into())]
    );
    assert_eq!(by("Everyone reports incidents within one hour."), [None]);
    assert_eq!(
        read("Everyone reports incidents within one hour."),
        ["Deadline incident notify: within 1 hour"]
    );
    assert_eq!(
        read("The supplier reports incidents within one day."),
        ["Deadline incident notify supplier: within 1 day"]
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(
        wild in ".{0,80}",
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "access rights ", "are reviewed ", "every ", "9999 years", "a quarter", "within ", "0 days", " | ",
                "kept for ", "at least ", "by ", "by the İstanbul office ", ", ", "; ", "is approved by ", "the Board",
                "ß’é ", "this policy ", "twice a ", "(3) ", "\u{a0}", "\n",
            ]),
            0..12,
        ),
    ) {
        for text in [wild, pieces.concat()] {
            for said in said(&text, &passage(&text, Some("What | Kept for")), Some(&text)) {
                proptest::prop_assert!(!said.about.is_empty());
            }
        }
    }
}
