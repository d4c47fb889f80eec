"""What a measure says of a noun after it, and so has no plural: "a single 24 GB card", "5 min sessions"."""

import re

from .rules import late, word_before

__all__ = ["describes", "noun_at"]

_NO_NOUN = (
    r"(?:about|above|across|after|again|ago|all|almost|along|also|although|and|apart|are|around|as|at|away|based"
    r"|because|become|been|before|behind|being|below|between|beyond|both|but|by|can|cannot|could|did|does|down"
    r"|during|each|earlier|east|either|every|faster|following|for|from|further|had|has|have|heavier|hence|higher|if"
    r"|in|inside|instead|into|is|it|its|larger|later|less|lighter|longer|lower|may|might|more|must|near|north"
    r"|not|of|off|on|only|or|out|over|past|per|plus|rather|shorter|should|since|slower|smaller|so|south|starting"
    r"|than|that|the|their|then|there|these|they|this|thus|through|throughout|to|together|towards?|under"
    r"|until|up|upon|using|versus|via|was|we|were|west|when|where|whereas|which|while|whose|will|with|within"
    r"|without|would|yet)"
)
_NOUN = late(rf"[ -](?!{_NO_NOUN}\b)[A-Za-z][a-z]{{2}}|[ -][A-Z]{{2}}")
_HEAD = r"""
    (?:[a-z]{3,15}[a-rt-z]s | [a-z]{3,14}(?:tion|sion|ment|ity)
    | [A-Z]{2,6}s | [a-z]{2,10}(?:ncy|nce|gth)
    | (?:bandgap|band[ ]gap|battery|bulb|cable
      |delay|diameter|field|light|magnet|MRI|scanner|sensor|force|fuse|gap|grid|lens|motor|pipe|race|radius|record
      |spacing|sprint|vinyl|wafer|window)
    | (?:[a-z]{0,12}bandwidth|laser|memory|precision|RAM|storage))(?![\w'’])
"""
_THINGS = late(
    rf"""
    (?![ ](?:deep|high|long|old|tall|thick|wide)\b)
    (?:[ ](?!{_NO_NOUN}\b)[a-z]{{3,12}}(?:-[a-z]{{2,12}})?(?<!s))?[ ](?!{_NO_NOUN}\b){_HEAD}
    """,
    re.VERBOSE,
)
"""What has a size before it: "21 cm observations"."""
_IN_TIME = frozenset(("after", "by", "every", "for", "than", "within"))
"""After these a measure is whole: "after 24 h cells grow"."""
_DETERMINED = late(
    r"(?:^|[\s(\"“])(?:(?:[Aa]n?|each|every|one|single)(?:[ ][a-z]{3,14}(?<!s)){0,2}"
    r"|(?:[Tt]he|[Tt]his|that|our|its|their)"
    r"(?:[ ](?:first|last|next|same|full|whole|entire|standard|[a-z]{2,12}al))?)[ ]\Z"
)
_LONGEST_DETERMINER = 40


def noun_at(text: str, end: int) -> bool:
    """Whether a word follows that may be what is measured."""
    return _NOUN.match(text, end) is not None


def describes(match: re.Match[str]) -> bool:
    """Whether a measure goes with the noun after it: "a single 24 GB card", "5 min sessions"."""
    text, end = match.string, match.end()
    if word_before(match).lower() not in _IN_TIME and _THINGS.match(text, end):
        return True
    before = text[max(0, match.start() - _LONGEST_DETERMINER) : match.start()]
    return bool(noun_at(text, end) and _DETERMINED.search(before))
