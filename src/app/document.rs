//! The whole document around the body. Only the server calls this.

use leptos::config::LeptosOptions;
use leptos::hydration::AutoReload;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;

use super::client::page::{DATA_ID, LIST_DATA_ID, LIST_ID};
use super::components::sidebar::Sidebar;
use super::images::{broken_images, lightbox};
use super::plain::{outdated, plain};
use super::settings::{dialog, theme_colours};
use super::shortcuts_list::shortcuts_list;
use super::state::chat::ChatState;
use super::state::lab::words::LabWords;
use super::state::list::ListState;
use super::state::settings::{Setting, Settings};
use super::state::title::page_title;
use super::state::words::dictionary::element;
use super::state::words::{Words, beside_words, words};
use super::{App, Assets, Beside, Page, PageData};
use crate::markdown::Labels;
use crate::wire::Conversations;

/// The whole document, for the server. The nonce of the Content-Security-Policy is in the context
/// (`use_nonce`).
pub fn shell(data: PageData, beside: Beside, assets: Assets, options: LeptosOptions) -> impl IntoView {
    let settings: Settings = use_context().unwrap_or_default();
    let title = title_element(&title(&data.page));
    let program = (!matches!(data.page, Page::Login(_))).then(|| program(&assets));
    let json = program.is_some().then(|| inert_json(&data));
    let json = json.map(|json| {
        view! {
            <script type="application/json" id=DATA_ID>
                {json}
            </script>
        }
    });
    let is_login = matches!(data.page, Page::Login(_));
    let plain = plain(&data.page, beside.not_sent.as_ref());
    let shortcuts = matches!(data.page, Page::Chat(_)).then(shortcuts_list);
    let lightbox = matches!(data.page, Page::Chat(_)).then(lightbox);
    let chat = match &data.page {
        Page::Chat(chat) => chat.clone(),
        Page::Missing | Page::Lab | Page::Login(_) => None,
    };
    let outdated = program.is_some().then(outdated);
    // The program reads its words from the page, and what draws Markdown its own.
    let dictionaries = program.is_some().then(|| {
        let lab = matches!(data.page, Page::Lab).then(element::<LabWords>);
        view! {
            {element::<Words>()}
            {element::<Labels>()}
            {lab}
        }
    });
    let chat = ChatState::new(chat, data.models.clone());
    provide_context(chat);
    provide_context(data);
    // Told to the stylesheet: `:has()` of the body would be asked anew with every word of an answer.
    let listed = beside.conversations.is_some().then_some("listed");
    let list = beside.conversations.map(|conversations| list(conversations, chat));
    let head = view! {
        {program}
        <AutoReload options />
    };
    let body = view! {
        <App />
        {list}
        {plain}
        {dialog(settings, is_login)}
        {outdated}
        {shortcuts}
        {lightbox}
        {json}
        {dictionaries}
    };
    document(title, assets.css, head, view! { <body class=listed>{body}</body> })
}

/// A document of the page's language and settings, with what else belongs into its head.
pub(super) fn document(
    title: InertElement,
    css: String,
    head: impl IntoView,
    body: impl IntoView,
) -> impl IntoView {
    let settings: Settings = use_context().unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html
            lang=words().lang
            data-theme=settings.chosen(Setting::Theme)
            data-size=settings.chosen(Setting::Size)
            data-width=settings.chosen(Setting::Width)
            data-announce=settings.get(Setting::Announce)
            data-notify=settings.chosen(Setting::Notify)
        >
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                {theme_colours(settings)}
                <meta name="referrer" content="same-origin" />
                {title}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="stylesheet" href=css />
                {head}
            </head>
            {body}
        </html>
    }
}

/// What the browser loads to take over the page. A page that is a plain form goes without.
fn program(assets: &Assets) -> impl IntoView + use<> {
    let start = start_script(assets);
    let scripts = assets.scripts.clone();
    let wasm = assets.wasm.clone();
    view! {
        {scripts.into_iter().map(|script| view! { <link rel="modulepreload" href=script /> }).collect_view()}
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=use_nonce()>
            {start}
        </script>
    }
}

/// The list of conversations and its data. Behind the page, so that what takes over the page does not meet
/// it: that is the business of a part of the program that comes later.
fn list(conversations: Conversations, chat: ChatState) -> impl IntoView {
    let json = inert_json(&conversations);
    let list = ListState::new(conversations, chat);
    view! {
        <div id=LIST_ID>
            <Sidebar list />
        </div>
        <script type="application/json" id=LIST_DATA_ID>
            {json}
        </script>
    }
}

fn title(page: &Page) -> String {
    let words = words();
    match page {
        Page::Chat(chat) => page_title(chat.as_ref()),
        Page::Missing => format!("{} · {}", words.missing, words.name),
        Page::Lab => format!("{} · {}", words.lab, words.name),
        Page::Login(_) => format!("{} · {}", beside_words().login, words.name),
    }
}

/// Not through `view!`, which may put a comment as a mark behind a text: in a title, that is text.
pub(super) fn title_element(title: &str) -> InertElement {
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    InertElement::new(format!("<title>{title}</title>"))
}

/// Loads the program and starts it. It takes the place of Leptos's `HydrationScripts`, which knows
/// nothing of versions in the address.
fn start_script(assets: &Assets) -> String {
    let (js, wasm) = (inert_json(&assets.js), inert_json(&assets.wasm));
    let code = finished_code(assets);
    let broken = broken_images(&inert_json(&beside_words().image_broken));
    format!(
        "import init,{{hydrate}} from {js};{code}{broken}init({{module_or_path:{wasm}}}).then(()=>hydrate())"
    )
}

/// The function that the program calls with each code block that is finished: it loads what is done with
/// one, where one names a language, with what that needs to know of the page.
fn finished_code(assets: &Assets) -> String {
    let words = beside_words();
    let page = inert_json(&serde_json::json!({
        "colours": assets.colours,
        "words": {
            "show": words.diagram_show,
            "hide": words.diagram_hide,
            "title": words.diagram,
            "failed": words.diagram_failed,
        },
    }));
    let code = inert_json(&assets.code);
    format!(
        "globalThis.finishedCode=e=>{{if(!e.querySelector('.code-language:empty'))\
         import({code}).then(m=>m.finished(e,{page}),()=>0)}};"
    )
}

/// JSON that can stand in a script element: without `<`, nothing in it can end the element or open a
/// comment in it.
fn inert_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("what came as JSON goes as JSON").replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use leptos::prelude::RenderHtml;

    use super::{inert_json, title_element};

    #[test]
    fn data_can_not_leave_its_script_element() {
        let hostile = "</script><!--<script>";
        let json = inert_json(&hostile);
        assert!(!json.contains('<'), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), hostile);
    }

    #[test]
    fn a_title_is_nothing_but_text() {
        let html = title_element("</title><script>&lt;").to_html();
        assert_eq!(html, "<title>&lt;/title>&lt;script>&amp;lt;</title>");
    }
}
