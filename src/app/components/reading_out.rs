//! Reads an answer out to a screen reader, sentence by sentence at a pace that can be listened to. A part
//! of the program, for readers who chose so.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::announcer::{Reads, end};
use crate::app::client::clock::sleep;
use crate::app::client::page::announcing;
use crate::app::client::part::{NotLoaded, part};
use crate::app::state::answer::{LiveAnswer, State};
use crate::app::state::speech::Speech;
use crate::wire::{AnswerState, Part};

/// Begins to read an answer out into a live region, until all is read or another one is to be read, or none.
pub(super) type ReadOut = fn(LiveAnswer, RwSignal<String>, Reads);

/// So long nothing is said when there is no whole sentence yet.
const LISTEN_MS: u32 = 400;

/// What a sentence takes at least, and each of its characters: a quick voice says 20 in a second. One of
/// Chinese takes as long as a syllable.
const SENTENCE_MS: u32 = 700;
const CHARACTER_MS: u32 = 50;
const WIDE_CHARACTER_MS: u32 = 180;

part! {
    /// What reads out.
    speech => fn speech() -> ReadOut {
        |answer, said, reads| spawn_local(read_out(answer, said, reads))
    }
}

/// Loads what reads out.
pub(super) async fn load() -> Result<ReadOut, NotLoaded> {
    speech().await
}

/// The region is left alone from the moment at which it says something else, be it in the middle of a pause.
async fn read_out(answer: LiveAnswer, said: RwSignal<String>, reads: Reads) {
    let mut speech = Speech::default();
    let mut part = 0;
    while reads.get_value() == Some(answer.id) {
        if announcing().as_deref() != Some("sentences") {
            // Something else has been chosen since.
            return reads.set_value(None);
        }
        let over = answer.state.get_untracked() != State::Of(AnswerState::Running);
        feed(&mut speech, answer, &mut part, over);
        match speech.say_next() {
            Some(sentence) => {
                let pause = pace(&sentence);
                said.set(sentence);
                sleep(pause).await;
            }
            None if over => return end(answer, said, reads),
            None => sleep(LISTEN_MS).await,
        }
    }
}

/// Hands on what is new, from the part on that is being read.
fn feed(speech: &mut Speech, answer: LiveAnswer, part: &mut usize, over: bool) {
    answer.with_answer(|all| {
        let parts = all.parts();
        while let Some(this) = parts.get(*part) {
            let done = over || *part + 1 < parts.len();
            if let Part::Text(text) = this {
                speech.feed(text, done);
            }
            if !done {
                return;
            }
            speech.next_text();
            *part += 1;
        }
    });
}

fn pace(sentence: &str) -> u32 {
    let one = |c: char| if c.is_ascii() { CHARACTER_MS } else { WIDE_CHARACTER_MS };
    SENTENCE_MS + sentence.chars().map(one).sum::<u32>()
}

#[cfg(test)]
mod tests {
    use super::pace;

    #[test]
    fn a_sentence_gets_the_time_that_a_voice_needs() {
        // A quick voice says twenty letters in a second, and five or six syllables.
        assert_eq!(pace(&"a".repeat(100)), 5_700);
        assert_eq!(pace(&"水".repeat(50)), 9_700);
        assert!(pace("") >= 500);
    }
}
