"""What specifications are called. Pure, but for a memory of the last ones.

Tests may have many megabytes, whose canonical JSON takes long enough to hold up everybody else in the process. So whoever
has a specification that may be large calls `written` in a thread first, outside any transaction; what is asked again of the
same specification, or of another one that is exactly like it, costs next to nothing.
"""

import threading
from collections import deque
from dataclasses import dataclass

from codezest.grading import GradingSpec
from codezest.grading.canonical import Fingerprint, fingerprint, to_canonical

REMEMBERED = 8
"""Specifications."""
REMEMBERED_LENGTH = 32 << 20
"""The longest canonical JSON that is remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A specification, its canonical JSON and the hashes that name it and its parts."""

    spec: GradingSpec
    canonical: str
    parts: Fingerprint

    @property
    def name(self) -> str:
        """The SHA-256 of the canonical JSON."""
        return self.parts.spec


_last: deque[Written] = deque(maxlen=REMEMBERED)
_lock = threading.Lock()


def written(spec: GradingSpec) -> Written:
    """The specification with its name."""
    with _lock:
        for known in _last:
            if known.spec is spec or _exactly_alike(known.spec, spec):
                return known
    canonical = to_canonical(spec)
    made = Written(spec=spec, canonical=canonical, parts=fingerprint(spec, canonical))
    if len(canonical) <= REMEMBERED_LENGTH:
        with _lock:
            _last.append(made)
    return made


def _exactly_alike(one: GradingSpec, other: GradingSpec) -> bool:
    """Equal, and not only as far as Python goes, to which 1, 1.0 and True are one."""
    return one == other and all(
        repr((first.arguments, first.checker_options)) == repr((second.arguments, second.checker_options))
        for first, second in zip(one.tests, other.tests, strict=True)
    )
