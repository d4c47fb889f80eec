"""The script that everybody writes first: pyttsx3 speaks, pydub joins, normalises and exports.

python -m tests.bench.naive LINES.txt OUT.mp3
"""

import sys

import pyttsx3
from pydub import AudioSegment
from pydub.effects import normalize

engine = pyttsx3.init()
engine.setProperty("rate", 175)
episode = AudioSegment.silent(200, 44_100)
for line in open(sys.argv[1], encoding="utf-8"):  # noqa: PTH123, SIM115
    engine.save_to_file(line, sys.argv[2] + ".wav")
    engine.runAndWait()
    episode += AudioSegment.from_wav(sys.argv[2] + ".wav") + AudioSegment.silent(350, 44_100)
normalize(episode, 1.0).export(sys.argv[2], "mp3", bitrate="128k")
