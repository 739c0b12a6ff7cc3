//! Which nodes of a leaf go on as which, when it changes in several places at once.

use crate::markdown::Node;

/// How far is looked for the place from which both go on alike, in elements of the two together.
const AHEAD: usize = 64;

/// How many elements are compared at most: a leaf that is another one altogether is not worth more.
const MOST: usize = 16 << 10;

/// What of `old` goes on as what of `new`, both in order. Elements only: what is between them tells a text's
/// place, and a text that is equal by chance would keep an element from being found.
pub(super) fn pairs(old: &[Node], new: &[Node], alike: fn(&Node, &Node) -> bool) -> Vec<(usize, usize)> {
    let (old_elements, new_elements) = (elements(old), elements(new));
    let (mut compared, mut pairs) = (0, Vec::new());
    let (mut at, mut to) = (0, 0);
    while at < old_elements.len() && to < new_elements.len() {
        let mut is_pair = |&(skip, skip_new): &(usize, usize)| {
            let pair = (old_elements.get(at + skip), new_elements.get(to + skip_new));
            let (Some(&at), Some(&to)) = pair else { return false };
            compared += 1;
            compared < MOST && alike(&old[at], &new[to])
        };
        // What is nearest comes first.
        let skips = (0..=AHEAD).flat_map(|far| (0..=far).map(move |skip| (skip, far - skip)));
        match { skips }.find(&mut is_pair) {
            Some((skip, skip_new)) => {
                pairs.push((old_elements[at + skip], new_elements[to + skip_new]));
                (at, to) = (at + skip + 1, to + skip_new + 1);
            }
            None if compared >= MOST => break,
            None => (at, to) = (at + 1, to + 1),
        }
    }
    pairs
}

/// Where the elements are.
fn elements(nodes: &[Node]) -> Vec<usize> {
    (0..nodes.len()).filter(|at| matches!(nodes[*at], Node::Element(_))).collect()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{MOST, pairs};
    use crate::markdown::{Node, parse};

    fn leaf(text: &str) -> Vec<Node> {
        parse(text).remove(0).children
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_equal_goes_on_whatever_comes_between() {
        for (old, new, expected) in [
            ("x $a$ y $b$ z", "*x* $a$ *y* $b$ *z*", vec![(1, 2), (3, 6)]),
            ("$a$ *x* $b$ *y*", "*x* *y*", vec![(2, 0), (6, 2)]),
            ("*x* $a$ *y* $b$", "*y* $a$ *z* $b$", vec![(2, 2), (6, 6)]),
            ("*x*", "*y* z", vec![]),
        ] {
            let (old, new) = (leaf(old), leaf(new));
            assert_eq!(pairs(&old, &new, Node::eq), expected, "{old:?} {new:?}");
        }
        let many = |count| leaf(&format!("{}$b$", "*a* ".repeat(count)));
        assert_eq!(pairs(&leaf("$b$"), &many(60), Node::eq), [(0, 120)]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_leaf_that_is_another_one_is_not_looked_through_for_ever() {
        let (old, new) = (leaf(&"*a* ".repeat(2_000)), leaf(&"*b* ".repeat(2_000)));
        assert!(old.len() * new.len() > 100 * MOST);
        assert_eq!(pairs(&old, &new, Node::eq), []);
        assert_eq!(pairs(&old, &old, Node::eq).len(), 2_000);
    }
}
