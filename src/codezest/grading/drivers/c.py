"""What reads and writes JSON is put below the learner's source, with a call made from the function's signature.

Conventions: an array is a pointer followed by its length (`const int *values, size_t count`), rows are followed by their count
and by the length of each (`int **rows, size_t count, const size_t *lengths`). A function that returns an array takes a
pointer as its last parameter where it leaves the length (`size_t *length`); one that returns rows takes two, the last for
the lengths of the rows (`size_t **lengths`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from codezest.grading.drivers.driver import UncallableError
from codezest.grading.drivers.own_source import own_source
from codezest.grading.drivers.tokens import Token, closing, spelled, split_at_commas, tokenise

_KINDS: dict[str, str] = {
    **dict.fromkeys(("float", "double", "long double"), "floating"),
    **dict.fromkeys(("bool", "_Bool"), "bool"),
    **dict.fromkeys(("short", "int", "long", "long long", "signed char", "ssize_t", "ptrdiff_t"), "signed"),
    **dict.fromkeys(("unsigned short", "unsigned int", "unsigned long", "unsigned long long"), "unsigned"),
    **dict.fromkeys(("unsigned char", "size_t"), "unsigned"),
    **{f"int{bits}_t": "signed" for bits in (8, 16, 32, 64)},
    **{f"uint{bits}_t": "unsigned" for bits in (8, 16, 32, 64)},
    "char": "char",
    "void": "void",
}
_WORDS = {word for name in _KINDS for word in name.split()} | {"signed", "unsigned"}
_MODIFIERS = {"const", "volatile", "restrict", "register", "static", "inline", "extern", "__restrict", "_Noreturn"}
_SUPPORTED = "whole numbers, float, double, bool, char, char *, and arrays of these with their length: const int *values, size_t count"
_RENAMED_MAIN = "codezest_main_of_the_learner"


@dataclass(frozen=True, slots=True)
class _Parameter:
    base: str
    stars: int
    """Pointers beyond those that make a text of char."""
    kind: str
    """What reads and writes an element: signed, unsigned, floating, bool, char, text, void."""
    spelling: str

    @property
    def element(self) -> str:
        return "char *" if self.kind == "text" else self.base

    @property
    def counts(self) -> bool:
        return self.stars == 0 and self.kind in {"signed", "unsigned"}

    @property
    def points_to_count(self) -> bool:
        return self.stars == 1 and self.kind in {"signed", "unsigned"}


def drive_c(sources: Mapping[str, str], entry: str, function: str, /) -> tuple[Mapping[str, str], str]:
    """A main function of the learner's is renamed, and never called."""
    source = sources[entry]
    tokens = tokenise(source, "c")
    if tokens is None:
        return sources, entry
    name = _definition(tokens, function)
    if name is None:
        raise UncallableError(f"Your program defines no function named {function}.")
    before = [token for token in tokens[_start(tokens, name) : name] if token.text not in _MODIFIERS]
    returned = _parameter(before, function, "what it returns")
    inner = tokens[name + 2 : closing(tokens, name + 1)]
    parts = [] if [token.text for token in inner] == ["void"] else split_at_commas(inner)
    parameters = [_parameter(part, function, f"its parameter {place}") for place, part in enumerate(parts, 1)]
    calling = "\n".join(f"    {line}" for line in _calling(function, parameters, returned))
    main = _definition(tokens, "main")
    if main is not None:
        start = tokens[main].start
        source = source[:start] + _RENAMED_MAIN + source[start + len("main") :]
    return {**sources, entry: f"{source}\n{own_source('call.c')}int main(void) {{\n{calling}\n}}\n"}, entry


def _definition(tokens: list[Token], function: str) -> int | None:
    """Index of the name where the function is defined."""
    for index, token in enumerate(tokens[:-1]):
        if token.text == function and token.depth == 0 and tokens[index + 1].text == "(":
            after = closing(tokens, index + 1) + 1
            if after < len(tokens) and tokens[after].text == "{":
                return index
    return None


def _start(tokens: list[Token], name: int) -> int:
    """Index of the first token of a declaration."""
    start = name
    while start > 0 and tokens[start - 1].text not in {";", "}"}:
        start -= 1
    return start


def _parameter(tokens: list[Token], function: str, what: str) -> _Parameter:
    texts = [token.text for token in tokens if token.text not in _MODIFIERS]
    words = [text for text in texts if text in _WORDS]
    names = [text for text in texts if text.isidentifier() and text not in _WORDS]
    stars = texts.count("*") + texts.count("[")
    base = _base(words)
    kind = _KINDS.get(base)
    deepest = 3 if kind == "char" else 2
    brackets = "".join(texts).partition("[")[2]
    odd = len(names) > 1 or not words or "(" in texts or "[" in brackets or stars > deepest
    if kind is None or odd or (kind == "void" and (stars or what != "what it returns")):
        raise UncallableError(
            f"{function} cannot be called: {what} is of the type `{spelled(tokens)}`. These can be passed: {_SUPPORTED}."
        )
    if kind == "char" and stars:
        return _Parameter(base, stars - 1, "text", spelled(tokens))
    return _Parameter(base, stars, kind, spelled(tokens))


