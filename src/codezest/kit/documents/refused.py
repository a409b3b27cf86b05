"""Why a document is not taken."""

from typing import Literal

DocumentRefusal = Literal["unknown-format", "too-complex", "broken", "macros"]


class DocumentRefused(ValueError):
    """The file is no document that is accepted; `reason` says why."""

    def __init__(self, reason: DocumentRefusal) -> None:
        super().__init__(reason)
        self.reason: DocumentRefusal = reason
