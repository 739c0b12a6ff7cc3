//! What formulas look like.

use wasm_bindgen_test::wasm_bindgen_test;

use super::assert_safe;
use crate::markdown::math::{MathElement, MathTag, typeset, write_html, write_typeset};
use crate::markdown::parse;

fn body(latex: &str, display: bool) -> String {
    let formula = typeset(latex, display).unwrap_or_else(|why| panic!("{latex}: {why}"));
    assert_safe(&formula, latex);
    let mut html = String::new();
    write_html(&mut html, &formula);
    let begin = if display { "<math display=\"block\"><semantics>" } else { "<math><semantics>" };
    let inside = html.strip_prefix(begin).unwrap();
    inside[..inside.find("<annotation").unwrap()].to_owned()
}

fn inline(latex: &str) -> String {
    body(latex, false)
}

#[wasm_bindgen_test(unsupported = test)]
fn the_source_is_kept_to_the_letter() {
    let latex = " a<b % \\boxed{x}\n&c";
    let Ok(formula) = typeset("a<b", false) else { panic!() };
    let mut html = String::new();
    write_html(&mut html, &formula);
    assert!(
        html.ends_with("<annotation encoding=\"application/x-tex\">a&lt;b</annotation></semantics></math>")
    );
    assert!(typeset(latex, false).is_err(), "an alignment outside of an environment");
}

