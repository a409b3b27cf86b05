"""`codezest grade`: a verdict on the command line, in words, as JSON and as an exit status."""

import asyncio
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from codezest.cli.grade import EXIT_STATUS, WrongSourcesError, read_sources
from codezest.cli.grade_table import as_table, wants_colour
from codezest.cli.main import main
from codezest.grading import Grade, TestOutcome
from codezest_db.enums import SubmissionStatus, Verdict

ASSIGNMENT = "python/modules/01-first-steps/assignments/double"


@pytest.fixture
def double(small: Path) -> Path:
    return small / ASSIGNMENT


async def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    status = await asyncio.to_thread(main, ["grade", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out, said.err


PROGRAMS: list[tuple[str, str, int]] = [
    ("AC", "print(int(input()) * 2)\n", 0),
    ("WA", "print(int(input()) + 2)\n", 1),
    ("CE", "print(\n", 10),
    ("TLE", "while True: pass\n", 11),
    ("MLE", "a = bytearray(300 << 20)\nprint(len(a))\n", 12),
    ("OLE", "print('x' * (3 << 20))\n", 13),
    ("RE", "print(1 / 0)\n", 14),
]


@pytest.mark.sandbox
@pytest.mark.parametrize(("verdict", "program", "expected"), PROGRAMS, ids=[case[0] for case in PROGRAMS])
async def test_the_exit_status_tells_the_verdict(
    double: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, verdict: str, program: str, expected: int
) -> None:
    source = tmp_path / "mine.py"
    source.write_text(program)
    (double / "assignment.toml").write_text(
        (double / "assignment.toml").read_text().replace("cpu_seconds = 2.0", "cpu_seconds = 0.3")
    )
    status, out, err = await run(capsys, double, source, "--json")
    told = json.loads(out)
    assert (told["verdict"], told["exit_status"], status, err) == (verdict, expected, expected, "")


def test_every_verdict_has_an_exit_status_of_its_own() -> None:
    assert set(EXIT_STATUS) == set(Verdict)
    assert len(set(EXIT_STATUS.values())) == len(Verdict)
    assert 2 not in EXIT_STATUS.values()


@pytest.mark.sandbox
async def test_json_tells_everything(double: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = await run(capsys, double, double / "wrong" / "adds-two.py", "--json")
    told: dict[str, Any] = json.loads(out)
    assert told["assignment"] == "double"
    assert told["language"] == "python"
    assert (told["status"], told["score"], told["max_score"]) == ("FAILED", 33, 100)
    assert [(test["key"], test["verdict"], test["points"], test["visible"]) for test in told["tests"]] == [
        ("the-example", "WA", 0, True),
        ("two", "AC", 1, False),
        ("negative", "WA", 0, False),
    ]
    assert "expected “-8”" in told["tests"][2]["message"], "whoever has the folder may see hidden tests"


@pytest.mark.sandbox
async def test_a_table_is_printed_without_colours_to_a_file(double: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = await run(capsys, double, double / "wrong" / "adds-two.py")
    assert status == 1
    assert "\033" not in out
    lines = out.splitlines()
    assert lines[0].startswith("Double · CPython ")
    assert lines[3].split()[:7] == ["1", "The", "example", "from", "the", "task", "WA"]
    assert lines[4].strip() == "Your output differs at line 1: expected “42”, got “23”."
    assert "FAILED · WA · 33 of 100" in lines


@pytest.mark.sandbox
async def test_several_files_are_one_program(double: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.py").write_text("from doubling import doubled\nprint(doubled(int(input())))\n")
    (tmp_path / "doubling.py").write_text("def doubled(n):\n    return n * 2\n")
    status, out, _ = await run(capsys, double, tmp_path / "mine.py", tmp_path / "doubling.py")
    assert (status, "PASSED · AC · 100 of 100" in out) == (0, True)


@pytest.mark.sandbox
async def test_an_assignment_outside_a_course_is_graded(
    double: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = double.rename(tmp_path / "alone")
    assert (await run(capsys, alone, alone / "solution"))[0] == 0
    toml = alone / "assignment.toml"
    toml.write_text(toml.read_text().replace('language = "python"\n', ""))
    status, _, err = await run(capsys, alone, alone / "solution")
    assert (status, "`language` is missing" in err) == (2, True)


@pytest.mark.sandbox
async def test_bytes_that_are_no_text_do_not_compile(
    double: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.py").write_bytes(b"print('\xff')\n")
    assert (await run(capsys, double, tmp_path / "mine.py"))[0] == 10


async def test_a_wrong_command_is_told_from_a_wrong_program(
    double: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = await run(capsys, double, tmp_path / "absent.py")
    assert (status, out, err) == (2, "", f"{tmp_path / 'absent.py'}: No such file or directory\n")
    status, out, _ = await run(capsys, double.parent, double / "solution", "--json")
    assert (status, json.loads(out)["verdict"], json.loads(out)["exit_status"]) == (2, None, 2)
    (double / "tests" / "tests.toml").write_text("[[test]]\n")
    status, _, err = await run(capsys, double, double / "solution")
    assert (status, "tests/tests.toml" in err) == (2, True)
    with pytest.raises(SystemExit, match="2"):
        await run(capsys, double)


async def test_what_cannot_be_isolated_is_not_graded(double: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = await run(capsys, double, double / "solution", "--python", "/nowhere/python3")
    assert (status, out) == (3, "")
    assert "/nowhere/python3" in err


def test_files_keep_their_names_and_the_first_is_the_main_one(tmp_path: Path) -> None:
    (tmp_path / "a" / "inner").mkdir(parents=True)
    for name in ("first.py", "a/main.py", "a/inner/x.py", "a/.hidden"):
        (tmp_path / name).write_text(name)
    assert read_sources([tmp_path / "first.py"], entry="main.py") == {"main.py": "first.py"}
    folder = read_sources([tmp_path / "a"], entry="main.py")
    assert folder == {"main.py": "a/main.py", "inner/x.py": "a/inner/x.py"}
    both = read_sources([tmp_path / "first.py", tmp_path / "a"], entry="main.py")
    assert list(both) == ["main.py", "first.py", "inner/x.py"]


def test_files_that_cannot_be_one_program_are_refused(tmp_path: Path) -> None:
    for folder in ("a", "b", "empty"):
        (tmp_path / folder).mkdir()
    (tmp_path / "a" / "x.py").touch()
    (tmp_path / "b" / "x.py").touch()
    (tmp_path / "a name with spaces.py").touch()
    with pytest.raises(WrongSourcesError, match=r"would both be x\.py"):
        read_sources([tmp_path / "a", tmp_path / "b"], entry="main.py")
    with pytest.raises(WrongSourcesError, match="no file"):
        read_sources([tmp_path / "empty"], entry="main.py")
    assert read_sources([tmp_path / "a name with spaces.py"], entry="main.py") == {"main.py": ""}
    with pytest.raises(WrongSourcesError, match="is no path"):
        read_sources([tmp_path / "a" / "x.py", tmp_path / "a name with spaces.py"], entry="main.py")


def outcome(verdict: Verdict, **fields: Any) -> TestOutcome:
    everything: dict[str, Any] = {
        "index": 0, "name": "t", "verdict": verdict, "points": 0, "max_points": 1, "time_ms": 1, "memory_kb": 1024,
        "visible": True, "stdout": "", "stderr": "", "message": None, **fields,
    }  # fmt: skip
    return TestOutcome(**everything)


def graded(*outcomes: TestOutcome, **fields: Any) -> Grade:
    everything: dict[str, Any] = {
        "verdict": Verdict.WA, "status": SubmissionStatus.FAILED, "score": 0, "outcomes": outcomes, "feedback": "No.",
        "compile_output": None, "runtime": "CPython", "tier": "NAMESPACES", **fields,
    }  # fmt: skip
    return Grade(**everything)


def test_colours_stand_by_verdict() -> None:
    text = as_table("T", graded(outcome(Verdict.AC), outcome(Verdict.WA)), max_score=100, colour=True)
    assert "\033[32mAC     \033[0m" in text
    assert "\033[31mWA     \033[0m" in text
    assert "\033[31mFAILED" in text


def test_a_table_says_what_went_wrong() -> None:
    long = outcome(
        Verdict.RE, name="x" * 60, message="It crashed.", stderr="Traceback\nZeroDivisionError: 1\n", bonus=True
    )
    text = as_table(
        "T", graded(long, compile_output="warning: w\n", fault="the checker died"), max_score=100, colour=False
    )
    assert ("x" * 43 + "…") in text
    assert "x" * 44 not in text
    for line in ("It crashed.", "ZeroDivisionError: 1", "warning: w", "the checker died", "0/1+"):
        assert line in text


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "colour"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
    ids=["plain", "no-color", "empty", "dumb"],
)
def test_only_a_willing_terminal_gets_colours(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *, colour: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert wants_colour(Terminal()) is colour
    assert not wants_colour(StringIO())
