"""What gave a verdict, as text and back: nothing is lost, and equal specifications have one name."""

import dataclasses
import json
import types
import typing
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codezest.grading import GradingLimits, GradingSpec, TestSpec
from codezest.grading.canonical import NotCanonicalError, fingerprint, from_canonical, sha256_of, to_canonical
from codezest_db.enums import CheckerKind

TEXTS = st.text(max_size=12)
NAMES = st.from_regex(r"[a-z]{1,6}(\.[a-z]{1,3})?", fullmatch=True)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def any_of(declared: Any) -> st.SearchStrategy[Any]:
    """Values of a declared type, whatever the fields of the specification are at the time."""
    origin, arguments = typing.get_origin(declared), typing.get_args(declared)
    if origin in {typing.Union, types.UnionType}:
        return st.one_of(
            *(st.none() if option is types.NoneType else any_of(option) for option in typing.get_args(declared))
        )
    if dataclasses.is_dataclass(declared):
        return models(typing.cast("type[Any]", declared))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return st.dictionaries(NAMES, any_of(arguments[1]), min_size=1, max_size=3)
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return st.lists(any_of(arguments[0]), max_size=3).map(tuple)
    if isinstance(declared, type) and issubclass(declared, Enum):
        return st.sampled_from(declared)
    scalars: dict[Any, st.SearchStrategy[Any]] = {
        str: TEXTS,
        bool: st.booleans(),
        int: st.integers(min_value=0, max_value=1 << 62),
        float: st.floats(min_value=0.001, max_value=1e6),
        Any: JSON,
    }
    return scalars[declared]


def models(model: type[Any]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(model)
    # Some classes refuse combinations of their fields; a field that is left out holds its default.
    return st.fixed_dictionaries(
        {field.name: any_of(hints[field.name]) for field in dataclasses.fields(model) if not _has_default(field)},
        optional={field.name: any_of(hints[field.name]) for field in dataclasses.fields(model) if _has_default(field)},
    ).flatmap(lambda values: _made(model, values))


def _has_default(field: dataclasses.Field[Any]) -> bool:
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING


def _made(model: type[Any], values: dict[str, Any]) -> st.SearchStrategy[Any]:
    try:
        return st.just(model(**values))
    except ValueError:
        return st.nothing()


@settings(max_examples=150, deadline=None)
@given(spec=any_of(GradingSpec))
def test_nothing_is_lost_on_the_way_there_and_back(spec: GradingSpec) -> None:
    text = to_canonical(spec)
    assert from_canonical(text) == spec
    assert to_canonical(from_canonical(text)) == text
    assert text.isascii()
    assert fingerprint(spec).spec == sha256_of(text) == fingerprint(spec, text).spec


PLAIN = GradingSpec(language="python", tests=(TestSpec(name="one", expected="1"),))


def spec_of(**fields: Any) -> GradingSpec:
    return dataclasses.replace(PLAIN, **fields)


def test_equal_specifications_have_one_name() -> None:
    options = {"absolute": 1e-6, "relative": 0.5}
    one = spec_of(
        limits=GradingLimits(cpu_seconds=2.0), tests=(TestSpec(name="a", checker_options=options, stdin="é\ud800"),)
    )
    other = spec_of(
        limits=GradingLimits(cpu_seconds=2),
        tests=(TestSpec(name="a", checker_options=dict(reversed(options.items())), stdin="é\ud800"),),
    )
    assert one == other
    assert to_canonical(one) == to_canonical(other)


def test_the_name_is_the_same_in_every_release() -> None:
    """What is kept in databases must be found again: this text may grow, but not change."""
    text = to_canonical(spec_of())
    assert json.loads(text).items() >= {"language": "python", "max_score": 100}.items()
    assert json.loads(text)["tests"] == [
        {"checker": "EXACT", "expected": "1", "name": "one", "points": 1, "visible": True}
    ]
    assert from_canonical('{"language":"python","tests":[{"name":"one","expected":"1"}]}') == spec_of()


def test_the_order_of_files_is_kept_since_the_first_may_be_the_entry() -> None:
    test = TestSpec(name="a", files={"z.txt": "1", "a.txt": "2"})
    kept = from_canonical(to_canonical(spec_of(tests=(test,))))
    assert list(kept.tests[0].files) == ["z.txt", "a.txt"]


def test_parts_are_told_apart() -> None:
    plain = fingerprint(spec_of())
    other_tests = fingerprint(spec_of(tests=(TestSpec(name="one", expected="2"),)))
    other_limits = fingerprint(spec_of(limits=GradingLimits(cpu_seconds=1)))
    other_language = fingerprint(dataclasses.replace(spec_of(), language="c"))
    assert len({plain.spec, other_tests.spec, other_limits.spec, other_language.spec}) == 4
    assert plain.tests == other_limits.tests == other_language.tests != other_tests.tests
    assert plain.harness == other_limits.harness == other_tests.harness != other_language.harness


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "{}",
        '{"language":"python","tests":[],"surprise":1}',
        '{"language":"python","tests":[{"name":"a","checker":"GUESS"}]}',
        '{"language":"python","tests":[{"name":"a","points":-1}]}',
        '{"language":"python","tests":7}',
    ],
)
def test_what_stands_for_no_specification_is_refused(text: str) -> None:
    with pytest.raises(NotCanonicalError):
        from_canonical(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()], ids=["nan", "inf", "object"])
def test_what_json_cannot_carry_is_refused(value: object) -> None:
    test = TestSpec(name="a", checker=CheckerKind.FLOAT, checker_options={"absolute": value})
    with pytest.raises(NotCanonicalError):
        to_canonical(spec_of(tests=(test,)))
