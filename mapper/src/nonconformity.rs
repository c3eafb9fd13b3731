use crate::admission::{cite_part, sentences};
use crate::pattern::pattern;
use crate::row::header;
use crate::standing::Standing;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use sufficit_evidence::{
    Catalogue, Citation, Document, DocumentKind, Framework, Passage, PassageShape, RequirementRef,
};

/// What calls one finding a nonconformity: its number, its grade, or that it was raised.
static NUMBERED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\bNC(R|F)?[-\s#.]{0,2}\d{1,4}([-/.]\d{1,4})*([^\d]|$)"));
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(major|minor)\s+(non[-\s]?conform(ity|ities|ance|ances)|NCs?)\b|\bnon[-\s]?conform(ity|ities|ance|ances)\s*((was|were|is|are)\s+)?(raised|issued|recorded|against|no\.?\s*\d|#\s*\d)",
    )
});
/// A grade by itself, in a cell, and the head of a column of grades.
static GRADE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(major|minor|NC|(major|minor) NC)\s*$"));
static GRADED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\s*(type|grade|grading|class|classification|category|severity|result|rating)\b")
});
/// What stands before such words where none is meant, or none in particular.
static NONE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(no|not|nor|none|neither|never|without|zero|nil|any|if|each|every|means|would|could|might|may|risk of|avoid|prevent|lead to)\b[^.;:,|]{0,40}$|n't\b[^.;:,|]{0,40}$|\b0\s*$|[:=]\s*0\b[^.;|]{0,20}$",
    )
});
static NONE_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)([:=]\s*(none|nil|no|0)\s*($|[.;,|])|\|\s*(none|nil|no|0)\s*($|\|))|^[^.;|]{0,20}\b(not (found|identified|raised|issued|upheld)|none|means)\b|^\s*(is|are) (an?|the)\s|\bin line with\b|\bconforms\b|\bfor example\b",
    )
});
/// What says in a sentence that it is settled, and the state of a table's row that does.
static SETTLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bclosure (of|letter)\b|\bfound (to be )?effective\b|\bverified (as )?effective\b|\bsigned off\b|\bnot upheld\b|\bclosed (the|this|all|both)\b|\b(NC|nonconformity|finding)s? (closed|resolved)\b|\b(is|are|was|were|has|have|been|be|both|since|meanwhile|status:?|state:?)\s[^.;|]{0,25}\b(closed|resolved|cleared|corrected|completed|verified|withdrawn|signed off|downgraded)\b|[,;:–—(-]\s*(now |since )?(both |all )?(closed|resolved|withdrawn)\s*($|[.,;)(|]|\d{1,2}\s+[a-z]{3}|\d+[./-]\d|on\b|by\b|in\b|at\b)|\bclosure\s+(was\s+)?verified\b",
    )
});
/// What keeps such words from being said of what is done.
static UNSETTLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(not|never|to be|until|before|once|(must|should|will|cannot) be)\b( \w+){0,3} (closed|resolved|corrected|completed|verified|closure|effective)|\bwithout (a |any )?(\w+ )?(closed|completed|verified)|\b(still|remains?) open\b",
    )
});
static STATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*((status|state|now|closure|verified|verification|and|is|fully|all)\b\W*)*((closed|resolved|cleared|withdrawn|effective)\b|not upheld|(completed?|verified|done)\s*($|[,;(|\d]|and\b))",
    )
});
/// The head of a column that says when or whether a row was closed, and what stands there where it was.
static CLOSED_ON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*((date )?(closed|closure)( date| on)?|(actual )?clos(ure|ed|ing)[ -]date|date (of )?clos\w+)\s*\??\s*$",
    )
});
static FILLED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(yes|y|✓|✔|x)\s*$|\d{4}|\d[./-]\d"));
/// Findings that a sentence calls by their numbers: `findings 1 and 3`, `NC-02`, `minors no. 1, 2 and 4`.
static CALLED_BY_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:findings?|non[-\s]?conformit(?:y|ies)|minors?|majors?|NCs?)\s+(?:nos?\.?\s*)?((?:\d{1,3}(?:\s*(?:,|and|&|to|-)\s*)*)+)",
    )
});
/// What makes such findings those of another audit.
static OF_ANOTHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(of|from|in) (19|20)\d\d\b|\b(last|previous|prior|earlier|former|preceding)\b")
});
/// The field of a form that says the state.
static FIELD_OF_STATE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(status|state|closure)\s*\|"));
/// A heading, or a line above a list, under which all is settled.
static ALL_CLOSED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(closed|resolved|withdrawn)\b"));
/// What a number has to follow to be that of a requirement: bare numbers are versions, shares and sections too.
static INTRODUCED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(\bclauses?|\bcl\.|§|\brequirements?|\bcontrols?|\bannex a|\b(270|420)01(:\d{4})?|\bsections? of (the standard|iso\S*( \d+)?))\s*(no\.?|nr\.?|:|,)?\s*((A\.)?\d[\d.]*\s*(,\s*and\b|,\s*or\b|,|;|/|&|\band\b|\bor\b|\bto\b)\s*)*$",
    )
});
/// The head of a table's column of requirements.
static COLUMN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*((iso|iec|standard|annex a)\W*)*(clause|requirement|control|reference|ref|criteri(on|a)|§)s?\W*((no|ref|reference|number|id)\W*)?$",
    )
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(A\.)?\d{1,2}(\.\d{1,2}){1,2}"));
/// Standards that audits name and that nobody is held to: of audits, certifiers, words and guidance.
const GUIDES: [&str; 11] = [
    "17021", "19011", "22989", "23894", "27000", "27002", "27005", "27006", "31000", "42005",
    "42006",
];
/// A standard, with its number.
static STANDARD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:iso|iec)[\s/a-z-]{0,8}(\d{4,5})\b"));

