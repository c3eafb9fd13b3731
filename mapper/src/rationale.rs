use sufficit_evidence::{
    Aspect, Bound, Check, CheckId, Citation, DocumentKind, Facts, Finding, Match, Period, Proof,
    Reason, Requirement, StatedValue, Sufficiency,
};

/// A finding with the place that shows it.
pub(crate) type Cited = (Finding, Option<Citation>);

/// Turns findings into strengths and concerns. What has no citation is no strength.
pub(crate) fn reasons(
    requirement: &Requirement,
    facts: &Facts,
    findings: Vec<Cited>,
) -> (Vec<Reason>, Vec<Reason>) {
    findings
        .into_iter()
        .filter(|(finding, citation)| !is_strength(finding) || citation.is_some())
        .map(|(finding, citation)| {
            let text = sentence(&finding, requirement, facts);
            Reason { finding, text, citation }
        })
        .partition(|reason| is_strength(&reason.finding))
}

fn is_strength(finding: &Finding) -> bool {
    matches!(finding, Finding::CheckMet { .. } | Finding::RecordShown { .. } | Finding::InForce)
}

/// The one place where a finding becomes a sentence.
fn sentence(finding: &Finding, requirement: &Requirement, facts: &Facts) -> String {
    let check = |id: &CheckId| check_text(requirement, id);
    let record = facts.kind().is_operating_record();
    match finding {
        Finding::CheckMet { check: id } => format!("Laid down: {}", check(id)),
        Finding::RecordShown { check: id } => format!("Shown by a dated record: {}", check(id)),
        Finding::CheckPartlyMet { check: id } => {
            format!("Touched, without a definite statement: {}", check(id))
        }
        Finding::InForce => in_force(facts),
        Finding::CheckMissing { check: id } => format!("Missing: {}", check(id)),
        Finding::NoRecord { check: id } => format!("No record shows it: {}", check(id)),
        Finding::UndatedRecord { check: id } => {
            format!("A record without a recent date, so it cannot show when: {}", check(id))
        }
        Finding::Negated { check: id } => {
            format!("Says that this is not in place: {}", check(id))
        }
        Finding::LeftOut { check: id } => {
            format!("Leaves this out, or to another document: {}", check(id))
        }
        Finding::IntendedOnly { check: None } => "Speaks only of what is planned.".to_owned(),
        Finding::IntendedOnly { check: Some(id) } => format!("Only planned so far: {}", check(id)),
        Finding::BlankTemplate => "It is a form that has not been filled in.".to_owned(),
        Finding::Placeholders { count: 1 } => "One blank was never filled in.".to_owned(),
        Finding::Placeholders { count } => format!("{count} blanks were never filled in."),
        Finding::Draft => "It calls itself a draft.".to_owned(),
        Finding::Superseded => "It has been replaced or withdrawn.".to_owned(),
        Finding::PastReview { due } => format!("Its review was due on {due}."),
        Finding::AmbiguousDate { date } => {
            format!("Its review is due on {date}; one reading has passed.")
        }
        Finding::Old { since } => format!("Nothing shows a review since {since}."),
        Finding::NoOwner => "Nobody is named who answers for it.".to_owned(),
        Finding::NoApprover if record => "Nobody is named who signed it.".to_owned(),
        Finding::NoApprover => "Nobody is named who approved it.".to_owned(),
        Finding::NoVersion => "It names no version.".to_owned(),
        Finding::NoDate if record => "No date says when it was made.".to_owned(),
        Finding::NoDate => "No date says since when it is in force.".to_owned(),
        Finding::Doubtful => "It comes near this, but may be about something else.".to_owned(),
        Finding::Promotional => "It promotes a product; it commits nobody.".to_owned(),
        Finding::Nonconformity => {
            "It states a nonconformity here, and not that it was closed.".to_owned()
        }
        Finding::PartlyRead { pages: 1 } => "One of its pages could not be read.".to_owned(),
        Finding::PartlyRead { pages } => format!("{pages} of its pages could not be read."),
    }
}

fn check_text<'r>(requirement: &'r Requirement, id: &CheckId) -> &'r str {
    requirement.checks.iter().find(|check| check.id == *id).map_or("", |check| check.text.as_str())
}

fn in_force(facts: &Facts) -> String {
    let value = |fact: &Option<sufficit_evidence::Fact<String>>| {
        fact.as_ref().map(|fact| fact.value.clone())
    };
    let mut parts = Vec::new();
    parts.extend(
        value(&facts.version)
            .map(|version| format!("version {}", version.trim_start_matches(['v', 'V']))),
    );
    parts.extend(value(&facts.owner).map(|owner| format!("owned by {owner}")));
    let approved =
        facts.approved.as_ref().map(|fact| format!(" on {}", fact.value)).unwrap_or_default();
    parts.push(match value(&facts.approver) {
        Some(approver) => format!("approved by {approver}{approved}"),
        None => format!("approved{approved}"),
    });
    parts.extend(facts.next_review.as_ref().map(|due| format!("next review {}", due.value)));
    format!("In force: {}.", parts.join(", "))
}

