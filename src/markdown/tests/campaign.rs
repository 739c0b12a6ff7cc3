//! Long runs by hand: texts of chance, read by us and by pulldown-cmark, and cut in pieces.
//!
//! ```text
//! SLUICE_RANDOM=600 SLUICE_SEED=7 cargo test --release --features ssr --lib campaign -- --ignored --nocapture
//! SLUICE_TEXTS=file cargo test --features ssr --lib what_a_file_has -- --ignored --nocapture
//! ```

use super::agreement::{comparable, examples};
use super::chunks::{chars, grown};
use super::documents::MARKS;
use super::{outline, reference};
use crate::markdown::parse;

/// What is kept of a text that differs: as little as still does.
const SHOWN: usize = 12;

struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % count
    }

    /// Examples of the specification in a row, or words that have a meaning.
    fn text(&mut self, examples: &[String]) -> String {
        let mut text = String::new();
        if self.below(2) == 0 {
            for _ in 0..=self.below(4) {
                text.push_str(&examples[self.below(examples.len())]);
                if self.below(3) == 0 {
                    text.push('\n');
                }
            }
        } else {
            for _ in 0..=self.below(25) {
                text.push_str(MARKS[self.below(MARKS.len())]);
            }
        }
        text
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn differs(text: &str) -> bool {
    comparable(text) && outline(&parse(text)) != outline(&reference::parse(text))
}

fn is_cut_badly(text: &str) -> bool {
    outline(&grown(chars(text))) != outline(&parse(text))
}

/// Takes away what need not be there.
fn small(text: &str, wrong: fn(&str) -> bool) -> String {
    let mut small = text.to_owned();
    'again: loop {
        for length in [64, 32, 16, 8, 4, 2, 1] {
            let places: Vec<_> = small.char_indices().map(|(at, _)| at).chain([small.len()]).collect();
            for at in 0..places.len().saturating_sub(length) {
                let mut shorter = small.clone();
                shorter.replace_range(places[at]..places[at + length], "");
                if std::panic::catch_unwind(|| wrong(&shorter)).unwrap_or(true) {
                    small = shorter;
                    continue 'again;
                }
            }
        }
        return small;
    }
}

fn show(text: &str) {
    let (ours, theirs) = (outline(&parse(text)), outline(&reference::parse(text)));
    println!("{text:?}{}\n  ours   {ours}\n  theirs {theirs}", if ours == theirs { " agrees" } else { "" });
}

#[test]
#[ignore = "runs for as long as it is told to"]
fn campaign() {
    let (seconds, seed) = (number("SLUICE_RANDOM", 20), number("SLUICE_SEED", 1));
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let examples = examples();
    let start = std::time::Instant::now();
    let (mut count, mut found) = (0, [0, 0]);
    while start.elapsed().as_secs() < seconds {
        let text = chance.text(&examples);
        count += 1;
        for (kind, wrong) in [differs, is_cut_badly].into_iter().enumerate() {
            if std::panic::catch_unwind(|| wrong(&text)).unwrap_or(true) {
                found[kind] += 1;
                if found[kind] <= SHOWN {
                    println!("{}", ["differs:", "is cut badly:"][kind]);
                    show(&small(&text, wrong));
                }
            }
        }
    }
    println!("{count} texts of seed {seed}: {} differ, {} are cut badly", found[0], found[1]);
}

/// Each line of the file is a text as JSON has it.
#[test]
#[ignore = "takes its texts from a file"]
fn what_a_file_has() {
    let texts = std::fs::read_to_string(std::env::var("SLUICE_TEXTS").unwrap()).unwrap();
    for line in texts.lines().filter(|line| !line.is_empty()) {
        show(&serde_json::from_str::<String>(line).unwrap());
    }
}
