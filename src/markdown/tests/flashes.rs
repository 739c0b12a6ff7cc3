//! Nothing flashes: what a text shows on its way is not taken back.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::markdown::{Element, Growing, Node, Tree};

/// What models write, a construct or two in each.
const PIECES: &[&str] = &[
    "This is **bold** text.",
    "这是**粗体**，然后*斜体*。",
    "他说**“你好”**。然后",
    "- **Item:** text\n- two `code` here\n  - nested **x**\n    ```js\n    let a = 1;\n    ```\n- three",
    "1. First\n   ```rust\n   fn main() {}\n   ```\n2. Second",
    "See [the docs](https://a.test/x \"Title here\") now.",
    "![alt text](/api/files/0f-3x2 \"t\") and ![x](https://b.test/i.png)",
    "Note[^1] here.\n\n[^1]: The note\nwith more.",
    "> [!NOTE]\n> Useful **info**.",
    "> quote line\n> second\n>> nested",
    "- [ ] todo\n- [x] done",
    "Para text\n\n---\n\nafter",
    "Inline $E=mc^2$ ok.",
    "$$\na^2 + b\n$$\nthen",
    "Inline \\(x+1\\) and \\[y\\] ok",
    "\\[\nx = \\frac{1}{2}\n\\]",
    "It costs $5 and $10 today. US$20.",
    "Visit https://a.test/x. Then (https://b.test/y), ok",
    "访问 https://a.test/x，然后",
    "````md\n```js\na\n```\n````",
    "Use <br> and <b>x</b> tags, a < b, 3 > 2.",
    "<div class=\"x\">\nhi\n</div>\n\ntext",
    "# Heading ##\ntext",
    "## 标题 `code` **b**\n\ntext",
    "\\*not em\\* and \\# x",
    "line one  \nline two\\\nline three",
    "a * b * c and 2*3*4 and snake_case_name",
    "__init__ and _em_ text",
    "~~gone~~ and ~5 and a ~ b",
    "AT&T &amp; &copy; x & y",
    "array[0] and f(x)[1] done",
    "- a\n\n- b\n\n  para\n- c",
    "1) x\n2) y\n\n10. z",
    "***both*** x",
    "**bold with *em* inside** x",
    "`a` ``b`c`` x",
    "```\nno lang\n```\ntext",
    "text\n```py\nx\n```\nmore",
    "- item\n```py\nx\n```",
    "    indented code\n\ntext",
    "Mail me@example.org or www.example.org now.",
    "<https://a.test> and <me@b.test>.",
    "1. a\n   1. b\n      - c\n2. d",
    "**Q:** *why?* A.",
    "**中文**：说明（*斜体*）",
    "* star list\n* two",
    "+ plus\n+ two",
    "a\n* * *\nb",
    "Use `git commit -m \"x\"` and **`bold code`**.",
    "[link with `code`](https://a.test) x",
    "[![b](/api/files/0f-3x2)](https://a.test) x",
    "- - nested dash",
    "> - quote list\n>   more\n\nend",
    "| a |\n|---|\n| [l](https://a.test) |\n| ![x](/api/files/a) |\n\nend",
    "100% of *x* — \"quoted\" 'single'",
    "Hello! How are you? [yes](https://a.test)!",
    "Math: $x$, $$y$$, $5 x$ and 5$.",
    "- $5 item\n- \\(a\\)",
    "**Step 1. Do it**\n\n1. **Install**: run `npm i`\n2. **Run** it",
    "x^2 + y_1 = z*",
    "> > a\n> b\nc",
    "A | B\ntext",
    "[TODO] fix this",
    "[x] done?",
    "-5 degrees",
    "2024. was a year",
    "#hashtag and #1",
    "+1 agree",
    "<think>hm</think> ok",
    "a<b>c",
    "if a<b and c>d then",
    "$HOME/bin and $PATH",
    "The price is $5.",
    "{\"a\": [1, 2], \"b\": \"x\"}",
    "emoji :smile: and 😀.",
    "* a*b",
    "**a** **b**",
    "a**b**c 中**文**字",
    "- **a**: b\n  c",
    "Term: `a | b` x",
    "\"[x](y)\"",
    "![](https://b.test/x.png)",
    "Footnotes[^a][^b].\n\n[^a]: one\n\n[^b]: two\n    - list",
    "<!-- comment -->\ntext",
    "<details>\n<summary>S</summary>\n\n**inner**\n\n</details>",
    "- a\n-\n- b",
    "word --- dash -- dash",
    "- a\n---\nb",
    "1. a\n\n   b\n2. c",
    "~~~\nx\n~~~\ny",
    "a\\\nb \\$5 \\`c\\`",
    "function foo() { return a[i] * b[j]; }",
    "见《书》[1]，以及【注】。",
    "2 ** 3 ** 4 x",
    "Use `` ` `` tick",
    "- [ ] todo\n- [x] done **now**\n- [ ] <kbd>x</kbd>",
    "> [!WARNING]\n> a\n\n> [!x] b",
    "- a\n- <b>c</b>\n- > d\n- [^1]: e",
    "- a\n  1. b\n  2. **c**\n- `d`",
    "| **a** | b |\n|---|---|\n| *c* | ![d](/api/files/a) |\n| $e$ | [f](https://a.test) |",
    "[docs](https://a.test) [1] and\n\n[1]: https://b.test \"t\"",
    "1. **甲**：乙\n2. `丙`\n   - 丁",
    "结果是 $x_1$，即 \\(y\\)。\n\n\\[\nz\n\\]",
    "a [b `c` é &amp; d](https://a.test) `é` [`é` x",
];

