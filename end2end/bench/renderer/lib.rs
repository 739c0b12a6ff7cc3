//! The chat page's own answer, for the benchmark: its components, its state and its flushes, with events
//! handed in where the page would read them from the network.

use std::cell::Cell;
use std::rc::Rc;

use leptos::mount::mount_to;
use leptos::prelude::*;
use sluice::app::client::body::markdown;
use sluice::app::client::link::Reader;
use sluice::app::client::stream::RawFrame;
use sluice::app::components::answer::AnswerView;
use sluice::app::components::composer::Draft;
use sluice::app::state::answer::{LiveAnswer, Start};
use sluice::app::state::chat::ChatState;
use sluice::app::state::words::Words;
use sluice::app::state::words::dictionary::Dictionary;
use sluice::app::state::words::language::Language;
use sluice::wire::{AnswerId, EndReason, Event, MessageId, Models, Offset, Outcome, Terminal, Timing};
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

/// A running answer in an element of the page.
#[wasm_bindgen]
pub struct Renderer {
    answer: LiveAnswer,
    frames: Vec<Frame>,
    /// Bytes of text in the frames that are prepared.
    prepared: Offset,
    /// Bytes of text that have been pushed.
    pushed: usize,
}

/// A frame as it comes out of the decoder.
struct Frame {
    id: String,
    data: String,
    end: Offset,
}

#[wasm_bindgen]
impl Renderer {
    /// Shows an answer that has just been started.
    #[wasm_bindgen(constructor)]
    pub fn new(element: HtmlElement) -> Self {
        speak_english();
        // As who writes a message has it loaded.
        markdown::load();
        let made = Rc::new(Cell::new(None));
        let answer = Rc::clone(&made);
        mount_to(element, move || {
            provide_context(ChatState::new(None, Models::default()));
            provide_context(Draft(RwSignal::new(None)));
            let live = start();
            answer.set(Some(live));
            view! { <AnswerView answer=live /> }
        })
        .forget();
        let answer = made.take().expect("mounting runs the view at once");
        Self { answer, frames: Vec::new(), prepared: Offset::ZERO, pushed: 0 }
    }

    /// Makes the frame of a token that will come.
    pub fn prepare(&mut self, token: String) {
        self.prepared = self.prepared.plus(token.len());
        let (id, data) = (self.prepared.0.to_string(), Event::Text(token).to_json());
        self.frames.push(Frame { id, data, end: self.prepared });
    }

    /// A frame has come from the network.
    pub fn push(&mut self, index: usize) {
        let Frame { id, data, end } = &self.frames[index];
        self.answer.take(RawFrame { id, data, at_ms: 0.0 });
        self.pushed = usize::try_from(end.0).unwrap_or(usize::MAX);
    }

    /// The answer ends.
    pub fn end(&self) {
        let (length, check) = self.answer.with_answer(|answer| (answer.offset(), answer.check()));
        let outcome = Outcome::End { reason: EndReason::Stop, usage: None };
        let terminal = Terminal { outcome, length, check, timing: Timing::default() };
        let data = Event::Terminal(terminal).to_json();
        self.answer.take(RawFrame { id: "end", data: &data, at_ms: 0.0 });
    }

    /// Whether the reader sees all that was pushed.
    pub fn is_drawn(&self) -> bool {
        self.answer.with_shown(0, str::len) == self.pushed
    }
}

/// There is no server that would have written the words into the page.
fn speak_english() {
    let lines = String::leak(Words::of(Language::English).list().join("\n"));
    let _ = Words::kept().set(Words::read(&mut lines.split('\n')));
}

fn start() -> LiveAnswer {
    let request =
        Start { id: None, conversation: None, parent: None, message: None, model: None, options: None };
    LiveAnswer::to_start(AnswerId::from_bytes([1; 16]), MessageId::from_bytes([2; 16]), request)
}
