"""Numbers with units: tables of symbols, SI prefixes, powers and "per"."""

import re

from .numbers import after_whole, opens
from .numerals import cardinal, decimal
from .rules import DIGIT, LETTER, Reader, Reading, Rule, describes, noun_follows, word_before

__all__ = ["RULES", "unit_name"]

_PREFIXES = {
    "f": "femto", "p": "pico", "n": "nano", "µ": "micro", "μ": "micro", "m": "milli", "c": "centi",
    "k": "kilo", "M": "mega", "G": "giga", "T": "tera", "P": "peta", "E": "exa",
}  # fmt: skip
_PREFIXED = {
    "g": ("gram", "fpnµμmck"), "m": ("meter", "fpnµμmck"), "s": ("second", "fpnµμm"),
    "Hz": ("hertz", "mkMGTP"), "B": ("byte", "kMGTPE"), "b": ("bit", "kMGT"), "bit": ("bit", "kMGT"),
    "W": ("watt", "nµμmkMGT"), "V": ("volt", "nµμmkM"), "A": ("amp", "fpnµμmk"), "J": ("joule", "µμmkMGT"),
    "Pa": ("pascal", "mkMG"), "eV": ("electronvolt", "mkMGTP"), "pc": ("parsec", "kMG"),
    "L": ("liter", "nµμmk"), "l": ("liter", "µμmc"), "mol": ("mole", "fpnµμmk"), "N": ("newton", "nµμmkM"),
    "F": ("farad", "pnµμm"), "Ω": ("ohm", "mkMG"), "T": ("tesla", "nµμm"), "Wh": ("watt hour", "mkMGT"),
    "cal": ("calorie", "k"), "K": ("kelvin", "nµμm"), "M": ("molar", "nµμmp"), "FLOPS": ("flops", "MGTPE"),
    "FLOPs": ("flops", "MGTPE"), "FLOP": ("flop", "MGTPE"), "flops": ("flops", "MGTPE"),
    "OPS": ("ops", "MGT"), "px": ("pixel", "M"), "yr": ("year", "kMG"), "bp": ("base pair", "kMG"),
    "Da": ("dalton", "kM"), "Jy": ("jansky", "µμm"), "Gy": ("gray", "m"), "Sv": ("sievert", "µμm"),
    "arcsec": ("arcsecond", "µμm"),
}  # fmt: skip
"""Symbol → name, and the prefixes it is used with."""
_SIMPLE = {
    "min": "minute", "mins": "minute", "hr": "hour", "hrs": "hour", "h": "hour", "sec": "second",
    "secs": "second", "yrs": "year", "wk": "week", "wks": "week", "mo": "month", "mos": "month",
    "lb": "pound", "lbs": "pound", "oz": "ounce", "in": "inch", "ft": "foot", "yd": "yard", "yds": "yard",
    "mi": "mile", "gal": "gallon", "tsp": "teaspoon", "tbsp": "tablespoon", "ha": "hectare", "cc": "C C",
    "KG": "kilogram", "Kg": "kilogram", "kgs": "kilogram", "KM": "kilometer", "Km": "kilometer",
    "kms": "kilometer", "KHz": "kilohertz", "hz": "hertz", "khz": "kilohertz", "mhz": "megahertz",
    "ghz": "gigahertz", "KB": "kilobyte", "kb": "kilobyte", "mb": "megabyte", "gb": "gigabyte",
    "tb": "terabyte", "KiB": "kibibyte", "MiB": "mebibyte", "GiB": "gibibyte", "TiB": "tebibyte",
    "msec": "millisecond", "usec": "microsecond", "us": "microsecond", "um": "micrometer",
    "mmol": "millimole", "Å": "angstrom", "ly": "light year", "AU": "astronomical unit",
    "au": "astronomical unit", "atm": "atmosphere", "°": "degree", "deg": "degree", "rad": "radian",
    "sr": "steradian", "bar": "bar", "mbar": "millibar", "°C": "degree Celsius", "°F": "degree Fahrenheit",
    "℃": "degree Celsius", "℉": "degree Fahrenheit", "ºC": "degree Celsius", "ºF": "degree Fahrenheit",
    "kbps": "kilobit per second", "Kbps": "kilobit per second", "mbps": "megabit per second",
    "Mbps": "megabit per second", "gbps": "gigabit per second", "Gbps": "gigabit per second",
    "Tbps": "terabit per second", "kBps": "kilobyte per second", "MBps": "megabyte per second",
    "GBps": "gigabyte per second", "bps": "bit per second", "fps": "frame per second",
    "FPS": "frame per second", "rpm": "revolution per minute", "bpm": "beat per minute",
    "mph": "mile per hour", "kph": "kilometer per hour", "kmh": "kilometer per hour",
    "ppm": "part per million", "ppb": "part per billion", "dpi": "dot per inch",
    "mmHg": "millimeter of mercury", "dB": "decibel", "dBm": "D B M", "pp": "percentage point",
    "pps": "percentage point", "TOPS": "tops", "mas": "milliarcsecond", "erg": "erg", "hp": "horsepower",
    "sq mi": "square mile", "sq km": "square kilometer", "sq ft": "square foot", "sq m": "square meter",
    "°N": "degree north",
    "°S": "degree south", "°E": "degree east", "°W": "degree west",
    "eV/c²": "electronvolt per C squared",
    "keV/c²": "kiloelectronvolt per C squared", "MeV/c²": "megaelectronvolt per C squared",
    "GeV/c²": "gigaelectronvolt per C squared", "TeV/c²": "teraelectronvolt per C squared",
    "MeV/c": "megaelectronvolt per C", "GeV/c": "gigaelectronvolt per C",
}  # fmt: skip
_PLURALS = {
    "inch": "inches",
    "foot": "feet",
    "percentage point": "percentage points",
    "square foot": "square feet",
}
_SAME_PLURAL = (
    "hertz",
    "kelvin",
    "flops",
    "ops",
    "tops",
    "bar",
    "molar",
    "C C",
    "D B M",
    "gray",
    "horsepower",
)
_POWERS = {"²": "square", "³": "cubic", "2": "square", "3": "cubic"}
_COUNTED = (
    "tokens? images? frames? samples? requests? queries query steps? words? iterations? second sec minute "
    "hour day week month year user node core epoch GPU".split()
)
"""Words that stand before or after the stroke of a rate beside units."""

