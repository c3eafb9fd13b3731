/// Vectors are filled up with zeros to a multiple of this for [`whole_products`].
pub(crate) const LANES: usize = 32;

/// The products of each of `rows` with each of `columns`: `out[r][c] = rows[r] . columns[c]`, all of them row-major.
///
/// `rows` and `columns` hold vectors of `dimensions` whole numbers from -127 to 127; `out` holds a number for each pair. All
/// machines give the same. Those with AVX2 are fast where `dimensions` is a multiple of [`LANES`], `rows` are even in number
/// and `columns` a multiple of 4.
#[allow(
    unsafe_code,
    reason = "the wide twins are called only where the processor has what they need"
)]
pub(crate) fn whole_products(rows: &[i16], columns: &[i16], dimensions: usize, out: &mut [i32]) {
    if dimensions == 0 || columns.len() < dimensions {
        return;
    }
    #[cfg(target_arch = "x86_64")]
    {
        let fits = dimensions.is_multiple_of(LANES)
            && rows.len().is_multiple_of(2 * dimensions)
            && columns.len().is_multiple_of(4 * dimensions);
        if fits && vnni::is_there() {
            // SAFETY: the machine has it, as just asked.
            return unsafe { vnni::products(rows, columns, dimensions, out) };
        }
        if fits && avx2::is_there() {
            // SAFETY: the machine has it, as just asked.
            return unsafe { avx2::products(rows, columns, dimensions, out) };
        }
    }
    let width = columns.len() / dimensions;
    for (row, out) in rows.chunks_exact(dimensions).zip(out.chunks_exact_mut(width)) {
        for (column, out) in columns.chunks_exact(dimensions).zip(out) {
            *out = row.iter().zip(column).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
        }
    }
}

