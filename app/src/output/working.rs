//! How a grade came about, as a tree for people: each number with what it is made of.

use crate::failure::Failure;
use crate::output::{citation_lines, line, wrapped};
use std::fmt::Display;
use std::io::Write;
use sufficit_evidence::{Citation, Fact, Origin};
use sufficit_mapper::{
    AssessmentWorking, Barred, CheckWorking, Confidence, ConfidencePart, Ground, LimitCause, Met,
    PassageWorking, ProbeRole, ProbeWorking, RealWorking, RelevanceWorking, ScoreWorking,
    StandingWorking, TallyWorking, Working,
};

/// Columns before the headings of the tree; what is below stands two further in.
const INDENT: usize = 4;

/// Prints the whole sum behind one grade.
pub(crate) fn working_lines(out: &mut impl Write, working: &Working) -> Result<(), Failure> {
    heading(out, "How this came about")?;
    if let Some(barred) = working.barred {
        at(out, 1, &format!("No match: {}.", barred_text(barred, working)))?;
    }
    relevance_lines(out, &working.relevance)?;
    real_lines(out, working)?;
    check_lines(out, &working.checks)?;
    tally_lines(out, &working.tally)?;
    standing_lines(out, &working.standing)?;
    grade_lines(out, working)?;
    confidence_lines(out, &working.confidence)
}

/// Prints the whole sum behind a requirement's grade over all documents.
pub(crate) fn assessment_working_lines(
    out: &mut impl Write,
    working: &AssessmentWorking,
) -> Result<(), Failure> {
    let AssessmentWorking { documents, counted, alone, sufficiency, .. } = working;
    heading(out, "How this came about")?;
    let text = format!(
        "{counted} of {documents} documents count: graded 2 or more, and no draft, blank form, superseded or promotional text"
    );
    at(out, 1, &text)?;
    if working.copies > 0 {
        let text = format!("{} are copies or other versions, and lend nothing", working.copies);
        at(out, 2, &text)?;
    }
    at(out, 1, &format!("The best alone: {alone}"))?;
    if let Some(together) = working.together {
        let force = if working.in_force { "in force" } else { "not in force" };
        let (share, from) = (percent(working.share_in_force), percent(working.in_force_from));
        at(out, 1, &format!("Together: {together}"))?;
        let text = format!(
            "{force}: documents in force meet {share} of what paper meets, {from} is needed"
        );
        at(out, 2, &text)?;
        tally_lines(out, &working.tally)?;
    }
    if working.contradictions > 0 {
        at(out, 1, "At most 4: documents in force contradict each other")?;
    }
    if working.nonconformities > 0 {
        at(out, 1, "At most 2: an open nonconformity is stated against it")?;
    }
    at(out, 1, &format!("Grade {sufficiency}: the higher of these"))?;
    confidence_lines(out, &working.confidence)
}

/// Why there is no match, within a sentence.
pub(crate) fn barred_text(barred: Barred, working: &Working) -> String {
    match barred {
        Barred::Improbable => format!(
            "the probability that it bears on this is {}, and {} is needed",
            percent(working.real.real),
            percent(working.real.needed)
        ),
        Barred::OtherField => {
            "the document is about another field than the framework or these controls, or says that it leaves them out".to_owned()
        }
        Barred::NothingShown => match working.nearest_check() {
            Some((check, best)) if best.score >= check.touched_from => {
                format!("it touches no check: {}", ground_text(check.ground))
            }
            Some((check, best)) => format!(
                "it touches no check: the nearest scores {:.2}, and {:.2} is needed",
                best.score, check.touched_from
            ),
            None => "it touches no check".to_owned(),
        },
    }
}

fn heading(out: &mut impl Write, text: &str) -> Result<(), Failure> {
    line(out, &console::style(wrapped(text, INDENT)).bold().to_string())
}

/// A line `depth` levels down in the tree.
fn at(out: &mut impl Write, depth: usize, text: &str) -> Result<(), Failure> {
    line(out, &wrapped(text, INDENT + 2 * depth))
}

fn quote(out: &mut impl Write, depth: usize, citation: &Citation) -> Result<(), Failure> {
    citation_lines(out, citation, INDENT + 2 * depth)
}

