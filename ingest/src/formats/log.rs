use super::Content;
use crate::{Limits, block::Block, budget::Budget, stamp};
use sufficit_evidence::PageStatus;

/// Lines that are looked at to see whether a text is a log.
const LOOKED_AT: usize = 400;
/// Lines with a time at their start that make a log at least.
const FEWEST: usize = 3;

/// Whether a text is a log: most of its lines that are not set in begin with a time. Where its name says that it is one,
/// some lines are enough.
pub(crate) fn is_log(text: &str, named: bool) -> bool {
    let lines =
        text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with([' ', '\t']));
    let (mut all, mut timed) = (0_usize, 0_usize);
    for line in lines.take(LOOKED_AT) {
        all += 1;
        timed += usize::from(stamp::length(line).is_some());
    }
    timed >= FEWEST && timed * if named { 5 } else { 2 } >= all
}

/// A log: each entry by itself, with the lines that go on with it (a stack trace). One that is longer than the limit is
/// cut after the last entry that fits, and its page is marked as cut.
pub(crate) fn read(text: &str, limits: &Limits) -> Content {
    let mut budget = Budget::of(limits);
    let (mut blocks, mut status) = (Vec::new(), PageStatus::Ok);
    let (mut entry, mut head): (Option<(&str, String)>, Vec<&str>) = (None, Vec::new());
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if budget.text(line).is_err() {
            status = PageStatus::Truncated;
            entry = None;
            break;
        }
        match (stamp::length(line).and_then(|length| line.split_at_checked(length)), &mut entry) {
            (Some((time, said)), _) => {
                blocks.extend(entry.take().map(item));
                entry = Some((time, said.to_owned()));
            }
            (None, Some((_, said))) => {
                said.push('\n');
                said.push_str(line);
            }
            (None, None) => head.push(line),
        }
    }
    blocks.extend(entry.map(item));
    let above = (!head.is_empty()).then(|| Block::Paragraph(head.join("\n")));
    let page = (status == PageStatus::Truncated).then_some(Block::PageStart(status));
    let blocks = page.into_iter().chain(above).chain(blocks).collect();
    Content { blocks, properties: Vec::new() }
}

/// An entry, its time as the marker: so it stands as it was written.
fn item((time, said): (&str, String)) -> Block {
    match said.trim() {
        "" => Block::Paragraph(time.to_owned()),
        said => Block::Item { level: 0, marker: time.to_owned(), text: said.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Extraction, extract};
    use sufficit_evidence::DocumentKind;

    const LOG: &str = "Backup service, host b1\n2026-03-01 02:00:00 backup started\n2026-03-01 02:10:00 restore test failed\n  caused by: disk full\nTraceback: none\n\n2026-03-02 02:00:00 backup started\n2026-03-02 02:20:00 restore test passed\n";

    #[test]
    fn entries_stand_by_themselves_with_the_lines_that_go_on() {
        assert!(is_log(LOG, false));
        assert!(!is_log("2026-03-01 10:00 Kick-off\nWho: Ann\nWhat: scope\n", false));
        let item = |time: &str, text: &str| Block::Item {
            level: 0,
            marker: time.into(),
            text: text.into(),
        };
        let expected = [
            Block::Paragraph("Backup service, host b1".into()),
            item("2026-03-01 02:00:00", "backup started"),
            item(
                "2026-03-01 02:10:00",
                "restore test failed\n  caused by: disk full\nTraceback: none",
            ),
            item("2026-03-02 02:00:00", "backup started"),
            item("2026-03-02 02:20:00", "restore test passed"),
        ];
        assert_eq!(read(LOG, &Limits::default()).blocks, expected);
    }

    #[test]
    fn a_log_is_told_as_one_and_its_days_are_found() {
        let web: String = (1..9)
            .map(|day| {
                format!(
                    "192.0.2.1 - - [0{day}/Mar/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 12\n"
                )
            })
            .collect();
        for text in [LOG, &web] {
            let Extraction::Read(document) = extract(text.as_bytes(), "a", &Limits::default())
            else {
                panic!("it is read");
            };
            let kind = document.facts.kind.map(|kind| kind.value);
            assert_eq!(kind, Some(DocumentKind::Log), "{text}");
            assert!(document.facts.dates.len() >= 4, "{text}");
        }
    }

    #[test]
    fn a_log_over_the_limit_is_cut_and_says_so() {
        let text = "2026-03-01 02:00:00 backup started\n".repeat(100);
        let limits = Limits { text_chars: 1000, ..Limits::default() };
        let Extraction::Read(document) = extract(text.as_bytes(), "a.log", &limits) else {
            panic!("it is read");
        };
        assert_eq!(document.pages.first().map(|page| page.status), Some(PageStatus::Truncated));
        assert!(document.text.chars().count() <= 1000);
        assert!(document.text.ends_with("started"));
    }
}
