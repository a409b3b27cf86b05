"""Content that no author would write and every page must bear: long words, other scripts, markup, wide tables; and a learner's work."""

from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from codezest_db.ids import uuid7
from e2e.course import API
from fixtures.journey import verdict_of

Found = list[tuple[str, str]]
"""Routes and the addresses that show them."""

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
RIGHT_TO_LEFT = "مقدمة في البرمجة: المتغيرات، والحلقات، والدوال — مع كثير من الأمثلة"
MANY_SCRIPTS = "日本語の題名 · ตัวอย่างโปรแกรมที่ยาวมาก · Ελληνικά · हिन्दी में पाठ · 👩🏽‍💻🏳️‍🌈 · Z̴͓̀a̵̰̓l̶̬̔g̴̱̈́o̷̙͝"
MARKUP = '<b onclick="alert(1)">&amp; "quoted" \'text\' </title></textarea>'


async def call(client: httpx.AsyncClient, method: str, path: str, body: object = None) -> dict[str, Any]:
    """What the API answers; anything but success fails."""
    answer = await client.request(method, f"{API}{path}", json=body)
    assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
    return dict(answer.json()) if answer.content else {}


async def work(client: httpx.AsyncClient, assignment: str, quiz: str, code: str) -> Found:
    """A submission that failed, an attempt that was handed in empty, and one that goes on."""
    sent = (await call(client, "POST", f"/assignments/{assignment}/submissions", {"code": code}))["id"]
    await verdict_of(client, sent)
    answered = (await call(client, "POST", f"/quizzes/{quiz}/attempts"))["id"]
    await call(client, "POST", f"/attempts/{answered}/submit", {"answers": []})
    attempt = (await call(client, "POST", f"/quizzes/{quiz}/attempts"))["id"]
    return [
        ("/assignments/{assignment_id}", f"/assignments/{assignment}"),
        ("/assignments/{assignment_id}/compare", f"/assignments/{assignment}/compare"),
        ("/submissions/{submission_id}", f"/submissions/{sent}"),
        ("/quizzes/{quiz_id}", f"/quizzes/{quiz}"),
        ("/attempts/{attempt_id}", f"/attempts/{attempt}"),
        ("/attempts/{attempt_id}/result", f"/attempts/{answered}/result"),
    ]


PROSE = (
    f"# {LONG}\n\n## {RIGHT_TO_LEFT}\n\n{MARKUP} `{LONG}` {MANY_SCRIPTS}\n\n```python\nprint('{LONG * 3}')\n```\n\n"
    f"|{'wide|' * 20}\n|{'---|' * 20}\n|{'cell|' * 20}\n\n> {RIGHT_TO_LEFT}\n\n"
    f"- {LONG}\n    - {LONG}\n        - {RIGHT_TO_LEFT}\n\n## {MANY_SCRIPTS}\n"
)
LOUD = f"print('{LONG}' * 20)\nprint('{RIGHT_TO_LEFT}')\nprint('<script>alert(1)</script>\\x1b[31m')\n"


