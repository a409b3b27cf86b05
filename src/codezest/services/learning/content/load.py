"""Reads a content folder into frozen values. Pure: nothing is run, nothing is stored, every mistake is reported."""

from pathlib import Path
from uuid import UUID, uuid5

from codezest.services.learning.content.assignments import load_assignment, unused_files
from codezest.services.learning.content.materials import item_status, load_material
from codezest.services.learning.content.model import (
    Item,
    LanguageContent,
    LoadedContent,
    ModuleContent,
    PathContent,
)
from codezest.services.learning.content.parsing import NIL, SLUG, Fields, read_toml
from codezest.services.learning.content.problems import ContentProblems, Problems
from codezest.services.learning.content.quizzes import load_quiz
from codezest_db.enums import Difficulty

KINDS = {"materials": ".md", "assignments": "", "quizzes": ".toml"}
"""The folders of a module, and what follows an item's name in each."""


def load(path: Path) -> LoadedContent:
    """Read every language below ``path``, or the one whose folder ``path`` is.

    Raises:
        ContentProblems: with every mistake found in the folder, not only the first.
    """
    root = path.resolve()
    problems = Problems(root)
    if (root / "language.toml").is_file():
        folders = [root]
    else:
        folders = sorted(file.parent for file in root.glob("*/language.toml"))
    if not folders:
        problems.add(root, None, "there is no language here: expected language.toml, or folders that have one")
    languages = tuple(language for folder in folders if (language := _language(folder, problems)) is not None)
    _unique_identities(languages, problems)
    if problems.found:
        raise ContentProblems(problems.found)
    return LoadedContent(root=root, languages=languages)


def _language(folder: Path, problems: Problems) -> LanguageContent | None:
    fields = read_toml(folder / "language.toml", problems)
    if fields is None:
        return None
    identity = fields.uuid()
    slug = fields.slug(folder.name)
    runtime = fields.optional_text("runtime") or slug
    names = fields.texts("modules")
    _listed(fields, "modules", names, {path.parent.name for path in folder.glob("modules/*/module.toml")})
    modules: list[ModuleContent] = []
    for position, name in enumerate(names, start=1):
        reader = _ModuleReader(folder, slug, runtime, problems)
        module = reader.read(folder / "modules" / name, position, modules)
        if module is not None:
            modules.append(module)
    language = LanguageContent(
        id=identity,
        slug=slug,
        name=fields.text("name"),
        description=fields.optional_text("description"),
        icon=fields.optional_text("icon"),
        difficulty=fields.choice("difficulty", Difficulty, Difficulty.BEGINNER),
        runtime=runtime,
        position=fields.integer("position", low=0) or 0,
        is_active=fields.flag("active", default=True),
        path=_path(fields.table("path"), identity),
        modules=tuple(modules),
    )
    fields.finish()
    _distinct_slugs(fields, "module", [module.slug for module in modules])
    return language


def _path(fields: Fields, language: UUID) -> PathContent:
    path = PathContent(
        id=uuid5(language, "path"),
        title=fields.text("title"),
        subtitle=fields.optional_text("subtitle"),
        description=fields.optional_text("description"),
        category=fields.optional_text("category"),
        tags=fields.texts("tags"),
        spoken_language=fields.optional_text("spoken_language") or "en",
        instructor_email=fields.optional_text("instructor"),
    )
    fields.finish()
    return path


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
        fields.problem(None, f"`{key}` is empty: list what learners shall see, in order")


def _distinct_slugs(fields: Fields, kind: str, slugs: list[str]) -> None:
    for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        fields.problem(
            None, f"the slug {slug!r} is used by {slugs.count(slug)} of its {kind} items: each needs its own"
        )


class _ModuleReader:
    """Reads the modules of one language; holds what they have in common."""

    def __init__(self, language: Path, slug: str, runtime: str, problems: Problems) -> None:
        self._media = language / "media"
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
        if not SLUG.fullmatch(slug) or slug not in by_slug:
            message = f"the prerequisite {slug!r} is no slug of an earlier module of this language"
            fields.problem("prerequisites", message)
        else:
            found.append(by_slug[slug])
    return tuple(found)


def _unique_identities(languages: tuple[LanguageContent, ...], problems: Problems) -> None:
    """A uuid names one thing; a copied file that kept the uuid would overwrite its original."""
    seen: dict[UUID, str] = {}
    for language in languages:
        things: list[tuple[UUID, str]] = [(language.id, f"language {language.slug}")]
        for module in language.modules:
            things.append((module.id, f"module {module.slug}"))
            things += [(item.id, f"{module.slug}/{item.slug}") for item in module.items]
        for identity, name in things:
            if identity != NIL and identity in seen:
                message = f"{name} has the uuid of {seen[identity]} ({identity}): give the newer one a fresh uuid"
                problems.add(problems.root, None, message)
            seen[identity] = name
    for kind, values in (("slug", [item.slug for item in languages]), ("name", [item.name for item in languages])):
        for value in sorted({value for value in values if values.count(value) > 1}):
            problems.add(problems.root, None, f"{values.count(value)} languages have the {kind} {value!r}")
