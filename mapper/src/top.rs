//! Policies that top management has adopted, as their control blocks say.

use crate::finding::{CheckReading, Met, Reader};
use crate::ground::Ground;
use crate::likeness::words;
use crate::pattern::pattern;
use regex::Regex;
use std::sync::LazyLock;
use sufficit_evidence::{DocumentKind, Proof, Requirement};

/// Checks that ask whether a policy was signed at the top.
static ASKED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\bpolicy\b.*\b(?:adopted|approved) and signed by (?:top management|the board)\b")
});

/// Who is top management. Boards of less than the company, as for ethics, are not.
static TOP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|\bthe |management |executive |supervisory )board\b|\bboard of (?:directors|management|trustees)\b|\b(?:ceo|exco|chief executive|managing director|managing board|executive (?:committee|management|team)|top management|president|director general|general manager)\b",
    )
});

/// The reading of a check that asks whether top management signed the policy, from the policy's own approval, where no passage shows it: the
/// document is that policy by its title, in force, and its approver is of the top. Any other reading stays as it is.
pub(crate) fn by_control<'r>(
    reader: &Reader<'_>,
    requirement: &Requirement,
    read: CheckReading<'r>,
) -> CheckReading<'r> {
    let open = matches!(read.met, Met::Missing | Met::Touched | Met::Undated);
    if !(open && ASKED.is_match(&read.check.text)) {
        return read;
    }
    let facts = &reader.document.facts;
    let approver = facts.approver.as_ref().filter(|approver| TOP.is_match(&approver.value));
    let citation = approver.and_then(|approver| approver.origin.citation());
    let title = facts.title_text();
    let is_it = facts.kind() == DocumentKind::Policy
        && reader.standing.in_force()
        && requirement
            .evidence
            .iter()
            .flat_map(|evidence| &evidence.names)
            .any(|name| is_called(title, name));
    match citation {
        Some(citation) if is_it => {
            let ground = match read.check.by {
                Proof::Paper => Ground::LaidDown,
                Proof::Record => Ground::DatedRecord,
            };
            CheckReading { met: ground.met(), ground, citation: Some(citation.clone()), ..read }
        }
        _ => read,
    }
}

/// Whether a title has all words of a name.
fn is_called(title: &str, name: &str) -> bool {
    let title: Vec<String> = words(title).collect();
    words(name).all(|word| title.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boards_of_the_company_are_its_top_and_others_are_not() {
        for top in [
            "Board of Directors",
            "the Board",
            "Group Executive Committee",
            "S. Hanrahan, CEO",
            "Management Board, 3 May",
        ] {
            assert!(TOP.is_match(top), "{top}");
        }
        for other in ["AI Ethics Board", "Head of IT", "Change advisory board", "CISO"] {
            assert!(!TOP.is_match(other), "{other}");
        }
    }
}