fn relevance_lines(out: &mut impl Write, sum: &RelevanceWorking) -> Result<(), Failure> {
    let RelevanceWorking { relevance, evidence, middle, slope, .. } = sum;
    let parts: Vec<String> = sum.passages.iter().map(|p| format!("{:.3}", p.adds)).collect();
    at(out, 1, &format!("Relevance {relevance:.2}"))?;
    if parts.is_empty() {
        return at(out, 2, "no passage is near to it");
    }
    at(
        out,
        2,
        &format!("{relevance:.2} = 1 / (1 + exp(-{slope} x ({evidence:.3} - {middle:.3})))"),
    )?;
    let legend = "a score is what a passage shares with a text of the catalogue in words and in meaning; what it has in common with many is taken off";
    at(out, 2, legend)?;
    at(out, 2, &format!("evidence {evidence:.3} = {}, from its passages:", parts.join(" + ")))?;
    sum.passages.iter().try_for_each(|passage| passage_lines(out, passage))
}

fn passage_lines(out: &mut impl Write, part: &PassageWorking) -> Result<(), Failure> {
    let PassageWorking { passage, adds, share, evidence, .. } = part;
    at(out, 2, &format!("{adds:.3} = {share} x {evidence:.3}, passage {passage}"))?;
    probe_lines(out, part)
}

fn probe_lines(out: &mut impl Write, part: &PassageWorking) -> Result<(), Failure> {
    for ProbeWorking { role, check, weight, score } in &part.probes {
        let against = match (role, check) {
            (ProbeRole::Subject, _) | (_, None) => "the requirement as a whole".to_owned(),
            (ProbeRole::BestCheck, Some(check)) => format!("nearest check, {check}"),
            (ProbeRole::SecondCheck, Some(check)) => format!("second check, {check}"),
        };
        at(out, 3, &format!("{weight} x {}: {against}", score_text(score)))?;
    }
    quote(out, 3, &part.citation)
}

fn score_text(score: &ScoreWorking) -> String {
    let ScoreWorking { score, lexical, semantic, taken_off, .. } = score;
    let off =
        if *taken_off < 0.0005 { String::new() } else { format!(" - taken off {taken_off:.3}") };
    format!("{score:.3} (words {lexical:.3} + meaning {semantic:.3}{off})")
}

fn real_lines(out: &mut impl Write, working: &Working) -> Result<(), Failure> {
    let RealWorking {
        real,
        needed,
        intercept,
        near,
        firm,
        distinct,
        distinctness,
        name,
        named,
        ..
    } = &working.real;
    let RealWorking { partial_from, defined_from, controlled_from, .. } = working.real;
    let weight = working.real.document_type_weight;
    let typed =
        working.real.document_type.as_ref().map_or(String::new(), |_| format!(" + {weight}"));
    let text = format!(
        "Bears on it with a probability of {}; a match needs {}, a grade of 2 {}, of 3 {}, of 4 and more {}",
        percent(*real),
        percent(*needed),
        percent(partial_from),
        percent(defined_from),
        percent(controlled_from)
    );
    at(out, 1, &text)?;
    at(
        out,
        2,
        &format!(
            "1 / (1 + exp(-({intercept} + {near} x {firm:.3} + {distinct} x {distinctness:.3} + {name} x {named:.3}{typed})))"
        ),
    )?;
    if let Some(usual) = &working.real.usual_name {
        let text = format!("{named:.3}: how much of the name “{usual}” stands in one sentence");
        at(out, 2, &text)?;
    }
    if let Some(sort) = &working.real.document_type {
        let text = format!(
            "{weight}: its title is that of {sort}, which usually shows it; checks are read beside the {} without it",
            percent(working.real.by_passages)
        );
        at(out, 2, &text)?;
    }
    let Some(part) = &working.real.passage else { return Ok(()) };
    at(out, 2, &format!("{distinctness:.3}: what passage {} alone has for it", part.passage))?;
    probe_lines(out, part)
}

