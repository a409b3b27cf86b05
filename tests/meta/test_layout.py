"""Where things stand and what they are called, and what no file may contain.

Each rule is a function from paths or text to what is wrong, proven below on samples that break it.
"""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import get_args

import pytest

from codezest.kit.database import Service
from codezest_db.roles import SERVICE_ROLES

ROOT = Path(__file__).resolve().parents[2]
SERVICES = "src/codezest/services"

ROLES = frozenset(
    [
        "routes",
        "pages",
        "actions",
        "queries",
        "repository",
        "policies",
        "rules",
        "jobs",
        "subscribers",
        "providers",
        "schemas",
        "errors",
    ]
)
OWN_ROLES = {"learning": frozenset({"content"})}
"""Roles that one service alone has."""
OTHER_NAMES = {
    "auth/letters": "the words of mails, for writers and translators",
    "auth/letters_account": "as above, of what happens to an account",
    "auth/passwords": "hashing takes memory, which is bounded in this one place",
    "auth/ways_in": "passkeys, codes and connections: types, reads and pure rules that pages, routes and actions share",
    "learning/analysers": "what can be said of a program, by rules or by a model; providers, but many",
    "learning/analysing": "ties events and jobs of analyses to their actions",
    "learning/badges": "what is worth celebrating, and its words; pure",
    "learning/gradebook": "how a grade comes about, and its words; pure, shared by pages, API and files",
    "learning/grading_spec": "from the rows of an assignment to what it is graded by; pure",
    "learning/inviting": "letters of invitation: their words, their loop and what follows from them",
    "learning/kinds": "what an assignment of each kind needs; pure, and shared by loader and API",
    "learning/line_diff": "two texts line by line; pure, shared by pages and API",
    "learning/trial_results": "what a try of an author's programs found out, as it is stored; pure",
    "learning/telling": "how jobs tell whoever waits of each test as it ends",
    "learning/trying": "the jobs of tries: the loop around both programs, and what is cleared away",
    "learning/program_jobs": "the one way of every program in the queue, for submissions and for answers of questions",
    "learning/program_files": "names and sizes of a program of several files; pure, shared by all who take one in",
    "learning/questions": "one class per type of question: key, fields, grading; pure, shared by loader, API and pages",
    "learning/receipts": "what a receipt says and how it is signed; pure, and used without a server as well",
    "learning/regrading": "one loop, for the job and for the command",
    "learning/question_results": "what running a question's program found out, as it is stored; pure",
    "learning/retries": "how often and when grading is tried again; shared by the jobs of submissions and of questions",
    "learning/running_questions": "the jobs of programs that answer questions: the loop, and what is cleared away",
    "learning/rhythm": "streaks and the calendar of a learner's days; pure",
}
"""Files of a service that bear no role's name, with their reasons."""

LEFTOVERS = re.compile(
    r"(^|[_-])(utils?|utilities|helpers?|commons?|core|managers?|misc|miscellaneous|stuff|base[_-]managers?)([_-]|$)"
)

MOST_LINES = 300
MEASURED = {".py", ".ts", ".css", ".html", ".mjs"}
LONGER = {
    "packages/codezest-db/src/codezest_db/migrations/versions/0002_auth.py": "a schema from empty is one step",
    "packages/codezest-db/src/codezest_db/migrations/versions/0003_catalog.py": "as above",
    "packages/codezest-db/src/codezest_db/migrations/versions/0004_learners_work.py": "as above",
    "packages/codezest-db/src/codezest_db/migrations/versions/0007_regrade.py": "as above",
    "packages/codezest-db/src/codezest_db/migrations/versions/0021_analysis.py": "as above",
    "packages/codezest-db/src/codezest_db/migrations/versions/0019_question_types.py": "as above",
    "packages/codezest-db/src/codezest_db/migrations/versions/0020_hand_grading.py": "as above",
    "packages/codezest-db/src/codezest_db/migrations/versions/0018_enrolling.py": "as above",
}
"""Files that are one thing nevertheless, with their reasons."""

MAY_SKIP = {
    "tests/kit/test_postgres.py": "the parent-death signal is Linux's; elsewhere the test has no subject",
    "tests/e2e/chromium.py": "there is no Chromium and no right to install one; with CI set that fails instead",
    "tests/fixtures/programs.py": "a toolchain is missing; with CI set that fails, unless CI names it as one not to be had",
    "tests/fixtures/graders.py": "CODEZEST_ALLOW_NO_SANDBOX is set, which CI never does",
    "tests/product/test_survival_memory.py": "memory cgroups cannot be made here; CI runs as root and makes them",
    "tests/sandbox/test_cpu_cgroup.py": "groups that count CPU time cannot be made here; CI runs as root and makes them",
    "tests/sandbox/test_landlock.py": "Landlock binds no signals before Linux 6.12, and only root can try root's side of it",
    "tests/sandbox/test_landlock_grading.py": "Landlock binds no signals before Linux 6.12, and so is not used",
    "tests/sandbox/test_machines.py": "the machine lacks a tool or a second Python to try; CI has them",
    "tests/sandbox/test_memory_cgroup.py": "memory cgroups cannot be made here; CI runs as root and makes them",
    "tests/sandbox/test_seccomp.py": "the kernel's headers, with which the numbers are compared, are not installed",
}
"""Tests that may be skipped, with their reasons."""


