"""What stands in the tests for functions, classes and objects of the learner's."""

from __future__ import annotations

import types
from typing import Any

_ADVICE = "an object of the program is no plain value; look at its attributes or at what its methods return"
_MISSING = object()


class _Remote:
    """Anything on the other side. What belongs to the stand-in itself is never asked for there."""

    __slots__ = ("__weakref__", "remote_number", "remote_tests")

    def __init__(self, tests: Any, number: int) -> None:
        object.__setattr__(self, "remote_tests", tests)
        object.__setattr__(self, "remote_number", number)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_pytest") or name in ("__wrapped__", "__tracebackhide__", "__test__"):
            raise AttributeError(name)
        return self.remote_tests.value("get", self.remote_number, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self.remote_tests.ask("set", self.remote_number, name, self.remote_tests.encode(value))

    def __delattr__(self, name: str) -> None:
        self.remote_tests.ask("delete", self.remote_number, name)

    def __dir__(self) -> list[str]:
        return [str(name) for name in self.remote_tests.ask("dir", self.remote_number)]

    def __hash__(self) -> int:
        return hash((id(self.remote_tests), self.remote_number))

    def __repr__(self) -> str:
        try:
            return str(_operate(self, "repr"))
        except BaseException:  # noqa: BLE001  # it is for a message
            return "<an object of the program>"


class RemoteFunction(_Remote):
    """A function, method or builtin one."""

    __slots__ = ("__name__",)

    def __init__(self, tests: Any, number: int, name: str) -> None:
        super().__init__(tests, number)
        object.__setattr__(self, "__name__", name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.remote_tests.call("call", self.remote_number, arguments, named)

    def __repr__(self) -> str:
        return self.__name__  # without an address, which would differ from run to run

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemoteFunction) and other.remote_number == self.remote_number

    __hash__ = _Remote.__hash__


class RemoteClass(type):
    """The class of a class of the learner's, which can be called, looked into, and asked for its instances."""

    remote_class: int
    remote_tests: Any

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        return cls.remote_tests.call("call", cls.remote_class, arguments, named)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_pytest") or name in ("__wrapped__", "__test__", "pytestmark"):
            raise AttributeError(name)
        return cls.remote_tests.value("get", cls.remote_class, name)

    def __setattr__(cls, name: str, value: Any) -> None:
        cls.remote_tests.ask("set", cls.remote_class, name, cls.remote_tests.encode(value))

    def __delattr__(cls, name: str) -> None:
        cls.remote_tests.ask("delete", cls.remote_class, name)

    def __instancecheck__(cls, instance: Any) -> bool:
        if not issubclass(type(instance), _Remote) and "remote_number" not in getattr(instance, "__dict__", ()):
            return False
        return cls.remote_tests.ask("isinstance", cls.remote_class, cls.remote_tests.encode(instance)) is True

    def __subclasscheck__(cls, subclass: type) -> bool:
        if not isinstance(subclass, RemoteClass):
            return False
        return cls.remote_tests.ask("issubclass", cls.remote_class, ["u", subclass.remote_class]) is True

    def __iter__(cls) -> Any:
        return cls.remote_tests.value("op", cls.remote_class, "iter", [])

    def __getitem__(cls, key: Any) -> Any:
        return cls.remote_tests.value("op", cls.remote_class, "getitem", [cls.remote_tests.encode(key)])

    def __len__(cls) -> int:
        return int(cls.remote_tests.value("op", cls.remote_class, "len", []))

    def __bool__(cls) -> bool:
        return True

    def __repr__(cls) -> str:
        return f"<class {cls.__name__!r} of the program>"

    def __hash__(cls) -> int:
        return hash(("class", cls.remote_class))

    def __eq__(cls, other: object) -> bool:
        return cls is other


def _operate(remote: _Remote, name: str, *arguments: Any) -> Any:
    tests = remote.remote_tests
    return tests.value("op", remote.remote_number, name, [tests.encode(argument) for argument in arguments])


class RemoteObject(_Remote):
    """An instance of a class of the learner's."""

    __slots__ = ("remote_plain",)

    def __init__(self, tests: Any, number: int, plain: Any) -> None:
        super().__init__(tests, number)
        object.__setattr__(self, "remote_plain", plain)

    @property
    def __class__(self) -> type:  # pyright: ignore[reportIncompatibleMethodOverride]
        """For `isinstance`: instances of classes that extend builtin ones are instances of those."""
        return RemoteObject if self.remote_plain is _MISSING else type(self.remote_plain)

    def __eq__(self, other: object) -> bool:
        if self.remote_plain is not _MISSING:
            return bool(self.remote_plain == plain_of(other))
        if issubclass(type(other), RemoteObject) and plain_of(other) is other:
            if other.remote_number == self.remote_number:  # pyright: ignore[reportAttributeAccessIssue]
                return True
            return _operate(self, "eq", other) is True
        return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = _Remote.__hash__

    def __bool__(self) -> bool:
        return bool(self.remote_plain) if self.remote_plain is not _MISSING else _operate(self, "bool") is True

    def __contains__(self, item: Any) -> bool:
        if self.remote_plain is not _MISSING:
            return item in self.remote_plain
        return _operate(self, "contains", item) is True

    def __str__(self) -> str:
        return str(_operate(self, "str"))

    def __format__(self, form: str) -> str:
        return str(_operate(self, "format", form))

    def __len__(self) -> int:
        return int(_operate(self, "len"))

    def __next__(self) -> Any:
        return _operate(self, "next")

    def __enter__(self) -> Any:
        return _operate(self, "enter")

    def __exit__(self, *_: object) -> None:
        _operate(self, "exit")

    def __setitem__(self, key: Any, value: Any) -> None:
        _operate(self, "setitem", key, value)

    def __delitem__(self, key: Any) -> None:
        _operate(self, "delitem", key)


class RemoteCallable(RemoteObject):
    """An instance that can be called."""

    __slots__ = ()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.remote_tests.call("call", self.remote_number, arguments, named)


def plain_of(value: Any) -> Any:
    """The builtin value that a stand-in holds, or what was given."""
    if issubclass(type(value), RemoteObject):
        plain = object.__getattribute__(value, "remote_plain")
        return value if plain is _MISSING else plain
    return value


def _on_other_side(name: str) -> Any:
    def operation(self: RemoteObject, *arguments: Any) -> Any:
        return _operate(self, name, *arguments)

    return operation


def _between_objects(name: str, symbol: str) -> Any:
    """An operation whose other operand would tell what is expected."""

    def operation(self: RemoteObject, other: Any) -> Any:
        mine, theirs = plain_of(self), plain_of(other)
        if mine is not self:
            method = getattr(mine, symbol, None)
            return NotImplemented if method is None else method(theirs)
        if not issubclass(type(other), RemoteObject):
            raise TypeError(_ADVICE)
        return _operate(self, name, other)

    return operation


for _name in [
    "abs",
    "bytes",
    "complex",
    "float",
    "int",
    "iter",
    "getitem",
    "inv",
    "neg",
    "pos",
    "reversed",
    "round",
    "divmod",
]:
    _symbol = {"inv": "__invert__"}.get(_name, f"__{_name}__")
    setattr(RemoteObject, _symbol, _on_other_side(_name))
for _name in [
    "add",
    "floordiv",
    "matmul",
    "mod",
    "mul",
    "pow",
    "truediv",
    "radd",
    "rfloordiv",
    "rmatmul",
    "rmod",
    "rmul",
    "rpow",
    "rtruediv",
]:
    setattr(RemoteObject, f"__{_name}__", _on_other_side(_name))
for _name in ["index", "lshift", "rshift", "and", "or", "xor"]:
    setattr(RemoteObject, f"__{_name}__", _on_other_side({"and": "and_", "or": "or_"}.get(_name, _name)))
for _name in ["lt", "le", "gt", "ge", "sub", "rsub"]:
    setattr(RemoteObject, f"__{_name}__", _between_objects(_name, f"__{_name}__"))


def remote_object(tests: Any, number: int, about: dict[str, Any]) -> RemoteObject:
    plain = tests.decode(about["plain"]) if "plain" in about else _MISSING
    kind = RemoteCallable if about["kind"] == "callable" else RemoteObject
    return kind(tests, number, plain)


class RemoteModule(types.ModuleType):
    """A module of the learner's."""

    def __init__(self, tests: Any, number: int, name: str) -> None:
        super().__init__(name)
        vars(self).update(remote_tests=tests, remote_number=number)

    def __getattr__(self, name: str) -> Any:
        if name in ("__path__", "__file__", "__wrapped__", "pytest_plugins", "pytestmark"):
            raise AttributeError(name)
        return self.remote_tests.value("get", self.remote_number, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("__"):
            super().__setattr__(name, value)
        else:
            self.remote_tests.ask("set", self.remote_number, name, self.remote_tests.encode(value))

    def __delattr__(self, name: str) -> None:
        self.remote_tests.ask("delete", self.remote_number, name)

    def __dir__(self) -> list[str]:
        return [str(name) for name in self.remote_tests.ask("dir", self.remote_number)]
