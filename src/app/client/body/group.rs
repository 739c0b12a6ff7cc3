//! Groups of top-level blocks: what the browser skips while it is far from the screen.
//!
//! A block of its own is too little for that: each thing that can be skipped is looked at in every frame,
//! and an answer of a megabyte has some thousands of blocks. One group has to be opened behind the last
//! block of the one before, since a node that is moved loses its selection and its focus.

use web_sys::Element;

use super::document;
use crate::markdown::{Attr, Element as Block};

/// The class of a group's element.
pub const CLASS: &str = "group";

/// So many blocks are a group, or some more. Few where the border is to be tested.
const SIZE: usize = if cfg!(test) { 4 } else { 64 };

/// The last group has at least so many blocks, so that the tail, which is never so much, is all in it.
const LEAST: usize = 3;

/// Divides the blocks of a text. A list that goes on with another one is in another group.
fn groups(blocks: &[Block]) -> impl Iterator<Item = &[Block]> {
    let mut rest = blocks;
    std::iter::from_fn(move || {
        let size = if rest.len() < SIZE + LEAST { rest.len() } else { SIZE };
        let size = rest.iter().take(size).skip(1).position(Block::is_piece).map_or(size, |at| at + 1);
        let (group, behind) = rest.split_at(size);
        rest = behind;
        (!group.is_empty()).then_some(group)
    })
}

/// Appends the blocks of a text in groups, each of which `write` appends. One that has a long block is marked,
/// as it is not skipped itself.
pub fn write_groups(out: &mut String, blocks: &[Block], write: fn(&mut String, &[Block])) {
    for blocks in groups(blocks) {
        out.push_str("<div class=\"");
        out.push_str(CLASS);
        out.push_str(if blocks.iter().any(Block::is_long) { "\" data-long=\"\">" } else { "\">" });
        write(out, blocks);
        out.push_str("</div>");
    }
}

/// Marks an element that is long, or in which something is.
pub(super) fn mark_long(element: &Element) {
    let _ = element.set_attribute(Attr::Long.name(), "");
}

/// Opens a group behind those that are in the body.
pub(super) fn open(body: &Element) -> Element {
    let group = document().create_element("div").expect("`div` is a valid name");
    group.set_class_name(CLASS);
    let _ = body.append_child(&group);
    group
}

/// The last group, or a new one behind it if there is none, if that is full, or if this block is a list
/// that goes on with the one before.
pub(super) fn with_room(body: &Element, block: &Element) -> Element {
    let is_piece = block.has_attribute(Attr::Piece.name());
    let has_room = |group: &Element| {
        group.class_name() == CLASS && !is_full(group) && !(is_piece && group.child_element_count() > 0)
    };
    let last = body.last_element_child().filter(has_room);
    last.unwrap_or_else(|| open(body))
}

/// Takes a group away that has no block any more, and what is no group; marks one that is long.
pub(super) fn tidy(group: &Element) {
    if group.class_name() != CLASS || group.child_element_count() == 0 {
        group.remove();
    } else if elements(group).iter().any(|block| block.has_attribute(Attr::Long.name())) {
        mark_long(group);
    }
}

/// Whether a body has any: text that could not be drawn yet is none.
pub(super) fn has_blocks(body: &Element) -> bool {
    first_block(body).is_some()
}

/// The first block of a body.
pub(super) fn first_block(body: &Element) -> Option<Element> {
    first_of(body.first_element_child())
}

/// The block behind one, in its group or in the next one.
pub(super) fn next_block(block: &Element) -> Option<Element> {
    let group = || block.parent_element().and_then(|group| group.next_element_sibling());
    block.next_element_sibling().or_else(|| first_of(group()))
}

/// The first block of this group and of those behind it.
fn first_of(group: Option<Element>) -> Option<Element> {
    let mut groups = std::iter::successors(group, Element::next_element_sibling);
    groups.find_map(|group| (group.class_name() == CLASS).then(|| group.first_element_child()).flatten())
}

fn elements(parent: &Element) -> Vec<Element> {
    std::iter::successors(parent.first_element_child(), Element::next_element_sibling).collect()
}

/// Whether the next block belongs into a new group.
pub(super) fn is_full(group: &Element) -> bool {
    group.child_element_count() as usize >= SIZE
}

/// The last group of a body, and how many blocks are in those before it. None where something else
/// stands last.
pub(super) fn last(body: &Element) -> Option<(Element, usize)> {
    let last = body.last_element_child().filter(|last| last.class_name() == CLASS)?;
    let before = std::iter::successors(last.previous_element_sibling(), Element::previous_element_sibling);
    let blocks = before.map(|group| group.child_element_count() as usize).sum();
    Some((last, blocks))
}

/// The group that has the block at this place, and how many blocks are before it; looked for from a group on.
pub(super) fn holding(from: (Element, u32), at: u32) -> Option<(Element, u32)> {
    let (mut group, mut before) = from;
    loop {
        let blocks = group.child_element_count();
        if at < before + blocks {
            return Some((group, before));
        }
        before += blocks;
        group = group.next_element_sibling()?;
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{LEAST, SIZE, groups};
    use crate::markdown::parse;

    #[wasm_bindgen_test(unsupported = test)]
    fn every_block_is_in_one_group_and_the_last_is_never_short() {
        for blocks in 0..4 * SIZE {
            let blocks = parse(&"word\n\n".repeat(blocks));
            let sizes: Vec<_> = groups(&blocks).map(<[_]>::len).collect();
            assert_eq!(sizes.iter().sum::<usize>(), blocks.len());
            if let [before @ .., last] = sizes.as_slice() {
                assert!(before.iter().all(|size| *size == SIZE), "{sizes:?}");
                assert!(before.is_empty() || (LEAST..SIZE + LEAST).contains(last), "{sizes:?}");
            }
        }
    }
}
