//! The command line.
//!
//! - `serve`: the server, which is also what plain `sluice` does
//! - `user`, `token`: who can sign in, and what programs prove themselves with
//! - `decode`: looks into an event stream

mod decode;
mod place;
mod serve;
mod token;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A self-hosted AI chat whose answers cannot be lost.
///
/// Without a command it serves the chat on http://127.0.0.1:3000, with built-in demo models; no
/// account, no key and no other server is needed.
#[derive(Debug, Parser)]
#[command(name = "sluice", version, args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Args,
}

const EXAMPLES: &str = "\
Examples:
  sluice                                               the demo
  sluice --openai http://localhost:11434/v1            Ollama
  sluice --openai http://localhost:8080/v1             llama.cpp
  SLUICE_OPENAI_KEY=sk-… sluice --openai https://api.openai.com/v1
  curl -sN localhost:3000/api/chat -H 'content-type: application/json' \\
    -d '{\"message\":{\"parts\":[{\"t\":\"text\",\"r\":\"hi\"}]}}' | sluice decode --typed

Settings are read from Leptos.toml in the working directory, if it is there.
Logs go to standard error; RUST_LOG=debug says more.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the chat (also what plain `sluice` does)
    Serve(serve::Args),
    /// Add, list and remove the people who can sign in; without any, everybody can use the server
    #[command(subcommand)]
    User(user::Command),
    /// Make tokens with which programs are people
    #[command(subcommand)]
    Token(token::Command),
    /// Read an event stream on standard input and print one JSON line per event
    Decode(decode::Args),
}

/// Reads the command line and runs what it asks for. Settings that can't be used are one sentence on
/// standard error and exit code 2.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command {
        None => serve::main(cli.serve),
        Some(Command::Serve(args)) => serve::main(args),
        Some(Command::User(command)) => user::main(command),
        Some(Command::Token(command)) => token::main(command),
        Some(Command::Decode(args)) => decode::main(&args),
    }
}
