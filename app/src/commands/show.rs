use crate::Outcome;
use crate::cli::{Common, Format};
use crate::commands::body::{Body, relation};
use crate::commands::export;
use crate::failure::Failure;
use crate::judge;
use crate::output::{self, MatchView, dots, fit_path, line, match_views, out, width, wrapped};
use crate::workspace::Workspace;
use serde::Serialize;
use std::io::Write;
use sufficit_evidence::{
    Assessment, Catalogue, Citation, CopyOf, Document, Facts, FileOutcome, Framework, Origin,
    Reason, Requirement, RequirementId, RequirementRef, Sufficiency,
};
use sufficit_mapper::Copies;
use sufficit_review::{CurrentDocument, MatchFilter, Store};

/// Matches that people are shown of one requirement or document before they are pointed to JSON.
const MATCHES_SHOWN: usize = 12;
/// Characters of a quote that people are shown.
const QUOTE_SHOWN: usize = 320;

/// Shows everything known of one requirement, or of one document.
pub(crate) async fn run(
    common: &Common,
    what: &str,
    min_sufficiency: u8,
) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    let store = workspace.judged_store(common).await?;
    let catalogue = judge::catalogue(&workspace, common)?;
    let min = Sufficiency::new(min_sufficiency);
    let named = named_requirements(&catalogue, what);
    match named.as_slice() {
        [] => document(common, &store, &catalogue, what, min).await?,
        [name] => requirement(common, &store, &catalogue, name, min).await?,
        several => {
            let names: Vec<String> = several.iter().map(ToString::to_string).collect();
            let what = format!("{what} stands in more than one framework");
            return Err(Failure::usage(what, format!("Say which: {}", names.join(" or "))));
        }
    }
    Ok(Outcome::Done)
}

/// The requirements that `what` names: one where the framework is given, else one for each framework that has the id.
pub(crate) fn named_requirements(catalogue: &Catalogue, what: &str) -> Vec<RequirementRef> {
    let (framework, id) = match what.split_once(':') {
        Some((framework, id)) => (Some(framework), id),
        None => (None, what),
    };
    let id = RequirementId::from(id);
    catalogue
        .frameworks()
        .iter()
        .filter(|known| framework.is_none_or(|wanted| known.id.as_str() == wanted))
        .filter_map(|framework| Some(framework.reference(framework.requirement(&id)?)))
        .collect()
}

#[derive(Serialize)]
struct RequirementView<'a> {
    framework: &'a Framework,
    requirement: &'a Requirement,
    assessment: Option<Assessment>,
    matches: Vec<MatchView>,
}

async fn requirement(
    common: &Common,
    store: &Store,
    catalogue: &Catalogue,
    name: &RequirementRef,
    min: Sufficiency,
) -> Result<(), Failure> {
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
    let matches = match_views(store.matches(&filter).await?, min);
    let assessments = store.assessments(None, Some(&name.framework)).await?;
    let assessment =
        assessments.into_iter().find(|assessment| assessment.requirement == name.requirement);
    match common.format {
        Format::Jsonl => output::json_lines(&matches),
        Format::Csv => export::csv(&matches),
        Format::Json => {
            let slim = Framework { requirements: Vec::new(), ..framework.clone() };
            output::json(&RequirementView { framework: &slim, requirement, assessment, matches })
        }
        Format::Table => {
            let current = store.current_documents().await?;
            let path = |entry: CurrentDocument| Some((entry.id, entry.paths.into_iter().next()?));
            let body = Body { assessment, paths: current.into_iter().filter_map(path).collect() };
            requirement_text(framework, requirement, &body, &matches)
        }
    }
}

