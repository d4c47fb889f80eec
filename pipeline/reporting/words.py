"""Numbers in, the few words that pages and terminals both say for them out."""

from ..model import Loudness
from .values import Portrait

__all__ = ["day", "encoding", "level", "loudness", "many", "moment", "off", "seconds", "whole"]


def seconds(ms: int) -> str:
    """A time as an address has it: "12.5"."""
    return f"{ms / 1000:.10g}"


def level(thousandths: int) -> str:
    """A level: "-16.0"."""
    return f"{thousandths / 1000:.1f}".replace("-", "\N{MINUS SIGN}")


def whole(thousandths: int) -> str:
    """A level on a scale: "-15"."""
    return f"{thousandths // 1000}".replace("-", "\N{MINUS SIGN}")


def off(thousandths: int) -> str:
    """How far a level is off: "+0.3", "0.0"."""
    tenths = round(thousandths / 100)
    return level(100 * tenths) if tenths <= 0 else f"+{level(100 * tenths)}"


def many(count: int, what: str) -> str:
    """So many of something."""
    return f"{count:,} {what}" + "s" * (count != 1)


def day(when: str) -> str:
    """The day of a moment in ISO 8601."""
    return when[:10] or "unknown"


def moment(when: str) -> str:
    """The minute of a moment in ISO 8601, UTC."""
    return f"{when[:10]} {when[11:16]} UTC" if when else "unknown"


def encoding(episode: Portrait) -> str:
    """How an episode is encoded."""
    rate = "variable bit rate" if episode.bitrate_kbps is None else f"{episode.bitrate_kbps} kb/s"
    channels = {1: "mono", 2: "stereo"}.get(episode.channels, f"{episode.channels} channels")
    return f"MP3, {rate}, {episode.rate_hz / 1000:g} kHz, {channels}, {episode.size_bytes / 1e6:.1f} MB"


def loudness(levels: Loudness) -> str:
    """Integrated loudness and true peak."""
    return f"{level(levels.integrated_mlufs)} LUFS, {level(levels.true_peak_mdbtp)} dBTP"
