use sufficit_evidence::{Document, Passage};

/// Where each passage stands in the document's text, in bytes: start and end. Or the position of the
/// first passage that is not the text at its span, or whose ordinal is not its position.
///
/// One pass over the text, however many passages there are.
pub(crate) fn of_passages(document: &Document) -> Result<Vec<(usize, usize)>, usize> {
    let mut wanted: Vec<usize> = document
        .passages
        .iter()
        .flat_map(|passage| [passage.span.start, passage.span.end])
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let bytes = bytes_of(&document.text, &wanted);
    let byte = |char: usize| {
        wanted.binary_search(&char).ok().and_then(|position| bytes.get(position)).copied()
    };
    let place = |(position, passage): (usize, &Passage)| {
        let start = byte(passage.span.start).ok_or(position)?;
        let end = byte(passage.span.end).ok_or(position)?;
        let text = document.text.get(start..end).ok_or(position)?;
        let in_place = usize::try_from(passage.ordinal) == Ok(position);
        if in_place && text == passage.text { Ok((start, end)) } else { Err(position) }
    };
    document.passages.iter().enumerate().map(place).collect()
}

/// The byte at which each of the characters `wanted` (ascending) begins; ends where the text does.
fn bytes_of(text: &str, wanted: &[usize]) -> Vec<usize> {
    if text.is_ascii() {
        return wanted.iter().copied().take_while(|&char| char <= text.len()).collect();
    }
    let ends = std::iter::once(text.len());
    let mut starts = text.char_indices().map(|(byte, _)| byte).chain(ends);
    let mut next = 0;
    let mut bytes = Vec::with_capacity(wanted.len());
    for &char in wanted {
        let Some(byte) = starts.nth(char - next) else { break };
        bytes.push(byte);
        next = char + 1;
    }
    bytes
}
