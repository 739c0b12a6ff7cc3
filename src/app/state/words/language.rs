//! Which languages there are, and which one a browser asks for. Pure.

use serde::{Deserialize, Serialize};

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// English, also for whoever asks for something that there is not.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Chinese in simplified characters.
    #[serde(rename = "zh-CN")]
    Chinese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Its tag, as in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// What it calls itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "简体中文",
        }
    }

    /// The language of a tag that is one of ours.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// What an `Accept-Language` asks for: of the languages that there are the one with the highest
    /// weight, and of equals the first (RFC 9110, section 12.5.4).
    pub fn accepted(header: &str) -> Self {
        let mut best = (0, Self::default());
        for range in header.split(',') {
            let mut parts = range.split(';');
            let language = parts.next().and_then(|tag| Self::of_range(tag.trim()));
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
            if let Some(language) = language
                && weight > best.0
            {
                best = (weight, language);
            }
        }
        best.1
    }

    /// Chinese of whatever place and script: who reads traditional characters reads simplified ones
    /// more easily than English.
    fn of_range(range: &str) -> Option<Self> {
        let primary = range.split('-').next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" | "*" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        }
    }
}

/// A weight of at most 1 with at most three decimals; what is none counts as nothing.
fn thousandths(weight: &str) -> u32 {
    let weight: f32 = weight.trim().parse().unwrap_or_default();
    if !(0.0..=1.0).contains(&weight) {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1000")]
    let thousandths = (weight * 1000.0).round() as u32;
    thousandths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_that_is_wished_for_most() {
        let cases = [
            ("", Language::English),
            ("*", Language::English),
            ("de-DE,de;q=0.9", Language::English),
            ("en-US,en;q=0.9", Language::English),
            ("zh", Language::Chinese),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("zh-Hans-SG", Language::Chinese),
            ("ZH-hant;q=0.5", Language::Chinese),
            ("en;q=0.7, zh-CN;q=0.8", Language::Chinese),
            ("en, zh-CN", Language::English),
            ("fr, zh;q=0.2, en;q=0.1", Language::Chinese),
            ("zh;q=0, en;q=0.1", Language::English),
            ("zh;q=0", Language::English),
            ("zh;q=NaN, en;q=0.1", Language::English),
            ("zh;q=7", Language::English),
            (";;;,,,zhx", Language::English),
        ];
        for (header, expected) in cases {
            assert_eq!(Language::accepted(header), expected, "{header:?}");
        }
    }

    #[test]
    fn a_language_is_found_by_its_tag() {
        for language in Language::ALL {
            assert_eq!(Language::of_tag(language.tag()), Some(language));
            assert_eq!(serde_json::to_string(&language).unwrap(), format!("{:?}", language.tag()));
        }
        assert_eq!(Language::of_tag("zh"), None);
    }
}
