"""Symbols of units and their names, alone, in the plural, and with powers: "km²" is square kilometers.

    symbol, power ──> name

A table of symbols with the SI prefixes each is used with, another of those that take none. RAISED is
every way in which papers write a negative power: "m⁻²", "m^{-2}", "m$^{-2}$", and "m−2" or "m-2" where
the raising was lost when a text was taken out of its page.
"""

import re

__all__ = ["LOWERED", "NAMES", "POWER", "PREFIXED", "RAISED", "UNIT", "WORDLIKE"]
__all__ += ["name_of", "power_of", "unit_name"]

_PREFIXES = {
    "f": "femto", "p": "pico", "n": "nano", "µ": "micro", "μ": "micro", "m": "milli", "c": "centi",
    "d": "deci", "k": "kilo", "M": "mega", "G": "giga", "T": "tera", "P": "peta", "E": "exa", "a": "atto",
}  # fmt: skip
_PREFIXED = {
    "g": ("gram", "fpnµμmckMGTP"), "m": ("meter", "fpnµμmck"), "s": ("second", "fpnµμm"),
    "Hz": ("hertz", "mkMGTP"), "B": ("byte", "kMGTPE"), "b": ("bit", "kMGT"), "bit": ("bit", "kMGT"),
    "W": ("watt", "nµμmkMGTP"), "V": ("volt", "nµμmkM"), "A": ("amp", "fpnµμmk"), "J": ("joule", "µμmkMGT"),
    "Pa": ("pascal", "mkMG"), "eV": ("electronvolt", "mkMGTP"), "pc": ("parsec", "kMG"),
    "L": ("liter", "fpnµμmcdk"), "l": ("liter", "nµμmcd"),
    "mol": ("mole", "fpnµμmk"), "N": ("newton", "nµμmkM"),
    "F": ("farad", "pnµμm"), "Ω": ("ohm", "mkMG"), "T": ("tesla", "nµμm"), "Wh": ("watt hour", "mkMGT"),
    "cal": ("calorie", "k"), "K": ("kelvin", "nµμm"), "M": ("molar", "nµμmp"), "FLOPS": ("flops", "MGTPE"),
    "FLOPs": ("flops", "MGTPE"), "FLOP": ("flop", "MGTPE"), "flops": ("flops", "MGTPE"),
    "OPS": ("ops", "MGT"), "px": ("pixel", "M"), "yr": ("year", ""), "bp": ("base pair", "kMG"),
    "Da": ("dalton", "kM"), "Jy": ("jansky", "µμm"), "Gy": ("gray", "m"), "Sv": ("sievert", "µμm"),
    "arcsec": ("arcsecond", "µμm"), "arcmin": ("arcminute", ""),
    "Ah": ("amp hour", "m"), "t": ("ton", "kMG"),
    "Bq": ("becquerel", "kMGT"), "Torr": ("torr", "µμm"), "S": ("siemens", "µμm"),
    "Osm": ("osmole", "m"), "U": ("unit", "mkµμ"), "IU": ("international unit", "mk"),
}  # fmt: skip
"""Symbol → name, and the prefixes it is used with."""
_SIMPLE = {
    "min": "minute", "mins": "minute", "hr": "hour", "hrs": "hour", "h": "hour", "sec": "second",
    "secs": "second", "yrs": "year", "wk": "week", "wks": "week", "d": "day", "mo": "month", "mos": "month",
    "lb": "pound", "lbs": "pound", "oz": "ounce", "in": "inch", "ft": "foot", "yd": "yard", "yds": "yard",
    "mi": "mile", "gal": "gallon", "tsp": "teaspoon", "tbsp": "tablespoon", "ha": "hectare", "cc": "C C",
    "KG": "kilogram", "Kg": "kilogram", "kgs": "kilogram", "KM": "kilometer", "Km": "kilometer",
    "kms": "kilometer", "KHz": "kilohertz", "hz": "hertz", "khz": "kilohertz", "mhz": "megahertz",
    "ghz": "gigahertz", "KB": "kilobyte", "kb": "kilobyte", "mb": "megabyte", "gb": "gigabyte",
    "tb": "terabyte", "KiB": "kibibyte", "MiB": "mebibyte", "GiB": "gibibyte", "TiB": "tebibyte",
    "msec": "millisecond", "usec": "microsecond", "us": "microsecond", "um": "micrometer",
    "mmol": "millimole", "Å": "angstrom", "ly": "light year", "AU": "astronomical unit",
    "au": "astronomical unit", "atm": "atmosphere", "°": "degree", "deg": "degree", "rad": "radian",
    "sr": "steradian", "bar": "bar", "mbar": "millibar", "mbarn": "millibarn", "°C": "degree Celsius",
    "°F": "degree Fahrenheit",
    "℃": "degree Celsius", "℉": "degree Fahrenheit", "ºC": "degree Celsius", "ºF": "degree Fahrenheit",
    "kbps": "kilobit per second", "Kbps": "kilobit per second", "mbps": "megabit per second",
    "Mbps": "megabit per second", "gbps": "gigabit per second", "Gbps": "gigabit per second",
    "Tbps": "terabit per second", "kBps": "kilobyte per second", "MBps": "megabyte per second",
    "GBps": "gigabyte per second", "bps": "bit per second", "fps": "frame per second",
    "FPS": "frame per second", "rpm": "revolution per minute", "bpm": "beat per minute",
    "mph": "mile per hour", "kph": "kilometer per hour", "kmh": "kilometer per hour",
    "ppm": "part per million", "ppb": "part per billion", "dpi": "dot per inch",
    "mmHg": "millimeter of mercury", "mm Hg": "millimeter of mercury", "dB": "decibel", "dBm": "D B M",
    "pp": "percentage point", "pts": "point",
    "pps": "percentage point", "TOPS": "tops", "mas": "milliarcsecond", "erg": "erg", "hp": "horsepower",
    "sq km": "square kilometer", "sq m": "square meter", "sq cm": "square centimeter",
    "fl oz": "fluid ounce", "fl. oz": "fluid ounce", "mpg": "mile per gallon", "psi": "P S I",
    "cfm": "cubic foot per minute",
    "lb-ft": "pound foot", "ft-lb": "foot pound",
    "ft-lbs": "foot pound", "kW-h": "kilowatt hour",
    "tok": "token", "toks": "token", "qt": "quart", "kn": "knot", "kts": "knot",
    "°N": "degree north", "°S": "degree south", "°E": "degree east", "°W": "degree west",
    "eV/c²": "electronvolt per C squared", "keV/c²": "kiloelectronvolt per C squared",
    "MeV/c²": "megaelectronvolt per C squared",
    "GeV/c²": "gigaelectronvolt per C squared", "TeV/c²": "teraelectronvolt per C squared",
    "MeV/c": "megaelectronvolt per C", "GeV/c": "gigaelectronvolt per C",
    "kyr": "thousand year", "Myr": "million year", "Gyr": "billion year",
    "ka": "thousand year", "Ma": "million year", "Ga": "billion year", "cMpc": "comoving megaparsec",
    "ckpc": "comoving kiloparsec", "mag": "magnitude", "dex": "dex", "ab": "attobarn", "fb": "femtobarn",
    "pb": "picobarn", "nb": "nanobarn", "uL": "microliter", "ul": "microliter", "ug": "microgram",
    "µas": "microarcsecond", "μas": "microarcsecond", "nt": "nucleotide", "aa": "amino acid", "y": "year",
}  # fmt: skip
_PLURALS = {
    "inch": "inches",
    "foot": "feet",
    "percentage point": "percentage points",
    "pound foot": "pound feet",
    "solar mass": "solar masses",
    "solar luminosity": "solar luminosities",
    "solar radius": "solar radii",
}
_SAME_PLURAL = (
    "hertz", "kelvin", "flops", "ops", "tops", "molar", "gray", "horsepower", "dex", "siemens", "torr", "C C",
    "D B M", "P S I", "percent",
)  # fmt: skip


