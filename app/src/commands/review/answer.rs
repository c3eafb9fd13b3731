use crate::failure::Failure;
use console::{Key, Term};
use std::io::{BufRead, Write};
use sufficit_evidence::{Action, Date, Sufficiency};

/// The keys, in one line.
pub(super) const HELP: &str = "a accept; 0-5 override; r reject; x not applicable (a requirement); n next document for the same requirement; \
     + add a match that was missed; @ assign; c comment; s skip; u undo; q quit; ? this help. Where lines are read, the rest stands behind the \
     key: `2 the register is empty`, `+ who approves a release` and then the number of a passage with score and reason (`1 3 it names them`), \
     `@ Ada Lind 2026-12-01`, `c ask the owner`.";

/// What a person answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Decides, with a reason.
    Decide(Action, String),
    /// Assigns or comments, which leaves it undecided.
    Remark(Action, String),
    /// Looks for passages that speak of this, to add one; of the requirement's checks where it is empty.
    Search(String),
    /// The next document for the same requirement.
    Another,
    Undo,
    Skip,
    Help,
    End,
    Unknown(String),
}

/// What a person picks of the passages that were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    /// The passage of that number, with a sufficiency and a reason.
    Passage(usize, Sufficiency, String),
    Nothing,
    Unknown,
}

/// Where answers come from.
pub(super) struct Answers {
    /// A terminal, where a key counts at once; otherwise lines are read.
    keys: Option<Term>,
}

impl Answers {
    pub(super) fn new() -> Self {
        let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stdin());
        Self { keys: Some(Term::stderr()).filter(|term| is_terminal && term.is_term()) }
    }

    /// The next answer; the end where there is none.
    pub(super) fn next(&self) -> Result<Answer, Failure> {
        match &self.keys {
            Some(term) => by_key(term),
            None => Ok(line()?.map_or(Answer::End, |line| of_line(&line))),
        }
    }

    /// Which of the passages that are shown is added.
    pub(super) fn pick(&self) -> Result<Pick, Failure> {
        let line = match &self.keys {
            Some(term) => Some(asked(term, "passage, 0-5 and why")?),
            None => line()?,
        };
        Ok(line.map_or(Pick::Nothing, |line| pick_of_line(&line)))
    }

    /// That no passages are shown to pick from. A script has written the pick's line all the same: it is no answer to an item.
    pub(super) fn no_pick(&self) -> Result<(), Failure> {
        if self.keys.is_none() {
            line()?;
        }
        Ok(())
    }
}

fn by_key(term: &Term) -> Result<Answer, Failure> {
    let prompt = console::style("a 0-5 r x n + @ c s u q ?").dim().for_stderr();
    write!(&mut &*term, "{prompt} > ")?;
    let key = match term.read_key()? {
        Key::Char(key) => key,
        Key::Escape | Key::CtrlC => 'q',
        Key::Enter => return Ok(Answer::Help),
        other => return Ok(Answer::Unknown(format!("{other:?}"))),
    };
    term.write_line(&key.to_string())?;
    let question = match key {
        '0'..='5' | 'r' | 'x' => "why",
        '+' => "words",
        '@' => "who, and the day until when",
        'c' => "comment",
        _ => return Ok(of_line(&key.to_string())),
    };
    Ok(of_line(&format!("{key} {}", asked(term, question)?)))
}

/// What is typed to a question on the terminal.
fn asked(term: &Term, question: &str) -> Result<String, Failure> {
    write!(&mut &*term, "{question} > ")?;
    Ok(term.read_line()?)
}

/// The next line; `None` where there is none.
fn line() -> Result<Option<String>, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line)?;
    Ok((read > 0).then_some(line))
}