fn requirement_text(
    framework: &Framework,
    requirement: &Requirement,
    body: &Body,
    matches: &[MatchView],
) -> Result<(), Failure> {
    let out = &mut out();
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
    for check in &requirement.checks {
        body.check_lines(out, check)?;
    }
    body.contradiction_lines(out)?;
    if let Some(gap) = assessment.map(|a| a.gap.as_str()).filter(|gap| !gap.is_empty()) {
        line(out, "")?;
        line(out, &wrapped(&format!("Gap: {gap}"), 0))?;
    }
    counterpart_lines(out, assessment.map_or(&[][..], |assessment| &assessment.counterparts))?;
    for view in matches.iter().take(MATCHES_SHOWN) {
        line(out, "")?;
        match_text(out, view, &view.document, &view.paths)?;
        body.copy_line(out, &view.proposal.document)?;
    }
    if matches.len() > MATCHES_SHOWN {
        line(out, "")?;
        let more = matches.len() - MATCHES_SHOWN;
        line(out, &format!("{more} weaker matches more: add --format jsonl to see them all"))?;
    }
    Ok(out.flush()?)
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

fn match_text(
    out: &mut impl Write,
    view: &MatchView,
    title: &str,
    paths: &[String],
) -> Result<(), Failure> {
    let found = &view.proposal;
    let title = console::style(fit_path(title, width() - 30)).bold();
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
    for reason in &found.strengths {
        reason_text(out, '+', reason)?;
    }
    for reason in &found.concerns {
        reason_text(out, '-', reason)?;
    }
    line(out, &wrapped(&format!("Ask: {}", found.ask), 4))
}

fn reason_text(out: &mut impl Write, mark: char, reason: &Reason) -> Result<(), Failure> {
    let body = wrapped(&reason.text, 6);
    line(out, &format!("    {mark} {}", body.trim_start()))?;
    match &reason.citation {
        Some(citation) => citation_text(out, citation),
        None => Ok(()),
    }
}

pub(crate) fn citation_text(out: &mut impl Write, citation: &Citation) -> Result<(), Failure> {
    let mut place: Vec<String> =
        citation.page.map(|page| format!("page {page}")).into_iter().collect();
    place.extend((!citation.heading.is_empty()).then(|| citation.heading.join(" > ")));
    let quote: String = citation.quote.chars().take(QUOTE_SHOWN).collect();
    let cut = if quote.len() < citation.quote.len() { "…" } else { "" };
    let quote = wrapped(&format!("“{}{cut}”", quote.trim()), 8);
    line(out, &console::style(quote).italic().to_string())?;
    if place.is_empty() {
        return Ok(());
    }
    line(out, &console::style(wrapped(&place.join(", "), 8)).dim().to_string())
}

#[derive(Serialize)]
struct DocumentView<'a> {
    document: &'a str,
    paths: &'a [String],
    sha256: &'a str,
    media_type: &'a str,
    bytes: u64,
    language: &'a sufficit_evidence::Language,
    pages: &'a [sufficit_evidence::Page],
    facts: &'a Facts,
    /// The document that counts in its place, where it lends nothing itself.
    copy_of: Option<&'a CopyOf>,
    matches: Vec<MatchView>,
}

async fn document(
    common: &Common,
    store: &Store,
    catalogue: &Catalogue,
    path: &str,
    min: Sufficiency,
) -> Result<(), Failure> {
    let current = store.current_documents().await?;
    let named = |entry: &&CurrentDocument| {
        entry.id.as_str() == path || entry.paths.iter().any(|known| known == path)
    };
    let found: Vec<&CurrentDocument> = current.iter().filter(named).collect();
    let [entry] = found.as_slice() else {
        let Some(first) = found.first() else { return Err(unknown(store, path).await?) };
        let what = format!(
            "{} documents lie at {path}, in folders that were ingested one by one",
            found.len()
        );
        let help = format!("Say which by its SHA-256, such as {}.", first.id);
        return Err(Failure::usage(what, help));
    };
    let Some(document) = store.document(&entry.id).await? else {
        return Err(Failure::internal(format!("{path} has no content in the record")));
    };
    let filter = MatchFilter { document: Some(entry.id.clone()), ..MatchFilter::default() };
    let mut matches = match_views(store.matches(&filter).await?, min);
    matches.retain(|view| catalogue.framework(&view.proposal.framework).is_some());
    matches.sort_by(|a, b| {
        let (a, b) = (&a.proposal, &b.proposal);
        b.sufficiency.cmp(&a.sufficiency).then(b.relevance.total_cmp(&a.relevance))
    });
    let copies = match store.latest_fingerprint().await? {
        Some(fingerprint) => sufficit_mapper::copies(&store.likenesses(&fingerprint).await?),
        None => Copies::default(),
    };
    let copy_of = copies.of(&entry.id);
    match common.format {
        Format::Jsonl => output::json_lines(&matches),
        Format::Csv => export::csv(&matches),
        Format::Json => output::json(&DocumentView {
            document: path,
            paths: &entry.paths,
            sha256: document.id.as_str(),
            media_type: &document.media_type,
            bytes: document.bytes,
            language: &document.language,
            pages: &document.pages,
            facts: &document.facts,
            copy_of,
            matches,
        }),
        Format::Table => {
            let counted = copy_of.map(|copy| {
                let counts = current.iter().find(|entry| entry.id == copy.document);
                let path = counts.and_then(|entry| entry.paths.first());
                let path = path.map_or(copy.document.as_str(), String::as_str);
                format!("{} {path}", relation(copy.how))
            });
            document_text(catalogue, path, &document, counted.as_deref(), &matches)
        }
    }
}

