use regex::Regex;

/// The pattern of a constant text of this crate.
pub(crate) fn pattern(text: &str) -> Regex {
    match Regex::new(text) {
        Ok(regex) => regex,
        Err(error) => unreachable!("a pattern of this crate is malformed: {error}"),
    }
}