_SUNS = ("$_\\odot$", "$_{\\odot}$", "$_⊙$", "$_☉$", "⊙", "☉", "sun")
_OF_THE_SUN = {"M": "solar mass", "L": "solar luminosity", "R": "solar radius"}


def _symbols() -> dict[str, str]:
    names = dict(_SIMPLE)
    for symbol, shape in (("sq", "square"), ("cu", "cubic")):
        names |= {
            f"{symbol}{stop} {unit}": f"{shape} {_SIMPLE[unit]}"
            for unit in ("in", "ft", "yd", "mi")
            for stop in ("", ".")
        }
    for part, name in (("wt", "weight"), ("at", "atomic"), ("vol", "volume"), ("mol", "mole")):
        names |= {f"{part}{joint}%": f"{name} percent" for joint in ("", ".", " ", ". ")}
    names |= {f"{what}{sun}": name for what, name in _OF_THE_SUN.items() for sun in _SUNS}
    for symbol, (name, prefixes) in _PREFIXED.items():
        names.setdefault(symbol, name)
        for prefix in prefixes:
            names.setdefault(prefix + symbol, _PREFIXES[prefix] + name)
    return names


NAMES = _symbols()
"""Every symbol → its name for one."""
PREFIXED = frozenset(prefix + symbol for symbol, (_, prefixes) in _PREFIXED.items() for prefix in prefixes)
"""The symbols with a prefix."""
WORDLIKE = frozenset(symbol.lower() for symbol in NAMES if re.fullmatch("[A-Z]?[a-z]+", symbol)) - {"in"}
"""Those that look like words, in small letters."""
UNIT = f"(?:{'|'.join(map(re.escape, sorted(NAMES, key=len, reverse=True)))})"
"""The pattern of a symbol."""
POWER = r"(?:[²³]|<sup>[23]</sup>|\^\{?[23]\}?|\$\^\{?[23]\}?\$|\([23]\)|[23](?![\w]|[.,][0-9]))"
"""The pattern of a power after a symbol."""
LOWERED = r"[-−–][1-4](?![\w^]|[.,][0-9]|[-−–][\w])"
"""That of a negative power which looks like a subtraction."""
RAISED = (
    r"(?:⁻[¹²³⁴]|<sup>[-−–][1-4]</sup>|\^\{?[-−–][1-4]\}?|\$\^\{?[-−–][1-4]\}?\$|\([-−–][1-4]\)"
    rf"|{LOWERED})"
)
"""That of any negative power."""
_FOLDED = str.maketrans("⁻−–¹²³⁴", "---1234", "^{}()$")
_SHAPES = {"2": "square", "3": "cubic"}
_RAISINGS = {"2": "squared", "3": "cubed", "4": "to the four"}


