//! Which models there are (section 4).

use serde::{Deserialize, Serialize};

/// The body of `GET /api/models`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Models {
    /// What can be asked, in the order in which it is offered.
    pub models: Vec<ModelInfo>,
    /// Providers that could not say which models they have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<ModelProblem>,
}

/// One model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// `provider/model`.
    pub id: String,
    /// The provider's name.
    pub provider: String,
    /// What a person reads.
    pub label: String,
    /// Whether a start without a model takes this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
}

/// A provider that could not say which models it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelProblem {
    /// The provider's name.
    pub provider: String,
    /// What happened, for a person.
    pub message: String,
}
