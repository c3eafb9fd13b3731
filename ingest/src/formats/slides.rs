//! What slides share, whoever wrote them: shapes with a place, put into reading order.

use crate::block::Block;
use sufficit_evidence::PageStatus;

/// Shapes of a slide that are set against each other; the cost grows with their square.
const COMPARED: usize = 300;
/// Share of a frame's shorter side that is not counted: text boxes overlap by their margins.
const MARGIN: f64 = 0.12;
/// Words of a first line that may stand for a missing title.
const TITLE_WORDS: usize = 12;

/// Where a shape stands, in any unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// What a shape is on its slide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The slide's title; level 1 on a title slide, else 2.
    Title(u8),
    Body,
    /// Footer, date, slide number.
    Furniture,
}

/// A shape that holds text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shape {
    pub(super) role: Role,
    pub(super) frame: Option<Frame>,
    /// The outermost group that it belongs to: a group is read as a whole.
    pub(super) group: Option<usize>,
    pub(super) blocks: Vec<Block>,
}

/// A slide as read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Slide {
    pub(super) shapes: Vec<Shape>,
    pub(super) is_hidden: bool,
    /// What its author wrote about it, and what others did: notes and comments, in that order.
    pub(super) remarks: Vec<Block>,
}

impl Slide {
    /// Its blocks: a page with the title first, footers after the body, remarks last.
    pub(super) fn blocks(self, number: usize) -> Vec<Block> {
        let has_text = self.shapes.iter().any(|shape| !shape.blocks.is_empty());
        let status = match has_text || !self.remarks.is_empty() {
            true => PageStatus::Ok,
            false => PageStatus::Empty,
        };
        let (mut titles, mut body, mut furniture) = (Vec::new(), Vec::new(), Vec::new());
        for shape in self.shapes.into_iter().filter(|shape| !shape.blocks.is_empty()) {
            match shape.role {
                Role::Title(_) => titles.push(shape),
                Role::Body => body.push(shape),
                Role::Furniture => furniture.push(shape),
            }
        }
        let mut body = in_reading_order(body);
        if titles.is_empty()
            && let Some(first) = body.first().and_then(title_by_look)
        {
            titles.push(Shape { role: Role::Title(2), ..first });
            body.remove(0);
        }
        let mark = if self.is_hidden { " (hidden slide)" } else { "" };
        let mut blocks = vec![Block::PageStart(status)];
        for (n, title) in titles.iter().enumerate() {
            let level = match title.role {
                Role::Title(level) if number > 1 => level,
                _ if number > 1 => 2,
                // The deck's own.
                _ => 1,
            };
            let text = one_text(&title.blocks);
            blocks.push(match n {
                0 => Block::Heading { level, text: format!("{text}{mark}") },
                _ => Block::Paragraph(text),
            });
        }
        // Without a title of its own a slide would stand under that of the one before.
        if titles.is_empty() && (number > 1 && status == PageStatus::Ok || self.is_hidden) {
            blocks.push(Block::Heading { level: 2, text: format!("Slide {number}{mark}") });
        }
        blocks.extend(body.into_iter().flat_map(|shape| shape.blocks));
        blocks.extend(furniture.iter().map(|shape| Block::Furniture(one_text(&shape.blocks))));
        blocks.extend(self.remarks);
        blocks
    }
}

/// The first shape of a slide without a title, where it reads like one.
fn title_by_look(shape: &Shape) -> Option<Shape> {
    let [Block::Paragraph(text)] = shape.blocks.as_slice() else { return None };
    let words = text.split_whitespace().count();
    let fits = (1..=TITLE_WORDS).contains(&words)
        && text.chars().any(char::is_alphabetic)
        && !text.trim_end().ends_with(['.', ',', ';', ':']);
    fits.then(|| shape.clone())
}

