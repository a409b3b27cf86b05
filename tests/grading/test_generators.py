"""Inputs that a seeded program makes."""

from codezest.grading import AuthorProgram, GeneratedInput, TestSpec
from codezest_db.enums import Verdict
from fixtures.graders import GradeIt

MAKER = AuthorProgram(
    language="python",
    files={
        "make.py": (
            "import random, sys\n"
            "count, seed = int(sys.argv[1]), sys.argv[-1]\n"
            "numbers = [random.Random(seed).randrange(1000) for _ in range(count)]\n"
            "print(sum(numbers) if '--expected' in sys.argv else ' '.join(map(str, numbers)))\n"
        )
    },
)


def generated(seed: int, count: int = 20_000, **options: object) -> TestSpec:
    generator = GeneratedInput(program=MAKER, args=(str(count),), seed=seed)
    return TestSpec(name=f"seed {seed}", generator=generator, **options)  # pyright: ignore[reportArgumentType]


async def test_input_and_expected_output_are_made(grade_by: GradeIt) -> None:
    tests = (generated(1), generated(2), TestSpec(name="plain", stdin="1 2", expected="3\n"))
    right = await grade_by("print(sum(map(int, input().split())))", *tests)
    assert [outcome.verdict for outcome in right.outcomes] == [Verdict.AC] * 3, right
    wrong = await grade_by("print(sum(map(int, input().split()[:1])))", *tests)
    assert [outcome.verdict for outcome in wrong.outcomes] == [Verdict.WA] * 3


async def test_an_expected_output_of_the_author_stays(grade_by: GradeIt) -> None:
    result = await grade_by("print('x')", generated(1, expected="x\n"))
    assert result.verdict is Verdict.AC


async def test_a_broken_generator_is_ours(grade_by: GradeIt) -> None:
    broken = GeneratedInput(program=AuthorProgram(language="python", files={"m.py": "1/0"}))
    result = await grade_by("print(1)", TestSpec(name="only", generator=broken))
    assert result.verdict is Verdict.IE
    assert "the generator failed" in (result.fault or "")
