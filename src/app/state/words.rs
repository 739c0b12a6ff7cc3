//! Every sentence that a person reads, as one struct per language: a string that is missing in one of
//! them does not compile. English for now.
//!
//! Views take their texts from here also for another reason: a subtree of `view!` in which everything
//! is literal would be made through `innerHTML`, which the page's Trusted Types refuse.

/// The words of one language.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is documented by what it says")]
pub struct Words {
    pub lang: &'static str,
    pub name: &'static str,
    pub new_chat: &'static str,
    pub lab: &'static str,
    pub skip: &'static str,
    pub conversation: &'static str,

    pub welcome: &'static str,
    pub welcome_more: &'static str,
    pub suggestions: &'static str,
    pub suggested: [&'static str; 4],

    pub message: &'static str,
    pub placeholder: &'static str,
    pub send: &'static str,
    pub stop: &'static str,
    pub model: &'static str,
    pub default_model: &'static str,
    pub no_models: &'static str,
    pub hint: &'static str,
    pub jump: &'static str,

    pub you_said: &'static str,
    pub answered: &'static str,
    pub thinking: &'static str,
    pub thought: &'static str,
    pub thought_for: &'static str,
    pub image: &'static str,
    pub image_refused: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub copy_failed: &'static str,
    pub retry: &'static str,
    pub edit: &'static str,
    pub stopped: &'static str,
    pub length: &'static str,
    pub filter: &'static str,
    pub mismatch: &'static str,
    pub unverified: &'static str,
    pub whole: &'static str,
    pub finished_before: &'static str,
    pub show_rest: &'static str,
    pub tokens: &'static str,

    pub error: &'static str,
    pub retry_after: &'static str,
    pub gone: &'static str,
    pub unsent: &'static str,
    pub unsent_more: &'static str,

    pub sending: &'static str,
    pub waiting: &'static str,
    pub loading: &'static str,
    pub retrying: &'static str,
    pub continuing: &'static str,
    pub queued: &'static str,
    pub stopping: &'static str,
    pub reconnecting: &'static str,
    pub offline: &'static str,

    pub says_answering: &'static str,
    pub says_finished: &'static str,
    pub says_stopped: &'static str,
    pub says_failed: &'static str,
    pub says_unsent: &'static str,

    pub conversations: &'static str,
    pub close: &'static str,
    pub no_conversations: &'static str,
    pub older: &'static str,
    pub is_running: &'static str,
    pub rename: &'static str,
    pub new_title: &'static str,
    pub delete: &'static str,
    pub deleted: &'static str,
    pub undo: &'static str,
    pub not_done: &'static str,

    pub edit_message: &'static str,
    pub copy_message: &'static str,
    pub editing: &'static str,
    pub cancel: &'static str,
    pub regenerate: &'static str,
    pub proceed: &'static str,
    pub continued: &'static str,
    pub versions: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub kept: &'static str,
    pub closed: &'static str,
    pub closed_at_once: &'static str,
    pub cut: &'static str,

    pub being_written: &'static str,
    pub reload: &'static str,

    pub missing: &'static str,
    pub missing_more: &'static str,

    pub login: &'static str,
    pub login_more: &'static str,
    pub person_name: &'static str,
    pub password: &'static str,
    pub login_wrong: &'static str,
    pub login_too_many: &'static str,
    pub logout: &'static str,
    pub logout_everywhere: &'static str,

    pub seconds: &'static str,
    pub minutes: &'static str,
}

/// English.
pub const EN: Words = Words {
    lang: "en",
    name: "Sluice",
    new_chat: "New chat",
    lab: "Stream lab",
    skip: "Skip to the message field",
    conversation: "Conversation",

    welcome: "What would you like to know?",
    welcome_more: "Answers stream in as they are written, and keep going when you reload, \
        lose the network or close the tab.",
    suggestions: "Suggestions",
    suggested: [
        "How does streaming over HTTP work?",
        "Show me code, a table and some mathematics",
        "用中文介绍一下流式输出",
        "写一首关于水闸的短诗",
    ],

    message: "Message",
    placeholder: "Ask anything",
    send: "Send",
    stop: "Stop",
    model: "Model",
    default_model: "Default model",
    no_models: "There is no model yet. Check the providers in Leptos.toml.",
    hint: "Enter sends, Shift+Enter breaks the line, Esc stops",
    jump: "Jump to newest",

    you_said: "You said",
    answered: "Answer",
    thinking: "Thinking…",
    thought: "Thoughts",
    thought_for: "Thought for",
    image: "Image",
    image_refused: "An image from elsewhere is not shown.",
    copy: "Copy",
    copied: "Copied",
    copy_failed: "Copying failed",
    retry: "Retry",
    edit: "Edit",
    stopped: "Stopped",
    length: "The model reached its length limit",
    filter: "The provider's content filter ended this answer",
    mismatch: "This answer may be damaged: its checksum does not agree, also when it is read again.",
    unverified: "This answer holds something that this page does not know. Reload to see it.",
    whole: "Complete",
    finished_before: "The answer had finished before Stop reached it.",
    show_rest: "Show the rest",
    tokens: "tokens",

    error: "Something went wrong.",
    retry_after: "Try again in",
    gone: "This answer is not on the server any more. What had arrived is above.",
    unsent: "This message was not sent.",
    unsent_more: "The server can't be reached.",

    sending: "Sending…",
    waiting: "Waiting for the model…",
    loading: "The model is being loaded…",
    retrying: "Asking the provider again…",
    continuing: "Continuing where it broke off…",
    queued: "Waiting for its turn…",
    stopping: "Stopping…",
    reconnecting: "Connection lost. Reconnecting…",
    offline: "You are offline. The answer goes on without you and will be here when you are back.",

    says_answering: "Answering",
    says_finished: "Answer finished",
    says_stopped: "Answer stopped",
    says_failed: "The answer failed",
    says_unsent: "The message was not sent",

    conversations: "Conversations",
    close: "Close",
    no_conversations: "What you ask will be listed here.",
    older: "Older conversations",
    is_running: "is being answered",
    rename: "Rename",
    new_title: "New title",
    delete: "Delete",
    deleted: "Deleted",
    undo: "Undo",
    not_done: "That did not work. Is the server there?",

    edit_message: "Edit message",
    copy_message: "Copy message",
    editing: "You are editing an earlier message. What came after it is kept.",
    cancel: "Cancel",
    regenerate: "Regenerate",
    proceed: "Continue",
    continued: "Answer, continued",
    versions: "Versions",
    previous: "Previous version",
    next: "Next version",
    kept: "characters kept",
    closed: "connection to the model closed after",
    closed_at_once: "connection to the model closed in under 1 ms",
    cut: "bytes that nobody had seen were cut",

    being_written: "The answer is still being written.",
    reload: "Reload to see more",

    missing: "This conversation is not here",
    missing_more: "It was deleted, it belongs to somebody else, or the address is not quite right.",

    login: "Sign in",
    login_more: "Your conversations are waiting where you left them.",
    person_name: "Name",
    password: "Password",
    login_wrong: "The name or the password is wrong.",
    login_too_many: "That was tried too often. Wait a few minutes, then try again.",
    logout: "Sign out",
    logout_everywhere: "Sign out everywhere",

    seconds: "s",
    minutes: "min",
};

/// The words of the page's language.
pub fn words() -> &'static Words {
    &EN
}

/// A duration as a person reads it: `0.4 s`, `3.2 s`, `48 s`, `2 min 5 s`.
pub fn duration(ms: u64) -> String {
    let words = words();
    match ms {
        0..10_000 => format!("{}.{} {}", ms / 1000, ms % 1000 / 100, words.seconds),
        10_000..60_000 => format!("{} {}", ms / 1000, words.seconds),
        _ => format!("{} {} {} {}", ms / 60_000, words.minutes, ms % 60_000 / 1000, words.seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_as_exact_as_a_person_wants_it() {
        let said: Vec<String> =
            [0, 49, 3_249, 9_999, 10_000, 59_999, 125_000].into_iter().map(duration).collect();
        assert_eq!(said, ["0.0 s", "0.0 s", "3.2 s", "9.9 s", "10 s", "59 s", "2 min 5 s"]);
    }
}
