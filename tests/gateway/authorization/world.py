"""One published path with its people, and what each kind of thing in it is made of."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from codezest.kit.files import Files
from fixtures.accounts import SignedIn

from .rows import API, OK
from .samples import OPTIONS


@dataclass(slots=True)
class World:
    """One published path, its people, and the ids of what it holds; `fresh` makes a new thing to change or delete."""

    admin: httpx.AsyncClient
    instructor: SignedIn
    student: SignedIn
    files: Files
    ids: dict[str, str] = field(default_factory=dict[str, str])

    async def made(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = await self.admin.request(method, f"{API}{path}", json=body)
        assert answer.status_code in OK, f"{method} {path}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}

    async def build(self) -> None:
        language = await self.language()
        self.ids["slug"] = language
        module = await self.module(language)
        self.ids["module_id"] = module
        self.ids["material_id"] = await self.material(module)
        self.ids["assignment_id"] = await self.assignment(module)
        self.ids["quiz_id"] = await self.quiz(module)
        await self.made("PATCH", f"/modules/{module}", {"status": "PUBLISHED"})
        await self.made("PATCH", f"/languages/{language}", {"status": "PUBLISHED"})

    async def language(self) -> str:
        slug = f"lang-{uuid4().hex[:8]}"
        body = {"name": slug, "slug": slug, "runtime": "python", "instructor_user_id": str(self.instructor.id)}
        await self.made("POST", "/languages", body)
        return slug

    async def module(self, language: str | None = None) -> str:
        title = f"Module {uuid4().hex[:8]}"
        return str(
            (await self.made("POST", f"/languages/{language or self.ids['slug']}/modules", {"title": title}))["id"]
        )

    async def material(self, module: str | None = None) -> str:
        body = {
            "title": "Program",
            "type": "CODE_EXAMPLE",
            "content": "Run it.",
            "code": "print(1)",
            "status": "PUBLISHED",
        }
        return str((await self.made("POST", f"/modules/{module or await self.module()}/materials", body))["id"])

    async def assignment(self, module: str | None = None) -> str:
        body = {
            "title": "Exercise",
            "language": "python",
            "instructions": "Print 1.",
            "hints": ["Call print."],
            "solution_code": "print(1)",
        }
        made = str((await self.made("POST", f"/modules/{module or await self.module()}/assignments", body))["id"])
        test = await self.made("POST", f"/assignments/{made}/tests", {"name": "one", "expected": "1\n"})
        self.ids["test_id"] = str(test["id"])
        await self.made("PATCH", f"/assignments/{made}", {"status": "PUBLISHED"})
        return made

    async def quiz(self, module: str | None = None) -> str:
        made = str(
            (await self.made("POST", f"/modules/{module or await self.module()}/quizzes", {"title": "Quiz"}))["id"]
        )
        body = {"text": "Really?", "options": OPTIONS, "explanation": "Yes."}
        question = await self.made("POST", f"/quizzes/{made}/questions", body)
        self.ids["question_id"] = str(question["id"])
        self.ids["option_id"] = str(question["options"][1]["id"])
        await self.made("PATCH", f"/quizzes/{made}", {"status": "PUBLISHED"})
        return made
