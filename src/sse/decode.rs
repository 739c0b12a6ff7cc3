//! Bytes to frames.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A buffer that one event has made larger than this is given back after it, so that a connection
/// which stays open for hours does not hold the memory of its largest event.
const KEPT_CAPACITY: usize = 64 * 1024;

/// One dispatched event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The event's type; `message` where the stream names none.
    pub event: Cow<'a, str>,
    /// The data lines, joined by LF. Bytes that are not UTF-8 have become U+FFFD.
    pub data: Cow<'a, str>,
    /// The last event id in force, which may be an earlier event's; empty where there was none.
    pub id: &'a str,
}

/// An event was larger than the decoder's limit. What came before it has been dispatched; nothing
/// after it will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("one event of the stream is larger than {limit} bytes")]
pub struct EventTooLarge {
    /// The limit, in bytes.
    pub limit: usize,
}

/// A push decoder for `text/event-stream`.
///
/// Each byte is looked at once and copied once, whatever the chunks, so the cost is linear also for
/// one large event in small pieces. Memory is bounded by the limit: comments and unknown fields are
/// never kept.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    start: Start,
    line: Line,
    /// The last byte was a CR, so an LF that comes now belongs to it.
    after_cr: bool,
    /// The data lines so far, joined by LF.
    data: Vec<u8>,
    /// A `data` line is complete, so there is something to dispatch, be it empty.
    has_data: bool,
    event: Vec<u8>,
    id: String,
    /// The value of an `id` line that is not complete yet.
    partial_id: Vec<u8>,
    /// The value of a `retry` line that is not complete yet; none when it is no number.
    partial_retry: Option<u64>,
    retry: Option<u64>,
    failed: bool,
}

/// The stream's beginning, where one BOM is stripped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// So many bytes of a BOM were there.
    Bom(usize),
    Over,
}

/// Where in its line the next byte stands.
#[derive(Clone, Copy, Debug)]
enum Line {
    /// In the field's name, of which so many bytes have come. No known name is longer than five.
    Name { name: [u8; 5], len: usize },
    /// Behind the colon, where one space is dropped.
    Colon(Field),
    /// In the value.
    Value(Field),
    /// In a comment or a field that nobody knows.
    Ignored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Data,
    Event,
    Id,
    Retry,
}

impl Field {
    fn from_name(name: &[u8]) -> Option<Self> {
        match name {
            b"data" => Some(Self::Data),
            b"event" => Some(Self::Event),
            b"id" => Some(Self::Id),
            b"retry" => Some(Self::Retry),
            _ => None,
        }
    }
}

impl Line {
    const BEGIN: Self = Self::Name { name: [0; 5], len: 0 };
}

