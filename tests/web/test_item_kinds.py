"""Everything that a module holds is named by what it is, wherever it is listed."""

import re
from datetime import timedelta
from uuid import uuid4

from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.services.learning.pages.item_kinds import ICONS, assignment_text
from codezest_db.enums import AssignmentKind, MaterialType
from factories.learning import Shelf

from .browser import form_to, text_of
from .conftest import Learner

WORDS = {
    AssignmentKind.CODE: "Exercise",
    AssignmentKind.TEXT: "Text to hand in",
    AssignmentKind.FILE: "Files to hand in",
}


def test_every_kind_has_words_and_an_icon_of_its_own() -> None:
    assert {kind: assignment_text(kind) for kind in AssignmentKind} == WORDS
    assert len({ICONS[kind] for kind in AssignmentKind}) == len(AssignmentKind)
    assert ICONS.keys() == {*AssignmentKind, *MaterialType}


async def test_what_is_to_be_handed_in_is_named_by_what_it_is(learner: Learner, database: Database) -> None:
    shelf, module = Shelf(database), learner.course.module
    name = f"Elderberry{uuid4().hex[:10]}"
    due = now() + timedelta(days=2)
    made = {
        kind: await shelf.assignment(
            module,
            kind=kind,
            title=f"{name} {kind.value.lower()}",
            language="python" if kind is AssignmentKind.CODE else None,
            tests=None if kind is AssignmentKind.CODE else [],
            due_at=due,
            position=20 + place,
        )
        for place, kind in enumerate(AssignmentKind)
    }
    browser = learner.browser

    outline = text_of(await browser.read(f"/modules/{module}"))
    found = text_of(await browser.read(f"/search?q={name}"))
    options = text_of(await browser.read(f"/search/options?q={name}"))
    due_soon = (await browser.read("/dashboard")).text
    for kind, words in WORDS.items():
        title = f"{name} {kind.value.lower()}"
        assert re.search(rf"{title}\s*{words}\b", outline), kind
        assert re.search(rf"{title}\s*{words}\b", found), kind
        assert re.search(rf"{title}\s*{words}\b", options), kind
        assert re.search(rf'aria-label="{words}"(?:(?!</li>).)*{title}', due_soon, re.DOTALL), kind

    essay = made[AssignmentKind.TEXT]
    page = await browser.read(f"/assignments/{essay}")
    assert WORDS[AssignmentKind.TEXT] in text_of(page)
    fields = dict(form_to(page, f"/assignments/{essay}/hand-in").fields) | {"text": "Because.", "do": "send"}
    sent = await browser.client.post(f"/assignments/{essay}/hand-in", data=fields)
    assert sent.status_code == 303, sent.text
    results = (await browser.read("/dashboard")).text.partition('id="recent"')[2]
    assert re.search(rf'aria-label="{WORDS[AssignmentKind.TEXT]}"(?:(?!</li>).)*{name} text', results, re.DOTALL)
