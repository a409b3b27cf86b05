"""In the tests' sandbox: stand-ins for the learner's modules, and everything that is got from them.

Values of builtin types arrive as such. Everything else is a stand-in, whose operations happen on the learner's side, except
those that would tell the learner's code what is expected of it: a stand-in is never equal to a plain value, and is neither
compared with one nor subtracted from one, unless its class extends a builtin type, whose value is then compared here.
"""

import builtins
import operator
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from codezest.grading.harness.python.standins import RemoteClass, RemoteFunction, RemoteModule, remote_object
from codezest.grading.harness.python.wire import DEEPEST_CALL, Codec, Link, LinkBroken

_FORBIDDEN = {KeyboardInterrupt, GeneratorExit, BaseException}
"""An exception of the learner's that would end the test run, or mean something to it, is an ordinary one here."""
_REAL_INPUT = builtins.input


class RemoteError(Exception):
    """The learner's code raised something that has no counterpart here."""


class Tests(Codec):
    """The tests' end of the link."""

    __test__ = False

    def __init__(self) -> None:
        self.link = Link()
        self.open_modules: frozenset[str] = frozenset()
        """Attributes of an object may be read from the other side if its class was made in one of these."""
        self.broken: str | None = None
        self.collecting = True
        """Whether no test runs yet: what the learner's code raises now, a module of the author's could not be read for."""
        self.on_error: Callable[[BaseException], None] = lambda _: None
        """Called, while collecting, with what the learner's code raised."""
        self._exported: dict[int, Any] = {}
        self._classes: dict[int, type] = {}
        self._depth = 0

    def forget(self) -> None:
        """Between tests: what one handed out is out of reach of the next one's calls."""
        self._exported.clear()

    def ask(self, action: str, *given: Any) -> Any:
        """Ask the learner's side, and serve it until it answers. `given` is spelled already.

        Raises:
            LinkBroken: it is gone, late, or speaks nonsense.
            BaseException: what the learner's code raised.
        """
        if self.broken is not None:
            raise LinkBroken(self.broken)
        if self._depth > DEEPEST_CALL:
            raise RecursionError("too many calls back and forth between the tests and the program")
        self._depth += 1
        try:
            self.link.send(["?", action, *given])
            # Frameworks look for names with underscores everywhere; that there are none says nothing.
            return self._await_answer(noted=not (action == "get" and str(given[1]).startswith("_")))
        except LinkBroken as broken:
            self.broken = str(broken)
            raise
        finally:
            self._depth -= 1

    def _await_answer(self, *, noted: bool) -> Any:
        while True:
            frame = self.link.receive()
            try:
                kind, body, *rest = frame
                _print(rest[:2])
                if kind == "=":
                    return body
                if kind not in ("!", "?"):
                    raise ValueError(kind)  # noqa: TRY301  # as everything that is no frame
                error = self._exception(body) if kind == "!" else None
            except LinkBroken:
                raise
            except Exception as nonsense:
                raise LinkBroken("nonsense") from nonsense
            if error is not None:
                if noted and self.collecting:
                    self.on_error(error)
                raise error
            self._serve(body, rest[2:])

    def _serve(self, action: Any, given: Sequence[Any]) -> None:
        """Do what the learner's code asks while it is being called: call what it was given, read standard input."""
        try:
            answer = ["=", self._act(action, given)]
        except LinkBroken:
            raise
        except Exception as error:  # noqa: BLE001  # it is told to the learner's code
            answer = ["!", [type(error).__name__, str(error)[:1000]]]
        self.link.send(answer)

    def _act(self, action: Any, given: Sequence[Any]) -> Any:
        if action == "input":
            if builtins.input is not _REAL_INPUT:
                return str(builtins.input(str(given[0])))
            sys.stdout.write(str(given[0]))
            line = sys.stdin.readline()
            if not line:
                raise EOFError("EOF when reading a line")
            return line.removesuffix("\n")
        if action in ("readline", "read"):
            return str(sys.stdin.readline() if action == "readline" else sys.stdin.read())
        target = self._exported[given[0]]
        if action == "call":
            arguments = [self.decode(item) for item in self.decode_list(given[1])]
            named = self.decode(given[2])
            return self.encode(target(*arguments, **named))
        if action == "op":
            return self.encode(_CALLABLE_BACK[given[1]](target, *self.decode(given[2])))
        if action == "get" and self._is_open(target, str(given[1])):
            return self.encode(getattr(target, str(given[1])))
        raise AttributeError(f"the tests do not offer {given[1]!r}")

    def _is_open(self, target: Any, name: str) -> bool:
        """Whether an attribute may be read. What a mock knows and does by itself is for the tests alone."""
        if name.startswith(("_", "assert")) or type(target).__module__ not in self.open_modules:
            return False
        mocks = sys.modules.get("unittest.mock")
        if mocks is None or not isinstance(target, mocks.NonCallableMock):
            return True
        return not any(hasattr(kind, name) for kind in (mocks.NonCallableMock, mocks.Mock, mocks.AsyncMock))

    def decode_list(self, message: Any) -> list[Any]:
        """Spelled items of a spelled list."""
        if type(message) is not list or message[:1] != ["l"]:
            raise ValueError("this is no list")
        return message[1]

    def call(self, action: str, number: int, arguments: Sequence[Any], named: Mapping[str, Any]) -> Any:
        """Call something of the learner's. Lists, dictionaries and sets that it changes are changed here."""
        spelled = [self.encode(argument) for argument in arguments]
        answer = self.ask(action, number, spelled, {name: self.encode(value) for name, value in named.items()})
        try:
            result, changed = answer
            for place, now in changed.items():
                _change(arguments[int(place)], self.decode(now))
            return self.decode(result)
        except LinkBroken:
            raise
        except Exception as nonsense:
            self.broken = "nonsense"
            raise LinkBroken("nonsense") from nonsense

    def value(self, action: str, *given: Any) -> Any:
        answer = self.ask(action, *given)
        try:
            return self.decode(answer)
        except Exception as nonsense:
            self.broken = "nonsense"
            raise LinkBroken("nonsense") from nonsense

    def encode_object(self, value: Any) -> Any:
        number = number_of(value)
        if number is None and isinstance(value, type):
            number = vars(value).get("remote_class")
        if number is not None:
            return ["u", number]
        number = len(self._exported) + 1
        self._exported[number] = value
        return ["m", {"number": number}]

    def decode_object(self, tag: str, rest: list[Any]) -> Any:  # noqa: PLR0911  # a table of tags
        if tag == "u":
            return self._exported[rest[0]]
        if tag != "m":
            raise ValueError("this is no value")
        about = rest[0]
        number, kind = int(about["number"]), about["kind"]
        if kind == "class":
            return self._class(number, about)
        if kind == "exception":
            return self._exception(about["raised"])
        if kind == "module":
            return RemoteModule(self, number, str(about["name"]))
        if kind == "async":
            return self._asynchronous(number)
        if kind == "function":
            return RemoteFunction(self, number, str(about["name"]))
        return remote_object(self, number, about)

    def _asynchronous(self, number: int) -> Any:
        async def function(*arguments: Any, **named: Any) -> Any:
            return self.call("run", number, arguments, named)

        return function

    def _class(self, number: int, about: Mapping[str, Any]) -> Any:
        known = self._classes.get(number)
        if known is None:
            if about.get("exception") is True:
                known = self._exception_class(number, str(about["name"]), self.decode(about["base"]))
            else:
                known = RemoteClass(str(about["name"]), (), {"remote_class": number, "remote_tests": self})
            self._classes[number] = known
        return known

    def _exception_class(self, number: int, name: str, base: type) -> type:
        """A class of its own, so that `except` and `pytest.raises` know it."""
        if not issubclass(base, BaseException):
            raise TypeError("this is no exception")
        if base in _FORBIDDEN or not issubclass(base, Exception):
            base = RemoteError

        def attribute(error: BaseException, name: str) -> Any:
            own = number_of(error)
            if own is None or name.startswith("__"):
                raise AttributeError(name)
            return self.value("get", own, name)

        return type(name, (base,), {"remote_class": number, "__str__": _said, "__getattr__": attribute})

    def _exception(self, described: Mapping[str, Any]) -> BaseException:
        kind = self.decode(described["type"])
        arguments = self.decode(described["arguments"])
        text, trace = str(described["text"]), described["trace"]
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            raise TypeError("this is no exception")
        if kind in _FORBIDDEN or (kind is SystemExit and self.collecting):
            kind, arguments = RemoteError, [f"{kind.__name__}: {text}"]
        made = _made(kind, arguments, text)
        made.remote_number = int(described["number"])  # pyright: ignore[reportAttributeAccessIssue]
        made.remote_trace = [(str(file), int(line), str(name)) for file, line, name in trace]  # pyright: ignore[reportAttributeAccessIssue]
        return made


