use super::duration::{Form, figures};
use super::topic::{self, Topic};
use super::{Said, period, plain};
use regex::Regex;
use std::sync::LazyLock;
use sufficit_evidence::{Aspect, StatedValue};

/// Labels under which a table gives how often something is done, and of what.
static INTERVAL: LazyLock<Regex> = LazyLock::new(|| {
    match Regex::new(r"\b(frequency|interval|cycle|how often|reviewed|review period)\b") {
        Ok(regex) => regex,
        Err(error) => unreachable!("the pattern is malformed: {error}"),
    }
});

/// What a table's row settles: one cell that is nothing but a length of time, under a header or beside a label that says what
/// of. `header` is the table's header row, where it is known.
pub(super) fn said(row: &str, header: Option<&str>, title: Option<&str>) -> Option<Said> {
    let row = plain(row);
    let cells: Vec<&str> = row.split(" | ").map(str::trim).collect();
    let header = header.map(plain).unwrap_or_default();
    let headers: Vec<&str> = header.split(" | ").map(str::trim).collect();
    let mut timed = cells.iter().enumerate().filter(|(_, cell)| !figures(cell).is_empty());
    let (place, cell) = timed.next()?;
    if timed.next().is_some() || place == 0 {
        return None;
    }
    let found = figures(cell);
    let [figure] = found.as_slice() else { return None };
    let around = cell.len() - figure.place.len();
    let label = *cells.first()?;
    let above = if headers.len() == cells.len() { headers.get(place).copied() } else { None };
    let is_pair = cells.len() == 2;
    if around > 2 || above.is_none() && !is_pair {
        return None;
    }
    let said_of = format!("{} {}", if is_pair { label } else { "" }, above.unwrap_or_default());
    let aspect = match figure.form {
        _ if topic::keeps(&said_of) && figure.form != Form::Recurs => Aspect::Retention,
        Form::Recurs => Aspect::Interval,
        Form::Lasts if INTERVAL.is_match(&said_of) => Aspect::Interval,
        Form::Lasts | Form::Within | Form::After => return None,
    };
    let about = Topic::of_label(&format!("{label} {}", above.unwrap_or_default()), aspect, title)?;
    let value = StatedValue::Period(period(figure, aspect));
    Some(Said { aspect, about: about.name(), by: None, value })
}
