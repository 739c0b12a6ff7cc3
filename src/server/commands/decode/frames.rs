//! Every event as a line, when it is complete. Does not look into the data.

use std::io::{Read, Write};

use serde::Serialize;

use super::{LIMIT, Stop, for_each_chunk, write_line};
use crate::sse::{Decoder, Frame};

#[derive(Serialize)]
struct Line<'a> {
    r#type: &'a str,
    data: &'a str,
    id: &'a str,
}

impl<'a> From<&'a Frame<'_>> for Line<'a> {
    fn from(frame: &'a Frame<'_>) -> Self {
        Self { r#type: &frame.event, data: &frame.data, id: frame.id }
    }
}

pub(super) fn run(input: impl Read, mut output: impl Write) -> Result<(), Stop> {
    let mut decoder = Decoder::new(LIMIT);
    let mut lines = Vec::new();
    for_each_chunk(input, |chunk| {
        let fed = decoder.feed(chunk, |frame| write_line(&mut lines, &Line::from(&frame)));
        // What came before an event that is too large is printed all the same.
        if !lines.is_empty() {
            output.write_all(&lines).and_then(|()| output.flush()).map_err(Stop::Output)?;
            lines.clear();
        }
        Ok(fed?)
    })
}
