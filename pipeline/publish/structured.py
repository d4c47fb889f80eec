"""What a page says to machines: JSON-LD in the words of schema.org.

PodcastSeries for the show, PodcastEpisode for each episode, ScholarlyArticle for its paper. Absolute
addresses throughout, as the specification of the vocabulary has it.
"""

import json
from typing import Any

from ..templating import Html
from .edition import Edition, PublishedEpisode
from .pages import links_of

__all__ = ["as_html", "as_json", "episode_facts", "iso_duration", "show_facts"]

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
"""So that no text can end the script element it stands in (HTML, 4.12.1.3)."""

Facts = dict[str, Any]


def as_html(facts: Facts) -> Html:
    """Facts as the text of a script element."""
    return Html(as_json(facts).translate(_ESCAPES))


def as_json(value: object) -> str:
    """JSON without white space. Halves of characters, which msgspec would refuse, are left to the page."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def iso_duration(duration_ms: int) -> str:
    """A duration in whole seconds, such as "PT1H2M3S" (ISO 8601-1, 5.5.2.2)."""
    seconds = duration_ms // 1000
    parts = {"H": seconds // 3600, "M": seconds // 60 % 60, "S": seconds % 60}
    return "PT" + ("".join(f"{number}{unit}" for unit, number in parts.items() if number) or "0S")


def show_facts(edition: Edition) -> Facts:
    """The show."""
    return {"@context": "https://schema.org", **_series(edition)}


def episode_facts(one: PublishedEpisode, edition: Edition) -> Facts:
    """One episode, its sound and its paper."""
    facts = {
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "name": one.paper.title,
        "url": edition.base + one.page,
        "identifier": one.guid,
        "episodeNumber": one.number,
        "datePublished": one.published.isoformat(),
        "timeRequired": iso_duration(one.transcript.duration_ms),
        "description": one.description,
        "image": edition.base + one.files["cover"].path,
        "inLanguage": edition.show.language,
        "isAccessibleForFree": True,
        "associatedMedia": _sound(one, edition.base),
        "about": _article(one),
        "partOfSeries": _series(edition),
    }
    return facts | ({"license": edition.feed.license_url} if edition.feed.license_url else {})


def _series(edition: Edition) -> Facts:
    return {
        "@type": "PodcastSeries",
        "name": edition.show.title,
        "description": edition.show.description,
        "url": edition.base,
        "webFeed": edition.feed.url,
        "image": edition.base + edition.cover.path,
        "inLanguage": edition.show.language,
        "author": {"@type": "Person", "name": edition.feed.author or edition.show.host},
    }


def _sound(one: PublishedEpisode, base: str) -> Facts:
    audio = one.files["audio"]
    return {
        "@type": "AudioObject",
        "contentUrl": base + audio.path,
        "contentSize": str(audio.size_bytes),
        "encodingFormat": audio.type,
        "duration": iso_duration(one.transcript.duration_ms),
    }


def _article(one: PublishedEpisode) -> Facts:
    links = [link.url for link in links_of(one.paper)]
    return {
        "@type": "ScholarlyArticle",
        "name": one.paper.title,
        "author": [{"@type": "Person", "name": name} for name in one.paper.authors],
        **({"sameAs": links} if links else {}),
    }
