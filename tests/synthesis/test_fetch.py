"""Files over a network that cuts, lies, repeats itself and changes its mind; over real sockets."""

from email.message import Message
from pathlib import Path
from urllib.request import Request

import pytest

from pipeline import fetch as fetching
from pipeline.errors import FetchError, NotPublished
from pipeline.fetch import fetch

from .publisher import FILES, STYLE, Answer, Answering, Publisher, cut, etag, ignore_range, published, reply

NAME = "/voices/af_heart.bin"
HALF = 261_120


def get(
    publisher: Publisher, path: Path, name: str = NAME, most_bytes: int = 1_000_000
) -> list[tuple[int, int]]:
    seen: list[tuple[int, int]] = []
    fetch(
        f"{publisher.url}{name}",
        path,
        most_bytes=most_bytes,
        check=lambda part: None,
        watch=lambda done, total: seen.append((done, total)),
    )
    return seen


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_file_comes_whole_and_its_progress_is_told(publisher: Publisher, tmp_path: Path) -> None:
    seen = get(publisher, tmp_path / "deep/a.bin")
    assert (tmp_path / "deep/a.bin").read_bytes() == STYLE
    assert seen == sorted(seen)
    assert seen[-1] == (len(STYLE), len(STYLE))
    assert left(tmp_path / "deep") == {"a.bin"}


