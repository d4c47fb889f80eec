"""Every error a user can meet, as one tree.

    PaperledgeError
    ├── SettingsError     show.yaml, a voice or the lexicon is wrong
    ├── PaperError        a paper file is wrong
    ├── ScriptError       a template is wrong
    ├── SynthesisError    a line could not be spoken
    ├── AssemblyError     clips could not be joined, mastered or encoded
    ├── TaggingError      tags could not be written
    ├── PublishError      a finished folder could not be put somewhere
    ├── StoreError        what was made could not be kept or read back
    │   └── BlobLost      … and it only has to be made again
    ├── ExecuteError      a job's worker died, hung or could not start
    │   ├── WorkerDied
    │   └── JobTimeout
    ├── PluginError       an engine, publisher or executor is unknown or broken
    │   ├── UnknownPlugin … and nothing here has that name
    │   └── ExtraMissing  … and an extra of this package would bring it
    └── FetchError        a file could not be had from where it is published
        └── NotPublished  … because it is not there

Each class has its own exit code. A message says what is wrong, where, and what to do next;
errors cross process borders by pickling, so they hold only strings.
"""

__all__ = [
    "AssemblyError",
    "BlobLost",
    "ExecuteError",
    "ExtraMissing",
    "FetchError",
    "JobTimeout",
    "NotPublished",
    "PaperError",
    "PaperledgeError",
    "PluginError",
    "PublishError",
    "ScriptError",
    "SettingsError",
    "StoreError",
    "SynthesisError",
    "TaggingError",
    "UnknownPlugin",
    "WorkerDied",
    "nearest",
]


def quoted(text: str, limit: int = 60) -> str:
    """A text as a message quotes it: on one line, shortened."""
    plain = " ".join(text.split())
    return repr(plain if len(plain) <= limit else plain[: limit - 1] + "…")


class PaperledgeError(Exception):
    """Something the user can mend.

    what: one sentence, what is wrong.  where: ``file:line:column`` as far as known.
    hint: what to do next.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint
        self.others: tuple[PaperledgeError, ...] = ()
        """Faults found beside this one, such as the other wrong keys of a file."""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.what}{advice}"


class SettingsError(PaperledgeError):
    """show.yaml, a voice profile or a lexicon holds something unexpected."""

    exit_code = 3


class PaperError(PaperledgeError):
    """A paper file cannot be used."""

    exit_code = 4


class ScriptError(PaperledgeError):
    """A template is wrong, or says something that cannot be spoken."""

    exit_code = 5


class SynthesisError(PaperledgeError):
    """A line could not be spoken, after every retry."""

    exit_code = 6


class AssemblyError(PaperledgeError):
    """Clips could not be joined, mastered or encoded."""

    exit_code = 7


class TaggingError(PaperledgeError):
    """ID3 tags could not be written."""

    exit_code = 8


class PublishError(PaperledgeError):
    """A finished folder could not be put where it should go."""

    exit_code = 9


class StoreError(PaperledgeError):
    """What was made could not be kept, or could not be read back."""

    exit_code = 10


class BlobLost(StoreError):
    """A stored file is missing or damaged; it has been set aside and can be made again."""

    def __init__(self, what: str, *, where: str = "", hint: str = "", sha256: str = "") -> None:
        super().__init__(what, where=where, hint=hint)
        self.sha256 = sha256


class ExecuteError(PaperledgeError):
    """A job was not carried out, through no fault of its own input."""

    exit_code = 11


class WorkerDied(ExecuteError):
    """The worker process that did the job ended before its result came back."""


class JobTimeout(ExecuteError):
    """The job took longer than its limit and its worker was ended."""


class PluginError(PaperledgeError):
    """An engine, publisher or executor is unknown, broken or not available here."""

    exit_code = 12


class UnknownPlugin(PluginError):
    """No plugin has that name: it is misspelt, or its package is not installed."""


class ExtraMissing(PluginError):
    """The package extra that would bring the plugin is not installed."""

    def __init__(self, what: str, *, where: str = "", hint: str = "", extra: str = "") -> None:
        super().__init__(what, where=where, hint=hint)
        self.extra = extra


class FetchError(PaperledgeError):
    """A file could not be had from where it is published, or is not the one that was published."""

    exit_code = 13


class NotPublished(FetchError):
    """There is no such file."""


def nearest(name: str, known: "tuple[str, ...] | list[str]") -> str:
    """A few words that help with an unknown name: the nearest known one, and all there are."""
    from difflib import get_close_matches  # only ever needed on the way to an error

    close = get_close_matches(name, known, n=1, cutoff=0.6)
    suggestion = f"did you mean {close[0]!r}? " if close else ""
    return f"{suggestion}known: {', '.join(sorted(known)) or 'none'}"
