use super::user::{roles, told};
use crate::Outcome;
use crate::cli::{Common, Format};
use crate::failure::Failure;
use crate::output::{self, csv_rows, line, out};
use crate::secret;
use crate::workspace::Workspace;
use clap::Subcommand;
use jiff::{SignedDuration, Timestamp};
use std::io::Write;
use sufficit_review::{Role, Store, Token};

/// What every token begins with, so that one that has got into a file or a log can be found.
const PREFIX: &str = "suf_";

/// What is done with the tokens by which programs ask the HTTP API.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenAction {
    /// Add a token and print it, this once
    Add {
        /// As decisions will name the program
        name: String,
        /// What it may do: look; decide and upload, too; everything
        #[arg(long, value_parser = roles())]
        role: Role,
        /// After how many days it expires
        #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=3650))]
        days: i64,
    },
    /// List the tokens, without their secrets
    List,
    /// Take a token out; it lets nobody in from now on
    Remove {
        /// Its name
        name: String,
    },
}

/// Adds, lists or removes tokens.
pub(crate) async fn run(common: &Common, action: TokenAction) -> Result<Outcome, Failure> {
    let store = Workspace::find(common)?.create_store().await?;
    match action {
        TokenAction::Add { name, role, days } => {
            let added = Timestamp::now();
            let lifetime = SignedDuration::from_hours(24 * days);
            let expires = added.checked_add(lifetime).map_err(Failure::internal)?;
            let token = Token { name, role, added, expires, last_used: None };
            let secret = format!("{PREFIX}{}", secret::drawn()?);
            store.add_token(&token, &secret::digest(&secret)).await?;
            let out = &mut out();
            line(out, &secret)?;
            out.flush()?;
            told(common, "It is not shown again: keep it where only the program reads it.")?;
        }
        TokenAction::List => list(common, &store).await?,
        TokenAction::Remove { name } => {
            store.remove_token(&name).await?;
            told(common, &format!("{name} lets nobody in any more."))?;
        }
    }
    Ok(Outcome::Done)
}

async fn list(common: &Common, store: &Store) -> Result<(), Failure> {
    let tokens = store.tokens().await?;
    let day =
        |token: &Token| token.last_used.map_or_else(|| "never".to_owned(), |day| day.to_string());
    let cells = |token: &Token| {
        vec![
            token.name.clone(),
            token.role.name().to_owned(),
            token.added.to_string(),
            token.expires.to_string(),
            day(token),
        ]
    };
    match common.format {
        Format::Json => output::json(&tokens),
        Format::Jsonl => output::json_lines(&tokens),
        Format::Csv => {
            csv_rows(&["name", "role", "added", "expires", "last_used"], tokens.iter().map(cells))
        }
        Format::Table => {
            let out = &mut out();
            line(out, &format!("{:32} {:10} {:20} last used", "name", "role", "expires"))?;
            for token in &tokens {
                let (name, role) = (&token.name, token.role.name());
                let expires = token.expires.strftime("%Y-%m-%d %H:%MZ");
                line(out, &format!("{name:32} {role:10} {expires:20} {}", day(token)))?;
            }
            Ok(out.flush()?)
        }
    }
}
