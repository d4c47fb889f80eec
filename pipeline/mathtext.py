r"""Mathematics in TeX as text that people can read: "$m \sim 10^{-22}$" as "m ∼ 10⁻²²".

    TeX ──> pieces: atoms, signs between two things, blanks ──> one line

For the eye only; how a formula is said is decided in script/spoken/. What has no such form, as a matrix
has none, stays TeX without its dollar signs. Nesting is bounded, and every sign is looked at once.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["FORMULA", "is_formula", "readable_math"]

LONGEST = 2_000
"""Characters of a formula that is looked at."""
_DEEPEST = 12
"""Groups in groups."""

FORMULA = re.compile(
    r"\$\$(?P<shown>[^$]{1,2000})\$\$"
    r"|\$(?=[^\s$])(?P<inline>[^$\n]{1,600}?)(?<=[^\s\\])\$(?![0-9])"
    r"|\\\((?P<round>(?:(?!\\\)).){1,1000})\\\)"
    r"|\\\[(?P<square>(?:(?!\\\]).){1,2000})\\\]",
    re.DOTALL,
)
"""A formula in running text, or a sum in dollars: see `is_formula`."""
_TELLS = re.compile(r"[\\^_={}<>]")
_SHORT = re.compile(r"[^\s\d][^\s]{0,11}|\d{1,12}")

_TOKEN = re.compile(r"\\(?:operatorname\*|[A-Za-z]+|.)|\s+|.", re.DOTALL)


def _pairs(table: str) -> dict[str, str]:
    """Each first word of a table to the word behind it."""
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_POWERS = _pairs(
    "0 ⁰ 1 ¹ 2 ² 3 ³ 4 ⁴ 5 ⁵ 6 ⁶ 7 ⁷ 8 ⁸ 9 ⁹ + ⁺ - ⁻ − ⁻ = ⁼ ( ⁽ ) ⁾ a ᵃ b ᵇ c ᶜ d ᵈ e ᵉ f ᶠ g ᵍ h ʰ i ⁱ j ʲ "
    "k ᵏ l ˡ m ᵐ n ⁿ o ᵒ p ᵖ r ʳ s ˢ t ᵗ u ᵘ v ᵛ w ʷ x ˣ y ʸ z ᶻ A ᴬ B ᴮ D ᴰ E ᴱ G ᴳ H ᴴ I ᴵ J ᴶ K ᴷ L ᴸ M ᴹ "
    "N ᴺ O ᴼ P ᴾ R ᴿ T ᵀ U ᵁ V ⱽ W ᵂ α ᵅ β ᵝ γ ᵞ δ ᵟ θ ᶿ ∗ * * * ′ ′ ∘ ° † † ‡ ‡ ⊤ ᵀ"
)
_INDICES = _pairs(
    "0 ₀ 1 ₁ 2 ₂ 3 ₃ 4 ₄ 5 ₅ 6 ₆ 7 ₇ 8 ₈ 9 ₉ + ₊ - ₋ − ₋ = ₌ ( ₍ ) ₎ a ₐ e ₑ h ₕ i ᵢ j ⱼ k ₖ l ₗ m ₘ n ₙ o ₒ "
    "p ₚ r ᵣ s ₛ t ₜ u ᵤ v ᵥ x ₓ β ᵦ γ ᵧ ρ ᵨ φ ᵩ χ ᵪ"
)
_LETTERS = _pairs(
    "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ "
    "lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ "
    "varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ "
    "Omega Ω ell ℓ hbar ℏ infty ∞ partial ∂ nabla ∇ emptyset ∅ varnothing ∅ aleph ℵ Re ℜ Im ℑ prime ′ circ ∘ "
    "degree ° dagger † ddagger ‡ top ⊤ bot ⊥ star ⋆ ast ∗ ldots … dots … cdots ⋯ vdots ⋮ forall ∀ exists ∃ "
    "neg ¬ lnot ¬ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | vert | lVert ‖ rVert ‖ "
    "Vert ‖ lbrace { rbrace } AA Å angle ∠ odot ⊙ square □ % % $ $ # # & & _ _ { { } } | ‖"
)
_BETWEEN = _pairs(
    "times × cdot · div ÷ pm ± mp ∓ otimes ⊗ oplus ⊕ wedge ∧ land ∧ vee ∨ lor ∨ cap ∩ cup ∪ setminus ∖ "
    "bullet • bmod mod leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ approx ≈ sim ∼ simeq ≃ cong ≅ "
    "equiv ≡ ll ≪ gg ≫ lesssim ≲ gtrsim ≳ propto ∝ mid | parallel ∥ perp ⊥ lt < gt > prec ≺ succ ≻ preceq ⪯ "
    "succeq ⪰ models ⊨ vdash ⊢ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ to → rightarrow → "
    "longrightarrow → leftarrow ← gets ← leftrightarrow ↔ mapsto ↦ Rightarrow ⇒ implies ⇒ Leftarrow ⇐ iff ⇔ "
    "Leftrightarrow ⇔ uparrow ↑ downarrow ↓ rightleftharpoons ⇌ colon : doteq ≐ triangleq ≜ coloneqq ≔ \\ ;"
)
_SIGNS = {"=": "=", "+": "+", "<": "<", ">": ">", "-": "−"}
"""What stands between two things as it is."""
_BIG = _pairs("sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁")
_FUNCTIONS = frozenset(
    "log ln lg exp sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan max min sup inf lim limsup "
    "liminf arg argmax argmin det dim ker deg gcd hom Pr tr Tr rank diag sign softmax".split()
)
_BLACKBOARD = _pairs("R ℝ N ℕ Z ℤ Q ℚ C ℂ P ℙ H ℍ E 𝔼 F 𝔽 K 𝕂 T 𝕋 1 𝟙")
_ACCENTS = dict(
    zip(
        "hat widehat bar overline tilde widetilde vec dot ddot".split(),
        "\u0302\u0302\u0304\u0304\u0303\u0303\u20d7\u0307\u0308",
        strict=True,
    )
)
_STYLES = frozenset(
    "mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak boldsymbol bm pmb mathop mathbin mathrel "
    "ensuremath mathds".split()
)
_TEXTS = frozenset(
    "text textrm textbf textit textsf texttt textsc textnormal mbox emph operatorname operatorname*".split()
)
_BLANKS = frozenset((*",;:> ", "quad", "qquad", "enspace", "thinspace", "space"))
_SILENT = frozenset(
    (
        *"!/-()[]",
        *"displaystyle textstyle scriptstyle limits nolimits nonumber notag middle left right".split(),
        *"rm bf it sf cal big bigl bigr bigm Big Bigl Bigr Bigm bigg biggl biggr Bigg Biggl Biggr".split(),
    )
)
_SIDES = frozenset(("left", "right", "middle"))
_DISPLAYS = frozenset(
    "equation align aligned gather gathered multline displaymath math split eqnarray".split()
)
_PREFIXED = frozenset("([{,;:|/⟨⌊⌈‖") | {*_BETWEEN.values(), *_SIGNS.values()}
"""Behind one of these a sign stands before something, not between two things."""
_DELIMITER = re.compile(r"(?<!\\)\$|^\\[(\[]|\\[)\]]$")
_ATOM = re.compile(r"[√∂∇]?(?:[0-9]+(?:[.,][0-9]+)?|[dΔδ]?[^\W\d_]|[A-Za-z]{3,})[⁰-₟ᵢ-ᵪ²³¹ᵃ-ᶿⱼⱽ′°*†]*|[^\s]")
_PLAIN = re.compile(r"(?:(?![²³¹⁰-₟ᵃ-ᶿᵢ-ᵪⱼⱽᴬ-ᵂ])[^\W_])+")
"""A power or an index that needs no brackets: nothing in it is raised or lowered."""
_NEEDLESS = re.compile(r"(?<=[(\[⌊⌈⟨]) | (?=[)\]⌋⌉⟩,])")
"""A blank inside of a bracket, or before a comma."""


class _Piece(NamedTuple):
    text: str
    kind: str = "atom"
    """atom, between, blank, name (a blank parts it from what follows) or fraction (from both sides)."""


class _UnknownError(Exception):
    """It has no form as text."""


def is_formula(found: re.Match[str]) -> bool:
    """Whether what FORMULA found is mathematics, and not two sums in dollars with words between."""
    inside = found["inline"]
    return inside is None or bool(_TELLS.search(inside) or _SHORT.fullmatch(inside))


def readable_math(tex: str) -> str:
    """A formula on one line, as people write it; with dollar signs or without."""
    line = " ".join(tex.split())
    try:
        if len(line) > LONGEST:
            raise _UnknownError
        return _Reader(line).row("", 0)
    except _UnknownError:
        return _DELIMITER.sub("", line).strip()


class _Reader:
    """Reads TeX from the left."""

    def __init__(self, tex: str) -> None:
        self._tokens: list[str] = _TOKEN.findall(tex)
        self._place = 0

    def row(self, closer: str, depth: int) -> str:
        """All up to a closing taken, or to the end."""
        if depth > _DEEPEST:
            raise _UnknownError
        pieces: list[_Piece] = []
        while (taken := self._take()) is not None:
            if taken == closer:
                return _joined(pieces)
            if taken in ("^", "_"):
                self._attach(pieces, taken, depth)
            elif taken == "'":
                pieces.append(_Piece("′"))
            else:
                pieces += self._pieces(taken, depth)
        if closer:
            raise _UnknownError
        return _joined(pieces)

    def _take(self) -> str | None:
        if self._place == len(self._tokens):
            return None
        self._place += 1
        return self._tokens[self._place - 1]

    def _peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _skip_blank(self) -> None:
        if self._peek().isspace():
            self._place += 1

    def _pieces(self, taken: str, depth: int) -> list[_Piece]:
        if taken.isspace() or taken == "~":
            return [_Piece(" ", "blank")]
        if taken == "{":
            return [_Piece(self.row("}", depth + 1))]
        if taken == "}":
            raise _UnknownError
        if taken in ("&", "$"):
            return []
        if taken[0] == "\\":
            return self._command(taken[1:], depth)
        return [_Piece(_SIGNS[taken], "between")] if taken in _SIGNS else [_Piece(taken)]

    def _command(self, name: str, depth: int) -> list[_Piece]:
        if name.isalpha() and name not in _TEXTS:
            self._skip_blank()  # it only ends the name
        if name in _SILENT:
            if name in _SIDES and self._peek() == ".":
                self._place += 1
            return []
        if name in _BLANKS:
            return [_Piece(" ", "blank")]
        if name in _LETTERS:
            return [_Piece(_LETTERS[name])]
        if name in _BETWEEN:
            return [_Piece(_BETWEEN[name], "between")]
        if name in _FUNCTIONS or name in _BIG:
            return [_Piece(_BIG.get(name, name), "name")]
        return self._with_argument(name, depth)

    def _with_argument(self, name: str, depth: int) -> list[_Piece]:
        if name in _TEXTS:
            return self._text(name)
        if name in _STYLES:
            return [_Piece(self._argument(depth))]
        if name in _ACCENTS:
            return [_Piece(_accented(self._argument(depth), _ACCENTS[name]))]
        making = _MAKERS.get(name)
        if making is None:
            raise _UnknownError
        return making(self, depth)

    def _argument(self, depth: int) -> str:
        """What a command applies to: a group in braces, or one taken."""
        self._skip_blank()
        taken = self._take()
        if taken is None or taken in ("^", "_", "}", "&", "$") or depth > _DEEPEST:
            raise _UnknownError
        return _joined(self._pieces(taken, depth + 1))

    def _raw(self) -> str:
        """A group in braces as it is written."""
        self._skip_blank()
        if self._take() != "{":
            raise _UnknownError
        level, inside = 1, list[str]()
        while (taken := self._take()) is not None:
            level += {"{": 1, "}": -1}.get(taken, 0)
            if not level:
                return "".join(inside)
            inside.append(taken)
        raise _UnknownError

    def _text(self, name: str) -> list[_Piece]:
        """Words in a formula, with the blanks around them."""
        raw = self._raw()
        if re.search(r"[\\${}]", raw):
            raise _UnknownError
        if name.startswith("operatorname"):
            return [_Piece(raw, "name")]
        blank = [_Piece(" ", "blank")]
        return [*blank * raw[:1].isspace(), _Piece(raw.strip()), *blank * raw[-1:].isspace()]

    def _attach(self, pieces: list[_Piece], sign: str, depth: int) -> None:
        """Put a power or an index behind the piece before it."""
        while pieces and pieces[-1].kind == "blank":
            pieces.pop()
        before = pieces.pop() if pieces else _Piece("")
        script = _script(self._scripted(depth), sign)
        is_whole = before.kind == "fraction" or (sign == "^" and before.kind == "atom" and " " in before.text)
        if is_whole:
            before = _Piece(f"({before.text})")
        kind = "lowered" if script[:1] in ("^", "_") and before.kind == "atom" else before.kind
        pieces.append(before._replace(text=before.text + script, kind=kind))

    def _scripted(self, depth: int) -> str:
        """The argument of a power; all of a number in it, which TeX would cut behind its first digit."""
        self._skip_blank()
        digits = ""
        if self._peek() in ("-", "+"):
            digits = self._take() or ""
        while self._peek().isdecimal():
            digits += self._take() or ""
        return digits or self._argument(depth)

    def _fraction(self, depth: int) -> list[_Piece]:
        above, below = self._argument(depth), self._argument(depth)
        return [_Piece(f"{_bracketed(above, product=True)}/{_bracketed(below)}", "fraction")]

    def _root(self, depth: int) -> list[_Piece]:
        self._skip_blank()
        index = ""
        if self._peek() == "[":
            self._place += 1
            index = _script(self.row("]", depth + 1), "^").removeprefix("^")
        return [_Piece(f"{index}√{_bracketed(self._argument(depth))}")]

    def _binomial(self, depth: int) -> list[_Piece]:
        return [_Piece(f"({self._argument(depth)} choose {self._argument(depth)})")]

    def _modulo(self, depth: int) -> list[_Piece]:
        return [_Piece(" ", "blank"), _Piece(f"(mod {self._argument(depth)})")]

    def _blackboard(self, depth: int) -> list[_Piece]:
        letter = self._argument(depth)
        return [_Piece(_BLACKBOARD.get(letter, letter))]

    def _negated(self, depth: int) -> list[_Piece]:
        self._skip_blank()
        sign = self._argument(depth)
        return [_Piece(unicodedata.normalize("NFC", f"{sign}\u0338"), "between")]

    def _environment(self, depth: int) -> list[_Piece]:
        if self._raw().rstrip("*") not in _DISPLAYS:
            raise _UnknownError
        return []

    def _left_out(self, depth: int) -> list[_Piece]:
        self._raw()
        return []


_MAKERS: dict[str, Callable[[_Reader, int], list[_Piece]]] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac", "nicefrac"), _Reader._fraction),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), _Reader._binomial),
    **dict.fromkeys(("begin", "end"), _Reader._environment),
    **dict.fromkeys(("label", "tag", "hspace", "vspace"), _Reader._left_out),
    "sqrt": _Reader._root,
    "pmod": _Reader._modulo,
    "mathbb": _Reader._blackboard,
    "not": _Reader._negated,
}
"""Commands that something is made of."""


def _joined(pieces: list[_Piece]) -> str:
    """Pieces as a text, with blanks around what stands between two things, and where words would meet."""
    text = ""
    last = _Piece("")
    for place, piece in enumerate(pieces):
        before = text.rstrip()
        if piece.kind != "between":
            text += f"{_gap(last, piece, text)}{piece.text}"
        elif not before or before[-1] in _PREFIXED:
            text += piece.text
        elif all(other.kind == "blank" for other in pieces[place + 1 :]):
            text = before + piece.text
        else:
            text = f"{before}{'' if piece.text == ';' else ' '}{piece.text} "
        last = piece
    return _NEEDLESS.sub("", " ".join(text.split()))


def _gap(last: _Piece, piece: _Piece, text: str) -> str:
    """The blank between two pieces that would run into each other."""
    if not piece.text or not text or text[-1].isspace():
        return ""
    first = piece.text[0]
    meets = last.kind in ("name", "fraction", "lowered") and (first.isalnum() or first in "√∑∏∫|")
    follows = piece.kind in ("name", "fraction") and (text[-1].isalnum() or text[-1] == ")")
    return " " if meets or follows or (last.kind == "fraction" and first == "(") else ""


def _script(text: str, sign: str) -> str:
    """A power or an index, raised or lowered where Unicode has all of its signs."""
    compact = "".join(text.split())
    table = _POWERS if sign == "^" else _INDICES
    if compact and all(char in table for char in compact):
        return "".join(table[char] for char in compact)
    return f"{sign}{compact}" if _PLAIN.fullmatch(compact) else f"{sign}({text})"


def _bracketed(text: str, *, product: bool = False) -> str:
    """Above or below a stroke: in brackets if it is more than one thing, or than a product."""
    if _ATOM.fullmatch(text) or (product and not re.search(r"[ +−/]", text)):
        return text
    return f"({text})"


def _accented(text: str, accent: str) -> str:
    if len(text) != 1:
        raise _UnknownError
    return unicodedata.normalize("NFC", text + accent)
