//! The words of the page.

use super::dictionary::dictionary;

dictionary! {
    /// The words of one language.
    Words "words" {
        lang: "en", "zh-CN";
        name: "Sluice", "Sluice";
        new_chat: "New chat", "新对话";
        lab: "Stream lab", "流式实验室";
        skip: "Skip to the message field", "跳到输入框";
        conversation: "Conversation", "对话";

        welcome: "What would you like to know?", "今天想聊点什么？";
        welcome_more:
            "Answers stream in as they are written, and keep going when you reload, lose the network or \
             close the tab.",
            "回答边写边显示。刷新页面、断网或关掉标签页，回答都不会中断。";
        suggestions: "Suggestions", "试试这些问题";
        suggested:
            [
                "How does streaming over HTTP work?",
                "Show me code, a table and some mathematics",
                "用中文介绍一下流式输出",
                "写一首关于水闸的短诗",
            ],
            [
                "用中文介绍一下流式输出",
                "写一首关于水闸的短诗",
                "给我看看代码、表格和数学公式",
                "How does streaming over HTTP work?",
            ] => [&'static str; 4];

        message: "Message", "消息";
        placeholder: "Ask anything", "有问题，尽管问";
        send: "Send", "发送";
        stop: "Stop", "停止";
        model: "Model", "模型";
        default_model: "Default model", "默认模型";
        no_models:
            "There is no model yet. Check the providers in Leptos.toml.",
            "还没有可用的模型，请检查 Leptos.toml 中的 providers 配置。";
        no_list: "Its models can't be listed.", "无法获取它的模型列表。";
        hint:
            "Enter sends, Shift+Enter breaks the line, Esc stops",
            "Enter 发送，Shift+Enter 换行，Esc 停止";
        jump: "Jump to newest", "回到最新";

        you_said: "You said", "你说";
        answered: "Answer", "回答";
        thinking: "Thinking…", "正在思考…";
        thought: "Thoughts", "思考过程";
        thought_for: "Thought for {}", "思考了 {}";
        image: "Image", "图片";
        image_refused: "An image from elsewhere is not shown.", "外部网站的图片不会显示。";
        copy: "Copy", "复制";
        copied: "Copied", "已复制";
        copy_failed: "Copying failed", "复制失败";
        retry: "Retry", "重试";
        edit: "Edit", "编辑";
        stopped: "Stopped", "已停止";
        length: "The model reached its length limit", "已达到模型的长度上限";
        filter:
            "The provider's content filter ended this answer",
            "服务商的内容过滤器中止了这个回答";
        mismatch:
            "This answer may be damaged: its checksum does not agree, also when it is read again.",
            "这个回答可能已损坏：重新读取后，校验和仍不一致。";
        unverified:
            "This answer holds something that this page does not know. Reload to see it.",
            "这个回答含有当前页面无法识别的内容，请刷新页面查看。";
        whole: "Complete", "完整";
        finished_before:
            "The answer had finished before Stop reached it.",
            "停止指令送达之前，回答就已经写完了。";
        show_rest: "Show the rest", "显示其余部分";
        tokens: "{} tokens", "{} 个词元";

        // In the order of `ErrorKind`: above a message in English.
        failures:
            [
                "The provider failed.",
                "The answer broke off.",
                "The provider was silent for too long.",
                "The provider asks to wait.",
                "The answer is too large.",
                "The server stopped.",
                "Something went wrong inside Sluice.",
            ],
            [
                "模型服务商出错了。",
                "回答中途断开了。",
                "模型服务商太久没有响应。",
                "请求过于频繁，服务商要求稍候。",
                "回答太长，超出了上限。",
                "服务器停止了，回答因此中断。",
                "Sluice 内部出错了。",
            ] => [&'static str; 7];
        retry_after: "Try again in {}", "请在 {}后重试";
        gone:
            "This answer is not on the server any more. What had arrived is above.",
            "服务器上已没有这个回答，以上是此前收到的内容。";
        unsent: "This message was not sent.", "消息没有发出。";
        unsent_more: "The server can't be reached.", "无法连接到服务器。";
        // In the order of `refusals`.
        refusals:
            [
                "The server can't do what was asked.",
                "You are signed out. Sign in again.",
                "The server takes nothing from this page. Reload it.",
                "That is not there any more. Begin a new chat.",
                "Something else happened here meanwhile. Reload the page.",
                "The message is too large.",
                "Too many answers are being written at once.",
                "The server can't take anything just now.",
            ],
            [
                "服务器无法按这个请求执行。",
                "登录已失效，请重新登录。",
                "服务器拒绝了来自这个页面的请求，请刷新页面。",
                "原来的内容已不存在，请开始新对话。",
                "对话在此期间有了变化，请刷新页面。",
                "消息太长，超出了上限。",
                "同时进行的回答太多了。",
                "服务器暂时无法接收请求。",
            ] => [&'static str; 8];

        sending: "Sending…", "正在发送…";
        waiting: "Waiting for the model…", "正在等待模型…";
        loading: "The model is being loaded…", "正在加载模型…";
        retrying: "Asking the provider again…", "正在重新请求服务商…";
        continuing: "Continuing where it broke off…", "正在从中断处继续…";
        queued: "Waiting for its turn…", "正在排队…";
        stopping: "Stopping…", "正在停止…";
        reconnecting: "Connection lost. Reconnecting…", "连接已断开，正在重新连接…";
        offline:
            "You are offline. The answer goes on without you and will be here when you are back.",
            "网络已断开。回答会继续写，等你重新上线时就能看到。";

        says_answering: "Answering", "正在回答";
        says_finished: "Answer finished", "回答完毕";
        says_stopped: "Answer stopped", "回答已停止";
        says_failed: "The answer failed", "回答出错";
        says_unsent: "The message was not sent", "消息没有发出";

        conversations: "Conversations", "对话列表";
        close: "Close", "关闭";
        no_conversations: "What you ask will be listed here.", "你的对话会列在这里。";
        older: "Older conversations", "更早的对话";
        is_running: "is being answered", "正在回答";
        rename: "Rename “{}”", "重命名“{}”";
        new_title: "New title", "新标题";
        delete: "Delete “{}”", "删除“{}”";
        deleted: "Deleted “{}”", "已删除“{}”";
        undo: "Undo", "撤销";
        not_done: "That did not work. Is the server there?", "操作没有成功。服务器还在运行吗？";

        edit_message: "Edit message", "编辑消息";
        copy_message: "Copy message", "复制消息";
        editing:
            "You are editing an earlier message. What came after it is kept.",
            "你正在编辑之前的消息，它后面的内容会保留。";
        cancel: "Cancel", "取消";
        regenerate: "Regenerate", "重新生成";
        proceed: "Continue", "继续";
        continued: "Answer, continued", "回答（续）";
        versions: "Versions", "版本";
        previous: "Previous version", "上一个版本";
        next: "Next version", "下一个版本";
        kept: "{} characters kept", "已保留 {} 个字符";
        closed: "connection to the model closed after {} ms", "{} 毫秒后断开了与模型的连接";
        closed_at_once:
            "connection to the model closed in under 1 ms",
            "不到 1 毫秒就断开了与模型的连接";
        cut: "{} bytes that nobody had seen were cut", "舍弃了还没有人看到的 {} 字节";

        settings: "Settings", "设置";

        missing: "This conversation is not here", "找不到这个对话";
        missing_more:
            "It was deleted, it belongs to somebody else, or the address is not quite right.",
            "它可能已被删除、属于其他人，或者网址有误。";

        logout: "Sign out", "退出登录";
        logout_everywhere: "Sign out everywhere", "在所有设备上退出";

        // Reading.
        shortcuts: "Keyboard shortcuts", "键盘快捷键";
        copy_markdown: "Copy as Markdown", "复制为 Markdown";
        copy_text: "Copy as plain text", "复制为纯文本";
        edit_question: "Edit the question", "编辑问题";
        facts: "Details", "详情";
        fact_first: "First text after", "首字用时";
        fact_thinking: "Thinking", "思考";
        fact_total: "In all", "总用时";
        fact_speed: "Speed", "速度";
        tokens_per_second: "tokens/s", "词元/秒";
        characters_per_second: "characters/s", "字符/秒";
        fact_tokens: "Tokens in, out", "词元：输入、输出";
        fact_connection: "Connection", "连接";
        fact_breaks: "broke and came back", "断线后恢复";
        fact_stalls: "pauses of over 5 s", "停顿超过 5 秒";
        fact_check: "Checksum", "校验";
        fact_whole: "agrees", "一致";
        fact_doubtful: "does not agree", "不一致";
        says_thinking: "Thinking", "正在思考";
        says_code: "code block", "代码块";
        says_code_in: "code block in {}", "{} 代码块";
        says_table: "table", "表格";
        says_formula: "formula", "公式";
        says_lines: ["1 line", "{} lines"], ["1 行", "{} 行"] => [&'static str; 2];
        says_columns: ["1 column", "{} columns"], ["1 列", "{} 列"] => [&'static str; 2];
        says_rows: ["1 row", "{} rows"], ["1 行", "{} 行"] => [&'static str; 2];
        new_content: "New content", "有新内容";

        seconds: "s", "秒";
        minutes: "min", "分";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_the_same_in_all_languages() {
        super::super::dictionary::tests::check::<Words>();
    }
}