/// What to add to reach the next grade, in one sentence.
pub(crate) fn ask(
    requirement: &Requirement,
    kind: DocumentKind,
    level: Sufficiency,
    findings: &[Cited],
) -> String {
    let has = |wanted: fn(&Finding) -> bool| findings.iter().any(|(finding, _)| wanted(finding));
    let show = |check: &Check| format!("Add what shows this: {}", check.text);
    let open = open_check(requirement, findings);
    if level == Sufficiency::DEMONSTRATED {
        return open.map_or("Nothing left to ask.".to_owned(), show);
    }
    if has(|f| matches!(f, Finding::BlankTemplate)) {
        return "Fill the form in for a real case, date it and have it signed.".to_owned();
    }
    if has(|f| matches!(f, Finding::Superseded)) {
        return "Give the version that is in force now.".to_owned();
    }
    if has(|f| matches!(f, Finding::Draft)) {
        return "Finish the draft and have it approved by a named person, with version and date."
            .to_owned();
    }
    if level >= Sufficiency::PARTIAL && has(|f| matches!(f, Finding::Doubtful)) {
        return "Confirm that it is about this, or give the document that is.".to_owned();
    }
    if level >= Sufficiency::DEFINED {
        if has(|f| {
            matches!(
                f,
                Finding::PastReview { .. } | Finding::AmbiguousDate { .. } | Finding::Old { .. }
            )
        }) {
            return "Review it, and record who did so, when, and when it is due again.".to_owned();
        }
        if !has(|f| matches!(f, Finding::InForce)) {
            let lacking = lacking(kind, findings);
            return if level == Sufficiency::CONTROLLED {
                format!("It is shown at work; to show that it is governed too, give it {lacking}.")
            } else {
                let records = usual_records(requirement);
                format!("Give it {lacking}; or add dated records of it at work, such as {records}.")
            };
        }
        let recorded = findings.iter().filter(|(f, _)| matches!(f, Finding::RecordShown { .. }));
        if let Some(check) = open.filter(|_| 2 * recorded.count() > requirement.checks.len()) {
            return show(check);
        }
        let open: Vec<&Check> = open_checks(requirement, findings).collect();
        return records_wanted(requirement, &open);
    }
    open.map_or("Say definitely who does what, and when.".to_owned(), show)
}

/// What a document lacks to be in force, as a list within a sentence.
fn lacking(kind: DocumentKind, findings: &[Cited]) -> String {
    let record = kind.is_operating_record();
    let parts: Vec<&str> = findings
        .iter()
        .filter_map(|(finding, _)| match finding {
            Finding::NoOwner => Some("an owner"),
            Finding::NoApprover if record => Some("the signature of who answers for it"),
            Finding::NoApprover => Some("the approval of a named person"),
            Finding::NoVersion => Some("a version"),
            Finding::NoDate if record => Some("the day on which it was made"),
            Finding::NoDate => Some("the date from which it holds"),
            Finding::Placeholders { .. } => Some("what its blanks ask for"),
            _ => None,
        })
        .collect();
    match parts.split_last() {
        None => "a current approval".to_owned(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// The check whose answer is worth most of those that are not met: what the text itself denies, then what can be laid down,
/// last what wants a record; of equals the first in catalogue order.
fn open_check<'r>(requirement: &'r Requirement, findings: &[Cited]) -> Option<&'r Check> {
    let denied = |check: &Check| {
        let is_it = |finding: &Finding| matches!(finding, Finding::Negated { check: id } if *id == check.id);
        findings.iter().any(|(finding, _)| is_it(finding))
    };
    open_checks(requirement, findings).min_by_key(|check| match check.by {
        _ if denied(check) => 0,
        Proof::Paper => 1,
        Proof::Record => 2,
    })
}

/// The checks that nothing found meets, in catalogue order.
fn open_checks<'r>(
    requirement: &'r Requirement,
    findings: &[Cited],
) -> impl Iterator<Item = &'r Check> {
    requirement.checks.iter().filter(|check| is_open(check, findings))
}

fn is_open(check: &Check, findings: &[Cited]) -> bool {
    findings.iter().all(|(finding, _)| match finding {
        Finding::CheckMet { check: id } | Finding::RecordShown { check: id } => *id != check.id,
        _ => true,
    })
}

/// What records to add, where most of the checks are not shown by dated ones: the one that an `open` check asks for; further ones, where
/// none of those that the checks ask for is missing; or else the usual.
fn records_wanted(requirement: &Requirement, open: &[&Check]) -> String {
    let asks = |check: &&Check| check.by == Proof::Record;
    match open.iter().copied().find(asks) {
        Some(check) => format!("Add a dated record of this: {}", check.text),
        None if requirement.checks.iter().any(|check| asks(&check)) => {
            "Most of it is only laid down: add further dated records that show it at work."
                .to_owned()
        }
        None => format!("Add dated records of it at work, such as {}.", usual_records(requirement)),
    }
}

