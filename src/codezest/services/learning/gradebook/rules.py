"""What a learner's results come to. Exact: every share is a fraction, and only `rounded` ever rounds, for showing.

    result      share of an item's points, 0 to 1; what is missing counts 0
    category    mean of its results, without the lowest that are dropped; each item counts the same
    grade       mean of the categories that have a result, by weight; extra credit is added to it

What is excused, open or waiting for a grade is left out. At least one result of a category is never dropped.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import lcm
from uuid import UUID

from codezest.services.learning.schemas.gradebook import State

HUNDRED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A part of the grade."""

    id: UUID | None
    name: str
    weight: int
    drop_lowest: int = 0


EVERYTHING = Category(id=None, name="", weight=1)
"""The one category of a course that has made none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that results are of."""

    id: UUID
    title: str
    category_id: UUID | None
    counts: bool = True
    extra_percent: int | None = None
    """What it adds to the grade at most; null: it counts in its category."""


@dataclass(frozen=True, slots=True)
class Result:
    """One learner's result of an item; `share` from 0 to 1 where it is SCORED."""

    state: State
    share: Fraction | None = None

    @property
    def counted(self) -> Fraction | None:
        """The share that counts, or None where nothing does yet."""
        match self.state:
            case State.SCORED:
                return self.share
            case State.MISSING:
                return NONE_OF_IT
            case _:
                return None


NOTHING = Result(State.OPEN)
NONE_OF_IT, ALL_OF_IT = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a category comes to."""

    category: Category
    items: tuple[Item, ...]
    counted: tuple[Item, ...]
    dropped: tuple[Item, ...]
    excused: tuple[Item, ...]
    pending: tuple[Item, ...]
    """Open, or waiting for a grade."""
    share: Fraction | None
    """Null while nothing counts."""
    weight: Fraction
    """Of the whole grade, beside the categories that have a result; 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """What extra credit adds; `added` is a share of the whole grade."""

    item: Item
    share: Fraction
    added: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A learner's grade and how it came about."""

    parts: tuple[Part, ...]
    extras: tuple[Extra, ...]
    apart: tuple[Item, ...]
    """Items that count nowhere."""
    share: Fraction | None
    """The grade; above 1 where extra credit lifts it there. Null while nothing counts."""


def standing(categories: Sequence[Category], items: Sequence[Item], results: Mapping[UUID, Result]) -> Standing:
    """A learner's grade. Without categories all items count alike; an item in no category then counts nowhere."""
    homes: dict[UUID | None, list[Item]] = {category.id: [] for category in categories or (EVERYTHING,)}
    apart: list[Item] = []
    for item in items:
        home = homes.get(item.category_id if categories else EVERYTHING.id)
        if not item.counts or (item.extra_percent is None and home is None):
            apart.append(item)
        elif item.extra_percent is None and home is not None:
            home.append(item)
    parts = [_part(category, homes[category.id], results) for category in categories or (EVERYTHING,)]
    weight = sum(part.category.weight for part in parts if part.share is not None)
    weighed = tuple(_weighed(part, weight) for part in parts)
    extras = tuple(_extras(items, results))
    share = None
    if weight:
        share = sum((part.weight * part.share for part in weighed if part.share is not None), Fraction(0))
        share += sum((extra.added for extra in extras), Fraction(0))
    return Standing(
        parts=weighed,
        extras=extras,
        apart=tuple(apart),
        share=share,
    )


def _part(category: Category, items: Sequence[Item], results: Mapping[UUID, Result]) -> Part:
    found = [(item, results.get(item.id, NOTHING)) for item in items]
    known = [(item, share) for item, one in found if (share := one.counted) is not None]
    # Over one denominator shares are whole numbers, which are added and compared many times faster.
    whole = lcm(*{share.denominator for _item, share in known})
    scored = [(share.numerator * (whole // share.denominator), item) for item, share in known]
    dropping = min(category.drop_lowest, max(len(scored) - 1, 0))
    lowest = sorted(range(len(scored)), key=lambda place: scored[place][0])[:dropping] if dropping else []
    dropped = set(lowest)
    kept = [one for place, one in enumerate(scored) if place not in dropped]
    return Part(
        category=category,
        items=tuple(items),
        counted=tuple(item for _parts, item in kept),
        dropped=tuple(scored[place][1] for place in sorted(dropped)),
        excused=tuple(item for item, one in found if one.state is State.EXCUSED),
        pending=tuple(item for item, one in found if one.state in {State.OPEN, State.WAITING}),
        share=Fraction(sum(parts for parts, _item in kept), whole * len(kept)) if kept else None,
        weight=Fraction(0),
    )


def _weighed(part: Part, weight: int) -> Part:
    return replace(part, weight=Fraction(part.category.weight, weight)) if weight and part.share is not None else part


def _extras(items: Iterable[Item], results: Mapping[UUID, Result]) -> Iterable[Extra]:
    for item in items:
        if not item.counts or item.extra_percent is None:
            continue
        share = results.get(item.id, NOTHING).counted
        if share:
            yield Extra(item=item, share=share, added=share * item.extra_percent / HUNDRED)


def rounded(share: Fraction) -> Decimal:
    """A share in percent as it is shown: one decimal, half up."""
    tenths = share * HUNDRED * 10
    return Decimal((2 * tenths.numerator + tenths.denominator) // (2 * tenths.denominator)).scaleb(-1)
