"""What can go wrong while a database is being prepared.

MigrationError
├── MissingPrivilegeError
├── MigrationInProgressError
└── UnsupportedServerError
"""


class MigrationError(Exception):
    """The schema was left as it was before the step that failed; the message says what to do."""


class MissingPrivilegeError(MigrationError):
    """The migrating user may not do something only a more privileged one may."""


class MigrationInProgressError(MigrationError):
    """Another process has been migrating the same database for longer than this one was told to wait."""


class UnsupportedServerError(MigrationError):
    """The server is older than PostgreSQL 18."""
