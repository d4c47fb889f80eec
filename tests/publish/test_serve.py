"""The site's server: what players ask of a host, and what nobody must get."""

import http.client
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import PublishError
from pipeline.serve import HOST, SiteServer, open_server

from ..conftest import LittleShow

SOUND = bytes(range(256)) * 1000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("show")
    site = root / "site"
    for name, content in {
        "index.html": b"<!doctype html><title>It</title>",
        "episodes/one.html": b"one",
        "media/a b.mp3": SOUND,
        "media/empty.mp3": b"",
        "feed.xml": b"<rss/>",
        "media/one.vtt": b"WEBVTT\n",
        "media/one.srt": b"1\n",
        "media/one.json": b"{}",
        ".hidden": b"secret",
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(content)
    (root / "secret.txt").write_text("secret")
    (site / "link.txt").symlink_to(root / "secret.txt")
    (site / "way-out").symlink_to(root)
    return site


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[SiteServer]:
    with open_server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(
    server: SiteServer, target: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(HOST, server.server_port, timeout=10)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html?x=1", "text/html; charset=utf-8"),
        ("/episodes/one.html", "text/html; charset=utf-8"),
        ("/feed.xml", "application/rss+xml; charset=utf-8"),
        ("/media/one.vtt", "text/vtt; charset=utf-8"),
        ("/media/one.srt", "application/x-subrip; charset=utf-8"),
        ("/media/one.json", "application/json; charset=utf-8"),
        ("/media/a%20b.mp3", "audio/mpeg"),
    ],
)
def test_files_have_their_types_and_head_says_the_same(server: SiteServer, target: str, kind: str) -> None:
    response, body = ask(server, target)
    head, nothing = ask(server, target, "HEAD", Range="bytes=0-1")
    assert (response.status, response.version) == (200, 11)
    assert response.headers["Content-Type"] == kind
    assert response.headers["Content-Length"] == str(len(body))
    assert nothing == b""
    unlike = {"Date"}
    assert [it for it in head.headers.items() if it[0] not in unlike] == [
        it for it in response.headers.items() if it[0] not in unlike
    ]


@pytest.mark.parametrize(
    ("asked", "status", "start", "stop"),
    [
        ("bytes=0-", 206, 0, len(SOUND)),
        ("bytes=0-0", 206, 0, 1),
        ("bytes=10-19", 206, 10, 20),
        ("BYTES=10-19", 206, 10, 20),
        (f"bytes={len(SOUND) - 1}-", 206, len(SOUND) - 1, len(SOUND)),
        ("bytes=255990-999999999", 206, 255_990, len(SOUND)),
        ("bytes=-5", 206, len(SOUND) - 5, len(SOUND)),
        ("bytes=-999999999", 206, 0, len(SOUND)),
        ("bytes=5-4", 200, 0, len(SOUND)),
        ("bytes=0-1,4-5", 200, 0, len(SOUND)),
        ("bytes=-", 200, 0, len(SOUND)),
        ("bytes=x-1", 200, 0, len(SOUND)),
        ("bytes=٣-٤", 200, 0, len(SOUND)),
        ("items=0-1", 200, 0, len(SOUND)),
        ("", 200, 0, len(SOUND)),
    ],
)
def test_one_range_is_sent_and_anything_else_is_the_whole(
    server: SiteServer, asked: str, status: int, start: int, stop: int
) -> None:
    response, body = ask(server, "/media/a%20b.mp3", Range=asked.encode().decode("latin-1"))
    assert response.status == status
    assert body == SOUND[start:stop]
    span = f"bytes {start}-{stop - 1}/{len(SOUND)}" if status == 206 else None
    assert response.headers["Content-Range"] == span
    assert response.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        ("/media/a%20b.mp3", f"bytes={len(SOUND)}-"),
        ("/media/a%20b.mp3", "bytes=-0"),
        ("/media/empty.mp3", "bytes=0-"),
        ("/media/empty.mp3", "bytes=-1"),
    ],
)
def test_a_range_that_is_not_there_is_refused_with_the_size(
    server: SiteServer, target: str, asked: str
) -> None:
    response, body = ask(server, target, Range=asked)
    size = len(SOUND) if "empty" not in target else 0
    assert (response.status, body) == (416, b"")
    assert response.headers["Content-Range"] == f"bytes */{size}"


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/episodes/../../secret.txt",
        "/..\\secret.txt",
        "/%5c..%5csecret.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/C:/Windows/win.ini",
        "/link.txt",
        "/way-out/secret.txt",
        "/.hidden",
        "/episodes",
        "/episodes/",
        "/media/",
        "/nothing.html",
        "/index.html%00.jpg",
        "/index.html/",
        "/" + "a" * 5000,
        "/\xff\xfe",
        "*",
        "//[/index.html",
        "index.html",
    ],
)
def test_nothing_else_is_sent(server: SiteServer, target: str) -> None:
    with socket.create_connection((HOST, server.server_port), timeout=10) as raw:
        raw.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1"))
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 40"), answer[:80]
    assert b"secret\n" not in answer
    assert b"one.html" not in answer


