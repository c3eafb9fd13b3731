//! Tesseract's table of words: page, block, paragraph, line, confidence, text.

use crate::{Limits, RecognisedPage};

/// Rows of this level say that a page begins, rows of that one hold a word.
const PAGE: &str = "1";
const WORD: &str = "5";

/// A gap between words of so many times their height parts cells; set text has gaps of half that, even where it is justified.
const CELL_GAP: f32 = 2.0;

/// Lines of a cell beside a label; more are a column of text.
const CELL_LINES: usize = 3;

/// A page while its rows come in.
#[derive(Default)]
struct Page {
    paragraphs: Vec<Vec<Line>>,
    /// Block and paragraph, and line, of the last word.
    place: Option<([u32; 2], u32)>,
    chars: usize,
    certainty: f32,
}

/// A line of text and where it stands, in dots from the picture's left and upper edge.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    text: String,
    left: f32,
    right: f32,
    top: f32,
    height: f32,
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
    left: f32,
    top: f32,
    width: f32,
    height: f32,
    confidence: f32,
    text: &'a str,
}

impl<'a> Word<'a> {
    /// From the fields after the level: page, block, paragraph, line, word, left, top, width, height, confidence, text.
    fn of(mut fields: impl Iterator<Item = &'a str>) -> Option<Self> {
        let block = fields.nth(1)?.parse().ok()?;
        let paragraph = fields.next()?.parse().ok()?;
        let line = fields.next()?.parse().ok()?;
        let left = fields.nth(1)?.parse().ok()?;
        let top = fields.next()?.parse().ok()?;
        let width = fields.next()?.parse().ok()?;
        let height = fields.next()?.parse().ok()?;
        let confidence: f32 = fields.next()?.parse().ok()?;
        let text = fields.next()?.trim();
        let confidence = (confidence / 100.0).clamp(0.0, 1.0);
        let paragraph = [block, paragraph];
        (!text.is_empty()).then_some(Self {
            paragraph,
            line,
            left,
            top,
            width,
            height,
            confidence,
            text,
        })
    }
}

impl Page {
    fn add(&mut self, word: &Word<'_>) {
        let same_paragraph = self.place.is_some_and(|(paragraph, _)| paragraph == word.paragraph);
        if !same_paragraph {
            self.paragraphs.push(Vec::new());
        }
        if let Some(lines) = self.paragraphs.last_mut() {
            match lines.last_mut() {
                Some(line) if self.place == Some((word.paragraph, word.line)) => line.add(word),
                _ => lines.push(Line::of(word)),
            }
        }
        self.place = Some((word.paragraph, word.line));
        let chars = word.text.chars().count();
        self.chars += chars;
        self.certainty += word.confidence * chars as f32;
    }

    fn finish(self) -> RecognisedPage {
        let confidence = match self.chars {
            0 => 0.0,
            chars => self.certainty / chars as f32,
        };
        let paragraphs = rows(self.paragraphs)
            .into_iter()
            .map(|lines| lines.into_iter().map(|line| line.text).collect())
            .collect();
        RecognisedPage { paragraphs, confidence }
    }
}

impl Line {
    fn of(word: &Word<'_>) -> Self {
        Self {
            text: word.text.replace('\t', " "),
            left: word.left,
            right: word.left + word.width,
            top: word.top,
            height: word.height,
        }
    }

    fn add(&mut self, word: &Word<'_>) {
        let gap = word.left - self.right;
        self.text.push(if gap > CELL_GAP * self.height.max(word.height) { '\t' } else { ' ' });
        self.text.push_str(&word.text.replace('\t', " "));
        self.right = self.right.max(word.left + word.width);
        self.height = self.height.max(word.height);
    }

    /// Whether another line begins right of this one at its height.
    fn has_beside(&self, other: &Self) -> bool {
        let apart = (self.top + self.height / 2.0 - other.top - other.height / 2.0).abs();
        apart < self.height.max(other.height) / 2.0 && other.left > self.right
    }
}

/// A paragraph of one line with one of few lines beside it, as a label and its value: they become a row, its cells parted by
/// tabs. Columns of text stay apart, for their paragraphs have many lines.
fn rows(paragraphs: Vec<Vec<Line>>) -> Vec<Vec<Line>> {
    let mut joined: Vec<Vec<Line>> = Vec::with_capacity(paragraphs.len());
    for paragraph in paragraphs {
        let beside = match (joined.last_mut().map(Vec::as_mut_slice), paragraph.first()) {
            (Some([label]), Some(first))
                if paragraph.len() <= CELL_LINES && label.has_beside(first) =>
            {
                Some(label)
            }
            _ => None,
        };
        match beside {
            Some(label) => {
                label.text.push('\t');
                let cells: Vec<&str> = paragraph.iter().map(|line| line.text.as_str()).collect();
                label.text.push_str(&cells.join(" "));
                label.right = paragraph.iter().map(|line| line.right).fold(label.right, f32::max);
            }
            None => joined.push(paragraph),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
1\t1\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t
2\t1\t1\t0\t0\t0\t36\t92\t582\t269\t-1\t
5\t1\t1\t1\t1\t1\t36\t92\t60\t24\t90\tThe
5\t1\t1\t1\t1\t2\t102\t92\t60\t24\t90\tpolicy
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
            [vec![vec!["The policy", "holds"], vec!["Owner: CISO"]], vec![], vec![vec!["last"]]]
        );
        let confidence: Vec<_> = pages.iter().map(|page| page.confidence).collect();
        assert!((confidence[0] - (0.9 * 20.0 + 0.3 * 5.0) / 25.0).abs() < 1e-5, "{confidence:?}");
        assert_eq!(confidence[1..], [0.0, 1.0]);
    }

    #[test]
    fn labels_and_their_values_become_rows() {
        let word = |block, line, left, top, text| {
            format!("5\t1\t{block}\t1\t{line}\t1\t{left}\t{top}\t100\t20\t90\t{text}\n")
        };
        let table = [
            "1\t1\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t\n".to_owned(),
            word(1, 1, 50, 100, "Version"),
            word(1, 1, 300, 101, "2.1"),
            word(2, 1, 50, 140, "Owner"),
            word(3, 1, 300, 142, "Jane"),
            word(3, 1, 406, 142, "Doe,"),
            word(3, 2, 300, 170, "CISO"),
            word(4, 1, 50, 300, "left"),
            word(4, 2, 50, 330, "column"),
            word(5, 1, 300, 300, "right"),
        ];
        let found = &pages(&table.concat(), &Limits::default())[0].paragraphs;
        let expected = [
            vec!["Version\t2.1"],
            vec!["Owner\tJane Doe, CISO"],
            vec!["left", "column"],
            vec!["right"],
        ];
        assert_eq!(*found, expected);
    }

    #[test]
    fn text_over_the_limit_is_left_out() {
        let limits = Limits { text_chars: 5, ..Limits::default() };
        let pages = pages(TABLE, &limits);
        assert_eq!(pages.len(), 1);
        assert_eq!(pages[0].paragraphs, [["The"]]);
    }
}
