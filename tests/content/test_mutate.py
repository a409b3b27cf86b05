"""`content check --mutate`: which mistakes in a solution its tests would let pass."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from codezest.cli.main import main

pytestmark = pytest.mark.sandbox

Edit = Callable[[str, str, str], None]
SOLUTION = "assignments/double/solution/main.py"


async def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, list[str], str]:
    """Exit status, lines and complaints of `codezest content check`."""
    status = await asyncio.to_thread(main, ["content", "check", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out.splitlines(), said.err


async def test_good_tests_kill_every_mutant(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines, _ = await run(capsys, small, "--mutate", "--require", "1")
    assert lines[0].endswith("all as they should be")
    assert lines[1:] == ["python/first-steps/double: 6 of 6 mutants killed, 100%"]
    assert status == 0


async def test_survivors_are_listed_with_their_place(
    small: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(SOLUTION, "number = int(input())\n", "number = int(input())\nif number > 1000:\n    number = 1000\n")
    status, lines, _ = await run(capsys, small, "--mutate")
    assert status == 0
    assert lines[1].startswith("python/first-steps/double: ")
    assert not lines[1].endswith("100%")
    place = f"  lives: python/modules/01-first-steps/{SOLUTION}:2: operator"
    at = lines.index(place)
    assert lines[at + 1 : at + 5] == [
        "    @@ -1,3 +1,3 @@",
        "     number = int(input())",
        "    -if number > 1000:",
        "    +if number >= 1000:",
    ]
    again = await run(capsys, small, "--mutate")
    assert again[1] == lines


async def test_a_ratio_may_be_required(small: Path, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    edit(SOLUTION, "number = int(input())\n", "number = int(input())\nif number > 1000:\n    number = 1000\n")
    status, _, complaint = await run(capsys, small, "--mutate", "--require", "0.95")
    assert (status, complaint) == (1, "python/first-steps/double: its tests kill fewer than 95%\n")
    status, _, complaint = await run(capsys, small, "--mutate", "--require", "0.1")
    assert (status, complaint) == (0, "")


async def test_fewer_mutants_may_be_tried(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, lines, _ = await run(capsys, small, "--mutate", "--max-mutants", "2", "--seed", "7")
    assert lines[1:] == ["python/first-steps/double: 2 of 2 mutants killed, 100%"]


async def test_a_wrong_solution_is_not_mutated(small: Path, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    edit(SOLUTION, "* 2", "* 3")
    status, lines, complaint = await run(capsys, small, "--mutate", "--require", "0")
    assert status == 1
    assert lines[-1] == "python/first-steps/double: not mutated: the solution gets WA"
    assert complaint != ""


@pytest.mark.parametrize(
    "options", [["--seed", "1"], ["--require", "1"], ["--max-mutants", "5"]], ids=["seed", "require", "max"]
)
async def test_options_of_mutation_need_it(small: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, lines, complaint = await run(capsys, small, *options)
    assert (status, lines) == (2, [])
    assert "belong to --mutate" in complaint


@pytest.mark.parametrize("ratio", ["2", "-0.1", "much"])
async def test_a_ratio_is_from_0_to_1(small: Path, ratio: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        await run(capsys, small, "--mutate", f"--require={ratio}")
    assert "is no number from 0 to 1" in capsys.readouterr().err
