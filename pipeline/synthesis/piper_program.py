"""Speaks lines with Piper, as a program of its own: `python -P piper_program.py`.

In, on standard input, a JSON object a line:
    {"number": 1, "text": "…", "model": "x.onnx", "config": "x.json", "speaker": 0,
     "words_per_minute": 165, "path": "x.wav"}
Out, on standard output, when the file is written: {"number": 1}, or with what was wrong: "refused", which
no other attempt would mend, with a "hint"; or "raised", with an "errno" if the system said so.

Piper is GPL-3.0-or-later. Only this file imports it; it imports nothing of ours, nothing imports it, and
nothing but lines and files goes in or out. Its own command line will not do: it takes the settings beside
the model whatever `--config` says, one pace for all lines, a thread for every core, and names files by
the clock.

The two sources of chance in a voice are off, so that the same line is the same bytes. No long
sentence is spoken at once: one of 1,000 characters would take 1.7 GB.
"""

import ctypes
import functools
import json
import os
import queue
import signal
import sys
import threading
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from piper import PiperVoice, SynthesisConfig
from piper.config import PhonemeType, PiperConfig

PIECE = 240
"""Phonemes at once, at most: a long sentence has 200."""
SAMPLE = (
    "The people who made it were not sure that anybody would ever want to use it, "
    "and yet within a year it was the first thing that most of them thought of when they heard the word."
)
"""What a voice's own pace is measured by."""
SAMPLE_WORDS = 26.9
"""Its 37 short words last as long as this many of ordinary sentences."""
_EVEN, _FIXED = 0.75, 0.25
"""Parts of a sound's time that grow with the scale, and that do not: each phoneme is a whole number of
frames."""
_QUIET = 0.01
"""Of the peak: what stays below at the edges is silence."""
_PR_SET_PDEATHSIG = 1  # prctl.h


class Refused(Exception):
    """What was asked for cannot be had from this voice."""


def main() -> NoReturn:
    """Answer until standard input ends."""
    answers = _stand_alone()
    questions: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions,), daemon=True).start()
    while True:
        question = questions.get()
        answer = {"number": question.pop("number"), **_answer(**question)}
        with open(answers, "wb", closefd=False) as pipe:
            pipe.write(json.dumps(answer).encode() + b"\n")


def _stand_alone() -> int:
    """End with whoever asks, and let no library print between the answers; where these go."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C, whoever asks decides
    if sys.platform == "linux":  # even if stopped; the parent is the thread that started it
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    answers = os.dup(1)
    os.dup2(2, 1)
    return answers


def _listen(questions: "queue.SimpleQueue[dict[str, Any]]") -> NoReturn:
    """In a thread of its own, so that the end is noticed while a line is spoken."""
    for line in sys.stdin.buffer:
        questions.put(json.loads(line))
    os._exit(0)


def _answer(**question: Any) -> dict[str, Any]:
    try:
        _speak(**question)
    except Refused as refusal:
        return {"refused": str(refusal), "hint": "take both files of a voice, as they were published"}
    except OSError as error:
        return {"errno": error.errno, "raised": f"{type(error).__name__}: {error}"}
    except Exception as error:
        return {"raised": f"{type(error).__name__}: {error}"}
    return {}


def _speak(text: str, model: str, config: str, speaker: int, words_per_minute: int, path: str) -> None:
    voice = _load(model, config)
    if speaker >= (count := max(1, voice.config.num_speakers)):
        raise Refused(f"the voice has {count} speaker{'s' * (count > 1)}, counted from 0, and no {speaker}")
    scale = _scale(_own_pace(model, config, speaker) / words_per_minute)
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, voice.config.sample_rate, 0, "NONE", ""))
        for piece in _pieces(voice, text):
            samples = np.clip(_sound(voice, piece, speaker, scale), -1, 1)
            file.writeframes(np.rint(samples * 32_767).astype("<i2").tobytes())


@functools.lru_cache(maxsize=1)  # 300 MB each
def _load(model: str, config: str) -> PiperVoice:
    try:
        known = PiperConfig.from_dict(json.loads(Path(config).read_text(encoding="utf-8")))
        session = onnxruntime.InferenceSession(model, _session_options(), providers=["CPUExecutionProvider"])
    except OSError:
        raise
    except Exception as error:  # onnxruntime has no class for its faults, and any key may be missing
        raise Refused(f"the voice cannot be loaded: {type(error).__name__}: {error}") from error
    if known.phoneme_type not in (PhonemeType.ESPEAK, PhonemeType.TEXT):
        raise Refused(f"voices whose phonemes are {known.phoneme_type.value} need more than Piper brings")
    return PiperVoice(session=session, config=known)


def _session_options() -> onnxruntime.SessionOptions:
    """One thread, as sums depend on how many there are; the rest as in neural.py."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options


@functools.lru_cache(maxsize=64)
def _own_pace(model: str, config: str, speaker: int) -> float:
    """Words a minute that a voice speaks at by itself; they differ by half."""
    voice = _load(model, config)
    sounds = [_sound(voice, piece, speaker, 1.0) for piece in _pieces(voice, SAMPLE)]
    samples = np.concatenate(sounds)
    if not samples.any():
        raise Refused("the voice is silent")
    loud = np.flatnonzero(np.abs(samples) > _QUIET * np.abs(samples).max())
    seconds = float(loud[-1] - loud[0] + 1) / float(voice.config.sample_rate)
    return SAMPLE_WORDS * 60 / seconds


def _scale(slower: float) -> float:
    """Piper's length scale for sounds that last so many times as long as by themselves."""
    return max(0.1, (slower - _FIXED) / _EVEN)


def _pieces(voice: PiperVoice, text: str) -> Iterator[list[str]]:
    """The phonemes of each sentence; of a long one in pieces, cut at commas, else at spaces."""
    for sentence in voice.phonemize(text):
        rest = sentence
        while len(rest) > PIECE:
            places = [max((at + 1 for at in range(PIECE // 2, PIECE) if rest[at] in marks), default=0)
                      for marks in (",;:", " ")]  # fmt: skip
            place = places[0] or places[1] or PIECE
            yield rest[:place]
            rest = rest[place:]
        if rest:
            yield rest


def _sound(voice: PiperVoice, phonemes: list[str], speaker: int, scale: float) -> NDArray[np.float32]:
    settings = SynthesisConfig(speaker_id=speaker, length_scale=scale, noise_scale=0.0, noise_w_scale=0.0)
    sound = voice.phoneme_ids_to_audio(voice.phonemes_to_ids(phonemes), settings)
    return np.atleast_1d(np.asarray(sound, dtype=np.float32))


if __name__ == "__main__":
    main()
