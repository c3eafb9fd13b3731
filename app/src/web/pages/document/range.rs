use axum::http::{HeaderMap, header};
use std::ops::Range;

/// What of a file is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Whole,
    /// Bytes of it.
    Part(Range<u64>),
    /// Bytes that it does not have.
    Nowhere,
}

/// What `headers` ask for of a file of `size` bytes that is called `tag` now (RFC 9110, 14.2). Whoever asks for several parts at
/// once, or in a way that is not known, gets the whole.
pub(super) fn wanted(headers: &HeaderMap, tag: &str, size: u64) -> Wanted {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let is_it = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let Some(part) = text(header::RANGE).filter(|_| is_it) else { return Wanted::Whole };
    let bounds = part.strip_prefix("bytes=").and_then(|part| part.trim().split_once('-'));
    let Some((first, last)) = bounds else { return Wanted::Whole };
    let number = |text: &str| text.parse::<u64>().ok().filter(|_| !text.starts_with('+'));
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.is_empty() => first..size,
        (None, Some(length)) if first.is_empty() => size.saturating_sub(length)..size,
        _ => return Wanted::Whole,
    };
    if range.is_empty() { Wanted::Nowhere } else { Wanted::Part(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(header::HeaderName, &str)]) -> Wanted {
        let pairs = headers
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().expect("is a value of a header")));
        wanted(&pairs.collect(), "\"it\"", 100)
    }

    #[test]
    fn one_part_is_given_and_what_is_not_understood_is_the_whole() {
        let range = |text: &str| of(&[(header::RANGE, text)]);
        assert_eq!(of(&[]), Wanted::Whole);
        assert_eq!(range("bytes=0-9"), Wanted::Part(0..10));
        assert_eq!(range("bytes=90-"), Wanted::Part(90..100));
        assert_eq!(range("bytes=-7"), Wanted::Part(93..100));
        assert_eq!(range("bytes=-700"), Wanted::Part(0..100));
        assert_eq!(range("bytes=99-18446744073709551615"), Wanted::Part(99..100));
        for nowhere in ["bytes=100-", "bytes=100-200", "bytes=-0"] {
            assert_eq!(range(nowhere), Wanted::Nowhere, "{nowhere}");
        }
        for odd in
            ["", "bytes=", "bytes=-", "bytes=9-0", "bytes=0-1,5-6", "lines=0-1", "bytes=+1-2"]
        {
            assert_eq!(range(odd), Wanted::Whole, "{odd}");
        }
    }

    #[test]
    fn a_part_of_another_file_is_of_no_use() {
        let with = |tag: &str| of(&[(header::RANGE, "bytes=0-9"), (header::IF_RANGE, tag)]);
        assert_eq!(with("\"it\""), Wanted::Part(0..10));
        assert_eq!(with("\"other\""), Wanted::Whole);
    }
}
