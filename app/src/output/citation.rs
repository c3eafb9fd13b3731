use crate::failure::Failure;
use crate::output::{line, wrapped};
use std::io::Write;
use sufficit_evidence::Citation;

/// Characters of a quote that people are shown.
const QUOTE_SHOWN: usize = 320;

/// Prints the quote, and below it the page and the headings that it stands under, `indent` columns in.
pub(crate) fn citation_lines(
    out: &mut impl Write,
    citation: &Citation,
    indent: usize,
) -> Result<(), Failure> {
    let mut place: Vec<String> =
        citation.page.map(|page| format!("page {page}")).into_iter().collect();
    place.extend((!citation.heading.is_empty()).then(|| citation.heading.join(" > ")));
    let quote: String = citation.quote.chars().take(QUOTE_SHOWN).collect();
    let cut = if quote.len() < citation.quote.len() { "…" } else { "" };
    let quote = wrapped(&format!("“{}{cut}”", quote.trim()), indent);
    line(out, &console::style(quote).italic().to_string())?;
    if place.is_empty() {
        return Ok(());
    }
    line(out, &console::style(wrapped(&place.join(", "), indent)).dim().to_string())
}
