"""Running the tests of one submission in several sandboxes at once, while processors are idle.

Each lane is a sandbox of its own, and takes the next test whenever it has room for one; outputs are given in the tests' order.
Only where a sandbox and a compilation are cheap beside the tests: elsewhere a second sandbox would cost what it saves. When
others wait, there is one lane.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing

from codezest.grading.modes.submission import Submission
from codezest_sandbox import RunOutput
from codezest_sandbox.connection import Case

_CHEAP = frozenset({"javascript", "python"})
"""Languages whose sandboxes fork a warm interpreter for each test, and that have nothing to compile."""
_FEWEST_TESTS = 3
"""Of a lane: with fewer, making its sandbox takes longer than it saves."""
_IN_FLIGHT = 2
"""Tests that a lane holds: one to run, and the next, so that it never waits. More would be kept from the other lanes."""


async def run_in_lanes(submission: Submission, cases: Sequence[Case]) -> AsyncGenerator[RunOutput]:
    """Compile, and run once for each case. Outputs come in the cases' order.

    Raises:
        CompileFailed, SandboxDied: see there.
    """
    async with AsyncExitStack() as stack:
        wanted = len(cases) // _FEWEST_TESTS - 1 if submission.language.key in _CHEAP else 0
        spare = await stack.enter_async_context(submission.slots.spare(max(0, wanted)))
        if spare == 0:
            sandbox = await stack.enter_async_context(await submission.sandbox())
            await submission.compile(sandbox)
            async with aclosing(sandbox.run(cases)) as outputs:
                async for output in outputs:
                    yield output
            return
        lanes = _Lanes(submission, cases, 1 + spare)
        stack.push_async_callback(lanes.close)
        for position in range(len(cases)):
            yield await lanes.output(position)


class _Lanes:
    """Tasks that share the cases among them."""

    def __init__(self, submission: Submission, cases: Sequence[Case], count: int) -> None:
        self._submission = submission
        self._waiting = iter(enumerate(cases))
        self._outputs: list[asyncio.Future[RunOutput]] = [
            asyncio.get_running_loop().create_future() for _ in range(len(cases))
        ]
        self._tasks = [asyncio.create_task(self._run(heard=lane == 0)) for lane in range(count)]
        for task in self._tasks:
            task.add_done_callback(self._ended)

    async def output(self, position: int) -> RunOutput:
        """Raises what went wrong in any lane."""
        return await self._outputs[position]

    async def close(self) -> None:
        """See every lane ended: what it works on is gone afterwards."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for output in self._outputs:
            output.cancel()

    async def _run(self, *, heard: bool) -> None:
        async with await self._submission.sandbox() as sandbox:
            await self._submission.compile(sandbox, heard=heard)
            taken: deque[int] = deque()
            async with aclosing(sandbox.run(self._take(taken), in_flight=_IN_FLIGHT)) as outputs:
                async for output in outputs:
                    future = self._outputs[taken.popleft()]
                    if not future.done():
                        future.set_result(output)

    def _take(self, taken: deque[int]) -> Iterator[Case]:
        for position, case in self._waiting:
            taken.append(position)
            yield case

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A failure is everybody's: the program is the same in all lanes."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            for output in self._outputs:
                if not output.done():
                    output.set_exception(error)
                    output.exception()  # whoever still waits is told; nobody else need be
