"""What can be wrong with a file.

ValidationFailed └── UploadRefused     422  upload-refused     reason, errors
Conflict         ├── StorageFull       409  storage-full       limit_mb
                 └── UploadInUse       409  upload-in-use      used_in: [text]
"""

from codezest.kit.errors import Conflict, ValidationFailed
from codezest.kit.i18n import gettext as _


class UploadRefused(ValidationFailed):
    code = "upload-refused"
    title = "This file is not taken"

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message, errors=[{"location": ["body", "file"], "message": message}], reason=reason)


class StorageFull(Conflict):
    code = "storage-full"
    title = "There is no room left"

    def __init__(self, limit_mb: int) -> None:
        super().__init__(
            _("The files of this course may take %(most)s MB together. Delete some that are not used, then try again.")
            % {"most": limit_mb},
            limit_mb=limit_mb,
        )


class UploadInUse(Conflict):
    code = "upload-in-use"
    title = "This file is used"

    def __init__(self, used_in: list[str]) -> None:
        super().__init__(_("Nothing was deleted. Take it out of where it is used first."), used_in=used_in)
