//! Tells the sources whether the browser's module will be cut into parts: see `app::client::part`.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(split)");
    // `cargo leptos build --split` says it to nobody but the linker.
    println!("cargo::rerun-if-env-changed=RUSTFLAGS");
    let flags = std::env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    if flags.contains("--emit-relocs") {
        println!("cargo::rustc-cfg=split");
    }
}
