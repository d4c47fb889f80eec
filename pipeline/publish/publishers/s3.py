"""`s3: bucket/prefix`: a bucket of any S3 interface; one PUT an object, with its type.

Credentials, region and another service's address come from where AWS tools look for them (environment,
~/.aws); nothing of them is ever said or kept.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ...errors import ExtraMissing, PublishError, SettingsError
from . import cache_control, media_type

__all__ = ["open_target"]

LARGEST_PUT_BYTES = 5 * 1024**3
"""Of one PUT (Amazon S3, "Uploading objects")."""


class _Bucket:
    def __init__(self, files: Any, prefix: str) -> None:
        self.files = files
        self.prefix = prefix.rstrip("/")

    def read(self, path: str) -> bytes | None:
        try:
            return bytes(self._told(self.files.cat_file, f"{self.prefix}/{path}"))
        except FileNotFoundError:
            return None

    def sizes(self) -> Mapping[str, int]:
        found = self._told(self.files.find, self.prefix, detail=True)
        return {path.removeprefix(f"{self.prefix}/"): facts["size"] for path, facts in found.items()}

    def put(self, folder: Path, paths: Sequence[str]) -> None:
        for path in paths:
            content = (folder / path).read_bytes()
            facts = {"ContentType": media_type(path), "CacheControl": cache_control(path)}
            place = f"{self.prefix}/{path}"
            try:
                self._told(self.files.pipe_file, place, content, chunksize=LARGEST_PUT_BYTES, **facts)
            except FileNotFoundError as error:
                raise PublishError(
                    "the bucket cannot be used: there is none of that name", where=f"s3: {self.prefix}"
                ) from error

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            with suppress(FileNotFoundError):
                self._told(self.files.rm_file, f"{self.prefix}/{path}")

    def _told(self, do: Any, *arguments: Any, **more: Any) -> Any:
        """Do something; what the service refuses is said without its details, which may hold secrets."""
        try:
            return do(*arguments, **more)
        except FileNotFoundError:
            raise
        except Exception as error:  # the library raises what many layers below it raise
            hint = "look at bucket, region and credentials: docs/site.md"
            what = f"the bucket cannot be used: {type(error).__name__}"
            raise PublishError(what, where=f"s3: {self.prefix}", hint=hint) from error


def open_target(text: str) -> _Bucket:
    """The bucket, and the prefix in it, of that name. Raises SettingsError or ExtraMissing."""
    bucket, _, _ = text.partition("/")
    if not bucket or "://" in text:
        raise SettingsError(f"{text!r} is no bucket", hint="such as my-bucket/podcast, without s3://")
    try:
        from s3fs import S3FileSystem  # brings botocore: only where a bucket is used
    except ImportError as error:
        raise ExtraMissing("publishing to a bucket needs s3fs", extra="s3") from error
    return _Bucket(S3FileSystem(use_listings_cache=False), text)
