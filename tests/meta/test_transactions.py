"""What services do with the database, as far as their syntax shows it: whose tables, which role, and for how long.

The grants hold the first two at run time as well; here a slip is found before any request meets it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import codezest_db.models
from codezest_db.views import views_metadata

SERVICES = Path(__file__).resolve().parents[2] / "src" / "codezest" / "services"
SCHEMAS = {"auth", "learning", "ops"}
NAMES_A_TABLE = re.compile(
    r"\b(DELETE\s+FROM|FROM|JOIN|INTO|UPDATE|TABLE|TRUNCATE)\s+(?:ONLY\s+)?(\w+)\.(\w+)", re.IGNORECASE
)
ENDS_A_TRANSACTION = {"commit", "rollback"}
OUTSIDE = {
    "aiosmtplib", "client", "grader", "httpx", "launcher", "mailer", "requests", "sandbox", "smtplib", "socket",
    "subprocess", "urllib",
}  # fmt: skip
"""Names within a call that say it reaches out of the process, or waits for one that does."""
WAITS = {
    "asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell", "asyncio.open_connection", "asyncio.sleep",
    "asyncio.to_thread", "asyncio.wait_for", "time.sleep",
}  # fmt: skip

SCHEMA_OF_MODEL = {
    name: str(table.schema)
    for name, model in vars(codezest_db.models).items()
    if (table := getattr(model, "__table__", None)) is not None
}
PUBLISHED = set(views_metadata.tables)
MAY_READ = {
    ("learning/jobs.py", "ops.pgqueuer"): "finds regrades whose jobs are gone; the columns it needs are granted",
    ("learning/program_jobs.py", "ops.pgqueuer"): "the same of submissions, and of programs that answer questions",
}
"""Foreign tables that one module reads, with the reason. None is ever written."""


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an attribute or a call on one; what is neither counts as `?`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return "?"


def ended_transactions(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Transactions that a service ends by itself; the edge that opened them does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ENDS_A_TRANSACTION:
            yield node.lineno, f"calls {dotted(node.func)}"


def foreign_imports(tree: ast.AST, service: str) -> Iterator[tuple[int, str]]:
    """Imports of another service, or of the models of another schema."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            found = re.match(r"codezest\.services\.(\w+)|codezest_db\.models\.(auth|learning|ops)\b", name)
            if found and (found[1] or found[2]) != service:
                yield node.lineno, f"imports {name}"
            parent, _, model = name.rpartition(".")
            if parent == "codezest_db.models" and SCHEMA_OF_MODEL.get(model, service) != service:
                yield node.lineno, f"imports {name}"


def foreign_roles(tree: ast.AST, service: str) -> Iterator[tuple[int, str]]:
    """Connections asked for under another service's role."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in {"write", "pool", "connect", "open"}:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and argument.value in SCHEMAS - {service}:
                    yield node.lineno, f"works as {argument.value}"


def foreign_tables(tree: ast.AST, service: str) -> Iterator[tuple[int, str]]:
    """Tables of another schema in the text of SQL; views that their owner publishes are welcome."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        for verb, schema, table in NAMES_A_TABLE.findall(node.value):
            if schema in SCHEMAS - {service} and f"{schema}.{table}" not in PUBLISHED:
                reads = verb.upper() in {"FROM", "JOIN"}
                yield node.lineno, f"{'reads' if reads else 'writes'} {schema}.{table}"


def _within_transactions(tree: ast.AST) -> Iterator[ast.AST]:
    """Everything written inside `async with ….write(…)`, or in a function that is given a session."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncWith):
            opened = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
            inside = any(isinstance(call.func, ast.Attribute) and call.func.attr == "write" for call in opened)
        elif isinstance(node, ast.AsyncFunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            inside = any(
                argument.annotation is not None and dotted(argument.annotation).endswith("AsyncSession")
                for argument in arguments
            )
        else:
            continue
        if inside:
            for statement in node.body:
                yield from ast.walk(statement)


def waits_in_transactions(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Waiting for time, the network, a process or the sandbox while a transaction is open."""
    seen: set[int] = set()
    for node in _within_transactions(tree):
        if not isinstance(node, ast.Call) or id(node) in seen:
            continue
        seen.add(id(node))
        name = dotted(node.func)
        if name in WAITS or {part.strip("_") for part in name.split(".")[:-1]} & OUTSIDE:
            yield node.lineno, f"waits for {name}"


