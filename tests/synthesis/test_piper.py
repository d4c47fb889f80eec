"""Piper: right takes whatever becomes of its program, and nothing of it in ours; see test_contract.py as well."""

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline import synthesis
from pipeline.errors import ExtraMissing, SettingsError, SynthesisError
from pipeline.model import SpeechRequest
from pipeline.synthesis import isolation, takes
from pipeline.synthesis.engines import piper
from pipeline.synthesis.engines.piper import ENGINE, PiperOptions
from pipeline.synthesis.voices import choose_voice

from ..conftest import LittleShow
from .conftest import FolderDesk, Refused
from .little_voice import write_voice
from .test_faults import assert_ends, wait_until

REPOSITORY = Path(__file__).parent.parent.parent
LINE = "They asked what a model really learns, and the answer was a surprise."
OTHER = "So they took it apart, piece by piece."

pytestmark = pytest.mark.skipif(not piper._is_installed(), reason="needs the extra piper")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(autouse=True)
def program_of_its_own() -> Iterator[None]:
    """Each test starts and ends without a program."""
    piper._program().end()
    yield
    piper._program().end()


@pytest.fixture
def voice(tmp_path: Path) -> tuple[Path, Path]:
    return write_voice(tmp_path / "voices" / "piper")


def spoken(text: str, voice: tuple[Path, Path], **options: Any) -> bytes:
    path = voice[0].parent / f"{threading.get_ident()}.{os.getpid()}.wav"
    ENGINE.speak(text, PiperOptions(**options), path, files=voice)
    return path.read_bytes()


def request_for(
    desk: FolderDesk, voice: tuple[Path, Path], text: str = LINE, **options: Any
) -> SpeechRequest:
    return SpeechRequest(
        text=text,
        engine="piper",
        identity=ENGINE.identity(PiperOptions(**options)),
        options=options,
        files=tuple(desk.keep(path) for path in voice),
    )


def pid() -> int:
    running = piper._program().pid
    assert running is not None
    return running


def test_a_line_is_one_good_take_by_one_program(
    desk: FolderDesk, voice: tuple[Path, Path], refused: Refused
) -> None:
    clips = [synthesis.speak(request_for(desk, voice, text), desk) for text in (LINE, OTHER)]
    first = pid()
    clips.append(synthesis.speak(request_for(desk, voice), desk))
    assert refused() == 0
    assert pid() == first
    assert clips[0] == clips[2] != clips[1]


def test_a_voice_is_found_by_what_it_is_given_not_by_names(tmp_path: Path, voice: tuple[Path, Path]) -> None:
    expected = spoken(LINE, voice)
    moved = (voice[0].rename(tmp_path / "4f3c.onnx"), voice[1].rename(tmp_path / "a1b2.json"))
    assert spoken(LINE, moved) == expected


# What becomes of the program


@on_linux
def test_a_program_killed_within_a_line_costs_one_take(
    desk: FolderDesk, voice: tuple[Path, Path], refused: Refused
) -> None:
    expected = spoken(LINE, voice)
    killed = pid()
    os.kill(killed, signal.SIGSTOP)
    clips: list[Any] = []
    speaking = threading.Thread(target=lambda: clips.append(synthesis.speak(request_for(desk, voice), desk)))
    speaking.start()
    wait_until(lambda: is_asked(piper._program()._process))
    os.kill(killed, signal.SIGKILL)
    speaking.join()
    assert desk.path(clips[0].audio).read_bytes() == expected
    assert refused() == 1


def is_asked(process: "subprocess.Popen[bytes] | None") -> bool:
    """Whether a question lies in its pipe."""
    import fcntl
    import termios

    assert process is not None
    assert process.stdin is not None
    return int.from_bytes(fcntl.ioctl(process.stdin.fileno(), termios.FIONREAD, bytes(4)), sys.byteorder) > 0


