use super::text::{Bullet, Bullets, Line, Text};
use crate::{
    block::Block,
    fault::Fault,
    formats::{
        office::{Space, Tag, Xml},
        slides::Frame,
        table,
    },
};

/// What a part of slides (slide, layout, master, notes) shows, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    pub(super) found: Vec<Found>,
    pub(super) is_hidden: bool,
    /// Bullets that a master gives to bodies of text.
    pub(super) body_bullets: Bullets,
    groups: Vec<Group>,
    grouped: usize,
    open: Option<Found>,
    text: Text,
    table: Option<Table>,
    /// Whose place is being read.
    in_frame: bool,
    /// Level (from 0) of the list style that is being read, and whether it is a master's.
    style: Option<(usize, bool)>,
    in_master_style: bool,
    choices: Vec<bool>,
    skipped: usize,
}

/// A shape as found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) frame: Option<Frame>,
    pub(super) group: Option<usize>,
    pub(super) placeholder: Option<Placeholder>,
    pub(super) bullets: Bullets,
    pub(super) lines: Vec<Line>,
    pub(super) table: Option<Block>,
    /// Relationship of the chart that it shows.
    pub(super) chart: Option<String>,
    /// Relationship of the diagram (SmartArt) that it shows.
    pub(super) diagram: Option<String>,
    pub(super) is_picture: bool,
}

/// What a shape fills in of its layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placeholder {
    pub(super) kind: String,
    pub(super) index: Option<String>,
}

impl Placeholder {
    pub(super) fn is_body(&self) -> bool {
        matches!(self.kind.as_str(), "body" | "obj")
    }

    pub(super) fn is_furniture(&self) -> bool {
        matches!(self.kind.as_str(), "ftr" | "dt" | "sldNum" | "hdr")
    }

    /// Whether `other`, of a layout or master, is what this one fills in.
    pub(super) fn fills(&self, other: &Self) -> bool {
        match (&self.index, &other.index) {
            (Some(own), Some(other)) if own == other => true,
            _ => self.alike() == other.alike() && (self.index.is_none() || !self.is_body()),
        }
    }

    /// Whether it is of the same kind, as a layout's and its master's are.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.alike() == other.alike()
    }

    fn alike(&self) -> &str {
        match self.kind.as_str() {
            "ctrTitle" => "title",
            "subTitle" | "obj" => "body",
            kind => kind,
        }
    }
}

/// A group's own coordinates within those around it.
#[derive(Debug, Default)]
struct Group {
    id: usize,
    outer: Option<Frame>,
    inner: Option<Frame>,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<Vec<String>>,
    marked: bool,
    is_covered: bool,
}

impl Shapes {
    pub(super) fn event(&mut self, event: Xml<'_>) -> Result<(), Fault> {
        match event {
            Xml::Open(_) if self.skipped > 0 => self.skipped += 1,
            Xml::Close { .. } if self.skipped > 0 => self.skipped -= 1,
            Xml::Open(tag) => self.open(&tag),
            Xml::Close { space, name } => self.close(space, name),
            Xml::Text(text) if self.skipped == 0 => self.text.text(text),
            Xml::Text(_) => {}
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match (tag.space, tag.name) {
            (Space::Compatibility, "AlternateContent") => self.choices.push(false),
            (Space::Compatibility, "Choice" | "Fallback") => match self.choices.last_mut() {
                Some(taken) if *taken => self.skipped = 1,
                Some(taken) => *taken = true,
                None => {}
            },
            (Space::Slides, name) => self.open_slides(name, tag),
            (Space::Drawing, name) => self.open_drawing(name, tag),
            (Space::Chart, "chart") => {
                if let Some(shape) = &mut self.open {
                    shape.chart = tag.prefixed("id");
                }
            }
            (Space::Diagram, "relIds") => {
                if let Some(shape) = &mut self.open {
                    shape.diagram = tag.attribute("dm");
                }
            }
            (_, "t") => self.text.begin_run(),
            _ => {}
        }
    }

    fn open_slides(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "sld" => {
                self.is_hidden = matches!(tag.attribute("show").as_deref(), Some("0" | "false"))
            }
            "grpSp" => {
                self.grouped += 1;
                self.groups.push(Group { id: self.grouped, ..Group::default() });
            }
            "sp" | "graphicFrame" | "pic" | "cxnSp" => {
                self.open = Some(Found {
                    group: self.groups.first().map(|group| group.id),
                    is_picture: name == "pic",
                    ..Found::default()
                });
            }
            "ph" => {
                if let Some(shape) = &mut self.open {
                    shape.placeholder = Some(Placeholder {
                        kind: tag.attribute("type").unwrap_or_else(|| "obj".into()),
                        index: tag.attribute("idx"),
                    });
                }
            }
            "xfrm" => self.in_frame = true,
            "bodyStyle" => self.in_master_style = true,
            _ => {}
        }
    }