#[wasm_bindgen_test(unsupported = test)]
fn letters_numbers_and_signs() {
    assert_eq!(inline("x"), "<mi>x</mi>");
    assert_eq!(inline("1.5"), "<mn>1.5</mn>");
    assert_eq!(inline(r"\Gamma"), "<mi mathvariant=\"normal\">Γ</mi>");
    assert_eq!(inline(r"\mathbb{R}\mathrm{d}"), "<mrow><mi>ℝ</mi><mi mathvariant=\"normal\">d</mi></mrow>");
    assert_eq!(inline(r"\not= \notin"), "<mrow><mo>≠</mo><mo>∉</mo></mrow>");
    assert_eq!(inline("a<b"), "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_sign_has_space_only_between_two_things() {
    assert_eq!(inline("a-b"), "<mrow><mi>a</mi><mo>−</mo><mi>b</mi></mrow>");
    let sign = "<mo lspace=\"0\" rspace=\"0\">−</mo>";
    assert_eq!(inline("=-b"), format!("<mrow><mo>=</mo>{sign}<mi>b</mi></mrow>"));
    assert_eq!(inline("x^{-1}"), format!("<msup><mi>x</mi><mrow>{sign}<mn>1</mn></mrow></msup>"));
    assert_eq!(inline("x^*"), "<msup><mi>x</mi><mo lspace=\"0\" rspace=\"0\">∗</mo></msup>");
}

#[wasm_bindgen_test(unsupported = test)]
fn fractions_roots_and_scripts() {
    assert_eq!(inline(r"\sqrt[3]{x}"), "<mroot><mi>x</mi><mn>3</mn></mroot>");
    assert_eq!(inline(r"\frac12"), "<mfrac><mn>1</mn><mn>2</mn></mfrac>");
    assert_eq!(inline("a_1^2"), "<msubsup><mi>a</mi><mn>1</mn><mn>2</mn></msubsup>");
    assert_eq!(inline("a^2_1"), inline("a_1^2"));
    assert_eq!(inline("f''"), "<mrow><mi>f</mi><mo lspace=\"0\" rspace=\"0\">″</mo></mrow>");
    assert!(inline(r"\binom nk").contains("<mfrac linethickness=\"0.000em\">"));
}

#[wasm_bindgen_test(unsupported = test)]
fn limits_stand_above_and_below_where_there_is_room() {
    let sum = r"\sum_{i}^n";
    assert!(body(sum, true).starts_with("<munderover><mo movablelimits=\"false\">∑</mo>"));
    assert!(inline(sum).starts_with("<msubsup><mo movablelimits=\"false\">∑</mo>"));
    assert!(inline(&format!(r"\displaystyle {sum}")).contains("<munderover>"));
    assert!(body(&format!(r"\frac{{{sum}}}{{2}}"), true).contains("<msubsup>"));
    assert!(body(r"\int_0^1", true).starts_with("<msubsup>"));
    assert!(body(r"\operatorname*{argmax}_x", true).starts_with("<munder><mi>argmax</mi>"));
}

#[wasm_bindgen_test(unsupported = test)]
fn functions_apply_to_what_comes() {
    assert_eq!(
        inline(r"\sin x"),
        "<mrow><mi>sin</mi><mo>\u{2061}</mo><mspace width=\"0.167em\"></mspace><mi>x</mi></mrow>"
    );
    assert!(inline(r"\sin(x)").starts_with("<mrow><mi>sin</mi><mo>\u{2061}</mo><mo form=\"prefix\""));
    assert!(
        inline(r"\log_2 n").starts_with("<mrow><msub><mi>log</mi><mn>2</mn></msub><mo>\u{2061}</mo><mspace")
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn accents() {
    assert_eq!(inline(r"\hat x"), "<mover accent=\"true\"><mi>x</mi><mo stretchy=\"false\">ˆ</mo></mover>");
    assert!(inline(r"\vec{v}").contains("<mo stretchy=\"false\" class=\"vector\">→</mo>"));
    assert!(inline(r"\underbrace{a+b}_{n}").starts_with("<munder><munder accentunder=\"true\">"));
    assert!(inline(r"\bar x").contains("<mo stretchy=\"false\">¯</mo>"));
    assert!(inline(r"\overline{xy}").contains("<mo stretchy=\"true\">‾</mo>"));
    assert!(inline(r"\xrightarrow{f}").starts_with("<mover><mo stretchy=\"true\">⟶</mo>"));
    assert_eq!(inline(r"\overset{n}{=}"), "<mover><mo>=</mo><mi>n</mi></mover>");
}

#[wasm_bindgen_test(unsupported = test)]
fn text_is_text_and_may_have_formulas() {
    assert_eq!(inline(r"\text{ 如果 }"), "<mtext>\u{A0}如果\u{A0}</mtext>");
    assert_eq!(
        inline(r"\text{50\% of $x$, \textbf{a}}"),
        "<mrow><mtext>50% of\u{A0}</mtext><mi>x</mi><mtext>, a</mtext></mrow>"
    );
    assert_eq!(inline(r"a~b"), "<mrow><mi>a</mi><mtext>\u{A0}</mtext><mi>b</mi></mrow>");
    assert_eq!(inline(r"\text{<b>}"), "<mtext>&lt;b&gt;</mtext>");
}

#[wasm_bindgen_test(unsupported = test)]
fn environments_are_tables() {
    let cell = |inside: &str| format!("<mtd>{inside}</mtd>");
    let (a, b) = (cell("<mi>a</mi>"), cell("<mi>b</mi>"));
    let matrix = inline(r"\begin{pmatrix} a & b \\ b & a \end{pmatrix}");
    assert_eq!(
        matrix,
        format!(
            "<mrow><mo form=\"prefix\" stretchy=\"true\">(</mo><mtable class=\"array\"><mtr>{a}{b}</mtr>\
             <mtr>{b}{a}</mtr></mtable><mo form=\"postfix\" stretchy=\"true\">)</mo></mrow>"
        )
    );
    assert!(inline(r"\begin{cases} a & b \\ b & a \\ \end{cases}").ends_with("</mtr></mtable></mrow>"));
    let aligned = inline(r"\begin{aligned} a &= b \\ &= a \end{aligned}");
    assert!(aligned.starts_with("<mtable class=\"align\" displaystyle=\"true\">"), "{aligned}");
    let array = inline(r"\begin{array}{@{}l|c|} \hline a & b \\ \hline b & a \\ \hline \end{array}");
    assert_eq!(
        array,
        "<mtable class=\"array\"><mtr class=\"rule\"><mtd class=\"left\"><mi>a</mi></mtd>\
         <mtd class=\"line line-end\"><mi>b</mi></mtd></mtr><mtr class=\"rule rule-end\">\
         <mtd class=\"left\"><mi>b</mi></mtd><mtd class=\"line line-end\"><mi>a</mi></mtd></mtr></mtable>"
    );
    assert!(
        body(r"\begin{align*} a &= b \tag{1} \label{x} \\ c &= d \nonumber \end{align*}", true)
            .contains("<mtext>(1)</mtext>")
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn what_models_write_and_the_parser_does_not_know() {
    assert_eq!(inline(r"\boxed{42}"), "<mrow class=\"boxed\"><mn>42</mn></mrow>");
    assert_eq!(inline(r"\phantom{x}"), "<mphantom><mi>x</mi></mphantom>");
    assert_eq!(inline(r"\bm{x}"), "<mi>𝒙</mi>");
    assert_eq!(inline(r"\mathscr L"), "<mi>ℒ</mi>");
    assert_eq!(inline(r"\textcolor{red}{x}"), "<mstyle mathcolor=\"#ff0000\"><mi>x</mi></mstyle>");
    assert_eq!(inline(r"a\!b"), "<mrow><mi>a</mi><mspace class=\"back\"></mspace><mi>b</mi></mrow>");
}

#[wasm_bindgen_test(unsupported = test)]
fn formulas_of_a_text_are_typeset_and_the_rest_is_as_it_was() {
    let mut html = String::new();
    write_typeset(&mut html, &parse("a $x$ `$y$` $\\bad$\n\n$$z$$"));
    assert_eq!(
        html,
        "<p>a <code class=\"math typeset\"><math><semantics><mi>x</mi>\
         <annotation encoding=\"application/x-tex\">x</annotation></semantics></math></code> <code>$y$</code> \
         <code class=\"math math-failed\">\\bad</code></p><p><code class=\"math display typeset\">\
         <math display=\"block\"><semantics><mi>z</mi><annotation encoding=\"application/x-tex\">z</annotation>\
         </semantics></math></code></p>"
    );
}

/// Formulas as they come in answers: each is typeset.
pub(crate) const COMMON: &[&str] = &[
    r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}",
    r"e^{i\pi} + 1 = 0",
    r"\int_{-\infty}^{\infty} e^{-x^2} \, dx = \sqrt{\pi}",
    r"\sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6}",
    r"\lim_{n \to \infty} \left(1 + \frac{1}{n}\right)^n = e",
    r"\nabla \times \mathbf{E} = -\frac{\partial \mathbf{B}}{\partial t}",
    r"f(x) = \begin{cases} x^2 & \text{if } x \geq 0 \\ -x & \text{otherwise} \end{cases}",
    r"\begin{aligned} (a+b)^2 &= a^2 + 2ab + b^2 \\ &\ge 4ab \end{aligned}",
    r"\begin{bmatrix} 1 & 0 & \cdots & 0 \\ \vdots & \ddots & & \vdots \\ 0 & \cdots & & 1 \end{bmatrix}",
    r"P(A \mid B) = \frac{P(B \mid A)\,P(A)}{P(B)}",
    r"\left. \frac{dy}{dx} \right|_{x=0}",
    r"\left\{ x \in \mathbb{R} \,\middle|\, x^2 < 2 \right\}",
    r"\overbrace{a + \cdots + a}^{n \text{ times}}",
    r"\text{注意力}(Q,K,V) = \operatorname{softmax}\!\left(\frac{QK^\top}{\sqrt{d_k}}\right) V",
    r"\mathcal{L}(\theta) = -\frac{1}{N}\sum_{i=1}^{N} \log p_\theta(y_i \mid x_i)",
    r"A \xrightarrow[n\to\infty]{\text{a.s.}} B",
    r"\hat{\beta} = (X^\top X)^{-1} X^\top y",
    r"\widehat{ABC} = \overline{AB} \cdot \vec{v}",
    r"\binom{n}{k} = \frac{n!}{k!(n-k)!}",
    r"a \equiv b \pmod{n}",
    r"\lfloor x \rfloor \le \lceil x \rceil, \quad \|v\| = \sqrt{\langle v, v \rangle}",
    r"\bigl( \bigl| x \bigr| \bigr), \Bigg[ \frac12 \Bigg]",
    r"\prod_{\substack{i=1 \\ i \ne j}}^{n} \frac{x - x_i}{x_j - x_i}",
    r"\boxed{x = 42}",
    r"\oint_{\partial \Omega} \vec{F} \cdot d\vec{r}",
    r"\underset{x \in X}{\operatorname{arg\,max}}\; f(x)",
    r"H_2O, \ 5\,\text{m/s}, \ 90^\circ, \ 100\%",
    r"\det(A - \lambda I) = 0 \implies \lambda_1, \dots, \lambda_n",
    r"\begin{array}{c|cc} & T & F \\ \hline T & T & F \\ F & F & F \end{array}",
    r"T(n) = 2T(n/2) + \Theta(n) = \mathcal{O}(n \log n)",
    r"\ddot{x} + 2\zeta\omega_0\dot{x} + \omega_0^2 x = 0",
    r"\iiint_V \nabla \cdot \mathbf{F}\, dV = \oiint_S \mathbf{F} \cdot \mathbf{n}\, dS",
    r"\sqrt{1+\sqrt{1+\sqrt{1+\sqrt{x}}}}",
    r"\cfrac{1}{1+\cfrac{1}{1+\cfrac{1}{1+x}}}",
    r"x_{n+1} = x_n - \frac{f(x_n)}{f'(x_n)}",
    r"\mathbb{E}[X] = \int x \, \mathrm{d}F(x), \quad \sigma^2 = \operatorname{Var}(X)",
    r"p \land q \lor \lnot r \Leftrightarrow \forall x \exists y : x \in y",
];

#[wasm_bindgen_test(unsupported = test)]
fn common_formulas_are_typeset() {
    for latex in COMMON {
        for display in [false, true] {
            let _ = body(latex, display);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_row_of_one_is_that_one() {
    assert_eq!(MathElement::row(vec![MathElement::token(MathTag::Mi, "x")]).tag, MathTag::Mi);
}
