"""Faults against show.lock.yaml."""

from msgspec.structs import replace

from .changes import Change, locked, swap_guids

__all__ = ["LEDGER"]

LEDGER: dict[str, tuple[str, Change]] = {
    "podcast:guid changed": (
        "LOCK101",
        lambda w: setattr(w, "lock", replace(w.lock, podcast_guid="12345678-ffbf-5db3-ab93-017b3566b67d")),
    ),
    "guid changed": ("LOCK102", locked(guid="another")),
    "number changed": ("LOCK103", locked(number=9)),
    "season changed": ("LOCK103", locked(season=2)),
    "first publication changed": ("LOCK104", locked(published="2026-03-20T00:01:00Z")),
    "episode withdrawn": (
        "LOCK105",
        lambda w: setattr(
            w,
            "lock",
            replace(
                w.lock,
                episodes=w.lock.episodes
                | {"gone": replace(w.lock.episodes["first-light"], guid="gone", number=7)},
            ),
        ),
    ),
    "guids exchanged": ("LOCK106", swap_guids),
}