/// The open nonconformities that a document states.
#[derive(Debug)]
pub(crate) struct Stated<'d> {
    document: &'d Document,
    found: Vec<(&'d Passage, &'d str)>,
    /// The numbers of the standards that the document names.
    standards: Vec<&'d str>,
}

impl<'d> Stated<'d> {
    /// Reads them: from reports, registers, minutes and records that count, since a procedure or a course says what a nonconformity is.
    pub(crate) fn of(document: &'d Document, standing: &Standing) -> Self {
        let tells = matches!(
            document.facts.kind(),
            DocumentKind::Report
                | DocumentKind::Register
                | DocumentKind::Minutes
                | DocumentKind::Record
        );
        if !tells || standing.blank || standing.draft || standing.superseded {
            return Self { document, found: Vec::new(), standards: Vec::new() };
        }
        let found = open(&document.passages);
        let standards = if found.is_empty() { Vec::new() } else { standards(&document.text) };
        Self { document, found, standards }
    }

    /// The first that is stated against a requirement by its number, or by that of the clause that it is a part of. Where another standard
    /// may be meant the row or sentence has to name ours.
    pub(crate) fn against(&self, catalogue: &Catalogue, name: &RequirementRef) -> Option<Citation> {
        let framework = catalogue.framework(&name.framework)?;
        let found = self.found.iter().find(|(passage, part)| {
            names(passage, part, name.requirement.as_str())
                && self.means(catalogue, framework, name, part)
        });
        found.map(|(passage, part)| cite_part(passage, part))
    }

    fn means(
        &self,
        catalogue: &Catalogue,
        framework: &Framework,
        name: &RequirementRef,
        part: &str,
    ) -> bool {
        let Some(own) = standard(&framework.title) else { return false };
        let here = standards(part);
        if !here.is_empty() {
            return here.contains(&own);
        }
        // Another standard that the document names, and that has the number too as far as we know.
        let may_mean = |number: &&str| {
            let mut known = catalogue.frameworks().iter();
            let has_it = match known.find(|one| standard(&one.title) == Some(*number)) {
                Some(known) => known.requirement(&name.requirement).is_some(),
                None => !GUIDES.contains(number) && !name.requirement.as_str().starts_with("A."),
            };
            *number != own && has_it
        };
        let title = self.document.facts.title.as_ref();
        let named =
            self.standards.contains(&own) || title.is_some_and(|title| title.value.contains(own));
        named && !self.standards.iter().any(may_mean)
    }
}

