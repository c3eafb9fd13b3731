//! The queue in the terminal: what needs a person most is shown, a key decides, the next one is there. On a terminal each
//! key counts at once; otherwise lines are read, so that it can be driven by a script.

mod adding;
mod answer;
mod correct;
mod shown;
mod wanted;

use crate::Outcome;
use crate::cli::{Common, Format};
use crate::failure::Failure;
use crate::judge;
use crate::output::{self, line, out};
use crate::person::person;
use crate::view::{View, Views};
use crate::web::Item;
use crate::web::queue_filter::About;
use crate::web::searcher::Searcher;
use crate::web::wish::{self, Beheld, Deed, Undecided, Wish};
use crate::workspace::Workspace;
use answer::{Answer, Answers};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use correct::Correction;
use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;
use sufficit_evidence::{
    Action, Catalogue, Decision, DocumentId, DocumentKind, FactField, Sufficiency,
};
use sufficit_review::{Store, StoreError};
use wanted::Wanted;

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

const KEY: &str = "Its key: m/SHA256/FRAMEWORK/REQUIREMENT of a match, r/FRAMEWORK/REQUIREMENT of a requirement as a whole";
const WHY: &str = "The reason, which the audit trail keeps";
const MAYBE_WHY: &str = "A reason, if there is one to keep";

/// A decision on one item. Its key stands with it in the queue: m/SHA256/FRAMEWORK/REQUIREMENT or r/FRAMEWORK/REQUIREMENT.
#[derive(Debug, Subcommand)]
enum Verdict {
    /// Take the proposed sufficiency as it is
    Accept {
        #[arg(help = KEY)]
        key: String,
        #[arg(long, default_value = "", help = MAYBE_WHY)]
        why: String,
    },
    /// Give another sufficiency
    Override {
        /// 0 none, 1 mentioned, 2 partial, 3 defined, 4 controlled, 5 demonstrated
        #[arg(value_name = "0-5", value_parser = clap::value_parser!(u8).range(0..=5))]
        sufficiency: u8,
        #[arg(help = KEY)]
        key: String,
        #[arg(long, help = WHY)]
        why: String,
    },
    /// Say that the document is no evidence for the requirement
    Reject {
        #[arg(help = KEY)]
        key: String,
        #[arg(long, help = WHY)]
        why: String,
    },
    /// Say that the requirement does not apply
    NotApplicable {
        #[arg(help = KEY)]
        key: String,
        #[arg(long, help = WHY)]
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
        #[arg(long, default_value = "", help = MAYBE_WHY)]
        why: String,
    },
    /// Take back the decision that holds
    Undo {
        #[arg(help = KEY)]
        key: String,
        #[arg(long, default_value = "", help = MAYBE_WHY)]
        why: String,
    },
}

/// What decisions are made with.
struct Desk {
    workspace: Workspace,
    common: Common,
    store: Store,
    views: Views,
    searcher: Searcher,
    by: String,
}

/// What becomes of the items that are gone through.
#[derive(Default)]
struct Round {
    /// Those that were passed over.
    skipped: HashSet<String>,
    /// Those that were decided, each with the decision's number, the latest last.
    decided: Vec<(Item, u64)>,
    /// The one that is shown next, whether or not it needs a person.
    shown: Option<Item>,
}

/// Goes through the queue, or takes down the one decision that the command line names.
pub(crate) async fn run(common: &Common, args: ReviewArgs) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    let store = workspace.judged_store(common).await?;
    let catalogue = judge::catalogue(&workspace, common)?;
    let views = Views::new(judge::rules(&workspace, common)?);
    let by = args.by.clone().unwrap_or_else(person);
    let (common, searcher) = (common.clone(), Searcher::default());
    let desk = Desk { workspace, common, store, views, searcher, by };
    match args.verdict {
        Some(verdict) => desk.decide_one(verdict).await?,
        None if matches!(desk.common.format, Format::Json | Format::Jsonl) => {
            return Err(Failure::usage(
                "review asks, which has no JSON",
                "`sufficit export matches --format json` writes all matches with what was decided of them.",
            ));
        }
        None => desk.go_through(&catalogue, &Wanted::of(&catalogue, &args)?).await?,
    }
    Ok(Outcome::Done)
}

