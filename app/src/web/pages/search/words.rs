use maud::{Markup, html};

/// Characters by which a word of the text is taken for one of the query: enough to tell `validation` from `value`, few enough
/// for `validated` to count.
const STEM: usize = 5;

/// `text` with the words marked that the query has too, as far as their beginnings tell.
pub(crate) fn marked(text: &str, query: &str) -> Markup {
    let stems: Vec<String> = words(query)
        .filter(|(is_word, word)| *is_word && word.chars().count() > 2)
        .map(|(_, word)| word.to_lowercase().chars().take(STEM).collect())
        .collect();
    let is_meant = |word: &str| {
        let word = word.to_lowercase();
        stems.iter().any(|stem| {
            word == *stem || (stem.chars().count() == STEM && word.starts_with(stem.as_str()))
        })
    };
    html! {
        @for (is_word, piece) in words(text) {
            @if is_word && is_meant(piece) { mark { (piece) } } @else { (lines(piece)) }
        }
    }
}

/// A piece with its breaks of lines.
fn lines(piece: &str) -> Markup {
    html! {
        @for (position, line) in piece.split('\n').enumerate() {
            @if position > 0 { br; }
            (line)
        }
    }
}

/// The text in pieces that are words, and pieces that stand between them.
fn words(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphanumeric();
        let end = rest.find(|c: char| c.is_alphanumeric() != is_word).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some((is_word, piece))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_query_are_marked_whatever_their_ending() {
        let page = marked("Validated, <by> the group; value of validators", "validation BY a")
            .into_string();
        assert_eq!(
            page,
            "<mark>Validated</mark>, &lt;by&gt; the group; value of <mark>validators</mark>"
        );
        assert_eq!(marked("a |\nb", "").into_string(), "a |<br>b");
        assert_eq!(marked("äöü log", "log").into_string(), "äöü <mark>log</mark>");
        assert_eq!(marked("", "x").into_string(), "");
    }
}