fn usual_records(requirement: &Requirement) -> String {
    let operating = |kind: DocumentKind| kind.is_operating_record();
    let names = requirement
        .evidence
        .iter()
        .filter(|hint| operating(hint.kind))
        .flat_map(|hint| &hint.names);
    let lowered: Vec<String> = names.take(2).map(|name| lower_first(name)).collect();
    if lowered.is_empty() { "results, minutes or logs".to_owned() } else { lowered.join(" or ") }
}

/// The evidence that usually shows a requirement: what to look for where nothing was found.
pub(crate) fn wanted(requirement: &Requirement) -> String {
    let names = requirement.evidence.iter().filter_map(|hint| hint.names.first());
    let lowered: Vec<String> = names.take(3).map(|name| lower_first(name)).collect();
    if lowered.is_empty() {
        return "Nothing found.".to_owned();
    }
    format!("Nothing found. Usually shown by: {}.", lowered.join("; "))
}

/// `Test summary` as it stands within a sentence; names that begin with an acronym stay as they are.
fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => name.to_owned(),
    }
}

/// What is left to ask of a requirement of which nothing but copies and other versions speaks.
pub(crate) fn only_copies() -> String {
    "Only an earlier version or a draft speaks of it; the document that counts does not.".to_owned()
}

/// What is left to ask where documents in force contradict each other.
pub(crate) fn settle(difference: &str) -> String {
    format!("Settle which holds, and mend the other. {difference}")
}

/// What is left to ask where an audit states a nonconformity.
pub(crate) fn close() -> String {
    "A nonconformity is stated against this: show that it is closed.".to_owned()
}

/// A sentence for a requirement's gap over the whole body of evidence; empty where nothing is left to ask. `best` is
/// the match that carries most, `open` are the checks that nothing meets, `at_work` says that dated records show most.
pub(crate) fn gap(
    requirement: &Requirement,
    level: Sufficiency,
    open: &[&Check],
    [in_force, at_work]: [bool; 2],
    best: Option<&Match>,
) -> String {
    match (level.level(), best) {
        (0, Some(_)) => "The evidence says that it is not in place.".to_owned(),
        (0, None) => wanted(requirement),
        (5, _) => String::new(),
        (3, Some(best)) if best.sufficiency == level => best.ask.clone(),
        (1 | 2, _) => match open.first() {
            Some(check) => format!("Missing: {}", check.text),
            None => "Say definitely who does what, and when.".to_owned(),
        },
        (3, _) => "Nothing shows that it is approved and current, or that it happens.".to_owned(),
        (_, _) if !in_force => {
            "It is shown at work; nothing in force lays it down: add the approved text.".to_owned()
        }
        _ => match open.first().filter(|_| at_work) {
            Some(check) => format!("Missing: {}", check.text),
            None => records_wanted(requirement, open),
        },
    }
}

/// What documents in force differ on, as a sentence.
pub(crate) fn differ<'v>(aspect: Aspect, values: impl Iterator<Item = &'v StatedValue>) -> String {
    let mut said: Vec<String> = Vec::new();
    for value in values.map(|value| says(aspect, value)) {
        if !said.contains(&value) {
            said.push(value);
        }
    }
    let what = match aspect {
        Aspect::Interval => "how often this is done",
        Aspect::Retention => "how long this is kept",
        Aspect::Deadline => "by when this is done",
        Aspect::Owner => "who answers for this",
        Aspect::Approver => "who approves this",
    };
    format!("Documents in force differ on {what}: {}.", said.join(" or "))
}

/// A stated value in few words: `every 3 months`.
pub(crate) fn says(aspect: Aspect, value: &StatedValue) -> String {
    let period = match value {
        StatedValue::Role(role) => return format!("the {role}"),
        StatedValue::Period(period) => *period,
    };
    let length = length(period);
    let each = length.strip_prefix("1 ").unwrap_or(&length);
    let limit = match period.bound {
        Bound::Exact => "",
        Bound::AtMost => "at most ",
        Bound::AtLeast => "at least ",
    };
    match aspect {
        Aspect::Interval if period.bound == Bound::AtMost => format!("at least every {each}"),
        Aspect::Interval => format!("every {each}"),
        Aspect::Deadline => format!("within {length}"),
        Aspect::Retention | Aspect::Owner | Aspect::Approver => format!("{limit}{length}"),
    }
}

/// A length of time in the largest unit that it is a whole number of.
fn length(period: Period) -> String {
    let units = [("year", 525_600), ("month", 43_800), ("day", 1_440), ("hour", 60)];
    let fitting = units.into_iter().find(|(name, minutes)| {
        period.minutes.is_multiple_of(*minutes) && !(period.working_days && *name != "day")
    });
    let (name, minutes) = fitting.unwrap_or(("minute", 1));
    let working = if period.working_days { "working " } else { "" };
    let count = period.minutes / minutes;
    format!("{count} {working}{name}{}", if count == 1 { "" } else { "s" })
}
