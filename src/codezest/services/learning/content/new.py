"""Begins new content: writes files that load as they are, and lists them where they belong."""

import re
import tomllib
from pathlib import Path
from string import Template
from typing import Literal

from codezest.services.learning.content import templates
from codezest.services.learning.content.mode_templates import files_of
from codezest.services.learning.content.parsing import SLUG
from codezest_db.enums import GradingMode, MaterialType
from codezest_db.ids import uuid7

Kind = Literal["language", "course", "module", "material", "quiz", "assignment"]
FOLDERS: dict[Kind, str] = {
    "module": "modules",
    "material": "materials",
    "quiz": "quizzes",
    "assignment": "assignments",
}
TREES: dict[str, str] = {"language": templates.LANGUAGE, "course": templates.COURSE}
"""What has modules, and the file it begins with."""
SUFFIXES: dict[Kind, str] = {"material": ".md", "quiz": ".toml"}
PYTHON = "python"
RUNNABLE = {MaterialType.CODE_EXAMPLE, MaterialType.INTERACTIVE}
FOLDER_TYPES = RUNNABLE | {MaterialType.ARTICLE, MaterialType.VIDEO}

Listing = tuple[Path, str, str]
"""A TOML file, its list, and what to add to it."""


class ScaffoldError(Exception):
    """Nothing was written; the message says what to change."""


def scaffold(
    kind: Kind,
    path: Path,
    *,
    title: str | None = None,
    material_type: MaterialType = MaterialType.ARTICLE,
    mode: GradingMode = GradingMode.STDIO,
) -> list[Path]:
    """Write a new ``kind`` at ``path`` and return the files written; the content then loads.

    ``path`` is where it will stand, such as ``content/python/modules/04-lists/quizzes/lists``; a number in front tidies the
    folder and is no part of the slug. A language or course begins with a module, and a module with an article, since neither may be
    empty. ``mode`` is how an assignment's programs are put to the test.

    Raises:
        ScaffoldError: the name is malformed or taken, or ``path`` is no place for this kind.
    """
    name = path.name.removesuffix(SUFFIXES.get(kind, ""))
    slug = re.sub(r"^\d+-", "", name) if kind in {"module", "material"} else name
    if not SLUG.fullmatch(slug):
        raise ScaffoldError(f"{slug!r} is no slug: use small letters and digits, with single hyphens between words")
    words = title or slug.replace("-", " ").capitalize()
    if any(character in words for character in '"\\\n:'):
        raise ScaffoldError("the title may not contain quotation marks, backslashes, colons or line breaks")
    if kind in TREES:
        return _tree(kind, path, slug=slug, title=words)
    parent = _parent(kind, path)
    if kind == "module":
        return _module(parent, name, slug, words)
    if kind == "material":
        return _material(parent, name, slug, words, material_type)
    if kind == "quiz":
        return _quiz(parent, slug, words)
    return _assignment(parent, slug, words, mode)


def _parent(kind: Kind, path: Path) -> Path:
    """The folder of the language, course or module that ``path`` lies in."""
    owners = [f"{tree}.toml" for tree in TREES] if kind == "module" else ["module.toml"]
    parent = path.parent.parent
    if path.parent.name != FOLDERS[kind] or not any((parent / owner).is_file() for owner in owners):
        above = "language or course" if kind == "module" else "module"
        raise ScaffoldError(
            f"{path} is no place for a {kind}: it belongs into the folder {FOLDERS[kind]}/ of a {above}"
        )
    return parent


def _fill(template: str, **values: str) -> str:
    return Template(template).substitute(values | {"uuid": str(uuid7())})


