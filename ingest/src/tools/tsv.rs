//! Tesseract's table of words: page, block, paragraph, line, confidence, text.

use crate::{Limits, RecognisedPage};

/// Rows of this level say that a page begins, rows of that one hold a word.
const PAGE: &str = "1";
const WORD: &str = "5";

/// A page while its rows come in.
#[derive(Default)]
struct Page {
    recognised: RecognisedPage,
    /// Block and paragraph, and line, of the last word.
    place: Option<([u32; 2], u32)>,
    chars: usize,
    certainty: f32,
}

/// The pages of a table. Rows that are not as they should be are passed over; text over the limit is left out, and
/// whoever lays it out then finds it over the limit.
pub(super) fn pages(table: &str, limits: &Limits) -> Vec<RecognisedPage> {
    let mut pages: Vec<Page> = Vec::new();
    let mut chars = 0;
    for row in table.lines() {
        let mut fields = row.splitn(12, '\t');
        match fields.next() {
            Some(PAGE) => pages.push(Page::default()),
            Some(WORD) => {
                if let (Some(page), Some(word)) = (pages.last_mut(), Word::of(fields)) {
                    chars += word.text.chars().count();
                    if chars > limits.text_chars {
                        break;
                    }
                    page.add(&word);
                }
            }
            _ => {}
        }
    }
    pages.into_iter().map(Page::finish).collect()
}

struct Word<'a> {
    paragraph: [u32; 2],
    line: u32,
    confidence: f32,
    text: &'a str,
}

impl<'a> Word<'a> {
    /// From the fields after the level: page, block, paragraph, line, word, left, top, width, height, confidence, text.
    fn of(mut fields: impl Iterator<Item = &'a str>) -> Option<Self> {
        let block = fields.nth(1)?.parse().ok()?;
        let paragraph = fields.next()?.parse().ok()?;
        let line = fields.next()?.parse().ok()?;
        let confidence: f32 = fields.nth(5)?.parse().ok()?;
        let text = fields.next()?.trim();
        let confidence = (confidence / 100.0).clamp(0.0, 1.0);
        (!text.is_empty()).then_some(Self { paragraph: [block, paragraph], line, confidence, text })
    }
}

impl Page {
    fn add(&mut self, word: &Word<'_>) {
        let paragraphs = &mut self.recognised.paragraphs;
        let same_paragraph = self.place.is_some_and(|(paragraph, _)| paragraph == word.paragraph);
        if !same_paragraph {
            paragraphs.push(Vec::new());
        }
        if let Some(lines) = paragraphs.last_mut() {
            match lines.last_mut() {
                Some(line) if self.place == Some((word.paragraph, word.line)) => {
                    line.push(' ');
                    line.push_str(word.text);
                }
                _ => lines.push(word.text.to_owned()),
            }
        }
        self.place = Some((word.paragraph, word.line));
        let chars = word.text.chars().count();
        self.chars += chars;
        self.certainty += word.confidence * chars as f32;
    }

    fn finish(mut self) -> RecognisedPage {
        if self.chars > 0 {
            self.recognised.confidence = self.certainty / self.chars as f32;
        }
        self.recognised
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
1\t1\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t
2\t1\t1\t0\t0\t0\t36\t92\t582\t269\t-1\t
5\t1\t1\t1\t1\t1\t36\t92\t60\t24\t90\tThe
5\t1\t1\t1\t1\t2\t36\t92\t60\t24\t90\tpolicy
5\t1\t1\t1\t2\t1\t36\t92\t60\t24\t30\tholds
5\t1\t1\t2\t1\t1\t36\t92\t60\t24\t90\tOwner:\tCISO
5\t1\t2\t1\t1\t1\t36\t92\t60\t24\t95.5\t \n5\tbroken
1\t2\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t
1\t3\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t
5\t3\t1\t1\t1\t1\t36\t92\t60\t24\t140\tlast
";

    #[test]
    fn words_become_lines_and_paragraphs_of_pages() {
        let pages = pages(TABLE, &Limits::default());
        let paragraphs: Vec<_> = pages.iter().map(|page| page.paragraphs.clone()).collect();
        assert_eq!(
            paragraphs,
            [vec![vec!["The policy", "holds"], vec!["Owner:\tCISO"]], vec![], vec![vec!["last"]]]
        );
        let confidence: Vec<_> = pages.iter().map(|page| page.confidence).collect();
        assert!((confidence[0] - (0.9 * 20.0 + 0.3 * 5.0) / 25.0).abs() < 1e-5, "{confidence:?}");
        assert_eq!(confidence[1..], [0.0, 1.0]);
    }

    #[test]
    fn text_over_the_limit_is_left_out() {
        let limits = Limits { text_chars: 5, ..Limits::default() };
        let pages = pages(TABLE, &limits);
        assert_eq!(pages.len(), 1);
        assert_eq!(pages[0].paragraphs, [["The"]]);
    }
}