impl Desk {
    async fn view(&self) -> Result<Arc<View>, Failure> {
        self.views.now(&self.store).await
    }

    /// Takes down what is done with an item as it stands in `view`.
    async fn take_down(
        &self,
        view: &View,
        item: &Item,
        deed: Deed,
        why: &str,
    ) -> Result<Decision, StoreError> {
        let wish = Wish {
            item: item.clone(),
            deed,
            why: why.to_owned(),
            expect: wish::standing_of(view, item).last(),
            proposal: Beheld::Unsaid,
        };
        wish::take_down(&self.store, view, &wish, &self.by).await.map_err(refusal)
    }

    async fn decide_one(&self, verdict: Verdict) -> Result<(), Failure> {
        let (key, why, deed) = match verdict {
            Verdict::Correct { document, field, value, why } => {
                let correction = Correction { document: &document, field, value, why: &why };
                return said(&self.common, &self.correct(correction).await?, &document);
            }
            Verdict::Accept { key, why } => (key, why, Deed::Act(Action::Accept)),
            Verdict::Override { sufficiency, key, why } => {
                let sufficiency = Sufficiency::new(sufficiency);
                (key, why, Deed::Act(Action::Override { sufficiency }))
            }
            Verdict::Reject { key, why } => (key, why, Deed::Act(Action::Reject)),
            Verdict::NotApplicable { key, why } => (key, why, Deed::Act(Action::NotApplicable)),
            Verdict::Undo { key, why } => (key, why, Deed::TakeBack),
        };
        let view = self.view().await?;
        // What was decided of a match that is in no list any more can be taken back all the same.
        let held = |item: &Item| wish::standing_of(&view, item).holding.is_some();
        let is_there = |item: &Item| match deed {
            Deed::TakeBack if !matches!(item, Item::Document(_)) && held(item) => true,
            _ => About::named(&view, item).is_some(),
        };
        let item = key.parse().ok().filter(is_there);
        let item = item.ok_or_else(|| {
            Failure::usage(
                format!("nothing in the queue is called {key}"),
                "Give the key that `sufficit review` shows with an item.",
            )
        })?;
        if matches!(deed, Deed::TakeBack) && !held(&item) {
            let what = format!("no decision holds on {key}");
            return Err(Failure::usage(what, "There is nothing to take back."));
        }
        let decision = self.take_down(&view, &item, deed, &why).await?;
        said(&self.common, &decision, &key)
    }

    /// Shows what needs a person, worst first, and takes down what is answered, until nothing is left or the answers end.
    async fn go_through(&self, catalogue: &Catalogue, wanted: &Wanted) -> Result<(), Failure> {
        let answers = Answers::new();
        let mut round = Round::default();
        loop {
            let view = self.view().await?;
            let mut open = wanted.items(&view, catalogue);
            open.retain(|item| !round.skipped.contains(&item.item().to_string()));
            let shown = round.shown.take().and_then(|item| About::named(&view, &item));
            let Some(item) = shown.or_else(|| open.first().copied()) else {
                let end = "Nothing is left that needs a person.";
                if round.decided.is_empty() {
                    return line(&mut out(), end);
                }
                line(&mut out(), &format!("{end} u takes the last decision back, q ends."))?;
                match answers.next()? {
                    Answer::Undo => self.take_back(&view, &mut round.decided).await?,
                    _ => return Ok(()),
                }
                continue;
            };
            shown::item(&self.store, &view, catalogue, item, open.len()).await?;
            if !self.answer((&view, catalogue), item, &answers, &mut round).await? {
                return Ok(());
            }
        }
    }

