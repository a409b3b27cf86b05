"""Makes of files that somebody sent in what may be stored in one course: with ids of its own, and without what is not theirs to say.

An id that the course has keeps meaning that thing. Any other is replaced by one that follows from it and the course, so that no
id of another course is ever touched or taken, and the same files mean the same things when they come in again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from codezest.services.learning.content.arrivals import Arrivals
from codezest.services.learning.content.known import KnownIds
from codezest.services.learning.content.model import (
    AssignmentContent,
    AttachedContent,
    CourseContent,
    Item,
    LanguageContent,
    MaterialContent,
    ModuleContent,
    OptionContent,
    QuestionContent,
    QuizContent,
)
from codezest.services.learning.content.problems import Problem
from codezest_db.enums import MaterialType, PublicationStatus

TABLES: Mapping[type[Any], str] = {
    MaterialContent: "materials",
    AssignmentContent: "assignments",
    QuizContent: "quizzes",
}
NOT_THEIRS = frozenset({"kind", "status"})
"""Columns of a course that no files set: publishing is an act of its own."""
KEYS = ("video_key", "image_key", "file_key")


@dataclass(slots=True)
class Adopted:
    """A course as it may be stored."""

    tree: CourseContent
    arrivals: Arrivals
    warnings: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """Each with its `code`."""
    advice: list[Problem] = field(default_factory=list[Problem])


def as_course(tree: LanguageContent | CourseContent) -> CourseContent:
    """The path of a language as the course that it is: nobody brings in a language."""
    if isinstance(tree, CourseContent):
        return tree
    path = tree.path
    return CourseContent(
        id=path.id,
        slug=tree.slug,
        title=path.title,
        subtitle=path.subtitle,
        description=path.description,
        level=tree.difficulty,
        category=path.category,
        tags=path.tags,
        spoken_language=path.spoken_language,
        price_minor=0,
        currency="USD",
        status=PublicationStatus.DRAFT,
        language_slug=tree.slug,
        runtime=tree.runtime,
        instructor_email=None,
        modules=tree.modules,
        bank=tree.bank,
        folder=tree.folder,
        rubrics=tree.rubrics,
        uploads=tree.uploads,
        requires=tree.requires,
        unnamed=tree.unnamed | {"price_minor", "currency"},
        stored=path.stored,
    )


def adopt(tree: CourseContent, course_id: UUID, known: KnownIds, content: Path | None) -> Adopted:
    """See above. Reads the files that `media/` and `uploads/` hold: call it in a thread.

    Args:
        tree: as it was sent in.
        course_id: of the course that it changes or becomes.
        known: what is in that course.
        content: the content folder of this server, whose files need not come in again.
    """
    return _Adoption(tree, course_id, known, content).result()


class _Adoption:
    def __init__(self, tree: CourseContent, course_id: UUID, known: KnownIds, content: Path | None) -> None:
        self._tree = tree
        self._course = course_id
        self._known = known
        self._used: set[tuple[str, UUID]] = set()
        self._warnings: list[dict[str, Any]] = []
        self._arrivals = Arrivals(tree, course_id, known.uploads, content)
        self._modules = {module.id: self._name("modules", module.id, known.modules) for module in tree.modules}
        self._items = {
            (TABLES[type(item)], item.id): self._name(TABLES[type(item)], item.id, self._items_of(type(item)))
            for module in tree.modules
            for item in module.items
        }
        self._rubrics = {one.id: self._name("rubrics", one.id, known.rubrics) for one in tree.rubrics}

    def _items_of(self, kind: type[Any]) -> frozenset[UUID]:
        return frozenset(one for table, one in self._known.items if table == TABLES[kind])

    def _name(self, sort: str, identity: UUID, there: frozenset[UUID], home: UUID | None = None) -> UUID:
        """The id in this course; what two things claim, the second does not get."""
        wanted = identity if identity in there else uuid5(home or self._course, str(identity))
        while (sort, wanted) in self._used:
            wanted = uuid5(wanted, "again")
        self._used.add((sort, wanted))
        return wanted

    def result(self) -> Adopted:
        tree, text = self._tree, self._arrivals.text
        stored = {name: value for name, value in tree.stored.items() if name not in NOT_THEIRS}
        if "image_key" in stored:
            stored["image_key"] = self._key(stored["image_key"], tree.title)
        if isinstance(stored.get("description"), str):
            stored["description"] = text(stored["description"])
        adopted = replace(
            tree,
            id=self._course,
            description=text(tree.description),
            modules=tuple(map(self._module, tree.modules)),
            bank=tuple(self._question(question, self._course) for question in tree.bank),
            rubrics=tuple(AttachedContent(id=self._rubrics[one.id], columns=one.columns) for one in tree.rubrics),
            uploads=(),
            stored=stored,
        )
        return Adopted(adopted, self._arrivals, self._warnings)

    def _module(self, module: ModuleContent) -> ModuleContent:
        return replace(
            module,
            id=self._modules[module.id],
            prerequisites=tuple(self._modules[one] for one in module.prerequisites if one in self._modules),
            items=tuple(map(self._item, module.items)),
        )

    def _item(self, item: Item) -> Item:
        identity = self._items[TABLES[type(item)], item.id]
        if isinstance(item, MaterialContent):
            return self._material(item, identity)
        if isinstance(item, AssignmentContent):
            return self._assignment(item, identity)
        return replace(
            item, id=identity, questions=tuple(self._question(question, identity) for question in item.questions)
        )

    def _material(self, item: MaterialContent, identity: UUID) -> MaterialContent:
        stored = dict(item.stored)
        status = item.status
        for name in ("content", "transcript", "captions_url"):
            if isinstance(stored.get(name), str):
                stored[name] = self._arrivals.text(stored[name])
        columns: dict[str, Any] = {"video_key": item.video_key, "image_key": item.image_key, "file_key": item.file_key}
        keys = {name: self._key(stored.get(name, columns[name]), item.title) for name in KEYS}
        if "captions_url" not in stored and item.captions_key is not None:
            stored["captions_url"] = self._arrivals.text(f"/media/{item.captions_key}")
        if stored.get("quiz_id") is not None:
            stored["quiz_id"] = self._items.get(("quizzes", stored["quiz_id"]))
        shown = MaterialType(stored.get("type", item.type))
        if shown is MaterialType.QUIZ and stored.get("quiz_id") is None and status is PublicationStatus.PUBLISHED:
            status = PublicationStatus.DRAFT
            self._warn("made-draft", title=item.title)
        for name in KEYS:
            stored.pop(name, None)
        return replace(
            item,
            id=identity,
            content=self._arrivals.text(item.content) or "",
            status=status,
            stored=stored | {name: value for name, value in keys.items() if value != columns[name]},
        )

    def _assignment(self, item: AssignmentContent, identity: UUID) -> AssignmentContent:
        stored = dict(item.stored)
        if stored.get("rubric_id") is not None:
            stored["rubric_id"] = self._rubrics.get(stored["rubric_id"])
        return replace(item, id=identity, instructions=self._arrivals.text(item.instructions) or "", stored=stored)

    def _question(self, question: QuestionContent, home: UUID) -> QuestionContent:
        there = frozenset(one for one, place in self._known.questions.items() if place == home)
        identity = self._name("questions", question.id, there, home)
        text: Callable[[Any], Any] = self._arrivals.anywhere
        return replace(
            question,
            id=identity,
            text=text(question.text),
            explanation=text(question.explanation),
            media=text(question.media),
            options=tuple(self._option(option, identity) for option in question.options),
            stored=text(dict(question.stored)),
        )

    def _option(self, option: OptionContent, question: UUID) -> OptionContent:
        there = frozenset({option.id} if self._known.options.get(option.id) == question else ())
        return replace(
            option,
            id=self._name("options", option.id, there, question),
            text=self._arrivals.text(option.text) or "",
            stored=self._arrivals.anywhere(dict(option.stored)),
        )

    def _key(self, key: str | None, title: str) -> str | None:
        """What a column such as `video_key` may say: a file of this course."""
        if key is None:
            return None
        found = self._arrivals.key(key)
        if found is None:
            self._warn("file-unknown", title=title, name=key)
        return found

    def _warn(self, code: str, **said: str) -> None:
        self._warnings.append({"code": code, **said})
