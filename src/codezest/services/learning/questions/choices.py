"""Questions that are answered by choosing options."""

from fractions import Fraction

from codezest.kit.i18n import gettext as _
from codezest.services.learning.questions.asked import WRONG, Answer, Asked, Field, Graded


class Choosing:
    """One option is right."""

    one_only = True

    def problems(self, asked: Asked) -> list[str]:
        right = sum(option.is_correct for option in asked.options)
        if len(asked.options) < 2:
            return [_("at least two options")]
        if right == 0:
            return [_("a right option")]
        if self.one_only and right > 1:
            return [_("exactly one right option")]
        return []

    def fields(self, asked: Asked, *, order: str) -> list[Field]:  # noqa: ARG002 - the interface
        return []

    def grade(self, asked: Asked, answer: Answer) -> Graded:
        right = {option.id for option in asked.options if option.is_correct}
        chosen = set(answer.option_ids)
        if not right or not chosen:
            return WRONG
        if self.one_only:
            return Graded(fraction=Fraction(int(chosen == right)))
        return Graded(fraction=max(Fraction(0), Fraction(len(chosen & right) - len(chosen - right), len(right))))

    def solution(self, asked: Asked) -> Answer:
        return Answer(option_ids=[option.id for option in asked.options if option.is_correct])


class SingleChoice(Choosing):
    pass


class MultipleChoice(Choosing):
    """Every right option counts for its share, every wrong one against it."""

    one_only = False


class TrueFalse(Choosing):
    def problems(self, asked: Asked) -> list[str]:
        found = super().problems(asked)
        return found or ([_("exactly two options")] if len(asked.options) != 2 else [])
