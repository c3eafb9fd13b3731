//! What a sentence settles, as a value: how often access rights are reviewed, how long logs are kept, by when an incident is reported,
//! who approves a release. Read only where it is plain: a sentence with two figures, a pronoun or a condition on who is meant
//! gives nothing, since a contradiction that is none costs more trust than one that is missed.

mod clause;
mod duration;
mod role;
mod row;
mod topic;

use crate::finding::{cite, focus_text};
use crate::voice::{Voice, voice};
use duration::{Figure, Form, figures};
use sufficit_evidence::{
    Aspect, Bound, Candidate, Check, Citation, Document, Passage, Period, StatedValue, Statement,
};
use topic::Topic;

/// What the passages that touch a check lay down in `document`, each statement once. `candidates` are the check's, and
/// from a score of `touched` one bears on it. That the document governs and is in force is for the caller to see to.
pub(crate) fn statements(
    document: &Document,
    check: &Check,
    candidates: &[Candidate],
    touched: f32,
) -> Vec<Statement> {
    let title = document.facts.title.as_ref().map(|fact| fact.value.as_str());
    let mut found: Vec<Statement> = Vec::new();
    for candidate in candidates.iter().filter(|candidate| candidate.score >= touched) {
        let Some(passage) = document.passages.get(candidate.passage as usize) else { continue };
        let focus = focus_text(passage, candidate);
        if voice(focus) != Voice::States {
            continue;
        }
        for said in said(focus, passage, title) {
            let is_known = |known: &Statement| {
                known.aspect == said.aspect
                    && known.about == said.about
                    && known.value == said.value
            };
            if !found.iter().any(is_known) {
                found.push(said.statement(check, cite(passage, candidate)));
            }
        }
    }
    found
}

/// A statement without its place.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    aspect: Aspect,
    about: String,
    by: Option<String>,
    value: StatedValue,
}

impl Said {
    fn statement(self, check: &Check, citation: Citation) -> Statement {
        let Self { aspect, about, by, value } = self;
        Statement { check: check.id.clone(), aspect, about, by, value, citation }
    }
}

/// What a sentence, list item or table row of a document with this title settles.
fn said(focus: &str, passage: &Passage, title: Option<&str>) -> Vec<Said> {
    if focus.contains(" | ") {
        return row::said(focus, passage.context.as_deref(), title).into_iter().collect();
    }
    let lower = plain(focus);
    lower.split([';', '.']).filter_map(|clause| clause_says(clause.trim(), title)).collect()
}

/// In lower case, white space and list marks aside, with the full stops of numbers and short forms gone.
fn plain(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let joined = joined.replace("e.g.", "such as").replace("i.e.", "that is");
    joined.trim_start_matches(['-', '*', '•', '–', ' ']).replace("artificial intelligence", "ai")
}

/// What one clause settles. One with more than one figure may mean different things by them.
fn clause_says(clause: &str, title: Option<&str>) -> Option<Said> {
    let found = figures(clause);
    let [figure] = found.as_slice() else {
        return if found.is_empty() { role::said(clause, title) } else { None };
    };
    let rest = format!("{} , {}", &clause[..figure.place.start], &clause[figure.place.end..]);
    if rest.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let aspect = aspect(figure, &rest)?;
    let topic = Topic::of_clause(&rest, aspect, title)?;
    let value = StatedValue::Period(period(figure, aspect));
    Some(Said { aspect, about: topic.name(), by: topic.by, value })
}

/// What a length of time settles in a clause that says `rest` besides.
fn aspect(figure: &Figure, rest: &str) -> Option<Aspect> {
    let (keeps, deletes) = (topic::keeps(rest), topic::deletes(rest));
    match figure.form {
        Form::Recurs => (!keeps).then_some(Aspect::Interval),
        Form::Within if deletes => Some(Aspect::Retention),
        Form::Within => Some(Aspect::Deadline),
        Form::Lasts => keeps.then_some(Aspect::Retention),
        Form::After => deletes.then_some(Aspect::Retention),
    }
}

fn period(figure: &Figure, aspect: Aspect) -> Period {
    // "Within three days" is how a deadline is said, not a limit to one that is given elsewhere.
    let bound = if aspect == Aspect::Deadline { Bound::Exact } else { figure.period.bound };
    Period { bound, ..figure.period }
}

#[cfg(test)]
mod tests;
