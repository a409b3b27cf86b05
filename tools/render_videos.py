"""Renders the films of a language: ``python tools/render_videos.py content/python/media [name ...]``.

Every ``name.film.toml`` becomes ``name.webm`` (VP9, 1280 by 720, silent), ``name.vtt`` (captions, which are the
narration) and ``name.webp`` (the poster). The program needs Pillow and PyAV (requirements/tools.in), which CodeZest itself does not,
and the DejaVu fonts (Debian: fonts-dejavu-core). The results are committed, so only those who change a script run it.
"""

# PyAV is no dependency of the program, so its types may be absent when this is checked.
# pyright: reportMissingImports=false

import argparse
import sys
from fractions import Fraction
from pathlib import Path

import av

from video.captions import webvtt
from video.picture import HEIGHT, WIDTH, frame
from video.script import Film, ScriptError, read

RATE = 12


def encode(film: Film, target: Path) -> None:
    with av.open(str(target), "w", format="webm") as container:
        stream = container.add_stream("libvpx-vp9", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, RATE)
        stream.options = {"crf": "34", "b": "0", "deadline": "good", "cpu-used": "3", "row-mt": "1", "g": "120"}
        for index in range(round(film.duration * RATE)):
            picture = av.VideoFrame.from_image(frame(film, index / RATE))
            for packet in stream.encode(picture):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def poster_time(film: Film) -> float:
    """A moment that shows what the film is about: the first code, typed and run."""
    scene = next(scene for scene in film.scenes if scene.kind == "code")
    return scene.end - 0.5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("media", type=Path, help="the folder with *.film.toml")
    parser.add_argument("names", nargs="*", help="only these films")
    parser.add_argument("--no-video", action="store_true", help="captions and poster only")
    options = parser.parse_args()
    for script in sorted(options.media.glob("*.film.toml")):
        name = script.name.removesuffix(".film.toml")
        if options.names and name not in options.names:
            continue
        try:
            film = read(script)
        except ScriptError as error:
            print(f"{script}: {error}", file=sys.stderr)
            return 1
        (options.media / f"{name}.vtt").write_text(webvtt(film), encoding="utf-8")
        frame(film, poster_time(film)).save(options.media / f"{name}.webp", quality=82, method=6)
        target = options.media / f"{name}.webm"
        if not options.no_video:
            encode(film, target)
        size = target.stat().st_size / 1000 if target.exists() else 0
        print(f"{name}: {film.duration:.0f} s, {size:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
