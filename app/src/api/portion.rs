use crate::web::{Fault, Problem};
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

/// At most `limit` of `all`, from the one after the thing of the key `after` on.
pub(crate) fn portion<T>(
    all: Vec<T>,
    key: impl Fn(&T) -> String,
    after: Option<&str>,
    limit: usize,
) -> Result<Portion<T>, Problem> {
    let total = all.len();
    let begin = match after {
        None => 0,
        Some(after) => {
            let place = all.iter().position(|thing| key(thing) == after);
            let missing = || format!("The list has no {after} to go on after, or no longer.");
            place.map(|place| place + 1).ok_or_else(|| Fault::missing(missing()))?
        }
    };
    let items: Vec<T> = all.into_iter().skip(begin).take(limit).collect();
    let next = items.last().filter(|_| begin + items.len() < total).map(key);
    Ok(Portion { items, total, next })
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
            let part = portion(all.clone(), u32::to_string, after.as_deref(), 5).expect("is there");
            assert_eq!(part.total, 23);
            seen.extend(part.items);
            match part.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, all);
        assert!(portion(all, u32::to_string, Some("99"), 5).is_err());
    }
}
