"""Limits that suit what an author's own solution was measured to need."""

from collections.abc import Sequence

TIMES_AS_LONG = 5
"""Learners' programs are slower than their teacher's, and machines differ."""
TIMES_AS_MUCH = 2
CPU_SECONDS = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0)
MEBIBYTES = (64, 128, 256, 512, 1024)
MEBIBYTE = 2**20


def suggested_cpu_seconds(times_ms: Sequence[int]) -> float:
    """The smallest usual limit that is five times what the slowest test took; the largest where none is."""
    wanted = TIMES_AS_LONG * max(times_ms, default=0) / 1000
    return next((seconds for seconds in CPU_SECONDS if seconds >= wanted), CPU_SECONDS[-1])


def suggested_memory_bytes(memory_kb: Sequence[int]) -> int:
    """The smallest usual limit that is twice what the hungriest test took, in KiB; the largest where none is.

    0 KiB is a measurement, too: a program took less than its sandbox had before it, which is less than half of the smallest.
    """
    wanted = TIMES_AS_MUCH * max(memory_kb, default=0) / 1024
    return MEBIBYTE * next((size for size in MEBIBYTES if size >= wanted), MEBIBYTES[-1])
