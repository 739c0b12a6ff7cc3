//! The stream as an answer. The rules are [`Answer`]'s; this only tells them to a person.

use std::io::{self, Read, Write};

use serde::Serialize;

use super::{LIMIT, Stop, complain, for_each_chunk, write_line};
use crate::sse::{Decoder, Frame};
use crate::wire::{
    Answer, AnswerState, Applied, Check, Event, Offset, Position, SnapshotPart, Terminal, Verdict,
};

/// What is printed at the end.
#[derive(Serialize)]
struct Report<'a> {
    whole: bool,
    verdict: &'static str,
    problems: u64,
    length: Offset,
    check: Check,
    state: AnswerState,
    parts: Vec<SnapshotPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terminal: Option<&'a Terminal>,
}

struct Fold<'a, W> {
    answer: Answer,
    /// A terminal that came while content was missing, so that the answer did not take it.
    early: Option<Terminal>,
    events: u64,
    problems: u64,
    /// The offset at which something is missing, so that it is said once.
    gap: Option<Offset>,
    complaints: &'a mut W,
}

/// Whether the answer is whole.
pub(super) fn run(
    input: impl Read,
    mut output: impl Write,
    complaints: &mut impl Write,
) -> Result<bool, Stop> {
    let mut decoder = Decoder::new(LIMIT);
    let mut fold =
        Fold { answer: Answer::default(), early: None, events: 0, problems: 0, gap: None, complaints };
    let end = for_each_chunk(input, |chunk| Ok(decoder.feed(chunk, |frame| fold.take(&frame))?));
    // What stopped the decoding is said after the line that says how far it came.
    fold.problems += u64::from(end.is_err());
    let (line, whole) = fold.finish();
    match output.write_all(&line).and_then(|()| output.flush()) {
        // The exit code still says whether the answer is whole.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Stop::Output(error)),
        _ => end.map(|()| whole),
    }
}

impl<W: Write> Fold<'_, W> {
    fn take(&mut self, frame: &Frame<'_>) {
        self.events += 1;
        if frame.event != "message" {
            self.problem(frame, &format_args!("an event of the protocol has no type `{}`", frame.event));
            return;
        }
        match self.answer.apply_frame(frame.id, &frame.data) {
            Ok(Applied::Appended | Applied::Duplicate | Applied::Status | Applied::Skipped) => {}
            Ok(Applied::Gap) => self.missing(frame),
            Ok(Applied::Ended(Verdict::Short)) => self.early = serde_json::from_str(&frame.data).ok(),
            Ok(Applied::Ended(Verdict::Whole | Verdict::Mismatch | Verdict::Unverified)) => {}
            Ok(Applied::Malformed) => {
                self.problem(frame, &"its id is no offset at which such an event can end");
            }
            Ok(Applied::AfterTerminal) => self.problem(frame, &"nothing may follow the terminal"),
            Err(error) => self.problem(frame, &error),
        }
    }

    fn problem(&mut self, frame: &Frame<'_>, what: &dyn std::fmt::Display) {
        self.problems += 1;
        complain(self.complaints, &format_args!("event {} (id {:?}): {what}", self.events, frame.id));
    }

    /// Not a problem of the stream yet: the bytes may still come.
    fn missing(&mut self, frame: &Frame<'_>) {
        let offset = self.answer.offset();
        if self.gap.replace(offset) != Some(offset) {
            let event = self.events;
            let what = format_args!("event {event} (id {:?}) begins beyond offset {offset}", frame.id);
            complain(self.complaints, &format_args!("{what}: what stands between is missing"));
        }
    }

    fn finish(mut self) -> (Vec<u8>, bool) {
        if let Some(terminal) = &self.early {
            // What was missing may have come after it.
            let _ = self.answer.apply(Position::End, Event::Terminal(terminal.clone()));
        }
        let terminal = self.answer.terminal().or(self.early.as_ref());
        let whole = self.answer.verdict() == Some(Verdict::Whole) && self.problems == 0;
        let mut line = Vec::new();
        write_line(
            &mut line,
            &Report {
                whole,
                verdict: self.verdict(),
                problems: self.problems,
                length: self.answer.offset(),
                check: self.answer.check(),
                state: terminal.map_or(AnswerState::Running, AnswerState::from),
                parts: self.answer.parts().iter().cloned().map(SnapshotPart).collect(),
                terminal,
            },
        );
        (line, whole)
    }

    fn verdict(&self) -> &'static str {
        match self.answer.verdict() {
            Some(Verdict::Whole) => "whole",
            Some(Verdict::Mismatch) => "mismatch",
            Some(Verdict::Unverified) => "unverified",
            Some(Verdict::Short) => "short",
            None if self.early.is_some() => "short",
            None => "cut",
        }
    }
}
