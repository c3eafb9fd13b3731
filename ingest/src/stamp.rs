//! The time at the start of a log's line. Matched by hand: every document is asked for it, and patterns cost more to build
//! than most files to read.

/// How times are written: `0` is a digit, `9` one or two, `a` a letter, a blank one or more.
const SHAPES: [&str; 18] = [
    "0000-00-00T9:00",
    "0000-00-00 9:00",
    "0000-00-00_9:00",
    "0000/00/00 9:00",
    "0000.00.00 9:00",
    "00000000 00:00:00",
    "00000000T000000",
    "9/aaa/0000:00:00:00",
    "9-aaa-0000 9:00",
    "9 aaa 0000 9:00",
    "9/9/0000 9:00",
    "9.9.0000 9:00",
    "9-9-0000 9:00",
    "9/9/00 9:00:00",
    "aaa 9 9:00:00",
    "aaa aaa 9 9:00:00",
    "9:00:00",
    "0000000000.000 ",
];
/// Names of the time in lines of `name=value`.
const NAMES: [&str; 5] = ["time", "ts", "timestamp", "datetime", "date"];
/// Bytes from the start within which a web server's time begins.
const FAR: usize = 200;

/// How many bytes of a line its time takes, with what stands before it; `None` where it does not begin with one.
pub(crate) fn length(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let digits = bytes.iter().take(FAR).filter(|byte| byte.is_ascii_digit()).count();
    if digits < 5 {
        return None;
    }
    let starts = [Some(0), after_name(line), after_level(line), after_client(line)];
    let end = starts.into_iter().flatten().find_map(|start| {
        let start = start + opening(bytes.get(start..)?);
        SHAPES.iter().find_map(|shape| end(bytes, start, shape))
    })?;
    let rest = bytes.get(end..).unwrap_or_default();
    let zone = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b',' | b'Z');
    let mut end = end + rest.iter().take_while(|byte| zone(byte)).count();
    let rest = bytes.get(end..).unwrap_or_default();
    if let Some(offset) = [" +0000", " -0000", "+00:00", "-00:00", "+0000", "-0000"]
        .iter()
        .find_map(|shape| self::end(rest, 0, shape))
    {
        end += offset;
    }
    // A subtitle's time is that of a film.
    let rest = bytes.get(end..).unwrap_or_default();
    if rest.trim_ascii_start().starts_with(b"-->") {
        return None;
    }
    Some(end + rest.iter().take_while(|byte| matches!(byte, b']' | b'"' | b')')).count())
}

/// Brackets and quotes before a time, and the priority before that of syslog.
fn opening(bytes: &[u8]) -> usize {
    let mut at = 0;
    if bytes.first() == Some(&b'<')
        && let Some(close) = bytes.iter().take(6).position(|byte| *byte == b'>')
    {
        at = close + 1;
        if bytes.get(at..).is_some_and(|rest| rest.starts_with(b"1 ")) {
            at += 2;
        }
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| matches!(byte, b'[' | b'"' | b'(')).count()
}

fn after_name(line: &str) -> Option<usize> {
    let (name, _) = line.split_once('=')?;
    NAMES.contains(&name).then_some(name.len() + 1)
}

/// `INFO 2026-...`, `[warn] 2026-...`.
fn after_level(line: &str) -> Option<usize> {
    let end = line.find(|c: char| !c.is_ascii_alphabetic() && c != '[')?;
    let rest = line.get(end..)?;
    let gap = rest.len() - rest.trim_start_matches([']', ':', ' ', '|', '\t', '-']).len();
    ((3..=9).contains(&end) && gap > 0).then_some(end + gap)
}

/// `192.0.2.1 - ann [01/Mar/2026:...`.
fn after_client(line: &str) -> Option<usize> {
    let at = line.find('[').filter(|at| *at < FAR)?;
    (line.get(..at)?.split_whitespace().count() >= 3 && line.get(at + 3..at + 12)?.contains('/'))
        .then_some(at)
}

/// Where a shape ends that begins at `start`.
fn end(bytes: &[u8], start: usize, shape: &str) -> Option<usize> {
    let mut at = start;
    for wanted in shape.bytes() {
        let digits = |most: usize| {
            let rest = bytes.get(at..).unwrap_or_default();
            rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count()
        };
        at += match wanted {
            b'0' => digits(1),
            b'9' => digits(2),
            b'a' => usize::from(bytes.get(at).is_some_and(u8::is_ascii_alphabetic)),
            b' ' => {
                let rest = bytes.get(at..).unwrap_or_default();
                rest.iter().take_while(|byte| **byte == b' ').count()
            }
            mark => usize::from(bytes.get(at) == Some(&mark)),
        }
        .checked_sub(1)?
            + 1;
        if wanted == b'9' && bytes.get(at - 1).is_some_and(|byte| !byte.is_ascii_digit()) {
            return None;
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_many_programs_are_seen() {
        for stamp in [
            "2026-03-01T10:00:00.123Z",
            "2026-03-01 10:00:00,123",
            "[2026-03-01T10:00:00+01:00]",
            "2026/03/01 10:00:00",
            "Mar  1 10:00:00",
            "<34>1 2026-03-01T10:00:00.003Z",
            "<34>Oct 11 22:14:15",
            "[Sun Mar 01 10:00:00.123",
            "192.0.2.1 - ann [01/Mar/2026:10:00:00 +0000]",
            "time=\"2026-03-01T10:00:00Z\"",
            "[INFO] 2026-03-01 10:00:00",
            "ERROR: 2026-03-01 10:00",
            "01.03.2026 9:00",
            "10:00:00",
        ] {
            assert_eq!(length(&format!("{stamp} said")), Some(stamp.len()), "{stamp}");
        }
        for line in [
            "",
            "10:00 Welcome",
            "2026-03-01 | R1 | open",
            "    at java.lang.Thread.run(Thread.java:748)",
            "00:00:01.000 --> 00:00:04.000",
            "Approved on 2026-03-01 10:00:00",
            "Ж 2026",
        ] {
            assert_eq!(length(line), None, "{line}");
        }
    }
}
