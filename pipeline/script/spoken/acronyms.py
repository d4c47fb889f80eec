"""Capitals: letter by letter or as a word? And coined names that mix cases.

A word in capitals is said as a word if it is in a list of words that people say (short words, from
CMUdict; tests/bench/words.py makes it), or is long and has the vowels to be one. All else, which is
most capitals of research text, is spelled. Lexicon entries go before this, and initialisms.py sees
what the text around says.
"""

import gzip
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from .rules import Reading, joined

__all__ = ["is_word", "say_capitals", "say_mixed", "spell"]

_WORDS = Path(__file__).with_name("data") / "words.txt.gz"
_LISTED = 6
"""Letters of the longest word of the list; longer words are rarely initialisms."""
_SHORT_WORDS = frozenset(
    "AH AM AN AS AT BE BY DO EH GO HE HI HO IF IN IS IT LO ME MY NO OF OH ON OR OX SO TO UP WE YE YO".split()
)
"""Of two letters, the list knows too many names and notes."""
_NAMES_ONLY = frozenset(
    (
        "AAA ABE ACA ACC ADA AHL AHR AIR AIS AIX AKI ALA ALM ALS ALT ALU AME AMI AMR AMS ANE ANG ANO AOI ARA "
        "ARB ARD ARI ARN ARO ARP ARX ASA AST AUE AUL AUS AUX AVA AVE AVI BAE BAM BAO BEC BEL BES BEU BEV "
        "BIC BIL BIP BIR BOE BOK BOM BON BOS BUC BUI CAD CAI CAO CAQ CAS CAU CDS CEP CGI CHA CHE CHO CID "
        "CMX COB COG COR CRO CUL DAC DAE DAI DAL DAS DAU DEA DEC DEE DEL DEP DER DIA DIC DIF DIX DOB DOL "
        "DOS DOV DUC DUK EBA EBB EDE EDI EDO EEL EGE EIR EIS EKA ELS EMA ENA ENO EPP ERB ERL ERO ESH "
        "ESS EST FAC FAE FAO FAS FEL FER FIS FLO FSI GAB GAD GAE GAF GAI GAO GAU GEN GIB GIL GLO GOA GOE "
        "GOH GRO GUE HAC HAN HAR HAU HEP HOC HOF HOH HOI HSU HUA IBA IDA IDO IDS IFS IGE IGO IIE ILA ILG "
        "ILO IMM IMP INA INC INY ISA ISE ISM ITO IVA IVO JAE JAS JIA JIN KAM KAO KEM KER KIR KOH KOR KUN KUS "
        "LAI LAK LAR LAS LAT LAX LBS LCB LEC LEI LEK LES LEU LEV LIA LIS LIU LIV LOE LOR LOS LTI LUC MAB MAE "
        "MAI MAL MAO MAS MAU MAV MEA MEC MEG MEI MEO MER MES MIA MIB MIC MIL MIR MIS MOA MOE MOF MOI MOL MOS "
        "NAB NAD NAM NAS NAU NEA NEC NEG NEP NES NIB NIC NIE NIR NIS NOE NOM NOS OCH OCT OIE OLE OLT ONS "
        "ORD ORF ORI ORR ORT OSE OSS OST OTT PAE PAH PAI PAS PCS PEI PIA PIL PLA POE POL POM PON POS "
        "PRE PRI PRU PTY PUR QOM QUE RAD RAE RAI REA REE REO RET RHA RIA RIB RIC ROI ROS RUC SAE SAL SEI "
        "SEL SEM SEN SEO SGT SHA SHH SHI SIB SIE SIS SIU SKA SLE SOC SOK SOR STU SUC SUI SUR SUS SVP TAC "
        "TAE TAI TAM TAS TEC TEL TES TET THI THO THS TIA TIL TIS TOA TOD TOV TRE TRI TSE TSO TSU TVS UDE "
        "UDO UHL UHR ULA ULI UMA UNA UNG UNI UPS URE URI UTT VER VIC VIN VIS VOS WAI WAN WEI WES WIS WOR "
        "XIE XIO XUE YAU YEE YIN ZEA ZHU"
    ).split()
)
"""Three letters that the list has for a name or a rare word, and that are initials in research."""
_VOWELS = re.compile("[AEIOUYÀ-ÖØ-Ý]")
_NO_WORD = re.compile("[^AEIOUYÀ-ÖØ-Ý]{5}|[AEIOU]{4}|(.)\\1\\1")
_SYLLABLES = re.compile(
    r"(?:[BCDFGHJKLMNPRSTVWZ]|[BCFGP][LR]|[DT]R|S[CKLMNPTW]|[CSTP]H)?(?:A[IU]?|E[AEIU]?|IE?|O[OU]?|U[E]?)"
    r"(?:(?:[BCDFGKLMNPRSTVXZ]|[LMNRS][BCDFGKLMNPSTV]|[MNS]?[BCFGPT][LR]|C[KT]|PT|[CSTP]H)"
    r"(?:A[IU]?|E[AEIU]?|IE?|O[OU]?|U[E]?))*(?:[BCDFGKLMNPRSTXZ]|[LMNR][DKMPST]|C[KT]|S[KMST]|NG)?"
)
"""Of five letters or more, what follows the sounds of English."""
_OPEN = re.compile("(?:[BDFGKLMNPRSTVZ][AEIOU]){2}")
"""Of four letters, two open syllables."""

