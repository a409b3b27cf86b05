"""`make bench`: the product's figures, each a ratio or a count from this one run on this machine.

`python bench/run.py [web|pages|quiz|grading|journey|memory|soak ...]` runs some of them. Exit status 1 when a bar is missed.
"""

import asyncio
import sys
from collections.abc import Callable

import grading
import journey
import memory
import pages
import quiz
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


def run_pages() -> bool:
    with running_product() as product:
        empty, found = asyncio.run(pages.measure(product))
    print(
        f"      (g) the floor, an empty page: {empty.all_ms:.2f} ms of server CPU, {empty.database_ms:.2f} of them PostgreSQL's"
    )
    fine = True
    for one in found:
        fine &= _say(
            ok=one.all_ms <= pages.BAR_MS,
            text=f"(g) {one.name}, signed in: {one.all_ms:.2f} ms of server CPU, bar {pages.BAR_MS:.0f} "
            f"({one.web_ms:.2f} web, {one.database_ms:.2f} PostgreSQL; {one.ratio:.1f} x the empty page; {one.kilobytes:.0f} kB)",
        )
    return fine


def run_quiz() -> bool:
    with running_product() as product:
        found = asyncio.run(quiz.measure(product))
    return _say(
        ok=found.fine,
        text=f"(f) a ten-question quiz: {found.requests} requests, bar {quiz.MOST_REQUESTS}; {found.cpu_ms:.0f} ms of server "
        f"CPU with a save in between, bar {quiz.MOST_CPU_MS:.0f} ({found.web_ms:.0f} web, {found.database_ms:.0f} PostgreSQL)",
    )


BENCHES: dict[str, Callable[[], bool]] = {
    "web": run_web,
    "pages": run_pages,
    "quiz": run_quiz,
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
