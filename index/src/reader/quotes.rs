use crate::embedder::Embedder;
use std::sync::Arc;
use sufficit_evidence::{Candidate, Passage, Probe};

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
        self.embedder.static_model().read(question, &quote)
    }
}
