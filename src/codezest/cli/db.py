"""`codezest db`: migrations, the address, the reference."""

import argparse
import sys

from codezest.kit.postgres import database_for
from codezest.kit.settings import Settings
from codezest_db import docs, migrate
from codezest_db.errors import MigrationError
from codezest_db.models import Base


def db(settings: Settings, arguments: argparse.Namespace) -> int:
    """Run one of the database commands; returns its exit status."""
    if arguments.action == "docs":
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(docs.render(Base.metadata))
        print(arguments.output)
        return 0
    with database_for(settings.database_url, settings.data_dir) as url:
        try:
            match arguments.action:
                case "upgrade":
                    migrate.upgrade(url, arguments.revision)
                case "downgrade":
                    migrate.downgrade(url, arguments.revision)
                case "url":
                    print(url)
                    return 0
                case _:
                    pass
        except MigrationError as error:
            print(error, file=sys.stderr)
            return 1
        print(migrate.current(url) or "nothing migrated yet")
    return 0