/// The text of blocks on lines of their own.
pub(super) fn one_text(blocks: &[Block]) -> String {
    let lines = blocks.iter().map(|block| match block {
        Block::Heading { text, .. }
        | Block::Paragraph(text)
        | Block::Furniture(text)
        | Block::Contents(text) => text.clone(),
        Block::Item { marker, text, .. } => format!("{marker} {text}").trim().to_owned(),
        Block::Table { header, rows } => {
            let rows = header.iter().chain(rows);
            rows.map(|row| row.join(" | ")).collect::<Vec<_>>().join("\n")
        }
        Block::PageStart(_) | Block::Recognised(_) => String::new(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Shapes that are read together: a group, or one by itself.
struct Unit {
    /// Place in the file.
    order: usize,
    frame: Option<Frame>,
    shapes: Vec<Shape>,
}

/// Shapes in the order in which people read them: cut apart where white space runs across, along rows or columns,
/// whichever the order in the file supports.
pub(super) fn in_reading_order(shapes: Vec<Shape>) -> Vec<Shape> {
    let mut units: Vec<Unit> = Vec::new();
    for shape in shapes {
        let of_group =
            shape.group.and_then(|group| {
                units.iter_mut().rev().take(COMPARED).find(|unit| {
                    unit.shapes.first().is_some_and(|first| first.group == Some(group))
                })
            });
        match of_group {
            Some(unit) => {
                unit.frame = around(unit.frame, shape.frame);
                unit.shapes.push(shape);
            }
            None => {
                units.push(Unit { order: units.len(), frame: shape.frame, shapes: vec![shape] })
            }
        }
    }
    arrange(units)
        .into_iter()
        .flat_map(|unit| {
            let single = unit.shapes.into_iter().enumerate().map(|(order, shape)| Unit {
                order,
                frame: shape.frame,
                shapes: vec![shape],
            });
            arrange(single.collect()).into_iter().flat_map(|unit| unit.shapes)
        })
        .collect()
}

fn around(one: Option<Frame>, other: Option<Frame>) -> Option<Frame> {
    let (Some(one), Some(other)) = (one, other) else { return one.or(other) };
    let (left, top) = (one.left.min(other.left), one.top.min(other.top));
    let right = (one.left + one.width).max(other.left + other.width);
    let bottom = (one.top + one.height).max(other.top + other.height);
    Some(Frame { left, top, width: right - left, height: bottom - top })
}

fn arrange(units: Vec<Unit>) -> Vec<Unit> {
    let (placed, elsewhere): (Vec<Unit>, Vec<Unit>) =
        units.into_iter().partition(|unit| unit.frame.is_some());
    let mut done = Vec::with_capacity(placed.len());
    let mut pending = vec![placed];
    while let Some(part) = pending.pop() {
        if part.len() < 2 || part.len() > COMPARED {
            done.extend(part);
            continue;
        }
        let cuts = [
            cut(&part, |frame| (frame.top, frame.height)),
            cut(&part, |frame| (frame.left, frame.width)),
        ];
        let best = cuts.into_iter().flatten().min_by(|one, other| {
            one.against.total_cmp(&other.against).then(other.gap.total_cmp(&one.gap))
        });
        match best {
            Some(cut) => {
                let (before, after) =
                    part.into_iter().partition(|unit| cut.before.contains(&unit.order));
                pending.push(after);
                pending.push(before);
            }
            None => done.extend(by_rows(part)),
        }
    }
    done.extend(elsewhere);
    done
}

/// A place where a slide can be cut in two.
struct Cut {
    gap: f64,
    /// Share of the pairs across the cut that stand the other way round in the file.
    against: f64,
    before: Vec<usize>,
}

/// The widest gap along one direction.
fn cut(units: &[Unit], along: impl Fn(&Frame) -> (f64, f64)) -> Option<Cut> {
    let mut spans: Vec<(f64, f64, usize)> = units
        .iter()
        .filter_map(|unit| {
            let frame = unit.frame.as_ref()?;
            let (start, length) = along(frame);
            let margin = frame.width.min(frame.height).abs() * MARGIN;
            Some((start + margin, start + length - margin, unit.order))
        })
        .collect();
    spans.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut end = spans.first()?.1;
    let mut best: Option<(f64, usize)> = None;
    for (n, (start, stop, _)) in spans.iter().enumerate().skip(1) {
        let gap = start - end;
        if gap >= 0.0 && best.is_none_or(|(widest, _)| gap > widest) {
            best = Some((gap, n));
        }
        end = end.max(*stop);
    }
    let (gap, n) = best?;
    let (before, after) = spans.split_at(n);
    let against = before
        .iter()
        .map(|one| after.iter().filter(|other| other.2 < one.2).count())
        .sum::<usize>();
    Some(Cut {
        gap,
        against: against as f64 / (before.len() * after.len()).max(1) as f64,
        before: before.iter().map(|span| span.2).collect(),
    })
}

/// Shapes that overlap: by rows of those whose middle stands level, left to right.
fn by_rows(mut units: Vec<Unit>) -> Vec<Unit> {
    let middle = |unit: &Unit| unit.frame.map_or(0.0, |frame| frame.top + frame.height / 2.0);
    let left = |unit: &Unit| unit.frame.map_or(0.0, |frame| frame.left);
    units.sort_by(|one, other| middle(one).total_cmp(&middle(other)));
    let mut rows: Vec<(f64, Vec<Unit>)> = Vec::new();
    for unit in units {
        let reach = middle(&unit) + unit.frame.map_or(0.0, |frame| frame.height / 4.0);
        match rows.last_mut() {
            Some((end, row)) if middle(&unit) <= *end => row.push(unit),
            _ => rows.push((reach, vec![unit])),
        }
    }
    rows.into_iter()
        .flat_map(|(_, mut row)| {
            row.sort_by(|one, other| left(one).total_cmp(&left(other)));
            row
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str, left: f64, top: f64, width: f64, height: f64) -> Shape {
        Shape {
            role: Role::Body,
            frame: Some(Frame { left, top, width, height }),
            group: None,
            blocks: vec![Block::Paragraph(text.into())],
        }
    }

    fn order(shapes: Vec<Shape>) -> String {
        let texts = in_reading_order(shapes)
            .iter()
            .map(|shape| one_text(&shape.blocks))
            .collect::<Vec<_>>();
        texts.join(" ")
    }

    #[test]
    fn columns_and_rows_are_told_apart_by_the_order_in_the_file() {
        let cards = |picked: [usize; 4]| {
            let all = [
                shape("a", 0.0, 0.0, 40.0, 10.0),
                shape("b", 0.0, 12.0, 40.0, 30.0),
                shape("c", 50.0, 0.0, 40.0, 10.0),
                shape("d", 50.0, 12.0, 40.0, 30.0),
            ];
            picked.iter().map(|n| all[*n].clone()).collect::<Vec<_>>()
        };
        assert_eq!(order(cards([0, 1, 2, 3])), "a b c d");
        assert_eq!(order(cards([0, 2, 1, 3])), "a c b d");
    }

    #[test]
    fn what_stands_above_is_read_first_and_groups_stay_whole() {
        let mut left = shape("left", 0.0, 20.0, 10.0, 10.0);
        let mut under = shape("under", 0.0, 60.0, 10.0, 10.0);
        (left.group, under.group) = (Some(1), Some(1));
        let shapes = vec![
            shape("foot", 0.0, 90.0, 100.0, 8.0),
            left,
            shape("right", 50.0, 40.0, 10.0, 10.0),
            under,
            shape("top", 0.0, 0.0, 100.0, 10.0),
        ];
        assert_eq!(order(shapes), "top left under right foot");
    }

    #[test]
    fn a_slide_without_a_title_gets_one_from_its_first_line_or_number() {
        let slide = |text: &str| Slide {
            shapes: vec![shape(text, 0.0, 0.0, 1.0, 1.0)],
            is_hidden: true,
            remarks: Vec::new(),
        };
        let heading = |text: &str| Block::Heading { level: 2, text: text.into() };
        assert_eq!(slide("Why we ask").blocks(3)[1..], [heading("Why we ask (hidden slide)")]);
        assert_eq!(slide("We ask.").blocks(3)[1], heading("Slide 3 (hidden slide)"));
    }
}
