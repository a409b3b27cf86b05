"""The learner's file is imported, not run: what stands under `if __name__ == "__main__"` stays quiet."""

from collections.abc import Mapping

_NAME = "codezest_call.py"
_DRIVER = """\
import json
import sys
import traceback


def _plain(value):
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(item) for item in value), key=repr)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def _main():
    with open("codezest_call.json", encoding="utf-8") as file:
        call = json.load(file)
    name = call["function"]
    try:
        learners = __import__(%(module)r, fromlist=["*"])
        function = getattr(learners, name, None)
        if not callable(function):
            sys.exit(f"Your program defines no function named {name}.")
        returned = function(*call["arguments"])
    except Exception as error:
        frames = error.__traceback__.tb_next
        traceback.print_exception(type(error), error, frames)
        sys.exit(1)
    sys.set_int_max_str_digits(0)
    try:
        text = json.dumps(_plain(returned))
    except (TypeError, ValueError, RecursionError):
        sys.exit(f"{name} returned a value of type {type(returned).__name__}, which cannot be compared.")
    with open(3, "w", encoding="utf-8") as file:
        file.write(text)


_main()
"""


def drive_python(sources: Mapping[str, str], entry: str, _function: str, /) -> tuple[Mapping[str, str], str]:
    module = entry.removesuffix(".py").replace("/", ".")
    return {**sources, _NAME: _DRIVER % {"module": module}}, _NAME
