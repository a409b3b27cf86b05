"""Programs of several files: which paths they may have, and how large they may be together. Pure."""

import re
from collections.abc import Collection, Mapping

from codezest.grading.languages import UnknownLanguageError, find_language, languages
from codezest.kit.i18n import gettext as _

MAX_FILES = 20
"""Of one program, its entry file included."""
MAX_FILES_BYTES = 256 * 1024
"""All files of one program together, in bytes of UTF-8."""
MAX_PATH = 100
PATH_PATTERN = r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,5}$"
"""A relative path that means the same on every system and never leaves its folder."""

_PATH = re.compile(PATH_PATTERN)


def entry_of(language: str | None) -> str:
    """What the file is called that a program in this language begins with."""
    try:
        return find_language(language or "").file_name
    except UnknownLanguageError:
        return f"main.{language or 'txt'}"


def language_by_suffix() -> dict[str, str]:
    """Keys of languages by the suffix of their files: `.py` → `python`."""
    return {f".{language.file_name.rpartition('.')[2]}": language.key for language in languages()}


def fault_of_paths(paths: Collection[str], *, taken: Collection[str] = ()) -> str | None:
    """Why these files cannot lie beside each other and beside those `taken`; None when they can."""
    for path in sorted(paths):
        if len(path) > MAX_PATH or not _PATH.fullmatch(path):
            return _(
                "%(path)s is no path of a file here: use letters, digits, '.', '_', '-', and '/' between folders"
            ) % {"path": repr(path)}
        if path in taken:
            return _("%(path)s is there already") % {"path": path}
    together = {*paths, *taken}
    for path in sorted(paths):
        folders = {"/".join(path.split("/")[:depth]) for depth in range(1, path.count("/") + 1)}
        if both := folders & together:
            return _("%(path)s cannot be a file and a folder at once") % {"path": min(both)}
        if inside := [other for other in taken if other.startswith(f"{path}/")]:
            return _("%(path)s cannot be a file: %(other)s is there already") % {"path": path, "other": min(inside)}
    return None


def fault_of_size(files: Mapping[str, str]) -> str | None:
    """Why these are too many or too large as one program, its entry file included; None when they are not."""
    if len(files) > MAX_FILES:
        return _("there are %(number)s files; a program has at most %(most)s") % {
            "number": len(files),
            "most": MAX_FILES,
        }
    size = size_of(files)
    if size > MAX_FILES_BYTES:
        return _("the files have %(size)s bytes together; a program has at most %(most)s") % {
            "size": size,
            "most": MAX_FILES_BYTES,
        }
    return None


def size_of(files: Mapping[str, str]) -> int:
    """Bytes of UTF-8."""
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in files.values())
