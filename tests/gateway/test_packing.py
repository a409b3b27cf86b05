"""Pages are compressed for whoever asks by hand or from a page of ours, and for nobody else."""

import gzip

import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.packing import SMALLEST, packed


@pytest.mark.parametrize(
    ("site", "accepted", "packs"),
    [
        ("same-origin", "gzip, br", True),
        ("none", "gzip", True),
        ("cross-site", "gzip", False),
        ("same-site", "gzip", False),
        (None, "gzip", False),
        ("none", "br", False),
    ],
)
async def test_who_gets_packed_pages(application: Application, site: str | None, accepted: str, *, packs: bool) -> None:
    headers = {"Accept-Encoding": accepted} | ({"Sec-Fetch-Site": site} if site else {})
    transport = httpx.ASGITransport(app=application)  # pyright: ignore[reportArgumentType]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000", headers=headers) as client:
        answer = await client.get("/languages")
    assert answer.status_code == 200
    assert (answer.headers.get("content-encoding") == "gzip") is packs
    assert answer.text.startswith("<!doctype html>")


def test_small_texts_stay_as_they_are() -> None:
    assert packed("é") == ("é".encode(), {})
    content, headers = packed("é" * SMALLEST)
    assert gzip.decompress(content).decode() == "é" * SMALLEST
    assert headers["Content-Encoding"] == "gzip"
