"""Runs the few tests that failed once more, alone and one after the other, after a whole run of the tests has failed.

A suite of thousands that starts compilers, browsers and programs that attack their machine fails now and then for what
else the machine is doing. Whoever passes only here has a defect all the same, and is named at the end so that somebody
mends it. The whole run counts as failed when more than a few failed, when it ended for any other reason, when a test was
skipped, and when one fails again.
"""

import json
import subprocess
import sys
from pathlib import Path

ENDED = Path(".pytest_cache/v/codezest/ended")
"""Written by `tests/conftest.py` where CI is set."""
MOST = 3
TESTS_FAILED = 1


def main() -> int:
    """The exit status of this look."""
    if not ENDED.exists():
        return 1
    ended = json.loads(ENDED.read_text())
    failed: list[str] = ended["failed"]
    if ended["status"] != TESTS_FAILED or ended["skipped"] or not 0 < len(failed) <= MOST:
        return 1
    print(f"\nA second look at {len(failed)}: {', '.join(failed)}", flush=True)
    again = subprocess.run([sys.executable, "-m", "pytest", *failed], check=False)
    if again.returncode == 0:
        print("\nPassed only when run alone, which is a defect of each:", *failed, sep="\n  ")
    return again.returncode


if __name__ == "__main__":
    sys.exit(main())
