//! Marked content: what producers say of a stretch of a page.

use super::layers::Layers;
use super::objects::{dictionary_entry, entry, resolve};
use super::tokens::Operand;
use lopdf::{Dictionary, Document, Object};

/// Marked content that is open.
pub(super) struct Mark {
    pub(super) artifact: bool,
    /// On a layer that is off.
    pub(super) hidden: bool,
    pub(super) replacement: Option<Replacement>,
}

/// `/ActualText`: what the glyphs of a marked stretch stand for; shown with the first of them.
pub(super) enum Replacement {
    Due(String),
    Shown,
}

impl Mark {
    /// From the operands of `BMC` or `BDC`, within another mark.
    pub(super) fn read(
        document: &Document,
        layers: &Layers,
        operands: &[Operand<'_>],
        resources: &[&Dictionary],
        outer: Option<&Self>,
    ) -> Self {
        let property = match operands {
            [_, Operand::Name(name)] => property(document, resources, name),
            _ => None,
        };
        let written = operands.windows(2).find_map(|pair| match &pair[1] {
            Operand::Text(text) if is_name(pair.first(), b"ActualText") => Some(text.to_vec()),
            _ => None,
        });
        let named = || {
            let properties = resolve(document, property?).as_dict().ok()?;
            entry(document, properties, b"ActualText")?.as_str().ok().map(<[u8]>::to_vec)
        };
        let replacement = written
            .or_else(named)
            .and_then(|bytes| lopdf::decode_text_string(&Object::string_literal(bytes)).ok());
        let off = || property.is_some_and(|layer| layers.hides(document, layer));
        Self {
            artifact: outer.is_some_and(|mark| mark.artifact)
                || is_name(operands.first(), b"Artifact"),
            hidden: outer.is_some_and(|mark| mark.hidden)
                || is_name(operands.first(), b"OC") && off(),
            replacement: replacement.map(Replacement::Due),
        }
    }
}

fn is_name(operand: Option<&Operand<'_>>, expected: &[u8]) -> bool {
    matches!(operand, Some(Operand::Name(name)) if name.as_ref() == expected)
}

/// A property list by its name, unresolved: layers are told apart by their references.
fn property<'a>(
    document: &'a Document,
    resources: &[&'a Dictionary],
    name: &[u8],
) -> Option<&'a Object> {
    resources.iter().find_map(|dictionary| {
        dictionary_entry(document, dictionary, b"Properties")?.get(name).ok()
    })
}
