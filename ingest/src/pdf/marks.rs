//! Marked content: what producers say of a stretch of a page.

use super::layers::Layers;
use super::objects::{dictionary_entry, entry, number_entry, resolve};
use super::tokens::Operand;
use lopdf::{Dictionary, Document, Object};

/// Marked content that is open.
#[derive(Default)]
pub(super) struct Mark {
    pub(super) standing: Standing,
    pub(super) replacement: Option<Replacement>,
}

/// How what is shown stands to the document; what a mark holds stands like the mark.
#[derive(Clone, Copy, Default)]
pub(super) struct Standing {
    /// No part of the content.
    pub(super) artifact: bool,
    /// On a layer that is off.
    pub(super) hidden: bool,
    /// The page's marked content that the structure tree names.
    pub(super) id: Option<u32>,
    /// In a form, which counts its marks by itself.
    pub(super) in_form: bool,
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
        outer: Standing,
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
        let written_id = || {
            operands.windows(2).find_map(|pair| match &pair[1] {
                Operand::Number(id) if is_name(pair.first(), b"MCID") => Some(*id),
                _ => None,
            })
        };
        let named_id = || {
            let properties = resolve(document, property?).as_dict().ok()?;
            number_entry(document, properties, b"MCID")
        };
        let own = match outer.in_form {
            true => None,
            false => written_id().or_else(named_id).map(|id| id as u32),
        };
        let off = || property.is_some_and(|layer| layers.hides(document, layer));
        Self {
            standing: Standing {
                artifact: outer.artifact || is_name(operands.first(), b"Artifact"),
                hidden: outer.hidden || is_name(operands.first(), b"OC") && off(),
                id: own.or(outer.id),
                in_form: outer.in_form,
            },
            replacement: replacement.map(Replacement::Due),
        }
    }
}

/// How what is shown now stands.
pub(super) fn standing(marks: &[Mark]) -> Standing {
    marks.last().map(|mark| mark.standing).unwrap_or_default()
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
