"""Bodies that are read as they arrive, and so have to be described by hand."""

from typing import Any


def file_body(**besides: dict[str, Any]) -> dict[str, Any]:
    """What OpenAPI says of a route that takes one file, and these other fields with it, as `multipart/form-data`."""
    fields = {**besides, "file": {"type": "string", "format": "binary"}}
    schema = {"type": "object", "required": list(fields), "properties": fields}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}
