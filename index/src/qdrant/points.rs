use super::sparse::{Weigher, Words};
use crate::within::{dated, language};
use crate::{Embedder, IndexError};
use jiff::civil::Date;
use qdrant_client::qdrant::value::Kind;
use qdrant_client::qdrant::{NamedVectors, PointId, PointStruct, Value, Vector};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use sufficit_evidence::{Document, DocumentId, Passage};

/// Whose passages these are. Every request names it, so that a collection can come to hold those of several.
pub(super) const ORGANISATION: &str = "local";
/// The name of the vectors of meaning.
pub(super) const MEANING: &str = "meaning";
/// The name of the vectors of words.
pub(super) const WORDS: &str = "words";

/// What is said of a point beside its vectors.
pub(super) type Payload = HashMap<String, Value>;

/// Passages of one document that are embedded at once.
pub(super) struct Piece<'a> {
    document: &'a Document,
    passages: &'a [Passage],
}

/// The passages of `documents` in pieces, as many together as make up at most `most` passages.
pub(super) fn pieces<'a>(documents: &[&'a Document], most: usize) -> Vec<Vec<Piece<'a>>> {
    let most = most.max(1);
    let mut batches = Vec::new();
    let (mut batch, mut size) = (Vec::new(), 0);
    for document in documents {
        for passages in document.passages.chunks(most) {
            if size + passages.len() > most {
                batches.push(std::mem::take(&mut batch));
                size = 0;
            }
            size += passages.len();
            batch.push(Piece { document, passages });
        }
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    batches
}

/// One more than the greatest ordinal of a document's passages.
pub(super) fn end(document: &Document) -> u32 {
    document.passages.iter().map(|passage| passage.ordinal.saturating_add(1)).max().unwrap_or(0)
}

/// The points of a piece's passages.
pub(super) fn points(
    piece: &Piece<'_>,
    embedder: &Embedder,
) -> Result<Vec<PointStruct>, IndexError> {
    let Piece { document, passages } = piece;
    let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
    let vectors = embedder.embed_passages(&texts)?;
    let title = document.facts.title_text();
    let shared = shared_payload(document);
    let mut weigher = Weigher::new();
    let point = |(passage, vector): (&Passage, Vec<f32>)| {
        let mut payload = shared.clone();
        payload.insert("passage".into(), i64::from(passage.ordinal).into());
        if let Some(page) = passage.page {
            payload.insert("page".into(), i64::from(page).into());
        }
        PointStruct {
            id: Some(place(&document.id, passage.ordinal)),
            payload,
            vectors: Some(named(vector, weigher.passage(title, passage)).into()),
        }
    };
    Ok(passages.iter().zip(vectors).map(point).collect())
}

/// Where a passage lies: the same for the same passage, whoever writes it, so that writing it again changes nothing.
///
/// It is a UUID of our own making (version 8) of 90 bits of the document's id and 32 of the ordinal. So points lie in the
/// order of documents and passages, in which equals are to stand, and a server that orders equals by point does so.
pub(super) fn place(document: &DocumentId, passage: u32) -> PointId {
    let key = key(document.as_str()).into_iter().chain(std::iter::repeat(0)).take(12);
    let key = key.fold(0u128, |number, byte| number << 8 | u128::from(byte)) >> 6;
    let number = key << 32 | u128::from(passage);
    let (first, middle, last) = (number >> 74, number >> 62 & 0xfff, number & (u128::MAX >> 66));
    let digits = format!("{:032x}", first << 80 | 8 << 76 | middle << 64 | 2 << 62 | last);
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    let parts = [part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)];
    parts.join("-").into()
}

/// What tells a document's id from others. An id is a digest; one that is not stands for itself where it is short, and by
/// its digest where it is long.
fn key(id: &str) -> Vec<u8> {
    let pair = |at: usize| u8::from_str_radix(id.get(at..at + 2)?, 16).ok();
    let digest: Option<Vec<u8>> = (0..id.len()).step_by(2).map(pair).collect();
    match digest {
        Some(digest) if digest.len() == 32 => digest,
        _ if id.len() <= 11 => id.as_bytes().to_vec(),
        _ => Sha256::digest(id.as_bytes()).to_vec(),
    }
}

/// Days since 1970-01-01.
pub(super) fn days(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

/// The text of a payload under `name`.
pub(super) fn text<'p>(payload: &'p Payload, name: &str) -> Option<&'p str> {
    match payload.get(name)?.kind.as_ref()? {
        Kind::StringValue(text) => Some(text),
        _ => None,
    }
}

/// The whole number of a payload under `name`.
pub(super) fn integer(payload: &Payload, name: &str) -> Option<i64> {
    match payload.get(name)?.kind.as_ref()? {
        Kind::IntegerValue(number) => Some(*number),
        _ => None,
    }
}

fn shared_payload(document: &Document) -> Payload {
    let mut payload = Payload::from([
        ("organisation".to_owned(), ORGANISATION.into()),
        ("document".to_owned(), document.id.as_str().into()),
        ("kind".to_owned(), document.facts.kind().name().into()),
        ("language".to_owned(), language(document).into()),
    ]);
    if let Some(date) = dated(document) {
        payload.insert("dated".into(), days(date).into());
    }
    payload
}

fn named(meaning: Vec<f32>, words: Words) -> NamedVectors {
    let mut vectors = HashMap::from([(MEANING.to_owned(), Vector::new_dense(meaning))]);
    if !words.is_empty() {
        let (dimensions, weights): (Vec<u32>, Vec<f32>) = words.into_iter().unzip();
        vectors.insert(WORDS.to_owned(), Vector::new_sparse(dimensions, weights));
    }
    NamedVectors { vectors }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qdrant_client::qdrant::point_id::PointIdOptions;

    fn uuid(document: &str, passage: u32) -> String {
        match place(&DocumentId::new(document), passage).point_id_options {
            Some(PointIdOptions::Uuid(uuid)) => uuid,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn places_are_uuids_in_the_order_of_documents_and_passages() {
        let digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        assert_eq!(uuid(digest, 7), "01234567-89ab-8cde-bc04-8d1500000007");
        let ids = [digest, &digest.replace("cdef01", "cdef02"), &format!("f{}", &digest[1..])];
        let places: Vec<String> = ids
            .iter()
            .flat_map(|id| [0, 1, 9, 10, 1 << 31, u32::MAX].map(|passage| uuid(id, passage)))
            .collect();
        assert!(places.is_sorted_by(|a, b| a < b), "{places:#?}");
        for id in ["", "a", "ab", "é", "no digest, and long", &digest[..62]] {
            let place = uuid(id, 3);
            assert_eq!((place.len(), &place[14..15]), (36, "8"), "{place}");
            assert!("89ab".contains(&place[19..20]), "{place}");
        }
        assert_ne!(uuid("no digest, and long", 0), uuid("no digest, and longer", 0));
    }

    #[test]
    fn days_are_counted_from_1970() {
        let day = |year, month, day| days(Date::constant(year, month, day));
        assert_eq!((day(1970, 1, 1), day(1970, 3, 1), day(1969, 12, 31)), (0, 59, -1));
        assert_eq!(day(2026, 11, 21), 20_778);
    }
}
