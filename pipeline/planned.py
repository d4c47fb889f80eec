"""What is to be heard in a finished episode, and when: the plan that its file is held against.

    ledger ──> records of its script, its mastering and its tags ──> lines, pauses, music, each in its place

Read back from what the episode was made of, never from its file.
"""

from collections.abc import Iterator

from .assembly.timeline import LEAD_IN_MS, TAIL_MS
from .deliver import Finished
from .errors import StoreError
from .lengths import samples_in
from .model import Heard, Line, Master, MasterRequest, Music, Script, TagRequest
from .recipe import MASTER, SCRIPT, SPEAK, TAG, speech_request
from .soundcheck.plan import Planned, PlannedLine, Span
from .store import Store, key_of
from .synthesis.engine import USUAL_WPM
from .synthesis.expected import bounds_s
from .synthesis.voices import Voice
from .timing import transcribe

__all__ = ["Planned", "PlannedLine", "planned"]


def planned(finished: Finished, store: Store) -> Planned:
    """The plan of a finished episode. Raises StoreError if the store has forgotten what it was made of."""
    host, script, mastering, master, tagging = _records(finished, store)
    voices = [_voice(line, finished.voices) for line in script.lines]
    spoken = [(line, voice) for line, (_, voice) in zip(script.lines, voices, strict=True)]
    keys = [key_of(SPEAK, speech_request(line, voice)) for line, voice in spoken]
    clips = [store.recall(SPEAK, key) for key in keys]
    if None in clips:
        raise _forgotten(finished)
    return Planned(
        slug=finished.slug,
        title=finished.title,
        mp3=finished.mp3,
        sha256=finished.digests[f"{finished.slug}.mp3"],
        sound=master.mp3,
        samples=master.samples,
        rate_hz=master.rate_hz,
        channels=mastering.channels,
        bitrate_kbps=mastering.bitrate_kbps,
        target_mlufs=mastering.target_mlufs,
        ceiling_mdbtp=mastering.ceiling_mdbtp,
        loudness=master.loudness,
        lines=tuple(_lines(script, voices, keys, mastering, master)),
        music=tuple(_music(mastering, master)),
        transcript=transcribe(spoken, tuple(clip for clip in clips if clip), master, host),
        tagging=tagging,
    )


def _records(finished: Finished, store: Store) -> tuple[str, Script, MasterRequest, Master, TagRequest]:
    """The host, then what was asked and given."""
    written, mastered, tagged = (finished.keys.get(step.name, "") for step in (SCRIPT, MASTER, TAG))
    writing, script = store.asked(SCRIPT, written), store.recall(SCRIPT, written)
    mastering, master = store.asked(MASTER, mastered), store.recall(MASTER, mastered)
    tagging = store.asked(TAG, tagged)
    if not (writing and script and mastering and master and tagging):
        raise _forgotten(finished)
    return writing[1].show.host, script, mastering[1], master, tagging[1]


def _forgotten(finished: Finished) -> StoreError:
    hint = f"make it again: delete {finished.mp3}, then make"
    return StoreError("what it was made of is not in the store any more", where=finished.mp3, hint=hint)


def _voice(line: Line, voices: dict[str, Voice]) -> tuple[str, Voice]:
    quoting = "quotations" if line.kind == "quote" and "quotations" in voices else "host"
    who = line.speaker or quoting
    return who, voices[who]


def _lines(
    script: Script, voices: list[tuple[str, Voice]], keys: list[str], mastering: MasterRequest, master: Master
) -> Iterator[PlannedLine]:
    parts = zip(script.lines, voices, keys, mastering.pieces, master.heard, strict=True)
    for number, (line, (who, voice), key, piece, heard) in enumerate(parts, 1):
        request = speech_request(line, voice)
        pace = request.options.get("words_per_minute", USUAL_WPM)
        least_s, most_s = bounds_s(request.text, pace if isinstance(pace, int) else USUAL_WPM)
        yield PlannedLine(
            number=number,
            part=line.part,
            kind=line.kind,
            chapter=line.chapter,
            speaker=who,
            voice=voice.name,
            written=line.sentence.written,
            spoken=line.sentence.spoken,
            clip=piece.audio,
            trimmed_samples=heard.trimmed_samples,
            start_samples=heard.start_samples,
            end_samples=heard.end_samples,
            key=key,
            shortest_ms=max(0, int(1000 * least_s)),
            longest_ms=int(1000 * most_s),
        )


def _music(mastering: MasterRequest, master: Master) -> Iterator[Span]:
    """Intro, bed, stings and outro: whatever the pauses are longer for, and what goes under lines."""
    music, rate_hz, places = mastering.music, master.rate_hz, master.heard
    if music is None:
        return
    pauses = [samples_in(piece.pause_after_ms, rate_hz) for piece in mastering.pieces]
    first, last = places[0].start_samples, places[-1].end_samples
    if music.intro:
        yield samples_in(LEAD_IN_MS, rate_hz), first + samples_in(music.intro_overlap_ms, rate_hz)
    if music.bed:
        yield _bed(music, places, rate_hz)
    for section in music.sections[1:] if music.sting else ():
        end, start = places[section - 1].end_samples, places[section].start_samples
        silent = pauses[section - 1] // 2
        yield end + silent, start - (pauses[section - 1] - silent)
    if music.outro:
        yield last + pauses[-1], master.samples - samples_in(TAIL_MS, rate_hz)


def _bed(music: Music, places: tuple[Heard, ...], rate_hz: int) -> Span:
    """Under the first section, and so far around it as it fades."""
    after = music.sections[1] if len(music.sections) > 1 else len(places)
    start = max(0, places[0].start_samples - samples_in(music.bed_fade_in_ms, rate_hz))
    return start, places[after - 1].end_samples + samples_in(music.bed_fade_out_ms, rate_hz)