/// What a line says: a key, and behind it the reason or what else the key takes.
fn of_line(line: &str) -> Answer {
    let line = line.trim();
    let (key, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    let decide = |action| Answer::Decide(action, rest.to_owned());
    match key {
        "+" => Answer::Search(rest.to_owned()),
        "@" => assigned(rest).map_or_else(
            || Answer::Unknown(line.chars().take(40).collect()),
            |action| Answer::Remark(action, String::new()),
        ),
        "c" => Answer::Remark(Action::Comment, rest.to_owned()),
        "n" if rest.is_empty() => Answer::Another,
        "a" => decide(Action::Accept),
        "r" => decide(Action::Reject),
        "x" | "n/a" => decide(Action::NotApplicable),
        "u" => Answer::Undo,
        "s" => Answer::Skip,
        "q" => Answer::End,
        "?" => Answer::Help,
        other => match other.parse::<u8>().ok().and_then(|level| Sufficiency::try_from(level).ok())
        {
            Some(sufficiency) => decide(Action::Override { sufficiency }),
            None => Answer::Unknown(other.chars().take(40).collect()),
        },
    }
}

/// To whom, and behind the name the day until when, where one stands there; to nobody where nothing stands there. `None`
/// where there is a day alone.
fn assigned(text: &str) -> Option<Action> {
    let (name, last) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text));
    let (to, due) = match last.parse::<Date>() {
        Ok(due) => (name.trim(), Some(due)),
        Err(_) => (text, None),
    };
    let to = (!to.is_empty()).then(|| to.to_owned());
    if to.is_none() && due.is_some() { None } else { Some(Action::Assign { to, due }) }
}

fn pick_of_line(line: &str) -> Pick {
    let mut parts = line.trim().splitn(3, char::is_whitespace);
    let Some(first) = parts.next().filter(|first| !first.is_empty()) else { return Pick::Nothing };
    let level = parts.next().and_then(|level| level.parse::<u8>().ok());
    let sufficiency = level.and_then(|level| Sufficiency::try_from(level).ok());
    match (first.parse(), sufficiency) {
        (Ok(number), Some(sufficiency)) => {
            let why = parts.next().unwrap_or_default().trim();
            Pick::Passage(number, sufficiency, why.to_owned())
        }
        _ => Pick::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_key_and_a_reason() {
        let decide = |action, why: &str| Answer::Decide(action, why.to_owned());
        assert_eq!(of_line("a\n"), decide(Action::Accept, ""));
        let two = Action::Override { sufficiency: Sufficiency::PARTIAL };
        assert_eq!(of_line(" 2  It is a draft. "), decide(two, "It is a draft."));
        assert_eq!(of_line("r other company"), decide(Action::Reject, "other company"));
        assert_eq!(of_line("n/a no vehicles"), decide(Action::NotApplicable, "no vehicles"));
        assert_eq!(of_line("x no vehicles"), decide(Action::NotApplicable, "no vehicles"));
        assert_eq!(of_line("n"), Answer::Another);
        assert_eq!(of_line("n no vehicles"), Answer::Unknown("n".to_owned()), "it meant n/a once");
        assert_eq!(of_line("+ who approves"), Answer::Search("who approves".to_owned()));
        let comment = Answer::Remark(Action::Comment, "Ask Ben.".to_owned());
        assert_eq!(of_line("c Ask Ben."), comment);
        assert_eq!(of_line("6 why"), Answer::Unknown("6".to_owned()));
        assert_eq!(of_line(""), Answer::Unknown(String::new()));
    }

    #[test]
    fn an_assignment_is_a_name_and_a_day() {
        let to = |to: Option<&str>, due: Option<&str>| {
            let due = due.map(|day| day.parse().expect("is a day"));
            Answer::Remark(Action::Assign { to: to.map(str::to_owned), due }, String::new())
        };
        assert_eq!(of_line("@ Ada Lind 2026-12-01"), to(Some("Ada Lind"), Some("2026-12-01")));
        assert_eq!(of_line("@ ben"), to(Some("ben"), None));
        assert_eq!(of_line("@"), to(None, None));
        assert_eq!(of_line("@ 2026-12-01"), Answer::Unknown("@ 2026-12-01".to_owned()));
    }

    #[test]
    fn a_pick_is_a_number_a_score_and_a_reason() {
        let three = Pick::Passage(2, Sufficiency::DEFINED, "The minutes show it.".to_owned());
        assert_eq!(pick_of_line("2 3 The minutes show it.\n"), three);
        assert_eq!(pick_of_line("\n"), Pick::Nothing);
        for nothing in ["2", "2 6 why", "two 3 why", "-1 3 why"] {
            assert_eq!(pick_of_line(nothing), Pick::Unknown, "{nothing}");
        }
    }
}
