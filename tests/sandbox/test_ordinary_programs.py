"""What learners' honest programs do must simply work."""

from collections.abc import Awaitable, Callable

import pytest

from codezest.grading import Grade

pytestmark = pytest.mark.sandbox

GradeProgram = Callable[..., Awaitable[Grade]]

PROGRAMS = {
    "threads": """
import threading
seen = []
threads = [threading.Thread(target=seen.append, args=(number,)) for number in range(10)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("ok" if len(seen) == 10 else seen)
""",
    "thread pool": """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool: print("ok" if sum(pool.map(int, "123")) == 6 else "no")
""",
    "thread still at work at the end": """
import threading, time
def later():
    time.sleep(0.05)
    print("ok")
threading.Thread(target=later).start()
""",
    "python in a subprocess": """
import subprocess, sys
print(subprocess.run([sys.executable, "-c", "import json; print('ok')"], capture_output=True, text=True, check=True).stdout, end="")
""",
    "shell": "import subprocess\nprint(subprocess.check_output('echo ok | cat', shell=True, text=True), end='')",
    "fork and wait": "import os\nif os.fork() == 0: os._exit(3)\nprint('ok' if os.waitstatus_to_exitcode(os.wait()[1]) == 3 else 'no')",
    "temporary files": """
import shutil, tempfile
with tempfile.TemporaryDirectory() as folder:
    open(folder + "/one", "w").write("ok")
    shutil.copy2(folder + "/one", folder + "/two")
    shutil.copytree(folder, folder + "-copy")
    print(open(folder + "/two").read())
""",
    "files and folders": """
import glob, os, pathlib
pathlib.Path("a/b").mkdir(parents=True)
pathlib.Path("a/b/c.txt").write_text("x")
os.rename("a/b/c.txt", "a/d.txt")
os.utime("a/d.txt")
os.chmod("a/d.txt", 0o600)
print("ok" if glob.glob("a/*.txt") == ["a/d.txt"] else "no")
""",
    "its own source": "print('ok' if 'print' in open(__file__).read() and open('main.py').read() else 'no')",
    "hashes and secrets": "import hashlib, secrets, uuid\nhashlib.sha256(b'').hexdigest()\nuuid.uuid4()\nsecrets.token_hex()\nprint('ok')",
    "dates": """
import datetime, time, zoneinfo
datetime.datetime.now(datetime.timezone.utc).astimezone()
time.strftime("%c")
print("ok" if datetime.date(2024, 2, 29).isoweekday() == 4 else "no")
""",
    "asyncio": """
import asyncio
async def main():
    await asyncio.gather(*(asyncio.sleep(0.01) for _ in range(10)))
    await asyncio.to_thread(len, "x")
    process = await asyncio.create_subprocess_exec("echo", "ok", stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    print(output.decode(), end="")
asyncio.run(main())
""",
    "sqlite": """
import sqlite3
database = sqlite3.connect("x.db")
database.execute("create table t (a)")
database.execute("insert into t values (1)")
database.commit()
print("ok" if database.execute("select a from t").fetchall() == [(1,)] else "no")
""",
    "destructors at the end": "class Thing:\n    def __del__(self): print('ok')\nthing = Thing()",
    "destructors in a cycle": "class Thing:\n    def __del__(self): print('ok')\nthing = Thing()\nthing.itself = thing",
    "exit functions": "import atexit\natexit.register(print, 'ok')",
    "input by descriptor": "import sys\nprint('ok' if open(0).read() == 'one\\ntwo\\n' else 'no')",
    "input by lines": "import sys\nprint('ok' if [line.strip() for line in sys.stdin] == ['one', 'two'] else 'no')",
    "input as bytes": "import sys\nprint('ok' if sys.stdin.buffer.read().split() == [b'one', b'two'] else 'no')",
    "input with a prompt": "one = input()\ntwo = input()\nprint('ok' if one + two == 'onetwo' else 'no')",
    "logging": "import logging\nlogging.basicConfig()\nlogging.warning('seen on standard error')\nprint('ok')",
    "unittest": """
import unittest
class Test(unittest.TestCase):
    def test(self): self.assertTrue(True)
unittest.main(exit=False)
print("ok")
""",
    "dataclasses and pickle": """
import dataclasses, pickle
@dataclasses.dataclass
class Point:
    x: int
print("ok" if pickle.loads(pickle.dumps(Point(1))) == Point(1) else "no")
""",
    "main guard": "def main(): print('ok')\nif __name__ == '__main__': main()",
    "who am I": """
import getpass, os, platform, socket
getpass.getuser(), os.path.expanduser("~"), os.cpu_count(), socket.gethostname(), platform.platform(), os.uname()
print("ok")
""",
    "signals": """
import signal, time
signal.signal(signal.SIGALRM, lambda number, frame: print("ok"))
signal.setitimer(signal.ITIMER_REAL, 0.01)
time.sleep(0.05)
""",
    "keyboard interrupt": """
import signal
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("ok")
""",
    "exit": "print('ok')\nexit()",
    "help": "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()): help(len)\nprint('ok')",
    "numbers": "import decimal, fractions, statistics, cmath\nprint('ok' if fractions.Fraction(1, 3) + decimal.Decimal(0).__int__() else 'no')",
    "mapping a file": "import mmap\nopen('f', 'wb').write(b'ok')\nwith open('f', 'r+b') as f: print(mmap.mmap(f.fileno(), 0)[:].decode())",
    "importing a second file": "open('other.py', 'w').write('word = \"ok\"')\nimport other\nprint(other.word)",
    "pseudo-random numbers": "import random\nrandom.seed(1)\nprint('ok' if random.random() == 0.13436424411240122 else 'no')",
    "deep but finite recursion": """
import sys
sys.setrecursionlimit(20_000)
def depth(n): return 0 if n == 0 else 1 + depth(n - 1)
print("ok" if depth(15_000) == 15_000 else "no")
""",
}


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS.keys())
async def test_works(source: str, grade: GradeProgram) -> None:
    result = await grade(source, stdin="one\ntwo\n")
    assert result.verdict == "AC", result


async def test_arguments_and_files(grade: GradeProgram) -> None:
    source = "import sys\nprint(sys.argv[1:], open('data/words.txt').read())"
    result = await grade(
        source, args=("one", "two words"), files={"data/words.txt": "über"}, expected="['one', 'two words'] über\n"
    )
    assert result.verdict == "AC", result


async def test_unicode_in_and_out(grade: GradeProgram) -> None:
    result = await grade("print(input()[::-1])", stdin="žluťoučký 🐎\n", expected="🐎 ýkčuoťulž\n")
    assert result.verdict == "AC", result


async def test_run_only(grade: GradeProgram) -> None:
    result = await grade("print('anything')", expected=None)
    assert (result.verdict, result.outcomes[0].stdout) == ("AC", "anything\n")
    assert (await grade("1 / 0", expected=None)).verdict == "RE"