def test_a_name_that_begins_with_a_slash_twice_leads_nowhere(server: SiteServer, folder: Path) -> None:
    assert server.find("/") == folder / "index.html"
    assert server.find("///etc/passwd") is None
    assert server.find("http://example.org/index.html") == folder / "index.html"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_reading_is_possible(server: SiteServer, method: str) -> None:
    assert ask(server, "/index.html", method)[0].status == 501


def test_many_requests_go_over_one_connection_and_others_are_not_kept_waiting(server: SiteServer) -> None:
    idle = socket.create_connection((HOST, server.server_port), timeout=10)
    connection = http.client.HTTPConnection(HOST, server.server_port, timeout=10)
    for _ in range(3):
        connection.request("GET", "/media/a%20b.mp3", headers={"Range": "bytes=1-3"})
        assert connection.getresponse().read() == SOUND[1:4]
    connection.close()
    idle.close()


def test_a_taken_port_is_told_with_what_to_do(server: SiteServer, folder: Path) -> None:
    with pytest.raises(PublishError, match=rf"port {server.server_port} cannot be had: .*--port"):
        open_server(folder, server.server_port)


def test_without_a_site_the_command_says_what_makes_one(
    show: LittleShow, capsys: pytest.CaptureFixture[str]
) -> None:
    here = Path.cwd()
    try:
        assert main(["--show", str(show.root), "serve", "--port", "0"]) == PublishError.exit_code
    finally:
        os.chdir(here)
    assert "there is no site yet (`make publish` makes it)" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="an interrupt cannot be sent to one process there")
def test_the_command_says_its_address_and_ends_quietly_when_interrupted(show: LittleShow) -> None:
    import signal

    show.write("output/site/index.html", "hello")
    command = [sys.executable, "-m", "pipeline", "--show", str(show.root), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[0]
        connection = http.client.HTTPConnection(address.split("/")[2], timeout=10)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"hello"
        process.send_signal(signal.SIGINT)  # while a connection is still open
        out, err = process.communicate(timeout=10)
        connection.close()
    assert (process.returncode, out.strip(), err) == (0, "", "")


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /media/a%20b.mp3 HT",
        b"GET /media/a%20b.mp3 HTTP/1.1\r\n\r\n",
        b"GET /nothing HTTP/1.1\r\n\r\n" * 50,
        b"rubbish\r\n\r\n",
    ],
)
def test_a_client_that_goes_away_is_not_spoken_of(
    server: SiteServer, begun: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    """A connection that is closed without lingering is reset."""
    before = threading.active_count()
    for _ in range(10):
        with socket.create_connection((HOST, server.server_port), timeout=10) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(begun)
    assert ask(server, "/episodes/one.html")[1] == b"one"
    until = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.01)
    assert "Traceback" not in capfd.readouterr().err


def test_any_other_fault_is_told(server: SiteServer, capfd: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("a fault of ours")
    except ValueError:
        server.handle_error(None, (HOST, 1))
    assert "a fault of ours" in capfd.readouterr().err
