/// Adds to each of `out`'s rows the products of one of `rows` with each of `columns`:
/// `out[r][c] += rows[r] . columns[c]`, all of them row-major.
///
/// `rows` holds vectors of `dimensions` numbers, and so does `columns`; `out` holds a number for each pair.
/// Numbers beyond the last whole vector are ignored; nothing happens where `out` is too short.
#[expect(unsafe_code, reason = "sgemm takes pointers; the lengths are checked before")]
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

/// Defines a function on numbers in a row twice over, for any machine and for one with AVX2, and calls the one that
/// fits. Both do the same operations in the same order, so they give the same bits; the second does eight at a time.
macro_rules! wide {
    ($(#[$doc:meta])* $name:ident($($argument:ident: $kind:ty),*) $(-> $result:ty)? $body:block) => {
        $(#[$doc])*
        #[allow(unsafe_code, reason = "the wide twin is called only where the processor has AVX2")]
        pub(crate) fn $name($($argument: $kind),*) $(-> $result)? {
            #[inline(always)]
            fn plain($($argument: $kind),*) $(-> $result)? $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn avx2($($argument: $kind),*) $(-> $result)? {
                    plain($($argument),*)
                }
                if is_x86_feature_detected!("avx2") {
                    // SAFETY: the machine has AVX2, as just asked.
                    return unsafe { avx2($($argument),*) };
                }
            }
            plain($($argument),*)
        }
    };
}

wide! {
    /// Adds `weight` times each number of `row` to that of `sum`.
    add_whole_row(sum: &mut [f32], row: &[i8], weight: f32) {
        for (sum, &number) in sum.iter_mut().zip(row) {
            *sum += weight * f32::from(number);
        }
    }
}

wide! {
    /// The dot product of two vectors of whole numbers; the second as bytes read from a file.
    whole_product(a: &[i8], b: &[u8]) -> i32 {
        a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b.cast_signed())).sum()
    }
}

/// Vectors of whole numbers are filled up with zeros to a multiple of this for [`whole_products`].
pub(crate) const WHOLE_LANES: usize = 16;

/// The products of each of `rows` with each of `columns`: `out[r][c] = rows[r] . columns[c]`, all of them row-major.
///
/// `rows` and `columns` hold vectors of `dimensions` numbers from -127 to 127; `out` holds a number for each pair. All
/// machines give the same. Those with AVX2 are fast where `dimensions` is a multiple of [`WHOLE_LANES`], `rows` are even
/// in number and `columns` a multiple of 4.
#[allow(unsafe_code, reason = "the wide twin is called only where the processor has AVX2")]
pub(crate) fn whole_products(rows: &[i16], columns: &[i16], dimensions: usize, out: &mut [i32]) {
    if dimensions == 0 || columns.len() < dimensions {
        return;
    }
    #[cfg(target_arch = "x86_64")]
    {
        let fits = dimensions.is_multiple_of(WHOLE_LANES)
            && rows.len().is_multiple_of(2 * dimensions)
            && columns.len().is_multiple_of(4 * dimensions);
        if fits && is_x86_feature_detected!("avx2") {
            // SAFETY: the machine has AVX2, as just asked.
            return unsafe { avx2::whole_products(rows, columns, dimensions, out) };
        }
    }
    let width = columns.len() / dimensions;
    for (row, out) in rows.chunks_exact(dimensions).zip(out.chunks_exact_mut(width)) {
        for (column, out) in columns.chunks_exact(dimensions).zip(out) {
            *out = row.iter().zip(column).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
        }
    }
}

