//! Many queries held against all vectors, in one pass.
//!
//! The vectors are gone through a few at a time, and the queries in groups that stay in the nearest cache, so that one
//! product of whole numbers gives the similarities of a group to those vectors. They are the same to the last bit, however
//! many queries there are.

use super::{SCALE_LENGTH, quantise};
use crate::embedded::ranked::{Ranked, Ranking};
use crate::product::{any_above, whole_products_in_place};
use crate::whole_products::{LANES, whole_products};
use rayon::prelude::*;
use sufficit_evidence::DocumentId;

/// Vectors held against a group of queries at a time: 16 KiB of them with 256 dimensions.
const ROWS: usize = 32;
/// Queries in a group: 16 KiB of them with 256 dimensions.
const GROUP: usize = 32;
/// The number of queries is filled up to a multiple of this for [`whole_products`].
const TOGETHER: usize = 4;
/// Vectors that one task goes through, at least and at most. Each keeps the best for every query.
const LEAST_A_TASK: usize = 1 << 10;
const MOST_A_TASK: usize = 1 << 17;

/// A passage found by its meaning: its similarity, its document and its ordinal there.
pub(in crate::embedded) type Found = (f32, DocumentId, u32);

/// What is looked for.
pub(in crate::embedded) struct Query<'a> {
    /// Of length 1.
    pub(in crate::embedded) vector: &'a [f32],
    /// Only passages are found whose similarity is above this.
    pub(in crate::embedded) floor: f32,
}

/// For each query the passages nearest to it among these documents, which stand in order, each with the bytes of its
/// vectors: best first, at most `limit`, equals by document and passage.
pub(super) fn nearest(
    documents: &[(&DocumentId, &[u8])],
    dimensions: usize,
    queries: &[Query<'_>],
    limit: usize,
) -> Vec<Vec<Found>> {
    let queries = Queries::new(queries, dimensions);
    let nothing = || -> Vec<Ranking> { (0..queries.count).map(|_| Ranking::new(limit)).collect() };
    let rankings = parts(documents, SCALE_LENGTH + dimensions)
        .into_par_iter()
        .map(|part| {
            let mut scan = Scan::new(&queries, nothing());
            part.into_iter().for_each(|vector| scan.hold(vector));
            scan.finish()
        })
        .reduce(nothing, |some, others| {
            some.into_iter().zip(others).map(|(some, other)| some.join(other)).collect()
        });
    let named = |ranked: Ranked| {
        let (document, _) = documents.get(ranked.document as usize)?;
        Some((ranked.score, (*document).clone(), ranked.passage))
    };
    let named = |ranking: Ranking| ranking.into_sorted().into_iter().filter_map(named).collect();
    rankings.into_iter().map(named).collect()
}

/// Some passages of a document, one behind another.
struct Stretch<'a> {
    /// The document's position.
    document: u32,
    /// The ordinal of the first.
    first: u32,
    /// Their vectors as they are written, each a scale and its numbers.
    bytes: &'a [u8],
}

/// All passages in order, in parts of about equal length. `row` is the length of a vector in bytes.
fn parts<'a>(documents: &[(&DocumentId, &'a [u8])], row: usize) -> Vec<Vec<Stretch<'a>>> {
    let all: usize = documents.iter().map(|(_, bytes)| bytes.len() / row).sum();
    let length = (all / (4 * rayon::current_num_threads())).clamp(LEAST_A_TASK, MOST_A_TASK);
    let mut parts = Vec::new();
    let (mut part, mut room) = (Vec::new(), length);
    for (document, &(_, bytes)) in (0..).zip(documents) {
        let (mut first, mut rest) = (0, bytes);
        while !rest.is_empty() {
            let taken = room.min(rest.len() / row).max(1);
            let (bytes, behind) = rest.split_at((taken * row).min(rest.len()));
            part.push(Stretch { document, first, bytes });
            (first, rest) = (first + taken as u32, behind);
            room = room.saturating_sub(taken);
            if room == 0 {
                parts.push(std::mem::take(&mut part));
                room = length;
            }
        }
    }
    parts.push(part);
    parts
}

/// Queries made ready to be multiplied: whole numbers, with zeros behind them up to whole lanes, and queries of zeros
/// behind them that find nothing.
struct Queries {
    count: usize,
    dimensions: usize,
    /// Numbers of a query with the zeros behind them.
    width: usize,
    numbers: Vec<i16>,
    scales: Vec<f32>,
    floors: Vec<f32>,
}

