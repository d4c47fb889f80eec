"""Sums of money: signs, codes and names of currencies, with cents and with scales."""

import re

from .described import describes
from .numerals import cardinal, decimal
from .rules import DIGIT, LETTER, Reader, Rule, late, word_before
from .unitnames import POWER, UNIT, name_of

__all__ = ["RULES"]

_Names = tuple[str, str, str, str]
_CURRENCIES: dict[str, _Names] = {
    "$": ("dollar", "dollars", "cent", "cents"), "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"), "¥": ("yen", "yen", "", ""), "₩": ("won", "won", "", ""),
    "₹": ("rupee", "rupees", "paisa", "paise"), "₽": ("ruble", "rubles", "kopeck", "kopecks"),
    "₿": ("bitcoin", "bitcoins", "", ""), "₺": ("lira", "lira", "", ""), "₫": ("dong", "dong", "", ""),
    "₴": ("hryvnia", "hryvnias", "", ""), "₦": ("naira", "naira", "", ""), "₱": ("peso", "pesos", "", ""),
    "฿": ("baht", "baht", "", ""), "R$": ("real", "reais", "centavo", "centavos"),
    "kr": ("krone", "kroner", "", ""),
}  # fmt: skip
"""Sign → one, many, one hundredth, many hundredths."""
_COUNTRIES = {
    "US": "U S", "U.S.": "U S", "A": "Australian", "AU": "Australian", "C": "Canadian", "CA": "Canadian",
    "HK": "Hong Kong", "NZ": "New Zealand", "S": "Singapore", "SG": "Singapore", "NT": "Taiwan",
}  # fmt: skip
"""What stands before a dollar sign → whose dollars."""
_CODES: dict[str, _Names] = {
    "USD": _CURRENCIES["$"], "EUR": _CURRENCIES["€"], "GBP": _CURRENCIES["£"], "JPY": _CURRENCIES["¥"],
    "KRW": _CURRENCIES["₩"], "INR": _CURRENCIES["₹"], "CNY": ("yuan", "yuan", "", ""),
    "RMB": ("yuan", "yuan", "", ""), "CHF": ("Swiss franc", "Swiss francs", "", ""),
    "AUD": ("Australian dollar", "Australian dollars", "cent", "cents"),
    "CAD": ("Canadian dollar", "Canadian dollars", "cent", "cents"),
    "SEK": ("Swedish krona", "Swedish kronor", "", ""), "DKK": ("Danish krone", "Danish kroner", "", ""),
    "NOK": ("Norwegian krone", "Norwegian kroner", "", ""),
}  # fmt: skip
_SCALES = {
    "k": "thousand", "thousand": "thousand", "m": "million", "mn": "million", "mm": "million",
    "million": "million", "b": "billion", "bn": "billion", "billion": "billion", "t": "trillion",
    "tn": "trillion", "trillion": "trillion", "hundred": "hundred", "crore": "crore", "lakh": "lakh",
}  # fmt: skip
_THINGS = (
    "month year week day hour minute second user seat person token ton page share unit item head".split()
)
"""What has a price, besides what is measured."""

_AMOUNT = (
    r"(?P<amount>[0-9]{1,3}(?:,[0-9]{3}){1,6}(?:\.[0-9]{1,6})?|[0-9]{1,15}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})"
)
_SCALE = r"(?:[ \t\xa0-]?(?P<scale>(?i:{}))(?![\w]))?".format(
    "|".join(sorted(_SCALES, key=len, reverse=True))
)
_PER = rf"(?P<per>(?i:{'|'.join(_THINGS)}|kwh)|(?![MBTKA](?![\w²³]))(?:{UNIT}))(?P<power>{POWER})?(?![\w])"
"""A thousand or a million of them is no unit."""
_RATE = rf"(?:[ ]?(?:/[ ]?|per[ ]){_PER}(?:/(?P<again>{'|'.join(_THINGS)})(?![\w]))?)?"
_SIGN = r"(?P<sign>R\$|[{}])".format("".join(sign for sign in _CURRENCIES if len(sign) == 1))
_COUNTRY = r"(?P<country>U\.S\.|US|AU|CA|HK|NZ|SG|NT|[ACS])?"
_TO = (
    r"(?:[ ]{0,2}(?:–|--|-|—)[ ]{0,2}(?:[A-Z]{0,2}[$€£¥₩₹])?"
    r"(?P<last>[0-9]{1,3}(?:,[0-9]{3}){0,6}(?:\.[0-9]{1,6})?)(?![0-9]))?"
)

