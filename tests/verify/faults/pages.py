"""Faults of HTML pages and style sheets."""

from .changes import Change, drop

__all__ = ["PAGES"]


def in_html(new: str) -> Change:
    return lambda w: w.edit("episodes/second-mind.html", "</main>", f"{new}</main>")


PAGES: dict[str, tuple[str, Change]] = {
    "link to nowhere": ("PAGE101", in_html('<a href="../episodes/nothing.html">x</a>')),
    "link to a folder": ("PAGE101", in_html('<a href="../media/">x</a>')),
    "link out of the site": ("PAGE101", in_html('<a href="../../other.html">x</a>')),
    "link to data": ("PAGE101", in_html('<a href="data:text/html,hi">x</a>')),
    "style sheet missing": ("PAGE101", drop("style.css")),
    "picture of another site": ("PAGE102", in_html('<img src="https://tracker.example.org/a.gif" alt="">')),
    "script of another site": ("PAGE102", in_html('<script src="//cdn.example.org/a.js"></script>')),
    "picture set of another site": (
        "PAGE102",
        in_html('<img srcset="../player.js 1x, https://example.org/b.jpg 2x" alt="">'),
    ),
    "font of another site": (
        "PAGE102",
        lambda w: w.files.update({"style.css": b"@import url(https://fonts.example.org/a.css);"}),
    ),
    "inline handler": ("PAGE103", in_html('<p onclick="alert(1)">x</p>')),
    "javascript link": ("PAGE103", in_html('<a href=" java\tscript:alert(1)">x</a>')),
    "inline script": ("PAGE103", in_html("<script>alert(1)</script>")),
    "latin-1 page": ("PAGE104", lambda w: w.files.update({"index.html": b"<!doctype html>\xe9"})),
    "no index": ("PAGE105", drop("index.html")),
    "place that is not there": ("PAGE106", in_html('<a href="#nowhere">x</a>')),
    "page without language": ("PAGE107", lambda w: w.edit("index.html", '<html lang="en">', "<html>")),
    "page without title": ("PAGE107", lambda w: w.edit("index.html", "<title>Ledger &amp; Leaf</title>", "")),
    "picture without words": (
        "PAGE107",
        in_html('<img src="../player.js">'),
    ),
}