impl Queries {
    fn new(queries: &[Query<'_>], dimensions: usize) -> Self {
        let width = dimensions.next_multiple_of(LANES);
        let padded = queries.len().next_multiple_of(TOGETHER);
        let mut made = Self {
            count: queries.len(),
            dimensions,
            width,
            numbers: vec![0; padded * width],
            scales: vec![0.0; padded],
            floors: vec![f32::INFINITY; padded],
        };
        for (at, query) in queries.iter().enumerate() {
            let (numbers, scale) = quantise(query.vector);
            for (wide, number) in made.numbers[at * width..].iter_mut().zip(numbers) {
                *wide = i16::from(number);
            }
            made.scales[at] = scale;
            made.floors[at] = query.floor;
        }
        made
    }
}

/// What was found so far.
struct Scan<'a> {
    queries: &'a Queries,
    rankings: Vec<Ranking>,
    /// For each query the similarity above which a further passage is wanted. Passages come in order, so one that is
    /// equal to the worst that is kept stands behind it.
    wanted: Vec<f32>,
    /// The vectors that wait to be multiplied.
    rows: Vec<i16>,
    /// Their scales, documents and passages.
    places: Vec<(f32, u32, u32)>,
    products: Vec<i32>,
}

impl<'a> Scan<'a> {
    fn new(queries: &'a Queries, rankings: Vec<Ranking>) -> Self {
        Self {
            queries,
            rankings,
            wanted: queries.floors.clone(),
            rows: vec![0; ROWS * queries.width],
            places: Vec::with_capacity(ROWS),
            products: vec![0; ROWS * GROUP],
        }
    }

    /// Holds some passages against all queries.
    fn hold(&mut self, stretch: Stretch<'_>) {
        let queries = self.queries;
        let stride = SCALE_LENGTH + queries.dimensions;
        if queries.count == 1 {
            return self.hold_one(stretch, stride);
        }
        for (passage, row) in (stretch.first..).zip(stretch.bytes.chunks_exact(stride)) {
            let (scale, numbers) = row.split_at(SCALE_LENGTH);
            let wide = self.places.len() * queries.width;
            for (wide, number) in self.rows[wide..wide + queries.width].iter_mut().zip(numbers) {
                *wide = i16::from(number.cast_signed());
            }
            self.places.push((scale_of(scale), stretch.document, passage));
            if self.places.len() == ROWS {
                self.multiply();
            }
        }
    }

    /// A single query is soonest done where the vectors lie.
    fn hold_one(&mut self, stretch: Stretch<'_>, stride: usize) {
        let query = &self.queries.numbers[..self.queries.dimensions];
        let mut products = [0; ROWS];
        let parts = stretch.bytes.chunks(ROWS * stride);
        for (first, rows) in (stretch.first..).step_by(ROWS).zip(parts) {
            let count = rows.len() / stride;
            let products = &mut products[..count];
            whole_products_in_place(query, rows, stride, SCALE_LENGTH, products);
            for ((passage, row), product) in (first..).zip(rows.chunks_exact(stride)).zip(products)
            {
                self.offer(0, *product, (scale_of(row), stretch.document, passage));
            }
        }
    }

    /// Holds the vectors that wait against all queries.
    fn multiply(&mut self) {
        if self.places.is_empty() {
            return;
        }
        let queries = self.queries;
        let mut products = std::mem::take(&mut self.products);
        let groups = queries.numbers.chunks(GROUP * queries.width);
        for (first, group) in (0..).step_by(GROUP).zip(groups) {
            let width = group.len() / queries.width;
            whole_products(&self.rows, group, queries.width, &mut products[..ROWS * width]);
            let scales = &queries.scales[first..first + width];
            for (at, products) in products.chunks_exact(width).take(self.places.len()).enumerate() {
                let place = self.places[at];
                if any_above(products, scales, place.0, &self.wanted[first..first + width]) {
                    for (query, product) in (first..).zip(products) {
                        self.offer(query, *product, place);
                    }
                }
            }
        }
        self.products = products;
        self.places.clear();
    }

    /// Takes a passage where it is wanted.
    fn offer(&mut self, query: usize, product: i32, place: (f32, u32, u32)) {
        let (scale, document, passage) = place;
        let score = scale * self.queries.scales[query] * product as f32;
        if score > self.wanted[query]
            && let Some(ranking) = self.rankings.get_mut(query)
        {
            ranking.offer(Ranked { score, document, passage });
            if let Some(least) = ranking.least() {
                self.wanted[query] = self.wanted[query].max(least);
            }
        }
    }

    fn finish(mut self) -> Vec<Ranking> {
        self.multiply();
        self.rankings
    }
}

/// The scale at the beginning of a vector as it is written.
fn scale_of(bytes: &[u8]) -> f32 {
    bytes.first_chunk().map_or(0.0, |bytes| f32::from_le_bytes(*bytes))
}
