"""Makes pipeline/script/spoken/data/words.txt.gz: short words that people say as words.

    python -m tests.bench.words CMUDICT

CMUDICT is the file cmudict.dict of the CMU Pronouncing Dictionary (BSD-2-Clause, notice beside the
list). A word is left out if the dictionary says it letter by letter, as it does "IBM", or if it is
longer than the list need be.
"""

import gzip
import re
import sys
from pathlib import Path

LIST = Path(__file__).parents[2] / "pipeline" / "script" / "spoken" / "data" / "words.txt.gz"
ENTRY = re.compile(r"([a-z]{3,6})(?:\(\d\))? ([A-Z0-2 ]+)")
LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "EY|B IY|S IY|D IY|IY|EH F|JH IY|EY CH|AY|JH EY|K EY|EH L|EH M|EH N|OW|P IY|K Y UW|AA R|EH S|T IY|Y UW|"
        "V IY|D AH B AH L Y UW|EH K S|W AY|Z IY".split("|"),
        strict=True,
    )
)


def said_as_words(dictionary: str) -> list[str]:
    """The words of three to six letters that the dictionary never spells."""
    words: set[str] = set()
    spelled: set[str] = set()
    for line in dictionary.splitlines():
        entry = ENTRY.match(line)
        if entry is None:
            continue
        word, sounds = entry[1], re.sub(r"\d", "", entry[2]).strip()
        letters = " ".join(LETTERS[letter] for letter in word)
        (spelled if sounds == letters else words).add(word)
    return sorted(words - spelled)


if __name__ == "__main__":
    found = said_as_words(Path(sys.argv[1]).read_text(encoding="utf-8"))
    LIST.write_bytes(gzip.compress("\n".join(found).upper().encode("ascii"), 9, mtime=0))
    sys.stdout.write(f"{len(found)} words, {LIST.stat().st_size} bytes\n")