fn check_lines(out: &mut impl Write, checks: &[CheckWorking]) -> Result<(), Failure> {
    let Some(first) = checks.first() else { return Ok(()) };
    let CheckWorking { touched_from, meets_from, quote_from, .. } = first;
    let text = format!(
        "Checks: touched from {touched_from:.2}; met from a probability of {} with a quote from {quote_from:.2}",
        percent(*meets_from)
    );
    at(out, 1, &text)?;
    for check in checks {
        let text =
            format!("{}: {}, {}", check.check, met_text(check.met), ground_text(check.ground));
        at(out, 2, &text)?;
        if let Some(best) = &check.best {
            let quote =
                if best.quote > 0.0 { format!(", quote {:.3}", best.quote) } else { String::new() };
            let meets = check.meets.map(percent).unwrap_or_default();
            let read =
                check.reading.map(|odds| format!(", read with {odds:+.2}")).unwrap_or_default();
            let text = format!("{}{read}, so meets it with {meets}{quote}", score_text(best));
            at(out, 3, &text)?;
        }
        if let Some(citation) = &check.citation {
            quote(out, 3, citation)?;
        }
    }
    Ok(())
}

fn met_text(met: Met) -> &'static str {
    match met {
        Met::Missing => "missing",
        Met::Denied => "denied",
        Met::Intended => "planned",
        Met::Touched => "touched",
        Met::Undated => "undated",
        Met::Defined => "met",
        Met::Recorded => "recorded",
    }
}

fn ground_text(ground: Ground) -> &'static str {
    match ground {
        Ground::NoPassage => "no passage is near to it",
        Ground::Far => "the nearest passage scores too little",
        Ground::Denies => "the quote says that it is not so",
        Ground::Admits => "near what would meet it the text admits that it is not so",
        Ground::Feared => "the quote says what may happen",
        Ground::LeavesOut => "the quote stands under a heading that leaves it out",
        Ground::Intends => "the quote speaks of a plan",
        Ground::Asks => "the quote asks",
        Ground::Promotes => "the quote promotes a product",
        Ground::Quotes => "the quote says what a standard asks for",
        Ground::ScoreLow => "the passage scores too little to meet it",
        Ground::QuoteWeak => "the quote by itself scores too little",
        Ground::OtherField => "the nearest passage is about another field",
        Ground::QuoteTaken => "the quote already shows as much as its words can carry",
        Ground::ControlRow => "the quote only says who answers for the document, or when",
        Ground::BlankForm => "the document is a blank form",
        Ground::BlankLeft => "a blank is left in the quote",
        Ground::ListsOnly => "the passage only lists requirements",
        Ground::MachineText => "the quote is a program's output",
        Ground::HeaderRow => "the quote is a table's header row",
        Ground::Title => "the quote is a title or a heading",
        Ground::NoRecord => "a record is wanted, and the document is none",
        Ground::UndatedRecord => "the record names no recent day",
        Ground::LaidDown => "the quote lays it down",
        Ground::DatedRecord => "the quote stands in a record of a recent day",
        Ground::DayInPassage => "the quote names a recent day, or its passage several",
    }
}

fn tally_lines(out: &mut impl Write, tally: &TallyWorking) -> Result<(), Failure> {
    let TallyWorking { counts, partial_from, defined_from, recorded_from, .. } = tally;
    let (share, recorded) = (percent(tally.share), percent(tally.recorded_share));
    let few = counts.wanted() > counts.paper;
    let counted = if few { format!(" (counted as {})", counts.wanted()) } else { String::new() };
    at(
        out,
        1,
        &format!(
            "Tally: {} of {} checks met, {} of the {} that paper meets{counted}: the better share is {share}; 2 from {}, 3 from {}",
            counts.met,
            counts.checks,
            counts.paper_met,
            counts.paper,
            percent(*partial_from),
            percent(*defined_from),
        ),
    )?;
    let text = format!(
        "{} shown by dated records: {recorded}; seen at work from {}",
        counts.recorded,
        percent(*recorded_from)
    );
    at(out, 2, &text)?;
    if counts.touched + counts.intended + counts.denied == 0 {
        return Ok(());
    }
    let others = format!(
        "{} touched, {} only planned, {} denied",
        counts.touched, counts.intended, counts.denied
    );
    at(out, 2, &others)
}

fn percent(share: f32) -> String {
    format!("{:.0}%", 100.0 * share)
}

