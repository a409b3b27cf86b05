"""Receipts: everything handed in is answered with one, each names the one before it, and anybody can check them offline."""

import asyncio
import base64
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from codezest.cli.main import main
from codezest.gateway.app import Application
from codezest.kit.settings import Settings
from codezest.services.learning.receipts import Signer, content_sha256, document_of, sha256_of
from codezest_db.enums import MaterialType
from factories.learning import Shelf
from fixtures.accounts import MakeUser, client_for

from .conftest import People, Person, Work, problem, submit

PROGRAM = "print('größer')\r\n# \u2028 end"


async def _receipt(who: Person, path: str, body: dict[str, str], **options: Any) -> dict[str, Any]:
    response = await who.post(path, body, **options)
    assert response.status_code == 202, response.text
    found = response.json()
    assert found["receipt"]["submission_id"] == found["id"]
    return dict(found["receipt"])


async def _keys(who: Person) -> dict[str, bytes]:
    answer = (await who.get("/receipts/keys")).json()
    assert {key["algorithm"] for key in answer["keys"]} == {"Ed25519"}
    return {key["id"]: base64.b64decode(key["public_key"]) for key in answer["keys"]}


async def test_a_receipt_is_signed_over_what_was_handed_in(
    assignment: UUID, learner: Person, nobody: Person, settings: Settings
) -> None:
    receipt = await _receipt(learner, f"/assignments/{assignment}/submissions", {"code": PROGRAM})
    # Written out here once more, so that the format cannot change by accident.
    content = '{"main.py":"print(\'größer\')\\r\\n# \u2028 end"}'
    signed = json.dumps(
        {name: value for name, value in receipt.items() if name != "signature"},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    assert (receipt["files"], receipt["content_sha256"]) == (["main.py"], sha256_of(content))
    assert (receipt["user_id"], receipt["assignment_id"]) == (str(learner.id), str(assignment))
    assert (receipt["material_id"], receipt["purpose"]) == (None, "SUBMIT")
    assert (receipt["sequence"], receipt["previous_sha256"]) == (1, None)
    assert receipt["received_at"].endswith("Z")
    keys = await _keys(nobody)
    assert receipt["key_id"] == Signer.of(settings).key_id
    Ed25519PublicKey.from_public_bytes(keys[receipt["key_id"]]).verify(
        base64.b64decode(receipt["signature"]), signed.encode()
    )


async def test_receipts_of_a_learner_are_a_chain_of_everything_sent(
    shelf: Shelf, module: UUID, assignment: UUID, learner: Person
) -> None:
    material = await shelf.material(module, type=MaterialType.INTERACTIVE, code="print(input())")
    chain = [
        await _receipt(learner, f"/assignments/{assignment}/submissions", {"code": "AC AC"}),
        await _receipt(learner, f"/assignments/{assignment}/run", {"code": "AC"}),
        await _receipt(learner, f"/materials/{material}/run", {"code": "AC", "stdin": "1"}),
        await _receipt(learner, f"/assignments/{assignment}/submissions", {"code": "AC AC"}),
    ]
    assert [link["purpose"] for link in chain] == ["SUBMIT", "RUN", "PLAYGROUND", "SUBMIT"]
    assert [link["sequence"] for link in chain] == [1, 2, 3, 4]
    assert [link["previous_sha256"] for link in chain] == [
        None, *(sha256_of(document_of(link)) for link in chain[:-1])]  # fmt: skip


async def test_what_comes_at_once_is_chained_without_a_gap(assignment: UUID, learner: Person) -> None:
    path = f"/assignments/{assignment}/submissions"
    links = await asyncio.gather(*(_receipt(learner, path, {"code": f"# {number}"}) for number in range(8)))
    links.sort(key=lambda link: link["sequence"])
    assert [link["sequence"] for link in links] == list(range(1, 9))
    for before, link in pairwise(links):
        assert link["previous_sha256"] == sha256_of(document_of(before))


async def test_a_repeated_request_gets_the_first_receipt(assignment: UUID, learner: Person) -> None:
    path, once = f"/assignments/{assignment}/submissions", {"headers": {"Idempotency-Key": "once"}}
    first = await _receipt(learner, path, {"code": "AC AC"}, **once)
    assert await _receipt(learner, path, {"code": "AC AC"}, **once) == first


async def test_who_may_see_a_receipt(
    assignment: UUID, learner: Person, teacher: Person, admin: Person, person: People
) -> None:
    sent = await _receipt(learner, f"/assignments/{assignment}/submissions", {"code": "AC AC"})
    path = f"/submissions/{sent['submission_id']}/receipt"
    assert (await learner.get(path)).json() == sent
    assert (await admin.get(path)).json() == sent
    assert problem(await teacher.get(path)) == (404, "not-found")
    assert problem(await (await person()).get(path)) == (404, "not-found")
    assert problem(await learner.get(f"/submissions/{uuid4()}/receipt")) == (404, "not-found")


async def test_a_submission_from_before_there_were_receipts(
    assignment: UUID, learner: Person, owner: asyncpg.Connection
) -> None:
    once = {"headers": {"Idempotency-Key": "old"}}
    sent = await _receipt(learner, f"/assignments/{assignment}/submissions", {"code": "AC AC"}, **once)
    await owner.execute("DELETE FROM learning.submission_receipts WHERE id = $1", UUID(sent["id"]))
    assert problem(await learner.get(f"/submissions/{sent['submission_id']}/receipt")) == (404, "not-found")
    again = await learner.post(f"/assignments/{assignment}/submissions", {"code": "AC AC"}, **once)
    assert again.json()["receipt"] is None


async def test_the_page_offers_the_receipt_to_keep(
    application: Application, assignment: UUID, shelf: Shelf, make_user: MakeUser, path: Any, work: Work
) -> None:
    user = await make_user()
    await shelf.enroll(path, user.id)
    async with client_for(application, headers=user.headers) as client:
        sent = await client.post(f"/api/v1/assignments/{assignment}/submissions", json={"code": "AC AC"})
        address = f"/submissions/{sent.json()['id']}"
        assert f"{address}/receipt" in (await client.get(address)).text
        file = await client.get(f"{address}/receipt")
        assert file.json() == sent.json()["receipt"]
        assert file.headers["content-disposition"] == 'attachment; filename="receipt-1.json"'
        await work(sent.json()["id"])
        assert f"{address}/receipt" in (await client.get(address)).text


async def test_old_keys_stay_published_after_a_new_one(
    assignment: UUID, learner: Person, nobody: Person, owner: asyncpg.Connection, settings: Settings
) -> None:
    old = Signer(bytes(range(32)))
    await owner.execute(
        "INSERT INTO learning.receipt_keys (id, public_key) VALUES ($1, $2)", old.key_id, old.public_key
    )
    await submit(learner, assignment, "AC AC")
    assert await _keys(nobody) == {
        old.key_id: old.public_key,
        Signer.of(settings).key_id: Signer.of(settings).public_key,
    }


def test_the_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    seed = Settings(data_dir=tmp_path).receipt_seed
    assert Settings(data_dir=tmp_path).receipt_seed == seed
    file = tmp_path / "receipt_key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["receipt_key"]
    file.write_text("")
    with pytest.raises(ValueError, match="32 bytes in base64"):
        _ = Settings(data_dir=tmp_path).receipt_seed
    chosen = base64.b64encode(bytes(range(32))).decode()
    assert Settings(data_dir=tmp_path, receipt_key=chosen).receipt_seed == bytes(range(32))
    with pytest.raises(ValueError, match="CODEZEST_RECEIPT_KEY"):
        Settings(receipt_key="c2hvcnQ=")


class Desk:
    """Files as a learner keeps them, and the command that checks them."""

    def __init__(self, folder: Path, keys: dict[str, Any], receipts: Sequence[dict[str, Any]]) -> None:
        self.folder = folder
        self.keys = self.put("keys.json", json.dumps(keys))
        self.receipts = [self.put(f"{link['sequence']}.json", json.dumps(link)) for link in receipts]
        self.source = self.put("solution.py", PROGRAM)

    def put(self, name: str, text: str) -> str:
        (self.folder / name).write_bytes(text.encode())
        return str(self.folder / name)

    def changed(self, index: int, **members: Any) -> str:
        return self.put("changed.json", json.dumps(json.loads(Path(self.receipts[index]).read_text()) | members))


@pytest.fixture
async def desk(assignment: UUID, learner: Person, nobody: Person, tmp_path: Path) -> Desk:
    path = f"/assignments/{assignment}/submissions"
    links = [await _receipt(learner, path, {"code": PROGRAM}) for _ in range(3)]
    return Desk(tmp_path, (await nobody.get("/receipts/keys")).json(), links)


def _verify(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(["verify-receipt", *arguments])
    printed = capsys.readouterr()
    return status, printed.out + printed.err


async def test_a_receipt_holds_offline(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEZEST_ENVIRONMENT", "production")  # which lacks all it needs
    status, printed = _verify(
        capsys, desk.receipts[1], "--keys", desk.keys, "--source", desk.source, "--previous", desk.receipts[0]
    )
    assert (status, printed.count("  ok  "), "FAIL" in printed) == (0, 3, False)
    answer = desk.put("answer.json", json.dumps({"id": "x", "receipt": json.loads(Path(desk.receipts[0]).read_text())}))
    (key,) = [key for key in json.loads(Path(desk.keys).read_text())["keys"] if key["id"] in Path(answer).read_text()]
    assert _verify(capsys, answer, "--key", key["public_key"])[0] == 0


async def test_what_does_not_hold_is_named(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    keys, (first, second, third) = ("--keys", desk.keys), desk.receipts
    later = desk.changed(1, received_at="2020-01-01T00:00:00.000000Z")
    status, printed = _verify(capsys, later, *keys)
    assert (status, "changed after it was signed" in printed) == (1, True)
    status, printed = _verify(capsys, second, *keys, "--source", desk.put("other.py", PROGRAM.replace("\r\n", "\n")))
    assert (status, "is not what was handed in" in printed) == (1, True)
    status, printed = _verify(capsys, third, *keys, "--previous", first)
    assert (status, "number 2 comes before this one" in printed) == (1, True)
    status, printed = _verify(capsys, third, *keys, "--previous", desk.changed(1, purpose="RUN"))
    assert (status, "given after another one" in printed) == (1, True)
    status, printed = _verify(capsys, third, *keys, "--previous", desk.changed(1, user_id=str(uuid4())))
    assert (status, "different learners" in printed) == (1, True)
    status, printed = _verify(capsys, third, *keys, "--previous", desk.changed(1, signature="AAAA"))
    assert (status, "its own signature" in printed) == (1, True)
    other = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
    status, printed = _verify(capsys, second, "--key", other)
    assert (status, "the key given is" in printed) == (1, True)


async def test_what_cannot_be_used_is_said(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    receipt, keys = desk.receipts[0], ("--keys", desk.keys)
    cases = [
        ([receipt], "nothing is proven"),
        ([receipt, "--key", "no key"], "no Ed25519 public key"),
        ([receipt, "--keys", desk.put("none.json", '{"keys": []}')], "does not hold key"),
        ([str(desk.folder / "missing.json"), *keys], "cannot be read"),
        ([desk.put("broken.json", "{"), *keys], "is not JSON"),
        ([desk.put("deep.json", "[" * 100_000), *keys], "is not JSON"),
        ([desk.put("list.json", "[]"), *keys], "no JSON object"),
        ([desk.put("foreign.json", '{"format": "else"}'), *keys], "holds no receipt"),
        ([receipt, *keys, "--source", str(desk.folder / "missing.py")], "cannot be read"),
    ]
    for arguments, said in cases:
        status, printed = _verify(capsys, *arguments)
        assert (status, said in printed) == (2, True), printed


async def test_a_program_of_several_files_is_compared_by_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signer = Signer(bytes(32))
    files = {"main.py": "import shapes.round", "shapes/round.py": "PI = 3"}
    receipt: dict[str, Any] = {
        "format": "codezest-receipt-1", "files": sorted(files), "content_sha256": content_sha256(files),
        "key_id": signer.key_id}  # fmt: skip
    receipt["signature"] = base64.b64encode(signer.sign(document_of(receipt))).decode()
    program = tmp_path / "program"
    for path, text in files.items():
        (program / path).parent.mkdir(parents=True, exist_ok=True)
        (program / path).write_text(text)
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(receipt))
    key = ("--key", base64.b64encode(signer.public_key).decode())
    assert _verify(capsys, str(file), *key, "--source", str(program))[0] == 0
    assert _verify(capsys, str(file), *key, "--source", str(program / "main.py"))[0] == 2
    (program / "shapes/round.py").write_text("PI = 4")
    assert _verify(capsys, str(file), *key, "--source", str(program))[0] == 1
    receipt["files"] = ["../receipt.json", "main.py"]
    file.write_text(json.dumps(receipt))
    status, printed = _verify(capsys, str(file), *key, "--source", str(program))
    assert (status, "is not below" in printed) == (2, True)
