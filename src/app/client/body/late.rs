//! The leaves of a text that stands in the page which wait for a definition: counted while the text is
//! parsed, and found afterwards, one by one.

use std::collections::HashMap;

use web_sys::Element;

use super::group;
use crate::markdown::{LeafId, Node};

/// Leaves that wait, each with its element and what it shows.
pub(super) type Found = HashMap<LeafId, (Element, Vec<Node>)>;

/// Leaves that wait, of which the first ones are found.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// In the order of their names, which is that of the text.
    leaves: Vec<Counted>,
    next: usize,
    /// The group of the last one that was found, and how many blocks are before it.
    group: Option<(Element, u32)>,
    found: Found,
}

#[derive(Debug)]
struct Counted {
    leaf: LeafId,
    /// Which child element, from the body on.
    path: Vec<u32>,
    shown: Vec<Node>,
}

impl Waiting {
    pub(super) fn add(&mut self, leaf: LeafId, path: Vec<u32>, shown: Vec<Node>) {
        self.leaves.push(Counted { leaf, path, shown });
    }

    /// It shows something else.
    pub(super) fn change(&mut self, leaf: LeafId, shown: Vec<Node>) {
        if let Ok(at) = self.leaves.binary_search_by_key(&leaf, |counted| counted.leaf) {
            self.leaves[at].shown = shown;
        }
    }

    /// Finds one more in the page; false if there is none.
    pub(super) fn find_next(&mut self, body: &Element) -> bool {
        let Some(counted) = self.leaves.get_mut(self.next) else { return false };
        self.next += 1;
        let (leaf, shown) = (counted.leaf, std::mem::take(&mut counted.shown));
        let path = std::mem::take(&mut counted.path);
        if let Some(element) = self.element(body, &path) {
            self.found.insert(leaf, (element, shown));
        }
        true
    }

    /// All that were found.
    pub(super) fn into_found(self) -> Found {
        self.found
    }

    fn element(&mut self, body: &Element, path: &[u32]) -> Option<Element> {
        let (block, path) = path.split_first()?;
        let from = match self.group.take() {
            Some(group) => group,
            None => (body.first_element_child()?, 0),
        };
        let (group, before) = group::holding(from, *block)?;
        let block = group.children().item(block - before);
        self.group = Some((group, before));
        path.iter().try_fold(block?, |found, at| found.children().item(*at))
    }
}
