"""What an import changes in each thing, field by field, as its preview lists it: read while it is carried out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from anyio import to_thread
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.actions.importing.changed_fields import FieldChange, changed_fields, part_of
from codezest.services.learning.content.report import Thing
from codezest.services.learning.line_diff import FileDiff, compare_programs
from codezest.services.learning.queries.versions import texts_of
from codezest.services.learning.schemas.hand_in_changes import TextChange
from codezest.services.learning.schemas.imports import ImportField

MOST_OF_ONE = 40
"""Fields of one thing that are listed."""
MOST_FIELDS = 2_000
"""Of all things together."""
MOST_BANK_QUESTIONS = 200
SHORT = 120
"""Characters of a value that is shown whole."""
MOST_COMPARED = 40_000
"""Characters of the two texts of a field that are compared line by line."""
MOST_COMPARED_TOGETHER = 2_000_000
MOST_LINES = 60
"""Of one comparison that are shown."""
MOST_SHOWN = 300_000
"""Characters of all comparisons together."""
AT_ONCE = 100
_LATEST = "SELECT v.snapshot FROM learning.versions v WHERE v.subject_id = {id} ORDER BY v.number DESC LIMIT 1"
# Versions are recorded when a transaction ends: until then the latest one says what was.
_SNAPSHOTS = text(f"""
SELECT asked.id, latest.snapshot AS before, made.snapshot AS after
FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) asked(kind, id)
JOIN LATERAL ({_LATEST.format(id="asked.id")}) latest ON true
JOIN LATERAL learning.content_snapshot(asked.kind, asked.id) made ON true
""")  # noqa: S608 - put together from constants
_BANK = text(f"""
SELECT q.id, q.deleted_at IS NOT NULL AS is_gone, latest.snapshot AS before, made.snapshot AS after
FROM learning.versions_due due
JOIN learning.questions q ON q.id = due.subject_id AND q.course_id = :course_id
LEFT JOIN LATERAL ({_LATEST.format(id="q.id")}) latest ON true
JOIN LATERAL learning.content_snapshot('QUESTION', q.id) made ON true
WHERE due.kind = 'QUESTION' AND due.transaction = pg_current_xact_id()::text::bigint
ORDER BY q.id LIMIT {MOST_BANK_QUESTIONS + 1}
""")  # noqa: S608 - put together from constants
_NAMES = text("""
SELECT m.id::text AS id, m.title AS name FROM learning.modules m WHERE m.course_id = :course_id
UNION ALL SELECT q.id::text, q.title FROM learning.quizzes q JOIN learning.modules m ON m.id = q.module_id
    WHERE m.course_id = :course_id
