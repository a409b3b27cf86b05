"""Pictures that people send in are drawn anew, whatever they hold."""

from io import BytesIO

import pytest
from PIL import Image

from codezest.kit.pictures import MOST_PIXELS, PictureRefused, draw_squares, square_pictures
from services.auth.pictures import PROGRAM, REFUSED, animation, bomb, photograph, picture


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def _is_red(image: Image.Image, point: tuple[int, int]) -> bool:
    red, green, blue = image.convert("RGB").getpixel(point)  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]
    return bool(red > 200 and green < 60 and blue < 60)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_every_format_becomes_squares_of_the_sizes_asked_for(kind: str) -> None:
    large, small = await square_pictures(picture(kind, (500, 300)), (256, 96))
    assert [(_opened(one).format, _opened(one).size) for one in (large, small)] == [
        ("WEBP", (256, 256)),
        ("WEBP", (96, 96)),
    ]
    assert _is_red(_opened(large), (128, 128))


async def test_the_sizes_come_in_the_order_asked_for() -> None:
    small, large = await square_pictures(picture(), (96, 256))
    assert (_opened(small).width, _opened(large).width) == (96, 256)


async def test_a_photograph_stands_upright_and_forgets_where_it_was_taken() -> None:
    (drawn,) = await square_pictures(photograph(), (96,))
    image = _opened(drawn)
    assert _is_red(image, (48, 10))  # top: it was left
    assert not _is_red(image, (48, 85))
    assert not dict(image.getexif())
    assert b"48.85" not in drawn


async def test_the_middle_is_shown() -> None:
    wide = Image.new("RGB", (300, 100), "blue")
    wide.paste("red", (100, 0, 200, 100))
    written = BytesIO()
    wide.save(written, "PNG")
    (drawn,) = await square_pictures(written.getvalue(), (96,))
    assert all(_is_red(_opened(drawn), point) for point in [(4, 48), (91, 48), (48, 4)])


async def test_of_an_animation_the_first_frame_is_shown() -> None:
    (drawn,) = await square_pictures(animation(), (96,))
    image = _opened(drawn)
    assert not getattr(image, "is_animated", False)
    assert _is_red(image, (48, 48))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
async def test_nothing_hidden_in_the_file_comes_out(kind: str) -> None:
    (drawn,) = await square_pictures(picture(kind) + PROGRAM, (96,))
    assert b"polyglot" not in drawn


async def test_transparency_is_kept() -> None:
    written = BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(written, "PNG")
    (drawn,) = await square_pictures(written.getvalue(), (96,))
    assert _opened(drawn).convert("RGBA").getpixel((48, 48))[3] == 0  # pyright: ignore[reportIndexIssue, reportOptionalSubscript]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK", "RGBA"])
async def test_every_way_to_store_colours_is_read(mode: str) -> None:
    written = BytesIO()
    Image.new(mode, (30, 30)).save(written, "JPEG" if mode == "CMYK" else "PNG")
    assert len(await square_pictures(written.getvalue(), (96,))) == 1


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_picture_is_refused(name: str) -> None:
    with pytest.raises(PictureRefused):
        await square_pictures(REFUSED[name], (96,))


async def test_each_refusal_says_why() -> None:
    reasons: dict[str, str] = {}
    for name in ("too large", "bomb", "svg", "tiff", "truncated jpeg"):
        with pytest.raises(PictureRefused) as refused:
            await square_pictures(REFUSED[name], (96,))
        reasons[name] = refused.value.reason
    assert reasons == {
        "too large": "too-large",
        "bomb": "too-many-pixels",
        "svg": "unknown-format",
        "tiff": "unknown-format",
        "truncated jpeg": "broken",
    }


def test_pixels_are_counted_before_anything_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(_image: Image.Image) -> None:
        pytest.fail("decoded")

    monkeypatch.setattr(Image.Image, "load", decode)
    with pytest.raises(PictureRefused, match="too-many-pixels"):
        draw_squares(bomb(MOST_PIXELS + 1, 1), (96,))
