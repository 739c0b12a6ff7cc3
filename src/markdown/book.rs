//! What the text has defined so far, and the leaves that wait for what it has not; and the labels.
//!
//! What a definition changes before it is read again later, by whoever has the time ([`Book::due`]), and each
//! leaf then but once, whatever has been defined meanwhile. So nothing of what it becomes may depend on when
//! that is: what references cost is counted when they are read first and when they are defined.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use unicase::UniCase;

use super::blocks::label;
use super::leaf::{Leaf, Parsed};
use super::{Change, Labels, LeafId};

/// The address and the title behind a label.
#[derive(Clone, Debug)]
pub(super) struct Destination {
    pub address: String,
    pub title: String,
}

impl Destination {
    fn len(&self) -> usize {
        self.address.len() + self.title.len()
    }
}

/// What a reference becomes.
#[derive(Debug)]
pub(super) enum Reference {
    To(Destination),
    /// It stays text until its label is defined.
    Missing,
    /// It stays text for good.
    Refused,
}

#[derive(Debug, Default)]
struct Entry {
    /// A footnote has an empty one.
    defined: Option<Destination>,
    /// The leaves that wait for it, and how often each names it.
    waiting: Vec<(LeafId, u32)>,
    /// Those of them that do not get it. Who comes later has not waited.
    refused: Range<u32>,
}

/// A leaf that waits.
#[derive(Debug)]
struct Waiting {
    leaf: Leaf,
    names: Names,
    /// It is to be read again.
    due: bool,
}

/// The definitions.
#[derive(Debug)]
pub(super) struct Book {
    /// What is said beside the text.
    pub labels: &'static Labels,
    /// By label without regard to case; that of a footnote begins with `^`.
    entries: HashMap<String, Entry>,
    waiting: Vec<Waiting>,
    due: VecDeque<LeafId>,
    /// The leaf that is read again, with what it may still name.
    again: Option<(LeafId, Names)>,
    /// How much of the text has come in whole lines, in bytes.
    pub seen: usize,
    /// How many bytes of addresses the references have become.
    spent: usize,
    /// How many cells may be filled in now that rows lack.
    room: usize,
    /// Nothing is written: this is to see what a text would look like.
    pub dry: bool,
    /// How many bytes the parser of inlines has got: a measure of work that needs no clock.
    #[cfg(test)]
    pub parsed: usize,
    /// What is unfinished is shown as it is, to compare it.
    #[cfg(test)]
    pub plain: bool,
}

/// Labels, in their order, and how often each is named.
#[derive(Clone, Debug, Default)]
struct Names(Vec<(String, u32)>);

/// So many missing cells are filled in at once.
const ROOM: usize = 4096;

fn key(label: &str) -> String {
    UniCase::new(label).to_folded_case()
}

impl Names {
    fn of<'a>(labels: impl Iterator<Item = &'a String>) -> Self {
        let mut labels: Vec<_> = labels.map(|label| key(label)).collect();
        labels.sort_unstable();
        let mut names: Vec<(String, u32)> = Vec::new();
        for label in labels {
            match names.last_mut() {
                Some((name, times)) if *name == label => *times += 1,
                _ => names.push((label, 1)),
            }
        }
        Self(names)
    }

    /// How often this is named.
    fn times(&self, key: &str) -> u32 {
        let found = self.0.binary_search_by(|(name, _)| name.as_str().cmp(key));
        found.map_or(0, |at| self.0[at].1)
    }

    /// Takes one of these names, if there is one.
    fn take(&mut self, key: &str) -> bool {
        let found = self.0.binary_search_by(|(name, _)| name.as_str().cmp(key));
        match found.ok().and_then(|at| self.0.get_mut(at)) {
            Some((_, times)) if *times > 0 => {
                *times -= 1;
                true
            }
            _ => false,
        }
    }
}

impl Book {
    /// An empty one.
    pub(super) fn with(labels: &'static Labels) -> Self {
        Self {
            labels,
            entries: HashMap::new(),
            waiting: Vec::new(),
            due: VecDeque::new(),
            again: None,
            seen: 0,
            spent: 0,
            room: ROOM,
            dry: false,
            #[cfg(test)]
            parsed: 0,
            #[cfg(test)]
            plain: false,
        }
    }

    /// What a label stands for.
    pub(super) fn find(&self, label: &str) -> Option<&Destination> {
        self.entries.get(&key(label))?.defined.as_ref()
    }

    /// References to one long address could make a short text a giant one, so beyond the length of the
    /// text itself they stay text. Of that text the lines count that were complete when its line began,
    /// since how much of a line has come is different each time.
    fn most(&self) -> usize {
        const ALWAYS: usize = 100_000;
        self.seen.max(ALWAYS)
    }