def power_of(raised: str) -> str:
    """A power in plain signs: "⁻²", "^{-2}", "$^{-2}$", "<sup>-2</sup>" and "–2" are all "-2"."""
    return re.sub("</?sup>", "", raised).translate(_FOLDED)


def unit_name(symbol: str) -> str:
    """The plural name of a unit, as "milliseconds" for "ms", "grams per liter" for "g/L"; "" for none."""
    over, stroke, under = symbol.partition("/")
    if over not in NAMES or (stroke and under not in NAMES):
        return ""
    return name_of(over, many=True) + (f" per {name_of(under, many=False)}" if stroke else "")


def name_of(symbol: str, power: str | None = None, *, many: bool) -> str:
    """The name of a unit, such as "square kilometers" for "km" and "²"."""
    name = NAMES.get(symbol.replace("° ", "°"), symbol)
    if many:
        name = _plural(name)
    size = power_of(power or "").lstrip("-")
    if size in _SHAPES and ("second" not in name or "arc" in name):
        return f"{_SHAPES[size]} {name}"
    return f"{name} {_RAISINGS[size]}" if size in _RAISINGS else name


def _plural(name: str) -> str:
    if name in _PLURALS:
        return _PLURALS[name]
    if name == "bar" or name.endswith(_SAME_PLURAL):
        return name
    shape, blank, length = name.partition(" ")
    if shape in _SHAPES.values():
        return f"{shape} {_plural(length)}"
    is_headed = name.startswith("degree ") or " per " in name or " of " in name
    head, blank, tail = name.partition(" ") if is_headed else (name, "", "")
    return f"{head}s{blank}{tail}"