def _made(kind: type[BaseException], arguments: Sequence[Any], text: str) -> BaseException:
    """An instance that says what the original says, made without running any constructor but the builtin one."""
    try:
        made = kind.__new__(kind, *arguments)
        made.args = tuple(arguments)
        if isinstance(made, OSError | StopIteration):
            made.__init__(*arguments)
    except Exception:  # noqa: BLE001  # some want particular arguments
        made = RemoteError(f"{kind.__name__}: {text}")
    made.remote_text = text  # pyright: ignore[reportAttributeAccessIssue]
    return made


def _said(error: BaseException) -> str:
    """What `str` gave on the other side."""
    return vars(error).get("remote_text") or ", ".join(map(str, error.args))


def number_of(value: Any) -> int | None:
    """Of a stand-in: the object's number on the other side."""
    try:
        return object.__getattribute__(value, "remote_number")
    except AttributeError:
        return None


def _print(printed: Sequence[Any]) -> None:
    output, errors = printed
    if output:
        sys.stdout.write(str(output))
    if errors:
        sys.stderr.write(str(errors))


def _change(target: Any, now: Any) -> None:
    if type(target) is not type(now):
        raise TypeError("an argument cannot change its type")
    if isinstance(target, list | bytearray):
        target[:] = now
    else:
        target.clear()
        target.update(now)


_CALLABLE_BACK: dict[str, Callable[..., Any]] = {
    "getitem": operator.getitem,
    "iter": iter,
    "len": len,
    "next": next,
}