_NOT_AFTER_DIGIT = frozenset("K M T B b A N F L l J au AU as in".split())
"""Symbols that mean something else right after a digit, such as the billions of "7B"."""
_NOT_AFTER_BLANK = frozenset("M B b T l A F N au us".split())
"""Symbols that are letters or words of their own after a blank."""
_GOES_ON = re.compile(r"[ ](?!tall|wide|long|high|thick|deep|apart)\w")
"""What follows the word "in" and not inches."""


_SHAPE = re.compile(r"[ -](?:angle|arc|bend|cone|field|incline|rotation|slope|tilt|turn|view|wedge)")
"""What has so many degrees: "a 45° angle" has a "forty five degree" one."""


def _symbols() -> dict[str, str]:
    names = dict(_SIMPLE)
    for symbol, (name, prefixes) in _PREFIXED.items():
        names.setdefault(symbol, name)
        for prefix in prefixes:
            names.setdefault(prefix + symbol, _PREFIXES[prefix] + name)
    return names


_NAMES = _symbols()
"""Every symbol → its name for one."""

_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}(?:\.[0-9]{1,12})?|[0-9]{1,30}+(?:\.[0-9]{1,30})?|\.[0-9]{1,30})"
_UNIT = f"(?:{'|'.join(map(re.escape, sorted(_NAMES, key=len, reverse=True)))})"
_POWER = r"[²³]|\^?[23](?![\w.,])"
_PER = rf"(?P<per>{_UNIT}|{'|'.join(_COUNTED)})(?P<perpower>{_POWER})?"
_MEASURE = re.compile(
    rf"""
    (?P<sign>[-−+±][ ]?)?(?P<first>{_NUMBER})
    (?:[ ]{{0,2}}(?P<to>–|--|-|—|±|×|to|\+/-)[ ]{{0,2}}(?P<last>{_NUMBER}))?
    (?:[ ](?P<top>[0-9]{{1,3}})/(?P<bottom>[0-9]{{1,3}}))?
    (?:[ ](?P<scale>thousand|million|billion|trillion))?
    (?P<gap>[ \xa0\u202f]?)(?P<hyphen>-?)
    (?P<unit>°[ ]?[CFNSEW](?!\w)|{_UNIT})(?P<power>{_POWER})?
    (?:(?:/|[ ]per[ ]){_PER}(?:/(?P<again>{_UNIT}|day))?)?
    (?:(?P<stop>\.(?=\s*\Z|\s+[A-Z]))|\.(?=[,;:)]|[ ][a-z]))?
    (?![\w°⁻^]|/\w)
    """,
    re.VERBOSE,
)
_DEGREES = re.compile(
    rf"(?P<sign>[-−])?(?P<first>{_NUMBER})(?P<gap>[ \xa0]?)(?P<degree>[°º][ ]?)?(?P<unit>[CcF])"
    rf"(?P<stop>\.?)(?=\s*\Z|[.,;)])"
)
_RATE = re.compile(rf"(?P<first>{_NUMBER}|{'|'.join(_COUNTED)})[ ]?/[ ]?{_PER}(?![\w/])")
_RAISED = r"(?:⁻?[¹²³]|\^\{?[-−]?[123]\}?)"
_FACTOR = re.compile(rf"(?P<unit>{_UNIT})(?P<raised>{_RAISED})?(?![A-Za-z])")
_CHAIN = re.compile(
    rf"(?=[^\s]{{0,12}}(?:[ ·⋅][^\s]{{0,12}}){{0,4}}?(?:⁻[¹²³]|\^\{{?[-−]))"
    rf"{_UNIT}{_RAISED}?(?:(?:[ \xa0·⋅]|\\,){_UNIT}{_RAISED}){{0,5}}(?![\w^])"
)
_AFTER_PER = re.compile(rf"(?<=per[ ])(?P<unit>{_UNIT})(?P<power>{_POWER})?(?![\w/'’^⁻-])")
_COORDINATE = re.compile(
    r"""(?P<degrees>[0-9]{1,3})°[ ]?(?P<minutes>[0-9]{1,2})[′'’](?:[ ]?(?P<seconds>[0-9]{1,2})[″"”])?"""
    r"""(?:[ ]?(?P<wind>[NSEW])(?!\w))?"""
)
_WINDS = {"N": "north", "S": "south", "E": "east", "W": "west"}
_HEIGHT = re.compile(r"""([1-9])['’′]([0-9]{1,2})["”″]""")
_ALONE = re.compile(
    rf"(?:(?<=[⁰¹²³⁴-⁹}}][ ])|(?<=[0-9][ ])(?![a-zA-Z](?!\w)))(?!in\b|as\b)(?:{_UNIT})(?![\w/'’^⁻-]|\.\w)"
)
"""After a number that another rule has said."""
_SMALL_SYMBOLS = frozenset(symbol for symbol in _NAMES if symbol.isascii() and symbol.islower()) - {"in"}
_PLAIN_POWERS = str.maketrans("⁻−¹²³", "--123")
_UNIT_RATIO = re.compile(rf"(?P<unit>{_UNIT})(?P<power>{_POWER})?/{_PER}(?![\w/])")


