"""Whatever became of the bytes of an episode, the answer is findings, soon, and never a traceback."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.verifying import verify_file

from .episode import SLUG, made

shares = st.floats(0, 1, exclude_max=True)
junk = st.binary(max_size=3000) | st.integers(1, 9000).map(bytes)


@given(first=shares, last=shares, between=junk)
@settings(max_examples=8)
def test_spliced_files_give_findings(first: float, last: float, between: bytes) -> None:
    """Cut if first < last, said twice otherwise, with anything between."""
    raw = made().mp3.read_bytes()
    assert_found(raw[: int(first * len(raw))] + between + raw[int(last * len(raw)) :])


@given(
    changes=st.lists(st.tuples(shares, st.integers(1, 255)), min_size=1, max_size=30),
    within=st.sampled_from([64, 4096, 1 << 30]),
)
@settings(max_examples=8)
def test_flipped_bytes_give_findings(changes: list[tuple[float, int]], within: int) -> None:
    raw = made().mp3.read_bytes()
    flipped = bytearray(raw)
    for place, mask in changes:
        flipped[int(place * min(len(raw), within))] ^= mask
    assert_found(bytes(flipped))


def assert_found(content: bytes) -> None:
    """An error at least, if it is only the digest, unless nothing has changed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{SLUG}.mp3")
        path.write_bytes(content)
        findings = verify_file(made().root, path).findings
    assert any(finding.is_error for finding in findings) or content == made().mp3.read_bytes()
