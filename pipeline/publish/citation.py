"""How to cite the paper of an episode: one BibTeX entry, to copy."""

import re

from ..model import Paper

__all__ = ["bibtex"]

_SPECIAL = {
    **{char: f"\\{char}" for char in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def bibtex(paper: Paper) -> str:
    """The paper as `@misc`: title, authors, and what is known of year, arXiv and DOI.

    Nothing is guessed: without a date of its own or an arXiv id the paper has no year.
    """
    arxiv = re.sub(r"v\d+$", "", paper.arxiv or "")
    year = str(paper.paper_date.year) if paper.paper_date else _arxiv_year(arxiv)
    fields = {
        "title": f"{{{_tex(paper.title)}}}",
        "author": " and ".join(map(_tex, paper.authors)),
        "year": year,
        "eprint": arxiv,
        "archivePrefix": "arXiv" if arxiv else "",
        "doi": _tex(paper.doi or ""),
        "url": f"https://arxiv.org/abs/{arxiv}" if arxiv else "",
    }
    lines = (f"  {name} = {{{value}}}," for name, value in fields.items() if value)
    return "\n".join([f"@misc{{{paper.slug},", *lines, "}"]) + "\n"


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(char, char) for char in " ".join(text.split()))


def _arxiv_year(arxiv: str) -> str:
    """The identifiers since April 2007 begin with year and month, those before have them behind a slash."""
    found = re.match(r"(?:[a-z-]+(?:\.[A-Z]{2})?/)?(\d\d)(0[1-9]|1[0-2])", arxiv)
    if not found:
        return ""
    return f"19{found[1]}" if int(found[1]) > 90 else f"20{found[1]}"
