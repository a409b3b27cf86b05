"""A grading specification as canonical JSON and back, so that what gave a verdict can be kept, named and used again.

Equal specifications give the same text on every machine: fields in alphabetical order, ASCII, no white space, numbers as
their fields declare them. What a field's type says is all that is known about it here, so that a new field needs nothing.
Fields that hold their default and are empty (None, (), {}, "", 0, False) are left out: a field added later, empty by
default, changes no name of what was kept before. The order within a typed mapping is kept, since it may mean something.
"""

import base64
import dataclasses
import enum
import functools
import hashlib
import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from codezest.grading.spec import GradingSpec


class NotCanonicalError(Exception):
    """A value that no canonical JSON stands for, or a text that no specification is made of; the message says where."""


def to_canonical(spec: GradingSpec) -> str:
    """The specification as text.

    Raises:
        NotCanonicalError: a value is of a type that JSON cannot carry, or not a finite number.
    """
    return _text(_codec(GradingSpec).encode(spec))


def from_canonical(text: str) -> GradingSpec:
    """The specification that a text stands for; fields that it does not name hold their defaults.

    Raises:
        NotCanonicalError: the text is no JSON, names an unknown field or holds something a field cannot.
    """
    try:
        return cast("GradingSpec", _codec(GradingSpec).decode(json.loads(text)))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotCanonicalError(str(error)) from error


def sha256_of(canonical: str) -> str:
    """The name of a specification: 64 hexadecimal digits."""
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Hashes of a specification and of its parts, so that two can be told apart by what differs. 64 hexadecimal digits."""

    spec: str
    tests: str
    harness: str
    """Everything but the tests, the limits, the points and the seed: language, checker, interactor, unit tests, rules, …"""


def fingerprint(spec: GradingSpec, canonical: str | None = None) -> Fingerprint:
    """The hashes of a specification; `canonical` is its text, when it is at hand."""
    encoded = _codec(GradingSpec).encode(spec)
    aside = {"tests", "limits", "max_score", "seed"}
    harness = {name: value for name, value in encoded.items() if name not in aside}
    return Fingerprint(
        spec=sha256_of(canonical or _text(encoded)),
        tests=sha256_of(_text(encoded.get("tests", []))),
        harness=sha256_of(_text(harness)),
    )


def _text(value: Any) -> str:
    try:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    except ValueError as error:
        raise NotCanonicalError(str(error)) from error


@dataclasses.dataclass(frozen=True, slots=True)
class _Codec:
    """How values of one declared type become JSON and come back."""

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:
    return value


def _plain_json(value: Any) -> Any:
    """A value whose type says nothing: JSON, the keys of its objects in order."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Mapping):
        items = sorted((str(key), item) for key, item in cast("Mapping[Any, Any]", value).items())
        return {key: _plain_json(item) for key, item in items}
    if isinstance(value, (list, tuple)):
        return [_plain_json(item) for item in cast("Sequence[Any]", value)]
    raise NotCanonicalError(f"{type(value).__name__} has no form in JSON")


@functools.cache
def _codec(declared: Any) -> _Codec:
    """The codec of a declared type; None passes through every one."""
    bare = _bare(declared)
    origin, arguments = typing.get_origin(bare), typing.get_args(bare)
    if dataclasses.is_dataclass(bare):
        made = _codec_of_model(cast("type[Any]", bare))
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        made = _codec_of_mapping(arguments[1])
    elif isinstance(origin, type) and issubclass(origin, Sequence):
        made = _codec_of_items(origin, arguments)
    elif isinstance(bare, type):
        made = _codec_of_scalar(bare)
    else:
        made = _Codec(_plain_json, _as_it_is)
    return _Codec(_unless_none(made.encode), _unless_none(made.decode))


def _unless_none(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


def _bare(declared: Any) -> Any:
    """What an optional type is when it is not None."""
    if typing.get_origin(declared) not in {typing.Union, types.UnionType}:
        return declared
    options = [option for option in typing.get_args(declared) if option is not types.NoneType]
    return options[0] if len(options) == 1 else declared


def _codec_of_scalar(declared: type[Any]) -> _Codec:
    if issubclass(declared, enum.Enum):
        return _Codec(lambda value: declared(value).value, declared)
    if declared is float:  # 2 and 2.0 are one limit
        return _Codec(float, float)
    if declared is bytes:
        return _Codec(lambda value: base64.b64encode(value).decode("ascii"), base64.b64decode)
    return _Codec(_plain_json, _as_it_is)


def _codec_of_mapping(declared: Any) -> _Codec:
    if declared is Any:
        return _Codec(_plain_json, dict)
    item = _codec(declared)
    return _Codec(
        lambda value: {str(key): item.encode(found) for key, found in value.items()},
        lambda value: {key: item.decode(found) for key, found in value.items()},
    )


def _codec_of_items(origin: type[Any], arguments: tuple[Any, ...]) -> _Codec:
    """Of `tuple[X, ...]`, `tuple[X, Y]`, `list[X]`."""
    make = cast("Callable[[Iterable[Any]], Any]", tuple if issubclass(origin, tuple) else list)
    if len(arguments) == 1 or arguments[1] is ...:
        item = _codec(arguments[0])
        return _Codec(
            lambda value: [item.encode(found) for found in value],
            lambda value: make(item.decode(found) for found in value),
        )
    places = [_codec(argument) for argument in arguments]
    return _Codec(
        lambda value: [place.encode(found) for place, found in zip(places, value, strict=True)],
        lambda value: make(place.decode(found) for place, found in zip(places, value, strict=True)),
    )


def _codec_of_model(model: type[Any]) -> _Codec:
    hints = typing.get_type_hints(model)
    codecs = {field.name: _codec(hints[field.name]) for field in sorted(dataclasses.fields(model), key=_name)}
    defaults = {field.name: _default(field) for field in dataclasses.fields(model)}

    def encode(value: Any) -> dict[str, Any]:
        encoded: dict[str, Any] = {}
        for name, codec in codecs.items():
            found = getattr(value, name)
            if found or found != defaults[name]:
                try:
                    encoded[name] = codec.encode(found)
                except (NotCanonicalError, TypeError, ValueError) as error:
                    raise NotCanonicalError(f"{name}: {error}") from error
        return encoded

    def decode(value: Mapping[str, Any]) -> Any:
        unknown = sorted(value.keys() - codecs.keys())
        if unknown:
            raise NotCanonicalError(f"{model.__name__} has no {', '.join(unknown)}")
        return model(**{name: codecs[name].decode(found) for name, found in value.items()})

    return _Codec(encode, decode)


def _name(field: dataclasses.Field[Any]) -> str:
    return field.name


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default
