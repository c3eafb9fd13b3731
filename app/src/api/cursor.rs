use crate::view::{MatchPlace, View};
use crate::web::Item;
use std::str::{FromStr, Split};
use sufficit_evidence::Sufficiency;
use sufficit_review::ReviewedMatch;

/// What `next` of a list says whose things may leave it or stand elsewhere once they are decided: the key of the last thing and,
/// behind an `@`, all that it was sorted by, with commas between.
pub(crate) struct Cursor<'a> {
    /// The last thing.
    pub(crate) item: Item,
    sorted_by: Split<'a, char>,
}

impl<'a> Cursor<'a> {
    /// What `next` said; `None` where the text is no such thing.
    pub(crate) fn read(after: &'a str) -> Option<Self> {
        let (key, sorted_by) = after.rsplit_once('@')?;
        Some(Self { item: key.parse().ok()?, sorted_by: sorted_by.split(',') })
    }

    /// The next number of those that it was sorted by; `None` where none is left, or it is none of its type.
    pub(crate) fn number<T: FromStr>(&mut self) -> Option<T> {
        self.sorted_by.next()?.parse().ok()
    }

    /// How many matches of the view stand no later than the one that the cursor names stood when [`of_match`] was taken of it.
    pub(crate) fn matches(&mut self, view: &View) -> Option<usize> {
        let sufficiency = Sufficiency::try_from(self.number::<u8>()?).ok()?;
        let relevance = self.number()?;
        let Item::Match { document, requirement } = &self.item else { return None };
        let (framework, requirement) = (&requirement.framework, &requirement.requirement);
        let last = MatchPlace { framework, requirement, sufficiency, relevance, document };
        Some(view.matches.partition_point(|found| MatchPlace::of(&found.head).order(&last).is_le()))
    }
}

/// What a match is sorted by among those of its requirement.
pub(crate) fn of_match(found: &ReviewedMatch) -> String {
    format!("{},{}", found.head.sufficiency.level(), found.head.relevance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_a_key_and_numbers() {
        let mut cursor = Cursor::read("r/iso42001/9.2@2.3,17").expect("is one");
        assert_eq!(cursor.item.to_string(), "r/iso42001/9.2");
        assert_eq!((cursor.number::<f32>(), cursor.number::<u64>()), (Some(2.3), Some(17)));
        assert_eq!(cursor.number::<u8>(), None);
        for other in ["", "@", "r/iso42001/9.2", "nothing@1,2"] {
            assert!(Cursor::read(other).is_none(), "{other}");
        }
    }
}
