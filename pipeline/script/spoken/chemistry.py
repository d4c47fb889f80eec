"""Chemistry: formulas, ions, bonds, isotopes, spectral lines, and elements named by their symbols.

A formula is said letter by letter with its numbers, as chemists read it out; an isotope and a symbol
that stands for the substance, as in "Pd-catalyzed", are said by the name of the element. Many symbols
are words, names or units as well, so each rule asks for what only chemistry has.
"""

import re
import unicodedata

from .acronyms import spell
from .numerals import cardinal, decimal, digits, two_digits
from .rules import DIGIT, LETTER, Reader, Rule, late, word_before

__all__ = ["AFTER_FORMULAS", "RULES"]

_NAMES = dict(
    pair.split(":")
    for pair in (
        "H:hydrogen He:helium Li:lithium Be:beryllium B:boron C:carbon N:nitrogen O:oxygen F:fluorine "
        "Ne:neon Na:sodium Mg:magnesium Al:aluminum Si:silicon P:phosphorus S:sulfur Cl:chlorine Ar:argon "
        "K:potassium Ca:calcium Sc:scandium Ti:titanium V:vanadium Cr:chromium Mn:manganese Fe:iron "
        "Co:cobalt Ni:nickel "
        "Cu:copper Zn:zinc Ga:gallium Ge:germanium As:arsenic Se:selenium Br:bromine Kr:krypton Rb:rubidium "
        "Sr:strontium Y:yttrium Zr:zirconium Nb:niobium Mo:molybdenum Tc:technetium Ru:ruthenium Rh:rhodium "
        "Pd:palladium Ag:silver Cd:cadmium In:indium Sn:tin Sb:antimony Te:tellurium I:iodine Xe:xenon "
        "Cs:cesium Ba:barium La:lanthanum Ce:cerium Pr:praseodymium Nd:neodymium Pm:promethium Sm:samarium "
        "Eu:europium Gd:gadolinium Tb:terbium Dy:dysprosium Ho:holmium Er:erbium Tm:thulium Yb:ytterbium "
        "Lu:lutetium Hf:hafnium Ta:tantalum W:tungsten Re:rhenium Os:osmium Ir:iridium Pt:platinum Au:gold "
        "Hg:mercury Tl:thallium Pb:lead Bi:bismuth Po:polonium At:astatine Rn:radon Fr:francium Ra:radium "
        "Ac:actinium Th:thorium Pa:protactinium U:uranium Np:neptunium Pu:plutonium Am:americium Cm:curium"
    ).split()
)
"""By symbol, in the order of the atomic numbers."""
_NUMBERS = {symbol: number for number, symbol in enumerate(_NAMES, 1)}
_PLAIN = frozenset(
    (
        "Mg Al Si Cl Cr Mn Fe Ni Cu Zn Ga Ge Br Rb Sr Zr Nb Pd Ag Cd Sn Sb Cs Gd Yb Nd Hf Pt Rh Ru Au Hg Tl "
        "Pb"
    ).split()
)
"""Symbols that hardly mean anything else."""
_WORDS = frozenset(symbol.lower() for symbol in _NAMES if len(symbol) == 2) - set("as at be he in no".split())
"""Symbols that look like words, but for those that mostly are."""
_ANY = "|".join(sorted(_NAMES, key=len, reverse=True))
_LONG = "|".join(symbol for symbol in _NAMES if len(symbol) == 2)
_SAFE = (
    "Na|Mg|Al|Si|Cl|Ca|Ti|Mn|Fe|Ni|Cu|Zn|Ga|Ge|As|Br|Sr|Zr|Nb|Ag|Cd|Sn|Sb|Te|Cs|Ba|Pt|Pd|Rh|Ru|Au|Pb|Li|Cr"
    "|Hg|Hf|Ta|Gd|Yb|Nd"
)
"""One of these is in a formula without numbers, which could be any name of mixed case."""
_KIND = "Ln|M|A|R|X"
"""What stands for any element of a kind."""
_ATOMS = r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}|/[0-9]{1,2})?(?:[-–−+][xyzδ]){0,2}|[0-9]?[xyzδ](?![a-z]))"
_UNIT = rf"(?:(?:{_ANY}|{_KIND}){_ATOMS}?)"
_CHARGE = r"(?P<charge>[-+−](?![\w(+]))?"
_JOIN = r"(?:[-–/](?=[A-Za-z]))?"
"""What parts a formula from what goes with it, and is not said."""
_END = rf"(?!\w|-[0-9]){_JOIN}"
_FORMULA = late(
    r"(?!S[OU]\((?:[0-9]{1,2}|[nd])\))"
    rf"(?=[A-Z][\w().,/–−+-]{{0,60}}?(?:[0-9]|[xyδ]\b))(?=(?:[A-Z0-9().]{{0,12}})(?:{_LONG})|[A-Z]{{1,2}}\()"
    rf"(?:\({_UNIT}{{1,8}}\){_ATOMS}?|{_UNIT}){{2,16}}{_CHARGE}{_END}"
)
_NAMED = late(
    rf"(?=[A-Za-z]{{0,8}}(?:{_SAFE}))(?:{_SAFE}|In|Co|Bi|Mo|La|Se|[HBCNOFPSKI]){{2,8}}{_CHARGE}(?!-[A-Z]|-v[0-9]){_END}"
)
"""A formula without numbers."""
_SMALL = late(rf"(?:HCO|[HCNOPSFKI]{{1,2}})[1-9][0-9]?(?:[HCNOPSFKI][0-9]{{0,2}}){{0,4}}{_CHARGE}(?!\w|-\w)")
_ION = late(rf"(?:(?:{_ANY})[1-4]?\+|(?:[OS]2|Cl|Br)-(?=\s))(?![\w(+]){_JOIN}")
_STATE = late(rf"(?P<element>{_ANY})\((?P<stage>I{{1,3}}|IV|VI{{0,2}})\)(?!\w){_JOIN}")
_BEFORE_TEX = late(rf"(?:(?:{_ANY}|{_KIND}){{2,6}}|[A-Z][A-Za-z]{{0,3}})(?=\$?_\{{?(?:[0-9]|[xyz]\b)|[₀-₉ₓ])")
"""Before a number of atoms in TeX or below the line."""
_AFTER_TEX = late(rf"(?<=[₀-₉])(?:{_ANY}){{1,4}}(?!\w)|(?<=[0-9]\$)(?:{_ANY}){{1,4}}(?!\w)")
_BOND = late(
    rf"(?:{_ANY})(?:[-–‐‑≡](?:{_ANY})){{1,4}}(?!\w|[-–−][A-Za-z0-9])"
    rf"|(?:C−(?:{_ANY})|(?:{_ANY})−[CH]|(?:{_LONG})−(?:{_ANY}))(?!\w|[-–−][A-Za-z0-9])"
)
_SIGNED = {"-": "minus", "−": "minus", "–": "minus", "+": "plus"}
_POLYATOMIC = late(r"[0-9]([1-4])[-−+]\Z")
"""A number of atoms, then one of charges, as in "SO42-"."""
_PART = late(rf"(?P<count>{_ATOMS})|(?P<symbol>{_ANY}|{_KIND})")
_COUNTED = late(r"[0-9./]+|[-–−+]|[xyzδ]")

