"""`make bench`: the product's figures, each a ratio or a count from this one run on this machine.

`python bench/run.py [web|grading|journey|memory ...]` runs some of them. Exit status 1 when a bar is missed.
"""

import asyncio
import sys
from collections.abc import Callable

import grading
import journey
import memory
import web
from fixtures.product import running_product

WEB_BAR = 3.5
GRADING_BAR = 0.4
MEMORY_AIM_MIB = 250.0


def _say(*, ok: bool, text: str) -> bool:
    print(f"{'ok  ' if ok else 'MISS'}  {text}", flush=True)
    return ok


def run_web() -> bool:
    with running_product() as product:
        ratios = asyncio.run(web.measure(product))
    fine = True
    for one in ratios:
        fine &= _say(
            ok=one.ratio <= WEB_BAR,
            text=f"(a) {one.name}: {one.ratio:.2f} x the floor's server CPU, bar {WEB_BAR} "
            f"({one.product_us:.0f} against {one.floor_us:.0f} us)",
        )
    return fine


def run_grading() -> bool:
    result = grading.run()
    return _say(
        ok=result["ratio_cold"] <= GRADING_BAR,
        text=f"(b) ten-case Python grading: {result['ratio_cold']:.2f} x ten bare python3 runs with a cold sandbox, "
        f"{result['ratio_ready']:.2f} x with one made ready, bar {GRADING_BAR} "
        f"({result['submissions_per_second']:.0f} submissions/s on {result['cores']} cores, {result['tier']})",
    )


def run_journey() -> bool:
    with running_product() as product:
        idle, burst = asyncio.run(journey.measure(product))
    fine = True
    for name, figures in (("idle", idle), ("200 in one burst", burst)):
        fine &= _say(
            ok=figures.graded == figures.asked,
            text=f"(c) submit to verdict, {name}: p50 {figures.p50:.0f} ms, p99 {figures.p99:.0f} ms, "
            f"{figures.graded} of {figures.asked} graded",
        )
    return fine


def run_memory() -> bool:
    with running_product() as product:
        found = memory.measure(product)
    parts = ", ".join(f"{name} {value:.0f}" for name, value in found.items() if name != "all")
    return _say(
        ok=found["all"] <= MEMORY_AIM_MIB,
        text=f"(d) memory at rest: {found['all']:.0f} MiB, aim {MEMORY_AIM_MIB:.0f} ({parts})",
    )


BENCHES: dict[str, Callable[[], bool]] = {
    "web": run_web,
    "grading": run_grading,
    "journey": run_journey,
    "memory": run_memory,
}


def main(names: list[str]) -> int:
    results = [BENCHES[name]() for name in names or BENCHES]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
