"""Calls of a function: its name, and what a test hands it."""

import json
import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, JsonValue

MAX_ARGUMENTS_BYTES = 200_000
"""The arguments of one call, as JSON."""


def _bounded(arguments: list[Any]) -> list[Any]:
    try:
        size = len(json.dumps(arguments, allow_nan=False).encode())
    except (ValueError, RecursionError):
        raise ValueError("must be JSON, with finite numbers and not too deep") from None
    if size > MAX_ARGUMENTS_BYTES:
        raise ValueError(f"have {size} bytes as JSON; at most {MAX_ARGUMENTS_BYTES} are stored")
    return arguments


_NAME = r"^[A-Za-z_$][A-Za-z0-9_$]{0,99}$"

FunctionName = Annotated[str, Field(pattern=_NAME)]
Arguments = Annotated[list[JsonValue], Field(max_length=50), AfterValidator(_bounded)]


def is_function_name(text: str) -> bool:
    """Whether tests could call a function of this name."""
    return re.fullmatch(_NAME, text) is not None
