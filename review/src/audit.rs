//! The chain over all decisions: each row's hash is made of the hash before it and of the row's own body, the first of the
//! record's identity. So whoever has a later hash can tell whether anything before it was changed, taken out or moved.

use crate::{Store, StoreError, json};
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;
use std::fmt;
use std::fmt::Write;
use sufficit_evidence::{Decision, DocumentId};

/// What a look at the whole chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// How many decisions there are.
    pub decisions: u64,
    /// The last decision's hash, 64 hex digits; of an empty record the hash that the first is chained to.
    pub head: String,
    /// The number of the decision whose hash was asked for, where the chain holds it; 0 for the hash before the first.
    pub known_head: Option<u64>,
    /// What is wrong, in order; empty where nothing is.
    pub faults: Vec<AuditFault>,
}

/// Something wrong in the chain of decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditFault {
    /// Numbers are missing: something was taken out.
    Gap {
        /// The first that is missing.
        from: u64,
        /// The last that is missing.
        to: u64,
    },
    /// The decision's text is not what was hashed, or another decision stood before it.
    Changed {
        /// The decision's number.
        number: u64,
    },
    /// The decision's text cannot be read, or what the decision is found by (number, subject, version) is not what it says.
    Misfiled {
        /// The decision's number.
        number: u64,
    },
    /// The head that was asked for is not in the chain: its end was cut off, or all of it was made anew.
    HeadUnknown {
        /// The head that was asked for.
        head: String,
    },
}

impl fmt::Display for AuditFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { from, to } if from == to => write!(f, "decision {from} is missing"),
            Self::Gap { from, to } => write!(f, "decisions {from} to {to} are missing"),
            Self::Changed { number } => write!(
                f,
                "decision {number} was changed or moved: its hash does not follow from its text and the decision before it"
            ),
            Self::Misfiled { number } => {
                write!(f, "decision {number} is filed under something else than its text names")
            }
            Self::HeadUnknown { head } => write!(
                f,
                "no decision has the hash {head}: the end of the record was cut off, or all of it was made anew"
            ),
        }
    }
}

impl Store {
    /// Goes through the whole chain of decisions and says everything that is wrong with it; with `head`, a hash that was
    /// noted outside (each export has one), also whether the chain still holds it.
    pub async fn audit(&self, head: Option<&str>) -> Result<Audit, StoreError> {
        type Row = (i64, String, Option<String>, bool, String, String);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT number, subject, document, verdict, body, hash FROM decision ORDER BY number",
        )
        .fetch_all(&self.pool)
        .await?;
        let asked = head.map(|head| head.trim().to_ascii_lowercase());
        let mut audit = Audit {
            decisions: rows.len() as u64,
            head: genesis(self.identity()),
            known_head: None,
            faults: Vec::new(),
        };
        audit.note_head(asked.as_deref(), 0);
        let mut last = 0;
        for (number, subject, document, verdict, body, hash) in rows {
            let number = json::unsigned(number);
            if number > last + 1 {
                audit.faults.push(AuditFault::Gap { from: last + 1, to: number - 1 });
            }
            if chained(&audit.head, &body) != hash {
                audit.faults.push(AuditFault::Changed { number });
            }
            if !filed_rightly(number, &subject, document.as_deref(), verdict, &body) {
                audit.faults.push(AuditFault::Misfiled { number });
            }
            audit.head = hash;
            audit.note_head(asked.as_deref(), number);
            last = number;
        }
        if let (Some(head), None) = (asked, audit.known_head) {
            audit.faults.push(AuditFault::HeadUnknown { head });
        }
        Ok(audit)
    }

    /// The chain's head as an export names it: the last decision's number and hash.
    pub async fn audit_head(&self) -> Result<(u64, String), StoreError> {
        let mut connection = self.pool.acquire().await?;
        head(&mut connection, self.identity()).await
    }
}

impl Audit {
    fn note_head(&mut self, asked: Option<&str>, number: u64) {
        if asked == Some(self.head.as_str()) {
            self.known_head = Some(number);
        }
    }
}

fn filed_rightly(
    number: u64,
    subject: &str,
    document: Option<&str>,
    verdict: bool,
    body: &str,
) -> bool {
    let Ok(decision) = serde_json::from_str::<Decision>(body) else { return false };
    decision.number == number
        && serde_json::to_string(&decision.subject).is_ok_and(|own| own == subject)
        && decision.seen.document.as_ref().map(DocumentId::as_str) == document
        && decision.action.is_verdict() == verdict
}

/// The last decision's number and hash; 0 and the hash that the first is chained to where there is none.
pub(crate) async fn head(
    connection: &mut SqliteConnection,
    identity: &str,
) -> Result<(u64, String), StoreError> {
    let last: Option<(i64, String)> =
        sqlx::query_as("SELECT number, hash FROM decision ORDER BY number DESC LIMIT 1")
            .fetch_optional(connection)
            .await?;
    Ok(last.map_or((0, genesis(identity)), |(number, hash)| (json::unsigned(number), hash)))
}

/// The hash of a decision whose JSON is `body`, after the one with the hash `before`.
pub(crate) fn chained(before: &str, body: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update("\n");
    hash.update(body);
    hex(&hash.finalize())
}

/// What the first decision of a record is chained to.
fn genesis(identity: &str) -> String {
    hex(&Sha256::digest(format!("decisions of {identity}")))
}

/// Lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
