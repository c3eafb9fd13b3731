use crate::product::dot;

/// How the vectors of unrelated text are spread: their mean (D) and their covariance (D x D, row-major).
#[derive(Debug)]
pub(crate) struct Background {
    pub(crate) mean: Vec<f32>,
    pub(crate) covariance: Vec<f32>,
}

impl Background {
    /// Unit vectors that point everywhere alike: mean 0, covariance 1 / D on the diagonal.
    pub(crate) fn even(dimensions: usize) -> Self {
        let mut covariance = vec![0.0; dimensions * dimensions];
        for diagonal in covariance.iter_mut().step_by(dimensions + 1) {
            *diagonal = 1.0 / dimensions as f32;
        }
        Self { mean: vec![0.0; dimensions], covariance }
    }

    /// Mean and standard deviation of the similarity of unrelated text to `vector`: c.mu and sqrt(c' S c).
    /// The deviation is 0 for the zero vector.
    pub(crate) fn similarity(&self, vector: &[f32]) -> (f32, f32) {
        let variance: f32 = self
            .covariance
            .chunks_exact(self.mean.len().max(1))
            .zip(vector)
            .map(|(row, &number)| number * dot(row, vector))
            .sum();
        (dot(&self.mean, vector), variance.max(0.0).sqrt())
    }
}
