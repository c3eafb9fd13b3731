use crate::IndexError;
use crate::words::{each_stem, english};
use std::collections::HashMap;

/// How many passages of a reference collection hold a word. Rarity is taken from here, never from the folder
/// at hand, so that a document's scores do not hang on what else lies beside it.
#[derive(Clone, Debug)]
pub struct ReferenceFrequencies {
    passages: f64,
    mean_words: f32,
    passages_with: HashMap<String, u64>,
}

impl ReferenceFrequencies {
    /// Reads a table: `# passages N mean_tokens M`, then `word<TAB>count` for each word.
    ///
    /// Counts of words with one stem are added up. A passage may hold several of them, so the sum is an upper
    /// bound of the passages that hold the stem (and is cut at N).
    pub fn parse(table: &str) -> Result<Self, IndexError> {
        let fault = |line: usize, what: &str| IndexError::Reference { line, what: what.to_owned() };
        let mut lines = table.lines();
        let head: Vec<&str> = lines.next().unwrap_or_default().split_whitespace().collect();
        let &["#", "passages", passages, "mean_tokens", mean_words] = head.as_slice() else {
            return Err(fault(1, "expected `# passages N mean_tokens M`"));
        };
        let passages: u64 = passages.parse().map_err(|_| fault(1, "passages: not a number"))?;
        let mean_words: f32 = mean_words
            .parse()
            .ok()
            .filter(|mean: &f32| mean.is_finite() && *mean > 0.0)
            .ok_or_else(|| fault(1, "mean_tokens: not a number above 0"))?;
        let mut analyzer = english();
        let mut passages_with = HashMap::new();
        for (position, line) in lines.enumerate() {
            let (word, count) = line
                .split_once('\t')
                .ok_or_else(|| fault(position + 2, "expected a word, a tab and a count"))?;
            let count: u64 =
                count.trim_end().parse().map_err(|_| fault(position + 2, "count: not a number"))?;
            each_stem(&mut analyzer, word, |stem| {
                let sum = passages_with.entry(stem.to_owned()).or_insert(0);
                *sum = (*sum + count).min(passages);
            });
        }
        Ok(Self { passages: passages as f64, mean_words, passages_with })
    }

    /// Rarity of a stem, as BM25 has it: ln(1 + (N - n + 0.5) / (n + 0.5)), above 0.
    pub(crate) fn rarity(&self, stem: &str) -> f32 {
        let with = self.passages_with.get(stem).copied().unwrap_or(0) as f64;
        (1.0 + (self.passages - with + 0.5) / (with + 0.5)).ln() as f32
    }

    /// Mean length of a reference passage, in words.
    pub(crate) fn mean_words(&self) -> f32 {
        self.mean_words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_stem_are_counted_together_and_rare_ones_weigh_more() {
        let table = "# passages 100 mean_tokens 20.5\naudit\t40\naudits\t30\nbias\t2\n";
        let reference = ReferenceFrequencies::parse(table).expect("a table");
        assert_eq!(reference.passages_with["audit"], 70);
        assert!(reference.rarity("bias") > reference.rarity("audit"));
        assert!(reference.rarity("unheard") > reference.rarity("bias"));
        assert!(reference.rarity("audit") > 0.0);
    }

    #[test]
    fn a_fault_names_its_line() {
        let fault = |table| ReferenceFrequencies::parse(table).expect_err("a fault").to_string();
        assert_eq!(
            fault("word\t3"),
            "reference frequencies, line 1: expected `# passages N mean_tokens M`"
        );
        assert_eq!(
            fault("# passages 9 mean_tokens 3\na\t1\nb"),
            "reference frequencies, line 3: expected a word, a tab and a count"
        );
    }
}