def problems(text: str, service: str) -> list[str]:
    """Everything above, as `line: what`."""
    tree = ast.parse(text)
    found = {
        *ended_transactions(tree),
        *foreign_imports(tree, service),
        *foreign_roles(tree, service),
        *foreign_tables(tree, service),
        *waits_in_transactions(tree),
    }
    return [f"{line}: {what}" for line, what in sorted(found)]


def modules() -> list[Path]:
    return sorted(SERVICES.glob("*/**/*.py"))


@pytest.mark.parametrize("module", modules(), ids=lambda path: str(path.relative_to(SERVICES)))
def test_a_service_keeps_to_its_own(module: Path) -> None:
    path = module.relative_to(SERVICES)
    welcome = {f"reads {table}" for name, table in MAY_READ if name == str(path)}
    found = problems(module.read_text(), path.parts[0])
    assert [problem for problem in found if problem.partition(": ")[2] not in welcome] == []


def test_exceptions_are_still_needed() -> None:
    for name, table in MAY_READ:
        service = name.partition("/")[0]
        found = [problem.partition(": ")[2] for problem in problems((SERVICES / name).read_text(), service)]
        assert f"reads {table}" in found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("async def f(session): await session.commit()", "calls session.commit"),
        ("async def f(self): await self._session.rollback()", "calls self._session.rollback"),
        ("from codezest.services.auth import queries", "imports codezest.services.auth"),
        ("from codezest.services import auth", "imports codezest.services.auth"),
        ("import codezest.services.auth.queries", "imports codezest.services.auth.queries"),
        ("def f():\n    from codezest.services.auth.rules import x", "imports codezest.services.auth.rules"),
        ("from codezest_db.models.auth import User", "imports codezest_db.models.auth"),
        ("from codezest_db.models import User", "imports codezest_db.models.User"),
        ("async def f(database):\n    async with database.write('auth') as session: ...", "works as auth"),
        ("rows = context.database.pool('ops').fetch('SELECT 1')", "works as ops"),
        ("SQL = 'SELECT email FROM auth.users WHERE id = $1'", "reads auth.users"),
        ("SQL = f'UPDATE auth.sessions SET {x}'", "writes auth.sessions"),
        ("SQL = 'DELETE FROM auth.sessions'", "writes auth.sessions"),
        ("SQL = 'select 1 from a join auth.users u on true'", "reads auth.users"),
        ("async def f(d):\n    async with d.write('learning') as s:\n        await asyncio.sleep(1)", "waits for asyncio.sleep"),
        ("async def f(d):\n    async with d.write('learning') as s:\n        await grader.grade(1)", "waits for grader.grade"),
        ("async def f(d):\n    async with d.write('learning') as s:\n        if s:\n            await self._mailer.send(m)",
         "waits for self._mailer.send"),
        ("async def f(session: AsyncSession): await httpx.get('x')", "waits for httpx.get"),
        ("async def f(*, session: orm.AsyncSession): time.sleep(1)", "waits for time.sleep"),
    ],
)  # fmt: skip
def test_a_slip_is_found(text: str, found: str) -> None:
    assert found in [problem.partition(": ")[2] for problem in problems(text, "learning")]


@pytest.mark.parametrize(
    "text",
    [
        "async def f(database):\n    async with database.write('learning') as session:\n        await act(session)",
        "async def f(d):\n    async with d.write('learning') as s:\n        await act(s)\n    await grader.grade(1)",
        "async def f(session: AsyncSession): await enqueue(session, 'grade', {})",
        "SQL = 'SELECT display_name FROM auth.public_users JOIN learning.modules ON true'",
        "from codezest.services.learning.rules import percent",
        "from codezest_db.models import Module",
        "from codezest_db.models.learning import Module",
        "from codezest_db.enums import Role",
        "async def f(): await asyncio.sleep(1)",
    ],
)
def test_what_is_right_passes(text: str) -> None:
    assert problems(text, "learning") == []


def test_the_rules_have_something_to_read() -> None:
    assert {path.relative_to(SERVICES).parts[0] for path in modules()} >= {"auth", "learning"}
    assert SCHEMA_OF_MODEL["User"] == "auth"
    assert SCHEMA_OF_MODEL["Module"] == "learning"
    assert "auth.public_users" in PUBLISHED
