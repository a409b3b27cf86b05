"""The API's reference page, rendered from the OpenAPI document by the server: no script, nothing from elsewhere."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from codezest.kit.context import Context

router = APIRouter()

METHODS = ("get", "post", "put", "patch", "delete")


def _operations(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Operations by tag, in the order of the document."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if operation := item.get(method):
                tag = (operation.get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append({"method": method.upper(), "path": path, **operation})
    return groups


def _type_of(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if reference := schema.get("$ref"):
        return str(reference).rsplit("/", 1)[-1]
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(_type_of(part) for part in alternatives)
    if schema.get("type") == "array":
        return f"{_type_of(schema.get('items', {}))}[]"
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    return str(schema.get("format") or schema.get("type") or "any")


@router.get("/api/v1/docs")
async def api_docs(request: Request, context: Context) -> HTMLResponse:
    """Every operation with its parameters, body and answers."""
    document = request.app.openapi()
    return context.page(
        "api_docs.html",
        groups=_operations(document),
        schemas=document.get("components", {}).get("schemas", {}),
        type_of=_type_of,
        document=document,
    )
