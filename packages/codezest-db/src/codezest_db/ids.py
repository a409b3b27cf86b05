"""Time-ordered identifiers: UUID version 7 as RFC 9562 describes it, made by the application."""

import os
import threading
import time
from uuid import UUID

_COUNTER_BITS = 42
_TAIL_BITS = 32
# A fresh millisecond starts in the lower half, so that a burst within it does not overflow.
_FRESH_COUNTER_BITS = _COUNTER_BITS - 1

_lock = threading.Lock()
_last_millisecond = 0
_counter = 0


def _forget_state_of_parent() -> None:
    """A forked child continues with another counter, or two processes would share their next identifiers' order."""
    global _lock, _last_millisecond, _counter  # noqa: PLW0603 - the state is the process's
    _lock = threading.Lock()
    _last_millisecond = 0
    _counter = 0


os.register_at_fork(after_in_child=_forget_state_of_parent)


def uuid7() -> UUID:
    """A UUIDv7 greater than every one this process made before, whatever the wall clock does.

    Layout (RFC 9562, section 6.2, method 1): 48 bits of Unix milliseconds, version, 42 bits of counter
    round the variant, 32 random bits. Safe to call from several threads.
    """
    global _last_millisecond, _counter  # noqa: PLW0603 - monotony needs memory
    random = int.from_bytes(os.urandom(10))
    tail = random & ((1 << _TAIL_BITS) - 1)
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last_millisecond:
            _last_millisecond = now
            _counter = (random >> _TAIL_BITS) & ((1 << _FRESH_COUNTER_BITS) - 1)
        else:
            _counter += 1
            if _counter >> _COUNTER_BITS:
                # The RFC allows running ahead of the clock; wrapping round would break the order.
                _last_millisecond += 1
                _counter = (random >> _TAIL_BITS) & ((1 << _FRESH_COUNTER_BITS) - 1)
        millisecond, counter = _last_millisecond, _counter
    value = millisecond << 80
    value |= 0x7 << 76
    value |= (counter >> 30) << 64
    value |= 0b10 << 62
    value |= (counter & ((1 << 30) - 1)) << _TAIL_BITS
    value |= tail
    return UUID(int=value)
