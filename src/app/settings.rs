//! The settings, as a plain form in a popover: the server writes it behind the views, so that it works
//! before the program has come and without it, and weighs nothing in it. Only the server calls this.

use leptos::tachys::html::InertElement;

use super::client::settings::{FORM, NOTIFY, NOTIFY_REASONS, SETTINGS, SUBMIT};
use super::components::icon::{CLOSE, SETTINGS as SLIDERS};
use super::state::settings::{Setting, Settings};
use super::state::words::language::Language;
use super::state::words::{BesideWords, beside_words, words};

/// The page's colour in the light and in the dark, as in `style/tokens.css`.
const COLOURS: [&str; 2] = ["#fbfcfc", "#0e1516"];

/// What the browser draws before there is a style, and around the page.
pub(super) fn theme_colours(settings: Settings) -> InertElement {
    let theme = settings.get(Setting::Theme);
    let scheme = if theme == "system" { "light dark" } else { theme };
    let [light, dark] = match theme {
        "light" => [COLOURS[0]; 2],
        "dark" => [COLOURS[1]; 2],
        _ => COLOURS,
    };
    let colour = |scheme: &str, colour: &str| {
        format!("<meta name=\"theme-color\" media=\"(prefers-color-scheme: {scheme})\" content=\"{colour}\">")
    };
    let scheme = format!("<meta name=\"color-scheme\" content=\"{scheme}\">");
    InertElement::new(scheme + &colour("light", light) + &colour("dark", dark))
}

/// The dialog; and where there is no bar, the button that opens it.
pub(super) fn dialog(settings: Settings, with_button: bool) -> InertElement {
    let (words, beside) = (words(), beside_words());
    let button = format!(
        "<button type=\"button\" class=\"bare settings-open\" popovertarget=\"{SETTINGS}\" title=\"{}\">{}</button>",
        words.settings,
        icon(SLIDERS),
    );
    let button = if with_button { button } else { String::new() };
    let groups: String = groups(beside).iter().map(|group| group.html(settings)).collect();
    let reasons: String = NOTIFY_REASONS
        .into_iter()
        .zip([beside.notify_insecure, beside.notify_unknown, beside.notify_denied])
        .map(|(id, reason)| format!("<p class=\"settings-reason\" id=\"{id}\" hidden>{reason}</p>"))
        .collect();
    InertElement::new(format!(
        "{button}<div id=\"{SETTINGS}\" class=\"settings\" popover=\"auto\" role=\"dialog\" \
         aria-labelledby=\"settings-title\"><form id=\"{FORM}\" method=\"post\" action=\"/settings\" \
         autocomplete=\"off\"><div class=\"settings-head\"><h2 id=\"settings-title\">{}</h2>\
         <button type=\"button\" class=\"bare\" popovertarget=\"{SETTINGS}\" popovertargetaction=\"hide\" \
         title=\"{}\">{}</button></div>{groups}{reasons}\
         <button id=\"{SUBMIT}\" class=\"button primary\">{}</button></form></div>",
        words.settings,
        words.close,
        icon(CLOSE),
        beside.save,
    ))
}

/// One setting, and its choices in the order in which they are shown.
struct Group {
    setting: Setting,
    name: &'static str,
    choices: Vec<(&'static str, &'static str)>,
}

fn groups(words: &BesideWords) -> [Group; 6] {
    let group = |setting, name, values: &[&'static str], names: &[&'static str]| {
        let choices = values.iter().copied().zip(names.iter().copied()).collect();
        Group { setting, name, choices }
    };
    let [english, chinese] = Language::ALL.map(Language::own_name);
    let languages = [words.language_auto, english, chinese];
    [
        group(Setting::Language, words.language, Setting::Language.values(), &languages),
        group(Setting::Theme, words.theme, &["system", "light", "dark"], &words.themes),
        group(Setting::Size, words.size, &["small", "normal", "large", "larger"], &words.sizes),
        group(Setting::Width, words.width, &["narrow", "normal", "wide"], &words.widths),
        group(Setting::Announce, words.announce, &["off", "status", "sentences"], &words.announcements),
        group(Setting::Notify, words.notify, &["off", "on"], &words.notifications),
    ]
}

impl Group {
    fn html(&self, settings: Settings) -> String {
        let key = self.setting.key();
        let choices: String = self
            .choices
            .iter()
            .map(|(value, name)| {
                let checked = if settings.get(self.setting) == *value { " checked" } else { "" };
                format!(
                    "<label><input type=\"radio\" name=\"{key}\" value=\"{value}\"{checked}>\
                     <span>{name}</span></label>"
                )
            })
            .collect();
        // Only the program knows whether this browser can do it.
        let hidden =
            if self.setting == Setting::Notify { format!(" id=\"{NOTIFY}\" hidden") } else { String::new() };
        format!("<fieldset{hidden}><legend>{}</legend><div>{choices}</div></fieldset>", self.name)
    }
}

fn icon(path: &str) -> String {
    format!("<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"{path}\"></path></svg>")
}

#[cfg(test)]
mod tests {
    use leptos::prelude::RenderHtml;

    use super::*;

    #[test]
    fn every_value_can_be_chosen_and_the_chosen_one_is_marked() {
        let chosen = Settings::parse("theme=dark&size=larger&width=narrow");
        for settings in [Settings::default(), chosen] {
            let html = dialog(settings, false).to_html();
            for setting in Setting::ALL {
                for value in setting.values() {
                    let checked = if settings.get(setting) == *value { " checked>" } else { ">" };
                    let input = format!("name=\"{}\" value=\"{value}\"{checked}", setting.key());
                    assert_eq!(html.matches(&input).count(), 1, "{input}");
                }
            }
        }
    }

    #[test]
    fn the_colours_are_those_of_the_stylesheet() {
        let page = format!("--page: light-dark({}, {});", COLOURS[0], COLOURS[1]);
        assert!(include_str!("../../style/tokens.css").contains(&page), "{page}");
    }

    #[test]
    fn the_browser_is_told_of_the_colours_before_it_has_a_style() {
        let html = theme_colours(Settings::parse("theme=dark")).to_html();
        assert!(html.contains("name=\"color-scheme\" content=\"dark\""), "{html}");
        assert_eq!(html.matches(COLOURS[1]).count(), 2, "{html}");
        let html = theme_colours(Settings::default()).to_html();
        assert!(html.contains("content=\"light dark\""), "{html}");
    }
}
