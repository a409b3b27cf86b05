"""Calls of functions in the words of pages."""

import json
from typing import Any


def call_text(function: str | None, arguments: list[Any] | None) -> str | None:
    """A call as a test makes it, the arguments as JSON: `add(1, [2, 3])`. None where none is made."""
    if arguments is None:
        return None
    return f"{function or ''}({', '.join(json.dumps(argument, ensure_ascii=False) for argument in arguments)})"
