"""How the marks of single tests become a score."""

import random
from fractions import Fraction

import pytest

from codezest.grading.score import Mark, earned_points, overall, score_marks, status_of_marks
from codezest.grading.spec import TestGroup
from codezest_db.enums import GroupPolicy, SubmissionStatus, Verdict

AC, WA, TLE, IE = Verdict.AC, Verdict.WA, Verdict.TLE, Verdict.IE
ALL, SUM, MIN = GroupPolicy.ALL, GroupPolicy.SUM, GroupPolicy.MIN


def mark(
    verdict: Verdict, points: int = 1, fraction: float | None = None, group: str | None = None, *, bonus: bool = False
) -> Mark:
    return Mark(verdict=verdict, points=points, fraction=fraction, group=group, bonus=bonus)


def group(name: str, policy: GroupPolicy, points: int | None = None) -> TestGroup:
    return TestGroup(name=name, policy=policy, points=points)


CASES: dict[str, tuple[list[Mark], list[TestGroup], int]] = {
    "part of the points": ([mark(AC), mark(WA, 1, 0.5)], [], 75),
    "tenths are tenths": ([mark(AC, 0), mark(WA, 1, 0.7)], [], 70),
    "thirds are rounded down at the end": ([mark(WA, 1, 1 / 3), mark(WA, 1, 1 / 3)], [], 33),
    "all parts together are not full marks": ([mark(WA, 1, 1.0)], [], 99),
    "only a wrong answer has parts": ([mark(AC), mark(TLE, 1, 0.9)], [], 50),
    "a checker cannot give more than all": ([mark(AC), mark(WA, 1, 7.5)], [], 99),
    "a checker cannot take points away": ([mark(AC), mark(WA, 1, -3.0)], [], 50),
    "what is no number is nothing": ([mark(AC), mark(WA, 1, float("nan"))], [], 50),
    "ALL with one missed": ([mark(AC, group="a"), mark(WA, group="a"), mark(AC, 2)], [group("a", ALL)], 50),
    "ALL with all": ([mark(AC, group="a"), mark(AC, group="a"), mark(WA, 2)], [group("a", ALL)], 50),
    "ALL knows no parts": ([mark(AC, group="a"), mark(WA, 1, 0.9, "a"), mark(AC, 2)], [group("a", ALL)], 50),
    "ALL with points of its own": (
        [mark(WA, group="a"), mark(AC, group="a"), mark(AC, 10)],
        [group("a", ALL, 30)],
        25,
    ),
    "MIN takes the lowest part": (
        [mark(WA, 1, 0.5, "a"), mark(WA, 1, 0.25, "a"), mark(AC, group="a")],
        [group("a", MIN, 10)],
        25,
    ),
    "MIN with a crash": ([mark(AC, group="a"), mark(TLE, group="a"), mark(AC, 10)], [group("a", MIN, 10)], 50),
    "SUM shares by the tests' points": (
        [mark(AC, 3, group="a"), mark(WA, 1, group="a")],
        [group("a", SUM, 60)],
        75,
    ),
    "SUM shares evenly where tests have no points": (
        [mark(AC, 0, group="a"), mark(WA, 0, group="a")],
        [group("a", SUM, 60)],
        50,
    ),
    "a group that nobody describes counts as SUM": ([mark(AC, group="?"), mark(WA, group="?")], [], 50),
    "a missed bonus does no harm": ([mark(AC), mark(WA, 5, bonus=True)], [], 100),
    "a bonus makes good": ([mark(AC), mark(WA), mark(AC, bonus=True)], [], 99),
    "half a bonus makes good by half": ([mark(AC), mark(WA), mark(WA, 1, 0.5, bonus=True)], [], 75),
    "a bonus is no way past the maximum": ([mark(AC), mark(AC, 9, bonus=True)], [], 100),
    "a bonus alone gives no full marks": ([mark(WA), mark(AC, 9, bonus=True)], [], 99),
    "a bonus group comes on top": (
        [mark(AC), mark(WA), mark(AC, group="b", bonus=True), mark(WA, group="b", bonus=True)],
        [group("b", SUM, 1)],
        75,
    ),
    "in a mixed group a bonus test counts alone": (
        [mark(AC, group="a"), mark(WA, group="a", bonus=True), mark(WA)],
        [group("a", ALL)],
        50,
    ),
}


