/// Adds to each of `out`'s rows the products of one of `rows` with each of `columns`:
/// `out[r][c] += rows[r] . columns[c]`, all of them row-major.
///
/// `rows` holds vectors of `dimensions` numbers, and so does `columns`; `out` holds a number for each pair.
/// Numbers beyond the last whole vector are ignored; nothing happens where `out` is too short.
pub(crate) fn add_products(rows: &[f32], columns: &[f32], dimensions: usize, out: &mut [f32]) {
    let (rows, columns) = (Table::of(rows, dimensions), Table::of(columns, dimensions));
    let stride = columns.rows;
    rows.add_product(1.0, columns.turned(), out, stride);
}

/// Numbers in rows and columns, seen in a slice that may hold others between them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table<'a> {
    numbers: &'a [f32],
    rows: usize,
    columns: usize,
    /// Numbers from one row to the next, and from one column to the next.
    strides: (usize, usize),
}

impl<'a> Table<'a> {
    /// The whole rows of `columns` numbers each that stand in `numbers` in line.
    pub(crate) fn of(numbers: &'a [f32], columns: usize) -> Self {
        let rows = numbers.len().checked_div(columns).unwrap_or(0);
        Self { numbers, rows, columns, strides: (columns, 1) }
    }

    /// So many of its columns, from `first` on.
    pub(crate) fn part(self, first: usize, columns: usize) -> Self {
        let columns = columns.min(self.columns.saturating_sub(first));
        Self { numbers: self.numbers.get(first..).unwrap_or_default(), columns, ..self }
    }

    /// How many rows it has.
    pub(crate) fn rows(self) -> usize {
        self.rows
    }

    /// The same table with rows for columns.
    pub(crate) fn turned(self) -> Self {
        let (row, column) = self.strides;
        Self { rows: self.columns, columns: self.rows, strides: (column, row), ..self }
    }

    /// Where its last number stands, `None` where it has none.
    fn last(&self) -> Option<usize> {
        let (row, column) = (self.rows.checked_sub(1)?, self.columns.checked_sub(1)?);
        Some(row * self.strides.0 + column * self.strides.1)
    }

    /// Adds the product of the two tables, `by` times, to the numbers of `out`, where the rows are `stride` numbers apart.
    ///
    /// Nothing happens where either table is empty, where they do not fit each other, or where `out` is too short.
    #[expect(unsafe_code, reason = "sgemm takes pointers; the lengths are checked before")]
    pub(crate) fn add_product(self, by: f32, other: Table<'_>, out: &mut [f32], stride: usize) {
        let (m, k, n) = (self.rows, self.columns, other.columns);
        let (Some(last), Some(last_of_other)) = (self.last(), other.last()) else { return };
        let inside = last < self.numbers.len() && last_of_other < other.numbers.len();
        let fits = other.rows == k && (m == 1 || n <= stride);
        if !inside || !fits || out.len() < (m - 1) * stride + n {
            return;
        }
        // SAFETY: the last number of each table and of `out` lies within its slice, as just checked, and so do all others,
        // for strides are not negative; the rows of `out` do not overlap, and it is borrowed mutably, so it overlaps neither.
        unsafe {
            matrixmultiply::sgemm(
                m,
                k,
                n,
                by,
                self.numbers.as_ptr(),
                self.strides.0 as isize,
                self.strides.1 as isize,
                other.numbers.as_ptr(),
                other.strides.0 as isize,
                other.strides.1 as isize,
                1.0,
                out.as_mut_ptr(),
                stride as isize,
                1,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn products_are_those_of_the_definition(
            rows in 0usize..5, columns in 0usize..5, dimensions in 1usize..40, seed in 1u32..999,
        ) {
            let number = |at: usize| (at as u32 * seed % 17) as f32 - 8.0;
            let a: Vec<f32> = (0..rows * dimensions).map(number).collect();
            let b: Vec<f32> = (0..columns * dimensions).map(|at| number(at + 3)).collect();
            let mut out = vec![1.0; rows * columns];
            add_products(&a, &b, dimensions, &mut out);
            for (r, a) in a.chunks(dimensions).enumerate() {
                for (c, b) in b.chunks(dimensions).enumerate() {
                    let expected = 1.0 + a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
                    prop_assert!((out[r * columns + c] - expected).abs() < 1e-2);
                }
            }
        }

        #[test]
        fn parts_and_turned_tables_are_multiplied_where_they_stand(
            rows in 1usize..6, columns in 4usize..9, first in 0usize..4, width in 1usize..4,
        ) {
            let numbers: Vec<f32> = (0..rows * columns).map(|at| (at * 7 % 11) as f32 - 5.0).collect();
            let part = Table::of(&numbers, columns).part(first, width);
            let width = width.min(columns - first);
            let (stride, mut out) = (rows + 2, vec![9.0; rows * (rows + 2)]);
            part.add_product(2.0, part.turned(), &mut out, stride);
            for row in 0..rows {
                for other in 0..stride {
                    let at = |row: usize, n: usize| numbers[row * columns + first + n];
                    let product = |other| (0..width).map(|n| at(row, n) * at(other, n)).sum::<f32>();
                    let expected = if other < rows { 9.0 + 2.0 * product(other) } else { 9.0 };
                    prop_assert_eq!(out[row * stride + other], expected);
                }
            }
        }

        #[test]
        fn tables_that_do_not_fit_are_not_multiplied(rows in 0usize..4, columns in 0usize..4) {
            let numbers = vec![1.0; rows * columns];
            let table = Table::of(&numbers, columns);
            let mut short = vec![3.0; (rows * rows).saturating_sub(1)];
            table.add_product(1.0, table.turned(), &mut short, rows);
            prop_assert!(short.iter().all(|&number| number == 3.0));
            let mut out = vec![3.0; 64];
            table.add_product(1.0, Table::of(&[1.0; 5], 5).turned(), &mut out, 8);
            prop_assert!(out.iter().all(|&number| number == 3.0));
            table.add_product(1.0, table.part(columns, 2).turned(), &mut out, 8);
            prop_assert!(out.iter().all(|&number| number == 3.0));
        }
    }
}
