use crate::failure::Failure;
use crate::output::{MatchView, dots, fit, fit_path, line, width};
use std::io::Write;
use sufficit_evidence::{Assessment, SystemShare};

/// Columns of an AI system's name.
const NAME: usize = 26;

/// Prints what there is for each AI system, where more than one is known or one has nothing. `matches` are the
/// requirement's.
pub(crate) fn system_lines(
    out: &mut impl Write,
    assessment: &Assessment,
    matches: &[MatchView],
) -> Result<(), Failure> {
    let (shown, without) = (&assessment.systems, &assessment.systems_without_evidence);
    if shown.len() < 2 && without.is_empty() {
        return Ok(());
    }
    line(out, "")?;
    line(out, "By AI system:")?;
    for share in shown {
        let best = fit_path(&best_document(share, matches), width() - NAME - 12);
        line(out, &format!("  {} {}  {best}", fit(&share.system, NAME), dots(share.sufficiency)))?;
    }
    let nowhere = without.iter().filter(|name| shown.iter().all(|share| share.system != **name));
    for system in nowhere {
        line(out, &format!("  {} no evidence names it", fit(system, NAME)))?;
    }
    Ok(())
}

/// The path of the best document that speaks of a system, and how many more there are.
fn best_document(share: &SystemShare, matches: &[MatchView]) -> String {
    let best = share.documents.iter().find_map(|id| {
        let view = matches.iter().find(|view| view.proposal.document == *id)?;
        Some(view.document.as_str())
    });
    match (best, share.documents.len()) {
        (Some(path), 0 | 1) => path.to_owned(),
        (Some(path), several) => format!("{path} and {} more", several - 1),
        (None, count) => format!("{count} documents"),
    }
}
