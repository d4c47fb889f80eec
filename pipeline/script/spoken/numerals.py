"""Numbers in words, the American way: without "and", without hyphens.

Strings of digits go in, words come out. Longer numbers than there are names for are said digit by
digit, which also bounds the work a hostile number can make.
"""

__all__ = ["cardinal", "decimal", "digits", "ordinal", "paired", "plural", "two_digits", "year"]

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = "_ thousand million billion trillion quadrillion quintillion sextillion septillion".split()
_LONGEST = 3 * len(_SCALES)
"""Digits of the longest number that has a name."""
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip


_APART = str.maketrans("", "", ", \xa0\u2009\u202f")
"""What stands between the thousands of a number."""


def cardinal(number: int | str) -> str:
    """A whole number, with or without commas and sign: "1,234" → "one thousand two hundred thirty four"."""
    text = str(number).translate(_APART)
    if text[:1] in ("-", "−"):
        return f"minus {cardinal(text[1:])}"
    text = text.lstrip("+")
    if len(text) > _LONGEST:
        return digits(text)
    return " ".join(_words(int(text))) or "zero"


def ordinal(number: int | str) -> str:
    """The ordinal of a whole number: 21 → "twenty first"."""
    *front, last = cardinal(number).split()
    return " ".join([*front, _ordinal_word(last)])


def year(number: int | str) -> str:
    """A year from 0 to 9999: 1905 → "nineteen oh five", 1300 → "thirteen hundred"."""
    value = int(number)
    century, rest = divmod(value, 100)
    if value < 1000 or (century % 10 == 0 and rest < 10):
        return cardinal(value)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {two_digits(rest)}"


def two_digits(value: int) -> str:
    """The second half of a year or of a time, 1 to 99: 5 → "oh five", 15 → "fifteen"."""
    return f"oh {_ONES[value]}" if value < 10 else cardinal(value)


def paired(number: str) -> str:
    """The number of what has it for a name, by its pairs: "737" → "seven thirty seven"."""
    if len(number) == 3 and number[1:] != "00" and number[0] != "0":
        return f"{cardinal(number[0])} {two_digits(int(number[1:]))}"
    return year(number) if len(number) == 4 else cardinal(number)


def digits(text: str) -> str:
    """Each digit of a text by itself: "052" → "zero five two"; anything else in it is left out."""
    return " ".join(_ONES[int(char)] for char in text if char in "0123456789")


def decimal(text: str) -> str:
    """A number with or without sign, commas and fraction: "-0.25" → "minus zero point two five"."""
    if text[:1] in ("-", "−"):
        return f"minus {decimal(text[1:])}"
    whole, dot, fraction = text.lstrip("+").replace("·", ".").partition(".")
    if not dot:
        return cardinal(whole)
    return " ".join(([cardinal(whole)] if whole else []) + ["point", digits(fraction)])


def plural(words: str) -> str:
    """The plural of a spelled number: "nineteen ninety" → "nineteen nineties", "six" → "sixes"."""
    if words.endswith("y"):
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith(("x", "s")) else f"{words}s"


def _words(value: int) -> list[str]:
    words: list[str] = []
    scale = 0
    while value:
        value, group = divmod(value, 1000)
        if group:
            words = _below_thousand(group) + ([_SCALES[scale]] if scale else []) + words
        scale += 1
    return words


def _below_thousand(value: int) -> list[str]:
    hundreds, rest = divmod(value, 100)
    words = [_ONES[hundreds], "hundred"] if hundreds else []
    if rest >= 20:
        tens, rest = divmod(rest, 10)
        words.append(_TENS[tens])
    return [*words, _ONES[rest]] if rest else words


def _ordinal_word(word: str) -> str:
    if word in _ORDINALS:
        return _ORDINALS[word]
    return f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"
