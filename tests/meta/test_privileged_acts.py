"""Whoever may do what a learner may not leaves a trace: actions that ask for such a permission reach the audit trail.

What authors write is not looked at here: triggers keep every version of it with who wrote it, whatever the statement was
(`access_authored`, `access_course_to_change` without a permission). What is looked at is who may grade, enrol, staff, own and
administer. An action that asks for one of these publishes an event of `AUDITED` or writes an entry itself, somewhere in what
it calls; or it is listed below, with the reason.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from codezest.services.auth.rules.audited import AUDITED

SOURCE = Path(__file__).resolve().parents[2] / "src"
FOLDERS = (
    "codezest/services/auth/actions",
    "codezest/services/learning/actions",
    "codezest/gateway/administration",
)
PRIVILEGES = frozenset({"GRADE", "AUTHOR", "OWN"})
GUARDS = frozenset({"require_admin", "access_managed_user"})
WRITES = frozenset({"audit", "record_act"})
EVENTS = frozenset(audited.event.__name__ for audited in AUDITED)

Name = tuple[str, str]
"""A module and a function in it."""

CONTENT = "content: its versions say who wrote it"
CLAIMS = "a claim changes nothing but who is looking, and its own row says that"
UNLISTED: Mapping[str, str] = {
    "authoring.write_questions": CONTENT,
    "hand_grading.claim_work": CLAIMS,
    "hand_grading.comment_lines": "its learner reads the remark with the name of who made it, and nobody else takes it away",
    "hand_grading.write_rubric": "a rubric that work was graded by stays as it was, and its next version says who wrote it",
    "importing.check_sender": CONTENT,
    "importing.stage_import": CONTENT,
    "teaching.place_content": "the order of content: the same step takes it back, and everybody sees it",
    "teaching.write_question": CONTENT,
    "uploads.add_upload": CONTENT,
    "uploads.attach_upload": CONTENT,
    "versions.restore_version": CONTENT,
    "write_review.reply_to_review": "everybody reads the answer, and its row says who gave it",
}
"""Modules and functions of learning that leave no entry, as prefixes of their names, each with the reason."""


@dataclass(slots=True)
class Function:
    """What the text of a function shows."""

    privileged: bool = False
    audited: bool = False
    writes: bool = False
    """Whether it opens a transaction itself."""
    calls: set[Name] = field(default_factory=set[Name])


def _permission(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (
        node.value.id == "Permission" and node.attr in PRIVILEGES
    )  # fmt: skip


def _imports(tree: ast.Module) -> dict[str, Name]:
    """What each imported name means; a module means itself, with no function."""
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _read(definition: ast.AsyncFunctionDef | ast.FunctionDef, module: str, imported: Mapping[str, Name]) -> Function:
    found = Function()
    for node in ast.walk(definition):
        if not isinstance(node, ast.Call):
            continue
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        found.privileged |= any(_permission(inner) for argument in arguments for inner in ast.walk(argument))
        match node.func:
            case ast.Name(id=name):
                found.privileged |= name in GUARDS
                found.audited |= name in EVENTS | WRITES
                found.calls.add(imported.get(name, (module, name)))
            case ast.Attribute(value=value, attr=name):
                found.privileged |= name in GUARDS
                found.audited |= name in EVENTS | WRITES
                found.writes |= name == "write"
                if isinstance(value, ast.Name) and value.id in imported:
                    found.calls.add((".".join(imported[value.id]), name))
            case _:
                pass
    return found


def functions_of(text: str, module: str) -> dict[Name, Function]:
    """The functions of a module, by name; a method counts as one of its own name."""
    tree = ast.parse(text)
    imported = _imports(tree)
    return {
        (module, node.name): _read(node, module, imported)
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)
    }


def _reached(functions: Mapping[Name, Function], start: Name) -> Iterator[Function]:
    seen: set[Name] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        yield functions[name]
        waiting.extend(functions[name].calls)


def untraced(functions: Mapping[Name, Function]) -> list[Name]:
    """Public functions that ask for a privilege, they or what they call, and leave no entry."""
    found: list[Name] = []
    for name in functions:
        if name[1].startswith("_"):
            continue
        reached = list(_reached(functions, name))
        changes = ".actions." in name[0] or any(one.writes for one in reached)
        if changes and any(one.privileged for one in reached) and not any(one.audited for one in reached):
            found.append(name)
    return sorted(found)


@pytest.fixture(scope="module")
def every() -> dict[Name, Function]:
    found: dict[Name, Function] = {}
    for folder in FOLDERS:
        for path in (SOURCE / folder).rglob("*.py"):
            module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
            found |= functions_of(path.read_text(), module)
    return found


def _short(name: Name) -> str:
    return ".".join(name).removeprefix("codezest.services.learning.actions.")


def _reason(name: Name) -> str | None:
    """The entry of `UNLISTED` that stands for it."""
    short = _short(name)
    return next((prefix for prefix in UNLISTED if short == prefix or short.startswith(f"{prefix}.")), None)


def test_every_privileged_act_leaves_an_entry(every: dict[Name, Function]) -> None:
    missing = [_short(name) for name in untraced(every) if _reason(name) is None]
    assert missing == [], "publish an event of AUDITED, or say in UNLISTED why not"


def test_reasons_are_still_needed(every: dict[Name, Function]) -> None:
    used = {_reason(name) for name in untraced(every)}
    assert sorted(UNLISTED.keys() - used) == []


def test_the_rule_has_something_to_read(every: dict[Name, Function]) -> None:
    grading = ("codezest.services.learning.actions.hand_grading.give_grade", "give_grade")
    reached = list(_reached(every, grading))
    assert any(one.privileged for one in reached)
    assert any(one.audited for one in reached)
    assert not every[grading].audited


HEAD = "from codezest.x.actions.guard import access_taught_course\n"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("async def f(s, a): await access_taught_course(s, a, 1, Permission.GRADE)", ["f"]),
        ("async def f(s, a): await access_taught_course(s, a, 1, Permission.VIEW)", []),
        ("async def f(s, a): await g(s, a)\nasync def g(s, a): a.require_admin()", ["f", "g"]),
        ("async def f(s, a): await _g(s, a)\nasync def _g(s, a): a.require_admin(); publish(s, GradeGiven())", []),
        ("async def f(s, a):\n    a.require_admin()\n    repository.audit(s)", []),
        ("async def f(s, a):\n    a.require_admin()\n    publish(s, events.GradeGiven())", []),
        ("async def f(s, a):\n    a.require_admin()\n    publish(s, WorkGraded())", ["f"]),
        ("async def f(s, a): await ask(s, permission=Permission.VIEW if a else Permission.OWN)", ["f"]),
    ],
)
def test_what_the_rule_sees(text: str, missing: list[str]) -> None:
    functions = functions_of(HEAD + text, "codezest.x.actions.thing")
    assert [name for _module, name in untraced(functions)] == missing
