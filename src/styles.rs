//! Holds what no rule of style may ask, by reading the sources.

use std::fs;
use std::path::Path;

/// What may be asked what is in it (`:has()`): never anything that has an answer in it. The browser asks
/// again with each node that is added, and looks through all that is there.
const MAY_BE_ASKED: &[&str] = &[".bar", ".composer", ".lab-mode label", ".open-image", ".row"];

/// Each `:has()` of a stylesheet with what is asked.
fn asked(css: &str) -> impl Iterator<Item = &str> {
    css.match_indices(":has(").map(|(at, _)| {
        let before = &css[..at];
        let begin = before.rfind(['{', '}', ',', '\n']).map_or(0, |at| at + 1);
        before[begin..].trim()
    })
}

fn offences(css: &str) -> Vec<&str> {
    asked(css).filter(|asked| !MAY_BE_ASKED.contains(asked)).collect()
}

#[test]
fn nothing_that_grows_is_asked_what_is_in_it() {
    let mut found = 0;
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("style")).unwrap() {
        let path = file.unwrap().path();
        let css = fs::read_to_string(&path).unwrap();
        assert_eq!(offences(&css), Vec::<&str>::new(), "in {}", path.display());
        found += asked(&css).count();
    }
    assert!(found > 0);
}

#[test]
fn a_rule_that_asks_is_found() {
    let css = ".row:has([aria-current]) {}\nbody:not(:has(.sidebar)) .bar,\nbody:has(.sidebar) {}";
    assert_eq!(offences(css), ["body:not(", "body"]);
}
