"""Reads a course that stands by itself: ``course.toml`` and the modules below it."""

from pathlib import Path
from uuid import uuid5

from codezest.services.learning.content.attached import load_rubrics, load_uploads
from codezest.services.learning.content.materials import item_status
from codezest.services.learning.content.model import CourseContent
from codezest.services.learning.content.modules import read_modules
from codezest.services.learning.content.parsing import Fields
from codezest.services.learning.content.problems import Problems
from codezest.services.learning.content.quizzes import load_bank
from codezest.services.learning.content.reading import read_toml
from codezest.services.learning.content.stored import read_stored
from codezest.services.learning.content.timing import unnamed
from codezest_db.enums import AssignmentKind, Difficulty
from codezest_db.models.learning import Course

CURRENCY_LETTERS = 3


def load_course(folder: Path, problems: Problems) -> CourseContent | None:
    """The course of a folder; None where its file cannot be read at all."""
    fields = read_toml(folder / "course.toml", problems)
    if fields is None:
        return None
    problems.lenient = fields.flag("lenient", default=False)
    language = fields.optional_text("language")
    runtime = fields.optional_text("runtime") or language or ""
    identity = fields.uuid()
    slug = fields.slug(folder.name)
    price, currency = _price(fields)
    modules = read_modules(folder, fields, slug=folder.name, runtime=runtime, problems=problems)
    quizzes = [quiz for module in modules for quiz in module.quizzes]
    course = CourseContent(
        id=identity,
        slug=slug,
        title=fields.text("title"),
        subtitle=fields.optional_text("subtitle"),
        description=fields.optional_text("description"),
        level=fields.choice("level", Difficulty, Difficulty.BEGINNER),
        category=fields.optional_text("category"),
        tags=fields.texts("tags"),
        spoken_language=fields.optional_text("spoken_language") or "en",
        price_minor=price,
        currency=currency,
        status=item_status(fields),
        language_slug=language,
        runtime=runtime,
        instructor_email=fields.optional_text("instructor"),
        modules=modules,
        bank=load_bank(folder, uuid5(identity, "bank"), quizzes, problems),
        folder=folder,
        rubrics=load_rubrics(folder, problems),
        uploads=load_uploads(folder, problems),
        requires=fields.texts("requires"),
        unnamed=unnamed(fields, (("price_minor", "currency"), ("requires",))),
        stored=read_stored(fields, Course),
    )
    fields.finish()
    for module in course.modules:
        for assignment in module.assignments:
            if not assignment.language and assignment.kind is AssignmentKind.CODE:
                message = "`language` is missing, and course.toml names no `language` or `runtime`"
                problems.add(assignment.path / "assignment.toml", None, message)
    return course


def _price(fields: Fields) -> tuple[int, str]:
    currency = fields.optional_text("currency") or "USD"
    if len(currency) != CURRENCY_LETTERS or not (currency.isascii() and currency.isalpha() and currency.isupper()):
        fields.problem("currency", "`currency` is a code of three capital letters, such as EUR")
    return fields.integer("price_minor", low=0) or 0, currency
