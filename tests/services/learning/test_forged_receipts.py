"""Receipts as somebody might send them who wants to be believed: the check neither lies nor breaks, and keys come and go."""

import base64
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codezest.cli.main import main
from codezest.kit.database import Database
from codezest.services.learning.actions import issue_receipt
from codezest.services.learning.actions.queue_program import Program, find_repeated, queue_program
from codezest.services.learning.queries.receipts import receipt_in, receipt_keys
from codezest.services.learning.receipts import Signer, document_of, link_fault, sha256_of, signature_holds
from codezest_db.enums import SubmissionPurpose

from .conftest import Person

SIGNER = Signer(bytes(range(32)))
KEY = base64.b64encode(SIGNER.public_key).decode()
RECEIPT: dict[str, Any] = {
    "format": "codezest-receipt-1", "user_id": "u", "submission_id": "s", "purpose": "SUBMIT", "sequence": 2,
    "previous_sha256": "0" * 64, "files": ["main.py"], "content_sha256": "1" * 64, "key_id": SIGNER.key_id,
    "received_at": "2026-01-01T00:00:00.000000Z"}  # fmt: skip


def _signed(**members: Any) -> dict[str, Any]:
    receipt = RECEIPT | members
    return receipt | {"signature": base64.b64encode(SIGNER.sign(document_of(receipt))).decode()}


def _check(capsys: pytest.CaptureFixture[str], folder: Path, text: str, *arguments: str) -> tuple[int, str]:
    file = folder / "receipt.json"
    file.write_text(text)
    status = main(["verify-receipt", str(file), "--key", KEY, *arguments])
    printed = capsys.readouterr()
    return status, printed.out + printed.err


@pytest.mark.parametrize(
    "purpose",
    ["SUBMIT\n  ok    signature: by key 1", "\x1b[2K\x1b[1A\x1b[32mok", "SUBMIT\r  ok", "\u2028ok", "\ud800"],
    ids=["a line", "terminal commands", "carriage return", "line separator", "half a character"],
)
def test_a_forged_receipt_prints_no_line_of_its_own(
    purpose: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, printed = _check(capsys, tmp_path, json.dumps(_signed() | {"purpose": purpose}))
    assert status == 1
    assert [line[:6] for line in printed.splitlines()] == ["Receip", "  FAIL"]
    assert all(character.isprintable() or character == "\n" for character in printed)


@pytest.mark.parametrize(
    "text",
    [
        '{"format": "codezest-receipt-1", "sequence": NaN}',
        '{"format": "codezest-receipt-1", "sequence": 1e999}',
        '{"format": "codezest-receipt-1", "sequence": 2.0}',
        '{"format": "codezest-receipt-1", "sequence": ' + "9" * 5000 + "}",
        '{"format": "codezest-receipt-1", "sequence": 1, "sequence": 2}',
        '{"format": "codezest-receipt-1", "files": ' + "[" * 900 + "]" * 900 + "}",
    ],
    ids=["nan", "infinite", "fraction", "endless", "twice", "deep"],
)
def test_what_nobody_can_have_signed_is_refused(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "good.json"
    good.write_text(json.dumps(_signed()))
    status, _ = _check(capsys, tmp_path, text)
    assert status in {1, 2}
    (tmp_path / "bad.json").write_text(text)
    assert main(["verify-receipt", str(good), "--key", KEY, "--previous", str(tmp_path / "bad.json")]) in {1, 2}


@pytest.mark.parametrize("name", ["\0", "\ud800", "x" * 5000, "..", "/etc/hostname"], ids=repr)
def test_a_forged_receipt_reads_no_file_but_the_programs(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "program"
    program.mkdir()
    status, _ = _check(capsys, tmp_path, json.dumps(_signed() | {"files": [name, "main.py"]}), "--source", str(program))
    assert status == 2


@given(
    st.dictionaries(
        st.sampled_from(["sequence", "user_id", "previous_sha256", "signature", "key_id"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2),
        min_size=1,
    )
)
def test_whatever_is_changed_is_noticed(changes: dict[str, Any]) -> None:
    receipt = _signed()
    forged = receipt | changes
    if any(type(forged[name]) is not type(receipt[name]) or forged[name] != receipt[name] for name in changes):
        assert not signature_holds(forged, SIGNER.public_key)


def test_a_chain_that_is_cut_or_put_in_another_order_is_noticed() -> None:
    first = _signed(sequence=1, previous_sha256=None)
    second = _signed(previous_sha256=sha256_of(document_of(first)))
    third = _signed(sequence=3, previous_sha256=sha256_of(document_of(second)))
    assert link_fault(second, first) is None
    assert link_fault(third, second) is None
    assert link_fault(third, first) is not None
    assert link_fault(first, second) is not None
    assert link_fault(second, third) is not None
    assert link_fault(second, second) is not None
    assert link_fault(second, first | {"sequence": True}) is not None


async def test_a_chain_goes_on_under_another_key(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    signers = [Signer(bytes([number]) * 32) for number in (1, 2, 1)]
    receipts: list[dict[str, Any]] = []
    for signer in signers:
        program = Program(user_id=learner.id, purpose=SubmissionPurpose.RUN, code="AC", assignment_id=assignment)
        async with database.write("learning") as session:
            await find_repeated(session, program)
            made = await queue_program(session, program, signer, language="python")
        found = receipt_in(made)
        assert found is not None
        receipts.append(json.loads(found.model_dump_json()))
    published = {key.id: base64.b64decode(key.public_key) for key in (await receipt_keys(
        database.pool("learning"), Signer(bytes(32)))).keys}  # fmt: skip
    for receipt in receipts:
        assert signature_holds(receipt, published[receipt["key_id"]])
    assert [receipt["key_id"] for receipt in receipts] == [signer.key_id for signer in signers]
    assert [link_fault(receipts[at], receipts[at - 1]) for at in (1, 2)] == [None, None]


async def test_a_clock_that_goes_back_breaks_no_chain(
    database: Database, learner: Person, assignment: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    receipts: list[dict[str, Any]] = []
    for year in (2030, 2020):
        monkeypatch.setattr(issue_receipt, "now", lambda year=year: datetime(year, 1, 1, tzinfo=UTC))
        answer = await learner.post(f"/assignments/{assignment}/run", {"code": "AC"})
        assert answer.status_code == 202, answer.text
        receipts.append(answer.json()["receipt"])
    assert [receipt["sequence"] for receipt in receipts] == [1, 2]
    assert link_fault(receipts[1], receipts[0]) is None
