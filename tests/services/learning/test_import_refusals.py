"""What cannot come in is refused with the place, the reason, and what to do."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from codezest.services.learning.actions.importing import check_values

from .conftest import Person, problem
from .importing import COURSE, TEXT, TEXT_FILE, Work, look, read_here, send, small

__all__ = ["look", "read_here"]


def huge() -> dict[str, str | bytes]:
    files = small()
    files["sent-in/course.toml"] = COURSE.format(uuid=uuid4()) + "".join(f'k{n} = "x"\n' for n in range(3_000))
    return files


def many() -> dict[str, str | bytes]:
    files = small()
    names = [f"materials/{n:04d}-text" for n in range(60)]
    files["sent-in/modules/01-one/module.toml"] = f'uuid = "{uuid4()}"\ntitle = "One"\nslug = "one"\nitems = {names}\n'
    del files["sent-in/modules/01-one/materials/01-text.md"]
    for name in names:
        text = TEXT.format(uuid=uuid4(), body="x\n", more="").replace('"text"', f'"{name[10:]}"')
        files[f"sent-in/modules/01-one/{name}.md"] = text
    return files


def with_text(text: str | bytes) -> dict[str, str | bytes]:
    return small() | {TEXT_FILE: text}


REFUSALS: dict[str, tuple[Callable[[], dict[str, str | bytes]], str, str]] = {
    "no course": (lambda: {"readme.txt": "hello"}, ".", "nothing to learn here"),
    "two courses": (
        lambda: small() | {f"b/{name.partition('/')[2]}": text for name, text in small(slug="b").items()},
        ".",
        "one at a time",
    ),
    "a path above": (lambda: {"../course.toml": "x"}, "../course.toml", "names consist of"),
    "no UTF-8": (lambda: with_text(b"---\n\xff\xfe\n---\n"), TEXT_FILE, "UTF-8"),
    "broken TOML": (lambda: small() | {"sent-in/course.toml": "a = \n"}, "sent-in/course.toml", "not valid TOML"),
    "a field that is none": (lambda: with_text(TEXT.format(uuid=uuid4(), body="", more="evil: 1\n")), "", "evil"),
    "unknown fields without end": (huge, "sent-in/course.toml", "is not known here"),
    "thousands of lessons": (many, ".", "at most 50 and"),
    "an address that runs a script": (
        lambda: small(more="stored:\n  video_url: '\"javascript:alert(1)\"'\n"),
        "One / Text",
        "video_url",
    ),
    "a column that is none of its": (
        lambda: small(more="stored:\n  module_id: '\"x\"'\n"),
        "sent-in/modules/01-one/materials/01-text.md",
        "no column that can be set here",
    ),
    "a value out of range": (
        lambda: small() | {"sent-in/course.toml": COURSE.format(uuid=uuid4()) + "[stored]\nregrade_days = '9999'\n"},
        ".",
        "regrade_days",
    ),
}


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize(("build", "path", "said"), REFUSALS.values(), ids=REFUSALS)
async def test_what_cannot_come_in_says_where_and_why(
    teacher: Person,
    look: Work,
    monkeypatch: pytest.MonkeyPatch,
    *,
    build: Callable[[], dict[str, str | bytes]],
    path: str,
    said: str,
) -> None:
    monkeypatch.setattr(check_values, "MOST_THINGS", 50)
    found = await look(await send(teacher, build()))
    assert (found["status"], found["preview"]) == ("REFUSED", None)
    assert len(found["problems"]) <= 200
    first = found["problems"][0]
    assert said in first["message"], found["problems"][:3]
    assert path in first["path"]
    assert problem(await teacher.post(f"/imports/{found['id']}/apply")) == (409, "import-not-ready")
    assert (await teacher.delete(f"/imports/{found['id']}")).status_code == 204


async def test_what_is_no_zip_is_not_kept(teacher: Person) -> None:
    before = len((await teacher.get("/teach/imports")).json()["items"])
    for content in (b"", b"PK nonsense", b"<html></html>"):
        answer = await teacher.api.post("/teach/imports", files={"file": ("course.zip", content)})
        assert problem(answer) == (422, "upload-refused")
    assert len((await teacher.get("/teach/imports")).json()["items"]) == before
