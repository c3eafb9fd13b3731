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
    /// The products of `column` with each of `rows`, which stand in bytes read from a file: as many vectors of whole
    /// numbers as `out` has places, one every `stride` bytes, each with its numbers behind `skipped` others.
    whole_products_in_place(
        column: &[i16], rows: &[u8], stride: usize, skipped: usize, out: &mut [i32]
    ) {
        for (row, out) in rows.chunks_exact(stride).zip(out) {
            let numbers = column.iter().zip(row.get(skipped..).unwrap_or_default());
            *out = numbers.map(|(&a, &b)| i32::from(a) * i32::from(b.cast_signed())).sum();
        }
    }
}

wide! {
    /// Whether `scale * scales[i] * products[i]` is above `least[i]` for any i.
    any_above(products: &[i32], scales: &[f32], scale: f32, least: &[f32]) -> bool {
        let all = products.iter().zip(scales).zip(least);
        all.fold(false, |any, ((&product, scales), least)| {
            any | (scale * scales * product as f32 > *least)
        })
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
        fn wide_functions_do_what_they_say(
            numbers in prop::collection::vec((any::<i8>(), any::<i8>()), 0..70), weight in -2f32..2.0,
        ) {
            let (a, b): (Vec<i8>, Vec<i8>) = numbers.into_iter().unzip();
            let bytes: Vec<u8> = b.iter().map(|number| number.cast_unsigned()).collect();
            let expected: i32 = a.iter().zip(&b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
            let (wide, mut products) = (a.iter().map(|&a| i16::from(a)).collect::<Vec<_>>(), [0; 2]);
            let rows: Vec<u8> = [&[7, 7, 7], &bytes[..], &[7, 7, 7], &bytes[..]].concat();
            whole_products_in_place(&wide, &rows, 3 + bytes.len(), 3, &mut products);
            prop_assert_eq!(products, [expected; 2]);
            let least = [expected as f32 * weight; 2];
            prop_assert!(!any_above(&products, &[weight; 2], 1.0, &least));
            prop_assert!(any_above(&[expected, expected + 1], &[1.0; 2], 1.0, &[expected as f32; 2]));
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
