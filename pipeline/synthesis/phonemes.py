"""The International Phonetic Alphabet as the English voices of Pico and eSpeak take it.

In: IPA, as a lexicon has it. Out: X-SAMPA (J. C. Wells, "Computer-coding the IPA", 1995), in the
dialect of the SVOX Pico manual, section A.4: parts of a diphthong or an affricate are joined by "_",
and a backslash is doubled. A sound that English does not have becomes its nearest one. Most of the
table is proven by sound: phonemes of ordinary words give the bytes of the words as written.

eSpeak's mnemonics are nearly the same alphabet (docs/phonemes.md of eSpeak NG): they are made of X-SAMPA,
sound by sound.
"""

import re
from collections.abc import Iterator

__all__ = ["mnemonics", "xsampa"]

_TIE = "\u0361"
_R = "r\\\\"

_CONSONANTS = {same: same for same in "bdfghjklmnpstvwz"} | {
    "ɡ": "g", "ʈ": "t", "ɖ": "d", "c": "k", "ɟ": "d_Z", "q": "k", "ʔ": "",
    "ŋ": "N", "ɱ": "m", "ɳ": "n", "ɲ": "nj",
    "θ": "T", "ð": "D", "ʃ": "S", "ʒ": "Z", "ʂ": "S", "ʐ": "Z", "ɕ": "S", "ʑ": "Z", "ɸ": "f", "β": "v",
    "ç": "h", "ʝ": "j", "x": "k", "ɣ": "g", "χ": "k", "ħ": "h",
    "r": _R, "ɹ": _R, "ɾ": _R, "ɻ": _R, "ɽ": _R, "ʀ": _R, "ʁ": _R, "ʋ": "v",
    "ɫ": "l", "ɭ": "l", "ɬ": "l", "ʎ": "lj", "ʍ": "W", "ɥ": "w", "ɰ": "w",
    "tʃ": "t_S", "ʈʂ": "t_S", "tɕ": "t_S", "dʒ": "d_Z", "ɖʐ": "d_Z", "dʑ": "d_Z",
    "l\u0329": "l=", "n\u0329": "@n", "m\u0329": "@m", "r\u0329": "3:", "ɹ\u0329": "3:",
}  # fmt: skip
_VOWELS = {
    "i": "i:", "iː": "i:", "y": "u:", "yː": "u:", "ɨ": "I", "ʉ": "u:", "ʉː": "u:", "ɯ": "u:", "u": "u:",
    "uː": "u:", "ɪ": "I", "ʏ": "U", "ʊ": "U", "e": "E", "eː": "e_I", "ɛ": "E", "æ": "{", "a": "{",
    "aː": "A:", "ɑ": "A:", "ɑː": "A:", "ɒ": "Q", "ɔ": "O:", "ɔː": "O:", "o": "O:", "oː": "O:",
    "ø": "3:", "øː": "3:", "œ": "3:", "ɜ": "3:", "ɜː": "3:", "ɝ": "3:", "ɝː": "3:",
    "ə": "@", "ɚ": "@", "ɘ": "@", "ɵ": "@", "ʌ": "V", "ɐ": "V", "ɤ": "V",
    "eɪ": "e_I", "ɛɪ": "e_I", "aɪ": "a_I", "ɑɪ": "a_I", "ɔɪ": "O_I", "oɪ": "O_I", "aʊ": "a_U", "ɑʊ": "a_U",
    "əʊ": "@_U", "oʊ": "@_U", "ɪə": "I_@", "eə": "e_@", "ɛə": "e_@", "ɛː": "e_@", "ʊə": "U_@",
}  # fmt: skip
_MARKS = {
    "ˈ": '"', "'": '"', "ˌ": "%", ".": ".", "ʰ": "", "ʲ": "j", "ʷ": "w", "\u0303": "n",
    "\u0329": "", "\u032f": "", "ː": "", "ˑ": "", ":": "", "/": "",
}  # fmt: skip
_BRITISH = _CONSONANTS | _VOWELS | _MARKS
_AMERICAN = _BRITISH | {
    "a": "A:", "o": "@_U", "oː": "@_U", "ɚ": "@`", "ɜːr": "3:", "ɜːɹ": "3:", "ɜr": "3:", "ɜɹ": "3:",
    "ɪə": "I@", "eə": "E", "ɛə": "E", "ɛː": "E", "ʊə": "U@",
}  # fmt: skip

_SOUND = re.compile("|".join(map(re.escape, sorted(_AMERICAN, key=len, reverse=True))))
_STRESS = '"'
_SILENT = frozenset({_STRESS, "%", "."})
_MNEMONICS = {
    _R: "r", "t_S": "tS", "d_Z": "dZ", "W": "w", "l=": "@L",
    "{": "a", "Q": "0", "@`": "3",
    "e_I": "eI", "a_I": "aI", "O_I": "OI", "a_U": "aU", "@_U": "oU",
    "I_@": "i@", "I@": "i@", "e_@": "e@", "U_@": "U@",
    '"': "'", "%": ",", ".": "|",
}  # fmt: skip
"""X-SAMPA → mnemonic, where they differ; "|" keeps two sounds apart that together are another."""


def xsampa(ipa: str, *, american: bool) -> tuple[str, ...]:
    """The words of a pronunciation in X-SAMPA; what the table does not know is left out.

    A word without a mark is stressed on its first syllable, as words by themselves are.
    """
    return tuple("".join(word) for word in _words(ipa, american=american))


def mnemonics(ipa: str, *, american: bool) -> tuple[str, ...]:
    """The same words in eSpeak's mnemonics, without its [[ ]]."""
    return tuple(
        "".join(_MNEMONICS.get(sound, sound) for sound in word) for word in _words(ipa, american=american)
    )


def _words(ipa: str, *, american: bool) -> Iterator[list[str]]:
    """For each word its sounds and marks, in X-SAMPA."""
    table = _AMERICAN if american else _BRITISH
    for word in ipa.replace(_TIE, "").replace(":", "ː").split():
        sounds = [said for match in _SOUND.finditer(word) for said in _said(match[0], table) if said]
        if not _SILENT.issuperset(sounds):
            yield sounds if _STRESS in sounds else [_STRESS, *sounds]


def _said(sound: str, table: dict[str, str]) -> tuple[str, ...]:
    """A sound of one accent may be two of the other."""
    return (table[sound],) if sound in table else tuple(table[part] for part in sound)
