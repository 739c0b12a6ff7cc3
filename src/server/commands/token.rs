//! `sluice token`: what programs prove themselves with.

use std::process::ExitCode;

use super::user::{Named, person, say};
use crate::server::owner::Token;
use crate::server::store::{Owners, SessionKind, Sqlite};

/// What `sluice token` takes.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a token with which a program is this person, and print it, this once
    Add(Named),
    /// Make all tokens of a person worthless
    End(Named),
}

/// Does what was asked.
pub(super) fn main(command: Command) -> ExitCode {
    match command {
        Command::Add(Named { name, place }) => place.change(async |store| add(store, &name).await),
        Command::End(Named { name, place }) => place.change(async |store| end(store, &name).await),
    }
}

/// The token alone goes to standard output, so that it can be kept from there.
async fn add(store: &Sqlite, name: &str) -> anyhow::Result<()> {
    let person = person(store, name).await?;
    let token = Token::new();
    store.add_session(person.id, token.hash(), SessionKind::Program).await?;
    say(&token.reveal());
    eprintln!("Send it as `Authorization: Bearer …`. It is not kept and can't be shown again.");
    Ok(())
}

async fn end(store: &Sqlite, name: &str) -> anyhow::Result<()> {
    let person = person(store, name).await?;
    let count = store.end_sessions(person.id, SessionKind::Program).await?;
    say(&match count {
        1 => format!("1 token of {name} is worthless now."),
        count => format!("{count} tokens of {name} are worthless now."),
    });
    Ok(())
}
