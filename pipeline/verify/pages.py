"""The site's pages: every link leads somewhere, nothing is asked of other sites, and no text can act.

Every .html file is a page, transcripts too; style sheets are looked through for what they load.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..findings import Finding
from .folder import Site, Unfit
from .markup import TagSeen, is_web_address, read_tags
from .rules import found

__all__ = ["check_pages"]

LARGEST_BYTES = 4_000_000
"""The page of three hours of speech has a tenth of that."""
INDEX = "index.html"
LOADING = {
    *((tag, "src") for tag in "img script audio video source track iframe embed input".split()),
    *(("img", "srcset"), ("source", "srcset"), ("video", "poster"), ("object", "data")),
    *(("image", "href"), ("use", "href")),
}
"""What a browser fetches by itself."""
LOADING_LINKS = {"stylesheet", "icon", "preload", "prefetch", "modulepreload", "manifest", "apple-touch-icon"}
LEADING = {("a", "href"), ("area", "href"), ("link", "href"), ("form", "action")}
"""What a reader follows."""
DATA_TYPES = {"application/ld+json", "application/json"}
"""Of scripts that do not run."""
_CSS_LOADS = re.compile(r"""(?:url\(\s*|@import\s+(?!url))["']?([^"')\s;]+)""", re.IGNORECASE)
ADDRESSES = {"href", "src", "action", "formaction", "data"}
_UNSEEN = re.compile(r"[\x00-\x20]")
_RUNS = re.compile(r"(javascript|vbscript):", re.IGNORECASE)
"""Schemes of programs; browsers leave blanks before and in them out."""


def check_pages(site: Site) -> Iterator[Finding]:
    """Everything wrong with the pages of a site and the style sheets beside them."""
    if INDEX not in site.sizes:
        yield found("PAGE105", INDEX, "is not there")
    for path in sorted(site.sizes):
        if path.endswith((".html", ".css")):
            yield from _check_file(path, site)


def _check_file(path: str, site: Site) -> Iterator[Finding]:
    try:
        text = site.text(path, LARGEST_BYTES)
    except Unfit as fault:
        yield found("PAGE104", fault.at(path), fault.what)
        return
    yield from _check_style(text, path, site) if path.endswith(".css") else _Page(text, path, site).check()


def _check_style(text: str, path: str, site: Site) -> Iterator[Finding]:
    for address in _CSS_LOADS.findall(text):
        if not address.startswith(("data:", "#")):
            yield from _check_loaded(address, path, path, site)


def _check_loaded(address: str, where: str, page: str, site: Site) -> Iterator[Finding]:
    path = site.path_of(address, page)
    if path is None:
        yield found("PAGE102", where, f"loads {address[:120]!r}")
    elif path not in site.sizes:
        yield found("PAGE101", where, f"loads {path[:120]!r}, which is not there")


@dataclass(frozen=True, slots=True)
class _Page:
    text: str
    path: str
    site: Site

    def check(self) -> Iterator[Finding]:
        """Everything wrong with the page."""
        tags = read_tags(self.text)
        places = {tag.attributes[key] for tag in tags for key in ("id", "name") if key in tag.attributes}
        for tag in tags:
            yield from self._check_acting(tag)
            for attribute, address in tag.attributes.items():
                if _loads(tag, attribute):
                    yield from self._check_loading(tag, attribute, address)
                elif (tag.name, attribute) in LEADING:
                    yield from self._check_leading(tag, address, places)
        if self.text[:100].lstrip().lower().startswith("<!doctype html>"):  # not a piece, as a transcript is
            yield from self._check_access(tags)

    def _where(self, tag: TagSeen) -> str:
        return f"{self.path}:{tag.line}"

    def _check_acting(self, tag: TagSeen) -> Iterator[Finding]:
        for name, value in tag.attributes.items():
            if name.startswith("on"):
                yield found("PAGE103", self._where(tag), f"<{tag.name[:40]}> has {name[:40]!r}")
            elif name in ADDRESSES and _RUNS.match(_UNSEEN.sub("", value[:200])):
                yield found("PAGE103", self._where(tag), f"{name} is {value[:80]!r}")
        is_inline = tag.name == "script" and "src" not in tag.attributes
        if is_inline and tag.attributes.get("type") not in DATA_TYPES:
            yield found("PAGE103", self._where(tag), "has a script in the page")

    def _check_loading(self, tag: TagSeen, attribute: str, value: str) -> Iterator[Finding]:
        several = value.split(",") if attribute == "srcset" else [value]
        for address in (one.split()[0] for one in several if one.split()):
            if not address.startswith("data:"):
                yield from _check_loaded(address, self._where(tag), self.path, self.site)

    def _check_leading(self, tag: TagSeen, address: str, places: set[str]) -> Iterator[Finding]:
        path = self.path if address.startswith("#") else self.site.path_of(address, self.path)
        fragment = address.partition("#")[2]
        if path is None:
            if not is_web_address(address) and not address.lower().startswith(("mailto:", "javascript:")):
                yield found("PAGE101", self._where(tag), f"links to {address[:120]!r}")
        elif path not in self.site.sizes:
            yield found("PAGE101", self._where(tag), f"links to {path[:120]!r}, which is not there")
        elif path == self.path and fragment and "=" not in fragment and fragment not in places:
            yield found("PAGE106", self._where(tag), f"links to {'#' + fragment[:80]!r}")

    def _check_access(self, seen: list[TagSeen]) -> Iterator[Finding]:
        tags = {tag.name: tag for tag in reversed(seen)}
        if "lang" not in (tags["html"].attributes if "html" in tags else {}):
            yield found("PAGE107", self.path, "has no language")
        if "title" not in tags:
            yield found("PAGE107", self.path, "has no title")
        for tag in seen:
            if tag.name == "img" and "alt" not in tag.attributes:
                yield found("PAGE107", self._where(tag), "has a picture without alt")


def _loads(tag: TagSeen, attribute: str) -> bool:
    """Whether a browser fetches what an attribute names."""
    if tag.name == "link" and attribute == "href":
        return not LOADING_LINKS.isdisjoint(tag.attributes.get("rel", "").lower().split())
    return (tag.name, attribute) in LOADING
