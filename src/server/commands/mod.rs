//! The command line.
use std::process::ExitCode;

/// Reads the command line and runs what it asks for.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
