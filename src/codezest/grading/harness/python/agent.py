"""In the learner's sandbox: does with the learner's code what the tests ask over the link.

The learner's code shares this process and may break it; then the tests fail. It can claim nothing but values.
"""

import asyncio
import builtins
import importlib
import inspect
import os
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

from codezest.grading.harness.python.agent_streams import Input, Printed
from codezest.grading.harness.python.operations import LONGEST_TEXT, OPERATIONS
from codezest.grading.harness.python.wire import DEEPEST_CALL, Codec, Link, LinkBroken, TooLarge

_PLAIN_BASES = (bool, int, float, str, bytes, bytearray, list, tuple, dict, set, frozenset, complex)
_MUTABLE = (list, dict, set, bytearray)
_OWN = os.path.dirname(__file__)  # noqa: PTH120


class _Far:
    """A function or object of the tests, as the learner's code sees it."""

    def __init__(self, agent: "Agent", number: int) -> None:
        object.__setattr__(self, "_far", (agent, number))

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return _ask(self, "call", list(arguments), named)

    def __getattr__(self, name: str) -> Any:
        return _ask(self, "get", name)

    def __iter__(self) -> Any:
        return _ask(self, "op", "iter", [])

    def __next__(self) -> Any:
        return _ask(self, "op", "next", [])

    def __len__(self) -> int:
        return _ask(self, "op", "len", [])

    def __getitem__(self, key: Any) -> Any:
        return _ask(self, "op", "getitem", [key])


def _ask(far: _Far, action: str, *given: Any) -> Any:
    agent, number = object.__getattribute__(far, "_far")
    return agent.ask(action, number, *(agent.encode(item) for item in given))


