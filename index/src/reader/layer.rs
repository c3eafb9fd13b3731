use super::weights::Weights;
use crate::IndexError;
use crate::product::{add_products, dot};

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
        let mut out = self.bias.repeat(rows.len() / self.inputs.max(1));
        add_products(rows, &self.columns, self.inputs, &mut out);
        out
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
            let variance = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / width as f32;
            let by = 1.0 / (variance + VARIANCE_FLOOR).sqrt();
            let parts = self.scale.iter().zip(&self.shift).zip(row);
            out.extend(parts.map(|((scale, shift), x)| (x - mean) * by * scale + shift));
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
    let tokens = asked.len() / (3 * width);
    let share = width / heads;
    let part = |token: usize, which: usize, head: usize| {
        let start = token * 3 * width + which * width + head * share;
        &asked[start..start + share]
    };
    let scale = 1.0 / (share as f32).sqrt();
    let mut out = vec![0.0; tokens * width];
    let mut fits = vec![0.0; tokens];
    for head in 0..heads {
        for token in 0..tokens {
            let query = part(token, 0, head);
            for (other, fit) in fits.iter_mut().enumerate() {
                *fit = scale * dot(query, part(other, 1, head));
            }
            let most = fits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let mut sum = 0.0;
            for fit in &mut fits {
                *fit = (*fit - most).exp();
                sum += *fit;
            }
            let own = &mut out[token * width + head * share..][..share];
            for (other, fit) in fits.iter().enumerate() {
                let weight = fit / sum;
                for (own, value) in own.iter_mut().zip(part(other, 2, head)) {
                    *own += weight * value;
                }
            }
        }
    }
    out
}
