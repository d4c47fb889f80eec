"""Which cover an episode has, and which the show: a picture of its own, or one that is drawn."""

from collections.abc import Iterable
from pathlib import Path

from .cover import EPISODE_PX, SHOW_PX, THUMBNAIL_PX, CoverRequest
from .kit import Kit
from .model import Blob, Paper
from .paper import find_picture
from .tagging import check_picture

__all__ = ["cover_request", "read_picture", "show_cover_request", "site_requests"]


def cover_request(paper: Paper, kit: Kit, width_px: int, picture: Blob | None) -> CoverRequest:
    """All that decides an episode's cover. picture: the paper's own, if it has one."""
    if picture:
        return CoverRequest(width_px=width_px, picture=picture)
    if kit.show.episode_cover == "show":
        return show_cover_request(kit, width_px)
    return CoverRequest(
        width_px=width_px,
        title=paper.title,
        category=paper.category,
        show=kit.show.title,
        host=kit.show.host,
        has_cjk=kit.has_cjk,
    )


def show_cover_request(kit: Kit, width_px: int) -> CoverRequest:
    """All that decides the show's cover."""
    if kit.cover:
        return CoverRequest(width_px=width_px, picture=kit.cover)
    return CoverRequest(width_px=width_px, title=kit.show.title, host=kit.show.host, has_cjk=kit.has_cjk)


def site_requests(kit: Kit, episodes: Iterable[tuple[Paper, Blob | None]]) -> list[CoverRequest]:
    """What feed and site need: cover and thumbnail of the show, then of each episode, in their order.

    episodes: paper, and the picture it has of its own.
    """
    requests = [show_cover_request(kit, width_px) for width_px in (SHOW_PX, THUMBNAIL_PX)]
    for paper, picture in episodes:
        requests += [cover_request(paper, kit, width_px, picture) for width_px in (EPISODE_PX, THUMBNAIL_PX)]
    return requests


def read_picture(paper: Paper, path: Path, papers: Path) -> Path | None:
    """The file of the cover that the paper in `path` has for itself, which is fit for one.

    papers: the backlog's folder. Raises PaperError if it is not there, TaggingError if it is unfit.
    """
    picture = find_picture(paper.cover, path, papers) if paper.cover else None
    if picture:
        check_picture(picture, str(picture))
    return picture
