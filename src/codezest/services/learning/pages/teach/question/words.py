"""What types of questions are called."""

from codezest.kit.i18n import gettext as _
from codezest_db.enums import QuestionType


def type_text(kind: QuestionType) -> str:
    return {
        QuestionType.SINGLE_CHOICE: _("One right answer"),
        QuestionType.MULTIPLE_CHOICE: _("Several right answers"),
        QuestionType.TRUE_FALSE: _("True or false"),
        QuestionType.FILL_BLANK: _("Fill in the blanks"),
        QuestionType.MATCHING: _("Matching"),
        QuestionType.ORDERING: _("Putting in order"),
        QuestionType.NUMERIC: _("A number"),
        QuestionType.SHORT_ANSWER: _("Short answer"),
        QuestionType.CODE: _("A program"),
    }[kind]


def types() -> list[tuple[str, str]]:
    """All of them, to choose from."""
    return [(kind.value, type_text(kind)) for kind in QuestionType]
