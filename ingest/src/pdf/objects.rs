//! Looking things up in lopdf's objects, following references.

use lopdf::{Dictionary, Document, Object};

/// The object behind any references; the object itself where they lead nowhere.
pub(super) fn resolve<'a>(document: &'a Document, object: &'a Object) -> &'a Object {
    document.dereference(object).map_or(object, |(_, target)| target)
}

/// The resolved value of a key.
pub(super) fn entry<'a>(
    document: &'a Document,
    dictionary: &'a Dictionary,
    key: &[u8],
) -> Option<&'a Object> {
    dictionary.get(key).ok().map(|object| resolve(document, object))
}

/// A key's value as a dictionary; of a stream, its dictionary.
pub(super) fn dictionary_entry<'a>(
    document: &'a Document,
    dictionary: &'a Dictionary,
    key: &[u8],
) -> Option<&'a Dictionary> {
    as_dictionary(entry(document, dictionary, key)?)
}

/// An object as a dictionary; of a stream, its dictionary.
pub(super) fn as_dictionary(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

/// A key's value as a name, or nothing.
pub(super) fn name_entry<'a>(
    document: &'a Document,
    dictionary: &'a Dictionary,
    key: &[u8],
) -> &'a [u8] {
    entry(document, dictionary, key).and_then(|object| object.as_name().ok()).unwrap_or_default()
}

/// An integer or a real number that is finite.
pub(super) fn number(object: &Object) -> Option<f64> {
    match object {
        Object::Integer(value) => Some(*value as f64),
        Object::Real(value) => Some(f64::from(*value)).filter(|value| value.is_finite()),
        _ => None,
    }
}

/// A key's value as a number.
pub(super) fn number_entry(
    document: &Document,
    dictionary: &Dictionary,
    key: &[u8],
) -> Option<f64> {
    entry(document, dictionary, key).and_then(number)
}

/// A key's value as an array of exactly `N` numbers; entries after those are ignored.
pub(super) fn numbers_entry<const N: usize>(
    document: &Document,
    dictionary: &Dictionary,
    key: &[u8],
) -> Option<[f64; N]> {
    let array = entry(document, dictionary, key)?.as_array().ok()?;
    let mut numbers = [0.0; N];
    for (index, slot) in numbers.iter_mut().enumerate() {
        *slot = number(resolve(document, array.get(index)?))?;
    }
    Some(numbers)
}
