use crate::pdf::PdfPage;
use std::collections::HashMap;

/// A document in which one line in so many ends in a hyphen parts its words.
const HYPHENATING: usize = 40;
/// Shorter parts of a word say nothing.
const SHORTEST: usize = 2;

/// The words of a document, to tell whether a hyphen at a line's end parts a word or belongs to it.
pub(super) struct Words {
    counts: HashMap<String, u32>,
    hyphenates: bool,
}

impl Words {
    pub(super) fn of(pages: &[PdfPage]) -> Self {
        let mut counts: HashMap<String, u32> = HashMap::new();
        let (mut hyphens, mut lines) = (0, 0);
        for page in pages {
            let mut broken = false;
            for line in &page.lines {
                for word in parts(&line.text) {
                    // What follows a hyphen is the rest of a word.
                    let rest = std::mem::replace(&mut broken, word.ends_with('-'));
                    if !rest && !broken {
                        *counts.entry(word.to_lowercase()).or_default() += 1;
                    }
                }
                broken = line.text.ends_with('-');
                hyphens += usize::from(broken);
                lines += 1;
            }
        }
        Self { counts, hyphenates: hyphens * HYPHENATING > lines }
    }

    /// Joins lines; where `breaks` says that a line was ended on purpose, its end stays.
    pub(super) fn join<'l>(
        &self,
        lines: impl IntoIterator<Item = &'l str>,
        breaks: impl Fn(usize) -> bool,
    ) -> String {
        let mut text = String::new();
        let mut previous = "";
        for (index, line) in lines.into_iter().enumerate() {
            if !text.is_empty() {
                let broken = text.ends_with('-')
                    && !previous.ends_with(" -")
                    && line.starts_with(char::is_lowercase);
                if broken && self.is_one_word(previous, line) {
                    text.pop();
                } else if !broken {
                    text.push(if breaks(index - 1) { '\n' } else { ' ' });
                }
            }
            text.push_str(line);
            previous = line;
        }
        text
    }

    /// The lines of a cell as one.
    pub(super) fn join_cell(&self, text: &str) -> String {
        match text.contains('\n') {
            true => self.join(text.split('\n').map(str::trim), |_| false),
            false => text.trim().to_owned(),
        }
    }

    fn is_one_word(&self, before: &str, after: &str) -> bool {
        let before = before.trim_end_matches('-');
        let first = parts(before).next_back().unwrap_or_default().to_lowercase();
        let second = parts(after).next().unwrap_or_default().to_lowercase();
        let count = |word: &str| self.counts.get(word).copied().unwrap_or(0);
        let (whole, hyphenated) =
            (count(&format!("{first}{second}")), count(&format!("{first}-{second}")));
        if whole > 0 || hyphenated > 0 {
            return whole >= hyphenated;
        }
        let known = count(&first) > 0 && count(&second) > 0;
        first.len() >= SHORTEST
            && second.len() >= SHORTEST
            && !known
            && (self.hyphenates || count(&first) == 0 && count(&second) == 0)
    }
}

fn parts(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::pdf::tests::{lines, page};

    #[test]
    fn a_hyphen_goes_where_the_word_is_one() {
        let known = [
            "We take a risk-based view of every supplier and its supervision here.",
            "Based on it, risk is accepted.",
        ];
        let words = Words::of(&[page(lines(&known))]);
        let join = |first, second| words.join([first, second], |_| false);
        assert_eq!(join("the super-", "vision of"), "the supervision of");
        assert_eq!(join("a risk-", "based view"), "a risk-based view");
        assert_eq!(join("the respon-", "sibility for"), "the responsibility for");
        assert_eq!(join("view-", "based on"), "view-based on");
        assert_eq!(join("sites A -", "and B"), "sites A - and B");
    }
}
