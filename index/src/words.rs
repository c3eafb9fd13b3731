use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
};

/// Longer words are no words of a language, in bytes.
const LONGEST_WORD: usize = 40;

/// Cuts English text into stems: alphanumeric runs, lower-case, without stop words, stemmed (Snowball English).
///
/// The full-text index and the probes use the same one.
pub(crate) fn english() -> TextAnalyzer {
    let words = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter_dynamic(RemoveLongFilter::limit(LONGEST_WORD))
        .filter_dynamic(LowerCaser);
    let words = match StopWordFilter::new(Language::English) {
        Some(stop_words) => words.filter_dynamic(stop_words),
        None => words,
    };
    words.filter_dynamic(Stemmer::new(Language::English)).build()
}

/// Visits the stems of `text`, in order.
pub(crate) fn each_stem(analyzer: &mut TextAnalyzer, text: &str, mut visit: impl FnMut(&str)) {
    analyzer.token_stream(text).process(&mut |token| visit(&token.text));
}