/// By hand: the compiler finds no better than a fourth of this speed by itself.
#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::WHOLE_LANES;
    use std::arch::x86_64::*;

    /// Two rows and four columns at a time, so that each number loaded is used more than once.
    #[target_feature(enable = "avx2")]
    pub(super) fn whole_products(
        rows: &[i16],
        columns: &[i16],
        dimensions: usize,
        out: &mut [i32],
    ) {
        let width = columns.len() / dimensions;
        for (rows, out) in rows.chunks_exact(2 * dimensions).zip(out.chunks_exact_mut(2 * width)) {
            let (row, other_row) = rows.split_at(dimensions);
            let (out, other_out) = out.split_at_mut(width);
            let outs = out.as_chunks_mut::<4>().0.iter_mut().zip(other_out.as_chunks_mut::<4>().0);
            for (columns, (out, other_out)) in columns.chunks_exact(4 * dimensions).zip(outs) {
                let mut sums = [_mm256_setzero_si256(); 4];
                let mut other_sums = sums;
                let lanes = row.as_chunks().0.iter().zip(other_row.as_chunks().0);
                for (at, (numbers, other_numbers)) in lanes.enumerate() {
                    let (numbers, other_numbers) = (load(numbers), load(other_numbers));
                    let sums = sums.iter_mut().zip(&mut other_sums);
                    for (column, (sum, other_sum)) in columns.chunks_exact(dimensions).zip(sums) {
                        let Some(column) = column.as_chunks().0.get(at) else { continue };
                        let column = load(column);
                        *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(numbers, column));
                        *other_sum =
                            _mm256_add_epi32(*other_sum, _mm256_madd_epi16(other_numbers, column));
                    }
                }
                *out = totals(sums);
                *other_out = totals(other_sums);
            }
        }
    }

    #[target_feature(enable = "avx2")]
    #[allow(unsafe_code, reason = "the load takes a pointer")]
    fn load(numbers: &[i16; WHOLE_LANES]) -> __m256i {
        // SAFETY: there are sixteen numbers of two bytes, the 32 bytes that are read; no alignment is asked for.
        unsafe { _mm256_loadu_si256(numbers.as_ptr().cast()) }
    }

    /// The sums over the eight numbers of each.
    #[target_feature(enable = "avx2")]
    fn totals(sums: [__m256i; 4]) -> [i32; 4] {
        let (front, back) =
            (_mm256_hadd_epi32(sums[0], sums[1]), _mm256_hadd_epi32(sums[2], sums[3]));
        let halves = _mm256_hadd_epi32(front, back);
        let (low, high) = (_mm256_castsi256_si128(halves), _mm256_extracti128_si256::<1>(halves));
        let four = _mm_add_epi32(low, high);
        [
            _mm_extract_epi32::<0>(four),
            _mm_extract_epi32::<1>(four),
            _mm_extract_epi32::<2>(four),
            _mm_extract_epi32::<3>(four),
        ]
    }
}

wide! {
    /// The dot product of two vectors of one length.
    dot(a: &[f32], b: &[f32]) -> f32 {
        let (eights_a, rest_a) = a.as_chunks::<8>();
        let (eights_b, rest_b) = b.as_chunks::<8>();
        let mut sums = [0f32; 8];
        for (a, b) in eights_a.iter().zip(eights_b) {
            for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
                *sum += a * b;
            }
        }
        let rest: f32 = rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum();
        sums.iter().sum::<f32>() + rest
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
        fn whole_products_are_those_of_the_definition(
            rows in 0usize..7, columns in 0usize..10, dimensions in 1usize..40, seed in 1u32..999,
        ) {
            let number = |at: usize| (at as u32 * seed % 255) as i16 - 127;
            // Some of the shapes that are fast, and some that are not.
            let dimensions = if seed % 2 == 0 { 16 * dimensions } else { dimensions };
            let (rows, columns) = if seed % 3 == 0 { (rows, columns) } else { (2 * rows, 4 * columns) };
            let a: Vec<i16> = (0..rows * dimensions).map(number).collect();
            let b: Vec<i16> = (0..columns * dimensions).map(|at| number(at + 3)).collect();
            let mut out = vec![1; rows * columns];
            whole_products(&a, &b, dimensions, &mut out);
            for (r, a) in a.chunks(dimensions).enumerate() {
                for (c, b) in b.chunks(dimensions).enumerate() {
                    let expected: i32 =
                        a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
                    prop_assert_eq!(out[r * columns + c], expected);
                }
            }
        }

        #[test]
        fn wide_functions_do_what_they_say(
            numbers in prop::collection::vec((any::<i8>(), any::<i8>()), 0..70), weight in -2f32..2.0,
        ) {
            let (a, b): (Vec<i8>, Vec<i8>) = numbers.into_iter().unzip();
            let bytes: Vec<u8> = b.iter().map(|number| number.cast_unsigned()).collect();
            let expected: i32 = a.iter().zip(&b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
            prop_assert_eq!(whole_product(&a, &bytes), expected);
            let start: Vec<f32> = b.iter().map(|&number| f32::from(number)).collect();
            let mut sum = start.clone();
            add_whole_row(&mut sum, &a, weight);
            let expected: Vec<f32> =
                start.iter().zip(&a).map(|(s, &n)| s + weight * f32::from(n)).collect();
            prop_assert_eq!(&sum, &expected);
            let whole: f32 = start.iter().zip(&sum).map(|(a, b)| a * b).sum();
            prop_assert!((dot(&start, &sum) - whole).abs() <= 1e-4 * (1e6 + whole.abs()));
        }
    }
}
