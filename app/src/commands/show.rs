mod document;
mod pair;

use self::document::document;
use self::pair::pair;
use crate::Outcome;
use crate::cli::{Common, Format};
use crate::commands::body::Body;
use crate::commands::decided::{decided_line, departed_lines};
use crate::commands::export;
use crate::commands::nearest::{Nearest, nearest, nearest_in_short, nearest_lines};
use crate::commands::why::{add_why, judge_of_run};
use crate::failure::Failure;
use crate::held::{self, Decided};
use crate::judge::{self, Judge};
use crate::output::{
    self, MatchView, assessment_working_lines, best_first, citation_lines, dots, fit_path, line,
    match_views, out, system_lines, unproposed_views, width, working_lines, wrapped,
};
use crate::workspace::Workspace;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;
use sufficit_evidence::{
    Assessment, Catalogue, CopyOf, Decision, DocumentId, Framework, Reason, Requirement,
    RequirementRef, Sufficiency,
};
use sufficit_mapper::{AssessmentWorking, copies};
use sufficit_review::{CurrentDocument, MatchFilter, Store};

/// Matches that people are shown of one requirement or document before they are pointed to JSON.
const MATCHES_SHOWN: usize = 12;

/// What is shown, and from where.
struct Shown<'a> {
    common: &'a Common,
    workspace: &'a Workspace,
    store: &'a Store,
    catalogue: &'a Catalogue,
    /// Matches of lower sufficiency are left out.
    min: Sufficiency,
}

impl Shown<'_> {
    /// The document that counts in place of this one by the latest run, where it lends nothing itself.
    async fn copy_of(&self, document: &DocumentId) -> Result<Option<CopyOf>, Failure> {
        let Some(fingerprint) = self.store.latest_fingerprint().await? else { return Ok(None) };
        Ok(copies(&self.store.likenesses(&fingerprint).await?).of(document).cloned())
    }
}

/// Shows everything known of one requirement, of one document, or of one `document` held against a requirement; with `why`, how each
/// grade came about.
pub(crate) async fn run(
    common: &Common,
    what: &str,
    document_path: Option<&str>,
    min: Sufficiency,
    why: bool,
) -> Result<Outcome, Failure> {
    if why && common.format == Format::Csv {
        let help = "Leave --why out, or take --format json, jsonl or table.";
        return Err(Failure::usage("--why has no form in CSV", help));
    }
    let workspace = Workspace::find(common)?;
    let store = workspace.judged_store(common).await?;
    let catalogue = judge::catalogue(&workspace, common)?;
    let shown = Shown { common, workspace: &workspace, store: &store, catalogue: &catalogue, min };
    let judge = if why { Some(judge_of_run(&workspace, common, &store).await?) } else { None };
    if let Some(path) = document_path {
        pair(&shown, &named_requirement(&catalogue, what)?, path, judge.as_ref()).await?;
        return Ok(Outcome::Done);
    }
    match named_requirements(&catalogue, what).as_slice() {
        [] => document(&shown, what, judge.as_ref()).await?,
        [name] => requirement(&shown, name, judge.as_ref()).await?,
        several => return Err(ambiguous(what, several)),
    }
    Ok(Outcome::Done)
}

/// The requirement that `what` names; refuses where it names none, or one in each of several frameworks.
pub(crate) fn named_requirement(
    catalogue: &Catalogue,
    what: &str,
) -> Result<RequirementRef, Failure> {
    match named_requirements(catalogue, what).as_slice() {
        [name] => Ok(name.clone()),
        [] => Err(Failure::usage(
            format!("no requirement is called {what}"),
            "`sufficit frameworks show iso42001` and `sufficit frameworks show iso27001` list them, as A.6.2.4.",
        )),
        several => Err(ambiguous(what, several)),
    }
}

/// Says that `what` names requirements of several frameworks, and which.
fn ambiguous(what: &str, several: &[RequirementRef]) -> Failure {
    let names: Vec<String> = several.iter().map(ToString::to_string).collect();
    let what = format!("{what} stands in more than one framework");
    Failure::usage(what, format!("Say which: {}", names.join(" or ")))
}

