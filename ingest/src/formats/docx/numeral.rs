//! Numbers as lists show them.

/// A number in a list's format, as OOXML names it; in digits where the format is one of the rarer ones.
pub(in crate::formats) fn numeral(number: u32, format: &str) -> String {
    match format {
        "none" | "bullet" => String::new(),
        "lowerLetter" => letters(number),
        "upperLetter" => letters(number).to_uppercase(),
        "lowerRoman" => roman(number),
        "upperRoman" => roman(number).to_uppercase(),
        "decimalZero" => format!("{number:02}"),
        "ordinal" => ordinal(number),
        _ => number.to_string(),
    }
}

fn letters(number: u32) -> String {
    let letter = char::from(b'a' + (number.saturating_sub(1) % 26) as u8);
    String::from(letter).repeat((number.saturating_sub(1) / 26 + 1).min(8) as usize)
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn roman(number: u32) -> String {
    const NUMERALS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut left = number.min(3999);
    let mut text = String::new();
    for (value, numeral) in NUMERALS {
        while left >= value {
            text.push_str(numeral);
            left -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_those_that_word_shows() {
        let formats = ["decimal", "lowerLetter", "upperRoman", "ordinal", "decimalZero", "none"];
        let shown = formats.map(|format| numeral(28, format));
        assert_eq!(shown, ["28", "bb", "XXVIII", "28th", "28", ""]);
    }
}
