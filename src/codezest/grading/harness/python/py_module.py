"""What pytest brings along as the module `py`, which stands beside its packages and is not mounted with them."""

import sys

from _pytest._py import error, path

sys.modules["py.error"] = error
sys.modules["py.path"] = path

__all__ = ["error", "path"]
