"""Reads a content folder into frozen values. Pure: nothing is run, nothing is stored, every mistake is reported."""

from pathlib import Path
from uuid import UUID, uuid5

from codezest.services.learning.content.attached import load_rubrics, load_uploads
from codezest.services.learning.content.courses import load_course
from codezest.services.learning.content.loaded import LoadedContent
from codezest.services.learning.content.model import CourseContent, LanguageContent, PathContent
from codezest.services.learning.content.modules import read_modules
from codezest.services.learning.content.parsing import NIL, Fields
from codezest.services.learning.content.problems import ContentProblems, Problems
from codezest.services.learning.content.quizzes import load_bank
from codezest.services.learning.content.reading import read_toml
from codezest.services.learning.content.stored import read_stored
from codezest.services.learning.content.timing import unnamed
from codezest_db.enums import Difficulty
from codezest_db.models.learning import Course, ProgrammingLanguage


def load(path: Path) -> LoadedContent:
    """Read every language and course below ``path``, or the one whose folder ``path`` is.

    Raises:
        ContentProblems: with every mistake found in the folder, not only the first.
    """
    content, problems = read(path)
    if problems.found:
        raise ContentProblems(problems.found)
    return content


def read(path: Path) -> tuple[LoadedContent, Problems]:
    """As ``load``, also where there are problems: what has them may be lacking, or something else than was meant."""
    root = path.resolve()
    problems = Problems(root)
    folders = {name: _folders(root, f"{name}.toml") for name in ("language", "course")}
    if not any(folders.values()):
        message = "there is nothing to learn here: expected language.toml or course.toml, or folders that have one"
        problems.add(root, None, message)
    languages = tuple(one for folder in folders["language"] if (one := _language(folder, problems)) is not None)
    courses = tuple(each for folder in folders["course"] if (each := load_course(folder, problems)) is not None)
    _unique_identities((*languages, *courses), problems)
    _unique_names(languages, courses, problems)
    return LoadedContent(root=root, languages=languages, courses=courses, advice=tuple(problems.advice)), problems


def _language(folder: Path, problems: Problems) -> LanguageContent | None:
    fields = read_toml(folder / "language.toml", problems)
    if fields is None:
        return None
    problems.lenient = fields.flag("lenient", default=False)
    identity = fields.uuid()
    slug = fields.slug(folder.name)
    runtime = fields.optional_text("runtime") or slug
    modules = read_modules(folder, fields, slug=slug, runtime=runtime, problems=problems)
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
        modules=modules,
        bank=load_bank(
            folder, uuid5(identity, "bank"), [quiz for module in modules for quiz in module.quizzes], problems
        ),
        folder=folder,
        rubrics=load_rubrics(folder, problems),
        uploads=load_uploads(folder, problems),
        requires=fields.texts("requires"),
        unnamed=unnamed(fields, (("requires",),)),
        stored=read_stored(fields, ProgrammingLanguage),
    )
    fields.finish()
    return language


def _path(fields: Fields, language: UUID) -> PathContent:
    path = PathContent(
        id=fields.uuid() if "uuid" in fields.values else uuid5(language, "path"),
        title=fields.text("title"),
        subtitle=fields.optional_text("subtitle"),
        description=fields.optional_text("description"),
        category=fields.optional_text("category"),
        tags=fields.texts("tags"),
        spoken_language=fields.optional_text("spoken_language") or "en",
        instructor_email=fields.optional_text("instructor"),
        stored=read_stored(fields, Course),
    )
    fields.finish()
    return path


def _folders(root: Path, name: str) -> list[Path]:
    return [root] if (root / name).is_file() else sorted(file.parent for file in root.glob(f"*/{name}"))


def _unique_identities(trees: tuple[LanguageContent | CourseContent, ...], problems: Problems) -> None:
    """A uuid names one thing; a copied file that kept the uuid would overwrite its original."""
    seen: dict[UUID, str] = {}
    for tree in trees:
        kind = "language" if isinstance(tree, LanguageContent) else "course"
        things: list[tuple[UUID, str]] = [(tree.id, f"{kind} {tree.slug}")]
        for module in tree.modules:
            things.append((module.id, f"module {module.slug}"))
            things += [(item.id, f"{module.slug}/{item.slug}") for item in module.items]
        for identity, name in things:
            if identity != NIL and identity in seen:
                message = f"{name} has the uuid of {seen[identity]} ({identity}): give the newer one a fresh uuid"
                problems.add(problems.root, None, message)
            seen[identity] = name


def _unique_names(
    languages: tuple[LanguageContent, ...], courses: tuple[CourseContent, ...], problems: Problems
) -> None:
    """The path of a language is a course that has the language's slug."""
    slugs = [language.slug for language in languages]
    for kind, values in (("languages", slugs), ("courses", slugs + [course.slug for course in courses])):
        for value in sorted({value for value in values if values.count(value) > 1}):
            if kind == "languages" or slugs.count(value) < 2:
                problems.add(problems.root, None, f"{values.count(value)} {kind} have the slug {value!r}")
    names = [language.name for language in languages]
    for value in sorted({value for value in names if names.count(value) > 1}):
        problems.add(problems.root, None, f"{names.count(value)} languages have the name {value!r}")
