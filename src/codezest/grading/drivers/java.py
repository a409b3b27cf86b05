"""A class beside the learner's calls `Solution.name(…)`, static or not, with arguments read as the signature says.

No reflection: what this class names stands on the allow list of programs whose cases share a machine, so that it depends on
the learner's own classes alone whether they may.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from codezest.grading.drivers.driver import UncallableError
from codezest.grading.drivers.own_source import own_source
from codezest.grading.drivers.tokens import Token, closing, spelled, split_at_commas, tokenise

_NAME = "CodezestCall.java"
_PREFERRED = "Solution"
_BOUNDARIES = {"{", "}", ";"}
_MOST_MODIFIERS = 200
"""Tokens of a declaration that stand before its name."""
_DEEPEST = 12
"""Of types in types, and of arrays."""
_DECLARATIONS = {"class", "record", "interface", "enum"}
_PRIMITIVES = {
    "boolean": "in.truth()",
    "byte": "(byte) in.whole(Byte.MIN_VALUE, Byte.MAX_VALUE)",
    "char": "in.character()",
    "double": "in.floating()",
    "float": "(float) in.floating()",
    "int": "(int) in.whole(Integer.MIN_VALUE, Integer.MAX_VALUE)",
    "long": "in.whole(Long.MIN_VALUE, Long.MAX_VALUE)",
    "short": "(short) in.whole(Short.MIN_VALUE, Short.MAX_VALUE)",
}
_BOXES = {
    "Boolean": "boolean",
    "Byte": "byte",
    "Character": "char",
    "Double": "double",
    "Float": "float",
    "Integer": "int",
    "Long": "long",
    "Short": "short",
}
_TEXTS = {"String", "CharSequence"}
_COLLECTIONS = {
    **dict.fromkeys(("ArrayList", "List", "Collection", "Iterable"), "ArrayList"),
    **dict.fromkeys(("Set", "HashSet", "LinkedHashSet"), "LinkedHashSet"),
    **dict.fromkeys(("SortedSet", "NavigableSet", "TreeSet"), "TreeSet"),
    **dict.fromkeys(("Queue", "Deque", "ArrayDeque"), "ArrayDeque"),
    "LinkedList": "LinkedList",
    "PriorityQueue": "PriorityQueue",
    "Stack": "Stack",
    "Vector": "Vector",
}
_MAPS = {
    **dict.fromkeys(("Map", "HashMap", "LinkedHashMap"), "LinkedHashMap"),
    **dict.fromkeys(("SortedMap", "NavigableMap", "TreeMap"), "TreeMap"),
}
_SUPPORTED = "int, long, double, boolean, char and their classes, String, List, Set, Map, Optional, and arrays of these"


@dataclass(frozen=True, slots=True)
class _Type:
    name: str
    """Without its package."""
    inner: tuple["_Type", ...] = ()
    dimensions: int = 0

    def __str__(self) -> str:
        """As it is written in a file that imports nothing."""
        place = "java.util." if self.name in _COLLECTIONS or self.name in _MAPS or self.name == "Optional" else ""
        place = {"Iterable": "", "BigInteger": "java.math.", "BigDecimal": "java.math."}.get(self.name, place)
        inner = f"<{', '.join(map(str, self.inner))}>" if self.inner else ""
        return f"{place}{self.name}{inner}{'[]' * self.dimensions}"

    @property
    def item(self) -> "_Type":
        """Of an array."""
        return _Type(self.name, self.inner, self.dimensions - 1)


@dataclass(frozen=True, slots=True)
class _Method:
    owner: str
    file: str
    package: str
    modifiers: frozenset[str]
    returned: str
    parameters: Sequence[Sequence[Token]]


@dataclass(slots=True)
class _Readers:
    """Static methods, one for each type that is read."""

    function: str
    names: dict[_Type, str] = field(default_factory=dict["_Type", str])
    texts: list[str] = field(default_factory=list[str])

    def call(self, wanted: _Type, spelling: str) -> str:
        """An expression that reads one. Raises UncallableError when none does."""
        if wanted not in self.names:
            self.names[wanted] = f"read{len(self.names)}"
            name, body = self.names[wanted], self._body(wanted, spelling)
            lines = "".join(f"        {line}\n" for line in body)
            self.texts.append(
                '    @SuppressWarnings("unchecked")\n'
                f"    static {wanted} {name}(CodezestReader in) throws CodezestFailure {{\n{lines}    }}\n"
            )
        return f"{self.names[wanted]}(in)"

    def _body(self, wanted: _Type, spelling: str) -> list[str]:
        arity = {**dict.fromkeys(_COLLECTIONS, 1), **dict.fromkeys(_MAPS, 2), "Optional": 1}.get(wanted.name, 0)
        known = (*_PRIMITIVES, *_BOXES, *_TEXTS, *_COLLECTIONS, *_MAPS, "Optional", "BigInteger", "BigDecimal")
        if wanted.name not in known or len(wanted.inner) != arity or any(_is_primitive(one) for one in wanted.inner):
            raise UncallableError(
                f"{self.function} cannot be called: its parameter `{spelling}` is of another type than can be passed."
                f" These can: {_SUPPORTED}."
            )
        if wanted.dimensions:
            return self._array(wanted, spelling)
        if wanted.name in _PRIMITIVES:
            return [f"return {_PRIMITIVES[wanted.name]};"]
        empty = "java.util.Optional.empty()" if wanted.name == "Optional" else "null"
        return [f"if (in.isNull()) return {empty};", *self._object(wanted, spelling)]

    def _object(self, wanted: _Type, spelling: str) -> list[str]:
        if wanted.name in _BOXES:
            return [f"return {_PRIMITIVES[_BOXES[wanted.name]]};"]
        if wanted.name in _COLLECTIONS:
            return [
                f"java.util.{_COLLECTIONS[wanted.name]}<{wanted.inner[0]}> items = new java.util.{_COLLECTIONS[wanted.name]}<>();",
                f"for (in.expect('['); in.more(']');) items.add({self.call(wanted.inner[0], spelling)});",
                "return items;",
            ]
        if wanted.name in _MAPS:
            key, value = wanted.inner
            made = f"java.util.{_MAPS[wanted.name]}"
            read_key = "in.text()"
            rest = "in.expect(':');"
            if key.name not in _TEXTS:
                read_key, rest = self.call(key, spelling).replace("(in)", "(in.key())"), ""
            return [
                f"{made}<{key}, {value}> items = new {made}<>();",
                "for (in.expect('{'); in.more('}');) {",
                f"    {key} key = {read_key};",
                f"    {rest}".rstrip(),
                f"    items.put(key, {self.call(value, spelling)});",
                "}",
                "return items;",
            ]
        simple = {
            "Optional": f"java.util.Optional.of({self.call(wanted.inner[0], spelling) if wanted.inner else ''})",
            "BigInteger": "in.big()",
            "BigDecimal": "new java.math.BigDecimal(in.big())",
        }
        return [f"return {simple.get(wanted.name, 'in.text()')};"]

    def _array(self, wanted: _Type, spelling: str) -> list[str]:
        raw = str(_Type(wanted.name)) + "[8]" + "[]" * (wanted.dimensions - 1)
        return [
            f"{wanted} items = ({wanted}) new {raw};",
            "int count = 0;",
            "for (in.expect('['); in.more(']');) {",
            "    if (count == items.length) items = java.util.Arrays.copyOf(items, 2 * count);",
            f"    items[count++] = {self.call(wanted.item, spelling)};",
            "}",
            "return java.util.Arrays.copyOf(items, count);",
        ]


def _is_primitive(one: _Type) -> bool:
    return one.name in _PRIMITIVES and not one.dimensions


def drive_java(sources: Mapping[str, str], entry: str, function: str, /) -> tuple[Mapping[str, str], str]:
    """A main method of the learner's is never called."""
    methods: list[_Method] = []
    for file, source in sources.items():
        if file.endswith(".java"):
            tokens = tokenise(source, "java")
            if tokens is None:
                return sources, entry
            methods += _methods(tokens, file, function)
    methods.sort(key=lambda one: (one.owner != _PREFERRED, one.file != entry, "public" not in one.modifiers))
    if not methods:
        raise UncallableError(
            f"Your program has no method named {function}: write it in a class `{_PREFERRED}`, as `public static … {function}(…)`."
        )
    method = methods[0]
    if "private" in method.modifiers:
        raise UncallableError(f"{function} is private, so it cannot be called: make it public.")
    readers = _Readers(function)
    lines: list[str] = []
    for place, parameter in enumerate(method.parameters):
        wanted = _type_of_parameter(parameter, function)
        lines += ["in.argument();", f"{wanted} given{place} = {readers.call(wanted, spelled(parameter))};"]
    given = ", ".join(f"given{place}" for place in range(len(method.parameters)))
    receiver = method.owner if "static" in method.modifiers else f"new {method.owner}()"
    called = f"{receiver}.{function}({given})"
    lines += [
        "in.end();",
        *([f"{called};", "out.write(null);"] if method.returned == "void" else [f"out.write({called});"]),
    ]
    calling = "\n".join(f"        {line}" for line in lines)
    text = own_source(_NAME).replace("%READERS%", "\n".join(readers.texts)).replace("%CALLING%", calling)
    package = f"package {method.package}; " if method.package else ""
    return {**sources, _NAME: package + text}, _NAME


