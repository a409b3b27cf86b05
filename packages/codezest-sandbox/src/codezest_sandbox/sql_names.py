"""What those who prepare a database for SQL exercises and those who run them agree on."""

DATABASE = "exercise"
ROLE = "learner"
"""Owns the database, and nothing else."""

FAILED, SETUP_FAILED, CHECK_FAILED, NOT_STARTED = 1, 3, 4, 5
"""Exit statuses: the learner's script failed, the test's own set-up, the query that checks, the server itself."""
