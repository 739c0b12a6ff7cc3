//! `sluice decode`: looks into an event stream. With curl it shows what a server sends:
//!
//! ```text
//! $ curl -sN localhost:3000/api/chat/$ID/events | sluice decode
//! {"type":"message","data":"{\"t\":\"text\",\"r\":\"Hel\"}","id":"3"}
//! ```
//!
//! As it comes ([`Mode::Frames`]): one line of JSON per event, `type`, `data` and `id` in this order,
//! written as soon as the event is complete. Any event stream will do. The exit code is 0.
//!
//! `--typed` ([`Mode::Typed`]): folds the stream into an answer and prints one line of JSON at its
//! end. Everything in it but `whole`, `verdict` and `problems` is written as in `GET /api/chat/{id}`:
//!
//! ```text
//! {"whole":true,"verdict":"whole","problems":0,"length":3,"check":"5d92840b","state":"end",
//!  "parts":[{"t":"text","r":"Hel"}],"terminal":{"t":"end",…}}
//! ```
//!
//! | `verdict` | |
//! |---|---|
//! | `whole` | the terminal came, and its length and check agree with the content |
//! | `cut` | the stream ended without a terminal; `state` is `running` and there is no `terminal` |
//! | `short` | the terminal came, and content before it is missing |
//! | `mismatch` | the length agrees and the check does not |
//! | `unverified` | there was something of an unknown type, so nobody can say |
//!
//! Frames that are not events of the protocol, or come behind the terminal, are counted as `problems`
//! and explained on standard error. `whole` is true for the verdict `whole` without problems; then
//! the exit code is 0, otherwise 1. Events that come twice, as after a resume, are dropped.
//!
//! In both modes an event larger than [`LIMIT`] ends the decoding with a sentence and exit code 1,
//! and an output that nobody reads any more (`| head -1`) ends it quietly.
//!
//! Opens no connection and knows nothing of HTTP.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use crate::sse::EventTooLarge;

mod frames;
mod typed;

#[cfg(test)]
mod tests;

/// The largest event, in bytes: far above what the largest answer makes, and a bound on memory.
pub(super) const LIMIT: usize = 64 * 1024 * 1024;

/// What the command line asks for.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Fold the events into an answer, print it at the end, and say whether it is whole (exit code 0)
    /// or not (1)
    #[arg(long)]
    typed: bool,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Every event, as it comes.
    Frames,
    /// The answer that the events fold into, at the end.
    Typed,
}

/// Decodes standard input.
pub(super) fn main(args: &Args) -> ExitCode {
    let mode = if args.typed { Mode::Typed } else { Mode::Frames };
    match run(mode, io::stdin().lock(), io::stdout().lock(), io::stderr()) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Why decoding stopped before the end of the input.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error("{0}: no server of ours sends that, so decoding stops here")]
    TooLarge(#[from] EventTooLarge),
    #[error("the input can't be read any further: {0}")]
    Input(io::Error),
    #[error("the output can't be written: {0}")]
    Output(io::Error),
}

/// Decodes `input` to its end and says whether all is well. Complaints are sentences, one a line.
pub(super) fn run(mode: Mode, input: impl Read, output: impl Write, mut complaints: impl Write) -> bool {
    let end = match mode {
        Mode::Frames => frames::run(input, output).map(|()| true),
        Mode::Typed => typed::run(input, output, &mut complaints),
    };
    end.unwrap_or_else(|stop| {
        let quiet = matches!(&stop, Stop::Output(error) if error.kind() == io::ErrorKind::BrokenPipe);
        if !quiet {
            complain(&mut complaints, &stop);
        }
        quiet
    })
}

/// Where complaints can't be written, nobody is left to tell.
fn complain(complaints: &mut impl Write, what: &dyn std::fmt::Display) {
    let _ = writeln!(complaints, "sluice decode: {what}.");
}

/// Hands on what comes, when it comes: `read` returns what is there and does not wait for more.
fn for_each_chunk(mut input: impl Read, mut each: impl FnMut(&[u8]) -> Result<(), Stop>) -> Result<(), Stop> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => each(&buffer[..length])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Stop::Input(error)),
        }
    }
}

fn write_line(out: &mut Vec<u8>, value: &impl serde::Serialize) {
    serde_json::to_writer(&mut *out, value).expect("strings and numbers always serialise");
    out.push(b'\n');
}
