use std::collections::HashSet;

/// How many names are offered.
const MOST: usize = 4;

/// Those of `names` that look most like `wanted`, best first: by the pairs of letters that they share.
pub(super) fn near<'a>(wanted: &str, names: &'a [String]) -> Vec<&'a str> {
    let wanted = pairs(wanted);
    let mut scored: Vec<(f64, &str)> = names
        .iter()
        .map(|name| {
            let own = pairs(name);
            let shared = own.intersection(&wanted).count() as f64;
            (2.0 * shared / (own.len() + wanted.len()).max(1) as f64, name.as_str())
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(MOST).map(|(_, name)| name).collect()
}

fn pairs(name: &str) -> HashSet<(char, char)> {
    let letters: Vec<char> = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    letters.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_finds_the_name() {
        let names = ["all-MiniLM-L6-v2", "all-MiniLM-L12-v2", "bge-m3", "bge-small-en-v1.5"];
        let names = names.map(str::to_owned);
        assert_eq!(near("minilm-l6", &names)[0], "all-MiniLM-L6-v2");
        assert_eq!(near("bge-smal-en", &names)[0], "bge-small-en-v1.5");
        assert_eq!(near("", &names).len(), 4);
    }
}