/// The tags of what is shown and its text, but for what may be a mark.
fn shown(tree: &Tree) -> (Vec<&'static str>, Vec<char>) {
    fn walk(element: &Element, tags: &mut Vec<&'static str>, text: &mut Vec<char>) {
        tags.push(element.tag.name());
        for child in &element.children {
            match child {
                Node::Element(child) => walk(child, tags, text),
                Node::Text(more) => {
                    text.extend(more.chars().filter(|c| c.is_alphanumeric() || matches!(c, '!' | '\\')));
                }
            }
        }
    }
    let (mut tags, mut text) = (Vec::new(), Vec::new());
    for block in tree.clone().into_blocks() {
        walk(&block, &mut tags, &mut text);
    }
    (tags, text)
}

/// Whether all of the first is in the second, in its order.
fn is_within<T: PartialEq>(first: &[T], second: &[T]) -> bool {
    let mut second = second.iter();
    first.iter().all(|one| second.any(|other| one == other))
}

/// How much of a text has come when something that was shown is not there any more.
fn taken_back(text: &str) -> Vec<&str> {
    let (mut growing, mut tree) = (Growing::new(), Tree::new());
    let (mut before, mut found) = (shown(&tree), Vec::new());
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        growing.push(&text[at..end], &mut |change| tree.apply(change));
        let now = shown(&tree);
        if !is_within(&before.0, &now.0) || !is_within(&before.1, &now.1) {
            found.push(&text[..end]);
        }
        before = now;
    }
    growing.finish(&mut |change| tree.apply(change));
    let now = shown(&tree);
    if !is_within(&before.0, &now.0) || !is_within(&before.1, &now.1) {
        found.push("at the end");
    }
    found
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_shown_is_not_taken_back() {
    for text in PIECES {
        assert_eq!(taken_back(text), Vec::<&str>::new(), "{text:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_paragraph_that_turns_out_to_be_something_else_changes_once() {
    for (text, when) in [
        ("Para\n---\nafter", "Para\n---\n"),
        ("Title\n===\nafter", "Title\n===\n"),
        ("A | B\n---|---\nc | d", "A | B\n---|---\n"),
        ("[b][ref]\n\n[ref]: https://a.test", "at the end"),
        // A table is shown from its first line on, and is none if the second one is missing.
        ("| only a row\ntext", "| only a row\nt"),
    ] {
        assert_eq!(taken_back(text), [when], "{text:?}");
    }
}

/// Emphasis and code are shown before they are closed; where they can't be, that is taken back once.
#[wasm_bindgen_test(unsupported = test)]
fn a_mark_that_was_none_is_taken_back_once() {
    for (text, when) in [
        ("a **b\nc\n\nd", "a **b\nc\n\n"),
        ("a `b **c**\nd", "a `b **c**\n"),
        // By the rules of CommonMark the second mark does not close the first.
        ("**注意：**不要", "**注意：**不"),
    ] {
        assert_eq!(taken_back(text).first(), Some(&when), "{text:?}");
    }
}
