use super::{Content, table, text};
use crate::{Answer, Reading, RecognisedPage, Request, block::Block, fault::Fault};
use sufficit_evidence::PageStatus;

/// A line this share of its paragraph's widest was ended on purpose.
const SHORT: f32 = 0.6;

/// The text in a picture, page by page.
pub(crate) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Result<Content, Fault> {
    let pages = match (reading.ask)(Request::Recognise(bytes.to_vec())) {
        Answer::Recognised(pages) => pages,
        Answer::Missing(how) => {
            let why = format!("This is a picture. {how}");
            return Err(Fault::NeedsOcr { pages: None, why });
        }
        Answer::Failed(why) => return Err(Fault::Picture(why)),
        Answer::Converted(_) => return Err(Fault::Picture("no text came back".into())),
    };
    if pages.iter().all(|page| page.paragraphs.is_empty()) {
        return Err(Fault::Nothing("text"));
    }
    let mut blocks = Vec::new();
    for page in pages.into_iter().take(reading.limits.ocr_pages) {
        let status = if page.paragraphs.is_empty() { PageStatus::Empty } else { PageStatus::Ok };
        blocks.push(Block::PageStart(status));
        blocks.extend(page_blocks(&page));
    }
    Ok(Content { blocks, properties: Vec::new() })
}

/// A recognised page's text as blocks, with how sure it is; read like plain text but for rows of tables, for a picture's
/// layout says no more.
pub(super) fn page_blocks(page: &RecognisedPage) -> Vec<Block> {
    let mut blocks = vec![Block::Recognised(page.confidence)];
    let is_row = |lines: &[String]| lines.iter().all(|line| line.contains('\t'));
    for same in page.paragraphs.chunk_by(|a, b| is_row(a) == is_row(b)) {
        if same.first().is_some_and(|lines| is_row(lines)) {
            let cells = |line: &String| line.split('\t').map(mended).collect();
            let rows: Vec<Vec<String>> = same.iter().flatten().map(cells).collect();
            blocks.extend(table::from_grid(rows));
        } else {
            let paragraphs: Vec<String> =
                same.iter().map(|lines| mended(&paragraph(lines))).collect();
            blocks.extend(text::read(&paragraphs.join("\n\n")).blocks);
        }
    }
    blocks
}

/// A text with `AI` where the recogniser took its second letter for an l, as it does wherever the two look alike.
fn mended(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("Al") {
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        // `GenAl` has it too; `ALARM` and `Also` have not.
        let begins = !before.ends_with(|c: char| c.is_uppercase());
        let ends = !after.starts_with(char::is_alphanumeric);
        mended.push_str(before);
        mended.push_str(if begins && ends { "AI" } else { "Al" });
        rest = after;
    }
    mended.push_str(rest);
    mended
}

/// A paragraph's lines as one text; a line that ends early, as in an address or a list of labels, stays one.
fn paragraph(lines: &[String]) -> String {
    let width = |line: &str| line.chars().count() as f32;
    let widest = lines.iter().map(|line| width(line)).fold(0.0, f32::max);
    let mut text = String::new();
    let mut before: Option<&str> = None;
    for line in lines {
        if let Some(before) = before {
            let next_is_item = line.contains('\t') || text::item(line).is_some();
            if before.ends_with('-') && line.starts_with(char::is_lowercase) {
                text.pop();
            } else if next_is_item || width(before) < widest * SHORT {
                text.push('\n');
            } else {
                text.push(' ');
            }
        }
        text.push_str(line);
        before = Some(line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_i_after_an_a_is_none_of_al() {
        assert_eq!(mended("Al-POL-01: Al at work, GenAl."), "AI-POL-01: AI at work, GenAI.");
        assert_eq!(mended("Also et al. FINAL Alpha"), "Also et al. FINAL Alpha");
    }

    #[test]
    fn rows_become_a_table() {
        let paragraphs = ["Policy", "Owner\tJane", "Version\t2.1", "Text."];
        let paragraphs = paragraphs.map(|line| vec![line.to_owned()]).to_vec();
        let blocks = page_blocks(&RecognisedPage { paragraphs, confidence: 0.9 });
        let table = blocks.iter().find_map(|block| match block {
            Block::Table { header: None, rows } => Some(rows.clone()),
            _ => None,
        });
        assert_eq!(
            table,
            Some(vec![vec!["Owner".into(), "Jane".into()], vec!["Version".into(), "2.1".into()]])
        );
    }

    #[test]
    fn lines_of_a_paragraph_join_and_short_ones_stay() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            paragraph(&lines(
                "Models are reviewed before they are re-\nleased to customers.\nOwner: J. Doe"
            )),
            "Models are reviewed before they are released to customers.\nOwner: J. Doe"
        );
        assert_eq!(
            paragraph(&lines("Owner: A\nApproved by the management board: B")),
            "Owner: A\nApproved by the management board: B"
        );
    }
}
