"""Identifiers are UUIDv7, and every one sorts after those made before it."""

import os
import threading
import time
from uuid import RFC_4122, UUID

import pytest

from codezest_db import ids
from codezest_db.ids import uuid7


def test_shape() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert made.version == 7
    assert made.variant == RFC_4122
    assert made.int >> 80 >= before


def test_a_burst_is_strictly_increasing() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(set(made))


def test_order_survives_a_clock_that_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = uuid7()
    monkeypatch.setattr("codezest_db.ids.time.time_ns", lambda: 1_000_000_000)
    later = [uuid7() for _ in range(100)]
    assert [first, *later] == sorted({first, *later})


def test_an_exhausted_counter_borrows_from_the_next_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    first = uuid7()
    monkeypatch.setattr(ids, "_counter", (1 << 42) - 1)
    monkeypatch.setattr("codezest_db.ids.time.time_ns", lambda: 0)
    second = uuid7()
    assert second.int >> 80 == (first.int >> 80) + 1
    assert second.version == 7


def test_threads_never_share_one() -> None:
    made: list[list[UUID]] = [[] for _ in range(4)]

    def work(into: list[UUID]) -> None:
        into.extend(uuid7() for _ in range(2_000))

    threads = [threading.Thread(target=work, args=(into,)) for into in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one for into in made for one in into}) == 8_000
    assert all(into == sorted(into) for into in made)


def test_a_forked_child_goes_its_own_way() -> None:
    uuid7()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, uuid7().bytes)
        os._exit(0)
    os.waitpid(child, 0)
    theirs = UUID(bytes=os.read(reader, 16))
    os.close(reader)
    os.close(writer)
    # Had the child continued the parent's counter, the next identifiers would agree in all but the random tail.
    assert theirs.int >> 32 != uuid7().int >> 32
