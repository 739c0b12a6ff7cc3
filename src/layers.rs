//! Holds who may import whom, by reading the sources: the picture is in ARCHITECTURE.md.
//!
//! The rules are the three tables below; [`offences`] is the one function that knows how to read
//! them. Tests are free to import what they like and are not read.

use std::fs;
use std::path::{Path, PathBuf};

/// A part of the crate, and which other parts it may name. A module belongs to the part with the
/// longest name that it begins with, and each part may name itself.
struct Layer {
    name: &'static str,
    may_name: &'static [&'static str],
}

/// Our own modules.
const LAYERS: &[Layer] = &[
    Layer { name: "wire", may_name: &[] },
    Layer { name: "sse", may_name: &[] },
    Layer { name: "markdown", may_name: &[] },
    Layer {
        name: "app",
        may_name: &["wire", "sse", "markdown", "app::pages", "app::components", "app::state", "app::client"],
    },
    Layer {
        name: "app::pages",
        may_name: &["wire", "sse", "markdown", "app", "app::components", "app::state", "app::client"],
    },
    Layer { name: "app::components", may_name: &["wire", "sse", "markdown", "app::state", "app::client"] },
    Layer { name: "app::state", may_name: &["wire", "sse", "markdown", "app::client"] },
    Layer { name: "app::client", may_name: &["wire", "sse", "markdown"] },
    Layer {
        name: "server",
        may_name: &[
            "wire",
            "sse",
            "server::answer",
            "server::owner",
            "server::provider",
            "server::router",
            "server::routes",
            "server::store",
        ],
    },
    Layer {
        name: "server::router",
        may_name: &[
            "wire",
            "sse",
            "server",
            "server::routes",
            "server::routes::pages",
            "server::routes::forms",
        ],
    },
    Layer {
        name: "server::routes",
        may_name: &["wire", "sse", "server", "server::answer", "server::owner", "server::store"],
    },
    Layer {
        name: "server::routes::pages",
        may_name: &[
            "wire",
            "app",
            "app::state",
            "server",
            "server::routes",
            "server::answer",
            "server::owner",
            "server::store",
        ],
    },
    // What a form is answered with is a page.
    Layer {
        name: "server::routes::forms",
        may_name: &[
            "wire",
            "server",
            "server::routes",
            "server::routes::pages",
            "server::answer",
            "server::store",
        ],
    },
    Layer { name: "server::answer", may_name: &["wire", "sse", "server::provider", "server::store"] },
    Layer { name: "server::provider", may_name: &["wire", "sse"] },
    Layer { name: "server::store", may_name: &["wire"] },
    Layer { name: "server::owner", may_name: &["server::store"] },
];

/// A path into a crate from outside, and the only modules that may name it. Of several that fit, the
/// longest counts.
struct Confined {
    path: &'static str,
    to: &'static [&'static str],
}

/// Crates that are to be met in one place.
const CONFINED: &[Confined] = &[
    Confined { path: "web_sys", to: &["app::client"] },
    Confined { path: "js_sys", to: &["app::client"] },
    Confined { path: "gloo_net", to: &["app::client"] },
    Confined { path: "leptos::web_sys", to: &["app::client"] },
    Confined { path: "leptos", to: &["app", "browser", "server::routes::pages"] },
    Confined {
        path: "leptos::config",
        to: &["app", "server::routes::pages", "server::config", "server::state"],
    },
    Confined { path: "leptos_axum", to: &["server::routes::pages"] },
    Confined {
        path: "axum",
        to: &["server::router", "server::routes", "server::error", "server::serve", "server::telemetry"],
    },
    Confined { path: "reqwest", to: &["server::provider"] },
    // Only the type of an address, which the settings check.
    Confined { path: "reqwest::Url", to: &["server::provider", "server::config"] },
    Confined { path: "pulldown_cmark", to: &["markdown"] },
    Confined { path: "pulldown_latex", to: &["markdown::math"] },
    Confined { path: "sqlx", to: &["server::store::sqlite"] },
    Confined { path: "ring", to: &["server::store", "server::owner"] },
    Confined { path: "imagesize", to: &["server::store"] },
    Confined { path: "argon2", to: &["server::owner"] },
    Confined { path: "rpassword", to: &["server::commands"] },
    Confined { path: "clap", to: &["server::commands"] },
    Confined { path: "toml", to: &["server::config"] },
];

