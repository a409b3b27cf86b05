"""How commands load their modules."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def loading() -> Generator[None]:
    """Around imports of much: they are done in three quarters of the time.

    They make hundreds of thousands of objects, next to none of which becomes garbage. The collector need not look through
    them meanwhile, nor ever again.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
