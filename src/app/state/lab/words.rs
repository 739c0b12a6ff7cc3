//! Every sentence of the stream lab.

use crate::app::state::words::dictionary::{dictionary, here};

dictionary! {
    /// The words of one language.
    LabWords "lab-words" {
        title: "Stream lab", "流式实验室";
        intro:
            "A stream is an HTTP response that takes its time: the server writes one small frame after \
             another into it, and the page shows each as it comes. Server-sent events are the format for \
             that: lines like “data: hello”, and an empty line that ends the frame. Start one, and see what \
             comes over the wire.",
            "流就是一个不急着结束的 HTTP 响应：服务器一小帧一小帧地往里写，页面收到一帧就显示一帧。\
             它用的格式叫 Server-Sent Events：一行行形如“data: hello”的文本，再用一个空行结束这一帧。\
             启动一个流，看看线路上到底传了些什么。";
        back: "Back to the chat", "返回聊天";

        mode: "Stream", "流";
        plain: "Plain", "纯文本";
        typed: "Typed", "带类型";
        plain_more:
            "Each frame is a piece of the text, and [DONE] is the end. That is all one needs to begin with. \
             But cut the connection in the middle: nobody can say what is missing, so there is nothing to \
             resume. An error would be text like any other, and a picture has no place.",
            "每一帧是一段文字，[DONE] 表示结束。入门有这些就够了。但如果中途断开连接，谁也说不清少了什么，\
             自然也就无从续传。出错信息会和普通文字混在一起，图片更是无处可放。";
        typed_more:
            "Each frame is JSON: t says what it is (think, text, image, or how it ended), and r is the \
             content. Its id is an offset, the number of bytes you have with it. Cut the connection and \
             resume: the page asks for what follows its offset, and nothing is lost or doubled. Stop goes \
             further than a cut, it reaches the model. The server adds a length and a checksum at the end, \
             so you know that you have everything.",
            "每一帧是一段 JSON：t 说明它是什么（思考、正文、图片，或如何结束），r 是内容。帧的 id 是偏移量，\
             也就是收到这一帧时你一共拿到了多少字节。断开连接后再续传，页面会从这个偏移量接着要，不丢也不重。\
             “停止”比“断开”更进一步：它会一直通知到模型。服务器最后还会附上长度和校验和，\
             让你知道内容是完整的。";

        text_plain: "Text to stream", "要传输的文字";
        text_typed: "Message", "消息";
        text_plain_empty: "Empty: a text of the server", "留空则使用服务器自带的文字";
        // What is asked where nothing is written: a message is never empty.
        first: "Show me a stream", "给我看一段流式输出";
        model: "Model", "模型";
        // In the order of `Number::ALL`: the label, and what holds where the field is empty.
        numbers:
            [
                ("Pause between pieces, ms", "50"),
                ("Characters of a piece, least", "1"),
                ("… and most", "10"),
                ("Seed (same seed, same stream)", "random"),
                ("Length of the text, bytes", "as it is"),
                ("Report an error after, characters", "never"),
                ("Break off after, characters", "never"),
                ("Fall silent after, characters", "never"),
            ],
            [
                ("每段间隔（毫秒）", "50"),
                ("每段最少字符数", "1"),
                ("每段最多字符数", "10"),
                ("随机种子（相同种子，相同的流）", "随机"),
                ("文字长度（字节）", "原样"),
                ("多少字符后报错", "从不"),
                ("多少字符后中断", "从不"),
                ("多少字符后不再出声", "从不"),
            ] => [(&'static str, &'static str); 8];

        not_a_number: "“{}” takes a whole number, or nothing.", "“{}”只能填整数，或留空。";

        start: "Start", "开始";
        stop: "Stop", "停止";
        cut_connection: "Cut connection", "断开连接";
        resume: "Resume", "续传";
        no_resume:
            "The plain stream has no offsets, so it can’t be resumed. Start it again, or try the typed one.",
            "纯文本流没有偏移量，无法续传。请重新开始，或者试试带类型的流。";

        result: "Result", "结果";
        nothing: "What the frames add up to is shown here.", "各帧合起来的内容会显示在这里。";
        frames: "Frames", "帧";
        frames_more: "Time since the start, id, bytes of data, data", "距开始的时间、id、数据字节数、数据";
        no_frames:
            "Every frame is shown here as the decoder meets it.",
            "解码器读到的每一帧都会显示在这里。";
        dropped: "{} older lines are not shown any more", "更早的 {} 行已不再显示";
        frame_count: "{} frames", "{} 帧";
        more_bytes: "{} more bytes", "还有 {} 字节";

        curl: "The same on a terminal", "在终端里做同样的事";
        curl_more: "-N lets curl show each frame as it comes.", "加上 -N，curl 收到一帧就显示一帧。";

        opened: "The response has begun", "响应已开始";
        cut: "You cut the connection; the server was told nothing", "你断开了连接，服务器没有收到任何通知";
        stopped_plain:
            "You hung up: the plain stream has no other way to stop",
            "你挂断了连接：纯文本流没有别的停止办法";
        no_response:
            "There was no response. Resume asks whether the start arrived.",
            "没有收到响应。点“续传”可以查询开始请求是否已送达。";

        // In the order of `Phase`.
        phases:
            ["Not started", "Running", "Cut", "Ended", "Stopped", "Failed"],
            ["未开始", "进行中", "已断开", "已结束", "已停止", "失败"] => [&'static str; 6];
    }
}

/// The words of the page's language.
pub fn words() -> &'static LabWords {
    here()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lab_says_the_same_in_all_languages() {
        crate::app::state::words::dictionary::tests::check::<LabWords>();
    }
}