_SURFACE = late(
    rf"(?P<substance>(?:(?:{_ANY})[1-9]?){{1,4}})[ ]?"
    r"\((?P<plane>[0-3]{3,4})\)(?![\w(])"
)
"""A surface of a crystal, cut along a plane."""
_ISOTOPE = late(
    rf"(?P<mass>[0-9]{{1,3}}|[⁰¹²³⁴-⁹]{{1,3}})(?P<state>[mᵐ])?(?P<element>{_ANY})(?!\w|[ ](?:promoter|r?RNA))"
    r"(?:/(?=[0-9]))?"
)
_ISOTOPE_AFTER = late(rf"(?P<element>{_ANY})-(?P<mass>[0-9]{{1,3}})(?P<state>m)?(?![\w]|-[0-9]|\.[0-9])")
_ISOTOPES = {
    "H": (), "B": (), "K": (), "V": (), "W": (), "Y": (), "Pa": (), "C": range(11, 15), "N": range(13, 16),
    "O": range(15, 19), "F": range(18, 20), "P": range(31, 34), "S": range(32, 37), "I": range(123, 132),
    "U": range(232, 239), "He": range(3, 5), "Li": range(6, 8), "Be": (7, 9, 10),
}  # fmt: skip
"""Masses where few are common; symbols without any mean something else more often."""
_WARMTH = frozenset("at to of below above from than".split())
"""Before "14C" that is a temperature."""

