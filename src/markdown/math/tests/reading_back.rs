//! The server's HTML of a formula, read by an HTML parser, is the tree that it was written from; and
//! whatever the text, there is a safe tree or none, and no panic.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;

use super::assert_safe;
use super::shapes::COMMON;
use crate::markdown::math::{MathElement, typeset, write_html};
use crate::markdown::tests::{beginnings, outline_tag, outline_text};

fn outline(out: &mut String, element: &MathElement) {
    let attrs = element.attrs.iter().map(|attr| (attr.name().to_owned(), attr.value().into_owned()));
    outline_tag(out, element.tag.name(), attrs.collect());
    for child in &element.children {
        outline(out, child);
    }
    if !element.text.is_empty() {
        outline_text(out, &element.text);
    }
    out.push('}');
}

fn read(html: &str) -> String {
    let context = QualName::new(None, ns!(html), local_name!("code"));
    let dom = parse_fragment(RcDom::default(), ParseOpts::default(), context, vec![], false).one(html);
    let mut out = String::new();
    for child in dom.document.children.borrow()[0].children.borrow().iter() {
        outline_node(&mut out, child);
    }
    out
}

fn outline_node(out: &mut String, node: &Handle) {
    match &node.data {
        NodeData::Text { contents } => outline_text(out, &contents.borrow()),
        NodeData::Element { name, attrs, .. } => {
            assert_eq!(name.ns, ns!(mathml), "{}", name.local);
            let attrs = attrs.borrow();
            let attrs = attrs.iter().map(|attr| (attr.name.local.to_string(), attr.value.to_string()));
            outline_tag(out, &name.local, attrs.collect());
            for child in node.children.borrow().iter() {
                outline_node(out, child);
            }
            out.push('}');
        }
        other => panic!("{other:?}"),
    }
}

fn assert_reads_back(latex: &str) {
    // What the Markdown parser gives has neither.
    let latex = latex.replace(['\0', '\r'], " ");
    for display in [false, true] {
        if let Ok(formula) = typeset(&latex, display) {
            assert_safe(&formula, &latex);
            let (mut html, mut tree) = (String::new(), String::new());
            write_html(&mut html, &formula);
            outline(&mut tree, &formula);
            assert_eq!(read(&html), tree, "{latex:?}: {html}");
        }
    }
}

#[test]
fn every_beginning_of_a_common_formula_reads_back() {
    for latex in COMMON {
        for beginning in beginnings(latex) {
            assert_reads_back(beginning);
        }
    }
}

#[test]
fn markup_in_a_formula_is_text() {
    for latex in [
        "</annotation></math><script>alert(1)</script>",
        r"\text{</mtext></math><img src=x onerror=alert(1)>}",
        r"\operatorname{<svg onload=alert(1)>}",
        r"\href{javascript:alert(1)}{x}",
        r"\class{x}{y} \style{color:red}{z} \cssId{a}{b}",
        r"<mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        r"\text{<mglyph><malignmark><p>}",
        r"\color{red;background:url(//evil.test)}{x}",
        r"\textcolor{#ff0000}{<b>}",
    ] {
        assert_reads_back(latex);
    }
}

/// Pieces that have a meaning, so that chance meets constructs.
fn pieces() -> impl Strategy<Value = String> {
    let pieces: Vec<&'static str> = r"\frac \dfrac \sqrt \sqrt[3] ^ _ ' { } {a} {b+c} [ ] ( ) \left( \left. \right) \right| \middle| \sum \int
\lim \sin \operatorname{f} \operatorname*{g} \mathop \text{x} \text{a$b$c} \textbf{x} \mathbf \mathbb{R} \mathrm \hat \vec \bar
\overline \underbrace \overbrace \overset \underset \stackrel \xrightarrow \xleftarrow[a] \binom \genfrac \substack \not \cancel
\begin{matrix} \end{matrix} \begin{pmatrix*}[l] \end{pmatrix*} \begin{cases} \end{cases} \begin{aligned} \end{aligned} \begin{array}{l|c:} \end{array}
\begin{align} \end{align} \begin{alignat}{2} \end{alignat} \begin{gather*} \end{gather*} \begin{split} \end{split} \begin{multline} \end{multline}
\begin{equation} \end{equation} \begin{rcases} \end{rcases} \begin{subarray}{l} \end{subarray} \begin{smallmatrix} \end{smallmatrix}
& \\ \\[2pt] \hline \hdashline \displaystyle \textstyle \scriptstyle \color{red} \color{#12ab34} \textcolor{blue}{x} \colorbox{red}{x} \fcolorbox{red}{blue}{x}
\quad \, \! \kern1em \hspace{2em} \mskip3mu \mkern-3mu \hskip1em \limits \nolimits \bigl( \Bigg| \big\rangle \boxed{ \phantom{ \tag{1} \label{a} \notag \bm
\mathscr \relax \begingroup \endgroup \char \def\a{b} \newcommand % # $ ~ \% \# \\ \{ \} \| \langle \rangle | / < > + - * = , . ; : ! 0 12 3.14 1. x y z
\alpha \Gamma \infty \partial \mathcal{L} \mathstrut \surd \prime \dots \ldots \to \pmod{n} \bmod \cfrac é 中 😀 α Ω 𝐱 \é \中 \pmb{x} \mbox{y} \mathbin + \mathrel{=}"
        .split_whitespace()
        .collect();
    let pieces =
        pieces.into_iter().chain([" ", "\n", "\u{a0}", "\u{3000}", "\u{338}", "\u{e000}", "%\n", "\\ "]);
    prop::collection::vec(prop::sample::select(pieces.collect::<Vec<_>>()), 0..30)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn formulas_of_chance_read_back_and_nothing_panics(latex in pieces()) {
        assert_reads_back(&latex);
    }

    #[test]
    fn any_text_reads_back_and_nothing_panics(latex in any::<String>()) {
        assert_reads_back(&latex);
    }

    #[test]
    fn a_common_formula_that_is_cut_and_joined_reads_back(
        one in prop::sample::select(COMMON), other in prop::sample::select(COMMON), cut in 0..80_usize, at in 0..80_usize,
    ) {
        let one: String = one.chars().take(cut).collect();
        let other: String = other.chars().skip(at).collect();
        assert_reads_back(&format!("{one}{other}"));
    }
}