_OF_BOTH = late(
    rf"{_SIGN}(?P<amount>[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?)[ ](?P<and>and|to)[ ](?P=sign)"
    r"(?P<last>[0-9]{1,6}(?:\.[0-9]{1,6})?)[ ](?P<scale>thousand|million|billion|trillion)(?![\w])"
)
"""A scale for two sums: "between $1.5 and $2 million"."""
_EACH = late(rf"{_SIGN}/{_PER}")
_SIGNED = late(
    rf"(?P<before>[-−])?{_COUNTRY}{_SIGN}[ ]?(?P<minus>[-−])?{_AMOUNT}(?![0-9]){_TO}{_SCALE}{_RATE}"
)
_CODE = r"(?P<code>{})".format("|".join(_CODES))
_CODED = late(rf"{_CODE}[ ]?{_AMOUNT}(?![0-9]){_TO}{_SCALE}{_RATE}")
_NAMED = late(rf"{_AMOUNT}{_TO}{_SCALE}[ ]?(?:{_CODE}|(?P<sign>[$€£¥₩₹¢]|kr))(?![\w\\^_{{]){_RATE}")
_FOR_EACH = late(r"/(?:(?P<million>M)(?=[ ][a-z])|(?=[0-9]{1,4}[kKM]?[ ][a-z]))")
_PRICE = late(r"[$€£¥][0-9.,]{1,12}\Z")
_SUBTRACTS = late(r"[\w)\]%.]")
_A_TIME = late(r"-(?:a|an|per)-[a-z]{3}")
_CENTS = ("cent", "cents", "", "")


def _of_both(match: re.Match[str], reader: Reader) -> str | None:
    """ "between $1.5 and $2 million"."""
    if word_before(match).lower() not in ("between", "from"):
        return None
    names = _CURRENCIES[match["sign"]]
    ends = f"{decimal(match['amount'])} {match['and']} {decimal(match['last'])}"
    return f"{ends} {match['scale']} {names[1]}"


def _each(match: re.Match[str], reader: Reader) -> str:
    """ "$/kWh": the unit of a price."""
    return f"{_CURRENCIES[match['sign']][1]}{_per(match)}"


def _signed(match: re.Match[str], reader: Reader) -> str | None:
    if match["before"] and _SUBTRACTS.search(match.string[max(0, match.start() - 1) : match.start()]):
        return None
    names = _CURRENCIES[match["sign"]]
    country = _COUNTRIES.get(match["country"] or "")
    if country:
        names = (f"{country} {names[0]}", f"{country} {names[1]}", names[2], names[3])
    is_whole = match["per"] and word_before(match).lower() not in ("a", "an")
    if _A_TIME.match(match.string, match.end()) or (describes(match) and not is_whole):
        names = (names[0], names[0], names[2], names[2])
    said = _sum(match, names)
    return f"minus {said}" if match["minus"] or match["before"] else said


def _coded(match: re.Match[str], reader: Reader) -> str:
    return _sum(match, _CODES[match["code"]])


def _named(match: re.Match[str], reader: Reader) -> str:
    code = match["code"]
    return _sum(match, _CODES[code] if code else _CURRENCIES.get(match["sign"], _CENTS))


def _sum(match: re.Match[str], names: _Names) -> str:
    """A sum with its range, scale and rate."""
    amount, last, scale = match["amount"], match["last"], _SCALES.get((match["scale"] or "").lower())
    if scale:
        ends = [decimal(end) for end in (amount, last) if end]
        said = f"{' to '.join(ends)} {scale} {names[1]}"
    elif last:
        first = _coins(amount, names) if "$" in match[0][1:] else decimal(amount)
        said = f"{first} to {_coins(last, names)}"
    else:
        said = _coins(amount, names)
    return f"{said}{_per(match)}"


def _per(match: re.Match[str]) -> str:
    per = match["per"]
    if not per:
        return ""
    name = "kilowatt hour" if per.lower() == "kwh" else name_of(per, match["power"], many=False)
    again = match.groupdict().get("again")
    return f" per {name.lower() if per.lower() in _THINGS else name}{f' per {again}' if again else ''}"


def _coins(amount: str, names: _Names) -> str:
    """A sum without scale: "5.50" → "five dollars and fifty cents"; three decimals are a decimal."""
    one, many, cent, cents = names
    whole, _, fraction = amount.replace(",", "").partition(".")
    fraction = fraction.rstrip("0") if len(fraction) != 2 else fraction
    if len(fraction) > 2 or (fraction.strip("0") and not cent):
        return f"{decimal(f'{whole}.{fraction}')} {many}"
    units, hundredths = int(whole or 0), int((fraction + "0")[:2] if fraction else 0)
    said = []
    if units or not hundredths:
        said.append(f"{cardinal(units)} {one if units == 1 else many}")
    if hundredths:
        said.append(f"{cardinal(hundredths)} {cent if hundredths == 1 else cents}")
    return " and ".join(said)


_SIGNS = "".join(sign for sign in _CURRENCIES if len(sign) == 1)


def _for_each(match: re.Match[str], reader: Reader) -> str | None:
    """ "$0.002/1K tokens": the price of so many."""
    if not _PRICE.search(match.string[max(0, match.start() - 16) : match.start()]):
        return None
    return "per million" if match["million"] else "per"


RULES = (
    Rule("money", "money", "/", _FOR_EACH, _for_each),
    Rule("money", "money", _SIGNS, _OF_BOTH, _of_both),
    Rule("money", "money", _SIGNS, _EACH, _each),
    Rule("money", "money", _SIGNS + LETTER + "-−", _SIGNED, _signed),
    Rule("money", "money", LETTER, _CODED, _coded),
    Rule("money", "money", DIGIT + ".", _NAMED, _named),
)  # fmt: skip
