use crate::failure::Failure;
use console::{Key, Term};
use std::io::{BufRead, Write};
use sufficit_evidence::{Action, Sufficiency};

/// The keys, in one line.
pub(super) const HELP: &str = "a accept; 0-5 override; r reject; n/a not applicable (a requirement); s skip; u undo; q quit; ? this help. \
     Where lines are read, a reason stands behind the key: `2 the register is empty`.";

/// What a person answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Decides, with a reason.
    Decide(Action, String),
    Undo,
    Skip,
    Help,
    End,
    Unknown(String),
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
            None => by_line(),
        }
    }
}

fn by_key(term: &Term) -> Result<Answer, Failure> {
    let prompt = console::style("a 0-5 r n s u q ?").dim().for_stderr();
    write!(&mut &*term, "{prompt} > ")?;
    let key = match term.read_key()? {
        Key::Char(key) => key,
        Key::Escape | Key::CtrlC => 'q',
        Key::Enter => return Ok(Answer::Help),
        other => return Ok(Answer::Unknown(format!("{other:?}"))),
    };
    term.write_line(&key.to_string())?;
    let answer = of_line(&key.to_string());
    let Answer::Decide(action, _) = answer else { return Ok(answer) };
    if action == Action::Accept {
        return Ok(Answer::Decide(action, String::new()));
    }
    write!(&mut &*term, "why > ")?;
    let why = term.read_line()?;
    Ok(Answer::Decide(action, why))
}

fn by_line() -> Result<Answer, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line)?;
    Ok(if read == 0 { Answer::End } else { of_line(&line) })
}

/// What a line says: a key, and behind it the reason.
fn of_line(line: &str) -> Answer {
    let line = line.trim();
    let (key, why) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let decide = |action| Answer::Decide(action, why.trim().to_owned());
    match key {
        "a" => decide(Action::Accept),
        "r" => decide(Action::Reject),
        "n" | "n/a" => decide(Action::NotApplicable),
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
        assert_eq!(of_line("6 why"), Answer::Unknown("6".to_owned()));
        assert_eq!(of_line(""), Answer::Unknown(String::new()));
    }
}