@on_linux
def test_a_program_that_hangs_is_ended_at_the_limit(
    voice: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = spoken(OTHER, voice)
    hung = pid()
    os.kill(hung, signal.SIGSTOP)
    with monkeypatch.context() as limits:
        limits.setattr(isolation, "LIMIT_S", 0.2)
        limits.setattr(isolation, "LIMIT_PER_CHAR_S", 0.0)
        with pytest.raises(isolation.EngineFailed, match="did not answer within 0 s"):
            isolation.speak(ENGINE, LINE, PiperOptions(), voice[0].with_suffix(".wav"), files=voice)
    assert_ends(hung)
    assert spoken(OTHER, voice) == expected  # and not the answer to the line before


@on_linux
def test_a_program_that_died_while_nobody_asked_costs_nothing(
    desk: FolderDesk, voice: tuple[Path, Path], refused: Refused
) -> None:
    spoken(OTHER, voice)
    os.kill(pid(), signal.SIGKILL)
    wait_until(lambda: piper._program().pid is None)
    synthesis.speak(request_for(desk, voice), desk)
    assert refused() == 0


@on_linux
@pytest.mark.parametrize("also", [0, signal.SIGSTOP], ids=["waiting", "stopped"])
def test_no_program_outlives_a_killed_parent(voice: tuple[Path, Path], also: int) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.synthesis.engines.piper import *\n"
        "from pipeline.synthesis.engines.piper import _program\n"
        "files = tuple(map(Path, sys.argv[1:]))\n"
        "ENGINE.speak('Yes.', PiperOptions(), files[0].with_suffix('.wav'), files=files)\n"
        "print(_program().pid, flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, *map(str, voice)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout is not None
        program = int(parent.stdout.readline())
        os.kill(program, also)
        parent.kill()
    assert_ends(program)


@on_linux
def test_a_forked_process_has_a_program_of_its_own(voice: tuple[Path, Path]) -> None:
    expected = {text: spoken(text, voice) for text in (LINE, OTHER)}
    ours = pid()
    note = voice[0].with_suffix(".note")
    child = isolation._fork()
    if child == 0:
        try:
            got = spoken(OTHER, voice)
            note.write_text(f"{pid()} {got == expected[OTHER]}")
        finally:
            os._exit(0)
    assert spoken(LINE, voice) == expected[LINE]
    os.waitpid(child, 0)
    theirs, is_right = note.read_text().split()
    assert (int(theirs) != ours, is_right) == (True, "True")
    assert_ends(int(theirs))
    assert pid() == ours


def test_threads_get_their_own_lines(voice: tuple[Path, Path]) -> None:
    texts = [" ".join([OTHER] * count) for count in range(1, 7)]
    expected = {text: spoken(text, voice) for text in texts}
    got: dict[str, bytes] = {}
    threads = [
        threading.Thread(target=lambda text=text: got.update({text: spoken(text, voice)})) for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == expected


@on_linux
def test_nothing_under_the_gpl_is_loaded_here(voice: tuple[Path, Path]) -> None:
    code = (
        "import sys; from tests.synthesis.test_piper import *\n"
        "spoken(LINE, tuple(map(Path, sys.argv[1:])))\n"
        "assert 'piper' not in sys.modules and 'onnxruntime' not in sys.modules\n"
        "assert 'espeak' not in Path('/proc/self/maps').read_text()\n"
        "assert 'espeak' in Path(f'/proc/{pid()}/maps').read_text()\n"
    )
    subprocess.run([sys.executable, "-c", code, *map(str, voice)], check=True, cwd=REPOSITORY)


@on_linux
def test_nothing_is_left_open(voice: tuple[Path, Path]) -> None:
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(2):
        spoken(OTHER, voice)
        os.kill(pid(), signal.SIGKILL)
        wait_until(lambda: piper._program().pid is None)
    piper._program().end()
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


# What it is asked for


def test_speakers_and_paces_are_heard(tmp_path: Path) -> None:
    choir = write_voice(tmp_path / "voices" / "piper", "choir", speakers=3)
    first, third = (spoken(LINE, choir, speaker=speaker) for speaker in (0, 2))
    assert first != third
    assert len(first) == len(third)
    assert len(spoken(LINE, choir, words_per_minute=350)) < 0.6 * len(first)


def test_what_looks_like_phonemes_or_breaks_off_is_text(voice: tuple[Path, Path]) -> None:
    plain = spoken("It said a word and then no more.", voice)
    for odd in ("It said a\0word and then\nno more.", "It said a word\ud800and then no more."):
        assert len(spoken(odd, voice)) == pytest.approx(len(plain), rel=0.1)
    assert spoken("It said [[ a ]] here.", voice) != spoken("It said here.", voice)
    assert spoken("It said [[[ a ]]] here.", voice) == spoken("It said [ [ [ a ]]] here.", voice)
    for brackets in ("[[aɪ]]", "[[[aɪ]]]", "[[[[aɪ]]]]", "[\0[aɪ]]"):
        assert "[[" not in piper._plain(brackets)


def test_a_sentence_without_an_end_is_spoken_in_pieces(voice: tuple[Path, Path]) -> None:
    path = voice[0].with_suffix(".wav")
    text = "and it goes on and on, until nobody knows where it began " * 16
    ENGINE.speak(text, PiperOptions(), path, files=voice)
    assert takes.fault(path, text) is None


def damaged(voice: tuple[Path, Path], how: str) -> tuple[Path, Path]:
    model, config = voice
    if how == "model":
        model.write_bytes(model.read_bytes()[:200])
    if how == "page":
        model.write_text("<html>Not Found</html>")
    if how == "config":
        config.write_text("[]")
    if how == "key":
        config.write_text("{}")
    if how == "pinyin":
        config.write_text(config.read_text().replace('"espeak"}', '"x"}').replace(': "espeak"', ': "pinyin"'))
    return voice


@pytest.mark.parametrize("how", ["model", "page", "config", "key", "pinyin"])
def test_a_damaged_voice_is_refused_at_once(how: str, desk: FolderDesk, voice: tuple[Path, Path]) -> None:
    with pytest.raises(
        SynthesisError, match=r"cannot be spoken: .*voices? .*both files of a voice"
    ) as caught:
        synthesis.speak(request_for(desk, damaged(voice, how)), desk)
    assert "\n" not in str(caught.value)
    assert desk.count == 1


def test_a_speaker_that_is_not_there_is_refused(desk: FolderDesk, voice: tuple[Path, Path]) -> None:
    with pytest.raises(SynthesisError, match="the voice has 1 speaker, counted from 0, and no 4"):
        synthesis.speak(request_for(desk, voice, speaker=4), desk)


@on_linux
def test_a_full_disk_is_told_as_one(voice: tuple[Path, Path]) -> None:
    with pytest.raises(OSError, match="No space left") as caught:
        isolation.speak(ENGINE, LINE, PiperOptions(), Path("/dev/full"), files=voice)
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize(
    "options",
    [
        {"voice": "../x"},
        {"voice": ""},
        {"voice": "a\n"},
        {"speaker": -1},
        {"words_per_minute": 70},
        {"pitch_percent": 90},
    ],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(options, PiperOptions)


# Profiles


def profile(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "voice.yaml").write_text(text)
    return folder


def test_both_files_are_in_the_key_and_the_licence_is_the_profiles(
    tmp_path: Path, voice: tuple[Path, Path]
) -> None:
    folder = profile(tmp_path / "voices", "engine: piper\noptions: {voice: little}\nlicence: CC0-1.0\n")
    chosen = choose_voice("voice", folder)
    assert list(chosen.files) == ["piper/little.onnx", "piper/little.onnx.json"]
    assert chosen.spoken_by == "Piper, voice little (CC0-1.0)"
    voice[1].write_text(voice[1].read_text() + " ")
    assert choose_voice("voice", folder).files != chosen.files


def test_a_voice_that_is_not_there_is_named_with_those_that_are(
    tmp_path: Path, voice: tuple[Path, Path]
) -> None:
    folder = profile(tmp_path / "voices", "engine: piper\noptions: {voice: litle}\n")
    with pytest.raises(SettingsError, match=r"piper/litle\.onnx in voices/ \(did you mean 'little'"):
        choose_voice("voice", folder)


def test_without_its_package_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piper, "_is_installed", lambda: False)
    folder = profile(tmp_path / "voices", "engine: piper\nfallback: other\n")
    with pytest.raises(ExtraMissing) as caught:
        choose_voice("voice", folder)
    assert caught.value.extra == "piper"


# Whole shows


@on_linux
@pytest.mark.parametrize("executor", ["inline", "local:2"])
def test_a_show_speaks_with_it_and_leaves_nothing_running(
    executor: str, show: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERLEDGE_TEST", str(show.root))  # which its processes inherit
    write_voice(show.root / "voices" / "piper")
    show.write("voices/near.yaml", "engine: piper\noptions: {voice: little}\nlicence: CC0-1.0\n")
    show.edit("show.yaml", "voice: tone", "voice: near")
    for slug in ("a-paper", "another"):
        show.paper(slug, body=f"What {slug.replace('-', ' ')} found was small. It matters.")
    assert programs_of(show.root) == []
    report = show.make(executor=executor)
    assert (report.failed, report.lines_spoken > 4) == ((), True)
    assert show.mp3("another").stat().st_size > 10_000
    assert show.make(executor=executor).lines_spoken == 0
    if executor == "inline":
        piper._program().end()
    wait_until(lambda: not programs_of(show.root))


def programs_of(folder: Path) -> list[Path]:
    """The programs that were started for a show."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command, environment = ((process / name).read_bytes() for name in ("cmdline", "environ"))
            if b"piper_program.py" in command and str(folder).encode() in environment:
                found.append(process)
    return found