/// Words that may stand in these files only.
const WORDS: &[(&str, &[&str])] = &[("cfg(feature", &["lib.rs", "main.rs"])];

/// Everything in `source` (the text of `file`, relative to `src`) that breaks a rule: one sentence
/// each, with file and line.
fn offences(file: &str, source: &str) -> Vec<String> {
    let module = module_of(file);
    let code = without_tests_and_comments(source);
    let mut found = Vec::new();
    for (line, text) in code.lines().enumerate() {
        for (word, files) in WORDS {
            if text.contains(word) && !files.contains(&file) {
                found.push(format!("src/{file}:{}: `{word}` stands only in {}", line + 1, files.join(", ")));
            }
        }
    }
    // The root and the program name what they start.
    if module.is_empty() || file == "main.rs" {
        return found;
    }
    for (line, path) in paths(&code) {
        if let Some(why) = refusal(&module, &path) {
            found.push(format!("src/{file}:{line}: {why}"));
        }
    }
    found.dedup();
    found
}

/// Why `module` may not name `path`, if it may not.
fn refusal(module: &[&str], path: &[String]) -> Option<String> {
    let Some(target) = resolve(module, path) else {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let rules = CONFINED.iter().filter(|rule| begins_with(&path, rule.path));
        let rule = rules.max_by_key(|rule| rule.path.len())?;
        let free = rule.to.iter().any(|place| begins_with(module, place));
        return (!free)
            .then(|| format!("`{}` names `{}`: only {:?} may", module.join("::"), path.join("::"), rule.to));
    };
    let target: Vec<&str> = target.iter().map(String::as_str).collect();
    let (from, to) = (layer_of(module)?, layer_of(&target)?);
    (from.name != to.name && !from.may_name.contains(&to.name))
        .then(|| format!("`{}` may not name `{}` (here `{}`)", from.name, to.name, target.join("::")))
}

fn layer_of(module: &[&str]) -> Option<&'static Layer> {
    LAYERS.iter().filter(|layer| begins_with(module, layer.name)).max_by_key(|layer| layer.name.len())
}

fn begins_with(module: &[&str], place: &str) -> bool {
    let mut module = module.iter();
    place.split("::").all(|segment| module.next() == Some(&segment))
}

/// The full path inside the crate; `None` for another crate's.
fn resolve(module: &[&str], path: &[String]) -> Option<Vec<String>> {
    let mut at: Vec<String> = module.iter().map(|&segment| segment.to_owned()).collect();
    let mut rest = path;
    match rest.first()?.as_str() {
        "crate" => {
            at.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|segment| segment == "super") {
                at.pop();
                rest = &rest[1..];
            }
        }
        _ => return None,
    }
    at.extend(rest.iter().cloned());
    Some(at)
}

/// `server/answer/run.rs` is `server::answer::run`.
fn module_of(file: &str) -> Vec<&str> {
    let file = file.trim_end_matches(".rs");
    file.split('/').filter(|&segment| segment != "mod" && segment != "lib").collect()
}

/// The code with its lines where they were: comments and test modules become empty lines.
fn without_tests_and_comments(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut test = false;
    let mut lines = source.lines().peekable();
    while let Some(line) = lines.next() {
        let code = line.split("//").next().unwrap_or_default();
        if code.trim().starts_with("#[cfg(") && code.contains("test") && !code.contains("not(test") {
            // `mod tests;` is one line, `mod tests {` stands at the end of a file.
            test = lines.peek().is_some_and(|next| next.trim_end().ends_with('{'));
            if !test {
                lines.next();
                out.push('\n');
            }
        } else if !test {
            out.push_str(code);
        }
        out.push('\n');
    }
    out
}

/// Every path of two segments and more, and every leaf of a `use` tree, with its line.
fn paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut rest = code;
    let mut line = 1;
    while let Some(at) = rest.find("::") {
        let head = rest[..at].rfind(|c: char| !is_name(c)).map_or(0, |before| before + 1);
        line += rest[..head].matches('\n').count();
        let (tree, len) = tree(&rest[head..], &[]);
        found.extend(tree.into_iter().map(|path| (line, path)));
        line += rest[head..head + len].matches('\n').count();
        rest = &rest[head + len..];
    }
    found
}

