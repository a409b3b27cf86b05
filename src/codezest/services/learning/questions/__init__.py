"""Every type of question behind one Protocol, `QuestionKind`. Pure: the loader, the API and the pages share it."""

from collections.abc import Mapping

from codezest.services.learning.questions.arranging import Matching, Ordering
from codezest.services.learning.questions.asked import CODE, Answer, Asked, QuestionKind
from codezest.services.learning.questions.choices import MultipleChoice, SingleChoice, TrueFalse
from codezest.services.learning.questions.keys import KEYS
from codezest.services.learning.questions.numeric import Numeric
from codezest.services.learning.questions.programs import Code, code_key, same_program
from codezest.services.learning.questions.texts import FillBlank, ShortAnswer
from codezest_db.enums import QuestionType

KINDS: Mapping[QuestionType, QuestionKind] = {
    QuestionType.SINGLE_CHOICE: SingleChoice(),
    QuestionType.MULTIPLE_CHOICE: MultipleChoice(),
    QuestionType.TRUE_FALSE: TrueFalse(),
    QuestionType.FILL_BLANK: FillBlank(),
    QuestionType.MATCHING: Matching(),
    QuestionType.ORDERING: Ordering(),
    QuestionType.NUMERIC: Numeric(),
    QuestionType.SHORT_ANSWER: ShortAnswer(),
    QuestionType.CODE: Code(),
}


def kind_of(asked: Asked) -> QuestionKind:
    return KINDS[asked.type]


def is_left_open(asked: Asked, answer: Answer) -> bool:
    """Whether nothing was answered. The program that one starts from is no answer."""
    if (key := code_key(asked.type, asked.key)) is not None:
        return same_program(answer.entries.get(CODE, ""), key.starter) or answer.is_empty
    return answer.is_empty


def problems_of(asked: Asked) -> list[str]:
    """What keeps a question from being asked: its parts contradict one another, or its own solution does not earn all."""
    if asked.type in KEYS and asked.options:
        return ["no options: its answer is not chosen from a list"]
    if asked.type not in KEYS and asked.key:
        return ["no key: its answer is one of its options"]
    kind = kind_of(asked)
    found = kind.problems(asked)
    if found:
        return found
    solution = kind.solution(asked)
    # A solution that waits to be run is proven by running it.
    if not solution.is_empty and kind.grade(asked, solution).fraction not in {None, 1}:
        return ["a right answer that earns all points"]
    return []
