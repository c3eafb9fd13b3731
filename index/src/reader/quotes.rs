use crate::embedder::Embedder;
use std::sync::Arc;
use sufficit_evidence::{Candidate, Passage, Probe};

/// What stands for every year: which one it is says nothing of a check, and some are two tokens where others are one.
const YEAR: &str = "2024";
/// Characters of a heading and of a quote that are read.
const HEADING: usize = 80;
const QUOTE: usize = 400;

/// Reads the quotes of candidates together with their checks.
#[derive(Debug)]
pub struct QuoteReader {
    embedder: Arc<Embedder>,
    /// What each probe asks, under its requirement's title, by its position.
    questions: Vec<String>,
}

impl QuoteReader {
    /// A reader for these probes; `None` where none ships with the model.
    pub fn new(embedder: Arc<Embedder>, probes: &[Probe]) -> Option<Self> {
        let question = |probe: &Probe| format!("{}. {}", probe.title, probe.text);
        let questions = probes.iter().map(question).collect();
        embedder.static_model().has_reader().then_some(Self { embedder, questions })
    }

    /// How surely the focus of a candidate in one of these passages, which stand by ordinal, shows what its check asks for, as log-odds.
    pub fn read(&self, passages: &[Passage], candidate: &Candidate) -> Option<f32> {
        let question = self.questions.get(candidate.probe as usize)?;
        let passage = passages.get(candidate.passage as usize)?;
        let heading = passage.heading.last().map_or("", String::as_str);
        let start = candidate.focus.start.saturating_sub(passage.span.start);
        let focus = passage.text.chars().skip(start).take(candidate.focus.len().min(QUOTE));
        let mut quote: String = heading.chars().take(HEADING).collect();
        if !quote.is_empty() {
            quote.push_str(" | ");
        }
        quote.extend(focus);
        self.embedder.static_model().read(question, &without_years(&quote))
    }
}

/// The text with each year of the last century and this one as the same.
fn without_years(text: &str) -> String {
    let mut rest = text;
    let mut all = String::with_capacity(text.len());
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, digits) = rest.split_at(start);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let (number, behind) = digits.split_at(end);
        let is_year = number.len() == YEAR.len() && ["19", "20"].contains(&&number[..2]);
        all.push_str(before);
        all.push_str(if is_year { YEAR } else { number });
        rest = behind;
    }
    all + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_all_the_same_and_other_numbers_stay() {
        let read = without_years("R-2 of 20.01.2016, seen 1999-05-03 by 20261 and 4 of 2026");
        assert_eq!(read, "R-2 of 20.01.2024, seen 2024-05-03 by 20261 and 4 of 2024");
    }
}
