"""Faults of items, and of the JSON feed beside them."""

import re

from ..sites import Workshop
from .changes import AI, ENCLOSURE, Change, cut_feed, drop, in_item, move_sound_away

__all__ = ["ITEMS"]


def reordered(w: Workshop) -> None:
    head, items, tail = cut_feed(w)
    w.files["feed.xml"] = "".join([head, *items[::-1], tail]).encode()
    w.edit_json(lambda feed: feed["items"].reverse())


ITEMS: dict[str, tuple[str, Change]] = {
    "no item title": ("FEED201", in_item(r"<title>[^<]*</title>", "")),
    "no guid": ("FEED201", in_item(r"<guid[^<]*</guid>", "")),
    "no enclosure": ("FEED201", in_item(ENCLOSURE, "")),
    "no pubDate": ("FEED201", in_item(r"<pubDate>[^<]*</pubDate>", "")),
    "no item link": ("FEED201", in_item(r"<link>[^<]*</link>", "")),
    "no item description": ("FEED201", in_item(r"<description>.*?</description>", "")),
    "two enclosures": ("FEED202", in_item(rf"({ENCLOSURE})", r"\1\1")),
    "guid of one item twice": ("FEED202", in_item(r"(<guid[^<]*</guid>)", r"\1\1")),
    "blanks in item title": ("FEED203", in_item("<title>A second", "<title>\n A second")),
    "control in item title": ("FEED203", in_item("<title>A second", "<title>A\x85second")),
    "long item title": (
        "FEED204",
        in_item("<itunes:title>A second", "<itunes:title>A second" + " long" * 60),
    ),
    "long item description": ("FEED205", in_item("<description>", "<description>" + "é" * 2000)),
    "guid as an address": ("FEED206", in_item(' isPermaLink="false"', "")),
    "guid twice": (
        "FEED207",
        lambda w: w.edit(
            "feed.xml", w.lock.episodes["first-light"].guid, w.lock.episodes["second-mind"].guid
        ),
    ),
    "date of ISO 8601": ("FEED208", in_item("<pubDate>[^<]*<", "<pubDate>2026-03-20T00:00:00Z<")),
    "date of no month": ("FEED208", in_item("20 Mar 2026", "20 Mrz 2026")),
    "30 February": ("FEED208", in_item("<pubDate>Fri, 20 Mar", "<pubDate>Fri, 30 Feb")),
    "wrong weekday": ("FEED209", in_item("<pubDate>Fri", "<pubDate>Mon")),
    "future": ("FEED210", in_item("<pubDate>Fri, 20 Mar 2026", "<pubDate>Sat, 20 Mar 2027")),
    "wrong order": ("FEED211", reordered),
    "audio/mp3": ("FEED212", in_item('type="audio/mpeg"', 'type="audio/mp3"')),
    "length 0": ("FEED213", in_item(r'length="\d+"', 'length="0"')),
    "length in kB": ("FEED213", in_item(r'length="(\d+)"', r'length="\1 bytes"')),
    "duration as a clock": ("FEED214", in_item(r"<itunes:duration>\d+<", "<itunes:duration>0:14<")),
    "item explicit clean": ("FEED215", in_item("<itunes:explicit>false<", "<itunes:explicit>clean<")),
    "episode 0": ("FEED216", in_item("<itunes:episode>2<", "<itunes:episode>0<")),
    "season one": ("FEED216", in_item("<itunes:season>1<", "<itunes:season>one<")),
    "strange episodeType": ("FEED217", in_item(">full<", ">whole<")),
    "number twice": ("FEED218", in_item("<itunes:episode>2<", "<itunes:episode>1<")),
    "script in notes": (
        "FEED219",
        in_item("<content:encoded>", "<content:encoded>&lt;script&gt;alert(1)&lt;/script&gt;"),
    ),
    "handler in notes": (
        "FEED219",
        in_item("<content:encoded>", "<content:encoded>&lt;p onclick='alert(1)'&gt;Hi&lt;/p&gt;"),
    ),
    "picture in notes": (
        "FEED219",
        in_item("<description>", "<description>&lt;img src=https://example.org/a.gif&gt;"),
    ),
    "javascript in notes": (
        "FEED220",
        in_item("<content:encoded>", "<content:encoded>&lt;a href='javascript:alert(1)'&gt;x&lt;/a&gt;"),
    ),
    "item without ai-content": ("FEED221", in_item(re.escape(AI), "")),
    "notes without credit": (
        "FEED222",
        lambda w: [
            w.files.update({name: w.files[name].replace(b"Credit to Paper authors", b"By")})
            for name in ("feed.xml", "feed.json")
        ],
    ),
    "no WebVTT": ("FEED223", in_item(r"<podcast:transcript [^>]*text/vtt[^>]*/>", "")),
    "WebVTT as SRT": ("FEED224", in_item('type="text/vtt"', 'type="application/x-subrip"')),
    "chapters as JSON": ("FEED224", in_item(r"application/json\+chapters", "application/json")),
    "sound missing": ("FEED225", lambda w: w.files.pop(w.find(".mp3"))),
    "transcript missing": ("FEED225", lambda w: w.files.pop(w.find(".srt"))),
    "page missing": ("FEED225", drop("episodes/second-mind.html")),
    "path out of the folder": ("FEED225", in_item(r"media/(second-mind-\w+\.chapters)", r"media/../../\1")),
    "sound elsewhere": ("FEED226", move_sound_away),
    "no chapters file": ("FEED227", in_item(r"<podcast:chapters [^>]*/>", "")),
    "no JSON feed": ("FEED301", drop("feed.json")),
    "cut JSON feed": ("FEED301", lambda w: w.files.update({"feed.json": w.files["feed.json"][:-9]})),
    "nested JSON feed": ("FEED301", lambda w: w.files.update({"feed.json": b'{"a": ' + b"[" * 100_000})),
    "JSON feed 1.0": ("FEED301", lambda w: w.edit("feed.json", "version/1.1", "version/1")),
    "JSON feed with other title": ("FEED302", lambda w: w.edit("feed.json", "First light", "Last light")),
    "JSON feed of another show": ("FEED302", lambda w: w.edit("feed.json", "Ledger & Leaf", "Leaf & Ledger")),
    "JSON feed with other size": (
        "FEED302",
        lambda w: w.edit("feed.json", '"size_in_bytes": ', '"size_in_bytes": 1'),
    ),
    "JSON feed lacks an episode": ("FEED302", lambda w: w.edit_json(lambda feed: feed["items"].pop())),
}
