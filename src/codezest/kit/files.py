"""Files that people send in and that the program makes: in a folder of this machine, or in an S3-compatible store.

A key is a relative path made by the program, never from what somebody typed. A key is written once and then read or
deleted, so whoever holds one may keep what it names.
"""

import os
import re
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store, from_url

from codezest.kit.errors import Unavailable
from codezest.kit.settings import Settings

if TYPE_CHECKING:
    from obstore import GetOptions

log = structlog.get_logger(__name__)

CHUNK_BYTES = 1 << 18
RETRIES = 3
LONGEST_CONNECTING = timedelta(seconds=5)
RETRY_AFTER_SECONDS = 30
"""After so long somebody may ask again for what could not be reached."""
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(?:[./][a-z0-9][a-z0-9_-]*)*")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a file without reading it."""

    size: int
    """In bytes."""
    etag: str | None


class FileMissing(LookupError):
    """There is no file of this key."""


class FilesUnavailable(Unavailable):
    """The store does not answer, or refuses us."""

    code = "files-unavailable"
    title = "Files cannot be reached right now"
    default_detail = "Nothing that was kept is lost. Try again in a moment."

    def __init__(self) -> None:
        super().__init__(retry_after=RETRY_AFTER_SECONDS)

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}


@contextmanager
def _reached(key: str) -> Generator[None]:
    """Tell a store that fails from a file that is not there.

    Raises:
        FileMissing: there is no such file.
        FilesUnavailable: the store fails, however often it was asked.
    """
    try:
        yield
    except FileNotFoundError:
        raise FileMissing(key) from None
    except (BaseError, OSError) as error:
        log.warning("files_unavailable", key=key, error=str(error).partition("\n\n")[0][:500])
        raise FilesUnavailable from error


class Files:
    """The store of one process."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.origin: str | None = None
        """Where signed addresses lead, as a browser names it; None where there are none. See `with_origin`."""

    @classmethod
    def of(cls, settings: Settings) -> "Files":
        """The store that the settings name.

        Raises:
            ValueError: they name a kind that is not supported.
        """
        if not settings.files_url:
            folder = settings.data_dir.absolute() / "files"
            folder.mkdir(parents=True, exist_ok=True)
            return cls(LocalStore(folder))
        if urlsplit(settings.files_url).scheme != "s3":
            raise ValueError("CODEZEST_FILES_URL must look like s3://bucket/prefix")
        limit = timedelta(seconds=settings.files_timeout_seconds)
        return cls(
            from_url(
                settings.files_url,
                # Options given here take the place of those that the environment would give, so that this one is named again.
                client_options={
                    "timeout": limit,
                    "connect_timeout": min(LONGEST_CONNECTING, limit),
                    "allow_http": os.environ.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true", "yes"},
                },
                retry_config={"max_retries": RETRIES, "retry_timeout": limit},
            )
        )

    async def put(
        self, key: str, content: bytes | Path | BinaryIO, *, served_as: Mapping[str, str] | None = None
    ) -> None:
        """Keep the content under the key, whole or not at all; what was there is replaced.

        `served_as` are the headers (such as Content-Type) with which a store hands it to whoever has a signed address; where
        our own process does that, it says them itself.

        Raises:
            FilesUnavailable: the store does not take it.
        """
        attributes = dict(served_as or {}) if self.signs else {}
        try:
            with _reached(key):
                await obstore.put_async(self._store, _checked(key), content, attributes=attributes)
        except FileMissing:  # a bucket that is not there
            raise FilesUnavailable from None

    @property
    def signs(self) -> bool:
        """Whether the store can be asked for a file without our process in between."""
        return isinstance(self._store, S3Store)

    async def with_origin(self) -> "Files":
        """This store, once it is known where its addresses lead."""
        if self.signs:
            parts = urlsplit(await self.signed_address("origin", lifetime=timedelta(minutes=1)))
            self.origin = f"{parts.scheme}://{parts.netloc}"
        return self

    async def signed_address(self, key: str, *, lifetime: timedelta) -> str:
        """An address at which the store itself hands out the file for so long, to whoever has it.

        Raises:
            TypeError: the store signs nothing; see `signs`.
        """
        if not isinstance(self._store, S3Store):
            raise TypeError("this store signs no addresses")
        with _reached(key):
            return await obstore.sign_async(self._store, "GET", _checked(key), lifetime)

    async def stat(self, key: str) -> StoredFile:
        """What is known of a file.

        Raises:
            FileMissing: there is none.
        """
        with _reached(key):
            meta = await obstore.head_async(self._store, _checked(key))
        return StoredFile(size=meta["size"], etag=meta["e_tag"])

    async def read(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The content from byte `start` up to, and not including, byte `end`, in chunks. The range must not be empty.

        Raises:
            FileMissing: there is none.
        """
        options: GetOptions = {}
        if end is not None:
            options = {"range": (start, end)}
        elif start:
            options = {"range": {"offset": start}}
        with _reached(key):
            found = await obstore.get_async(self._store, _checked(key), options=options)
            chunks = aiter(found.stream(min_chunk_size=CHUNK_BYTES))
        while True:
            # Not around the yield: what whoever reads runs into is none of the store's failures.
            with _reached(key):
                chunk = await anext(chunks, None)
            if chunk is None:
                return
            yield bytes(chunk)

    async def read_range(self, key: str, *, start: int, length: int) -> bytes:
        """At most `length` bytes from `start` on; none where the file ends before.

        Raises:
            FileMissing: there is none.
        """
        size = (await self.stat(key)).size
        end = min(size, start + length)
        if start >= end:
            return b""
        with _reached(key):
            return bytes(await obstore.get_range_async(self._store, _checked(key), start=start, end=end))

    async def copy_to(self, key: str, target: BinaryIO) -> None:
        """Write the whole content to an open file.

        Raises:
            FileMissing: there is none.
        """
        async for chunk in self.read(key):
            target.write(chunk)

    async def copy(self, key: str, target: str) -> None:
        """Keep what one key names under another one as well.

        Raises:
            FileMissing: there is nothing under the first.
        """
        with _reached(key):
            await obstore.copy_async(self._store, _checked(key), _checked(target))

    async def listed(self, folder: str, *, before: datetime) -> AsyncIterator[list[str]]:
        """Keys in a folder that were written before a moment, some hundreds at a time. Takes one request for each thousand."""
        pages = aiter(obstore.list(self._store, _checked(folder), chunk_size=500))
        while True:
            with _reached(folder):
                found = await anext(pages, None)
            if found is None:
                return
            keys = [meta["path"] for meta in found if meta["last_modified"] < before]
            if keys:
                yield keys

    async def delete(self, key: str) -> None:
        """Remove the file; nothing happens when there is none."""
        with suppress(FileMissing), _reached(key):
            await obstore.delete_async(self._store, _checked(key))

    async def discard(self, *keys: str) -> None:
        """Delete what nobody is going to keep; what the store does not let go of now is cleared away later."""
        for key in keys:
            with suppress(FilesUnavailable):
                await self.delete(key)


def _checked(key: str) -> str:
    """The key, once it is sure to stay within the store on every system."""
    if not _KEY.fullmatch(key) or len(key) > 200:
        raise ValueError(f"not a key of a stored file: {key!r}")
    return key
