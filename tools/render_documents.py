"""Renders the documents of a course: ``python tools/render_documents.py content/data-detective/media [--chromium PATH]``.

``name.sheet.html`` becomes ``name.pdf`` (tagged, so that screen readers find headings and tables), ``name.chart.html`` the
picture ``name.png``, and ``name.docx.toml`` the document ``name.docx``. The first two need Chromium, the last one nothing. The results are
committed, so only those who change a source run it; the same sources and the same Chromium give the same files.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from documents.wordprocessing import docx

CHART_SIZE = "640,400"
LARGEST = {".pdf": 60_000, ".docx": 20_000, ".png": 40_000}
"""Bytes; more is refused, since every learner loads it."""
MOMENT = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")


def chromium(program: str, *arguments: str, source: Path) -> None:
    """Run a headless browser on a file, away from anybody's profile.

    Raises:
        subprocess.CalledProcessError: it failed; what it said is in the exception.
    """
    with tempfile.TemporaryDirectory() as profile:
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", *arguments]
        subprocess.run([*command, source.resolve().as_uri()], check=True, capture_output=True, text=True, timeout=120)


def print_sheet(program: str, source: Path, target: Path) -> None:
    chromium(
        program,
        "--no-pdf-header-footer",
        "--generate-pdf-document-outline",
        f"--print-to-pdf={target.resolve()}",
        source=source,
    )
    # The moment of printing is all that would differ; the digits are replaced, so that no offset moves.
    target.write_bytes(MOMENT.sub(rb"\g<1>20260101000000", target.read_bytes()))


def picture(program: str, source: Path, target: Path) -> None:
    chromium(
        program, f"--window-size={CHART_SIZE}", "--hide-scrollbars", f"--screenshot={target.resolve()}", source=source
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("media", type=Path, help="the folder with the sources")
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the browser, where it is not on the PATH")
    options = parser.parse_args()
    made: list[Path] = []
    for source in sorted(options.media.glob("*.docx.toml")):
        made.append(options.media / source.name.removesuffix(".toml"))
        made[-1].write_bytes(docx(tomllib.loads(source.read_text(encoding="utf-8"))))
    pages = [
        (source, options.media / source.name.replace(ending, suffix), render)
        for ending, suffix, render in ((".sheet.html", ".pdf", print_sheet), (".chart.html", ".png", picture))
        for source in sorted(options.media.glob(f"*{ending}"))
    ]
    if pages and options.chromium is None:
        print("There is no Chromium on the PATH: name one with --chromium.", file=sys.stderr)
        return 1
    for source, target, render in pages:
        render(options.chromium, source, target)
        made.append(target)
    for target in made:
        print(f"{target.name}: {target.stat().st_size / 1000:.1f} kB")
    return int(any(target.stat().st_size > LARGEST[target.suffix] for target in made))


if __name__ == "__main__":
    sys.exit(main())
