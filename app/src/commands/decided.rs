use crate::deed::{absence, day, deed};
use crate::failure::Failure;
use crate::output::{MatchView, line, wrapped};
use std::io::Write;
use sufficit_evidence::{Decision, FileRecord, MatchStatus};

/// The verdict of a person, where there is one.
pub(super) fn decided_line(out: &mut impl Write, view: &MatchView) -> Result<(), Failure> {
    let Some(decided) = &view.decided else { return Ok(()) };
    let status = match view.proposal.status {
        MatchStatus::ConfirmAgain => "to be confirmed again; decided",
        status => status.name(),
    };
    let given = decided.sufficiency.map(|given| format!(" with {given}")).unwrap_or_default();
    let why = if decided.why.is_empty() { String::new() } else { format!(": {}", decided.why) };
    let day = decided.at.get(..10).unwrap_or(&decided.at);
    line(out, &wrapped(&format!("{status}{given} by {} on {day}{why}", decided.by), 4))
}

/// What was decided of matches whose documents are not in the record now, with what became of them; `files` are those that are
/// there.
pub(super) fn departed_lines(
    out: &mut impl Write,
    departed: &[Decision],
    files: &[FileRecord],
) -> Result<(), Failure> {
    if departed.is_empty() {
        return Ok(());
    }
    line(out, "")?;
    line(
        out,
        "Decided on documents that are not in the record now; it is kept and counts for nothing:",
    )?;
    for decision in departed {
        let path = decision.subject.source().map_or("", |source| source.path.as_str());
        let (by, number) = (&decision.by, decision.number);
        let text = format!(
            "{by} {} on {}: {path} (decision {number}). {}",
            deed(decision),
            day(decision),
            absence(decision, files)
        );
        line(out, &wrapped(&text, 4))?;
        if !decision.why.is_empty() {
            line(out, &wrapped(&decision.why, 6))?;
        }
    }
    Ok(())
}
