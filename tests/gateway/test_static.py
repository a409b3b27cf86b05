"""Style sheets and scripts: packed for those who take it, kept for good, nothing else to be had."""

import json

import httpx
import pytest

from codezest.kit.templates import STATIC


def _names() -> list[str]:
    return sorted(json.loads((STATIC / "build" / "manifest.json").read_text()).values())


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_an_asset_arrives_whole_and_is_kept(client: httpx.AsyncClient, encoding: str) -> None:
    for name in _names():
        answer = await client.get(f"/static/build/{name}", headers={"Accept-Encoding": encoding})
        assert answer.status_code == 200
        assert answer.content == (STATIC / "build" / name).read_bytes()
        assert "immutable" in answer.headers["cache-control"]
        packed = encoding == "gzip" and not name.endswith(".png")
        assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
        kind = {"css": "css", "js": "javascript", "svg": "svg", "png": "png"}[name.rsplit(".", 1)[1]]
        assert kind in answer.headers["content-type"]
        again = await client.get(
            f"/static/build/{name}", headers={"Accept-Encoding": encoding, "If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["build/../../templates.py", "build/%2e%2e/%2e%2e/app.py", "build/", "", "build/none.css"]
)
async def test_nothing_else_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/static/{path}")).status_code == 404


async def test_the_packed_file_is_no_address(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/static/build/{_names()[0]}.gz")).status_code == 404
