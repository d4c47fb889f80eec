"""What a paragraph begins with before a colon: a speaker's name, or a word for what follows."""

import re

__all__ = ["HEADWORD"]

_WORDS = (
    "aim background caveat claim conclusion context data discussion example finding however hypothesis "
    "hypotheses idea important introduction lesson limitation method note objective outcome problem "
    "question remark result setting setup step summary takeaway tip warning"
)

HEADWORD = re.compile(rf"(?:{'|'.join(_WORDS.split())})s?(?: [0-9A-Z]\w*)?", re.IGNORECASE)
"""Such a word, perhaps with its number: nobody is called so."""