fn standing_lines(out: &mut impl Write, told: &StandingWorking) -> Result<(), Failure> {
    let force = if told.in_force { "in force" } else { "not in force" };
    at(out, 1, &format!("Standing: {force} ({})", told.kind))?;
    fact_line(out, "owner", told.owner.as_ref())?;
    fact_line(out, "approver", told.approver.as_ref())?;
    fact_line(out, "version", told.version.as_ref())?;
    let status = told.status.as_ref().map(|fact| Fact {
        value: format!("{:?}", fact.value).to_lowercase(),
        origin: fact.origin.clone(),
    });
    if status.is_some() {
        fact_line(out, "status", status.as_ref())?;
    }
    let dates = [
        ("approved on", &told.approved_on),
        ("issued", &told.issued),
        ("reviewed", &told.reviewed),
        ("next review", &told.next_review),
    ];
    for (name, date) in dates.iter().filter(|(_, date)| date.is_some()) {
        fact_line(out, name, date.as_ref())?;
    }
    let standing = &told.standing;
    if standing.since.is_none() {
        at(out, 2, "no date says since when it is in force")?;
    }
    if let Some(due) = standing.overdue {
        at(out, 2, &format!("its review was due on {due}"))?;
    }
    if standing.old {
        at(out, 2, "it is old, and names no next review")?;
    }
    if standing.blank {
        at(out, 2, "it is a form that nobody filled in")?;
    }
    if standing.placeholders > 0 {
        at(out, 2, &format!("blanks left: {}", standing.placeholders))?;
    }
    told.blanks.iter().try_for_each(|blank| quote(out, 3, blank))
}

fn fact_line<T: Display>(
    out: &mut impl Write,
    name: &str,
    fact: Option<&Fact<T>>,
) -> Result<(), Failure> {
    let Some(fact) = fact else { return at(out, 2, &format!("{name}: none found")) };
    let origin = match &fact.origin {
        Origin::Citation(citation) => match citation.page {
            Some(page) => format!("page {page}: “{}”", citation.quote.trim()),
            None => format!("“{}”", citation.quote.trim()),
        },
        Origin::Property(property) => format!("property {property}"),
        Origin::Inferred(reason) => reason.clone(),
    };
    at(out, 2, &format!("{name}: {} ({origin})", fact.value))
}

fn grade_lines(out: &mut impl Write, working: &Working) -> Result<(), Failure> {
    let grade = &working.grade;
    let (met, recorded) = (percent(working.tally.share), percent(working.tally.recorded_share));
    let force = if working.standing.in_force { "in force" } else { "not in force" };
    let text = format!(
        "Grade {}: {} for {met} met, {recorded} recorded, {force}",
        grade.sufficiency, grade.by_checks
    );
    at(out, 1, &text)?;
    for limit in &grade.limits {
        let acts = if limit.at < grade.by_checks { "" } else { ", which lowers nothing" };
        at(out, 2, &format!("at most {}: {}{acts}", limit.at, limit_text(limit.cause)))?;
    }
    Ok(())
}

fn limit_text(cause: LimitCause) -> &'static str {
    match cause {
        LimitCause::Denial => "it denies more checks than it meets",
        LimitCause::BlankForm => "it is a form that nobody filled in",
        LimitCause::Promotion => "it promotes a product",
        LimitCause::Plan => "it speaks only of what is planned",
        LimitCause::Draft => "it calls itself a draft",
        LimitCause::Superseded => "it has been replaced or withdrawn",
        LimitCause::PastReview => "its review is overdue",
        LimitCause::OtherSystem => "its title says that it is about another management system",
        LimitCause::Doubt => "it is doubtful whether it bears on this at all",
    }
}

fn confidence_lines(out: &mut impl Write, confidence: &Confidence) -> Result<(), Failure> {
    let part = |part: &ConfidencePart| {
        let ConfidencePart { of, amount, weight } = part;
        if *amount == 1.0 && *of == "base" {
            format!("{weight} ({of})")
        } else {
            format!("{weight} x {amount:.2} ({of})")
        }
    };
    let parts: Vec<String> = confidence.parts.iter().map(part).collect();
    let Confidence { confidence, sum, .. } = confidence;
    at(out, 1, &format!("Confidence {} = 1 / (1 + exp(-({sum:.3})))", percent(*confidence)))?;
    at(out, 2, &format!("{sum:.3} = {}", parts.join(" + ")))
}

#[cfg(test)]
mod tests;
