//! A small cross-encoder over the token vectors of the static model: it reads a check and a quote together and says how
//! surely the quote shows the check. models/README.md says how it was made.

mod layer;
mod quotes;
mod weights;

use crate::IndexError;
use crate::table::add_products;
use layer::{Layer, Linear, Norm};
pub use quotes::QuoteReader;
use weights::{Weights, fault};

/// Heads of each layer's attention.
const HEADS: usize = 4;
/// Tokens of a check and of a quote that are read; the rest is not.
pub(crate) const CHECK_TOKENS: usize = 40;
pub(crate) const QUOTE_TOKENS: usize = 72;
/// What is known of a token beside its vector: what it counts for, how near the nearest of the other side is, whether it
/// stands there too, and which side it is of, twice.
const BESIDE: usize = 5;
/// The least that a cosine can be.
const FARTHEST: f32 = -1.0;

/// Reads a check and a quote together.
#[derive(Debug)]
pub(crate) struct CheckReader {
    width: usize,
    input: Linear,
    places: Vec<f32>,
    layers: Vec<Layer>,
    norm: Norm,
    hidden: Linear,
    output: Linear,
    /// What a token of middling weight counts for, by which the others are measured.
    usual_length: f32,
}

/// A text as the reader takes it.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    pub(crate) ids: Vec<u32>,
    /// The tokens' vectors, each of length 1, one after another.
    pub(crate) vectors: Vec<f32>,
    /// What each token counts for in a text's vector.
    pub(crate) lengths: Vec<f32>,
}

impl CheckReader {
    /// Reads a reader from the bytes of its file, for token vectors of so many dimensions.
    pub(crate) fn from_bytes(bytes: &[u8], dimensions: usize) -> Result<Self, IndexError> {
        let weights = Weights::parse(bytes)?;
        let (width, inputs) = weights.table("p.weight")?;
        if inputs != dimensions + BESIDE || width % HEADS != 0 {
            return Err(fault("not made for this model's token vectors"));
        }
        let layers = weights.ending(".qkv.weight");
        let usual_length = weights.numbers("usual_length", 1)?.first().copied();
        Ok(Self {
            width,
            input: Linear::read(&weights, "p", inputs, width)?,
            places: weights.numbers("pos.weight", (CHECK_TOKENS + QUOTE_TOKENS) * width)?,
            layers: (0..layers)
                .map(|n| Layer::read(&weights, &format!("l.{n}"), width, HEADS))
                .collect::<Result<_, _>>()?,
            norm: Norm::read(&weights, "n", width)?,
            hidden: Linear::read(&weights, "f", 2 * width, width)?,
            output: Linear::read(&weights, "o", width, 1)?,
            usual_length: usual_length.filter(|most| *most > 0.0).unwrap_or(1.0),
        })
    }

    /// How surely the quote shows what the check asks for, as log-odds; `None` where either holds no token that is known.
    pub(crate) fn read(&self, check: &Side, quote: &Side) -> Option<f32> {
        if check.ids.is_empty() || quote.ids.is_empty() {
            return None;
        }
        let (near_check, near_quote) = nearest(check, quote);
        let mut rows = self.seen(check, &near_check, quote, [0.0, 1.0]);
        rows.extend(self.seen(quote, &near_quote, check, [1.0, 0.0]));
        let of_check = self.places.chunks_exact(self.width).take(check.ids.len());
        let of_quote = self.places.chunks_exact(self.width).skip(CHECK_TOKENS);
        for (row, place) in rows.chunks_exact_mut(self.width).zip(of_check.chain(of_quote)) {
            for (number, place) in row.iter_mut().zip(place) {
                *number += place;
            }
        }
        for layer in &self.layers {
            layer.add_to(&mut rows, self.width);
        }
        let rows = self.norm.of(&rows);
        let (of_check, of_quote) = rows.split_at(check.ids.len() * self.width);
        let sides = [mean(of_check, self.width), mean(of_quote, self.width)].concat();
        let mut hidden = self.hidden.of(&sides);
        for number in &mut hidden {
            *number = number.tanh();
        }
        self.output.of(&hidden).first().copied()
    }