def _name_of(symbol: str, power: str | None, many: bool) -> str:
    """The name of a unit, such as "square kilometers" for "km" and "²"."""
    name = _NAMES.get(symbol.replace("° ", "°"), symbol)
    if many and name not in _PLURALS and not name.endswith(_SAME_PLURAL):
        head, blank, tail = (
            name.partition(" ") if name.startswith("degree ") or " per " in name else (name, "", "")
        )
        name = f"{head}s{blank}{tail}"
    elif many:
        name = _PLURALS.get(name, name)
    if power and name.endswith("second"):
        return f"{name} squared" if "2" in power or "²" in power else f"{name} cubed"
    return f"{_POWERS[power.strip('^')]} {name}" if power else name


def unit_name(symbol: str) -> str:
    """The plural name of a unit's symbol, as "milliseconds" for "ms"; "" for what is no symbol of a unit."""
    return _name_of(symbol, None, many=True) if symbol in _NAMES else ""


def _chain(match: re.Match[str], reader: Reader) -> str | None:
    """ "erg cm⁻² s⁻¹": what has a negative power is "per" something."""
    said = []
    for factor in _FACTOR.finditer(match[0]):
        power = (factor["raised"] or "").translate(_PLAIN_POWERS).strip("^{}")
        name = _name_of(
            factor["unit"], power.lstrip("-") if power.lstrip("-") in _POWERS else None, many=power[:1] != "-"
        )
        said.append(f"per {name}" if power[:1] == "-" else name)
    return " ".join(said)


def _per(match: re.Match[str]) -> str:
    if not match["per"]:
        return ""
    again = match.groupdict().get("again")
    return f" per {_name_of(match['per'], match['perpower'], many=False)}" + (
        f" per {_name_of(again, None, many=False)}" if again else ""
    )


_OF_TIME = frozenset(("after", "at", "by", "every", "for", "in", "within"))


def _measure(match: re.Match[str], reader: Reader) -> Reading | None:
    amount = _amount(match)
    if amount is None or not _is_unit(match):
        return None
    name = _name_of(match["unit"], match["power"], many=_is_plural(match))
    confidence = 100 if len(match["unit"]) > 1 or match["per"] else 75
    return Reading(f"{amount} {name}{_per(match)}{match['stop'] or ''}", confidence)


def _is_plural(match: re.Match[str]) -> bool:
    if match["first"] == "1" and not (match["last"] or match["scale"] or match["top"]):
        return False
    shape = match["unit"] == "°" and _SHAPE.match(match.string, match.end())
    return not (match["hyphen"] or shape or describes(match))


