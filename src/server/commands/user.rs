//! `sluice user`: the people who can sign in.

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};

use super::place::Place;
use crate::server::owner::{PasswordHash, check_name, check_password};
use crate::server::store::{Owners, Person, SessionKind, Sqlite};

/// What `sluice user` takes.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add a person; asks for the password, or reads it as one line from standard input
    ///
    /// With the first person the server is theirs: nobody can use it any more without signing in.
    Add(Named),
    /// List the people, one name a line
    List(Place),
    /// Give a person another password, and end their sessions in browsers
    Password(Named),
    /// Remove a person with all their conversations
    Remove {
        #[command(flatten)]
        named: Named,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// A person of a server.
#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// The person's name
    pub(super) name: String,
    #[command(flatten)]
    pub(super) place: Place,
}

/// Does what was asked.
pub(super) fn main(command: Command) -> ExitCode {
    match command {
        Command::Add(Named { name, place }) => place.change(async |store| add(store, &name).await),
        Command::List(place) => place.change(list),
        Command::Password(Named { name, place }) => place.change(async |store| password(store, &name).await),
        Command::Remove { named: Named { name, place }, yes } => {
            place.change(async |store| remove(store, &name, yes).await)
        }
    }
}

/// The person of this name, who must be there.
pub(super) async fn person(store: &Sqlite, name: &str) -> anyhow::Result<Person> {
    let person = store.person(name).await?;
    person.with_context(|| format!("there is no person named `{name}`; `sluice user list` says who there is"))
}

async fn add(store: &Sqlite, name: &str) -> anyhow::Result<()> {
    check_name(name)?;
    let taken = || format!("the name `{name}` is taken; choose another");
    if store.person(name).await?.is_some() {
        bail!(taken());
    }
    let is_first = !store.has_people().await?;
    let hash = PasswordHash::of(&new_password()?);
    store.add_person(name, &hash.0).await?.with_context(taken)?;
    say(&format!("{name} can sign in now."));
    if is_first {
        say("From now on nobody can use this server without signing in.");
    }
    Ok(())
}

async fn list(store: &Sqlite) -> anyhow::Result<()> {
    store.people().await?.iter().for_each(|name| say(name));
    Ok(())
}

async fn password(store: &Sqlite, name: &str) -> anyhow::Result<()> {
    let person = person(store, name).await?;
    let hash = PasswordHash::of(&new_password()?);
    if !store.set_password(name, &hash.0).await? {
        bail!("{name} was removed meanwhile");
    }
    // Whoever knew the old password may be signed in.
    store.end_sessions(person.id, SessionKind::Browser).await?;
    say(&format!("{name} has a new password, and has to sign in again."));
    Ok(())
}

async fn remove(store: &Sqlite, name: &str, yes: bool) -> anyhow::Result<()> {
    person(store, name).await?;
    if !yes && !is_sure(name)? {
        bail!("{name} stays");
    }
    store.remove_person(name).await?;
    say(&format!("{name} is removed."));
    if !store.has_people().await? {
        say("There is nobody left: whoever reaches this server can use it without signing in.");
    }
    Ok(())
}

fn is_sure(name: &str) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("say --yes to remove {name} with all their conversations");
    }
    eprint!("Remove {name} with all their conversations? [y/N] ");
    let answer = line()?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Asks twice on a terminal, without showing it; anything else sends it once, as a line.
fn new_password() -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        let password = line()?;
        check_password(&password)?;
        return Ok(password);
    }
    let ask = |prompt| rpassword::prompt_password(prompt).context("can't read the password");
    let password = ask("Password: ")?;
    check_password(&password)?;
    if ask("Once more: ")? != password {
        bail!("the two passwords differ; nothing was changed");
    }
    Ok(password)
}

fn line() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("can't read standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A closed standard output is nobody who could read it.
pub(super) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
