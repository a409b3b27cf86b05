"""What results come to: known cases, and what holds for all of them."""

from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from codezest.services.learning.gradebook.rules import Category, Item, Result, Standing, rounded, standing
from codezest.services.learning.gradebook.words import steps
from codezest.services.learning.schemas.gradebook import State

EXERCISES, QUIZZES, EMPTY = (UUID(int=n) for n in (101, 102, 103))


def item(number: int, category: UUID | None = None, **options: object) -> Item:
    return Item(id=UUID(int=number), title=f"item {number}", category_id=category, **options)  # pyright: ignore[reportArgumentType]


def scored(percent: int) -> Result:
    return Result(State.SCORED, Fraction(percent, 100))


def test_a_grade_that_was_reckoned_by_hand() -> None:
    categories = [
        Category(id=EXERCISES, name="Exercises", weight=40),
        Category(id=QUIZZES, name="Quizzes", weight=20, drop_lowest=1),
        Category(id=EMPTY, name="Project", weight=40),
    ]
    items = [
        *(item(n, EXERCISES) for n in (1, 2, 3, 4)),
        *(item(n, QUIZZES) for n in (5, 6, 7, 8)),
        item(9, EMPTY),
        item(10, extra_percent=5),
        item(11),
    ]
    results = {
        UUID(int=1): scored(90),
        UUID(int=2): Result(State.MISSING),
        UUID(int=3): Result(State.EXCUSED),
        UUID(int=4): Result(State.OPEN),
        UUID(int=5): scored(80),
        UUID(int=6): scored(50),
        UUID(int=7): scored(85),
        UUID(int=8): scored(81),
        UUID(int=9): Result(State.WAITING),
        UUID(int=10): scored(50),
        UUID(int=11): scored(1),
    }
    found = standing(categories, items, results)
    exercises, quizzes, project = found.parts
    assert (exercises.share, exercises.weight) == (Fraction(45, 100), Fraction(2, 3))
    assert (quizzes.share, quizzes.weight) == (Fraction(82, 100), Fraction(1, 3))
    assert (project.share, project.weight) == (None, 0)
    assert [one.title for one in quizzes.dropped] == ["item 6"]
    # 45 % · 2/3 + 82 % · 1/3 + 2.5 %
    assert found.share == Fraction(2, 3) * Fraction(45, 100) + Fraction(1, 3) * Fraction(82, 100) + Fraction(25, 1000)
    assert found.share is not None
    assert rounded(found.share) == Decimal("59.8")
    assert [one.title for one in found.apart] == ["item 11"]
    told = [(step.code, step.text) for step in steps(found, "PASS")]
    assert ("category", "Quizzes: 3 of 4 results count: 82%. Weighs 33.3%.") in told
    assert ("dropped", "Dropped as the lowest: item 6.") in told
    assert ("excused", "Excused: item 3.") in told
    assert ("extra", "Extra credit for item 10: 50% of 5 points, which adds 2.5.") in told
    assert told[-1] == ("total", "Together that is 59.8%: passed.")


def test_without_categories_everything_counts_alike() -> None:
    found = standing([], [item(1), item(2, counts=False), item(3)], {UUID(int=1): scored(50), UUID(int=3): scored(25)})
    assert found.share == Fraction(375, 1000)
    assert [one.title for one in found.apart] == ["item 2"]
    nothing = standing([], [item(1)], {})
    assert nothing.share is None
    assert steps(nothing, None)[-1].code == "nothing"


def test_percent_is_rounded_half_up_and_only_for_showing() -> None:
    assert [rounded(Fraction(n, 2000)) for n in (1, 2, 3, 999, 1999)] == [
        Decimal(text) for text in ("0.1", "0.1", "0.2", "50.0", "100.0")
    ]
    assert rounded(Fraction(2, 3)) == Decimal("66.7")


shares = st.fractions(min_value=0, max_value=1, max_denominator=100)
results = st.one_of(
    shares.map(lambda share: Result(State.SCORED, share)),
    st.sampled_from([Result(State.MISSING), Result(State.OPEN), Result(State.WAITING), Result(State.EXCUSED)]),
)


def category(number: int, weight: int, drop: int) -> Category:
    return Category(id=UUID(int=100 + number), name=str(number), weight=weight, drop_lowest=drop)


categories = st.lists(
    st.builds(category, st.integers(1, 3), st.integers(0, 50), st.integers(0, 3)),
    max_size=3,
    unique_by=lambda one: one.id,
)


@st.composite
def books(draw: st.DrawFn) -> tuple[list[Category], list[Item], dict[UUID, Result]]:
    parts = draw(categories)
    homes = [None, *(part.id for part in parts)]
    items = [
        item(number, draw(st.sampled_from(homes)), extra_percent=draw(st.none() | st.integers(1, 10)))
        for number in range(draw(st.integers(0, 6)))
    ]
    return parts, items, {one.id: draw(results) for one in items}


def percent(found: Standing) -> Fraction:
    return Fraction(-1) if found.share is None else found.share


@given(books(), st.randoms(use_true_random=False))
def test_order_changes_nothing(book: tuple[list[Category], list[Item], dict[UUID, Result]], random: object) -> None:
    parts, items, found = book
    shuffled = list(items)
    random.shuffle(shuffled)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    assert standing(parts, shuffled, found).share == standing(parts, items, found).share


@given(books(), st.integers(0, 2))
def test_dropping_one_more_never_lowers(
    book: tuple[list[Category], list[Item], dict[UUID, Result]], place: int
) -> None:
    parts, items, found = book
    if place >= len(parts):
        return
    more = [
        Category(id=one.id, name=one.name, weight=one.weight, drop_lowest=one.drop_lowest + (at == place))
        for at, one in enumerate(parts)
    ]
    assert percent(standing(more, items, found)) >= percent(standing(parts, items, found))


@given(books())
def test_excusing_what_is_missing_never_lowers(book: tuple[list[Category], list[Item], dict[UUID, Result]]) -> None:
    parts, items, found = book
    before = standing(parts, items, found)
    for one in items:
        if found[one.id].state is State.MISSING:
            excused = standing(parts, items, found | {one.id: Result(State.EXCUSED)})
            # Where nothing else counts there is no grade left, which is better than none of the points.
            assert excused.share is None or percent(excused) >= percent(before)


@given(books())
def test_weights_are_shared_among_what_has_a_result(
    book: tuple[list[Category], list[Item], dict[UUID, Result]],
) -> None:
    came_to = standing(*book)
    having = [part for part in came_to.parts if part.share is not None]
    assert all(part.weight == 0 for part in came_to.parts if part.share is None)
    assert sum(part.weight for part in having) == (1 if any(part.category.weight for part in having) else 0)
    extra = sum((one.added for one in came_to.extras), Fraction(0))
    assert came_to.share is None or 0 <= came_to.share - extra <= 1
