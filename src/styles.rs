//! Holds what no rule of style may ask, by reading the sources.

use std::fs;
use std::path::Path;

/// What may be asked what is in it (`:has()`): never anything that has an answer in it. The browser asks
/// again with each node that is added, and looks through all that is there.
const MAY_BE_ASKED: &[&str] = &[".bar", ".composer", ".lab-mode label", ".open-image", ".row"];

/// What may be asked whether something comes after it: what is not added to, or seldom: groups of blocks.
const MAY_BE_LAST: &[&str] = &[
    ".answer:not([data-state=\"running\"]) .md > .group",
    ".lab-frames .lab-note span",
    ".lab-panel",
    ".math .multline > mtr",
    ".md > .group",
    ".md > .group:last-child:not(",
    ".md > .group:not(",
    ".md > .raw:not(",
    ".row .bare",
];

/// The ways to ask that.
const LAST: &[&str] =
    &[":last-child", ":only-child", ":nth-last-child", ":last-of-type", ":only-of-type", ":nth-last-of-type"];

/// Each `:has()` of a stylesheet with what is asked.
fn asked(css: &str) -> impl Iterator<Item = &str> {
    css.match_indices(":has(").map(|(at, _)| {
        let before = &css[..at];
        let begin = before.rfind(['{', '}', ',', '\n']).map_or(0, |at| at + 1);
        before[begin..].trim()
    })
}

/// The same for what is asked whether something comes after it: the beginning of the line.
fn asked_to_be_last(css: &str) -> impl Iterator<Item = &str> {
    let lines = css.lines().map(str::trim);
    lines.flat_map(|line| LAST.iter().filter_map(move |way| Some(&line[..line.find(way)?])))
}

fn offences(css: &str) -> Vec<&str> {
    let has = asked(css).filter(|asked| !MAY_BE_ASKED.contains(asked));
    has.chain(asked_to_be_last(css).filter(|asked| !MAY_BE_LAST.contains(asked))).collect()
}

#[test]
fn nothing_that_grows_is_asked_what_is_in_it_or_behind_it() {
    let mut found = [0; 2];
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("style")).unwrap() {
        let path = file.unwrap().path();
        let css = fs::read_to_string(&path).unwrap();
        assert_eq!(offences(&css), Vec::<&str>::new(), "in {}", path.display());
        found = [found[0] + asked(&css).count(), found[1] + asked_to_be_last(&css).count()];
    }
    assert!(!found.contains(&0));
}

#[test]
fn a_rule_that_asks_is_found() {
    let css = ".row:has([aria-current]) {}\nbody:not(:has(.sidebar)) .bar,\nbody:has(.sidebar) {}";
    assert_eq!(offences(css), ["body:not(", "body"]);
    let css = ".md p:last-child {}\n.md > .group:not(:only-child),\n.md li:not(:nth-last-child(2)) {}";
    assert_eq!(offences(css), [".md p", ".md li:not("]);
}
