//! What the tabs of this site tell each other. Where the browser has no channel for that, each of them
//! is alone.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

/// The channel's name.
const NAME: &str = "sluice";

/// What one tab tells the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// It asks the server what runs, so that nobody else needs to.
    Asking,
    /// What the server said: a `RunningAnswers` in JSON.
    Running(String),
    /// A conversation is new, or is called or does something else: a `Listed` in JSON.
    Listed(String),
    /// A conversation is gone: its id.
    Gone(String),
}

impl Note {
    fn to_text(&self) -> String {
        match self {
            Self::Asking => "?".to_owned(),
            Self::Running(json) => format!("={json}"),
            Self::Listed(json) => format!("+{json}"),
            Self::Gone(id) => format!("-{id}"),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let rest = |n| text.get(n..).map(str::to_owned);
        match text.as_bytes().first()? {
            b'?' => Some(Self::Asking),
            b'=' => rest(1).map(Self::Running),
            b'+' => rest(1).map(Self::Listed),
            b'-' => rest(1).map(Self::Gone),
            _ => None,
        }
    }
}

/// The way to the other tabs. It lives as long as the page.
#[derive(Debug)]
pub struct Tabs {
    /// None where the browser has no such thing.
    channel: Option<BroadcastChannel>,
    /// What was said before anybody heard.
    unheard: Rc<RefCell<Vec<String>>>,
}

impl Tabs {
    /// Keeps what other tabs say until [`Tabs::hear`], and calls `said` each time.
    pub fn open(said: impl Fn() + 'static) -> Self {
        // It throws where there is no such thing.
        let channel = BroadcastChannel::new(NAME).ok();
        let unheard = Rc::<RefCell<Vec<String>>>::default();
        let kept = Rc::clone(&unheard);
        let tabs = Self { channel, unheard };
        tabs.on_text(move |text| {
            kept.borrow_mut().push(text);
            said();
        });
        tabs
    }

    /// Hears what other tabs said and say; never what this one says itself.
    pub fn hear(&self, hear: impl Fn(Note) + 'static) {
        for note in self.unheard.take().iter().filter_map(|text| Note::parse(text)) {
            hear(note);
        }
        self.on_text(move |text| {
            if let Some(note) = Note::parse(&text) {
                hear(note);
            }
        });
    }

    fn on_text(&self, on: impl Fn(String) + 'static) {
        if let Some(channel) = &self.channel {
            let on = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(text) = event.data().as_string() {
                    on(text);
                }
            });
            channel.set_onmessage(Some(on.as_ref().unchecked_ref()));
            on.forget();
        }
    }

    /// Tells the others.
    pub fn tell(&self, note: &Note) {
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&note.to_text().into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_arrives_as_it_was_written() {
        for note in [
            Note::Asking,
            Note::Running("{\"running\":[]}".to_owned()),
            Note::Listed("{}".to_owned()),
            Note::Gone("id".to_owned()),
        ] {
            assert_eq!(Note::parse(&note.to_text()), Some(note));
        }
        assert_eq!(Note::parse(""), None);
        assert_eq!(Note::parse("闸"), None, "of another version");
    }
}
