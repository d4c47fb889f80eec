"""Assembly: spoken clips in, one `Master` out: joined, levelled, encoded, and measured.

The loudness and the true peak that are asked for are those of the decoded MP3, as a listener
hears it: after encoding it is decoded and measured, and encoded again if it missed them.
All that grows with the episode is in files; memory does not grow with it.
"""

import logging
import math
from typing import TYPE_CHECKING

from ..errors import AssemblyError
from ..model import Blob, Desk, Heard, Loudness, Master, MasterRequest

if TYPE_CHECKING:
    from ..loudness import Reading
    from .mix import Mix
    from .music import Score

__all__ = ["master"]

log = logging.getLogger(__name__)

OVERSHOOT_DB = 0.5
"""By so much, or less, MP3 moves the true peaks of speech up; the limiter leaves room for it."""

WITHIN_LU = 0.1
"""How near the target the finished file has to be."""

ENCODINGS = 3
"""At most, for one episode; one is the rule."""

SPARE_DB = 0.1
"""The limiter aims so much lower than what was measured to be over the ceiling."""

SHORTEST_MS = 400
"""Loudness is not defined below one gating block (BS.1770-4)."""


def master(request: MasterRequest, desk: Desk) -> Master:
    """Join the pieces, bring them to the loudness under the ceiling, and encode.

    The integrated loudness is within 0.1 LU of the target unless the ceiling forbids it, in which
    case it is as near as it gets; the true peak is never above the ceiling. Both are measured on
    the decoded MP3, which has exactly `samples` samples. Music is added to the speech, at levels
    relative to it, before that. The same request gives the same bytes.
    Raises AssemblyError for no pieces, a clip that cannot be read, sound that is silent or
    shorter than 400 ms, a rate, bit rate, quality or ceiling that MP3 does not have, and a file
    that does not come out as promised.
    """
    from .mix import write_mix  # brings numpy and soundfile, which only a new mix needs

    _check_request(request)
    score = _read_score(request, desk)
    room = score.room(len(request.pieces)) if score else {}
    path = desk.new(".f32")
    try:
        mix = write_mix(request.pieces, request.rate_hz, desk, path, room)
        _check_audible(mix)
        return _deliver(score.added_to(mix) if score else mix, request, desk)
    finally:
        path.unlink(missing_ok=True)


def _read_score(request: MasterRequest, desk: Desk) -> "Score | None":
    """The music, if there is any."""
    if request.music is None:
        return None
    from .music import read_score  # only for a show that has any

    return read_score(request.music, request.rate_hz, desk)


def _check_request(request: MasterRequest) -> None:
    """Raise AssemblyError for what can be known to be wrong before anything is read."""
    from .encode import BITRATES_KBPS, RATES_HZ  # brings LAME

    if not request.pieces:
        raise AssemblyError(
            "no clips to join", hint="the script has no lines: check the paper and the templates"
        )
    shortest = min(piece.pause_after_ms for piece in request.pieces)
    if shortest < 0:
        raise AssemblyError(f"a pause of {shortest} ms", hint="pauses are 0 ms or longer")
    if request.rate_hz not in RATES_HZ:
        raise AssemblyError(f"MP3 at {request.rate_hz} Hz", hint=f"choose one of {_listed(RATES_HZ)} Hz")
    if (request.vbr_quality is None) == (request.bitrate_kbps is None):
        raise AssemblyError(
            "a bit rate that is both constant and variable, or neither", hint="choose one of them"
        )
    if request.bitrate_kbps is not None and request.bitrate_kbps not in BITRATES_KBPS:
        raise AssemblyError(
            f"MP3 at {request.bitrate_kbps} kbit/s", hint=f"choose one of {_listed(BITRATES_KBPS)} kbit/s"
        )
    if not 0 <= (request.vbr_quality or 0) <= 9:
        raise AssemblyError(f"MP3 of VBR quality {request.vbr_quality}", hint="choose 0 (large) to 9 (small)")
    if request.channels not in (1, 2):
        raise AssemblyError(f"MP3 of {request.channels} channels", hint="choose 1 or 2")
    if not 0 <= request.lame_quality <= 9:
        raise AssemblyError(f"LAME quality {request.lame_quality}", hint="choose 0 (slow) to 9 (fast)")
    if request.ceiling_mdbtp > 0:
        raise AssemblyError(
            f"a true-peak ceiling of {request.ceiling_mdbtp / 1000} dBTP",
            hint="choose one below 0, such as -1",
        )


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


