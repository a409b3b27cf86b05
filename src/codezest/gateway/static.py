"""Static files: content-hashed ones are kept by browsers for good, the others for an hour; packed where that was prepared."""

import mimetypes
from os import PathLike, stat_result

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PACKED = ".gz"


class ImmutableStatic(StaticFiles):
    """Starlette's static files with cache headers by kind, and `name.gz` in place of `name` for browsers that take gzip."""

    def lookup_path(self, path: str) -> tuple[str, stat_result | None]:
        if path.endswith(PACKED):  # a detail of how files are kept, not an address
            return "", None
        return super().lookup_path(path)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            full_path, status = super().lookup_path(path + PACKED)
            if status is not None:
                response = self.file_response(full_path, status, scope)
                response.headers["Content-Type"] = (
                    f"{mimetypes.guess_type(path)[0] or 'application/octet-stream'}; charset=utf-8"
                )
                response.headers["Content-Encoding"] = "gzip"
                response.headers["Vary"] = "Accept-Encoding"
                return response
        return await super().get_response(path, scope)

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        hashed = "/build/" in scope["path"]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "public, max-age=3600"
        return response
