use crate::cli::Common;
use crate::failure::Failure;
use crate::model;
use crate::workspace::Workspace;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::Arc;
use sufficit_config::{ConfigFile, load_catalogue, load_crosswalk, load_rubric, load_scope};
use sufficit_evidence::{
    Calibration, Candidate, Catalogue, Crosswalk, Date, Document, Match, RequirementRef, Rubric,
    RunId, RunVersions, Scope,
};
use sufficit_index::{Embedder, Matcher, QuoteReader, ReferenceFrequencies};
use sufficit_mapper::{
    AssessmentWorking, Copies, MAPPER_VERSION, Relevance, Rules, Working, assess_working, likeness,
    map_document, rank, workings,
};
use sufficit_review::{Mapping, Store};

/// How often words stand in unrelated text; the table behind the lexical scores.
const REFERENCE: &str = include_str!("../../models/static-en/df.tsv");

/// Everything that holds a document against the catalogue: the rules and the matcher made for them.
#[derive(Debug)]
pub(crate) struct Judge {
    pub(crate) rules: Rules,
    pub(crate) versions: RunVersions,
    pub(crate) embedder: Arc<Embedder>,
    matcher: Matcher,
    /// What reads the quotes of candidates once more; `None` where the rubric or the model has no such thing.
    reader: Option<QuoteReader>,
}

/// The frameworks of the settings, or only those that the command line names.
pub(crate) fn catalogue(workspace: &Workspace, common: &Common) -> Result<Catalogue, Failure> {
    let only = if common.framework.is_empty() {
        &workspace.settings.catalogue.frameworks
    } else {
        &common.framework
    };
    Ok(load_catalogue(&workspace.framework_files()?, only)?)
}

/// The crosswalks between the frameworks of `catalogue`.
pub(crate) fn crosswalk(
    workspace: &Workspace,
    catalogue: &Catalogue,
) -> Result<Crosswalk, Failure> {
    let files = &workspace.settings.catalogue.crosswalk_files;
    let files: Vec<ConfigFile> =
        files.iter().map(|path| ConfigFile::read(path)).collect::<Result<_, _>>()?;
    Ok(load_crosswalk(&files, catalogue)?)
}

/// What the settings say of the organisation, held against all frameworks that there are.
fn scope(workspace: &Workspace) -> Result<Scope, Failure> {
    let settings = &workspace.settings;
    let all = load_catalogue(&workspace.framework_files()?, &[])?;
    Ok(load_scope(settings, workspace.settings_file.as_deref(), &all)?)
}

/// The rules by which requirements are assessed from their matches, without a model to make matches by.
pub(crate) fn rules(workspace: &Workspace, common: &Common) -> Result<Rules, Failure> {
    let catalogue = catalogue(workspace, &Common { framework: Vec::new(), ..common.clone() })?;
    let crosswalk = crosswalk(workspace, &catalogue)?;
    let rules = Rules::new(catalogue, crosswalk, rubric(workspace)?, as_of(common));
    Ok(rules.within(scope(workspace)?))
}

fn rubric(workspace: &Workspace) -> Result<Rubric, Failure> {
    let file = &workspace.settings.catalogue.rubric_file;
    let file = if file.as_os_str().is_empty() { None } else { Some(ConfigFile::read(file)?) };
    Ok(load_rubric(file)?)
}

/// The day on which reviews and ages are judged.
pub(crate) fn as_of(common: &Common) -> Date {
    common.as_of.unwrap_or_else(|| jiff::Zoned::now().date())
}

impl Judge {
    /// Makes the judge that the settings and the command line ask for. All frameworks of the settings are
    /// mapped to where `every_framework` is set, whatever the command line shows.
    pub(crate) fn new(
        workspace: &Workspace,
        common: &Common,
        every_framework: bool,
    ) -> Result<Self, Failure> {
        let shown = if every_framework {
            // What is to be shown has to be there before an hour of work is spent.
            self::catalogue(workspace, common)?;
            Common { framework: Vec::new(), ..common.clone() }
        } else {
            common.clone()
        };
        let catalogue = catalogue(workspace, &shown)?;
        let crosswalk = crosswalk(workspace, &catalogue)?;
        let reference = ReferenceFrequencies::parse(REFERENCE)?;
        let embedder = model::embedder(workspace, common)?;
        let rubric = rubric(workspace)?.beside_onnx(embedder.is_onnx());
        let matcher =
            Matcher::new(Arc::clone(&embedder), &reference, catalogue.probes(), rubric.fusion)?;
        let reader = QuoteReader::new(Arc::clone(&embedder), catalogue.probes())
            .filter(|_| rubric.read.is_some());
        let (matcher, reread) = model::rereading(workspace, common, matcher, &catalogue)?;
        let texts = serde_json::to_string(&(catalogue.frameworks(), &crosswalk.pairs))?;
        let scope = scope(workspace)?;
        let of_scope = serde_json::to_string(&scope)?;
        let versions = RunVersions {
            extractor: sufficit_ingest::EXTRACTOR_VERSION.to_owned(),
            catalogue: digest(&texts),
            model: format!("{}+{}{reread}", matcher.model_version(), digest(REFERENCE)),
            rubric: digest(&serde_json::to_string(&rubric)?),
            mapper: MAPPER_VERSION.to_owned(),
            scope: if scope.is_empty() { String::new() } else { digest(&of_scope) },
            calibration: None,
        };
        Ok(Self {
            rules: Rules::new(catalogue, crosswalk, rubric, as_of(common)).within(scope),
            versions,
            embedder,
            matcher,
            reader,
        })
    }