_SUBSTANCES = frozenset("doped rich poor containing bearing deficient substituted enriched depleted".split())
_CHEMICALLY = _SUBSTANCES | {"based", "free", "catalyzed", "catalysed"}
_HYPHENED = late(rf"(?<![\w/-])(?P<element>{_ANY})[-‐‑–](?P<word>[a-z]{{3,20}})(?!\w)")
_BATTERIES = frozenset(("Li", "Na", "K"))
_LIST = late(
    rf"(?:{_ANY})(?!\w|[-–−+(]|/[A-Z])(?:, (?:{_ANY})(?!\w|[-–−+(])){{0,12}}"
    rf"(?:,? (?:and|or) (?:{_ANY})(?!\w|[-–−+(]|\.\w))?"
)
_SYMBOL = late(r"[A-Z][a-z]?")
_ALONE = late(
    rf"(?:{'|'.join(sorted(_PLAIN))})(?![\w’'(+−–-]|\.\w|,? (?:[A-Z][.a-z]|et al)|\$?_|/[A-Z]|[ ]?[=<>≤≥])"
)
_SPECTRAL = (
    r"(?:gas|clouds?|mass(?:es)?|emission|absorption|absorbers?|lines?|dis[ck]s?|surveys?|fractions?|columns?"
    r"|observations?|spectr\w{1,5}|profiles?|features?|doublets?|triplets?|regions?|maps?|mapping"
    r"|intensity|kinematics|luminosit\w{1,3}|transitions?|content|21)(?!\w)"
)
_STAGES = "VIII|VII|VI|IV|IX|III|II|V|I|X"
_VALUES = {
    "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10,
}  # fmt: skip
_IONISED = "He|Li|Ne|Na|Mg|Al|Si|Cl|Ar|Ca|Ti|Cr|Mn|Fe|Ni|Zn|Sr|Ba|Eu|H|C|N|O|S"
_LINE = late(
    rf"\[?(?P<element>{_IONISED})(?P<gap>[ ~\xa0]?)(?P<stage>{_STAGES}|(?<=[ \xa0])(?:ii|iii|iv|vi))"
    rf"(?!\w|[-–]\w|[.’']\w)(?P<bracket>\])?(?=(?P<noun>[ -]{_SPECTRAL})?)"
)
_NEVER_JOINED = frozenset("HIV HIX CV CX NV NX OX OV SIV SV SX SI CI NI NaI".split())
"""What is rather something else, where no blank parts the symbol and the numeral."""


def _letters(symbols: str) -> str:
    return " ".join(symbols.upper())


def _atoms(count: str, reader: Reader) -> str:
    """How many atoms: "2", "0.8", "1/3", "1-x", "x"."""
    return " ".join(
        _SIGNED.get(part)
        or ("delta" if part == "δ" else part if part.isalpha() else "")
        or (reader.say(part) if "/" in part else decimal(part))
        for part in _COUNTED.findall(count)
    )


def _formula(match: re.Match[str], reader: Reader) -> str:
    """ "NaCl", "NO3-", "LiNi1-xCoxO2": each letter and number."""
    charge = match["charge"] or ""
    text = match[0][: match.end("charge") - match.start()] if charge else match[0]
    ending = [_SIGNED[charge]] if charge else []
    text = text.removesuffix(charge)
    if known := _POLYATOMIC.search(text + charge):
        text, ending = text[:-1], [cardinal(known[1]), *ending]
    parts = (
        _atoms(part["count"], reader) if part["count"] else _letters(part["symbol"])
        for part in _PART.finditer(text)
    )
    return " ".join([*parts, *ending])


def _ion(match: re.Match[str], reader: Reader) -> str:
    parts = re.findall("[A-Za-z]|[0-9]|[-+]", match[0].rstrip("-–/") if "+" in match[0] else match[0])
    return " ".join(
        _SIGNED.get(part) or (part.upper() if part.isalpha() else cardinal(part)) for part in parts
    )


def _stage(match: re.Match[str], reader: Reader) -> str:
    return f"{_letters(match['element'])} {cardinal(_VALUES[match['stage'].upper()])}"


def _surface(match: re.Match[str], reader: Reader) -> str | None:
    """ "Au(111)", "TiO2(110)": the plane digit by digit."""
    substance, plane = match["substance"], match["plane"]
    name = _NAMES[substance] if substance in _PLAIN else reader.say(substance)
    return f"{name} {digits(plane)}" if substance in _PLAIN or len(substance) > 2 else None


def _isotope(match: re.Match[str], reader: Reader) -> str | None:
    """ "36Cl", "¹⁴C", "Cs-137": the name of the element and the mass, if there is such an isotope."""
    element, mass = match["element"], int(unicodedata.normalize("NFKC", match["mass"]))
    number = _NUMBERS[element]
    masses = _ISOTOPES.get(element) or range(int(1.8 * number), int(2.75 * number) + 1)
    is_plain = match["mass"].isascii()
    before = match.string[max(0, match.start() - 1) : match.start()]
    is_warmth = element == "C" and match[0][0] != "C" and word_before(match).lower() in _WARMTH
    if (
        mass not in masses
        or before == "δ"
        or (is_plain and (is_warmth or not _ISOTOPES.get(element, masses)))
    ):
        return None
    hundreds, rest = divmod(mass, 100)
    said = f"{cardinal(hundreds)} {two_digits(rest)}" if hundreds and rest else cardinal(mass)
    return f"{_NAMES[element]} {said}{' M' if match['state'] else ''}"