/// The requirements that `what` names, in capitals or not: one where the framework is given, else one for each framework that has the id.
pub(crate) fn named_requirements(catalogue: &Catalogue, what: &str) -> Vec<RequirementRef> {
    let (framework, id) = match what.trim().split_once(':') {
        Some((framework, id)) => (Some(framework), id),
        None => (None, what.trim()),
    };
    let is_it = |requirement: &&Requirement| requirement.id.as_str().eq_ignore_ascii_case(id);
    catalogue
        .frameworks()
        .iter()
        .filter(|known| {
            framework.is_none_or(|wanted| known.id.as_str().eq_ignore_ascii_case(wanted))
        })
        .filter_map(|known| Some(known.reference(known.requirements.iter().find(is_it)?)))
        .collect()
}

#[derive(Serialize)]
struct RequirementView<'a> {
    framework: &'a Framework,
    requirement: &'a Requirement,
    assessment: Option<Assessment>,
    matches: Vec<MatchView>,
    /// How the assessment came about, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<AssessmentWorking>,
    /// Where no document has a match.
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<Nearest>,
    /// What was decided of matches whose documents are not in the record now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    departed: Vec<Decision>,
}

async fn requirement(
    shown: &Shown<'_>,
    name: &RequirementRef,
    judge: Option<&Judge>,
) -> Result<(), Failure> {
    let Shown { common, workspace, store, catalogue, min } = *shown;
    let (Some(framework), Some(requirement)) =
        (catalogue.framework(&name.framework), catalogue.requirement(name))
    else {
        return Err(Failure::internal(format!("{name} is gone")));
    };
    let filter = MatchFilter {
        framework: Some(name.framework.clone()),
        requirement: Some(name.requirement.clone()),
        ..MatchFilter::default()
    };
    let found = store.matches(&filter).await?;
    let decided = Decided::so_far(store).await?;
    let only = BTreeSet::from([name.clone()]);
    let unproposed = decided.unproposed_by_run(store, None, Some(&only)).await?;
    let unproposed = unproposed.get(name).map(Arc::as_ref).unwrap_or_default();
    let nothing = found.is_empty() && unproposed.is_empty();
    let why = match judge {
        Some(judge) => {
            let copies = copies(&store.likenesses(&judge.fingerprint()?).await?);
            let counting = decided.counting(name, found.clone(), unproposed);
            judge.assessment_working(name, &counting, &copies)
        }
        None => None,
    };
    let mut matches = match_views(found, min, &decided);
    let extra = unproposed.iter().filter(|extra| extra.sufficiency >= min);
    matches.extend(unproposed_views(extra, &decided));
    best_first(&mut matches);
    if let Some(judge) = judge {
        add_why(store, judge, &mut matches).await?;
    }
    let assessments = held::assessments(workspace, common, store).await?;
    let assessment = assessments.into_iter().find(|assessment| assessment.name() == *name);
    let applies = assessment.as_ref().is_none_or(|found| found.not_applicable.is_none());
    let listed = matches!(common.format, Format::Table | Format::Json);
    let nearest = match judge {
        _ if !(nothing && applies && listed) => None,
        Some(judge) => nearest(workspace, store, judge, name).await?,
        None => nearest_in_short(workspace, common, store, name).await?,
    };
    let departed = decided.departed(name);
    match common.format {
        Format::Jsonl => output::json_lines(&matches),
        Format::Csv => export::csv(&matches),
        Format::Json => {
            let slim = Framework { requirements: Vec::new(), ..framework.clone() };
            let framework = &slim;
            output::json(&RequirementView {
                framework,
                requirement,
                assessment,
                matches,
                why,
                nearest,
                departed,
            })
        }
        Format::Table => {
            let out = &mut out();
            let current = store.current_documents().await?;
            let path = |entry: CurrentDocument| Some((entry.id, entry.paths.into_iter().next()?));
            let body = Body { assessment, paths: current.into_iter().filter_map(path).collect() };
            requirement_text(out, framework, requirement, (&body, why.as_ref()), &matches)?;
            departed_lines(out, &departed, &store.status().await?)?;
            if let Some(nearest) = &nearest {
                nearest_lines(out, nearest)?;
            }
            Ok(out.flush()?)
        }
    }
}

