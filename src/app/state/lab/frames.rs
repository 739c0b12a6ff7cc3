//! The last frames of a stream, as the decoder met them, and notes between them. Pure, and bounded: a
//! stream of any length takes the same room.

use std::collections::VecDeque;
use std::sync::Arc;

/// So many entries are kept.
pub const KEPT: usize = 500;

/// So much of a frame's data is kept, in bytes.
const DATA_KEPT: usize = 600;

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Milliseconds since the start.
    pub at_ms: u32,
    /// What it is about.
    pub what: What,
}

/// What a line of the log is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Something that happened to the connection.
    Note(String),
    /// A frame.
    Frame {
        /// Its id; empty where the stream has none.
        id: String,
        /// The beginning of its data.
        data: String,
        /// How many bytes its data has in all.
        size: usize,
    },
}

impl Entry {
    /// Something that happened to the connection.
    pub fn note(at: f64, text: String) -> Self {
        Self { at_ms: whole_ms(at), what: What::Note(text) }
    }

    /// A frame.
    pub fn frame(at: f64, id: &str, data: &str) -> Self {
        let kept = data.floor_char_boundary(DATA_KEPT);
        let what = What::Frame { id: id.to_owned(), data: data[..kept].to_owned(), size: data.len() };
        Self { at_ms: whole_ms(at), what }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates after 49 days")]
fn whole_ms(ms: f64) -> u32 {
    ms as u32
}

/// The last entries.
#[derive(Clone, Debug, Default)]
pub struct FrameLog {
    entries: VecDeque<(u32, Arc<Entry>)>,
    next: u32,
    /// How many frames there were in all.
    frames: usize,
}

impl FrameLog {
    /// Adds an entry, and lets go of the oldest where there are too many.
    pub fn push(&mut self, entry: Entry) {
        if matches!(entry.what, What::Frame { .. }) {
            self.frames += 1;
        }
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back((self.next, Arc::new(entry)));
        self.next += 1;
    }

    /// The entries, oldest first, each with its number.
    pub fn entries(&self) -> Vec<(u32, Arc<Entry>)> {
        self.entries.iter().cloned().collect()
    }

    /// Whether nothing was logged yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many frames there were in all.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// How many entries were let go of.
    pub fn dropped(&self) -> usize {
        self.next as usize - self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_entries_are_kept_and_the_others_counted() {
        let mut log = FrameLog::default();
        log.push(Entry::note(0.0, "opened".to_owned()));
        for at in 0..KEPT + 9 {
            log.push(Entry::frame(1.0, &at.to_string(), "x"));
        }
        assert_eq!((log.frames(), log.dropped(), log.entries().len()), (KEPT + 9, 10, KEPT));
        let (number, first) = log.entries().swap_remove(0);
        assert_eq!(number, 10);
        assert!(matches!(&first.what, What::Frame { id, .. } if id == "9"), "{first:?}");
    }

    #[test]
    fn long_data_is_cut_at_a_character_and_its_size_is_that_of_all() {
        let What::Frame { data, size, .. } = Entry::frame(0.0, "", &"中".repeat(1000)).what else {
            panic!("a frame");
        };
        assert_eq!((data.chars().count(), size), (200, 3000));
    }
}
