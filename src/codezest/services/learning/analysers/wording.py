"""From keys with parameters to sentences in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from codezest.kit.i18n import READER, ngettext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.analysers.analyser import Note
from codezest.services.learning.analysers.rule_words_practice import WORDS

Parameters = Mapping[str, Any]


def said(note: Note) -> str:
    """The text of a note. A key that is no longer known says itself."""
    if isinstance(note, str):
        return note
    code, parameters = str(note.get("code", "")), note.get("parameters") or {}
    kind, _separator, rule = code.partition(":")
    if kind == "rule" and rule in WORDS:
        return _with_lines(_(WORDS[rule].label), parameters)
    if kind == "advice" and rule in WORDS:
        return _(WORDS[rule].advice)
    sentence = SENTENCES.get(code)
    return sentence(parameters) if sentence else code


def all_said(notes: Sequence[Note]) -> list[str]:
    return [said(note) for note in notes]


def finding(stored: Parameters) -> tuple[str, str | None]:
    """What is said of a line, and why it matters."""
    words = WORDS.get(str(stored.get("rule", "")))
    if words is None:
        return str(stored.get("message") or stored.get("rule") or ""), None
    label = _(words.label)
    name = stored.get("name")
    return (f"{name}: {label}" if name else label), _(words.why)


def unchanged(lines: Sequence[str], notes: Sequence[Note]) -> list[Note]:
    """What an editor made of notes: a line that still says what a note says stays that note, and so can be translated."""
    waiting = {said(note): note for note in notes}
    return [waiting.get(line, line) for line in lines]


def _with_lines(label: str, parameters: Parameters) -> str:
    lines: list[int] = list(parameters.get("lines") or [])
    if not lines:
        return label
    more = int(parameters.get("more") or 0)
    named = READER.get().listed(str(line) for line in lines)
    if more:
        return _("%(label)s (lines %(lines)s and %(more)s more)") % {"label": label, "lines": named, "more": more}
    text = ngettext("%(label)s (line %(lines)s)", "%(label)s (lines %(lines)s)", len(lines))
    return text % {"label": label, "lines": named}


def _small_functions(given: Parameters) -> str:
    text = _("Your program is split into %(functions)s functions, the longest of %(longest)s lines.")
    return text % {"functions": given.get("functions"), "longest": given.get("longest")}


def _passes(given: Parameters) -> str:
    tests = int(given.get("tests") or 0)
    return ngettext("It passes the test.", "It passes all %(tests)s tests.", tests) % {"tests": tests}


def _documented(given: Parameters) -> str:
    text = _("You explain what %(documented)s of %(functions)s functions do.")
    return text % {"documented": given.get("documented"), "functions": given.get("functions")}


def _builtins(given: Parameters) -> str:
    names = READER.get().listed(str(name) for name in given.get("names") or [])
    return _("You use what the language offers: %(names)s.") % {"names": names}


def _constants(given: Parameters) -> str:
    count = int(given.get("constants") or 0)
    return ngettext("A fixed value has a name.", "%(count)s fixed values have names.", count) % {"count": count}


def _topic(given: Parameters) -> dict[str, Any]:
    return {"topic": given.get("topic"), "percent": READER.get().percent(float(given.get("percent") or 0))}


def _read(given: Parameters) -> str:
    return _("Read “%(title)s” again: it is about %(topic)s.") % {
        "title": given.get("title"),
        "topic": given.get("topic"),
    }


def _seconds(given: Parameters) -> dict[str, Any]:
    return {"average": given.get("average"), "most": given.get("most"), "question": given.get("question")}


SENTENCES: Mapping[str, Callable[[Parameters], str]] = {
    "passes-all-tests": _passes,
    "small-functions": _small_functions,
    "clear-names": lambda _given: _("Your names say what they stand for."),
    "documented": _documented,
    "uses-builtins": _builtins,
    "comprehensions": lambda _given: _("You build collections with comprehensions."),
    "handles-errors": lambda _given: _("You handle the errors that you expect."),
    "constants": _constants,
    "type-hints": lambda _given: _("Type hints say what your functions take."),
    "modern-declarations": lambda _given: _("You declare variables with const and let."),
    "simple-flow": lambda _given: _("Each function is easy to follow: few branches, little nesting."),
    "first-failing-test": lambda _given: _("Take the first test that fails, run its input by hand, and compare step by step."),
    "compare-solutions": lambda _given: _("There is nothing to change here. Try to solve it a second time in another way."),
    "quiz-strong": lambda given: _("You know %(topic)s well: %(percent)s.") % _topic(given),
    "quiz-weak": lambda given: _("%(topic)s needs more practice: %(percent)s.") % _topic(given),
    "quiz-all-strong": lambda _given: _("You are at home in every topic of this quiz."),
    "quiz-unanswered": lambda given: ngettext(
        "You left %(count)s question without an answer.",
        "You left %(count)s questions without an answer.",
        int(given.get("count") or 0),
    )
    % {"count": given.get("count")},
    "quiz-read": _read,
    "quiz-practise": lambda given: _("Look again at the questions about %(topic)s and their explanations.") % _topic(given),
    "time-unknown": lambda _given: _("Too little is known of your time to say anything of it."),
    "time-even": lambda given: _("You spread your time evenly: about %(average)s seconds a question.") % _seconds(given),
    "time-uneven": lambda given: _(
        "You took about %(average)s seconds a question, but %(most)s for question %(question)s. Skip such a question at first and "
        "come back to it."
    )
    % _seconds(given),
    "time-hasty": lambda given: _(
        "You took about %(average)s seconds a question, and questions answered fastest were often wrong. Read each one twice."
    )
    % _seconds(given),
    "time-ran-out": lambda given: _(
        "The time ran out. At about %(average)s seconds a question, answer first what you know at once."
    )
    % _seconds(given),
}  # fmt: skip
"""By the code of the note."""
