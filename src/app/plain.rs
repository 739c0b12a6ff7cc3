//! What the server says beside the views, for when the browser's program has not come or never will. It
//! stands behind them, so that the program never meets it. Only the server calls this.

use leptos::tachys::html::InertElement;

use super::client::part::OUTDATED_ID;
use super::state::words::{beside_words, is_theirs, refused, words};
use super::{NotSent, Page};
use crate::wire::{AnswerId, AnswerState, Chat, ChatMessage, MessageId};

/// The composer's id, for what belongs to its form and is not in it.
pub(super) const COMPOSER: &str = super::components::composer::FORM;

/// A message that was refused, in a form to send it again; where to see more of an answer that is still
/// being written; and where what is sent belongs.
pub(super) fn plain(page: &Page, not_sent: Option<&NotSent>) -> Option<InertElement> {
    let Page::Chat(chat) = page else {
        return None;
    };
    let chat = chat.as_ref();
    let place = chat.map(|chat| place(chat, COMPOSER)).unwrap_or_default();
    let mut said = chat.map(reload).unwrap_or_default();
    if let Some(not_sent) = not_sent {
        said += &format!("<aside class=\"plain\">{}</aside>", send_again(chat, not_sent));
    }
    let html = format!("<div class=\"beside\">{place}{said}</div>");
    (!place.is_empty() || !said.is_empty()).then(|| InertElement::new(html))
}

/// What a page says whose program is older than the server, once it has noticed. The link loads the address
/// anew that the page has by then; what was typed is kept by the composer.
pub(super) fn outdated() -> InertElement {
    let words = beside_words();
    InertElement::new(format!(
        "<div role=\"status\"><p id=\"{OUTDATED_ID}\" class=\"outdated\" hidden>{} \
         <a class=\"button\" href=\"\">{}</a></p></div>",
        words.outdated, words.reload_page
    ))
}

/// The conversation, the answer below which the next message stands, and the one that runs.
fn place(chat: &Chat, form: &str) -> String {
    let hidden = |name: &str, value: &dyn std::fmt::Display| {
        format!("<input type=\"hidden\" form=\"{form}\" name=\"{name}\" value=\"{value}\">")
    };
    let newest = chat.messages.iter().rev().find_map(|message| match message {
        ChatMessage::Answer { answer, .. } => Some(MessageId::from(answer.id)),
        ChatMessage::User { .. } => None,
    });
    let mut html = hidden("conversation", &chat.id);
    html += &newest.map(|newest| hidden("parent", &newest)).unwrap_or_default();
    html + &running(chat).map(|answer| hidden("answer", &answer)).unwrap_or_default()
}

fn running(chat: &Chat) -> Option<AnswerId> {
    chat.messages.iter().rev().find_map(|message| match message {
        ChatMessage::Answer { answer, .. } if answer.state == AnswerState::Running => Some(answer.id),
        ChatMessage::Answer { .. } | ChatMessage::User { .. } => None,
    })
}

fn reload(chat: &Chat) -> String {
    let (words, id) = (beside_words(), chat.id);
    running(chat).map_or_else(String::new, |answer| {
        format!(
            "<noscript><aside class=\"plain\"><p>{} <a href=\"/c/{id}?at={answer}\">{}</a></p>\
             </aside></noscript>",
            words.being_written, words.reload
        )
    })
}

fn send_again(chat: Option<&Chat>, not_sent: &NotSent) -> String {
    let words = words();
    let place = chat.map(|chat| place(chat, "again")).unwrap_or_default();
    let why = refused(not_sent.status).filter(|_| !is_theirs());
    let why = why.map(|why| format!("{why} ")).unwrap_or_default();
    format!(
        "<form id=\"again\" method=\"post\" action=\"/send\"><p role=\"alert\"><strong>{}</strong> {why}{}</p>\
         {place}\
         <textarea name=\"text\" rows=\"6\" aria-label=\"{}\">\n{}</textarea>\
         <button class=\"button\">{}</button></form>",
        words.unsent,
        escape(&not_sent.reason),
        words.message,
        escape(&not_sent.text),
        words.retry,
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use leptos::prelude::RenderHtml;

    use super::*;

    #[test]
    fn a_refused_message_can_not_leave_its_field() {
        let not_sent = NotSent {
            text: "</textarea></noscript><script>&lt;".to_owned(),
            reason: "no <model>".to_owned(),
            status: 400,
        };
        assert!(plain(&Page::Chat(None), None).is_none(), "nothing to say");
        let html = plain(&Page::Chat(None), Some(&not_sent)).unwrap().to_html();
        assert!(html.contains("\n&lt;/textarea>&lt;/noscript>&lt;script>&amp;lt;</textarea>"), "{html}");
        assert!(html.contains("no &lt;model>"), "{html}");
    }
}
