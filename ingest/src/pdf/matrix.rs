//! Plane geometry as PDF writes it.

/// `[a b c d e f]`, mapping `(x, y)` to `(ax + cy + e, bx + dy + f)` (ISO 32000-1, 8.3.3).
pub(super) type Matrix = [f64; 6];

/// The matrix that changes nothing.
pub(super) const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// A point or a vector, in points of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// First `a`, then `b`.
pub(super) fn then(a: &Matrix, b: &Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

/// A move by `(x, y)`.
pub(super) fn shift(x: f64, y: f64) -> Matrix {
    [1.0, 0.0, 0.0, 1.0, x, y]
}

/// Where the matrix takes `(x, y)`.
pub(super) fn place(matrix: &Matrix, x: f64, y: f64) -> Point {
    Point {
        x: matrix[0] * x + matrix[2] * y + matrix[4],
        y: matrix[1] * x + matrix[3] * y + matrix[5],
    }
}

impl Point {
    /// From `other` to this point.
    pub(super) fn from(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y }
    }

    /// How far it reaches along a direction (of length 1).
    pub(super) fn along(self, direction: Self) -> f64 {
        self.x * direction.x + self.y * direction.y
    }

    /// How far it reaches to the left of a direction (of length 1).
    pub(super) fn across(self, direction: Self) -> f64 {
        self.y * direction.x - self.x * direction.y
    }

    /// Its length.
    pub(super) fn length(self) -> f64 {
        self.x.hypot(self.y)
    }
}
