//! Lines that are very long: one costs no more than many short ones, a slice of it is soon drawn, and it
//! looks the same however it comes. Measured in bytes for the parser of inlines and bytes to show.

use super::chunks::{cuts, grown};
use super::growth::size;
use super::{assert_safe, outline};
use crate::markdown::{Growing, Tree, parse};

/// What comes before the line, what it begins with, and what it has again and again.
const LINES: &[(&str, &str, &str)] = &[
    ("", "# ", "Some *words* and `code`. "),
    ("- a\n", "  ## ", "word"),
    ("|a|b|c|\n|-|-|-|\n", "| ", "some *words* "),
    ("|a|b|c|\n|-|-|-|\n", "|", "a\\|b"),
    ("|a|b|c|\n|-|-|-|\n", "", "|"),
    ("|a|\n|-|\n", "", "a | `b` "),
    ("> |a|\n> |-|\n", "> ", "[a] | `b` "),
    ("|a|\n", "|", "-"),
    ("a\n", "", "="),
    ("", "```", "info "),
    ("", "~~~", "`"),
    ("", "", "`"),
    ("", "", "~"),
    ("- a\n", "```", "info "),
    ("```\n", "", " "),
    ("```\n", "", "`"),
    ("    a\n", "    ", "let code = 1; "),
    ("    a\n", "", " "),
    ("", "    ", "let code = 1; "),
    ("", "- ", "Some *words* and `code`. "),
    ("", "- [ ] ", "word "),
    ("", "- [ ]", " "),
    ("", "> ", "Some *words* and `code`. "),
    ("", "> [!NOTE]", " "),
    ("", "[^a]: ", "word "),
    ("", "[a](", "x"),
    ("", "![a](/api/files/", "x"),
    ("", "[a]: https://a.test/", "x"),
    ("", "a `", "code "),
    ("", "$", "x + "),
    ("", "$$", "x + "),
    ("", "\\(", "x + "),
    ("", "\\[", "x + "),
    ("", "", "*"),
    ("", "", "_"),
    ("", "", "* "),
    ("", "", "- "),
    ("", "", "1. "),
    ("", "", "> "),
    ("", "", "["),
    ("", "", "![](/api/files/a "),
    ("", "", "|"),
    ("", "", "$"),
    ("", "", "<"),
    ("", "", "&"),
    ("", "", "&am"),
    ("", "", "\\"),
    ("", "", "7"),
    ("", "", " "),
    ("", "", "\t"),
    ("a\n", "", " "),
    ("", "-", " "),
    ("", "", "#"),
    ("", "", "+ "),
    ("", "", "中"),
    ("", "", "😀 "),
    ("", "<a", " b"),
    ("", "<div", " a=b"),
    ("<div>\n", "", "<b>text</b> "),
    ("", "<!-- ", "text "),
    ("", "<script>", "text "),
    ("", "", "https://a.test/"),
    ("", "", "a@b.test "),
    ("", "www.", "a."),
];

/// Feeds pieces of so many bytes, and gives the most that one costs: for the parser and to show.
fn most(growing: &mut Growing, text: &str, piece: usize) -> (usize, usize) {
    let (mut parsed, mut shown, mut at) = (0, 0, 0);
    while at < text.len() {
        let end = text.ceil_char_boundary((at + piece).min(text.len()));
        let (before, mut bytes) = (growing.parsed(), 0);
        growing.push(&text[at..end], &mut |change| bytes += size(&change));
        parsed = parsed.max(growing.parsed() - before);
        shown = shown.max(bytes);
        at = end;
    }
    (parsed, shown)
}

#[test]
fn a_slice_of_any_line_costs_no_more_behind_a_megabyte() {
    // The text that is not shown for good is got a few times, and once more for what may be prices.
    const PARSED: usize = 16 * 8192;
    const SHOWN: usize = 8 * 8192;
    for (before, begin, again) in LINES {
        let slice = again.repeat(4096 / again.len() + 1);
        for much in [0, 1 << 20] {
            let mut growing = Growing::new();
            growing.push(&format!("{before}{begin}"), &mut |_| {});
            let mut come = 0;
            while come < much {
                growing.push(&slice, &mut |_| {});
                come += slice.len();
            }
            let (parsed, shown) = most(&mut growing, &slice.repeat(6), 4096);
            let (parsed_end, shown_end) = most(&mut growing, &format!("{again}\n\na\n"), 4096);
            assert!(
                parsed.max(parsed_end) <= PARSED && shown.max(shown_end) <= SHOWN,
                "{before:?} {begin:?} {again:?} behind {much}: {parsed} {parsed_end}, {shown} {shown_end}"
            );
        }
    }
}

#[test]
fn tokens_of_any_line_cost_in_proportion_to_it() {
    const TOKEN: usize = 16;
    for (before, begin, again) in LINES {
        let mut growing = Growing::new();
        growing.push(&format!("{before}{begin}"), &mut |_| {});
        let text = again.repeat(12_000 / again.len());
        let (before_it, mut shown, mut at) = (growing.parsed(), 0, 0);
        while at < text.len() {
            let end = text.ceil_char_boundary((at + TOKEN).min(text.len()));
            growing.push(&text[at..end], &mut |change| shown += size(&change));
            at = end;
        }
        let tokens = text.len() / TOKEN;
        // What waits is 4 KB on average and at most 8, and read a few times.
        let (parsed, shown) = ((growing.parsed() - before_it) / tokens, shown / tokens);
        assert!(
            parsed <= 8 * 8192 && shown <= 8192 * 3 / 2,
            "{before:?} {begin:?} {again:?}: {parsed}, {shown}"
        );
    }
}

#[test]
fn long_lines_are_the_same_however_they_come() {
    for (before, begin, again) in LINES {
        for end in ["", "x|\\| y ### -->\nz | `\n"] {
            let text = format!("{before}{begin}{}{end}", again.repeat(18_000 / again.len()));
            let whole = parse(&text);
            assert_safe(&whole, begin);
            for piece in [331, 8192, 8193] {
                let is_same = outline(&grown(cuts(&text, piece))) == outline(&whole);
                assert!(is_same, "{before:?} {begin:?} {again:?} {end:?} in pieces of {piece}");
            }
        }
    }
}

/// The server looks once at what has come, the page after each slice of it: then it has to look as closely.
#[test]
fn the_end_of_what_came_in_slices_looks_as_if_it_had_come_at_once() {
    for (before, begin, again) in LINES {
        for bytes in [300, 1_100, 1_700, 4_700, 9_000] {
            let text = format!("{before}{begin}{}", again.repeat(bytes / again.len()));
            let mut whole = Tree::new();
            Growing::new().push(&text, &mut |change| whole.apply(change));
            let (mut growing, mut tree) = (Growing::new(), Tree::new());
            cuts(&text, 1024).for_each(|slice| growing.advance(slice, &mut |change| tree.apply(change)));
            growing.show_end(&mut |change| tree.apply(change));
            let is_same = outline(&tree.into_blocks()) == outline(&whole.into_blocks());
            assert!(is_same, "{before:?} {begin:?} {again:?}, {bytes} bytes");
        }
    }
}
