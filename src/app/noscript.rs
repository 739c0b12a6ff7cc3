//! What the page says where scripts are off, beside what it says anyway. It stands behind the views, so
//! that the browser's program never meets it. Only the server calls this.

use leptos::tachys::html::InertElement;

use super::state::words::words;
use super::{NotSent, Page, PageData};
use crate::wire::{AnswerState, Chat, ChatMessage};

/// A message that was refused, in a form to send it again; and where to see more of an answer that is
/// still being written.
pub(super) fn noscript(data: &PageData) -> Option<InertElement> {
    let chat = match &data.page {
        Page::Chat(chat) => chat.as_ref(),
        Page::Missing | Page::Lab => None,
    };
    let mut html = String::new();
    if let Some(chat) = chat {
        html += &reload(chat);
    }
    if let Some(not_sent) = &data.not_sent {
        html += &send_again(chat, not_sent);
    }
    (!html.is_empty())
        .then(|| InertElement::new(format!("<noscript><aside class=\"plain\">{html}</aside></noscript>")))
}

fn reload(chat: &Chat) -> String {
    let running = chat.messages.iter().find_map(|message| match message {
        ChatMessage::Answer { answer, .. } if answer.state == AnswerState::Running => Some(answer.id),
        ChatMessage::Answer { .. } | ChatMessage::User { .. } => None,
    });
    let words = words();
    running.map_or_else(String::new, |answer| {
        let id = chat.id;
        format!("<p>{} <a href=\"/c/{id}?at={answer}\">{}</a></p>", words.being_written, words.reload)
    })
}

fn send_again(chat: Option<&Chat>, not_sent: &NotSent) -> String {
    let words = words();
    let conversation = chat.map_or_else(String::new, |chat| {
        format!("<input type=\"hidden\" name=\"conversation\" value=\"{}\">", chat.id)
    });
    format!(
        "<form method=\"post\" action=\"/send\"><p><strong>{}</strong> {}</p>{conversation}\
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
    use crate::wire::{Conversations, Models};

    #[test]
    fn a_refused_message_can_not_leave_its_field() {
        let not_sent = NotSent {
            text: "</textarea></noscript><script>&lt;".to_owned(),
            reason: "no <model>".to_owned(),
        };
        let (models, conversations) = (Models::default(), Conversations::default());
        let mut data = PageData { page: Page::Chat(None), models, conversations, not_sent: None };
        assert!(noscript(&data).is_none(), "nothing to say");
        data.not_sent = Some(not_sent);
        let html = noscript(&data).unwrap().to_html();
        assert!(html.contains("\n&lt;/textarea>&lt;/noscript>&lt;script>&amp;lt;</textarea>"), "{html}");
        assert!(html.contains("no &lt;model>"), "{html}");
    }
}
