use super::{Content, drawn};
use crate::{block::Block, facts};

/// Lines of a paragraph at most.
const PARAGRAPH_LINES: usize = 40;

/// Plain text, YAML and logs: paragraphs parted by blank lines, with list items and underlined or numbered headings seen where they stand.
pub(crate) fn read(text: &str) -> Content {
    let mut blocks = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
    let mut n = 0;
    // Lines before this one were looked at for a table.
    let mut drawn_until = 0;
    while let Some(line) = lines.get(n).copied() {
        n += 1;
        let trimmed = line.trim();
        let next = lines.get(n).map_or("", |next| next.trim());
        if n > drawn_until {
            let (drawn, table) = drawn::table(lines.get(n - 1..).unwrap_or_default());
            drawn_until = n - 1 + drawn;
            if let Some(table) = table {
                flush(&mut paragraph, &mut blocks);
                blocks.push(table);
                n = drawn_until;
                continue;
            }
        }
        if trimmed.is_empty() || is_rule(trimmed) {
            flush(&mut paragraph, &mut blocks);
        } else if paragraph.is_empty() && underlines(trimmed, next) {
            let level = if next.starts_with('=') { 1 } else { 2 };
            n += 1;
            blocks.push(Block::Heading { level, text: trimmed.to_owned() });
        } else if paragraph.is_empty()
            && (next.is_empty() && is_section(trimmed, lines.get(n..).unwrap_or_default())
                || begins_part(&lines, n - 1))
        {
            paragraph.push(trimmed);
            flush(&mut paragraph, &mut blocks);
        } else if let Some((level, marker, text)) = item(line) {
            flush(&mut paragraph, &mut blocks);
            blocks.push(Block::Item { level, marker, text });
        } else {
            match blocks.last_mut() {
                // A line set in below an item goes on with it.
                Some(Block::Item { text, .. })
                    if paragraph.is_empty() && line.starts_with("  ") =>
                {
                    text.push(' ');
                    text.push_str(trimmed);
                }
                _ => paragraph.push(trimmed),
            }
        }
    }
    flush(&mut paragraph, &mut blocks);
    Content { blocks, properties: Vec::new() }
}

/// A line as list item: its level by indentation, its marker as shown, its text.
pub(crate) fn item(line: &str) -> Option<(u8, String, String)> {
    let body = line.trim_start();
    let level = ((line.len() - body.len()) / 2).min(8) as u8;
    if let Some(text) =
        body.strip_prefix(['•', '▪', '●', '◦', '‣', '\u{f0b7}', '*', '-', '–', '—', '+', 'o'])
        && text.starts_with([' ', '\t'])
        && !text.trim().is_empty()
        && !(body.starts_with('o') && level == 0)
    {
        return Some((level, String::new(), text.trim().to_owned()));
    }
    let end = body.find([' ', '\t'])?;
    let (marker, text) = body.split_at(end);
    let inner = marker.strip_suffix(['.', ')'])?;
    let inner = inner.strip_prefix('(').unwrap_or(inner);
    let numbered =
        !inner.is_empty() && inner.len() <= 3 && inner.bytes().all(|byte| byte.is_ascii_digit())
            || inner.len() == 1 && inner.bytes().all(|byte| byte.is_ascii_lowercase())
            || (2..=4).contains(&inner.len())
                && inner.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'));
    (numbered && !text.trim().is_empty())
        .then(|| (level, marker.to_owned(), text.trim().to_owned()))
}

fn flush(lines: &mut Vec<&str>, blocks: &mut Vec<Block>) {
    if lines.is_empty() {
        return;
    }
    let lines = std::mem::take(lines);
    if let [line] = lines.as_slice()
        && is_heading(line)
    {
        let level = numbering(line).map_or(1, |(depth, _)| depth);
        blocks.push(Block::Heading { level, text: (*line).to_owned() });
        return;
    }
    // A log without blank lines is one endless paragraph; nothing is lost by parting it.
    blocks.extend(lines.chunks(PARAGRAPH_LINES).map(|lines| Block::Paragraph(lines.join("\n"))));
}

/// A numbered line by itself is a section's heading, unless a numbered line comes next: then it is a list with blank lines.
fn is_section(line: &str, after: &[&str]) -> bool {
    let next = after.iter().map(|line| line.trim()).find(|line| !line.is_empty());
    is_heading(line)
        && numbering(line).is_some()
        && next.is_some_and(|next| numbering(next).is_none() || numbering(next) > numbering(line))
}

