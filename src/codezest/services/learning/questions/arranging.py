"""Questions that are answered by putting things together, or in order. Both work as lists to select from."""

from bisect import bisect_left
from fractions import Fraction

from codezest.kit.i18n import gettext as _
from codezest.services.learning.questions.asked import (
    WRONG,
    Answer,
    Asked,
    Choice,
    Field,
    FieldKind,
    Graded,
    shuffled,
    token_of,
)
from codezest.services.learning.questions.keys import MatchingKey, OrderingKey


class Matching:
    """Every prompt counts the same. What fits several prompts is offered once, and may be chosen again."""

    def problems(self, asked: Asked) -> list[str]:
        key = _matching(asked)
        if key is None:
            return [_("at least two pairs")]
        prompts = [pair.prompt for pair in key.pairs]
        matches = {pair.match for pair in key.pairs}
        found: list[str] = []
        if len(set(prompts)) < len(prompts):
            found.append(_("prompts that differ"))
        if matches & set(key.distractors):
            found.append(_("distractors that match no prompt"))
        if len(matches | set(key.distractors)) < 2:
            found.append(_("more than one thing to choose from"))
        return found

    def fields(self, asked: Asked, *, order: str) -> list[Field]:
        key = _matching(asked)
        if key is None:
            return []
        texts = shuffled({*(pair.match for pair in key.pairs), *key.distractors}, order)
        choices = tuple(Choice(value=token_of(asked.id, text), text=text) for text in texts)
        return [
            Field(name=token_of(asked.id, prompt), kind=FieldKind.SELECT, label=prompt, choices=choices)
            for prompt in shuffled([pair.prompt for pair in key.pairs], f"{order}:prompts")
        ]

    def grade(self, asked: Asked, answer: Answer) -> Graded:
        wanted = self.solution(asked).entries
        right = frozenset(name for name, value in wanted.items() if answer.entries.get(name) == value)
        return Graded(fraction=Fraction(len(right), len(wanted)), right_fields=right) if wanted else WRONG

    def solution(self, asked: Asked) -> Answer:
        key = _matching(asked)
        pairs = key.pairs if key else []
        return Answer(entries={token_of(asked.id, pair.prompt): token_of(asked.id, pair.match) for pair in pairs})


def _matching(asked: Asked) -> MatchingKey | None:
    return MatchingKey.model_validate(asked.key) if asked.key else None


class Ordering:
    """Counts how many items already stand in the right order among themselves: one that is out of place costs one step."""

    def problems(self, asked: Asked) -> list[str]:
        items = _items(asked)
        if len(items) < 2:
            return [_("at least two things to put in order")]
        return [_("things to put in order that differ")] if len(set(items)) < len(items) else []

    def fields(self, asked: Asked, *, order: str) -> list[Field]:
        items = _items(asked)
        places = tuple(Choice(value=str(place), text=str(place)) for place in range(1, len(items) + 1))
        return [
            Field(name=token_of(asked.id, item), kind=FieldKind.SELECT, label=item, choices=places)
            for item in shuffled(items, order)
        ]

    def grade(self, asked: Asked, answer: Answer) -> Graded:
        wanted = self.solution(asked).entries
        if len(wanted) < 2:
            return WRONG
        known = set(wanted.values())
        given = [answer.entries.get(name, "") for name in wanted]
        right = frozenset(name for name, place in wanted.items() if answer.entries.get(name) == place)
        rising = _longest_rise([int(place) for place in given if place in known])
        return Graded(fraction=Fraction(max(0, rising - 1), len(wanted) - 1), right_fields=right)

    def solution(self, asked: Asked) -> Answer:
        return Answer(
            entries={token_of(asked.id, item): str(place) for place, item in enumerate(_items(asked), start=1)}
        )


def _items(asked: Asked) -> list[str]:
    return OrderingKey.model_validate(asked.key).items if asked.key else []


def _longest_rise(places: list[int]) -> int:
    """How many of the numbers rise strictly, the others left out."""
    lowest_ends: list[int] = []
    for place in places:
        at = bisect_left(lowest_ends, place)
        lowest_ends[at : at + 1] = [place]
    return len(lowest_ends)
