use sufficit_evidence::Span;

/// Characters between two places that are known in bytes.
const STEP: usize = 128;

/// A text whose spans are counted in characters, with its places in bytes found fast.
pub(crate) struct Chars<'a> {
    text: &'a str,
    /// The byte at which every so many characters begin.
    steps: Vec<usize>,
    length: usize,
}

impl<'a> Chars<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut length = 0;
        let mut steps = Vec::new();
        for (byte, _) in text.char_indices() {
            if length % STEP == 0 {
                steps.push(byte);
            }
            length += 1;
        }
        Self { text, steps, length }
    }

    /// How many characters there are.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The text at `span`, as far as it reaches.
    pub(crate) fn slice(&self, span: Span) -> &'a str {
        self.text.get(self.byte(span.start)..self.byte(span.end)).unwrap_or_default()
    }

    fn byte(&self, char: usize) -> usize {
        let Some(&from) = self.steps.get(char / STEP) else { return self.text.len() };
        let rest = self.text.get(from..).unwrap_or_default();
        rest.char_indices().nth(char % STEP).map_or(self.text.len(), |(byte, _)| from + byte)
    }
}
