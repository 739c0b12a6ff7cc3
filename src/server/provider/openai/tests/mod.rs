//! The provider over real TCP, against a server that behaves as badly as real ones do.

mod cancel;
mod hostile;
mod pace;
mod refusals;
mod request;

use super::*;
use crate::server::provider::fake::{Connection, Fake, Framing, soon};
use crate::server::provider::{Role, Turn, stall};

/// An answer, folded just so far that a test can look at it.
#[derive(Debug, Default)]
struct Folded {
    text: String,
    error: Option<ProviderError>,
}

impl Folded {
    fn error(&self) -> (ErrorKind, &str) {
        let error = self.error.as_ref().expect("an error");
        (error.kind, &error.message)
    }
}

async fn fold(mut deltas: Deltas) -> Folded {
    let mut folded = Folded::default();
    while let Some(item) = soon(deltas.next()).await {
        assert!(folded.error.is_none(), "something follows an error");
        match item {
            Ok(deltas) => folded.text.extend(deltas.iter().map(|delta| match delta {
                Delta::Text(more) => more.as_str(),
                _ => "",
            })),
            Err(error) => folded.error = Some(error),
        }
    }
    folded
}

/// Patience that a test can wait for, and that a busy machine does not exhaust.
const PATIENCE: stall::Patience = stall::Patience {
    first: Duration::from_millis(500),
    between: Duration::from_millis(500),
    grace: Duration::from_millis(100),
};

fn provider(fake: &Fake) -> OpenAi {
    let mut settings = Settings::new("fake", fake.base_url().parse().unwrap());
    settings.event_limit = 1 << 20;
    OpenAi::new(settings).unwrap()
}

fn prompt() -> Prompt {
    let messages = vec![Turn::new(Role::User, "hi".to_owned())];
    Prompt { model: "m".to_owned(), messages, options: serde_json::Map::new() }
}

/// One event with the text `a`.
const EVENT: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
