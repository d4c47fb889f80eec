"""arXiv's categories: "cs.CL" is said by its name, Computation and Language.

data/arxiv.tsv has the names as arXiv gives them (https://arxiv.org/category_taxonomy). A code is one
only in exactly its spelling, and where it stands alone.
"""

import re
from functools import cache
from pathlib import Path

from .rules import Reader, Rule, late

__all__ = ["RULES"]

_DATA = Path(__file__).with_name("data") / "arxiv.tsv"
_CODE = late(r"(?<![\w./@-])[a-z]{1,7}(?:-[a-z]{2,3})?(?:\.[A-Za-z]{2,6}(?:-[a-z]{2,4})?)?(?![\w/@]|[-.]\w)")
_FIRST = frozenset("astro cond cs econ eess gr hep math nlin nucl physics q quant stat".split())
"""Letters that a code begins with."""


def _category(match: re.Match[str], reader: Reader) -> str | None:
    name = _names().get(match[0])
    return name and reader.say(name.replace(" - ", ", "))


@cache
def _names() -> dict[str, str]:
    """Code → name. Read when a text first holds what may be one."""
    lines = _DATA.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


RULES = (Rule("category", "name", "", _CODE, _category, words=_FIRST),)
