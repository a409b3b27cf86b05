"""Compressing pages, and for whom.

A compressed page tells by its length how much of what somebody else put into it stands in it already, such as a form token
(BREACH). Another site can only measure requests that it causes, and browsers say of those that they do: only what a page
of ours or the reader's own hand asks for is compressed. Browsers that say nothing get pages as they are.
"""

import zlib
from collections.abc import Mapping

SMALLEST = 1_000
LEVEL = 1
"""A quarter of a millisecond for thirty kilobytes; the best level saves a tenth more for four times that."""
GZIP = 16 + zlib.MAX_WBITS
OUR_OWN = frozenset({"same-origin", "none"})


def takes_packed(headers: Mapping[str, str]) -> bool:
    """Whether the answer to a request with these headers may be compressed."""
    return headers.get("sec-fetch-site") in OUR_OWN and "gzip" in headers.get("accept-encoding", "")


def packed(text: str) -> tuple[bytes, Mapping[str, str]]:
    """The text in UTF-8, compressed if that is worth it, and the headers that say so."""
    content = text.encode()
    if len(content) < SMALLEST:
        return content, {}
    packer = zlib.compressobj(LEVEL, wbits=GZIP)
    return packer.compress(content) + packer.flush(), {
        "Content-Encoding": "gzip",
        "Vary": "Accept-Encoding, Sec-Fetch-Site",
    }
