use crate::pattern::pattern;
use crate::voice::admits;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use sufficit_evidence::{Check, Citation, DocumentKind, Passage, PassageShape, Span};

/// Stems that a sentence shares with a check from which it speaks of the check's subject.
const SHARED: usize = 2;
/// Of these so many have to be ones that few checks have.
const SHARED_RARE: usize = 1;

/// The sentence or item of a passage, other than its quote, that admits of the check's subject that it is not there.
/// A rule that is quoted beside such an admission shows nothing. The rows of a table speak each of its own thing; a report tells what others lack,
/// and minutes, registers and records what is being mended.
pub(crate) fn admission(
    check: &Check,
    kind: DocumentKind,
    passage: &Passage,
    quote: Span,
) -> Option<Citation> {
    let lays_down =
        matches!(kind, DocumentKind::Policy | DocumentKind::Procedure | DocumentKind::Other);
    if !lays_down || passage.shape == PassageShape::Table {
        return None;
    }
    let asked = stems(&check.text);
    let speaks_of_it = |sentence: &str| {
        let said = stems(sentence);
        let shared: Vec<&String> = asked.intersection(&said).collect();
        let rare = shared.iter().filter(|stem| !FREQUENT.contains(&stem.as_str())).count();
        shared.len() >= SHARED && rare >= SHARED_RARE
    };
    let found = sentences(&passage.text).into_iter().find(|sentence| {
        let span = span_of(passage, sentence);
        !span.overlaps(quote) && admits(&sentence.replace('\n', " ")) && speaks_of_it(sentence)
    })?;
    Some(cite_part(passage, found))
}

/// Headings that leave out what stands beneath, from end to end: `Not in production` and `Excluded uses` say something of their subject.
static LEAVES_OUT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\d.\s]*((not (in|part of|covered( in| by)?|dealt with( in| by)?|within|included( in)?)|out of|outside( of)?) (the |this |our )?(scope|(\w+ )?(standard|policy|procedure|document|plan|guideline|directive|programme))|not (covered|dealt with|included|in scope)( here)?|what (this|the) (standard|policy|procedure|document|plan|guideline|directive|programme|text) (does not|doesn't) (cover|deal with|govern|include|say|regulate)|exclusions?( from (the )?scope)?|excluded( from (the )?scope)?)\s*[.:]?$",
    )
});
/// Headings above the table of a document's own versions.
static HISTORY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\d.\s]*((document |policy |version )?((change|revision|version|document|amendment|update) (history|record|table|log)|history( of (changes|revisions|versions))?))\s*[.:]?$",
    )
});
/// What asks for something of a document.
static OF_DOCUMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(polic(y|ies)|procedures?|document\w*|plans?|standards?|manuals?|rules|statement|objectives|versions?|guidelines?)\b",
    )
});
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\d.\s]*((still )?(to do|to-do|todo)( list| before (issue|approval|adoption|publication|sign-off))?|(still )?(open|outstanding) (points|items|questions)|not (yet )?done|wish ?list|ideas( for later)?)\s*[.:]?$",
    )
});
/// What asks for what is left out, or for limits of use: there an exclusion is an answer.
static OF_SCOPE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(scope|exclu\w+|boundar\w+|left out|not applicable|intended (use|purpose)s?|limits? of use|misuse\w*|prohibited|forbidden)\b",
    )
});

/// What says how a thing may be used, and how not.
static OF_USE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b((must|may|shall|should) not be used|not (meant|intended|suited) (for|to)|limits? of use|misuse\w*)\b",
    )
});

/// Whether a heading above a passage says that what stands there is left out, or left to other documents, and the
/// check does not ask for just that.
pub(crate) fn is_left_out(check: &Check, passage: &Passage) -> bool {
    passage.heading.iter().any(|heading| LEAVES_OUT.is_match(heading))
        && !OF_SCOPE.is_match(&check.text)
        && !OF_USE.is_match(&passage.text)
}

/// Whether a passage tells of the versions of its own document, and the check asks for nothing of a document: `Rewritten; quarterly
/// review of accounts` is no review of accounts. Only in a text that lays down rules: a record's own log is what it is kept for.
pub(crate) fn is_history(check: &Check, kind: DocumentKind, passage: &Passage) -> bool {
    let heading = passage.heading.last().map_or("", String::as_str);
    kind.governs() && HISTORY.is_match(heading) && !OF_DOCUMENT.is_match(&check.text)
}

/// Whether the heading above a passage says that what stands there is yet to be done. In minutes and other records it
/// leads the actions in that somebody was given.
pub(crate) fn is_open_point(kind: DocumentKind, passage: &Passage) -> bool {
    let heading = passage.heading.last().map_or("", String::as_str);
    !kind.is_operating_record() && OPEN.is_match(heading)
}

