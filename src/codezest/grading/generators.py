"""Inputs that a seeded program makes, so that large ones need not be stored. The same for the same seed, and kept a while."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from codezest.grading.author_program import AUTHOR_LIMITS, AuthorProgramFailed, AuthorRunner, author_compiler
from codezest.grading.compiling import Compiler
from codezest.grading.sandboxes import Sandboxes
from codezest.grading.spec import AuthorProgram, GeneratedInput, TestSpec
from codezest_sandbox.connection import Case

_LARGEST_BYTES = 64 << 20
_EXPECTED = "--expected"


class GeneratedInputs:
    """What generators printed, the least recently used first to go. For one event loop."""

    def __init__(self, largest_bytes: int = _LARGEST_BYTES) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._largest = largest_bytes
        self._size = 0

    async def complete(
        self, tests: Sequence[TestSpec], sandboxes: Sandboxes, compiler: Compiler
    ) -> tuple[TestSpec, ...]:
        """The tests with their inputs, and their expected outputs where none is named.

        Raises:
            AuthorProgramFailed: a generator cannot be compiled, crashes or prints what is no text.
            SandboxDied: see there.
        """
        if all(test.generator is None for test in tests):
            return tuple(tests)
        made: dict[str, str] = {}
        for program, wanted in self._missing(tests).items():
            author = author_compiler(sandboxes, compiler, wanted[0].program)
            async with AuthorRunner(sandboxes, author, wanted[0].program, "generator") as runner:
                for generated in wanted:
                    for extra in ((), (_EXPECTED,)):
                        key = _key(program, generated, extra)
                        made[key] = self._keep(key, await _run(runner, generated, extra))
        return tuple(self._completed(test, made) for test in tests)

    def _missing(self, tests: Sequence[TestSpec]) -> dict[str, list[GeneratedInput]]:
        """What has to be made, by the program that makes it."""
        missing: dict[str, list[GeneratedInput]] = {}
        for test in tests:
            if test.generator is not None:
                program = _digest(test.generator.program)
                if any(_key(program, test.generator, extra) not in self._kept for extra in ((), (_EXPECTED,))):
                    missing.setdefault(program, []).append(test.generator)
        return missing

    def _keep(self, key: str, text: str) -> str:
        if key not in self._kept:
            self._kept[key] = text
            self._size += len(text)
            while self._size > self._largest and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest)
        return text

    def _completed(self, test: TestSpec, made: dict[str, str]) -> TestSpec:
        if test.generator is None:
            return test
        program = _digest(test.generator.program)

        def text(extra: tuple[str, ...]) -> str:
            key = _key(program, test.generator, extra) if test.generator is not None else ""
            found = made.get(key)
            return self._kept[key] if found is None else found

        expected = text((_EXPECTED,)) if test.expected is None else test.expected
        return replace(test, stdin=text(()), expected=expected)


async def _run(runner: AuthorRunner, generated: GeneratedInput, extra: tuple[str, ...]) -> str:
    args = (*generated.args, *extra, str(generated.seed))
    output = await runner.run_to_end(Case(args=args, limits=AUTHOR_LIMITS))
    try:
        return output.stdout.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AuthorProgramFailed(f"the generator prints what is no text in UTF-8: {error}") from error


def _digest(program: AuthorProgram) -> str:
    return hashlib.sha256(json.dumps([program.language, list(program.files.items())]).encode()).hexdigest()


def _key(program: str, generated: GeneratedInput, extra: tuple[str, ...]) -> str:
    return json.dumps([program, generated.args, generated.seed, extra])