def _check_audible(mix: "Mix") -> None:
    """Raise AssemblyError for a mix whose loudness is not defined."""
    if mix.reading.integrated_lufs == -math.inf:
        raise AssemblyError(
            "all clips are silent, below -70 LUFS", hint="check the engine, its voice and volume"
        )
    spoken = mix.timeline.ends[-1] - mix.timeline.starts[0]
    if spoken * 1000 < SHORTEST_MS * mix.rate_hz:
        raise AssemblyError(
            f"only {spoken * 1000 // mix.rate_hz} ms of sound",
            hint=f"an episode needs {SHORTEST_MS} ms or more",
        )


def _deliver(mix: "Mix", request: MasterRequest, desk: Desk) -> Master:
    """Level, encode and measure; again, with what was missed taken into account, if need be."""
    from ..loudness import measure  # brings numpy
    from .encode import encode  # brings LAME
    from .limit import amplified, limited, solve_levelling  # brings numpy

    target, ceiling = request.target_mlufs / 1000, request.ceiling_mdbtp / 1000
    # What is in two channels counts twice, so that each has to be as much quieter.
    aim, limit = target - 10 * math.log10(request.channels), ceiling - OVERSHOOT_DB
    for _ in range(ENCODINGS):
        levelling = solve_levelling(mix, aim, limit)
        path = desk.new(".mp3")
        is_free = mix.true_peak_dbtp + levelling.gain_db <= limit
        gain_db = levelling.gain_db
        encode(amplified(mix, gain_db) if is_free else limited(mix, gain_db, limit), path, request)
        heard = measure(path)
        if heard.samples != mix.timeline.total:
            path.unlink()
            raise AssemblyError(
                f"the MP3 plays {heard.samples} of {mix.timeline.total} samples", hint="reinstall lameenc"
            )
        missing, over = target - heard.integrated_lufs, heard.true_peak_dbtp - ceiling
        held_down = missing > 0 and levelling.integrated_lufs < aim - WITHIN_LU
        if over <= 0 and (abs(missing) <= WITHIN_LU or held_down):
            return _finish(mix, heard, desk.keep(path))
        path.unlink()
        aim += missing
        limit -= max(0.0, over + SPARE_DB)
    raise AssemblyError(
        f"encoded {ENCODINGS} times, and still {-missing:+.2f} LU off and {over:+.2f} dB above the ceiling",
        hint="raise the bit rate, or lower the target",
    )


def _finish(mix: "Mix", heard: "Reading", mp3: Blob) -> Master:
    """What was made, and one line about it."""
    log.info(
        "%d clips, %.1f s: %.2f LUFS, %.2f dBTP",
        len(mix.timeline.starts),
        heard.samples / mix.rate_hz,
        heard.integrated_lufs,
        heard.true_peak_dbtp,
    )
    return Master(
        mp3=mp3,
        samples=heard.samples,
        rate_hz=mix.rate_hz,
        loudness=Loudness(
            integrated_mlufs=round(heard.integrated_lufs * 1000),
            true_peak_mdbtp=math.ceil(heard.true_peak_dbtp * 1000),
        ),
        heard=_heard(mix),
    )


def _heard(mix: "Mix") -> tuple[Heard, ...]:
    places = zip(mix.timeline.starts, mix.timeline.ends, mix.trimmed, strict=True)
    return tuple(
        Heard(start_samples=start, end_samples=end, trimmed_samples=trimmed) for start, end, trimmed in places
    )
