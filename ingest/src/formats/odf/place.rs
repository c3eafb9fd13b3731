use crate::{
    block::Block,
    formats::{
        office::Tag,
        slides::{Frame, Role},
    },
};

/// An open place that takes blocks.
pub(super) struct Sink {
    pub(super) place: Place,
    pub(super) blocks: Vec<Block>,
    /// Lists that are open around it.
    pub(super) lists: usize,
    /// Paragraphs that are open around it.
    pub(super) paragraphs: usize,
}

/// Where blocks go.
pub(super) enum Place {
    Body,
    Header,
    Footer,
    Cell {
        columns: u32,
    },
    Note,
    Comment {
        author: String,
        date: String,
    },
    /// A text box: it stands for itself, and belongs where it stands.
    Inset,
    Slide,
    Shape {
        role: Role,
        frame: Option<Frame>,
    },
    SpeakerNotes,
}

impl Place {
    /// Whether it ends where an element of this name does.
    pub(super) fn ends_with(&self, name: &str) -> bool {
        match self {
            Self::Body => matches!(name, "text" | "chart"),
            Self::Header => matches!(name, "header" | "header-left" | "header-first"),
            Self::Footer => matches!(name, "footer" | "footer-left" | "footer-first"),
            Self::Cell { .. } => matches!(name, "table-cell" | "covered-table-cell"),
            Self::Note => name == "note-body",
            Self::Comment { .. } => name == "annotation",
            Self::Slide => name == "page",
            Self::SpeakerNotes => name == "notes",
            Self::Inset | Self::Shape { .. } => is_shape(name),
        }
    }
}

/// Whether an element of the drawing namespace holds text of its own.
pub(super) fn is_shape(name: &str) -> bool {
    matches!(
        name,
        "frame"
            | "custom-shape"
            | "rect"
            | "ellipse"
            | "circle"
            | "line"
            | "connector"
            | "polygon"
            | "polyline"
            | "path"
            | "regular-polygon"
            | "caption"
    )
}

/// What a shape is on its slide.
pub(super) fn role(tag: &Tag<'_>) -> Role {
    match tag.attribute("class").as_deref() {
        Some("title") => Role::Title(2),
        Some("header" | "footer" | "date-time" | "page-number") => Role::Furniture,
        _ => Role::Body,
    }
}

/// Where a shape stands; none where it is turned.
pub(super) fn frame(tag: &Tag<'_>) -> Option<Frame> {
    let length = |name| tag.attribute(name).and_then(|length| millimetres(&length));
    Some(Frame {
        left: length("x")?,
        top: length("y")?,
        width: length("width").unwrap_or(0.0),
        height: length("height").unwrap_or(0.0),
    })
}

fn millimetres(length: &str) -> Option<f64> {
    let end = length.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(length.len());
    let (number, unit) = length.split_at_checked(end)?;
    let unit = match unit {
        "cm" => 10.0,
        "in" => 25.4,
        "pt" => 25.4 / 72.0,
        _ => 1.0,
    };
    number.parse::<f64>().ok().map(|number| number * unit)
}