/// Reads `a::b::{c, d::e}` from the beginning of `text`: its leaves, and how long it is.
fn tree(text: &str, prefix: &[String]) -> (Vec<Vec<String>>, usize) {
    let mut path = prefix.to_vec();
    let mut at = 0;
    loop {
        let name = text[at..].find(|c: char| !is_name(c)).map_or(text.len(), |end| at + end);
        if name > at {
            path.push(text[at..name].to_owned());
        }
        at = name;
        if !text[at..].starts_with("::") {
            return (vec![path], at);
        }
        at += 2;
        if text[at..].starts_with('{') {
            let (leaves, len) = branches(&text[at + 1..], &path);
            return (leaves, at + 1 + len);
        }
    }
}

/// Reads `c, d::e}` up to and with its closing brace.
fn branches(text: &str, prefix: &[String]) -> (Vec<Vec<String>>, usize) {
    let mut leaves = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c == '}' {
            return (leaves, at + 1);
        }
        if is_name(c) {
            let (more, len) = tree(&text[at..], prefix);
            leaves.extend(more);
            at += len;
        } else {
            at += c.len_utf8();
        }
    }
    (leaves, at)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of ours can be read") {
        let path = entry.expect("and what is in it").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn nobody_imports_what_is_not_theirs() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for path in rust_files(&src) {
        let file = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
        if file != "layers.rs" && !file.contains("/tests/") && !file.ends_with("/tests.rs") {
            found.extend(offences(&file, &fs::read_to_string(&path).unwrap()));
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn a_foreign_import_is_found_with_its_line_however_it_is_written() {
    let forbidden = [
        ("wire/event.rs", "\nuse crate::sse::Frame;", 2),
        ("wire/event.rs", "use super::super::{wire, app::Page};", 1),
        ("sse/mod.rs", "fn f() -> crate::wire::Event {", 1),
        ("app/client/fetch.rs", "use std::fmt;\nuse crate::{\n    app::state::Chat,\n};", 2),
        ("app/state/chat.rs", "fn now() -> f64 {\n    js_sys::Date::now()\n}", 2),
        ("app/components/answer.rs", "use crate::app::pages::chat;", 1),
        ("server/store/memory.rs", "use super::super::provider::Delta;", 1),
        ("server/provider/openai.rs", "use axum::body::Body;", 1),
        ("server/provider/openai.rs", "use crate::server::store;", 1),
        ("server/answer/run.rs", "use crate::server::routes::chat;", 1),
        ("server/answer/run.rs", "use crate::app::App;", 1),
        ("server/routes/chat.rs", "use reqwest::Client;", 1),
        ("server/config/mod.rs", "fn f(_: reqwest::Client) {}", 1),
        ("server/serve.rs", "use leptos::{config::LeptosOptions};", 1),
        ("app/pages/chat.rs", "use leptos::web_sys::Element;", 1),
        ("server/config.rs", "#[cfg(feature = \"ssr\")]", 1),
    ];
    for (file, source, line) in forbidden {
        let found = offences(file, source);
        assert_eq!(found.len(), 1, "{file}: {source:?} gives {found:?}");
        assert!(found[0].starts_with(&format!("src/{file}:{line}: ")), "{found:?}");
    }
}

#[test]
fn what_is_allowed_passes() {
    let allowed = [
        ("wire/answer.rs", "use super::{Check, event::Flat};\nuse serde::Serialize;"),
        ("app/pages/chat.rs", "use crate::app::{components::Transcript, state::Chat};"),
        ("app/client/fetch.rs", "use web_sys::Response;\nuse crate::sse::Decoder;"),
        ("server/config/mod.rs", "use reqwest::Url;\nuse leptos::config::LeptosOptions;"),
        ("server/answer/run.rs", "use crate::server::{provider::Delta, store};\nuse crate::wire::Event;"),
        ("server/provider/openai.rs", "// axum::Body would be wrong here\nuse super::Delta;"),
        ("server/provider/openai.rs", "#[cfg(test)]\nmod tests {\n    use axum::Router;\n}"),
        ("lib.rs", "#[cfg(feature = \"ssr\")]\npub mod server;"),
    ];
    for (file, source) in allowed {
        assert_eq!(offences(file, source), Vec::<String>::new(), "{file}: {source:?}");
    }
}
