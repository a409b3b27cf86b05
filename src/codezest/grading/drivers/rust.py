"""What reads and writes JSON is a module of the learner's crate, and a main function below the learner's source calls.

The compiler finds how a type is read and written. What the signature borrows is made here: `&str` from a String, `&[T]` from
a Vec.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from codezest.grading.drivers.driver import UncallableError
from codezest.grading.drivers.own_source import own_source
from codezest.grading.drivers.tokens import Token, closing, spelled, split_at_commas, tokenise

_MODULE = "codezest_call"
_RENAMED_MAIN = "codezest_main_of_the_learner"
_PREFERRED = "Solution"
_MOST_ELEMENTS = 4
"""Of a tuple."""
_DEEPEST = 12
"""References and types in types, of one parameter."""
_SUPPORTED = (
    "i8 to i64, u8 to u64, isize, usize, f32, f64, bool, char, String, &str, Vec, slices, arrays, Option, tuples of up to four,"
    " HashMap, BTreeMap, HashSet, BTreeSet and VecDeque"
)


@dataclass(frozen=True, slots=True)
class _Argument:
    owned: str
    """The type that is read."""
    passed: str
    """An expression of what is passed on, from `{}` of that type."""


@dataclass(frozen=True, slots=True)
class _Definition:
    name: int
    """Index of its token."""
    called: str
    """What stands before the arguments."""


def drive_rust(sources: Mapping[str, str], entry: str, function: str, /) -> tuple[Mapping[str, str], str]:
    """A main function of the learner's is renamed, and never called."""
    source = sources[entry]
    tokens = tokenise(source, "rust")
    if tokens is None:
        return sources, entry
    definition = _find(tokens, function)
    if definition is None:
        raise UncallableError(f"Your program defines no function named {function}: write `pub fn {function}(…)`.")
    opening = _opening(tokens, definition.name + 1, function)
    if opening is None:
        return sources, entry
    inner = split_at_commas(tokens[opening + 1 : closing(tokens, opening)])
    called = definition.called
    if inner and "self" in {token.text for token in inner[0]}:
        called, inner = f"{_instance(tokens)}.{function}", inner[1:]
    _check_returned(tokens, closing(tokens, opening), function)
    structs = _own_types(tokens)
    lines: list[str] = []
    given: list[str] = []
    for place, parameter in enumerate(inner):
        argument = _argument(parameter, function, structs)
        lines.append(f"let mut codezest_given{place}: {argument.owned} = codezest_input.argument();")
        given.append(argument.passed.format(f"codezest_given{place}"))
    lines += ["codezest_input.end();", f"{_MODULE}::hand_over({called}({', '.join(given)}));"]
    main = _free(tokens, "main")
    edits = {token.start: ("forbid", "deny  ") for token in tokens if token.text == "forbid" and token.depth == 0}
    if main is not None:
        edits[tokens[main].start] = ("main", _RENAMED_MAIN)
        lines.append(f"if false {{ let _ = {_RENAMED_MAIN}(); }}")
    lacking = definition.called != function and _PREFERRED not in structs
    source_end = f"struct {_PREFERRED};\n" if lacking else ""
    body = "".join(f"    {line}\n" for line in lines)
    below = (
        f"\n{source_end}mod {_MODULE};\n#[allow(warnings)]\nfn main() {{\n"
        f"    let mut codezest_input = {_MODULE}::Input::open();\n{body}}}\n"
    )
    return {**sources, entry: _edited(source, edits) + below, f"{_MODULE}.rs": own_source("call.rs")}, entry


def _opening(tokens: list[Token], after: int, function: str) -> int | None:
    """Index of the bracket before the parameters. None: it is no definition that compiles."""
    end = after
    while end < len(tokens) and tokens[end].text != "(":
        if not tokens[end].text.startswith(("'", "<", ">", ",", ":")):
            raise UncallableError(f"{function} cannot be called: it is generic. Name the types of its parameters.")
        end += 1
    return end if end < len(tokens) else None


def _find(tokens: list[Token], function: str) -> _Definition | None:
    free = _free(tokens, function)
    if free is not None:
        return _Definition(free, function)
    texts = [token.text for token in tokens]
    for index, token in enumerate(tokens):
        if token.text != "impl" or token.depth != 0 or texts[index : index + 3] != ["impl", _PREFERRED, "{"]:
            continue
        for at in range(index + 3, closing(tokens, index + 2)):
            if tokens[at].depth == 1 and texts[at - 1 : at + 1] == ["fn", function]:
                return _Definition(at, f"{_PREFERRED}::{function}")
    return None


