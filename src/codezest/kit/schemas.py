"""The base of every API type."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(9000, 1, 1, tzinfo=UTC))]
"""A time that somebody sends. The ends of what Python can count lie outside in some zones, and no database takes them."""


def _holds_nul(value: Any) -> bool:
    """Whether a NUL character stands anywhere in a JSON value, however deeply nested: hence no recursion."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if "\0" in item:
                return True
        elif isinstance(item, dict):
            waiting += item.keys()
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return False


LARGEST_INTEGER = 2**31 - 1
"""Of a column; a request with a larger number is refused before the database sees it."""


class ApiModel(BaseModel):
    """Input of the API: unknown fields are refused, so that a typing error is never silently ignored, and so are NUL
    characters, which PostgreSQL cannot store.
    """

    model_config = ConfigDict(extra="forbid", str_max_length=500_000)

    @model_validator(mode="before")
    @classmethod
    def _no_nul(cls, value: Any) -> Any:
        if _holds_nul(value):
            raise PydanticCustomError("nul_character", "NUL characters are not accepted")
        return value


class ApiResponse(BaseModel):
    """Output of the API, made from attributes or mappings."""

    model_config = ConfigDict(from_attributes=True)