/// The line that leads in the list whose item `focus` is: `Planned for next year:`.
pub(crate) fn lead_in(passage: &Passage, focus: Span) -> Option<&str> {
    let ahead = focus.start.checked_sub(passage.span.start)?;
    let (at, _) = passage.text.char_indices().nth(ahead)?;
    if !starts_apart(passage.text.get(at..)?) {
        return None;
    }
    let mut above = passage.text.get(..at)?.lines().rev().map(str::trim);
    let lead = above.find(|line| !starts_apart(line))?;
    lead.ends_with(':').then_some(lead)
}

/// Where a part of a passage's own text stands, with its words.
pub(crate) fn cite_part(passage: &Passage, part: &str) -> Citation {
    Citation {
        page: passage.page,
        heading: passage.heading.clone(),
        span: span_of(passage, part),
        quote: part.to_owned(),
    }
}

fn span_of(passage: &Passage, part: &str) -> Span {
    let at = (part.as_ptr() as usize).saturating_sub(passage.text.as_ptr() as usize);
    let start = passage.span.start + passage.text.get(..at).unwrap_or_default().chars().count();
    Span::new(start, start + part.chars().count())
}

/// A text's items and sentences. A line goes on with the next one unless that is empty or begins an item.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, mark) in text.char_indices().filter(|(_, mark)| matches!(mark, '\n' | '.')) {
        let rest = text.get(at + 1..).unwrap_or_default();
        let ends = match mark {
            '\n' => starts_apart(rest),
            _ => {
                rest.starts_with([' ', '\n'])
                    && rest.trim_start().starts_with(|c: char| c.is_uppercase())
            }
        };
        if ends {
            found.push(text.get(from..=at).unwrap_or_default().trim());
            from = at + 1;
        }
    }
    found.push(text.get(from..).unwrap_or_default().trim());
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// Whether a line stands apart from the one before: it is empty, or begins with the mark of an item.
fn starts_apart(rest: &str) -> bool {
    static ITEM: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\s*([-*+•◦▪–—☐☒]|\(?(\d[\d.]*|[a-z]|[ivx]+)[.)])\s"));
    rest.split('\n').next().unwrap_or_default().trim().is_empty() || ITEM.is_match(rest)
}

/// Words of a check that any check may have.
const COMMON: [&str; 27] = [
    "that", "this", "with", "from", "they", "them", "their", "which", "have", "been", "what",
    "when", "such", "each", "every", "other", "shows", "states", "named", "person", "people",
    "company", "example", "dated", "nobody", "never", "none",
];

/// Stems that one check in twenty has or more: they tell of no subject.
const FREQUENT: [&str; 35] = [
    "syste", "secur", "data", "manag", "date", "repor", "recor", "contr", "isms", "appro", "perso",
    "revie", "infor", "asses", "befor", "polic", "confi", "risk", "inter", "model", "staff",
    "chang", "docum", "check", "plan", "train", "devel", "respo", "serve", "custo", "owner",
    "proce", "servi", "regis", "audit",
];

/// Whether a sentence has any telling word of a check.
pub(crate) fn shares_a_word(check: &str, sentence: &str) -> bool {
    !stems(check).is_disjoint(&stems(sentence))
}