impl Decoder {
    /// A decoder at the beginning of a stream. `limit` caps one event's data and type together, and
    /// its id, in bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            start: Start::Bom(0),
            line: Line::BEGIN,
            after_cr: false,
            data: Vec::new(),
            has_data: false,
            event: Vec::new(),
            id: String::new(),
            partial_id: Vec::new(),
            partial_retry: None,
            retry: None,
            failed: false,
        }
    }

    /// Takes the next bytes and hands every event that they complete to `dispatch`, in order. What is
    /// not complete waits for the next call; at the end of the stream it is simply dropped, as the
    /// standard says.
    ///
    /// # Errors
    ///
    /// When an event is larger than the limit, now and from then on. The stream can't be picked up
    /// behind it.
    pub fn feed(&mut self, chunk: &[u8], mut dispatch: impl FnMut(Frame<'_>)) -> Result<(), EventTooLarge> {
        if self.failed {
            return Err(EventTooLarge { limit: self.limit });
        }
        let mut rest = self.skip_bom(chunk);
        while let Some(&first) = rest.first() {
            if std::mem::take(&mut self.after_cr) && first == b'\n' {
                rest = &rest[1..];
                continue;
            }
            let Some(end) = memchr2(b'\n', b'\r', rest) else {
                return self.piece(rest);
            };
            self.piece(&rest[..end])?;
            self.end_line(&mut dispatch)?;
            self.after_cr = rest[end] == b'\r';
            rest = &rest[end + 1..];
        }
        Ok(())
    }

    /// The reconnection time that the stream set last, in milliseconds.
    pub fn retry(&self) -> Option<u64> {
        self.retry
    }

    /// Refuses what would make an event larger than the limit, before it is copied. Whether an event
    /// fits must not depend on the chunks, so only what is kept counts, and only when it grows.
    #[inline]
    fn reserve(&mut self, kept: usize, more: usize) -> Result<(), EventTooLarge> {
        if kept + more <= self.limit {
            return Ok(());
        }
        self.failed = true;
        // A decoder that failed holds no memory.
        (self.data, self.event, self.partial_id) = (Vec::new(), Vec::new(), Vec::new());
        Err(EventTooLarge { limit: self.limit })
    }

    fn skip_bom<'a>(&mut self, chunk: &'a [u8]) -> &'a [u8] {
        let Start::Bom(mut have) = self.start else {
            return chunk;
        };
        let mut rest = chunk;
        while have < BOM.len() {
            match rest.first() {
                None => {
                    self.start = Start::Bom(have);
                    return rest;
                }
                Some(&byte) if byte == BOM[have] => {
                    have += 1;
                    rest = &rest[1..];
                }
                Some(_) => {
                    // No BOM after all: what looked like one begins a line. No field begins so.
                    if have > 0 {
                        self.line = Line::Ignored;
                    }
                    break;
                }
            }
        }
        self.start = Start::Over;
        rest
    }

    /// Takes a piece of the current line, which has no line break in it.
    #[inline]
    fn piece(&mut self, mut piece: &[u8]) -> Result<(), EventTooLarge> {
        if let Line::Name { name, len } = &mut self.line {
            // Not `memchr`, whose start costs more than these few bytes.
            let colon = piece.iter().take(6).position(|&byte| byte == b':');
            let part = &piece[..colon.unwrap_or(piece.len())];
            if *len + part.len() > name.len() {
                self.line = Line::Ignored;
                return Ok(());
            }
            name[*len..*len + part.len()].copy_from_slice(part);
            *len += part.len();
            let Some(colon) = colon else {
                return Ok(());
            };
            let field = Field::from_name(&name[..*len]);
            self.line = field.map_or(Line::Ignored, Line::Colon);
            if let Some(field) = field {
                self.begin_value(field)?;
            }
            piece = &piece[colon + 1..];
        }
        if let Line::Colon(field) = self.line {
            let Some(&first) = piece.first() else {
                return Ok(());
            };
            self.line = Line::Value(field);
            if first == b' ' {
                piece = &piece[1..];
            }
        }
        match self.line {
            Line::Value(field) => self.extend_value(field, piece),
            Line::Name { .. } | Line::Colon(_) | Line::Ignored => Ok(()),
        }
    }

    fn begin_value(&mut self, field: Field) -> Result<(), EventTooLarge> {
        match field {
            Field::Data if self.has_data => self.extend_value(field, b"\n")?,
            Field::Data => {}
            Field::Event => self.event.clear(),
            Field::Id => self.partial_id.clear(),
            Field::Retry => self.partial_retry = None,
        }
        Ok(())
    }

    #[inline]
    fn extend_value(&mut self, field: Field, piece: &[u8]) -> Result<(), EventTooLarge> {
        match field {
            Field::Data => {
                self.reserve(self.data.len() + self.event.len(), piece.len())?;
                self.data.extend_from_slice(piece);
            }
            Field::Event => {
                self.reserve(self.data.len() + self.event.len(), piece.len())?;
                self.event.extend_from_slice(piece);
            }
            Field::Id => {
                self.reserve(self.partial_id.len(), piece.len())?;
                self.partial_id.extend_from_slice(piece);
            }
            Field::Retry => self.extend_retry(piece),
        }
        Ok(())
    }

    fn extend_retry(&mut self, piece: &[u8]) {
        for byte in piece {
            let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
            let shifted = self.partial_retry.unwrap_or(0).checked_mul(10);
            self.partial_retry = digit.and_then(|digit| shifted?.checked_add(digit));
            if self.partial_retry.is_none() {
                // Not a number, or none that fits: the whole line is without effect.
                self.line = Line::Ignored;
                return;
            }
        }
    }

    fn end_line(&mut self, dispatch: &mut impl FnMut(Frame<'_>)) -> Result<(), EventTooLarge> {
        match std::mem::replace(&mut self.line, Line::BEGIN) {
            Line::Name { len: 0, .. } => self.end_event(dispatch),
            // A name without a colon is a field with an empty value.
            Line::Name { name, len } => {
                if let Some(field) = Field::from_name(&name[..len]) {
                    self.begin_value(field)?;
                    self.end_value(field);
                }
            }
            Line::Colon(field) | Line::Value(field) => self.end_value(field),
            Line::Ignored => {}
        }
        Ok(())
    }

    fn end_value(&mut self, field: Field) {
        match field {
            Field::Data => self.has_data = true,
            Field::Event => {}
            Field::Id => {
                if memchr(0, &self.partial_id).is_none() {
                    self.id.clear();
                    self.id.push_str(&text(&self.partial_id));
                }
            }
            Field::Retry => self.retry = self.partial_retry.take().or(self.retry),
        }
    }

    /// An empty line: dispatches what there is.
    fn end_event(&mut self, dispatch: &mut impl FnMut(Frame<'_>)) {
        if std::mem::take(&mut self.has_data) {
            dispatch(Frame {
                event: match self.event.as_slice() {
                    b"" => Cow::Borrowed("message"),
                    name => text(name),
                },
                data: text(&self.data),
                id: &self.id,
            });
        }
        for buffer in [&mut self.data, &mut self.event, &mut self.partial_id] {
            buffer.clear();
            buffer.shrink_to(KEPT_CAPACITY);
        }
    }
}

/// Nearly all text is UTF-8, and finding that out is several times as fast as looking for what is not.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    simdutf8::basic::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

#[cfg(test)]
impl Decoder {
    /// How much memory the buffers of an event hold.
    pub(super) fn held(&self) -> usize {
        self.data.capacity() + self.event.capacity() + self.partial_id.capacity()
    }
}