    /// The same judge, with the confidence of matches shifted as reviewers' decisions ask.
    pub(crate) fn calibrated(self, calibration: Option<Calibration>) -> Self {
        let versions = RunVersions { calibration, ..self.versions };
        Self { rules: self.rules.calibrated(calibration), versions, ..self }
    }

    /// The same judge, calibrated as the latest run was: new evidence is judged by it, until `map` is asked to fit it anew.
    pub(crate) async fn with_known_calibration(self, store: &Store) -> Result<Self, Failure> {
        let run = store.latest_run().await?;
        Ok(self.calibrated(run.and_then(|run| run.versions.calibration)))
    }

    /// The judge that made the latest run, on that run's day; `None` where the rules have changed since, or nothing was
    /// mapped yet.
    pub(crate) async fn of_latest_run(
        workspace: &Workspace,
        common: &Common,
        store: &Store,
    ) -> Result<Option<Self>, Failure> {
        let Some(run) = store.latest_run().await? else { return Ok(None) };
        let judge =
            Self::new(workspace, &Common { as_of: Some(run.as_of), ..common.clone() }, true)?
                .calibrated(run.versions.calibration);
        let same = store.latest_fingerprint().await?.as_deref() == Some(&judge.fingerprint()?);
        Ok(same.then_some(judge))
    }

    /// Equal for two runs exactly where the same document gives the same matches in both.
    pub(crate) fn fingerprint(&self) -> Result<String, Failure> {
        Ok(digest(&serde_json::to_string(&(&self.versions, self.rules.as_of()))?))
    }

    /// The document's matches, and what it is known by among copies and versions; `corrected` is the number of the last
    /// decision that set one of its facts right.
    pub(crate) fn mapping(
        &self,
        run: &RunId,
        document: &Document,
        corrected: u64,
    ) -> Result<Mapping, Failure> {
        Ok(Mapping {
            corrected,
            likeness: likeness(&self.rules, document),
            matches: self.matches(run, document, &self.candidates(document)?),
        })
    }

    /// How the document came to its grade for each of these requirements, matched or not, in their order; without those
    /// that the catalogue has not, and none where the document's language cannot be mapped.
    pub(crate) fn workings(
        &self,
        document: &Document,
        names: &[RequirementRef],
    ) -> Result<Vec<Working>, Failure> {
        let read = |candidate: &Candidate| self.read(document, candidate);
        Ok(workings(&self.rules, document, &self.candidates(document)?, &read, names))
    }

    /// How the requirement came to its grade over the whole body of evidence, from all of its matches.
    pub(crate) fn assessment_working(
        &self,
        name: &RequirementRef,
        matches: &[Match],
        copies: &Copies,
    ) -> Option<AssessmentWorking> {
        assess_working(&self.rules, name, matches, copies)
    }

    /// The document's matches, and every requirement with a relevance above 0, best first.
    pub(crate) fn explain(
        &self,
        document: &Document,
    ) -> Result<(Vec<Match>, Vec<Relevance>), Failure> {
        let candidates = self.candidates(document)?;
        let ranking = rank(self.rules.catalogue(), self.rules.rubric(), &candidates);
        Ok((self.matches(&RunId::from("run-0"), document, &candidates), ranking))
    }

    fn matches(&self, run: &RunId, document: &Document, candidates: &[Candidate]) -> Vec<Match> {
        map_document(&self.rules, run, document, candidates, &|one| self.read(document, one))
    }

    fn read(&self, document: &Document, candidate: &Candidate) -> Option<f32> {
        self.reader.as_ref()?.read(&document.passages, candidate)
    }

    fn candidates(&self, document: &Document) -> Result<Vec<Candidate>, Failure> {
        let title = document.facts.title.as_ref().map(|fact| fact.value.as_str());
        Ok(self.matcher.candidates(&document.passages, title)?)
    }
}

/// The first 16 hexadecimal digits of the text's SHA-256.
pub(crate) fn digest(text: &str) -> String {
    let mut hex = String::new();
    for byte in &Sha256::digest(text)[..8] {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests;
