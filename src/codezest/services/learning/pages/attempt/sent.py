"""What the form of an attempt sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from starlette.datastructures import FormData

from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.grade_attempt import GivenAnswer
from codezest.services.learning.actions.save_attempt import KeptQuestion
from codezest.services.learning.pages.forms import plain_newlines
from codezest.services.learning.questions.asked import Answer, most_characters
from codezest.services.learning.schemas.attempts import MOST_SECONDS, SavedAttempt

ANSWER = "answer-"
FLAG = "flag-"
SECONDS = "seconds-"
MOST_DIGITS = 9
NOTHING = Answer()


@dataclass(frozen=True, slots=True, kw_only=True)
class SentAttempt:
    """A page's questions as they were sent, and what the page knew of the rest."""

    given: Mapping[UUID, Answer]
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
        only = form.get("only")
        names = [name for name, _value in form.multi_items()]
        return cls(
            given=_answers(form),
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

    def answers(self, saved: SavedAttempt | None) -> list[GivenAnswer]:
        """All that is handed in: what the page showed as it was sent, the rest as it was saved."""
        others = {} if saved is None or self.only is None else saved.questions
        given = {
            name: Answer(option_ids=kept.option_ids, entries=kept.entries)
            for name, kept in others.items()
            if name != self.only
        } | dict(self.given)
        return [
            GivenAnswer(
                question_id=name,
                option_ids=answer.option_ids,
                entries=answer.entries,
                seconds_spent=self.seconds.get(name),
            )
            for name, answer in given.items()
        ]

    def merged(self, saved: SavedAttempt) -> dict[UUID, KeptQuestion]:
        """The same to be saved, with flags and times."""
        names = self.given.keys() | self.flagged | saved.questions.keys()
        found: dict[UUID, KeptQuestion] = {}
        for name in names:
            before = saved.questions.get(name)
            shown = self.only is None or name == self.only
            kept = Answer(option_ids=before.option_ids, entries=before.entries) if before else NOTHING
            answer = self.given.get(name, NOTHING) if shown else kept
            found[name] = KeptQuestion(
                option_ids=answer.option_ids,
                entries=answer.entries,
                flagged=name in self.flagged if shown else before is not None and before.flagged,
                seconds_spent=self.seconds.get(name, before.seconds_spent if before else 0),
            )
        return found


def _answers(form: FormData) -> dict[UUID, Answer]:
    """Options come as `answer-<question>`, once per option; entries as `answer-<question>:<field>`.

    Raises:
        ValidationFailed: a field does not come from the form.
    """
    options: dict[UUID, list[UUID]] = {}
    entries: dict[UUID, dict[str, str]] = {}
    for name, value in form.multi_items():
        if not name.startswith(ANSWER):
            continue
        question, colon, field = name.partition(":")
        if not colon:
            options.setdefault(_question(question, ANSWER), []).append(_option(name, value))
        elif value:
            entries.setdefault(_question(question, ANSWER), {})[field] = _entry(name, value)
    return {
        name: Answer(option_ids=options.get(name, ()), entries=entries.get(name, {}))
        for name in options.keys() | entries.keys()
    }


def _option(name: str, value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise ValidationFailed.of(name, _("One of the answers cannot be read.")) from error


def _entry(name: str, value: object) -> str:
    text = plain_newlines(value) if isinstance(value, str) else "\0"
    if "\0" in text:
        raise ValidationFailed.of(name, _("One of the answers cannot be read."))
    if len(text) > most_characters(name.rpartition(":")[2]):
        raise ValidationFailed.of(name, _("One of the answers is too long."))
    return text


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
