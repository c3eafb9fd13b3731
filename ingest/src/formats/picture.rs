use super::{Content, text};
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

/// A recognised page's text as blocks, with how sure it is; read like plain text, for a picture's layout says no more.
pub(super) fn page_blocks(page: &RecognisedPage) -> Vec<Block> {
    let mut blocks = vec![Block::Recognised(page.confidence)];
    let paragraphs: Vec<String> = page.paragraphs.iter().map(|lines| paragraph(lines)).collect();
    blocks.extend(text::read(&paragraphs.join("\n\n")).blocks);
    blocks
}

/// A paragraph's lines as one text; a line that ends early, as in an address or a list of labels, stays one.
fn paragraph(lines: &[String]) -> String {
    let width = |line: &str| line.chars().count() as f32;
    let widest = lines.iter().map(|line| width(line)).fold(0.0, f32::max);
    let mut text = String::new();
    let mut before: Option<&str> = None;
    for line in lines {
        if let Some(before) = before {
            let next_is_item = text::item(line).is_some();
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