async def extreme_content(author: httpx.AsyncClient, client: httpx.AsyncClient, database_url: str) -> Found:
    """A path of long words, other scripts and markup: one module done, one not begun, one locked and empty."""
    slug = f"extreme-{uuid4().hex[:8]}"
    language = {
        "name": f"{uuid4().hex[:4]} {LONG[:120]}", "slug": slug, "title": LONG[:150], "subtitle": MANY_SCRIPTS, "description": MARKUP,
        "long_description": PROSE, "runtime": "python", "tags": [LONG[:40], RIGHT_TO_LEFT[:30], "a", "b"],
    }  # fmt: skip
    await call(author, "POST", "/languages", language)
    modules: list[str] = []
    for title in (LONG, RIGHT_TO_LEFT, MANY_SCRIPTS):
        module = {
            "title": title,
            "slug": f"module-{len(modules)}",
            "description": PROSE,
            "syllabus": [LONG, RIGHT_TO_LEFT, MARKUP],
            "prerequisite_ids": modules[1:],
        }
        modules.append((await call(author, "POST", f"/languages/{slug}/modules", module))["id"])
    done, open_module, locked = modules
    materials: list[str] = []
    for module, title, kind in (
        (done, LONG, "ARTICLE"),
        (open_module, RIGHT_TO_LEFT, "INTERACTIVE"),
        (open_module, MARKUP, "ARTICLE"),
    ):
        material = {
            "title": title,
            "slug": f"material-{len(materials)}",
            "description": MARKUP,
            "type": kind,
            "content": PROSE,
            "status": "PUBLISHED",
        }
        if kind == "INTERACTIVE":
            material |= {"code": LOUD, "sample_input": LONG}
        materials.append((await call(author, "POST", f"/modules/{module}/materials", material))["id"])
    assignment = (
        await call(
            author,
            "POST",
            f"/modules/{open_module}/assignments",
            {"title": MANY_SCRIPTS, "slug": "exercise", "description": MARKUP, "instructions": PROSE, "language": "python", "starter_code": LOUD,
             "hints": [PROSE, RIGHT_TO_LEFT]},
        )
    )["id"]  # fmt: skip
    for number, name in enumerate((LONG, RIGHT_TO_LEFT, MARKUP)):
        test = {"name": name, "stdin": LONG, "expected": f"{LONG * 20}\n{RIGHT_TO_LEFT}\n", "visible": number < 2}
        await call(author, "POST", f"/assignments/{assignment}/tests", test)
    quiz = (await call(author, "POST", f"/modules/{open_module}/quizzes", {"title": LONG, "description": PROSE}))["id"]
    for kind in ("SINGLE_CHOICE", "MULTIPLE_CHOICE"):
        options = [{"text": text, "is_correct": text == LONG} for text in (LONG, RIGHT_TO_LEFT, MARKUP, f"`{LONG}`")]
        question = {"text": PROSE, "type": kind, "explanation": PROSE, "topic": LONG[:60], "options": options}
        await call(author, "POST", f"/quizzes/{quiz}/questions", question)
    for path in (
        f"/assignments/{assignment}",
        f"/quizzes/{quiz}",
        *(f"/modules/{module}" for module in modules),
        f"/languages/{slug}",
    ):
        await call(author, "PATCH", path, {"status": "PUBLISHED"})
    course = await make_course(database_url, LONG, subtitle=MANY_SCRIPTS, description=PROSE, category=RIGHT_TO_LEFT)
    await call(client, "POST", f"/languages/{slug}/enroll")
    await call(client, "POST", f"/materials/{materials[0]}/complete")
    return [
        ("/languages/{slug}", f"/languages/{slug}"),
        ("/courses/{slug}", f"/courses/{course}"),
        *(("/modules/{module_id}", f"/modules/{module}") for module in (done, open_module, locked)),
        *(("/materials/{material_id}", f"/materials/{material}") for material in materials),
        *await work(client, assignment, quiz, LOUD),
    ]


async def make_course(database_url: str, title: str, **texts: str) -> str:
    """A course with a price that belongs to no language, which no route makes yet; its slug."""
    slug = f"extreme-{uuid4().hex[:8]}"
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(
            """INSERT INTO learning.courses (id, kind, title, slug, subtitle, description, status, published_at, price_minor,
                                             currency, level, category, tags, rating_average, rating_count, duration_minutes)
               VALUES ($1, 'COURSE', $2, $3, $4, $5, 'PUBLISHED', now(), 1234567890, 'EUR', 'ADVANCED', $6, $7, 4.5, 123456,
                       99999)""",
            uuid7(), title, slug, texts.get("subtitle"), texts.get("description"), texts.get("category"), [title[:40], "tag"],
        )  # fmt: skip
    finally:
        await connection.close()
    return slug


async def hide(database_url: str) -> None:
    """Take what was made here out of the lists again, for the tests that come after."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("UPDATE learning.courses SET status = 'ARCHIVED' WHERE slug LIKE 'extreme-%'")
        await connection.execute(
            "UPDATE learning.programming_languages SET is_active = false WHERE slug LIKE 'extreme-%'"
        )
    finally:
        await connection.close()
