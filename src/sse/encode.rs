//! Frames to bytes.

use memchr::memchr2;

/// Appends one frame. A line break in `data` (LF, CR or CRLF) begins another `data` line, so nothing
/// in it can end the frame or add a field; a decoder gives it back as LF. An `id` with a line break
/// or a NUL in it could not be sent and is left out.
pub fn encode(out: &mut Vec<u8>, id: Option<&str>, data: &str) {
    out.reserve(data.len() + 48);
    if let Some(id) = id.filter(|id| !id.contains(['\n', '\r', '\0'])) {
        out.extend_from_slice(b"id: ");
        out.extend_from_slice(id.as_bytes());
        out.push(b'\n');
    }
    encode_lines(out, b"data: ", data);
    out.push(b'\n');
}

/// Appends a comment, which readers ignore: it keeps a connection alive. Ends with an empty line, so
/// that proxies which pass on whole events pass it on.
pub fn encode_comment(out: &mut Vec<u8>, text: &str) {
    encode_lines(out, b": ", text);
    out.push(b'\n');
}

/// One line of output for each line of `text`, which has at least one, maybe empty.
fn encode_lines(out: &mut Vec<u8>, prefix: &[u8], text: &str) {
    let mut rest = text.as_bytes();
    loop {
        out.extend_from_slice(prefix);
        let Some(end) = memchr2(b'\n', b'\r', rest) else {
            out.extend_from_slice(rest);
            out.push(b'\n');
            return;
        };
        out.extend_from_slice(&rest[..end]);
        out.push(b'\n');
        let width = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = &rest[end + width..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(id: Option<&str>, data: &str) -> String {
        let mut out = Vec::new();
        encode(&mut out, id, data);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_frame_is_an_id_a_data_line_and_an_empty_line() {
        assert_eq!(encoded(Some("7"), "x"), "id: 7\ndata: x\n\n");
        assert_eq!(encoded(None, ""), "data: \n\n");
    }

    #[test]
    fn no_line_break_in_data_can_add_a_field() {
        assert_eq!(
            encoded(None, "safe\r\n\r\nevent: control\rid: 1\n"),
            "data: safe\ndata: \ndata: event: control\ndata: id: 1\ndata: \n\n"
        );
    }

    #[test]
    fn an_id_that_can_not_be_sent_is_left_out() {
        for id in ["1\ndata: x", "1\r", "\0"] {
            assert_eq!(encoded(Some(id), "x"), "data: x\n\n");
        }
    }

    #[test]
    fn a_comment_stays_a_comment() {
        let mut out = Vec::new();
        encode_comment(&mut out, "a\ndata: b");
        assert_eq!(out, b": a\n: data: b\n\n");
    }
}
