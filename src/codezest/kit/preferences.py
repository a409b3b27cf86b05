"""How somebody wants the interface: typed, with a value for everything, whatever the database holds."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Theme = Literal["system", "light", "dark"]
EditorTheme = Literal["auto", "light", "dark", "contrast"]
Keys = Literal["default", "vim", "emacs"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class EditorPreferences(_Part):
    """The code editor."""

    theme: EditorTheme = Field(default="auto", description="`auto` follows the page.")
    size: int = Field(default=14, ge=10, le=32, description="Of the letters, in pixels.")
    tab_width: int = Field(default=4, ge=1, le=8, description="In spaces.")
    keys: Keys = Field(default="default", description="Key bindings.")
    plain: bool = Field(default=False, description="A plain text field in place of the editor.")
    wrap: bool = Field(default=False, description="Long lines go on below.")


class NotificationPreferences(_Part):
    """Which mails somebody wants besides those that the account needs."""

    grades: bool = Field(default=True, description="Work was graded by hand.")
    reminders: bool = Field(default=True, description="Something is due soon.")
    digest: bool = Field(default=False, description="What happened, once a week.")
    news: bool = Field(default=False, description="New courses and features.")


class Preferences(_Part):
    """Everything somebody may choose about the interface."""

    theme: Theme = "system"
    editor: EditorPreferences = EditorPreferences()
    notifications: NotificationPreferences = NotificationPreferences()
    reduced_data: bool = Field(default=False, description="Load no video or large picture before it is asked for.")

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Preferences":
        """What is stored; where that fits no longer, the value of whoever never chose."""
        if not stored:
            return NOTHING_CHOSEN
        try:
            return cls.model_validate(stored)
        except ValidationError:
            return cls(**{name: value for name, value in stored.items() if _fits(name, value)})


NOTHING_CHOSEN = Preferences()


def _fits(name: str, value: object) -> bool:
    try:
        Preferences.model_validate({name: value})
    except ValidationError:
        return False
    return True