    /// Does what is answered to `item`. Whether it goes on.
    async fn answer(
        &self,
        (view, catalogue): (&View, &Catalogue),
        item: About<'_>,
        answers: &Answers,
        round: &mut Round,
    ) -> Result<bool, Failure> {
        let key = item.item();
        // What leaves the item undecided shows it once more.
        match answers.next()? {
            Answer::Decide(action, why) => {
                match self.acknowledged(view, &key, Deed::Act(action), &why).await? {
                    Some(number) => round.decided.push((key, number)),
                    None => round.shown = Some(key),
                }
            }
            Answer::Remark(action, why) => {
                self.acknowledged(view, &key, Deed::Act(action), &why).await?;
                round.shown = Some(key);
            }
            Answer::Search(words) => {
                let added = self.add((view, catalogue), item.name(), words, answers).await?;
                round.decided.extend(added);
                round.shown = Some(key);
            }
            Answer::Another => round.shown = Some(another(view, item)?.unwrap_or(key)),
            Answer::Undo => self.take_back(view, &mut round.decided).await?,
            Answer::Skip => {
                round.skipped.insert(key.to_string());
            }
            Answer::End => return Ok(false),
            Answer::Help => {
                line(&mut out(), answer::HELP)?;
                round.shown = Some(key);
            }
            Answer::Unknown(text) => {
                line(&mut out(), &format!("{text:?} is no answer here. {}", answer::HELP))?;
                round.shown = Some(key);
            }
        }
        Ok(true)
    }

    /// Takes back the last of what was `decided` here.
    async fn take_back(&self, view: &View, decided: &mut Vec<(Item, u64)>) -> Result<(), Failure> {
        let Some((item, number)) = decided.pop() else {
            return line(&mut out(), "Nothing was decided here that could be taken back.");
        };
        match wish::standing_of(view, &item).holding {
            Some(held) if held.number == number => {
                self.acknowledged(view, &item, Deed::TakeBack, "").await.map(|_| ())
            }
            // What a colleague said since is not taken back with it.
            Some(held) => {
                let text = format!(
                    "Decision {number} holds no more: {} {} in decision {}. Nothing was taken back; `sufficit review undo {item}` takes that one back.",
                    held.by,
                    crate::deed::deed(&held),
                    held.number
                );
                line(&mut out(), &text)
            }
            None => line(&mut out(), &format!("Decision {number} was taken back already.")),
        }
    }

    /// Takes a decision down and says so, or why not. Its number; `None` where it was not taken down: another may have been
    /// first, or the answer does not fit.
    async fn acknowledged(
        &self,
        view: &View,
        item: &Item,
        deed: Deed,
        why: &str,
    ) -> Result<Option<u64>, Failure> {
        match self.take_down(view, item, deed, why).await {
            Ok(decision) => {
                acknowledge(&decision, &item.to_string()).map(|()| Some(decision.number))
            }
            Err(error @ (StoreError::DecidedMeanwhile(_) | StoreError::Refused(_))) => {
                line(&mut out(), &error.to_string()).map(|()| None)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The next document for the same requirement; says so where there is none.
fn another(view: &View, item: About<'_>) -> Result<Option<Item>, Failure> {
    let next: Option<&DocumentId> = view.next_document(item.document(), item.name());
    match next {
        Some(next) => Ok(Some(Item::of_match(next, item.name()))),
        None => {
            let text = format!("No other document is held against {}.", item.name());
            line(&mut out(), &text).map(|()| None)
        }
    }
}

/// Why nothing was taken down, as the store says it.
fn refusal(undecided: Undecided) -> StoreError {
    match undecided {
        Undecided::Meanwhile(other) => StoreError::DecidedMeanwhile(other),
        Undecided::Gone(what) | Undecided::Refused(what) => StoreError::Refused(what),
        Undecided::Changed => {
            StoreError::Refused("Another proposal stands now; look at it again.".to_owned())
        }
        Undecided::Store(error) => error,
    }
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
