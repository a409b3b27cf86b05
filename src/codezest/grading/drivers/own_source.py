"""The parts of drivers that are the same for every function, in files of their own languages."""

from functools import cache
from importlib import resources


@cache
def own_source(name: str) -> str:
    """Text of a file of the folder `runtime`."""
    return (resources.files("codezest.grading.drivers") / "runtime" / name).read_text(encoding="utf-8")
