use crate::Outcome;
use crate::cli::{Common, Format};
use crate::commands::export::Head;
use crate::failure::Failure;
use crate::output::{self, csv_rows, fit_path, line, out, width, wrapped};
use crate::workspace::Workspace;
use serde::Serialize;
use std::io::Write;
use sufficit_evidence::{Action, Decision};

#[derive(Serialize)]
struct DecisionsView<'a> {
    head: &'a Head,
    decisions: &'a [Decision],
}

/// Exports every decision, oldest first, with the chain's head: in JSON a field, otherwise on stderr or in the last line.
pub(crate) async fn decisions(common: &Common) -> Result<Outcome, Failure> {
    let store = Workspace::find(common)?.store().await?;
    let head = Head::of(&store).await?;
    let mut decisions = store.decisions(0).await?;
    // What is decided while we read is left to the next export, whose head names it.
    decisions.retain(|decision| decision.number <= head.number);
    match common.format {
        Format::Json => {
            output::json(&DecisionsView { head: &head, decisions: &decisions })?;
        }
        Format::Jsonl => output::json_lines(&decisions)?,
        Format::Csv => csv(&decisions)?,
        Format::Table => table(&decisions, &head)?,
    }
    if matches!(common.format, Format::Jsonl | Format::Csv) {
        head.tell(common);
    }
    Ok(Outcome::Done)
}

fn csv(decisions: &[Decision]) -> Result<(), Failure> {
    let header = [
        "number",
        "at",
        "by",
        "action",
        "sufficiency",
        "framework",
        "requirement",
        "path",
        "sha256",
        "run",
        "proposed",
        "rationale",
        "why",
        "detail",
    ];
    let text = |value: Option<String>| value.unwrap_or_default();
    csv_rows(
        &header,
        decisions.iter().map(|decision| {
            let name = decision.subject.requirement();
            let seen = &decision.seen;
            vec![
                decision.number.to_string(),
                decision.at.clone(),
                decision.by.clone(),
                decision.action.name().to_owned(),
                text(decision.sufficiency().map(|given| given.to_string())),
                text(name.map(|name| name.framework.to_string())),
                text(name.map(|name| name.requirement.to_string())),
                text(decision.subject.source().map(|source| source.path.clone())),
                text(seen.document.as_ref().map(ToString::to_string)),
                text(seen.run.as_ref().map(ToString::to_string)),
                text(seen.sufficiency.map(|proposed| proposed.to_string())),
                text(seen.rationale.clone()),
                decision.why.clone(),
                detail(&decision.action),
            ]
        }),
    )
}

/// What an action says besides a sufficiency, in a few words.
fn detail(action: &Action) -> String {
    match action {
        Action::Undo { number } => format!("decision {number}"),
        Action::Add { passage, page, .. } => {
            let page = page.map(|page| format!("page {page}, ")).unwrap_or_default();
            format!("{page}characters {}-{}", passage.start, passage.end)
        }
        Action::Assign { to, due } => {
            let to = to.as_deref().unwrap_or("nobody");
            due.map_or_else(|| to.to_owned(), |due| format!("{to}, due {due}"))
        }
        Action::Correct { field, value } => {
            format!("{}: {}", field.name(), value.as_deref().unwrap_or("not said"))
        }
        Action::Accept
        | Action::Override { .. }
        | Action::Reject
        | Action::NotApplicable
        | Action::Comment => String::new(),
    }
}

fn table(decisions: &[Decision], head: &Head) -> Result<(), Failure> {
    let out = &mut out();
    for decision in decisions {
        let given = decision.sufficiency().map(|given| format!(" {given}")).unwrap_or_default();
        let detail = detail(&decision.action);
        let detail = if detail.is_empty() { detail } else { format!(" ({detail})") };
        let name = decision.subject.requirement().map(|name| format!(" {name}"));
        line(
            out,
            &format!(
                "{:>5} {} {}: {}{given}{}{detail}",
                decision.number,
                decision.at.get(..16).unwrap_or(&decision.at),
                decision.by,
                decision.action.name(),
                name.unwrap_or_default(),
            ),
        )?;
        if let Some(source) = decision.subject.source() {
            line(out, &format!("      {}", fit_path(&source.path, width() - 6)))?;
        }
        if !decision.why.is_empty() {
            line(out, &wrapped(&decision.why, 6))?;
        }
    }
    line(out, &head.to_string())?;
    Ok(out.flush()?)
}