    /// A row for each token of `own`, `near` its nearest of `other`, which is the text on the other side.
    fn seen(&self, own: &Side, near: &[f32], other: &Side, side: [f32; 2]) -> Vec<f32> {
        let tokens = own.ids.iter().zip(&own.lengths).zip(near);
        let beside: Vec<f32> = tokens
            .flat_map(|((id, length), near)| {
                let there = if other.ids.contains(id) { 1.0 } else { 0.0 };
                [(length / self.usual_length).ln_1p(), *near, there, side[0], side[1]]
            })
            .collect();
        let dimensions = own.vectors.len() / own.ids.len();
        let mut rows = self.input.biases(own.ids.len());
        self.input.add_part(&own.vectors, 0..dimensions, &mut rows);
        self.input.add_part(&beside, dimensions..dimensions + BESIDE, &mut rows);
        rows
    }
}

/// How near the nearest token of the other side is to each of the first and of the second, as cosines.
fn nearest(first: &Side, second: &Side) -> (Vec<f32>, Vec<f32>) {
    let (rows, columns) = (first.ids.len(), second.ids.len());
    let mut products = vec![0.0; rows * columns];
    add_products(&first.vectors, &second.vectors, first.vectors.len() / rows, &mut products);
    let (mut near_first, mut near_second) = (vec![FARTHEST; rows], vec![FARTHEST; columns]);
    for (products, near_first) in products.chunks_exact(columns).zip(&mut near_first) {
        for (product, near_second) in products.iter().zip(&mut near_second) {
            *near_first = near_first.max(*product);
            *near_second = near_second.max(*product);
        }
    }
    (near_first, near_second)
}

/// The mean of vectors that stand in line.
fn mean(rows: &[f32], width: usize) -> Vec<f32> {
    let count = (rows.len() / width) as f32;
    let mut sum = vec![0.0; width];
    for row in rows.chunks_exact(width) {
        for (sum, number) in sum.iter_mut().zip(row) {
            *sum += number / count;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use crate::StaticModel;
    use safetensors::Dtype;
    use safetensors::tensor::TensorView;
    use std::path::Path;

    fn shipped() -> StaticModel {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/static-en");
        StaticModel::from_folder(&folder).expect("the model that ships")
    }

    #[test]
    fn the_numbers_are_those_of_the_library_that_it_was_taught_with() {
        let model = shipped();
        let sample = include_str!("../../../models/static-en/reader.jsonl");
        for line in sample.lines() {
            let pair: serde_json::Value = serde_json::from_str(line).expect("a pair");
            let text = |name: &str| pair[name].as_str().expect("a text");
            let read = model.read(text("check"), text("quote")).expect("known words");
            let expected = pair["odds"].as_f64().expect("log-odds") as f32;
            assert!((read - expected).abs() < 2e-3, "{line}: {read}");
        }
        assert!(sample.lines().count() >= 20);
    }

    #[test]
    fn a_quote_that_says_it_is_read_as_showing_it() {
        let model = shipped();
        let check = "Information backup. Backup copies are restored as a test at set intervals.";
        let read = |quote: &str| model.read(check, quote).expect("known words");
        let says =
            read("Backups | Every quarter a backup is restored on a spare server as a test.");
        for other in
            ["Canteen | Every quarter the menu is tested by the staff.", "Contents | 4 Backups"]
        {
            assert!(says > read(other) + 1.0, "{says} against {} for {other}", read(other));
        }
        assert_eq!(model.read(check, "\u{4e00}\u{4e01}"), None, "no word that is known");
        assert_eq!(model.read("", "Backups are tested."), None);
    }

    #[test]
    fn what_was_made_for_other_vectors_is_refused() {
        let bytes = include_bytes!("../../../models/static-en/reader.safetensors");
        let fault = |bytes: &[u8], dimensions| {
            super::CheckReader::from_bytes(bytes, dimensions).expect_err("a fault").to_string()
        };
        assert!(fault(bytes, 64).ends_with("not made for this model's token vectors"));
        assert!(fault(b"", 256).contains("reader.safetensors"));
        let tensor =
            TensorView::new(Dtype::F32, vec![4, 8 + super::BESIDE], &[0; 208]).expect("a table");
        let short = safetensors::serialize([("p.weight", tensor)], None).expect("a file");
        assert!(fault(&short, 8).contains("reader.safetensors"));
    }
}