def _write(files: dict[Path, str], *, listed_in: Listing | None = None) -> list[Path]:
    for path in files:
        if path.exists():
            raise ScaffoldError(f"{path} is there already: choose another name")
    listing = {listed_in[0]: _with_entry(*listed_in)} if listed_in else {}
    for path, text in (files | listing).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def _with_entry(path: Path, key: str, name: str) -> str:
    """The file's text with ``name`` added to the list ``key``; the rest stays as its author wrote it."""
    text = path.read_text(encoding="utf-8")
    match = re.search(rf"^{key}\s*=\s*\[([^\]]*)\]", text, flags=re.MULTILINE)
    if match is None:
        raise ScaffoldError(f"{path} has no list `{key}`: add `{key} = []` above its first [table]")
    listed = re.findall(r'"[^"]*"', match[1])
    lines = "".join(f"    {entry},\n" for entry in [*listed, f'"{name}"'])
    return f"{text[: match.start()]}{key} = [\n{lines}]{text[match.end() :]}"


def _tree(kind: str, folder: Path, *, slug: str, title: str) -> list[Path]:
    written = _write({folder / f"{kind}.toml": _fill(TREES[kind], slug=slug, title=title)})
    return written + _module(folder, "01-first-steps", "first-steps", "First Steps")


def _file_of(tree: Path) -> Path:
    """The file of a language's or a course's folder."""
    return next(file for kind in TREES if (file := tree / f"{kind}.toml").is_file())


def _module(tree: Path, name: str, slug: str, title: str) -> list[Path]:
    folder = tree / "modules" / name
    written = _write(
        {folder / "module.toml": _fill(templates.MODULE, slug=slug, title=title)},
        listed_in=(_file_of(tree), "modules", name),
    )
    return written + _material(folder, "01-introduction", "introduction", "Introduction", MaterialType.ARTICLE)


def _runtime(module: Path) -> str:
    file = _file_of(module.parent.parent)
    settings = tomllib.loads(file.read_text(encoding="utf-8"))
    named = "language" if file.name == "course.toml" else "slug"
    return str(settings.get("runtime", settings.get(named, "")))


def _python_only(runtime: str) -> ScaffoldError:
    return ScaffoldError(
        f"programs can be begun for Python only, and this language runs on {runtime!r}: write the files by hand"
    )


def _material(module: Path, name: str, slug: str, title: str, kind: MaterialType) -> list[Path]:
    if kind not in FOLDER_TYPES:
        raise ScaffoldError(f"a {kind} cannot be begun here: choose {', '.join(sorted(FOLDER_TYPES))}")
    template = templates.MATERIAL
    if kind == MaterialType.VIDEO:
        template = templates.VIDEO
        media = module.parent.parent / "media"
        missing = [file for file in (f"{slug}.webm", f"{slug}.vtt") if not (media / file).is_file()]
        if missing:
            raise ScaffoldError(f"a video needs its files first: add {' and '.join(missing)} to {media}")
    folder = module / "materials"
    files = {folder / f"{name}.md": _fill(template, slug=slug, title=title, type=kind.value)}
    if kind in RUNNABLE:
        if (runtime := _runtime(module)) != PYTHON:
            raise _python_only(runtime)
        files |= {
            folder / f"{name}.py": templates.PROGRAM,
            folder / f"{name}.in": templates.PROGRAM_INPUT,
            folder / f"{name}.out": templates.PROGRAM_OUTPUT,
        }
    return _write(files, listed_in=(module / "module.toml", "items", f"materials/{name}"))


def _quiz(module: Path, slug: str, title: str) -> list[Path]:
    return _write(
        {module / "quizzes" / f"{slug}.toml": _fill(templates.QUIZ, slug=slug, title=title)},
        listed_in=(module / "module.toml", "items", f"quizzes/{slug}"),
    )


def _assignment(module: Path, slug: str, title: str, mode: GradingMode) -> list[Path]:
    runtime = _runtime(module)
    folder = module / "assignments" / slug
    texts = files_of(mode, runtime)
    if texts is None and mode in {GradingMode.FUNCTION, GradingMode.UNIT_TESTS}:
        raise ScaffoldError(f"a program of mode {mode} cannot be begun for {runtime!r}: choose another mode")
    if texts is None:
        raise _python_only(runtime)
    texts["assignment.toml"] = _fill(texts["assignment.toml"], slug=slug, title=title, runtime=runtime)
    return _write(
        {folder / path: text for path, text in texts.items()},
        listed_in=(module / "module.toml", "items", f"assignments/{slug}"),
    )
