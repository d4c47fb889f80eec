"""Faults of the feed itself: its XML, its channel, its pages."""

import re

from msgspec.structs import replace

from ..sites import Workshop
from .changes import AI, SELF, Change, cut_feed, drop, in_feed, in_page, paged, then, with_feed

__all__ = ["FEED"]


def podcast_guid(w: Workshop) -> str:
    return f"<podcast:guid>{w.lock.guid(w.feed.url)}</podcast:guid>"


def cover_of_show(w: Workshop) -> str:
    found = re.search(r"<itunes:image [^>]*/>", w.files["feed.xml"].decode())
    assert found
    return found[0]


def without_episodes(w: Workshop) -> None:
    head, _, tail = cut_feed(w)
    w.files["feed.xml"] = (head + tail).encode()
    w.edit_json(lambda feed: feed["items"].clear())


FEED: dict[str, tuple[str, Change]] = {
    "no feed": ("FEED101", drop("feed.xml")),
    "cut feed": ("FEED102", lambda w: w.files.update({"feed.xml": w.files["feed.xml"][:-20]})),
    "vertical tab": ("FEED102", in_feed("<title>Ledger", "<title>\x0bLedger")),
    "latin-1": ("FEED102", in_feed("encoding='utf-8'", "encoding='iso-8859-1'")),
    "nested": ("FEED102", in_feed("<generator>", "<generator>" + "<b>" * 60 + "</b>" * 60)),
    "entity bomb": (
        "FEED103",
        in_feed("<rss", '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><rss'),
    ),
    "doctype": ("FEED103", in_feed("<rss", '<!DOCTYPE rss SYSTEM "http://127.0.0.1/rss.dtd"><rss')),
    "two channels": ("FEED104", in_feed("</channel>", "</channel><channel><title>B</title></channel>")),
    "rss 0.91": ("FEED104", in_feed('version="2.0"', 'version="0.91"')),
    "no channel": ("FEED104", lambda w: w.files.update({"feed.xml": b'<rss version="2.0"/>'})),
    "another address": (
        "FEED105",
        lambda w: setattr(w, "feed", replace(w.feed, url="https://moved.example.org/feed.xml")),
    ),
    "no title": ("FEED110", in_feed("<title>Ledger &amp; Leaf</title>", "")),
    "no description": (
        "FEED110",
        in_feed("<description>New research papers, told gently.</description>", ""),
    ),
    "no language": ("FEED110", in_feed("<language>en</language>", "")),
    "no category": ("FEED110", in_feed('<itunes:category text="Science" />', "")),
    "no explicit": ("FEED110", in_feed("<itunes:explicit>false</itunes:explicit>", "")),
    "no podcast:guid": ("FEED110", lambda w: w.edit("feed.xml", podcast_guid(w), "")),
    "no cover": ("FEED110", lambda w: w.edit("feed.xml", cover_of_show(w), "")),
    "itunes namespace in capitals": ("FEED110", in_feed("podcast-1.0.dtd", "Podcast-1.0.dtd")),
    "title twice": ("FEED111", in_feed("<generator>", "<title>Another</title><generator>")),
    "blanks in title": ("FEED112", in_feed("<title>Ledger &amp; Leaf<", "<title> Ledger &amp; Leaf<")),
    "bidi control in title": ("FEED112", in_feed("<title>Ledger", "<title>\u202eLedger")),
    "long copyright": ("FEED113", in_feed("<generator>", f"<copyright>{'c' * 256}</copyright><generator>")),
    "long description": ("FEED114", in_feed("told gently.", "told gently." + "é" * 2000)),
    "language in words": ("FEED115", in_feed("<language>en<", "<language>English<")),
    "explicit no": ("FEED116", in_feed("<itunes:explicit>false<", "<itunes:explicit>no<")),
    "own category": ("FEED117", in_feed('text="Science"', 'text="Papers"')),
    "wrong subcategory": (
        "FEED117",
        in_feed(
            '<itunes:category text="Science" />',
            '<itunes:category text="Science"><itunes:category text="Books"/></itunes:category>',
        ),
    ),
    "strange type": ("FEED118", in_feed("<itunes:type>episodic<", "<itunes:type>daily<")),
    "no mail address": ("FEED119", in_feed(">me@example.org<", ">me at example.org<")),
    "no owner": (
        "FEED120",
        lambda w: w.files.update(
            {
                "feed.xml": re.sub(
                    rb"<itunes:owner>.*?</itunes:owner>", b"", w.files["feed.xml"], flags=re.DOTALL
                )
            }
        ),
    ),
    "podcast:guid in words": (
        "FEED121",
        lambda w: w.edit("feed.xml", podcast_guid(w), "<podcast:guid>our-show</podcast:guid>"),
    ),
    "locked true": ("FEED122", in_feed(">yes</podcast:locked>", ">true</podcast:locked>")),
    "channel without ai-content": ("FEED123", in_feed(AI, "")),
    "channel with ai-content false": ("FEED123", in_feed(AI, AI.replace("true", "false"))),
    "built in the future": (
        "FEED124",
        in_feed("<lastBuildDate>Fri, 20 Mar 2026", "<lastBuildDate>Sat, 20 Mar 2027"),
    ),
    "built some day": ("FEED124", in_feed("<lastBuildDate>Fri, 20 Mar 2026", "<lastBuildDate>2026-03-20")),
    "no self link": ("FEED125", in_feed(SELF, "")),
    "self link elsewhere": (
        "FEED125",
        in_feed('rel="self" href="https://podcast', 'rel="self" href="https://old'),
    ),
    "next page missing": ("FEED101", then(paged, drop("feed-2.xml"))),
    "no link to the next page": ("FEED126", in_page(1, 'rel="next"', 'rel="other"')),
    "no link to the previous page": ("FEED126", in_page(2, 'rel="previous"', 'rel="other"')),
    "page links to itself as next": ("FEED126", in_page(2, 'rel="previous"', 'rel="next"')),
    "second page calls itself the first": (
        "FEED125",
        in_page(
            2,
            'rel="self" href="https://podcast.example.org/show/feed-2',
            'rel="self" href="https://podcast.example.org/show/feed',
        ),
    ),
    "page left over": ("FEED126", lambda w: w.files.update({"feed-2.xml": w.files["feed.xml"]})),
    "link without scheme": (
        "FEED127",
        in_feed("<link>https://podcast.example.org/show/</link>", "<link>podcast.example.org</link>"),
    ),
    "link runs": (
        "FEED127",
        in_feed("<link>https://podcast.example.org/show/</link>", "<link>javascript:alert(1)</link>"),
    ),
    "http": ("FEED128", with_feed(url="http://podcast.example.org/show/feed.xml")),
    "example address": ("FEED129", with_feed(url="https://podcast.example.com/show/feed.xml")),
    "itunes:summary": (
        "FEED130",
        in_feed("<generator>", "<itunes:summary>Short.</itunes:summary><generator>"),
    ),
    "no episode": ("FEED131", without_episodes),
}