_CAPITALS = re.compile(r"([^\W\d_a-zß-öø-ÿ]{2,40}?)(['’]?s['’]?|['’])?")
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z]{2})|[A-Z]?[a-z]+|[A-Z]+s?(?![a-z])")
_SPLIT = re.compile(
    r"(?:[A-Z]?[a-z]{2,}+|[A-Z](?![a-z]{2}))+?[A-Z]{2,}s?|[A-Z][a-z][A-Z]{3,}s?|[A-Z]{1,}[A-Z](?!es\Z)[a-z]{2,}(?:[A-Z]\w*)?"
)
"""Mixed names that hold initials: small letters first (ChatGPT), or capitals (MTraining)."""
_MARKED = re.compile(
    r"[BCDFGHJKLMNPQRSTVWZ][AEIOUY](?=[b-df-hj-np-tv-z])[a-z]{3,}+|[A-Z]{2}[a-z][A-Z][a-z]+"
    r"|(?:[BCFGP][LR]|[DT]R|S[CKLMNPTW]|[CST]H)(?=[aeiou])[a-z]{2,}+"
)
"""A long word of which capitals show what its initials are made of: "DEtection"."""
_SHORT_MIXED = re.compile(
    r"(?:[A-Z]{1,3}[a-z][A-Z]{1,2}|[A-Z]{1,3}aaS)s?|[A-Z]{2,4}[a-rt-z]"
    r"|[a-z][A-Z][a-z]|[b-df-hj-np-tv-xz]{2}[A-Z]{1,2}"
)
"""A small letter or two among capitals: "BvM", "UMi"."""
_NO_VOWEL = re.compile(r"(?=\w+[A-Z])(?=\w*[a-z])[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz]{2,5}")

_SMALL_FIRST = re.compile(r"([a-z][A-Z]{2,5})((?:['’]?s)?)")
"""Initials of which the first is small: "mRNA", "vLLM"."""
_JOINED = re.compile(r"[A-Z]?[a-z]{2,}+(?:[A-Z][a-z]{2,}+)+")

_LETTER_A = "eigh"
_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "eighs,bees,sees,dees,ees,effs,jees,aitches,eyes,jays,kays,ells,ems,ens,ohs,pees,queues,ars,esses,tees,"
        "yews,vees,double yews,exes,wyes,zeds".split(","),
        strict=True,
    )
)
"""The plurals of letters, as English engines say them right."""


