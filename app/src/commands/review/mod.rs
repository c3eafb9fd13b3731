//! The queue in the terminal: what needs a person most is shown, a key decides, the next one is there. On a terminal each
//! key counts at once; otherwise lines are read, so that it can be driven by a script.

mod answer;
mod correct;
mod item;
mod shown;

use crate::Outcome;
use crate::cli::{Common, Format};
use crate::commands::show::{ambiguous, named_requirements};
use crate::failure::Failure;
use crate::judge;
use crate::output::{self, line, out};
use crate::view::{View, Views};
use crate::workspace::Workspace;
use answer::{Answer, Answers};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use correct::Correction;
use item::{Item, items};
use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;
use sufficit_evidence::{
    Action, Catalogue, Decision, DocumentKind, FactField, RequirementRef, Sufficiency,
};
use sufficit_review::{Store, StoreError};

/// What of the queue is gone through, and by whom; or one decision, for scripts.
#[derive(Debug, Args)]
pub(crate) struct ReviewArgs {
    /// On this requirement only (A.6.2.4, or iso42001:A.6.2.4)
    #[arg(long, value_name = "ID")]
    requirement: Option<String>,
    /// Matches of this document only, named by its path or SHA-256
    #[arg(long, value_name = "PATH")]
    document: Option<String>,
    /// Matches of documents of this kind only; may be given more than once
    #[arg(long, value_name = "KIND", value_parser = crate::cli::kinds())]
    kind: Vec<DocumentKind>,
    /// Proposals that are at least this sure only, 0 to 1
    #[arg(long, value_name = "0-1", default_value_t = 0.0)]
    min_confidence: f32,
    /// Who decides [default: the user of this machine]
    #[arg(long, value_name = "NAME", global = true)]
    by: Option<String>,
    #[command(subcommand)]
    verdict: Option<Verdict>,
}

/// A decision on one item. Its key stands with it in the queue: m/SHA256/FRAMEWORK/REQUIREMENT or r/FRAMEWORK/REQUIREMENT.
#[derive(Debug, Subcommand)]
enum Verdict {
    /// Take the proposed sufficiency as it is
    Accept {
        key: String,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Give another sufficiency
    Override {
        #[arg(value_name = "0-5", value_parser = clap::value_parser!(u8).range(0..=5))]
        sufficiency: u8,
        key: String,
        #[arg(long)]
        why: String,
    },
    /// Say that the document is no evidence for the requirement
    Reject {
        key: String,
        #[arg(long)]
        why: String,
    },
    /// Say that the requirement does not apply
    NotApplicable {
        key: String,
        #[arg(long)]
        why: String,
    },
    /// Set a fact of a document right; the next `map` judges the document by it
    Correct {
        /// Its path or SHA-256
        document: String,
        #[arg(value_parser = fields())]
        field: FactField,
        /// What it is; left out where the document does not say
        value: Option<String>,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Take back the decision that holds
    Undo {
        key: String,
        #[arg(long, default_value = "")]
        why: String,
    },
}

/// What decisions are made with.
struct Desk {
    store: Store,
    views: Views,
    by: String,
}

/// Goes through the queue, or takes down the one decision that the command line names.
pub(crate) async fn run(common: &Common, args: ReviewArgs) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    let store = workspace.judged_store(common).await?;
    let catalogue = judge::catalogue(&workspace, common)?;
    let views = Views::new(judge::rules(&workspace, common)?);
    let by = args.by.clone().unwrap_or_else(user);
    let desk = Desk { store, views, by };
    match args.verdict {
        Some(verdict) => desk.decide_one(common, verdict).await?,
        None => desk.go_through(&catalogue, &wanted(&catalogue, &args)?).await?,
    }
    Ok(Outcome::Done)
}

/// The user's name on this machine.
fn user() -> String {
    let named =
        ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    named.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "local".to_owned())
}

/// Which items are gone through.
struct Wanted {
    requirement: Option<RequirementRef>,
    document: Option<String>,
    kinds: Vec<DocumentKind>,
    min_confidence: f32,
}

fn wanted(catalogue: &Catalogue, args: &ReviewArgs) -> Result<Wanted, Failure> {
    let requirement = match args.requirement.as_deref() {
        None => None,
        Some(what) => match named_requirements(catalogue, what).as_slice() {
            [] => {
                return Err(Failure::usage(
                    format!("no requirement is called {what}"),
                    "`sufficit frameworks show iso42001` lists them.",
                ));
            }
            [name] => Some(name.clone()),
            several => return Err(ambiguous(what, several)),
        },
    };
    Ok(Wanted {
        requirement,
        document: args.document.clone(),
        kinds: args.kind.clone(),
        min_confidence: args.min_confidence,
    })
}

impl Desk {
    async fn view(&self) -> Result<Arc<View>, Failure> {
        self.views.now(&self.store).await
    }

    /// Takes a decision down on an item as it stands in `view`.
    async fn take_down(
        &self,
        item: &Item<'_>,
        action: Action,
        why: &str,
    ) -> Result<Decision, StoreError> {
        let Some(new) = item.decision(&self.by, action, why) else {
            return Err(StoreError::Refused("The document lies nowhere any more.".to_owned()));
        };
        self.store.decide(&new).await
    }

