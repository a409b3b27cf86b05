"""What grades come to, against a reckoning that is done another way, and shown alike wherever they are shown."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from codezest.kit.i18n import READER, Reader
from codezest.services.learning.gradebook.reading import Book
from codezest.services.learning.gradebook.rules import Category, Item, Result, rounded, standing
from codezest.services.learning.gradebook.words import percent
from codezest.services.learning.queries import gradebook_csv
from codezest.services.learning.rules.grades import completed_scores, grade_name, marks_by_rubric
from codezest.services.learning.schemas.gradebook import Row, State

MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)
QUICK = settings(derandomize=True, deadline=None, max_examples=250)
HOMES = [UUID(int=900 + number) for number in range(3)]
FREE_STATES = [State.MISSING, State.OPEN, State.WAITING, State.EXCUSED]


@st.composite
def courses(draw: st.DrawFn) -> tuple[list[Category], list[Item], dict[UUID, Result]]:
    categories = [
        Category(id=home, name="", weight=draw(st.integers(0, 9)), drop_lowest=draw(st.integers(0, 3)))
        for home in HOMES[: draw(st.integers(0, 3))]
    ]
    items = [
        Item(
            id=UUID(int=number),
            title="",
            category_id=draw(st.sampled_from([None, *HOMES])),
            counts=draw(st.integers(0, 9)) > 0,
            extra_percent=draw(st.sampled_from([None, None, None, 5])),
        )
        for number in range(draw(st.integers(0, 9)))
    ]
    share = st.tuples(st.integers(0, 7), st.integers(7, 12)).map(lambda pair: Result(State.SCORED, Fraction(*pair)))
    result = share | st.sampled_from([Result(state) for state in FREE_STATES])
    return categories, items, {one.id: draw(result) for one in items}


def points_of(result: Result) -> Fraction | None:
    if result.state is State.MISSING:
        return Fraction(0)
    return result.share if result.state is State.SCORED else None


def grade_by_trying(
    categories: list[Category], items: list[Item], results: dict[UUID, Result]
) -> tuple[Fraction | None, int]:
    """The best mean that dropping so many can give, of all ways to drop them; and how many are dropped altogether."""
    weighed, weights, dropped, extra = Fraction(0), 0, 0, Fraction(0)
    for category in categories or [Category(id=None, name="", weight=1)]:
        points = [
            found
            for item in items
            if item.counts and item.extra_percent is None and (not categories or item.category_id == category.id)
            and (found := points_of(results[item.id])) is not None
        ]  # fmt: skip
        keep = max(min(len(points), 1), len(points) - category.drop_lowest)
        if keep:
            best = max(sum(chosen, Fraction(0)) / keep for chosen in combinations(points, keep))
            weighed, weights = weighed + best * category.weight, weights + category.weight
            dropped += len(points) - keep
    for item in items:
        if item.counts and item.extra_percent:
            extra += (points_of(results[item.id]) or 0) * Fraction(item.extra_percent, 100)
    return (weighed / weights + extra if weights else None), dropped


@QUICK
@given(courses())
def test_a_grade_is_what_trying_all_ways_comes_to(
    course: tuple[list[Category], list[Item], dict[UUID, Result]],
) -> None:
    found = standing(*course)
    share, dropped = grade_by_trying(*course)
    assert found.share == share
    assert sum(len(part.dropped) for part in found.parts) == dropped
    told = [item.id for part in found.parts for item in (*part.counted, *part.dropped, *part.excused, *part.pending)]
    assert len(told) == len(set(told))
    if share is not None:
        most = 1 + sum(Fraction(item.extra_percent or 0, 100) for item in course[1])
        assert 0 <= share <= most


SENT = st.integers(-9 * 24 * 60, 9 * 24 * 60).map(lambda minutes: MOMENT + timedelta(minutes=minutes))
KINDS = [("ASSIGNMENT", "submissions"), ("QUIZ", "attempts"), ("FILLED", "entries")]


@st.composite
def read(draw: st.DrawFn) -> tuple[Book, dict[str, Any]]:
    """What the statements of the gradebook give: columns, and a learner's rows in them, with marks beyond the most too."""
    columns: list[dict[str, Any]] = []
    rows: dict[str, Any] = {"submissions": [], "attempts": [], "entries": [], "granted": []}
    for number in range(1, draw(st.integers(1, 6)) + 1):
        kind = draw(st.sampled_from(["ASSIGNMENT", "QUIZ", "FILLED"]))
        name, own = str(UUID(int=number)), str(UUID(int=100 + number))
        most = 100 if kind == "QUIZ" else draw(st.sampled_from([1, 3, 7, 40, 12.5]))
        columns.append({
            "id": name, "kind": kind, "title": f"=t{number}", "max_points": most, "category_id": None, "counts": True,
            "visible": True, "extra_percent": None, "column_id": own,
            "due_at": draw(st.none() | SENT.map(datetime.isoformat)),
        })  # fmt: skip
        late, waiting, sent = draw(st.booleans()), draw(st.booleans()), draw(SENT).isoformat()
        marks = draw(st.none() | st.integers(0, 110))
        if kind == "ASSIGNMENT" and draw(st.booleans()):
            rows["submissions"].append(
                [
                    name,
                    str(UUID(int=200 + number)),
                    marks,
                    draw(st.sampled_from([0, 30, 100])),
                    late,
                    False,
                    False,
                    waiting,
                    sent,
                ]
            )
        if kind == "QUIZ" and draw(st.booleans()):
            rows["attempts"].append([name, str(UUID(int=300 + number)), marks, late, waiting, sent])
        if draw(st.integers(0, 3)) == 0:
            mark = draw(st.sampled_from(["MARK", "EXCUSE", "CLEAR"]))
            rows["entries"].append([own, mark, draw(st.integers(0, 4500)) / 100 if mark == "MARK" else None, 2])
        if draw(st.integers(0, 3)) == 0:
            rows["granted"].append([name, draw(st.none() | SENT.map(datetime.isoformat)), draw(st.integers(0, 4))])
    if draw(st.booleans()):
        rows["granted"].append([None, None, draw(st.integers(0, 9))])
    body = {
        "counted_attempt": "BEST", "missing_work": draw(st.sampled_from(["WHEN_DUE", "AT_ONCE"])), "passing_percent": 50,
        "revision": 0, "grade_scale": {"kind": "PASS_FAIL"}, "categories": [], "cohorts": [], "columns": columns,
    }  # fmt: skip
    named = {"enrollment_id": str(UUID(int=1)), "user_id": str(UUID(int=2)), "name": "=1+1", "cohort_name": None}
    return Book.of(body), named | rows