def _free(tokens: list[Token], function: str) -> int | None:
    """Index of the name of a function that stands in nothing else."""
    for index, token in enumerate(tokens):
        if index > 0 and token.depth == 0 and token.text == function and tokens[index - 1].text == "fn":
            return index
    return None


def _instance(tokens: list[Token]) -> str:
    """Of Solution, for a method that takes self."""
    texts = [token.text for token in tokens]
    for name in ("new", "default"):
        if any(texts[index : index + 3] == ["fn", name, "("] for index in range(len(texts))):
            return f"{_PREFERRED}::{name}()"
    return f"{_PREFERRED}::default()" if "Default" in texts else f"({_PREFERRED} {{}})"


def _own_types(tokens: list[Token]) -> set[str]:
    """Names of the learner's structs and enumerations."""
    return {
        tokens[index + 1].text
        for index, token in enumerate(tokens[:-1])
        if token.text in {"struct", "enum", "union", "trait"}
    }


def _check_returned(tokens: list[Token], end: int, function: str) -> None:
    returned: list[Token] = []
    if [token.text for token in tokens[end + 1 : end + 2]] == ["->"]:
        at = end + 2
        while at < len(tokens) and tokens[at].text not in {"{", "where"}:
            returned.append(tokens[at])
            at += 1
    odd = {token.text for token in returned} & (_own_types(tokens) | {"impl", "dyn", "fn"})
    if odd:
        raise UncallableError(
            f"{function} cannot be called: it returns `{spelled(returned)}`. These can be compared: {_SUPPORTED}."
        )


def _argument(tokens: list[Token], function: str, structs: set[str]) -> _Argument:
    texts = [token.text for token in tokens]
    colon = texts.index(":") if ":" in texts else len(texts)
    kind = [text for text in texts[colon + 1 :] if not text.startswith("'")]
    refused = set(kind) & (structs | {"impl", "dyn", "fn", "*"}) or kind.count("&") + kind.count("<") > _DEEPEST
    argument = None if refused else _taken(kind)
    if argument is None:
        raise UncallableError(
            f"{function} cannot be called: its parameter `{spelled(tokens)}` is of another type than can be passed."
            f" These can: {_SUPPORTED}."
        )
    return argument


def _taken(kind: list[str]) -> _Argument | None:
    """How a value of the type comes about; None if it cannot."""
    if kind[:1] == ["&"]:
        return _borrowed(kind[1:])
    if "&" not in kind:
        return _Argument(" ".join(kind), "{}") if kind and _fits(kind) else None
    if kind[:2] in (["Vec", "<"], ["Option", "<"]) and kind[-1] == ">":
        inner = _taken(kind[2:-1])
        if inner is not None:
            view = "iter_mut" if kind[0] == "Vec" else "as_mut"
            end = ".collect::<Vec<_>>()" if kind[0] == "Vec" else ""
            passed = inner.passed.format("(*one)").replace("{", "{{").replace("}", "}}")
            return _Argument(f"{kind[0]}<{inner.owned}>", f"{{}}.{view}().map(|one| {passed}){end}")
    return None


def _borrowed(kind: list[str]) -> _Argument | None:
    mutable = kind[:1] == ["mut"]
    kind = kind[mutable:]
    mark = "&mut " if mutable else "&"
    if kind == ["str"]:
        return _Argument("String", "{}.as_mut_str()" if mutable else "{}.as_str()")
    is_slice = kind[:1] == ["["] and ";" not in kind
    wanted = ["Vec", "<", *kind[1:-1], ">"] if is_slice else kind
    inner = _taken(wanted)
    if inner is None:
        return None
    if is_slice and "&" in kind:
        return _Argument(inner.owned, f"{mark}{inner.passed}[..]")
    return _Argument(inner.owned, f"{mark}{inner.passed}[..]" if is_slice else f"{mark}{inner.passed}")


def _fits(kind: list[str]) -> bool:
    """Whether no tuple of it is too long."""
    commas: list[int] = []
    for text in kind:
        if text in {"(", "[", "<"}:
            commas.append(0)
        elif text == "," and commas:
            commas[-1] += 1
        elif text in {")", "]", ">"} and commas and commas.pop() >= _MOST_ELEMENTS:
            return False
    return True


def _edited(source: str, edits: Mapping[int, tuple[str, str]]) -> str:
    """With words replaced at their places."""
    for start in sorted(edits, reverse=True):
        old, new = edits[start]
        source = source[:start] + new + source[start + len(old) :]
    return source
