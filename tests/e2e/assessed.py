"""Assignments, quizzes and questions as their editors show them, with something in every part of a form."""

from typing import Any

import httpx

from e2e.extremes import LONG, MARKUP, Found, call

PROGRAM = "a, b = map(int, input().split())\nprint(a + b)\n"
ASSIGNMENT: dict[str, Any] = {
    "title": "Add two numbers",
    "instructions": "Read two numbers and print their **sum**.",
    "starter_code": "print(0)\n",
    "solution_code": PROGRAM,
    "solution_files": {"more.py": "x = 1\n"},
    "hints": ["Read a line.", f"{MARKUP} {LONG}"[:300]],
    "rules": [{"kind": "FORBID", "construct": "import:os"}],
    "test_groups": [{"name": "large", "policy": "ALL", "points": 3}],
    "harness": {"support_files": {"data.txt": "1 2"}},
}
TESTS = [
    {"name": "small", "stdin": "1 2\n", "expected": "3\n", "sample": True},
    {"name": f"{MARKUP} {LONG}"[:200], "stdin": "7000 1\n", "visible": False, "kind_of_case": LONG[:200], "group_name": "large"},
]  # fmt: skip
RIGHT = [{"text": "Yes", "is_correct": True}, {"text": f"{MARKUP} {LONG}"[:300]}]
QUESTIONS: list[dict[str, Any]] = [
    {"text": "Is a tree a graph?", "options": RIGHT, "explanation": "It is.", "topic": "trees"},
    {
        "type": "FILL_BLANK",
        "text": "A tree with {{nodes}} nodes has one edge.",
        "answer_key": {"blanks": {"nodes": {"accepted": ["2", "two"], "patterns": ["tw?o"]}}},
    },
    {
        "type": "MATCHING",
        "text": "What belongs together?",
        "answer_key": {"pairs": [{"prompt": "root", "match": "top"}, {"prompt": "leaf", "match": "end"}]},
    },
    {"type": "ORDERING", "text": "From the top:", "answer_key": {"items": ["root", "branch", "leaf"]}},
    {"type": "NUMERIC", "text": "How deep?", "answer_key": {"value": "3", "units": {"m": "1", "cm": "0.01"}}},
    {"type": "SHORT_ANSWER", "text": "Why?", "answer_key": {"accepted": ["because"], "lines": 3}},
    {
        "type": "CODE",
        "text": "Add them.",
        "answer_key": {
            "language": "python",
            "starter": "print(0)\n",
            "solution": PROGRAM,
            "tests": [{"name": LONG[:100], "input": "1 2\n", "expected": "3\n", "visible": True}, {"expected": "0"}],
        },
    },
]


async def editors(author: httpx.AsyncClient, course: str, module: str) -> Found:
    """The pages by route: of one assignment, one quiz, a question of each type, and the bank."""
    assignment = (await call(author, "POST", f"/modules/{module}/assignments", ASSIGNMENT))["id"]
    await call(author, "PUT", f"/assignments/{assignment}/tests", {"tests": TESTS})
    quiz = (await call(author, "POST", f"/modules/{module}/quizzes", {"title": "Trees and graphs"}))["id"]
    asked = [(await call(author, "POST", f"/quizzes/{quiz}/questions", new))["id"] for new in QUESTIONS]
    await call(author, "POST", f"/courses/{course}/bank", QUESTIONS[0])
    await call(author, "PATCH", f"/quizzes/{quiz}", {"draws": [{"count": 1, "topic": "trees"}]})
    bank = f"/teach/courses/{course}/bank"
    return [
        ("/teach/assignments/{assignment_id}", f"/teach/assignments/{assignment}"),
        ("/teach/assignments/{assignment_id}/try", f"/teach/assignments/{assignment}/try"),
        ("/teach/quizzes/{quiz_id}", f"/teach/quizzes/{quiz}"),
        ("/teach/quizzes/{quiz_id}/questions/new", f"/teach/quizzes/{quiz}/questions/new?type=NUMERIC"),
        *(("/teach/questions/{question_id}", f"/teach/questions/{question}") for question in asked),
        ("/teach/courses/{course_id}/bank", bank),
        ("/teach/courses/{course_id}/bank", f"{bank}?q=nothing-of-this-kind"),
        ("/teach/courses/{course_id}/bank/new", f"{bank}/new?type=FILL_BLANK"),
    ]
