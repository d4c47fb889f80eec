"""One paper to one episode: the main path. Start reading here.

Each stage is a `Step`: a name, a version, and a function from a request to a result that knows
nothing of the others. This file alone knows their order and what each passes on.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec.structs import replace

from . import assembly, script, soundcheck, synthesis, tagging
from .bench import Bench, Job, Receipt, Results, carry_out
from .cover import TAG_PX, Cover, CoverRequest
from .covers import cover_request
from .kinds import LONGEST_PAUSE_MS
from .kit import Kit
from .model import (
    Blob,
    Clip,
    Episode,
    Line,
    Loudness,
    Master,
    MasterRequest,
    Music,
    Paper,
    Piece,
    Script,
    ScriptRequest,
    SpeechRequest,
    Tag,
    TagRequest,
    Value,
)
from .script import plain_text
from .show import Show
from .soundcheck import Examination, SoundcheckRequest
from .store import Step, Store, key_of
from .synthesis.voices import Voice
from .synthesis.wording import wording
from .timing import transcribe
from .transcript import Transcript

__all__ = [
    "DRAW",
    "MASTER",
    "SCRIPT",
    "SOUNDCHECK",
    "SPEAK",
    "STEPS",
    "TAG",
    "Produced",
    "do_job",
    "price_of",
    "produce",
    "record",
    "refuse_unfit",
    "script_request",
    "sound_numbers",
    "speak",
    "speech_request",
    "tags_of",
    "weight_of",
    "work_of",
    "write_script",
]

_SOUND = ("lameenc", "numpy", "soundfile", "soxr")
SCRIPT = Step("script", 4, ScriptRequest, Script, script.write_script, ("Jinja2",))
SPEAK = Step("synthesis", 1, SpeechRequest, Clip, synthesis.speak)
MASTER = Step("assembly", 3, MasterRequest, Master, assembly.master, _SOUND)
DRAW = Step("artwork", 1, CoverRequest, Cover, tagging.draw, ("Pillow", "uharfbuzz"))
TAG = Step("tagging", 2, TagRequest, Episode, tagging.tag, ("mutagen",))
SOUNDCHECK = Step("soundcheck", 2, SoundcheckRequest, Examination, soundcheck.soundcheck)

STEPS: dict[str, Step[Any, Any]] = {
    step.name: step for step in (SCRIPT, SPEAK, MASTER, DRAW, TAG, SOUNDCHECK)
}


class Produced(msgspec.Struct, frozen=True, kw_only=True):
    """An episode and what it was made of."""

    script: Script
    clips: tuple[Clip, ...]
    master: Master
    cover: Cover
    transcript: Transcript
    spoken_by: str
    """The voices in words, in the order in which they are heard."""
    voices: dict[str, Voice]
    """By who is heard: "host", "quotations" or a name of the cast."""
    tags: tuple[Tag, ...]
    episode: Episode
    keys: dict[str, str]
    """Step → key of its record, for the steps that an episode passes once."""


def produce(paper: Paper, kit: Kit, bench: Results, picture: Blob | None = None) -> Produced:
    """One paper in, one episode out. Raises what the stages raise, and NotMade on a lookout.

    picture: the paper's own cover, if it has one.
    """
    script = write_script(paper, kit, bench)
    spoken = [(line, kit.voice_of(line, paper)) for line in script.lines]
    clips = speak(spoken, bench)
    mastering_request = _mastering(spoken, clips, kit.show, kit.music)
    master = bench.once(MASTER, mastering_request)
    transcript = transcribe(spoken, clips, master, kit.show.host)
    drawing_request = cover_request(paper, kit, TAG_PX, picture)
    cover = bench.once(DRAW, drawing_request)
    tagging_request = TagRequest(
        mp3=master.mp3,
        tags=tags_of(paper, script, kit, transcript.duration_ms, master.loudness),
        chapters=transcript.chapters,
        cover=cover.jpeg,
    )
    episode = bench.once(TAG, tagging_request)
    return Produced(
        script=script,
        clips=clips,
        master=master,
        cover=cover,
        transcript=transcript,
        spoken_by=_voices([voice for _, voice in spoken]).spoken_by,
        voices=kit.heard_in(script, paper),
        tags=tagging_request.tags,
        episode=episode,
        keys={
            SCRIPT.name: key_of(SCRIPT, script_request(paper, kit)),
            MASTER.name: key_of(MASTER, mastering_request),
            DRAW.name: key_of(DRAW, drawing_request),
            TAG.name: key_of(TAG, tagging_request),
        },
    )


def record(
    spoken: list[tuple[Line, Voice]], show: Show, bench: Bench, music: Music | None = None
) -> tuple[tuple[Clip, ...], Master]:
    """Lines and who speaks each in, their clips and the mastered whole out."""
    clips = speak(spoken, bench)
    return clips, bench.once(MASTER, _mastering(spoken, clips, show, music))


def speak(spoken: list[tuple[Line, Voice]], bench: Results) -> tuple[Clip, ...]:
    """Lines and who speaks each in, their clips out."""
    return bench.each(SPEAK, [speech_request(line, voice) for line, voice in spoken])


def write_script(paper: Paper, kit: Kit, bench: Results) -> Script:
    """What an episode will say, without a second of audio."""
    return bench.once(SCRIPT, script_request(paper, kit))


def refuse_unfit(paper: Paper, show: Show) -> None:
    """Raise TaggingError now for what tagging would refuse after all the audio was made."""
    tagging.describe(paper, show.facts, tagging.Voices("a voice"), tagging.Listing(), tagging.Made())


def price_of(written: Iterable[tuple[Paper, Script]], kit: Kit, store: Store) -> int:
    """What speaking the lines that the store lacks costs about, in millionths of a dollar.

    Equal lines are spoken once; takes that are bad, and so spoken again, are not foreseen.
    """
    prices = {}
    for paper, text in written:
        for line in text.lines:
            voice = kit.voice_of(line, paper)
            if voice.price_microdollars:
                request = speech_request(line, voice)
                prices[key_of(SPEAK, request)] = len(request.text) * voice.price_microdollars
    return sum(price for key, price in prices.items() if store.recall(SPEAK, key) is None) // 1000


def work_of(scripts: list[Script]) -> int:
    """How much there is to do, in characters spoken; for progress only. Equal lines are spoken once."""
    lines = [line.sentence.spoken for script in scripts for line in script.lines]
    return sum(map(len, set(lines))) + len(lines) * _MASTERING_A_LINE


def weight_of(request: Value) -> int:
    """How much of that one request stands for."""
    if isinstance(request, SpeechRequest):
        return len(request.text)
    return len(request.pieces) * _MASTERING_A_LINE if isinstance(request, MasterRequest) else 0


_MASTERING_A_LINE = 60
"""Joining, levelling and encoding a line costs about as much as speaking so many characters."""


def tags_of(paper: Paper, script: Script, kit: Kit, duration_ms: int, loudness: Loudness) -> tuple[Tag, ...]:
    """What an episode of that length and loudness is tagged with. Raises TaggingError."""
    feed = kit.show.feed
    listing = tagging.Listing(kit.lock.guid_of(paper.slug, feed.url), feed.category, feed.license_url or "")
    voices = _voices([kit.voice_of(line, paper) for line in script.lines])
    made = tagging.Made(plain_text(script), duration_ms, loudness)
    return tagging.describe(paper, kit.show.facts, voices, listing, made, draft=kit.draft)


def script_request(paper: Paper, kit: Kit) -> ScriptRequest:
    """All that decides what an episode says."""
    return ScriptRequest(
        paper=paper,
        show=kit.show.facts,
        template=paper.template or kit.show.template,
        templates=kit.templates,
        lexicon=kit.lexicon,
        speakers=kit.show.speakers,
        pauses=kit.show.pauses,
    )


def speech_request(line: Line, voice: Voice) -> SpeechRequest:
    """All that decides how a line sounds in a voice."""
    text, phonemes = wording(line.sentence, takes_phonemes=voice.takes_phonemes)
    return SpeechRequest(
        text=text,
        engine=voice.engine,
        identity=voice.identity,
        options=voice.options,
        phonemes=phonemes,
        files=tuple(voice.files.values()),
    )


def _mastering(
    spoken: list[tuple[Line, Voice]], clips: tuple[Clip, ...], show: Show, music: Music | None
) -> MasterRequest:
    numbers = {name: number for number, name in enumerate(dict.fromkeys(voice.name for _, voice in spoken))}
    return MasterRequest(
        pieces=tuple(
            Piece(audio=clip.audio, pause_after_ms=_pause_ms(line, voice), voice=numbers[voice.name])
            for (line, voice), clip in zip(spoken, clips, strict=True)
        ),
        **sound_numbers(show),
        music=music and replace(music, sections=_sections(spoken)),
    )


def sound_numbers(show: Show) -> dict[str, Any]:
    """How loud an episode is and how it is encoded, by the fields of MasterRequest."""
    sound = show.sound
    return {
        "target_mlufs": sound.target_mlufs,
        "ceiling_mdbtp": sound.ceiling_mdbtp,
        "rate_hz": sound.rate_hz,
        "channels": 1 if sound.channels == "mono" else 2,
        "bitrate_kbps": sound.bitrate_kbps if sound.vbr_quality is None else None,
        "vbr_quality": sound.vbr_quality,
        "lame_quality": sound.lame_quality,
    }


def _sections(spoken: list[tuple[Line, Voice]]) -> tuple[int, ...]:
    """Which lines begin a section."""
    parts = [line.part for line, _ in spoken]
    return tuple(n for n, part in enumerate(parts) if n == 0 or part != parts[n - 1])


def _pause_ms(line: Line, voice: Voice) -> int:
    return min(line.pause_after_ms * voice.pause_percent // 100, LONGEST_PAUSE_MS)


def _voices(voices: list[Voice]) -> tagging.Voices:
    """All of them, each once."""
    spoken_by = "; ".join(dict.fromkeys(voice.spoken_by for voice in voices))
    return tagging.Voices(spoken_by, "; ".join(dict.fromkeys(voice.identity for voice in voices)))


def do_job(job: Job, store_url: str) -> Receipt:
    """Do one job: the one function that every worker, here or elsewhere, runs."""
    return carry_out(STEPS[job["step"]], job, store_url)
