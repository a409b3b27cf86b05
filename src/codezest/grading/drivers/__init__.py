"""Calling one function of a learner's program, by language: what is put around the source so that nobody writes boilerplate.

A driver runs in the learner's own process and is trusted with nothing: it reads the arguments, calls the function and hands
over what it returned, as JSON. Whoever does that himself has only returned something. The comparison is made outside.
"""

from codezest.grading.drivers.c import drive_c
from codezest.grading.drivers.cpp import drive_cpp
from codezest.grading.drivers.driver import CALL_FILE, Driver, Exchange, UncallableError
from codezest.grading.drivers.go import drive_go
from codezest.grading.drivers.java import drive_java
from codezest.grading.drivers.javascript import drive_javascript, drive_typescript
from codezest.grading.drivers.python import drive_python
from codezest.grading.drivers.rust import drive_rust

__all__ = ["CALL_FILE", "Driver", "Exchange", "UncallableError", "driver_for"]

_DRIVERS: dict[str, Driver] = {
    "c": Driver(drive=drive_c),
    "cpp": Driver(drive=drive_cpp),
    "go": Driver(drive=drive_go),
    "java": Driver(drive=drive_java, exchange=Exchange.STREAMS),
    "javascript": Driver(drive=drive_javascript),
    "python": Driver(drive=drive_python),
    "rust": Driver(drive=drive_rust),
    "typescript": Driver(drive=drive_typescript),
}


def driver_for(language: str) -> Driver | None:
    """None where functions cannot be called without boilerplate of the learner's."""
    return _DRIVERS.get(language)
