"""Films and pictures of the courses: whole, in ranges, and nothing beside them."""

from pathlib import Path

import pytest

from codezest.kit.settings import Settings
from codezest.services.learning.pages.media.handler import media_file

from .browser import Browser

FILM = b"0123456789" * 1000


@pytest.fixture(scope="module")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose content folder holds a film, its captions, a source, and files that nobody may read."""
    content = tmp_path_factory.mktemp("content")
    media = content / "python" / "media"
    (media / "inner").mkdir(parents=True)
    (media / "film.webm").write_bytes(FILM)
    (media / "film.vtt").write_text("WEBVTT\n")
    (media / "film.film.toml").write_text("CLASSIFIED = true")
    (media / "inner" / "deep.webm").write_bytes(b"deep")
    (media / "folder.webm").mkdir()
    (content / "python" / "solution.webp").write_bytes(b"CLASSIFIED")
    (content / "secret.webm").write_bytes(b"CLASSIFIED")
    (media / "link.webm").symlink_to(content / "secret.webm")
    return Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        content_dir=content,
        database_url=database_url,
        secret_key="test-key-of-no-worth-" + "x" * 20,
        requests_per_minute=100_000,
    )


async def test_a_film_comes_whole(nobody: Browser) -> None:
    answer = await nobody.open("/media/python/film.webm")
    assert (answer.status_code, answer.content) == (200, FILM)
    assert answer.headers["content-type"] == "video/webm"
    assert answer.headers["accept-ranges"] == "bytes"
    assert "max-age=604800" in answer.headers["cache-control"]
    head = await nobody.client.head("/media/python/film.webm")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(FILM)))
    captions = await nobody.open("/media/python/film.vtt")
    assert captions.headers["content-type"] == "text/vtt; charset=utf-8"


@pytest.mark.parametrize(
    ("asked", "expected", "content_range"),
    [
        ("bytes=0-9", b"0123456789", "bytes 0-9/10000"),
        ("bytes=9995-", b"56789", "bytes 9995-9999/10000"),
        ("bytes=-3", b"789", "bytes 9997-9999/10000"),
    ],
)
async def test_a_player_gets_the_range_it_asks_for(
    asked: str, expected: bytes, content_range: str, nobody: Browser
) -> None:
    answer = await nobody.open("/media/python/film.webm", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, expected)
    assert answer.headers["content-range"] == content_range


async def test_a_range_past_the_end_is_refused(nobody: Browser) -> None:
    answer = await nobody.open("/media/python/film.webm", headers={"Range": "bytes=20000-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */10000"
    assert (await nobody.open("/media/python/film.webm", headers={"Range": "nonsense"})).status_code < 500


async def test_what_a_browser_has_is_not_sent_again(nobody: Browser) -> None:
    etag = (await nobody.open("/media/python/film.webm")).headers["etag"]
    answer = await nobody.open("/media/python/film.webm", headers={"If-None-Match": f'"other", {etag}'})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert (await nobody.open("/media/python/film.webm", headers={"If-None-Match": '"other"'})).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/media/python/film.film.toml",
        "/media/python/absent.webm",
        "/media/python/folder.webm",
        "/media/python/link.webm",
        "/media/python/..%2fsolution.webp",
        "/media/python/%2e%2e%2fsolution.webp",
        "/media/python/..%5csolution.webp",
        "/media/python/inner/deep.webm",
        "/media/python/inner%2fdeep.webm",
        "/media/..%2fpython/film.webm",
        "/media/../secret.webm",
        "/media/python%2f..%2f../secret.webm",
        "/media//film.webm",
        "/media/python/",
        "/media/python/.webm",
        "/media/%2fetc/passwd",
    ],
)
async def test_nothing_else_is_served(path: str, nobody: Browser) -> None:
    answer = await nobody.open(path)
    assert answer.status_code == 404
    assert b"CLASSIFIED" not in answer.content


@pytest.mark.parametrize(
    ("language", "name"), [("..", "secret.webm"), (".", "film.webm"), ("python", "../solution.webp")]
)
def test_a_name_never_leaves_its_folder(language: str, name: str, settings: Settings) -> None:
    assert media_file(Path(settings.content_dir), language, name) is None