def test_a_cut_download_goes_on_where_it_was(
    publisher: Publisher, tmp_path: Path, waits: list[float]
) -> None:
    publisher.answers["af_heart.bin"] = [cut(HALF)]
    get(publisher, tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == STYLE
    assert publisher.ranges("af_heart.bin") == ["", f"bytes={HALF}-"]
    assert publisher.sent == len(STYLE)
    assert waits == [1]
    assert left(tmp_path) == {"a.bin"}


def test_the_next_run_goes_on_too(publisher: Publisher, tmp_path: Path, waits: list[float]) -> None:
    publisher.answers["af_heart.bin"] = [cut(HALF), *[reply(503)] * 4]
    with pytest.raises(
        FetchError, match=r"answered 503, at the last of 5 attempts .*goes on where it stopped"
    ):
        get(publisher, tmp_path / "a.bin")
    assert waits == [1, 2, 4, 8]
    assert left(tmp_path) == {"a.bin.part", "a.bin.part-of"}
    get(publisher, tmp_path / "a.bin")
    assert publisher.ranges("af_heart.bin")[-1] == f"bytes={HALF}-"
    assert publisher.sent == len(STYLE)


def test_a_part_that_is_whole_is_not_asked_for(publisher: Publisher, tmp_path: Path) -> None:
    publisher.answers["af_heart.bin"] = [cut(HALF), *[reply(503)] * 4]
    with pytest.raises(FetchError):
        get(publisher, tmp_path / "a.bin")
    (tmp_path / "a.bin.part").write_bytes(STYLE)
    asked = len(publisher.asked)
    get(publisher, tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == STYLE
    assert len(publisher.asked) == asked


def other_part(asked: Answering) -> None:
    asked.send_start(206, 10, Content_Range=f"bytes 5-14/{len(STYLE)}", ETag=etag(STYLE))
    asked.send(STYLE[5:15])


def part_of_another(asked: Answering) -> None:
    """As a server that knows Range but not If-Range."""
    rest = bytes(len(STYLE) - HALF)
    asked.send_start(
        206, len(rest), Content_Range=f"bytes {HALF}-{len(STYLE) - 1}/{len(STYLE)}", ETag='"new"'
    )
    asked.send(rest)


ANEW: dict[str, tuple[list[Answer], list[str]]] = {
    "a server that ignores Range": ([ignore_range], ["", f"bytes={HALF}-"]),
    "a part past the end": ([reply(416)], ["", f"bytes={HALF}-", ""]),
    "another part": ([other_part], ["", f"bytes={HALF}-", ""]),
    "a part of another file": ([part_of_another], ["", f"bytes={HALF}-", ""]),
}


@pytest.mark.parametrize(("answers", "ranges"), ANEW.values(), ids=ANEW)
def test_what_is_no_continuation_begins_anew(
    publisher: Publisher, tmp_path: Path, answers: list[Answer], ranges: list[str]
) -> None:
    publisher.answers["af_heart.bin"] = [cut(HALF), *answers]
    get(publisher, tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == STYLE
    assert publisher.ranges("af_heart.bin") == ranges


def test_a_file_that_changed_meanwhile_begins_anew(publisher: Publisher, tmp_path: Path) -> None:
    def cut_and_change(asked: Answering) -> None:
        cut(HALF)(asked)
        publisher.files[NAME] = STYLE[::-1]

    publisher.answers["af_heart.bin"] = [cut_and_change]
    get(publisher, tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == STYLE[::-1]
    assert publisher.ranges("af_heart.bin") == ["", f"bytes={HALF}-"]


def test_without_a_name_for_its_state_a_file_is_not_continued(publisher: Publisher, tmp_path: Path) -> None:
    for weak in ("", 'W/"weak"'):
        publisher.answers["af_heart.bin"] = [cut(HALF, ETag=weak)]
        publisher.asked.clear()
        get(publisher, tmp_path / "a.bin")
        assert (tmp_path / "a.bin").read_bytes() == STYLE
        assert publisher.ranges("af_heart.bin") == ["", ""]


def test_a_date_will_do(publisher: Publisher, tmp_path: Path) -> None:
    date = "Tue, 24 Nov 2026 10:00:00 GMT"
    publisher.answers["af_heart.bin"] = [cut(HALF, ETag="", Last_Modified=date)]
    seen = []

    def look(asked: Answering) -> None:
        seen.append((asked.headers["Range"], asked.headers["If-Range"]))
        ignore_range(asked)

    publisher.answers["af_heart.bin"].append(look)
    get(publisher, tmp_path / "a.bin")
    assert seen == [(f"bytes={HALF}-", date)]


def test_the_part_of_another_address_is_not_continued(publisher: Publisher, tmp_path: Path) -> None:
    publisher.answers["af_heart.bin"] = [cut(HALF), *[reply(503)] * 4]
    with pytest.raises(FetchError):
        get(publisher, tmp_path / "a.bin")
    publisher.files["/mirror/af_heart.bin"] = STYLE[::-1]
    get(publisher, tmp_path / "a.bin", "/mirror/af_heart.bin")
    assert publisher.asked[-1] == ("/mirror/af_heart.bin", "")
    assert (tmp_path / "a.bin").read_bytes() == STYLE[::-1]


def hang_up(asked: Answering) -> None:
    asked.connection.shutdown(2)


def say_nothing(asked: Answering) -> None:
    asked.publisher.over.wait(20)


PASSING: dict[str, tuple[list[Answer], list[float]]] = {
    "broken twice": ([reply(500), reply(502)], [1, 2]),
    "busy": ([reply(429, Retry_After="7")], [7]),
    "hung up": ([hang_up], [1]),
    "silent": ([say_nothing], [1]),
    "empty": ([reply(200)], [1]),
}


@pytest.mark.parametrize(("answers", "waited"), PASSING.values(), ids=PASSING)
def test_what_may_pass_is_asked_again(
    publisher: Publisher,
    tmp_path: Path,
    waits: list[float],
    monkeypatch: pytest.MonkeyPatch,
    answers: list[Answer],
    waited: list[float],
) -> None:
    monkeypatch.setattr(fetching, "SILENCE_S", 0.3)
    publisher.answers["af_heart.bin"] = list(answers)
    get(publisher, tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == STYLE
    assert waits == waited


def chunked_for_ever(asked: Answering) -> None:
    asked.send_start(200, None, Transfer_Encoding="chunked")
    for _ in range(100):
        asked.send(b"FFFF\r\n" + bytes(0xFFFF) + b"\r\n")


def unending(asked: Answering) -> None:
    asked.send_start(200, None)
    asked.send(STYLE)


PAGE = b"\n<!DOCTYPE html><html><body>Please log in</body></html>"
REFUSED: dict[str, tuple[Answer, str]] = {
    "a login page": (reply(200, PAGE, Content_Type="text/html"), "a web page came .*network want a login"),
    "a login page in disguise": (
        reply(200, PAGE, Content_Type="application/octet-stream"),
        "a web page came",
    ),
    "not there": (
        reply(404, PAGE, Content_Type="text/html"),
        "af_heart.bin: is not there .is the name right",
    ),
    "not for everybody": (reply(401), "answered 401 .is it a place that everybody may read"),
    "too large": (reply(200, bytes(1_000_001)), "holds more than 1,000,000 bytes"),
    "too large unannounced": (chunked_for_ever, "holds more than 1,000,000 bytes"),
    "of no known length": (unending, "does not say how long"),
    "sent on to a file": (reply(302, Location="file:///etc/passwd"), "redirect"),
    "sent on to nowhere": (reply(302), "in a circle, or to nowhere"),
    "sent on to no address": (reply(302, Location="http://[x/"), "leads to an address that is none"),
}


@pytest.mark.parametrize(("answer", "says"), REFUSED.values(), ids=REFUSED)
def test_what_will_not_pass_is_said_at_once(
    publisher: Publisher, tmp_path: Path, waits: list[float], answer: Answer, says: str
) -> None:
    publisher.answers["af_heart.bin"] = [answer]
    with pytest.raises(FetchError, match=says) as caught:
        get(publisher, tmp_path / "a.bin")
    assert publisher.url in str(caught.value)
    assert waits == []
    assert len(publisher.asked) == 1
    assert not (tmp_path / "a.bin").exists()


def test_a_login_page_in_the_middle_costs_nothing_of_what_is_here(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.answers["af_heart.bin"] = [cut(HALF), reply(200, PAGE, Content_Type="text/html")]
    with pytest.raises(FetchError, match="a web page"):
        get(publisher, tmp_path / "a.bin")
    get(publisher, tmp_path / "a.bin")
    assert publisher.ranges("af_heart.bin")[-1] == f"bytes={HALF}-"
    assert (tmp_path / "a.bin").read_bytes() == STYLE


def test_redirects_are_followed_with_the_part_that_is_asked_for(publisher: Publisher, tmp_path: Path) -> None:
    with published() as store:
        store.files = {"/blob/1": STYLE}
        send_on = reply(302, Location=f"{store.url}/blob/1?signature=secret")
        store.files["/blob/1?signature=secret"] = STYLE
        store.answers["secret"] = [cut(HALF)]
        publisher.answers["af_heart.bin"] = [send_on] * 2
        get(publisher, tmp_path / "a.bin")
        assert store.ranges("secret") == ["", f"bytes={HALF}-"]
        assert store.sent == len(STYLE)
    assert (tmp_path / "a.bin").read_bytes() == STYLE


def test_a_redirect_in_a_circle_ends(publisher: Publisher, tmp_path: Path) -> None:
    publisher.answers["af_heart.bin"] = [reply(302, Location=NAME)] * 50
    with pytest.raises(FetchError, match="in a circle"):
        get(publisher, tmp_path / "a.bin")
    assert len(publisher.asked) <= 11


@pytest.mark.parametrize(
    ("start", "end", "is_followed"),
    [
        ("https://a.example/x", "https://b.example/y", True),
        ("http://a.example/x", "https://b.example/y", True),
        ("http://a.example/x", "http://b.example/y", True),
        ("https://a.example/x", "http://b.example/y", False),
        ("https://a.example/x", "ftp://b.example/y", False),
        ("http://a.example/x", "ftp://b.example/y", False),
    ],
)
def test_nothing_goes_from_https_to_where_it_is_unprotected(start: str, end: str, is_followed: bool) -> None:
    def redirect() -> Request | None:
        return fetching._Careful().redirect_request(Request(start), None, 302, "", Message(), end)  # type: ignore[arg-type]

    if is_followed:
        followed = redirect()
        assert followed is not None
        assert followed.full_url == end
    else:
        with pytest.raises(FetchError, match="unprotected"):
            redirect()


def test_a_file_that_fails_its_check_leaves_what_was_there(publisher: Publisher, tmp_path: Path) -> None:
    def check(part: Path) -> None:
        assert part.read_bytes() == STYLE
        raise FetchError("is not good")

    (tmp_path / "a.bin").write_bytes(b"old")
    with pytest.raises(FetchError, match="not good"):
        fetch(f"{publisher.url}{NAME}", tmp_path / "a.bin", most_bytes=10**6, check=check, watch=print)
    assert (tmp_path / "a.bin").read_bytes() == b"old"
    assert left(tmp_path) == {"a.bin"}


def test_a_file_of_a_folder_is_copied_within_the_same_limits(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(FILES[NAME])
    seen: list[tuple[int, int]] = []

    def copy(name: str, most_bytes: int) -> None:
        fetch(
            str(tmp_path / name),
            tmp_path / "here/a.bin",
            most_bytes=most_bytes,
            check=lambda part: None,
            watch=lambda done, total: seen.append((done, total)),
        )

    copy("source", len(STYLE))
    assert (tmp_path / "here/a.bin").read_bytes() == STYLE
    assert seen[-1] == (len(STYLE), len(STYLE))
    with pytest.raises(FetchError, match="holds more than 10 bytes"):
        copy("source", 10)
    for missing in ("missing", "here"):
        with pytest.raises(NotPublished, match="no such file"):
            copy(missing, 10)
    assert left(tmp_path / "here") == {"a.bin"}


def test_nobody_there_is_said_after_all_attempts(tmp_path: Path, waits: list[float]) -> None:
    with published() as gone:
        pass
    with pytest.raises(FetchError, match=r"gave no whole answer: ConnectionRefusedError.*are you online"):
        get(gone, tmp_path / "a.bin")
    assert waits == [1, 2, 4, 8]