def _base(words: list[str]) -> str:
    """One spelling for each type: `long unsigned int` is `unsigned long`."""
    sizes = [word for word in words if word in {"short", "long"}]
    sign = "unsigned" in words
    if "char" in words and ("signed" in words or sign):
        return "unsigned char" if sign else "signed char"
    if sizes and "double" not in words:
        return " ".join(["unsigned"] * sign + sizes)
    if sign or words == ["signed"]:
        return "unsigned int" if sign else "int"
    return " ".join(word for word in words if word != "signed")


def _calling(function: str, parameters: list[_Parameter], returned: _Parameter) -> Iterator[str]:
    yield "codezest_begin();"
    outgoing = returned.stars
    given = parameters[: len(parameters) - outgoing]
    taken = parameters[len(given) :]
    _check_outgoing(function, taken, returned)
    arguments: list[str] = []
    position = 0
    while len(arguments) < len(given):
        position += 1
        place = len(arguments)
        yield f"codezest_argument({position});"
        lines, names = _reading(function, given[place:], place)
        yield from lines
        arguments += names
    yield "codezest_end_arguments();"
    if outgoing:
        yield from _returning_array(function, arguments, taken, returned)
    elif returned.kind == "void":
        yield f"{function}({', '.join(arguments)});"
        yield 'codezest_say_all("null");'
    else:
        yield f"{'const ' * (returned.kind == 'text')}{returned.element} returned_ = {function}({', '.join(arguments)});"
        yield f"codezest_write_{returned.kind}(&returned_, sizeof returned_);"
    yield "codezest_hand_over();"


def _reading(function: str, given: list[_Parameter], place: int) -> tuple[list[str], list[str]]:
    """How the first of the parameters left is read, with those that tell its length; and what is passed for them."""
    first = given[0]
    name, count, lengths = f"given{place}_", f"count{place}_", f"lengths{place}_"
    element, reader = first.element, f"codezest_read_{first.kind}"
    if first.stars == 0:
        return [f"{element} {name};", f"{reader}(&{name}, sizeof {name});"], [name]
    if len(given) <= first.stars or not given[1].counts or (first.stars > 1 and not given[2].points_to_count):
        wanted = "length, such as `size_t count`"
        if first.stars > 1:
            wanted = "count of rows and length of each, such as `size_t count, const size_t *lengths`"
        raise UncallableError(f"{function} cannot be called: behind `{first.spelling}` is no {wanted}.")
    passed = f"({given[1].base}){count}"
    if first.stars == 1:
        read = f"void *{name} = codezest_read_array(&{count}, sizeof({element}), {reader});"
        return [f"unsigned long {count};", read], [name, passed]
    size = f"sizeof({given[2].base})"
    lines = [
        f"unsigned long {count};",
        f"void *{lengths};",
        f"void *{name} = codezest_read_rows(&{count}, &{lengths}, {size}, sizeof({element}), {reader});",
    ]
    return lines, [name, passed, lengths]


def _check_outgoing(function: str, taken: list[_Parameter], returned: _Parameter) -> None:
    if returned.stars == 0:
        return
    fits = len(taken) == returned.stars and taken[0].points_to_count
    if returned.stars > 1:
        fits = fits and taken[1].stars > 1 and taken[1].kind in {"signed", "unsigned"}
    if not fits:
        wanted = "`size_t *length`" if returned.stars == 1 else "`size_t *count, size_t **lengths`"
        raise UncallableError(
            f"{function} cannot be called: it returns an array, and has no {wanted} as its last parameter to tell how long."
        )


def _returning_array(
    function: str, arguments: list[str], taken: list[_Parameter], returned: _Parameter
) -> Iterator[str]:
    yield f"{taken[0].base} count_ = 0;"
    size, writer = f"sizeof({returned.element})", f"codezest_write_{returned.kind}"
    if returned.stars == 1:
        yield f"const void *returned_ = {function}({', '.join([*arguments, '&count_'])});"
        yield f"codezest_write_array(returned_, (unsigned long)count_, {size}, {writer});"
        return
    yield f"{taken[1].base} *lengths_ = 0;"
    yield f"const void *returned_ = {function}({', '.join([*arguments, '&count_', '&lengths_'])});"
    yield f"codezest_write_rows(returned_, (unsigned long)count_, lengths_, sizeof *lengths_, {size}, {writer});"
