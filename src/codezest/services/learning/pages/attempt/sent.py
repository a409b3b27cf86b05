"""What the form of an attempt sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.datastructures import FormData

from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.grade_attempt import Answer
from codezest.services.learning.actions.save_attempt import KeptQuestion
from codezest.services.learning.pages.forms import chosen_options
from codezest.services.learning.schemas.attempts import MOST_SECONDS, SavedAttempt

FLAG = "flag-"
SECONDS = "seconds-"
MOST_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class SentAttempt:
    """A page's questions as they were sent, and what the page knew of the rest."""

    chosen: Mapping[UUID, Sequence[UUID]]
    flagged: frozenset[UUID]
    seconds: Mapping[UUID, int]
    only: UUID | None
    """The one question that the page showed; None where it showed all."""
    revision: int | None
    page: str | None
    over: bool
    """Whether the time was up, so that nobody pressed the button."""

    @classmethod
    def of(cls, form: FormData) -> "SentAttempt":
        """Read the form.

        Raises:
            ValidationFailed: a field does not come from the form.
        """
        chosen = chosen_options(form)
        only = form.get("only")
        names = [name for name, _value in form.multi_items()]
        return cls(
            chosen=chosen,
            flagged=frozenset(_question(name, FLAG) for name in names if name.startswith(FLAG)),
            seconds={
                _question(name, SECONDS): min(_whole(form, name), MOST_SECONDS)
                for name in names
                if name.startswith(SECONDS)
            },
            only=_question(str(only), "") if only else None,
            revision=_whole(form, "revision") if "revision" in form else None,
            page=str(form["page"])[:64] if form.get("page") else None,
            over="over" in form,
        )

    def answers(self, saved: SavedAttempt | None) -> list[Answer]:
        """All that is handed in: what the page showed as it was sent, the rest as it was saved."""
        others = {} if saved is None or self.only is None else saved.questions
        chosen = {name: kept.option_ids for name, kept in others.items() if name != self.only} | dict(self.chosen)
        return [
            Answer(question_id=name, option_ids=options, seconds_spent=self.seconds.get(name))
            for name, options in chosen.items()
        ]

    def merged(self, saved: SavedAttempt) -> dict[UUID, KeptQuestion]:
        """The same to be saved, with flags and times."""
        names = self.chosen.keys() | self.flagged | saved.questions.keys()
        found: dict[UUID, KeptQuestion] = {}
        for name in names:
            before = saved.questions.get(name)
            shown = self.only is None or name == self.only
            found[name] = KeptQuestion(
                option_ids=self.chosen.get(name, ()) if shown else (before.option_ids if before else ()),
                flagged=name in self.flagged if shown else before is not None and before.flagged,
                seconds_spent=self.seconds.get(name, before.seconds_spent if before else 0),
            )
        return found


def _question(name: str, prefix: str) -> UUID:
    try:
        return UUID(name.removeprefix(prefix))
    except ValueError as error:
        raise ValidationFailed.of(name, _("One of the answers cannot be read.")) from error


def _whole(form: FormData, name: str) -> int:
    text = str(form.get(name, ""))
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise ValidationFailed.of(name, _("One of the answers cannot be read."))
    return int(text)
