"""How large the pictures of a course are, so that a page leaves them their room before they have come."""

from functools import lru_cache
from pathlib import Path

from PIL import Image

from codezest.services.learning.pages.media.handler import media_file

PREFIX = "/media/"
CACHED_PICTURES = 1024


def size_of_media(content: Path, url: str) -> tuple[int, int] | None:
    """Width and height in pixels of a picture in the content folder; None of anything else. Reads the file's head."""
    language, _slash, name = url.removeprefix(PREFIX).partition("/")
    path = media_file(content, language, name) if url.startswith(PREFIX) else None
    return _size(path, path.stat().st_mtime_ns) if path else None


@lru_cache(maxsize=CACHED_PICTURES)
def _size(path: Path, _changed: int) -> tuple[int, int] | None:
    try:
        with Image.open(path) as picture:
            return picture.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
