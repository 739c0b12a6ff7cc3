//! The command as it is used: bytes in, lines out, sentences, and whether all is well.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::rc::Rc;

use super::{LIMIT, Mode, run};
use crate::sse::encode;
use crate::wire::{Answer, EndReason, Image, Outcome, PartKind, Timing};

/// What a run wrote, and whether all was well.
struct Seen {
    out: String,
    complaints: String,
    well: bool,
}

fn decode(mode: Mode, input: impl Read) -> Seen {
    let (mut out, mut complaints) = (Vec::new(), Vec::new());
    let well = run(mode, input, &mut out, &mut complaints);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Seen { out: text(out), complaints: text(complaints), well }
}

/// An answer as the server would send it, event by event, and its terminal.
fn stream(answer: &mut Answer) -> Vec<u8> {
    let mut out = b": hello\n\n".to_vec();
    let mut at = crate::wire::Offset::ZERO;
    while let Some((end, slice)) = answer.read(at, 4) {
        encode(&mut out, Some(&end.to_string()), &slice.to_json());
        at = end;
    }
    let outcome = Outcome::End { reason: EndReason::Stop, usage: None };
    let terminal = answer.end(outcome, Timing::default());
    encode(&mut out, Some("end"), &terminal.to_json());
    out
}

fn example() -> Vec<u8> {
    let mut answer = Answer::default();
    answer.push(PartKind::Think, "hm…");
    answer.push_image(Image { url: "/i".to_owned(), w: 4, h: 3, alt: String::new() });
    answer.push(PartKind::Text, "Hello 😀");
    stream(&mut answer)
}

fn typed(input: &[u8]) -> (Seen, serde_json::Value) {
    let seen = decode(Mode::Typed, input);
    assert_eq!(seen.out.lines().count(), 1, "one line: {}", seen.out);
    let report: serde_json::Value = serde_json::from_str(&seen.out).unwrap();
    assert_eq!(report["whole"], seen.well, "{report}");
    (seen, report)
}

#[test]
fn an_event_is_a_line_with_type_data_and_id_in_this_order() {
    let seen =
        decode(Mode::Frames, &b"id: 1\nevent: x\ndata: a\"\ndata:\x00\n\n: c\n\ndata: {}\n\ndata: lost"[..]);
    let expected = concat!(
        r#"{"type":"x","data":"a\"\n\u0000","id":"1"}"#,
        "\n",
        r#"{"type":"message","data":"{}","id":"1"}"#,
        "\n"
    );
    assert_eq!((seen.out.as_str(), seen.complaints.as_str(), seen.well), (expected, "", true));
}

/// Written is only what was flushed.
#[derive(Clone, Default)]
struct Flushed(Rc<RefCell<(Vec<u8>, usize)>>);

impl Write for Flushed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        let (bytes, flushed) = &mut *self.0.borrow_mut();
        *flushed = bytes.iter().filter(|&&byte| byte == b'\n').count();
        Ok(())
    }
}

/// Hands out one piece after the other, and looks at each read how many lines have been flushed.
struct Watching {
    pieces: Vec<(&'static str, usize)>,
    next: usize,
    output: Flushed,
}

impl Read for Watching {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some((piece, lines)) = self.next.checked_sub(1).map(|last| self.pieces[last]) {
            assert_eq!(self.output.0.borrow().1, lines, "lines after {piece:?}");
        }
        let Some((piece, _)) = self.pieces.get(self.next) else {
            return Ok(0);
        };
        self.next += 1;
        if *piece == "interrupted" {
            return Err(io::ErrorKind::Interrupted.into());
        }
        buffer[..piece.len()].copy_from_slice(piece.as_bytes());
        Ok(piece.len())
    }
}

#[test]
fn an_event_is_printed_before_the_next_bytes_are_waited_for() {
    let pieces =
        vec![("data: 1\n", 0), ("\nda", 1), ("interrupted", 1), ("ta: 2\n\ndata: 3\n\n:", 3), ("\n\n", 3)];
    let output = Flushed::default();
    let input = Watching { pieces, next: 0, output: output.clone() };
    assert!(run(Mode::Frames, input, output, io::sink()));
}

/// Fails at each write.
struct Broken(io::ErrorKind);

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_output_that_nobody_reads_any_more_is_a_quiet_end() {
    for (mode, input, well) in [
        (Mode::Frames, example(), true),
        (Mode::Typed, example(), true),
        // The exit code still tells.
        (Mode::Typed, Vec::new(), false),
    ] {
        let mut complaints = Vec::new();
        let broken = Broken(io::ErrorKind::BrokenPipe);
        assert_eq!(run(mode, input.as_slice(), broken, &mut complaints), well);
        assert_eq!(complaints, b"");
    }
}

#[test]
fn what_can_not_be_written_or_read_is_a_sentence() {
    for mode in [Mode::Frames, Mode::Typed] {
        let mut complaints = Vec::new();
        assert!(!run(mode, example().as_slice(), Broken(io::ErrorKind::StorageFull), &mut complaints));
        let sentence = String::from_utf8(complaints).unwrap();
        assert!(sentence.starts_with("sluice decode: the output can't be written: "), "{sentence}");

        struct Unreadable;
        impl Read for Unreadable {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::IsADirectory.into())
            }
        }
        let seen = decode(mode, b"data: x\n\n".chain(Unreadable));
        assert!(!seen.well);
        assert!(seen.complaints.contains("sluice decode: the input can't be read any further: "));
        assert_eq!(seen.out.lines().count(), 1, "what came before is there");
    }
}