def cell_by_hand(book: Book, column: int, rows: dict[str, Any]) -> tuple[State, Fraction | None]:
    """By tables of what counts before what."""
    shown = book.layout.columns[column]
    own = str(UUID(int=int(shown.id) + 100))
    entry = next((one for one in rows["entries"] if one[0] == own), [own, "CLEAR", None, 0])
    of = {**dict(KINDS)}[shown.kind]
    work = next((one for one in rows[of] if one[0] == str(shown.id)), None) if of != "entries" else None
    if entry[1] == "EXCUSE":
        return State.EXCUSED, None
    if entry[1] == "MARK":
        return State.SCORED, min(Fraction(1), Fraction(str(entry[2])) / Fraction(str(shown.max_points)))
    if work is not None:
        most = work[3] if of == "submissions" else 100
        if work[2] is None or not most:
            return State.WAITING, None
        return State.SCORED, min(Fraction(1), Fraction(work[2], most))
    due = shown.due_at
    own_grant = [one for one in rows["granted"] if one[0] == str(shown.id)]
    for _name, moment, days in own_grant or [
        one for one in rows["granted"] if one[0] is None and shown.kind != "FILLED"
    ]:
        due = datetime.fromisoformat(moment) if moment else due and due + timedelta(hours=24 * days)
    missing = book.layout.missing_work == "AT_ONCE" or (due is not None and due < MOMENT)
    return (State.MISSING if missing else State.OPEN), None