UNION ALL SELECT r.id::text, r.title FROM learning.rubrics r WHERE r.course_id = :course_id
UNION ALL SELECT 'uploads/' || u.id, u.name FROM learning.uploads u WHERE u.course_id = :course_id
UNION ALL SELECT l.id::text, l.name FROM learning.programming_languages l
""")


@dataclass(slots=True)
class Changes:
    """What is listed of one thing."""

    fields: list[ImportField] = field(default_factory=list[ImportField])
    more: bool = False
    """Whether more of it changes."""


async def note_changes(
    session: AsyncSession, course_id: UUID, things: Iterable[Thing], requires: tuple[list[str], list[str]] | None
) -> dict[tuple[str, UUID], Changes]:
    """Of each thing that changes, by kind and id, in the transaction that changes it. Their number and length are bounded.

    Args:
        session: in which everything is written already.
        course_id: of the course.
        things: what is created, changed or removed; only what changes is looked at.
        requires: titles of the courses to complete before, as they were and as they become, where they change.
    """
    names = {row.id: row.name for row in (await session.execute(_NAMES, {"course_id": course_id})).all()}
    noting = _Noting(names)
    wanted = [thing for thing in things if thing.outcome == "CHANGED"]
    for thing in wanted:
        if thing.kind == "COURSE" and requires is not None:
            old, new = (", ".join(titles) for titles in requires)
            noting.add(thing, [FieldChange(name="requires", old=old, new=new)])
        elif thing.kind == "BANK":
            noting.add(thing, _of_bank((await session.execute(_BANK, {"course_id": course_id})).all()))
    single = [thing for thing in wanted if thing.kind not in {"BANK", "FILES", "RUBRICS"}]
    for start in range(0, len(single), AT_ONCE):
        if noting.is_full:
            break
        some = single[start : start + AT_ONCE]
        asked = {"kinds": [thing.kind for thing in some], "ids": [thing.id for thing in some]}
        rows = {row.id: row for row in (await session.execute(_SNAPSHOTS, asked)).all()}
        for thing in some:
            row = rows.get(thing.id)
            noting.add(thing, [*_moves(thing), *(changed_fields(row.before, row.after) if row else ())])
    await to_thread.run_sync(noting.compare)
    return noting.of_thing | {
        (thing.kind, thing.id): Changes(more=True) for thing in single if (thing.kind, thing.id) not in noting.of_thing
    }


def _moves(thing: Thing) -> Iterator[FieldChange]:
    for name in ("deleted_at", "module_id", "position"):
        if name in thing.columns:
            yield FieldChange(name=name, outcome="MOVED")


def _of_bank(rows: Sequence[Any]) -> Iterator[FieldChange]:
    for row in rows:
        within = (part_of("questions", row.after),)
        if row.before is None or row.is_gone:
            yield FieldChange(within=within, name=None, outcome="REMOVED" if row.is_gone else "CREATED")
        else:
            yield from changed_fields(row.before, row.after, within=within)


class _Noting:
    """Puts fields into words as far as there is room, and texts aside until all are known."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._room, self._left_to_compare = MOST_FIELDS, MOST_COMPARED_TOGETHER
        self._aside: dict[str, tuple[ImportField, str, str]] = {}
        self.of_thing: dict[tuple[str, UUID], Changes] = {}

    @property
    def is_full(self) -> bool:
        return self._room <= 0

    def add(self, thing: Thing, found: Iterable[FieldChange]) -> None:
        changes = self.of_thing.setdefault((thing.kind, thing.id), Changes())
        for change in found:
            if len(changes.fields) >= MOST_OF_ONE or self.is_full:
                changes.more = True
                return
            self._room -= 1
            changes.fields.append(self._field(change))

    def _field(self, change: FieldChange) -> ImportField:
        old, new = self._said(change.old), self._said(change.new)
        is_short = all(one is None or (len(one) <= SHORT and "\n" not in one) for one in (old, new))
        said = ImportField.model_validate(
            {
                "within": [{"sort": part.sort, "number": part.number, "title": part.title} for part in change.within],
                "name": change.name,
                "outcome": change.outcome,
                "is_text": not is_short,
                "old": old if is_short else None,
                "new": new if is_short else None,
            }
        )
        length = len(old or "") + len(new or "")
        if not is_short and length <= min(MOST_COMPARED, self._left_to_compare):
            self._left_to_compare -= length
            self._aside[str(len(self._aside))] = (said, old or "", new or "")
        return said

    def _said(self, value: Any) -> str | None:
        """Ids as what they are called; lists of texts line by line; whatever else as JSON."""
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            texts = [self._names.get(one, one) for one in value]
            joined = ", ".join(texts)
            return joined if len(joined) <= SHORT else "\n".join(texts)
        if isinstance(value, str):
            return self._names.get(value, value)
        return texts_of({"": value}).get("")

    def compare(self) -> None:
        """Line by line, at the cost of one comparison."""
        old = {name: aside[1] for name, aside in self._aside.items()}
        new = {name: aside[2] for name, aside in self._aside.items()}
        room = MOST_SHOWN
        for compared in compare_programs(old, new):
            said = self._aside[compared.path][0]
            shown = _bounded(compared, said.name or "")
            room -= sum(len(part.text) for line in shown.lines for part in (*line.old, *line.new))
            if room <= 0:
                return
            said.diff = shown


def _bounded(compared: FileDiff, name: str) -> TextChange:
    found = TextChange.model_validate(compared)
    found.path = name
    found.truncated = found.truncated or len(found.lines) > MOST_LINES
    found.lines = found.lines[:MOST_LINES]
    return found
