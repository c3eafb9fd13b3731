/// Adds to each of `out`'s rows the products of one of `rows` with each of `columns`:
/// `out[r][c] += rows[r] . columns[c]`, all of them row-major.
///
/// `rows` holds vectors of `dimensions` numbers, and so does `columns`; `out` holds a number for each pair.
/// Numbers beyond the last whole vector are ignored; nothing happens where `out` is too short.
#[allow(unsafe_code)]
pub(crate) fn add_products(rows: &[f32], columns: &[f32], dimensions: usize, out: &mut [f32]) {
    if dimensions == 0 {
        return;
    }
    let (m, n) = (rows.len() / dimensions, columns.len() / dimensions);
    if out.len() < m * n {
        return;
    }
    let (d, n_stride) = (dimensions as isize, n as isize);
    // SAFETY: `rows` holds m * dimensions numbers, `columns` n * dimensions and `out` m * n, as just checked,
    // and the strides walk each of them row by row; `out` is borrowed mutably, so it overlaps neither.
    unsafe {
        matrixmultiply::sgemm(
            m,
            dimensions,
            n,
            1.0,
            rows.as_ptr(),
            d,
            1,
            columns.as_ptr(),
            1,
            d,
            1.0,
            out.as_mut_ptr(),
            n_stride,
            1,
        );
    }
}
