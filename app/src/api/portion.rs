use crate::web::{Fault, Problem};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Portion<T> {
    /// The things, in the list's order.
    pub(crate) items: Vec<T>,
    /// How many the whole list has.
    pub(crate) total: usize,
    /// `after` of the portion that follows; null where this is the last.
    pub(crate) next: Option<String>,
}

/// At most `limit` of those of `all` that `pass`, from the one after the thing of the key `after` on: whether or not that one
/// passes still, the list goes on where it stands.
pub(crate) fn portion<T>(
    all: Vec<T>,
    passes: impl Fn(&T) -> bool,
    key: impl Fn(&T) -> String,
    after: Option<&str>,
    limit: usize,
) -> Result<Portion<T>, Problem> {
    let place = match after {
        None => 0,
        Some(after) => {
            let place = all.iter().position(|thing| key(thing) == after);
            place.ok_or_else(|| missing(after))? + 1
        }
    };
    Ok(portion_behind(all, passes, place, key, limit))
}

/// At most `limit` of those of `all` that `pass`, without the first `place` of all; `next` makes of a thing what the following
/// portion goes on after.
pub(crate) fn portion_behind<T>(
    all: Vec<T>,
    passes: impl Fn(&T) -> bool,
    place: usize,
    next: impl Fn(&T) -> String,
    limit: usize,
) -> Portion<T> {
    let begin = all.iter().take(place).filter(|thing| passes(thing)).count();
    let passing = all.into_iter().filter(|thing| passes(thing)).collect();
    portion_from(passing, begin, next, limit)
}

/// At most `limit` of `all` from the place `begin` on; `next` makes of a thing what the following portion goes on after.
pub(crate) fn portion_from<T>(
    all: Vec<T>,
    begin: usize,
    next: impl Fn(&T) -> String,
    limit: usize,
) -> Portion<T> {
    let total = all.len();
    let items: Vec<T> = all.into_iter().skip(begin).take(limit).collect();
    let next = items.last().filter(|_| begin + items.len() < total).map(next);
    Portion { items, total, next }
}

/// The refusal of an `after` that nothing is known of.
pub(crate) fn missing(after: &str) -> Problem {
    let what = format!("The list has no {after} to go on after.");
    Fault::new(
        StatusCode::NOT_FOUND,
        what,
        "Give `next` of the portion before, or begin anew without `after`.",
    )
    .into()
}

impl<T> Portion<T> {
    /// The same list of what each thing comes to.
    pub(crate) fn map<U>(self, to: impl FnMut(T) -> U) -> Portion<U> {
        Portion {
            items: self.items.into_iter().map(to).collect(),
            total: self.total,
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_one_after_the_other_are_the_whole_list() {
        let all: Vec<u32> = (0..23).collect();
        let mut seen = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let part = portion(all.clone(), |_| true, u32::to_string, after.as_deref(), 5);
            let part = part.expect("is there");
            assert_eq!(part.total, 23);
            seen.extend(part.items);
            match part.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, all);
        assert!(portion(all, |_| true, u32::to_string, Some("99"), 5).is_err());
    }

    #[test]
    fn a_list_goes_on_where_the_last_thing_stood() {
        let all: Vec<u32> = (0..10).collect();
        // The third thing passed when it was given, and does no more.
        let part = portion(all, |n| n % 2 == 1, u32::to_string, Some("2"), 2).expect("is there");
        assert_eq!((part.items, part.total, part.next.as_deref()), (vec![3, 5], 5, Some("5")));
    }
}