def _methods(tokens: list[Token], file: str, function: str) -> Iterator[_Method]:
    """Those of the name in classes that stand in no other."""
    package = ""
    if tokens and tokens[0].text == "package":
        package = "".join(takewhile(lambda text: text != ";", (token.text for token in tokens[1:])))
    declared = -1
    for index, token in enumerate(tokens):
        if token.depth != 0:
            continue
        if token.text in _DECLARATIONS and declared < 0:
            declared = index
        elif token.text == "{" and declared >= 0:
            body = tokens[index : closing(tokens, index)]
            yield from _methods_of(body, tokens[declared + 1].text, file, package, function)
        if token.text in _BOUNDARIES:
            declared = -1


def _methods_of(body: list[Token], owner: str, file: str, package: str, function: str) -> Iterator[_Method]:
    start = 0
    for index, token in enumerate(body[:-1]):
        if token.depth > 1 or (token.depth == 1 and token.text in _BOUNDARIES):
            start = index + 1
        if token.depth != 1 or token.text != function or body[index + 1].text != "(":
            continue
        end = closing(body, index + 1)
        after = body[end + 1].text if end + 1 < len(body) else ""
        before = [one.text for one in body[max(start, index - _MOST_MODIFIERS) : index]]
        if after in {"{", "throws"} and before and not {"=", "new", "."} & set(before[-1:]) and "=" not in before:
            inner = split_at_commas(body[index + 2 : end])
            yield _Method(owner, file, package, frozenset(before), before[-1], inner)


