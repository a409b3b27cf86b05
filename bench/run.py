"""`make bench`: the product's figures, each a ratio or a count from this one run on this machine.

`python bench/run.py [web|grading|journey|memory|soak ...]` runs some of them. Exit status 1 when a bar is missed.
"""

import asyncio
import sys
from collections.abc import Callable

import grading
import journey
import memory
import soak
import web
from fixtures.product import running_product

WEB_BAR = 3.5
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
    fine = True
    for name in ("python", "javascript", "java", "cpp"):
        one = result[name]
        fine &= _say(
            ok=one["ratio_cold"] <= one["bar"],
            text=f"(b) ten-case {name}: {one['ratio_cold']:.2f} x bare runs with a cold sandbox, bar {one['bar']}, aim "
            f"{one['aim']}; {one['ratio_ready']:.2f} x with one made ready, {one['ratio_again']:.2f} x for the same source again "
            f"({one['submissions_per_second']:.0f} submissions/s on {result['cores']} cores, {result['tier']}, {one['version']})",
        )
    return fine


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


def run_soak() -> bool:
    found = soak.run()
    return _say(
        ok=found.fine,
        text=f"(e) memory over {found.submissions} submissions: the grading process grows by {found.grading.grown:.1f} MiB, "
        f"its launcher by {found.launcher.grown:.1f}, bar {soak.BAR_MIB:.0f} (`python bench/soak.py 10000` for the long run)",
    )


BENCHES: dict[str, Callable[[], bool]] = {
    "web": run_web,
    "grading": run_grading,
    "journey": run_journey,
    "memory": run_memory,
    "soak": run_soak,
}


def main(names: list[str]) -> int:
    results = [BENCHES[name]() for name in names or BENCHES]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