/// Why nothing can be shown for `path`: it was not read, or it was never met.
async fn unknown(store: &Store, path: &str) -> Result<Failure, Failure> {
    let files = store.status().await?;
    Ok(match files.into_iter().find(|file| file.path == path) {
        Some(file) if file.outcome == FileOutcome::Read => Failure::usage(
            format!("{path} is an archive, and no document itself"),
            "Show one of its members; `sufficit status` lists them.",
        ),
        Some(file) => Failure::usage(format!("{path} was not read"), file.reason),
        None => Failure::usage(
            format!("no requirement and no document is called {path}"),
            "`sufficit frameworks show iso42001` lists requirements, `sufficit status` the documents.",
        ),
    })
}

fn document_text(
    catalogue: &Catalogue,
    path: &str,
    document: &Document,
    counted: Option<&str>,
    matches: &[MatchView],
) -> Result<(), Failure> {
    let out = &mut out();
    line(out, &console::style(path).bold().to_string())?;
    line(out, &format!("  sha256      {}", document.id))?;
    if let Some(counted) = counted {
        line(out, &format!("  not counted {counted}"))?;
    }
    for (name, value, origin) in facts_listed(&document.facts) {
        line(out, &format!("  {name:11} {value}{}", origin_text(origin)))?;
    }
    if !document.facts.placeholders.is_empty() {
        line(out, &format!("  blanks      {} never filled in", document.facts.placeholders.len()))?;
    }
    if matches.is_empty() {
        line(out, "\nNothing in it bears on a requirement.")?;
    }
    for view in matches.iter().take(MATCHES_SHOWN) {
        line(out, "")?;
        let found = &view.proposal;
        let name = RequirementRef {
            framework: found.framework.clone(),
            requirement: found.requirement.clone(),
        };
        let title =
            catalogue.requirement(&name).map_or("", |requirement| requirement.title.as_str());
        match_text(out, view, &format!("{name} {title}"), &[])?;
    }
    if matches.len() > MATCHES_SHOWN {
        let more = matches.len() - MATCHES_SHOWN;
        line(out, &format!("\n{more} weaker matches more: add --format jsonl to see them all"))?;
    }
    Ok(out.flush()?)
}

/// The facts that are known, with where each was read.
fn facts_listed(facts: &Facts) -> Vec<(&'static str, String, &Origin)> {
    let mut listed = Vec::new();
    let strings = [
        ("title", &facts.title),
        ("owner", &facts.owner),
        ("approver", &facts.approver),
        ("version", &facts.version),
    ];
    for (name, fact) in strings {
        listed.extend(fact.as_ref().map(|fact| (name, fact.value.clone(), &fact.origin)));
    }
    listed.extend(facts.kind.as_ref().map(|fact| ("kind", fact.value.to_string(), &fact.origin)));
    listed.extend(
        facts
            .status
            .as_ref()
            .map(|fact| ("status", format!("{:?}", fact.value).to_lowercase(), &fact.origin)),
    );
    let dates = [
        ("issued", &facts.issued),
        ("approved", &facts.approved),
        ("reviewed", &facts.reviewed),
        ("next review", &facts.next_review),
    ];
    for (name, fact) in dates {
        listed.extend(fact.as_ref().map(|fact| (name, fact.value.to_string(), &fact.origin)));
    }
    listed
}

fn origin_text(origin: &Origin) -> String {
    let text = match origin {
        Origin::Citation(Citation { page: Some(page), .. }) => format!("  (page {page})"),
        Origin::Citation(_) => "  (in the text)".to_owned(),
        Origin::Property(name) => format!("  (property {name})"),
        Origin::Inferred(why) => format!("  ({why})"),
    };
    console::style(text).dim().to_string()
}
