//! How somebody wants the page to be. Pure: the server reads it from a cookie and renders accordingly, so
//! that nothing flashes, and the browser writes the cookie.

use super::words::language::Language;

/// The cookie's name.
pub const COOKIE: &str = "settings";

/// Something that can be chosen. Its values are closed, and the first one holds where nothing is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The page's language; without a choice, that of the browser.
    Language,
    /// The colours; without a choice, as the system has them.
    Theme,
    /// The size of all text.
    Size,
    /// How wide the text's column is.
    Width,
    /// What a screen reader is told of an answer: what becomes of it, nothing, or its sentences too.
    Announce,
    /// Whether the end of an answer in a hidden tab is notified.
    Notify,
}

impl Setting {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 6] =
        [Self::Language, Self::Theme, Self::Size, Self::Width, Self::Announce, Self::Notify];

    /// Its name: in the cookie, in the form, and after `data-` on the page's root.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Theme => "theme",
            Self::Size => "size",
            Self::Width => "width",
            Self::Announce => "announce",
            Self::Notify => "notify",
        }
    }

    /// What can be chosen.
    pub const fn values(self) -> &'static [&'static str] {
        match self {
            Self::Language => &["auto", "en", "zh-CN"],
            Self::Theme => &["system", "light", "dark"],
            Self::Size => &["normal", "small", "large", "larger"],
            Self::Width => &["normal", "narrow", "wide"],
            Self::Announce => &["status", "off", "sentences"],
            Self::Notify => &["off", "on"],
        }
    }
}

/// A choice for each setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings([usize; Setting::ALL.len()]);

impl Settings {
    /// Reads `key=value&key=value`, which is both the cookie's value and what the form sends. What is not
    /// known is left out: it may be of another version.
    pub fn parse(text: &str) -> Self {
        let mut settings = Self::default();
        for (key, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
            settings.set(key, value);
        }
        settings
    }

    /// Chooses something, and says for which setting; nothing where it is not known.
    pub fn set(&mut self, key: &str, value: &str) -> Option<Setting> {
        let setting = Setting::ALL.into_iter().find(|setting| setting.key() == key)?;
        self.0[setting as usize] = setting.values().iter().position(|known| *known == value)?;
        Some(setting)
    }

    /// Those in a `Cookie` header.
    pub fn of_cookies(header: &str) -> Self {
        let mut pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == COOKIE).map_or_else(Self::default, |(_, value)| Self::parse(value))
    }

    /// What is chosen for a setting.
    pub fn get(self, setting: Setting) -> &'static str {
        setting.values()[self.0[setting as usize]]
    }

    /// The same, where it is not what holds anyway.
    pub fn chosen(self, setting: Setting) -> Option<&'static str> {
        (self.0[setting as usize] != 0).then(|| self.get(setting))
    }

    /// The language that is chosen.
    pub fn language(self) -> Option<Language> {
        Language::of_tag(self.get(Setting::Language))
    }

    /// The whole cookie, good for a year. Scripts may read it: the page changes it without a request.
    pub fn cookie(self, https: bool) -> String {
        let secure = if https { "; Secure" } else { "" };
        format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax{secure}", self.cookie_value())
    }

    fn cookie_value(self) -> String {
        let chosen =
            Setting::ALL.into_iter().filter_map(|setting| Some((setting.key(), self.chosen(setting)?)));
        chosen.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_what_was_written() {
        let chosen = "language=zh-CN&theme=dark&size=large&width=wide&announce=off&notify=on";
        let settings = Settings::parse(chosen);
        assert_eq!(settings.cookie_value(), chosen);
        assert_eq!(settings.language(), Some(Language::Chinese));
        assert_eq!(settings.get(Setting::Theme), "dark");
        let header = format!("sluice=00ff; {COOKIE}={chosen}; xsettings=theme=light");
        assert_eq!(Settings::of_cookies(&header), settings);
        let cookie = settings.cookie(true);
        let (pair, rest) = cookie.split_once("; ").unwrap();
        assert_eq!(Settings::of_cookies(pair), settings);
        assert_eq!(rest, "Path=/; Max-Age=31536000; SameSite=Lax; Secure");
    }

    #[test]
    fn what_is_not_known_holds_as_by_default() {
        for text in ["", "theme", "theme=", "theme=\"><script>", "language=tlh&x=y&&=", "theme=system"] {
            let settings = Settings::parse(text);
            assert_eq!(settings, Settings::default(), "{text:?}");
            assert_eq!(settings.cookie_value(), "");
        }
        assert_eq!(Settings::of_cookies("a=b;settings"), Settings::default());
        assert_eq!(Settings::default().get(Setting::Announce), "status");
        assert_eq!(Settings::default().chosen(Setting::Announce), None);
    }

    #[test]
    fn every_language_can_be_chosen() {
        let tags = Language::ALL.map(Language::tag);
        assert_eq!(Setting::Language.values()[1..], tags);
    }
}
