use crate::Outcome;
use crate::cli::{Common, Format};
use crate::failure::Failure;
use crate::output::{self, csv_rows, line, out};
use crate::password;
use crate::workspace::Workspace;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use console::Term;
use jiff::Timestamp;
use std::io::Write;
use sufficit_review::{Role, Store, User};

/// What is done with those who log in to the review app.
#[derive(Debug, Subcommand)]
pub(crate) enum UserAction {
    /// Add somebody; from the first user on, everybody has to log in
    Add {
        /// As decisions will name them
        name: String,
        /// What they may do: look; decide and upload, too; manage users, too
        #[arg(long, value_parser = roles())]
        role: Role,
        #[command(flatten)]
        password: PasswordSource,
    },
    /// List the users
    List,
    /// Take somebody out and end their sessions; what they decided stays
    Remove {
        /// Their name
        name: String,
    },
    /// Give somebody another password, and end their sessions
    Passwd {
        /// Their name
        name: String,
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Give somebody another role, which holds from their next request on
    Role {
        /// Their name
        name: String,
        /// What they may do from now on
        #[arg(value_parser = roles())]
        role: Role,
    },
}

/// Where a password comes from.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct PasswordSource {
    /// Read the password as one line from standard input, in place of asking for it
    #[arg(long)]
    password_stdin: bool,
}

/// Reads a role by its name.
pub(crate) fn roles() -> impl TypedValueParser<Value = Role> {
    let named = |name: String| Role::ALL.into_iter().find(|role| role.name() == name);
    PossibleValuesParser::new(Role::ALL.map(Role::name))
        .map(move |name| named(name).unwrap_or(Role::Viewer))
}

/// Adds, lists, changes or removes users.
pub(crate) async fn run(common: &Common, action: UserAction) -> Result<Outcome, Failure> {
    let store = Workspace::find(common)?.create_store().await?;
    match action {
        UserAction::Add { name, role, password } => {
            let hash = password.hashed()?;
            store.add_user(&name, role, &hash, Timestamp::now()).await?;
            told(common, &format!("{name} may log in as {role}."))?;
        }
        UserAction::List => list(common, &store).await?,
        UserAction::Remove { name } => {
            store.remove_user(&name).await?;
            told(common, &format!("{name} may log in no more."))?;
            if !store.has_users().await? {
                tracing::warn!("no user is left: `sufficit serve` opens without login again");
            }
        }
        UserAction::Passwd { name, password } => {
            store.set_password(&name, &password.hashed()?).await?;
            told(common, &format!("{name} logs in with the new password from now on."))?;
        }
        UserAction::Role { name, role } => {
            store.set_role(&name, role).await?;
            told(common, &format!("{name} is {role} from now on."))?;
        }
    }
    Ok(Outcome::Done)
}

/// Says what was done, to stderr: these commands have no result.
pub(crate) fn told(common: &Common, what: &str) -> Result<(), Failure> {
    if common.quiet { Ok(()) } else { line(&mut std::io::stderr().lock(), what) }
}

async fn list(common: &Common, store: &Store) -> Result<(), Failure> {
    let users = store.users().await?;
    let cells =
        |user: &User| vec![user.name.clone(), user.role.name().to_owned(), user.added.to_string()];
    match common.format {
        Format::Json => output::json(&users),
        Format::Jsonl => output::json_lines(&users),
        Format::Csv => csv_rows(&["name", "role", "added"], users.iter().map(cells)),
        Format::Table => {
            let out = &mut out();
            line(out, &format!("{:32} {:10} added", "name", "role"))?;
            for user in &users {
                line(out, &format!("{:32} {:10} {}", user.name, user.role.name(), user.added))?;
            }
            Ok(out.flush()?)
        }
    }
}

impl PasswordSource {
    /// The hash of the password that is given.
    fn hashed(self) -> Result<String, Failure> {
        let password = if self.password_stdin { from_stdin()? } else { asked()? };
        match password::fault(&password) {
            Some(fault) => {
                Err(Failure::usage(fault, "Several words make one that is long and easy to keep."))
            }
            None => password::hashed(&password),
        }
    }
}

fn from_stdin() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|error| Failure::usage(format!("standard input cannot be read: {error}"), ""))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Asks twice on the terminal, without showing what is typed.
fn asked() -> Result<String, Failure> {
    let terminal = Term::stderr();
    if !terminal.is_term() {
        return Err(Failure::usage(
            "there is no terminal to ask for the password on",
            "Give it as one line on standard input, with --password-stdin.",
        ));
    }
    let once = |prompt: &str| -> Result<String, Failure> {
        terminal.write_str(prompt)?;
        Ok(terminal.read_secure_line()?)
    };
    let password = once("Password: ")?;
    if once("The same again: ")? != password {
        return Err(Failure::usage("the two passwords differ", "Nothing was changed; try again."));
    }
    Ok(password)
}