def tracked() -> list[str]:
    """Paths of the sources: what git has or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return sorted({path for path in listed.split("\0") if path and (ROOT / path).is_file()})


def sources(*roots: str, suffixes: Iterable[str] = (".py",)) -> list[str]:
    return [path for path in tracked() if path.startswith(roots) and PurePosixPath(path).suffix in set(suffixes)]


def misplaced(path: str) -> bool:
    """Whether a file of a service bears the name of no role. `path` is below the folder of services."""
    service, _, rest = path.partition("/")
    if not rest or rest == "__init__.py":
        return False
    name = rest.partition("/")[0].removesuffix(".py")
    return name not in ROLES | OWN_ROLES.get(service, frozenset()) and f"{service}/{name}" not in OTHER_NAMES


def leftover(path: str) -> bool:
    """Whether a file or folder has a name under which anything could be put."""
    return any(LEFTOVERS.search(part.partition(".")[0].lower()) for part in PurePosixPath(path).parts)


def named_hosts(name: str, text: str) -> list[str]:
    """Addresses in a file that says what to install, and options that would name one."""
    if name == "package-lock.json":  # its other addresses say whom to fund
        return re.findall(r'"resolved":\s*"([^"]*://[^"]*)"', text)
    return re.findall(
        r"https?://\S+|git\+\S+|--(?:extra-)?index-url\b|--find-links\b|^registry\s*=", text, re.MULTILINE
    )


def silenced_types(text: str) -> list[int]:
    """Lines on which a type error of any kind is silenced."""
    return [number for number, line in enumerate(text.splitlines(), 1) if re.search(r"#\s*type:\s*ignore", line)]


def skips(text: str) -> list[int]:
    """Lines that skip a test, or expect it to fail."""
    found: list[int] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr in {
            "skip",
            "skipif",
            "xfail",
            "importorskip",
            "skipIf",
            "SkipTest",
        }:
            found.append(node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module == "pytest":
            found += [node.lineno for name in node.names if name.name in {"skip", "xfail", "importorskip"}]
    return sorted(found)


def test_files_of_a_service_are_named_by_their_role() -> None:
    found = [path for path in sources(SERVICES) if misplaced(path.removeprefix(SERVICES + "/"))]
    assert found == []


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("auth/service.py", True),
        ("auth/helpers/hash.py", True),
        ("auth/content/load.py", True),
        ("auth/queries.py", False),
        ("auth/actions/sign_in.py", False),
        ("learning/content/load.py", False),
        ("auth/passwords.py", False),
        ("learning/passwords.py", True),
        ("auth/__init__.py", False),
        ("__init__.py", False),
    ],
)
def test_a_misplaced_file_is_found(path: str, *, wrong: bool) -> None:
    assert misplaced(path) is wrong


def test_exceptions_are_still_needed() -> None:
    existing = {path.removeprefix(SERVICES + "/").removesuffix(".py") for path in sources(SERVICES)}
    existing |= {path.rpartition("/")[0] for path in existing}
    assert [name for name in OTHER_NAMES if name not in existing] == []
    assert [path for path in LONGER if len((ROOT / path).read_text().splitlines()) <= MOST_LINES] == []


def test_nothing_is_named_for_leftovers() -> None:
    found = [path for path in tracked() if path.startswith(("src/", "packages/", "ui/")) and leftover(path)]
    assert found == []


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("src/codezest/kit/utils.py", True),
        ("src/codezest/kit/date_helpers.py", True),
        ("src/codezest/core/thing.py", True),
        ("src/codezest/kit/base_manager.py", True),
        ("ui/src/common.ts", True),
        ("packages/x/misc.css", True),
        ("src/codezest/kit/score.py", False),
        ("src/codezest/services/learning/queries/common_mistakes.py", True),
        ("src/codezest/services/learning/rules/scoring.py", False),
    ],
)
def test_a_leftover_is_found(path: str, *, wrong: bool) -> None:
    assert leftover(path) is wrong


def too_long(files: Iterable[tuple[str, int]], allowed: Iterable[str]) -> Iterator[str]:
    """Paths with more lines than a file should have; `files` gives paths with their number of lines."""
    excepted = set(allowed)
    return (path for path, lines in files if lines > MOST_LINES and path not in excepted)


def test_files_are_short() -> None:
    measured = sources("src/", "packages/", "ui/", "bench/", "tools/", suffixes=MEASURED)
    assert len(measured) > 50
    lengths = [(path, len((ROOT / path).read_text().splitlines())) for path in measured]
    assert list(too_long(lengths, LONGER)) == []


def test_a_long_file_is_found() -> None:
    assert list(too_long([("a.py", 300), ("b.py", 301), ("c.py", 301)], {"c.py"})) == ["b.py"]


def _install_files() -> list[str]:
    names = {"package-lock.json", ".npmrc", "package.json", "pip.conf"}
    folders = ("content/",)
    return [
        path
        for path in tracked()
        if not path.startswith(folders)
        and (PurePosixPath(path).suffix in {".lock", ".in", ".toml"} or PurePosixPath(path).name in names)
    ]


def test_what_is_installed_names_no_host() -> None:
    files = _install_files()
    assert {"requirements/runtime.lock", "requirements/dev.lock", "ui/package-lock.json", "ui/.npmrc"} <= set(files)
    found = {path: named_hosts(PurePosixPath(path).name, (ROOT / path).read_text()) for path in files}
    assert {path: hosts for path, hosts in found.items() if hosts} == {}


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("runtime.lock", "a @ https://example.org/a.whl", 1),
        ("runtime.lock", "--index-url=mirror\na==1", 1),
        ("runtime.lock", "a @ git+ssh://example.org/a", 1),
        ("runtime.lock", "a==1 --hash=sha256:00", 0),
        (".npmrc", "registry=//mirror/", 1),
        (".npmrc", "omit-lockfile-registry-resolved=true", 0),
        ("pyproject.toml", '[[tool.uv.index]]\nurl = "https://example.org/simple"', 1),
        ("package-lock.json", '{"resolved": "https://example.org/a.tgz", "integrity": "sha512-00"}', 1),
        ("package-lock.json", '{"funding": {"url": "https://example.org"}, "integrity": "sha512-00"}', 0),
    ],
)
def test_a_named_host_is_found(name: str, text: str, count: int) -> None:
    assert len(named_hosts(name, text)) == count


def test_every_locked_package_has_a_hash() -> None:
    for path in ("requirements/runtime.lock", "requirements/dev.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / path).read_text())
        pinned = [entry for entry in entries if re.match(r"[a-z0-9]", entry)]
        assert len(pinned) > 20
        assert [entry.split()[0] for entry in pinned if "--hash=sha256:" not in entry] == []


def test_no_type_error_is_silenced_wholesale() -> None:
    found = {path: silenced_types((ROOT / path).read_text()) for path in sources("")}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_silenced_type_error_is_found() -> None:
    ignoring = "# type: " + "ignore"
    assert silenced_types(f"a = 1\nb = a.c  {ignoring}[attr-defined]\nc = 2  # the type: ignored\n") == [2]


def test_tests_run() -> None:
    found = {path: skips((ROOT / path).read_text()) for path in sources("tests/") if path not in MAY_SKIP}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("import pytest\npytest.skip('later')", 1),
        ("import pytest\n@pytest.mark.skipif(True, reason='x')\ndef test(): ...", 1),
        ("import pytest\n@pytest.mark.xfail\ndef test(): ...", 1),
        ("import pytest\npytest.importorskip('x')", 1),
        ("from pytest import skip", 1),
        ("import pytest\n@pytest.mark.browser\ndef test(): 'pytest.skip'", 0),
    ],
)
def test_a_skipped_test_is_found(text: str, count: int) -> None:
    assert len(skips(text)) == count


def missing_programs(text: str, root: Path) -> list[str]:
    """Scripts below `tools/` and `bench/` that a text runs and that are not there."""
    named = re.findall(r"(?<![\w/.-])(?:tools|bench)/[\w/.-]+\.(?:py|sh)\b", text)
    return sorted({path for path in named if not (root / path).is_file()})


@pytest.mark.parametrize("path", ["Makefile", ".ci/run"])
def test_scripts_that_are_run_exist(path: str) -> None:
    assert missing_programs((ROOT / path).read_text(), ROOT) == []


def test_a_missing_script_is_found(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "there.sh").touch()
    assert missing_programs("\t@tools/there.sh\n\t$(PY) tools/gone.py\n", tmp_path) == ["tools/gone.py"]


def test_every_service_is_walled_in() -> None:
    """A service that exists has its contract, its role and its place in the type of services."""
    services = {path.parent.name for path in (ROOT / SERVICES).glob("*/__init__.py")}
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    independent = {name for contract in contracts if contract["type"] == "independence" for name in contract["modules"]}
    assert {f"codezest.services.{service}" for service in services} == independent
    assert services == {role.schema for role in SERVICE_ROLES} == set(get_args(Service)) - {"ops"}
