"""Reads the modules of a language or a course: what is listed, in order, each item by its kind."""

import re
from pathlib import Path
from uuid import UUID

from codezest.services.learning.content.assignments import load_assignment, unused_files
from codezest.services.learning.content.materials import item_status, load_material
from codezest.services.learning.content.model import Item, ModuleContent
from codezest.services.learning.content.parsing import SLUG, Fields
from codezest.services.learning.content.problems import Problems
from codezest.services.learning.content.quizzes import load_quiz
from codezest.services.learning.content.reading import read_toml
from codezest.services.learning.content.stored import read_stored
from codezest.services.learning.content.timing import read_moment, unnamed
from codezest_db.models.learning import Module

MOST_DAYS = 3650
UUID_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""How an export names a prerequisite that comes later."""
KINDS = {"materials": ".md", "assignments": "", "quizzes": ".toml"}
"""The folders of a module, and what follows an item's name in each."""


def read_modules(
    folder: Path, fields: Fields, *, slug: str, runtime: str, problems: Problems
) -> tuple[ModuleContent, ...]:
    """The modules that ``fields`` of the folder's own file lists; ``slug`` is what addresses of its media begin with."""
    names = fields.texts("modules")
    _listed(fields, "modules", names, {path.parent.name for path in folder.glob("modules/*/module.toml")})
    reader = _ModuleReader(folder, slug, runtime, problems)
    modules: list[ModuleContent] = []
    for position, name in enumerate(names, start=1):
        module = reader.read(folder / "modules" / name, position, modules)
        if module is not None:
            modules.append(module)
    _distinct_slugs(fields, "module", [module.slug for module in modules])
    return tuple(modules)


def _listed(fields: Fields, key: str, names: tuple[str, ...], present: set[str]) -> None:
    """Whatever lies in the folders is listed once, and whatever is listed lies there."""
    for name in sorted({name for name in names if names.count(name) > 1}):
        fields.problem(key, f"{name!r} is listed {names.count(name)} times in `{key}`")
    for name in sorted(set(names) - present):
        fields.problem(
            key, f"{name!r} is listed in `{key}`, but there is no such item: add it, or remove it from the list"
        )
    for name in sorted(present - set(names)):
        fields.problem(key, f"{name!r} is there, but not listed in `{key}`: add it where it shall appear, or remove it")
    if not names:
        fields.advise(None, f"`{key}` is empty: list what learners shall see, in order")


def _distinct_slugs(fields: Fields, kind: str, slugs: list[str]) -> None:
    for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        fields.problem(
            None, f"the slug {slug!r} is used by {slugs.count(slug)} of its {kind} items: each needs its own"
        )


class _ModuleReader:
    """Reads the modules of one language or course; holds what they have in common."""

    def __init__(self, above: Path, slug: str, runtime: str, problems: Problems) -> None:
        self._media = above / "media"
        self._slug = slug
        self._runtime = runtime
        self._problems = problems

    def read(self, folder: Path, position: int, earlier: list[ModuleContent]) -> ModuleContent | None:
        """The module in ``folder``; its prerequisites are among the ``earlier`` ones."""
        if not (folder / "module.toml").is_file():
            return None
        fields = read_toml(folder / "module.toml", self._problems)
        if fields is None:
            return None
        names = fields.texts("items")
        present = {
            f"{kind}/{path.name.removesuffix(suffix)}"
            for kind, suffix in KINDS.items()
            for path in sorted((folder / kind).glob(f"*{suffix}"))
            if path.is_dir() == (kind == "assignments")
        }
        _listed(fields, "items", names, present)
        items = tuple(
            item
            for number, name in enumerate(names, start=1)
            if name in present and (item := self._item(folder, name, number)) is not None
        )
        module = ModuleContent(
            id=fields.uuid(),
            slug=fields.slug(folder.name.lstrip("0123456789-")),
            title=fields.text("title"),
            description=fields.optional_text("description"),
            status=item_status(fields),
            position=position,
            syllabus=fields.texts("syllabus"),
            prerequisites=_prerequisites(fields, earlier),
            estimated_minutes=fields.integer("estimated_minutes"),
            opens_at=read_moment(fields, "opens_at"),
            opens_after_days=fields.integer("opens_after_days", low=0, high=MOST_DAYS),
            unnamed=unnamed(fields, (("opens_at",), ("opens_after_days",))),
            stored=read_stored(fields, Module),
            items=items,
        )
        fields.finish()
        for kind, slugs in (
            ("material", [item.slug for item in module.materials]),
            ("assignment", [item.slug for item in module.assignments]),
            ("quiz", [item.slug for item in module.quizzes]),
        ):
            _distinct_slugs(fields, kind, slugs)
        return module

    def _item(self, folder: Path, name: str, position: int) -> Item | None:
        kind = name.partition("/")[0]
        path = folder / (name + KINDS[kind])
        if kind == "quizzes":
            return load_quiz(path, position=position, problems=self._problems)
        if kind == "materials":
            return load_material(
                path,
                position=position,
                language=self._slug,
                runtime=self._runtime,
                media=self._media,
                problems=self._problems,
            )
        for unused in unused_files(path):
            self._problems.add(
                path / unused, None, "nothing reads this: check its name against the format, or remove it"
            )
        return load_assignment(
            path,
            position=position,
            language=self._slug,
            runtime=self._runtime,
            media=self._media,
            problems=self._problems,
        )


def _prerequisites(fields: Fields, earlier: list[ModuleContent]) -> tuple[UUID, ...]:
    by_slug = {module.slug: module.id for module in earlier}
    found: list[UUID] = []
    for slug in fields.texts("prerequisites"):
        if fields.problems.lenient and UUID_SHAPE.fullmatch(slug):
            found.append(UUID(slug))
            continue
        if not SLUG.fullmatch(slug) or slug not in by_slug:
            message = f"the prerequisite {slug!r} is no slug of an earlier module"
            fields.problem("prerequisites", message)
        else:
            found.append(by_slug[slug])
    return tuple(found)
