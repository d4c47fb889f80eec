"""Formulas for the eye: as people write them, or else as they were, and never with dollar signs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mathtext import FORMULA, is_formula, readable_math


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"$E = E_{max} \frac{[D]^n}{EC_{50}^n + [D]^n}$", "E = Eₘₐₓ [D]ⁿ/(EC₅₀ⁿ + [D]ⁿ)"),
        (r"$m \sim 10^{-22}$", "m ∼ 10⁻²²"),
        (r"$10^-22$", "10⁻²²"),
        (r"3.2$\times$", "3.2×"),
        (r"$\sim$15\%", "∼15%"),
        (r"$37^\circ$C", "37°C"),
        (r"$^{13}$C", "¹³C"),
        (r"$$\sum_{i=1}^{N} x_i^2 \leq \frac{1}{2}mv^2$$", "∑ᵢ₌₁ᴺ xᵢ² ≤ 1/2 mv²"),
        (r"\begin{align*} a &= b \\ c &= d \end{align*}", "a = b; c = d"),
        (r"\[ x \ne y \]", "x ≠ y"),
        (r"\( O(n \log n) \)", "O(n log n)"),
        (r"$\text{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V$", "softmax(QKᵀ/√dₖ)V"),
        (r"$\sqrt[3]{a + b}$", "³√(a + b)"),
        (r"$\frac{a}{b}^2$", "(a/b)²"),
        (r"$\frac12 x$", "1/2 x"),
        (r"$\hat{y}_t = \mathbb{E}[x]$", "ŷₜ = 𝔼[x]"),
        (r"$x \not\in S$", "x ∉ S"),
        (r"$x=\pm 5, -3$", "x = ±5, −3"),
        (r"$D_{KL}(P \| Q)$", "D_KL(P ‖ Q)"),
        (r"$x_{q+1}$", "x_(q + 1)"),
        (r"$10\,\mu\mathrm{m}$", "10 μm"),
        (r"$y \text{ if } x$", "y if x"),
        (r"$a \equiv b \pmod{n}$", "a ≡ b (mod n)"),
        (r"$\lfloor x \rfloor$", "⌊x⌋"),
        (r"$e^{x^2} + 2^{2^n}$", "e^(x²) + 2^(2ⁿ)"),
        (r"$x_{i_j} = k_BT$", "x_(iⱼ) = k_B T"),
        (r"$\frac{1}{2\pi} + \frac{a}{bc} + \sqrt{ab}$", "1/(2π) + a/(bc) + √(ab)"),
    ],
)
def test_a_formula_reads_as_people_write_it(tex: str, text: str) -> None:
    assert readable_math(tex) == text


@pytest.mark.parametrize(
    "tex", [r"\foo{x}", r"\begin{pmatrix}1&2\end{pmatrix}", r"\frac", "x^{", "}", r"\hat{abc}", "{" * 50]
)
def test_what_has_no_such_form_stays_as_it_was_without_dollar_signs(tex: str) -> None:
    assert readable_math(f"${tex}$") == readable_math(f"$${tex}$$") == tex


def test_a_formula_without_end_is_left_alone_at_once() -> None:
    begun = time.process_time()
    for tex in ("x^" * 100_000, "\\frac" * 100_000, "+ " * 900, "\\," * 900, "{" * 900 + "}" * 900):
        readable_math(tex)
    assert time.process_time() - begun < 2


@given(
    st.text(alphabet=st.sampled_from("\\ab{}^_$ 1+-=.,&~'()[]|<>\n\u0302é") | st.characters(), max_size=80)
)
def test_any_text_becomes_one_line(tex: str) -> None:
    assert "\n" not in readable_math(tex)


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("It costs $5 to $10.", []),
        ("From $5-$10 or $12 (or $13).", []),
        ("Here $k$ is $n+1$ and $x_i$, $5$ and $$a b$$.", ["$k$", "$n+1$", "$x_i$", "$5$", "$$a b$$"]),
        (r"So \(a\) and \[b\].", [r"\(a\)", r"\[b\]"]),
    ],
)
def test_money_is_no_formula(text: str, formulas: list[str]) -> None:
    assert [found[0] for found in FORMULA.finditer(text) if is_formula(found)] == formulas
