"""The shipped show's feed in other people's parsers: all of it is seen, and as it was meant.

Each element of the podcast namespace that we write is seen by feedsmith, and those that it knows by
partytime. A parser that is missing is skipped, but fails where CI=true; see docs/acceptance.md.
"""

import calendar
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from .shipped import FEED, Facts, Shipped, client, fetched, node, said_by

pytestmark = pytest.mark.acceptance


def test_xmllint_finds_it_well_formed(shipped: Shipped, tmp_path: Path) -> None:
    said_by(tmp_path, "xmllint", "--noout", "--nonet", shipped.root / "output" / "feed.xml")


def test_podcastparser_reads_it(shipped: Shipped) -> None:
    feed = client("podcastparser").parse(shipped.feed, io.BytesIO(fetched(shipped.feed)))
    assert (feed["title"], feed["link"], feed["language"]) == ("PaperLedge", shipped.address, "en")
    assert (feed["cover_url"], feed["itunes_owner"]["email"]) == (shipped.cover, FEED["email"])
    assert feed["itunes_categories"] == [["Science"]]
    shipped.same([_by_podcastparser(it) for it in feed["episodes"]])


def _by_podcastparser(it: Facts) -> Facts:
    (audio,) = it["enclosures"]
    return {
        "title": it["title"],
        "guid": it["guid"],
        "published": it["published"],
        "page": it["link"],
        "number": it["number"],
        "seconds": it["total_time"],
        "audio": audio["url"],
        "size_bytes": audio["file_size"],
        "type": audio["mime_type"],
        "cover": it["episode_art_url"],
        "season": it.get("season"),
    }


def test_feedparser_reads_it(shipped: Shipped) -> None:
    feed = client("feedparser").parse(fetched(shipped.feed))
    assert not feed.bozo
    assert (feed.feed.title, feed.feed.image.href) == ("PaperLedge", shipped.cover)
    assert (feed.feed.podcast_guid, feed.feed.podcast_medium) == (shipped.guid, "podcast")
    shipped.same([_by_feedparser(it) for it in feed.entries])


def _by_feedparser(it: Any) -> Facts:
    (audio,) = it.enclosures
    return {
        "title": it.title,
        "guid": it.id,
        "published": calendar.timegm(it.published_parsed),
        "page": it.link,
        "number": int(it.itunes_episode),
        "seconds": int(it.itunes_duration),
        "audio": audio.href,
        "size_bytes": int(audio.length),
        "type": audio.type,
        "cover": it.image.href,
        "chapters": it.podcast_chapters["url"],
    }


@pytest.fixture(scope="module")
def read(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """What partytime and feedsmith read."""
    feed: Facts = node("feed.mjs", tmp_path_factory.mktemp("node"), shipped.root / "output" / "feed.xml")
    return feed


def test_partytime_reads_it(shipped: Shipped, read: Facts) -> None:
    feed = read["partytime"]
    assert (feed["guid"], feed["medium"], feed["title"]) == (shipped.guid, "podcast", "PaperLedge")
    assert (feed["itunesImage"], feed["pubsub"]["self"]) == (shipped.cover, shipped.feed)
    assert feed["locked"] is True
    assert feed["license"] == {"identifier": FEED["license"], "url": FEED["license_url"]}
    assert [it["url"] for it in feed["podcastFunding"]] == [FEED["funding_url"]]
    assert [it["name"] for it in feed["podcastPeople"]] == ["Ernis"]
    assert set(_seen(feed)) >= {"transcript", "chapters", "locked", "funding", "person", "season", "episode"}
    assert set(_seen(feed)) >= {"license", "guid", "medium", "soundbite"}
    shipped.same([_by_partytime(it) for it in feed["items"]])


def _seen(feed: Facts) -> list[str]:
    """The elements of the podcast namespace that partytime knows and found."""
    return [name for names in feed["pc20support"].values() for name in names]


def _by_partytime(it: Facts) -> Facts:
    audio = it["enclosure"]
    assert it["license"]["identifier"] == FEED["license"]
    return {
        "title": it["title"],
        "guid": it["guid"],
        "seconds": it["duration"],
        "page": it["link"],
        "audio": audio["url"],
        "size_bytes": audio["length"],
        "type": audio["type"],
        "published": int(datetime.fromisoformat(it["pubDate"]).timestamp()),
        "cover": it["itunesImage"],
        "chapters": it["podcastChapters"]["url"],
        "transcripts": [one["url"] for one in it["podcastTranscripts"]],
        "people": [one["name"] for one in it["podcastPeople"]],
        "soundbites": [
            (one["startTime"], one["duration"], one["title"]) for one in it.get("podcastSoundbites", [])
        ],
        "number": it["podcastEpisode"]["number"],
        "season": it.get("podcastSeason", {}).get("number"),
    }


def test_feedsmith_reads_it(shipped: Shipped, read: Facts) -> None:
    feed = read["feedsmith"]
    of_show = feed["podcast"]
    assert (of_show["guid"], of_show["medium"]) == (shipped.guid, "podcast")
    assert of_show["locked"] == {"value": True, "owner": FEED["email"]}
    assert of_show["license"] == {"display": FEED["license"], "url": FEED["license_url"]}
    assert of_show["txts"] == [{"display": "true", "purpose": "ai-content"}]
    assert [it["url"] for it in of_show["fundings"]] == [FEED["funding_url"]]
    assert [it["display"] for it in of_show["persons"]] == ["Ernis"]
    assert (feed["itunes"]["image"], feed["itunes"]["explicit"]) == (shipped.cover, False)
    shipped.same([_by_feedsmith(it) for it in feed["items"]])


def _by_feedsmith(it: Facts) -> Facts:
    (audio,), more = it["enclosures"], it["podcast"]
    assert more["txts"] == [{"display": "true", "purpose": "ai-content"}]
    assert more["license"]["display"] == FEED["license"]
    return {
        "title": it["title"],
        "guid": it["guid"]["value"],
        "seconds": it["itunes"]["duration"],
        "audio": audio["url"],
        "size_bytes": audio["length"],
        "type": audio["type"],
        "page": it["link"],
        "cover": it["itunes"]["image"],
        "chapters": more["chapters"]["url"],
        "transcripts": [one["url"] for one in more["transcripts"]],
        "people": [one["display"] for one in more["persons"]],
        "soundbites": [
            (one["startTime"], one["duration"], one["display"]) for one in more.get("soundbites", [])
        ],
        "number": more["episode"]["number"],
        "season": more.get("season", {}).get("number"),
    }


def test_what_few_episodes_have_is_there_to_be_read(shipped: Shipped) -> None:
    for name in ("season", "soundbites"):
        assert len([told for told in shipped.episodes if told.facts[name]]) == 1


def test_chapters_are_found_where_the_feed_says(shipped: Shipped, read: Facts) -> None:
    by_guid = {it["guid"]["value"]: it["podcast"]["chapters"]["url"] for it in read["feedsmith"]["items"]}
    for told in shipped.episodes:
        found = json.loads(fetched(by_guid[told.facts["guid"]]))["chapters"]
        times = [(it["title"], round(it["startTime"] * 1000), round(it["endTime"] * 1000)) for it in found]
        assert times == told.chapters