def _hyphened(match: re.Match[str], reader: Reader) -> str | None:
    """ "Pd-catalyzed", "N-doped", "Li-ion": the name, unless the symbol may be a prefix or a word."""
    element, word = match["element"], match["word"]
    is_chemical = word in (_SUBSTANCES if len(element) == 1 else _CHEMICALLY)
    is_plain = element in _PLAIN and element != "Ag"
    if is_chemical or is_plain or (word == "ion" and element in _BATTERIES):
        return f"{_NAMES[element]}-{word}"
    return None


def _list(match: re.Match[str], reader: Reader) -> str | None:
    """ "C, Fe, and He": by name if one of them is plainly an element."""
    symbols = _SYMBOL.findall(match[0])
    is_long = len(symbols) > 2 or (len(symbols) == 2 and all(len(symbol) == 2 for symbol in symbols))
    if not is_long or not _PLAIN.intersection(symbols) or symbols[-1] == "I":
        return None
    return _SYMBOL.sub(lambda symbol: _NAMES[symbol[0]], match[0]).replace("/", " ")


def _alone(match: re.Match[str], reader: Reader) -> str | None:
    """ "Hg levels": the name, but in brackets after the name the letters."""
    string, start, end = match.string, match.start(), match.end()
    if string[max(0, start - 1) : start] == "(" and string[end : end + 1] == ")":
        return _letters(match[0])
    before = word_before(match)
    is_senior = match[0] == "Sr" and (before[:1].isupper() or string.startswith(".", end))
    return None if before[-1:].isdecimal() or is_senior else _NAMES[match[0].rstrip("/")]


def _bond(match: re.Match[str], reader: Reader) -> str:
    """ "C–H" by letters, "He–Ne" by names."""
    symbols = _SYMBOL.findall(match[0])
    is_long = all(len(symbol) == 2 for symbol in symbols)
    return " ".join(_NAMES[symbol] for symbol in symbols) if is_long else _letters("".join(symbols))


def _line(match: re.Match[str], reader: Reader) -> str | None:
    """ "[O III]", "H II", "C IV", "HI gas": how often an atom is ionised, if nothing else is as likely."""
    element, stage = match["element"], match["stage"].upper()
    is_bracketed = match[0][0] == "["
    if is_bracketed != bool(match["bracket"]):
        return None
    is_sure = bool(match["gap"]) or is_bracketed or element + stage == "HII"
    is_several = stage not in ("I", "V", "X")
    is_other = not match["gap"] and (
        element + stage in _NEVER_JOINED or (stage in ("I", "V", "X") and element != "H")
    )
    if is_other and not (is_bracketed and match["noun"]):
        return None
    return _stage(match, reader) if match["noun"] or (is_sure and is_several) else None


RULES = (
    Rule("isotope", "name", DIGIT + "⁰¹²³⁴⁵⁶⁷⁸⁹", _ISOTOPE, _isotope),
    Rule("isotope", "name", LETTER, _ISOTOPE_AFTER, _isotope, words=_WORDS),
    Rule("spectral-line", "name", LETTER + "[", _LINE, _line, words=_WORDS),
    Rule("surface", "name", LETTER, _SURFACE, _surface, words=_WORDS),
    Rule("oxidation-state", "name", LETTER, _STATE, _stage),
    Rule("chemical", "name", LETTER, _FORMULA, _formula),
    Rule("bond", "name", LETTER, _BOND, _bond, words=_WORDS),
    Rule("element", "name", LETTER, _HYPHENED, _hyphened, words=_WORDS),
    Rule("element", "name", LETTER, _LIST, _list, words=_WORDS),
    Rule("element", "name", LETTER, _ALONE, _alone, words=_WORDS, confidence=80),
)
AFTER_FORMULAS = (
    Rule("chemical", "name", LETTER, _BEFORE_TEX, lambda match, _: spell(match[0].upper())),
    Rule("chemical", "name", LETTER, _AFTER_TEX, lambda match, _: spell(match[0].upper())),
    Rule("chemical", "name", LETTER, _NAMED, _formula),
    Rule("chemical", "name", LETTER, _SMALL, _formula),
    Rule("chemical", "name", LETTER, _ION, _ion),
)
"""Rules for what may be part of a formula in mathematics, which goes first."""