class Agent(Codec):
    """Serves the tests."""

    def __init__(self) -> None:
        self._link = Link()
        self._objects: dict[int, Any] = {}
        self._known: dict[int, int] = {}
        self._depth = 0
        self._thread = threading.get_ident()
        self._output, self._errors = Printed(), Printed()
        sys.stdout, sys.stderr = self._output, self._errors
        sys.stdin = Input(self._read)  # pyright: ignore[reportAttributeAccessIssue]
        builtins.input = lambda prompt="": self._read("input", str(prompt))

    def serve(self) -> None:
        """Until the tests have ended."""
        while True:
            try:
                frame = self._link.receive()
            except LinkBroken:
                return
            self._answer(frame)

    def ask(self, action: str, *given: Any) -> Any:
        """Ask the tests' side, and serve it until it answers."""
        if threading.get_ident() != self._thread:
            raise RuntimeError("only the thread that was called may call back into the tests")
        if self._depth > DEEPEST_CALL:
            raise RecursionError("too many calls back and forth between the tests and the program")
        self._link.send(["?", action, self._output.take(), self._errors.take(), *given])
        while True:
            frame = self._link.receive()
            if frame[0] == "=":
                return self.decode(frame[1])
            if frame[0] == "!":
                raise self._raised(frame[1])
            self._answer(frame)

    def _raised(self, message: list[Any]) -> BaseException:
        """What a function of the tests raised."""
        name, text = message
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, BaseException):
            return kind(text)
        return RuntimeError(f"{name}: {text}")

    def _read(self, action: str, prompt: str) -> str:
        return self.ask(action, prompt)

    def _answer(self, frame: list[Any]) -> None:
        self._depth += 1
        try:
            try:
                result = self._act(frame[1], frame[2:])
                answer = ["=", result]
                answer.append(self._output.take())
                answer.append(self._errors.take())
                self._link.send(answer)
            except LinkBroken:
                raise
            except BaseException as error:  # noqa: BLE001  # whatever the learner's code raises
                self._link.send(["!", self._describe(error), self._output.take(), self._errors.take()])
        except (LinkBroken, TooLarge):
            os._exit(1)
        finally:
            self._depth -= 1

    def _act(self, action: str, given: list[Any]) -> Any:
        return getattr(self, f"_do_{action}")(*given)

    def _do_import(self, name: str) -> Any:
        module = importlib.import_module(name)
        names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
        return [self.encode(module), [str(name) for name in names]]

    def _do_get(self, number: int, name: str) -> Any:
        return self.encode(getattr(self._objects[number], name))

    def _do_set(self, number: int, name: str, value: Any) -> None:
        setattr(self._objects[number], name, self.decode(value))

    def _do_delete(self, number: int, name: str) -> None:
        delattr(self._objects[number], name)

    def _do_dir(self, number: int) -> list[str]:
        return [str(name) for name in dir(self._objects[number])]

    def _do_call(self, number: int, arguments: list[Any], named: dict[str, Any]) -> Any:
        return self._call(self._objects[number], arguments, named)

    def _do_run(self, number: int, arguments: list[Any], named: dict[str, Any]) -> Any:
        """Of an `async def`."""
        function = self._objects[number]

        async def run(*given: Any, **named: Any) -> Any:
            return await function(*given, **named)

        return self._call(lambda *given, **named: asyncio.run(run(*given, **named)), arguments, named)

    def _call(self, function: Callable[..., Any], arguments: list[Any], named: dict[str, Any]) -> Any:
        """Returns the result, and the arguments that the call has changed."""
        given = [self.decode(argument) for argument in arguments]
        result = function(*given, **{name: self.decode(value) for name, value in named.items()})
        changed: dict[str, Any] = {}
        for place, value in enumerate(given):
            if type(value) in _MUTABLE:
                now = self.encode(value)
                if now != arguments[place]:
                    changed[str(place)] = now
        return [self.encode(result), changed]

    def _do_op(self, number: int, name: str, arguments: list[Any]) -> Any:
        given = [self.decode(argument) for argument in arguments]
        return self.encode(OPERATIONS[name](self._objects[number], *given))

    def _do_isinstance(self, number: int, value: Any) -> bool:
        return bool(isinstance(self.decode(value), self._objects[number]))

    def _do_issubclass(self, number: int, value: Any) -> bool:
        return bool(issubclass(self.decode(value), self._objects[number]))

    def encode_object(self, value: Any) -> Any:
        if isinstance(value, _Far):
            return ["u", object.__getattribute__(value, "_far")[1]]
        number = self._known.get(id(value))
        if number is None:
            number = len(self._objects) + 1
            self._objects[number] = value
            self._known[id(value)] = number
        return ["m", {"number": number, **self._about(value)}]

    def decode_object(self, tag: str, rest: list[Any]) -> Any:
        return self._objects[rest[0]] if tag == "u" else _Far(self, rest[0]["number"])

    def _about(self, value: Any) -> dict[str, Any]:
        kind = type(value)
        if issubclass(kind, type):
            return {"kind": "class", "name": _text(value.__name__), **self._as_exception(value)}
        if issubclass(kind, BaseException):
            return {"kind": "exception", "raised": self._describe(value)}
        about: dict[str, Any] = {"kind": "object", "name": _text(kind.__name__)}
        if inspect.ismodule(value):
            about["kind"] = "module"
        elif inspect.iscoroutinefunction(value):
            about["kind"] = "async"
        elif inspect.isroutine(value):
            about |= {"kind": "function", "name": _text(getattr(value, "__name__", "function"))}
        elif callable(value):
            about["kind"] = "callable"
        for base in _PLAIN_BASES:
            if issubclass(kind, base) and kind is not base:  # whatever it says its class is
                about["plain"] = self._plain(base, value)
                break
        return about

    def _plain(self, base: type, value: Any) -> Any:
        """What an instance of a class that extends a builtin one holds, as the builtin one."""
        if base is dict:
            return self.encode(dict(dict.items(value)))
        if base is int:
            return self.encode(int.__index__(value))
        if base is float:
            return self.encode(float.__float__(value))
        if base is str:
            return self.encode(
                str.__str__(value) if type(value).__str__ is str.__str__ else "".join(str.__iter__(value))
            )
        if base is complex:
            return self.encode(complex.__add__(value, 0))
        return self.encode(base(base.__iter__(value)))

    def _as_exception(self, kind: type) -> dict[str, Any]:
        if not issubclass(kind, BaseException):
            return {}
        bases = [base for base in kind.__mro__[1:] if issubclass(base, BaseException) and base is not object]
        return {"exception": True, "base": self.encode(bases[0])}

    def _describe(self, error: BaseException) -> dict[str, Any]:
        """An exception as the tests' side raises it again."""
        number = self._known.setdefault(id(error), len(self._objects) + 1)
        self._objects[number] = error
        try:
            arguments = self.encode(list(error.args))
        except Exception:  # noqa: BLE001  # arguments may be anything
            arguments = ["l", []]
        return {
            "number": number,
            "type": self.encode(type(error)),
            "arguments": arguments,
            "text": _text(str, error),
            "trace": _trace(error),
        }


def _text(make: Any, value: Any = "") -> str:
    try:
        return str(make if isinstance(make, str) else make(value))[:LONGEST_TEXT]
    except Exception:  # noqa: BLE001  # the learner's __str__ may do anything
        return "?"


def _trace(error: BaseException) -> list[list[Any]]:
    """File, line and function of the learner's own frames, outermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        frame
        for frame in frames
        if not frame.filename.startswith(("/usr", "/python", "<frozen", "codezest_")) and _OWN not in frame.filename
    ]
    return [[frame.filename.removeprefix("/tmp/"), frame.lineno, frame.name] for frame in own[-8:]]  # noqa: S108


def main() -> None:
    """Serve the tests until they hang up."""
    sys.path[0:0] = [os.getcwd()] if os.getcwd() not in sys.path else []  # noqa: PTH109
    Agent().serve()
    os._exit(0)
