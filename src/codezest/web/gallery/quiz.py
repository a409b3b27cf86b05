"""Sample questions: as they are asked, and as they stand after grading."""

from typing import Any

from markupsafe import Markup

from codezest.web.gallery.samples import LONG_WORD, highlighted

TEXTS = ("int", "float", "str", "bool")


def questions() -> list[dict[str, Any]]:
    """For the `question` component: two that are answered in part, one of each kind of field, and one of long words."""
    places = [{"value": str(number), "text": str(number)} for number in (1, 2)]
    return [
        {**one, "chosen": _chosen(one["id"]), "entries": {}, "parts": [], "fields": [], "media": None}
        | {
            "d": {"fields": [_field("value", "NUMBER", units=["s", "ms"])], "entries": {"value": "3 s"}},
            "f": {"parts": _parts()},
            "g": {"fields": [_field(name, "SELECT", label=name, choices=places) for name in ("read", LONG_WORD)]},
            "h": {"fields": [_field("text", "LONG_TEXT", lines=6)]},
        }.get(one["id"], {})
        for one in _asked()
    ]


def reviewed_questions() -> list[dict[str, Any]]:
    """For the `question_review` component: right, wrong, right in part, left open, and waiting for a person."""
    graded: dict[str, dict[str, Any]] = {
        "a": {
            "is_correct": True,
            "points_earned": 1,
            "explanation": "The operator / always gives a float; // gives an int.",
        },
        "d": {"entries": [_answer("2", right="3", label=None)]},
        "f": {"entries": [_answer("for", right="for", label="Blank 1"), _answer("", right=LONG_WORD, label="Blank 2")]},
        "g": {"points_earned": 0.5, "entries": [_answer("1", right="1", label="read")]},
        "h": {"is_correct": None, "entries": [_answer(f"{LONG_WORD}\nand more", right=None, label=None)]},
    }
    base = {"is_correct": False, "points_earned": 0, "explanation": None, "entries": []}
    base |= {"media": None, "run": None, "time": None, "comment": None}
    return [{**base, **one, "chosen": _chosen(one["id"]), **graded.get(one["id"], {})} for one in _asked()]


def _asked() -> list[dict[str, Any]]:
    """What both components take."""
    options = [{"id": str(n), "text": text, "is_correct": n == 1} for n, text in enumerate(TEXTS)]
    code = Markup("<p>What does this print?</p><div class='highlight'><pre class='output'><code>{}</code></pre></div>")
    long = [option | {"text": LONG_WORD * 2} for option in options]
    rows: list[tuple[str, str, str | Markup, list[dict[str, Any]]]] = [
        ("a", "SINGLE_CHOICE", "What is the type of 3 / 2 in Python?", options),
        ("b", "MULTIPLE_CHOICE", "Which of these can change after they were made?", options),
        ("c", "TRUE_FALSE", code.format(highlighted("print(1 if [] else 0)")), options[:2]),
        ("d", "NUMERIC", "How long does the loop take?", []),
        ("e", "SINGLE_CHOICE", f"{LONG_WORD}?", long),
        ("f", "FILL_BLANK", "… number in … :", []),
        ("g", "ORDERING", "What comes first?", []),
        ("h", "SHORT_ANSWER", "Why does the loop end?", []),
    ]
    return [
        {"id": name, "type": kind, "prompt": prompt, "points": 2 if name == "b" else 1, "options": given}
        for name, kind, prompt, given in rows
    ]


def _chosen(question: str) -> list[str]:
    return {"a": ["1"], "b": ["0"]}.get(question, [])


def _field(name: str, kind: str, number: int = 0, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "number": number, "label": None, "choices": [], "lines": 1, "units": []} | more


def _parts() -> list[tuple[Markup, dict[str, Any] | None]]:
    blanks = [_field("word", "TEXT", number=1), _field("name", "TEXT", number=2)]
    return [(Markup("<p>"), blanks[0]), (Markup(" number in "), blanks[1]), (Markup(":</p>"), None)]


def _answer(given: str, *, right: str | None, label: str | None) -> dict[str, Any]:
    return {"label": label, "given": given, "right": right, "is_right": None if right is None else given == right}
