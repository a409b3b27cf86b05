"""What the tests may do with an object of the learner's, by name."""

# pyright: reportUnknownLambdaType=false

import operator
from collections.abc import Callable
from typing import Any

LONGEST_TEXT = 4000

OPERATIONS: dict[str, Callable[..., Any]] = {
    name: getattr(operator, name)
    for name in [
        "add",
        "and_",
        "contains",
        "delitem",
        "eq",
        "floordiv",
        "ge",
        "getitem",
        "gt",
        "index",
        "inv",
        "le",
        "lshift",
        "lt",
        "matmul",
        "mod",
        "mul",
        "ne",
        "neg",
        "or_",
        "pos",
        "pow",
        "rshift",
        "setitem",
        "sub",
        "truediv",
        "xor",
    ]
} | {
    "abs": abs,
    "bool": bool,
    "bytes": bytes,
    "complex": complex,
    "divmod": divmod,
    "float": float,
    "format": format,
    "hash": hash,
    "int": int,
    "iter": iter,
    "len": len,
    "next": next,
    "repr": lambda value: repr(value)[:LONGEST_TEXT],
    "reversed": reversed,
    "round": round,
    "str": str,
    "enter": lambda value: type(value).__enter__(value),
    "exit": lambda value: type(value).__exit__(value, None, None, None),
    **{
        f"r{name}": lambda value, other, name=name: getattr(operator, name)(other, value)
        for name in ("add", "floordiv", "matmul", "mod", "mul", "pow", "sub", "truediv")
    },
}