    /// What a reference becomes.
    pub(super) fn refer(&mut self, label: &str) -> Reference {
        let (key, most) = (key(label), self.most());
        let Some(Entry { defined: Some(to), refused, .. }) = self.entries.get(&key) else {
            return Reference::Missing;
        };
        let granted = match &mut self.again {
            Some((leaf, names)) => !refused.contains(&leaf.0) && names.take(&key),
            None => {
                let fits = self.spent + to.len() <= most;
                if fits && !self.dry {
                    self.spent += to.len();
                }
                fits
            }
        };
        if granted { Reference::To(to.clone()) } else { Reference::Refused }
    }

    /// Whether so many cells are filled in that a row of so many bytes lacks: as many as rows have bytes, and some
    /// more. A short text must not become a giant table, nor a bit of a long one.
    pub(super) fn fill_in(&mut self, bytes: usize, missing: usize) -> bool {
        let room = ROOM.min(self.room + bytes);
        let fits = missing <= room;
        if !self.dry {
            self.room = if fits { room - missing } else { room };
        }
        fits
    }

    /// Takes a definition; the leaves that waited for it are due. The first one of a label holds.
    pub(super) fn define(&mut self, label: &str, to: Destination) {
        if self.dry {
            return;
        }
        let most = self.most();
        let end = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX);
        let entry = self.entries.entry(key(label)).or_default();
        if entry.defined.is_some() {
            return;
        }
        for (id, times) in std::mem::take(&mut entry.waiting) {
            let Some(waiting) = self.waiting.get_mut(id.0 as usize) else { continue };
            let cost = to.len().saturating_mul(times as usize);
            if self.spent.saturating_add(cost) > most {
                entry.refused = id.0..end;
                break;
            }
            self.spent += cost;
            if !std::mem::replace(&mut waiting.due, true) {
                self.due.push_back(id);
            }
        }
        entry.defined = Some(to);
    }

    /// Whether leaves are to be read again.
    pub(super) fn is_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// Reads one of the leaves again that are due, and gives how long its source is.
    pub(super) fn read_again(&mut self, change: &mut dyn FnMut(Change)) -> Option<usize> {
        let id = self.due.pop_front()?;
        let waiting = self.waiting.get_mut(id.0 as usize)?;
        waiting.due = false;
        let (leaf, names) = (waiting.leaf.clone(), waiting.names.clone());
        self.again = Some((id, names));
        let children = leaf.parse(self).children;
        self.again = None;
        change(Change::Late { leaf: id, children });
        Some(leaf.source.len())
    }

    /// Notes that a leaf waits, if it does, and says so.
    pub(super) fn wait(&mut self, leaf: &Leaf, parsed: &Parsed, change: &mut dyn FnMut(Change)) {
        if self.dry || parsed.missing.is_empty() {
            return;
        }
        let Ok(id) = u32::try_from(self.waiting.len()).map(LeafId) else { return };
        let names = self.names_of(leaf, parsed);
        for (name, times) in &names.0 {
            let entry = self.entries.entry(name.clone()).or_default();
            if entry.defined.is_none() {
                entry.waiting.push((id, *times));
            }
        }
        self.waiting.push(Waiting { leaf: leaf.clone(), names, due: false });
        change(Change::Waits(id));
    }

    /// What a leaf may name when it is read again: what it has named, and all that stands in brackets. When one
    /// reference becomes a link, what is around it is none any more, and what follows that is asked for first then.
    fn names_of(&mut self, leaf: &Leaf, parsed: &Parsed) -> Names {
        let asked = Names::of(parsed.missing.iter().chain(&parsed.found));
        let refused = Names::of(parsed.refused.iter());
        let most = self.most();
        let mut names = Vec::new();
        for (name, times) in Names::of(brackets(&leaf.source).iter()).0 {
            let (has, no) = (asked.times(&name), refused.times(&name));
            let more = times.saturating_sub(has + no);
            let cost = match self.entries.get(&name).and_then(|entry| entry.defined.as_ref()) {
                Some(to) => to.len().saturating_mul(more as usize),
                None => 0,
            };
            if more > 0 && self.spent.saturating_add(cost) <= most {
                self.spent += cost;
                names.push((name, has + more));
            } else if has > 0 {
                names.push((name, has));
            }
        }
        // What the parser of inlines finds elsewhere.
        let others =
            asked.0.into_iter().filter(|(name, _)| names.binary_search_by(|(it, _)| it.cmp(name)).is_err());
        let others: Vec<_> = others.collect();
        names.extend(others);
        names.sort_unstable();
        Names(names)
    }
}

/// The labels that stand in brackets.
fn brackets(source: &str) -> Vec<String> {
    let openers = source.match_indices('[');
    openers.filter_map(|(at, _)| label(&source[at + 1..])).map(|(_, label)| label).collect()
}
