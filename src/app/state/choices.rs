//! A choice in the settings, at once: on the page's root, and in the cookie for the next page. Without
//! this the form is sent, which comes to the same.

use leptos::task::spawn_local;

use super::settings::{Setting, Settings};
use crate::app::client::notification::{Offer, ask, offer};
use crate::app::client::settings::{
    NOTIFY, NOTIFY_REASONS, SUBMIT, check, colour_surroundings, cookies, is_https, keep_cookie, on_choice,
    reload_when_chosen, set_on_root, show,
};

/// From here on a choice needs no button.
pub fn take_effect() {
    show(SUBMIT, false);
    offer_notifications();
    on_choice(|key, value| {
        if key == Setting::Notify.key() && value == "on" {
            spawn_local(ask_to_notify());
        } else {
            choose(key, value);
        }
    });
}

fn choose(key: &str, value: &str) {
    // Another tab may have chosen something since.
    let mut settings = Settings::of_cookies(&cookies());
    let Some(setting) = settings.set(key, value) else {
        return;
    };
    keep_cookie(&settings.cookie(is_https()));
    match setting {
        // The words are the server's.
        Setting::Language => reload_when_chosen(),
        Setting::Announce => set_on_root(key, Some(value)),
        Setting::Theme => {
            set_on_root(key, settings.chosen(setting));
            colour_surroundings();
        }
        Setting::Size | Setting::Width | Setting::Notify => set_on_root(key, settings.chosen(setting)),
    }
}

/// Shows the choice, or in its place the reason for which there is none.
fn offer_notifications() {
    let offer = offer();
    show(NOTIFY, offer == Offer::Possible);
    for (id, reason) in NOTIFY_REASONS.into_iter().zip([Offer::Insecure, Offer::Unknown, Offer::Denied]) {
        show(id, offer == reason);
    }
}

async fn ask_to_notify() {
    if ask().await {
        choose(Setting::Notify.key(), "on");
    } else {
        check(Setting::Notify.key(), "off");
        offer_notifications();
    }
}
