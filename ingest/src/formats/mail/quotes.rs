//! Earlier mails within a mail, kept and told apart: what introduces one becomes a heading in its own words, and what no line
//! introduces keeps the mark of a quote.

use super::text;
use crate::block::Block;

/// Marks of quotes that are counted; deeper ones are all the same.
const DEPTH: usize = 16;

/// The blocks of a plain text body. Lines behind `>` are read as a text of their own, without the mark that would part
/// each line's words from the last's.
pub(super) fn of_text(body: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut run = String::new();
    let mut depth = 0;
    for line in body.lines() {
        let (marks, own) = unmarked(line);
        if marks != depth {
            put(&mut run, depth, &mut blocks);
            depth = marks;
        }
        run.push_str(own);
        run.push('\n');
    }
    put(&mut run, depth, &mut blocks);
    blocks
}

/// How deep a line is quoted, and the line without its marks.
fn unmarked(line: &str) -> (usize, &str) {
    let (mut rest, mut marks) = (line, 0);
    while let Some(next) = rest.trim_start_matches(' ').strip_prefix('>') {
        rest = next;
        marks += 1;
    }
    (marks.min(DEPTH), if marks == 0 { line } else { rest.strip_prefix(' ').unwrap_or(rest) })
}

fn put(run: &mut String, depth: usize, blocks: &mut Vec<Block>) {
    let found = text::read(&std::mem::take(run)).blocks;
    if depth == 0 {
        blocks.extend(found);
        return;
    }
    let marks = ">".repeat(depth);
    blocks.extend(found.into_iter().map(|block| match block {
        // A quoted mail's headings are none of this one's.
        Block::Heading { text, .. } | Block::Paragraph(text) => {
            Block::Paragraph(format!("{marks} {text}"))
        }
        Block::Item { level, marker, text } => {
            Block::Item { level, marker, text: format!("{marks} {text}") }
        }
        other => other,
    }));
}

/// Makes the lines that introduce an earlier mail headings.
pub(super) fn told_apart(blocks: Vec<Block>) -> Vec<Block> {
    let mut out = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Paragraph(text) => paragraph(text, &mut out),
            other => out.push(other),
        }
    }
    out
}

fn paragraph(text: String, out: &mut Vec<Block>) {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let (mut from, mut at) = (0, 0);
    while let Some(rest) = lines.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(length) = introduction(rest) else {
            at += 1;
            continue;
        };
        let join = |from: usize, to: usize| lines.get(from..to).unwrap_or_default().join("\n");
        out.push(Block::Paragraph(join(from, at)));
        out.push(Block::Heading { level: 2, text: join(at, at + length) });
        at += length;
        from = at;
    }
    if from == 0 {
        out.push(Block::Paragraph(text));
    } else {
        out.push(Block::Paragraph(lines.get(from..).unwrap_or_default().join("\n")));
    }
}

/// How many of these lines introduce an earlier mail.
fn introduction(lines: &[&str]) -> Option<usize> {
    let [first, rest @ ..] = lines else { return None };
    let bare = first.trim_start_matches(['>', ' ', '*']);
    if is_rule_with_words(bare) {
        return Some(1);
    }
    if FROM.iter().any(|label| labelled(bare, label)) {
        let dated = rest.iter().take(3).any(|line| {
            SENT.iter().any(|label| labelled(line.trim_start_matches(['>', ' ', '*']), label))
        });
        return dated.then_some(1);
    }
    // `On 3 May 2024, Jane Doe wrote:`, on one line or wrapped onto a second.
    (1..=2).find(|count| {
        let line = lines.get(..*count).unwrap_or_default().join(" ");
        lines.len() >= *count
            && line.len() <= 300
            && is_attribution(line.trim_start_matches(['>', ' ']))
    })
}

const FROM: &[&str] = &["from", "von", "de", "da", "van"];
const SENT: &[&str] = &[
    "sent",
    "date",
    "gesendet",
    "datum",
    "envoyé",
    "enviado",
    "fecha",
    "inviato",
    "data",
    "verzonden",
];

fn labelled(line: &str, label: &str) -> bool {
    line.split_once(':').is_some_and(|(before, after)| {
        before.trim_end_matches(['*', ' ', '\u{a0}']).to_lowercase() == label
            && !after.trim().is_empty()
    })
}

fn is_attribution(line: &str) -> bool {
    let begins =
        ["On ", "Am ", "Le ", "El ", "Il ", "Op "].iter().any(|word| line.starts_with(word));
    let ends = [" wrote:", "schrieb:", "a écrit :", "a écrit:", "escribió:", "ha scritto:"];
    // A German verb stands before the name.
    let within =
        line.ends_with(':') && [" schrieb ", " schreef "].iter().any(|verb| line.contains(verb));
    begins
        && line.bytes().any(|byte| byte.is_ascii_digit())
        && (within || ends.iter().any(|end| line.ends_with(end)))
}

/// `-----Original Message-----`, `---------- Forwarded message ---------`.
fn is_rule_with_words(line: &str) -> bool {
    let words = line.trim_matches(['-', '_', ' ']);
    line.starts_with("---")
        && line.ends_with("---")
        && (1..=40).contains(&words.chars().count())
        && words.split_whitespace().count() <= 4
        && words.chars().all(|c| c.is_alphabetic() || c == ' ')
}