/// Defines the products for processors of one kind, in a module of its own. By hand: the compiler finds no better than a
/// fourth of this speed by itself.
///
/// Two rows and four columns are gone through at a time, so that each number loaded is used more than once.
#[cfg(target_arch = "x86_64")]
macro_rules! kernel {
    (
        $(#[$doc:meta])*
        $kind:ident, [$($feature:tt),*], $features:literal, $lanes:literal, $vector:ident,
        $zero:ident, $load:ident, |$sum:ident, $a:ident, $b:ident| $add:expr, |$whole:ident| $half:expr
    ) => {
        $(#[$doc])*
        mod $kind {
            use std::arch::x86_64::*;

            pub(super) fn is_there() -> bool {
                $(is_x86_feature_detected!($feature))&&*
            }

            #[target_feature(enable = $features)]
            pub(super) fn products(
                rows: &[i16], columns: &[i16], dimensions: usize, out: &mut [i32],
            ) {
                let length = dimensions / $lanes;
                let (rows, columns) = (rows.as_chunks().0, columns.as_chunks().0);
                let width = columns.len() / length;
                for (rows, out) in rows.chunks_exact(2 * length).zip(out.chunks_exact_mut(2 * width)) {
                    let (row, below) = rows.split_at(length);
                    let (out, out_below) = out.split_at_mut(width);
                    for (four, columns) in columns.chunks_exact(4 * length).enumerate() {
                        let sums = two_by_four(row, below, columns);
                        out[4 * four..][..4].copy_from_slice(&totals(sums[0]));
                        out_below[4 * four..][..4].copy_from_slice(&totals(sums[1]));
                    }
                }
            }

            /// The products of two rows and four columns, as sums that are yet to be added up. Places are counted here:
            /// iterators that go side by side are not always made into one loop.
            #[inline]
            #[target_feature(enable = $features)]
            fn two_by_four(
                row: &[[i16; $lanes]], below: &[[i16; $lanes]], columns: &[[i16; $lanes]],
            ) -> [[$vector; 4]; 2] {
                let length = row.len();
                let below = &below[..length];
                let (first, rest) = columns.split_at(length);
                let (second, rest) = rest.split_at(length);
                let (third, fourth) = rest.split_at(length);
                let fourth = &fourth[..length];
                let mut sums = [[$zero(); 4]; 2];
                for at in 0..length {
                    let (row, below) = (load(&row[at]), load(&below[at]));
                    let columns =
                        [load(&first[at]), load(&second[at]), load(&third[at]), load(&fourth[at])];
                    for column in 0..4 {
                        sums[0][column] = add(sums[0][column], row, columns[column]);
                        sums[1][column] = add(sums[1][column], below, columns[column]);
                    }
                }
                sums
            }

            #[inline]
            #[target_feature(enable = $features)]
            #[allow(unsafe_code, reason = "the load takes a pointer")]
            fn load(lanes: &[i16; $lanes]) -> $vector {
                // SAFETY: as many numbers are read as are there, and no alignment is asked for.
                unsafe { $load(lanes.as_ptr().cast()) }
            }

            /// Adds the products of two neighbours each.
            #[inline]
            #[target_feature(enable = $features)]
            fn add($sum: $vector, $a: $vector, $b: $vector) -> $vector {
                $add
            }

            /// Eight sums of all of them.
            #[inline]
            #[target_feature(enable = $features)]
            fn half($whole: $vector) -> __m256i {
                $half
            }

            /// The sums over all numbers of each.
            #[inline]
            #[target_feature(enable = $features)]
            fn totals(sums: [$vector; 4]) -> [i32; 4] {
                let [first, second, third, fourth] = sums;
                let [first, second, third, fourth] =
                    [half(first), half(second), half(third), half(fourth)];
                let pairs = (_mm256_hadd_epi32(first, second), _mm256_hadd_epi32(third, fourth));
                let fours = _mm256_hadd_epi32(pairs.0, pairs.1);
                let (low, high) =
                    (_mm256_castsi256_si128(fours), _mm256_extracti128_si256::<1>(fours));
                let four = _mm_add_epi32(low, high);
                [
                    _mm_extract_epi32::<0>(four),
                    _mm_extract_epi32::<1>(four),
                    _mm_extract_epi32::<2>(four),
                    _mm_extract_epi32::<3>(four),
                ]
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
kernel! {
    avx2, ["avx2"], "avx2", 16, __m256i, _mm256_setzero_si256, _mm256_loadu_si256,
    |sum, a, b| _mm256_add_epi32(sum, _mm256_madd_epi16(a, b)), |whole| whole
}

#[cfg(target_arch = "x86_64")]
kernel! {
    vnni, ["avx2", "avx512f", "avx512vnni"], "avx2,avx512f,avx512vnni", 32, __m512i,
    _mm512_setzero_si512, _mm512_loadu_si512,
    |sum, a, b| _mm512_dpwssd_epi32(sum, a, b),
    |whole| _mm256_add_epi32(
        _mm512_castsi512_si256(whole), _mm512_extracti64x4_epi64::<1>(whole)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(rows: &[i16], columns: &[i16], dimensions: usize) -> Vec<i32> {
        let product = |row: &[i16], column: &[i16]| -> i32 {
            row.iter().zip(column).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
        };
        rows.chunks(dimensions)
            .flat_map(|row| columns.chunks(dimensions).map(move |column| product(row, column)))
            .collect()
    }

    proptest! {
        #[test]
        fn they_are_those_of_the_definition(
            rows in 0usize..7, columns in 0usize..10, dimensions in 1usize..40, seed in 1u32..999,
        ) {
            let number = |at: usize| (at as u32 * seed % 255) as i16 - 127;
            // Some of the shapes that are fast, and some that are not.
            let dimensions = if seed % 2 == 0 { LANES * dimensions } else { dimensions };
            let (rows, columns) = if seed % 3 == 0 { (rows, columns) } else { (2 * rows, 4 * columns) };
            let a: Vec<i16> = (0..rows * dimensions).map(number).collect();
            let b: Vec<i16> = (0..columns * dimensions).map(|at| number(at + 3)).collect();
            let mut out = vec![1; rows * columns];
            whole_products(&a, &b, dimensions, &mut out);
            prop_assert_eq!(&out, &plain(&a, &b, dimensions));
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    #[expect(unsafe_code, reason = "only what the machine has is called")]
    fn every_kind_of_processor_gives_the_same() {
        let number = |at: usize| (at * 31 % 255) as i16 - 127;
        let a: Vec<i16> = (0..4 * 2 * LANES).map(number).collect();
        let b: Vec<i16> = (0..8 * 2 * LANES).map(|at| number(at + 5)).collect();
        let expected = plain(&a, &b, 2 * LANES);
        let mut out = vec![0; 32];
        if avx2::is_there() {
            // SAFETY: as just asked.
            unsafe { avx2::products(&a, &b, 2 * LANES, &mut out) };
            assert_eq!(out, expected);
        }
        out.fill(0);
        if vnni::is_there() {
            // SAFETY: as just asked.
            unsafe { vnni::products(&a, &b, 2 * LANES, &mut out) };
            assert_eq!(out, expected);
        }
    }
}