def _amount(match: re.Match[str]) -> str | None:
    """The number before the unit, with its sign, range, tolerance, fraction and scale."""
    sign = (match["sign"] or "").strip()
    if sign in ("-", "−") and not opens(match):
        return None
    said = {"": "", "±": "plus or minus ", "+": "plus "}.get(sign, "minus ") + decimal(match["first"])
    if match["last"]:
        joiner = {"±": "plus or minus", "+/-": "plus or minus", "×": "by"}.get(match["to"], "to")
        said += f" {joiner} {decimal(match['last'])}"
    if match["top"]:
        part = after_whole(int(match["top"]), int(match["bottom"]))
        if part is None:
            return None
        said += f" and {part}"
    return f"{said} {match['scale']}" if match["scale"] else said


def _is_unit(match: re.Match[str]) -> bool:
    """Whether the letters after a number are a unit here, and not a word, a name or a scale."""
    unit, glued = match["unit"], not match["gap"] and not match["hyphen"]
    if match["power"] or match["per"]:
        return True
    if unit == "s" and _counts_things(match, glued=glued):
        return False
    if glued:
        return unit not in _NOT_AFTER_DIGIT
    if unit == "in":
        return match[0].endswith(".") or not _GOES_ON.match(match.string, match.end())
    is_letter = unit in _NOT_AFTER_BLANK or (unit == "K" and "." in match["first"])
    return not is_letter or bool(match["scale"])


def _counts_things(match: re.Match[str], *, glued: bool) -> bool:
    """Whether an "s" is a plural: "Boeing 747s"; "80 s" by itself may as well be a decade."""
    before = word_before(match)
    return before[:1].isupper() and before.lower() not in _OF_TIME if glued else not before


def _degrees(match: re.Match[str], reader: Reader) -> str | None:
    """ "37 C." and "98F": a temperature without its degree sign, where nothing else is likely."""
    alone = not match.string[: match.start()].strip()
    if not (match["degree"] or alone or (not match["gap"] and len(match["first"]) < 4)):
        return None
    if match["sign"] and not opens(match):
        return None
    scale = "Celsius" if match["unit"] in "cC" else "Fahrenheit"
    degrees = "degree" if match["first"] == "1" else "degrees"
    return f"{'minus ' if match['sign'] else ''}{decimal(match['first'])} {degrees} {scale}{match['stop']}"


def _rate(match: re.Match[str], reader: Reader) -> str:
    first = match["first"]
    return f"{first if first[0].isalpha() else decimal(first)}{_per(match)}"


def _unit_ratio(match: re.Match[str], reader: Reader) -> str | None:
    if len(match["unit"]) == len(match["per"]) == 1 and match[0] not in ("m/s", "V/m", "W/m", "J/K"):
        return None
    return f"{_name_of(match['unit'], match['power'], many=True)}{_per(match)}"


def _unit(match: re.Match[str], reader: Reader) -> str:
    return _name_of(match[0], None, many=not noun_follows(match))


def _per_unit(match: re.Match[str], reader: Reader) -> str:
    return _name_of(match["unit"], match["power"], many=False)


def _coordinate(match: re.Match[str], reader: Reader) -> str:
    """ "52°30′N": degrees, minutes, seconds and a point of the compass."""
    parts = zip(match.group("degrees", "minutes", "seconds"), ("degree", "minute", "second"), strict=True)
    said = [f"{cardinal(count)} {name}{'' if count == '1' else 's'}" for count, name in parts if count]
    return " ".join([*said, *([_WINDS[match["wind"]]] if match["wind"] else [])])


def _height(match: re.Match[str], reader: Reader) -> str:
    return f"{cardinal(match[1])} foot {cardinal(match[2])}"


RULES = (
    Rule("coordinate", "measure", DIGIT, _COORDINATE, _coordinate),
    Rule("unit-alone", "measure", LETTER, _AFTER_PER, _per_unit, words=_SMALL_SYMBOLS),
    Rule("height", "measure", DIGIT, _HEIGHT, _height),
    Rule("temperature", "measure", DIGIT + "-−.", _DEGREES, _degrees, confidence=80),
    Rule("measure", "measure", DIGIT + ".-−+±", _MEASURE, _measure),
    Rule("unit-chain", "measure", LETTER + "µμΩ°Å", _CHAIN, _chain, words=frozenset(("erg",))),
    Rule("unit-alone", "measure", LETTER + "µμΩ°Å", _ALONE, _unit, words=_SMALL_SYMBOLS),
    Rule("rate", "measure", DIGIT + LETTER, _RATE, _rate),
    Rule("unit-ratio", "measure", LETTER, _UNIT_RATIO, _unit_ratio, confidence=80),
)
