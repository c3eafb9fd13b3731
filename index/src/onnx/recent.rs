use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Vectors kept before they are all dropped: some tens of megabytes.
const MOST: usize = 1 << 14;

/// Vectors of texts that were embedded lately, by text. Headings, boilerplate and the sentences of a passage come again.
#[derive(Debug, Default)]
pub(super) struct RecentVectors(Mutex<HashMap<Box<str>, Vec<f32>>>);

impl RecentVectors {
    /// The vectors of `texts`, in their order; `make` is asked once for those that are missing, each once.
    pub(super) fn get<E>(
        &self,
        texts: &[&str],
        make: impl FnOnce(&[&str]) -> Result<Vec<Vec<f32>>, E>,
    ) -> Result<Vec<Vec<f32>>, E> {
        let mut found: HashMap<&str, Vec<f32>> = HashMap::with_capacity(texts.len());
        let mut missing: Vec<&str> = Vec::new();
        {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for &text in texts {
                if found.contains_key(text) {
                    continue;
                }
                let vector = known.get(text).cloned().unwrap_or_else(|| {
                    missing.push(text);
                    Vec::new()
                });
                found.insert(text, vector);
            }
        }
        if !missing.is_empty() {
            let made = make(&missing)?;
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() + missing.len() > MOST {
                known.clear();
            }
            for (text, vector) in missing.into_iter().zip(made) {
                if known.len() < MOST {
                    known.insert(text.into(), vector.clone());
                }
                found.insert(text, vector);
            }
        }
        Ok(texts.iter().map(|text| found.get(text).cloned().unwrap_or_default()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_embedded_once() {
        let recent = RecentVectors::default();
        let lengths = |texts: &[&str]| {
            Ok::<_, ()>(texts.iter().map(|text| vec![text.len() as f32]).collect::<Vec<_>>())
        };
        let made = recent.get(&["aa", "b", "aa"], |missing| {
            assert_eq!(missing, ["aa", "b"]);
            lengths(missing)
        });
        assert_eq!(made, Ok(vec![vec![2.0], vec![1.0], vec![2.0]]));
        assert_eq!(recent.get(&["b", "aa"], |_| Err(())), Ok(vec![vec![1.0], vec![2.0]]));
        assert_eq!(recent.get(&["b", "ccc"], |_| Err(())), Err(()));
        let many: Vec<String> = (0..MOST + 1).map(|at| at.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(recent.get(&many, lengths).map(|vectors| vectors.len()), Ok(MOST + 1));
        assert_eq!(recent.get(&["b"], |_| Err(())), Err(()), "dropped");
    }
}