/// The nonconformities that are open, each with its passage.
fn open(passages: &[Passage]) -> Vec<(&Passage, &str)> {
    let each = |passage| {
        let parts = if is_settled_above(passage) { Vec::new() } else { parts(passage) };
        let open = parts.into_iter().filter(|part| is_open(passage, part));
        open.map(move |part| (passage, part)).collect::<Vec<_>>()
    };
    let mut found: Vec<(&Passage, &str)> = passages.iter().flat_map(each).collect();
    if !found.is_empty() {
        let closed = closed_by_number(passages);
        found.retain(|(_, part)| !number_of(part).is_some_and(|own| closed.contains(own)));
    }
    found
}

/// Whether the heading above a passage, or the line that leads it in, says that all of it is settled.
fn is_settled_above(passage: &Passage) -> bool {
    let lead = passage.text.lines().next().filter(|line| line.trim().ends_with(':'));
    let mut above = passage.heading.last().map(String::as_str).into_iter().chain(lead);
    above.any(|above| ALL_CLOSED.is_match(above) && !UNSETTLED.is_match(above))
}

/// The parts of a passage that each speak of one thing: rows, or sentences and items; a form of fields with a state is one.
fn parts(passage: &Passage) -> Vec<&str> {
    if passage.shape != PassageShape::Table {
        return sentences(&passage.text);
    }
    let is_field = |line: &str| line.split(" | ").count() == 2;
    let is_state = |line: &str| FIELD_OF_STATE.is_match(line);
    if passage.text.lines().all(is_field) && passage.text.lines().any(is_state) {
        return vec![passage.text.trim()];
    }
    passage.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// The number of the finding that a table's row or an item begins with: `1 | minor | ...`, `NC-02: ...`.
fn number_of(part: &str) -> Option<&str> {
    let first = part.split([' ', ':', '|', ')']).next()?.trim_end_matches('.');
    (first.len() <= 12 && first.ends_with(|c: char| c.is_ascii_digit())).then_some(first)
}

/// The numbers of the findings of which the document says elsewhere that they are closed: `findings 1 and 3 ...: both closed`.
fn closed_by_number(passages: &[Passage]) -> BTreeSet<&str> {
    let told = passages.iter().filter(|passage| passage.shape != PassageShape::Table);
    let settled = told
        .flat_map(|passage| sentences(&passage.text))
        .filter(|sentence| SETTLED.is_match(sentence) && !UNSETTLED.is_match(sentence))
        .filter(|sentence| !OF_ANOTHER.is_match(sentence));
    let mut numbers = BTreeSet::new();
    for sentence in settled {
        for called in CALLED_BY_NUMBER.captures_iter(sentence) {
            let list = called.get(1).map_or("", |list| list.as_str());
            let each = list.split(|c: char| !c.is_ascii_digit());
            numbers.extend(each.filter(|number| !number.is_empty()));
        }
        let words = sentence.split([' ', ',', ';', ':', '(', ')', '.']);
        numbers.extend(words.filter(|word| {
            word.contains('-') && number_of(word) == Some(*word) && NUMBERED.is_match(word)
        }));
    }
    numbers
}

/// Whether a part of a passage states a nonconformity, and not that it is settled.
fn is_open(passage: &Passage, part: &str) -> bool {
    let none =
        |before: &str, after: &str| NONE_BEFORE.is_match(before) || NONE_AFTER.is_match(after);
    let called =
        || CALLED.find_iter(part).any(|found| !none(&part[..found.start()], &part[found.end()..]));
    let header = header(passage);
    let cells = || part.split(" | ").zip(header.split(" | ").chain(std::iter::repeat("")));
    let graded = || cells().any(|(cell, head)| GRADE.is_match(cell) && GRADED.is_match(head));
    let said_settled = || SETTLED.is_match(part) && !UNSETTLED.is_match(part);
    let marked_settled = |(cell, head): (&str, &str)| {
        STATE.is_match(cell) || CLOSED_ON.is_match(head) && FILLED.is_match(cell)
    };
    let is_stated = NUMBERED.is_match(part) && !none("", part) || called() || graded();
    is_stated && !said_settled() && !cells().any(marked_settled)
}

/// Whether a part names a requirement by its number, or the clause around it (`9.2` for `9.2.1`).
fn names(passage: &Passage, part: &str, id: &str) -> bool {
    let column = header(passage).split(" | ").position(|cell| COLUMN.is_match(cell));
    NUMBER.find_iter(part).any(|found| {
        let before = &part[..found.start()];
        if part[found.end()..].starts_with(|c: char| c.is_alphanumeric()) || before.ends_with('.') {
            return false;
        }
        let number = found.as_str();
        let introduced = INTRODUCED.find(before);
        let in_column = column == Some(before.matches(" | ").count());
        if number.starts_with("A.") {
            return is_within(id, number);
        }
        let of_annex = introduced.is_some_and(|words| {
            let words = words.as_str().to_lowercase();
            words.starts_with("control") || words.starts_with("annex")
        });
        match (of_annex, introduced.is_some() || in_column) {
            (true, _) => is_within(id, &format!("A.{number}")),
            (false, true) => is_within(id, number),
            (false, false) => false,
        }
    })
}

/// Whether a requirement is the one of a number, or a part of it.
fn is_within(id: &str, number: &str) -> bool {
    id.strip_prefix(number).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn standards(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> =
        STANDARD.captures_iter(text).filter_map(|named| Some(named.get(1)?.as_str())).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The number of a framework's standard: `42001` of `ISO/IEC 42001:2023`.
fn standard(title: &str) -> Option<&str> {
    standards(title).first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sufficit_evidence::Span;

    fn passage(shape: PassageShape, context: Option<&str>, text: &str) -> Passage {
        Passage {
            ordinal: 0,
            span: Span::new(0, text.chars().count()),
            page: None,
            heading: Vec::new(),
            context: context.map(str::to_owned),
            shape,
            text: text.to_owned(),
        }
    }

    fn row(id: &str, header: &str, text: &str) -> bool {
        let passage = passage(PassageShape::Table, Some(header), text);
        parts(&passage).into_iter().any(|part| is_open(&passage, part) && names(&passage, part, id))
    }

    fn said(id: &str, text: &str) -> bool {
        let passage = passage(PassageShape::Prose, None, text);
        parts(&passage).into_iter().any(|part| is_open(&passage, part) && names(&passage, part, id))
    }

    #[test]
    fn a_finding_that_is_closed_by_its_number_elsewhere_is_open_no_more() {
        let open_beside = |told: &str| {
            let header = "No | Grade | Requirement | Due";
            let rows =
                "1 | minor | 27001 A.5.18 | 31 July 2026\n2 | minor | 27001 A.8.15 | 31 July 2026";
            let passages = vec![
                passage(PassageShape::Table, Some(header), rows),
                passage(PassageShape::Prose, None, told),
            ];
            open(&passages).len()
        };
        for (told, left) in [
            ("Findings 1 and 2 were seen again in May: both closed by A. Bell.", 0),
            ("Finding 1 was closed on 8 September 2026.", 1),
            ("Finding 12 was closed on 8 September 2026.", 2),
            ("Findings 1 and 2 of 2025 were closed.", 2),
            ("Findings 1 and 2 of the previous audit were closed.", 2),
            ("Agenda items 1 and 2 were closed.", 2),
            ("Findings 1 and 2 must be closed by 8 September 2026.", 2),
            ("Finding 2 was looked at; it remains open.", 2),
        ] {
            assert_eq!(open_beside(told), left, "{told}");
        }
        assert!(!row(
            "A.5.18",
            "No | Grade | Requirement | Due",
            "1 | minor | 27001 A.5.18 | 31 July 2026; closed 8 September 2026"
        ));
        assert!(row(
            "A.5.18",
            "No | Grade | Requirement | Due",
            "1 | minor | 27001 A.5.18 | actions: closed 1 of 5"
        ));
    }

    #[test]
    fn a_nonconformity_names_its_requirement() {
        for (id, text) in [
            ("8.4", "NC-1 (major): the pilot runs without a completed assessment, clause 8.4."),
            ("A.5.18", "Minor nonconformity (A.5.18): leavers kept their accounts."),
            ("9.3.2", "A minor non-conformity was raised against clauses 8.1, 9.2.1, and 9.3.2."),
            ("9.2.1", "Major nonconformity, clause 9.2: no programme."),
            ("A.5.18", "NCR 04: control 5.18, reviews are a year late."),
            ("8.4", "NC 3, major, clause 8.4, has not been closed."),
            ("8.4", "NC-1 (major), clause 8.4, to be closed by 7 August."),
            ("9.2.1", "Clause 9.2.1, minor nonconformity: no programme was set up."),
            (
                "A.8.13",
                "The team saw no restore test, so a minor nonconformity was raised against A.8.13.",
            ),
            ("A.5.24", "Two minor NCs were raised, against A.5.24 and A.8.15."),
        ] {
            assert!(said(id, text), "{id}: {text}");
        }
        assert!(said(
            "A.5.18",
            "No major nonconformities were raised. Two minor nonconformities were raised: A.5.18 and A.8.8."
        ));
        assert!(row("8.4", "No | Grade | Finding | Clause", "NC-1 | major | No assessment | 8.4"));
        assert!(row("9.2.1", "No | Clause | Grade | Finding", "1 | 9.2.1 | Minor | No programme"));
        assert!(row("A.5.24", "No | Ref | Type | State", "2 | A.5.24 | Minor NC | remains open"));
        assert!(row(
            "9.2.1",
            "No | Clause | Action",
            "NC-1 | 9.2.1 | Complete the programme by May"
        ));
        assert!(row("8.4", "No | Finding", "NC-1 | major, no assessment; clause 8.4"));
    }

    #[test]
    fn another_number_is_another_requirement() {
        assert!(!said("8.4", "NC-1, major, clause 8.41."));
        assert!(!said("8.4", "NC-1, major, clause 8.4.2 of the manual."));
        assert!(!said("8.4", "NC-1: Lodestone 8.4 failed."), "a version is no clause");
        assert!(!said("A.5.1", "Minor nonconformity (A.5.18)."));
        assert!(!row("8.4", "No | Version | Finding", "NC-1 | 8.4 | slow"));
        assert!(!said("9.2.2", "Clause 9.2.2: conforms.\n\nNC-1: leavers (A.5.18)."));
    }

    #[test]
    fn what_is_settled_or_was_never_found_is_none() {
        for text in [
            "No major or minor nonconformities against clause 8.4.",
            "The audit did not identify any nonconformity against clause 8.4.",
            "Clause 8.4: major nonconformities: none.",
            "Clause 8.4 Nonconformity and corrective action: conforms.",
            "Clause 8.4 was sampled.",
            "If a major nonconformity against clause 8.4 is found, the pilot stops.",
            "NC-1 against clause 8.4 was closed.",
            "NC-1, clause 8.4, closed on 2 May 2026.",
            "NC-4 (clause 8.4) – closed.",
            "The auditor verified the closure of the minor nonconformity raised against clause 8.4.",
            "The corrective action for NC-2 (clause 8.4) was found effective.",
            "NC-1 against clause 8.4 can be closed.",
            "NC-1 against clause 8.4 was appealed and withdrawn.",
            "Doing so again would lead to a major nonconformity against clause 8.4.",
            "A major nonconformity is a failure of a process, such as none under clause 8.4.",
            "Clause 8.4: NC-1 to NC-7 were sampled in the register; conforms.",
            "Nonconformity recorded against clause 8.4: none.",
        ] {
            assert!(!said("8.4", text), "{text}");
        }
        assert!(!row("8.4", "No | Clause | State", "NC-1 | 8.4 | closed 2 May 2026"));
        assert!(!row("8.4", "No | Clause | State", "NC-1 | clause 8.4 | completed and verified"));
        assert!(!row("8.4", "No | Clause | State", "NC-1 | 8.4 | ✓ Closed"));
        assert!(!row("8.4", "No | Clause | Closure date", "NC-1 | 8.4 | 2026-04-02"));
        assert!(row("8.4", "No | Clause | Closure date", "NC-1 | 8.4 | "));
        assert!(row("8.4", "No | Clause | State", "NC-1 | 8.4 | open"));
        assert!(!row("8.4", "No | Clause | Remark", "NC-1 | 8.4 | action effective, NC closed"));
        let form = "Grade | Minor nonconformity\nClause | clause 8.4\nStatus | ";
        assert!(row("8.4", "Field | Entry", &format!("{form}open")));
        assert!(!row("8.4", "Field | Entry", &format!("{form}Closed")));
    }

    #[test]
    fn standards_are_known_by_their_numbers() {
        assert_eq!(standard("ISO/IEC 42001:2023"), Some("42001"));
        assert_eq!(standards("ISO 9001 and ISO/IEC 27001:2022"), ["27001", "9001"]);
        assert_eq!(standard("House rules 2024"), None);
    }
}
