"""The rules that the sound of an episode is held against: the part of rules.py that is heard.

SOUN1: the file as a whole; SOUN2: its lines; SOUN3: places in it; SOUN4: its bytes.
"""

from ..findings import Rule

__all__ = ["SOUND_RULES"]

_AGAIN = "delete the file, then make; if it stays, report it"
_SPEAK = "make speaks it again if the file is deleted; `make listen` says what was heard"
_HOST = "ask the host to leave the file as it is, or to encode at the same loudness"


def _error(title: str, why: str, remedy: str) -> Rule:
    return Rule("error", title, why, remedy)


def _warning(title: str, why: str, remedy: str) -> Rule:
    return Rule("warning", title, why, remedy)


SOUND_RULES: dict[str, Rule] = {
    "SOUN100": _error("A file cannot be decoded", "players cannot play it", _AGAIN),
    "SOUN101": _error("A file is longer or shorter than planned", "chapters do not fit", _AGAIN),
    "SOUN102": _warning("A file has another sample rate", "it was encoded again, by others", _HOST),
    "SOUN103": _error("A file plays at another speed", "voices are too high or low, times wrong", _AGAIN),
    "SOUN104": _error("The beginning is missing", "listeners miss the greeting", _AGAIN),
    "SOUN105": _error("The end is missing", "listeners miss the end", _AGAIN),
    "SOUN106": _error("An episode begins late", "listeners take it for broken", _AGAIN),
    "SOUN107": _error("Something follows the end", "listeners wait for more", _AGAIN),
    "SOUN109": _error("The sound has a constant offset", "it clicks, and has less room", _AGAIN),
    "SOUN110": _error("There is noise in the pauses", "it was added after mastering", _AGAIN),
    "SOUN111": _error("The loudness is more than 1 LU off", "listeners turn it up or down", _HOST),
    "SOUN112": _warning("The loudness is not quite what was made", "it was encoded again, by others", _HOST),
    "SOUN113": _error("The true peak is over the ceiling", "players distort it", _HOST),
    "SOUN114": _warning("A file has more or fewer channels", "it was encoded again, by others", _HOST),
    "SOUN115": _error("The two channels are not the same", "one ear hears something else", _AGAIN),
    "SOUN116": _warning("A voice does not sound as recorded", "a filter dulls or sharpens it", _HOST),
    "SOUN117": _warning(
        "A file is a few milliseconds longer or shorter than planned", "it is not gapless any more", _HOST
    ),
    "SOUN201": _error("A line is not heard", "listeners miss what it says", _SPEAK),
    "SOUN202": _error("A line is silent", "listeners miss what it says", _SPEAK),
    "SOUN203": _error("A line is not whole", "listeners miss a part of it", _SPEAK),
    "SOUN204": _error("Something else is heard in place of a line", "it says what was not written", _SPEAK),
    "SOUN205": _error("A line is in another voice", "listeners wonder who speaks", _SPEAK),
    "SOUN206": _error("A line is heard twice", "listeners take it for broken", _AGAIN),
    "SOUN207": _error("A pause is longer than planned", "listeners take it for the end", _AGAIN),
    "SOUN208": _error("Something is heard where silence is planned", "it was never written", _AGAIN),
    "SOUN209": _error("Lines are not in order", "nobody can follow", _AGAIN),
    "SOUN210": _error("A pause is shorter than planned", "sentences run into each other", _AGAIN),
    "SOUN211": _warning(
        "A line is spoken faster or slower than a voice can be",
        "words may be swallowed, or drawn out",
        "listen to it; write it otherwise, or choose another voice",
    ),
    "SOUN301": _error("A click", "it startles who listens with headphones", _AGAIN),
    "SOUN302": _error("The sound drops out", "a word is lost", _AGAIN),
    "SOUN303": _error("The level jumps", "listeners reach for the volume", _AGAIN),
    "SOUN304": _error("The sound is clipped", "it is distorted", _AGAIN),
    "SOUN305": _error("Another sound is heard over a line", "words are lost", _AGAIN),
    "SOUN401": _error("A file's bytes are not those that were made", "it was damaged, or changed", _AGAIN),
    "SOUN402": _warning(
        "Only bytes that are not heard differ",
        "it was tagged again, or its frames were written anew",
        "delete the file, then make",
    ),
    "SOUN403": _error("Bytes between two frames are none of either", "players crackle there", _AGAIN),
    "SOUN404": _error("The last frame is cut, or frames are missing", "players stop, or wait", _AGAIN),
    "SOUN405": _warning("A file does not say how long it is", "players guess its length", _HOST),
    "SOUN406": _error("Rate or channels change within a file", "players stop there", _AGAIN),
    "SOUN407": _warning("A file has another bit rate", "it was encoded again, by others", _HOST),
    "SOUN408": _warning(
        "What an episode was made of is forgotten",
        "its sound can be held against nothing",
        "delete the file, then make",
    ),
}
