"""Run by Alembic through `codezest_db.migrate`, which brings the connection; there is no alembic.ini."""

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    version_table_schema=context.config.attributes["version_schema"],
    # Each step commits, so that one that fails leaves the steps before it done.
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
