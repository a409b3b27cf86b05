"""How often one account or address may ask.

Counts live in the memory of one process: good enough to stop a loop. What must hold across processes and restarts (wrong
passwords) is counted in rows by the service concerned.
"""

import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from codezest.kit.errors import TooManyRequests

ADDRESS_FACTOR = 10
"""A class behind one address sends as much as this many learners."""


class RateLimiter:
    """A fixed window of one minute per account, and a wider one per address."""

    def __init__(self, per_minute: int) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._per_account = RateLimitItemPerMinute(per_minute)
        self._per_address = RateLimitItemPerMinute(per_minute * ADDRESS_FACTOR)

    def hit_account(self, account: str) -> None:
        """Count a request of an account; raises `TooManyRequests` past the limit."""
        self._hit(self._per_account, "account", account)

    def hit_address(self, address: str) -> None:
        """Count a request of an address; raises `TooManyRequests` past the limit."""
        self._hit(self._per_address, "address", address)

    def _hit(self, item: RateLimitItemPerMinute, kind: str, key: str) -> None:
        if not self._limiter.hit(item, kind, key):
            reset = self._limiter.get_window_stats(item, kind, key).reset_time
            raise TooManyRequests(retry_after=max(1, round(reset - time.time())))
