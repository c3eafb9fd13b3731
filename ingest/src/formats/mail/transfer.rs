//! The codings that carry bytes through mail, each decoded as far as it goes: a mail that was cut off or changed on its way
//! still has most of what was sent.

use base64::{
    alphabet,
    engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig},
};

pub(super) fn base64(body: &[u8]) -> Vec<u8> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    // What comes after the padding is no longer part of it.
    let end = body.iter().position(|byte| *byte == b'=').unwrap_or(body.len());
    let digits: Vec<u8> = body
        .iter()
        .take(end)
        .copied()
        .filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        .collect();
    // One digit alone is not yet a byte.
    let whole = if digits.len() % 4 == 1 { digits.len() - 1 } else { digits.len() };
    GeneralPurpose::new(&alphabet::STANDARD, config)
        .decode(digits.get(..whole).unwrap_or_default())
        .unwrap_or_default()
}

pub(super) fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte != b'=' {
            out.push(*byte);
            continue;
        }
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            out.push(byte);
            rest = after.get(2..).unwrap_or_default();
            continue;
        }
        // At the end of a line it only says that the line goes on.
        let blanks = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        match after.get(blanks) {
            Some(b'\n') => rest = after.get(blanks + 1..).unwrap_or_default(),
            None => rest = &[],
            Some(_) => out.push(b'='),
        }
    }
    out
}

pub(super) fn uuencode(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let value = |byte: u8| byte.wrapping_sub(b' ') & 63;
    let lines = body.split(|byte| *byte == b'\n').skip_while(|line| !line.starts_with(b"begin "));
    for line in lines.skip(1) {
        let [length, digits @ ..] = line.trim_ascii_end() else { break };
        if line.starts_with(b"end") {
            break;
        }
        let mut left = usize::from(value(*length));
        for four in digits.chunks(4) {
            let at = |n: usize| u32::from(value(four.get(n).copied().unwrap_or(b' ')));
            let word = at(0) << 18 | at(1) << 12 | at(2) << 6 | at(3);
            let [_, bytes @ ..] = word.to_be_bytes();
            out.extend(bytes.iter().take(left));
            left = left.saturating_sub(3);
        }
    }
    out
}
