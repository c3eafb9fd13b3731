use super::weights::Weights;
use crate::IndexError;
use crate::product::dot;
use crate::table::Table;
use std::ops::Range;

/// A matrix and what is added to its products: `y = W x + b`.
#[derive(Debug)]
pub(super) struct Linear {
    columns: Vec<f32>,
    bias: Vec<f32>,
    inputs: usize,
}

impl Linear {
    /// Reads `NAME.weight` (`outputs` x `inputs`) and `NAME.bias`.
    pub(super) fn read(
        weights: &Weights<'_>,
        name: &str,
        inputs: usize,
        outputs: usize,
    ) -> Result<Self, IndexError> {
        Ok(Self {
            columns: weights.numbers(&format!("{name}.weight"), inputs * outputs)?,
            bias: weights.numbers(&format!("{name}.bias"), outputs)?,
            inputs,
        })
    }

    /// What it makes of each of `rows`, which stand in line.
    pub(super) fn of(&self, rows: &[f32]) -> Vec<f32> {
        let mut out = self.biases(rows.len() / self.inputs.max(1));
        self.add_part(rows, 0..self.inputs, &mut out);
        out
    }

    /// What it makes of so many rows of zeros.
    pub(super) fn biases(&self, rows: usize) -> Vec<f32> {
        self.bias.repeat(rows)
    }

    /// Adds to each row of `out` what `inputs` of a row make of it, which alone stand in `rows`.
    pub(super) fn add_part(&self, rows: &[f32], inputs: Range<usize>, out: &mut [f32]) {
        let columns = Table::of(&self.columns, self.inputs).part(inputs.start, inputs.len());
        Table::of(rows, inputs.len()).add_product(1.0, columns.turned(), out, self.bias.len());
    }
}

/// Brings each vector to mean 0 and variance 1, then scales and shifts its numbers.
#[derive(Debug)]
pub(super) struct Norm {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

/// Added to the variance, as PyTorch does.
const VARIANCE_FLOOR: f32 = 1e-5;

impl Norm {
    /// Reads `NAME.weight` and `NAME.bias`, `width` numbers each.
    pub(super) fn read(
        weights: &Weights<'_>,
        name: &str,
        width: usize,
    ) -> Result<Self, IndexError> {
        Ok(Self {
            scale: weights.numbers(&format!("{name}.weight"), width)?,
            shift: weights.numbers(&format!("{name}.bias"), width)?,
        })
    }

    /// Each of `rows`, normalised.
    pub(super) fn of(&self, rows: &[f32]) -> Vec<f32> {
        let width = self.scale.len();
        let mut out = Vec::with_capacity(rows.len());
        for row in rows.chunks_exact(width) {
            let mean = row.iter().sum::<f32>() / width as f32;
            let start = out.len();
            out.extend(row.iter().map(|x| x - mean));
            let out = &mut out[start..];
            let by = 1.0 / (dot(out, out) / width as f32 + VARIANCE_FLOOR).sqrt();
            for ((x, scale), shift) in out.iter_mut().zip(&self.scale).zip(&self.shift) {
                *x = *x * by * scale + shift;
            }
        }
        out
    }
}

/// One layer: every token looks at all others, then each is worked on by itself (Vaswani and others, Attention is all you
/// need, 2017; normalised before each half, as in GPT-2).
#[derive(Debug)]
pub(super) struct Layer {
    before_attention: Norm,
    asked: Linear,
    attended: Linear,
    before_work: Norm,
    wide: Linear,
    narrow: Linear,
    heads: usize,
}

impl Layer {
    /// Reads the layer whose tensors' names begin with `name`, for vectors of `width` numbers.
    pub(super) fn read(
        weights: &Weights<'_>,
        name: &str,
        width: usize,
        heads: usize,
    ) -> Result<Self, IndexError> {
        let part = |part: &str| format!("{name}.{part}");
        Ok(Self {
            before_attention: Norm::read(weights, &part("n1"), width)?,
            asked: Linear::read(weights, &part("qkv"), width, 3 * width)?,
            attended: Linear::read(weights, &part("o"), width, width)?,
            before_work: Norm::read(weights, &part("n2"), width)?,
            wide: Linear::read(weights, &part("a"), width, 2 * width)?,
            narrow: Linear::read(weights, &part("b"), 2 * width, width)?,
            heads,
        })
    }

    /// Adds to each of `rows`, one a token, what the layer makes of them.
    pub(super) fn add_to(&self, rows: &mut [f32], width: usize) {
        let asked = self.asked.of(&self.before_attention.of(rows));
        add(rows, &self.attended.of(&attend(&asked, width, self.heads)));
        let mut wide = self.wide.of(&self.before_work.of(rows));
        for number in &mut wide {
            *number = number.max(0.0);
        }
        add(rows, &self.narrow.of(&wide));
    }
}

fn add(rows: &mut [f32], more: &[f32]) {
    for (number, more) in rows.iter_mut().zip(more) {
        *number += more;
    }
}

/// For each token the mean of all tokens' values, weighted by how well its query fits their keys. `asked` holds query, key
/// and value of each token in line, `width` numbers each, which the heads share out.
fn attend(asked: &[f32], width: usize, heads: usize) -> Vec<f32> {
    let asked = Table::of(asked, 3 * width);
    let tokens = asked.rows();
    let share = width / heads;
    let scale = 1.0 / (share as f32).sqrt();
    let mut out = vec![0.0; tokens * width];
    let mut fits = vec![0.0; tokens * tokens];
    for head in 0..heads {
        let [queries, keys, values] =
            [0, 1, 2].map(|which| asked.part(which * width + head * share, share));
        fits.fill(0.0);
        queries.add_product(scale, keys.turned(), &mut fits, tokens);
        for fits in fits.chunks_exact_mut(tokens) {
            to_shares(fits);
        }
        let out = out.get_mut(head * share..).unwrap_or_default();
        Table::of(&fits, tokens).add_product(1.0, values, out, width);
    }
    out
}

/// Makes of numbers shares of 1, each in proportion to its exponential (softmax).
fn to_shares(numbers: &mut [f32]) {
    let most = numbers.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for number in &mut *numbers {
        *number = (*number - most).exp();
        sum += *number;
    }
    let share = 1.0 / sum;
    for number in numbers {
        *number *= share;
    }
}
