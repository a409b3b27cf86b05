"""How often one account or address may ask.

Counts live in the memory of one process: good enough to stop a loop. What must hold across processes and restarts (wrong
passwords) is counted in rows by the service concerned.
"""

import ipaddress
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from math import ceil

from codezest.kit.errors import TooManyRequests
from codezest.kit.i18n import gettext as _

ADDRESS_FACTOR = 10
"""A class behind one address sends as much as this many learners."""
STREAMS_PER_ACCOUNT = 20
"""Answers that stay open, of one account in one process: each costs memory and reads for as long as it lives."""
STREAM_RETRY_SECONDS = 5
COSTLY_PER_MINUTE = 10
WINDOW_SECONDS = 60.0


class RateLimiter:
    """Requests a minute per account, and more per address; and how many streams an account has open.

    One window holds for everybody and is thrown away whole: nobody's counts have to be looked through (ADR 0020).
    """

    def __init__(self, per_minute: int) -> None:
        self._per_account = per_minute
        self._per_address = per_minute * ADDRESS_FACTOR
        self._requests: Counter[tuple[str, str]] = Counter()
        self._window_ends = 0.0
        self._streams: Counter[str] = Counter()

    def hit_account(self, account: str) -> None:
        """Count a request of an account; raises `TooManyRequests` past the limit."""
        self._hit(self._per_account, "account", account)

    def hit_address(self, address: str) -> None:
        """Count a request of an address; raises `TooManyRequests` past the limit."""
        self._hit(self._per_address, "address", _sender(address))

    def hit_costly(self, account: str) -> None:
        """Count a request of an account that takes seconds of a processor; raises `TooManyRequests` past the limit."""
        self._hit(COSTLY_PER_MINUTE, "costly", account)

    @contextmanager
    def stream(self, account: str) -> Generator[None]:
        """Count a stream of an account as open while the block runs; raises `TooManyRequests` past the limit."""
        if self._streams[account] >= STREAMS_PER_ACCOUNT:
            raise TooManyRequests(
                _(
                    "At most %(most)s event streams of an account may be open at once. Close one, or read what it follows "
                    "from time to time."
                )
                % {"most": STREAMS_PER_ACCOUNT},
                retry_after=STREAM_RETRY_SECONDS,
            )
        self._streams[account] += 1
        try:
            yield
        finally:
            self._streams[account] -= 1
            if not self._streams[account]:
                del self._streams[account]

    def _hit(self, per_minute: int, kind: str, key: str) -> None:
        now = time.monotonic()
        if now >= self._window_ends:
            self._requests = Counter()
            self._window_ends = now + WINDOW_SECONDS
        self._requests[kind, key] += 1
        if self._requests[kind, key] > per_minute:
            raise TooManyRequests(retry_after=ceil(self._window_ends - now))


def _sender(address: str) -> str:
    """What counts as one sender: of IPv6 a /64, which one customer fills at will."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if found.version == 4 or found.ipv4_mapped is not None:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False))
