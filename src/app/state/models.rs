//! The model list as the picker shows it. Pure.

use crate::wire::{ModelInfo, Models};

/// The models of one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub provider: String,
    /// Its models, in the server's order.
    pub models: Vec<ModelInfo>,
}

/// The models by provider, in the order in which the providers come first.
pub fn groups(models: &Models) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for model in &models.models {
        match groups.iter_mut().find(|group| group.provider == model.provider) {
            Some(group) => group.models.push(model.clone()),
            None => {
                groups.push(Group { provider: model.provider.clone(), models: vec![model.clone()] });
            }
        }
    }
    groups
}

/// Which model is asked: the first of these wishes that there is, else the default, else the first.
pub fn choose<'a>(models: &Models, wishes: impl IntoIterator<Item = Option<&'a str>>) -> Option<String> {
    let there = |id: &&str| models.models.iter().any(|model| model.id == *id);
    if let Some(wish) = wishes.into_iter().flatten().find(there) {
        return Some(wish.to_owned());
    }
    let default = models.models.iter().find(|model| model.default).or(models.models.first());
    default.map(|model| model.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models(ids: &[&str]) -> Models {
        let info = |id: &&str| ModelInfo {
            id: (*id).to_owned(),
            provider: id.split('/').next().unwrap().to_owned(),
            label: (*id).to_owned(),
            default: id.ends_with('!'),
        };
        Models { models: ids.iter().map(info).collect(), problems: Vec::new() }
    }

    #[test]
    fn models_stand_with_their_provider() {
        let groups = groups(&models(&["b/1", "a/1", "b/2"]));
        let names: Vec<_> = groups.iter().map(|g| (g.provider.as_str(), g.models.len())).collect();
        assert_eq!(names, [("b", 2), ("a", 1)]);
    }

    #[test]
    fn a_wish_that_is_not_there_falls_back() {
        let models = models(&["a/1", "a/2!", "b/3"]);
        assert_eq!(choose(&models, [None, Some("b/3")]).as_deref(), Some("b/3"));
        assert_eq!(choose(&models, [Some("gone/1"), Some("a/1")]).as_deref(), Some("a/1"));
        assert_eq!(choose(&models, [Some("gone/1")]).as_deref(), Some("a/2!"));
        assert_eq!(choose(&Models::default(), [Some("a/1")]), None);
    }
}
