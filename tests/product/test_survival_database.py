"""The database is restarted, or its disk is full, while submissions arrive and are graded: nothing taken in is lost."""

import asyncio
import secrets
import signal
from collections.abc import Iterator

import asyncpg
import pytest

from fixtures.kept_postgres import KeptPostgres, kept_postgres
from fixtures.learners import find_assignment, make_learners
from fixtures.product import Product, running_product
from fixtures.small_disk import fill
from fixtures.survival import (
    Sent,
    check_graded_once,
    check_receipts,
    post,
    shown,
    submit_again,
    submit_all,
    wait_until_final,
    wait_until_running,
)

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

SLOWLY = "import time; time.sleep(0.05)\n"
LARGE = 45_000
"""Characters of a program that does not compress, so that each takes room on the disk."""
MOST_LARGE = 200


@pytest.fixture(scope="module")
def database() -> Iterator[KeptPostgres]:
    with kept_postgres() as running:
        yield running


@pytest.fixture(scope="module")
def product(database: KeptPostgres) -> Iterator[Product]:
    with running_product(CODEZEST_JOB_HEARTBEAT_SECONDS="2", CODEZEST_DATABASE_URL=database.url) as running:
        yield running


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL], ids=["fast", "immediate", "killed"])
async def test_a_restart_in_mid_grade_loses_nothing(
    product: Product, database: KeptPostgres, how: signal.Signals
) -> None:
    learners = await make_learners(database.url, 4)
    assignment, code = await find_assignment(database.url)
    sent = [await submit_again(product, token, assignment, SLOWLY + code) for token in learners]
    sent += await submit_all(product, learners, assignment, SLOWLY + code, each=2)
    await wait_until_running(database.url, sent)
    await asyncio.to_thread(database.restart, how)
    assert set((await wait_until_final(database.url, sent)).values()) == {"PASSED"}
    await check_graded_once(database.url, sent)
    await check_receipts(product, sent)
    for one in sent:
        answer = await shown(product, one)
        assert (answer["status"], answer["verdict"]) == ("PASSED", "AC")


async def test_what_finds_no_room_is_refused_whole_and_what_was_taken_in_is_graded(
    product: Product, database: KeptPostgres
) -> None:
    learners = await make_learners(database.url, 4)
    assignment, code = await find_assignment(database.url)
    sent = [await submit_again(product, token, assignment, SLOWLY + code) for token in learners]
    sent += await submit_all(product, learners, assignment, SLOWLY + code)
    filler = fill(database.disk)
    try:
        refused = 0
        for number in range(MOST_LARGE):
            token = learners[number % len(learners)]
            answer = await post(product, token, assignment, f"{code}\n# {secrets.token_hex(LARGE // 2)}\n")
            if answer.status_code == 202:
                sent.append(Sent(str(answer.json()["id"]), token))
            elif answer.status_code != 409:
                assert answer.status_code in {500, 503}
                assert answer.headers["content-type"] == "application/problem+json"
                assert "try again" in answer.json()["detail"]
                refused += 1
            if refused == 4:
                break
        assert refused == 4
    finally:
        filler.unlink()
    assert set((await wait_until_final(database.url, sent)).values()) == {"PASSED"}
    await check_graded_once(database.url, sent)
    await check_receipts(product, sent)
    owner = await asyncpg.connect(database.url)
    try:
        kept = await owner.fetch(
            """SELECT submission.id::text, receipt.id IS NOT NULL AS receipted FROM learning.submissions submission
               LEFT JOIN learning.submission_receipts receipt ON receipt.submission_id = submission.id
               WHERE submission.user_id IN (SELECT user_id FROM learning.submissions WHERE id::text = ANY($1))""",
            [one.id for one in sent],
        )
    finally:
        await owner.close()
    assert {row["id"] for row in kept} == {one.id for one in sent}
    assert all(row["receipted"] for row in kept)
    later = [await submit_again(product, token, assignment, code) for token in learners]
    assert set((await wait_until_final(database.url, later)).values()) == {"PASSED"}
    for one in (sent[0], sent[-1], later[0]):
        answer = await shown(product, one)
        assert answer["status"] == "PASSED"
