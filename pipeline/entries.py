"""The entries of a lexicon: how a show, or one paper, wants something said."""

from typing import Annotated

from msgspec import Meta, Struct

__all__ = ["Entry", "LexiconFile", "entries_of"]

Entered = Annotated[
    str,
    Meta(
        pattern=r"^(?=.*[^\W_])\S+( \S+){0,9}\Z",
        max_length=80,
        description="with a letter or digit, and single spaces",
    ),
]
"""A written form that a lexicon has an entry for."""
Said = Annotated[
    str,
    Meta(
        pattern=r"^[ ,.'’-]*[^\W\d_]([^\W\d_]|[ ,.'’-])*\Z",
        max_length=200,
        description="as it is said: letters, spaces, and no signs but , . ' and -",
    ),
]
"""Words as they are; no digit or sign that would have to be read first."""
_PHONES = "a-zæçðøħŋœɐɑɒɔɕɖəɘɚɛɜɝɟɡɣɤɥɨɪɫɬɭɯɰɱɲɳɵɹɻɽɾʀʁʂʃʈʉʊʋʌʍʎʏʐʑʒʔʝβθχɸ"
_PHONE_MARKS = "ˈˌːˑʰʲʷ\u0303\u0329\u032f\u0361:.'/ "
Ipa = Annotated[
    str,
    Meta(
        pattern=rf"^[{_PHONE_MARKS}]*[{_PHONES}][{_PHONES}{_PHONE_MARKS}]*\Z",
        max_length=200,
        description="in the International Phonetic Alphabet, such as ˈsɛʃiə",
    ),
]
"""How words sound; synthesis/phonemes.py knows each of these characters."""


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a lexicon says one written form; at least one of the three."""

    say: Said = ""
    """What is said: words, "letters" (its letters one by one) or "word" (as one word); "" for as written."""
    sound: Said = ""
    """A respelling for engines that take no phonemes, where the words must stay as they are."""
    ipa: Ipa = ""
    """How it sounds, for engines that take phonemes."""

    def __post_init__(self) -> None:
        """Raises ValueError if it says nothing."""
        if not (self.say or self.sound or self.ipa):
            raise ValueError("says nothing: expected say, sound or ipa")


LexiconFile = dict[Entered, Said | Entry]
"""A lexicon as people write it: a text alone is what is said."""


def entries_of(lexicon: LexiconFile) -> dict[str, Entry]:
    """The entries of a lexicon as people write it."""
    return {
        written: entry if isinstance(entry, Entry) else Entry(say=entry) for written, entry in lexicon.items()
    }
