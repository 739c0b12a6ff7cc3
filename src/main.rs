//! The program: reads the command line and runs what it asks for.

#[cfg(feature = "ssr")]
fn main() -> std::process::ExitCode {
    sluice::server::commands::main()
}

/// Without `ssr` there is no program: cargo still wants one for `cargo check`.
#[cfg(not(feature = "ssr"))]
fn main() {}