fn requirement_text(
    out: &mut impl Write,
    framework: &Framework,
    requirement: &Requirement,
    (body, why): (&Body, Option<&AssessmentWorking>),
    matches: &[MatchView],
) -> Result<(), Failure> {
    let assessment = body.assessment.as_ref();
    let sufficiency = assessment.map(|assessment| assessment.sufficiency).unwrap_or_default();
    let head = format!("{} {} {}", framework.title, requirement.id, requirement.title);
    line(out, &console::style(head).bold().to_string())?;
    line(out, &wrapped(&requirement.summary, 0))?;
    line(out, "")?;
    line(
        out,
        &format!("{} {}: the whole body of evidence", dots(sufficiency), sufficiency.name()),
    )?;
    if let Some(why) = assessment.and_then(|assessment| assessment.not_applicable.as_deref()) {
        line(out, &wrapped(&format!("Declared not applicable: {why}"), 0))?;
        if sufficiency >= Sufficiency::PARTIAL {
            let text = "Documents bear on it all the same: an auditor will ask why it is left out.";
            line(out, &wrapped(text, 0))?;
        }
    }
    for check in &requirement.checks {
        body.check_lines(out, check)?;
    }
    body.contradiction_lines(out)?;
    if let Some(gap) = assessment.map(|a| a.gap.as_str()).filter(|gap| !gap.is_empty()) {
        line(out, "")?;
        line(out, &wrapped(&format!("Gap: {gap}"), 0))?;
    }
    if let Some(assessment) = assessment {
        system_lines(out, assessment, matches)?;
    }
    if let Some(why) = why {
        line(out, "")?;
        assessment_working_lines(out, why)?;
    }
    counterpart_lines(out, assessment.map_or(&[][..], |assessment| &assessment.counterparts))?;
    for view in matches.iter().take(MATCHES_SHOWN) {
        line(out, "")?;
        document_match(out, view)?;
        body.copy_line(out, &view.proposal.document)?;
    }
    if matches.len() > MATCHES_SHOWN {
        line(out, "")?;
        let more = matches.len() - MATCHES_SHOWN;
        line(out, &format!("{more} weaker matches more: add --format jsonl to see them all"))?;
    }
    Ok(())
}

fn counterpart_lines(
    out: &mut impl Write,
    counterparts: &[sufficit_evidence::Counterpart],
) -> Result<(), Failure> {
    if counterparts.is_empty() {
        return Ok(());
    }
    line(out, "")?;
    line(out, "The same evidence can serve:")?;
    for counterpart in counterparts {
        let share = (counterpart.strength * 100.0).round();
        let relation = counterpart.relation.name();
        line(
            out,
            &format!(
                "  {}:{:8} {relation}, shares {share}% of the checks",
                counterpart.framework, counterpart.requirement
            ),
        )?;
    }
    Ok(())
}

/// Columns that the title of a match has.
fn title_room() -> usize {
    width() - 30
}

/// Prints a match of a document, under its path.
pub(crate) fn document_match(out: &mut impl Write, view: &MatchView) -> Result<(), Failure> {
    match_text(out, view, &fit_path(&view.document, title_room()), &view.paths)
}

/// Prints a match: its grade, what was decided of it, and what it rests on.
fn match_text(
    out: &mut impl Write,
    view: &MatchView,
    title: &str,
    paths: &[String],
) -> Result<(), Failure> {
    let found = &view.proposal;
    let title = console::style(title).bold();
    line(out, &format!("{} {title}  ({})", dots(found.sufficiency), found.kind))?;
    for path in paths.iter().skip(1) {
        line(out, &format!("          also {}", fit_path(path, width() - 16)))?;
    }
    let confidence = (found.confidence * 100.0).round();
    line(
        out,
        &format!(
            "    {}; relevance {:.2}; confidence {confidence}%",
            found.sufficiency.name(),
            found.relevance
        ),
    )?;
    decided_line(out, view)?;
    if !found.systems.is_empty() {
        line(out, &wrapped(&format!("AI system: {}", found.systems.join(", ")), 4))?;
    }
    for reason in &found.strengths {
        reason_text(out, '+', reason)?;
    }
    for reason in &found.concerns {
        reason_text(out, '-', reason)?;
    }
    if let Some(words) = &view.outlived {
        line(out, &wrapped(words, 4))?;
    }
    if !found.ask.is_empty() {
        line(out, &wrapped(&format!("Ask: {}", found.ask), 4))?;
    }
    view.why.as_ref().map_or(Ok(()), |why| working_lines(out, why))
}

fn reason_text(out: &mut impl Write, mark: char, reason: &Reason) -> Result<(), Failure> {
    let body = wrapped(&reason.text, 6);
    line(out, &format!("    {mark} {}", body.trim_start()))?;
    match &reason.citation {
        Some(citation) => citation_lines(out, citation, 8),
        None => Ok(()),
    }
}