def _type_of_parameter(tokens: Sequence[Token], function: str) -> _Type:
    texts: list[str] = []
    skip_to = 0
    for index, token in enumerate(tokens):
        if index < skip_to or token.text == "final":
            continue
        if token.text == "@":
            skip_to = index + 2
            if skip_to < len(tokens) and tokens[skip_to].text == "(":
                skip_to = closing(tokens, skip_to) + 1
            continue
        texts.append(token.text)
    dimensions = 0
    while texts[-1:] == ["]"] and len(texts) > 2:  # `int values[]`
        dimensions += 1
        del texts[-2:]
    parsed = _parse(texts[:-1], 0) if texts else None
    if parsed is None or parsed[1] != len(texts) - 1 or parsed[0].dimensions + dimensions > _DEEPEST:
        raise UncallableError(f"{function} cannot be called: its parameter `{spelled(tokens)}` cannot be understood.")
    found = parsed[0]
    return _Type(found.name, found.inner, found.dimensions + dimensions)


def _parse(texts: Sequence[str], at: int, depth: int = 0) -> tuple[_Type, int] | None:
    """The type that begins there and where it ends; None if none does."""
    if texts[at : at + 2] in (["?", "extends"], ["?", "super"]):
        at += 2
    while texts[at + 1 : at + 2] == ["."]:
        at += 2
    if depth > _DEEPEST or at >= len(texts) or not texts[at].isidentifier():
        return None
    name, inner = texts[at], list[_Type]()
    at += 1
    if texts[at : at + 1] == ["<"]:
        while texts[at] in {"<", ","}:
            parsed = _parse(texts, at + 1, depth + 1)
            if parsed is None or parsed[1] >= len(texts):
                return None
            inner.append(parsed[0])
            at = parsed[1]
        at += 1
    dimensions = 0
    while texts[at : at + 2] == ["[", "]"] or texts[at : at + 1] == ["..."]:
        at += 1 if texts[at] == "..." else 2
        dimensions += 1
    return _Type(name, tuple(inner), dimensions), at
