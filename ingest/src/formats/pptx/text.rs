use crate::{
    block::Block,
    formats::{docx::numeral, office::Tag},
};

/// Levels of text on slides.
const LEVELS: usize = 9;

/// What stands before a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bullet {
    None,
    Mark,
    /// `arabicPeriod`, `alphaLcParenR` and so on.
    Number {
        format: String,
        start: u32,
    },
}

/// The bullets of each level, where they are set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bullets([Option<Bullet>; LEVELS]);

impl Bullets {
    pub(super) fn set(&mut self, level: usize, bullet: Bullet) {
        if let Some(slot) = self.0.get_mut(level) {
            *slot = Some(bullet);
        }
    }

    fn at(&self, level: u8) -> Option<&Bullet> {
        self.0.get(usize::from(level))?.as_ref()
    }
}

/// A paragraph of a shape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    level: u8,
    bullet: Option<Bullet>,
}

/// Reads the paragraphs (`a:p`) of one body of text.
#[derive(Debug, Default)]
pub(super) struct Text {
    lines: Vec<Line>,
    open: Option<Line>,
    in_run: bool,
}

impl Text {
    pub(super) fn open(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "p" => self.open = Some(Line::default()),
            "t" => self.begin_run(),
            "pPr" => {
                if let Some(line) = &mut self.open {
                    let level = tag.attribute("lvl").and_then(|level| level.parse().ok());
                    line.level = level.unwrap_or(0_u8).min(LEVELS as u8 - 1);
                }
            }
            "br" => {
                if let Some(line) = &mut self.open {
                    line.text.push('\n');
                }
            }
            _ => {}
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        match name {
            "p" => self.lines.extend(self.open.take()),
            "t" => self.end_run(),
            _ => {}
        }
    }

    pub(super) fn begin_run(&mut self) {
        self.in_run = true;
    }

    pub(super) fn end_run(&mut self) {
        self.in_run = false;
    }

    pub(super) fn text(&mut self, text: &str) {
        if self.in_run
            && let Some(line) = &mut self.open
        {
            line.text.push_str(text);
        }
    }

    pub(super) fn bullet(&mut self, bullet: Bullet) {
        if let Some(line) = &mut self.open {
            line.bullet = Some(bullet);
        }
    }

    /// The paragraphs read so far.
    pub(super) fn take(&mut self) -> Vec<Line> {
        self.open = None;
        std::mem::take(&mut self.lines)
    }
}

/// Paragraphs as blocks. `styles` hold the bullets of the shape, its layout and so on, the nearest first.
pub(super) fn blocks(lines: Vec<Line>, styles: &[&Bullets]) -> Vec<Block> {
    let mut counts: [Option<u32>; LEVELS] = [None; LEVELS];
    let mut blocks = Vec::new();
    for line in lines {
        if line.text.trim().is_empty() {
            continue;
        }
        let inherited = || styles.iter().find_map(|bullets| bullets.at(line.level));
        let bullet = line.bullet.as_ref().or_else(inherited).unwrap_or(&Bullet::None);
        let marker = match bullet {
            Bullet::Number { format, start } => {
                let slot = counts.get_mut(usize::from(line.level));
                let count = slot.map(|count| {
                    *count.insert(count.map_or(*start, |last| last.saturating_add(1)))
                });
                Some(number(count.unwrap_or(*start), format))
            }
            Bullet::Mark => Some(String::new()),
            Bullet::None => None,
        };
        let kept = usize::from(line.level) + usize::from(matches!(bullet, Bullet::Number { .. }));
        counts.iter_mut().skip(kept).for_each(|count| *count = None);
        blocks.push(match marker {
            Some(marker) => Block::Item { level: line.level, marker, text: line.text },
            None => Block::Paragraph(line.text),
        });
    }
    blocks
}

fn number(count: u32, format: &str) -> String {
    let kind = match format {
        _ if format.starts_with("alphaLc") => "lowerLetter",
        _ if format.starts_with("alphaUc") => "upperLetter",
        _ if format.starts_with("romanLc") => "lowerRoman",
        _ if format.starts_with("romanUc") => "upperRoman",
        _ => "decimal",
    };
    let number = numeral(count, kind);
    match format {
        _ if format.ends_with("ParenBoth") => format!("({number})"),
        _ if format.ends_with("ParenR") => format!("{number})"),
        _ if format.ends_with("Plain") => number,
        _ => format!("{number}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_on_at_their_level_and_anew_below_another() {
        let line = |text: &str, level, format: &str| Line {
            text: text.into(),
            level,
            bullet: Some(Bullet::Number { format: format.into(), start: 1 }),
        };
        let lines = vec![
            line("a", 0, "arabicPeriod"),
            line("b", 1, "alphaLcParenR"),
            line("c", 1, "alphaLcParenR"),
            line("d", 0, "arabicPeriod"),
            line("e", 1, "alphaLcParenR"),
            Line { text: "f".into(), ..Line::default() },
            line("g", 0, "romanUcParenBoth"),
        ];
        let found: Vec<String> = blocks(lines, &[])
            .into_iter()
            .map(|block| match block {
                Block::Item { marker, text, .. } => format!("{marker} {text}"),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(found, ["1. a", "a) b", "b) c", "2. d", "a) e", "Paragraph(\"f\")", "(I) g"]);
    }
}
