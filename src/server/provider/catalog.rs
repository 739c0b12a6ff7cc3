//! All providers by name, and which models they have.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::{BadPrompt, Provider};
use crate::wire::{ModelInfo, ModelProblem, Models};

/// How long a list of models is taken for true before it is asked for again.
const FRESH: Duration = Duration::from_secs(10);

/// The configured providers, in the order in which they are offered.
#[derive(Debug)]
pub struct Catalog {
    providers: Vec<Named>,
    default_model: Option<String>,
    listed: Mutex<Option<(Instant, Models)>>,
}

/// A provider under the name that stands before the slash of its models.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The provider.
    pub provider: Arc<dyn Provider>,
}

/// A model that a request asked for, found.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Whom to ask.
    pub provider: Arc<dyn Provider>,
    /// `provider/model`.
    pub id: String,
    /// The model as the provider knows it.
    pub name: String,
}

impl Catalog {
    /// A catalog of these providers. Without a `default_model` the first model of the first provider
    /// that has one is the default.
    pub fn new(providers: Vec<Named>, default_model: Option<String>) -> Self {
        Self { providers, default_model, listed: Mutex::default() }
    }

    /// Finds the model that a request names, or the default.
    ///
    /// # Errors
    ///
    /// When there is no such provider. Whether the provider has the model is for it to say.
    pub async fn resolve(&self, model: Option<&str>) -> Result<Resolved, BadPrompt> {
        let id = match model {
            Some(model) => model.to_owned(),
            None => self.default_model().await.ok_or_else(|| {
                BadPrompt("there is no model to ask; name one as `model`, see /api/models".to_owned())
            })?,
        };
        let known = || self.providers.iter().map(|named| named.name.as_str()).collect::<Vec<_>>().join(", ");
        let Some((provider, name)) = id.split_once('/').filter(|(_, name)| !name.is_empty()) else {
            return Err(BadPrompt(format!("a model is named `provider/model`, not `{id}`; see /api/models")));
        };
        let Some(named) = self.providers.iter().find(|named| named.name == provider) else {
            return Err(BadPrompt(format!("there is no provider `{provider}`; there are: {}", known())));
        };
        Ok(Resolved { provider: named.provider.clone(), name: name.to_owned(), id })
    }

    async fn default_model(&self) -> Option<String> {
        if let Some(model) = &self.default_model {
            return Some(model.clone());
        }
        self.models().await.models.into_iter().find(|model| model.default).map(|model| model.id)
    }

    /// The models that were last seen, without asking anybody; for rendering a page at once.
    pub fn seen(&self) -> Models {
        let listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        listed.as_ref().map(|(_, models)| models.clone()).unwrap_or_default()
    }

    /// Which models there are. Asks all providers at once, unless that was done a moment ago. One
    /// that does not answer is a problem in the list and does not hide the others.
    pub async fn models(&self) -> Models {
        if let Some((at, models)) = &*self.listed.lock().unwrap_or_else(PoisonError::into_inner)
            && at.elapsed() < FRESH
        {
            return models.clone();
        }
        let asked = self.providers.iter().map(|named| async move { (named, named.provider.models().await) });
        let mut list = Models::default();
        for (named, result) in join_all(asked).await {
            match result {
                Ok(models) => list.models.extend(models.into_iter().map(|model| ModelInfo {
                    id: format!("{}/{}", named.name, model.name),
                    provider: named.name.clone(),
                    label: model.label,
                    default: false,
                })),
                Err(error) => {
                    tracing::warn!(provider = named.name, error.kind = ?error.kind, "no list of models: {error}");
                    list.problems
                        .push(ModelProblem { provider: named.name.clone(), message: error.to_string() });
                }
            }
        }
        self.mark_default(&mut list.models);
        *self.listed.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), list.clone()));
        list
    }

    fn mark_default(&self, models: &mut [ModelInfo]) {
        let wanted = self.default_model.as_deref();
        let index = models.iter().position(|model| wanted.is_none_or(|wanted| model.id == wanted));
        if let Some(model) = models.get_mut(index.unwrap_or(0)) {
            model.default = true;
        }
    }
}
