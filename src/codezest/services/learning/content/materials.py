"""Reads one material: a Markdown file with front matter, and for runnable ones a program beside it."""

from enum import StrEnum
from pathlib import Path

from codezest.services.learning.content.captions import transcript
from codezest.services.learning.content.example import Example
from codezest.services.learning.content.markdown import MEDIA_NAME, MEDIA_NAME_RULE, examine, examples, media_links
from codezest.services.learning.content.model import MaterialContent
from codezest.services.learning.content.parsing import Fields
from codezest.services.learning.content.problems import Problems
from codezest.services.learning.content.reading import read_markdown, read_text
from codezest.services.learning.content.stored import read_stored
from codezest_db.enums import MaterialType, PublicationStatus
from codezest_db.models.learning import Material

SOURCE_SUFFIX = {"": ".txt", "python": ".py", "javascript": ".js", "java": ".java"}
"""The suffix of the program beside a material, by the language's runtime."""
VIDEO_SUFFIXES = (".webm", ".mp4")
POSTER_SUFFIXES = (".webp", ".png", ".jpg", ".jpeg", ".avif")


class FolderType(StrEnum):
    """The types of material a folder can hold; a quiz is an item of its own."""

    VIDEO = MaterialType.VIDEO
    ARTICLE = MaterialType.ARTICLE
    CODE_EXAMPLE = MaterialType.CODE_EXAMPLE
    INTERACTIVE = MaterialType.INTERACTIVE
    PDF = MaterialType.PDF
    DOCX = MaterialType.DOCX


class ItemStatus(StrEnum):
    """An item is shown unless it says that it is a draft."""

    PUBLISHED = PublicationStatus.PUBLISHED
    DRAFT = PublicationStatus.DRAFT


def item_status(fields: Fields) -> PublicationStatus:
    return PublicationStatus(fields.choice("status", ItemStatus, ItemStatus.PUBLISHED).value)


def load_material(
    path: Path, *, position: int, language: str, runtime: str, media: Path, problems: Problems
) -> MaterialContent | None:
    """The material in ``path``, or None when nothing of it can be read."""
    read = read_markdown(path, problems)
    if read is None:
        return None
    fields, body, first_line = read
    examine(body, path, first_line=first_line, media=media, problems=problems)
    kind = MaterialType(fields.choice("type", MaterialType if problems.lenient else FolderType).value)
    runnable = kind in {MaterialType.CODE_EXAMPLE, MaterialType.INTERACTIVE}
    program = _program(path, runtime, runnable=runnable, problems=problems)
    if not body.strip() and kind not in {MaterialType.PDF, MaterialType.DOCX}:
        problems.advise(path, first_line, "there is no text below the front matter: write what learners shall read")
    video = captions = poster = file = spoken = None
    if kind == MaterialType.VIDEO:
        video = _media(fields, "video", media, VIDEO_SUFFIXES, required=True)
        captions = _media(fields, "captions", media, (".vtt",), required=True)
        poster = _media(fields, "poster", media, POSTER_SUFFIXES, required=False)
        spoken = _spoken(fields, media, captions)
    elif kind in {MaterialType.PDF, MaterialType.DOCX}:
        file = _media(fields, "file", media, (f".{kind.value.lower()}",), required=True)
    material = MaterialContent(
        id=fields.uuid(),
        slug=fields.slug(path.stem.lstrip("0123456789-")),
        title=fields.text("title"),
        description=fields.optional_text("description"),
        status=item_status(fields),
        position=position,
        type=kind,
        content=media_links(body, language),
        code=program.code if program else None,
        sample_input=_sample_input(path, program, problems),
        sample_output=program.expected if program else None,
        video_key=_key(language, video),
        image_key=_key(language, poster),
        captions_key=_key(language, captions),
        file_key=_key(language, file),
        transcript=spoken,
        duration_minutes=fields.integer("duration_minutes"),
        examples=(*examples(body, path, first_line=first_line, runtime=runtime), *([program] if program else [])),
        stored=read_stored(fields, Material),
    )
    fields.finish()
    return material


def _program(path: Path, runtime: str, *, runnable: bool, problems: Problems) -> Example | None:
    """The program beside the text; ``.in`` is its input and ``.out`` what it must print, both optional."""
    source = path.with_suffix(SOURCE_SUFFIX.get(runtime, f".{runtime}"))
    if not runnable:
        if source.is_file():
            problems.add(
                source, None, "only a CODE_EXAMPLE or INTERACTIVE has a program: change the type, or remove this file"
            )
        return None
    if problems.lenient and not source.is_file():
        problems.advise(source, None, "this file is missing")
        return None
    code = read_text(source, problems)
    if code is None:
        return None
    sample, expected = path.with_suffix(".in"), path.with_suffix(".out")
    return Example(
        path=source,
        line=None,
        code=code,
        stdin=(read_text(sample, problems) or "") if sample.is_file() else "",
        expected=read_text(expected, problems) if expected.is_file() else None,
    )


def _sample_input(path: Path, program: Example | None, problems: Problems) -> str | None:
    """An export tells an empty input from none."""
    if program is None or (problems.lenient and not path.with_suffix(".in").is_file()):
        return None
    return program.stdin


def _media(fields: Fields, key: str, media: Path, suffixes: tuple[str, ...], *, required: bool) -> str | None:
    name = fields.wanted_text(key) if required else fields.optional_text(key)
    if not name:
        return None
    if not MEDIA_NAME.fullmatch(name):
        fields.problem(key, f"`{key}` is {name!r}, which is no name for a file of media/: {MEDIA_NAME_RULE}")
        return None
    if not name.endswith(suffixes):
        fields.problem(key, f"`{key}` is {name!r}: name a file of media/ that ends in {' or '.join(suffixes)}")
        return None
    if not (media / name).is_file():
        fields.problem(key, f"media/{name} does not exist: add the file, or repair the name")
        return None
    return name


def _spoken(fields: Fields, media: Path, captions: str | None) -> str | None:
    if captions is None:
        return None
    text = transcript((media / captions).read_text(encoding="utf-8", errors="replace"))
    if text is None:
        fields.problem(
            "captions", f"media/{captions} has no captions: a WebVTT file begins with WEBVTT, then timed cues"
        )
    return text


def _key(language: str, name: str | None) -> str | None:
    return None if name is None else f"{language}/{name}"