/// A short numbered line after a blank one is the heading of the sentences right beneath it: `3. Results`. A list's item that goes on
/// in a second line is longer, and goes on in small letters or set in.
fn begins_part(lines: &[&str], at: usize) -> bool {
    let line = |n: Option<usize>| n.and_then(|n| lines.get(n)).copied().unwrap_or_default();
    let (own, above, below) =
        (line(Some(at)).trim(), line(at.checked_sub(1)), line(at.checked_add(1)));
    let is_text = below.starts_with(|c: char| c.is_uppercase())
        && item(below).is_none()
        && numbering(below).is_none()
        && below.split_whitespace().count() > own.split_whitespace().count();
    let is_day = || facts::dates::find(own).first().is_some_and(|date| date.range.start == 0);
    is_text
        && above.trim().is_empty()
        && own.len() <= PART_LENGTH
        && is_heading(own)
        && numbering(own).is_some()
        && !is_day()
}

/// Longest heading that stands right above its text, in bytes: no line of running text is broken off so early.
const PART_LENGTH: usize = 60;

/// A line that stands alone and reads like a heading: numbered as one, or in capitals.
fn is_heading(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let words = line.split_whitespace().count();
    words <= 10
        && line.len() <= 160
        && letters >= if numbering(line).is_some() { 2 } else { 3 }
        && !line.ends_with(['.', ',', ';', ':'])
        && (numbering(line).is_some()
            || line.chars().all(|c| !c.is_lowercase()) && words <= 8 && line.len() >= 4)
}

/// The depth and length in bytes of a section number at the start (`1`, `1.2`, `A.3`), where a title in capitals follows.
pub(crate) fn numbering(line: &str) -> Option<(u8, usize)> {
    let (number, title) = line.split_once([' ', '\t'])?;
    let digits = number.trim_end_matches(['.', ')']);
    let digits = match digits.split_once('.') {
        Some((letter, rest))
            if letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_uppercase()) =>
        {
            rest
        }
        _ => digits,
    };
    let parts: Vec<&str> = digits.split('.').collect();
    let sound = parts.len() <= 5
        && parts.iter().all(|part| {
            (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        });
    let title = title.trim_start();
    (sound && title.chars().next().is_some_and(char::is_uppercase))
        .then_some((parts.len() as u8, number.len()))
}

fn underlines(title: &str, rule: &str) -> bool {
    rule.len() >= 3
        && (rule.bytes().all(|byte| byte == b'=') || rule.bytes().all(|byte| byte == b'-'))
        && title.chars().count() <= 100
        && rule.len() + 4 >= title.chars().count()
}

fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.bytes().all(|byte| matches!(byte, b'=' | b'-' | b'*' | b'#' | b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_shows_its_headings_and_items() {
        let text = "Access rules\n============\n\n1. Scope\n\nAll staff.\nOwner: IT\n\n - keys\n   and cards\n (b) doors\n\nAPPROVAL\n";
        let heading = |level, text: &str| Block::Heading { level, text: text.into() };
        let expected = vec![
            heading(1, "Access rules"),
            heading(1, "1. Scope"),
            Block::Paragraph("All staff.\nOwner: IT".into()),
            Block::Item { level: 0, marker: String::new(), text: "keys and cards".into() },
            Block::Item { level: 0, marker: "(b)".into(), text: "doors".into() },
            heading(1, "APPROVAL"),
        ];
        assert_eq!(read(text).blocks, expected);
    }

    #[test]
    fn a_drawn_table_ends_the_paragraph_above_it() {
        let text = "RESTORE TEST\n\nBy: Ann\n Time   Step\n -----  --------\n 06:00  Opened\nAll passed.\n+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n| 3 | 4 |\n+---+---+\n";
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let table = |rows: &[[&str; 2]]| {
            let header = Some(row(rows[0]));
            Block::Table { header, rows: rows[1..].iter().copied().map(row).collect() }
        };
        let expected = vec![
            Block::Heading { level: 1, text: "RESTORE TEST".into() },
            Block::Paragraph("By: Ann".into()),
            table(&[["Time", "Step"], ["06:00", "Opened"]]),
            Block::Paragraph("All passed.".into()),
            table(&[["a", "b"], ["1", "2"], ["3", "4"]]),
        ];
        assert_eq!(read(text).blocks, expected);
    }

    #[test]
    fn a_numbered_line_right_above_its_text_heads_it() {
        let text = "\n1. Actions of the last review (3 May 2026)\nEleven of the twelve actions of that day are closed.\n\n2. IT\nAnn said that they are shut.\n";
        let headings = |text| {
            let is_heading = |block: &Block| matches!(block, Block::Heading { .. });
            read(text).blocks.iter().filter(|block| is_heading(block)).count()
        };
        assert_eq!(headings(text), 2);
        for list in [
            "1. Gates are shut\nby the guard when the last lorry has left the yard.\n",
            "1. Gates\n2. Fences are walked by a guard each night\n",
            "1. Gates\nAnn Bell\nBo Carr\n",
            "1. Gates are shut by a guard of the house of Messrs Bell and\nCarr when the last of the lorries has left the yard.\n",
        ] {
            assert_eq!(headings(list), 0, "{list}");
        }
    }
}
