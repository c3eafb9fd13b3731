use super::sparse::{Weigher, Words};
use crate::within::{dated, language};
use crate::{Embedder, IndexError};
use jiff::civil::Date;
use qdrant_client::qdrant::value::Kind;
use qdrant_client::qdrant::vector::Vector as AnyVector;
use qdrant_client::qdrant::vectors::VectorsOptions;
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
/// Bytes of a write as it is sent, at most. It is held four times while it is under way: as made, as handed to the client,
/// as kept by the client to try again, and as sent. With two under way and one in the making that is 36 MiB.
pub(super) const LARGEST_WRITE: usize = 4 << 20;

/// Bytes of a point's id and payload with the names in it, at most.
const BESIDE_VECTORS: usize = 512;

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
    let title = document.facts.title.as_ref().map_or("", |title| title.value.as_str());
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
pub(super) fn place(document: &DocumentId, passage: u32) -> PointId {
    uuid(&[document.as_str().as_bytes(), b"\0", &passage.to_be_bytes()]).into()
}

/// A UUID of our own making (version 8) from what `parts` hold.
pub(super) fn uuid(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    let digest = digest.finalize();
    let number = digest.iter().take(16).fold(0u128, |number, &byte| number << 8 | u128::from(byte));
    let number = number & !(0xf << 76) | 8 << 76;
    let number = number & !(0x3 << 62) | 2 << 62;
    let digits = format!("{number:032x}");
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0..8), part(8..12), part(12..16), part(16..20), part(20..32))
}

/// Days since 1970-01-01.
pub(super) fn days(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

/// Cuts points into writes that are no larger than [`LARGEST_WRITE`]; one that is larger by itself goes alone.
pub(super) fn writes(points: Vec<PointStruct>) -> Vec<Vec<PointStruct>> {
    let mut writes = Vec::new();
    let (mut write, mut size) = (Vec::new(), 0);
    for point in points {
        let own = bytes(&point);
        if size + own > LARGEST_WRITE && !write.is_empty() {
            writes.push(std::mem::take(&mut write));
            size = 0;
        }
        size += own;
        write.push(point);
    }
    if !write.is_empty() {
        writes.push(write);
    }
    writes
}

/// Bytes of a point as it is sent, at most: 4 for a number, 5 for a dimension.
fn bytes(point: &PointStruct) -> usize {
    let Some(VectorsOptions::Vectors(named)) =
        point.vectors.as_ref().and_then(|vectors| vectors.vectors_options.as_ref())
    else {
        return BESIDE_VECTORS;
    };
    let vectors = named.vectors.values().map(|vector| match &vector.vector {
        Some(AnyVector::Dense(dense)) => 4 * dense.data.len(),
        Some(AnyVector::Sparse(sparse)) => 4 * sparse.values.len() + 5 * sparse.indices.len(),
        _ => 0,
    });
    vectors.sum::<usize>() + BESIDE_VECTORS
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
