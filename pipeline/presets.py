"""How loud an episode should be, by the name of who asks for it: what `sound.target_lufs` may say.

Only numbers and where they come from; docs/settings.md has the same table for its readers.
"""

from typing import Literal

from msgspec import Struct

__all__ = ["PRESETS", "Preset", "PresetName"]

PresetName = Literal["apple", "spotify", "broadcast", "atsc", "mono-19"]


class Preset(Struct, frozen=True, kw_only=True):
    """A loudness and a ceiling that belong together."""

    target_lufs: float
    """Integrated loudness of the file, ITU-R BS.1770-4."""
    ceiling_dbtp: float
    """Highest true peak, the same, annex 2."""
    source: str
    """Who says so, and where."""


PRESETS: dict[PresetName, Preset] = {
    "apple": Preset(
        target_lufs=-16.0,
        ceiling_dbtp=-1.0,
        source="Apple Podcasts, Audio requirements: -16 dB LKFS within 1 dB, true peak at most -1 dB FS",
    ),
    "spotify": Preset(
        target_lufs=-14.0,
        ceiling_dbtp=-1.0,
        source="Spotify, Loudness normalization: plays at -14 LUFS, and asks for -1 dB true peak or less",
    ),
    "broadcast": Preset(
        target_lufs=-23.0,
        ceiling_dbtp=-1.0,
        source="EBU R 128 (2020): programme loudness -23.0 LUFS, maximum true peak -1 dBTP",
    ),
    "atsc": Preset(
        target_lufs=-24.0,
        ceiling_dbtp=-2.0,
        source="ATSC A/85: -24 LKFS where nothing else is agreed, true peak below -2 dB TP",
    ),
    "mono-19": Preset(
        target_lufs=-19.0,
        ceiling_dbtp=-1.0,
        source="convention: BS.1770-4 adds channels, so mono at -19 from two loudspeakers is stereo at -16",
    ),
}
