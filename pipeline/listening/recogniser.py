"""A small recogniser: up to 30 seconds of sound in, the words heard in it out.

Whisper's tiny.en (MIT), run by ctranslate2 on the CPU with 8-bit weights. It draws no lots: the same sound
gives the same words. Digits and signs are forbidden to it, so that it writes numbers as they were said.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..audio import Samples
from ..errors import ExtraMissing, SettingsError
from ..files import sha256_of
from ..store import digest
from ..synthesis.catalogue import RECOGNISER, how_to_add
from ..synthesis.lockfile import LOCK, read_lock
from .features import features_of

__all__ = ["FILES", "Recogniser", "open_recogniser"]

FILES = ("config.json", "model.bin", "vocabulary.txt")
"""What it consists of, in one folder."""

_PROMPT = ("<|startoftranscript|>", "<|notimestamps|>")
_SIGN = re.compile(r"[0-9$%£€+=#@&*/^~<>\[\](){}|\\]")
_MOST_TOKENS = 224
"""Of half a minute, in which a fast speaker says 150 words; who goes on is caught in a loop."""


@dataclass(frozen=True)
class Recogniser:
    """Whisper, loaded when it first listens."""

    folder: Path
    """Has FILES."""
    identity: str
    """Stands for its files and for what runs it."""
    threads: int = 1

    def hear(self, samples: Samples, beam: int = 1) -> str:
        """What is said in at most 30 seconds at 16 kHz. beam: how many ways to go on are followed."""
        from ctranslate2 import StorageView  # 60 MB in memory: for those who listen

        (result,) = self._model.generate(
            StorageView.from_array(features_of(samples)[None]),
            [list(_PROMPT)],
            beam_size=beam,
            max_length=_MOST_TOKENS,
            suppress_tokens=self._forbidden,
        )
        return _text(result.sequences[0])

    @cached_property
    def _model(self) -> Any:
        from ctranslate2.models import Whisper  # likewise

        return Whisper(str(self.folder), device="cpu", compute_type="int8", intra_threads=self.threads)

    @cached_property
    def _forbidden(self) -> list[int]:
        """The numbers of words that it may not write."""
        config = json.loads((self.folder / "config.json").read_bytes())
        words = (self.folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
        signs = {number for number, word in enumerate(words) if _SIGN.search(word) and "<|" not in word}
        return sorted(signs | set(config.get("suppress_ids", ())))


def open_recogniser(root: Path, threads: int = 1) -> Recogniser:
    """The recogniser of the show in `root`, its files held against voices/lock.yaml.

    Raises ExtraMissing or SettingsError, with how to get what is missing.
    """
    if find_spec("ctranslate2") is None:
        hint = "paperledge setup listen, or make listen, which installs it"
        raise ExtraMissing("listening needs a package of 43 MB", extra="listen", hint=hint)
    folder = Path("recognisers", RECOGNISER)
    locked = read_lock(root / "voices")
    found = {name: _sha256(root / "voices" / folder / name) for name in FILES}
    for name, sha256 in found.items():
        place = (folder / name).as_posix()
        if place in locked and locked[place].sha256 != sha256:
            hint = f"move it away, then {how_to_add(place)}"
            raise SettingsError(f"voices/{place} is not the file that voices/{LOCK} has", hint=hint)
    return Recogniser(root / "voices" / folder, digest(sorted(found.items())), threads)


def _sha256(path: Path) -> str:
    if not path.is_file():
        hint = f"80 MB, once; get it with: paperledge voices add {RECOGNISER}"
        raise SettingsError("there is no recogniser here to listen with", where=str(path), hint=hint)
    return sha256_of(path)


def _text(tokens: list[str]) -> str:
    """Pieces of words as text: each character of theirs stands for a byte (GPT-2's table)."""
    letters = "".join(token for token in tokens if not token.startswith("<|"))
    return bytes(_BYTES[letter] for letter in letters).decode(errors="replace").strip()


def _byte_letters() -> Iterator[tuple[str, int]]:
    """Letter and byte: printable ones stand for themselves, the others follow behind 255."""
    others = 256
    for byte in range(256):
        if 33 <= byte <= 126 or 161 <= byte <= 172 or byte >= 174:
            yield chr(byte), byte
        else:
            yield chr(others), byte
            others += 1


_BYTES = dict(_byte_letters())
