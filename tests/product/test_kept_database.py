"""`codezest serve` and its own database: started again when it ends, later each time, and given up in the end."""

import json
import os
import signal

import pytest

from codezest.cli import kept_database
from codezest.cli.kept_database import FIRST_PAUSE, LONGEST_PAUSE, MOST_FAILURES, STEADY_SECONDS, KeptDatabase
from codezest.kit.postgres import EmbeddedPostgres, PostgresUnavailable
from fixtures.learners import find_assignment, make_learners
from fixtures.product import Product, running_product
from fixtures.survival import check_graded_once, submit_again, submit_all, wait_until_final, wait_until_running


class Clock:
    """A clock that a test puts forward."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class ScriptedServer:
    """A server that ends and answers as it is told."""

    def __init__(self) -> None:
        self.running = self.ready = True
        self.starts = 0
        self.starts_fail = False

    def start_again(self) -> None:
        assert not self.running
        self.starts += 1
        if self.starts_fail:
            raise BlockingIOError("no process")
        self.running, self.ready = True, False

    def last_messages(self) -> str:
        return "PANIC: no space left on device"

    def end(self) -> None:
        self.running = self.ready = False


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(kept_database, "time", made)
    return made


@pytest.fixture
def server() -> ScriptedServer:
    return ScriptedServer()


@pytest.fixture
def kept(server: ScriptedServer, clock: Clock) -> KeptDatabase:
    assert clock.now
    made: EmbeddedPostgres = server  # pyright: ignore[reportAssignmentType]
    return KeptDatabase(made)


def _start_after(kept: KeptDatabase, server: ScriptedServer, clock: Clock) -> float:
    """Seconds from the end that is seen now to the next start."""
    before, began = server.starts, clock.now
    while server.starts == before:
        kept.keep_alive()
        clock.now += 0.25
    return clock.now - 0.25 - began


def test_it_waits_longer_each_time_and_then_gives_up(kept: KeptDatabase, server: ScriptedServer, clock: Clock) -> None:
    pauses: list[float] = []
    for _ in range(MOST_FAILURES):
        server.end()
        pauses.append(_start_after(kept, server, clock))
    assert pauses[0] == FIRST_PAUSE
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
    server.end()
    with pytest.raises(PostgresUnavailable, match="no space left on device"):
        kept.keep_alive()
    assert server.starts == MOST_FAILURES


def test_one_that_answers_for_long_begins_anew(kept: KeptDatabase, server: ScriptedServer, clock: Clock) -> None:
    for _ in range(2 * MOST_FAILURES):
        server.end()
        assert _start_after(kept, server, clock) == FIRST_PAUSE
        server.ready = True
        kept.keep_alive()
        clock.now += STEADY_SECONDS
        kept.keep_alive()


def test_one_that_recovers_for_long_is_left_alone_and_has_not_got_over_it(
    kept: KeptDatabase, server: ScriptedServer, clock: Clock
) -> None:
    server.end()
    _start_after(kept, server, clock)
    for _ in range(10):
        clock.now += STEADY_SECONDS
        kept.keep_alive()
    assert server.starts == 1
    server.end()
    assert _start_after(kept, server, clock) > FIRST_PAUSE


def test_a_process_that_cannot_be_had_is_tried_again(
    kept: KeptDatabase, server: ScriptedServer, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    server.end()
    server.starts_fail = True
    first = _start_after(kept, server, clock)
    server.starts_fail = False
    assert _start_after(kept, server, clock) > first
    server.ready = True
    kept.keep_alive()
    said = capsys.readouterr().err
    assert "no process" in said
    assert "answers again" in said


def _postmaster(product: Product) -> int:
    return int(json.loads((product.data_dir / "postgres.json").read_text())["pid"])


@pytest.mark.sandbox
@pytest.mark.slow
async def test_a_killed_database_comes_back_where_it_was_and_nothing_is_lost() -> None:
    with running_product(CODEZEST_JOB_HEARTBEAT_SECONDS="2") as product:
        url = product.database_url()
        learners = await make_learners(url, 3)
        assignment, code = await find_assignment(url)
        for how in (signal.SIGKILL, signal.SIGQUIT):
            sent = await submit_all(product, learners, assignment, "import time; time.sleep(0.1)\n" + code)
            await wait_until_running(url, sent)
            before = _postmaster(product)
            os.kill(before, how)
            sent += [await submit_again(product, token, assignment, code) for token in learners]
            assert set((await wait_until_final(url, sent)).values()) == {"PASSED"}
            await check_graded_once(url, sent)
            assert _postmaster(product) != before
            assert product.database_url() == url
        assert product.process.poll() is None
