"""Starts the product, makes a learner, and has Lighthouse look at the pages that matter most. Run with PYTHONPATH=tests.

`npm ci --ignore-scripts` in this folder comes first; `make lighthouse` does both.
"""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from e2e.course import read_course
from fixtures.learners import make_learners
from fixtures.product import running_product

HERE = Path(__file__).parent


def main() -> int:
    with running_product() as product:
        course = read_course(product.url)
        (token,) = asyncio.run(make_learners(product.database_url(), 1))
        pages = {
            "home": "/",
            "language": "/languages/python",
            "lesson": f"@/materials/{course.material('ARTICLE')}",
            "exercise": f"@/assignments/{course.assignment}",
            "dashboard": "@/dashboard",
        }
        arguments = [f"{name}={path}" for name, path in pages.items()]
        environment = {**os.environ, "CODEZEST_SESSION": token}
        measured = subprocess.run(["node", "run.mjs", product.url, *arguments], cwd=HERE, env=environment, check=False)
        return measured.returncode


if __name__ == "__main__":
    sys.exit(main())
