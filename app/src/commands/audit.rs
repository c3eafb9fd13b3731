use crate::Outcome;
use crate::cli::{Common, Format};
use crate::failure::Failure;
use crate::output::{self, csv_rows, line, out, wrapped};
use crate::workspace::Workspace;
use serde::Serialize;
use std::io::Write;
use sufficit_review::{Audit, AuditFault};

/// What the look at the chain of decisions found, as programs read it.
#[derive(Debug, Serialize)]
struct AuditView {
    sound: bool,
    decisions: u64,
    head: String,
    /// The number of the decision whose hash was asked for, where the chain holds it.
    known_head: Option<u64>,
    faults: Vec<FaultView>,
}

#[derive(Debug, Serialize)]
struct FaultView {
    fault: &'static str,
    /// The first decision concerned, and the last; none where the fault is in no place.
    from: Option<u64>,
    to: Option<u64>,
    text: String,
}

impl From<&AuditFault> for FaultView {
    fn from(fault: &AuditFault) -> Self {
        let (name, from, to) = match fault {
            AuditFault::Gap { from, to } => ("gap", Some(*from), Some(*to)),
            AuditFault::Changed { number } => ("changed", Some(*number), Some(*number)),
            AuditFault::Misfiled { number } => ("misfiled", Some(*number), Some(*number)),
            AuditFault::HeadUnknown { .. } => ("head-unknown", None, None),
        };
        Self { fault: name, from, to, text: fault.to_string() }
    }
}

/// Goes through the chain of decisions and says all that is wrong with it; with `head`, also whether the chain still
/// holds that hash.
pub(crate) async fn verify(common: &Common, head: Option<&str>) -> Result<Outcome, Failure> {
    if let Some(head) = head.filter(|head| !is_hash(head)) {
        return Err(Failure::usage(
            format!("{head} is no head of a chain of decisions"),
            "Give the 64 hexadecimal digits that an export named, or leave --head out.",
        ));
    }
    let store = Workspace::find(common)?.store().await?;
    let audit = store.audit(head).await?;
    let view = AuditView {
        sound: audit.faults.is_empty(),
        decisions: audit.decisions,
        head: audit.head.clone(),
        known_head: audit.known_head,
        faults: audit.faults.iter().map(FaultView::from).collect(),
    };
    match common.format {
        Format::Json => output::json(&view)?,
        Format::Jsonl => output::json_lines(&view.faults)?,
        Format::Csv => {
            let cell = |number: Option<u64>| number.map(|n| n.to_string()).unwrap_or_default();
            csv_rows(
                &["fault", "from", "to", "text"],
                view.faults.iter().map(|found| {
                    let FaultView { fault, from, to, text } = found;
                    vec![(*fault).to_owned(), cell(*from), cell(*to), text.clone()]
                }),
            )?;
        }
        Format::Table => text(&audit)?,
    }
    Ok(if view.sound { Outcome::Done } else { Outcome::SomeFailed })
}

fn text(audit: &Audit) -> Result<(), Failure> {
    let out = &mut out();
    for fault in &audit.faults {
        line(out, &wrapped(&fault.to_string(), 0))?;
    }
    let count = match audit.decisions {
        1 => "1 decision".to_owned(),
        many => format!("{many} decisions"),
    };
    let found = match audit.faults.len() {
        0 => "the chain is sound".to_owned(),
        1 => "1 fault".to_owned(),
        many => format!("{many} faults"),
    };
    line(out, &format!("{count}: {found}"))?;
    line(out, &format!("head {}", audit.head))?;
    if let Some(known) = audit.known_head {
        let since = audit.decisions.saturating_sub(known);
        line(out, &format!("The head given is that of decision {known}; {since} came since."))?;
    }
    Ok(out.flush()?)
}

fn is_hash(text: &str) -> bool {
    let text = text.trim();
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
