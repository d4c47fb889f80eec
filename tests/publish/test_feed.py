"""The feeds as XML and JSON: what stands where, for shows of every length."""

import json
from xml.etree import ElementTree as ET

import msgspec

from pipeline.publish.feed import MAX_DESCRIPTION_BYTES, NAMESPACES, render_feeds

from .editions import FEED, edition, many

PODCAST, ITUNES, ATOM = (f"{{{NAMESPACES[name]}}}" for name in ("podcast", "itunes", "atom"))


def channel_of(feed: bytes) -> ET.Element:
    channel = ET.fromstring(feed).find("channel")
    assert channel is not None
    return channel


def links_of(feed: bytes) -> dict[str, str]:
    return {link.get("rel", ""): link.get("href", "") for link in channel_of(feed).findall(f"{ATOM}link")}


def test_the_same_edition_gives_the_same_bytes() -> None:
    assert dict(render_feeds(edition())) == dict(render_feeds(edition()))
    assert [*dict(render_feeds(edition()))] == ["feed.json", "feed.xml"]


def test_a_long_show_has_pages_that_lead_to_each_other() -> None:
    feed = msgspec.structs.replace(edition().feed, items=10)
    feeds = dict(render_feeds(msgspec.structs.replace(many(25), feed=feed)))
    assert [*feeds] == ["feed.json", "feed-3.xml", "feed-2.xml", "feed.xml"]
    base = FEED.removesuffix("feed.xml")
    assert links_of(feeds["feed-2.xml"]) == {
        "self": f"{base}feed-2.xml",
        "first": FEED,
        "previous": FEED,
        "next": f"{base}feed-3.xml",
        "last": f"{base}feed-3.xml",
    }
    assert {*links_of(feeds["feed.xml"])} == {"self", "first", "next", "last"}
    pages = [channel_of(feeds[name]).findall("item") for name in ("feed.xml", "feed-2.xml", "feed-3.xml")]
    assert [len(items) for items in pages] == [10, 10, 5]
    guids = [item.findtext("guid") for items in pages for item in items]
    assert guids == [episode.guid for episode in many(25).episodes]


def test_one_page_has_no_links_but_to_itself() -> None:
    assert links_of(dict(render_feeds(edition()))["feed.xml"]) == {"self": FEED}


def test_a_show_without_episodes_is_a_feed() -> None:
    channel = channel_of(dict(render_feeds(msgspec.structs.replace(edition(), episodes=())))["feed.xml"])
    assert channel.find("item") is None
    assert channel.findtext(f"{PODCAST}guid") == edition().guid


def test_notes_that_are_too_long_give_way_to_what_matters_of_them() -> None:
    first = edition().episodes[0]
    long = msgspec.structs.replace(first, notes=f"<p>{'ü' * MAX_DESCRIPTION_BYTES}</p>")
    feed = dict(render_feeds(msgspec.structs.replace(edition(), episodes=(long,))))["feed.xml"]
    described = channel_of(feed).findtext("item/description") or ""
    assert len(described.encode()) <= MAX_DESCRIPTION_BYTES
    assert "00:00 Welcome<br>" in described
    assert channel_of(feed).findtext(f"item/{{{NAMESPACES['content']}}}encoded") == long.notes


def test_what_is_not_known_has_no_element() -> None:
    feed = msgspec.structs.replace(edition().feed, email=None, license=None, license_url=None)
    channel = channel_of(dict(render_feeds(msgspec.structs.replace(edition(), feed=feed)))["feed.xml"])
    for name in (f"{ITUNES}owner", f"{PODCAST}license", f"{PODCAST}funding"):
        assert channel.find(name) is None
    locked = channel.find(f"{PODCAST}locked")
    assert locked is not None
    assert locked.attrib == {}


def test_a_category_below_another_stands_in_it() -> None:
    feed = msgspec.structs.replace(edition().feed, category="Science > Earth Sciences")
    channel = channel_of(dict(render_feeds(msgspec.structs.replace(edition(), feed=feed)))["feed.xml"])
    inner = channel.find(f"{ITUNES}category/{ITUNES}category")
    assert inner is not None
    assert inner.get("text") == "Earth Sciences"


def test_the_json_feed_says_the_same() -> None:
    feed = json.loads(dict(render_feeds(edition()))["feed.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in feed["items"]] == [episode.guid for episode in edition().episodes]
    audio = feed["items"][0]["attachments"][0]
    assert audio["size_in_bytes"] == edition().episodes[0].files["audio"].size_bytes
