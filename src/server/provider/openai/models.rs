//! The list of a server's models: `GET {base_url}/models`.

use serde::Deserialize;

use super::client::Client;
use super::error;
use crate::server::provider::{Model, ProviderError};
use crate::wire::ErrorKind;

/// A longer name is none.
const MOST_NAME: usize = 300;

#[derive(Deserialize)]
struct List {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    name: Option<String>,
}

/// Asks for the list.
pub(super) async fn ask(client: &Client) -> Result<Vec<Model>, ProviderError> {
    let body = client.models().await?;
    let Ok(list) = serde_json::from_slice::<List>(&body) else {
        let message =
            format!("The provider `{}` answered its list of models with something else.", client.name());
        return Err(error(ErrorKind::Provider, message));
    };
    Ok(list.data.into_iter().filter(|entry| is_name(&entry.id)).map(model).collect())
}

fn model(entry: Entry) -> Model {
    let label = entry.name.filter(|name| is_name(name)).unwrap_or_else(|| entry.id.clone());
    Model { name: entry.id, label }
}

fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.len() <= MOST_NAME && !name.contains(char::is_control)
}
