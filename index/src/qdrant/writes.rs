use qdrant_client::qdrant::PointStruct;
use qdrant_client::qdrant::vector::Vector as AnyVector;
use qdrant_client::qdrant::vectors::VectorsOptions;

/// Bytes of a write as it is sent, at most. It is held four times while it is under way: as made, as handed to the client,
/// as kept by the client to try again, and as sent. Two under way and the one in the making are 36 MiB, however many passages
/// go into one.
pub(super) const LARGEST_WRITE: usize = 4 << 20;

/// Bytes of a point's id and payload with the names in it, at most.
const BESIDE_VECTORS: usize = 512;

/// Points that are gathered into writes of at most so many, and no more bytes than [`LARGEST_WRITE`]. A point that is
/// larger by itself goes alone.
pub(super) struct Writes {
    most: usize,
    gathered: Vec<PointStruct>,
    bytes: usize,
}

impl Writes {
    /// Writes of at most `most` points.
    pub(super) fn new(most: usize) -> Self {
        Self { most, gathered: Vec::new(), bytes: 0 }
    }

    /// Puts a point to those gathered; gives these back before where it would be one too many.
    pub(super) fn add(&mut self, point: PointStruct) -> Option<Vec<PointStruct>> {
        let own = bytes(&point);
        let is_full = self.gathered.len() >= self.most || self.bytes + own > LARGEST_WRITE;
        let full = if is_full { self.take() } else { None };
        self.gathered.push(point);
        self.bytes += own;
        full
    }

    /// What is left.
    pub(super) fn rest(mut self) -> Option<Vec<PointStruct>> {
        self.take()
    }

    fn take(&mut self) -> Option<Vec<PointStruct>> {
        self.bytes = 0;
        let gathered = std::mem::take(&mut self.gathered);
        (!gathered.is_empty()).then_some(gathered)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use qdrant_client::qdrant::{NamedVectors, Vector};
    use std::collections::HashMap;

    fn cut(most: usize, numbers: &[usize]) -> Vec<usize> {
        let point = |&numbers: &usize| {
            let vectors = HashMap::from([
                (String::new(), Vector::new_dense(vec![0.5; numbers])),
                ("words".to_owned(), Vector::new_sparse([1], [1.0])),
            ]);
            PointStruct { vectors: Some(NamedVectors { vectors }.into()), ..PointStruct::default() }
        };
        let mut writes = Writes::new(most);
        let mut cut: Vec<usize> = Vec::new();
        for numbers in numbers {
            cut.extend(writes.add(point(numbers)).map(|write| write.len()));
        }
        cut.extend(writes.rest().map(|write| write.len()));
        cut
    }

    #[test]
    fn they_are_cut_where_they_grow_too_large() {
        let third = LARGEST_WRITE / 4 / 3;
        assert_eq!(cut(9, &[third, third, third, third]), [2, 2]);
        assert_eq!(cut(9, &[4, 9 * third, 4, 4]), [1, 1, 2], "one that is too large goes alone");
        assert_eq!(cut(9, &[9 * third]), [1]);
        assert_eq!(cut(9, &[]), [0; 0]);
    }

    #[test]
    fn they_are_cut_where_they_are_many() {
        assert_eq!(cut(2, &[1; 5]), [2, 2, 1]);
        assert_eq!(cut(5, &[1; 5]), [5]);
    }
}