    async fn decide_one(&self, common: &Common, verdict: Verdict) -> Result<(), Failure> {
        // No action: what holds is taken back.
        let (key, why, action) = match verdict {
            Verdict::Correct { document, field, value, why } => {
                let correction = Correction { document: &document, field, value, why: &why };
                return said(common, &self.correct(correction).await?, &document);
            }
            Verdict::Accept { key, why } => (key, why, Some(Action::Accept)),
            Verdict::Override { sufficiency, key, why } => {
                let sufficiency = Sufficiency::new(sufficiency);
                (key, why, Some(Action::Override { sufficiency }))
            }
            Verdict::Reject { key, why } => (key, why, Some(Action::Reject)),
            Verdict::NotApplicable { key, why } => (key, why, Some(Action::NotApplicable)),
            Verdict::Undo { key, why } => (key, why, None),
        };
        let view = self.view().await?;
        let item = item::named(&view, &key).ok_or_else(|| {
            Failure::usage(
                format!("nothing in the queue is called {key}"),
                "Give the key that `sufficit review` shows with an item.",
            )
        })?;
        let action = action.or_else(|| item.undo(&view)).ok_or_else(|| {
            Failure::usage(format!("no decision holds on {key}"), "There is nothing to take back.")
        })?;
        let decision = self.take_down(&item, action, &why).await?;
        said(common, &decision, &key)
    }

    /// Shows what needs a person, worst first, and takes down what is answered, until nothing is left or the answers end.
    async fn go_through(&self, catalogue: &Catalogue, wanted: &Wanted) -> Result<(), Failure> {
        let answers = Answers::new();
        let mut skipped: HashSet<String> = HashSet::new();
        let mut decided: Vec<String> = Vec::new();
        loop {
            let view = self.view().await?;
            let mut open = items(&view, catalogue, wanted);
            open.retain(|item| !skipped.contains(&item.key()));
            let Some(item) = open.first() else {
                let end = "Nothing is left that needs a person.";
                if decided.is_empty() {
                    return line(&mut out(), end);
                }
                line(&mut out(), &format!("{end} u takes the last decision back, q ends."))?;
                match answers.next()? {
                    Answer::Undo => self.take_back(&view, &mut decided).await?,
                    _ => return Ok(()),
                }
                continue;
            };
            shown::item(&self.store, &view, catalogue, item, open.len()).await?;
            match self.answer(&view, item, answers.next()?, &mut decided).await? {
                After::Next => {}
                After::Skip => {
                    skipped.insert(item.key());
                }
                After::End => return Ok(()),
            }
        }
    }

    async fn answer(
        &self,
        view: &View,
        item: &Item<'_>,
        answer: Answer,
        decided: &mut Vec<String>,
    ) -> Result<After, Failure> {
        match answer {
            Answer::Decide(action, why) => {
                if self.acknowledged(item, action, &why).await? {
                    decided.push(item.key());
                }
            }
            Answer::Undo => self.take_back(view, decided).await?,
            Answer::Skip => return Ok(After::Skip),
            Answer::End => return Ok(After::End),
            Answer::Help => line(&mut out(), answer::HELP)?,
            Answer::Unknown(text) => {
                line(&mut out(), &format!("{text:?} is no answer here. {}", answer::HELP))?;
            }
        }
        Ok(After::Next)
    }

    /// Takes back the last of what was `decided` here.
    async fn take_back(&self, view: &View, decided: &mut Vec<String>) -> Result<(), Failure> {
        let last = decided.pop().and_then(|key| item::named(view, &key));
        let Some((action, item)) = last.and_then(|item| Some((item.undo(view)?, item))) else {
            return line(&mut out(), "Nothing was decided here that could be taken back.");
        };
        self.acknowledged(&item, action, "").await.map(|_| ())
    }

    /// Takes a decision down and says so, or why not. Whether it was taken down: another may have been first, or the answer
    /// does not fit.
    async fn acknowledged(
        &self,
        item: &Item<'_>,
        action: Action,
        why: &str,
    ) -> Result<bool, Failure> {
        match self.take_down(item, action, why).await {
            Ok(decision) => acknowledge(&decision, &item.key()).map(|()| true),
            Err(error @ (StoreError::DecidedMeanwhile(_) | StoreError::Refused(_))) => {
                line(&mut out(), &error.to_string()).map(|()| false)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What follows an answer.
enum After {
    Next,
    Skip,
    End,
}

/// The facts by the names that they have in the record.
fn fields() -> impl TypedValueParser<Value = FactField> {
    PossibleValuesParser::new(FactField::ALL.map(FactField::key)).map(|name| {
        let named = FactField::ALL.into_iter().find(|field| field.key() == name);
        named.unwrap_or(FactField::Title)
    })
}

/// Says that a decision on `what` is on the disk, in the form asked for.
fn said(common: &Common, decision: &Decision, what: &str) -> Result<(), Failure> {
    match common.format {
        Format::Json | Format::Jsonl => output::json_lines([decision]),
        Format::Table | Format::Csv => acknowledge(decision, what),
    }
}

/// Says that a decision is on the disk.
fn acknowledge(decision: &Decision, what: &str) -> Result<(), Failure> {
    let given = decision.sufficiency().map(|given| format!(" {given}")).unwrap_or_default();
    let out = &mut out();
    let text = format!("decision {}: {}{given} {}", decision.number, decision.action.name(), what);
    line(out, &text)?;
    Ok(out.flush()?)
}
