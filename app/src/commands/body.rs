use crate::failure::Failure;
use crate::output::{citation_lines, fit_path, line, width, wrapped};
use std::collections::HashMap;
use std::io::Write;
use sufficit_evidence::{Assessment, Check, CopyKind, DocumentId, ShownBy};

/// What all documents together make of one requirement, with where each document lies.
#[derive(Debug)]
pub(crate) struct Body {
    /// `None` where the requirement was never assessed.
    pub(crate) assessment: Option<Assessment>,
    /// The first path of each current document.
    pub(crate) paths: HashMap<DocumentId, String>,
}

impl Body {
    /// Where a document lies, in at most so many columns less than the screen has; its id where it is gone.
    fn path(&self, document: &DocumentId, taken: usize) -> String {
        let path = self.paths.get(document).map_or(document.as_str(), String::as_str);
        fit_path(path, width().saturating_sub(taken))
    }

    /// A check, whether it is met, and the document that shows it best.
    pub(crate) fn check_lines(&self, out: &mut impl Write, check: &Check) -> Result<(), Failure> {
        let states = self.assessment.iter().flat_map(|assessment| &assessment.checks);
        let state = states.into_iter().find(|state| state.check == check.id && state.met);
        let mark = match state {
            Some(_) => console::style("+").green(),
            None => console::style("-").red(),
        };
        line(out, &format!("  {mark} {}", wrapped(&check.text, 4).trim_start()))?;
        let Some((state, document)) =
            state.and_then(|state| Some((state, state.document.as_ref()?)))
        else {
            return Ok(());
        };
        let proof = match state.shown_by {
            Some(ShownBy::Record) => "dated record",
            Some(ShownBy::ApprovedText) => "text in force",
            Some(ShownBy::Text) | None => "text",
        };
        let page = state.citation.as_ref().and_then(|citation| citation.page);
        let page = page.map(|page| format!(", page {page}")).unwrap_or_default();
        let path = self.path(document, 8 + proof.len() + page.len());
        line(out, &console::style(format!("      {proof}: {path}{page}")).dim().to_string())
    }

    /// What documents in force say differently of the same thing, both sides quoted.
    pub(crate) fn contradiction_lines(&self, out: &mut impl Write) -> Result<(), Failure> {
        for found in self.assessment.iter().flat_map(|assessment| &assessment.contradictions) {
            line(out, "")?;
            line(out, &wrapped(&format!("Contradiction: {}", found.text), 0))?;
            for side in &found.sides {
                let path = self.path(&side.document, 6 + side.says.len());
                line(out, &format!("  {}: {path}", side.says))?;
                if let Some(citation) = &side.citation {
                    citation_lines(out, citation, 8)?;
                }
            }
        }
        Ok(())
    }

    /// That a document lends nothing, being a copy or another version of one that counts.
    pub(crate) fn copy_line(
        &self,
        out: &mut impl Write,
        document: &DocumentId,
    ) -> Result<(), Failure> {
        let evidence = self.assessment.iter().flat_map(|assessment| &assessment.evidence);
        let mut copies = evidence.filter(|share| share.document == *document);
        let Some(copy) = copies.find_map(|share| share.copy_of.as_ref()) else { return Ok(()) };
        let what = relation(copy.how);
        let path = self.path(&copy.document, 26 + what.len());
        line(out, &format!("    Not counted: {what} {path}"))
    }
}

/// How a document that is not counted relates to the one that is, in words before the latter's name.
pub(crate) fn relation(how: CopyKind) -> &'static str {
    match how {
        CopyKind::SameText => "the same text as",
        CopyKind::NearlySameText => "nearly the same text as",
        CopyKind::EarlierVersion => "an earlier version of",
        CopyKind::Draft => "a draft of",
    }
}
