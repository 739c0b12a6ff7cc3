//! Every sentence of the stream lab, as one struct per language. English for now.

/// The words of one language.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is documented by what it says")]
pub struct LabWords {
    pub title: &'static str,
    pub intro: &'static str,
    pub back: &'static str,

    pub mode: &'static str,
    pub plain: &'static str,
    pub typed: &'static str,
    pub plain_more: &'static str,
    pub typed_more: &'static str,

    pub text_plain: &'static str,
    pub text_typed: &'static str,
    pub text_plain_empty: &'static str,
    pub model: &'static str,
    /// In the order of `Number::ALL`: the label, and what holds where the field is empty.
    pub numbers: [(&'static str, &'static str); 8],

    pub start: &'static str,
    pub stop: &'static str,
    pub cut_connection: &'static str,
    pub resume: &'static str,
    pub no_resume: &'static str,

    pub result: &'static str,
    pub nothing: &'static str,
    pub frames: &'static str,
    pub frames_more: &'static str,
    pub no_frames: &'static str,
    pub dropped: &'static str,
    pub frame_count: &'static str,
    pub more_bytes: &'static str,

    pub curl: &'static str,
    pub curl_more: &'static str,

    pub opened: &'static str,
    pub cut: &'static str,
    pub stopped_plain: &'static str,
    pub no_response: &'static str,

    /// In the order of `Phase`.
    pub phases: [&'static str; 6],
}

/// English.
const EN: LabWords = LabWords {
    title: "Stream lab",
    intro: "A stream is an HTTP response that takes its time: the server writes one small frame after \
        another into it, and the page shows each as it comes. Server-sent events are the format for \
        that: lines like “data: hello”, and an empty line that ends the frame. Start one, and see what \
        comes over the wire.",
    back: "Back to the chat",

    mode: "Stream",
    plain: "Plain",
    typed: "Typed",
    plain_more: "Each frame is a piece of the text, and [DONE] is the end. That is all one needs to \
        begin with. But cut the connection in the middle: nobody can say what is missing, so there is \
        nothing to resume. An error would be text like any other, and a picture has no place.",
    typed_more: "Each frame is JSON: t says what it is (think, text, image, or how it ended), and r is \
        the content. Its id is an offset, the number of bytes you have with it. Cut the connection and \
        resume: the page asks for what follows its offset, and nothing is lost or doubled. Stop goes \
        further than a cut, it reaches the model. The server adds a length and a checksum at the end, \
        so you know that you have everything.",

    text_plain: "Text to stream",
    text_typed: "Message",
    text_plain_empty: "Empty: a text of the server",
    model: "Model",
    numbers: [
        ("Pause between pieces, ms", "50"),
        ("Characters of a piece, least", "1"),
        ("… and most", "10"),
        ("Seed (same seed, same stream)", "random"),
        ("Length of the text, bytes", "as it is"),
        ("Report an error after, characters", "never"),
        ("Break off after, characters", "never"),
        ("Fall silent after, characters", "never"),
    ],

    start: "Start",
    stop: "Stop",
    cut_connection: "Cut connection",
    resume: "Resume",
    no_resume: "The plain stream has no offsets, so it can’t be resumed. Start it again, or try the typed one.",

    result: "Result",
    nothing: "What the frames add up to is shown here.",
    frames: "Frames",
    frames_more: "Time since the start, id, bytes of data, data",
    no_frames: "Every frame is shown here as the decoder meets it.",
    dropped: "older lines are not shown any more",
    frame_count: "frames",
    more_bytes: "more bytes",

    curl: "The same on a terminal",
    curl_more: "-N lets curl show each frame as it comes.",

    opened: "The response has begun",
    cut: "You cut the connection; the server was told nothing",
    stopped_plain: "You hung up: the plain stream has no other way to stop",
    no_response: "There was no response. Resume asks whether the start arrived.",

    phases: ["Not started", "Running", "Cut", "Ended", "Stopped", "Failed"],
};

/// The words of the page's language.
pub fn words() -> &'static LabWords {
    &EN
}
