//! Reads an answer out to a screen reader, sentence by sentence at a pace that can be listened to. A part
//! of the program, for readers who chose so.

use std::pin::Pin;

use leptos::prelude::*;

use crate::app::client::clock::sleep;
use crate::app::client::part::{NotLoaded, part};
use crate::app::state::answer::{LiveAnswer, State};
use crate::app::state::speech::Speech;
use crate::wire::{AnswerState, Part};

/// Reads an answer out into a live region, until all is read or the answer is cut short.
pub type ReadOut = fn(LiveAnswer, RwSignal<String>) -> Pin<Box<dyn Future<Output = ()>>>;

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
        |answer, said| Box::pin(read_out(answer, said))
    }
}

/// Loads what reads out.
pub(super) async fn load() -> Result<ReadOut, NotLoaded> {
    speech().await
}

async fn read_out(answer: LiveAnswer, said: RwSignal<String>) {
    let mut speech = Speech::default();
    let mut part = 0;
    loop {
        let state = answer.state.get_untracked();
        let over = state != State::Of(AnswerState::Running);
        if over && state != State::Of(AnswerState::End) {
            // What was stopped is not read to its end.
            return;
        }
        feed(&mut speech, answer, &mut part, over);
        match speech.say_next() {
            Some(sentence) => {
                let pause = pace(&sentence);
                said.set(sentence);
                sleep(pause).await;
            }
            None if over => return,
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
