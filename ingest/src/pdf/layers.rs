//! Optional content: the layers that a document shows and those that it leaves off.
//!
//! What is off when the document opens is left out. A reader does not see it either, and what
//! producers put there (drafts, other languages, variants) would be read as if it held.

use super::objects::{dictionary_entry, entry, name_entry, resolve};
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::HashSet;

/// The layers that are off.
#[derive(Debug, Default)]
pub(super) struct Layers {
    off: HashSet<ObjectId>,
}

impl Layers {
    /// As the document's default configuration has them.
    pub(super) fn read(document: &Document) -> Self {
        Self { off: off(document).unwrap_or_default() }
    }

    /// Whether what belongs to this layer (or set of layers) is off.
    pub(super) fn hides(&self, document: &Document, layer: &Object) -> bool {
        if self.off.is_empty() {
            return false;
        }
        if layer.as_reference().is_ok_and(|id| self.off.contains(&id)) {
            return true;
        }
        let Ok(set) = resolve(document, layer).as_dict() else { return false };
        let members = match set.get(b"OCGs") {
            Ok(Object::Array(members)) => members.as_slice(),
            Ok(member @ Object::Reference(_)) => match resolve(document, member) {
                Object::Array(members) => members.as_slice(),
                _ => std::slice::from_ref(member),
            },
            _ => return false,
        };
        let is_off = |member: &Object| member.as_reference().is_ok_and(|id| self.off.contains(&id));
        match name_entry(document, set, b"P") {
            _ if members.is_empty() => false,
            b"AllOn" => members.iter().any(is_off),
            b"AllOff" => !members.iter().all(is_off),
            b"AnyOff" => !members.iter().any(is_off),
            _ => members.iter().all(is_off),
        }
    }

    /// Whether a form or an annotation is off by its own word (`/OC`).
    pub(super) fn hides_owner(&self, document: &Document, owner: &Dictionary) -> bool {
        owner.get(b"OC").is_ok_and(|layer| self.hides(document, layer))
    }
}

fn off(document: &Document) -> Option<HashSet<ObjectId>> {
    let properties = dictionary_entry(document, document.catalog().ok()?, b"OCProperties")?;
    let configuration = dictionary_entry(document, properties, b"D")?;
    let listed = |dictionary: &Dictionary, key: &[u8]| -> HashSet<ObjectId> {
        let array = entry(document, dictionary, key).and_then(|object| object.as_array().ok());
        array.into_iter().flatten().filter_map(|object| object.as_reference().ok()).collect()
    };
    let mut off = listed(configuration, b"OFF");
    if name_entry(document, configuration, b"BaseState") == b"OFF" {
        off.extend(listed(properties, b"OCGs"));
        for on in listed(configuration, b"ON") {
            off.remove(&on);
        }
    }
    Some(off)
}