    fn open_drawing(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "xfrm" => self.in_frame = true,
            "off" | "ext" | "chOff" | "chExt" if self.in_frame => self.place(name, tag),
            "tbl" => self.table = Some(Table::default()),
            "tblPr" => {
                if let Some(table) = &mut self.table {
                    table.marked =
                        matches!(tag.attribute("firstRow").as_deref(), Some("1" | "true"));
                }
            }
            "tr" => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            "tc" => {
                if let Some(table) = &mut self.table {
                    let is_on = |name| matches!(tag.attribute(name).as_deref(), Some("1" | "true"));
                    table.is_covered = is_on("hMerge") || is_on("vMerge");
                }
            }
            "buNone" => self.bullet(Bullet::None),
            "buChar" | "buBlip" => self.bullet(Bullet::Mark),
            "buAutoNum" => self.bullet(Bullet::Number {
                format: tag.attribute("type").unwrap_or_default(),
                start: tag.attribute("startAt").and_then(|start| start.parse().ok()).unwrap_or(1),
            }),
            _ => match level_of(name) {
                Some(level) => self.style = Some((level, self.in_master_style)),
                None => self.text.open(name, tag),
            },
        }
    }

    fn place(&mut self, name: &str, tag: &Tag<'_>) {
        let number = |name| tag.attribute(name).and_then(|value| value.parse::<f64>().ok());
        let (own, children) = match (&mut self.open, self.groups.last_mut()) {
            (Some(shape), _) => (&mut shape.frame, None),
            (None, Some(group)) => (&mut group.outer, Some(&mut group.inner)),
            // The place of the slide's whole tree of shapes.
            (None, None) => return,
        };
        let (frame, x, y) = match (name, children) {
            ("off", _) => (own, "x", "y"),
            ("ext", _) => (own, "cx", "cy"),
            ("chOff", Some(children)) => (children, "x", "y"),
            ("chExt", Some(children)) => (children, "cx", "cy"),
            _ => return,
        };
        let (Some(x), Some(y)) = (number(x), number(y)) else { return };
        let old = frame.unwrap_or(Frame { left: 0.0, top: 0.0, width: 0.0, height: 0.0 });
        *frame = Some(match name {
            "off" | "chOff" => Frame { left: x, top: y, ..old },
            _ => Frame { width: x, height: y, ..old },
        });
    }

    fn bullet(&mut self, bullet: Bullet) {
        match (self.style, &mut self.open) {
            (Some((level, true)), _) => self.body_bullets.set(level, bullet),
            (Some((level, false)), Some(shape)) => shape.bullets.set(level, bullet),
            (Some(_), None) => {}
            (None, _) => self.text.bullet(bullet),
        }
    }

    fn close(&mut self, space: Space, name: &str) {
        match (space, name) {
            (Space::Compatibility, "AlternateContent") => {
                self.choices.pop();
            }
            (Space::Slides | Space::Drawing, "xfrm") => self.in_frame = false,
            (Space::Slides, "bodyStyle") => self.in_master_style = false,
            (Space::Slides, "grpSp") => {
                self.groups.pop();
            }
            (Space::Slides, "sp" | "graphicFrame" | "pic" | "cxnSp") => self.close_shape(),
            (Space::Drawing, "tc") => {
                let text = self.text.take().into_iter().map(|line| line.text);
                let text = text.filter(|text| !text.trim().is_empty()).collect::<Vec<_>>();
                if let Some(table) = &mut self.table
                    && let Some(row) = table.rows.last_mut()
                {
                    row.push(if table.is_covered { String::new() } else { text.join("\n") });
                }
            }
            (Space::Drawing, "tbl") => {
                if let (Some(shape), Some(table)) = (&mut self.open, self.table.take()) {
                    shape.table = Some(table.finish());
                }
            }
            (_, "t") => self.text.end_run(),
            (Space::Drawing, name) if level_of(name).is_some() => self.style = None,
            (Space::Drawing, name) => self.text.close(name),
            _ => {}
        }
    }

    fn close_shape(&mut self) {
        let Some(mut shape) = self.open.take() else { return };
        shape.lines = self.text.take();
        for group in self.groups.iter().rev() {
            shape.frame = shape.frame.map(|frame| group.outward(frame));
        }
        self.found.push(shape);
    }
}

impl Group {
    fn outward(&self, frame: Frame) -> Frame {
        let (Some(outer), Some(inner)) = (self.outer, self.inner) else { return frame };
        let ratio = |outer: f64, inner: f64| if inner > 0.0 { outer / inner } else { 1.0 };
        let (x, y) = (ratio(outer.width, inner.width), ratio(outer.height, inner.height));
        Frame {
            left: outer.left + (frame.left - inner.left) * x,
            top: outer.top + (frame.top - inner.top) * y,
            width: frame.width * x,
            height: frame.height * y,
        }
    }
}

impl Table {
    fn finish(self) -> Block {
        let mut rows = self.rows;
        let has_header = rows.len() > 1 && (self.marked || table::header_row(&rows) == Some(0));
        let header = has_header.then(|| rows.remove(0));
        Block::Table { header, rows }
    }
}

/// The level (from 0) of `a:lvl1pPr` and so on.
fn level_of(name: &str) -> Option<usize> {
    let digit = name.strip_prefix("lvl")?.strip_suffix("pPr")?;
    digit.parse::<usize>().ok()?.checked_sub(1)
}