/// The first letters of a text's words of four letters and more.
fn stems(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphabetic())
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 3 && !COMMON.contains(&word.as_str()))
        .map(|word| word.chars().take(5).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sufficit_evidence::Proof;

    fn check(text: &str) -> Check {
        Check { id: "1/a".into(), text: text.to_owned(), by: Proof::Paper }
    }

    fn passage(heading: &str, text: &str) -> Passage {
        Passage {
            ordinal: 0,
            span: Span::new(100, 100 + text.chars().count()),
            page: None,
            heading: vec![heading.to_owned()],
            context: None,
            shape: PassageShape::Prose,
            text: text.to_owned(),
        }
    }

    const POLICY: DocumentKind = DocumentKind::Policy;

    #[test]
    fn an_admission_on_the_checks_subject_is_found_beside_the_quote() {
        let gates = check("Gates are tested by guards, and the test is recorded.");
        let text = "Guards test the gates at dawn. So far nobody has recorded a test of the gates.";
        let found = admission(&gates, POLICY, &passage("Gates", text), Span::new(100, 130));
        let found = found.expect("an admission");
        assert_eq!(found.quote, "So far nobody has recorded a test of the gates.");
        assert_eq!(found.span, Span::new(131, 100 + text.chars().count()));
        let other = "Guards test the gates at dawn. There is no canteen yet.";
        let none = admission(&gates, POLICY, &passage("Gates", other), Span::new(100, 130));
        assert!(none.is_none());
        assert!(
            admission(&gates, POLICY, &passage("Gates", text), found.span).is_none(),
            "the quote's own voice is told elsewhere"
        );
        let report =
            admission(&gates, DocumentKind::Report, &passage("Gates", text), Span::new(100, 130));
        assert!(report.is_none(), "a report tells what others lack");
    }

    #[test]
    fn good_practice_with_a_not_in_it_admits_nothing() {
        for (asked, text) in [
            (
                "Actions from a management review are tracked until closed.",
                "Actions not yet closed are carried over to the next management review.",
            ),
            (
                "Training data of customers are taken with consent.",
                "Training data are not taken from customer records.",
            ),
            (
                "The impact assessment of each credit model is reviewed.",
                "The audit found that the impact assessment of the credit model had not been reviewed since 2024.",
            ),
            (
                "Log entries are protected from administrators.",
                "Log entries are not changed, and logs are not made available to administrators.",
            ),
            (
                "A person reviews outputs of the model before they are followed.",
                "Outputs of the model are not followed blindly: a person reviews each of them.",
            ),
            (
                "The validator stands apart from the development of the model.",
                "The validator has not been part of the development of the model.",
            ),
            (
                "Suppliers sign the AI clauses of a contract before an order.",
                "If a supplier has\nnot yet signed the AI clauses of the contract, the order waits.",
            ),
            (
                "Complaints from outside about harm by a system are recorded.",
                "So far there have been no complaints from outside about harm by the assistant.",
            ),
            (
                "Models that the board has released are listed.",
                "Models that the board has not yet released stay in the sandbox.",
            ),
            (
                "The impact assessment of a model is signed.",
                "No model goes live whose impact assessment is not yet signed.",
            ),
        ] {
            let found = admission(&check(asked), POLICY, &passage("Rules", text), Span::new(0, 1));
            assert!(found.is_none(), "{text}");
        }
        for (asked, text) in [
            (
                "Suppliers sign the AI clauses of a contract before an order.",
                "Two suppliers have\nnot yet signed the clauses of the contract.",
            ),
            (
                "Restores of backups are tested each quarter.",
                "So far the restore of these backups has not been tested.",
            ),
            (
                "A register of complaints from outside is kept.",
                "At present there is no register for complaints from outside.",
            ),
            (
                "The validator tests each forecast for bias.",
                "Nobody has tested the forecast for bias.",
            ),
        ] {
            let found = admission(&check(asked), POLICY, &passage("Rules", text), Span::new(0, 1));
            assert!(found.is_some(), "{text}");
        }
    }

    #[test]
    fn a_denial_of_something_else_shares_no_word() {
        let check = "Auditors stand apart from what they examine.";
        assert!(!shares_a_word(check, "Things are mended and then nobody looks again."));
        assert!(shares_a_word(check, "No auditor has been named."));
    }

    #[test]
    fn a_list_is_led_in_by_the_line_above_it() {
        let text =
            "Gates are shut.\nPlanned for next year:\n- guards\n- badges\n\nVisitors wear one.";
        let list = passage("Gates", text);
        let lead = |item: &str| {
            let at = 100 + text.find(item).expect("is there");
            lead_in(&list, Span::new(at, at + item.len()))
        };
        assert_eq!(lead("- badges"), Some("Planned for next year:"));
        assert_eq!(lead("- guards"), Some("Planned for next year:"));
        assert_eq!(lead("Visitors wear one."), None);
        assert_eq!(lead("Gates are shut."), None);
    }

    #[test]
    fn headings_leave_out_and_leave_open() {
        let logs = check("Logins of administrators are logged.");
        let scope = check("The scope states its exclusions.");
        for heading in ["8. Not in this standard", "Out of scope", "What this plan does not cover"]
        {
            assert!(is_left_out(&logs, &passage(heading, "- logins")), "{heading}");
            assert!(!is_left_out(&scope, &passage(heading, "- logins")), "{heading}");
        }
        for heading in [
            "Scope",
            "What the model is not meant for",
            "What this assistant does not do",
            "Excluded uses",
            "Exclusion criteria",
            "Not in production",
        ] {
            assert!(!is_left_out(&logs, &passage(heading, "- logins")), "{heading}");
        }
        let uses = "The forecast must not be used to rate drivers.";
        assert!(!is_left_out(&logs, &passage("Exclusions", uses)));
        for heading in [
            "Outstanding risks",
            "To do before each release",
            "To do in an incident",
            "Ideas behind the model",
        ] {
            let text = passage(heading, "- training for six guards");
            assert!(!is_open_point(DocumentKind::Procedure, &text), "{heading}");
        }
        let row =
            |heading| passage(heading, "3.0 | 12 March 2026 | A. Bell | Rewritten; logs kept");
        let version = check("The policy has a version.");
        for heading in ["Change history", "9. Document history", "Revision record"] {
            assert!(is_history(&logs, DocumentKind::Policy, &row(heading)), "{heading}");
            assert!(!is_history(&version, DocumentKind::Policy, &row(heading)), "{heading}");
            assert!(!is_history(&logs, DocumentKind::Log, &row(heading)), "{heading}");
        }
        assert!(!is_history(&logs, DocumentKind::Policy, &row("Changes to systems")));
        let open = passage("8. To do before issue", "- training for six guards");
        assert!(is_open_point(DocumentKind::Procedure, &open));
        assert!(!is_open_point(DocumentKind::Minutes, &open));
    }
}
