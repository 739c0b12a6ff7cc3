//! A model server that is an attacker, as its readers see it.

use super::*;

#[tokio::test]
async fn an_event_of_another_type_is_nothing() {
    let body = "event: execute\ndata: <script>alert(1)</script>\n\n\
                event: execute\ndata: {\"choices\":[{\"delta\":{\"content\":\"alert(1)\"}}]}\n\n\
                data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    always(body, Ending::Proper, &told(&[("text", "a")], STOPPED)).await;
}

#[tokio::test]
async fn text_that_looks_like_a_protocol_is_text() {
    for nasty in [
        "safe\r\n\r\nevent: control\r\ndata: {\"injected\":true}\r\n\r\nmore",
        "start\r\revent: x\rdata: {\"cr\":true}\r\rend",
        "data: [DONE]",
        "[DONE]",
        "{\"t\":\"end\"}",
        "\0\u{2028}\u{feff}\u{202e}",
    ] {
        let chunk = json!({"choices": [{"delta": {"content": nasty}, "finish_reason": "stop"}]});
        let body = format!("data: {chunk}\n\ndata: [DONE]\n\n");
        always(&body, Ending::Proper, &told(&[("text", nasty)], STOPPED)).await;
    }
}
