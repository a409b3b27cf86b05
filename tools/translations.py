"""Keeps the catalogues of the interface: what the sources say, what is translated, and whether both fit together.

    extract   write every message of the sources into one template (default build/messages.pot), for outside tools
    update    bring the catalogues up to the sources: add what is new, drop what nothing says any more
    check     the same without writing: list what is missing, unfinished or broken, and fail if there is anything
    todo      print what waits for a translator, as lines to fill in
    apply     take translations from such lines
    stats     count messages and translations by language

`update` and `todo` may name languages (`update es fr`); `update` begins a catalogue for a language that has none.
docs/guides/translating.md describes the work; codezest.kit.i18n reads the same files, so nothing is compiled.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import TextIO

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from catalogue_faults import faults_of
from message_sources import PACKAGE, read_sources
from unwrapped_text import unwrapped

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "src" / "codezest" / "web" / "locale"
TEMPLATE = ROOT / "build" / "messages.pot"
PLURAL_RULES = {"es": (2, "(n != 1)"), "hi": (2, "(n > 1)")}
"""Where Babel's table of gettext rules is coarser than CLDR or asks for a form that no count here needs."""
HEADER = """\
# The interface of CodeZest in %(language)s.
# Kept by tools/translations.py; docs/guides/translating.md says how.
#"""

Key = tuple[str, str]


def key_of(message: Message) -> Key:
    """Context and singular: what a catalogue knows a message by."""
    return message.context or "", message.id[0] if isinstance(message.id, (list, tuple)) else message.id


def path_of(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def languages() -> list[str]:
    """Those with a catalogue, in alphabetical order."""
    return sorted(path.parent.parent.name for path in CATALOGUES.glob("*/LC_MESSAGES/messages.po"))


def load(language: str) -> Catalog:
    """The catalogue of a language, empty where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _empty(language: str) -> Catalog:
    """Without dates and names of tools, which would change with every run."""
    catalog = Catalog(locale=language, fuzzy=False)
    if language in PLURAL_RULES:
        catalog._num_plurals, catalog._plural_expr = PLURAL_RULES[language]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    catalog.header_comment = HEADER % {"language": Locale.parse(language).english_name}
    return catalog


def merge(language: str, template: Catalog, known: Catalog) -> Catalog:
    """The template with the translations that are known. A message that replaces a like one takes over its text, as fuzzy."""
    merged = _empty(language)
    old = {key_of(message): message for message in known if message.id}
    current = {key_of(message) for message in template if message.id}
    gone = {id_: message for (context, id_), message in old.items() if (context, id_) not in current}
    for message in template:
        if not message.id:
            continue
        found = old.get(key_of(message))
        flags = set(message.flags)
        if found is None and (like := get_close_matches(key_of(message)[1], gone, 1, 0.8)):
            found = gone[like[0]]
            flags.add("fuzzy")
        elif found is not None and found.fuzzy:
            flags.add("fuzzy")
        merged.add(
            message.id,
            _fitting(message, found, merged.num_plurals),
            locations=message.locations,
            flags=flags,
            auto_comments=message.auto_comments,
            user_comments=found.user_comments if found else (),
            context=message.context,
        )
    return merged


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation: one form, or as many as the language has."""
    said = message.string
    return tuple(said) if isinstance(said, (list, tuple)) else (said or "",)


def _fitting(message: Message, found: Message | None, forms: int) -> str | tuple[str, ...]:
    """The known translation where it has as many forms as are asked for; else nothing."""
    wanted = forms if message.pluralizable else 1
    said = forms_of(found) if found else ("",)
    said = said if len(said) == wanted else ("",) * wanted
    return said if message.pluralizable else said[0]


def written(catalog: Catalog) -> bytes:
    """The file: sorted by message and without line numbers, so that a change shows what changed."""
    buffer = BytesIO()
    write_po(buffer, catalog, sort_output=True, include_lineno=False, omit_header=True, width=120)
    plural = ""
    if catalog.locale is not None:
        plural = f'"Language: {catalog.locale}\\n"\n"Plural-Forms: {catalog.plural_forms}\\n"\n'
    head = f'{catalog.header_comment}\nmsgid ""\nmsgstr ""\n{plural}"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return head.encode() + buffer.getvalue()


def update(wanted: Sequence[str]) -> None:
    template = read_sources(ROOT)
    for language in wanted or languages():
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        content = written(merge(language, template, load(language)))
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def check() -> list[str]:
    """What is wrong, one line each."""
    template = read_sources(ROOT)
    faults = [f"{language}: {fault}" for language in languages() for fault in faults_of(load(language), template)]
    return [*unwrapped(ROOT / PACKAGE), *faults]


def waiting(language: str, template: Catalog) -> Iterator[Message]:
    """What has no finished translation, in the order of the sources."""
    merged = merge(language, template, load(language))
    for message in merged:
        if message.id and (message.fuzzy or not all(forms_of(message))):
            yield message


def _field(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def _text(field: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), field)


def todo(wanted: Sequence[str]) -> None:
    """A line each: the language, the context, the message and the forms of its translation, with tabs between."""
    template = read_sources(ROOT)
    for language in wanted or languages():
        for message in waiting(language, template):
            print("\t".join(_field(part) for part in (language, *key_of(message), *forms_of(message))))


def apply(lines: TextIO) -> list[str]:
    """Put filled-in lines into the catalogues. Returns what could not be taken."""
    template = read_sources(ROOT)
    catalogs: dict[str, Catalog] = {}
    refused: list[str] = []
    for line in lines:
        if not line.strip():
            continue
        language, context, id_, *forms = (_text(field) for field in line.rstrip("\n").split("\t"))
        if language not in catalogs:
            catalogs[language] = merge(language, template, load(language))
        message = catalogs[language].get(id_, context or None)
        expected = catalogs[language].num_plurals if message and message.pluralizable else 1
        if message is None or len(forms) != expected:
            refused.append(f"{language}: {id_!r}: {'not in the sources' if message is None else f'{expected} forms'}")
        elif all(forms):
            message.string = tuple(forms) if message.pluralizable else forms[0]
            message.flags.discard("fuzzy")
    for language, catalog in catalogs.items():
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        path_of(language).write_bytes(written(catalog))
    return refused


def stats() -> None:
    template = read_sources(ROOT)
    print(f"{len(template)} messages")
    for language in languages():
        print(f"{language}: {len(template) - sum(1 for _ in waiting(language, template))} translated")


def main(arguments: Sequence[str]) -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["extract", "update", "check", "todo", "apply", "stats"])
    parser.add_argument("names", nargs="*", help="languages; for extract and apply, a file")
    chosen = parser.parse_args(arguments)
    faults: list[str] = []
    match chosen.command:
        case "extract":
            path = Path(chosen.names[0]) if chosen.names else TEMPLATE
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written(read_sources(ROOT)))
        case "update":
            update(chosen.names)
        case "check":
            faults = check()
        case "todo":
            todo(chosen.names)
        case "apply":
            with Path(chosen.names[0]).open(encoding="utf-8") as lines:
                faults = apply(lines)
        case _:
            stats()
    if faults:
        print(*faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
