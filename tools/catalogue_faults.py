"""What is wrong with a catalogue: measured against the sources, the language's plurals, and what a message must hold."""

import re
from collections import Counter
from collections.abc import Iterator
from gettext import c2py

from babel import Locale
from babel.messages.catalog import Catalog, Message

HELD = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}|</?\w+[^<>]*>")
"""Placeholders of both kinds, and markup."""
COUNTS = (*range(201), 1000, 1001)
"""Numbers that tell the plural forms of every language apart."""


def faults_of(catalog: Catalog, template: Catalog) -> Iterator[str]:
    """Each fault in words, with the message it is in."""
    yield from _rule_faults(catalog)
    known = {(message.context, _singular(message)): message for message in catalog if message.id}
    wanted = {(message.context, _singular(message)): message for message in template if message.id}
    for key, message in wanted.items():
        if key not in known:
            yield f"is missing: {_named(message)}"
        else:
            yield from _message_faults(known[key], message, catalog.num_plurals)
    for key in known.keys() - wanted.keys():
        yield f"stands in no source any more: {_named(known[key])}"
    for message in catalog.obsolete.values():
        yield f"is kept though obsolete: {_named(message)}"


def _singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (list, tuple)) else message.id


def _named(message: Message) -> str:
    return repr(_singular(message)) + (f" ({message.context})" if message.context else "")


def _message_faults(found: Message, source: Message, forms: int) -> Iterator[str]:
    name = _named(source)
    if found.id != source.id:
        yield f"has another plural than the source: {name}"
        return
    said = [*found.string] if isinstance(found.string, (list, tuple)) else [found.string or ""]
    if not all(said):
        yield f"is not translated: {name}"
        return
    if found.fuzzy:
        yield f"is fuzzy: {name}"
    if source.pluralizable and len(said) != forms:
        yield f"has {len(said)} forms instead of {forms}: {name}"
    originals = list(source.id) if isinstance(source.id, (list, tuple)) else [source.id]
    allowed = [_held(original) for original in originals]
    for text in said:
        if _held(text) not in allowed:
            yield f"has other placeholders or markup than the source: {name}: {text!r}"
        if _edges(text) != _edges(originals[0]):
            yield f"begins or ends with other space than the source: {name}: {text!r}"


def _held(text: str) -> Counter[str]:
    return Counter(HELD.findall(text))


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _rule_faults(catalog: Catalog) -> Iterator[str]:
    """The rule of the header puts together and keeps apart the same numbers as the language does (CLDR)."""
    locale = catalog.locale
    if not isinstance(locale, Locale):
        yield "names no language that is known"
        return
    form = c2py(catalog.plural_expr)
    pairs = {(form(number), str(locale.plural_form(number))) for number in COUNTS}
    if len(pairs) != len({form for form, _ in pairs}) or len(pairs) != len({kind for _, kind in pairs}):
        yield f"has a plural rule that the language does not follow: {catalog.plural_expr}"
    elif {form for form, _ in pairs} - set(range(catalog.num_plurals)):
        yield f"has a plural rule for more than {catalog.num_plurals} forms: {catalog.plural_expr}"
