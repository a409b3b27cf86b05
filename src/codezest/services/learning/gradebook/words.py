"""How a grade came about, in words: each step has a code, and the reader's language turns it into a sentence."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from codezest.kit.i18n import READER, ngettext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.gradebook.rules import Item, Part, Standing, rounded
from codezest.services.learning.schemas.gradebook import Step


def percent(share: Fraction) -> str:
    """As the reader writes it, with one decimal at most."""
    return percent_text(float(rounded(share)))


def percent_text(number: float) -> str:
    """The same of a percentage that is rounded already."""
    return READER.get().percent(number, decimals=True)


def steps(standing: Standing, grade: str | None) -> list[Step]:
    """One line for each category, for each extra credit, and for what they come to."""
    return list(_steps(standing, grade))


def _steps(standing: Standing, grade: str | None) -> Iterator[Step]:
    for part in standing.parts:
        if part.items:
            yield from _part(part, alone=len(standing.parts) == 1)
    for extra in standing.extras:
        values = {
            "title": extra.item.title,
            "share": percent(extra.share),
            "most": extra.item.extra_percent,
            "added": READER.get().number(float(rounded(extra.added))),
        }
        yield _step(
            "extra", _("Extra credit for %(title)s: %(share)s of %(most)s points, which adds %(added)s."), values
        )
    if standing.apart:
        yield _step("apart", _("Does not count: %(titles)s."), {"titles": _titles(standing.apart)})
    if standing.share is None:
        yield _step("nothing", _("There is no grade yet, because nothing counts so far."), {})
    elif grade is None:
        yield _step("total", _("Together that is %(share)s."), {"share": percent(standing.share)})
    else:
        values = {"share": percent(standing.share), "grade": grade_text(grade)}
        yield _step("total", _("Together that is %(share)s: %(grade)s."), values)


def _part(part: Part, *, alone: bool) -> Iterator[Step]:
    name = part.category.name or _("Everything")
    if part.share is None:
        yield _step("category-empty", _("%(name)s: nothing counts yet, so the others weigh more."), {"name": name})
    else:
        total = len(part.counted) + len(part.dropped)
        values = {
            "name": name,
            "counted": len(part.counted),
            "num": total,
            "share": percent(part.share),
            "weight": percent(part.weight),
        }
        sentence = ngettext(
            "%(name)s: %(counted)s of %(num)s result counts: %(share)s.",
            "%(name)s: %(counted)s of %(num)s results count: %(share)s.",
            total,
        )
        if not alone:
            sentence += " " + _("Weighs %(weight)s.")
        yield _step("category", sentence, values)
    for code, items, text in (
        ("dropped", part.dropped, _("Dropped as the lowest: %(titles)s.")),
        ("excused", part.excused, _("Excused: %(titles)s.")),
        ("pending", part.pending, _("Not counted yet: %(titles)s.")),
    ):
        if items:
            yield _step(code, text, {"titles": _titles(items)})


def _step(code: str, sentence: str, values: Mapping[str, object]) -> Step:
    return Step(code=code, text=sentence % values)


def _titles(items: Sequence[Item]) -> str:
    return READER.get().listed(item.title for item in items)


def grade_text(grade: str) -> str:
    """What a grade is called."""
    return {"PASS": _("passed"), "FAIL": _("not passed")}.get(grade, grade)
