"""The site's pages: every link leads somewhere, nothing is asked of other sites, and no text can act.

Every .html file is a page, transcripts too; style sheets are looked through for what they load.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..findings import Finding
from .folder import Site, Unfit
from .markup import Markup, TagSeen, is_web_address, read_markup
from .rules import found

__all__ = ["check_pages"]

LARGEST_BYTES = 16_000_000
INDEX = "index.html"
LOADING = {
    **{("img", name): True for name in ("src", "srcset")},
    **{
        (tag, "src"): True
        for tag in ("script", "audio", "video", "source", "track", "iframe", "embed", "input")
    },
    ("video", "poster"): True,
    ("object", "data"): True,
    ("image", "href"): True,
    ("use", "href"): True,
}
"""What a browser fetches by itself."""
LOADING_LINKS = {"stylesheet", "icon", "preload", "prefetch", "modulepreload", "manifest", "apple-touch-icon"}
LEADING = {("a", "href"), ("area", "href"), ("link", "href"), ("form", "action")}
"""What a reader follows."""
DATA_TYPES = {"application/ld+json", "application/json"}
"""Of scripts that do not run."""
_CSS_LOADS = re.compile(r"""(?:url\(\s*|@import\s+(?!url))["']?([^"')\s;]+)""", re.IGNORECASE)
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def check_pages(site: Site) -> Iterator[Finding]:
    """Everything wrong with the pages of a site and the style sheets beside them."""
    if INDEX not in site.sizes:
        yield found("PAGE105", INDEX, "is not there")
    for path in sorted(site.sizes):
        if path.endswith((".html", ".css")):
            try:
                text = site.text(path, LARGEST_BYTES)
            except Unfit as fault:
                yield found("PAGE104", fault.at(path), fault.what)
                continue
            yield from (
                _check_style(text, path, site) if path.endswith(".css") else _Page(text, path, site).check()
            )


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


@dataclass(slots=True)
class _Page:
    text: str
    path: str
    site: Site

    def check(self) -> Iterator[Finding]:
        """Everything wrong with the page."""
        markup = read_markup(self.text)
        names = {
            tag.attributes[key] for tag in markup.tags for key in ("id", "name") if key in tag.attributes
        }
        for tag in markup.tags:
            yield from self._check_acting(tag)
            for attribute, address in tag.attributes.items():
                if self._loads(tag, attribute):
                    yield from self._check_loading(tag, attribute, address)
                elif (tag.name, attribute) in LEADING:
                    yield from self._check_leading(tag, address, names)
        if markup.has_doctype:  # a whole page, not the piece of one that a transcript may be
            yield from self._check_access(markup)

    def _where(self, tag: TagSeen) -> str:
        return f"{self.path}:{tag.line}"

    @staticmethod
    def _loads(tag: TagSeen, attribute: str) -> bool:
        relations = tag.attributes.get("rel", "").lower().split()
        is_loading_link = tag.name == "link" and attribute == "href" and LOADING_LINKS.intersection(relations)
        return bool(is_loading_link) or (tag.name, attribute) in LOADING

    def _check_acting(self, tag: TagSeen) -> Iterator[Finding]:
        for name, value in tag.attributes.items():
            scheme = _SCHEME.match(re.sub(r"[\x00-\x20]", "", value))
            if name.startswith("on"):
                yield found("PAGE103", self._where(tag), f"<{tag.name[:40]}> has {name[:40]!r}")
            elif (
                name in {"href", "src", "action", "formaction", "data"}
                and scheme
                and scheme[1].lower() in {"javascript", "vbscript"}
            ):
                yield found("PAGE103", self._where(tag), f"{name} is {value[:80]!r}")
        if (
            tag.name == "script"
            and "src" not in tag.attributes
            and tag.attributes.get("type") not in DATA_TYPES
        ):
            yield found("PAGE103", self._where(tag), "has a script in the page")

    def _check_loading(self, tag: TagSeen, attribute: str, value: str) -> Iterator[Finding]:
        addresses = (
            [part.split()[0] for part in value.split(",") if part.split()]
            if attribute == "srcset"
            else [value]
        )
        for address in addresses:
            if not address.startswith("data:"):
                yield from _check_loaded(address, self._where(tag), self.path, self.site)

    def _check_leading(self, tag: TagSeen, address: str, names: set[str]) -> Iterator[Finding]:
        path = self.site.path_of(address, self.path)
        fragment = address.partition("#")[2]
        if path is None:
            if not is_web_address(address) and not address.lower().startswith(("mailto:", "javascript:")):
                yield found("PAGE101", self._where(tag), f"links to {address[:120]!r}")
        elif path not in self.site.sizes:
            yield found("PAGE101", self._where(tag), f"links to {path[:120]!r}, which is not there")
        elif path == self.path and fragment and "=" not in fragment and fragment not in names:
            yield found("PAGE106", self._where(tag), f"links to {'#' + fragment[:80]!r}")

    def _check_access(self, markup: Markup) -> Iterator[Finding]:
        tags = {tag.name: tag for tag in reversed(markup.tags)}
        if "lang" not in (tags["html"].attributes if "html" in tags else {}):
            yield found("PAGE107", self.path, "has no language")
        if "title" not in tags:
            yield found("PAGE107", self.path, "has no title")
        for tag in markup.tags:
            if tag.name == "img" and "alt" not in tag.attributes:
                yield found("PAGE107", self._where(tag), "has a picture without alt")
