use crate::audit::hex;
use crate::{MatchFilter, Store, StoreError};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use sufficit_evidence::{
    Assessment, DocumentId, DocumentKind, Match, RequirementRef, RunId, Seen, SourceRef,
    Sufficiency,
};

/// What a list or a queue needs of a match: all but its rationale.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchHead {
    /// The document.
    pub document: DocumentId,
    /// What sort of evidence it is.
    pub kind: DocumentKind,
    /// The requirement.
    pub requirement: RequirementRef,
    /// How surely the document is about it, 0 to 1.
    pub relevance: f32,
    /// The sufficiency that is proposed.
    pub sufficiency: Sufficiency,
    /// Probability that an auditor would give it 2 or more, 0 to 1.
    pub confidence: f32,
    /// What a decision on it would have seen.
    pub seen: Seen,
}

impl Store {
    /// The heads of all matches of the latest run, in the order of [`Store::matches`].
    pub async fn match_heads(&self) -> Result<Vec<MatchHead>, StoreError> {
        let matches = self.matches(&MatchFilter::default()).await?;
        Ok(matches.iter().map(|stored| match_head(&stored.proposal)).collect())
    }

    /// Where each current document lies, roots named; each list sorted, with at least one entry.
    pub async fn sources(&self) -> Result<HashMap<DocumentId, Vec<SourceRef>>, StoreError> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT document, root.path, source.path FROM source JOIN root ON root.id = source.root
             WHERE document IS NOT NULL ORDER BY source.path, root.path",
        )
        .fetch_all(&self.pool)
        .await?;
        let mut sources: HashMap<DocumentId, Vec<SourceRef>> = HashMap::new();
        for (document, root, path) in rows {
            sources.entry(DocumentId::new(document)).or_default().push(SourceRef { root, path });
        }
        Ok(sources)
    }

    /// The sources whose files are gone and whose last version, which lies nowhere any more, lay once where a current document
    /// lies, by that document: the file was moved or copied there, and changed. Each list sorted, with at least one entry.
    pub async fn left_sources(&self) -> Result<HashMap<DocumentId, Vec<SourceRef>>, StoreError> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT DISTINCT later.document, root.path, old.path
             FROM source AS old JOIN root ON root.id = old.root
                  JOIN version AS held ON held.source = old.id
                  JOIN version AS same ON same.document = held.document
                  JOIN source AS later ON later.id = same.source
             WHERE old.vanished IS NOT NULL AND later.document IS NOT NULL
               AND held.number = (SELECT max(number) FROM version WHERE version.source = old.id)
               AND NOT EXISTS (SELECT 1 FROM source WHERE source.document = held.document)
             ORDER BY old.path, root.path",
        )
        .fetch_all(&self.pool)
        .await?;
        let mut left: HashMap<DocumentId, Vec<SourceRef>> = HashMap::new();
        for (document, root, path) in rows {
            left.entry(DocumentId::new(document)).or_default().push(SourceRef { root, path });
        }
        Ok(left)
    }
}

/// The head of a match.
pub fn match_head(proposal: &Match) -> MatchHead {
    MatchHead {
        document: proposal.document.clone(),
        kind: proposal.kind,
        requirement: proposal.name(),
        relevance: proposal.relevance,
        sufficiency: proposal.sufficiency,
        confidence: proposal.confidence,
        seen: Seen {
            document: Some(proposal.document.clone()),
            run: Some(proposal.run.clone()),
            sufficiency: Some(proposal.sufficiency),
            rationale: digest(&(
                proposal.sufficiency,
                &proposal.strengths,
                &proposal.concerns,
                &proposal.ask,
            )),
        },
    }
}

/// What a decision on the requirement as a whole would have seen.
pub fn seen_of_assessment(assessment: &Assessment) -> Seen {
    seen_of(
        &assessment.run,
        assessment.sufficiency,
        digest(&(
            assessment.sufficiency,
            &assessment.evidence,
            &assessment.checks,
            &assessment.contradictions,
            &assessment.gap,
            &assessment.not_applicable,
        )),
    )
}

fn seen_of(run: &RunId, sufficiency: Sufficiency, rationale: Option<String>) -> Seen {
    Seen { document: None, run: Some(run.clone()), sufficiency: Some(sufficiency), rationale }
}

/// SHA-256 over the JSON of what was proposed; the run and the calibrated confidence are no part of it, so that mapping
/// the same again asks nobody to confirm.
fn digest<T: Serialize>(proposed: &T) -> Option<String> {
    let json = serde_json::to_vec(proposed).ok()?;
    Some(hex(&Sha256::digest(json)))
}

/// The head of a match that stands on a person's word alone: nothing is proposed that a decision on it could see.
pub fn unproposed_head(found: &Match) -> MatchHead {
    let seen = Seen { document: Some(found.document.clone()), ..Seen::default() };
    MatchHead { seen, ..match_head(found) }
}
