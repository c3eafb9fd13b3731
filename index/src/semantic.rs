use crate::IndexError;
use crate::embedder::Embedder;
use crate::product::dot;
use crate::table::add_products;
use sufficit_evidence::Probe;

/// The probes' vectors, made ready so that one matrix product gives their similarities to many texts as standard
/// deviations above the background.
///
/// For a probe c and a text x that is (c.x - c.mu) / sqrt(c' S c), with mean mu and covariance S of the vectors of
/// unrelated text. A probe that is near to everything is thereby pushed down.
#[derive(Debug)]
pub(crate) struct SemanticProbes {
    dimensions: usize,
    /// Each probe's vector divided by its deviation, one after another.
    scaled: Vec<f32>,
    /// Each probe's mean similarity divided by its deviation, below zero.
    offsets: Vec<f32>,
}

impl SemanticProbes {
    /// Embeds `probes`; a probe's position is its number. One without a known word scores 0 always.
    pub(crate) fn new(probes: &[Probe], embedder: &Embedder) -> Result<Self, IndexError> {
        let dimensions = embedder.dimensions();
        let mut scaled = Vec::with_capacity(probes.len() * dimensions);
        let mut offsets = Vec::with_capacity(probes.len());
        for vector in embedder.embed_probes(probes)? {
            let (mean, deviation) = embedder.background().similarity(&vector);
            let inverse = if deviation > 0.0 { 1.0 / deviation } else { 0.0 };
            scaled.extend(vector.iter().map(|number| number * inverse));
            offsets.push(-mean * inverse);
        }
        Ok(Self { dimensions, scaled, offsets })
    }

    /// How many probes there are.
    pub(crate) fn len(&self) -> usize {
        self.offsets.len()
    }

    /// Fills `scores` with a row for each of `vectors` (each of length 1, one after another), and in it a number
    /// for each probe.
    pub(crate) fn score(&self, vectors: &[f32], scores: &mut Vec<f32>) {
        scores.clear();
        for _ in 0..vectors.len() / self.dimensions {
            scores.extend_from_slice(&self.offsets);
        }
        add_products(vectors, &self.scaled, self.dimensions, scores);
    }

    /// The score of one vector (of length 1) against one probe.
    pub(crate) fn score_one(&self, probe: usize, vector: &[f32]) -> f32 {
        let start = probe * self.dimensions;
        dot(&self.scaled[start..start + self.dimensions], vector) + self.offsets[probe]
    }
}