#[test]
fn an_event_beyond_the_limit_is_a_sentence_and_what_came_before_it_is_printed() {
    for mode in [Mode::Frames, Mode::Typed] {
        let endless = io::repeat(b'x').take(LIMIT as u64 + 1);
        let seen = decode(mode, b"id: 1\ndata: {\"t\":\"text\",\"r\":\"a\"}\n\ndata:".chain(endless));
        assert!(!seen.well);
        assert_eq!(
            seen.complaints,
            "sluice decode: one event of the stream is larger than 67108864 bytes: no server of ours sends \
             that, so decoding stops here.\n"
        );
        assert_eq!(seen.out.lines().count(), 1, "{}", seen.out);
        assert!(seen.out.contains(r#""id":"1"}"#) || seen.out.contains(r#""problems":1,"length":1"#));
    }
}

#[test]
fn a_whole_answer_is_one_line_that_says_so() {
    let (seen, _) = typed(&example());
    assert_eq!(
        seen.out,
        concat!(
            r#"{"whole":true,"verdict":"whole","problems":0,"length":17,"check":"101c28bb","state":"end","#,
            r#""parts":[{"t":"think","r":"hm…"},{"t":"image","r":"/i","w":4,"h":3,"alt":""},"#,
            r#"{"t":"text","r":"Hello 😀"}],"terminal":{"t":"end","reason":"stop","length":17,"#,
            r#""check":"101c28bb","timing":{"total_ms":0}}}"#,
            "\n"
        )
    );
    assert_eq!((seen.complaints.as_str(), seen.well), ("", true));
}

#[test]
fn a_stream_that_is_cut_anywhere_is_not_whole() {
    let input = example();
    let mut lengths = Vec::new();
    for end in 0..input.len() {
        let (seen, report) = typed(&input[..end]);
        assert!(!seen.well, "cut at {end}");
        assert_eq!(seen.complaints, "", "cut at {end}");
        assert_eq!((&report["verdict"], &report["state"]), (&"cut".into(), &"running".into()));
        assert_eq!(report.get("terminal"), None);
        lengths.push(report["length"].as_u64().unwrap());
    }
    assert!(lengths.is_sorted() && lengths.contains(&0) && lengths.contains(&17), "{lengths:?}");
}

/// The frames of [`example`], to be left out, repeated and changed.
fn frames() -> Vec<String> {
    let stream = String::from_utf8(example()).unwrap();
    stream.split_inclusive("\n\n").map(str::to_owned).collect()
}

#[test]
fn every_way_not_to_be_whole_has_its_name() {
    let frames = frames();
    let without = |left_out: usize| {
        let kept = frames.iter().enumerate().filter(|(i, _)| *i != left_out);
        kept.map(|(_, frame)| frame.as_str()).collect::<String>()
    };
    let all = frames.concat();
    let cases = [
        (without(1), "short", 0, "begins beyond offset 0: what stands between is missing"),
        (all.replace("Hell", "Help"), "mismatch", 0, ""),
        (all.replace("think", "dream"), "unverified", 0, ""),
        (without(frames.len() - 1), "cut", 0, ""),
        (
            format!("data: [DONE]\n\n{all}"),
            "whole",
            1,
            "event 1 (id \"\"): not an event: expected a JSON object",
        ),
        (format!("event: ping\ndata: {{}}\n\n{all}"), "whole", 1, "no type `ping`"),
        (format!("{all}id: 18\ndata: {{\"t\":\"text\",\"r\":\"!\"}}\n\n"), "whole", 1, "nothing may follow"),
        (format!("id: x\ndata: {{\"t\":\"text\",\"r\":\"!\"}}\n\n{all}"), "whole", 1, "its id is no offset"),
    ];
    for (input, verdict, problems, sentence) in cases {
        let (seen, report) = typed(input.as_bytes());
        assert!(!seen.well, "{input}");
        assert_eq!(report["verdict"], verdict, "{input}");
        assert_eq!(report["problems"], problems, "{input}");
        assert!(seen.complaints.contains(sentence), "{}", seen.complaints);
        assert_eq!(seen.complaints.is_empty(), sentence.is_empty(), "{}", seen.complaints);
    }
}

#[test]
fn what_comes_twice_or_late_is_no_problem() {
    let frames = frames();
    let all: String = frames.concat();
    for at in 1..frames.len() {
        // Cut between two events and attached again, one event too early.
        let input = frames[..at].concat() + &frames[at.saturating_sub(2)..].concat();
        let (seen, report) = typed(input.as_bytes());
        assert_eq!((seen.complaints.as_str(), seen.well), ("", true), "{report}");
    }
    // The terminal was there before the content was.
    let (seen, report) =
        typed((frames[frames.len() - 1].clone() + &frames[..frames.len() - 1].concat()).as_bytes());
    assert_eq!((seen.complaints.as_str(), seen.well), ("", true), "{report}");
    assert!(typed(all.as_bytes()).0.well);
}