def spell(letters: str, ending: str = "") -> Reading:
    """Letter by letter, with a plural or possessive: "LLMs" → "L L M s", "GPT's" → "G P T's".

    Engines read a single "A" as the article and "M's" as anything, so their sounds are spelled out.
    """
    spelled = " ".join(letters)
    spoken = f"{spelled} s" if ending == "s" else f"{spelled}'s" if ending else spelled
    sounds = [_LETTER_A if letter == "A" else letter for letter in letters]
    if ending:
        sounds[-1] = _LETTERS.get(letters[-1], f"{letters[-1]}'s")
    sound = "AI" if (letters, ending) == ("AI", "") else " ".join(sounds)
    return Reading(spoken, sound="" if sound == spoken else sound)


@cache
def is_word(capitals: str) -> bool:
    """Whether capitals, such as "NASA" or "HUGE", are said as a word."""
    if len(capitals) == 2:
        return capitals in _SHORT_WORDS
    vowels = len(_VOWELS.findall(capitals))
    if vowels and capitals in _words():
        return capitals not in _NAMES_ONLY
    if len(capitals) <= _LISTED:
        shape = _SYLLABLES if len(capitals) > 4 else _OPEN
        return shape.fullmatch(capitals) is not None
    return vowels * 4 >= len(capitals) and not _NO_WORD.search(capitals)


def say_capitals(word: str) -> Reading | None:
    """A word in capitals, with its plural or possessive ending; None if it is none."""
    found = _CAPITALS.fullmatch(word)
    if found is None or not found[1].isupper():
        return None
    stem, ending = found[1], (found[2] or "").replace("’", "'")
    if is_word(stem):
        return Reading(stem.capitalize() + ending, 90, "capitals-word")
    confidence = 80 if len(stem) < 5 else 55
    return replace(spell(stem, ending), confidence=confidence, rule="letters")


def say_mixed(word: str) -> Reading | None:
    """A coined name such as "ChatGPT" or "MTraining"; None if it is said as it is written."""
    if found := _SMALL_FIRST.fullmatch(word):
        return replace(spell(found[1].upper(), found[2]), confidence=80, rule="letters")
    if word.endswith(("'s", "’s")):
        return _owning(word[:-2])
    if _JOINED.fullmatch(word):
        return Reading(word, 90, "joined", sound=" ".join(_PARTS.findall(word)))
    if short := _say_short_mixed(word):
        return short
    if not _SPLIT.fullmatch(word) or word[1:].islower():
        return None
    said = (say_capitals(part) or Reading(part) for part in _PARTS.findall(word))
    return joined(said, confidence=70, rule="mixed-case")


def _say_short_mixed(word: str) -> Reading | None:
    """ "DEtection" as the word that it is, "QoL" by its letters."""
    if _MARKED.fullmatch(word):
        return Reading(word.capitalize(), 70, "mixed-case")
    if not _is_spelled_mixture(word):
        return None
    ending = "s" if word.endswith("s") and len(word) > 3 else ""
    return replace(spell(word.removesuffix(ending).upper(), ending), confidence=50, rule="mixed-case")


def _owning(word: str) -> Reading | None:
    said = say_mixed(word)
    return said and replace(said, spoken=f"{said.spoken}'s", sound=said.sound and f"{said.sound}'s")


def _is_spelled_mixture(word: str) -> bool:
    """Whether a short name of mixed case, such as "QoL" or "GaMD", has not the shape of a word."""
    if _NO_VOWEL.fullmatch(word):
        return True
    stem = word.removesuffix("s").upper()
    is_shaped = len(stem) > 3 and (is_word(stem) or _OPEN.fullmatch(stem) is not None)
    return _SHORT_MIXED.fullmatch(word) is not None and not is_shaped


@cache
def _words() -> frozenset[str]:
    return frozenset(gzip.decompress(_WORDS.read_bytes()).decode("ascii").split())
