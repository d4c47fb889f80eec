"""The rules that a show is held against before a second of audio: what each finding's code means.

One table, from which docs/findings.md is written. A code never gets another meaning; one that is no longer
used is not given again. Errors are what `make` or `make publish` would stop at; warnings are what listeners
would stumble over; notes are worth a look. A show may set each as it likes: `severity` in show.yaml.
"""

from ..errors import (
    PaperError,
    PaperledgeError,
    PluginError,
    PublishError,
    ScriptError,
    SettingsError,
    TaggingError,
)
from ..findings import Finding, Rule, by_rule

__all__ = ["RULES", "coded", "exit_code_of", "found"]


def _error(title: str, why: str, remedy: str) -> Rule:
    return Rule("error", title, why, remedy)


def _warning(title: str, why: str, remedy: str) -> Rule:
    return Rule("warning", title, why, remedy)


def _note(title: str, why: str, remedy: str) -> Rule:
    return Rule("note", title, why, remedy)


_NO_EPISODE = "no episode is made of it"
_NOTHING = "nothing can be made"

RULES: dict[str, Rule] = {
    # The show
    "SHOW101": _error("show.yaml cannot be used", _NOTHING, "mend the line; docs/settings.md has every key"),
    "SHOW102": _error(
        "show.lock.yaml cannot be used",
        "what listeners were told is not known any more",
        "take the file back from version control",
    ),
    "SHOW103": _error(
        "`severity` names a code that there is not",
        "what it was to silence or to forbid is neither",
        "see docs/findings.md",
    ),
    # Papers
    "PAPR101": _error("A paper cannot be read", _NO_EPISODE, "mend the line"),
    "PAPR102": _error(
        "A paper has no title or no authors", "nobody is credited", "write `title` and `authors`"
    ),
    "PAPR103": _error(
        "A paper has no date", "its episode has no place in the feed", "write `date`, the episode's day"
    ),
    "PAPR104": _error("Two papers have one name", "their episodes have one file", "rename one of them"),
    "PAPR105": _error(
        "A paper's file name cannot name an episode",
        _NO_EPISODE,
        "use lower-case letters a to z, digits, dots, dashes and underscores",
    ),
    "PAPR106": _error(
        "What a paper says of itself cannot be written into tags",
        "the episode would fail after all its audio was made",
        "mend the front matter",
    ),
    "PAPR107": _error(
        "A paper asks for a voice that cannot speak", _NO_EPISODE, "name a profile of voices/, or none"
    ),
    "PAPR108": _error(
        "A paper asks for a running order that there is not",
        _NO_EPISODE,
        "name a template of scripts/, or none",
    ),
    "PAPR109": _error(
        "A paper has another number than its episode was published with",
        "players would show two episodes",
        "delete `episode` and `season`; show.lock.yaml keeps them",
    ),
    "PAPR110": _error(
        "Two papers claim one number",
        "`make publish` refuses both: players take one for the other",
        "give one of them another `episode`, or none",
    ),
    "PAPR111": _warning(
        "A paper is new, and one that was published on its day is gone",
        "if it was renamed, every listener gets it twice",
        "rename its key in show.lock.yaml as well, before you publish",
    ),
    "PAPR120": _warning(
        "The text has an address that is not among the paper's links",
        "a listener cannot follow it: show notes and tags have `links` only",
        "add it to `links`",
    ),
    "PAPR121": _warning(
        "A link is not https", "browsers warn, and anybody between can change the page", "write https://"
    ),
    "PAPR122": _warning(
        "Nobody is credited for a quotation",
        "listeners cannot hear whose words they are",
        "say before it whose words follow, or close it with a dash and a name",
    ),
    "PAPR123": _warning(
        "`chapters` names a heading that the text has not",
        "the chapter keeps the title of its heading",
        "copy the heading as it stands in the text",
    ),
    "PAPR124": _warning(
        "Nobody says the words of `soundbite`",
        "the episode cannot be published with it",
        "copy the words as they stand in the transcript",
    ),
    "PAPR125": _warning(
        "A paragraph begins with a name that is nobody's",
        "the host reads the name aloud, and what it says",
        "write it as `cast` in show.yaml has it, or add it there",
    ),
    "PAPR126": _note(
        "A text in papers/ is no paper", "it is not read: papers are .md files", "name it .md, or move it"
    ),
    # Templates
    "TMPL101": _error("A template cannot be read", _NOTHING, "save it as UTF-8, in scripts/"),
    "TMPL102": _error(
        "A template is wrong", "every episode with it fails", "scripts/README.md lists what it may use"
    ),
    "TMPL103": _error(
        "The show asks for a running order that there is not",
        _NOTHING,
        "name a template of scripts/ as `template`",
    ),
    "TMPL104": _error(
        "A paper cannot be told with its running order",
        _NO_EPISODE,
        "scripts/README.md lists what a template may use",
    ),
    "TMPL105": _error(
        "A template of the site is wrong", "nothing can be published", "docs/site.md lists what it may use"
    ),
    # The lexicon
    "LEXI101": _error("voices/lexicon.yaml cannot be used", _NOTHING, "mend the line"),
    "LEXI102": _warning(
        "An entry of a paper's `lexicon` is for a word that its episode has not",
        "it changes nothing: perhaps it is misspelt",
        "write the word as the text has it, or delete the entry",
    ),
    # Voices
    "VOIC101": _error("A voice's profile is wrong", "the voice cannot speak", "mend it; see docs/voices.md"),
    "VOIC102": _error("A voice's engine is unknown", "the voice cannot speak", "name another, or install it"),
    "VOIC103": _error(
        "The show asks for a voice that there is not",
        _NOTHING,
        "name a profile of voices/, or write one (docs/voices.md)",
    ),
    "VOIC104": _error(
        "The show asks for a voice that cannot speak here",
        "nothing can be made on this computer",
        "install what it needs, or give it a `fallback`",
    ),
    "VOIC105": _warning(
        "Another voice would speak, as the one that is asked for cannot here",
        "what it says is not published",
        "install what the voice needs",
    ),
    # Music and pictures
    "MUSC101": _error("A piece of music cannot be used", _NOTHING, "put a WAV or FLAC into scripts/"),
    "ARTW101": _error(
        "The show's cover cannot be used", "directories refuse it", "see scripts/assets/README.md"
    ),
    "ARTW102": _error("A paper's cover cannot be used", _NO_EPISODE, "see scripts/assets/README.md"),
    # How it will be said
    "SAID101": _note(
        "How a word is said is a guess", "it may be said wrongly", "add the word to voices/lexicon.yaml"
    ),
    "SAID102": _warning(
        "A formula is long", "nobody can follow it by ear", "say in words what it means (`formula_words`)"
    ),
    "SAID103": _warning(
        "A sentence is long",
        "nobody can say it in one breath, or keep its beginning in mind",
        "make two of it (`breath_seconds`)",
    ),
    "SAID104": _warning(
        "Something changed by a number of nothing", "listeners ask: percent, points, times?", "say of what"
    ),
    "SAID105": _note(
        "An abbreviation is explained after it was used",
        "listeners cannot look ahead",
        "explain it where it is said first",
    ),
    "SAID106": _note(
        "A table is read cell by cell", "nobody can follow it by ear", "say in words what it shows"
    ),
    "SAID107": _warning("A small word is there twice", "it is said twice", "delete one"),
    "SAID108": _warning(
        "Something was left to be written", "it is read aloud as it stands", "write it, or delete it"
    ),
    # Style, over the backlog
    "SAID109": _warning(
        "Something is written in letters that no voice says",
        "it is silence, be it an author's name",
        "say in voices/lexicon.yaml how it sounds",
    ),
    "STYL101": _warning(
        "An episode opens like the one before it", "listeners take it for the same one", "open otherwise"
    ),
    "STYL102": _note(
        "An episode names its topic in the words of the one before it",
        "a turn of phrase that is heard twice is heard",
        "name it otherwise",
    ),
    "STYL103": _warning(
        "An episode ends like the one before it",
        "a turn of phrase that is heard twice is heard",
        "end otherwise",
    ),
}

_EXITS: dict[str, type[PaperledgeError]] = {
    "SHOW": SettingsError,
    "PAPR": PaperError,
    "PAPR106": TaggingError,
    "TMPL": ScriptError,
    "TMPL105": PublishError,
    "LEXI": SettingsError,
    "VOIC": SettingsError,
    "VOIC102": PluginError,
    "VOIC104": PluginError,
    "MUSC": SettingsError,
    "ARTW": TaggingError,
    "SAID": ScriptError,
    "STYL": ScriptError,
}
"""Code, or what it begins with → whose exit code it is."""


def found(code: str, where: str, what: str, remedy: str = "") -> Finding:
    """A finding of the rule with this code. remedy: a better one than the rule's, where there is one."""
    return by_rule(code, RULES[code], where, what, remedy=remedy)


def coded(code: str, error: PaperledgeError) -> Finding:
    """An error as a finding of the rule with this code: its words stay."""
    return found(code, error.where, error.what, error.hint)


def exit_code_of(code: str) -> int:
    """The exit code of a command that found an error with this code."""
    return (_EXITS.get(code) or _EXITS[code[:4]]).exit_code