@pytest.mark.parametrize(("marks", "groups", "score"), CASES.values(), ids=CASES)
def test_score(marks: list[Mark], groups: list[TestGroup], score: int) -> None:
    assert score_marks(marks, groups, 100).score == score


@pytest.mark.parametrize(
    ("marks", "verdict", "status"),
    [
        ([mark(AC), mark(WA, bonus=True)], AC, "PASSED"),
        ([mark(AC), mark(TLE, bonus=True), mark(WA)], WA, "FAILED"),
        ([mark(AC), mark(IE, bonus=True)], IE, "ERROR"),
        ([mark(WA, 1, 1.0)], WA, "FAILED"),
        ([], AC, "PASSED"),
    ],
)
def test_a_bonus_is_not_needed_to_pass(marks: list[Mark], verdict: Verdict, status: str) -> None:
    assert overall(marks) is verdict
    assert status_of_marks(marks) is SubmissionStatus(status)


@pytest.mark.parametrize(
    ("one", "points"), [(mark(AC, 7), 7), (mark(WA, 7), 0), (mark(WA, 10, 0.7), 7), (mark(WA, 1, 0.99), 0)]
)
def test_points_of_one_test(one: Mark, points: int) -> None:
    assert earned_points(one) == points


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same cases in every run, nothing secret


def _random(dice: random.Random) -> tuple[list[Mark], list[TestGroup], int]:
    names = ["a", "b", "c"][: dice.randint(0, 3)]
    groups = [group(name, dice.choice(list(GroupPolicy)), dice.choice([None, 0, 5, 30])) for name in names]
    bonus_groups = {name for name in names if dice.random() < 0.3}
    marks: list[Mark] = []
    for _ in range(dice.randint(1, 9)):
        name = dice.choice([None, *names])
        verdict = dice.choice([AC, AC, AC, WA, WA, TLE])
        fraction = dice.choice([None, dice.random()]) if verdict is WA else None
        bonus = name in bonus_groups if name else dice.random() < 0.2
        marks.append(mark(verdict, dice.randint(0, 4), fraction, name, bonus=bonus))
    return marks, groups, dice.choice([1, 7, 100, 1000])


SEEDS = range(400)


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_what_holds_of_every_score(first: int) -> None:
    for seed in SEEDS[first : first + 100]:
        marks, groups, most = _random(_dice(seed))
        result = score_marks(marks, groups, most)
        passed = all(one.accepted for one in marks if not one.bonus)
        assert 0 <= result.score <= most
        assert (result.score == most) == passed
        assert (result.status is SubmissionStatus.PASSED) == passed
        assert (result.verdict is AC) == passed


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_doing_better_in_one_test_never_costs_points(first: int) -> None:
    for seed in SEEDS[first : first + 100]:
        marks, groups, most = _random(_dice(seed))
        before = score_marks(marks, groups, most).score
        for index, one in enumerate(marks):
            better = mark(AC, one.points, None, one.group, bonus=one.bonus)
            assert score_marks([*marks[:index], better, *marks[index + 1 :]], groups, most).score >= before


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_order_does_not_count(first: int) -> None:
    for seed in SEEDS[first : first + 100]:
        dice = _dice(seed)
        marks, groups, most = _random(dice)
        shuffled = dice.sample(marks, len(marks))
        assert score_marks(shuffled, groups, most) == score_marks(marks, groups, most)


def test_without_groups_and_parts_it_is_the_share_of_the_points() -> None:
    for seed in SEEDS:
        dice = _dice(seed)
        marks = [mark(dice.choice([AC, WA]), dice.randint(0, 5)) for _ in range(dice.randint(1, 8))]
        total, earned = sum(one.points for one in marks), sum(one.points for one in marks if one.accepted)
        expected = 100 if all(one.accepted for one in marks) else 0 if not total else min(99, 100 * earned // total)
        assert score_marks(marks, (), 100).score == expected


def test_the_part_given_is_exact() -> None:
    for part in (Fraction(numerator, 10) for numerator in range(10)):
        assert score_marks([mark(WA, 1, float(part))], (), 1000).score == 100 * part.numerator * (
            10 // part.denominator
        )
