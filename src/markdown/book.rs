//! What the text has defined so far, and the leaves that wait for what it has not; and the labels.

use std::collections::HashMap;

use unicase::UniCase;

use super::leaf::Leaf;
use super::{Change, Labels, LeafId};

/// The address and the title behind a label.
#[derive(Clone, Debug)]
pub(super) struct Destination {
    pub address: String,
    pub title: String,
}

#[derive(Debug, Default)]
struct Entry {
    /// A footnote has an empty one.
    defined: Option<Destination>,
    waiting: Vec<LeafId>,
}

/// The definitions.
#[derive(Debug)]
pub(super) struct Book {
    /// What is said beside the text.
    pub labels: &'static Labels,
    /// By label without regard to case; that of a footnote begins with `^`.
    entries: HashMap<String, Entry>,
    leaves: Vec<Leaf>,
    /// How much of the text has come, in bytes.
    pub seen: usize,
    /// How many bytes of addresses the references have become.
    spent: usize,
    /// Nothing is written: this is to see what a text would look like.
    pub dry: bool,
    /// How many bytes the parser of inlines has got: a measure of work that needs no clock.
    #[cfg(test)]
    pub parsed: usize,
    /// What is unfinished is shown as it is, to compare it.
    #[cfg(test)]
    pub plain: bool,
}

fn key(label: &str) -> String {
    UniCase::new(label).to_folded_case()
}

impl Book {
    /// An empty one.
    pub(super) fn with(labels: &'static Labels) -> Self {
        Self {
            labels,
            entries: HashMap::new(),
            leaves: Vec::new(),
            seen: 0,
            spent: 0,
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

    /// What a reference becomes. References to one long address could make a short text a giant one,
    /// so beyond the length of the text itself they stay text.
    pub(super) fn refer(&mut self, label: &str) -> Option<Destination> {
        const ALWAYS: usize = 100_000;
        let found = self.find(label)?.clone();
        let cost = found.address.len() + found.title.len();
        if self.spent + cost > self.seen.max(ALWAYS) {
            return None;
        }
        if !self.dry {
            self.spent += cost;
        }
        Some(found)
    }

    /// Takes a definition, and shows the leaves that waited for it; the first one of a label holds.
    pub(super) fn define(&mut self, label: &str, to: Destination, change: &mut dyn FnMut(Change)) {
        if self.dry {
            return;
        }
        let entry = self.entries.entry(key(label)).or_default();
        if entry.defined.is_some() {
            return;
        }
        entry.defined = Some(to);
        for id in std::mem::take(&mut entry.waiting) {
            let Some(leaf) = self.leaves.get(id.0 as usize).cloned() else { continue };
            let children = leaf.parse(self).children;
            change(Change::Late { leaf: id, children });
        }
    }

    /// Notes that a leaf waits, if it does, and says so.
    pub(super) fn wait(&mut self, leaf: &Leaf, missing: &[String], change: &mut dyn FnMut(Change)) {
        if self.dry || missing.is_empty() {
            return;
        }
        let Ok(id) = u32::try_from(self.leaves.len()).map(LeafId) else { return };
        self.leaves.push(leaf.clone());
        for label in missing {
            let waiting = &mut self.entries.entry(key(label)).or_default().waiting;
            if waiting.last() != Some(&id) {
                waiting.push(id);
            }
        }
        change(Change::Waits(id));
    }
}