@QUICK
@given(read())
def test_page_api_and_table_say_the_same(made: tuple[Book, dict[str, Any]]) -> None:
    book, rows = made
    row, came_to = book.row(rows, MOMENT)
    expected = [cell_by_hand(book, place, rows) for place in range(len(book.layout.columns))]
    assert [cell.state for cell in row.cells] == [state for state, _share in expected]
    counted = [share or Fraction(0) for state, share in expected if state in {State.SCORED, State.MISSING}]
    mean = sum(counted, Fraction(0)) / len(counted) if counted else None
    assert came_to.share == mean == book.share(rows, MOMENT, None)
    for cell, (_state, share) in zip(row.cells, expected, strict=True):
        assert cell.percent == (None if share is None else in_percent(share))
        assert cell.percent is None or 0 <= cell.percent <= 100
        assert book.share(rows, MOMENT, cell.column_id) == (Fraction(0) if cell.state is State.MISSING else share)
        assert book.only(cell.column_id).row(rows, MOMENT)[0].cells == [cell]

    (line,) = csv.reader(io.StringIO(gradebook_csv._lines(book, [rows], MOMENT)))  # pyright: ignore[reportPrivateUsage]
    api = Row.model_validate_json(row.model_dump_json())
    assert line[3] == ("" if mean is None else str(in_percent(mean)))
    assert api.percent == (None if mean is None else float(line[3]))
    assert line[4] == ("" if mean is None else "passed" if mean >= Fraction(1, 2) else "not passed")
    assert (line[1], line[5:]) == ("'=1+1", [
        "EXCUSE" if cell.entry == "EXCUSE" else "" if cell.points is None else str(cell.points) for cell in api.cells
    ])  # fmt: skip
    if mean is not None:
        assert Decimal(percent(mean).removesuffix("%")) == Decimal(line[3])


def in_percent(share: Fraction) -> float:
    exact = Decimal(share.numerator) * 100 / Decimal(share.denominator)
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def test_every_percentage_is_written_as_it_was_rounded() -> None:
    """All there are up to 130 %, at, right below and right above the middle between two."""
    token = READER.set(Reader())
    try:
        for twentieths in range(1, 2600, 2):
            middle = Fraction(twentieths, 2000)
            below, at, above = (rounded(middle + Fraction(by, 10**9)) for by in (-1, 0, 1))
            assert at == above == below + Decimal("0.1") == Decimal(twentieths + 1) / 20
            assert percent(middle) == f"{at.normalize():f}%"
    finally:
        READER.reset(token)


@QUICK
@given(st.lists(st.integers(0, 100), unique=True, max_size=6), st.integers(0, 40), st.integers(1, 40))
def test_a_letter_is_the_best_that_is_reached(steps: list[int], marks: int, most: int) -> None:
    scale = {"kind": "LETTERS", "grades": [{"name": str(step), "from_percent": step} for step in steps]}
    reached = [step for step in steps if Fraction(marks, most) >= Fraction(step, 100)]
    name = grade_name(scale, marks=marks, max_marks=most, passing_score=50)
    assert name == (str(max(reached)) if reached else None)


@QUICK
@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), max_size=4), st.integers(1, 100), st.data())
def test_a_rubric_comes_to_its_share_of_the_marks(levels: list[list[int]], most: int, data: st.DataObject) -> None:
    criteria = [
        {"id": str(place), "title": "", "levels": [{"id": str(at), "points": points} for at, points in enumerate(row)]}
        for place, row in enumerate(levels)
    ]
    chosen = {str(place): data.draw(st.integers(0, len(row) - 1)) for place, row in enumerate(levels)}
    scores = completed_scores(criteria, {name: {"level": str(at)} for name, at in chosen.items()})
    earned = sum(levels[int(name)][at] for name, at in chosen.items())
    possible = sum(max(row) for row in levels)
    marks = marks_by_rubric(criteria, scores, max_marks=most)
    if not possible:
        assert marks is None
        return
    exact = Decimal(earned * most) / Decimal(possible)
    assert marks == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert marks is not None
    assert 0 <= marks <= most
    if levels:
        assert (
            marks_by_rubric(criteria, {name: one for name, one in scores.items() if name != "0"}, max_marks=most)
            is None
        )
